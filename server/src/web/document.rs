//! What the administrators' pages have in common.

use maud::{Markup, html};

use crate::assets::{self, Asset};

/// The head of a page with this script; it holds no script and no style of its own.
pub(super) fn head(title: &str, script: &'static Asset) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            link rel="icon" href="data:,";
            link rel="stylesheet" href=(assets::join_css().address());
            script type="module" src=(script.address()) {}
        }
    }
}
