//! Places that somebody looks for by name.

use super::bases;
use super::connect::Connection;
use super::paging::{self, Next};
use super::position::Position;
use super::search::{Ask, check, page};
use crate::error::{Limit, Step};
use crate::places::{FoundPlaces, MOST_SEEN, Places};
use crate::{ReadError, Source, entry};

/// Pages that are asked for: a server may send fewer entries in one than it could.
const MOST_PAGES: u32 = 8;

/// Looks in the server's own domain, and tells the best of what it sends. It may have others: nobody takes
/// these for all there are.
pub(super) async fn found(
    connection: &mut Connection,
    source: &Source,
    wanted: &Places,
    position: &Position,
) -> Result<FoundPlaces, ReadError> {
    position.step(Step::Search);
    let base = bases::of_server(connection).await.into_iter().next().ok_or(ReadError::BaseNotFound)?;
    let size = i32::try_from(MOST_SEEN).unwrap_or(i32::MAX);
    let ask = Ask { base: &base, filter: wanted.filter(), attributes: wanted.attributes(), size };
    let (mut seen, mut bytes, mut cookie) = (Vec::new(), 0_u64, Vec::new());
    let more = loop {
        position.next_page();
        let result = page(connection, &ask, &cookie, position, |item| {
            bytes = bytes.saturating_add(entry::size(&item) as u64);
            if bytes > source.limits.bytes {
                return Err(position.limit(Limit::Bytes));
            }
            if seen.len() < MOST_SEEN {
                seen.extend(entry::texts(item).and_then(|(dn, attributes)| wanted.place(dn, attributes)));
            }
            Ok(())
        })
        .await?;
        check(&result, source, position)?;
        match paging::next(&result.ctrls) {
            Next::Cookie(_) if seen.len() >= MOST_SEEN || position.page() >= MOST_PAGES => break true,
            Next::Cookie(next) => cookie = next,
            Next::Unreadable => return Err(position.garbled()),
            Next::Last | Next::Absent => break false,
        }
    };
    Ok(wanted.best(base.clone(), seen, more))
}
