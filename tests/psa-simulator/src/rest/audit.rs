//! `/system/audittrail`: the changes of one record.

use super::call::Call;
use super::collection::{count_of, list_of};
use super::reply::{Answer, Refusal};
use super::rights::{AGREEMENTS, CONTACTS, Need};
use crate::schema::{AUDIT, Kind, Record};
use crate::world::{World, audited};

/// Whoever may look at a record may look at its trail. That the type and the id have to be named
/// is a guess; nothing public shows an answer without them.
fn entries(world: &World, call: &Call) -> Result<Vec<Record>, Refusal> {
    let given = |name: &str| {
        call.query.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    };
    let kind = given("type").and_then(audited);
    let id = given("id").and_then(|id| id.parse::<i64>().ok());
    let (Some(kind), Some(id)) = (kind, id) else {
        return Err(Refusal::query("type and id must name a record whose changes are kept"));
    };
    let function = if kind == Kind::Contact { CONTACTS } else { AGREEMENTS };
    let reach = Need::Inquire(function).reach(&call.member)?;
    let lines = world.trail(kind, id).filter(|line| call.reaches_at(reach, line.company()));
    Ok(lines.map(crate::world::AuditEntry::record).collect())
}

pub(super) fn list(world: &World, call: &Call) -> Answer {
    list_of(world, call, &AUDIT, entries(world, call)?.iter())
}

pub(super) fn count(world: &World, call: &Call) -> Answer {
    count_of(world, call, &AUDIT, entries(world, call)?.iter())
}
