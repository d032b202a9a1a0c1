//! Communication types: what the installation calls its e-mail addresses and numbers.

use reconcile::Slot;
use serde::Deserialize;

use super::{Caller, Psa, PsaError, references::KEPT_FOR};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the PSA's record is so")]
struct TypeRecord {
    id: i64,
    #[serde(default)]
    description: String,
    #[serde(default)]
    email_flag: bool,
    #[serde(default)]
    phone_flag: bool,
    #[serde(default)]
    fax_flag: bool,
    #[serde(default)]
    default_flag: bool,
    #[serde(default)]
    disabled: bool,
}

/// Which of the installation's types each slot uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommunicationTypes {
    email: Option<i64>,
    direct: Option<i64>,
    mobile: Option<i64>,
    fax: Option<i64>,
    emails: Vec<i64>,
    other_email: Option<i64>,
}

impl CommunicationTypes {
    fn choose(records: &[TypeRecord]) -> Self {
        let usable = || records.iter().filter(|record| !record.disabled);
        let says = |record: &&TypeRecord, words: &[&str]| {
            let description = record.description.to_lowercase();
            words.iter().any(|word| description.contains(word))
        };
        let first = |of_kind: &dyn Fn(&TypeRecord) -> bool| {
            usable()
                .find(|record| of_kind(record) && record.default_flag)
                .or_else(|| usable().find(|record| of_kind(record)))
                .map(|record| record.id)
        };
        let phone = |record: &TypeRecord| record.phone_flag && !says(&record, &["mobile", "cell"]);
        let email = first(&|record| record.email_flag);
        let other = |record: &&TypeRecord| record.email_flag && Some(record.id) != email;
        Self {
            email,
            other_email: usable().find(other).map(|record| record.id).or(email),
            direct: usable()
                .find(|record| phone(record) && says(record, &["direct"]))
                .map(|record| record.id)
                .or_else(|| first(&phone)),
            mobile: usable()
                .find(|record| record.phone_flag && says(record, &["mobile", "cell"]))
                .map(|record| record.id),
            fax: first(&|record| record.fax_flag),
            emails: records.iter().filter(|record| record.email_flag).map(|record| record.id).collect(),
        }
    }

    /// The slot of a communication item of this type.
    #[must_use]
    pub fn slot(&self, id: i64) -> Slot {
        let is = |chosen: Option<i64>| chosen == Some(id);
        match () {
            () if is(self.email) => Slot::Email,
            () if is(self.direct) => Slot::Direct,
            () if is(self.mobile) => Slot::Mobile,
            () if is(self.fax) => Slot::Fax,
            () if self.emails.contains(&id) => Slot::OtherEmail,
            () => Slot::OtherPhone,
        }
    }

    /// The type for a new item in this slot, if the installation has one.
    #[must_use]
    pub const fn id(&self, slot: Slot) -> Option<i64> {
        match slot {
            Slot::Email => self.email,
            Slot::Direct => self.direct,
            Slot::Mobile => self.mobile,
            Slot::Fax => self.fax,
            Slot::OtherEmail | Slot::OtherPhone => None,
        }
    }

    /// The type for an e-mail address beside the first one.
    pub(super) const fn other_email(&self) -> Option<i64> {
        self.other_email
    }
}

impl Psa {
    /// The installation's communication types, read anew when they were read a while ago. Whoever asks
    /// meanwhile waits for the same read, so it is never an unhurried one.
    pub async fn communication_types(&self) -> Result<CommunicationTypes, PsaError> {
        let mut known = self.shared.types.lock().await;
        let now = self.now();
        if let Some((read_at, types)) = known.as_ref()
            && now.saturating_sub(*read_at) < KEPT_FOR
        {
            return Ok(types.clone());
        }
        let path = ["company", "communicationTypes"];
        let id = |record: &TypeRecord| record.id;
        let records: Vec<TypeRecord> =
            self.hurried().list(Caller::Integrator, &path, &[], id, |_| {}).await?;
        let types = CommunicationTypes::choose(&records);
        *known = Some((now, types.clone()));
        Ok(types)
    }

    /// The types may have changed: they are read anew next time.
    pub(super) async fn forget_communication_types(&self) {
        *self.shared.types.lock().await = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_follow_the_installations_own_types() {
        let records: Vec<TypeRecord> = serde_json::from_str(
            r#"[{"id":11,"description":"E-mail 2","emailFlag":true},
                {"id":12,"description":"Email","emailFlag":true,"defaultFlag":true},
                {"id":20,"description":"Cell","phoneFlag":true,"defaultFlag":true},
                {"id":21,"description":"Office","phoneFlag":true},
                {"id":22,"description":"Old direct","phoneFlag":true,"disabled":true},
                {"id":30,"description":"Fax","faxFlag":true}]"#,
        )
        .unwrap();
        let types = CommunicationTypes::choose(&records);
        let slots: Vec<Slot> = [11, 12, 20, 21, 22, 30].into_iter().map(|id| types.slot(id)).collect();
        assert_eq!(
            slots,
            [Slot::OtherEmail, Slot::Email, Slot::Mobile, Slot::Direct, Slot::OtherPhone, Slot::Fax]
        );
    }
}
