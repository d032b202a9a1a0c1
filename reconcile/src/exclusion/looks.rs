//! What an account looks like: by its name, its title and its logon name.

use std::collections::HashSet;

use super::{Exclusion, names, words};
use crate::{Account, mapping, name::Name, normal};

/// What is known of how an account is called.
#[expect(clippy::struct_excessive_bools, reason = "each is an answer to a question of its own")]
struct Looks<'a> {
    account: &'a Account,
    /// The words of the name that counts: of given and family name where both are there, else of the
    /// one that is shown.
    name: Vec<String>,
    /// What each of them says.
    kinds: Vec<Option<Exclusion>>,
    /// All words that are shown, remarks included.
    all: Vec<String>,
    logon: Vec<String>,
    has_both: bool,
    /// A title that is a job.
    has_title: bool,
    /// Somebody answers a telephone.
    has_number: bool,
    begins_like_a_person: bool,
    usual: &'a Usual,
}

/// What is usual among a company's accounts.
#[derive(Debug)]
pub(super) struct Usual {
    /// Most have a telephone or a title, and a logon name or an address that is made of the name: only
    /// there does it say something that one has none of these.
    tells: bool,
    /// The cities that people are in, folded.
    cities: HashSet<String>,
}

/// So many accounts say what is usual.
const SAMPLE: usize = 200;

impl Usual {
    /// Of these accounts, by some of them from the whole list.
    pub(super) fn among(accounts: &[Account]) -> Self {
        let step = accounts.len().div_ceil(SAMPLE).max(1);
        let some: Vec<&Account> = accounts.iter().step_by(step).collect();
        let most =
            |has: fn(&Account) -> bool| 2 * some.iter().filter(|account| has(account)).count() > some.len();
        let reachable = |account: &Account| {
            account.telephone.is_some() || account.mobile.is_some() || account.title.is_some()
        };
        let cities = accounts.iter().filter_map(|account| account.city.as_deref()).map(normal::fold);
        Self { tells: most(reachable) && most(is_called_by_its_name), cities: cities.collect() }
    }
}

