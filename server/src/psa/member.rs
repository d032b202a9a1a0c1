//! The member in front of the pod, as the PSA knows them.

use pod_view::wire::{Proof, Rights};
use serde::Deserialize;

use super::{Caller, Psa, PsaError};

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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SecurityRow {
    #[serde(default)]
    module_name: String,
    #[serde(default)]
    module_function_name: String,
    #[serde(default)]
    add_level: String,
    #[serde(default)]
    edit_level: String,
    #[serde(default)]
    inquire_level: String,
}

/// A member whose proof the PSA accepted, and who may see the company.
#[derive(Clone, Debug)]
pub struct Member {
    /// The record id.
    pub id: i64,
    /// The login name, as the PSA spells it.
    pub identifier: String,
    /// The full name.
    pub name: String,
    /// The company's name.
    pub company: String,
    /// What the member may do.
    pub rights: Rights,
}

impl Psa {
    /// Asks the PSA, as the member, who they are, whether they may see the company, and what they
    /// may do. `Forbidden` when they may not see the company or its contacts.
    pub async fn member(&self, proof: &Proof, company: i64) -> Result<Member, PsaError> {
        let as_member = Caller::Member(proof);
        let info: MemberInfo = self.get(as_member, &["system", "myMembers", "info"], &[]).await?;
        // Otherwise one member's proof could act under a colleague's name.
        if info.inactive_flag || !info.identifier.eq_ignore_ascii_case(&proof.member) {
            return Err(PsaError::Unauthorized);
        }
        let company = match self.company(as_member, company).await {
            Ok(record) if record.id == company => record,
            Ok(_) | Err(PsaError::NotFound | PsaError::Forbidden) => return Err(PsaError::Forbidden),
            Err(error) => return Err(error),
        };
        let rows: Vec<SecurityRow> =
            self.get(as_member, &["system", "mySecurity"], &[("pageSize", "1000".to_owned())]).await?;
        // "My" is not enough, and a line that is not there is a no.
        let all = |function: &str, level: fn(&SecurityRow) -> &str| {
            rows.iter().any(|row| {
                row.module_name.eq_ignore_ascii_case("Companies")
                    && row.module_function_name.eq_ignore_ascii_case(function)
                    && level(row).eq_ignore_ascii_case("All")
            })
        };
        if !(all("Company Maintenance", |row| &row.inquire_level)
            && all("Contacts", |row| &row.inquire_level))
        {
            return Err(PsaError::Forbidden);
        }
        let parts = [info.first_name.unwrap_or_default(), info.last_name.unwrap_or_default()];
        let name = info.full_name.unwrap_or_else(|| parts.join(" ").trim().to_owned());
        Ok(Member {
            id: info.id,
            name: if name.is_empty() { info.identifier.clone() } else { name },
            identifier: info.identifier,
            company: company.name,
            rights: Rights {
                apply: all("Contacts", |row| &row.add_level) && all("Contacts", |row| &row.edit_level),
                settings: all("Company Maintenance", |row| &row.edit_level)
                    && all("Notes", |row| &row.edit_level),
            },
        })
    }
}
