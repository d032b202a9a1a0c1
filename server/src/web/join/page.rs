//! `GET /join`: the page. It holds nothing of anybody; its script brings the link's code, which
//! stays in the browser's part of the address, with each request.

use actix_web::{HttpResponse, http::header, web::Data};
use maud::{DOCTYPE, Markup, html};

use super::{super::document::head, State, pictures};
use crate::{assets, joining::Openness};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

pub(super) async fn page(state: Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .body(document(state.joining.openness).into_string())
}

fn document(openness: Openness) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head("Join - ConnectActive", assets::join_js()))
            body {
                header.bar { strong { "ConnectActive" } span { "Set up for ConnectWise PSA" } }
                @if openness == Openness::Closed {
                    main #join data-state="closed" {
                        h1 { "Joining is closed" }
                        p { "The operator of this service does not take new PSAs at present." }
                    }
                } @else {
                    (main_part())
                }
            }
        }
    }
}

fn main_part() -> Markup {
    html! {
        main #join data-state="loading" {
            noscript { p.problem { "This page needs JavaScript." } }
            section #refused role="alert" hidden {}
            div.columns #ask hidden {
                form #form autocomplete="off" novalidate {
                    h1 #title { "Connect your PSA" }
                    p.lead { "Enter four things. Each is checked as you type; nothing is stored until you press the button." }
                    (field("site", "PSA address", "url", "https://na.myconnectwise.net", "As in the browser's address bar while ConnectWise PSA is open."))
                    (field("login_company", "Login company", "text", "", "What technicians enter as Company when they log in."))
                    (field("public_key", "API member: public key", "text", "", "From the API member's API Keys tab."))
                    (field("private_key", "API member: private key", "password", "", "Shown once, when the pair is made. It is stored encrypted."))
                    details {
                        summary { "More" }
                        (field("client_id", "clientId of your own", "password", "", "Only when ConnectWise gave you one for this; else leave it empty."))
                        label.check { input #toolbar_button type="checkbox" checked; span { "Also put a button \u{201c}Sync contacts\u{201d} on the company screen" } }
                    }
                    ol #steps aria-live="polite" {}
                    button #go type="submit" disabled { "Join and put the pod into the PSA" }
                    p #busy role="status" {}
                    section #leaving hidden {
                        h2 { "Leave" }
                        p { "Takes the pod, the button, the menu entry and the note type out of the PSA, and forgets the keys, links and decisions here. The settings notes of your companies stay in the PSA." }
                        label { span { "Type the login company to confirm" } input #leave_company type="text" autocomplete="off"; }
                        button #leave .danger type="button" { "Leave" }
                    }
                }
                aside {
                    (pictures::api_member())
                    (pictures::keys())
                    (pictures::role())
                }
            }
            section #done hidden {
                h1 { "It is set up" }
                ul #pieces {}
                div #by_hand hidden {
                    h2 { "To do by hand" }
                    p { "Under System > Setup Tables > Manage Hosted API, add a row:" }
                    dl {
                        dt { "Description" } dd { "ConnectActive" }
                        dt { "Screen" } dd { "Company" }
                        dt { "Origin" } dd #origin {}
                        dt { "URL" } dd #pod {}
                        dt { "Type" } dd { "Pod, height 480" }
                    }
                    p { "Or give the API member the rights that are missing, and run this again with a new link." }
                }
                h2 { "What each dispatcher does once" }
                (pictures::layout())
                ol {
                    li { "Open any company in ConnectWise PSA." }
                    li { "Press " strong { "+" } " at the top of the right-hand panel." }
                    li { "Move " strong { "ConnectActive" } " from Not Displayed to Displayed, and save." }
                }
            }
            section #gone hidden {
                h1 { "It has left" }
                p { "The pod is out of the PSA, and the keys are forgotten." }
            }
        }
    }
}

fn field(id: &str, label: &str, kind: &str, example: &str, hint: &str) -> Markup {
    let hint_id = format!("{id}_hint");
    html! {
        label for=(id) { (label) }
        input id=(id) name=(id) type=(kind) placeholder=(example) autocomplete="off" spellcheck="false" aria-describedby=(hint_id);
        p.hint id=(hint_id) { (hint) }
    }
}
