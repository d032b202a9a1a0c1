//! The files of the pod and of the other pages, built and compressed by `build.rs` and part of the program.
//!
//! Their names carry a hash of their content: they may be cached for ever.

/// One file, served below `/assets/`.
#[derive(Debug)]
pub struct Asset {
    /// The name with its hash, such as `pod.0123456789abcdef.wasm`.
    pub path: &'static str,
    /// For the `Content-Type` header.
    pub content_type: &'static str,
    /// The bytes as they are.
    pub plain: &'static [u8],
    /// The bytes for `Content-Encoding: br`.
    pub brotli: &'static [u8],
}

impl Asset {
    /// The path under which it is served.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/assets/{}", self.path)
    }
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file of this name.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    [&BOOT_JS, &GLANCE_JS, &POD_JS, &POD_WASM, &POD_CSS, &JOIN_JS, &JOIN_CSS, &ADMIN_JS]
        .into_iter()
        .find(|asset| asset.path == path)
}

/// The first script of the pod: the handshake with the PSA.
#[must_use]
pub const fn boot_js() -> &'static Asset {
    &BOOT_JS
}

/// The pod's first look at a company.
#[must_use]
pub const fn glance_js() -> &'static Asset {
    &GLANCE_JS
}

/// The script that loads the pod's WASM.
#[must_use]
pub const fn pod_js() -> &'static Asset {
    &POD_JS
}

/// The pod.
#[must_use]
pub const fn pod_wasm() -> &'static Asset {
    &POD_WASM
}

/// The script of the joining page.
#[must_use]
pub const fn join_js() -> &'static Asset {
    &JOIN_JS
}

/// The script of the administrator's page.
#[must_use]
pub const fn admin_js() -> &'static Asset {
    &ADMIN_JS
}

/// The style sheet of the joining page and the administrator's.
#[must_use]
pub const fn join_css() -> &'static Asset {
    &JOIN_CSS
}

/// The pod's style sheet.
#[must_use]
pub const fn pod_css() -> &'static Asset {
    &POD_CSS
}
