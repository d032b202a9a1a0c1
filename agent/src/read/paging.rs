//! The paged-results control of an answer (RFC 2696), read without trusting it.

use ldap3::controls::Control;

/// The control's OID (RFC 2696 section 2).
const PAGED_RESULTS: &str = "1.2.840.113556.1.4.319";

/// What an answer says of the next page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// That was the last one.
    Last,
    /// Ask again with this cookie.
    Cookie(Vec<u8>),
    /// The answer has no such control: the server did not page.
    Absent,
    /// The control is there and cannot be read.
    Unreadable,
}

pub(super) fn next(controls: &[Control]) -> Next {
    let Some(Control(_, control)) = controls.iter().find(|Control(_, raw)| raw.ctype == PAGED_RESULTS) else {
        return Next::Absent;
    };
    match control.val.as_deref().and_then(cookie) {
        None => Next::Unreadable,
        Some([]) => Next::Last,
        Some(cookie) => Next::Cookie(cookie.to_vec()),
    }
}

/// `SEQUENCE { size INTEGER, cookie OCTET STRING }`.
fn cookie(value: &[u8]) -> Option<&[u8]> {
    let (sequence, after) = element(0x30, value)?;
    let (_size, rest) = element(0x02, sequence)?;
    let (cookie, rest) = element(0x04, rest)?;
    (after.is_empty() && rest.is_empty()).then_some(cookie)
}

/// The content of a BER element with this tag, and what stands behind it. Windows writes lengths in
/// the long form even where the short one would do.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, bytes) = bytes.split_first()?;
    let (&first, bytes) = bytes.split_first()?;
    let (length, bytes) = if first < 0x80 {
        (usize::from(first), bytes)
    } else {
        let (digits, bytes) = bytes.split_at_checked(usize::from(first & 0x7f))?;
        if !(1..=4).contains(&digits.len()) {
            return None;
        }
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), bytes)
    };
    (found == tag).then_some(())?;
    bytes.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use ldap3::controls::RawControl;
    use proptest::prelude::*;

    use super::*;

    fn control(oid: &str, value: Option<&[u8]>) -> Control {
        Control(None, RawControl { ctype: oid.to_owned(), crit: false, val: value.map(<[u8]>::to_vec) })
    }

    #[test]
    fn cookies_are_read_in_both_forms_of_length() {
        for (value, expected) in [
            (b"\x30\x05\x02\x01\x00\x04\x00".as_slice(), Next::Last),
            (b"\x30\x07\x02\x01\x00\x04\x02ab", Next::Cookie(b"ab".to_vec())),
            (b"\x30\x84\0\0\0\x0b\x02\x01\x05\x04\x84\0\0\0\x02ab", Next::Cookie(b"ab".to_vec())),
            (b"\x30\x07\x02\x01\x00\x04\x03ab", Next::Unreadable),
            (b"\x30\x08\x02\x01\x00\x04\x02ab", Next::Unreadable),
            (b"\x30\x07\x02\x01\x00\x04\x02ab!", Next::Unreadable),
            (b"\x30\x80", Next::Unreadable),
            (b"", Next::Unreadable),
        ] {
            assert_eq!(next(&[control("1.2.3", None), control(PAGED_RESULTS, Some(value))]), expected);
        }
        assert_eq!(next(&[control(PAGED_RESULTS, None)]), Next::Unreadable);
        assert_eq!(next(&[control("1.2.3", Some(b""))]), Next::Absent);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(value in proptest::collection::vec(any::<u8>(), 0..32)) {
            let _ = cookie(&value);
        }
    }
}
