//! `GET /i/{installation}/admin`: the document. It holds no data: who looks at it is not known yet.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use maud::{DOCTYPE, html};
use pod_view::text;

use super::super::{
    State,
    document::head,
    error::{self, ApiError},
    pod,
};
use crate::{assets, security::rights::Administrators};

pub(super) async fn page(
    request: HttpRequest,
    state: Data<State>,
    installation: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let Some(installation) = state.service.installation(&installation).await? else {
        return Ok(error::not_found(request).await);
    };
    let origin = installation.psa.site().origin();
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            (head(text::PRODUCT, assets::boot_js()))
            body
                data-installation=(installation.id)
                data-origins=(origin)
                data-pod-js=(assets::admin_js().address())
            {
                header.bar { strong { (text::PRODUCT) } span { "Administration" } }
                main #pod data-state="connecting" {
                    p data-boot="connecting" { (text::CONNECTING) }
                    p data-boot="outside" role="alert" {
                        strong { (text::OUTSIDE) } " Open it from the menu in ConnectWise PSA."
                    }
                    p data-boot="broken" role="alert" { strong { (text::BROKEN) } }
                    section #refused data-boot="refused" role="alert" {}
                    div data-boot="ready" {
                        section.card {
                            h1 #psa {}
                            p.lead #who {}
                        }
                        section.card {
                            h2 { "The API member's security role" }
                            ul #needs .list {}
                        }
                        section.card {
                            h2 { "In ConnectWise PSA" }
                            ul #pieces .list {}
                            button #register type="button" { "Put in order" }
                            p #busy role="status" {}
                            p.hint { "To enter new keys or to leave, ask the operator of the service for a link (connectactive invite --for)." }
                        }
                        section.card {
                            h2 { "Rules for all companies" }
                            label for="rules" {
                                "One a line, behind those of a company itself: leave out logon kiosk*; keep title; create departments"
                            }
                            textarea #rules rows="8" spellcheck="false" aria-describedby="rules-said" {}
                            button #save-rules type="button" { "Save" }
                            p #rules-said role="status" {}
                        }
                        section.card {
                            h2 { "Tickets" }
                            label for="board" { "When a company needs a person, open one ticket on" }
                            select #board aria-describedby="board-said" {}
                            p.hint { "It names no contact, so nobody outside is mailed. It is kept up to date and closed by itself." }
                            p #board-said role="status" {}
                        }
                        section.card {
                            h2 { "Who may open this page" }
                            label for="administrators" { "Whose security role has" }
                            select #administrators aria-describedby="administrators-said" {
                                @for one in Administrators::ALL {
                                    option value=(one.code()) { (one.words()) }
                                }
                            }
                            p #administrators-said role="status" {}
                        }
                    }
                }
            }
        }
    };
    Ok(pod::framed(&origin, document))
}
