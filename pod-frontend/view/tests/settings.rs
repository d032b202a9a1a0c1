//! The settings form: what it shows and what it accepts.

use pod_view::{
    settings::{Complaint, Form, Input, Opening, PEOPLE, group_of, in_force, members_of, view},
    wire::{Code, Problem, Schedule, Security, Settings, Trust, When},
};

fn stored() -> Settings {
    Settings {
        host: "dc1.harbor.example".to_owned(),
        port: 636,
        security: Security::Ldaps,
        trust: Trust::Pinned("ab".repeat(32)),
        base: "DC=harbor,DC=example".to_owned(),
        bind_name: "reader@harbor.example".to_owned(),
        password: None,
        filter: None,
        rules: String::new(),
        schedule: Schedule::default(),
        generation: 7,
        password_set: true,
        shared_rules: String::new(),
    }
}

fn form(change: impl FnOnce(&mut Form)) -> Form {
    let stored = stored();
    let mut form = Form { security: "ldaps".to_owned(), trust: "pinned".to_owned(), ..Form::default() };
    for (input, text) in [
        (Input::Host, stored.host.as_str()),
        (Input::Port, "636"),
        (Input::Pin, &"AB:".repeat(32)),
        (Input::Base, &stored.base),
        (Input::BindName, &stored.bind_name),
    ] {
        text.clone_into(&mut form.texts[input as usize]);
    }
    change(&mut form);
    form
}

fn set(input: Input, text: &'static str) -> impl FnOnce(&mut Form) {
    move |form| text.clone_into(&mut form.texts[input as usize])
}

#[test]
fn what_is_stored_may_be_saved_again_without_its_password() {
    let settings = form(|_| ()).settings(Some(&stored())).expect("nothing changed");
    assert_eq!(settings, Settings { password_set: false, ..stored() });
}

#[test]
fn the_stored_password_never_goes_to_another_server() {
    for change in [
        set(Input::Host, "dc2.harbor.example"),
        set(Input::Port, "3269"),
        set(Input::Pin, "0000000000000000000000000000000000000000000000000000000000000000"),
        set(Input::BindName, "admin@harbor.example"),
    ] {
        let wrong = form(change).settings(Some(&stored())).unwrap_err();
        assert_eq!(wrong, [(Input::Password, Complaint::PasswordAgain)]);
    }
}

#[test]
fn the_login_is_known_before_the_rest_of_the_form_is() {
    let login = |change: &dyn Fn(&mut Form)| {
        let mut form = form(|_| ());
        for input in [Input::Base, Input::Group, Input::Rules] {
            "half".clone_into(&mut form.texts[input as usize]);
        }
        form.scope = "group".to_owned();
        change(&mut form);
        form.login(Some(&stored()))
    };
    let known = login(&|_| ()).expect("the stored password goes with it");
    assert!(known.same_connection(&stored()));
    assert_eq!((known.base.as_str(), known.filter, known.password), ("", None, None));
    let other = |form: &mut Form| "dc2.harbor.example".clone_into(&mut form.texts[Input::Host as usize]);
    assert_eq!(login(&other), None, "the stored password goes nowhere else");
    let typed = login(&|form| {
        other(form);
        "typed".clone_into(&mut form.texts[Input::Password as usize]);
    });
    assert_eq!(typed.and_then(|login| login.password).as_deref(), Some("typed"));
}

#[test]
fn each_field_says_what_is_wrong_with_it() {
    for (input, text, complaint) in [
        (Input::Host, "", Complaint::Missing),
        (Input::Host, "ldaps://dc1.harbor.example", Complaint::HostNotAName),
        (Input::Port, "0", Complaint::PortNotANumber),
        (Input::Port, "65536", Complaint::PortNotANumber),
        (Input::Pin, "abcd", Complaint::NotAFingerprint),
        (Input::Base, "harbor.example", Complaint::NotADn),
        (Input::BindName, " ", Complaint::Missing),
        (Input::Filter, "(cn=a", Complaint::FilterUnbalanced),
        (Input::Filter, "cn=a", Complaint::FilterUnbalanced),
    ] {
        let wrong = form(set(input, text)).settings(Some(&stored())).unwrap_err();
        assert!(wrong.contains(&(input, complaint)), "{input:?} {text:?}: {wrong:?}");
    }
    let unset = Settings { password_set: false, ..stored() };
    let wrong = form(|_| ()).settings(Some(&unset)).unwrap_err();
    assert_eq!(wrong, [(Input::Password, Complaint::PasswordMissing)]);
}

