//! Callbacks: who is told of a change, with what, and what becomes of a listener that fails.
//!
//! ConnectWise Developer Guide, "Callbacks": the record's id and what was done are appended to the
//! address; any 2xx is good; 404, 409, 419 and 429 are tried again after two and after four
//! seconds, nothing else is; a callback that fails for three days on end is disabled. How exactly
//! the two are appended, and the address of the signing key, are guesses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::World;
use super::records::owner;
use crate::schema::{Kind, Record};

/// How long a listener may fail on end.
const PATIENCE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// The kinds that are told of: what a callback calls each, and the levels it can be registered at.
const TOLD: [(Kind, &str, &[&str]); 4] = [
    (Kind::Company, "company", &["owner", "company", "status", "type"]),
    (Kind::Contact, "contact", &["owner", "company", "contact"]),
    (Kind::Agreement, "agreement", &["owner", "company", "agreement"]),
    (Kind::Ticket, "ticket", &["owner", "company", "board", "status", "ticket"]),
];

/// One message to a listener.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// The row of the callback.
    pub(crate) callback: i64,
    /// Where it goes.
    pub(crate) url: String,
    /// The body, JSON.
    pub(crate) body: String,
    /// The header `x-content-signature`.
    pub(crate) signature: String,
}

/// The levels of a type of callback, in any case; none when the type is not known.
pub(crate) fn levels(name: &str) -> Option<&'static [&'static str]> {
    TOLD.iter().find(|(_, own, _)| own.eq_ignore_ascii_case(name)).map(|(.., levels)| *levels)
}

/// Base64 of the HMAC-SHA256 of the body, whose key is the SHA-256 of the signing key (Developer
/// Guide, "Verifying the Callback").
fn signature(signing_key: &str, body: &str) -> String {
    let key = Sha256::digest(signing_key.as_bytes());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length is a key");
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

impl World {
    /// The messages that wait to be sent; they are this caller's to send.
    pub(crate) fn take_deliveries(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.outbox)
    }

    /// Write to everybody who registered for a change.
    pub(super) fn tell(
        &mut self,
        kind: Kind,
        id: i64,
        before: Option<&Record>,
        after: Option<&Record>,
        by: &str,
    ) {
        let Some((_, name, _)) = TOLD.iter().find(|(told, ..)| *told == kind) else { return };
        let Some(record) = after.or(before) else { return };
        let action = match (before, after) {
            (None, _) => "added",
            (_, None) => "deleted",
            _ => "updated",
        };
        let member = self.member(by).map(|member| member.id);
        let listeners: Vec<(i64, String)> = self
            .records(Kind::Callback)
            .filter(|row| listens(row, kind, name, id, record) && !suppressed(row, member))
            .filter_map(|row| Some((row.get("id")?.as_i64()?, row.get("url")?.as_str()?.to_owned())))
            .collect();
        for (callback, url) in listeners {
            let body = self.message(callback, name, id, action, after, by).to_string();
            let signature = signature(&self.signing_key, &body);
            let url = format!("{url}{id}&action={action}");
            self.outbox.push(Delivery { callback, url, body, signature });
            self.post.notify_one();
        }
    }

    fn message(
        &self,
        callback: i64,
        name: &str,
        id: i64,
        action: &str,
        after: Option<&Record>,
        by: &str,
    ) -> Value {
        // A recorded entity carries no communication items.
        let entity = after.map(|record| {
            let mut record = record.clone();
            record.remove("communicationItems");
            Value::Object(record).to_string()
        });
        json!({
            "MessageId": uuid::Uuid::new_v4().to_string(),
            "FromUrl": self.place.web_origin(),
            "CompanyId": self.place.login_company,
            "MemberId": by,
            "Action": action,
            "Type": name,
            "ID": id,
            "ProductInstanceId": null,
            "PartnerId": null,
            "Entity": entity,
            "Metadata": { "key_url": self.place.href(&format!("{KEY}/{callback}")) },
            "CallbackObjectRecId": callback,
        })
    }

    /// Remember how a delivery ended; a listener that has failed for days is disabled.
    pub(crate) fn delivered(&mut self, callback: i64, good: bool, now: Timestamp) {
        if good {
            self.failing.remove(&callback);
            return;
        }
        let since = *self.failing.entry(callback).or_insert(now);
        if now.duration_since(since) >= PATIENCE
            && let Some(row) = self.tables.get_mut(Kind::Callback, callback)
        {
            row.insert("inactiveFlag".into(), true.into());
            self.failing.remove(&callback);
        }
    }
}

/// Where the signing key is read.
const KEY: &str = "/system/callbacks/keys";

fn listens(row: &Record, kind: Kind, name: &str, id: i64, record: &Record) -> bool {
    let text = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default();
    let object = row.get("objectId").and_then(Value::as_i64);
    let referred = |field: &str| record.get(field).and_then(|reference| reference["id"].as_i64());
    let level = text("level").to_ascii_lowercase();
    let reached = match level.as_str() {
        "owner" => true,
        own if own == name => object == Some(id),
        "company" => object == owner(kind, record) || kind == Kind::Ticket && object == referred("company"),
        "type" => {
            let types = record.get("types").and_then(Value::as_array);
            types.into_iter().flatten().any(|chosen| chosen["id"].as_i64() == object)
        }
        field => object == referred(field),
    };
    text("type").eq_ignore_ascii_case(name) && row.get("inactiveFlag") != Some(&json!(true)) && reached
}

/// Whether a listener does not want to hear of its own doings.
fn suppressed(row: &Record, by: Option<i64>) -> bool {
    let own = row.get("memberId").and_then(Value::as_i64);
    row.get("isSelfSuppressedFlag") == Some(&json!(true)) && own.is_some() && own == by
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn three_days_of_failures_disable_a_callback_and_one_success_forgives() {
        let mut world = World::begin(&Options::default(), 1).unwrap();
        let row =
            json!({ "url": "https://l.example/?id=", "type": "contact", "level": "owner", "objectId": 1 });
        let callback = world.add(Kind::Callback, row.as_object().cloned().unwrap());
        let after = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let disabled =
            |world: &World| world.record(Kind::Callback, callback).unwrap().contains_key("inactiveFlag");
        world.delivered(callback, false, after(0));
        world.delivered(callback, true, after(70));
        world.delivered(callback, false, after(71));
        world.delivered(callback, false, after(142));
        assert!(!disabled(&world));
        world.delivered(callback, false, after(143));
        assert!(disabled(&world));
    }
}
