//! Patterns: texts in which `*` stands for any text and `#` for one digit, without regard to case.

/// Patterns made ready: in lower case.
#[derive(Debug)]
pub(crate) struct Patterns(Vec<String>);

impl Patterns {
    pub(crate) fn new(patterns: &[impl AsRef<str>]) -> Self {
        Self(patterns.iter().map(|pattern| pattern.as_ref().to_lowercase()).collect())
    }

    /// Whether a text in lower case has the shape of one of them.
    pub(crate) fn fit(&self, text: &str) -> bool {
        self.0.iter().any(|pattern| fits(pattern, text))
    }
}

/// Whether a text has the shape of a pattern; both in lower case.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
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
