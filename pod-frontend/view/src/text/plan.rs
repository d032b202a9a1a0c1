//! Words for the plan: kinds, reasons, fields, evidence, decisions.

use reconcile::{
    AccountId, Candidate, Clue, Clues, ContactId, Decision, Exclusion, Field, Prepared, Protection, Reason,
    Row, RowKind, Unplaced, normal::Agreement,
};

use crate::people::contact_name;

use super::{Text, capitalised, count, day, grouped, listed, number, say};

/// Shown for a disabled account.
pub const DISABLED: Text = Text(["disabled", "deaktiviert"]);
/// Shown for an inactive contact.
pub const INACTIVE: Text = Text(["inactive", "inaktiv"]);
/// Shown for a contact without an e-mail address.
pub const NO_ADDRESS: Text = Text(["no e-mail address", "keine E-Mail-Adresse"]);
/// Shown where neither side has the person any more.
pub const SOMEBODY: Text = Text(["Somebody no longer known", "Nicht mehr bekannte Person"]);
/// Over the fields of a row.
pub const CHANGES: Text = Text(["What changes", "Was sich ändert"]);
/// Over the reasons of a row.
pub const WHY: Text = Text(["Why", "Warum"]);
/// Over what the two of a pair have in common.
pub const IN_COMMON: Text = Text(["In common", "Gemeinsam"]);
/// Over the contact that a pair was not made with.
pub const CAME_SECOND: Text = Text(["Came second:", "An zweiter Stelle:"]);
/// Over the candidates of a question.
pub const CANDIDATES: Text = Text(["It may be", "Das könnte sein"]);
/// Over the answers of a row.
pub const ANSWERS: Text = Text(["Your answer", "Ihre Antwort"]);
/// Over the account of a row.
pub const ACCOUNT: Text = Text(["Account", "Konto"]);
/// Over the contact of a row.
pub const CONTACT: Text = Text(["Contact", "Kontakt"]);
/// Shown when a row has an account that the directory lacks.
pub const ACCOUNT_GONE: Text = Text(["no longer in the directory", "nicht mehr im Verzeichnis"]);
/// An account that the directory lacks, as [`now_with`] takes it.
pub const GONE_ACCOUNT: Text =
    Text(["an account that is no longer in the directory", "einem Konto, das nicht mehr im Verzeichnis ist"]);
/// Shown for a row without a contact.
pub const NO_CONTACT_YET: Text = Text(["none yet", "noch keiner"]);
/// Shown for a contact without an account.
pub const NO_ACCOUNT: Text = Text(["none", "keines"]);
/// Between the value before and the one after, for those who do not see the arrow.
pub const BECOMES: Text = Text(["becomes", "wird zu"]);
/// Before a value of a field that has none.
pub const EMPTY: Text = Text(["empty", "leer"]);
/// Beside a value that had to be cut.
pub const SHORTENED: Text = Text(["shortened to what the PSA takes", "gekürzt auf das, was ins PSA passt"]);
/// Why a deactivation's box is not ticked when many leave at once.
pub const HELD: Text = Text([
    "Not ticked: more leave at once than usual",
    "Nicht angehakt: Es gehen mehr auf einmal als üblich",
]);
/// Beside a row that is not ticked because what was written of its account was undone.
pub const UNDONE: Text = Text([
    "Undone earlier, and the account has changed since",
    "Früher rückgängig gemacht, und das Konto hat sich seitdem geändert",
]);
/// Over what depends on a contact.
pub const CAREFUL: Text = Text(["Look before you deactivate", "Vor dem Deaktivieren ansehen"]);

/// A contact that has no name.
#[must_use]
pub fn contact_without_name(id: ContactId) -> String {
    say!("Contact {id} without a name", "Kontakt {id} ohne Namen")
}

/// The title of a group of rows.
#[must_use]
pub const fn group(kind: RowKind) -> Text {
    match kind {
        RowKind::NeedsDecision => Text(["Needs you", "Für Sie"]),
        RowKind::Deactivate => Text(["Deactivate", "Deaktivieren"]),
        RowKind::Reactivate => Text(["Bring back", "Reaktivieren"]),
        RowKind::Create => Text(["Create", "Anlegen"]),
        RowKind::Update => Text(["Update", "Ändern"]),
        RowKind::Move => Text(["Bring here", "Hierher holen"]),
        RowKind::Link => Text(["Link", "Verknüpfen"]),
        RowKind::PsaOnly => Text(["In the PSA only", "Nur im PSA"]),
        RowKind::Ignored => Text(["Left alone", "Belassen"]),
        RowKind::Excluded => Text(["Left out", "Ausgenommen"]),
        RowKind::Unchanged => Text(["Unchanged", "Unverändert"]),
    }
}

