//! How talking to the PSA can end.

use pod_view::wire::Problem;
use serde::Deserialize;

/// A read failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PsaError {
    /// No connection, or it broke.
    #[error("the PSA could not be reached: {0}")]
    Unreachable(String),
    /// No answer within the time.
    #[error("the PSA did not answer in time")]
    TimedOut,
    /// It asked us to slow down, longer than we wait.
    #[error("the PSA is asking for fewer requests")]
    Throttled,
    /// 401.
    #[error("the PSA did not accept who is asking")]
    Unauthorized,
    /// 403.
    #[error("the PSA does not allow this")]
    Forbidden,
    /// 404 of a record.
    #[error("the PSA has no such record")]
    NotFound,
    /// It is not the API that answered.
    #[error("what answered is not the PSA's API: {0}")]
    NotTheApi(String),
    /// 5xx, or an answer that makes no sense.
    #[error("the PSA failed: {0}")]
    Failed(String),
    /// 400 and the like.
    #[error("the PSA refused the request: {0}")]
    Refused(String),
    /// The login company is unknown to this PSA.
    #[error("the PSA does not know the login company {0:?}")]
    UnknownLoginCompany(String),
}

impl PsaError {
    /// In words for the person in the pod.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (code, message, advice) = match self {
            Self::Unreachable(_) | Self::TimedOut => (
                "psa_unreachable",
                "ConnectWise PSA did not answer.",
                "Try again in a minute. If it lasts, check that the PSA is up.",
            ),
            Self::Throttled => {
                ("psa_busy", "ConnectWise PSA is asking for fewer requests.", "Try again in a few minutes.")
            }
            Self::Unauthorized => (
                "psa_keys",
                "ConnectWise PSA did not accept our API keys.",
                "Ask your administrator to check that the API member and its keys are active.",
            ),
            Self::Forbidden => (
                "psa_rights",
                "The API member lacks a right that this needs.",
                "Ask your administrator to check the API member's security role (Companies: Contacts and Notes).",
            ),
            Self::NotFound => (
                "psa_not_found",
                "ConnectWise PSA no longer has this record.",
                "Refresh the screen and sync again.",
            ),
            Self::NotTheApi(_) | Self::UnknownLoginCompany(_) => (
                "psa_address",
                "The address on file is not a ConnectWise PSA that knows your company.",
                "Ask your administrator to check the PSA's address and the login company.",
            ),
            Self::Failed(_) => (
                "psa_failed",
                "ConnectWise PSA answered with an error.",
                "Try again in a minute. Nothing was changed by this.",
            ),
            Self::Refused(words) => {
                return Problem {
                    code: "psa_refused".into(),
                    message: format!("ConnectWise PSA refused it: {words}"),
                    advice: "Correct what it names in the PSA, then try again.".into(),
                };
            }
        };
        Problem { code: code.into(), message: message.into(), advice: advice.into() }
    }
}

/// How a write ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write<T> {
    /// It was written; the record as the PSA has it now.
    Applied(T),
    /// It was certainly not written; the PSA's words.
    Rejected(String),
    /// It may have been written: only reading can tell.
    Unknown,
}

impl<T> Write<T> {
    /// The same end with another record.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Write<U> {
        match self {
            Self::Applied(record) => Write::Applied(change(record)),
            Self::Rejected(words) => Write::Rejected(words),
            Self::Unknown => Write::Unknown,
        }
    }
}

/// The PSA's error body. Throttling answers use `error` instead of `code`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ErrorBody {
    code: Option<String>,
    error: Option<String>,
    message: Option<String>,
    errors: Option<Vec<FieldError>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FieldError {
    message: Option<String>,
    field: Option<String>,
}

impl ErrorBody {
    /// Whether these are the API's own words, and not any JSON from something in between.
    pub(super) const fn is_the_apis(&self) -> bool {
        self.message.is_some() && (self.code.is_some() || self.error.is_some())
    }

    /// Told apart from a missing record: the path itself is unknown, which is how a cloud PSA
    /// answers after it moved to a new code base.
    pub(super) fn endpoint_is_gone(&self) -> bool {
        self.code.as_deref() == Some("ConnectWiseApi")
    }

    /// The PSA's own words, the fields first, at most 300 characters.
    pub(super) fn words(&self) -> String {
        let mut parts: Vec<String> = self
            .errors
            .iter()
            .flatten()
            .filter_map(|error| match (&error.field, &error.message) {
                (Some(field), Some(message)) if !message.contains(field.as_str()) => {
                    Some(format!("{field}: {message}"))
                }
                (_, message) => message.clone(),
            })
            .collect();
        if parts.is_empty() {
            parts.extend(self.message.clone().or_else(|| self.code.clone()).or_else(|| self.error.clone()));
        }
        let words: String = parts.join(" ").chars().filter(|sign| !sign.is_control()).take(300).collect();
        if words.is_empty() { "no reason given".to_owned() } else { words }
    }
}
