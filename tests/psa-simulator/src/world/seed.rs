//! A new PSA: its setup tables, and the companies and contacts of two CSV files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::members::default_members;
use super::{Place, Tables, World, custom_field_row, fresh_hash};
use crate::openapi::Description;
use crate::options::{Csv, Options, Pod};
use crate::schema::Kind;

const SAMPLE_COMPANIES: &str = include_str!("../../data/companies.csv");
const SAMPLE_CONTACTS: &str = include_str!("../../data/contacts.csv");

/// Who entered the records of the beginning.
const FOUNDER: &str = "Admin1";

/// The communication types: id, description, kind, default of its kind.
const COMMUNICATION_TYPES: [(i64, &str, &str, bool); 8] = [
    (1, "Email", "emailFlag", true),
    (2, "Direct", "phoneFlag", true),
    (3, "Fax", "faxFlag", true),
    (4, "Mobile", "phoneFlag", false),
    (5, "Email 2", "emailFlag", false),
    (7, "Pager", "phoneFlag", false),
    (9, "Home", "phoneFlag", false),
    (10, "Assistant", "phoneFlag", false),
];

/// The screens that can host a pod, as a live PSA listed them.
const SCREENS: [(i64, &str); 7] = [
    (1, "CompanyDetail"),
    (2, "ContactDetail"),
    (3, "ConnectWiseToday"),
    (4, "ServiceTicket"),
    (5, "ProjectTicket"),
    (6, "SalesOrderDetail"),
    (7, "CompanyFinanceDetail"),
];

impl World {
    /// The world that `options` describe, at this port.
    pub(crate) fn begin(options: &Options, port: u16) -> Result<Self> {
        let codebase = if options.cloud { "v2026_4/" } else { "v4_6_release/" };
        let mut world = Self {
            switches: options.switches.clone(),
            tables: Tables::default(),
            place: Place {
                login_company: options.login_company.clone(),
                cloud: options.cloud,
                tls: options.tls_dir.is_some(),
                port,
                codebase: codebase.into(),
            },
            client_id: options.client_id.clone(),
            members: default_members(options),
            sessions: BTreeMap::new(),
            faults: Vec::new(),
            oracle: None,
            description: description(options)?,
            misfits: Vec::new(),
            undescribed: BTreeSet::new(),
            latency: options.latency,
            journal: Vec::new(),
            mails: Vec::new(),
            calls: BTreeMap::new(),
            data: options.data.clone(),
            audit: Vec::new(),
            outbox: Vec::new(),
            post: Arc::default(),
            failing: BTreeMap::new(),
            signing_key: fresh_hash(),
            layouts: BTreeMap::new(),
        };
        if !world.take_up()? {
            world.found(options)?;
        }
        for pod in &options.pods {
            world.register(pod);
        }
        world.save()?;
        Ok(world)
    }

    fn found(&mut self, options: &Options) -> Result<()> {
        self.setup_tables();
        // Ids are told apart more easily when each kind counts from somewhere else.
        self.tables.skip_to(Kind::Site, 4100);
        self.tables.skip_to(Kind::Contact, 57900);
        self.tables.skip_to(Kind::Note, 3100);
        let companies = read_csv(&options.companies, SAMPLE_COMPANIES, "companies")?;
        for (_, company) in companies {
            self.found_company(&company);
        }
        let contacts = read_csv(&options.contacts, SAMPLE_CONTACTS, "contacts")?;
        for (line, contact) in contacts {
            self.found_contact(line, &contact)?;
        }
        self.found_finance();
        self.found_service();
        Ok(())
    }