/// One sentence under the title of a group.
#[must_use]
pub const fn group_note(kind: RowKind) -> Text {
    match kind {
        RowKind::NeedsDecision => Text([
            "Accounts that you have to say something about.",
            "Konten, zu denen Sie etwas sagen müssen.",
        ]),
        RowKind::Deactivate => Text([
            "Contacts whose account is disabled or gone.",
            "Kontakte, deren Konto deaktiviert oder nicht mehr da ist.",
        ]),
        RowKind::Reactivate => Text([
            "Inactive contacts whose account is active again.",
            "Inaktive Kontakte, deren Konto wieder aktiv ist.",
        ]),
        RowKind::Create => {
            Text(["People in the directory without a contact.", "Personen im Verzeichnis ohne Kontakt."])
        }
        RowKind::Update => Text([
            "Contacts whose fields differ from the directory.",
            "Kontakte, deren Felder vom Verzeichnis abweichen.",
        ]),
        RowKind::Move => Text([
            "Contacts of another company whose account is this company's now.",
            "Kontakte einer anderen Firma, deren Konto jetzt zu dieser Firma gehört.",
        ]),
        RowKind::Link => Text([
            "Contacts that are right already; we remember the pair.",
            "Kontakte, die schon stimmen; wir merken uns das Paar.",
        ]),
        RowKind::PsaOnly => Text([
            "Contacts that never had an account. They stay as they are until you say otherwise.",
            "Kontakte, die nie ein Konto hatten. Sie bleiben, wie sie sind, bis Sie etwas anderes sagen.",
        ]),
        RowKind::Ignored => Text([
            "Left alone because somebody said so, or undid what was written.",
            "Belassen, weil jemand das so entschieden oder etwas Geschriebenes rückgängig gemacht hat.",
        ]),
        RowKind::Excluded => Text([
            "Accounts that are not a person's, or not this company's: no contact is made for them.",
            "Konten, die keiner Person gehören oder nicht zu dieser Firma: Für sie wird kein Kontakt angelegt.",
        ]),
        RowKind::Unchanged => Text(["Nothing to do.", "Nichts zu tun."]),
    }
}

/// A sign beside the colour, for those who do not see it.
#[must_use]
pub const fn sign(kind: RowKind) -> &'static str {
    match kind {
        RowKind::NeedsDecision => "?",
        RowKind::Deactivate => "−",
        RowKind::Reactivate => "↑",
        RowKind::Create => "+",
        RowKind::Update => "~",
        RowKind::Move => "→",
        RowKind::Link => "=",
        RowKind::PsaOnly => "•",
        RowKind::Ignored => "/",
        RowKind::Excluded => "×",
        RowKind::Unchanged => "✓",
    }
}

/// A count of rows in the summary: "3 create".
#[must_use]
pub fn group_count(kind: RowKind, rows: usize) -> String {
    let word = match kind {
        RowKind::NeedsDecision if rows == 1 => Text(["needs you", "für Sie"]),
        RowKind::NeedsDecision => Text(["need you", "für Sie"]),
        RowKind::Deactivate => Text(["deactivate", "deaktivieren"]),
        RowKind::Reactivate => Text(["bring back", "reaktivieren"]),
        RowKind::Create => Text(["create", "anlegen"]),
        RowKind::Update => Text(["update", "ändern"]),
        RowKind::Move => Text(["bring here", "hierher holen"]),
        RowKind::Link => Text(["link", "verknüpfen"]),
        RowKind::PsaOnly => Text(["in the PSA only", "nur im PSA"]),
        RowKind::Ignored => Text(["left alone", "belassen"]),
        RowKind::Excluded => Text(["left out", "ausgenommen"]),
        RowKind::Unchanged => Text(["unchanged", "unverändert"]),
    };
    count(number(rows), word.words(), word.words())
}

/// What the summary bar shows, for those who do not see it.
#[must_use]
pub fn bar(counts: &[(RowKind, usize)]) -> String {
    listed(&counts.iter().map(|&(kind, rows)| group_count(kind, rows)).collect::<Vec<_>>())
}

