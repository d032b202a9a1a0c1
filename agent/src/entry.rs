//! One search result entry, from the bytes that came to an [`Account`].
//!
//! Own, because ldap3's `SearchEntry` panics on a distinguished name that is not UTF-8 and guesses
//! for each value whether it is text. Nothing here panics, whatever a server sends.

use std::collections::BTreeMap;

use ldap3::asn1::{PL, StructureTag, TagClass};
use reconcile::{Account, AccountId};

pub use crate::error::EntryProblem;

/// What is asked for, and all that is kept. A name that a directory's schema lacks is no error
/// (RFC 4511 4.5.1.8), so Exchange's attributes can always be asked for.
pub const ATTRIBUTES: [&str; 22] = [
    "objectGUID",
    "sAMAccountName",
    "userPrincipalName",
    "givenName",
    "sn",
    "displayName",
    "mail",
    "proxyAddresses",
    "title",
    "department",
    "physicalDeliveryOfficeName",
    "l",
    "telephoneNumber",
    "mobile",
    "facsimileTelephoneNumber",
    "employeeID",
    "employeeNumber",
    "manager",
    "userAccountControl",
    "servicePrincipalName",
    "msExchRecipientTypeDetails",
    "msExchRecipientDisplayType",
];

/// Asked for only when a company's rules ask for groups: the lists are long.
pub const GROUPS: &str = "memberOf";

/// Bytes of a text value. Active Directory's own bounds are far below (`rangeUpper`: 256 for
/// `displayName`, 1,123 for an address).
const VALUE_LENGTH: usize = 4096;
/// Bytes of all values of an entry together.
const ENTRY_LENGTH: usize = 256 << 10;

// userAccountControl (MS-ADTS 2.2.16).
const ACCOUNT_DISABLED: i64 = 0x2;
const PASSWORD_NEVER_EXPIRES: i64 = 0x1_0000;

/// An entry that cannot be used, named so that somebody can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Its distinguished name; with `\xx` where it is not text.
    pub dn: String,
    /// Where the problem is; none when it is the entry itself.
    pub attribute: Option<&'static str>,
    /// What is wrong.
    pub problem: EntryProblem,
}

/// Bytes of all the values in what a server sent, however deep they lie.
pub fn size(tag: &StructureTag) -> usize {
    let mut total = 0;
    let mut open = vec![tag];
    while let Some(tag) = open.pop() {
        match &tag.payload {
            PL::P(bytes) => total += bytes.len(),
            PL::C(inner) => open.extend(inner),
        }
    }
    total
}

/// Reads one `SearchResultEntry` (RFC 4511 4.5.2).
pub fn parse(tag: StructureTag) -> Result<Account, Malformed> {
    let size = size(&tag);
    let (dn, list) = split(tag).ok_or(Malformed {
        dn: String::new(),
        attribute: None,
        problem: EntryProblem::Structure,
    })?;
    let shown = shown(&dn);
    let named =
        |(attribute, problem): Fault| Malformed { dn: shown.clone(), attribute: Some(attribute), problem };
    if size > ENTRY_LENGTH {
        return Err(Malformed { dn: shown, attribute: None, problem: EntryProblem::TooLong });
    }
    let Some(values) = Values::collect(list) else {
        return Err(Malformed { dn: shown, attribute: None, problem: EntryProblem::Structure });
    };
    let dn = strict(&dn).map_err(|problem| named(("distinguishedName", problem)))?;
    values.account(dn).map_err(named)
}

/// Attributes by their names, with their values.
pub(crate) type Texts = Vec<(String, Vec<String>)>;

/// The distinguished name of any `SearchResultEntry`, and its attributes by their names, in the order in which
/// the server sent them, with those of their values that are short text; `None` when it has not the structure of
/// one.
pub(crate) fn texts(tag: StructureTag) -> Option<(String, Texts)> {
    let (dn, list) = split(tag)?;
    let mut texts = Vec::new();
    for attribute in list {
        let mut parts = attribute.expect_constructed()?.into_iter();
        let name = strict(&parts.next()?.expect_primitive()?).ok()?;
        let values = parts.next()?.expect_constructed()?;
        let values = values.into_iter().filter_map(|value| strict(&value.expect_primitive()?).ok());
        texts.push((name, values.collect()));
    }
    Some((strict(&dn).ok()?, texts))
}

