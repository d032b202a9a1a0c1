//! The field tables.

use super::{Field, Kind, Schema, Shape};

pub(super) const fn text(name: &'static str) -> Field {
    Field::new(name, Shape::Text)
}
pub(super) const fn int(name: &'static str) -> Field {
    Field::new(name, Shape::Integer)
}
pub(super) const fn flag(name: &'static str) -> Field {
    Field::new(name, Shape::Flag)
}
pub(super) const fn date(name: &'static str) -> Field {
    Field::new(name, Shape::Date)
}
pub(super) const fn to(name: &'static str, kind: Kind) -> Field {
    Field::new(name, Shape::Reference(Some(kind)))
}
/// A reference to something that the simulator keeps no table of.
pub(super) const fn outside(name: &'static str) -> Field {
    Field::new(name, Shape::Reference(None))
}
pub(super) const fn list(name: &'static str) -> Field {
    Field::new(name, Shape::List)
}
pub(super) const ID: Field = int("id").computed();
pub(super) const INFO: Field = Field::new("_info", Shape::Info).computed();
const MOBILE_GUID: Field = text("mobileGuid").computed();
pub(super) const CONNECTWISE_ID: Field = text("connectWiseId").computed();

const KINDS_OF_COMMUNICATION: &[&str] = &["Email", "Fax", "Phone"];

pub(crate) const CUSTOM_FIELD: Schema = Schema {
    resource: "customField",
    title: "Custom field",
    path: "/system/userDefinedFields",
    fields: &[
        int("id"),
        text("caption"),
        text("type"),
        text("entryMethod"),
        int("numberOfDecimals"),
        text("value"),
        CONNECTWISE_ID,
    ],
};

const CUSTOM_FIELDS: Field = Field::new("customFields", Shape::Items(CUSTOM_FIELD.fields));

pub(crate) const COMMUNICATION: Schema = Schema {
    resource: "contactCommunication",
    title: "ContactCommunication",
    path: "/company/contacts/{parent}/communications",
    fields: &[
        ID,
        int("contactId").computed(),
        to("type", Kind::CommunicationType).required(),
        text("value").limit(250).required(),
        text("extension").limit(15),
        flag("defaultFlag"),
        MOBILE_GUID,
        Field::new("communicationType", Shape::Choice(KINDS_OF_COMMUNICATION)),
        text("domain").computed(),
        INFO,
    ],
};

pub(super) const COMPANY: Schema = Schema {
    resource: "company",
    title: "Company",
    path: "/company/companies",
    fields: &[
        ID,
        text("identifier").limit(156).required(),
        text("name").limit(156).required(),
        to("status", Kind::CompanyStatus),
        text("addressLine1").limit(50),
        text("addressLine2").limit(50),
        text("city").limit(50),
        text("state").limit(50),
        text("zip").limit(12),
        outside("country"),
        text("phoneNumber").limit(30),
        text("faxNumber").limit(30),
        text("website").limit(255),
        outside("territory"),
        outside("market"),
        text("accountNumber").limit(100),
        to("defaultContact", Kind::Contact),
        date("dateAcquired"),
        to("parentCompany", Kind::Company),
        int("numberOfEmployees"),
        int("yearEstablished"),
        int("revenueYear"),
        outside("timeZoneSetup"),
        text("leadSource").limit(50),
        flag("leadFlag"),
        flag("unsubscribeFlag"),
        text("userDefinedField1").limit(50),
        text("userDefinedField2").limit(50),
        text("userDefinedField3").limit(50),
        text("userDefinedField4").limit(50),
        text("userDefinedField5").limit(50),
        text("userDefinedField6").limit(50),
        text("userDefinedField7").limit(50),
        text("userDefinedField8").limit(50),
        text("userDefinedField9").limit(50),
        text("userDefinedField10").limit(50),
        text("taxIdentifier"),
        to("billToCompany", Kind::Company),
        to("billingSite", Kind::Site),
        to("billingContact", Kind::Contact),
        text("invoiceToEmailAddress"),
        flag("deletedFlag").computed(),
        date("dateDeleted").computed(),
        text("deletedBy").computed(),
        MOBILE_GUID,
        outside("currency"),
        outside("territoryManager"),
        flag("isVendorFlag"),
        list("types"),
        to("site", Kind::Site),
        list("integratorTags"),
        INFO,
        CUSTOM_FIELDS,
    ],
};

pub(super) const COMPANY_STATUS: Schema = Schema {
    resource: "companyStatus",
    title: "CompanyStatus",
    path: "/company/companies/statuses",
    fields: &[ID, text("name").limit(50).required(), flag("defaultFlag"), flag("inactiveFlag"), INFO],
};

pub(super) const COMPANY_TYPE: Schema = Schema {
    resource: "companyType",
    title: "CompanyType",
    path: "/company/companies/types",
    fields: &[
        ID,
        text("name").limit(50).required(),
        flag("defaultFlag"),
        flag("vendorFlag"),
        flag("serviceAlertFlag"),
        text("serviceAlertMessage").limit(150),
        CONNECTWISE_ID,
        INFO,
    ],
};