/// A kind as something that a moved row has become, after a colon.
#[must_use]
pub const fn now(kind: RowKind) -> Text {
    match kind {
        RowKind::NeedsDecision => Text(["it needs an answer now", "Jetzt ist Ihre Antwort nötig"]),
        RowKind::Deactivate => Text(["it would be deactivated now", "Der Kontakt würde jetzt deaktiviert"]),
        RowKind::Reactivate => Text(["it would be brought back now", "Der Kontakt würde jetzt reaktiviert"]),
        RowKind::Create => Text(["it would be created now", "Jetzt würde ein Kontakt angelegt"]),
        RowKind::Update => Text([
            "it would be updated now, with other values",
            "Der Kontakt würde jetzt mit anderen Werten geändert",
        ]),
        RowKind::Move => Text([
            "it would be brought here from another company now",
            "Der Kontakt würde jetzt aus einer anderen Firma hierher geholt",
        ]),
        RowKind::Link => Text(["it would only be linked now", "Der Kontakt würde jetzt nur verknüpft"]),
        RowKind::PsaOnly => Text(["it is in the PSA only now", "Der Kontakt ist jetzt nur im PSA"]),
        RowKind::Ignored => Text(["it is left alone now", "Jetzt bleibt alles so, wie es ist"]),
        RowKind::Excluded => Text(["its account is left out now", "Das Konto ist jetzt ausgenommen"]),
        RowKind::Unchanged => Text(["there is nothing to do any more", "Es ist nichts mehr zu tun"]),
    }
}

/// Why, as a part of a sentence.
#[must_use]
pub fn reason(reason: Reason, both: &Prepared) -> String {
    match reason {
        Reason::Linked => Text(["they are linked already", "beide sind schon verknüpft"]),
        Reason::SameAddress => Text([
            "they share an e-mail address and their names agree",
            "beide haben dieselbe E-Mail-Adresse, und ihre Namen passen zusammen",
        ]),
        Reason::SameName => Text([
            "they have the same name and nobody else has it",
            "beide haben denselben Namen, und sonst hat ihn niemand",
        ]),
        Reason::ChosenByPerson => Text(["chosen by hand", "von Hand ausgewählt"]),
        Reason::CreationChosen => {
            Text(["somebody asked for a new contact", "jemand wollte einen neuen Kontakt"])
        }
        Reason::NoContact => {
            Text(["no contact has this address or name", "kein Kontakt hat diese Adresse oder diesen Namen"])
        }
        Reason::NamesContradict => Text([
            "the address fits, but the names differ",
            "die Adresse passt, aber die Namen sind verschieden",
        ]),
        Reason::SeveralCandidates => {
            Text(["more than one pair is possible", "mehr als ein Paar ist möglich"])
        }
        Reason::Likely => Text([
            "this contact is likely the same person, but it is not certain",
            "dieser Kontakt ist wahrscheinlich dieselbe Person, aber sicher ist das nicht",
        ]),
        Reason::ContactInactive => Text([
            "the contact that fits is inactive, and it was not us who deactivated it",
            "der passende Kontakt ist inaktiv, und nicht wir haben ihn deaktiviert",
        ]),
        Reason::ContactGone => {
            Text(["its contact is no longer in the PSA", "den Kontakt gibt es im PSA nicht mehr"])
        }
        Reason::ContactTaken => Text([
            "the contact that was chosen went to another account",
            "der ausgewählte Kontakt ging an ein anderes Konto",
        ]),
        Reason::AccountReplaced => Text([
            "the contact's own account is disabled or gone, and another looks like its successor",
            "das Konto des Kontakts ist deaktiviert oder fehlt, ein anderes sieht nach dem Nachfolger aus",
        ]),
        Reason::AccountDisabled => Text(["the account is disabled", "das Konto ist deaktiviert"]),
        Reason::AccountMissing => {
            Text(["the account is no longer in the directory", "das Konto ist nicht mehr im Verzeichnis"])
        }
        Reason::IgnoredByPerson => {
            Text(["somebody said to leave it alone", "jemand hat gesagt, dass es so bleiben soll"])
        }
        Reason::LeftAsItWas => Text([
            "it was undone, and is left as it is until the account changes",
            "es wurde rückgängig gemacht und bleibt so, bis sich das Konto ändert",
        ]),
        Reason::ChangedSinceLeft => Text([
            "it was undone earlier, and the account has changed since",
            "es wurde früher rückgängig gemacht, und das Konto hat sich seitdem geändert",
        ]),
        Reason::DeactivationChosen => {
            Text(["somebody asked to deactivate it", "jemand wollte den Kontakt deaktivieren"])
        }
        Reason::NeverLinked => {
            Text(["no account was ever linked to it", "mit dem Kontakt war nie ein Konto verknüpft"])
        }
        Reason::LeftOut(why) => return exclusion(why, both),
        Reason::EnteredTwice => Text([
            "the contacts that fit look like one person, entered more than once",
            "die passenden Kontakte sehen nach einer einzigen Person aus, die mehrfach angelegt ist",
        ]),
        Reason::DuplicateOf(id) => {
            let name = both.contact(id).map_or_else(|| contact_without_name(id), contact_name);
            return say!(
                "it looks like the same person as contact {id}, {name}",
                "das sieht nach derselben Person aus wie Kontakt {id}, {name}"
            );
        }
        Reason::LinkedElsewhere(id) => {
            let company = other_company(id, both);
            return say!(
                "the account is linked to a contact of {company} already",
                "das Konto ist schon mit einem Kontakt von {company} verknüpft"
            );
        }
        Reason::ClaimedTwice(id) => {
            let company = other_company(id, both);
            return say!(
                "the rules of {company} take the account as well",
                "nach den Regeln dort gehört das Konto auch zu {company}"
            );
        }
    }
    .to_string()
}

