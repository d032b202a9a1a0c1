//! Companies and their contacts.

use std::{collections::BTreeSet, time::Duration};

use reconcile::{
    Communication, Contact, ContactId, DefaultPhone, Field, FieldChange, Protection, Slot, UserFields, Wants,
};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Caller, Psa, PsaError, References, Rejection, Write,
    conditions::{Conditions, Field as By},
};

/// Contacts in one request by their ids: with up to ten digits each the address stays below the
/// 2,000 characters that the Developer Guide asks for.
pub const MOST_AT_A_LOOK: usize = 100;

/// How long after the last look a contact may be written whose items are named by their places, or
/// one be created.
pub(super) const PROMPTLY: Duration = Duration::from_secs(3);
/// The same for what is named by its own id.
pub(super) const SOON: Duration = Duration::from_secs(10);

/// What is asked of each contact in a list, which has a hundred fields (ConnectWise Developer Guide,
/// "Partial Responses").
const FIELDS: &str = "id,firstName,lastName,title,city,department,site,managerContact,types,company,\
                      inactiveFlag,defaultFlag,defaultBillingFlag,disablePortalLoginFlag,communicationItems";

/// A record that another one names.
#[derive(Debug, Deserialize)]
pub(super) struct Reference {
    pub(super) id: i64,
    #[serde(default)]
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
struct TicketRecord {
    id: i64,
    contact: Option<Reference>,
}

/// A company as the PSA has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompanyRecord {
    /// The record id.
    pub id: i64,
    /// The name.
    #[serde(default)]
    pub name: String,
    default_contact: Option<Reference>,
    billing_contact: Option<Reference>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContactRecord {
    id: i64,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    city: Option<String>,
    #[serde(default)]
    company: Option<Reference>,
    #[serde(default)]
    inactive_flag: bool,
    #[serde(default)]
    default_flag: bool,
    #[serde(default)]
    default_billing_flag: bool,
    #[serde(default)]
    disable_portal_login_flag: Option<bool>,
    communication_items: Option<Vec<ItemRecord>>,
    department: Option<Reference>,
    site: Option<Reference>,
    manager_contact: Option<Reference>,
    #[serde(default)]
    types: Option<Vec<Reference>>,
    #[serde(flatten)]
    others: serde_json::Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemRecord {
    id: i64,
    #[serde(rename = "type")]
    kind: Option<Reference>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    default_flag: bool,
}

impl ContactRecord {
    const fn has_its_items(&self) -> bool {
        self.communication_items.is_some()
    }

    fn into_contact(self, references: &References, company: &CompanyRecord) -> Contact {
        let is =
            |reference: &Option<Reference>| reference.as_ref().is_some_and(|contact| contact.id == self.id);
        let protections = [
            (self.default_flag || is(&company.default_contact), Protection::DefaultContact),
            (self.default_billing_flag || is(&company.billing_contact), Protection::BillingContact),
            (self.disable_portal_login_flag == Some(false), Protection::PortalLogin),
            (references.with_tickets.contains(&ContactId(self.id)), Protection::OpenTickets),
        ];
        let name = |reference: Option<Reference>| reference.map(|named| named.name).unwrap_or_default();
        let own = |field: Option<u8>| {
            let value = field.and_then(|field| self.others.get(&user_field(field))?.as_str());
            value.unwrap_or_default().to_owned()
        };
        let UserFields { employee_id, account_id } = references.user_fields;
        let (employee_id, account_id) = (own(employee_id), own(account_id));
        Contact {
            id: ContactId(self.id),
            first_name: self.first_name.unwrap_or_default(),
            last_name: self.last_name.unwrap_or_default(),
            title: self.title.unwrap_or_default(),
            city: self.city.unwrap_or_default(),
            department: name(self.department),
            site: name(self.site),
            types: self.types.into_iter().flatten().map(|kind| kind.name).collect(),
            manager: self.manager_contact.map(|manager| ContactId(manager.id)),
            employee_id,
            account_id,
            communications: self
                .communication_items
                .into_iter()
                .flatten()
                .map(|item| Communication {
                    id: item.id,
                    slot: item.kind.map_or(Slot::OtherPhone, |kind| references.slot(kind.id)),
                    value: item.value.unwrap_or_default(),
                    default: item.default_flag,
                })
                .collect(),
            inactive: self.inactive_flag,
            protections: protections
                .into_iter()
                .filter_map(|(applies, what)| applies.then_some(what))
                .collect(),
        }
    }
}

/// All contacts of a company, read to the end.
#[derive(Debug)]
pub struct ReadContacts {
    /// The company.
    pub company: CompanyRecord,
    /// Its contacts, active and inactive.
    pub contacts: Vec<Contact>,
    /// What they refer to.
    pub references: References,
    /// When reading began, by [`Psa::now`].
    pub read_at: Duration,
}

/// A contact to be created.
#[derive(Debug)]
pub struct NewContact<'a> {
    /// The company that it will belong to.
    pub company: i64,
    /// Its fields.
    pub fields: &'a [FieldChange],
}

/// A change of a contact.
#[derive(Debug)]
pub struct Change<'a> {
    /// The contact as it was read just now.
    pub contact: &'a Contact,
    /// The fields to write.
    pub fields: &'a [FieldChange],
    /// Deactivate (`Some(true)`), bring back (`Some(false)`), or neither.
    pub inactive: Option<bool>,
}