    fn setup_tables(&mut self) {
        for (id, name, inactive) in [(1, "Active", false), (2, "Inactive", true), (3, "Prospect", false)] {
            let status = json!({"name": name, "defaultFlag": id == 1, "inactiveFlag": inactive});
            self.found_record(Kind::CompanyStatus, id, status);
        }
        for (id, name) in [(1, "Comments"), (2, "Sales"), (3, "Special Instructions"), (4, "Warning")] {
            let note_type = json!({
                "identifier": name.chars().take(15).collect::<String>(),
                "name": name, "defaultFlag": id == 1, "importFlag": false,
            });
            self.found_record(Kind::NoteType, id, note_type);
        }
        for (id, description) in [(1, "End User"), (2, "Approver"), (3, "Accounts Payable"), (4, "VIP")] {
            let contact_type = json!({
                "description": description, "defaultFlag": false, "serviceAlertFlag": false,
            });
            self.found_record(Kind::ContactType, id, contact_type);
        }
        for (id, name) in [(1, "Administration"), (2, "Finance"), (3, "Sales")] {
            self.found_record(Kind::Department, id, json!({"name": name}));
        }
        for (id, name) in [(1, "Client"), (2, "Prospect"), (3, "Vendor")] {
            let company_type = json!({
                "name": name, "defaultFlag": id == 1, "vendorFlag": name == "Vendor", "serviceAlertFlag": false,
            });
            self.found_record(Kind::CompanyType, id, company_type);
        }
        for (id, name) in [(1, "Assistant"), (2, "Manager"), (3, "Spouse")] {
            self.found_record(Kind::Relationship, id, json!({"name": name}));
        }
        let field = json!({
            "podId": 2, "caption": "Preferred Language", "sequenceNumber": 10, "screenId": "ContactDetail",
            "fieldTypeIdentifier": "Text", "entryTypeIdentifier": "EntryField", "numberDecimals": 0,
            "requiredFlag": false, "displayOnScreenFlag": true, "readOnlyFlag": false, "listViewFlag": false,
        });
        self.found_record(Kind::UserDefinedField, 45, field);
        for (id, name) in SCREENS {
            let screen = json!({"screenId": name, "name": name});
            self.found_record(Kind::HostedScreen, id, screen);
        }
        for (id, description, kind, default) in COMMUNICATION_TYPES {
            let mut row = json!({
                "description": description, "phoneFlag": false, "faxFlag": false, "emailFlag": false,
                "defaultFlag": default, "disabled": description == "Pager",
            });
            row[kind] = true.into();
            self.found_record(Kind::CommunicationType, id, row);
        }
    }

    pub(super) fn found_record(&mut self, kind: Kind, id: i64, value: Value) {
        if let Value::Object(record) = value {
            self.store(kind, id, record, FOUNDER);
        }
    }

    fn found_company(&mut self, row: &CompanyRow) {
        let company = json!({
            "identifier": row.identifier,
            "name": row.name,
            "status": self.reference(Kind::CompanyStatus, row.status as i64),
            "city": row.city,
            "yearEstablished": row.year_established,
            "deletedFlag": false,
            "leadFlag": false,
            "unsubscribeFlag": false,
            "isVendorFlag": false,
            "types": [],
        });
        self.found_record(Kind::Company, row.id, company);
        self.add_main_site(row.id, FOUNDER);
    }

    /// The site "Main", and the company's pointer to it.
    pub(crate) fn add_main_site(&mut self, company: i64, by: &str) {
        let city = self.record(Kind::Company, company).and_then(|record| record.get("city").cloned());
        let site = json!({
            "name": "Main",
            "city": city,
            "company": self.reference(Kind::Company, company),
            "primaryAddressFlag": true,
            "defaultShippingFlag": true,
            "defaultBillingFlag": true,
            "defaultMailingFlag": true,
            "inactiveFlag": false,
        });
        let id = self.tables.next_id(Kind::Site);
        if let Value::Object(site) = site {
            self.store(Kind::Site, id, site, by);
        }
        let main = self.reference(Kind::Site, id);
        if let (Some(record), Some(main)) = (self.tables.get_mut(Kind::Company, company), main) {
            record.insert("site".into(), main);
        }
    }

