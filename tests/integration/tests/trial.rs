//! Settings that are tried before they are saved: the test of a connection, and the preview.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use integration::{
    domain_controller::DomainController,
    harbor::HARBOR,
    pod::{Pod, settings_for},
    psa_contacts::writes,
    service::Deployment,
};
use pod_view::{
    settings::members_of,
    wire::{
        Found, PlaceKind, Places, Preview, Security, Settings, TrialFailure, TrialLine, TrialStep, Trust,
    },
};
use reconcile::RowKind;
use sample_directory::{Fault, Options, SampleDirectory, certificate::Validity, people};

/// Accepts connections, counts them, and answers what is no TLS.
struct Plain {
    port: u16,
    heard: Arc<AtomicUsize>,
}

impl Plain {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                let Ok(mut stream) = stream else { return };
                // Whoever hangs up has heard enough.
                let _ = stream.read(&mut [0; 512]);
                let _ = stream.write_all(b"220 mail.harbor.example ESMTP\r\n");
            }
        });
        Self { port, heard }
    }
}

/// A company without settings, a directory, and ports that the service may connect to.
struct Ground {
    deployment: Deployment,
    directory: SampleDirectory,
    expired: SampleDirectory,
    plain: Plain,
    /// Nobody listens there.
    closed: u16,
    pod: Pod,
}

impl Ground {
    async fn new() -> Self {
        let options = || Options { names: vec!["127.0.0.1".to_owned()], ..Options::default() };
        let directory = sample_directory::start(options()).await.unwrap();
        let expired =
            sample_directory::start(Options { validity: Validity::Expired, ..options() }).await.unwrap();
        let plain = Plain::start();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let ports = [directory.address().port(), expired.address().port(), plain.port, closed];
        let ports = ports.map(|port| port.to_string()).join(",");
        let environment = [("CONNECTACTIVE_DIRECTORY_PORTS", ports)];
        let deployment = Deployment::start_in(psa_simulator::Options::default(), &environment).await.unwrap();
        let pod = Pod::open(&deployment, "Dispatch1", deployment.company(HARBOR)).await.unwrap();
        Self { deployment, directory, expired, plain, closed, pod }
    }

    /// Settings that work.
    fn settings(&self) -> Settings {
        settings_for(&self.directory)
    }

    async fn test(&self, change: impl FnOnce(&mut Settings)) -> Vec<TrialLine> {
        let mut settings = self.settings();
        change(&mut settings);
        self.pod.test(&settings).await.expect("Dispatch1 may test")
    }

    async fn fails(&self, change: impl FnOnce(&mut Settings)) -> TrialFailure {
        failure(self.test(change).await)
    }
}

fn failure(mut lines: Vec<TrialLine>) -> TrialFailure {
    match lines.pop() {
        Some(TrialLine::Failed(failure)) => {
            let words = [&failure.problem.message, &failure.problem.advice];
            assert!(words.iter().all(|words| words.ends_with('.')), "{failure:?}");
            failure
        }
        other => panic!("it did not fail: {other:?}"),
    }
}

fn found(mut lines: Vec<TrialLine>) -> Found {
    match lines.pop() {
        Some(TrialLine::Found(found)) => found,
        other => panic!("nobody was found: {other:?}"),
    }
}

fn previewed(mut lines: Vec<TrialLine>) -> Preview {
    match lines.pop() {
        Some(TrialLine::Preview(preview)) => preview,
        other => panic!("there is no preview: {other:?}"),
    }
}

