//! A schedule by a cron text, in local time.

use std::{cmp::Ordering, iter};

use croner::{CivilDateTime, CronDateTime, Resolution, Weekday, errors::CronError, parser::CronParser};
use jiff::{SignedDuration, civil::DateTime};
use pod_view::wire::{Code, Problem};

/// How far apart two times of a schedule are at least.
const APART: SignedDuration = SignedDuration::from_mins(15);
/// The parts of a cron text, in their order.
const PARTS: [&str; 5] = ["minute", "hour", "day of the month", "month", "day of the week"];
const EXAMPLE: &str = "30 3 * * 1-5 for 03:30 from Monday to Friday";

/// A cron text that was understood.
#[derive(Clone, Debug)]
pub(super) struct Cron(croner::Cron);

impl Cron {
    /// Reads a text of five parts.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let parts: Vec<&str> = text.split_whitespace().collect();
        let refused = |what: String, advice: &str| {
            Problem::new(Code::CronWrong, format!("The cron text \"{}\" {what}.", parts.join(" ")), advice)
        };
        if parts.len() != PARTS.len() {
            return Err(refused(
                "does not have five parts".into(),
                &format!("Write minute, hour, day of the month, month and day of the week: {EXAMPLE}."),
            ));
        }
        let cron = read(&parts).ok_or_else(|| {
            let wrong = PARTS.iter().zip(&parts).enumerate().find(|(at, (_, part))| !readable(*at, part));
            let what = wrong.map_or_else(
                || "cannot be read".to_owned(),
                |(_, (name, part))| format!("cannot be read: its {name} is \"{part}\""),
            );
            refused(what, &format!("Correct that part: {EXAMPLE}."))
        })?;
        // Leap years and months of every length are in it.
        let begin = DateTime::constant(2024, 1, 1, 0, 0, 0, 0);
        let end = DateTime::constant(2025, 4, 1, 0, 0, 0, 0);
        let times: Vec<DateTime> = cron.after(begin).take_while(|time| *time < end).collect();
        if times.is_empty() && cron.after(begin).next().is_none() {
            return Err(refused(
                "never comes due".into(),
                "Choose a day that its months have, or turn the schedule off.",
            ));
        }
        if times.windows(2).any(|pair| pair[1].duration_since(pair[0]) < APART) {
            return Err(refused(
                "comes more often than every 15 minutes".into(),
                "Leave at least 15 minutes between two times, as */15 * * * * does.",
            ));
        }
        Ok(cron)
    }

    /// Its local times later than `time`, without end while there are any.
    pub(super) fn after(&self, time: DateTime) -> impl Iterator<Item = DateTime> {
        let next = |time: &Local| self.0.find_next_occurrence(time, false).ok();
        iter::successors(next(&Local(time)), move |time| next(time)).map(|Local(time)| time)
    }
}

fn read(parts: &[&str]) -> Option<Cron> {
    CronParser::new().parse(&parts.join(" ")).ok().map(Cron)
}

fn readable(at: usize, part: &str) -> bool {
    let mut parts = ["*"; PARTS.len()];
    parts[at] = part;
    read(&parts).is_some()
}

/// A local time as `croner` searches it: every one of them exists, and once. What the zone's clock
/// makes of it is decided elsewhere, the same for all schedules.
#[derive(Clone)]
struct Local(DateTime);

impl CronDateTime for Local {
    fn to_civil(&self) -> CivilDateTime {
        let (date, time) = (self.0.date(), self.0.time());
        let number = |number: i8| u32::from(number.unsigned_abs());
        CivilDateTime::from_ymd_hms_opt(
            i32::from(date.year()),
            number(date.month()),
            number(date.day()),
            number(time.hour()),
            number(time.minute()),
            number(time.second()),
        )
        .expect("both have the same calendar")
    }

    fn civil_weekday(&self) -> Weekday {
        let days = self.0.weekday().to_sunday_zero_offset();
        Weekday::from_days_from_sunday(u32::from(days.unsigned_abs()))
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let number = |number: u32| i8::try_from(number).map_err(|_| CronError::InvalidDate);
        let year = i16::try_from(civil.year()).map_err(|_| CronError::InvalidDate)?;
        let (month, day) = (number(civil.month())?, number(civil.day())?);
        let (hour, minute, second) =
            (number(civil.hour())?, number(civil.minute())?, number(civil.second())?);
        DateTime::new(year, month, day, hour, minute, second, 0)
            .map(|time| Resolution::Single(Self(time)))
            .map_err(|_| CronError::InvalidDate)
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        self.0.checked_add(SignedDuration::from_secs(seconds)).ok().map(Self)
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
