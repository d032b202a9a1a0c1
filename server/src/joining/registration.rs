//! What joining puts into the PSA, and leaving takes away again.

use std::collections::{HashMap, hash_map::Entry};

use serde_json::{Map, Value, json};
use url::Url;

use crate::{
    psa::{Ensured, HostedScreen, Psa, PsaError, SetupTable},
    store::INSTALLED_NOTE_TYPE,
};

/// One thing that we have in the PSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// The pod on the company screen.
    CompanyPod,
    /// The pod on the contact screen.
    ContactPod,
    /// The pod on the service ticket's screen.
    TicketPod,
    /// The button on the company screen.
    ToolbarButton,
    /// The administrator's entry in the menu.
    MenuEntry,
    /// The type of the notes that hold settings.
    NoteType,
}

impl Piece {
    /// All of them, in the order in which they are made.
    pub const ALL: [Self; 6] = [
        Self::CompanyPod,
        Self::ContactPod,
        Self::TicketPod,
        Self::ToolbarButton,
        Self::MenuEntry,
        Self::NoteType,
    ];

    /// As it is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CompanyPod => "company_pod",
            Self::ContactPod => "contact_pod",
            Self::TicketPod => "ticket_pod",
            Self::ToolbarButton => "toolbar_button",
            Self::MenuEntry => "menu_entry",
            Self::NoteType => INSTALLED_NOTE_TYPE,
        }
    }

    /// From its code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|piece| piece.code() == code)
    }

    /// As a person calls it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CompanyPod => "the pod on the company screen",
            Self::ContactPod => "the pod on the contact screen",
            Self::TicketPod => "the pod on the service ticket screen",
            Self::ToolbarButton => "the button \u{201c}Sync contacts\u{201d} on the company screen",
            Self::MenuEntry => "the menu entry for administrators",
            Self::NoteType => "the note type for settings",
        }
    }

    pub(super) const fn table(self) -> SetupTable {
        match self {
            Self::CompanyPod | Self::ContactPod | Self::TicketPod | Self::ToolbarButton => {
                SetupTable::HostedSetups
            }
            Self::MenuEntry => SetupTable::MenuEntries,
            Self::NoteType => SetupTable::NoteTypes,
        }
    }

    /// The screen, by the PSA's name for it.
    const fn screen(self) -> Option<&'static str> {
        match self {
            Self::CompanyPod | Self::ToolbarButton => Some("CompanyDetail"),
            Self::ContactPod => Some("ContactDetail"),
            Self::TicketPod => Some("ServiceTicket"),
            Self::MenuEntry | Self::NoteType => None,
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::ToolbarButton => "ToolbarButton",
            _ => "Pod",
        }
    }
}

/// What became of one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Which.
    pub piece: Piece,
    /// Its id in the PSA, when it is there.
    pub id: Option<i64>,
    /// It was made just now.
    pub made: bool,
    /// It was made or corrected just now.
    pub changed: bool,
    /// Why it is not there.
    pub problem: Option<String>,
}

/// The heights are in CSS pixels: the PSA has no message by which a pod could grow.
const POD_HEIGHT: u32 = 480;
const DIALOG: (u32, u32) = (900, 700);
const TITLE: &str = "ConnectActive";

/// Where the PSA finds us.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The service's public address.
    pub public_url: &'a Url,
    /// The installation.
    pub installation: &'a str,
    /// The clientId that hosted pages are registered under.
    pub client_id: &'a str,
}

impl Place<'_> {
    fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// The pod's address, with the PSA's tokens in it (Hosted API, "URI tokens").
    #[must_use]
    pub fn pod(&self) -> String {
        format!("{}/i/{}/pod?screen=[cw_screen]&id=[cw_id]", self.origin(), self.installation)
    }

    fn admin(&self) -> String {
        format!("{}/i/{}/admin", self.origin(), self.installation)
    }

    /// Whether an address in the PSA is this installation's.
    fn is_ours(&self, address: &Value) -> bool {
        let ours = format!("{}/i/{}/", self.origin(), self.installation);
        address.as_str().is_some_and(|address| address.starts_with(&ours))
    }
}

/// Puts pieces where they belong, one after the other. It can be done again at any time: what is there
/// stays, what differs is corrected.
pub(super) struct Registration<'a> {
    psa: &'a Psa,
    place: &'a Place<'a>,
    screens: Option<Vec<HostedScreen>>,
    rows: Rows,
}

impl<'a> Registration<'a> {
    pub(super) async fn begin(psa: &'a Psa, place: &'a Place<'a>) -> Result<Self, PsaError> {
        let screens = allowed(psa.hosted_screens().await)?;
        Ok(Self { psa, place, screens, rows: Rows::default() })
    }

    pub(super) async fn put(&mut self, piece: Piece) -> Result<Registered, PsaError> {
        if piece == Piece::NoteType {
            let rows = allowed(self.psa.setup_rows_named(piece.table(), TITLE).await)?;
            return one(self.psa, self.place, piece, None, rows.as_deref()).await;
        }
        let rows = self.rows.of(self.psa, piece.table()).await?;
        one(self.psa, self.place, piece, self.screens.as_deref(), rows).await
    }
}

