//! Whether an entry fits a filter.

use ldap3_proto::proto::{LdapFilter, LdapMatchingRuleAssertion, LdapSubstringFilter};

use super::tree::Entry;

/// Active Directory's rules for testing bits (MS-ADTS 3.1.1.3.4.4): all of them, any of them.
const BIT_AND: &str = "1.2.840.113556.1.4.803";
const BIT_OR: &str = "1.2.840.113556.1.4.804";
/// Its rule for links through any number of others (MS-ADTS 3.1.1.3.4.4.3).
const IN_CHAIN: &str = "1.2.840.113556.1.4.1941";

/// An attribute that is absent fits nothing, so that its negation fits.
pub(super) fn fits(filter: &LdapFilter, entry: &Entry) -> bool {
    match filter {
        LdapFilter::And(all) => all.iter().all(|filter| fits(filter, entry)),
        LdapFilter::Or(any) => any.iter().any(|filter| fits(filter, entry)),
        LdapFilter::Not(filter) => !fits(filter, entry),
        LdapFilter::Present(name) => !entry.values(name).is_empty(),
        LdapFilter::Equality(name, asked) | LdapFilter::Approx(name, asked) => {
            texts(entry, name).any(|text| equal(name, &text, &asked.to_lowercase()))
        }
        LdapFilter::Substring(name, parts) => texts(entry, name).any(|text| contains(&text, parts)),
        LdapFilter::GreaterOrEqual(name, asked) => compare(entry, name, asked, |value, asked| value >= asked),
        LdapFilter::LessOrEqual(name, asked) => compare(entry, name, asked, |value, asked| value <= asked),
        LdapFilter::Extensible(assertion) if assertion.matching_rule.as_deref() == Some(IN_CHAIN) => {
            is_within(entry, assertion)
        }
        LdapFilter::Extensible(assertion) => bits(entry, assertion),
    }
}

/// An attribute's values without case.
fn texts<'a>(entry: &'a Entry, name: &str) -> impl Iterator<Item = String> + use<'a> {
    entry.values(name).iter().map(|value| String::from_utf8_lossy(value).to_lowercase())
}

/// A category may be asked for by the short name of its class (MS-ADTS 3.1.1.3.1.3.5), which has no hyphens.
fn equal(name: &str, text: &str, asked: &str) -> bool {
    let short = || text.strip_prefix("cn=")?.split(',').next().map(|class| class.replace('-', ""));
    text == asked || (name.eq_ignore_ascii_case("objectCategory") && short().as_deref() == Some(asked))
}

fn contains(text: &str, parts: &LdapSubstringFilter) -> bool {
    let lower = |part: &Option<String>| part.as_deref().unwrap_or("").to_lowercase();
    let Some(mut rest) = text.strip_prefix(&lower(&parts.initial)) else { return false };
    for part in &parts.any {
        let part = part.to_lowercase();
        let Some(position) = rest.find(&part) else { return false };
        rest = &rest[position + part.len()..];
    }
    rest.ends_with(&lower(&parts.final_))
}

fn compare(entry: &Entry, name: &str, asked: &str, holds: fn(i64, i64) -> bool) -> bool {
    let Ok(asked) = asked.parse() else { return false };
    texts(entry, name).filter_map(|text| text.parse().ok()).any(|value| holds(value, asked))
}

fn is_within(entry: &Entry, assertion: &LdapMatchingRuleAssertion) -> bool {
    let is_membership = assertion.type_.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("memberOf"));
    is_membership && entry.within.iter().any(|group| group.eq_ignore_ascii_case(&assertion.match_value))
}

fn bits(entry: &Entry, assertion: &LdapMatchingRuleAssertion) -> bool {
    let (Some(name), Ok(mask)) = (&assertion.type_, assertion.match_value.parse::<i64>()) else {
        return false;
    };
    let fits = |value: i64| match assertion.matching_rule.as_deref() {
        Some(BIT_AND) => value & mask == mask,
        Some(BIT_OR) => value & mask != 0,
        _ => false,
    };
    texts(entry, name).filter_map(|text| text.parse().ok()).any(fits)
}

#[cfg(test)]
mod tests {
    use ldap3_proto::parse_ldap_filter_str;

    use super::super::tree::entries;
    use super::*;
    use crate::people::{BASE, Person, people};

    fn count(people: &[Person], filter: &str) -> usize {
        let filter = parse_ldap_filter_str(filter).unwrap();
        entries(BASE, people).iter().filter(|entry| fits(&filter, entry)).count()
    }

    #[test]
    fn filters_fit_as_in_active_directory() {
        let people = people();
        let disabled = people.iter().filter(|person| person.disabled).count();
        for (filter, expected) in [
            (
                "(&(objectCategory=person)(objectClass=user)(sAMAccountName=*)(!(isCriticalSystemObject=TRUE)))",
                people.len(),
            ),
            ("(sAMAccountName=ASMITH)", 1),
            ("(sAMAccountName=asmith*)", 2),
            (
                "(mail=*.o*n@harbor.example)",
                people
                    .iter()
                    .filter(|p| {
                        p.mail.as_ref().is_some_and(|m| {
                            let (_, rest) = m.split_once(".o").unwrap_or(("", ""));
                            rest.ends_with("n@harbor.example")
                        })
                    })
                    .count(),
            ),
            ("(&(sAMAccountName=info)(userAccountControl:1.2.840.113556.1.4.803:=2))", 1),
            ("(&(userAccountControl:1.2.840.113556.1.4.803:=2)(!(isCriticalSystemObject=TRUE)))", disabled),
            ("(userAccountControl:1.2.840.113556.1.4.803:=8192)", 1),
            ("(|(sAMAccountName=asmith)(sAMAccountName=jvdberg))", 2),
            ("(msExchRecipientTypeDetails>=32)", 3),
            ("(nothing=*)", 0),
        ] {
            assert_eq!(count(&people, filter), expected, "{filter}");
        }
    }

    #[test]
    fn members_of_groups_are_followed_only_where_asked() {
        let people = people();
        let in_unit = |unit: &str| people.iter().filter(|person| person.units.contains(&unit)).count();
        let office = "CN=Office staff (R&D\\, sales),OU=Groups,DC=corp,DC=harbor,DC=example";
        let fitting = |filter| entries(BASE, &people).iter().filter(|entry| fits(&filter, entry)).count();
        assert_eq!(fitting(LdapFilter::Equality("memberOf".into(), office.into())), in_unit("Engineering"));
        let chain = LdapMatchingRuleAssertion {
            matching_rule: Some(IN_CHAIN.into()),
            type_: Some("memberOf".into()),
            match_value: office.into(),
            dn_attributes: false,
        };
        let desks = in_unit("Sales") + in_unit("Finance") + in_unit("Engineering");
        assert_eq!(fitting(LdapFilter::Extensible(chain)), desks);
    }
}
