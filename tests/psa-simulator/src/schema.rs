//! The records of the PSA and their fields, as the public API description lists them.
//!
//! The tables answer three questions: may a condition name this field, what may be written to
//! it, and how long may it be. Limits that the newer descriptions no longer carry are the ones
//! that the older ones enforced.

mod fields;
mod finance;
mod service;
mod system;

use serde::{Deserialize, Serialize};

/// One record: a JSON object without nulls.
pub type Record = serde_json::Map<String, serde_json::Value>;

/// The kinds of record that stand in tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Kind {
    /// `/company/companies`
    Company,
    /// `/company/companies/statuses`
    CompanyStatus,
    /// `/company/companies/types`
    CompanyType,
    /// `/company/contacts`
    Contact,
    /// `/company/contacts/types`
    ContactType,
    /// `/company/contacts/departments`
    Department,
    /// `/company/contacts/relationships`
    Relationship,
    /// `/company/companies/{id}/notes`
    Note,
    /// `/company/noteTypes`
    NoteType,
    /// `/company/companies/{id}/sites`
    Site,
    /// `/company/communicationTypes`
    CommunicationType,
    /// `/system/connectwisehostedsetups`
    HostedSetup,
    /// `/system/connectWiseHostedScreens`
    HostedScreen,
    /// `/system/menuentries`
    MenuEntry,
    /// `/finance/agreements/types`
    AgreementType,
    /// `/finance/agreements`
    Agreement,
    /// `/finance/agreements/{id}/additions`
    Addition,
    /// `/procurement/catalog`
    Product,
    /// `/service/boards`
    Board,
    /// `/service/boards/{id}/statuses`
    BoardStatus,
    /// `/service/priorities`
    Priority,
    /// `/service/sources`
    Source,
    /// `/service/tickets`
    Ticket,
    /// `/service/tickets/{id}/notes`
    TicketNote,
    /// `/service/boards/{id}/types`
    BoardType,
    /// `/company/contactTypeAssociations`
    TypeAssociation,
    /// `/system/userDefinedFields`
    UserDefinedField,
    /// `/system/callbacks`
    Callback,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Text,
    Integer,
    /// A number with decimals.
    Number,
    Flag,
    Date,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// `{id, identifier|name}`, of a table of ours or of something that is taken as it comes.
    Reference(Option<Kind>),
    /// An array of objects, with their fields.
    Items(&'static [Field]),
    /// An array of anything.
    List,
    /// `_info`.
    Info,
}

/// Who writes a field and who sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody who may do so with the record.
    Open,
    /// The server alone writes it.
    Computed,
    /// It can be written and is never shown.
    Secret,
}

/// One field of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// The longest text, in characters.
    pub(crate) limit: Option<usize>,
    pub(crate) required: bool,
    pub(crate) access: Access,
    /// A flag that is true unless something else is said.
    pub(crate) on: bool,
}

impl Field {
    const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, limit: None, required: false, access: Access::Open, on: false }
    }

    const fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn computed(mut self) -> Self {
        self.access = Access::Computed;
        self
    }

    const fn on(mut self) -> Self {
        self.on = true;
        self
    }

    const fn secret(mut self) -> Self {
        self.access = Access::Secret;
        self
    }
}

/// The fields of one kind of record and the words around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema {
    /// As it stands in `errors[].resource` and in "contact object is invalid".
    pub(crate) resource: &'static str,
    /// As it stands in "Contact 57919 not found".
    pub(crate) title: &'static str,
    /// The path of the collection; `{parent}` stands for what owns the rows.
    pub(crate) path: &'static str,
    pub(crate) fields: &'static [Field],
}

impl Schema {
    /// The field of exactly this name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field of this name in any case, as conditions name it.
    pub(crate) fn field_any_case(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

impl Kind {
    pub(crate) fn schema(self) -> &'static Schema {
        match self {
            Self::Company => &fields::COMPANY,
            Self::CompanyStatus => &fields::COMPANY_STATUS,
            Self::CompanyType => &fields::COMPANY_TYPE,
            Self::Contact => &fields::CONTACT,
            Self::ContactType => &fields::CONTACT_TYPE,
            Self::Department => &fields::DEPARTMENT,
            Self::Relationship => &fields::RELATIONSHIP,
            Self::Note => &fields::NOTE,
            Self::NoteType => &fields::NOTE_TYPE,
            Self::Site => &fields::SITE,
            Self::CommunicationType => &fields::COMMUNICATION_TYPE,
            Self::HostedSetup => &system::HOSTED_SETUP,
            Self::HostedScreen => &system::HOSTED_SCREEN,
            Self::MenuEntry => &system::MENU_ENTRY,
            Self::AgreementType => &finance::AGREEMENT_TYPE,
            Self::Agreement => &finance::AGREEMENT,
            Self::Addition => &finance::ADDITION,
            Self::Product => &finance::PRODUCT,
            Self::Board => &service::BOARD,
            Self::BoardStatus => &service::BOARD_STATUS,
            Self::Priority => &service::PRIORITY,
            Self::Source => &service::SOURCE,
            Self::Ticket => &service::TICKET,
            Self::TicketNote => &service::TICKET_NOTE,
            Self::BoardType => &service::BOARD_TYPE,
            Self::TypeAssociation => &fields::TYPE_ASSOCIATION,
            Self::UserDefinedField => &system::USER_DEFINED_FIELD,
            Self::Callback => &system::CALLBACK,
        }
    }

    /// Whether these are rows that an administrator sets up for others to choose from.
    pub(crate) fn is_setup_table(self) -> bool {
        matches!(
            self,
            Self::CommunicationType
                | Self::CompanyStatus
                | Self::CompanyType
                | Self::ContactType
                | Self::Department
                | Self::NoteType
                | Self::Relationship
        )
    }

    /// The property that names a record of this kind inside a reference.
    pub(crate) fn name_field(self) -> &'static str {
        match self {
            Self::CommunicationType | Self::ContactType | Self::HostedSetup => "description",
            Self::MenuEntry => "caption",
            Self::Product => "identifier",
            Self::Ticket => "summary",
            _ => "name",
        }
    }
}

/// Records that are made up when asked for: no table holds them.
pub(crate) use fields::{COMMUNICATION, CUSTOM_FIELD};
pub(crate) use system::{API_MEMBER, AUDIT, MEMBER, MY_SECURITY};
