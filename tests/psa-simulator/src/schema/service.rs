//! The field tables of the service desk.

use super::fields::{ID, INFO, date, flag, int, outside, text, to};
use super::{Field, Kind, Schema, Shape};

const LEVELS: &[&str] = &["Low", "Medium", "High"];
const COLORS: &[&str] = &[
    "Black", "Blue", "Cyan", "Gray", "Green", "Lime", "Orange", "Pink", "Purple", "Red", "White", "Yellow",
    "Custom",
];

pub(super) const BOARD: Schema = Schema {
    resource: "board",
    title: "Board",
    path: "/service/boards",
    fields: &[
        ID,
        text("name").limit(50).required(),
        outside("location").required(),
        outside("department").required(),
        flag("inactiveFlag"),
        flag("projectFlag"),
        flag("sendToContactFlag"),
        flag("sendToResourceFlag"),
        flag("sendToCCFlag"),
        INFO,
    ],
};

pub(super) const BOARD_STATUS: Schema = Schema {
    resource: "boardStatus",
    title: "BoardStatus",
    path: "/service/boards/{parent}/statuses",
    fields: &[
        ID,
        text("name").limit(50).required(),
        to("board", Kind::Board),
        int("sortOrder"),
        flag("displayOnBoard").on(),
        flag("inactive"),
        flag("closedStatus"),
        flag("defaultFlag"),
        outside("emailTemplate"),
        INFO,
    ],
};

pub(super) const PRIORITY: Schema = Schema {
    resource: "priority",
    title: "Priority",
    path: "/service/priorities",
    fields: &[
        ID,
        text("name").limit(50).required(),
        Field::new("color", Shape::Choice(COLORS)).required(),
        int("sortOrder"),
        flag("defaultFlag"),
        INFO,
    ],
};

pub(super) const SOURCE: Schema = Schema {
    resource: "source",
    title: "Source",
    path: "/service/sources",
    fields: &[ID, text("name").limit(50).required(), flag("defaultFlag"), INFO],
};

/// The two texts of the beginning are taken on POST and never shown; `processNotifications` is no
/// property of the ticket either, but of the call (API description 2025.16).
pub(super) const TICKET: Schema = Schema {
    resource: "ticket",
    title: "Ticket",
    path: "/service/tickets",
    fields: &[
        ID,
        text("summary").limit(100).required(),
        Field::new("recordType", Shape::Choice(&["ProjectIssue", "ProjectTicket", "ServiceTicket"])),
        to("board", Kind::Board),
        to("status", Kind::BoardStatus),
        to("company", Kind::Company).required(),
        to("site", Kind::Site),
        to("contact", Kind::Contact),
        text("contactName").limit(62),
        text("contactPhoneNumber").limit(20),
        text("contactEmailAddress").limit(250),
        text("initialDescriptionFrom").limit(250),
        to("priority", Kind::Priority),
        to("source", Kind::Source),
        to("type", Kind::BoardType),
        Field::new("severity", Shape::Choice(LEVELS)),
        Field::new("impact", Shape::Choice(LEVELS)),
        flag("allowAllClientsPortalView"),
        flag("customerUpdatedFlag"),
        flag("automaticEmailContactFlag"),
        flag("automaticEmailResourceFlag"),
        flag("automaticEmailCcFlag"),
        text("initialDescription").secret(),
        text("initialInternalAnalysis").secret(),
        text("externalXRef").limit(100),
        text("automaticEmailCc").limit(1000),
        flag("processNotifications").secret(),
        date("closedDate").computed(),
        flag("closedFlag").computed(),
        flag("approved").on(),
        INFO,
    ],
};

/// A note is of the discussion, internal, or the resolution.
pub(super) const TICKET_NOTE: Schema = Schema {
    resource: "serviceNote",
    title: "ServiceNote",
    path: "/service/tickets/{parent}/notes",
    fields: &[
        ID,
        int("ticketId").computed(),
        text("text").required(),
        flag("detailDescriptionFlag"),
        flag("internalAnalysisFlag"),
        flag("resolutionFlag"),
        flag("issueFlag"),
        outside("member"),
        to("contact", Kind::Contact),
        flag("customerUpdatedFlag"),
        flag("processNotifications").secret(),
        text("dateCreated").computed(),
        text("createdBy").computed(),
        flag("internalFlag").computed(),
        flag("externalFlag").computed(),
        INFO,
    ],
};

pub(super) const BOARD_TYPE: Schema = Schema {
    resource: "boardType",
    title: "BoardType",
    path: "/service/boards/{parent}/types",
    fields: &[
        ID,
        text("name").limit(50).required(),
        Field::new("category", Shape::Choice(&["Reactive", "Proactive"])),
        to("board", Kind::Board).computed(),
        flag("defaultFlag"),
        flag("inactiveFlag"),
        INFO,
    ],
};
