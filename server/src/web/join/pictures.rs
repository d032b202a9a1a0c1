//! Drawings of the PSA's screens, our own, so that an administrator finds the place. They say in
//! words what they show.

use maud::{Markup, html};

fn figure(id: &str, alternative: &str, caption: &str, drawing: &Markup) -> Markup {
    html! {
        figure {
            svg id=(id) viewBox="0 0 320 150" role="img" aria-label=(alternative) { (drawing) }
            figcaption { (caption) }
        }
    }
}

fn window(title: &str) -> Markup {
    html! {
        rect .frame x="0.5" y="0.5" width="319" height="149" rx="4" {}
        rect .head x="1" y="1" width="318" height="20" rx="4" {}
        text .on-head x="8" y="15" { (title) }
    }
}

fn marked(x: u32, y: u32, width: u32, number: &str) -> Markup {
    html! {
        rect .mark x=(x) y=(y) width=(width) height="18" rx="3" {}
        circle .dot cx=(x + width) cy=(y) r="8" {}
        text .number x=(x + width) y=(y + 4) text-anchor="middle" { (number) }
    }
}

pub(super) fn api_member() -> Markup {
    figure(
        "picture-member",
        "ConnectWise PSA, System, Members, tab API Members: press plus, enter a name, choose a role, save",
        "1. System > Members > API Members > +. Give it a name such as ConnectActive and a security role of its own, and save.",
        &html! {
            (window("System  >  Members"))
            text x="12" y="42" { "Members" }
            text .strong x="74" y="42" { "API Members" }
            line .under x1="74" y1="46" x2="142" y2="46" {}
            (marked(8, 54, 24, "1"))
            text x="16" y="67" { "+" }
            rect .field x="12" y="84" width="136" height="18" rx="2" {}
            text .faint x="18" y="97" { "Member Name" }
            rect .field x="162" y="84" width="136" height="18" rx="2" {}
            text .faint x="168" y="97" { "Role ID" }
            (marked(160, 84, 140, "2"))
            rect .field x="12" y="114" width="136" height="18" rx="2" {}
            text .faint x="18" y="127" { "Email" }
        },
    )
}

pub(super) fn keys() -> Markup {
    figure(
        "picture-keys",
        "The API member's record, tab API Keys: press plus, enter a description, save; the public and the private key appear, the private one only this once",
        "2. Open it, tab API Keys, +, a description, save. Copy both keys now: the private one is never shown again.",
        &html! {
            (window("API Member  >  ConnectActive"))
            text x="12" y="42" { "Details" }
            text .strong x="64" y="42" { "API Keys" }
            line .under x1="64" y1="46" x2="112" y2="46" {}
            (marked(8, 54, 24, "1"))
            text x="16" y="67" { "+" }
            text .faint x="12" y="94" { "Public Key" }
            rect .field x="90" y="82" width="206" height="18" rx="2" {}
            text x="96" y="95" { "aB3dE5..." }
            text .faint x="12" y="124" { "Private Key" }
            (marked(90, 112, 206, "2"))
            text x="96" y="125" { "zY9xW7...   (only now)" }
        },
    )
}

pub(super) fn role() -> Markup {
    figure(
        "picture-role",
        "System, Security Roles, the API member's role, module Companies: Company Maintenance inquire All; Contacts and Notes add, edit and inquire All",
        "3. System > Security Roles > the role: set these levels to All. What is missing is listed beside, line by line.",
        &html! {
            (window("Security Roles  >  ConnectActive  >  Companies"))
            text .faint x="140" y="40" { "Add" }
            text .faint x="184" y="40" { "Edit" }
            text .faint x="222" y="40" { "Delete" }
            text .faint x="268" y="40" { "Inquire" }
            @for (at, (name, levels)) in [
                ("Company Maintenance", ["None", "None", "None", "All"]),
                ("Contacts", ["All", "All", "None", "All"]),
                ("Notes", ["All", "All", "None", "All"]),
            ].into_iter().enumerate() {
                @let y = 62 + 28 * at;
                text x="12" y=(y) { (name) }
                @for (column, level) in levels.into_iter().enumerate() {
                    text .strong[level == "All"] .faint[level != "All"] x=(140 + 44 * column) y=(y) { (level) }
                }
                line .rule x1="12" y1=(y + 9) x2="308" y2=(y + 9) {}
            }
        },
    )
}

pub(super) fn layout() -> Markup {
    figure(
        "picture-layout",
        "The company screen: plus at the right-hand panel; a dialog with the lists Not Displayed and Displayed, and an arrow between them",
        "The company screen, and the dialog behind its +.",
        &html! {
            (window("Company  >  Harbor Manufacturing"))
            rect .field x="12" y="32" width="180" height="106" rx="2" {}
            text .faint x="20" y="50" { "Not Displayed" }
            text .strong x="20" y="74" { "ConnectActive" }
            text x="108" y="92" { ">" }
            text .faint x="122" y="50" { "Displayed" }
            (marked(100, 79, 20, "2"))
            rect .field x="206" y="32" width="102" height="106" rx="2" {}
            (marked(282, 38, 22, "1"))
            text x="289" y="51" { "+" }
            text .faint x="214" y="84" { "the panel on" }
            text .faint x="214" y="98" { "the right" }
        },
    )
}
