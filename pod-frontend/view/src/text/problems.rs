//! What a problem says in a language that the service does not speak: its words are English, so here each
//! code has words of its own.

use std::borrow::Cow;

use super::{Language, Local, Text, language, local};
use crate::wire::{Code, NOTHING_CHANGED, Problem};

/// A problem as it is told to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<'a> {
    /// What is wrong, a sentence.
    pub headline: Cow<'a, str>,
    /// What to do about it.
    pub advice: Cow<'a, str>,
    /// The language of both, where it is not the one spoken.
    pub lang: Option<&'static str>,
    /// The service's own words, in English, where they name more: hosts, names, figures.
    pub detail: Option<Cow<'a, str>>,
}

/// Before the service's own words.
pub const VERBATIM: Text = Text(["In full:", "Im Wortlaut:"]);

/// A member may not decide or write.
pub const MAY_NOT_CHANGE: Text = Text([
    "You may see this company's contacts, but not change all of them.",
    "Sie dürfen die Kontakte dieser Firma sehen, aber nicht alle ändern.",
]);
/// A member may not put somebody on a ticket.
pub const MAY_NOT_EDIT_TICKETS: Text = Text([
    "You may see this ticket, but not edit all service tickets.",
    "Sie dürfen dieses Ticket sehen, aber nicht alle Servicetickets bearbeiten.",
]);
/// A member may not change the settings.
pub const MAY_NOT_SET: Text = Text([
    "You may not change the settings of this company.",
    "Sie dürfen die Einstellungen dieser Firma nicht ändern.",
]);
/// The PSA does not show the company to the member.
pub const NOT_SHOWN: Text = Text([
    "ConnectWise PSA does not show you this company and its contacts.",
    "ConnectWise PSA zeigt Ihnen diese Firma und ihre Kontakte nicht.",
]);
/// The request is about another ticket than the token.
pub const OTHER_TICKET: Text =
    Text(["This is not the ticket that you opened.", "Das ist nicht das Ticket, das Sie geöffnet haben."]);
/// The request is about another company than the token.
pub const OTHER_COMPANY: Text =
    Text(["This is not the company that you opened.", "Das ist nicht die Firma, die Sie geöffnet haben."]);
/// The request comes from another site.
pub const OTHER_SITE: Text =
    Text(["This request does not come from the pod.", "Diese Anfrage kommt nicht aus dem Pod."]);

/// The messages of [`Code::NotAllowed`] in the pod.
const REFUSALS: [Text; 7] =
    [MAY_NOT_CHANGE, MAY_NOT_EDIT_TICKETS, MAY_NOT_SET, NOT_SHOWN, OTHER_TICKET, OTHER_COMPANY, OTHER_SITE];

/// The problem in the language spoken. What has no words in it, from a newer service, stays English.
#[must_use]
pub fn problem(problem: &Problem) -> Told<'_> {
    let words = match language() {
        Language::English => return as_it_is(problem, None),
        // Those of the pod's own are in the language spoken.
        _ if Local::ALL.into_iter().any(|own| local(own) == *problem) => return as_it_is(problem, None),
        Language::German => Code::named(&problem.code).and_then(|code| german(code, problem)),
    };
    let Some(Words { headline, advice, more }) = words else {
        return as_it_is(problem, Some(Language::English.tag()));
    };
    let (own_advice, advice) = match problem.advice.strip_prefix(NOTHING_CHANGED) {
        Some(own) => (own, format!("{NOTHING_CHANGED_HERE} {advice}").into()),
        None => (problem.advice.as_str(), advice.into()),
    };
    Told {
        headline: headline.into(),
        advice,
        lang: None,
        detail: match more {
            More::Nothing => None,
            More::Message => Some(problem.message.as_str().into()),
            More::Advice => Some(own_advice.into()),
            More::Both => Some(format!("{} {own_advice}", problem.message).into()),
        },
    }
}

/// [`NOTHING_CHANGED`] in the language spoken.
const NOTHING_CHANGED_HERE: Text = Text(["Nothing was changed.", "Es wurde nichts geändert."]);