pub(super) const CONTACT: Schema = Schema {
    resource: "contact",
    title: "Contact",
    path: "/company/contacts",
    fields: &[
        ID,
        text("firstName").required(),
        text("lastName"),
        to("company", Kind::Company),
        to("site", Kind::Site),
        text("addressLine1").limit(50),
        text("addressLine2").limit(50),
        text("city").limit(50),
        text("state").limit(50),
        text("zip").limit(12),
        outside("country"),
        outside("relationship"),
        text("relationshipOverride"),
        to("department", Kind::Department),
        flag("inactiveFlag"),
        int("defaultMergeContactId"),
        text("securityIdentifier").limit(184),
        to("managerContact", Kind::Contact),
        to("assistantContact", Kind::Contact),
        text("title"),
        text("school").limit(50),
        text("nickName").limit(30),
        flag("marriedFlag"),
        flag("childrenFlag"),
        text("children"),
        text("significantOther").limit(30),
        text("portalPassword").limit(15).secret(),
        int("portalSecurityLevel"),
        flag("disablePortalLoginFlag").on(),
        flag("unsubscribeFlag"),
        Field::new("gender", Shape::Choice(&["Female", "Male"])),
        date("birthDay"),
        date("anniversary"),
        Field::new("presence", Shape::Choice(&["NoAgent", "Online", "DoNotDisturb", "Away", "Offline"])),
        MOBILE_GUID,
        text("facebookUrl"),
        text("twitterUrl"),
        text("linkedInUrl"),
        text("defaultPhoneType").computed(),
        text("defaultPhoneNbr").computed(),
        text("defaultPhoneExtension").computed(),
        flag("defaultBillingFlag"),
        flag("defaultFlag"),
        text("userDefinedField1").limit(50),
        text("userDefinedField2").limit(50),
        text("userDefinedField3").limit(50),
        text("userDefinedField4").limit(50),
        text("userDefinedField5").limit(50),
        text("userDefinedField6").limit(50),
        text("userDefinedField7").limit(50),
        text("userDefinedField8").limit(50),
        text("userDefinedField9").limit(50),
        text("userDefinedField10").limit(50),
        outside("companyLocation"),
        Field::new("communicationItems", Shape::Items(COMMUNICATION.fields)),
        Field::new("types", Shape::Items(CONTACT_TYPE.fields)),
        list("integratorTags"),
        CUSTOM_FIELDS,
        outside("photo"),
        flag("ignoreDuplicates").secret(),
        list("typeIds").secret(),
        INFO,
    ],
};

pub(super) const CONTACT_TYPE: Schema = Schema {
    resource: "contactType",
    title: "ContactType",
    path: "/company/contacts/types",
    fields: &[
        ID,
        text("description").limit(50).required(),
        text("name").computed(),
        flag("defaultFlag"),
        flag("serviceAlertFlag"),
        text("serviceAlertMessage").limit(150),
        CONNECTWISE_ID,
        INFO,
    ],
};

pub(super) const DEPARTMENT: Schema = Schema {
    resource: "contactDepartment",
    title: "ContactDepartment",
    path: "/company/contacts/departments",
    fields: &[ID, text("name").limit(30).required(), CONNECTWISE_ID, INFO],
};

pub(super) const RELATIONSHIP: Schema = Schema {
    resource: "contactRelationship",
    title: "ContactRelationship",
    path: "/company/contacts/relationships",
    fields: &[ID, text("name").limit(50).required(), INFO],
};

pub(super) const NOTE: Schema = Schema {
    resource: "companyNote",
    title: "CompanyNote",
    path: "/company/companies/{parent}/notes",
    fields: &[
        ID,
        text("text").required(),
        to("type", Kind::NoteType),
        flag("flagged"),
        text("enteredBy").computed(),
        to("company", Kind::Company).computed(),
        INFO,
    ],
};

pub(super) const NOTE_TYPE: Schema = Schema {
    resource: "companyNoteType",
    title: "CompanyNoteType",
    path: "/company/noteTypes",
    fields: &[
        ID,
        text("identifier").limit(15),
        text("name").limit(50).required(),
        flag("defaultFlag"),
        flag("importFlag"),
        CONNECTWISE_ID,
        INFO,
    ],
};

pub(super) const SITE: Schema = Schema {
    resource: "companySite",
    title: "CompanySite",
    path: "/company/companies/{parent}/sites",
    fields: &[
        ID,
        text("name").limit(156).required(),
        text("addressLine1").limit(50),
        text("addressLine2").limit(50),
        text("city").limit(50),
        outside("stateReference"),
        text("zip").limit(12),
        outside("country"),
        text("addressFormat"),
        text("phoneNumber").limit(30),
        text("faxNumber").limit(30),
        flag("primaryAddressFlag"),
        flag("defaultShippingFlag"),
        flag("defaultBillingFlag"),
        flag("defaultMailingFlag"),
        flag("inactiveFlag"),
        flag("billSeparateFlag"),
        MOBILE_GUID,
        to("company", Kind::Company).computed(),
        INFO,
    ],
};

pub(super) const COMMUNICATION_TYPE: Schema = Schema {
    resource: "communicationType",
    title: "CommunicationType",
    path: "/company/communicationTypes",
    fields: &[
        ID,
        text("description").limit(50).required(),
        flag("phoneFlag"),
        flag("faxFlag"),
        flag("emailFlag"),
        flag("defaultFlag"),
        flag("disabled"),
        text("exchangeXref").limit(50),
        text("iphoneXref").limit(50),
        text("androidXref").limit(50),
        text("googleXref").limit(50),
        CONNECTWISE_ID,
        INFO,
    ],
};

pub(super) const TYPE_ASSOCIATION: Schema = Schema {
    resource: "contactTypeAssociation",
    title: "ContactTypeAssociation",
    path: "/company/contacttypeassociations",
    fields: &[ID, to("type", Kind::ContactType).required(), to("contact", Kind::Contact).required(), INFO],
};