/// Whether what was made is still there.
pub(super) async fn look(psa: &Psa, pieces: &[(Piece, i64)]) -> Result<Vec<Registered>, PsaError> {
    let mut rows = Rows::default();
    let mut found = Vec::new();
    for (piece, id) in pieces {
        let table = piece.table();
        let there = match rows.of(psa, table).await? {
            None => Some("the API member may not read this setup table".to_owned()),
            Some(rows) if rows.iter().any(|row| row["id"].as_i64() == Some(*id)) => None,
            Some(_) => Some("it is no longer there".to_owned()),
        };
        found.push(Registered { piece: *piece, id: Some(*id), made: false, changed: false, problem: there });
    }
    Ok(found)
}

/// Setup tables, each read once; none where the role does not let us read it.
#[derive(Default)]
struct Rows(HashMap<SetupTable, Option<Vec<Value>>>);

impl Rows {
    async fn of(&mut self, psa: &Psa, table: SetupTable) -> Result<Option<&[Value]>, PsaError> {
        let rows = match self.0.entry(table) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(allowed(psa.setup_rows(table).await)?),
        };
        Ok(rows.as_deref())
    }
}

/// What the role does not let us read is a piece less, and not the end.
fn allowed<T>(read: Result<T, PsaError>) -> Result<Option<T>, PsaError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(PsaError::Forbidden | PsaError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn one(
    psa: &Psa,
    place: &Place<'_>,
    piece: Piece,
    screens: Option<&[HostedScreen]>,
    rows: Option<&[Value]>,
) -> Result<Registered, PsaError> {
    let not = |problem: &str| {
        Ok(Registered { piece, id: None, made: false, changed: false, problem: Some(problem.to_owned()) })
    };
    let Some(rows) = rows else {
        return not("the API member may not read this setup table");
    };
    let screen = match (piece.screen(), screens) {
        (None, _) => None,
        (Some(_), None) => return not("the API member may not read the list of screens"),
        (Some(name), Some(screens)) => match screens.iter().find(|screen| screen.name == name) {
            Some(screen) => Some(screen.id),
            None => return not("this PSA has no such screen for hosted pages"),
        },
    };
    let wanted = row(place, piece, screen);
    let is_ours = |row: &Value| match piece.table() {
        SetupTable::HostedSetups => {
            place.is_ours(&row["url"]) && row["type"] == piece.kind() && row["screenId"].as_i64() == screen
        }
        SetupTable::MenuEntries => place.is_ours(&row["link"]),
        // Only those of our name were read.
        SetupTable::NoteTypes => true,
    };
    Ok(match psa.ensure(piece.table(), rows, is_ours, &wanted).await {
        Ok(Ensured::Made(id)) => Registered { piece, id: Some(id), made: true, changed: true, problem: None },
        Ok(Ensured::Corrected(id)) => {
            Registered { piece, id: Some(id), made: false, changed: true, problem: None }
        }
        Ok(Ensured::WasThere(id)) => {
            Registered { piece, id: Some(id), made: false, changed: false, problem: None }
        }
        Ok(Ensured::Refused(why)) => return not(&format!("the PSA refused it: {why}")),
        Ok(Ensured::Unknown) => return not("the PSA did not say whether it did it; run this again"),
        Err(PsaError::Forbidden) => return not("the API member may not write to this setup table"),
        Err(error) => return Err(error),
    })
}

fn row(place: &Place<'_>, piece: Piece, screen: Option<i64>) -> Map<String, Value> {
    let origin = place.origin();
    let row = match piece {
        Piece::CompanyPod | Piece::ContactPod | Piece::TicketPod => json!({
            "screenId": screen, "description": TITLE, "url": place.pod(), "type": piece.kind(),
            "origin": origin, "podHeight": POD_HEIGHT, "clientId": place.client_id, "disabledFlag": false,
        }),
        Piece::ToolbarButton => json!({
            "screenId": screen, "description": TITLE, "url": place.pod(), "type": piece.kind(),
            "origin": origin, "clientId": place.client_id, "disabledFlag": false,
            "toolbarButtonText": "Sync contacts", "toolbarButtonToolTip": "Review the company's contacts",
            "toolbarButtonDialogWidth": DIALOG.0, "toolbarButtonDialogHeight": DIALOG.1,
        }),
        Piece::MenuEntry => json!({
            "menuLocation": { "name": "System" }, "caption": TITLE, "link": place.admin(),
            "newWindowFlag": false, "origin": origin, "clientId": place.client_id, "addAllLocations": true,
        }),
        Piece::NoteType => json!({ "identifier": TITLE, "name": TITLE, "defaultFlag": false }),
    };
    match row {
        Value::Object(row) => row,
        _ => Map::new(),
    }
}