fn as_it_is<'a>(problem: &'a Problem, lang: Option<&'static str>) -> Told<'a> {
    Told {
        headline: problem.message.as_str().into(),
        advice: problem.advice.as_str().into(),
        lang,
        detail: None,
    }
}

/// What a code says in another language, and which of the service's own words say more than that.
struct Words {
    headline: &'static str,
    advice: &'static str,
    more: More,
}

#[derive(Clone, Copy)]
enum More {
    Nothing,
    Message,
    Advice,
    Both,
}

impl More {
    /// The message where it counts something.
    fn counted(problem: &Problem) -> Self {
        if problem.message.contains(|sign: char| sign.is_ascii_digit()) {
            Self::Message
        } else {
            Self::Nothing
        }
    }
}

/// None for what only the joining page and the administrator's say: they are English.
fn german(code: Code, problem: &Problem) -> Option<Words> {
    let (headline, advice, more) = match code {
        Code::SignInAgain => (
            "ConnectWise PSA muss noch einmal bestätigen, wer Sie sind.",
            "Das geschieht von selbst; wenn nicht, laden Sie die Seite der Firma neu.",
            More::Nothing,
        ),
        Code::NotConfirmed => (
            "ConnectWise PSA bestätigt nicht, wer Sie sind.",
            "Vielleicht ist Ihre Sitzung abgelaufen: Melden Sie sich in ConnectWise PSA neu an und laden Sie die Seite neu.",
            More::Nothing,
        ),
        Code::TooManyAttempts => (
            "ConnectWise PSA hat diesen Mitarbeiter zu oft abgewiesen.",
            "Warten Sie eine Viertelstunde und laden Sie die Seite dann neu.",
            More::Nothing,
        ),
        Code::NotAllowed => {
            let known = REFUSALS.into_iter().find(|refusal| refusal.english() == problem.message);
            let (headline, more) = match known {
                Some(refusal) => (refusal.words(), More::Nothing),
                None => ("Das ist Ihnen hier nicht erlaubt.", More::Message),
            };
            (headline, "Fragen Sie Ihren Administrator nach Ihrer Sicherheitsrolle in ConnectWise PSA.", more)
        }
        Code::NotFound => (
            "Unter dieser Adresse ist nichts.",
            "Öffnen Sie den Pod auf der Seite der Firma in ConnectWise PSA.",
            More::Nothing,
        ),
        Code::BadRequest => (
            "Der Dienst versteht nicht, was der Pod gesendet hat.",
            "Laden Sie die Seite neu, damit der Pod auf dem neuesten Stand ist.",
            More::Nothing,
        ),
        Code::StoreFailed => (
            "Der Dienst kommt nicht an seinen eigenen Speicher.",
            "Versuchen Sie es in einer Minute noch einmal; hält es an, sagen Sie es dem Betreiber des Dienstes.",
            // By the reference at its end the operator finds it in the log.
            if problem.advice.contains(": ") { More::Advice } else { More::Nothing },
        ),
        Code::Unexpected => (
            "Der Dienst ist daran gescheitert.",
            "Versuchen Sie es noch einmal; hält es an, sagen Sie es dem Betreiber des Dienstes.",
            More::Nothing,
        ),
        Code::PsaUnreachable => (
            "ConnectWise PSA hat nicht geantwortet.",
            "Versuchen Sie es in einer Minute noch einmal. Hält es an, prüfen Sie, ob das PSA läuft.",
            More::Nothing,
        ),
        Code::PsaBusy => (
            "ConnectWise PSA bittet um weniger Anfragen.",
            "Versuchen Sie es in ein paar Minuten noch einmal.",
            More::Nothing,
        ),
        Code::PsaKeys => (
            "ConnectWise PSA nimmt unsere API-Schlüssel nicht an.",
            "Bitten Sie Ihren Administrator zu prüfen, ob das API Member und seine Schlüssel aktiv sind.",
            More::Nothing,
        ),
        Code::PsaRights => (
            "Dem API Member fehlt ein Recht, das hierfür nötig ist.",
            "Bitten Sie Ihren Administrator, die Sicherheitsrolle des API Member zu prüfen (Companies: Contacts und Notes).",
            More::Nothing,
        ),
        Code::PsaNotFound => (
            "ConnectWise PSA hat diesen Datensatz nicht mehr.",
            "Laden Sie die Seite neu und gleichen Sie erneut ab.",
            More::Nothing,
        ),
        Code::PsaAddress => (
            "Unter der hinterlegten Adresse ist kein ConnectWise PSA, das Ihre Firma kennt.",
            "Bitten Sie Ihren Administrator, die Adresse des PSA und die Login Company zu prüfen.",
            More::Nothing,
        ),
        Code::PsaFailed => (
            "ConnectWise PSA hat mit einem Fehler geantwortet.",
            "Versuchen Sie es in einer Minute noch einmal. Dadurch wurde nichts geändert.",
            More::Nothing,
        ),
        Code::PsaRefused => (
            "ConnectWise PSA hat es abgelehnt.",
            "Berichtigen Sie im PSA, was es bemängelt, und versuchen Sie es dann noch einmal.",
            More::Message,
        ),
        Code::PsaOldFault => (
            "ConnectWise PSA lehnt jede Änderung an diesem Datensatz ab, solange darin ein älterer Wert nicht stimmt.",
            "Berichtigen Sie ihn im PSA und versuchen Sie es dann noch einmal.",
            More::Message,
        ),
        Code::PsaNotMade => (
            "ConnectWise PSA hat die Änderung angenommen, aber nicht alles davon ausgeführt.",
            "Sehen Sie im PSA nach, was fehlt, und tragen Sie es dort ein.",
            More::Nothing,
        ),
        Code::ContactElsewhere => (
            "Der Kontakt gehört inzwischen zu einer anderen Firma.",
            "Gleichen Sie erneut ab, um zu sehen, was zu tun ist.",
            More::Nothing,
        ),
        Code::ReferenceGone => (
            "Den Standort, den Kontakttyp oder die Führungskraft, die hier eingetragen werden sollen, gibt es in ConnectWise PSA nicht mehr.",
            "Gleichen Sie erneut ab, um zu sehen, was zu tun ist.",
            More::Nothing,
        ),
        Code::DepartmentUnknown => (
            "ConnectWise PSA hat nicht gesagt, ob es die Abteilung angelegt hat.",
            "Gleichen Sie erneut ab: Dabei wird erst nachgesehen, ob es sie gibt.",
            More::Nothing,
        ),
        Code::TicketRights => (
            "Der API-Mitarbeiter darf keine Servicetickets bearbeiten.",
            "Bitten Sie Ihren Administrator, die Sicherheitsrolle des API-Mitarbeiters zu prüfen (Service Desk: Service Tickets).",
            More::Nothing,
        ),
        Code::NameNotFound => (
            "Der Name des Verzeichnisservers wurde nicht gefunden.",
            "Prüfen Sie die Schreibweise in den Einstellungen; der Name muss im Internet oder diesem Dienst bekannt sein.",
            More::Message,
        ),
        Code::PortNotAllowed => (
            "Mit diesem Port darf sich der Dienst nicht verbinden.",
            "Nehmen Sie 636 für LDAPS oder bitten Sie den Betreiber des Dienstes, den Port zu erlauben.",
            More::Message,
        ),
        Code::AddressNotAllowed => (
            "Der Verzeichnisserver hat eine interne Adresse, mit der sich der Dienst nicht verbinden darf.",
            "Bitten Sie den Betreiber des Dienstes, dieses Netz zu erlauben.",
            More::Message,
        ),
        Code::DirectoryUnreachable => (
            "Der Verzeichnisserver ist nicht erreichbar.",
            "Prüfen Sie Namen und Port in den Einstellungen, ob der Server läuft und ob seine Firewall diesen Dienst durchlässt.",
            More::Message,
        ),
        Code::DirectoryTimedOut => (
            "Das Verzeichnis hat zu lange nicht geantwortet.",
            "Eine unvollständige Liste deaktiviert niemanden. Gleichen Sie erneut ab, wenn der Server weniger zu tun hat.",
            More::counted(problem),
        ),
        Code::CertificateUntrusted => (
            "Dem Zertifikat des Verzeichnisservers wird nicht vertraut.",
            "Bestätigt die IT des Kunden diesen Fingerabdruck, legen Sie ihn in den Einstellungen fest; sonst geben Sie dort das Zertifikat der Stelle an, die es ausgestellt hat.",
            More::Message,
        ),
        Code::CertificateName => (
            "Das Zertifikat des Verzeichnisservers ist für einen anderen Namen ausgestellt.",
            "Tragen Sie den Namen aus dem Zertifikat als Namen des Servers ein oder legen Sie den Fingerabdruck fest.",
            // The advice has the fingerprint.
            More::Both,
        ),
        Code::TlsFailed => (
            "Zum Verzeichnisserver kam keine geschützte Verbindung zustande.",
            "Prüfen Sie, ob der Port der für LDAPS ist (636) und ob der Server TLS 1.2 oder neuer zulässt.",
            More::Nothing,
        ),
        Code::StartTlsRefused => (
            "Der Verzeichnisserver lehnt es ab, die Verbindung mit StartTLS zu schützen.",
            "Nehmen Sie LDAPS auf Port 636.",
            More::Nothing,
        ),
        Code::EncryptionRequired => (
            "Dieser Domänencontroller verlangt Verschlüsselung.",
            "Nehmen Sie LDAPS auf Port 636 oder StartTLS.",
            More::Nothing,
        ),
        Code::WrongProtection => (
            "Der Verzeichnisserver spricht auf diesem Port nicht den gewählten Schutz.",
            "Prüfen Sie den Schutz der Verbindung und den Port in den Einstellungen: LDAPS ist meist auf Port 636, StartTLS auf 389.",
            More::Nothing,
        ),
        Code::BadCredentials => (
            "Das Verzeichnis hat die Anmeldung abgelehnt.",
            "Prüfen Sie Anmeldenamen und Passwort in den Einstellungen. Ist das Konto gesperrt, warten Sie das Ende der Sperre ab, oder die IT des Kunden entsperrt es. Ist sein Passwort abgelaufen, lassen Sie dort ein neues setzen und geben Sie es in den Einstellungen ein.",
            More::Message,
        ),
        Code::BaseNotFound => (
            "Die Basis in den Einstellungen ist nicht in diesem Verzeichnis, oder das Konto für den Abgleich darf sie nicht sehen.",
            "Berichtigen Sie die Basis, zum Beispiel DC=corp,DC=example,DC=com.",
            More::Nothing,
        ),
        Code::CutOff => (
            "Die Verbindung zum Verzeichnis ist abgebrochen.",
            "Eine unvollständige Liste deaktiviert niemanden. Gleichen Sie erneut ab.",
            More::Message,
        ),
        Code::NothingFound => (
            "Das Verzeichnis hat geantwortet, aber ohne ein einziges Konto.",
            "Deswegen wird niemand deaktiviert. Prüfen Sie die Basis, den Filter und was das Konto für den Abgleich lesen darf.",
            More::Nothing,
        ),
        Code::MalformedEntry => (
            "Das Verzeichnis hat einen Eintrag gesendet, der sich nicht lesen lässt.",
            "Die Liste gilt als unvollständig und deaktiviert niemanden. Bitten Sie die IT des Kunden, sich den Eintrag anzusehen.",
            More::Message,
        ),
        Code::LimitReached => (
            "Das Verzeichnis ist größer, als dieser Dienst auf einmal liest.",
            "Grenzen Sie die Basis oder den Filter ein oder bitten Sie den Betreiber um eine höhere Grenze.",
            More::Message,
        ),
        Code::SizeLimit | Code::PagingStuck | Code::Garbled | Code::NoPaging | Code::DuplicateAccount => (
            "Der Verzeichnisserver hat nicht seine ganze Liste gesendet.",
            "Eine unvollständige Liste deaktiviert niemanden. Gleichen Sie erneut ab; hält es an, nehmen Sie einen anderen Domänencontroller.",
            More::Message,
        ),
        Code::DirectoryError => (
            "Der Verzeichnisserver hat mit einem Fehler geantwortet.",
            "Eine unvollständige Liste deaktiviert niemanden. Gleichen Sie erneut ab; hält es an, bitten Sie die IT des Kunden, sich den Server anzusehen.",
            More::Message,
        ),
        Code::DirectoryIncomplete => (
            "Das Verzeichnis wurde nicht bis zu einem bestätigten Ende gelesen.",
            "Eine unvollständige Liste deaktiviert niemanden. Gleichen Sie erneut ab; geschieht es wieder, sagen Sie es dem Betreiber des Dienstes.",
            More::Nothing,
        ),
        Code::ReaderFailed => (
            "Das Verzeichnis konnte nicht gelesen werden: Der lesende Prozess ist gescheitert.",
            "Gleichen Sie erneut ab; hält es an, sagen Sie es dem Betreiber des Dienstes.",
            More::Nothing,
        ),
        Code::BusyReading => (
            "Gerade werden zu viele andere Verzeichnisse gelesen.",
            "Gleichen Sie in ein paar Minuten erneut ab.",
            More::Nothing,
        ),
        Code::NotSetUp => (
            "Diese Firma hat noch keine Einstellungen für ihr Verzeichnis.",
            "Geben Sie sie in den Einstellungen des Pods ein.",
            More::Nothing,
        ),
        Code::SettingsNotAccepted => (
            "Die Notiz mit den Einstellungen gilt nicht mehr.",
            "Es wird nichts gelesen und nichts geschrieben, bis die Einstellungen hier neu eingegeben und gespeichert sind.",
            More::Message,
        ),
        Code::SettingsWrong => (
            "Die Einstellungen lassen sich nicht verwenden.",
            "Berichtigen Sie das und speichern Sie die Einstellungen noch einmal.",
            More::Message,
        ),
        Code::SettingsTwice => (
            "Bei dieser Firma gibt es mehrere Notizen mit Einstellungen.",
            "Löschen Sie in ConnectWise PSA alle bis auf eine und speichern Sie dann noch einmal.",
            More::Nothing,
        ),
        Code::SettingsMoved => (
            "Inzwischen hat jemand anders diese Einstellungen gespeichert.",
            "Öffnen Sie die Einstellungen noch einmal und ändern Sie sie dort.",
            More::Nothing,
        ),
        Code::SettingsTooLong => (
            "Die Einstellungen sind zu lang für eine Notiz.",
            "Kürzen Sie die Regeln oder den Filter, oder legen Sie den Fingerabdruck des Zertifikats fest, statt ein Zertifikat einzufügen.",
            More::Nothing,
        ),
        Code::Busy => (
            "Gerade werden Änderungen bei dieser Firma übernommen.",
            "Speichern Sie in einer Minute noch einmal.",
            More::Nothing,
        ),
        Code::PasswordNeeded => (
            "Das Passwort wird noch einmal gebraucht.",
            "Das gespeicherte geht nie an einen anderen Server, einen anderen Port oder ein anderes Konto und nie unter anderem Schutz der Verbindung hinaus: Geben Sie es noch einmal ein.",
            More::Nothing,
        ),
        Code::RulesWrong => (
            "Die Regeln lassen sich nicht verwenden.",
            "Berichtigen Sie die Zeile und speichern Sie noch einmal.",
            More::Message,
        ),
        Code::CronWrong => (
            "Der Cron-Text lässt sich nicht verwenden.",
            "Schreiben Sie Minute, Stunde, Tag des Monats, Monat und Wochentag, mit mindestens 15 Minuten zwischen zwei Zeiten: 30 3 * * 1-5 heißt um 03:30 von Montag bis Freitag.",
            More::Message,
        ),
        Code::TimeWrong => {
            ("Das ist keine Uhrzeit.", "Geben Sie eine Zeit von 00:00 bis 23:59 an.", More::Message)
        }
        Code::TimeZoneUnknown => (
            "Diese Zeitzone ist nicht bekannt.",
            "Geben Sie ihren Namen aus der tz-Datenbank an, zum Beispiel Europe/Berlin.",
            // The advice may have the one that is meant.
            More::Both,
        ),
        Code::BeingRead => (
            "Diese Firma wird gerade für jemand anderen gelesen.",
            "Gleichen Sie in einer Minute erneut ab.",
            More::Nothing,
        ),
        Code::TooLittle => (
            "Das ist zu wenig, um danach zu suchen.",
            "Geben Sie eine E-Mail-Adresse, eine Telefonnummer mit mindestens fünf Ziffern oder einen Namen ein.",
            More::Nothing,
        ),
        Code::BadDecision => (
            "Eine der Entscheidungen passt nicht zu ihrer Zeile.",
            "Laden Sie die Seite neu und entscheiden Sie noch einmal.",
            More::Nothing,
        ),
        Code::ApprovedTwice => (
            "Eine Zeile stand doppelt in dem, was übernommen werden sollte.",
            "Laden Sie die Seite neu und gleichen Sie erneut ab.",
            More::Nothing,
        ),
        Code::AlreadyApplied => (
            "Das wurde schon gesendet.",
            "Laden Sie die Seite neu, um zu sehen, was daraus geworden ist.",
            More::Nothing,
        ),
        Code::NoSuchRun => {
            ("Diesen Lauf gibt es bei dieser Firma nicht.", "Laden Sie die Seite neu.", More::Nothing)
        }
        Code::BadUndo => (
            "Das ist nicht, was sich von diesem Lauf rückgängig machen lässt.",
            "Laden Sie die Seite neu und öffnen Sie den Lauf noch einmal.",
            More::Nothing,
        ),
        Code::UndoneAlready => (
            "Manches davon wurde schon rückgängig gemacht oder lässt sich nicht mehr rückgängig machen.",
            "Öffnen Sie den Lauf noch einmal, um zu sehen, was übrig ist.",
            More::Nothing,
        ),
        Code::GoesOn => (
            "Die Verbindung zu diesem Lauf ist abgebrochen; er geht von selbst weiter.",
            "Öffnen Sie die Firma in einer Minute noch einmal, um zu sehen, wie er ausgegangen ist.",
            More::Nothing,
        ),
        Code::Queued => (
            "Ein anderer Lauf dieser Firma ist noch nicht zu Ende.",
            "Ihrer kommt danach von selbst an die Reihe. Öffnen Sie die Firma später noch einmal, um zu sehen, wie er ausgegangen ist.",
            More::Nothing,
        ),
        Code::DiedAgain => (
            "Dieser Lauf wurde mehrmals begonnen, und jedes Mal endete der Dienst mittendrin.",
            "Sagen Sie es dem Betreiber des Dienstes und gleichen Sie dann erneut ab.",
            More::Nothing,
        ),
        Code::ApprovedTooLongAgo => (
            "Was Sie übernehmen wollten, konnte einen Tag lang nicht geschrieben werden.",
            "Gleichen Sie erneut ab und übernehmen Sie, was noch stimmt.",
            More::Nothing,
        ),
        Code::JoiningClosed
        | Code::LinkNotGood
        | Code::NotReady
        | Code::JoinedAlready
        | Code::AnotherPsa
        | Code::NoInstallation
        | Code::NotRemoved
        | Code::UnknownBoard
        | Code::BoardDoesNotClose
        | Code::RulesTooLong
        | Code::UnknownRight => return None,
    };
    Some(Words { headline, advice, more })
}

