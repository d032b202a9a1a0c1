//! The pages of a read.

use std::collections::BTreeSet;

use ldap3::asn1::StructureTag;
use ldap3::controls::{MakeCritical, PagedResults};
use ldap3::{LdapResult, Scope, SearchStream};
use reconcile::AccountId;

use super::connect::{Connection, words};
use super::paging::{self, Next};
use super::position::Position;
use super::{Milestone, OPERATION, Sink, Summary, tell};
use crate::entry::{self, Malformed};
use crate::error::{Limit, Step};
use crate::find::MOST_FOUND;
use crate::{ReadError, Source};

/// Pages without an account that a whole read may have. A server may send some (RFC 2696
/// section 3 lets it choose the size of each page), but not for ever.
const EMPTY_PAGES: u32 = 64;

// The protocol operations of an answer to a search (RFC 4511 4.2 and 4.5.2).
const ENTRY: u64 = 4;
const REFERENCE: u64 = 19;

type Page<'a> = SearchStream<'a, &'static str, Vec<&'static str>>;

/// Reads page after page until the server says that there are no more.
pub(super) async fn all_pages(
    connection: &mut Connection,
    source: &Source,
    sink: &mut impl Sink,
    position: &Position,
) -> Result<Summary, ReadError> {
    position.step(Step::Search);
    let mut found = Found::default();
    let mut cookie = Vec::new();
    let mut empty_pages = 0;
    let most = if source.find.is_some() { MOST_FOUND } else { u64::MAX };
    let size = i32::try_from(most.min(source.page_size.into())).unwrap_or(i32::MAX);
    let ask = Ask { base: &source.base, filter: source.search(), attributes: source.attributes(), size };
    loop {
        position.next_page();
        let before = position.accounts();
        let result =
            page(connection, &ask, &cookie, position, |entry| found.take(entry, source, sink, position))
                .await?;
        check(&result, source, position)?;
        tell(sink, &Milestone::Page { accounts: position.accounts() })?;
        if is_enough(source, position) {
            break;
        }
        let next = match paging::next(&result.ctrls) {
            Next::Absent => return Err(ReadError::NoPaging),
            Next::Unreadable => return Err(position.garbled()),
            Next::Last => break,
            Next::Cookie(next) => next,
        };
        if position.accounts() == before {
            empty_pages += 1;
            // A cookie may stay the same while pages come (some servers number the search with it),
            // but an empty page under the same cookie leads nowhere.
            if next == cookie || empty_pages > EMPTY_PAGES {
                return Err(position.stuck());
            }
        }
        cookie = next;
    }
    found.outcome(source, position)
}

/// What each page of a search is asked for.
pub(super) struct Ask<'a> {
    /// Where.
    pub(super) base: &'a str,
    /// What fits.
    pub(super) filter: String,
    /// What is wanted of it.
    pub(super) attributes: Vec<&'static str>,
    /// Entries in one page.
    pub(super) size: i32,
}

/// One page: asks, takes its entries, and returns the server's result for it.
pub(super) async fn page(
    connection: &mut Connection,
    ask: &Ask<'_>,
    cookie: &[u8],
    position: &Position,
    mut take: impl FnMut(StructureTag) -> Result<(), ReadError>,
) -> Result<LdapResult, ReadError> {
    // Critical: a server that does not know the control has to say so instead of passing it over.
    let control = PagedResults { size: ask.size, cookie: cookie.to_vec() }.critical();
    let asked = connection
        .ldap
        .with_timeout(OPERATION)
        .with_controls(control)
        .streaming_search(ask.base, Scope::Subtree, &ask.filter, ask.attributes.clone())
        .await;
    let mut page: Page<'_> = match asked {
        Ok(page) => page,
        Err(error) => return Err(connection.failure(&error, position).await),
    };
    loop {
        match page.next().await {
            Ok(Some(item)) => match item.0.id {
                ENTRY => take(item.0)?,
                REFERENCE => {}
                _ => return Err(position.garbled()),
            },
            Ok(None) => return Ok(page.finish().await),
            // For good: after an error `finish()` would report the result of an earlier page.
            Err(error) => return Err(connection.failure(&error, position).await),
        }
    }
}

/// Whether a search for somebody has found as many as it may.
fn is_enough(source: &Source, position: &Position) -> bool {
    source.find.is_some() && position.accounts() >= MOST_FOUND
}

pub(super) fn check(result: &LdapResult, source: &Source, position: &Position) -> Result<(), ReadError> {
    match result.rc {
        0 => Ok(()),
        4 => Err(ReadError::SizeLimit { accounts: position.accounts() }),
        10 => Err(ReadError::BaseElsewhere),
        12 => Err(ReadError::NoPaging),
        32 => Err(ReadError::BaseNotFound),
        rc => Err(position.server_error(rc, words(result, &source.password))),
    }
}

/// What has come so far.
#[derive(Default)]
struct Found {
    bytes: u64,
    seen: BTreeSet<AccountId>,
    malformed: Option<Malformed>,
    more_malformed: u64,
}

impl Found {
    fn take(
        &mut self,
        item: StructureTag,
        source: &Source,
        sink: &mut impl Sink,
        position: &Position,
    ) -> Result<(), ReadError> {
        self.bytes = self.bytes.saturating_add(entry::size(&item) as u64);
        if self.bytes > source.limits.bytes {
            return Err(position.limit(Limit::Bytes));
        }
        if is_enough(source, position) {
            return Ok(());
        }
        let account = match entry::parse(item) {
            Ok(account) => account,
            Err(malformed) => {
                // The read has failed, but it goes on so that all such entries can be counted.
                self.more_malformed += u64::from(self.malformed.is_some());
                self.malformed.get_or_insert(malformed);
                return Ok(());
            }
        };
        if position.accounts() == source.limits.accounts {
            return Err(position.limit(Limit::Accounts));
        }
        if !self.seen.insert(account.id) {
            return Err(ReadError::DuplicateAccount { id: account.id, page: position.page() });
        }
        position.one_more_account();
        sink.account(account).map_err(|super::ReceiverGone| ReadError::ReceiverGone)
    }

    fn outcome(self, source: &Source, position: &Position) -> Result<Summary, ReadError> {
        if let Some(Malformed { dn, attribute, problem }) = self.malformed {
            let attribute = attribute.map(str::to_owned);
            return Err(ReadError::MalformedEntry { dn, attribute, problem, others: self.more_malformed });
        }
        match position.accounts() {
            0 if source.find.is_none() => Err(ReadError::NothingFound),
            accounts => Ok(Summary { accounts, pages: position.page() }),
        }
    }
}
