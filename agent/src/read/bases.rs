//! Which bases a server has, for a person whose own is not among them.

use std::time::Duration;

use ldap3::Scope;

use super::connect::Connection;
use crate::entry;

/// How long the answer may take: the read has failed already.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bases that are told.
const MOST: usize = 20;

/// The bases of the server's domains by its root entry (MS-ADTS 3.1.1.3.2), the domain's own first; nothing
/// when it does not tell. Those of the forest's own machinery hold nobody and are left out.
pub(super) async fn of_server(connection: &mut Connection) -> Vec<String> {
    let attributes = ["defaultNamingContext", "namingContexts"];
    let search =
        connection.ldap.with_timeout(PATIENCE).search("", Scope::Base, "(objectClass=*)", attributes);
    let Ok(found) = search.await else { return Vec::new() };
    let root = found.0.into_iter().next().and_then(|root| entry::texts(root.0));
    let mut root = root.map(|(_, attributes)| attributes).unwrap_or_default();
    root.sort_by_key(|(name, _)| !name.eq_ignore_ascii_case(attributes[0]));
    let mut bases: Vec<String> = Vec::new();
    for (_, values) in root {
        for base in values {
            let known = bases.iter().any(|known| known.eq_ignore_ascii_case(&base));
            if !known && is_domain(&base) && bases.len() < MOST {
                bases.push(base);
            }
        }
    }
    bases
}

fn is_domain(base: &str) -> bool {
    let base = base.to_lowercase();
    base.starts_with("dc=")
        && !base.starts_with("dc=domaindnszones,")
        && !base.starts_with("dc=forestdnszones,")
}
