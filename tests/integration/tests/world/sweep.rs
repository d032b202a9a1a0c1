//! One story, told again and again, with the power failing after its first step, its second, its
//! third: each time the service starts again, and the story must come to the same end.

use std::{collections::BTreeMap, time::Duration};

use integration::history::History;

use super::{
    company::{begin, fast_folder, id, person},
    invariants::{always, at_rest, contacts},
};

const DAY: Duration = Duration::from_hours(24);
/// Longer than a lease, and than an answer that did not come may still come true.
const A_WHILE: Duration = Duration::from_mins(5);
/// More looks than any part of the story needs.
const MOST_LOOKS: usize = 20;

type End = BTreeMap<String, (String, String, bool)>;

/// The parts of the story. Whoever did one when the power failed looks again and does what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The first review.
    Review,
    /// A night in which somebody came, somebody left, and somebody got another title.
    Night,
    /// The night's work is taken back.
    Undo,
    /// A night that must not repeat it.
    NextNight,
}

struct Story {
    history: History,
    steps: u64,
    failed_in: Option<Part>,
}

impl Story {
    async fn begin(folder: &std::path::Path, fails_after: Option<u64>) -> Self {
        let mut history = begin(folder, &[0, 1, 4, 5]).await;
        history.restart(fails_after).await.expect("it starts");
        Self { history, steps: 0, failed_in: None }
    }

    /// Starts again after the power has failed, and waits until nothing is under way.
    async fn start_again(&mut self, part: Part) -> Result<(), String> {
        self.failed_in = Some(part);
        self.history.restart(None).await.map_err(|error| format!("it does not start: {error:#}"))?;
        always(&self.history)?;
        self.come_to_rest().await
    }

    async fn come_to_rest(&self) -> Result<(), String> {
        for _ in 0..MOST_LOOKS {
            self.history.pass(A_WHILE);
            let begun = self.history.look_at_the_queue().await.map_err(|error| format!("{error:#}"))?;
            always(&self.history)?;
            if begun == 0 {
                return Ok(());
            }
        }
        Err("I7: it does not come to rest".to_owned())
    }

    async fn tell(&mut self, part: Part) -> Result<(), String> {
        match part {
            Part::Review => self.person(part, async |history| history.sync().await.map(drop)).await,
            Part::Night => {
                self.history.people(|people| {
                    let new = person(8);
                    people.insert(new.id, new);
                    people.get_mut(&id(4)).expect("Eva is there").enabled = false;
                    people.get_mut(&id(1)).expect("Ben is there").title = Some("Head clerk".to_owned());
                });
                self.night(part).await
            }
            Part::Undo => {
                let night = self.scheduled_run().await?;
                self.person(part, async |history| history.undo(&night).await.map(drop)).await
            }
            Part::NextNight => self.night(part).await,
        }
    }

    async fn scheduled_run(&self) -> Result<String, String> {
        let runs = self.history.runs().await.map_err(|error| format!("{error:#}"))?;
        let written =
            runs.iter().find(|run| run.kind == pod_view::wire::RunKind::Schedule && run.counts.written() > 0);
        written.map(|run| run.id.clone()).ok_or_else(|| {
            format!(
                "no night wrote anything: {:?}",
                runs.iter()
                    .map(|r| (r.kind, r.state, r.attempts, r.counts, r.problem.is_some()))
                    .collect::<Vec<_>>()
            )
        })
    }

    /// A person does something, and once more where the power failed: then they see what is left.
    async fn person(
        &mut self,
        part: Part,
        work: impl AsyncFn(&History) -> Result<(), pod_view::wire::Problem>,
    ) -> Result<(), String> {
        for _ in 0..3 {
            match self.history.power().during(work(&self.history)).await {
                Some(Ok(())) => return Ok(()),
                Some(Err(problem)) => return Err(format!("{part:?}: {problem:?}")),
                None => self.start_again(part).await?,
            }
        }
        Err(format!("{part:?}: the power failed again and again"))
    }

    async fn night(&mut self, part: Part) -> Result<(), String> {
        self.history.pass(DAY);
        if self.history.power().during(self.history.look_at_the_queue()).await.is_none() {
            self.start_again(part).await?;
        }
        Ok(())
    }

    async fn tell_all(mut self) -> Result<(End, u64, Option<Part>), String> {
        for part in [Part::Review, Part::Night, Part::Undo, Part::NextNight] {
            self.tell(part).await?;
            if self.failed_in.is_none() {
                self.steps = self.history.power().steps();
            }
        }
        self.come_to_rest().await?;
        at_rest(&self.history).await?;
        Ok((contacts(&self.history), self.steps, self.failed_in))
    }
}

async fn told(fails_after: Option<u64>) -> Result<(End, u64, Option<Part>), String> {
    let folder = fast_folder();
    Story::begin(folder.path(), fails_after).await.tell_all().await
}

#[tokio::test]
async fn c1_wherever_the_power_fails_the_story_comes_to_the_same_end() {
    server::web::install_tls_provider();
    let (end, steps, _) = told(None).await.expect("the story without a failure");
    println!("{steps} steps: {end:#?}");
    assert!(steps > 60, "the story has only {steps} steps");
    let one = std::env::var("STEP").ok().map(|text| text.parse::<u64>().expect("a number"));
    let mut wrong = Vec::new();
    let mut parts = Vec::new();
    for step in 0..steps {
        if one.is_some_and(|one| one != step) {
            continue;
        }
        match told(Some(step)).await {
            Ok((other, _, part)) if other == end => parts.extend(part),
            Ok((other, _, part)) => wrong.push(format!("STEP={step}, in {part:?}: another end: {other:#?}")),
            Err(why) => wrong.push(format!("STEP={step}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {steps}: {}", wrong.len(), wrong.join("\n"));
    if one.is_none() {
        for part in [Part::Review, Part::Night, Part::Undo, Part::NextNight] {
            assert!(parts.contains(&part), "the power never failed in {part:?}");
        }
    }
}
