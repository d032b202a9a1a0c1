//! Policy: what an installation or a company may set about planning.

use serde::{Deserialize, Serialize};

use crate::Field;

/// The rules that planning follows. Patterns are compared with the logon name without regard to
/// case; `*` stands for any text, `#` for one digit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Logon names of accounts that programs use.
    pub service_patterns: Vec<String>,
    /// Logon names of second accounts that administrators use beside their own.
    pub admin_patterns: Vec<String>,
    /// Logon names of accounts for trying things out.
    pub test_patterns: Vec<String>,
    /// Fields that the installation's contacts have no place for: nothing is planned for them.
    pub fields_without_a_place: Vec<Field>,
}

impl Default for Policy {
    fn default() -> Self {
        let list = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        Self {
            service_patterns: list(&["svc-*", "svc_*", "svc.*", "sa-*", "service-*", "sql-*", "backup-*"]),
            admin_patterns: list(&[
                "adm-*", "adm_*", "adm.*", "admin-*", "admin_*", "admin.*", "*-adm", "*-admin",
            ]),
            test_patterns: list(&["test", "test#*", "test-*", "test_*", "test.*", "*.test", "*-test"]),
            fields_without_a_place: Vec::new(),
        }
    }
}

/// Patterns made ready: in lower case.
#[derive(Debug)]
pub(crate) struct Patterns(Vec<String>);

impl Patterns {
    pub(crate) fn new(patterns: &[impl AsRef<str>]) -> Self {
        Self(patterns.iter().map(|pattern| pattern.as_ref().to_lowercase()).collect())
    }

    /// Whether a text in lower case has the shape of one of them; see [`Policy`] for the signs.
    pub(crate) fn fit(&self, text: &str) -> bool {
        self.0.iter().any(|pattern| matches(pattern.as_bytes(), text.as_bytes()))
    }
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    // The usual backtracking to the last star: linear for patterns with one star.
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(b'#') if text[t].is_ascii_digit() => {
                p += 1;
                t += 1;
            }
            Some(&sign) if sign != b'#' && sign == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    p = star + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&sign| sign == b'*')
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("svc-*", "SVC-backup", true),
            ("svc-*", "svcbackup", false),
            ("*-adm", "j.doe-adm", true),
            ("test#*", "test1", true),
            ("test#*", "testa", false),
            ("*a*b", "xxaxxbxb", true),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(Patterns::new(&[pattern]).fit(&text.to_lowercase()), expected, "{pattern} {text}");
        }
    }
}
