//! The field tables of agreements, their additions, and products.

use super::fields::{ID, INFO, date, flag, int, outside, text, to};
use super::{Field, Kind, Schema, Shape};

const fn number(name: &'static str) -> Field {
    Field::new(name, Shape::Number)
}

const fn choice(name: &'static str, words: &'static [&'static str]) -> Field {
    Field::new(name, Shape::Choice(words))
}

const BILLABLE: &[&str] = &["Billable", "DoNotBill", "NoCharge", "NoDefault"];
const STATUSES: &[&str] = &["Active", "Cancelled", "Expired", "Inactive"];
const PRODUCT_CLASSES: &[&str] = &["Agreement", "Bundle", "Inventory", "NonInventory", "Service"];
const YEARS: &[&str] = &["ContractYear", "CalendarYear"];

pub(super) const AGREEMENT_TYPE: Schema = Schema {
    resource: "agreementType",
    title: "AgreementType",
    path: "/finance/agreements/types",
    fields: &[
        ID,
        text("name").limit(30).required(),
        flag("defaultFlag"),
        flag("inactiveFlag"),
        choice("invoicingCycle", YEARS),
        choice("billTime", BILLABLE),
        choice("billExpenses", BILLABLE),
        choice("billProducts", BILLABLE),
        flag("prorateFlag"),
        INFO,
    ],
};

pub(super) const AGREEMENT: Schema = Schema {
    resource: "agreement",
    title: "Agreement",
    path: "/finance/agreements",
    fields: &[
        ID,
        text("name").limit(100).required(),
        to("type", Kind::AgreementType).required(),
        to("company", Kind::Company).required(),
        to("contact", Kind::Contact).required(),
        to("site", Kind::Site),
        to("parentAgreement", Kind::Agreement),
        text("customerPO").limit(50),
        date("startDate"),
        date("endDate"),
        flag("noEndingDateFlag"),
        flag("cancelledFlag"),
        date("dateCancelled"),
        text("reasonCancelled"),
        text("internalNotes"),
        outside("billingCycle"),
        to("billToCompany", Kind::Company),
        to("billToContact", Kind::Contact),
        number("billAmount"),
        choice("invoicingCycle", YEARS),
        choice("billTime", BILLABLE),
        choice("billExpenses", BILLABLE),
        choice("billProducts", BILLABLE),
        flag("prorateFlag"),
        flag("invoiceProratedAdditionsFlag"),
        date("nextInvoiceDate"),
        choice("agreementStatus", STATUSES).computed(),
        INFO,
    ],
};

pub(super) const ADDITION: Schema = Schema {
    resource: "addition",
    title: "Addition",
    path: "/finance/agreements/{parent}/additions",
    fields: &[
        ID,
        to("product", Kind::Product).required(),
        number("quantity"),
        number("lessIncluded"),
        number("unitPrice"),
        number("unitCost"),
        choice("billCustomer", &["Billable", "DoNotBill", "NoCharge"]).required(),
        date("effectiveDate"),
        date("cancelledDate"),
        flag("taxableFlag"),
        text("serialNumber").limit(50),
        text("invoiceDescription").limit(6000),
        flag("purchaseItemFlag"),
        flag("specialOrderFlag"),
        int("agreementId").computed(),
        text("description"),
        number("billedQuantity").computed(),
        text("uom").computed(),
        number("extPrice").computed(),
        number("extCost").computed(),
        number("sequenceNumber"),
        number("margin").computed(),
        number("prorateCost").computed(),
        number("proratePrice").computed(),
        number("extendedProrateCost").computed(),
        number("extendedProratePrice").computed(),
        flag("prorateCurrentPeriodFlag"),
        choice("agreementStatus", STATUSES).computed(),
        INFO,
    ],
};

pub(super) const PRODUCT: Schema = Schema {
    resource: "catalogItem",
    title: "CatalogItem",
    path: "/procurement/catalog",
    fields: &[
        ID,
        text("identifier").limit(60).required(),
        text("description").limit(60).required(),
        flag("inactiveFlag"),
        outside("subcategory").required(),
        outside("type").required(),
        choice("productClass", PRODUCT_CLASSES),
        number("price"),
        number("cost"),
        flag("taxableFlag"),
        text("customerDescription").limit(6000).required(),
        outside("unitOfMeasure"),
        choice("billableOption", BILLABLE),
        INFO,
    ],
};