/// What is written beside communication items.
#[derive(Default)]
struct Values {
    of_fields: Vec<(Field, Value)>,
    /// References to contact types, of which a contact has several.
    types: Vec<Value>,
}

impl Psa {
    /// One company, as the caller may see it.
    pub async fn company(&self, caller: Caller<'_>, id: i64) -> Result<CompanyRecord, PsaError> {
        self.get(caller, &["company", "companies", &id.to_string()], &[]).await
    }

    /// All contacts of a company, with what is wanted beside them. `seen` is told how many have been
    /// read so far.
    pub async fn contacts(
        &self,
        company: i64,
        wants: Wants,
        seen: impl FnMut(usize),
    ) -> Result<ReadContacts, PsaError> {
        let read_at = self.now();
        let all = Conditions::default().is(By::Company, company);
        let (mut references, record, contacts, with_tickets) = tokio::try_join!(
            Box::pin(self.references(company, wants)),
            self.company(Caller::Integrator, company),
            Box::pin(self.list_contacts(company, all, wants.user_fields, seen)),
            Box::pin(self.contacts_with_open_tickets(company)),
        )?;
        references.with_tickets = with_tickets;
        let contacts =
            contacts.into_iter().map(|contact| contact.into_contact(&references, &record)).collect();
        Ok(ReadContacts { company: record, contacts, references, read_at })
    }

    /// The contacts of a company's tickets that are not closed; none when the API member may not see
    /// tickets.
    async fn contacts_with_open_tickets(&self, company: i64) -> Result<BTreeSet<ContactId>, PsaError> {
        let open = Conditions::default().is(By::Company, company).without(By::Closed);
        let query = [open.parameter(), ("fields", "id,contact".to_owned())];
        let id = |ticket: &TicketRecord| ticket.id;
        match self.list(Caller::Integrator, &["service", "tickets"], &query, id, |_| {}).await {
            Ok(tickets) => {
                Ok(tickets.into_iter().filter_map(|ticket| Some(ContactId(ticket.contact?.id))).collect())
            }
            Err(PsaError::Forbidden | PsaError::NotFound) => Ok(BTreeSet::new()),
            Err(error) => Err(error),
        }
    }

    /// The contacts of `company` with an id above `newest`.
    pub async fn contacts_newer_than(
        &self,
        company: &CompanyRecord,
        newest: i64,
        references: &References,
    ) -> Result<Vec<Contact>, PsaError> {
        let newer = Conditions::default().is(By::Company, company.id).above(By::Id, newest);
        let contacts = self.list_contacts(company.id, newer, references.user_fields, |_| {}).await?;
        Ok(contacts.into_iter().map(|contact| contact.into_contact(references, company)).collect())
    }

    /// Those of these contacts that `company` has now, at most [`MOST_AT_A_LOOK`] in one request.
    pub async fn contacts_again(
        &self,
        company: &CompanyRecord,
        ids: &[ContactId],
        references: &References,
    ) -> Result<Vec<Contact>, PsaError> {
        let some = ids.iter().take(MOST_AT_A_LOOK).map(|id| id.0);
        let these = Conditions::default().is(By::Company, company.id).one_of(By::Id, some);
        let contacts = self.list_contacts(company.id, these, references.user_fields, |_| {}).await?;
        Ok(contacts.into_iter().map(|contact| contact.into_contact(references, company)).collect())
    }

