//! The REST interface, `/{codebase}apis/3.0/...`: one table of everything that is answered.
//!
//! A line is a method, a path, the right it takes and what it does. To add an endpoint, add a
//! line, and for a new kind of record its fields in [`crate::schema`] and its rules in [`rules`].

mod audit;
mod auth;
mod body;
mod call;
mod callback;
mod collection;
mod communications;
mod contact;
mod exchange;
mod finance;
mod patch;
mod present;
mod reply;
mod rights;
mod rules;
mod system;
mod ticket;
mod types;
mod usages;

pub(crate) use call::Head;
pub(crate) use exchange::{Disturbance, Payload, carry_out, exchange};
pub(crate) use system::company_info;

use call::Call;
use collection::{count, create, delete, list, put, read};
use reply::Answer;
use rights::Need::{self, Add, Delete, Edit, Inquire, SignedIn};
use rights::{
    AGREEMENTS, CATALOG, COMPANIES, CONTACTS, HOSTED_API, MEMBERS, MY_COMPANY, NOTES, TABLES, TICKETS,
};

use crate::schema::Kind;
use crate::world::World;

/// What a line of the table does.
type Handler = fn(&mut World, &Call) -> Answer;

/// One line of the table: method, path, right, and what is done.
struct Route(&'static str, &'static str, Need, Handler);

const COMPANY: &str = "/company/companies";
const COMPANY_ID: &str = "/company/companies/{id}";
const NOTE: &str = "/company/companies/{id}/notes";
const NOTE_ID: &str = "/company/companies/{id}/notes/{id}";
const CONTACT: &str = "/company/contacts";
const CONTACT_ID: &str = "/company/contacts/{id}";
const ITEM: &str = "/company/contacts/{id}/communications";
const ITEM_ID: &str = "/company/contacts/{id}/communications/{id}";
const AGREEMENT: &str = "/finance/agreements";
const AGREEMENT_ID: &str = "/finance/agreements/{id}";
const ADDITION: &str = "/finance/agreements/{id}/additions";
const ADDITION_ID: &str = "/finance/agreements/{id}/additions/{id}";
const TICKET: &str = "/service/tickets";
const TICKET_ID: &str = "/service/tickets/{id}";
const TICKET_NOTE: &str = "/service/tickets/{id}/notes";
const TICKET_NOTE_ID: &str = "/service/tickets/{id}/notes/{id}";
const TYPES_OF: &str = "/company/contacts/{id}/typeAssociations";
const TYPES_OF_ID: &str = "/company/contacts/{id}/typeAssociations/{id}";
const TYPES: &str = "/company/contactTypeAssociations";
const TYPES_ID: &str = "/company/contactTypeAssociations/{id}";
const MENU: &str = "/system/menuentries";
const MENU_ID: &str = "/system/menuentries/{id}";
const SETUP: &str = "/system/connectwisehostedsetups";
const SETUP_ID: &str = "/system/connectwisehostedsetups/{id}";

