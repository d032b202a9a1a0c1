//! The service desk of a new PSA: two boards, and for each company with contacts one open ticket and
//! one that is closed.

use serde_json::json;

use super::World;
use crate::schema::Kind;

/// Statuses of each board: name, default, closed.
const STATUSES: [(&str, bool, bool); 4] = [
    ("New", true, false),
    ("In Progress", false, false),
    ("Completed", false, false),
    (">Closed", false, true),
];

impl World {
    pub(super) fn found_service(&mut self) {
        let mut status = 30;
        for (board, name) in [(1, "Help Desk"), (2, "Administration")] {
            let row = json!({
                "name": name, "location": {"id": 2, "name": "Head Office"},
                "department": {"id": 10, "name": "Services"}, "inactiveFlag": false, "projectFlag": false,
                "sendToContactFlag": false, "sendToResourceFlag": false, "sendToCCFlag": false,
            });
            self.found_record(Kind::Board, board, row);
            for (order, (name, default, closed)) in (1..).zip(STATUSES) {
                status += 1;
                let row = json!({
                    "name": name, "board": self.reference(Kind::Board, board), "sortOrder": order,
                    "displayOnBoard": true, "inactive": false, "closedStatus": closed, "defaultFlag": default,
                });
                self.found_record(Kind::BoardStatus, status, row);
            }
        }
        for (id, board, name) in [(1, 1, "Break fix"), (2, 1, "Request"), (3, 2, "Contacts")] {
            let row = json!({
                "name": name, "category": "Reactive", "board": self.reference(Kind::Board, board),
                "defaultFlag": false, "inactiveFlag": false,
            });
            self.found_record(Kind::BoardType, id, row);
        }
        for (id, name, color) in [(1, "Priority 1", "Red"), (3, "Priority 3", "Yellow")] {
            let row = json!({"name": name, "color": color, "sortOrder": id, "defaultFlag": id == 3});
            self.found_record(Kind::Priority, id, row);
        }
        for (id, name) in [(1, "Call"), (2, "Email Connector")] {
            self.found_record(Kind::Source, id, json!({"name": name, "defaultFlag": id == 1}));
        }
        self.tables.skip_to(Kind::Ticket, 12_000);
        let companies: Vec<i64> = self.tables.rows(Kind::Company).keys().copied().collect();
        for company in companies {
            let contact = self.contacts_of(company).first().and_then(|contact| contact.get("id")?.as_i64());
            let Some(contact) = contact else { continue };
            for (status, closed, summary) in
                [(31, false, "Printer is out of toner"), (34, true, "New laptop")]
            {
                let id = self.tables.next_id(Kind::Ticket);
                let row = json!({
                    "summary": summary, "recordType": "ServiceTicket",
                    "board": self.reference(Kind::Board, 1),
                    "status": self.reference(Kind::BoardStatus, status),
                    "company": self.reference(Kind::Company, company),
                    "contact": self.reference(Kind::Contact, contact),
                    "priority": self.reference(Kind::Priority, 3),
                    "source": self.reference(Kind::Source, 1),
                    "severity": "Medium", "impact": "Medium", "closedFlag": closed, "approved": true,
                    "closedDate": closed.then_some("2026-05-04T09:30:00Z"),
                    "automaticEmailContactFlag": false, "automaticEmailResourceFlag": false,
                    "automaticEmailCcFlag": false, "allowAllClientsPortalView": false,
                    "customerUpdatedFlag": false,
                });
                self.found_record(Kind::Ticket, id, row);
            }
        }
    }
}
