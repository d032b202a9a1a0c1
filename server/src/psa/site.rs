//! The PSA's address.

use url::{Host, Url};

/// The web address of a PSA, for example `https://na.myconnectwise.net`: what stands in the
/// browser's address bar, and so the origin of the pages that frame the pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site(Url);

/// The text is not the address of a PSA that we may talk to.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// Not an address at all.
    #[error("{0:?} is not a web address; it should look like https://na.myconnectwise.net")]
    NotAnAddress(String),
    /// Not protected, and not on this machine.
    #[error("the PSA's address must begin with https:// (http:// is for a PSA on this machine only)")]
    NotProtected,
}

impl Site {
    /// Takes an address; a path, a query or a name in it are dropped.
    pub fn parse(text: &str) -> Result<Self, SiteError> {
        let wrong = || SiteError::NotAnAddress(text.to_owned());
        let typed = text.trim();
        let url =
            if typed.contains("://") { Url::parse(typed) } else { Url::parse(&format!("https://{typed}")) };
        let mut url = url.map_err(|_| wrong())?;
        let host = url.host_str().ok_or_else(wrong)?.to_owned();
        // A name may end with a dot, and is the same PSA without it.
        if let Some(name) = host.strip_suffix('.') {
            url.set_host(Some(name)).map_err(|_| wrong())?;
        }
        match url.scheme() {
            "https" => {}
            // The protection is against the network between two machines; here there is none.
            "http" if is_loopback(&url) => {}
            "http" => return Err(SiteError::NotProtected),
            _ => return Err(wrong()),
        }
        let origin = url.origin().ascii_serialization();
        // When the API's own host was entered, the screens are at its twin.
        let screens = origin
            .strip_prefix("https://api-")
            .filter(|rest| rest.ends_with(".myconnectwise.net") || rest.ends_with(".connectwisedev.com"));
        let origin = screens.map_or_else(|| origin.clone(), |rest| format!("https://{rest}"));
        Url::parse(&origin).map(Self).map_err(|_| wrong())
    }

    /// The origin as a browser writes it.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The name and the port to connect to.
    #[must_use]
    pub fn host_and_port(&self) -> (String, u16) {
        let host = self.0.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        (host, self.0.port_or_known_default().unwrap_or(443))
    }

    /// An address at the site itself.
    pub(super) fn join(&self, path: &[&str]) -> Url {
        let mut url = self.0.clone();
        url.path_segments_mut().expect("a web address has a path").clear().extend(path);
        url
    }

    /// The root of the REST API, from what `/login/companyinfo/` says (ConnectWise Developer
    /// Guide, "Cloud URL Formatting"). The host that it names is used only where it is the site's
    /// own or its `api-` twin: nobody else may be sent the keys.
    pub(super) fn api_root(&self, codebase: &str, named_host: Option<&str>, is_cloud: bool) -> Option<Url> {
        let own = self.0.host_str()?;
        let twin = format!("api-{own}");
        let host = match named_host.map(|named| named.split(['/', ':']).next().unwrap_or_default()) {
            Some(named) if named.eq_ignore_ascii_case(&twin) => twin.as_str(),
            Some(named) if named.eq_ignore_ascii_case(own) => own,
            // A PSA on this machine has no twin; both of its names are this machine.
            Some("localhost") if is_loopback(&self.0) => "localhost",
            _ if is_cloud && self.0.port().is_none() => twin.as_str(),
            _ => own,
        };
        let mut url = self.0.clone();
        url.set_host(Some(host)).ok()?;
        let codebase = codebase.trim_matches('/');
        if codebase.is_empty()
            || !codebase.chars().all(|sign| sign.is_ascii_alphanumeric() || "._-".contains(sign))
        {
            return None;
        }
        url.path_segments_mut().ok()?.clear().extend([codebase, "apis", "3.0"]);
        Some(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_type_them() {
        for (text, origin) in [
            ("https://na.myconnectwise.net", "https://na.myconnectwise.net"),
            (" na.myconnectwise.net/v4_6_release/ ", "https://na.myconnectwise.net"),
            ("https://user:secret@psa.msp.example:8443/x?y", "https://psa.msp.example:8443"),
            ("http://127.0.0.1:9400", "http://127.0.0.1:9400"),
            ("https://api-eu.myconnectwise.net/v4_6_release/apis/3.0", "https://eu.myconnectwise.net"),
            ("https://api-psa.msp.example", "https://api-psa.msp.example"),
            ("na.myconnectwise.net.", "https://na.myconnectwise.net"),
        ] {
            assert_eq!(Site::parse(text).unwrap().origin(), origin, "{text}");
        }
        assert_eq!(Site::parse("http://na.myconnectwise.net"), Err(SiteError::NotProtected));
        assert!(Site::parse("ftp://na.myconnectwise.net").is_err());
        assert!(Site::parse("").is_err());
    }

    #[test]
    fn the_api_is_at_the_site_or_its_twin_and_nowhere_else() {
        let cloud = Site::parse("na.myconnectwise.net").unwrap();
        let root = |named| cloud.api_root("v2025_1/", named, true).map(String::from);
        let twin = Some("https://api-na.myconnectwise.net/v2025_1/apis/3.0".to_owned());
        assert_eq!(root(Some("api-na.myconnectwise.net")), twin);
        assert_eq!(root(Some("evil.example")), twin);
        assert_eq!(root(None), twin);
        assert_eq!(cloud.api_root("../../x/", None, true), None);
        let on_premise = Site::parse("https://psa.msp.example").unwrap();
        assert_eq!(
            on_premise.api_root("v4_6_release/", None, false).map(String::from),
            Some("https://psa.msp.example/v4_6_release/apis/3.0".to_owned())
        );
    }
}