/// The name of another company. In German its words stand after "von" and "zu", in the dative.
fn other_company(id: i64, both: &Prepared) -> String {
    let unnamed = || say!("another company (record {id})", "einer anderen Firma (Datensatz {id})");
    both.company(id).map_or_else(unnamed, str::to_owned)
}

/// Why an account is left out, as a sentence's part.
#[must_use]
pub fn exclusion(why: Exclusion, both: &Prepared) -> String {
    match why {
        Exclusion::Rule(_) => match both.rule(why) {
            Some(rule) => return say!("a rule says: {rule}", "eine Regel sagt: {rule}"),
            None => Text(["a rule leaves it out", "eine Regel nimmt es aus"]),
        },
        Exclusion::OtherCompany(id) => {
            let company = other_company(id, both);
            return say!(
                "it belongs to {company}, by the rules there",
                "nach den Regeln dort gehört es zu {company}"
            );
        }
        Exclusion::Unclaimed => {
            Text(["no company's rules take it", "nach den Regeln gehört es zu keiner Firma"])
        }
        Exclusion::System => Text([
            "it belongs to Windows, Exchange or a synchroniser",
            "es gehört zu Windows, Exchange oder einer Synchronisierung",
        ]),
        Exclusion::SharedMailbox => Text(["it is a shared mailbox", "es ist ein freigegebenes Postfach"]),
        Exclusion::Room => Text(["it is a room", "es ist ein Raum"]),
        Exclusion::Equipment => Text(["it is equipment", "es ist ein Gerät"]),
        Exclusion::Service => Text(["programs use it", "Programme benutzen es"]),
        Exclusion::Admin => {
            Text(["it is an administrator's second account", "es ist das Zweitkonto eines Administrators"])
        }
        Exclusion::Test => Text(["it is for trying things out", "es ist zum Ausprobieren da"]),
        Exclusion::NoPersonName => Text(["it has no person's name", "es hat keinen Personennamen"]),
        Exclusion::ReplicationConflict => Text([
            "it is a copy left behind by a replication conflict",
            "es ist eine Kopie, die ein Replikationskonflikt hinterlassen hat",
        ]),
        Exclusion::SaidSo => Text([
            "somebody said that it is not a person's",
            "jemand hat gesagt, dass es keiner Person gehört",
        ]),
    }
    .to_string()
}

/// What an account is instead of a person's, beside its name.
#[must_use]
pub const fn not_a_person(why: Exclusion) -> Text {
    match why {
        Exclusion::System => Text(["system account", "Systemkonto"]),
        Exclusion::SharedMailbox => Text(["shared mailbox", "freigegebenes Postfach"]),
        Exclusion::Room => Text(["room", "Raum"]),
        Exclusion::Equipment => Text(["equipment", "Gerät"]),
        Exclusion::Service => Text(["service account", "Dienstkonto"]),
        Exclusion::Admin => Text(["administrator's second account", "Zweitkonto eines Administrators"]),
        Exclusion::Test => Text(["test account", "Testkonto"]),
        Exclusion::NoPersonName => Text(["no person's name", "kein Personenname"]),
        Exclusion::ReplicationConflict => {
            Text(["copy from a replication conflict", "Kopie aus einem Replikationskonflikt"])
        }
        Exclusion::SaidSo => Text(["not a person's, somebody said", "keine Person, hat jemand gesagt"]),
        Exclusion::Rule(_) => Text(["left out by a rule", "von einer Regel ausgenommen"]),
        Exclusion::OtherCompany(_) => Text(["another company's", "gehört zu einer anderen Firma"]),
        Exclusion::Unclaimed => Text(["no company's", "gehört zu keiner Firma"]),
    }
}

