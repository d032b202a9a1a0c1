//! The language that whoever asks reads best, among those that the pod has.

use actix_web::{
    HttpRequest,
    http::header::{AcceptLanguage, Header},
};
use pod_view::text::Language;

/// From the browser's own list (`Accept-Language`, RFC 9110, 12.5.4). A list that cannot be read is none.
pub(super) fn language_of(request: &HttpRequest) -> Language {
    let accepted = AcceptLanguage::parse(request).map(|list| list.ranked()).unwrap_or_default();
    let known = |tag: &str| Language::tagged(tag);
    accepted.iter().find_map(|tag| known(tag.item()?.as_str())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use actix_web::{http::header::ACCEPT_LANGUAGE, test::TestRequest};

    use super::*;

    fn for_list(list: &str) -> Language {
        language_of(&TestRequest::default().insert_header((ACCEPT_LANGUAGE, list)).to_http_request())
    }

    #[test]
    fn the_first_that_the_pod_has_is_spoken_and_english_where_it_has_none() {
        assert_eq!(for_list("de-AT,de;q=0.9,en;q=0.8"), Language::German);
        assert_eq!(for_list("en-US,en;q=0.9,de;q=0.8"), Language::English);
        assert_eq!(for_list("fr;q=0.9, de;q=0.5, en;q=0.4"), Language::German);
        assert_eq!(for_list("*"), Language::English);
        assert_eq!(for_list("fr"), Language::English);
        assert_eq!(for_list("\u{0}, ;;"), Language::English);
        assert_eq!(language_of(&TestRequest::default().to_http_request()), Language::English);
    }
}
