use std::collections::HashMap;

use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};
use pod_view::wire::{self, When};

use super::Schedule;
use crate::store::CompanyKey;

const BRUSSELS: &str = "Europe/Brussels";
const NEW_YORK: &str = "America/New_York";
/// Its clock is put forward by half an hour.
const LORD_HOWE: &str = "Australia/Lord_Howe";
const ZONES: [&str; 3] = [BRUSSELS, NEW_YORK, LORD_HOWE];

const HOUR: i64 = 3_600;

fn settings(when: When, zone: &str) -> wire::Schedule {
    wire::Schedule { when, time_zone: zone.to_owned() }
}

fn schedule(when: When, zone: &str) -> Schedule {
    Schedule::parse(&settings(when, zone)).expect("it can be followed")
}

fn cron(text: &str) -> When {
    When::Cron(text.to_owned())
}

fn company(company: i64) -> CompanyKey {
    CompanyKey { installation: "8f14e45fceea167a5a36dedd4bea2543".to_owned(), company }
}

fn seconds(zone: &str, local: &str) -> i64 {
    format!("{local}[{zone}]").parse::<jiff::ZonedDateTime>().expect("it is a time").timestamp().as_second()
}

fn local(zone: &str, slot: i64) -> jiff::civil::DateTime {
    TimeZone::get(zone).expect("it is known").to_datetime(Timestamp::from_second(slot).expect("it is near"))
}

/// The slots from the first to the last moment of those years.
fn slots(schedule: &Schedule, company: &CompanyKey, zone: &str, years: std::ops::Range<i16>) -> Vec<i64> {
    let at = |year| seconds(zone, &format!("{year}-01-01T00:00:00"));
    let end = at(years.end);
    let next = |after: &i64| schedule.next_slot(company, *after);
    std::iter::successors(next(&(at(years.start) - 1)), next).take_while(|slot| *slot < end).collect()
}

fn refusal(when: When, zone: &str) -> (String, String) {
    let problem = Schedule::parse(&settings(when, zone)).expect_err("it is refused");
    (problem.code, format!("{} {}", problem.message, problem.advice))
}

#[test]
fn c11_a_daily_schedule_has_one_slot_on_each_day_whatever_the_clock_does() {
    let days: Vec<Date> =
        date(2024, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() < 2033).collect();
    let at = |hour, minute| When::DailyAt { hour, minute };
    // Before, in and after what clocks leave out and repeat, and at both ends of the day.
    let whens =
        [When::Daily, at(0, 0), at(1, 55), at(2, 0), at(2, 30), at(2, 55), at(3, 0), at(12, 0), at(23, 59)];
    for zone in ZONES {
        for when in &whens {
            let schedule = schedule(when.clone(), zone);
            for company in [1, 2, 250, 19_297].map(company) {
                let slots = slots(&schedule, &company, zone, 2024..2033);
                let on: Vec<Date> = slots.iter().map(|slot| local(zone, *slot).date()).collect();
                assert_eq!(on, days, "{zone} {when}");
                for pair in slots.windows(2) {
                    let apart = pair[1] - pair[0];
                    assert!((20 * HOUR..=28 * HOUR).contains(&apart), "{zone} {when} {pair:?}");
                }
            }
        }
    }
}

#[test]
fn the_next_slot_is_the_same_from_every_moment_before_it() {
    for (zone, day) in [(BRUSSELS, "2026-03-29"), (BRUSSELS, "2026-10-25"), (LORD_HOWE, "2026-04-05")] {
        for when in [When::Daily, When::DailyAt { hour: 2, minute: 15 }, cron("*/20 1-3 * * *")] {
            let schedule = schedule(when.clone(), zone);
            let begin = seconds(zone, &format!("{day}T00:00:00"));
            let mut expected = schedule.next_slot(&company(7), begin);
            for after in begin..begin + 6 * HOUR {
                if expected.is_some_and(|slot| slot <= after) {
                    expected = schedule.next_slot(&company(7), after);
                }
                let next = schedule.next_slot(&company(7), after);
                assert!(next.is_some_and(|slot| slot > after));
                assert_eq!(next, expected, "{zone} {when} {after}");
            }
        }
    }
}

#[test]
fn a_night_is_from_one_to_five_o_clock_on_every_day() {
    for zone in ZONES {
        let schedule = schedule(When::Daily, zone);
        for company in (0..40).map(company) {
            for slot in slots(&schedule, &company, zone, 2026..2027) {
                assert!((1..5).contains(&local(zone, slot).hour()), "{zone} {}", local(zone, slot));
            }
        }
    }
}