#[test]
fn the_form_never_shows_a_password() {
    let stored = Settings { password: Some("hunter2-secret".to_owned()), ..stored() };
    let page = view("Harbor", &Opening::Change(Box::new(stored))).into_string();
    assert!(!page.contains("hunter2-secret"));
}

#[test]
fn settings_that_are_not_accepted_are_entered_again_under_the_reason() {
    let problem = Problem::new(Code::SettingsNotAccepted, "The settings note is gone.", "Enter them again.");
    let opening = Opening::Repair(problem);
    let page = view("Harbor", &opening).into_string();
    let (reason, form) = page.split_once("Enter them again.").expect("the advice is shown");
    assert!(reason.contains("data-code=\"settings_not_accepted\"") && reason.contains("note is gone"));
    assert!(form.contains("id=\"settings-host\" value=\"\""), "{form}");
    assert!(form.contains("id=\"settings-cancel\""), "{form}");

    let wrong = self::form(|_| ()).settings(opening.stored()).unwrap_err();
    assert_eq!(wrong, [(Input::Password, Complaint::PasswordMissing)]);
    let mut whole = self::form(|_| ());
    "secret".clone_into(&mut whole.texts[Input::Password as usize]);
    assert_eq!(whole.settings(opening.stored()).expect("all is there").generation, 0);
}

#[test]
fn a_schedule_is_chosen_and_shown_as_it_was() {
    let zone = "Europe/Brussels";
    for (choice, time, cron, when) in [
        ("daily", "", "", When::Daily),
        ("daily_at", "03:30", "", When::DailyAt { hour: 3, minute: 30 }),
        ("cron", "", "30 3 * * 1-5", When::Cron("30 3 * * 1-5".to_owned())),
        ("off", "", "", When::Off),
    ] {
        let filled_in = form(|form| {
            choice.clone_into(&mut form.schedule);
            for (input, text) in [(Input::Time, time), (Input::Cron, cron), (Input::TimeZone, zone)] {
                text.clone_into(&mut form.texts[input as usize]);
            }
        });
        let settings = filled_in.settings(Some(&stored())).expect("it is a schedule");
        assert_eq!(settings.schedule, Schedule { when, time_zone: zone.to_owned() });

        let page = view("Harbor", &Opening::Change(Box::new(settings))).into_string();
        let checked = format!("name=\"schedule\" value=\"{choice}\" checked");
        assert!(page.contains(&checked), "{choice}: {page}");
        assert_eq!(page.matches("name=\"schedule\"").count(), 4);
        for (id, value) in [("settings-time", time), ("settings-cron", cron), ("settings-time-zone", zone)] {
            let field = page.split_once(&format!("id=\"{id}\"")).expect("the field is there").1;
            let field = field.split_once('>').expect("it ends").0;
            assert!(field.contains(&format!("value=\"{value}\"")), "{choice} {id}: {field}");
            assert!(field.contains(&format!("aria-describedby=\"{id}-about\"")), "{id}");
            assert!(page.contains(&format!("<label for=\"{id}\">")), "{id} has a label");
        }
    }
}

#[test]
fn a_schedule_needs_what_was_chosen_and_nothing_else() {
    let chosen = |choice: &str, input: Input, text: &str| {
        form(|form| {
            choice.clone_into(&mut form.schedule);
            text.clone_into(&mut form.texts[input as usize]);
        })
        .settings(Some(&stored()))
    };
    for text in ["", "24:00", "3:5", "noon"] {
        assert_eq!(chosen("daily_at", Input::Time, text).unwrap_err(), [(Input::Time, Complaint::NotATime)]);
    }
    for text in ["", "@daily", "0 30 3 * * *"] {
        assert_eq!(chosen("cron", Input::Cron, text).unwrap_err(), [(Input::Cron, Complaint::NotCron)]);
    }
    let daily = chosen("daily", Input::Cron, "@daily").expect("the cron text is not what was chosen");
    assert_eq!(daily.schedule, Schedule::default());
}

