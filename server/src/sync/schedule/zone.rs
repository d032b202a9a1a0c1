//! Time zones by their names.

use jiff::tz::{self, TimeZone};
use pod_view::wire::{Code, Problem};
use reconcile::normal;

/// How many letters may be wrong in a name that is still taken for a known one.
const WRONG_LETTERS: usize = 2;

/// The time zone of that name; UTC where none was chosen.
pub(super) fn named(name: &str) -> Result<TimeZone, Problem> {
    let name = name.trim();
    if name.is_empty() {
        return Ok(TimeZone::UTC);
    }
    // The tz database's own "unknown" would silently be UTC.
    tz::db().get(name).ok().filter(|zone| !zone.is_unknown()).ok_or_else(|| {
        Problem::new(
            Code::TimeZoneUnknown,
            format!("The time zone \"{name}\" is not known."),
            match near(name) {
                Some(near) => format!("Did you mean {near}?"),
                None => "Give its name in the tz database, such as Europe/Brussels.".into(),
            },
        )
    })
}

/// The known name that is most like `name`, as a whole or by its place alone.
fn near(name: &str) -> Option<String> {
    let wanted = normal::fold(name);
    tz::db()
        .available()
        .filter_map(|known| {
            let known = known.as_str();
            let place = known.rsplit('/').next().unwrap_or(known);
            let far = [known, place]
                .into_iter()
                .filter_map(|known| normal::distance(&normal::fold(known), &wanted, WRONG_LETTERS))
                .min()?;
            Some((far, known.to_owned()))
        })
        .min()
        .map(|(_, name)| name)
}
