//! The field tables of the module `system`.

use super::fields::{CONNECTWISE_ID, ID, INFO, date, flag, int, list, outside, text};
use super::{Field, Schema, Shape};

pub(super) const MENU_ENTRY: Schema = Schema {
    resource: "menuEntry",
    title: "MenuEntry",
    path: "/system/menuentries",
    fields: &[
        ID,
        outside("menuLocation").required(),
        text("caption").limit(50).required(),
        text("link").limit(2000).required(),
        flag("newWindowFlag").required(),
        list("locationIds"),
        text("origin").limit(2000),
        text("clientId").limit(36),
        flag("addAllLocations"),
        flag("removeAllLocations"),
        int("smallMenuIconId"),
        int("largeMenuIconId"),
        INFO,
    ],
};

pub(super) const HOSTED_SETUP: Schema = Schema {
    resource: "connectWiseHostedSetup",
    title: "ConnectWiseHostedSetup",
    path: "/system/connectwisehostedsetups",
    fields: &[
        ID,
        int("screenId").required(),
        text("description").limit(50).required(),
        text("url").limit(1024).required(),
        Field::new("type", Shape::Choice(&["Tab", "Pod", "ToolbarButton"])).required(),
        text("clientId").limit(36),
        text("origin").limit(100),
        int("podHeight"),
        int("toolbarButtonDialogHeight"),
        int("toolbarButtonDialogWidth"),
        text("toolbarButtonText").limit(50),
        text("toolbarButtonToolTip").limit(50),
        int("toolbarButtonIconDocumentId"),
        flag("disabledFlag"),
        list("locationIds"),
        flag("locationsEnabledFlag"),
        text("createdBy").computed(),
        date("dateCreated").computed(),
        CONNECTWISE_ID,
        INFO,
    ],
};

pub(super) const HOSTED_SCREEN: Schema = Schema {
    resource: "connectWiseHostedScreen",
    title: "ConnectWiseHostedScreen",
    path: "/system/connectWiseHostedScreens",
    fields: &[ID, text("screenId"), text("name")],
};

pub(crate) const MEMBER: Schema = Schema {
    resource: "member",
    title: "Member",
    path: "/system/members",
    fields: &[
        ID,
        text("identifier"),
        text("licenseClass"),
        flag("inactiveFlag"),
        text("firstName"),
        text("lastName"),
        text("fullName"),
        text("defaultEmail"),
        text("officeEmail"),
        text("primaryEmail"),
        outside("securityRole"),
        flag("adminFlag"),
        outside("defaultLocation"),
        outside("timeZone"),
        INFO,
    ],
};

pub(crate) const MY_SECURITY: Schema = Schema {
    resource: "mySecurity",
    title: "MySecurity",
    path: "/system/mySecurity",
    fields: &[
        ID,
        text("addLevel"),
        text("editLevel"),
        text("deleteLevel"),
        text("inquireLevel"),
        flag("customFlag"),
        outside("member"),
        text("moduleIdentifier"),
        text("moduleName"),
        text("moduleDescription"),
        text("moduleFunctionIdentifier"),
        text("moduleFunctionName"),
        text("moduleFunctionDescription"),
        flag("myAllFlag"),
        flag("reportFlag"),
        flag("restrictFlag"),
        int("sortOrder"),
        INFO,
    ],
};

/// What the API description calls an API member; it names the keys nowhere.
pub(crate) const API_MEMBER: Schema = Schema {
    resource: "apiMember",
    title: "ApiMember",
    path: "/system/apiMembers",
    fields: &[
        ID,
        text("identifier").limit(15),
        text("name").limit(30),
        text("emailAddress").limit(250),
        flag("inactiveFlag"),
        outside("securityRole"),
        outside("defaultLocation"),
        INFO,
    ],
};

pub(crate) const AUDIT: Schema = Schema {
    resource: "auditTrailEntry",
    title: "AuditTrailEntry",
    path: "/system/audittrail",
    fields: &[
        text("text"),
        date("enteredDate"),
        text("enteredBy"),
        text("auditType"),
        text("auditSubType"),
        text("auditSource"),
    ],
};

pub(super) const CALLBACK: Schema = Schema {
    resource: "callbackEntry",
    title: "CallbackEntry",
    path: "/system/callbacks",
    fields: &[
        ID,
        text("description").limit(100),
        text("url").required(),
        int("objectId").required(),
        text("type").required(),
        text("level").required(),
        int("memberId").computed(),
        text("payloadVersion"),
        flag("inactiveFlag"),
        flag("isSoapCallbackFlag"),
        flag("isSelfSuppressedFlag"),
        INFO,
    ],
};

pub(super) const USER_DEFINED_FIELD: Schema = Schema {
    resource: "userDefinedField",
    title: "UserDefinedField",
    path: "/system/userDefinedFields",
    fields: &[
        ID,
        int("podId"),
        text("caption").limit(25),
        int("sequenceNumber"),
        text("screenId").limit(25),
        text("helpText").limit(1000),
        text("fieldTypeIdentifier"),
        int("numberDecimals"),
        text("entryTypeIdentifier"),
        flag("requiredFlag"),
        flag("displayOnScreenFlag"),
        flag("readOnlyFlag"),
        flag("listViewFlag"),
        INFO,
    ],
};