/// Reading a setup table takes no right of its own (ConnectWise Developer Guide, "Security
/// Roles"); the table of hosted pages has a line that reading it takes.
#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route("GET", "/system/info", Inquire(MY_COMPANY), |world, _| Ok(system::info(world))),
    Route("GET", "/system/mySecurity", SignedIn, |world, call| system::my_security(world, call)),
    Route("GET", "/system/myMembers/info", SignedIn, |world, call| Ok(system::myself(world, call))),
    Route("GET", "/system/members", Inquire(MEMBERS), |world, call| system::members(world, call)),

    Route("GET", COMPANY, Inquire(COMPANIES), |world, call| list(world, call, Kind::Company)),
    Route("POST", COMPANY, Add(COMPANIES), |world, call| create(world, call, Kind::Company)),
    Route("GET", "/company/companies/count", Inquire(COMPANIES), |world, call| count(world, call, Kind::Company)),
    Route("GET", COMPANY_ID, Inquire(COMPANIES), |world, call| read(world, call, Kind::Company)),
    Route("PATCH", COMPANY_ID, Edit(COMPANIES), |world, call| collection::patch(world, call, Kind::Company)),
    Route("PUT", COMPANY_ID, Edit(COMPANIES), |world, call| put(world, call, Kind::Company)),
    Route("DELETE", COMPANY_ID, Delete(COMPANIES), |world, call| delete(world, call, Kind::Company)),
    Route("GET", "/company/companies/{id}/sites", Inquire(COMPANIES), |world, call| list(world, call, Kind::Site)),
    Route("GET", "/company/companies/{id}/sites/{id}", Inquire(COMPANIES), |world, call| read(world, call, Kind::Site)),

    Route("GET", NOTE, Inquire(NOTES), |world, call| list(world, call, Kind::Note)),
    Route("POST", NOTE, Add(NOTES), |world, call| create(world, call, Kind::Note)),
    Route("GET", "/company/companies/{id}/notes/count", Inquire(NOTES), |world, call| count(world, call, Kind::Note)),
    Route("GET", NOTE_ID, Inquire(NOTES), |world, call| read(world, call, Kind::Note)),
    Route("PATCH", NOTE_ID, Edit(NOTES), |world, call| collection::patch(world, call, Kind::Note)),
    Route("PUT", NOTE_ID, Edit(NOTES), |world, call| put(world, call, Kind::Note)),
    Route("DELETE", NOTE_ID, Delete(NOTES), |world, call| delete(world, call, Kind::Note)),

    Route("GET", CONTACT, Inquire(CONTACTS), |world, call| list(world, call, Kind::Contact)),
    Route("POST", CONTACT, Add(CONTACTS), |world, call| create(world, call, Kind::Contact)),
    Route("GET", "/company/contacts/count", Inquire(CONTACTS), |world, call| count(world, call, Kind::Contact)),
    Route("GET", CONTACT_ID, Inquire(CONTACTS), |world, call| read(world, call, Kind::Contact)),
    Route("PATCH", CONTACT_ID, Edit(CONTACTS), |world, call| collection::patch(world, call, Kind::Contact)),
    Route("PUT", CONTACT_ID, Edit(CONTACTS), |world, call| put(world, call, Kind::Contact)),
    Route("DELETE", CONTACT_ID, Delete(CONTACTS), |world, call| delete(world, call, Kind::Contact)),
    Route("GET", "/company/contacts/{id}/usages", Inquire(CONTACTS), |world, call| usages::of_contact(world, call)),
    Route("GET", ITEM, Inquire(CONTACTS), |world, call| communications::list(world, call)),
    Route("POST", ITEM, Edit(CONTACTS), communications::create),
    Route("GET", "/company/contacts/{id}/communications/count", Inquire(CONTACTS), |world, call| communications::count(world, call)),
    Route("GET", ITEM_ID, Inquire(CONTACTS), |world, call| communications::read(world, call)),
    Route("PATCH", ITEM_ID, Edit(CONTACTS), communications::patch),
    Route("PUT", ITEM_ID, Edit(CONTACTS), communications::put),
    Route("DELETE", ITEM_ID, Edit(CONTACTS), communications::delete),

    Route("GET", "/system/connectWiseHostedScreens", Inquire(HOSTED_API), |world, call| list(world, call, Kind::HostedScreen)),
    Route("GET", AGREEMENT, Inquire(AGREEMENTS), |world, call| list(world, call, Kind::Agreement)),
    Route("POST", AGREEMENT, Add(AGREEMENTS), |world, call| create(world, call, Kind::Agreement)),
    Route("GET", "/finance/agreements/count", Inquire(AGREEMENTS), |world, call| count(world, call, Kind::Agreement)),
    Route("GET", "/finance/agreements/types", SignedIn, |world, call| list(world, call, Kind::AgreementType)),
    Route("GET", "/finance/agreements/types/{id}", SignedIn, |world, call| read(world, call, Kind::AgreementType)),
    Route("GET", AGREEMENT_ID, Inquire(AGREEMENTS), |world, call| read(world, call, Kind::Agreement)),
    Route("PATCH", AGREEMENT_ID, Edit(AGREEMENTS), |world, call| collection::patch(world, call, Kind::Agreement)),
    Route("PUT", AGREEMENT_ID, Edit(AGREEMENTS), |world, call| put(world, call, Kind::Agreement)),
    Route("DELETE", AGREEMENT_ID, Delete(AGREEMENTS), |world, call| delete(world, call, Kind::Agreement)),
    Route("GET", ADDITION, Inquire(AGREEMENTS), |world, call| list(world, call, Kind::Addition)),
    Route("POST", ADDITION, Add(AGREEMENTS), |world, call| create(world, call, Kind::Addition)),
    Route("GET", "/finance/agreements/{id}/additions/count", Inquire(AGREEMENTS), |world, call| count(world, call, Kind::Addition)),
    Route("GET", ADDITION_ID, Inquire(AGREEMENTS), |world, call| read(world, call, Kind::Addition)),
    Route("PATCH", ADDITION_ID, Edit(AGREEMENTS), |world, call| collection::patch(world, call, Kind::Addition)),
    Route("PUT", ADDITION_ID, Edit(AGREEMENTS), |world, call| put(world, call, Kind::Addition)),
    Route("DELETE", ADDITION_ID, Delete(AGREEMENTS), |world, call| delete(world, call, Kind::Addition)),
    Route("GET", "/procurement/catalog", Inquire(CATALOG), |world, call| list(world, call, Kind::Product)),
    Route("GET", "/procurement/catalog/count", Inquire(CATALOG), |world, call| count(world, call, Kind::Product)),
    Route("GET", "/procurement/catalog/{id}", Inquire(CATALOG), |world, call| read(world, call, Kind::Product)),

    Route("GET", TICKET, Inquire(TICKETS), |world, call| list(world, call, Kind::Ticket)),
    Route("POST", TICKET, Add(TICKETS), |world, call| create(world, call, Kind::Ticket)),
    Route("GET", "/service/tickets/count", Inquire(TICKETS), |world, call| count(world, call, Kind::Ticket)),
    Route("GET", TICKET_ID, Inquire(TICKETS), |world, call| read(world, call, Kind::Ticket)),
    Route("PATCH", TICKET_ID, Edit(TICKETS), |world, call| collection::patch(world, call, Kind::Ticket)),
    Route("PUT", TICKET_ID, Edit(TICKETS), |world, call| put(world, call, Kind::Ticket)),
    Route("DELETE", TICKET_ID, Delete(TICKETS), |world, call| delete(world, call, Kind::Ticket)),
    Route("GET", "/service/boards", SignedIn, |world, call| list(world, call, Kind::Board)),
    Route("GET", "/service/boards/{id}", SignedIn, |world, call| read(world, call, Kind::Board)),
    Route("GET", "/service/boards/{id}/statuses", SignedIn, |world, call| list(world, call, Kind::BoardStatus)),
    Route("GET", "/service/boards/{id}/statuses/{id}", SignedIn, |world, call| read(world, call, Kind::BoardStatus)),

    Route("GET", "/service/boards/{id}/types", SignedIn, |world, call| list(world, call, Kind::BoardType)),
    Route("GET", "/service/boards/{id}/types/{id}", SignedIn, |world, call| read(world, call, Kind::BoardType)),
    Route("GET", TICKET_NOTE, Inquire(TICKETS), |world, call| list(world, call, Kind::TicketNote)),
    Route("POST", TICKET_NOTE, Edit(TICKETS), |world, call| create(world, call, Kind::TicketNote)),
    Route("GET", "/service/tickets/{id}/notes/count", Inquire(TICKETS), |world, call| count(world, call, Kind::TicketNote)),
    Route("GET", TICKET_NOTE_ID, Inquire(TICKETS), |world, call| read(world, call, Kind::TicketNote)),
    Route("PATCH", TICKET_NOTE_ID, Edit(TICKETS), |world, call| collection::patch(world, call, Kind::TicketNote)),
    Route("PUT", TICKET_NOTE_ID, Edit(TICKETS), |world, call| put(world, call, Kind::TicketNote)),
    Route("DELETE", TICKET_NOTE_ID, Edit(TICKETS), |world, call| delete(world, call, Kind::TicketNote)),

    Route("GET", TYPES_OF, Inquire(CONTACTS), |world, call| list(world, call, Kind::TypeAssociation)),
    Route("POST", TYPES_OF, Edit(CONTACTS), |world, call| create(world, call, Kind::TypeAssociation)),
    Route("GET", "/company/contacts/{id}/typeAssociations/count", Inquire(CONTACTS), |world, call| count(world, call, Kind::TypeAssociation)),
    Route("GET", TYPES_OF_ID, Inquire(CONTACTS), |world, call| read(world, call, Kind::TypeAssociation)),
    Route("DELETE", TYPES_OF_ID, Edit(CONTACTS), types::delete),
    Route("GET", TYPES, Inquire(CONTACTS), |world, call| list(world, call, Kind::TypeAssociation)),
    Route("POST", TYPES, Edit(CONTACTS), |world, call| create(world, call, Kind::TypeAssociation)),
    Route("GET", "/company/contactTypeAssociations/count", Inquire(CONTACTS), |world, call| count(world, call, Kind::TypeAssociation)),
    Route("GET", TYPES_ID, Inquire(CONTACTS), |world, call| read(world, call, Kind::TypeAssociation)),
    Route("DELETE", TYPES_ID, Edit(CONTACTS), types::delete),

    Route("GET", "/system/audittrail", SignedIn, |world, call| audit::list(world, call)),
    Route("GET", "/system/audittrail/count", SignedIn, |world, call| audit::count(world, call)),
    Route("GET", "/system/apiMembers", Inquire(MEMBERS), |world, call| system::api_members(world, call)),
    Route("GET", "/system/callbacks/keys/{id}", SignedIn, |world, _| Ok(callback::key(world))),
    Route("GET", "/system/userDefinedFields", SignedIn, |world, call| list(world, call, Kind::UserDefinedField)),
    Route("GET", "/system/userDefinedFields/count", SignedIn, |world, call| count(world, call, Kind::UserDefinedField)),
    Route("GET", "/system/userDefinedFields/{id}", SignedIn, |world, call| read(world, call, Kind::UserDefinedField)),

    Route("GET", MENU, SignedIn, |world, call| list(world, call, Kind::MenuEntry)),
    Route("POST", MENU, Add(TABLES), |world, call| create(world, call, Kind::MenuEntry)),
    Route("GET", "/system/menuentries/count", SignedIn, |world, call| count(world, call, Kind::MenuEntry)),
    Route("GET", MENU_ID, SignedIn, |world, call| read(world, call, Kind::MenuEntry)),
    Route("PATCH", MENU_ID, Edit(TABLES), |world, call| collection::patch(world, call, Kind::MenuEntry)),
    Route("PUT", MENU_ID, Edit(TABLES), |world, call| put(world, call, Kind::MenuEntry)),
    Route("DELETE", MENU_ID, Delete(TABLES), |world, call| delete(world, call, Kind::MenuEntry)),

    Route("GET", SETUP, Inquire(HOSTED_API), |world, call| list(world, call, Kind::HostedSetup)),
    Route("POST", SETUP, Add(TABLES), |world, call| create(world, call, Kind::HostedSetup)),
    Route("GET", "/system/connectwisehostedsetups/count", Inquire(HOSTED_API), |world, call| count(world, call, Kind::HostedSetup)),
    Route("GET", SETUP_ID, Inquire(HOSTED_API), |world, call| read(world, call, Kind::HostedSetup)),
    Route("PATCH", SETUP_ID, Edit(TABLES), |world, call| collection::patch(world, call, Kind::HostedSetup)),
    Route("PUT", SETUP_ID, Edit(TABLES), |world, call| put(world, call, Kind::HostedSetup)),
    Route("DELETE", SETUP_ID, Delete(TABLES), |world, call| delete(world, call, Kind::HostedSetup)),
];

