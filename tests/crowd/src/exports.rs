//! What a page that loads this as WASM may call. One thread, one company.

use std::{cell::RefCell, sync::Arc};

use reconcile::{Decision, Decisions, Planning, Policy, Subject, prepare};

use crate::{Crowd, crowd};

#[derive(Default)]
struct State {
    crowd: Option<Crowd>,
    planning: Option<Planning>,
}

thread_local!(static STATE: RefCell<State> = RefCell::default());

/// Makes the company.
#[expect(unsafe_code, reason = "the name is what the page calls it by")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn make(people: u32) {
    STATE.with_borrow_mut(|state| *state = State { crowd: Some(crowd(people)), planning: None });
}

/// Plans it, with its stored links or without, and answers half of the plan's digest.
#[expect(unsafe_code, reason = "the name is what the page calls it by")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn plan(linked: u32) -> u64 {
    STATE.with_borrow_mut(|state| {
        let Some(crowd) = state.crowd.clone() else { return 0 };
        let prepared = Arc::new(prepare(crowd.snapshot, crowd.contacts, &Policy::default()));
        let links = if linked == 0 { Vec::new() } else { crowd.links };
        let planning = Planning::new(prepared, &links, Decisions::new());
        let digest = planning.plan().digest();
        state.planning = Some(planning);
        half(digest)
    })
}

/// Ignores one account and plans again; half of the plan's digest.
#[expect(unsafe_code, reason = "the name is what the page calls it by")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn replan(place: u32) -> u64 {
    STATE.with_borrow_mut(|state| {
        let Some(planning) = &mut state.planning else { return 0 };
        let Some(account) = planning.prepared().accounts().get(place as usize) else { return 0 };
        let subject = Subject::Account(account.id);
        planning.decide(subject, Some(Decision::Ignore));
        half(planning.plan().digest())
    })
}

fn half(digest: u128) -> u64 {
    (digest >> 64) as u64
}
