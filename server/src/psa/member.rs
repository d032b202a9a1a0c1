//! The member in front of the pod, as the PSA knows them.

use pod_view::wire::Proof;
use serde::Deserialize;

use super::{Caller, CompanyRecord, Permissions, Psa, PsaError};

/// How a member's proof is shown to the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// In four cookies (ConnectWise Developer Guide, "Method 3: cookie authentication").
    #[default]
    Cookies,
    /// As Basic authentication, with the hash in place of a private key.
    Basic,
}

impl Form {
    const fn other(self) -> Self {
        match self {
            Self::Cookies => Self::Basic,
            Self::Basic => Self::Cookies,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemberInfo {
    id: i64,
    identifier: String,
    #[serde(default)]
    full_name: Option<String>,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    inactive_flag: bool,
}

/// A member whose proof the PSA accepted.
#[derive(Clone, Debug)]
pub struct Member {
    /// The record id.
    pub id: i64,
    /// The login name, as the PSA spells it.
    pub identifier: String,
    /// The full name.
    pub name: String,
    /// Their security role.
    pub permissions: Permissions,
}

impl Psa {
    /// Asks the PSA, as the member, who they are and what they may do. `Unauthorized` when it does
    /// not accept the proof, in either form.
    pub async fn member(&self, proof: &Proof) -> Result<Member, PsaError> {
        let form = *self.shared.form.lock().expect("nobody panics holding it");
        let (info, form) = match self.member_info(proof, form).await {
            Err(PsaError::Unauthorized) => (self.member_info(proof, form.other()).await?, form.other()),
            info => (info?, form),
        };
        *self.shared.form.lock().expect("nobody panics holding it") = form;
        // Otherwise one member's proof could act under a colleague's name.
        if info.inactive_flag || !info.identifier.eq_ignore_ascii_case(&proof.member) {
            return Err(PsaError::Unauthorized);
        }
        let parts = [info.first_name.unwrap_or_default(), info.last_name.unwrap_or_default()];
        let name = info.full_name.unwrap_or_else(|| parts.join(" ").trim().to_owned());
        Ok(Member {
            id: info.id,
            name: if name.is_empty() { info.identifier.clone() } else { name },
            identifier: info.identifier,
            permissions: self.permissions(Caller::Member(proof, form)).await?,
        })
    }

    async fn member_info(&self, proof: &Proof, form: Form) -> Result<MemberInfo, PsaError> {
        self.get(Caller::Member(proof, form), &["system", "myMembers", "info"], &[]).await
    }

    /// A company as the member sees it, whose proof was accepted before; `Forbidden` when they may
    /// not, or when there is none.
    pub async fn company_of_member(&self, proof: &Proof, id: i64) -> Result<CompanyRecord, PsaError> {
        let form = *self.shared.form.lock().expect("nobody panics holding it");
        match self.company(Caller::Member(proof, form), id).await {
            Ok(record) if record.id == id => Ok(record),
            Ok(_) | Err(PsaError::NotFound | PsaError::Forbidden) => Err(PsaError::Forbidden),
            Err(error) => Err(error),
        }
    }
}
