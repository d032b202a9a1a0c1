//! The pod's state, and the way from screen to screen.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use pod_view::{
    review::Ticks,
    screens,
    settings::Opening,
    text,
    wire::{Opened, Problem, Rights, Session, Settings, Status},
};
use reconcile::{Decision, Subject};
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use crate::{
    dom,
    host::{self, Place},
    net::Failure,
    review::ReviewScreen,
    runs::RunScreen,
    visit::Visit,
    who::WhoScreen,
};

/// A handle on the pod; clones are the same pod.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pod(Rc<RefCell<Inner>>);

/// Everything that the pod holds of a company. Dropped whole when the record changes.
#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) visit: Option<Rc<Visit>>,
    pub(crate) session: Option<Session>,
    pub(crate) screen: Screen,
    /// What "Try again" does.
    pub(crate) retry: Retry,
    /// A read that can be cancelled.
    pub(crate) reading: Option<AbortController>,
    /// The login that the directory refused when something was looked for.
    pub(crate) refused: Option<Box<Settings>>,
    /// Decisions that the service does not have yet.
    pub(crate) unsaved: BTreeMap<Subject, Option<Decision>>,
    /// What was ticked and unticked in the reviews before, for the next one.
    pub(crate) ticks: Ticks,
    /// Whether single keys are heard as such only, and mean nothing.
    pub(crate) deaf_to_keys: bool,
    /// Decisions on their way to the service.
    pub(crate) saving: Option<js_sys::Promise>,
}

/// What stands on the screen, where it holds more than it shows.
#[derive(Debug, Default)]
pub(crate) enum Screen {
    #[default]
    Plain,
    Review(Box<ReviewScreen>),
    Run(Box<RunScreen>),
    Settings(Opening),
    Who(Box<WhoScreen>),
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Retry {
    #[default]
    Start,
    Sync,
    Settings,
    Runs,
}

impl Inner {
    /// Goes on to another screen. What was ticked and unticked in a review outlives it.
    pub(crate) fn turn_to(&mut self, screen: Screen) {
        self.refused = None;
        if let Screen::Review(left) = std::mem::replace(&mut self.screen, screen) {
            self.ticks = left.review.into_ticks();
        }
    }

    pub(crate) const fn is_plain(&self) -> bool {
        matches!(self.screen, Screen::Plain)
    }
}

impl Pod {
    /// Works on the state. Events that arrive while it is worked on (a browser tells of a lost
    /// focus in the middle of a change) find it busy and are dropped.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        self.0.try_borrow_mut().ok().map(|mut inner| work(&mut inner))
    }

    /// Goes on from the first look, which the service answered with `opened` at this time of the
    /// browser's clock: what it shows stays.
    pub(crate) fn take_over(&self, place: Place, opened: Opened, at: f64) {
        let Opened { session, status, .. } = opened;
        let rights = session.rights;
        self.with(|inner| {
            inner.visit = Some(Rc::new(Visit::begun(place, &session, at)));
            inner.session = Some(session.clone());
        });
        match place {
            Place::Company(_) => self.go_on(rights, status),
            Place::Record(record) => self.hold_who(record, &session),
        }
    }

    /// A record came onto the PSA's screen: everything of the one before goes.
    pub(crate) fn open(&self, place: Option<Place>) {
        self.with(|inner| {
            if let Some(visit) = inner.visit.take() {
                visit.end();
            }
            if let Some(reading) = &inner.reading {
                reading.abort();
            }
            *inner = Inner { visit: place.map(|place| Rc::new(Visit::new(place))), ..Inner::default() };
        });
        host::set_dirty(false);
        dom::clear();
        if place.is_some() {
            self.start();
        }
    }

    /// Asks who the member is and where the company stands.
    pub(crate) fn start(&self) {
        dom::say_nothing();
        dom::show("loading", screens::waiting(text::SIGNING_IN));
        self.run(Retry::Start, |pod, visit| async move {
            let Opened { session, status, .. } = visit.open().await?;
            pod.with(|inner| inner.session = Some(session));
            pod.stand(status)
        });
    }

    /// Back to where the company stands.
    pub(crate) fn back(&self) {
        self.cancel_reading();
        dom::say_nothing();
        dom::show("loading", screens::waiting(text::LOADING));
        self.run(Retry::Start, |pod, visit| async move { pod.to_status(&visit).await });
    }

    pub(crate) async fn to_status(&self, visit: &Visit) -> Result<(), Failure> {
        let status = visit.get("status").await?;
        self.stand(status)
    }

    fn stand(&self, status: Status) -> Result<(), Failure> {
        let session = self.session().ok_or(Failure::Stale)?;
        if let Some(record) = self.with(|inner| inner.visit.as_ref()?.record()).flatten() {
            self.ask_who(record, &session, &status);
            return Ok(());
        }
        self.with(|inner| inner.turn_to(Screen::Plain));
        dom::show(screens::status_state(&status), screens::status(&session, &status));
        self.go_on(session.rights, status);
        Ok(())
    }

    /// What follows a status by itself.
    fn go_on(&self, rights: Rights, status: Status) {
        if screens::starts_with_settings(rights, &status) {
            self.show_settings(Opening::SetUp);
        } else if let Some(run) = status.run.filter(|run| run.state.is_live()) {
            self.watch(run);
        }
    }

    /// Runs a task of the present visit; a failure becomes the screen that says so.
    pub(crate) fn run<Task>(&self, retry: Retry, task: impl FnOnce(Self, Rc<Visit>) -> Task + 'static)
    where
        Task: Future<Output = Result<(), Failure>>,
    {
        let Some(Some(visit)) = self.with(|inner| {
            inner.retry = retry;
            inner.visit.clone()
        }) else {
            return;
        };
        let pod = self.clone();
        spawn_local(async move {
            if let Err(failure) = task(pod.clone(), Rc::clone(&visit)).await {
                pod.fail(&visit, failure);
            }
        });
    }

    fn fail(&self, visit: &Visit, failure: Failure) {
        const FORBIDDEN: u16 = 403;
        if visit.check().is_err() {
            return;
        }
        let forbidden = matches!(failure, Failure::Refused { status: FORBIDDEN, .. });
        let Some(problem) = failure.problem() else { return };
        self.with(|inner| inner.turn_to(Screen::Plain));
        if forbidden {
            dom::show("no-permission", screens::no_permission(&problem));
        } else {
            self.show_problem(&problem);
        }
    }

    pub(crate) fn show_problem(&self, problem: &Problem) {
        let session = self.session();
        dom::show("error", screens::problem(session.as_ref(), problem));
    }

    pub(crate) fn retry(&self) {
        match self.with(|inner| inner.retry).unwrap_or_default() {
            Retry::Start => self.start(),
            Retry::Sync => self.sync(),
            Retry::Settings => self.open_settings(),
            Retry::Runs => self.show_runs(),
        }
    }

    pub(crate) fn session(&self) -> Option<Session> {
        self.with(|inner| inner.session.clone()).flatten()
    }

    /// The company's name, as the PSA told the service.
    pub(crate) fn company(&self) -> String {
        self.session().map(|session| session.company).unwrap_or_default()
    }

    pub(crate) fn may_decide(&self) -> bool {
        self.session().is_some_and(|session| session.rights.apply)
    }
}
