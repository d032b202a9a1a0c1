//! Whoever asks: the language that they read best, among those that the pod has, and their clock.

use actix_web::{
    HttpRequest,
    http::header::{AcceptLanguage, Header},
};
use jiff::{
    Timestamp,
    tz::{self, TimeZone},
};
use pod_view::text::{Clock, Language, Listener};

/// Who sent a request, from a zone of this IANA name.
pub(super) fn listener(request: &HttpRequest, zone: Option<&str>) -> Listener {
    let zone = zone.and_then(|name| tz::db().get(name).ok()).filter(|zone| !zone.is_unknown());
    Listener { language: language(request), clock: zone.map(clock) }
}

/// From the browser's own list (`Accept-Language`, RFC 9110, 12.5.4). A list that cannot be read is none.
fn language(request: &HttpRequest) -> Language {
    let accepted = AcceptLanguage::parse(request).map(|list| list.ranked()).unwrap_or_default();
    accepted.iter().find_map(|tag| Language::tagged(tag.item()?.as_str())).unwrap_or_default()
}

fn clock(zone: TimeZone) -> Clock {
    Clock::new(move |moment| {
        let moment: Timestamp = moment.parse().ok()?;
        Some(zone.to_datetime(moment).strftime("%Y-%m-%dT%H:%M").to_string())
    })
}

#[cfg(test)]
mod tests {
    use actix_web::{http::header::ACCEPT_LANGUAGE, test::TestRequest};
    use pod_view::text::{since, speaking};

    use super::*;

    fn for_list(list: &str) -> Language {
        language(&TestRequest::default().insert_header((ACCEPT_LANGUAGE, list)).to_http_request())
    }

    #[test]
    fn the_first_that_the_pod_has_is_spoken_and_english_where_it_has_none() {
        assert_eq!(for_list("de-AT,de;q=0.9,en;q=0.8"), Language::German);
        assert_eq!(for_list("en-US,en;q=0.9,de;q=0.8"), Language::English);
        assert_eq!(for_list("fr;q=0.9, de;q=0.5, en;q=0.4"), Language::German);
        assert_eq!(for_list("*"), Language::English);
        assert_eq!(for_list("fr"), Language::English);
        assert_eq!(for_list(", ;;"), Language::English);
        assert_eq!(language(&TestRequest::default().to_http_request()), Language::English);
    }

    #[test]
    fn moments_are_told_by_their_clock_and_in_utc_where_it_is_not_known() {
        let told = |zone| {
            let listener = listener(&TestRequest::default().to_http_request(), zone);
            speaking(listener, || since("2026-07-01T22:05:09Z"))
        };
        assert_eq!(told(Some("Europe/Brussels")), "since 2026-07-02 at 00:05");
        assert_eq!(told(Some("Asia/Kolkata")), "since 2026-07-02 at 03:35");
        for unknown in [None, Some(""), Some("Etc/Unknown"), Some("../../etc/passwd")] {
            assert_eq!(told(unknown), "since 2026-07-01 at 22:05 UTC");
        }
    }
}