#[test]
fn a_time_of_day_is_kept_to_within_ten_minutes() {
    let schedule = schedule(When::DailyAt { hour: 14, minute: 30 }, NEW_YORK);
    for company in (0..100).map(company) {
        for slot in slots(&schedule, &company, NEW_YORK, 2026..2027) {
            let at = local(NEW_YORK, slot);
            assert!(at.hour() == 14 && (30..40).contains(&at.minute()), "{at}");
        }
    }
}

#[test]
fn a_thousand_companies_do_not_start_together() {
    let after = seconds(BRUSSELS, "2026-06-01T00:00:00");
    // Not more in a second than chance makes of it.
    for (when, width, most) in [
        (When::Daily, 4 * HOUR, 4),
        (When::DailyAt { hour: 3, minute: 30 }, 600, 10),
        (cron("30 3 * * *"), 60, 40),
    ] {
        let schedule = schedule(when.clone(), BRUSSELS);
        let slots: Vec<i64> =
            (1..=1_000).map(|id| schedule.next_slot(&company(id), after).expect("it is on")).collect();
        let mut seconds: HashMap<i64, usize> = HashMap::new();
        for slot in &slots {
            *seconds.entry(*slot).or_default() += 1;
        }
        let together = seconds.values().max().expect("there are slots");
        assert!(*together <= most, "{when}: {together}");
        let (first, last) = (slots.iter().min().expect("some"), slots.iter().max().expect("some"));
        assert!(last - first < width, "{when}");
        assert!(last - first > width * 9 / 10, "{when}: all of the time is used");
    }
}

#[test]
fn a_place_depends_on_the_installation_and_on_the_company() {
    let schedule = schedule(When::Daily, BRUSSELS);
    let other = CompanyKey { installation: "other".to_owned(), company: 7 };
    let slot = |key: &CompanyKey| schedule.next_slot(key, 1_800_000_000);
    assert_eq!(slot(&company(7)), slot(&company(7)));
    assert_ne!(slot(&company(7)), slot(&company(8)));
    assert_ne!(slot(&company(7)), slot(&other));
}

#[test]
fn c11_a_time_that_the_clock_leaves_out_comes_once_at_the_first_moment_after() {
    for text in ["30 2 * * *", "*/15 2 * * *"] {
        let schedule = schedule(cron(text), BRUSSELS);
        let before = seconds(BRUSSELS, "2026-03-29T01:58:00");
        let slot = schedule.next_slot(&company(7), before).expect("it is on");
        let after = slot - seconds(BRUSSELS, "2026-03-29T03:00:00");
        assert!((0..60).contains(&after), "{text} {after}");
        let next = schedule.next_slot(&company(7), slot).expect("it is on");
        assert_eq!(local(BRUSSELS, next).date(), date(2026, 3, 30), "{text}");
    }
}

#[test]
fn c11_times_of_a_day_keep_their_order_when_the_clock_moves() {
    let put_forward = ["01:00+01", "01:40+01", "03:00+02", "03:40+02"];
    // 02:00 and 02:40 come again an hour later, and that does not count.
    let put_back = ["01:00+02", "01:40+02", "02:00+02", "02:40+02", "03:00+01", "03:40+01"];
    for (day, expected) in [(date(2026, 3, 29), &put_forward[..]), (date(2026, 10, 25), &put_back)] {
        let expected: Vec<i64> =
            expected.iter().map(|time| seconds(BRUSSELS, &format!("{day}T{time}"))).collect();
        for company in [1, 7, 19_297].map(company) {
            let schedule = schedule(cron("0,40 1-3 * * *"), BRUSSELS);
            let slots = slots(&schedule, &company, BRUSSELS, 2026..2027);
            let on = slots.iter().filter(|slot| local(BRUSSELS, **slot).date() == day);
            // Each company comes in the minute after.
            let minutes: Vec<i64> = on.map(|slot| slot - slot.rem_euclid(60)).collect();
            assert_eq!(minutes, expected);
        }
    }
}

