//! When a company is due: the times at which it is synced by itself.
//!
//! Nothing here reads a clock. Whoever starts runs asks for the next slot after an instant, so a
//! clock that is put back, a service that was down and a schedule that was just changed are all the
//! same case.

mod cron;
mod zone;

#[cfg(test)]
mod tests;

use jiff::{
    Timestamp, ToSpan,
    civil::{DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use pod_view::wire::{self, Code, Problem};
use sha2::{Digest, Sha256};

use self::cron::Cron;
use crate::store::CompanyKey;

/// When the night begins in which companies are synced daily.
const NIGHT: Time = Time::constant(1, 0, 0, 0);
/// How long after it the last of them is due, in seconds.
const NIGHT_LASTS: i64 = 4 * 3_600;
/// How long after the time of its schedule a company may be due, in seconds.
const SOON: i64 = 10 * 60;
/// How long after the time of its cron text, in seconds.
const AT_ONCE: i64 = 60;
const DAY: i64 = 86_400;

/// A schedule that can be followed.
#[derive(Clone, Debug)]
pub struct Schedule {
    when: When,
    zone: TimeZone,
}

#[derive(Clone, Debug)]
enum When {
    Off,
    /// Each day at the time, and up to so many seconds later.
    Daily(Time, i64),
    Cron(Box<Cron>),
}

impl Schedule {
    /// Reads a schedule from the settings; refuses one that has no next time, that comes more often
    /// than every 15 minutes, or whose time zone nobody knows.
    pub fn parse(settings: &wire::Schedule) -> Result<Self, Problem> {
        let when = match &settings.when {
            wire::When::Off => When::Off,
            wire::When::Daily => When::Daily(NIGHT, NIGHT_LASTS),
            wire::When::DailyAt { hour, minute } => {
                let (time, seconds) = time_of(*hour, *minute).ok_or_else(|| {
                    Problem::new(
                        Code::TimeWrong,
                        format!("{hour}:{minute:02} is no time of day."),
                        "Give a time from 00:00 to 23:59.",
                    )
                })?;
                // What is due on a day stays in that day.
                When::Daily(time, SOON.min(DAY - seconds))
            }
            wire::When::Cron(text) => When::Cron(Box::new(Cron::parse(text)?)),
        };
        Ok(Self { when, zone: zone::named(&settings.time_zone)? })
    }

    /// When the company is due next: the first of its slots that is later than `after`. Both are
    /// seconds since 1970. `None` when it is not synced by itself.
    ///
    /// Each company has a place of its own within the time that its schedule leaves open, so that
    /// those with the same schedule do not start together; it follows from the company's key alone.
    /// A company that got another schedule, or that missed slots while the service was down, has
    /// exactly one next slot after now: nothing is made up for.
    ///
    /// A day on which the clock is put forward or back has its slot like any other. A time that
    /// the clock leaves out comes as much later as it was put forward, by a cron text at the
    /// first moment that follows; a time that it repeats counts the first time.
    #[must_use]
    pub fn next_slot(&self, company: &CompanyKey, after: i64) -> Option<i64> {
        match &self.when {
            When::Off => None,
            When::Daily(time, spread) => {
                let time = time.checked_add(place_in(company, *spread).seconds()).ok()?;
                // Where the clock leaves out the last hour of a day, that day's slot is in the next.
                let days = self.local(after)?.date().yesterday().ok()?.series(1.day());
                days.take(4).filter_map(|day| self.daily(day.to_datetime(time))).find(|slot| *slot > after)
            }
            When::Cron(cron) => {
                let place = place_in(company, AT_ONCE);
                let after = after.checked_sub(place)?;
                // Of a repeated hour, times may lie ahead on the clock's face that have been.
                let times = cron.after(self.local(after)?);
                let time = times.filter_map(|time| self.first_moment(time)).find(|moment| *moment > after)?;
                time.checked_add(place)
            }
        }
    }

    fn local(&self, seconds: i64) -> Option<DateTime> {
        Some(self.zone.to_datetime(Timestamp::from_second(seconds).ok()?))
    }

    /// A local time as an instant; one that is left out as much later as the clock was put forward.
    fn daily(&self, time: DateTime) -> Option<i64> {
        Some(self.zone.to_ambiguous_timestamp(time).compatible().ok()?.as_second())
    }

    /// The first instant at which it is at least that late. Unlike [`Self::daily`] it never changes
    /// the order of two times, and times that are left out together are one.
    fn first_moment(&self, time: DateTime) -> Option<i64> {
        let found = self.zone.to_ambiguous_timestamp(time);
        let moment = found.compatible().ok()?;
        if !matches!(found.offset(), AmbiguousOffset::Gap { .. }) {
            return Some(moment.as_second());
        }
        let put_forward = self.zone.preceding(moment.checked_add(1.second()).ok()?).next()?;
        Some(put_forward.timestamp().as_second())
    }
}

fn time_of(hour: u8, minute: u8) -> Option<(Time, i64)> {
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
    Some((time, i64::from(hour) * 3_600 + i64::from(minute) * 60))
}

/// A company's place among `seconds`, always the same.
fn place_in(company: &CompanyKey, seconds: i64) -> i64 {
    let digest = Sha256::new()
        .chain_update(company.installation.as_bytes())
        .chain_update(company.company.to_be_bytes())
        .finalize();
    // 32 bits are enough: the longest time to spread over has fewer than 2^14 seconds.
    let hash = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    i64::from(hash) % seconds
}
