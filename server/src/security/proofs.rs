//! What is remembered of members' proofs: that the PSA confirmed or refused one a moment ago, by a
//! keyed digest of it that means nothing outside this process.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use hmac::{Hmac, KeyInit, Mac};
use pod_view::wire::Proof;
use sha2::Sha256;

use super::keys::random;
use crate::psa::Member;

/// How long a confirmation is good for, in seconds: a member who lost a right is noticed then.
const CONFIRMED_SECONDS: i64 = 300;
/// How long a refused proof is refused without asking again.
const REFUSED_SECONDS: i64 = 60;
/// How long a member whose proof was good is not locked out by other proofs in their name that are
/// not: a working day.
const FAMILIAR_SECONDS: i64 = 12 * 3600;
const MOST_FAILURES: usize = 10;
const WINDOW_SECONDS: i64 = 15 * 60;
/// Of all members of an installation together: another name each time helps nobody.
const MOST_FAILURES_OF_ALL: usize = 30;
const WINDOW_OF_ALL_SECONDS: i64 = 60;
/// Entries that are remembered at most; above that those go whose time is over, then all.
const MOST_ENTRIES: usize = 10_000;

/// A proof, beyond recognition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

/// What to do with a proof.
#[derive(Debug)]
pub enum Verdict {
    /// The PSA confirmed it a moment ago: whose it is.
    Confirmed(Member),
    /// The PSA refused it a moment ago.
    Refused,
    /// Too many were refused lately; the PSA is not asked.
    TooMany,
    /// Ask the PSA.
    Ask,
}

/// The memory of one process; replicas have theirs.
#[derive(Debug)]
pub struct Proofs {
    key: [u8; 32],
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    good: HashMap<Digest, (Member, i64)>,
    bad: HashMap<Digest, i64>,
    failures: HashMap<String, Vec<i64>>,
}

impl Memory {
    fn failed_lately(&self, who: &str, window: i64, now: i64) -> usize {
        self.failures.get(who).map_or(0, |times| times.iter().filter(|at| now - **at < window).count())
    }

    fn count_failure(&mut self, who: String, now: i64) {
        make_room(&mut self.failures, |times| times.iter().any(|at| now - at < WINDOW_SECONDS));
        let times = self.failures.entry(who).or_default();
        times.retain(|at| now - at < WINDOW_SECONDS);
        times.push(now);
    }
}

fn make_room<K: Eq + std::hash::Hash, V>(entries: &mut HashMap<K, V>, lives: impl Fn(&V) -> bool) {
    if entries.len() >= MOST_ENTRIES {
        entries.retain(|_, value| lives(value));
        if entries.len() >= MOST_ENTRIES {
            entries.clear();
        }
    }
}

impl Default for Proofs {
    fn default() -> Self {
        Self { key: random(), memory: Mutex::default() }
    }
}

impl Proofs {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("nobody panics holding it")
    }

    /// What a proof, shown to an installation, is remembered by.
    #[must_use]
    pub fn digest(&self, installation: &str, proof: &Proof) -> Digest {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length will do");
        for part in [installation, &proof.member.to_lowercase(), &proof.hash, &proof.context] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        Digest(mac.finalize().into_bytes().into())
    }

    /// What to do with a proof of `member`, at `now` (seconds since 1970).
    #[must_use]
    pub fn verdict(&self, digest: &Digest, installation: &str, member: &str, now: i64) -> Verdict {
        let memory = self.memory();
        match memory.good.get(digest) {
            Some((member, at)) if now - at < CONFIRMED_SECONDS => return Verdict::Confirmed(member.clone()),
            // Somebody who tries proofs in this member's name does not lock the member out.
            Some((_, at)) if now - at < FAMILIAR_SECONDS => return Verdict::Ask,
            _ => {}
        }
        if memory.bad.get(digest).is_some_and(|at| now - at < REFUSED_SECONDS) {
            return Verdict::Refused;
        }
        let too_many = memory.failed_lately(&name(installation, member), WINDOW_SECONDS, now)
            >= MOST_FAILURES
            || memory.failed_lately(installation, WINDOW_OF_ALL_SECONDS, now) >= MOST_FAILURES_OF_ALL;
        if too_many { Verdict::TooMany } else { Verdict::Ask }
    }

    /// The PSA confirmed the proof.
    pub fn confirmed(&self, digest: &Digest, member: &Member, now: i64) {
        let mut memory = self.memory();
        memory.bad.remove(digest);
        make_room(&mut memory.good, |(_, at)| now - at < FAMILIAR_SECONDS);
        memory.good.insert(digest.clone(), (member.clone(), now));
    }

    /// The PSA refused the proof.
    pub fn refused(&self, digest: &Digest, installation: &str, member: &str, now: i64) {
        let mut memory = self.memory();
        memory.good.remove(digest);
        make_room(&mut memory.bad, |at| now - at < REFUSED_SECONDS);
        memory.bad.insert(digest.clone(), now);
        memory.count_failure(name(installation, member), now);
        memory.count_failure(installation.to_owned(), now);
    }

    /// The PSA no longer accepts the proof: it is asked again next time.
    pub fn forget(&self, digest: &Digest) {
        self.memory().good.remove(digest);
    }
}