#[test]
fn a_company_that_was_never_set_up_begins_with_a_sync_each_night() {
    let page = view("Harbor", &Opening::SetUp).into_string();
    assert!(page.contains("name=\"schedule\" value=\"daily\" checked"), "{page}");
    assert!(page.contains("id=\"settings-time-zone\" value=\"\""), "the pod fills it in: {page}");
}

#[test]
fn the_members_of_a_group_are_read_by_a_filter_that_is_built() {
    let group = r"CN=Smith\, (Sales)*,OU=Groups,DC=harbor,DC=example";
    let filter = members_of(group);
    let escaped =
        r"(memberOf:1.2.840.113556.1.4.1941:=CN=Smith\5c, \28Sales\29\2a,OU=Groups,DC=harbor,DC=example)";
    assert_eq!(filter, format!("(&{PEOPLE}{escaped})"));
    assert_eq!(group_of(&filter).as_deref(), Some(group), "the form shows the group again");
    for own in ["(mail=*)", PEOPLE, &filter.replace("1941", "1940"), &filter.replace(r"\5c", r"\zz")] {
        assert_eq!(group_of(own), None, "{own}");
    }

    let chosen = |scope: &str, text: &str| {
        let filled_in = form(|form| {
            scope.clone_into(&mut form.scope);
            "(mail=*)".clone_into(&mut form.texts[Input::Filter as usize]);
            text.clone_into(&mut form.texts[Input::Group as usize]);
        });
        filled_in.settings(Some(&stored())).map(|settings| settings.filter)
    };
    assert_eq!(chosen("group", group), Ok(Some(filter.clone())));
    assert_eq!(chosen("people", group), Ok(None));
    assert_eq!(chosen("own", group), Ok(Some("(mail=*)".to_owned())));
    assert_eq!(chosen("group", " "), Err(vec![(Input::Group, Complaint::Missing)]));
    assert_eq!(chosen("group", "Staff"), Err(vec![(Input::Group, Complaint::NotADn)]));

    for (filter, scope) in [(None, "people"), (Some(filter), "group"), (Some("(mail=*)".to_owned()), "own")] {
        let opening = Opening::Change(Box::new(Settings { filter, ..stored() }));
        let page = view("Harbor", &opening).into_string();
        assert!(page.contains(&format!("name=\"scope\" value=\"{scope}\" checked")), "{scope}: {page}");
        assert_eq!(page.contains(&format!("id=\"settings-group\" value=\"{group}\"")), scope == "group");
        assert_eq!(page.contains("id=\"settings-filter\" value=\"(mail=*)\""), scope == "own");
    }
}

#[test]
fn what_is_in_force_follows_the_companys_rules_and_those_of_all() {
    let stored = Settings {
        rules: "at most 5 deactivations\nprotect type VIP".to_owned(),
        shared_rules: "at most 9 deactivations\nat most 1 additions\nunprotected portal login".to_owned(),
        ..stored()
    };
    let page = view("Harbor", &Opening::Change(Box::new(stored))).into_string();
    for words in [
        "Deactivations in one night: at most 5<",
        "Deactivations in seven days: at most 3 or 20 % of the linked contacts",
        "Contacts created or brought back in one night: at most 1<",
        "A missing account counts after 6 hours",
        "The default contact is protected",
        "Contacts of the type VIP are protected",
        "data-action=\"rule\" data-value=\"at most 5 deactivations\"",
        "data-action=\"rule\" data-value=\"at most 3 or 20% deactivations in seven days\"",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("portal login are protected"), "{page}");
    assert!(
        in_force("no rule\nat most 7 additions").into_string().contains("at most 7<"),
        "half a line is none"
    );
}