impl Local {
    /// All of them.
    const ALL: [Self; 5] = [Self::Offline, Self::CutOff, Self::Unclear, Self::NoProof, Self::ApplyCutOff];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::speaking;

    /// What only the joining page and the administrator's page say.
    const ENGLISH_PAGES: [Code; 11] = [
        Code::JoiningClosed,
        Code::LinkNotGood,
        Code::NotReady,
        Code::JoinedAlready,
        Code::AnotherPsa,
        Code::NoInstallation,
        Code::NotRemoved,
        Code::UnknownBoard,
        Code::BoardDoesNotClose,
        Code::RulesTooLong,
        Code::UnknownRight,
    ];

    fn in_german(problem: &Problem) -> Told<'_> {
        speaking(Language::German, || super::problem(problem))
    }

    #[test]
    fn every_code_has_whole_sentences_in_german_unless_it_is_another_pages() {
        for &code in Code::ALL {
            assert_eq!(Code::named(code.as_str()), Some(code));
            let own = Problem::new(code, "Message.", "Advice.");
            let told = in_german(&own);
            if ENGLISH_PAGES.contains(&code) {
                assert_eq!((told.lang, &*told.headline, &*told.advice), (Some("en"), "Message.", "Advice."));
                continue;
            }
            assert_eq!(told.lang, None, "{code:?} has no German: give it words in `german`");
            for words in [&told.headline, &told.advice] {
                assert!(words.ends_with('.') && !words.contains("  ") && !words.contains('"'), "{words}");
                assert_ne!(**words, own.message);
            }
        }
    }

    #[test]
    fn english_is_what_the_service_said() {
        for &code in Code::ALL {
            let own = Problem::new(code, "Message.", "Nothing was changed. Advice.");
            let told = problem(&own);
            assert_eq!((&*told.headline, &*told.advice), ("Message.", "Nothing was changed. Advice."));
            assert_eq!((told.lang, told.detail), (None, None));
        }
    }

    #[test]
    fn what_the_service_names_stands_beneath_and_that_nothing_was_changed_is_kept() {
        let refused = Problem::new(
            Code::CertificateName,
            "The directory server's certificate is for dc1, not for dc2.",
            "Nothing was changed. Use the name, or pin the fingerprint ab12.",
        );
        let told = in_german(&refused);
        assert!(told.advice.starts_with("Es wurde nichts geändert. Tragen Sie"), "{told:?}");
        let detail = "The directory server's certificate is for dc1, not for dc2. \
                      Use the name, or pin the fingerprint ab12.";
        assert_eq!(told.detail.as_deref(), Some(detail));
        let said = |message: &str| {
            let late = Problem::new(Code::DirectoryTimedOut, message, "Sync again.");
            in_german(&late).detail.map(Cow::into_owned)
        };
        assert_eq!(said("The directory took too long to answer."), None);
        assert!(said("The directory server stopped answering after 5 accounts.").is_some());
        let failed = |advice: &str| {
            let failed = Problem::new(Code::StoreFailed, "It failed.", advice);
            in_german(&failed).detail.map(Cow::into_owned)
        };
        assert_eq!(failed("Tell the operator of the service."), None);
        assert_eq!(failed("Tell the operator: 5e7a.").as_deref(), Some("Tell the operator: 5e7a."));
    }

    #[test]
    fn a_refusal_says_which_it_is() {
        for refusal in REFUSALS {
            let refused = Problem::new(Code::NotAllowed, refusal.english(), "Ask.");
            let told = in_german(&refused);
            assert_eq!((&*told.headline, told.detail), (refusal.0[1], None));
        }
        let other = Problem::new(Code::NotAllowed, "Not on Sundays.", "Ask.");
        assert_eq!(in_german(&other).detail.as_deref(), Some("Not on Sundays."));
    }

    #[test]
    fn a_newer_services_problem_stays_english_and_says_so() {
        let newer = Problem { code: "newer".into(), message: "M.".into(), advice: "A.".into() };
        let told = in_german(&newer);
        assert_eq!((&*told.headline, &*told.advice, told.lang), ("M.", "A.", Some("en")));
    }

    #[test]
    fn the_pods_own_problems_are_in_the_language_already() {
        // The code of one of them is also the service's.
        for own in Local::ALL {
            // A new one stands here as well as in `Local::ALL`.
            match own {
                Local::Offline | Local::CutOff | Local::Unclear | Local::NoProof | Local::ApplyCutOff => {}
            }
            speaking(Language::German, || {
                let made = local(own);
                let told = problem(&made);
                assert_eq!((&*told.headline, told.lang, told.detail), (&*made.message, None, None));
            });
        }
        let services = Problem::new(Code::CutOff, "It broke off on page 3.", "Sync again.");
        assert!(in_german(&services).detail.is_some());
    }
}
