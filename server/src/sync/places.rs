//! Looks for groups and units by their names, with the login of settings that nobody has saved.

use agent::places::{self, Kind};
use pod_view::wire::{Place, PlaceKind, Places, PlacesRequest};
use reconcile::Wants;

use super::{Company, Service, SidesError, settings, sides};

/// What the directory has by the name that somebody typed. Nothing is stored; a stored password goes only where
/// it was entered for.
pub async fn find_places(
    service: &Service,
    company: &Company,
    request: PlacesRequest,
) -> Result<Places, SidesError> {
    let PlacesRequest { mut settings, what, text } = request;
    let kind = match what {
        PlaceKind::Group => Kind::Group,
        PlaceKind::Unit => Kind::Unit,
    };
    let Some(wanted) = places::Places::named(kind, &text) else { return Ok(Places::default()) };
    let present = settings::in_force(service, company).await?;
    let password = settings::password_for(&mut settings, present.as_ref())?;
    let mut source = sides::described(&settings, &password, Wants::default()).map_err(sides::wrong)?;
    source.filter = None;
    source.places = Some(wanted);
    source.validate().map_err(sides::wrong)?;
    let _turn = sides::turn(service, company).await?;
    let found = service.reader.places(source).await.map_err(|failure| {
        tracing::warn!(company = company.key.company, error = %failure, "no places could be looked for");
        failure.cause()
    })?;
    let shown = |place: places::Place| {
        let places::Place { dn, name, description } = place;
        Place { dn, name, description }
    };
    Ok(Places {
        places: found.places.into_iter().map(shown).collect(),
        more: found.more,
        whole: (kind == Kind::Unit).then_some(found.base),
    })
}
