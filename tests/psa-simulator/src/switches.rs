//! The switches on the command line: by name, with their defaults, each with a word of what it asks.

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};

use crate::options::Switches;

/// Name and meaning of each field of [`Switches`], in its order.
const MEANINGS: [(&str, &str); 18] = [
    ("missing_client_id_status", "status for a call without a known clientId header: 401 or 403"),
    ("plain_http_in_cloud", "a cloud PSA also answers plain HTTP"),
    ("requests_per_minute", "calls that a key or a member may make in a sliding minute; null for any number"),
    ("refuse_duplicate_contacts", "a contact with the name of another one of its company is refused"),
    ("inactivation", "making a default or billing contact inactive: Allow, BadRequest or Conflict"),
    ("fold_note_whitespace", "line breaks and tabs in a note come back as one space"),
    ("note_limit", "the longest note, in characters; null for any"),
    ("name_limit", "the longest first and last name of a contact"),
    ("title_limit", "the longest title of a contact"),
    ("patch_contact_types", "a PATCH or PUT of a contact changes its types; else only typeAssociations do"),
    ("quote_escape", "a quote inside a quoted condition value: None, Backslash or Doubled"),
    ("refuse_large_pages", "a pageSize over 1,000 is refused rather than taken as 1,000"),
    ("member_cookies", "a member's hash is taken in cookies, and not only as Basic"),
    ("refuse_additions_of_cancelled_agreements", "an addition of a cancelled agreement is refused"),
    ("new_pods_displayed", "a new pod is on everybody's screen; else each member adds it with the plus sign"),
    ("current_version", "the version of the interface; a newer one cannot be asked for"),
    ("refused_versions", "pairs of a path and a version that this path does not accept"),
    ("address_limit", "addresses longer than this many characters get 414"),
];

fn as_map(switches: &Switches) -> Map<String, Value> {
    match serde_json::to_value(switches) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

impl Switches {
    /// The table for a program's help: names, defaults, meanings.
    pub fn table() -> String {
        let defaults = as_map(&Self::default());
        let line = |(name, meaning): &(&str, &str)| {
            let default = defaults.get(*name).unwrap_or(&Value::Null);
            format!("  {name}={default}\n      {meaning}\n")
        };
        MEANINGS.iter().map(line).collect()
    }

    /// Sets switches from texts like `name_limit=50`; a value is JSON, or a word without its quotes.
    pub fn set<'a>(&mut self, settings: impl IntoIterator<Item = &'a str>) -> Result<()> {
        let mut map = as_map(self);
        for setting in settings {
            let (name, value) = setting
                .split_once('=')
                .with_context(|| format!("--switch {setting}: write it as NAME=VALUE, like name_limit=50"))?;
            let Some(place) = map.get_mut(name) else {
                bail!("--switch {setting}: there is no such switch; --help lists them");
            };
            // A text may look like a number: 2020.4.
            let is_text = place.is_string();
            let read = serde_json::from_str(value).ok().filter(|read: &Value| !is_text || read.is_string());
            *place = read.unwrap_or_else(|| value.into());
            *self = serde_json::from_value(Value::Object(map.clone()))
                .with_context(|| format!("--switch {setting}: this switch does not take such a value"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Inactivation;

    #[test]
    fn every_switch_is_explained() {
        let mut explained: Vec<&str> = MEANINGS.iter().map(|(name, _)| *name).collect();
        explained.sort_unstable();
        let defaults = as_map(&Switches::default());
        let mut fields: Vec<&str> = defaults.keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(explained, fields);
    }

    #[test]
    fn switches_are_set_by_name() {
        let mut switches = Switches::default();
        switches
            .set([
                "name_limit=50",
                "inactivation=Conflict",
                "current_version=2020.4",
                "requests_per_minute=null",
            ])
            .unwrap();
        assert_eq!(switches.requests_per_minute, None);
        assert_eq!((switches.name_limit, switches.inactivation), (50, Inactivation::Conflict));
        assert_eq!(switches.current_version, "2020.4");
        for wrong in ["name_limit", "nothing=1", "name_limit=long"] {
            assert!(switches.set([wrong]).is_err(), "{wrong}");
        }
    }
}
