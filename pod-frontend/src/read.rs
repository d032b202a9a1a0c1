//! Reading both sides for a review.

use std::sync::Arc;

use pod_view::{
    review::Review,
    screens,
    text::{self, Local},
    wire::{ReviewContext, ReviewLine},
};
use reconcile::{Coverage, Planning, Snapshot, prepare};
use web_sys::AbortController;

use crate::{
    dom,
    net::{Failure, Lines},
    pod::{Pod, Retry},
};

impl Pod {
    /// Starts a review.
    pub(crate) fn sync(&self) {
        let Ok(reading) = AbortController::new() else { return };
        let signal = reading.signal();
        self.cancel_reading();
        self.with(|inner| inner.reading = Some(reading));
        dom::say_nothing();
        dom::show("reading", screens::reading(&self.company()));
        self.run(Retry::Sync, |pod, visit| async move {
            // The review comes with the decisions that the service has: all that were sent to it.
            pod.nothing_on_its_way().await;
            visit.check()?;
            let mut lines = visit.stream("review", signal).await?;
            let review = read(&mut lines).await?;
            visit.check()?;
            pod.show_review(review);
            Ok(())
        });
    }

    pub(crate) fn cancel_reading(&self) {
        if let Some(Some(reading)) = self.with(|inner| inner.reading.take()) {
            reading.abort();
        }
    }
}

/// Reads a review's stream to its end. One without its end mark, or with another count than it
/// says, is not a review.
async fn read(lines: &mut Lines) -> Result<Review, Failure> {
    let (mut accounts, mut contacts, mut context) = (Vec::new(), Vec::new(), None::<ReviewContext>);
    let end = loop {
        match lines.next::<ReviewLine>().await? {
            Some(ReviewLine::Progress(progress)) => dom::set_text("#reading", &text::progress(progress)),
            Some(ReviewLine::Accounts(more)) => accounts.extend(more),
            Some(ReviewLine::Contacts(more)) => contacts.extend(more),
            Some(ReviewLine::Context(told)) => context = Some(told),
            Some(ReviewLine::Failed(problem)) => return Err(Failure::Broken(problem)),
            Some(ReviewLine::End(end)) => break end,
            None => return Err(Failure::local(Local::CutOff)),
        }
    };
    let whole = end.accounts == text::number(accounts.len()) && end.contacts == text::number(contacts.len());
    let Some(context) = context.filter(|_| whole) else { return Err(Failure::local(Local::CutOff)) };
    // The service sends only what a complete read gave.
    let snapshot = Snapshot { accounts, coverage: Coverage::Complete };
    let prepared = Arc::new(prepare(snapshot, contacts, &context.policy));
    let planning = Planning::new(prepared, &context.links, context.decisions);
    Ok(Review::new(planning).on(context.today).with_missing_since(context.missing_since))
}
