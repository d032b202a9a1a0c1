//! The document that the service serves for the pod: the same for everybody, without any data.

use maud::{DOCTYPE, Markup, html};

use crate::text;

/// What the document names. Files by the paths under which they are served.
#[derive(Clone, Copy, Debug)]
pub struct Shell<'a> {
    /// The installation's id, as in the pod's address.
    pub installation: &'a str,
    /// The exact origins of the installation's PSA, such as `https://na.myconnectwise.net`.
    pub origins: &'a [String],
    /// The first script.
    pub boot_js: &'a str,
    /// The script of the first look.
    pub glance_js: &'a str,
    /// The script that loads the WASM, once it is wanted.
    pub pod_js: &'a str,
    /// The WASM.
    pub pod_wasm: &'a str,
    /// The style sheet.
    pub pod_css: &'a str,
}

/// The pod's document, in the language that is spoken. It holds no script and no style of its own, so the
/// strictest content security policy that still starts WASM fits it.
#[must_use]
pub fn shell(page: &Shell<'_>) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(text::language().tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (text::PRODUCT) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(page.pod_css);
                link rel="modulepreload" href=(page.glance_js);
                script type="module" src=(page.boot_js) {}
            }
            body
                data-installation=(page.installation)
                data-origins=(page.origins.join(" "))
                data-pod-js=(page.glance_js)
                data-whole-js=(page.pod_js)
                data-whole-wasm=(page.pod_wasm)
                data-loading=(text::LOADING)
            {
                main #pod data-state="connecting" {
                    section.boot data-boot="connecting" {
                        h1.busy { (text::CONNECTING) }
                        noscript { p { (text::NO_SCRIPT) } }
                    }
                    @for (state, what, advice) in [
                        ("outside", text::OUTSIDE, text::OUTSIDE_ADVICE),
                        ("elsewhere", text::ELSEWHERE, text::ELSEWHERE_ADVICE),
                        ("broken", text::BROKEN, text::BROKEN_ADVICE),
                    ] {
                        section.boot data-boot=(state) role="alert" {
                            h1 { (what) }
                            p { (advice) }
                        }
                    }
                    div #app {}
                    div #message role="status" aria-live="polite" {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_holds_nothing_that_a_strict_policy_forbids() {
        let origins = ["https://na.myconnectwise.net".to_owned(), "https://psa.\"><script>".to_owned()];
        let page = Shell {
            installation: "0123",
            origins: &origins,
            boot_js: "/assets/boot.js",
            glance_js: "/assets/glance.js",
            pod_js: "/assets/pod.js",
            pod_wasm: "/assets/pod.wasm",
            pod_css: "/assets/pod.css",
        };
        let text = shell(&page).into_string();
        assert!(text.starts_with("<!DOCTYPE html><html lang=\"en\">"));
        // One script, by its address; no style, no handler, and hostile origins stay text.
        assert_eq!(text.matches("<script").count(), 1);
        assert!(text.contains("<script type=\"module\" src=\"/assets/boot.js\"></script>"));
        assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onload="));
        assert!(text.contains("data-origins=\"https://na.myconnectwise.net "));
        assert!(text.contains("<noscript>"));
    }
}
