//! Agreements of a new PSA: each company that has contacts buys its managed services per user.

use serde_json::json;

use super::World;
use crate::schema::Kind;

/// Products: id, identifier, class, price, cost.
const PRODUCTS: [(i64, &str, &str, f64, f64); 3] = [
    (501, "MS-USER", "Agreement", 45.0, 12.0),
    (502, "MAIL-USER", "Agreement", 12.5, 9.0),
    (503, "ONBOARDING", "Bundle", 900.0, 300.0),
];

impl World {
    pub(super) fn found_finance(&mut self) {
        for (id, name) in [(1, "Managed Services"), (2, "Block Time")] {
            let row = json!({
                "name": name, "defaultFlag": id == 1, "inactiveFlag": false, "prorateFlag": id == 1,
                "invoicingCycle": "CalendarYear", "billTime": "NoCharge", "billExpenses": "Billable",
                "billProducts": "Billable",
            });
            self.found_record(Kind::AgreementType, id, row);
        }
        for (id, identifier, class, price, cost) in PRODUCTS {
            let row = json!({
                "identifier": identifier, "description": identifier, "inactiveFlag": false,
                "subcategory": {"id": 1, "name": "Managed Services"}, "type": {"id": 1, "name": "Service"},
                "productClass": class, "price": price, "cost": cost, "taxableFlag": true,
                "customerDescription": format!("{identifier}, per user and month"), "billableOption": "Billable",
            });
            self.found_record(Kind::Product, id, row);
        }
        self.tables.skip_to(Kind::Agreement, 700);
        self.tables.skip_to(Kind::Addition, 8000);
        let companies: Vec<i64> = self.tables.rows(Kind::Company).keys().copied().collect();
        for (at, company) in companies.into_iter().enumerate() {
            self.found_agreement(company, at);
        }
    }

    fn found_agreement(&mut self, company: i64, at: usize) {
        let contact = self.contacts_of(company).first().and_then(|contact| contact.get("id")?.as_i64());
        let Some(contact) = contact else { return };
        let cancelled = at % 3 == 2;
        let agreement = json!({
            "name": "Managed Services",
            "type": self.reference(Kind::AgreementType, 1),
            "company": self.reference(Kind::Company, company),
            "contact": self.reference(Kind::Contact, contact),
            "startDate": "2025-01-01T00:00:00Z",
            "noEndingDateFlag": true,
            "cancelledFlag": cancelled,
            "billTime": "NoCharge", "billExpenses": "Billable", "billProducts": "Billable",
            "prorateFlag": at.is_multiple_of(3),
            "invoiceProratedAdditionsFlag": false,
            "agreementStatus": if cancelled { "Cancelled" } else { "Active" },
        });
        let id = self.tables.next_id(Kind::Agreement);
        self.found_record(Kind::Agreement, id, agreement);
        for (product, _, class, price, cost) in PRODUCTS {
            if class == "Bundle" {
                continue;
            }
            let quantity = 10.0;
            let addition = json!({
                "agreementId": id,
                "product": self.reference(Kind::Product, product),
                "quantity": quantity, "lessIncluded": 0.0, "unitPrice": price, "unitCost": cost,
                "billCustomer": "Billable",
                "effectiveDate": "2025-01-01T00:00:00Z",
                "taxableFlag": true,
                "billedQuantity": quantity, "extPrice": quantity * price, "extCost": quantity * cost,
                "margin": quantity * (price - cost),
                "prorateCost": 0.0, "proratePrice": 0.0, "extendedProrateCost": 0.0,
                "extendedProratePrice": 0.0, "prorateCurrentPeriodFlag": false,
                "agreementStatus": if cancelled { "Cancelled" } else { "Active" },
            });
            let number = self.tables.next_id(Kind::Addition);
            self.found_record(Kind::Addition, number, addition);
        }
    }
}