fn at(failure: &TrialFailure) -> (TrialStep, &str) {
    (failure.step, failure.problem.code.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_tells_each_step_and_who_is_there() {
    let ground = Ground::new().await;
    let mut lines = ground.test(|_| ()).await;
    lines.retain(|line| !matches!(line, TrialLine::Progress(_)));
    let [addresses, connected, secured, bound, base, found] = lines.try_into().expect("six steps");
    assert_eq!(addresses, TrialLine::Addresses(vec![("127.0.0.1".to_owned(), true)]));
    let TrialLine::Connected(address, _) = connected else { panic!("{connected:?}") };
    assert_eq!(address, ground.directory.address().to_string());
    let TrialLine::Secured(Some(certificate)) = secured else { panic!("{secured:?}") };
    assert_eq!(certificate.sha256, ground.directory.certificate_sha256());
    assert_eq!(
        (certificate.subject.as_str(), certificate.names.as_slice()),
        ("CN=127.0.0.1", ["127.0.0.1".to_owned()].as_slice())
    );
    assert!(certificate.issuer.contains("Harbor Test Authority"), "{certificate:?}");
    assert_eq!(
        (certificate.from.as_str(), certificate.until.as_str()),
        ("1975-01-01T00:00:00Z", "4096-01-01T00:00:00Z")
    );
    assert_eq!((bound, base), (TrialLine::Bound, TrialLine::BaseFound));
    let TrialLine::Found(found) = found else { panic!("{found:?}") };
    assert_eq!(found.accounts, people().len() as u64);
    let left_out: u64 = found.left_out.iter().map(|left_out| left_out.who.count).sum();
    assert_eq!(found.people.count + left_out, found.accounts, "everybody is one or the other");
    assert_eq!(found.people.names.len(), 5);
    let disabled = found.left_out.iter().find(|left_out| left_out.why.is_none()).expect("some are disabled");
    assert!(!disabled.who.names.is_empty() && disabled.who.names.len() <= 3);
    assert_eq!(writes(&ground.deployment), 0, "nothing is saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_that_fails_says_which_and_what_to_do() {
    let ground = Ground::new().await;
    let (plain, closed) = (ground.plain.port, ground.closed);
    let host = |host: &'static str| move |settings: &mut Settings| host.clone_into(&mut settings.host);

    let failed = ground.fails(host("no-such-name.invalid")).await;
    assert_eq!(at(&failed), (TrialStep::Name, "name_not_found"));
    let lines = ground.test(host("10.1.2.3")).await;
    assert_eq!(lines[0], TrialLine::Addresses(vec![("10.1.2.3".to_owned(), false)]));
    assert_eq!(at(&failure(lines)), (TrialStep::Name, "address_not_allowed"));
    let failed = ground.fails(host("dc1..corp")).await;
    assert_eq!(at(&failed), (TrialStep::Name, "settings_wrong"));

    let failed = ground.fails(|settings| settings.port = 22).await;
    assert_eq!(at(&failed), (TrialStep::Connect, "port_not_allowed"));
    let failed = ground.fails(|settings| settings.port = closed).await;
    assert_eq!(at(&failed), (TrialStep::Connect, "directory_unreachable"));

    let failed = ground.fails(|settings| settings.port = plain).await;
    assert_eq!(at(&failed), (TrialStep::Protect, "tls_failed"));

    let failed = ground.fails(|settings| settings.password = Some("Spilt-Ink-93".to_owned())).await;
    assert_eq!(at(&failed), (TrialStep::LogIn, "bad_credentials"));
    for (data, word) in
        [("775", "locked"), ("532", "expired"), ("773", "must be changed"), ("533", "disabled")]
    {
        ground.directory.set_fault(Some(Fault::Refuse(data)));
        let failed = ground.fails(|_| ()).await;
        assert_eq!(at(&failed), (TrialStep::LogIn, "bad_credentials"), "{data}");
        assert!(failed.problem.message.contains(word), "{failed:?}");
    }
    // A server that brings the reader down ends that test, and nothing else.
    ground.directory.set_fault(Some(Fault::NestedBer { depth: 200_000 }));
    assert_eq!(at(&ground.fails(|_| ()).await), (TrialStep::LogIn, "directory_incomplete"));
    ground.directory.set_fault(None);

    for base in ["OU=Gone,DC=corp,DC=harbor,DC=example", "DC=other,DC=example"] {
        let failed = ground.fails(|settings| base.clone_into(&mut settings.base)).await;
        assert_eq!(at(&failed), (TrialStep::Base, "base_not_found"), "{base}");
        assert_eq!(failed.bases, [ground.directory.base()], "the server says what it has");
    }

    let filter =
        |filter: &'static str| move |settings: &mut Settings| settings.filter = Some(filter.to_owned());
    let failed = ground.fails(filter("(cn=a)(mail=*)")).await;
    assert_eq!(at(&failed), (TrialStep::Accounts, "settings_wrong"));
    let failed = ground.fails(filter("(cn=nobody has this name)")).await;
    assert_eq!(at(&failed), (TrialStep::Accounts, "nothing_found"));
    let failed = ground.fails(|settings| settings.rules = "leave out shoe 42".to_owned()).await;
    assert_eq!(at(&failed), (TrialStep::Accounts, "rules_wrong"));
    assert_eq!(writes(&ground.deployment), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_believed_is_shown_and_no_credentials_leave() {
    let ground = Ground::new().await;
    let authority = Trust::Authority(ground.directory.ca_pem().to_owned());
    let other = Trust::Authority(ground.expired.ca_pem().to_owned());
    let cases: [(&str, &SampleDirectory, Trust, &str); 5] = [
        ("127.0.0.1", &ground.directory, Trust::PublicAuthorities, "certificate_untrusted"),
        ("127.0.0.1", &ground.directory, other.clone(), "certificate_untrusted"),
        ("127.0.0.1", &ground.directory, Trust::Pinned("ab".repeat(32)), "certificate_untrusted"),
        ("localhost", &ground.directory, authority, "certificate_name"),
        ("127.0.0.1", &ground.expired, other, "certificate_untrusted"),
    ];
    for (host, directory, trust, code) in cases {
        let binds = directory.binds();
        let failed = ground
            .fails(|settings| {
                host.clone_into(&mut settings.host);
                settings.port = directory.address().port();
                settings.trust = trust;
            })
            .await;
        assert_eq!(at(&failed), (TrialStep::Protect, code), "{host}");
        let certificate = failed.certificate.expect("it is shown");
        assert_eq!(certificate.sha256, directory.certificate_sha256());
        assert_eq!(directory.binds(), binds, "nobody logged in at {host}");
        if directory.address() == ground.expired.address() {
            assert!(failed.problem.message.contains("expired"), "{:?}", failed.problem);
            assert_eq!(certificate.until, "2001-01-02T00:00:00Z");
        }
        // What was shown can be pinned.
        let pinned = ground
            .test(|settings| {
                settings.port = directory.address().port();
                settings.trust = Trust::Pinned(certificate.sha256.clone());
            })
            .await;
        // The expired directory's people are the same ones.
        assert_eq!(found(pinned).accounts, people().len() as u64);
    }
    assert_eq!(ground.plain.heard.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_password_goes_only_where_it_was_entered_for() {
    let ground = Ground::new().await;
    let stored = ground.pod.save_settings(&ground.settings()).await.expect("they are good");
    let unchanged = Settings { password: None, ..stored.clone() };
    let narrower = Settings { filter: Some("(title=*)".to_owned()), ..unchanged.clone() };
    assert!(found(ground.pod.test(&narrower).await.unwrap()).accounts < people().len() as u64);

    let sales = ground.pod.places(&unchanged, PlaceKind::Group, "sales").await.unwrap();
    assert_eq!(names(&sales), ["Sales Team", "Office staff (R&D, sales)"]);

    let binds = ground.directory.binds();
    let (plain, expired) = (ground.plain.port, ground.expired.address().port());
    let other: [Settings; 6] = [
        Settings { port: plain, security: Security::PlainTextOnPurpose, ..unchanged.clone() },
        Settings { port: expired, ..unchanged.clone() },
        Settings { host: "localhost".to_owned(), ..unchanged.clone() },
        Settings { trust: Trust::PublicAuthorities, ..unchanged.clone() },
        Settings { bind_name: "somebody@corp.harbor.example".to_owned(), ..unchanged.clone() },
        Settings { security: Security::PlainTextOnPurpose, ..unchanged.clone() },
    ];
    for settings in other {
        for password in [None, Some(String::new())] {
            let settings = Settings { password, ..settings.clone() };
            let looked = ground.pod.places(&settings, PlaceKind::Group, "sales").await;
            assert_eq!(looked.unwrap_err().problem.code, "password_needed", "{settings:?}");
            for lines in [ground.pod.test(&settings).await, ground.pod.preview(&settings).await] {
                assert_eq!(failure(lines.unwrap()).problem.code, "password_needed", "{settings:?}");
            }
        }
    }
    assert_eq!(ground.directory.binds(), binds);
    assert_eq!(
        (ground.plain.heard.load(Ordering::SeqCst), ground.expired.binds()),
        (0, 0),
        "nobody was dialled"
    );
}

fn names(places: &Places) -> Vec<&str> {
    places.places.iter().map(|place| place.name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_and_units_are_found_by_name_and_nothing_is_saved() {
    let ground = Ground::new().await;
    let base = ground.directory.base();
    // What else is in the form does not matter.
    let settings = Settings {
        base: String::new(),
        rules: "no rule".to_owned(),
        filter: Some("(".to_owned()),
        ..ground.settings()
    };
    let look = async |what, text: &str| ground.pod.places(&settings, what, text).await.expect("it is there");

    let teams = look(PlaceKind::Group, "team").await;
    assert_eq!(names(&teams), ["Finance Team", "Sales Team"]);
    assert_eq!(teams.places[1].dn, format!("CN=Sales Team,OU=Groups,{base}"));
    assert_eq!(teams.places[1].description.as_deref(), Some("Everybody who sells"));
    assert_eq!((teams.more, teams.whole), (false, None));
    assert_eq!(names(&look(PlaceKind::Group, "OFF staff (r&d,").await), ["Office staff (R&D, sales)"]);
    let units = look(PlaceKind::Unit, "SAL").await;
    assert_eq!((names(&units).as_slice(), units.whole.as_deref()), (["Sales"].as_slice(), Some(base)));
    assert_eq!(units.places[0].dn, format!("OU=Sales,OU=People,{base}"));

    for nothing in ["nobody", "sales*", "*)(objectClass=*", "a)(|(cn=*"] {
        assert_eq!(names(&look(PlaceKind::Group, nothing).await), [""; 0], "{nothing}");
    }
    let binds = ground.directory.binds();
    for nothing in ["", " ", "*", "()"] {
        assert_eq!(look(PlaceKind::Unit, nothing).await, Places::default(), "{nothing}");
    }
    assert_eq!(ground.directory.binds(), binds, "nothing is not looked for");

    // Members through groups within it are read by what was chosen.
    let office = look(PlaceKind::Group, "office").await.places.remove(0);
    let members = ground.test(|settings| settings.filter = Some(members_of(&office.dn))).await;
    let at_desks = |person: &sample_directory::Person| {
        person.units.iter().any(|unit| ["Engineering", "Sales", "Finance"].contains(unit))
    };
    let desks = people().into_iter().filter(at_desks).count();
    assert_eq!(found(members).accounts, desks as u64);
    assert_eq!(writes(&ground.deployment), 0);
    assert_eq!(ground.pod.status().await.unwrap().source, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_a_directory_from_being_tested_keeps_it_from_being_searched() {
    let ground = Ground::new().await;
    let code = async |change: &dyn Fn(&mut Settings)| {
        let mut settings = ground.settings();
        change(&mut settings);
        ground.pod.places(&settings, PlaceKind::Unit, "sales").await.unwrap_err().problem.code
    };
    assert_eq!(code(&|settings| settings.host = "10.1.2.3".to_owned()).await, "address_not_allowed");
    assert_eq!(code(&|settings| settings.host = "dc1..corp".to_owned()).await, "settings_wrong");
    assert_eq!(code(&|settings| settings.port = 22).await, "port_not_allowed");
    assert_eq!(code(&|settings| settings.port = ground.closed).await, "directory_unreachable");
    let binds = ground.directory.binds();
    assert_eq!(code(&|settings| settings.trust = Trust::PublicAuthorities).await, "certificate_untrusted");
    assert_eq!(ground.directory.binds(), binds, "nobody logged in");
    assert_eq!(
        code(&|settings| settings.password = Some("Spilt-Ink-93".to_owned())).await,
        "bad_credentials"
    );
    // Half an answer is none.
    ground.directory.set_fault(Some(Fault::Cut { page: 1, after: 0 }));
    assert_eq!(code(&|_| ()).await, "cut_off");
    ground.directory.set_fault(Some(Fault::NestedBer { depth: 200_000 }));
    assert_eq!(code(&|_| ()).await, "directory_incomplete");
    // A server that would send pages for ever is not heard for ever.
    ground.directory.set_fault(Some(Fault::EmptyPages));
    let found = ground.pod.places(&ground.settings(), PlaceKind::Unit, "sales").await.unwrap();
    assert_eq!((names(&found).as_slice(), found.more), ([""; 0].as_slice(), true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_what_the_next_review_says_after_saving() {
    let ground = Ground::new().await;
    let first = previewed(ground.pod.preview(&ground.settings()).await.unwrap());
    assert_eq!((first.before, first.gone.count), (None, 0), "there is nothing to compare with");
    let stored = ground.pod.save_settings(&ground.settings()).await.expect("they are good");
    let review = ground.pod.review().await.expect("both sides can be read");
    ground.pod.apply(&review.approve(reconcile::Row::approved_by_default)).await.expect("it is written");
    ground.deployment.psa.world().lock().reset_log();

    let unchanged = Settings { password: None, ..stored };
    let same = previewed(ground.pod.preview(&unchanged).await.unwrap());
    assert_eq!((same.before, same.gone.count, same.new.count), (Some(same.after), 0, 0));
    assert!(same.rows.iter().all(|rows| rows.before == rows.after && rows.new.count == 0), "{same:?}");

    let base = format!("OU=Sales,OU=People,{}", ground.directory.base());
    let rules = "keep title\nleave out name *smith*".to_owned();
    let narrower = Settings { base, rules, ..unchanged };
    let preview = previewed(ground.pod.preview(&narrower).await.unwrap());
    let before = preview.before.expect("the saved ones can be read");
    assert_eq!(before, same.after);
    assert!(preview.after > 0 && preview.after < before);
    assert_eq!(preview.gone.count, before - preview.after, "nobody is new");
    assert_eq!(preview.gone.names.len(), 20, "the first are named");
    let leaving =
        preview.rows.iter().find(|rows| rows.kind == RowKind::Deactivate).expect("some would leave");
    assert!(leaving.new.count > 20 && !leaving.new.names.is_empty());
    assert_eq!(writes(&ground.deployment), 0, "nothing was written");
    assert_eq!(ground.pod.settings().await.unwrap().base, ground.directory.base());

    ground.pod.save_settings(&narrower).await.expect("the same connection");
    let plan = ground.pod.review().await.expect("both sides can be read").plan();
    for rows in &preview.rows {
        assert_eq!(rows.after, plan.count(rows.kind) as u64, "{:?}", rows.kind);
    }

    // Saved ones that nothing can be read by stand in nobody's way.
    let gone = Settings {
        base: "OU=Gone,DC=corp,DC=harbor,DC=example".to_owned(),
        ..ground.pod.settings().await.unwrap()
    };
    ground.pod.save_settings(&gone).await.expect("the same connection");
    let back = Settings { base: ground.directory.base().to_owned(), ..ground.pod.settings().await.unwrap() };
    let preview = previewed(ground.pod.preview(&back).await.unwrap());
    assert_eq!((preview.before, preview.after > before / 2), (None, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_controller_is_tested_and_nested_groups_are_followed() {
    let controller =
        tokio::task::spawn_blocking(|| DomainController::start(&people())).await.unwrap().unwrap();
    let deployment = Deployment::start().await.unwrap();
    let pod = Pod::open(&deployment, "Dispatch1", deployment.company(HARBOR)).await.unwrap();
    let everybody = people();
    let [one, two, three] = [0, 1, 2].map(|at: usize| everybody[at].logon.as_str());
    let group = {
        controller.add_group("Inner (staff)", &[one, two]).unwrap();
        controller.add_group("Outer (all)", &["Inner (staff)", three]).unwrap()
    };
    let settings = Settings {
        host: controller.ldaps().ip().to_string(),
        port: controller.ldaps().port(),
        security: Security::Ldaps,
        trust: Trust::Pinned(controller.certificate_sha256()),
        base: controller.base().to_owned(),
        bind_name: controller.bind_name(),
        password: Some(controller.password().to_owned()),
        filter: None,
        rules: String::new(),
        schedule: pod_view::wire::Schedule::default(),
        generation: 0,
        password_set: false,
        shared_rules: String::new(),
    };
    assert_eq!(found(pod.test(&settings).await.unwrap()).accounts, everybody.len() as u64);
    for (text, places) in [("outer", 1), ("(all)", 1), ("ner staff", 1), ("er (", 2)] {
        let found = pod.places(&settings, PlaceKind::Group, text).await.unwrap();
        assert_eq!(names(&found).len(), places, "{text}: {found:?}");
    }
    let outer = pod.places(&settings, PlaceKind::Group, "outer").await.unwrap();
    assert_eq!(outer.places[0].dn, group);
    let sales = pod.places(&settings, PlaceKind::Unit, "sales").await.unwrap();
    assert_eq!(sales.places[0].dn, format!("OU=Sales,OU=People,{}", controller.base()));
    let many = pod.places(&settings, PlaceKind::Group, "ad").await.unwrap();
    assert!(names(&many).contains(&"Domain Admins"), "{many:?}");
    let members = Settings { filter: Some(members_of(&group)), ..settings.clone() };
    let members = found(pod.test(&members).await.unwrap());
    assert_eq!(members.accounts, 3, "{members:?}");

    let wrong = Settings { password: Some("Spilt-Ink-93".to_owned()), ..settings.clone() };
    assert_eq!(at(&failure(pod.test(&wrong).await.unwrap())), (TrialStep::LogIn, "bad_credentials"));
    let lost = Settings { base: format!("OU=Gone,{}", controller.base()), ..settings };
    let failed = failure(pod.test(&lost).await.unwrap());
    assert_eq!(at(&failed), (TrialStep::Base, "base_not_found"));
    assert_eq!(failed.bases, [controller.base()]);
}
