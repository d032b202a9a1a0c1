//! What the server can be told to do wrong.

/// One misbehaviour. Pages are counted from 1 for each search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Closes the connection in this page, after so many of its entries.
    Cut {
        /// The page.
        page: u32,
        /// Entries sent before.
        after: usize,
    },
    /// Ends this page with an error, after its entries.
    Answer {
        /// The page.
        page: u32,
        /// The LDAP result code (RFC 4511 A.1).
        rc: i64,
    },
    /// Says nothing more once this page is asked for.
    Stall {
        /// The page.
        page: u32,
    },
    /// Answers everything at once without a paging control, as if the control were unknown to it.
    IgnorePaging,
    /// Sends the first page again and again.
    RepeatPage,
    /// Sends pages without entries for ever, under one cookie.
    EmptyPages,
    /// Answers the first request with so many BER sequences one within another.
    NestedBer {
        /// How many.
        depth: usize,
    },
    /// The first entry of this page has a distinguished name that is not UTF-8.
    InvalidDn {
        /// The page.
        page: u32,
    },
    /// Answers the first request with one value that does not end, as fast as it is taken.
    Endless,
    /// Answers the first request with BER that is not LDAP.
    NotLdap,
    /// Lets nobody in, for this reason: what Windows writes behind `data` (MS-ERREF 2.2), such as `775`.
    Refuse(&'static str),
}