/// Why a contact in the PSA only needs a look of its own.
#[must_use]
pub const fn namesake(candidate: &Candidate<AccountId>, enabled: bool) -> Text {
    match (enabled, candidate.names) {
        (true, _) => {
            Text(["An account has this name or address", "Ein Konto hat diesen Namen oder diese Adresse"])
        }
        (false, Agreement::Same | Agreement::Compatible) => {
            Text(["A disabled account has this name", "Ein deaktiviertes Konto hat diesen Namen"])
        }
        (false, _) => {
            Text(["A disabled account has this address", "Ein deaktiviertes Konto hat diese Adresse"])
        }
    }
}

/// Why a row's box is not ticked by itself.
#[must_use]
pub fn not_ticked(protections: &[Protection]) -> String {
    let word = |what: &Protection| {
        match what {
            Protection::DefaultContact => Text(["default contact", "Standardkontakt"]),
            Protection::BillingContact => Text(["billing contact", "Rechnungskontakt"]),
            Protection::PortalLogin => Text(["portal login", "Portalzugang"]),
            Protection::OpenTickets => Text(["open tickets", "offene Tickets"]),
            Protection::ContactType => Text(["protected type", "geschützter Typ"]),
        }
        .to_string()
    };
    let why = listed(&protections.iter().map(word).collect::<Vec<_>>());
    say!("Not ticked: {why}", "Nicht angehakt: {why}")
}

/// Whom a match would take a contact or an account from.
#[must_use]
pub fn now_with(name: &str) -> String {
    say!("now with {name}", "jetzt bei {name}")
}

/// "8 of 120".
#[must_use]
pub fn some_of(some: usize, all: usize) -> String {
    let (some, all) = (grouped(number(some)), grouped(number(all)));
    say!("{some} of {all}", "{some} von {all}")
}

/// What depends on a contact.
#[must_use]
pub const fn protection(what: Protection) -> Text {
    match what {
        Protection::DefaultContact => Text([
            "It is the company's default contact: new tickets would name an inactive person.",
            "Das ist der Standardkontakt der Firma: In neuen Tickets stünde eine inaktive Person.",
        ]),
        Protection::BillingContact => Text([
            "It is the company's billing contact: invoices go to this person.",
            "Das ist der Rechnungskontakt der Firma: Rechnungen gehen an diese Person.",
        ]),
        Protection::OpenTickets => Text([
            "Tickets of this person are still open: whoever works on them would write to somebody inactive.",
            "Tickets dieser Person sind noch offen: Wer sie bearbeitet, würde einer inaktiven Person schreiben.",
        ]),
        Protection::ContactType => {
            Text(["A rule protects its type.", "Eine Regel schützt diesen Kontakttyp."])
        }
        Protection::PortalLogin => Text([
            "It may log in to the customer portal and would lose that.",
            "Diese Person darf sich am Kundenportal anmelden und könnte das dann nicht mehr.",
        ]),
    }
}

/// A value that the PSA has nothing to refer to for.
#[must_use]
pub fn unplaced(unplaced: &Unplaced) -> String {
    let Unplaced { field: of, value } = unplaced;
    let name = field(*of);
    match of {
        Field::Department => {
            say!(
                "The PSA has no {name} \u{201c}{value}\u{201d}; a rule may create it (create departments).",
                "Im PSA gibt es keine {name} „{value}“; eine Regel kann sie anlegen (create departments)."
            )
        }
        // Without an article, as the names of these fields differ in gender.
        _ => say!(
            "The PSA has no {name} \u{201c}{value}\u{201d}: make it there, or change the rule.",
            "Im PSA gibt es „{value}“ nicht als {name}: Legen Sie das dort an oder ändern Sie die Regel."
        ),
    }
}

