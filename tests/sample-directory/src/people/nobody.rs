//! Accounts that are nobody: mailboxes, rooms, programs, second accounts of administrators.

use super::{MAIL_DOMAIN, Person};

// msExchRecipientTypeDetails.
const SHARED: i64 = 4;
const ROOM: i64 = 16;
const EQUIPMENT: i64 = 32;
const REMOTE_SHARED: i64 = 1 << 35;
/// `msExchRecipientDisplayType` of a room.
const DISPLAY_ROOM: i64 = 7;

pub(super) fn accounts() -> Vec<Person> {
    let mut accounts = mailboxes();
    accounts.extend(programs());
    accounts.extend(second_accounts());
    accounts
}

/// Exchange makes them as disabled users.
fn mailboxes() -> Vec<Person> {
    let mailbox = |logon: &str, name: &str, kind| {
        let mut account = Person::bare(logon, name, vec!["Mailboxes"]).shown_as(name).mailed(logon);
        account.disabled = true;
        account.recipient_type_details = kind;
        account
    };
    let mut unnamed_room = mailbox("room-dock", "Dock Office", None);
    unnamed_room.recipient_display_type = Some(DISPLAY_ROOM);
    vec![
        mailbox("info", "Harbor Information", Some(SHARED)),
        mailbox("sales", "Harbor Sales", Some(SHARED)),
        mailbox("invoices", "Harbor Invoices", Some(REMOTE_SHARED)),
        mailbox("room-board", "Board Room", Some(ROOM)),
        mailbox("room-canteen", "Canteen", Some(ROOM)),
        unnamed_room,
        mailbox("van-1", "Delivery Van 1", Some(EQUIPMENT)),
        mailbox("projector", "Projector", Some(EQUIPMENT)),
    ]
}

fn programs() -> Vec<Person> {
    let program = |logon: &str, principal: Option<&str>| {
        let mut account = Person::bare(logon, logon, vec!["Service Accounts"]);
        account.password_never_expires = true;
        account.service_principals = principal.map(str::to_owned).into_iter().collect();
        account
    };
    let mut scanner = program("svc-scan", None);
    scanner.mail = Some(format!("scanner@{MAIL_DOMAIN}"));
    let mut synchroniser = program("MSOL_0a1b2c3d4e5f", None);
    synchroniser.display_name = Some("On-Premises Directory Synchronization Service Account".to_owned());
    vec![
        // The account that reads the directory is in it.
        program("svc-sync", None),
        program("svc-backup", Some("HTTP/backup.corp.harbor.example")),
        program("svc-sql", Some("MSSQLSvc/sql.corp.harbor.example:1433")),
        scanner,
        // No telling name: only the principal says what it is.
        program("erp", Some("HTTP/erp.corp.harbor.example")),
        synchroniser,
    ]
}

fn second_accounts() -> Vec<Person> {
    let second = |logon, given, surname| {
        let mut account = Person::new(logon, given, surname, "IT").without_mail();
        account.common_name = format!("{given} {surname} (admin)");
        account.units = vec!["Service Accounts"];
        account
    };
    vec![
        second("adm-pvdheuvel", "Pieter", "van den Heuvel"),
        second("adm-tvisser", "Tom", "Visser"),
        second("testuser1", "Test", "User"),
    ]
}
