//! The LDAP messages that the server sends.

use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::{
    LdapBindResponse, LdapMsg, LdapOp, LdapPartialAttribute, LdapResult, LdapResultCode,
    LdapSearchResultEntry, LdapSearchResultReference,
};

use super::tree::Entry;
use crate::people::{BASE, DOMAIN};

fn result(code: LdapResultCode, message: &str) -> LdapResult {
    LdapResult { code, matcheddn: String::new(), message: message.to_owned(), referral: Vec::new() }
}

fn message(msgid: i32, op: LdapOp) -> LdapMsg {
    LdapMsg { msgid, op, ctrl: Vec::new() }
}

/// A bind's outcome; without a refusal it succeeded. The text is Windows's, `data` tells why.
pub(super) fn bind(msgid: i32, refused: Option<&str>) -> LdapMsg {
    let res = match refused {
        None => result(LdapResultCode::Success, ""),
        Some(data) => result(
            LdapResultCode::InvalidCredentials,
            &format!(
                "80090308: LdapErr: DSID-0C090449, comment: AcceptSecurityContext error, data {data}, v4563"
            ),
        ),
    };
    message(msgid, LdapOp::BindResponse(LdapBindResponse { res, saslcreds: None }))
}

pub(super) fn entry(msgid: i32, entry: &Entry, wanted: &[String]) -> LdapMsg {
    let attributes = entry.selected(wanted).into_iter();
    let attributes =
        attributes.map(|(name, vals)| LdapPartialAttribute { atype: name.to_owned(), vals }).collect();
    message(msgid, LdapOp::SearchResultEntry(LdapSearchResultEntry { dn: entry.dn.clone(), attributes }))
}

/// What a domain's root answers with besides its entries.
pub(super) fn reference(msgid: i32) -> LdapMsg {
    let uris = vec![format!("ldap://{DOMAIN}/CN=Configuration,{BASE}")];
    message(msgid, LdapOp::SearchResultReference(LdapSearchResultReference { uris }))
}

/// The end of a page; with a cookie it was a page.
pub(super) fn done(msgid: i32, cookie: Option<Vec<u8>>) -> LdapMsg {
    let ctrl = cookie.into_iter().map(|cookie| LdapControl::SimplePagedResults { size: 0, cookie });
    LdapMsg { ctrl: ctrl.collect(), ..failed(msgid, LdapResultCode::Success, "") }
}

pub(super) fn failed(msgid: i32, code: LdapResultCode, text: &str) -> LdapMsg {
    message(msgid, LdapOp::SearchResultDone(result(code, text)))
}

pub(super) fn size_limit(msgid: i32) -> LdapMsg {
    failed(msgid, LdapResultCode::SizeLimitExceeded, "")
}

pub(super) fn not_logged_on(msgid: i32) -> LdapMsg {
    let text = "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful \
                bind must be completed on the connection., data 0, v4563";
    failed(msgid, LdapResultCode::OperationsError, text)
}

/// A base that is not here: elsewhere when it is of another domain.
pub(super) fn no_such_base(msgid: i32, base: &str) -> LdapMsg {
    if base.to_lowercase().ends_with(&BASE.to_lowercase()) {
        let text = format!(
            "0000208D: NameErr: DSID-0310028B, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'{BASE}'\n"
        );
        return failed(msgid, LdapResultCode::NoSuchObject, &text);
    }
    let mut res =
        result(LdapResultCode::Referral, "0000202B: RefErr: DSID-0310082F, data 0, 1 access points");
    res.referral = vec![format!("ldap://elsewhere.example/{base}")];
    message(msgid, LdapOp::SearchResultDone(res))
}