/// A field's name.
#[must_use]
pub const fn field(field: Field) -> Text {
    match field {
        Field::FirstName => Text(["first name", "Vorname"]),
        Field::LastName => Text(["last name", "Nachname"]),
        Field::Title => Text(["title", "Position"]),
        Field::Department => Text(["department", "Abteilung"]),
        Field::Email => Text(["e-mail address", "E-Mail-Adresse"]),
        Field::Aliases => Text(["further e-mail address", "weitere E-Mail-Adresse"]),
        Field::Direct => Text(["direct number", "Durchwahl"]),
        Field::Mobile => Text(["mobile number", "Mobilnummer"]),
        Field::Fax => Text(["fax number", "Faxnummer"]),
        Field::Manager => Text(["manager", "Führungskraft"]),
        Field::Site => Text(["site", "Standort"]),
        Field::Type => Text(["contact type", "Kontakttyp"]),
        Field::EmployeeId => Text(["employee id", "Personalnummer"]),
        Field::AccountId => Text(["account id", "Kontokennung"]),
    }
}

/// What two people have in common, or not, as a part of a list.
const fn clue(clue: Clue) -> Text {
    match clue {
        Clue::SameAddress => Text(["same address", "gleiche Adresse"]),
        Clue::SharedAddress => {
            Text(["an address that others have too", "eine Adresse, die auch andere haben"])
        }
        Clue::AlikeAddress => Text(["an address with a typing error", "eine Adresse mit Tippfehler"]),
        Clue::SameMailbox => {
            Text(["same name before the @, other domain", "gleicher Name vor dem @, andere Domain"])
        }
        Clue::NameInAddress => Text(["the name in the address", "der Name in der Adresse"]),
        Clue::OtherAddress => Text(["other addresses", "andere Adressen"]),
        Clue::SameName => Text(["same name", "gleicher Name"]),
        Clue::SwappedNames => Text(["first and last name exchanged", "Vor- und Nachname vertauscht"]),
        Clue::OtherSpelling => Text(["a name spelled differently", "ein anders geschriebener Name"]),
        Clue::Nickname => Text(["a short or pet form of the name", "eine Kurz- oder Koseform des Namens"]),
        Clue::Initial => Text(["an initial that fits", "ein passender Anfangsbuchstabe"]),
        Clue::PartOfName => Text(["a part of the name", "ein Teil des Namens"]),
        Clue::AlikeName => Text(["a name with a typing error", "ein Name mit Tippfehler"]),
        Clue::HalfName => Text(["half a name only", "nur ein halber Name"]),
        Clue::OtherGivenName => Text(["another first name", "anderer Vorname"]),
        Clue::OtherFamilyName => Text(["another last name", "anderer Nachname"]),
        Clue::RareName => Text(["which is rare here", "hier selten"]),
        Clue::CommonName => Text(["which others here have too", "hier mehrfach"]),
        Clue::SamePhone => Text(["same telephone number", "gleiche Telefonnummer"]),
        Clue::SameCity => Text(["same city", "gleicher Ort"]),
        Clue::OtherCity => Text(["another city", "anderer Ort"]),
        Clue::SameTitle => Text(["same title", "gleiche Position"]),
        Clue::SameDepartment => Text(["same department", "gleiche Abteilung"]),
    }
}

/// What two people have in common, and then what not.
#[must_use]
pub fn clues(clues: Clues) -> String {
    let against = |clue: &Clue| {
        matches!(clue, Clue::OtherAddress | Clue::OtherGivenName | Clue::OtherFamilyName | Clue::OtherCity)
    };
    let words = |wanted: bool| -> Vec<&'static str> {
        clues.iter().filter(|one| against(one) == wanted).map(|one| clue(one).words()).collect()
    };
    let (common, different) = (words(false).join(", "), words(true).join(", "));
    match (common.is_empty(), different.is_empty()) {
        (_, true) => common,
        (true, false) => different,
        (false, false) => say!("{common}; but {different}", "{common}; aber {different}"),
    }
}

/// What speaks for and against a candidate.
#[must_use]
pub fn evidence<T>(candidate: &Candidate<T>) -> String {
    clues(candidate.clues)
}

