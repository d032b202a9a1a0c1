//! Changes of a directory as LDIF (RFC 2849). Every value is in base64, so none needs escaping.

use std::collections::BTreeSet;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sample_directory::Person;

/// Microsoft's arc for schema extensions of one's own; the numbers below it are ours, for tests
/// only. Exchange's real schema has other ones.
const ARC: &str = "1.2.840.113556.1.8000.2554.47";

/// The attributes of Exchange that are read, as large integer and as integer (MS-ADTS 3.1.1.2.2.2).
pub(super) fn exchange_attributes(base: &str) -> String {
    let attribute = |number: u8, cn: &str, name: &str, syntax: &str, om_syntax: &str| {
        record(
            &format!("CN={cn},CN=Schema,CN=Configuration,{base}"),
            &[
                ("objectClass", "attributeSchema"),
                ("lDAPDisplayName", name),
                ("attributeID", &format!("{ARC}.{number}")),
                ("attributeSyntax", syntax),
                ("oMSyntax", om_syntax),
                ("isSingleValued", "TRUE"),
            ],
        )
    };
    [
        attribute(1, "ms-Exch-Recipient-Type-Details", "msExchRecipientTypeDetails", "2.5.5.16", "65"),
        attribute(2, "ms-Exch-Recipient-Display-Type", "msExchRecipientDisplayType", "2.5.5.9", "2"),
    ]
    .concat()
}

/// Lets users have those attributes.
pub(super) fn exchange_on_users(base: &str) -> String {
    change(
        &format!("CN=User,CN=Schema,CN=Configuration,{base}"),
        &[
            ("changetype", "modify"),
            ("add", "mayContain"),
            ("mayContain", "msExchRecipientTypeDetails"),
            ("mayContain", "msExchRecipientDisplayType"),
        ],
    )
}

/// The units that people are in, those above first.
pub(super) fn units(people: &[Person], base: &str) -> String {
    let mut units = BTreeSet::new();
    for person in people {
        let mut parent = base.to_owned();
        for (depth, unit) in person.units.iter().rev().enumerate() {
            parent = format!("OU={unit},{parent}");
            units.insert((depth, parent.clone()));
        }
    }
    units.iter().map(|(_, dn)| record(dn, &[("objectClass", "organizationalUnit")])).collect()
}

/// A group of these accounts.
pub(super) fn group(dn: &str, name: &str, members: &[String]) -> String {
    let mut fields = vec![("objectClass", "group"), ("sAMAccountName", name)];
    fields.extend(members.iter().map(|member| ("member", member.as_str())));
    record(dn, &fields)
}

/// One account.
pub(super) fn person(person: &Person, base: &str) -> String {
    account(person, base, &[])
}

/// One account that can log on. The local database takes the password in UTF-16.
pub(super) fn reader(person: &Person, base: &str, password: &str) -> String {
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    account(person, base, &[("clearTextPassword", &password)])
}

fn account(person: &Person, base: &str, more: &[(&str, &[u8])]) -> String {
    let mut text = record(&person.dn(base), &[("objectClass", "user")]);
    // The record goes on before its empty line.
    text.pop();
    for (name, values) in person.attributes() {
        // The distinguished name has it already.
        for value in values.iter().filter(|_| name != "cn") {
            line(&mut text, name, value.as_bytes());
        }
    }
    if person.locked {
        line(&mut text, "lockoutTime", b"133000000000000000");
    }
    if person.password_expired {
        line(&mut text, "pwdLastSet", b"0");
    }
    for (name, value) in more {
        line(&mut text, name, value);
    }
    text.push('\n');
    text
}

pub(super) fn replace(dn: &str, attribute: &str, value: Option<&str>) -> String {
    let mut fields = vec![("changetype", "modify"), ("replace", attribute)];
    fields.extend(value.map(|value| (attribute, value)));
    change(dn, &fields)
}

pub(super) fn rename(dn: &str, relative: &str, parent: &str) -> String {
    let fields =
        [("changetype", "modrdn"), ("newrdn", relative), ("deleteoldrdn", "1"), ("newsuperior", parent)];
    change(dn, &fields)
}

pub(super) fn delete(dn: &str) -> String {
    change(dn, &[("changetype", "delete")])
}

fn record(dn: &str, fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    line(&mut text, "dn", dn.as_bytes());
    for (name, value) in fields {
        line(&mut text, name, value.as_bytes());
    }
    text.push('\n');
    text
}

/// A change record: its keywords have to be plain text.
fn change(dn: &str, fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    line(&mut text, "dn", dn.as_bytes());
    for (name, value) in fields {
        let keyword = matches!(*name, "changetype" | "add" | "replace" | "deleteoldrdn");
        if keyword {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name}: {value}");
        } else {
            line(&mut text, name, value.as_bytes());
        }
    }
    text.push('\n');
    text
}

fn line(text: &mut String, name: &str, value: &[u8]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{name}:: {}", STANDARD.encode(value));
}