/// What every setup table answers: a row is read without a right of its own and written with
/// the one for setup tables.
macro_rules! setup_table {
    ($path:literal, $kind:ident) => {
        [
            Route("GET", $path, SignedIn, |world, call| list(world, call, Kind::$kind)),
            Route("POST", $path, Add(TABLES), |world, call| create(world, call, Kind::$kind)),
            Route("GET", concat!($path, "/count"), SignedIn, |world, call| count(world, call, Kind::$kind)),
            Route("GET", concat!($path, "/{id}"), SignedIn, |world, call| read(world, call, Kind::$kind)),
            Route("PATCH", concat!($path, "/{id}"), Edit(TABLES), |world, call| {
                collection::patch(world, call, Kind::$kind)
            }),
            Route("PUT", concat!($path, "/{id}"), Edit(TABLES), |world, call| put(world, call, Kind::$kind)),
            Route("DELETE", concat!($path, "/{id}"), Delete(TABLES), |world, call| {
                delete(world, call, Kind::$kind)
            }),
        ]
    };
}

static SETUP_TABLES: &[[Route; 7]] = &[
    setup_table!("/service/priorities", Priority),
    setup_table!("/service/sources", Source),
    setup_table!("/company/communicationTypes", CommunicationType),
    setup_table!("/company/companies/statuses", CompanyStatus),
    setup_table!("/company/companies/types", CompanyType),
    setup_table!("/company/contacts/departments", Department),
    setup_table!("/company/contacts/relationships", Relationship),
    setup_table!("/company/contacts/types", ContactType),
    setup_table!("/company/noteTypes", NoteType),
    setup_table!("/system/callbacks", Callback),
];

/// Every line there is.
fn routes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().chain(SETUP_TABLES.as_flattened())
}

/// The numbers that stand for `{id}` when a path has this form. Paths are taken in any case,
/// as the PSA's server does.
fn ids(pattern: &str, path: &str) -> Option<Vec<i64>> {
    let mut ids = Vec::new();
    let mut segments = path.split('/');
    for wanted in pattern.split('/') {
        let segment = segments.next()?;
        if wanted == "{id}" {
            ids.push(segment.parse().ok().filter(|id| *id > 0)?);
        } else if !wanted.eq_ignore_ascii_case(segment) {
            return None;
        }
    }
    segments.next().is_none().then_some(ids)
}