type Fault = (&'static str, EntryProblem);

/// The distinguished name and the list of attributes.
fn split(tag: StructureTag) -> Option<(Vec<u8>, Vec<StructureTag>)> {
    if tag.class != TagClass::Application || tag.id != 4 {
        return None;
    }
    let mut parts = tag.expect_constructed()?.into_iter();
    Some((parts.next()?.expect_primitive()?, parts.next()?.expect_constructed()?))
}

/// Readable whatever it is: bytes that are not text, and control characters, as `\xx` (RFC 4514 2.4).
fn shown(dn: &[u8]) -> String {
    let mut shown = String::new();
    let escape = |shown: &mut String, bytes: &[u8]| {
        for byte in bytes {
            shown.push('\\');
            shown.push_str(&hex::encode([*byte]));
        }
    };
    for chunk in dn[..dn.len().min(VALUE_LENGTH)].utf8_chunks() {
        for sign in chunk.valid().chars() {
            if sign.is_control() {
                escape(&mut shown, sign.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                shown.push(sign);
            }
        }
        escape(&mut shown, chunk.invalid());
    }
    shown
}

/// Text in which no control character may stand: names and addresses that identify.
fn strict(bytes: &[u8]) -> Result<String, EntryProblem> {
    let text = utf8(bytes)?;
    if text.chars().any(char::is_control) {
        return Err(EntryProblem::ControlCharacter);
    }
    Ok(text.trim().to_owned())
}

/// Text that people paste: tabs and line breaks count as blanks, other control characters do not
/// belong there.
fn lenient(bytes: &[u8]) -> Result<String, EntryProblem> {
    let text = utf8(bytes)?;
    let text: String = text.chars().map(|sign| if "\t\r\n".contains(sign) { ' ' } else { sign }).collect();
    strict(text.as_bytes())
}

fn utf8(bytes: &[u8]) -> Result<&str, EntryProblem> {
    if bytes.len() > VALUE_LENGTH {
        return Err(EntryProblem::TooLong);
    }
    std::str::from_utf8(bytes).map_err(|_| EntryProblem::NotUtf8)
}

/// The values of the attributes that were asked for.
struct Values(BTreeMap<&'static str, Vec<Vec<u8>>>);

impl Values {
    /// Attribute names have no case, and Windows answers a long list as `name;range=0-1499` beside
    /// an empty `name` (MS-ADTS 3.1.1.3.1.3.3).
    fn collect(list: Vec<StructureTag>) -> Option<Self> {
        let mut values: BTreeMap<_, Vec<Vec<u8>>> = BTreeMap::new();
        for attribute in list {
            let mut parts = attribute.expect_constructed()?.into_iter();
            let name = parts.next()?.expect_primitive()?;
            let set = parts.next()?.expect_constructed()?;
            let name = name.split(|byte| *byte == b';').next()?;
            let known =
                ATTRIBUTES.iter().chain([&GROUPS]).find(|known| known.as_bytes().eq_ignore_ascii_case(name));
            let Some(known) = known else { continue };
            for value in set {
                values.entry(*known).or_default().push(value.expect_primitive()?);
            }
        }
        Some(Self(values))
    }

    fn account(&self, dn: String) -> Result<Account, Fault> {
        let control =
            self.number("userAccountControl")?.ok_or(("userAccountControl", EntryProblem::Missing))?;
        Ok(Account {
            id: self.id()?,
            dn,
            logon_name: self
                .one("sAMAccountName", strict)?
                .ok_or(("sAMAccountName", EntryProblem::Missing))?,
            principal_name: self.one("userPrincipalName", strict)?,
            given_name: self.one("givenName", lenient)?,
            surname: self.one("sn", lenient)?,
            display_name: self.one("displayName", lenient)?,
            mail: self.one("mail", strict)?,
            proxy_addresses: self.proxy_addresses()?,
            title: self.one("title", lenient)?,
            department: self.one("department", lenient)?,
            office: self.one("physicalDeliveryOfficeName", lenient)?,
            city: self.one("l", lenient)?,
            telephone: self.one("telephoneNumber", lenient)?,
            mobile: self.one("mobile", lenient)?,
            fax: self.one("facsimileTelephoneNumber", lenient)?,
            employee_id: match self.one("employeeID", lenient)? {
                None => self.one("employeeNumber", lenient)?,
                id => id,
            },
            manager: self.one("manager", strict)?,
            groups: self
                .all(GROUPS)
                .iter()
                .map(|group| strict(group))
                .collect::<Result<_, _>>()
                .map_err(|problem| (GROUPS, problem))?,
            licences: None,
            enabled: control & ACCOUNT_DISABLED == 0,
            password_never_expires: control & PASSWORD_NEVER_EXPIRES != 0,
            has_service_principal: self.0.contains_key("servicePrincipalName"),
            recipient_type_details: self.number("msExchRecipientTypeDetails")?,
            recipient_display_type: self.number("msExchRecipientDisplayType")?,
        })
    }

    fn all(&self, name: &'static str) -> &[Vec<u8>] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first value. Absent and blank are the same: neither says anything.
    fn one(
        &self,
        name: &'static str,
        text: fn(&[u8]) -> Result<String, EntryProblem>,
    ) -> Result<Option<String>, Fault> {
        let Some(bytes) = self.all(name).first() else { return Ok(None) };
        let text = text(bytes).map_err(|problem| (name, problem))?;
        Ok((!text.is_empty()).then_some(text))
    }

    /// Integers are decimal text (RFC 4517 3.3.16). The recipient type has 64 bits.
    fn number(&self, name: &'static str) -> Result<Option<i64>, Fault> {
        let Some(text) = self.one(name, strict)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| (name, EntryProblem::NotANumber))
    }

    fn id(&self) -> Result<AccountId, Fault> {
        let name = "objectGUID";
        let bytes = self.all(name).first().ok_or((name, EntryProblem::Missing))?;
        let bytes = <[u8; 16]>::try_from(bytes.as_slice()).map_err(|_| (name, EntryProblem::NotAGuid))?;
        Ok(AccountId::from_ldap_bytes(bytes))
    }

    /// The e-mail addresses among `proxyAddresses`; `SMTP:` in capitals marks the primary one
    /// (MS-OXOABK 2.2.3.23).
    fn proxy_addresses(&self) -> Result<Vec<String>, Fault> {
        let name = "proxyAddresses";
        let mut addresses = Vec::new();
        for bytes in self.all(name) {
            let text = strict(bytes).map_err(|problem| (name, problem))?;
            match text.split_once(':') {
                Some(("SMTP", address)) => addresses.insert(0, address.trim().to_owned()),
                Some((kind, address)) if kind.eq_ignore_ascii_case("smtp") => {
                    addresses.push(address.trim().to_owned());
                }
                _ => {}
            }
        }
        addresses.retain(|address| !address.is_empty());
        Ok(addresses)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn octets(bytes: &[u8]) -> StructureTag {
        StructureTag { class: TagClass::Universal, id: 4, payload: PL::P(bytes.to_vec()) }
    }

    fn list(id: u64, inner: Vec<StructureTag>) -> StructureTag {
        StructureTag { class: TagClass::Universal, id, payload: PL::C(inner) }
    }

    fn entry(dn: &[u8], attributes: &[(&str, &[&[u8]])]) -> StructureTag {
        let attributes = attributes.iter().map(|(name, values)| {
            list(
                16,
                vec![octets(name.as_bytes()), list(17, values.iter().map(|value| octets(value)).collect())],
            )
        });
        StructureTag {
            class: TagClass::Application,
            id: 4,
            payload: PL::C(vec![octets(dn), list(16, attributes.collect())]),
        }
    }

    const GUID: &[u8] = &[0x33, 0x22, 0x11, 0, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 1, 2, 3, 4, 5, 6];
    const DN: &[u8] = "CN=Ann Müller,DC=corp".as_bytes();

    /// A good entry with more attributes, which come first and so win.
    fn with(more: &[(&str, &[&[u8]])]) -> StructureTag {
        let mut attributes = more.to_vec();
        attributes.extend_from_slice(&[
            ("objectGUID", &[GUID]),
            ("sAMAccountName", &[b"ann"]),
            ("userAccountControl", &[b"512"]),
        ]);
        entry(DN, &attributes)
    }

    #[test]
    fn a_full_entry() {
        let account = parse(with(&[
            ("OBJECTCLASS", &[b"top", b"user"]),
            ("displayname", &["  Müller,\tAnn ".as_bytes()]),
            ("mail", &[b"ann@harbor.example"]),
            (
                "proxyAddresses;range=0-1499",
                &[b"smtp:old@harbor.example", b"SMTP:ann@harbor.example", b"X500:/o=x", b"smtp:"],
            ),
            ("proxyAddresses", &[]),
            ("msExchRecipientTypeDetails", &[b"34359738368"]),
            ("title", &[b" "]),
        ]))
        .unwrap();
        assert_eq!(account.id.to_string(), "00112233-4455-6677-8899-010203040506");
        assert_eq!(account.display_name.as_deref(), Some("Müller, Ann"));
        assert_eq!(account.proxy_addresses, ["ann@harbor.example", "old@harbor.example"]);
        assert_eq!(account.recipient_type_details, Some(1 << 35));
        assert_eq!(account.title, None);
        assert!(account.enabled && !account.has_service_principal);
    }

    #[test]
    fn flags() {
        for (control, enabled, never_expires) in
            [("512", true, false), ("514", false, false), ("66048", true, true), ("66050", false, true)]
        {
            let account = parse(with(&[("useraccountcontrol", &[control.as_bytes()])])).unwrap();
            assert_eq!(
                (account.enabled, account.password_never_expires),
                (enabled, never_expires),
                "{control}"
            );
        }
        assert!(parse(with(&[("servicePrincipalName", &[b"HTTP/x"])])).unwrap().has_service_principal);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let long = [b'a'; VALUE_LENGTH + 1];
        let cases: [(&str, &[u8], EntryProblem); 9] = [
            ("objectGUID", b"short", EntryProblem::NotAGuid),
            ("userAccountControl", b"on", EntryProblem::NotANumber),
            ("msExchRecipientTypeDetails", b"0x4", EntryProblem::NotANumber),
            ("displayName", b"\xff\xfe", EntryProblem::NotUtf8),
            ("displayName", b"Ann\0", EntryProblem::ControlCharacter),
            ("title", b"\x1b[31mBoss", EntryProblem::ControlCharacter),
            ("mail", b"ann@harbor.example\nBcc: x", EntryProblem::ControlCharacter),
            ("proxyAddresses", b"smtp:a\0@b", EntryProblem::ControlCharacter),
            ("displayName", &long, EntryProblem::TooLong),
        ];
        for (attribute, value, problem) in cases {
            let found = parse(with(&[(attribute, &[value])])).unwrap_err();
            assert_eq!(
                (found.dn.as_bytes(), found.attribute, found.problem),
                (DN, Some(attribute), problem),
                "{attribute}"
            );
        }
    }

    #[test]
    fn what_is_needed_is_missed_by_name() {
        let all: [(&str, &[&[u8]]); 3] =
            [("objectGUID", &[GUID]), ("sAMAccountName", &[b"a"]), ("userAccountControl", &[b"512"])];
        for left_out in 0..3 {
            let mut some = all.to_vec();
            let (name, _) = some.remove(left_out);
            let found = parse(entry(DN, &some)).unwrap_err();
            assert_eq!((found.attribute, found.problem), (Some(name), EntryProblem::Missing));
        }
    }

    #[test]
    fn a_distinguished_name_that_is_not_text_is_shown_escaped() {
        let found = parse(entry(b"CN=\xffAnn\0", &[])).unwrap_err();
        assert_eq!((found.dn.as_str(), found.problem), ("CN=\\ffAnn\\00", EntryProblem::NotUtf8));
    }

    #[test]
    fn an_entry_beyond_all_size_is_refused() {
        let value = [b'x'; 4000];
        let many = vec![value.as_slice(); 100];
        assert_eq!(parse(with(&[("member", &many)])).unwrap_err().problem, EntryProblem::TooLong);
    }

    fn any_tag() -> impl Strategy<Value = StructureTag> {
        let class = prop_oneof![
            Just(TagClass::Universal),
            Just(TagClass::Application),
            Just(TagClass::Context),
            Just(TagClass::Private)
        ];
        let leaf = (class.clone(), 0_u64..32, proptest::collection::vec(any::<u8>(), 0..24))
            .prop_map(|(class, id, bytes)| StructureTag { class, id, payload: PL::P(bytes) });
        leaf.prop_recursive(5, 64, 6, move |inner| {
            (class.clone(), 0_u64..32, proptest::collection::vec(inner, 0..6))
                .prop_map(|(class, id, inner)| StructureTag { class, id, payload: PL::C(inner) })
        })
    }

    proptest! {
        #[test]
        fn no_structure_makes_it_panic(tag in any_tag()) {
            let _ = parse(tag);
        }

        #[test]
        fn no_list_of_attributes_makes_it_panic(
            dn in proptest::collection::vec(any::<u8>(), 0..40),
            inner in proptest::collection::vec(any_tag(), 0..6),
        ) {
            let tag = StructureTag {
                class: TagClass::Application,
                id: 4,
                payload: PL::C(vec![octets(&dn), list(16, inner)]),
            };
            let _ = parse(tag);
        }

        #[test]
        fn no_value_makes_it_panic(
            which in 0..ATTRIBUTES.len(),
            value in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            if let Ok(account) = parse(with(&[(ATTRIBUTES[which], &[&value])])) {
                let texts = [account.display_name, account.title, account.mail, Some(account.logon_name)];
                prop_assert!(!texts.iter().flatten().any(|text| text.chars().any(char::is_control)));
            }
        }
    }
}