/// What an account is that does not look like a person's.
pub(super) fn kind_of<'a>(account: &'a Account, usual: &'a Usual) -> Option<Exclusion> {
    let looks = Looks::new(account, usual);
    let rules: [fn(&Looks<'a>) -> Option<Exclusion>; 6] = [
        Looks::by_title,
        Looks::by_phrase,
        Looks::by_place,
        Looks::by_whole_name,
        Looks::by_mark_of_a_second_account,
        Looks::by_number,
    ];
    if let Some(kind) = rules.iter().find_map(|rule| rule(&looks)) {
        return Some(kind);
    }
    if looks.is_person() {
        return None;
    }
    let rules: [fn(&Looks<'a>) -> Option<Exclusion>; 6] = [
        Looks::by_first_word,
        Looks::by_city,
        Looks::by_any_word,
        Looks::by_single_word,
        Looks::by_nothing_of_a_person,
        Looks::by_logon_name,
    ];
    rules.iter().find_map(|rule| rule(&looks))
}

impl<'a> Looks<'a> {
    fn new(account: &'a Account, usual: &'a Usual) -> Self {
        let (given, family) = (account.given_name.as_deref(), account.surname.as_deref());
        let display = account.display_name.as_deref().unwrap_or_default();
        let shown = folded_words(&mapping::without_remarks(display));
        let has_both = given.is_some() && family.is_some();
        let attributes = folded_words(&[given, family].into_iter().flatten().collect::<Vec<_>>().join(" "));
        let name = if has_both || shown.len() < 2 && !attributes.is_empty() { attributes } else { shown };
        // "Smith, Ann" and "Smith Ann" begin with Ann.
        let reversed = match (has_both, name.as_slice()) {
            (false, [one, other]) => !names::is_given_name(one) && names::is_given_name(other),
            (both, _) => !both && display.contains(','),
        };
        let first = if reversed { name.get(1) } else { name.first() };
        let folded_title = account.title.as_deref().map(normal::fold).unwrap_or_default();
        Self {
            kinds: name.iter().map(|word| words::kind_of(word)).collect(),
            all: folded_words(display),
            logon: logon_words(&account.logon_name),
            has_both,
            has_title: words::is_a_job(&folded_title),
            has_number: account.telephone.is_some() || account.mobile.is_some(),
            begins_like_a_person: first.is_some_and(|word| names::is_given_name(word)),
            usual,
            name,
            account,
        }
    }

    /// A job title is a person's, and a given name comes before a family name: words that are also
    /// family names say nothing then (Anna Page, Tom Sales).
    fn begins_or_works_like_a_person(&self) -> bool {
        self.has_title || self.has_both && self.begins_like_a_person
    }

    /// So is who has a telephone and is called by the whole name, unless a word says otherwise.
    fn is_person(&self) -> bool {
        let told = || {
            let mut words = self.name.iter().zip(&self.kinds);
            words.any(|(word, kind)| kind.is_some() && !words::is_a_name_too(word))
        };
        self.begins_or_works_like_a_person()
            || self.has_both && self.has_number && !told() && is_called_by_its_name(self.account)
    }

    fn by_title(&self) -> Option<Exclusion> {
        words::kind_of_title(&normal::fold(self.account.title.as_deref()?))
    }

    fn by_phrase(&self) -> Option<Exclusion> {
        words::kind_of_phrase(&self.name.join(" "))
    }

    /// "room-curie" is a room, whoever it is called after, and so is "Boardroom Marie Curie";
    /// "room.peter" of Peter Room is not.
    fn by_place(&self) -> Option<Exclusion> {
        let signed = self.account.logon_name.contains(['-', '_', '.']) && self.logon.len() > 1;
        let logon = self.logon.first().filter(|_| signed);
        let beside = self.all.iter().filter(|word| !words::is_a_name_too(word) && !self.has_title);
        let is_room =
            |word: &&String| !self.name.contains(word) && words::kind_of(word) == Some(Exclusion::Room);
        logon.into_iter().chain(beside).find(is_room).map(|_| Exclusion::Room)
    }

    fn told(&self) -> Option<Exclusion> {
        self.kinds.iter().flatten().next().copied()
    }

    /// Each word says that it is nobody's, or nothing.
    fn by_whole_name(&self) -> Option<Exclusion> {
        let mut words = self.name.iter().zip(&self.kinds);
        let all = words.all(|(word, kind)| kind.is_some() || words::goes_with_others(word));
        self.told().filter(|_| all && !self.begins_or_works_like_a_person())
    }

    /// Somebody's second account is called by the name and by what it is for.
    fn by_mark_of_a_second_account(&self) -> Option<Exclusion> {
        if self.has_title {
            return None;
        }
        self.all.iter().chain(&self.name).find_map(|word| {
            words::kind_of(word).filter(|kind| {
                matches!(kind, Exclusion::Admin | Exclusion::Test)
                    && (!words::is_a_name_too(word) || self.is_marked(word))
            })
        })
    }

    /// Whether the word is put in brackets or behind a dash: "Ann Smith (Admin)", "Ann Smith - test".
    fn is_marked(&self, word: &str) -> bool {
        let shown = self.account.display_name.as_deref().unwrap_or_default().to_lowercase();
        ["(", "[", "- ", "_", "{"].iter().any(|mark| shown.contains(&format!("{mark}{word}")))
            || self.logon.iter().any(|own| own == word)
                && !(self.has_both && self.name.iter().any(|own| own == word))
    }

    /// A first word that nobody is given: Service Desk, Meeting Room Rhine.
    fn by_first_word(&self) -> Option<Exclusion> {
        self.kinds.first().copied().flatten()
    }

    /// What is called after a city of the company, and does not begin like a person: Hausverwaltung
    /// Stuttgart.
    fn by_city(&self) -> Option<Exclusion> {
        let mut rest = self.name.iter().skip(1);
        let named = !self.begins_like_a_person && rest.any(|word| self.usual.cities.contains(word));
        named.then_some(Exclusion::SharedMailbox)
    }

    /// A name with a number in it is nobody's who has no job.
    fn by_number(&self) -> Option<Exclusion> {
        let counted = self.name.iter().any(|word| word.chars().any(|sign| sign.is_ascii_digit()));
        (counted && !self.has_title).then(|| self.told().unwrap_or(Exclusion::NoPersonName))
    }

    /// One word is enough where nobody's given and family name stand, where nothing else speaks of a
    /// person, or where it is nobody's name.
    fn by_any_word(&self) -> Option<Exclusion> {
        if self.begins_like_a_person {
            return None;
        }
        let named = || self.has_both && (self.has_number || is_addressed_like_a_person(self.account));
        let says = |word: &str| !words::is_a_name_too(word) || !named();
        self.name.iter().zip(&self.kinds).find_map(|(word, kind)| kind.filter(|_| says(word)))
    }

    /// One word that is no given name.
    fn by_single_word(&self) -> Option<Exclusion> {
        (self.name.len() == 1 && !self.begins_like_a_person).then_some(Exclusion::NoPersonName)
    }

    /// No given name that is known, no telephone, no title, and a logon name that is not made of the
    /// name as people's are. An employee's number is as good as a name.
    fn by_nothing_of_a_person(&self) -> Option<Exclusion> {
        let shown = self.account.display_name.as_deref().unwrap_or_default();
        let is_letters = |word: &str| word.len() <= 4 && word.chars().all(char::is_uppercase);
        let letters_only = !self.has_both && !shown.is_empty() && shown.split_whitespace().all(is_letters);
        let numbered = self.account.logon_name.chars().filter(char::is_ascii_digit).count() >= 3;
        let nothing = self.usual.tells
            && !self.begins_like_a_person
            && !self.has_number
            && !numbered
            && !is_called_by_its_name(self.account);
        (letters_only || nothing).then_some(match self.account.mail {
            Some(_) => Exclusion::SharedMailbox,
            None => Exclusion::Service,
        })
    }

    /// The logon name alone: only where the name says nothing of a person.
    fn by_logon_name(&self) -> Option<Exclusion> {
        let word = self.logon.first().and_then(|word| words::kind_of(word));
        let is_logon = self.account.logon_name.contains(['-', '_'])
            && self
                .account
                .display_name
                .as_deref()
                .is_some_and(|shown| shown.eq_ignore_ascii_case(&self.account.logon_name));
        let kind = word.or(is_logon.then_some(Exclusion::Service));
        kind.filter(|_| !self.has_both && !self.begins_like_a_person)
    }
}

pub(super) fn folded_words(text: &str) -> Vec<String> {
    normal::fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Logon name or address are annsmith, smithann, asmith, smitha, anns or ansmi, whatever signs stand
/// between.
fn is_called_by_its_name(account: &Account) -> bool {
    let (given, family) = mapping::name_parts(account);
    let Name { given, family } = Name::new(&given, &family);
    if given.is_empty() || family.is_empty() {
        return false;
    }
    let beginning = |text: &str, signs: usize| text.chars().take(signs).collect::<String>();
    let plain = |text: &str| -> String {
        normal::fold(text.split('@').next().unwrap_or_default())
            .chars()
            .filter(|sign| sign.is_alphabetic())
            .collect()
    };
    // National spellings: a mailbox has mueller where the name has müller.
    let loose = |text: &str| crate::name::loose(text);
    let words = |part: &crate::name::Part| {
        let mut words = part.words.clone();
        words.push(part.joined.clone());
        words
    };
    let mut made = Vec::new();
    for given in words(&given) {
        for family in words(&family) {
            let (g, f) = (loose(&given), loose(&family));
            made.extend([
                format!("{g}{f}"),
                format!("{f}{g}"),
                format!("{}{f}", beginning(&g, 1)),
                format!("{f}{}", beginning(&g, 1)),
                format!("{g}{}", beginning(&f, 1)),
                format!("{}{}", beginning(&g, 2), beginning(&f, 3)),
                format!("{}{}", beginning(&g, 3), beginning(&f, 3)),
                format!("{}{f}", beginning(&g, 2)),
            ]);
        }
    }
    let held = account.addresses().chain([account.logon_name.as_str()]);
    // Doubled letters are one in the looser form: ccooper.
    let once = |text: &str| {
        let mut signs: Vec<char> = text.chars().collect();
        signs.dedup();
        signs
    };
    // Old systems took eight letters.
    let cut = |text: &str| text.len() >= 5 && family.joined.starts_with(text);
    cut(&plain(&account.logon_name))
        || held.map(|text| once(&loose(&plain(text)))).any(|text| made.iter().any(|made| once(made) == text))
}

/// The address is that of a person of this name: iga.sala or isala, where a room would be salaiga.
fn is_addressed_like_a_person(account: &Account) -> bool {
    let (given, family) = mapping::name_parts(account);
    let (given, family) = (normal::fold(&given).replace(' ', ""), normal::fold(&family).replace(' ', ""));
    let beginning: String = given.chars().take(1).collect();
    let local =
        account.mail.as_deref().and_then(|mail| mail.split_once('@')).map(|(local, _)| local.to_lowercase());
    local.is_some_and(|local| {
        ['.', '_', '-'].iter().any(|sign| {
            local == format!("{given}{sign}{family}") || local == format!("{beginning}{sign}{family}")
        }) || local == format!("{beginning}{family}")
    })
}

/// The words of a logon name: apart at signs, at digits, and where a capital follows a small letter.
fn logon_words(logon: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for sign in logon.chars() {
        let apart = !sign.is_alphanumeric()
            || sign.is_ascii_digit() != before.is_ascii_digit()
            || sign.is_uppercase() && before.is_lowercase();
        if apart {
            words.push(String::new());
        }
        if sign.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(sign.to_lowercase());
        }
        before = sign;
    }
    words.retain(|word| !word.is_empty());
    words
}