    async fn list_contacts(
        &self,
        company: i64,
        conditions: Conditions,
        user_fields: UserFields,
        mut seen: impl FnMut(usize),
    ) -> Result<Vec<ContactRecord>, PsaError> {
        let path = ["company", "contacts"];
        let id = |contact: &ContactRecord| contact.id;
        let own = [user_fields.employee_id, user_fields.account_id];
        let own = own.into_iter().flatten().map(user_field);
        let fields: Vec<String> = [FIELDS.to_owned()].into_iter().chain(own).collect();
        let fields = ("fields", fields.join(","));
        let query = [conditions.clone().parameter(), fields];
        let some = self.list(Caller::Integrator, &path, &query, id, &mut seen).await;
        let records = match some {
            Ok(records) if records.iter().all(ContactRecord::has_its_items) => records,
            // Of a contact whose items were left out we would know nothing, and add them again.
            Ok(_) | Err(PsaError::Refused(_)) => {
                let query = [conditions.parameter()];
                self.list(Caller::Integrator, &path, &query, id, seen).await?
            }
            Err(error) => return Err(error),
        };
        let foreign = |contact: &ContactRecord| contact.company.as_ref().is_none_or(|of| of.id != company);
        if records.iter().any(foreign) {
            return Err(PsaError::Failed("it listed contacts of another company".into()));
        }
        Ok(records)
    }

    /// One contact of `company`, as it is now.
    pub async fn contact(
        &self,
        id: ContactId,
        company: &CompanyRecord,
        references: &References,
    ) -> Result<Contact, PsaError> {
        let path = ["company", "contacts", &id.to_string()];
        let record: ContactRecord = self.get(Caller::Integrator, &path, &[]).await?;
        // One that was moved to another company is no longer ours to write.
        if record.id != id.0 || record.company.as_ref().is_none_or(|of| of.id != company.id) {
            return Err(PsaError::NotFound);
        }
        Ok(record.into_contact(references, company))
    }

    /// Creates a contact; its id when the PSA said that it did.
    pub async fn create_contact(
        &self,
        new: &NewContact<'_>,
        references: &References,
    ) -> Result<Write<ContactId>, PsaError> {
        let mut body = json!({ "company": { "id": new.company } });
        let values = match self.values(new.fields, references).await? {
            Ok(values) => values,
            Err(rejection) => return Ok(Write::Rejected(rejection)),
        };
        for (field, value) in values.of_fields {
            body[property(field, references)] = value;
        }
        if !values.types.is_empty() {
            body["types"] = Value::Array(values.types);
        }
        let items =
            new.fields.iter().filter(|change| change.field.is_communication()).filter_map(|change| {
                item(change, references, is_default(change.field, new.fields, references))
            });
        body["communicationItems"] = items.collect();
        let path = ["company", "contacts"];
        let written = self.write_within(Some(PROMPTLY), Method::POST, &path, &body).await?;
        self.doubt_references_of(&written).await;
        Ok(written.and_then(|record| record["id"].as_i64().map(ContactId)))
    }

