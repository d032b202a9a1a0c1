//! Why a write was certainly not made.

use pod_view::wire::{Code, Problem, Refusal};

use super::PsaError;

/// Why a write was certainly not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The PSA refused it.
    #[error("{words}")]
    Refused {
        /// In the PSA's words, at most 300 characters.
        words: String,
        /// The fields that the PSA names, as it writes them.
        fields: Vec<String>,
    },
    /// The PSA refuses every change of the record for an old value in it.
    #[error("the PSA refuses every change of this record until its {fields} is corrected there: {words}")]
    OldFault {
        /// In the PSA's words, at most 300 characters.
        words: String,
        /// The fields that the PSA names, as it writes them.
        fields: String,
    },
    /// The PSA refused it without a word.
    #[error("no reason given")]
    NoReason,
    /// The record is not there.
    #[error("the PSA has no such record")]
    NotFound,
    /// It was not sent: by the time that its turn came, what it was based on was too old.
    #[error("the PSA was too busy to take it in time")]
    TooLate,
    /// The PSA asked us to slow down, longer than we wait.
    #[error("the PSA is asking for fewer requests")]
    Throttled,
    /// It did not reach the PSA.
    #[error("the PSA could not be reached: {0}")]
    Unreachable(String),
    /// The PSA said that it did it, and the record is not so.
    #[error("the PSA took the change and did not make all of it")]
    NotMade,
    /// The contact is at a third company by now.
    #[error("the contact is at another company by now")]
    Elsewhere,
    /// The site, the type or the manager is no longer in the PSA.
    #[error("what it refers to is no longer in the PSA")]
    ReferenceGone,
    /// The PSA did not say whether it made the department.
    #[error("the PSA did not say whether it made the department")]
    DepartmentUnknown,
}

impl Rejection {
    /// For a change that wrote `written` only: a PATCH is judged with the whole record, so the PSA
    /// may refuse it for an old value that the change does not touch. Then that is said.
    #[must_use]
    pub(super) fn of_change(self, written: &[&str]) -> Self {
        let touched = |field: &String| {
            let root = field.split(['/', '.', '[']).find(|part| !part.is_empty()).unwrap_or_default();
            written.iter().any(|own| own.eq_ignore_ascii_case(root))
        };
        match self {
            Self::Refused { words, fields } if !fields.is_empty() && !fields.iter().any(touched) => {
                Self::OldFault { words, fields: fields.join(", ") }
            }
            other => other,
        }
    }
}

/// For what stops at the first refusal.
impl From<Rejection> for PsaError {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Refused { .. } | Rejection::OldFault { .. } | Rejection::NoReason => {
                Self::Refused(rejection.to_string())
            }
            Rejection::NotFound => Self::NotFound,
            Rejection::TooLate | Rejection::Throttled => Self::Throttled,
            Rejection::Unreachable(words) => Self::Unreachable(words),
            Rejection::NotMade
            | Rejection::Elsewhere
            | Rejection::ReferenceGone
            | Rejection::DepartmentUnknown => Self::Failed(rejection.to_string()),
        }
    }
}

/// In words for the person in the pod.
impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let (code, message, advice) = match rejection {
            Rejection::Refused { words, .. } => return Self::Psa(words),
            Rejection::NoReason => return Self::Untold,
            Rejection::NotFound | Rejection::TooLate | Rejection::Throttled | Rejection::Unreachable(_) => {
                return Self::Problem(PsaError::from(rejection).problem());
            }
            Rejection::OldFault { words, fields } => (
                Code::PsaOldFault,
                format!(
                    "ConnectWise PSA refuses every change of this record until its {fields} is corrected: “{words}”"
                ),
                "Correct that in the PSA, then try again.",
            ),
            Rejection::NotMade => (
                Code::PsaNotMade,
                "ConnectWise PSA took the change, but did not make all of it.".to_owned(),
                "Look in the PSA what is missing, and enter it there.",
            ),
            Rejection::Elsewhere => (
                Code::ContactElsewhere,
                "The contact is at another company by now.".to_owned(),
                "Sync again to see what is to be done.",
            ),
            Rejection::ReferenceGone => (
                Code::ReferenceGone,
                "The site, contact type or manager that belongs here is no longer in ConnectWise PSA."
                    .to_owned(),
                "Sync again to see what is to be done.",
            ),
            Rejection::DepartmentUnknown => (
                Code::DepartmentUnknown,
                "ConnectWise PSA did not say whether it made the department.".to_owned(),
                "Sync again: that looks whether it is there before it tries again.",
            ),
        };
        Self::Problem(Problem::new(code, message, advice))
    }
}
