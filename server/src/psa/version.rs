//! Versions of the API.

use std::fmt;

use reqwest::header::HeaderValue;

/// A version of the API's models, such as 2025.16: breaking changes come with a new one, and an
/// old one is kept for twelve months (ConnectWise Developer Guide, "Versioning").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    year: u32,
    release: u32,
}

impl Version {
    /// The one that our types follow.
    pub(super) const OURS: Self = Self { year: 2025, release: 16 };

    /// From what the header `api-current-version` says.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (year, release) = text.trim().split_once('.')?;
        // A patch level may follow.
        let release = release.split('.').next().unwrap_or_default();
        Some(Self { year: year.parse().ok()?, release: release.parse().ok()? })
    }

    /// As the `Accept` header asks for it.
    pub(super) fn accept(self) -> HeaderValue {
        HeaderValue::from_str(&format!("application/vnd.connectwise.com+json; version={self}"))
            .expect("numbers are good in a header")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.year, self.release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers_not_decimals() {
        let version = |text| Version::parse(text);
        assert!(version("2025.8") < version("2025.16") && version("2025.16") < version("2026.1"));
        assert_eq!(version(" 2020.4.1 "), Some(Version { year: 2020, release: 4 }));
        assert_eq!(version("v4_6"), None);
        assert_eq!(Version::OURS.accept(), "application/vnd.connectwise.com+json; version=2025.16");
    }
}
