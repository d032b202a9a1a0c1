//! One connection: who it is, and the pages of its searches.

use std::io;

use bytes::{BufMut, BytesMut};
use futures_util::{SinkExt, StreamExt};
use ldap3_proto::LdapCodec;
use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::{
    LdapBindCred, LdapBindRequest, LdapMsg, LdapOp, LdapResultCode, LdapSearchRequest, LdapSearchScope,
};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_util::codec::{Encoder, Framed};

use super::tree::{self, Entry};
use super::{PASSWORD, READER, Shared, answer, filter};
use crate::Fault;
use crate::people::{BASE, DOMAIN};

/// Entries of a page, and of a search that is not paged: Active Directory's `MaxPageSize`.
const PAGE: usize = 1000;
/// Bytes of a request.
const REQUEST: usize = 64 << 10;
/// A distinguished name whose last byte is replaced by one that UTF-8 does not have.
const SPOILT: &str = "CN=Spoilt~";

type Stream = Framed<TlsStream<TcpStream>, LdapCodec>;

struct Connection<'a> {
    stream: Stream,
    shared: &'a Shared,
    logged_on: bool,
    page: u32,
}

pub(super) async fn serve(stream: TlsStream<TcpStream>, shared: &Shared) -> io::Result<()> {
    let stream = Framed::new(stream, LdapCodec::new(Some(REQUEST), None));
    let mut connection = Connection { stream, shared, logged_on: false, page: 0 };
    while let Some(request) = connection.stream.next().await {
        if !connection.answer(request?).await? {
            break;
        }
    }
    connection.stream.get_mut().shutdown().await
}

