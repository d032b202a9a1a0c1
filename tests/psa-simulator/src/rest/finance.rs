//! What holds for agreements and their additions, and what the server computes of them.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::reply::FieldError;
use crate::clock;
use crate::schema::{Kind, Record};
use crate::world::{World, parent};

fn number(record: &Record, field: &str) -> f64 {
    record.get(field).and_then(Value::as_f64).unwrap_or_default()
}

fn is(record: &Record, field: &str) -> bool {
    record.get(field) == Some(&Value::Bool(true))
}

fn day(record: &Record, field: &str) -> Option<Date> {
    record.get(field)?.as_str()?.get(..10)?.parse().ok()
}

fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(clock::now()).date()
}

/// An agreement's status follows from its dates.
pub(super) fn agreement(record: &mut Record) -> Vec<FieldError> {
    let status = if is(record, "cancelledFlag") {
        "Cancelled"
    } else if day(record, "endDate").is_some_and(|end| end < today()) {
        "Expired"
    } else {
        "Active"
    };
    record.insert("agreementStatus".into(), status.into());
    if !record.contains_key("endDate") {
        record.insert("noEndingDateFlag".into(), true.into());
    }
    if !record.contains_key("startDate") {
        record.insert("startDate".into(), format!("{}T00:00:00Z", today()).into());
    }
    Vec::new()
}

/// An addition takes its prices from its product, and its sums are computed.
pub(super) fn addition(world: &World, record: &mut Record) -> Vec<FieldError> {
    let agreement = parent(Kind::Addition, record).and_then(|id| world.record(Kind::Agreement, id));
    let product = record.get("product").and_then(|product| product["id"].as_i64());
    let (Some(agreement), Some(product)) =
        (agreement, product.and_then(|id| world.record(Kind::Product, id)))
    else {
        return Vec::new();
    };
    let mut errors = Vec::new();
    if product.get("productClass") == Some(&json!("Bundle")) {
        let message = "A bundle cannot be an addition of an agreement.".to_owned();
        errors.push(FieldError::invalid("product", message));
    }
    let status = agreement.get("agreementStatus").cloned().unwrap_or_else(|| "Active".into());
    if status == "Cancelled" && world.switches.refuse_additions_of_cancelled_agreements {
        let message = "The agreement is cancelled.".to_owned();
        errors.push(FieldError::invalid("agreementId", message));
    }
    record.insert("agreementStatus".into(), status);
    let defaults = [
        ("quantity", json!(1.0)),
        ("lessIncluded", json!(0.0)),
        ("unitPrice", product.get("price").cloned().unwrap_or_else(|| json!(0.0))),
        ("unitCost", product.get("cost").cloned().unwrap_or_else(|| json!(0.0))),
        ("description", product["description"].clone()),
        ("invoiceDescription", product["customerDescription"].clone()),
        ("effectiveDate", agreement.get("startDate").cloned().unwrap_or_default()),
    ];
    for (field, value) in defaults {
        if !value.is_null() {
            record.entry(field).or_insert(value);
        }
    }
    if number(record, "quantity") < 0.0 {
        let message = "The field quantity must not be negative.".to_owned();
        errors.push(FieldError::new("OutOfRange", "quantity", message));
    }
    compute(agreement, record);
    errors
}

fn compute(agreement: &Record, record: &mut Record) {
    let quantity = number(record, "quantity");
    let billed = (quantity - number(record, "lessIncluded")).max(0.0);
    let charged = if record.get("billCustomer") == Some(&json!("Billable")) { billed } else { 0.0 };
    let (price, cost) = (number(record, "unitPrice"), number(record, "unitCost"));
    // Of the period that it begins in, an addition of a prorating agreement is charged for the rest.
    let part = if is(agreement, "prorateFlag") { rest_of_month(record) } else { 0.0 };
    let sums = [
        ("billedQuantity", billed),
        ("extPrice", charged * price),
        ("extCost", quantity * cost),
        ("margin", charged * price - quantity * cost),
        ("proratePrice", price * part),
        ("prorateCost", cost * part),
        ("extendedProratePrice", charged * price * part),
        ("extendedProrateCost", quantity * cost * part),
    ];
    for (field, value) in sums {
        record.insert(field.into(), json!((value * 100.0).round() / 100.0));
    }
}

/// How much of its month an addition that begins within it still has.
fn rest_of_month(record: &Record) -> f64 {
    let Some(begins) = day(record, "effectiveDate").filter(|begins| begins.day() > 1) else { return 0.0 };
    let days = f64::from(begins.days_in_month());
    (days - f64::from(begins.day()) + 1.0) / days
}