/// One line: what will happen and why.
#[must_use]
pub fn line(row: &Row, both: &Prepared) -> String {
    // That it was undone before stands beside the line, not instead of why it would be written now.
    let last = row.reasons.iter().rfind(|reason| **reason != Reason::ChangedSinceLeft);
    let why = last.map(|&last| reason(last, both)).unwrap_or_default();
    let sentence = capitalised(&why);
    let fields =
        || listed(&row.changes.iter().map(|change| field(change.field).to_string()).collect::<Vec<_>>());
    match row.kind {
        RowKind::Deactivate => say!("Deactivate: {why}", "Deaktivieren: {sentence}"),
        RowKind::Reactivate if row.changes.is_empty() => {
            say!("Bring back: {why}", "Reaktivieren: {sentence}")
        }
        RowKind::Reactivate => {
            let fields = fields();
            say!("Bring back and change {fields}: {why}", "Reaktivieren und ändern ({fields}): {sentence}")
        }
        RowKind::Create => say!("Create a contact: {why}", "Kontakt anlegen: {sentence}"),
        RowKind::Update => {
            let fields = fields();
            say!("Change {fields}", "Ändern: {fields}")
        }
        RowKind::Move => say!("Bring its contact here: {why}", "Den Kontakt hierher holen: {sentence}"),
        RowKind::Link => say!("Link: {why}", "Verknüpfen: {sentence}"),
        RowKind::Ignored if row.reasons.contains(&Reason::LeftAsItWas) => sentence,
        RowKind::Ignored => match row.decision {
            Some(Decision::IgnoreUntil(last)) => {
                let last = day(&last.to_string());
                say!("Stays as it is until {last}", "Bleibt so bis zum {last}")
            }
            _ => Text(["Stays as it is", "Bleibt so"]).to_string(),
        },
        RowKind::Unchanged if row.reasons.as_slice() == [Reason::Linked] => {
            Text(["Up to date", "Aktuell"]).to_string()
        }
        RowKind::NeedsDecision | RowKind::PsaOnly | RowKind::Excluded | RowKind::Unchanged => sentence,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use reconcile::{
        Contact, Coverage, Decisions, FieldChange, Planning, Policy, Snapshot, Subject, prepare,
    };

    use super::*;
    use crate::text::{Language, speaking};

    const KINDS: [RowKind; 11] = [
        RowKind::NeedsDecision,
        RowKind::Deactivate,
        RowKind::Reactivate,
        RowKind::Create,
        RowKind::Update,
        RowKind::Move,
        RowKind::Link,
        RowKind::PsaOnly,
        RowKind::Ignored,
        RowKind::Excluded,
        RowKind::Unchanged,
    ];

    #[test]
    fn no_two_kinds_share_a_title_or_a_sign() {
        let all_differ = |words: [&str; 11]| BTreeSet::from(words).len() == words.len();
        assert!(all_differ(KINDS.map(sign)));
        for language in Language::ALL {
            speaking(language, || {
                assert!(all_differ(KINDS.map(|kind| group(kind).words())));
                assert!(all_differ(KINDS.map(|kind| now(kind).words())));
            });
        }
    }

    fn nobody() -> Prepared {
        let snapshot = Snapshot { accounts: Vec::new(), coverage: Coverage::Complete };
        prepare(snapshot, Vec::new(), &Policy::default())
    }

    #[test]
    fn reasons_are_words_not_codes() {
        for why in [
            Reason::Linked,
            Reason::SameAddress,
            Reason::SameName,
            Reason::ChosenByPerson,
            Reason::CreationChosen,
            Reason::NoContact,
            Reason::NamesContradict,
            Reason::SeveralCandidates,
            Reason::Likely,
            Reason::ContactInactive,
            Reason::ContactGone,
            Reason::ContactTaken,
            Reason::AccountReplaced,
            Reason::AccountDisabled,
            Reason::AccountMissing,
            Reason::IgnoredByPerson,
            Reason::LeftAsItWas,
            Reason::ChangedSinceLeft,
            Reason::DeactivationChosen,
            Reason::NeverLinked,
            Reason::LeftOut(Exclusion::SharedMailbox),
            Reason::LeftOut(Exclusion::Rule(0)),
            Reason::LeftOut(Exclusion::OtherCompany(7)),
            Reason::LeftOut(Exclusion::Unclaimed),
            Reason::EnteredTwice,
            Reason::DuplicateOf(ContactId(7)),
            Reason::LinkedElsewhere(7),
            Reason::ClaimedTwice(7),
        ] {
            for language in Language::ALL {
                let words = speaking(language, || reason(why, &nobody()));
                assert!(words.split(' ').count() >= 3 && !words.contains('_'), "{why:?}: {words}");
            }
        }
    }

    #[test]
    fn what_is_in_common_is_told_before_what_is_not() {
        let some = |list: &[Clue]| clues(Clues::from(list.to_vec()));
        assert_eq!(some(&[Clue::SameAddress, Clue::OtherFamilyName]), "same address; but another last name");
        assert_eq!(some(&[Clue::SameName, Clue::RareName]), "same name, which is rare here");
        assert_eq!(some(&[Clue::OtherAddress]), "other addresses");
        for one in Clue::ALL {
            assert!(!some(&[one]).contains('_') && !some(&[one]).is_empty());
        }
    }

    #[test]
    fn one_needs_and_two_need() {
        assert_eq!(bar(&[(RowKind::NeedsDecision, 1), (RowKind::Create, 3)]), "1 needs you and 3 create");
        assert_eq!(group_count(RowKind::NeedsDecision, 2), "2 need you");
        speaking(Language::German, || {
            let counts = [(RowKind::NeedsDecision, 1), (RowKind::Create, 3), (RowKind::Ignored, 1200)];
            assert_eq!(bar(&counts), "1 für Sie, 3 anlegen und 1.200 belassen");
        });
    }

    #[test]
    fn german_names_another_company_in_its_case() {
        speaking(Language::German, || {
            for (why, words) in [
                (
                    Reason::LinkedElsewhere(7),
                    "das Konto ist schon mit einem Kontakt von einer anderen Firma (Datensatz 7) verknüpft",
                ),
                (
                    Reason::ClaimedTwice(7),
                    "nach den Regeln dort gehört das Konto auch zu einer anderen Firma (Datensatz 7)",
                ),
                (
                    Reason::LeftOut(Exclusion::OtherCompany(7)),
                    "nach den Regeln dort gehört es zu einer anderen Firma (Datensatz 7)",
                ),
            ] {
                assert_eq!(reason(why, &nobody()), words);
            }
            assert_eq!(
                now_with(GONE_ACCOUNT.words()),
                "jetzt bei einem Konto, das nicht mehr im Verzeichnis ist"
            );
        });
    }

    #[test]
    fn german_lists_what_is_in_common_and_what_the_psa_lacks() {
        speaking(Language::German, || {
            let some = |list: &[Clue]| clues(Clues::from(list.to_vec()));
            assert_eq!(
                some(&[Clue::SameName, Clue::RareName, Clue::OtherCity]),
                "gleicher Name, hier selten; aber anderer Ort"
            );
            let lacks = |field| unplaced(&Unplaced { field, value: "Kiel".to_owned() });
            assert_eq!(
                lacks(Field::Site),
                "Im PSA gibt es „Kiel“ nicht als Standort: Legen Sie das dort an oder ändern Sie die Regel."
            );
            assert!(lacks(Field::Department).starts_with("Im PSA gibt es keine Abteilung „Kiel“; "));
            assert_eq!(
                not_ticked(&[Protection::DefaultContact, Protection::OpenTickets]),
                "Nicht angehakt: Standardkontakt und offene Tickets"
            );
        });
    }

    #[test]
    fn a_line_says_what_and_why_in_both_languages() {
        let contact = Contact { id: ContactId(7), first_name: "Ann".to_owned(), ..Contact::default() };
        let snapshot = Snapshot { accounts: Vec::new(), coverage: Coverage::Complete };
        let both = Arc::new(prepare(snapshot, vec![contact], &Policy::default()));
        let planning = |decisions| Planning::new(Arc::clone(&both), &[], decisions).plan().rows;
        let row = |kind, reasons: &[Reason], fields: &[Field]| {
            let change = |&field| FieldChange { field, old: None, new: "x".to_owned(), shortened: false };
            let changes = fields.iter().map(change).collect();
            Row { kind, reasons: reasons.to_vec(), changes, ..(*planning(Decisions::new())[0]).clone() }
        };
        let until = Decision::IgnoreUntil("2027-01-31".parse().expect("a day"));
        let ignored = planning(Decisions::from([(Subject::Contact(ContactId(7)), until)]));
        let fields = [Field::FirstName, Field::Title];
        for (row, english, german) in [
            (
                row(RowKind::Deactivate, &[Reason::Linked, Reason::AccountDisabled], &[]),
                "Deactivate: the account is disabled",
                "Deaktivieren: Das Konto ist deaktiviert",
            ),
            (
                row(RowKind::Reactivate, &[Reason::ChosenByPerson], &fields),
                "Bring back and change first name and title: chosen by hand",
                "Reaktivieren und ändern (Vorname und Position): Von Hand ausgewählt",
            ),
            (
                row(RowKind::Update, &[Reason::Linked], &fields),
                "Change first name and title",
                "Ändern: Vorname und Position",
            ),
            ((*ignored[0]).clone(), "Stays as it is until 2027-01-31", "Bleibt so bis zum 31.01.2027"),
        ] {
            assert_eq!(line(&row, &both), english);
            assert_eq!(speaking(Language::German, || line(&row, &both)), german);
        }
    }
}
