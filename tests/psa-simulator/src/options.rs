//! What a simulator can be started with, and the facts that only a real PSA could settle.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The client id that the simulator knows when no other is given.
pub const CLIENT_ID: &str = "5f0b6b1e-0000-4000-8000-00000000c0de";
/// The public key of the default integrator API member.
pub const PUBLIC_KEY: &str = "simulatorPublic1";
/// The private key of the default integrator API member.
pub const PRIVATE_KEY: &str = "simulatorPrivate1";
/// The password of every default member at `login/login.aspx`.
pub const PASSWORD: &str = "simulator";

/// How to start a simulator. `Options::default()` is an on-premise PSA with the sample
/// companies, over plain HTTP, on any free port of 127.0.0.1.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Serve HTTPS, with the certificate authority written here as `ca.pem`.
    pub tls_dir: Option<PathBuf>,
    /// The login company (tenant) of this PSA.
    pub login_company: String,
    /// The public key of the integrator's API member.
    pub public_key: String,
    /// The private key of the integrator's API member.
    pub private_key: String,
    /// The only client id that calls may carry.
    pub client_id: String,
    /// The companies: `id,identifier,name,status,city` and, if wanted, `year_established`.
    pub companies: Csv,
    /// The contacts: `company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal`.
    pub contacts: Csv,
    /// A cloud PSA (a code base with a version, REST only on the API host) instead of an on-premise one.
    pub cloud: bool,
    /// Read the records from this JSON file when it exists (the CSV files are not read then), and
    /// write it after each change that came over HTTP.
    pub data: Option<PathBuf>,
    /// Pods that are registered from the start.
    pub pods: Vec<Pod>,
    /// An OpenAPI 3.0 file of the PSA: what is answered and what is accepted is held against it, and
    /// what does not fit fails loudly. Without one, the file that the environment variable
    /// `PSA_OPENAPI` names.
    pub openapi: Option<PathBuf>,
    /// How long each answer of the REST interface is on its way.
    pub latency: Duration,
    /// The undocumented behaviours.
    pub switches: Switches,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            tls_dir: None,
            login_company: "training".into(),
            public_key: PUBLIC_KEY.into(),
            private_key: PRIVATE_KEY.into(),
            client_id: CLIENT_ID.into(),
            companies: Csv::Sample,
            contacts: Csv::Sample,
            cloud: false,
            data: None,
            pods: Vec::new(),
            openapi: None,
            latency: Duration::ZERO,
            switches: Switches::default(),
        }
    }
}

/// Where a CSV table comes from.
#[derive(Clone, Debug)]
pub enum Csv {
    /// The sample that is built in.
    Sample,
    /// A file.
    File(PathBuf),
    /// The text itself, with its header line.
    Text(String),
}

/// A pod to register on the company screen.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Pod {
    /// Its title, at most 50 characters.
    pub description: String,
    /// Its address; `[cw_id]` and `[cw_screen]` are replaced.
    pub url: String,
    /// The origin that may talk to the PSA page.
    pub origin: String,
    /// Its height in CSS pixels.
    pub height: i64,
}

/// What happens when a company's default or billing contact is made inactive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Inactivation {
    /// It is done.
    #[default]
    Allow,
    /// 400 `InvalidObject`.
    BadRequest,
    /// 409 `Conflict`.
    Conflict,
}

/// How a quote may stand inside a quoted value of `conditions`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum QuoteEscape {
    /// It may not: the next quote of the same kind ends the value.
    #[default]
    None,
    /// After a backslash.
    Backslash,
    /// Doubled.
    Doubled,
}

/// The behaviours of a real PSA that no public document settles; each default is the
/// likeliest one.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer to a question of its own")]
pub struct Switches {
    /// The status for a call without a known `clientId` header (401 or 403 are both reported). Default 401.
    pub missing_client_id_status: u16,
    /// Cloud mode also answers plain HTTP. Default no: `Security`, "SSL is required."
    pub plain_http_in_cloud: bool,
    /// Calls a key or a member may make in a sliding minute. Default 1,000; `None` for no limit.
    pub requests_per_minute: Option<u32>,
    /// A contact with the name of another one of its company is refused (400 `ObjectExists`),
    /// unless `ignoreDuplicates` is sent. Default no.
    pub refuse_duplicate_contacts: bool,
    /// What making a default or billing contact inactive does. Default: it is allowed.
    pub inactivation: Inactivation,
    /// Line breaks and tabs in a note come back as one space. Default yes.
    pub fold_note_whitespace: bool,
    /// The longest note, in characters. Default `None`.
    pub note_limit: Option<usize>,
    /// The longest first and last name, in characters. Default 30.
    pub name_limit: usize,
    /// The longest title, in characters. Default 100.
    pub title_limit: usize,
    /// A PATCH or PUT of a contact changes its `types`. Default no: what it says of them is
    /// overlooked, and `typeAssociations` changes them.
    pub patch_contact_types: bool,
    /// A quote inside a quoted condition value. Default `None`.
    pub quote_escape: QuoteEscape,
    /// A `pageSize` over 1,000 is refused with 400. Default no: it is taken as 1,000.
    pub refuse_large_pages: bool,
    /// A member's hash is taken in cookies; without that only as Basic. Default yes.
    pub member_cookies: bool,
    /// An addition of a cancelled agreement is refused. Default yes.
    pub refuse_additions_of_cancelled_agreements: bool,
    /// A newly registered pod is on everybody's screen at once, as if an administrator had set it
    /// up so; else each member adds it in the dialog behind the plus sign. Default yes.
    pub new_pods_displayed: bool,
    /// The version of the interface, as `api-current-version` says it. A newer one cannot be asked
    /// for. Default 2026.4.
    pub current_version: String,
    /// Pairs of a path and a version that this path does not accept. Default none.
    pub refused_versions: Vec<(String, String)>,
    /// Addresses longer than this many characters get 414. Default 10,000.
    pub address_limit: usize,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            missing_client_id_status: 401,
            plain_http_in_cloud: false,
            requests_per_minute: Some(1000),
            refuse_duplicate_contacts: false,
            inactivation: Inactivation::Allow,
            fold_note_whitespace: true,
            note_limit: None,
            name_limit: 30,
            title_limit: 100,
            patch_contact_types: false,
            quote_escape: QuoteEscape::None,
            refuse_large_pages: false,
            member_cookies: true,
            refuse_additions_of_cancelled_agreements: true,
            new_pods_displayed: true,
            current_version: "2026.4".into(),
            refused_versions: Vec::new(),
            address_limit: 10_000,
        }
    }
}
