//! What contacts refer to (communication types, departments, sites and contact types, by name and id)
//! and what refers to them.

use std::{collections::BTreeSet, time::Duration};

use reconcile::{ContactId, DefaultPhone, Field, Places, Slot, UserFields, Wants};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{Caller, CommunicationTypes, Psa, PsaError, Write};

/// Setup tables change seldom.
pub(super) const KEPT_FOR: Duration = Duration::from_mins(10);

/// A record that contacts refer to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Named {
    /// The record id.
    id: i64,
    /// The name; of a contact type its description.
    #[serde(alias = "description", default)]
    name: String,
    #[serde(default, rename = "inactiveFlag")]
    inactive: bool,
}

/// What was read of all that. A list that was not asked for, or that the API member may not see, is
/// `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The installation's communication types.
    pub communication_types: CommunicationTypes,
    departments: Option<Vec<Named>>,
    sites: Option<Vec<Named>>,
    types: Option<Vec<Named>>,
    /// The user-defined fields of contacts that hold something of the account.
    pub(super) user_fields: UserFields,
    pub(super) default_phone: DefaultPhone,
    /// The contacts of tickets that are not closed.
    pub(super) with_tickets: BTreeSet<ContactId>,
}

impl References {
    /// What the planner may plan for.
    #[must_use]
    pub fn places(&self) -> Places {
        let names = |list: &Option<Vec<Named>>| {
            list.as_ref().map(|list| list.iter().map(|named| named.name.clone()).collect())
        };
        Places {
            without: Field::ALL
                .into_iter()
                .filter(|field| field.is_communication() && self.type_of(*field).is_none())
                .collect(),
            departments: names(&self.departments),
            sites: names(&self.sites),
            types: names(&self.types),
        }
    }

    /// The communication type of a new item for this field. Further addresses have a type of their own
    /// where the installation has one.
    pub(super) fn type_of(&self, field: Field) -> Option<i64> {
        match field {
            Field::Aliases => self.communication_types.other_email(),
            field => self.communication_types.id(field.slot()?),
        }
    }

    pub(super) fn slot(&self, id: i64) -> Slot {
        self.communication_types.slot(id)
    }

    pub(super) fn site(&self, name: &str) -> Option<i64> {
        id_of(self.sites.as_deref()?, name)
    }

    pub(super) fn contact_type(&self, name: &str) -> Option<i64> {
        id_of(self.types.as_deref()?, name)
    }
}

/// The id of the record with exactly this name: names come from the same lists.
fn id_of(list: &[Named], name: &str) -> Option<i64> {
    list.iter().find(|named| named.name == name).map(|named| named.id)
}

impl Psa {
    /// What contacts of `company` refer to, as far as it is wanted.
    pub async fn references(&self, company: i64, wants: Wants) -> Result<References, PsaError> {
        let id = company.to_string();
        let sites = ["company", "companies", &id, "sites"];
        let types = ["company", "contacts", "types"];
        let (communication_types, departments, sites, types) = tokio::try_join!(
            self.communication_types(),
            self.departments(wants.departments),
            self.named(wants.sites, &sites),
            self.named(wants.types, &types),
        )?;
        let with_tickets = BTreeSet::new();
        Ok(References {
            communication_types,
            departments,
            sites,
            types,
            user_fields: wants.user_fields,
            default_phone: wants.default_phone,
            with_tickets,
        })
    }

    /// The departments, read anew when they were read a while ago. Whoever asks meanwhile waits for the
    /// same read, so it is never an unhurried one.
    async fn departments(&self, wanted: bool) -> Result<Option<Vec<Named>>, PsaError> {
        if !wanted {
            return Ok(None);
        }
        let mut known = self.shared.departments.lock().await;
        let now = self.now();
        if let Some((read_at, departments)) = known.as_ref()
            && now.saturating_sub(*read_at) < KEPT_FOR
        {
            return Ok(departments.clone());
        }
        let departments = self.hurried().named(true, &DEPARTMENTS).await?;
        *known = Some((now, departments.clone()));
        Ok(departments)
    }

    /// The departments may have changed: they are read anew next time.
    pub(super) async fn forget_departments(&self) {
        *self.shared.departments.lock().await = None;
    }

    async fn named(&self, wanted: bool, path: &[&str]) -> Result<Option<Vec<Named>>, PsaError> {
        if !wanted {
            return Ok(None);
        }
        let id = |named: &Named| named.id;
        match self.list::<Named>(Caller::Integrator, path, &[], id, |_| {}).await {
            Ok(list) => Ok(Some(
                list.into_iter().filter(|named| !named.inactive && !named.name.trim().is_empty()).collect(),
            )),
            // Without the right to see them, nothing is planned for them.
            Err(PsaError::Forbidden | PsaError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The id of the department of this name, which is made if there is none. One at a time, so that two
    /// contacts of a new department do not make it twice, and none of them unhurried.
    pub(super) async fn department(&self, name: &str) -> Result<Write<i64>, PsaError> {
        let hurried = self.hurried();
        let mut known = self.shared.departments.lock().await;
        if let Some((_, Some(departments))) = known.as_ref()
            && let Some(id) = id_of(departments, name)
        {
            return Ok(Write::Applied(id));
        }
        // What was made since, by hand or by an answer that did not come.
        *known = None;
        let departments = hurried.named(true, &DEPARTMENTS).await?.unwrap_or_default();
        if let Some(id) = id_of(&departments, name) {
            *known = Some((self.now(), Some(departments)));
            return Ok(Write::Applied(id));
        }
        let written =
            hurried.write_within(None, Method::POST, &DEPARTMENTS, &json!({ "name": name })).await?;
        Ok(written.and_then(|record| record["id"].as_i64()))
    }
}

const DEPARTMENTS: [&str; 3] = ["company", "contacts", "departments"];