    fn found_contact(&mut self, line: u64, row: &ContactRow) -> Result<()> {
        let Some(company) = self.company_id(&row.company) else {
            bail!(
                "line {line}: the contact {} {} names the company {:?}, which is not among the companies",
                row.first_name,
                row.last_name,
                row.company
            );
        };
        let mut items = Vec::new();
        for (type_id, value) in [(1, &row.email), (2, &row.direct), (4, &row.mobile), (3, &row.fax)] {
            if let Some(item) = self.found_item(type_id, value.as_deref(), &items) {
                items.push(item);
            }
        }
        let phone =
            items.iter().find(|item| item["communicationType"] == "Phone" && item["defaultFlag"] == true);
        let site = self.record(Kind::Company, company).and_then(|record| record.get("site").cloned());
        let contact = json!({
            "firstName": row.first_name,
            "lastName": row.last_name,
            "title": row.title.clone().filter(|title| !title.is_empty()),
            "company": self.reference(Kind::Company, company),
            "site": site,
            "inactiveFlag": row.inactive,
            "defaultFlag": row.default,
            "defaultBillingFlag": row.billing,
            "disablePortalLoginFlag": !row.portal,
            "portalSecurityLevel": 1,
            "unsubscribeFlag": false,
            "marriedFlag": false,
            "childrenFlag": false,
            "types": [],
            "mobileGuid": uuid::Uuid::new_v4().to_string(),
            "defaultPhoneType": phone.map_or_else(|| json!("Site"), |item| item["type"]["name"].clone()),
            "defaultPhoneNbr": phone.map(|item| item["value"].clone()),
            "communicationItems": items,
            "customFields": [custom_field_row()],
        });
        let id = self.tables.next_id(Kind::Contact);
        self.found_record(Kind::Contact, id, contact);
        let reference = self.reference(Kind::Contact, id);
        for (wanted, field) in [(row.default, "defaultContact"), (row.billing, "billingContact")] {
            if wanted
                && let (Some(record), Some(contact)) =
                    (self.tables.get_mut(Kind::Company, company), &reference)
            {
                record.insert(field.into(), contact.clone());
            }
        }
        Ok(())
    }

    fn found_item(&mut self, type_id: i64, value: Option<&str>, others: &[Value]) -> Option<Value> {
        let value = value.filter(|value| !value.is_empty())?;
        let kind = match type_id {
            1 => "Email",
            3 => "Fax",
            _ => "Phone",
        };
        let first = others.iter().all(|item| item["communicationType"] != kind);
        let mut item = json!({
            "id": self.tables.next_item_id(),
            "type": self.reference(Kind::CommunicationType, type_id),
            "value": value,
            "defaultFlag": first,
            "communicationType": kind,
        });
        if let Some((_, domain)) = value.rsplit_once('@').filter(|_| kind == "Email") {
            item["domain"] = format!("@{domain}").into();
        }
        Some(item)
    }

    /// Register a pod on the company screen; gives the id of its row.
    pub fn register(&mut self, pod: &Pod) -> i64 {
        let screen = self
            .tables
            .rows(Kind::HostedScreen)
            .iter()
            .find(|(_, screen)| screen.get("name").is_some_and(|name| name == "CompanyDetail"))
            .map(|(id, _)| *id);
        let row = json!({
            "screenId": screen,
            "description": pod.description,
            "url": pod.url,
            "origin": pod.origin,
            "type": "Pod",
            "podHeight": pod.height,
            "disabledFlag": false,
            "locationsEnabledFlag": false,
            "createdBy": FOUNDER,
        });
        let known = self
            .records(Kind::HostedSetup)
            .find(|setup| setup.get("url").is_some_and(|url| *url == pod.url))
            .and_then(|setup| setup.get("id"))
            .and_then(Value::as_i64);
        // One that is registered already stays as somebody may have changed it since.
        known.unwrap_or_else(|| {
            let id = self.tables.next_id(Kind::HostedSetup);
            self.found_record(Kind::HostedSetup, id, row);
            id
        })
    }
}

