//! Finding groups and organisational units by their names, for whoever says in settings what is read.

use ldap3::ldap_escape;
use reconcile::normal;
use serde::{Deserialize, Serialize};

use crate::entry::Texts;

/// The most places that one search tells.
pub const MOST_PLACES: usize = 20;

/// Entries that are looked through for the best of them: a server sends those that fit in no useful order, so
/// that the one of exactly that name may come late.
pub(crate) const MOST_SEEN: usize = 500;

/// Letters of a name to look for.
const LONGEST: usize = 64;
/// Letters of a description.
const LONGEST_DESCRIPTION: usize = 120;

/// What is looked for by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Groups, by `cn` or `sAMAccountName`.
    Group,
    /// Organisational units, by `ou`.
    Unit,
}

/// Which places are looked for, in the whole of the server's own domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// What they are.
    pub kind: Kind,
    /// Parts of the name, as somebody typed them.
    pub name: String,
}

/// A group or a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its distinguished name.
    pub dn: String,
    /// Its name.
    pub name: String,
    /// What the directory says of it.
    pub description: Option<String>,
}

/// What a search for places found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPlaces {
    /// The base of the domain, in which they are.
    pub base: String,
    /// The best of them: one of exactly that name, then those that begin with it, then by the alphabet.
    pub places: Vec<Place>,
    /// Whether there are others.
    pub more: bool,
}

impl Places {
    /// None where the text has neither letter nor digit, and so fits everything.
    #[must_use]
    pub fn named(kind: Kind, text: &str) -> Option<Self> {
        let name: String = text.trim().chars().take(LONGEST).collect();
        name.chars().any(char::is_alphanumeric).then_some(Self { kind, name })
    }

    /// As an LDAP filter (RFC 4515): the words in their order, whatever stands between them. Everything that
    /// somebody typed is escaped.
    #[must_use]
    pub fn filter(&self) -> String {
        let words: Vec<_> = self.name.split_whitespace().map(ldap_escape).collect();
        let name = words.join("*");
        match self.kind {
            Kind::Group => format!("(&(objectCategory=group)(|(cn=*{name}*)(sAMAccountName=*{name}*)))"),
            Kind::Unit => format!("(&(objectCategory=organizationalUnit)(ou=*{name}*))"),
        }
    }

    /// The attributes to ask for.
    pub(crate) fn attributes(&self) -> Vec<&'static str> {
        vec![self.name_attribute(), "description"]
    }

    const fn name_attribute(&self) -> &'static str {
        match self.kind {
            Kind::Group => "cn",
            Kind::Unit => "ou",
        }
    }

    /// The place that an entry is; none where it has no name that can be shown.
    pub(crate) fn place(&self, dn: String, attributes: Texts) -> Option<Place> {
        let (mut name, mut description) = (None, None);
        for (attribute, values) in attributes {
            let value = values.into_iter().find(|value| !value.is_empty());
            if attribute.eq_ignore_ascii_case(self.name_attribute()) {
                name = value;
            } else if attribute.eq_ignore_ascii_case("description") {
                description = value.map(|text| text.chars().take(LONGEST_DESCRIPTION).collect());
            }
        }
        name.filter(|_| !dn.is_empty()).map(|name| Place { dn, name, description })
    }

    /// The best of what was seen.
    pub(crate) fn best(&self, base: String, mut places: Vec<Place>, more: bool) -> FoundPlaces {
        let wanted = normal::fold(&self.name);
        places.sort_by_cached_key(|place| {
            let name = normal::fold(&place.name);
            (name != wanted, !name.starts_with(&wanted), name, place.dn.clone())
        });
        let more = more || places.len() > MOST_PLACES;
        places.truncate(MOST_PLACES);
        FoundPlaces { base, places, more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(kind: Kind, text: &str) -> Places {
        Places::named(kind, text).unwrap()
    }

    #[test]
    fn words_of_a_name_are_found_in_their_order() {
        assert_eq!(
            places(Kind::Group, " field  staff ").filter(),
            "(&(objectCategory=group)(|(cn=*field*staff*)(sAMAccountName=*field*staff*)))"
        );
        let unit = places(Kind::Unit, "Zo\u{eb}");
        assert_eq!(unit.filter(), "(&(objectCategory=organizationalUnit)(ou=*Zo\u{eb}*))");
    }

    #[test]
    fn s6_nothing_that_somebody_types_leaves_its_place_in_the_filter() {
        for text in
            ["a*)(objectClass=*", "x)(|(cn=*", "a\\b (c)", "a\u{0}b", "*a*", "Zo\u{eb} \u{202e}Bront\u{eb}*"]
        {
            for kind in [Kind::Group, Kind::Unit] {
                let filter = places(kind, text).filter();
                assert!(ldap3::parse_filter(&filter).is_ok(), "{filter}");
                let (brackets, stars) = match kind {
                    Kind::Group => (5, 4),
                    Kind::Unit => (3, 2),
                };
                // Between words stands a star of ours.
                let stars = stars + (text.split_whitespace().count() - 1) * stars / 2;
                let counted = |sign| filter.matches(sign).count();
                assert_eq!(
                    (counted('('), counted(')'), counted('*')),
                    (brackets, brackets, stars),
                    "{filter}"
                );
                assert!(!filter.contains('\0'));
            }
        }
        let filter = places(Kind::Unit, "a*)(ou=\\").filter();
        assert_eq!(filter, "(&(objectCategory=organizationalUnit)(ou=*a\\2a\\29\\28ou=\\5c*))");
        for nothing in ["", "  ", "*", "()"] {
            assert_eq!(Places::named(Kind::Group, nothing), None, "{nothing}");
        }
        let long = places(Kind::Group, &"(a".repeat(LONGEST));
        assert!(long.filter().len() < 1024, "short enough for any server");
    }

    #[test]
    fn the_best_come_first_and_the_others_are_said_to_be_there() {
        let wanted = places(Kind::Group, "staff");
        let named =
            |name: &str| Place { dn: format!("CN={name},DC=corp"), name: name.into(), description: None };
        let many = (0..MOST_PLACES).map(|number| named(&format!("A staff {number:02}")));
        let seen = many.chain(["Staff rooms", "STAFF", "Staff East"].map(named)).collect();
        let found = wanted.best("DC=corp".into(), seen, false);
        let order: Vec<&str> = found.places.iter().map(|place| place.name.as_str()).collect();
        assert_eq!(order[..4], ["STAFF", "Staff East", "Staff rooms", "A staff 00"]);
        assert_eq!((order.len(), found.more), (MOST_PLACES, true));
        assert!(!wanted.best(String::new(), vec![named("staff")], false).more);
    }

    #[test]
    fn an_entry_without_a_name_is_no_place() {
        let wanted = places(Kind::Group, "staff");
        let said = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        let long = "x".repeat(LONGEST_DESCRIPTION + 1);
        let place = wanted.place("CN=Staff".into(), vec![said("description", &long), said("CN", "Staff")]);
        let place = place.unwrap();
        assert_eq!(place.name, "Staff");
        assert_eq!(place.description.map(|text| text.len()), Some(LONGEST_DESCRIPTION));
        assert_eq!(wanted.place("CN=Staff".into(), vec![said("ou", "Staff")]), None);
        assert_eq!(wanted.place(String::new(), vec![said("cn", "Staff")]), None);
    }
}