fn name(installation: &str, member: &str) -> String {
    format!("{installation}/{}", member.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::psa::Permissions;

    fn proof(member: &str, hash: &str) -> Proof {
        Proof {
            login_company: "training".into(),
            member: member.into(),
            hash: hash.into(),
            context: "web".into(),
        }
    }

    fn member() -> Member {
        Member {
            id: 1,
            identifier: "Dispatch1".into(),
            name: "Dana".into(),
            permissions: Permissions::default(),
        }
    }

    #[test]
    fn who_guesses_is_stopped_and_the_member_is_not() {
        let proofs = Proofs::default();
        let own = proofs.digest("one", &proof("Dispatch1", "good-hash"));
        proofs.confirmed(&own, &member(), 0);
        for guess in 0..10 {
            let digest = proofs.digest("one", &proof("dispatch1", &format!("guess-{guess}")));
            assert!(matches!(proofs.verdict(&digest, "one", "dispatch1", 400), Verdict::Ask));
            proofs.refused(&digest, "one", "dispatch1", 400);
            assert!(matches!(proofs.verdict(&digest, "one", "dispatch1", 401), Verdict::Refused));
        }
        let next = proofs.digest("one", &proof("Dispatch1", "guess-11"));
        assert!(matches!(proofs.verdict(&next, "one", "Dispatch1", 401), Verdict::TooMany));
        assert!(matches!(proofs.verdict(&own, "one", "Dispatch1", 401), Verdict::Ask));
        // Of another installation nothing is known, and after the window all is forgiven.
        assert!(matches!(proofs.verdict(&next, "two", "Dispatch1", 401), Verdict::Ask));
        assert!(matches!(proofs.verdict(&next, "one", "Dispatch1", 400 + WINDOW_SECONDS), Verdict::Ask));
    }

    #[test]
    fn a_confirmation_is_good_for_five_minutes_and_one_proof() {
        let proofs = Proofs::default();
        let digest = proofs.digest("one", &proof("Dispatch1", "hash"));
        proofs.confirmed(&digest, &member(), 0);
        let verdict = |digest, now| proofs.verdict(digest, "one", "Dispatch1", now);
        assert!(matches!(verdict(&digest, 299), Verdict::Confirmed(_)));
        assert!(matches!(verdict(&digest, 300), Verdict::Ask));
        let others = [
            proofs.digest("two", &proof("Dispatch1", "hash")),
            proofs.digest("one", &proof("Dispatch", "1hash")),
            proofs.digest("one", &proof("Dispatch2", "hash")),
            Proofs::default().digest("one", &proof("Dispatch1", "hash")),
        ];
        assert!(others.iter().all(|other| matches!(verdict(other, 1), Verdict::Ask)));
        proofs.forget(&digest);
        assert!(matches!(verdict(&digest, 1), Verdict::Ask));
    }
}