fn description(options: &Options) -> Result<Option<Arc<Description>>> {
    let named = std::env::var_os("PSA_OPENAPI").filter(|name| !name.is_empty()).map(PathBuf::from);
    options.openapi.clone().or(named).map(|path| Description::read(&path)).transpose()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompanyRow {
    id: i64,
    identifier: String,
    name: String,
    status: Status,
    city: Option<String>,
    /// As somebody may have typed it before the PSA looked at it.
    #[serde(default)]
    year_established: Option<i64>,
}

#[derive(Clone, Copy, Deserialize)]
enum Status {
    Active = 1,
    Inactive = 2,
    Prospect = 3,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
struct ContactRow {
    company: String,
    first_name: String,
    last_name: String,
    title: Option<String>,
    email: Option<String>,
    direct: Option<String>,
    mobile: Option<String>,
    fax: Option<String>,
    #[serde(deserialize_with = "flag")]
    inactive: bool,
    #[serde(deserialize_with = "flag")]
    default: bool,
    #[serde(deserialize_with = "flag")]
    billing: bool,
    #[serde(deserialize_with = "flag")]
    portal: bool,
}

fn flag<'a, D: Deserializer<'a>>(cell: D) -> Result<bool, D::Error> {
    let cell = String::deserialize(cell)?;
    match cell.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "" | "false" | "no" | "0" => Ok(false),
        _ => Err(D::Error::custom(format!("{cell:?} is neither true nor false"))),
    }
}

/// The rows of a table, each with its line in the text.
fn read_csv<Row: DeserializeOwned>(source: &Csv, sample: &str, what: &str) -> Result<Vec<(u64, Row)>> {
    let text = match source {
        Csv::Sample => sample.to_owned(),
        Csv::Text(text) => text.clone(),
        Csv::File(path) => std::fs::read_to_string(path)
            .with_context(|| format!("read the {what} from {}", path.display()))?,
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().with_context(|| format!("the table of {what} has no header"))?.clone();
    let rows = reader.records().map(|row| {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        Ok((line, row.deserialize(Some(&header))?))
    });
    rows.collect::<Result<_, csv::Error>>()
        .with_context(|| format!("the table of {what} cannot be read; compare its header with the sample's"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_a_row_reach_the_contact_and_its_company() {
        let options = Options {
            companies: Csv::Text("id,identifier,name,status,city\n7,Acme,Acme Ltd,Active,Ghent\n".into()),
            contacts: Csv::Text(
                "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n\
                 Acme,Ann,Lee,,ann@acme.example,,+32 1,,false,true,false,true\n"
                    .into(),
            ),
            ..Options::default()
        };
        let world = World::begin(&options, 1).unwrap();
        let contact = world.contacts_of(7)[0];
        assert_eq!(contact["defaultFlag"], true);
        assert_eq!(contact["disablePortalLoginFlag"], false);
        assert_eq!(contact["site"]["name"], "Main");
        let company = world.record(Kind::Company, 7).unwrap();
        assert_eq!(company["defaultContact"]["id"], contact["id"]);
        assert!(!company.contains_key("billingContact"));
    }

    #[test]
    fn a_contact_of_nobody_is_named() {
        let options = Options {
            contacts: Csv::Text(
                "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n\
                 Nowhere,Ann,Lee,,,,,,,,,\n"
                    .into(),
            ),
            ..Options::default()
        };
        let error = World::begin(&options, 1).unwrap_err().to_string();
        assert!(["line 2", "Ann Lee", "Nowhere"].iter().all(|part| error.contains(part)), "{error}");
    }

    #[test]
    fn a_table_that_is_not_understood_is_refused_with_its_line() {
        const HEADER: &str = "id,identifier,name,status,city";
        for (header, row, part) in [
            (HEADER, "7,Acme,Acme Ltd,Activ,Ghent", "Activ"),
            (HEADER, "seven,Acme,Acme Ltd,Active,Ghent", "line: 2"),
            ("id,identifier,name,status,town", "7,Acme,Acme Ltd,Active,Ghent", "town"),
        ] {
            let companies = Csv::Text(format!("{header}\n{row}\n"));
            let error = World::begin(&Options { companies, ..Options::default() }, 1).unwrap_err();
            assert!(format!("{error:#}").contains(part), "{error:#}");
        }
        let contacts = "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n\
                        HarborMfg,Ann,Lee,,,,,,maybe,,,\n";
        let contacts = Csv::Text(contacts.into());
        let error = World::begin(&Options { contacts, ..Options::default() }, 1).unwrap_err();
        assert!(format!("{error:#}").contains("\"maybe\" is neither"), "{error:#}");
    }
}