    /// The company that a contact is at; none when it is no longer in the PSA.
    pub async fn home_of(&self, id: ContactId) -> Result<Option<i64>, PsaError> {
        let path = ["company", "contacts", &id.to_string()];
        match self.get::<ContactRecord>(Caller::Integrator, &path, &[]).await {
            Ok(record) => Ok(record.company.map(|company| company.id)),
            Err(PsaError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Brings a contact from one company to another. Its site and its address there are the PSA's to
    /// choose.
    pub async fn bring_contact(
        &self,
        id: ContactId,
        from: i64,
        to: i64,
    ) -> Result<Write<ContactId>, PsaError> {
        match self.home_of(id).await? {
            None => return Ok(Write::Rejected(Rejection::NotFound)),
            Some(company) if company == to => return Ok(Write::Applied(id)),
            Some(company) if company == from => {}
            Some(_) => return Ok(Write::Rejected(Rejection::Elsewhere)),
        }
        let path = ["company", "contacts", &id.to_string()];
        let body = json!([{ "op": "replace", "path": "/company", "value": { "id": to } }]);
        Ok(match self.write_within(Some(SOON), Method::PATCH, &path, &body).await? {
            Write::Applied(record) if record["company"]["id"] != to => Write::Rejected(Rejection::NotMade),
            Write::Rejected(rejection) => Write::Rejected(rejection.of_change(&["company", "site"])),
            written => written.and_then(|_| Some(id)),
        })
    }

    /// What is written for the changes that are no communication items, or why one of them cannot be.
    async fn values(
        &self,
        changes: &[FieldChange],
        references: &References,
    ) -> Result<Result<Values, Rejection>, PsaError> {
        let mut values = Values::default();
        for change in changes.iter().filter(|change| !change.field.is_communication()) {
            match self.value(change, references).await? {
                Write::Applied(value) if change.field == Field::Type => values.types.push(value),
                Write::Applied(value) => values.of_fields.push((change.field, value)),
                Write::Rejected(rejection) => return Ok(Err(rejection)),
                Write::Unknown => return Ok(Err(Rejection::DepartmentUnknown)),
            }
        }
        Ok(Ok(values))
    }

    pub(super) async fn value(
        &self,
        change: &FieldChange,
        references: &References,
    ) -> Result<Write<Value>, PsaError> {
        let reference = |id: Option<i64>| match id {
            Some(id) => Write::Applied(json!({ "id": id })),
            None => Write::Rejected(Rejection::ReferenceGone),
        };
        Ok(match change.field {
            Field::Department => self.department(&change.new).await?.and_then(|id| Some(json!({ "id": id }))),
            Field::Site => reference(references.site(&change.new)),
            Field::Manager => reference(change.new.parse().ok()),
            Field::Type => reference(references.contact_type(&change.new)),
            _ => Write::Applied(json!(change.new)),
        })
    }

    /// A refusal may be because of a type or a department that was changed or taken away.
    pub(super) async fn doubt_references_of<T>(&self, written: &Write<T>) {
        if matches!(written, Write::Rejected(_)) {
            self.forget_communication_types().await;
            self.forget_departments().await;
        }
    }

    /// Changes a contact in one PATCH, after it has its new types. Never a PUT: the PSA refuses one that carries
    /// communication items of an existing contact, and blanks what is left out.
    pub async fn change_contact(
        &self,
        change: &Change<'_>,
        company: &CompanyRecord,
        references: &References,
    ) -> Result<Write<()>, PsaError> {
        let id = change.contact.id.to_string();
        if let Some((item, value)) = change.of_one_item() {
            // By its own id: what happened to the other items meanwhile does not matter.
            let path = ["company", "contacts", &id, "communications", &item.to_string()];
            let body = json!([{ "op": "replace", "path": "/value", "value": value }]);
            let written = self.write_within(Some(SOON), Method::PATCH, &path, &body).await?;
            return Ok(match written {
                Write::Applied(record) if record["value"].as_str() == change.fields[0].old.as_deref() => {
                    Write::Rejected(Rejection::NotMade)
                }
                Write::Rejected(rejection) => {
                    Write::Rejected(rejection.of_change(&["value", "communicationItems"]))
                }
                written => written.and_then(|_| Some(())),
            });
        }
        let values = match self.values(change.fields, references).await? {
            Ok(values) => values,
            Err(rejection) => return Ok(Write::Rejected(rejection)),
        };
        // Each type of a contact is a record of its own.
        for kind in values.types {
            let path = ["company", "contacts", &id, "typeAssociations"];
            let body = json!({ "type": kind, "contact": { "id": change.contact.id.0 } });
            match self.write_within(Some(SOON), Method::POST, &path, &body).await? {
                Write::Applied(_) => {}
                Write::Rejected(rejection) => return Ok(Write::Rejected(rejection)),
                Write::Unknown => return Ok(Write::Unknown),
            }
        }
        let operations = change.operations(values.of_fields, references);
        if operations.is_empty() {
            return Ok(Write::Applied(()));
        }
        let time = if change.depends_on_the_items() { PROMPTLY } else { SOON };
        let path = ["company", "contacts", &id];
        let body = Value::Array(operations.clone());
        let written = self.write_within(Some(time), Method::PATCH, &path, &body).await?;
        self.doubt_references_of(&written).await;
        let roots: Vec<&str> = operations
            .iter()
            .filter_map(|operation| operation["path"].as_str()?.split('/').find(|part| !part.is_empty()))
            .collect();
        let written = match written {
            Write::Rejected(rejection) => Write::Rejected(rejection.of_change(&roots)),
            written => written,
        };
        Ok(held_against(written, change.contact.id, company, references, |now| change.is_made(now)))
    }
}

/// What a PATCH of a contact came to, by the contact that it answered with: a path that the PSA does not
/// know may answer 200 all the same.
pub(super) fn held_against(
    written: Write<Value>,
    id: ContactId,
    company: &CompanyRecord,
    references: &References,
    is_made: impl FnOnce(&Contact) -> bool,
) -> Write<()> {
    match written {
        Write::Applied(record) => match serde_json::from_value::<ContactRecord>(record) {
            Ok(record) if record.id == id.0 => {
                if is_made(&record.into_contact(references, company)) {
                    Write::Applied(())
                } else {
                    Write::Rejected(Rejection::NotMade)
                }
            }
            _ => Write::Unknown,
        },
        Write::Rejected(rejection) => Write::Rejected(rejection),
        Write::Unknown => Write::Unknown,
    }
}

impl Change<'_> {
    /// Whether the change names communication items by their place in the list, so that it is right
    /// only while the list is as it was read.
    #[must_use]
    pub fn depends_on_the_items(&self) -> bool {
        self.of_one_item().is_none() && self.fields.iter().any(|field| field.field.is_communication())
    }

    /// The id and the new value of the one existing communication item that changes, when nothing
    /// else does.
    fn of_one_item(&self) -> Option<(i64, &str)> {
        let [only] = self.fields else { return None };
        if self.inactive.is_some() {
            return None;
        }
        Some((self.contact.in_slot(only.field.slot()?)?.id, &only.new))
    }

    /// Whether one PATCH made all that it was to make.
    fn is_made(&self, contact: &Contact) -> bool {
        let mut patched = self.fields.iter().filter(|field| field.field != Field::Type);
        self.inactive.is_none_or(|inactive| contact.inactive == inactive)
            && patched.all(|field| field.is_made(contact))
    }

    fn operations(&self, values: Vec<(Field, Value)>, references: &References) -> Vec<Value> {
        let mut operations = Vec::new();
        let replace = |path: String, value: Value| json!({ "op": "replace", "path": path, "value": value });
        if let Some(inactive) = self.inactive {
            operations.push(replace("/inactiveFlag".into(), json!(inactive)));
        }
        for (field, value) in values {
            operations.push(replace(format!("/{}", property(field, references)), value));
        }
        let items = &self.contact.communications;
        // An item is appended only at the index after the last: anywhere else it loses its flag.
        let mut end = items.len();
        for field in self.fields.iter().filter(|field| field.field.is_communication()) {
            let slot = field.field.slot();
            let held = slot.and_then(|slot| self.contact.in_slot(slot));
            if let Some(index) = held.and_then(|held| items.iter().position(|item| item.id == held.id)) {
                operations.push(replace(format!("/communicationItems/{index}/value"), json!(field.new)));
                continue;
            }
            let first_of_kind = slot.is_some_and(|slot| !items.iter().any(|item| same_kind(item.slot, slot)));
            let default = first_of_kind && is_default(field.field, self.fields, references);
            if let Some(item) = item(field, references, default) {
                operations.push(
                    json!({ "op": "add", "path": format!("/communicationItems/{end}"), "value": item }),
                );
                end += 1;
            }
        }
        operations
    }
}

/// The name of a user-defined field of contacts.
fn user_field(number: u8) -> String {
    format!("userDefinedField{number}")
}

/// The property of the contact record that holds a field, for those that are no communication
/// items.
pub(super) fn property(field: Field, references: &References) -> String {
    let name = match field {
        Field::FirstName => "firstName",
        Field::LastName => "lastName",
        Field::Title => "title",
        Field::Department => "department",
        Field::Site => "site",
        Field::Manager => "managerContact",
        Field::Type => "types",
        Field::EmployeeId => return user_field(references.user_fields.employee_id.unwrap_or(1)),
        Field::AccountId => return user_field(references.user_fields.account_id.unwrap_or(1)),
        Field::Email | Field::Aliases | Field::Direct | Field::Mobile | Field::Fax => "communicationItems",
    };
    name.to_owned()
}

const fn communication_type(field: Field) -> &'static str {
    match field {
        Field::Email | Field::Aliases => "Email",
        Field::Fax => "Fax",
        _ => "Phone",
    }
}

fn same_kind(one: Slot, other: Slot) -> bool {
    use Slot::{Direct, Email, Fax, Mobile, OtherEmail, OtherPhone};
    let kind = |slot| match slot {
        Email | OtherEmail => 0,
        Direct | Mobile | OtherPhone => 1,
        Fax => 2,
    };
    kind(one) == kind(other)
}

/// Whether an item is the default of its kind when the contact has none of that kind yet: of its numbers
/// the one that was chosen for that, if it gets it.
fn is_default(field: Field, all: &[FieldChange], references: &References) -> bool {
    let chosen = match references.default_phone {
        DefaultPhone::Direct => Field::Direct,
        DefaultPhone::Mobile => Field::Mobile,
    };
    match field {
        Field::Aliases => false,
        Field::Direct | Field::Mobile => field == chosen || !all.iter().any(|change| change.field == chosen),
        _ => true,
    }
}

/// A new communication item. The plan holds no field that the installation has no type for, see
/// [`References::places`].
fn item(change: &FieldChange, references: &References, default: bool) -> Option<Value> {
    let id = references.type_of(change.field)?;
    Some(json!({
        "type": { "id": id },
        "value": change.new,
        "communicationType": communication_type(change.field),
        "defaultFlag": default,
    }))
}
