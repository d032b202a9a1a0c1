//! What was done: the list of runs, one of them, taking it back; and a run that goes on somewhere.

use std::rc::Rc;

use maud::html;
use pod_view::{
    problem, runs, screens,
    text::{self, Local},
    wire::{ApplyLine, Counts, Run, RunDetails, RunProgress, RunState, Story, UndoRequest},
};
use reconcile::RowKey;
use web_sys::Element;

use crate::{
    apply::follow,
    dom,
    net::Failure,
    pod::{Inner, Pod, Retry, Screen},
    visit::Visit,
};

/// A run on the screen, and which of its rows are about to be taken back.
#[derive(Debug)]
pub(crate) struct RunScreen {
    details: RunDetails,
    asked: Vec<usize>,
}

impl Inner {
    fn run_screen(&mut self) -> Option<&mut RunScreen> {
        match &mut self.screen {
            Screen::Run(screen) => Some(screen),
            _ => None,
        }
    }
}

impl Pod {
    /// Tells in `place` what was done to one person.
    pub(crate) fn tell_story(&self, key: RowKey, place: Element) {
        self.run(Retry::Sync, move |_, visit| async move {
            let told = async {
                let signal = visit.signal();
                visit.stream_of("story", &key, signal).await?.next::<Story>().await
            };
            match told.await {
                Ok(Some(story)) => place.set_inner_html(&runs::story(&story).into_string()),
                Ok(None) | Err(Failure::Stale) => {}
                // The review stands, whatever became of this.
                Err(failure) => {
                    if let Some(problem) = failure.problem() {
                        dom::say(html! { span { (problem::line(&problem)) } });
                    }
                }
            }
            Ok(())
        });
    }

    /// The last runs of the company.
    pub(crate) fn show_runs(&self) {
        wait_for_runs();
        self.run(Retry::Runs, |pod, visit| async move {
            let list: Vec<Run> = visit.get("runs").await?;
            pod.with(|inner| inner.turn_to(Screen::Plain));
            dom::show("runs", runs::list(&pod.company(), &list));
            Ok(())
        });
    }

    /// One run, with what of it can be taken back.
    pub(crate) fn show_run(&self, id: String) {
        wait_for_runs();
        self.run(Retry::Runs, |pod, visit| async move {
            let details: RunDetails = visit.get(&format!("runs/{id}")).await?;
            dom::show("run", runs::details(&pod.company(), &details, pod.may_decide()));
            pod.with(|inner| inner.turn_to(Screen::Run(Box::new(RunScreen { details, asked: Vec::new() }))));
            Ok(())
        });
    }

    /// Asks once more before rows are taken back: one, or all.
    pub(crate) fn ask_to_undo(&self, row: Option<usize>) {
        let rows = self.with(|inner| {
            let screen = inner.run_screen()?;
            screen.asked = match row {
                Some(row) => vec![row],
                None => (0..screen.details.rows.len()).collect(),
            };
            Some(screen.asked.len())
        });
        if let Some(Some(rows)) = rows {
            dom::say(runs::confirm(rows, &self.company()));
            if let Some(button) = dom::find("#undo-confirmed") {
                dom::focus(&button);
            }
        }
    }

    /// Takes back what was asked for.
    pub(crate) fn undo_asked(&self) {
        let request = self.with(|inner| {
            let RunScreen { details, asked } = inner.run_screen()?;
            let mut rows: Vec<_> =
                asked.drain(..).filter_map(|at| details.rows.get(at)).map(|row| row.approved).collect();
            rows.sort();
            let names: Vec<_> = details.rows.iter().map(|row| (row.approved.key, row.name.clone())).collect();
            (!rows.is_empty()).then(|| (UndoRequest { run: details.run.id.clone(), rows }, names))
        });
        let Some(Some((request, names))) = request else { return };
        dom::say_nothing();
        dom::show("applying", screens::applying(&self.company(), text::UNDOING));
        self.run(Retry::Runs, |pod, visit| async move {
            let body = serde_json::to_string(&request).map_err(|_| Failure::local(Local::Unclear))?;
            let path = format!("runs/{}/undo", request.run);
            let mut lines = visit.write(&path, &body, request.digest()).await?;
            let (outcomes, counts, cut) = follow(&mut lines, &visit, || ()).await?;
            let rows: Vec<_> = outcomes
                .iter()
                .filter_map(|row| {
                    let (outcome, words) = text::outcome(&row.outcome)?;
                    let (_, name) = names.iter().find(|(key, _)| *key == row.key)?;
                    Some((text::name_or_gone(name).to_owned(), outcome, words))
                })
                .collect();
            pod.with(|inner| inner.turn_to(Screen::Plain));
            dom::show("result", screens::result(&pod.company(), &counts, &rows, 0, cut.as_ref()));
            Ok(())
        });
    }

    /// Shows how a run goes on that somebody else began, for as long as the status is on the screen.
    pub(crate) fn watch(&self, run: Run) {
        self.run(Retry::Start, |pod, visit| async move {
            let watched = watch(&visit, run).await;
            visit.check()?;
            let here = dom::find("#run").is_some() && pod.with(|inner| inner.is_plain()) == Some(true);
            // What it came to is read anew; a stream that broke is no problem of the person's.
            if here && watched.is_ok() { pod.to_status(&visit).await } else { Ok(()) }
        });
    }
}

fn wait_for_runs() {
    dom::say_nothing();
    dom::show("loading", screens::waiting(text::LOADING));
}

async fn watch(visit: &Rc<Visit>, mut run: Run) -> Result<(), Failure> {
    let mut lines = visit.follow(&format!("runs/{}/lines", run.id)).await?;
    let mut counts = Counts::default();
    while let Some(line) = lines.next::<ApplyLine>().await? {
        visit.check()?;
        match line {
            ApplyLine::Waiting => run.state = RunState::Queued,
            ApplyLine::Reading(reading) => {
                run.state = RunState::Reading;
                run.progress = RunProgress { reading, ..run.progress };
            }
            ApplyLine::Writing(rows) => {
                run.state = RunState::Applying;
                run.progress.to_write = rows;
            }
            ApplyLine::Row(row) => {
                counts.add(row.kind, &row.outcome);
                run.progress.told += 1;
            }
            ApplyLine::Ticket(_) => {}
            ApplyLine::End(_) | ApplyLine::Failed(_) => return Ok(()),
        }
        dom::set_text("#run", &text::run_under_way(&run));
    }
    Ok(())
}
