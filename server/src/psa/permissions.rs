//! What the PSA lets somebody do: the lines of their security role.

use serde::Deserialize;

use super::{Caller, Psa, PsaError};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Line {
    module_name: String,
    module_function_name: String,
    add_level: String,
    edit_level: String,
    delete_level: String,
    inquire_level: String,
}

/// What a right is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// To add records.
    Add,
    /// To change them.
    Edit,
    /// To delete them.
    Delete,
    /// To see them.
    Inquire,
}

impl Access {
    /// The column of the PSA's security role.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::Add => "Add Level",
            Self::Edit => "Edit Level",
            Self::Delete => "Delete Level",
            Self::Inquire => "Inquire Level",
        }
    }
}

/// A line of a security role and the column in it, as the PSA names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Permission {
    /// The module, such as "Companies".
    pub module: &'static str,
    /// The function within it, such as "Contacts".
    pub function: &'static str,
    /// The column.
    pub access: Access,
}

impl Permission {
    /// From its three parts.
    #[must_use]
    pub const fn new(module: &'static str, function: &'static str, access: Access) -> Self {
        Self { module, function, access }
    }
}

/// A security role, as `/system/mySecurity` shows it to its owner.
#[derive(Clone, Debug, Default)]
pub struct Permissions(Vec<Line>);

impl Permissions {
    /// Whether the role gives this for all records: "My" is not enough, and a line that is not
    /// there is a no.
    #[must_use]
    pub fn all(&self, wanted: Permission) -> bool {
        self.0.iter().any(|line| {
            let level = match wanted.access {
                Access::Add => &line.add_level,
                Access::Edit => &line.edit_level,
                Access::Delete => &line.delete_level,
                Access::Inquire => &line.inquire_level,
            };
            line.module_name.eq_ignore_ascii_case(wanted.module)
                && line.module_function_name.eq_ignore_ascii_case(wanted.function)
                && level.eq_ignore_ascii_case("All")
        })
    }
}

impl Psa {
    /// The caller's own security role.
    pub async fn permissions(&self, caller: Caller<'_>) -> Result<Permissions, PsaError> {
        let query = [("pageSize", "1000".to_owned())];
        self.get(caller, &["system", "mySecurity"], &query).await.map(Permissions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn my_is_not_all_and_no_line_is_a_no() {
        let lines = r#"[{"moduleName":"Companies","moduleFunctionName":"contacts","editLevel":"all",
            "addLevel":"My","inquireLevel":"All","somethingNew":1}]"#;
        let permissions = Permissions(serde_json::from_str(lines).unwrap());
        let contacts = |access| permissions.all(Permission::new("Companies", "Contacts", access));
        assert!(contacts(Access::Edit) && contacts(Access::Inquire));
        assert!(!contacts(Access::Add) && !contacts(Access::Delete));
        assert!(!permissions.all(Permission::new("Companies", "Notes", Access::Inquire)));
        assert!(!permissions.all(Permission::new("Finance", "Contacts", Access::Inquire)));
    }
}
