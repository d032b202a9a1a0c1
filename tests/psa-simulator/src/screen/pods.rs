//! Which pods a member has on a screen: the dialog behind the plus sign, with the lists "Not
//! Displayed" and "Displayed", as MSPs describe it in the instructions of their own pods.

use actix_web::web::{Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::frames::setups;
use super::kind::Screen;
use super::search::text;
use super::visitor::{Choices, visitor};
use crate::world::{Member, SharedWorld, World};

/// The dialog, closed.
pub(super) fn dialog(world: &World, member: &Member, screen: Screen) -> Markup {
    let (shown, hidden): (Vec<_>, Vec<_>) =
        setups(world, screen, "Pod").into_iter().partition(|(id, _)| world.displays(&member.identifier, *id));
    html! {
        dialog.arrange id="arrange-dialog" aria-labelledby="arrange-title" {
            h2 id="arrange-title" { "Pods of this screen" }
            div.lists {
                label { "Not Displayed" select id="not-displayed" size="6" multiple {
                    @for (id, row) in &hidden { option value=(id) { (text(row, "description")) } }
                } }
                div.movers {
                    button id="pod-add" type="button" aria-label="Display" { ">" }
                    button id="pod-remove" type="button" aria-label="Do not display" { "<" }
                }
                label { "Displayed" select id="displayed" size="6" multiple {
                    @for (id, row) in &shown { option value=(id) { (text(row, "description")) } }
                } }
            }
            div.actions {
                button.primary id="arrange-save" type="button" { "Save" }
                button id="arrange-cancel" type="button" { "Cancel" }
            }
        }
    }
}

/// What the dialog says.
#[derive(Deserialize)]
pub(crate) struct Arrangement {
    screen: String,
    /// Ids, with commas between them.
    displayed: String,
}

/// `POST /screen/pods`
pub(crate) async fn arrange(
    request: HttpRequest,
    choices: Query<Choices>,
    form: Form<Arrangement>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    let mut world = world.lock();
    let (Some(member), Some(screen)) = (visitor(&world, &request, &choices), Screen::named(&form.screen))
    else {
        return HttpResponse::BadRequest().finish();
    };
    let wanted: Vec<i64> = form.displayed.split(',').filter_map(|id| id.parse().ok()).collect();
    let rows: Vec<i64> = setups(&world, screen, "Pod").into_iter().map(|(id, _)| id).collect();
    for id in rows {
        world.display(&member.identifier, id, wanted.contains(&id));
    }
    match world.save() {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => HttpResponse::InternalServerError().body(format!("{error:#}")),
    }
}