#[test]
fn a_cron_text_never_goes_back_and_never_stops() {
    for zone in ZONES {
        for (text, years) in [
            ("*/15 * * * *", 2026..2027),
            ("0,30 1-4 * * *", 2026..2028),
            ("45 23 * * *", 2024..2033),
            ("0 0 29 2 *", 2024..2033),
            ("15 3 L * *", 2024..2033),
        ] {
            let schedule = schedule(cron(text), zone);
            let slots = slots(&schedule, &company(7), zone, years);
            assert!(slots.windows(2).all(|pair| pair[0] < pair[1]), "{zone} {text}");
            assert!(slots.len() >= 3, "{zone} {text}");
        }
    }
}

#[test]
fn a_working_day_is_a_local_day() {
    let schedule = schedule(cron("30 23 * * mon-fri"), NEW_YORK);
    let slots = slots(&schedule, &company(7), NEW_YORK, 2026..2027);
    assert_eq!(slots.len(), 261);
    for slot in slots {
        let at = local(NEW_YORK, slot);
        assert!(at.weekday().to_monday_one_offset() <= 5 && (at.hour(), at.minute()) == (23, 30), "{at}");
    }
}

#[test]
fn c12_missed_slots_are_not_made_up_for() {
    let schedule = schedule(When::DailyAt { hour: 3, minute: 30 }, BRUSSELS);
    let stopped = seconds(BRUSSELS, "2026-06-01T12:00:00");
    let slot = schedule.next_slot(&company(7), stopped + 30 * 24 * HOUR).expect("it is on");
    assert_eq!(local(BRUSSELS, slot).date(), date(2026, 7, 2));
    // A clock that is put back only finds what lies ahead of it.
    assert!(schedule.next_slot(&company(7), stopped).is_some_and(|slot| slot > stopped));
}

#[test]
fn what_is_off_is_never_due() {
    assert_eq!(schedule(When::Off, BRUSSELS).next_slot(&company(7), 0), None);
    assert_eq!(schedule(When::Daily, BRUSSELS).next_slot(&company(7), i64::MAX), None);
    assert_eq!(schedule(cron("0 3 * * *"), BRUSSELS).next_slot(&company(7), i64::MIN), None);
}

#[test]
fn a_time_zone_that_was_not_chosen_is_utc() {
    let slot = schedule(When::DailyAt { hour: 6, minute: 0 }, " ").next_slot(&company(7), 0);
    assert!(slot.is_some_and(|slot| (6 * HOUR..6 * HOUR + 600).contains(&slot)), "{slot:?}");
}

#[test]
fn c13_an_unknown_time_zone_is_refused_with_a_near_one() {
    for (name, said) in [
        ("Europe/Brusels", "Did you mean Europe/Brussels?"),
        ("brussels", "Did you mean Europe/Brussels?"),
        ("America/New York ", "Did you mean America/New_York?"),
        ("Romance Standard Time", "such as Europe/Brussels."),
        ("Etc/Unknown", "such as Europe/Brussels."),
        ("../../etc/passwd", "such as Europe/Brussels."),
    ] {
        let (code, words) = refusal(When::Off, name);
        assert_eq!(code, "time_zone_unknown");
        assert!(words.contains(&format!("\"{}\"", name.trim())) && words.ends_with(said), "{words}");
    }
    schedule(When::Daily, "europe/brussels");
}

#[test]
fn c13_a_schedule_that_cannot_be_followed_is_refused_in_words() {
    for (text, said) in [
        ("", "does not have five parts"),
        ("@daily", "does not have five parts"),
        ("0 30 3 * * *", "does not have five parts"),
        ("30 25 * * *", "its hour is \"25\""),
        ("x 3 * * *", "its minute is \"x\""),
        ("30 3 * * 1-9", "its day of the week is \"1-9\""),
        ("30 3 30 2 *", "never comes due"),
        ("* * * * *", "more often than every 15 minutes"),
        ("*/14 * * * *", "more often than every 15 minutes"),
        ("0,50 0,23 * * *", "more often than every 15 minutes"),
    ] {
        let (code, words) = refusal(cron(text), BRUSSELS);
        assert_eq!(code, "cron_wrong", "{text}");
        assert!(words.contains(said), "{words}");
    }
    // Late in the evening and early in the morning, but of no two days in a row.
    schedule(cron("0,50 0,23 * * mon"), BRUSSELS);
    let (code, words) = refusal(When::DailyAt { hour: 24, minute: 0 }, BRUSSELS);
    assert_eq!((code.as_str(), words.contains("24:00")), ("time_wrong", true));
}