impl Connection<'_> {
    /// Whether the connection goes on.
    async fn answer(&mut self, request: LdapMsg) -> io::Result<bool> {
        match self.shared.fault() {
            Some(Fault::NestedBer { depth }) => return self.raw(&nested(depth)).await.map(|()| false),
            Some(Fault::Endless) => return self.endless().await,
            Some(Fault::NotLdap) => return self.raw(&[0x30, 0x00]).await.map(|()| false),
            _ => {}
        }
        let id = request.msgid;
        match request.op {
            LdapOp::BindRequest(bind) => {
                self.shared.heard_bind();
                let refused = match self.shared.fault() {
                    Some(Fault::Refuse(data)) => Some(data),
                    _ => refusal(&bind),
                };
                self.logged_on = refused.is_none();
                self.stream.send(answer::bind(id, refused)).await?;
                Ok(true)
            }
            LdapOp::SearchRequest(search) => self.search(id, &search, &request.ctrl).await,
            LdapOp::AbandonRequest(_) => Ok(true),
            _ => Ok(false),
        }
    }

    async fn search(
        &mut self,
        id: i32,
        search: &LdapSearchRequest,
        controls: &[LdapControl],
    ) -> io::Result<bool> {
        if search.base.is_empty() && search.scope == LdapSearchScope::Base {
            self.stream.feed(answer::entry(id, &tree::root_dse(), &search.attrs)).await?;
            self.stream.send(answer::done(id, None)).await?;
            return Ok(true);
        }
        if !self.logged_on {
            self.stream.send(answer::not_logged_on(id)).await?;
            return Ok(true);
        }
        let (base, people) = self.shared.at(&search.base);
        let entries = tree::entries(base, &people.all());
        let Some(mut found) = tree::scope(entries, &search.base, &search.scope) else {
            self.stream.send(answer::no_such_base(id, &search.base)).await?;
            return Ok(true);
        };
        found.retain(|entry| filter::fits(&search.filter, entry));
        let paging = controls.iter().find_map(|control| match control {
            LdapControl::SimplePagedResults { size, cookie } => Some((*size, cookie.as_slice())),
            _ => None,
        });
        let fault = self.shared.fault();
        let ignored = fault == Some(Fault::IgnorePaging);
        let Some((size, cookie)) = paging.filter(|_| !ignored) else {
            return self.unpaged(id, search, &found).await;
        };
        self.page = if cookie.is_empty() { 1 } else { self.page + 1 };
        let start = if fault == Some(Fault::RepeatPage) { 0 } else { position(cookie).min(found.len()) };
        let size = usize::try_from(size).unwrap_or(0).clamp(1, PAGE);
        let end = (start + size).min(found.len());
        let next = match fault {
            Some(Fault::RepeatPage | Fault::EmptyPages) => b"again".to_vec(),
            _ if end < found.len() => end.to_string().into_bytes(),
            _ => Vec::new(),
        };
        let page = if fault == Some(Fault::EmptyPages) { &[] } else { &found[start..end] };
        self.page(id, search, page, next, fault).await
    }

    async fn unpaged(&mut self, id: i32, search: &LdapSearchRequest, found: &[Entry]) -> io::Result<bool> {
        for entry in found.iter().take(PAGE) {
            self.stream.feed(answer::entry(id, entry, &search.attrs)).await?;
        }
        let end = if found.len() > PAGE { answer::size_limit(id) } else { answer::done(id, None) };
        self.stream.send(end).await?;
        Ok(true)
    }

    async fn page(
        &mut self,
        id: i32,
        search: &LdapSearchRequest,
        entries: &[Entry],
        next: Vec<u8>,
        fault: Option<Fault>,
    ) -> io::Result<bool> {
        // Only a fault of this very page counts.
        let fault = fault.filter(|fault| match fault {
            Fault::Cut { page, .. }
            | Fault::Answer { page, .. }
            | Fault::Stall { page }
            | Fault::InvalidDn { page } => *page == self.page,
            _ => false,
        });
        if matches!(fault, Some(Fault::Stall { .. })) {
            std::future::pending::<()>().await;
        }
        if search.scope == LdapSearchScope::Subtree && search.base.eq_ignore_ascii_case(BASE) {
            self.stream.feed(answer::reference(id)).await?;
        }
        if matches!(fault, Some(Fault::InvalidDn { .. })) {
            self.spoilt(id).await?;
        }
        for (number, entry) in entries.iter().enumerate() {
            if matches!(fault, Some(Fault::Cut { after, .. }) if after == number) {
                self.stream.flush().await?;
                return Ok(false);
            }
            self.stream.feed(answer::entry(id, entry, &search.attrs)).await?;
        }
        let end = match fault {
            Some(Fault::Cut { .. }) => {
                self.stream.flush().await?;
                return Ok(false);
            }
            Some(Fault::Answer { rc, .. }) => {
                answer::failed(id, LdapResultCode::try_from(rc).unwrap_or(LdapResultCode::Other), "")
            }
            _ => answer::done(id, Some(next)),
        };
        self.stream.send(end).await?;
        Ok(true)
    }

    /// An entry whose distinguished name is not text.
    async fn spoilt(&mut self, id: i32) -> io::Result<()> {
        let mut entry = tree::root_dse();
        SPOILT.clone_into(&mut entry.dn);
        let entry = answer::entry(id, &entry, &["none".to_owned()]);
        let mut bytes = BytesMut::new();
        LdapCodec::default().encode(entry, &mut bytes)?;
        for byte in bytes.iter_mut() {
            if *byte == b'~' {
                *byte = 0xff;
            }
        }
        self.raw(&bytes).await
    }

    /// A sequence that says it has 4 GiB, for as long as anybody takes it.
    async fn endless(&mut self) -> io::Result<bool> {
        self.raw(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).await?;
        let zeros = vec![0; 64 << 10];
        loop {
            self.raw(&zeros).await?;
        }
    }

    async fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.flush().await?;
        self.stream.get_mut().write_all(bytes).await?;
        self.stream.get_mut().flush().await
    }
}

/// Why a bind is refused, in Windows's codes.
fn refusal(bind: &LdapBindRequest) -> Option<&'static str> {
    let names = [
        format!("{READER}@{DOMAIN}"),
        format!("CORP\\{READER}"),
        format!("CN={READER},OU=Service Accounts,{BASE}"),
    ];
    if !names.iter().any(|name| name.eq_ignore_ascii_case(&bind.dn)) {
        return Some("525");
    }
    match &bind.cred {
        LdapBindCred::Simple(password) if password == PASSWORD => None,
        _ => Some("52e"),
    }
}

/// A cookie is the number of the page's first entry.
fn position(cookie: &[u8]) -> usize {
    std::str::from_utf8(cookie).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// So many sequences, each the only content of the one around it. Made from the inside out, hence
/// backwards.
fn nested(depth: usize) -> Vec<u8> {
    let mut backwards: Vec<u8> = Vec::new();
    for _ in 0..depth {
        let [_, _, _, _, length @ ..] = (backwards.len() as u64).to_be_bytes();
        backwards.extend(length.iter().rev());
        backwards.put_u8(0x84);
        backwards.put_u8(0x30);
    }
    backwards.reverse();
    backwards
}
