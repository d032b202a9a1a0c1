//! How talking to the PSA can end.

use pod_view::wire::{Code, Problem};
use serde::Deserialize;

use super::Rejection;

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
    /// Whether trying again may help.
    pub(super) const fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::TimedOut | Self::Failed(_))
    }

    /// In words for the person in the pod.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (code, message, advice) = match self {
            Self::Unreachable(_) | Self::TimedOut => (
                Code::PsaUnreachable,
                "ConnectWise PSA did not answer.",
                "Try again in a minute. If it lasts, check that the PSA is up.",
            ),
            Self::Throttled => (
                Code::PsaBusy,
                "ConnectWise PSA is asking for fewer requests.",
                "Try again in a few minutes.",
            ),
            Self::Unauthorized => (
                Code::PsaKeys,
                "ConnectWise PSA did not accept our API keys.",
                "Ask your administrator to check that the API member and its keys are active.",
            ),
            Self::Forbidden => (
                Code::PsaRights,
                "The API member lacks a right that this needs.",
                "Ask your administrator to check the API member's security role (Companies: Contacts and Notes).",
            ),
            Self::NotFound => (
                Code::PsaNotFound,
                "ConnectWise PSA no longer has this record.",
                "Refresh the screen and sync again.",
            ),
            Self::NotTheApi(_) | Self::UnknownLoginCompany(_) => (
                Code::PsaAddress,
                "The address on file is not a ConnectWise PSA that knows your company.",
                "Ask your administrator to check the PSA's address and the login company.",
            ),
            Self::Failed(_) => (
                Code::PsaFailed,
                "ConnectWise PSA answered with an error.",
                "Try again in a minute. Nothing was changed by this.",
            ),
            Self::Refused(words) => {
                return Problem::new(
                    Code::PsaRefused,
                    format!("ConnectWise PSA refused it: {words}"),
                    "Correct what it names in the PSA, then try again.",
                );
            }
        };
        Problem::new(code, message, advice)
    }
}

/// How a write ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write<T> {
    /// It was written; the record as the PSA has it now.
    Applied(T),
    /// It was certainly not written.
    Rejected(Rejection),
    /// It may have been written: only reading can tell.
    Unknown,
}

impl<T> Write<T> {
    /// The same end with what is made of the record; `Unknown` when nothing can be.
    pub fn and_then<U>(self, read: impl FnOnce(T) -> Option<U>) -> Write<U> {
        match self {
            Self::Applied(record) => read(record).map_or(Write::Unknown, Write::Applied),
            Self::Rejected(rejection) => Write::Rejected(rejection),
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

    pub(super) fn into_rejection(self) -> Rejection {
        let fields = self.errors.iter().flatten().filter_map(|error| error.field.clone());
        let fields =
            fields.filter(|field| !field.is_empty()).map(|field| one_line(&field, 60)).take(10).collect();
        match self.own_words() {
            _ if self.code.as_deref() == Some("NotFound") => Rejection::NotFound,
            words if words.is_empty() => Rejection::NoReason,
            words => Rejection::Refused { words, fields },
        }
    }

    /// The same, or that there are none.
    pub(super) fn words(&self) -> String {
        let words = self.own_words();
        if words.is_empty() { Rejection::NoReason.to_string() } else { words }
    }

    /// The PSA's own words, the fields first.
    fn own_words(&self) -> String {
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
        one_line(&parts.join(" "), 300)
    }
}

fn one_line(text: &str, most: usize) -> String {
    text.chars().filter(|sign| !sign.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_fault_elsewhere_in_the_record_is_named_as_such() {
        let body: ErrorBody = serde_json::from_str(
            r#"{"code":"InvalidObject","message":"contact object is invalid","errors":[{"code":"OutOfRange",
                "message":"The field school must be shorter.","resource":"contact","field":"school"}]}"#,
        )
        .unwrap();
        let rejection = body.into_rejection();
        let other = rejection.clone().of_change(&["title"]).to_string();
        assert!(other.contains("every change") && other.contains("its school"), "{other}");
        assert_eq!(rejection.clone().of_change(&["School"]), rejection);
    }
}
