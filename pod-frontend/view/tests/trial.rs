//! What a test and a preview of the settings look like.

use pod_view::{
    text,
    trial::{begun, next, place, step},
    wire::{
        Certificate, Code, Found, LeftOut, Names, Preview, PreviewRows, Problem, Progress, TrialFailure,
        TrialLine, TrialStep,
    },
};
use reconcile::{Exclusion, RowKind};

fn names(names: &[&str], count: u64) -> Names {
    Names { count, names: names.iter().map(|&name| name.to_owned()).collect() }
}

fn certificate() -> Certificate {
    Certificate {
        sha256: "ab".repeat(32),
        subject: "CN=dc1".to_owned(),
        issuer: "CN=Harbor CA".to_owned(),
        names: vec!["dc1.harbor.example".to_owned()],
        from: "2026-01-01T00:00:00Z".to_owned(),
        until: "2027-01-01T00:00:00Z".to_owned(),
    }
}

fn failed(step: TrialStep) -> TrialFailure {
    let problem = Problem::new(Code::BadCredentials, "M.", "A.");
    TrialFailure::new(step, problem)
}

fn drawn(line: &TrialLine) -> String {
    step(line, "svc-sync@harbor.example", "DC=harbor,DC=example").into_string()
}

#[test]
fn each_step_has_a_sign_and_a_word_and_leads_to_the_next() {
    let lines = [
        TrialLine::Addresses(vec![("10.0.0.4".to_owned(), true)]),
        TrialLine::Connected("10.0.0.4:636".to_owned(), 1_234),
        TrialLine::Secured(Some(certificate())),
        TrialLine::Bound,
        TrialLine::BaseFound,
    ];
    let steps = ["name", "connect", "protect", "log-in", "base"];
    let shown = [
        "10.0.0.4",
        "10.0.0.4:636 in 1,234 ms",
        "Harbor CA",
        "svc-sync@harbor.example",
        "DC=harbor,DC=example is there",
    ];
    for ((line, name), words) in lines.iter().zip(steps).zip(shown) {
        assert_eq!(place(line), (name, "done"));
        let page = drawn(line);
        assert!(page.contains("aria-label=\"done\">✓<") && page.contains(words), "{page}");
        assert!(next(line).is_some());
    }
    let page = drawn(&TrialLine::Failed(failed(TrialStep::LogIn)));
    assert_eq!(place(&TrialLine::Failed(failed(TrialStep::LogIn))), ("log-in", "failed"));
    assert!(
        page.contains("aria-label=\"failed\">✗<") && page.contains("M.") && page.contains("A."),
        "{page}"
    );
    assert!(!page.contains("data-action"), "nothing to choose from: {page}");
    assert!(begun(true).into_string().contains(text::trial_step_now(TrialStep::Name).words()));
}

#[test]
fn a_certificate_is_pinned_and_a_base_taken_by_one_click() {
    let failure = TrialFailure { certificate: Some(certificate()), ..failed(TrialStep::Protect) };
    let page = drawn(&TrialLine::Failed(failure));
    assert!(page.contains(&format!("data-action=\"pin\" data-value=\"{}\"", "ab".repeat(32))), "{page}");
    assert!(page.contains("2026-01-01 to 2027-01-01") && page.contains(text::PIN_CAREFUL.words()), "{page}");
    let failure = TrialFailure { bases: vec!["DC=corp".to_owned()], ..failed(TrialStep::Base) };
    let page = drawn(&TrialLine::Failed(failure));
    assert!(page.contains("data-action=\"base\" data-value=\"DC=corp\""), "{page}");
}

#[test]
fn who_is_left_out_is_counted_by_reason() {
    let left_out = |why, by: &str, who| LeftOut { why, by: by.to_owned(), who };
    let found = Found {
        accounts: 48,
        people: names(&["Ann", "Bo"], 31),
        left_out: vec![
            left_out(None, "", names(&["Cy"], 12)),
            left_out(Some(Exclusion::Service), "", names(&["svc-a", "svc-b"], 2)),
            left_out(Some(Exclusion::Rule(0)), "leave out ou Kiosks", names(&["Desk"], 2)),
            left_out(Some(Exclusion::OtherCompany(7)), "Eight Ltd", names(&["Di"], 1)),
        ],
    };
    let page = drawn(&TrialLine::Found(found));
    for words in [
        "48 accounts read: contacts are kept for 31 people",
        "For example Ann, Bo and 29 more",
        "Disabled: 12",
        "Cy and 11 more",
        "Service account: 2",
        "svc-a and svc-b",
        "Left out by the rule “leave out ou Kiosks”: 2",
        "Taken by the rules of Eight Ltd: 1",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let nobody = Found { accounts: 3, people: Names::default(), left_out: Vec::new() };
    assert!(drawn(&TrialLine::Found(nobody)).contains("Nobody: look at the reasons"));
}

#[test]
fn a_preview_stands_beside_what_is_saved() {
    let rows =
        vec![PreviewRows { kind: RowKind::Deactivate, before: 1, after: 18, new: names(&["Ann"], 17) }];
    let preview =
        Preview { before: Some(48), after: 31, gone: names(&["Ann"], 17), new: Names::default(), rows };
    let page = drawn(&TrialLine::Preview(preview.clone()));
    for words in [
        "Now 48 people are in scope; with these settings 31.",
        "No longer in scope: 17",
        "Contacts that would be deactivated: 17",
        "Ann and 16 more",
        "<td>1</td><td>18</td>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Newly in scope"));
    let first = Preview { before: None, gone: Names::default(), ..preview };
    let page = drawn(&TrialLine::Preview(first));
    assert!(page.contains("With these settings 31 people are in scope.") && page.contains("<td>18</td>"));
    assert!(!page.contains("<td>1</td>"), "there is nothing to stand beside: {page}");
}

#[test]
fn s5_foreign_words_stay_words_in_a_test() {
    let hostile = "<img src=x onerror=alert(1)>";
    let shown = Certificate { subject: hostile.to_owned(), names: vec![hostile.to_owned()], ..certificate() };
    let bases = vec![hostile.to_owned()];
    let failure = TrialFailure { certificate: Some(shown), bases, ..failed(TrialStep::Base) };
    let page = drawn(&TrialLine::Failed(failure));
    assert!(!page.contains("<img") && page.matches("&lt;img").count() == 4, "{page}");
}

#[test]
fn progress_says_what_it_waits_for() {
    assert_eq!(
        text::trial_progress(Progress { accounts: 1, ..Progress::default() }),
        "1 account read so far"
    );
    let waiting = text::trial_progress(Progress { waiting: 2, ..Progress::default() });
    assert!(waiting.contains("2 other reads"), "{waiting}");
}
