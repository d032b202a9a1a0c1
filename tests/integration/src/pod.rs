//! A pod without a screen: says to the service what the pod in the browser says.

use std::time::Duration;

use pod_view::wire::{
    ApplyLine, ApplyRequest, Approved, Counts, DecisionChanges, OnTicket, PersonRequest, PlaceKind, Places,
    PlacesRequest, Problem, Proof, Purpose, Record, ReviewContext, ReviewLine, RowOutcome, Run, RunDetails,
    RunKind, Schedule, Security, Session, SessionRequest, Settings, Status, Story, TrialLine, Trust,
    UndoRequest, UndoRow, Who, WhoRequest,
};
use reconcile::{Coverage, Decision, Plan, Prepared, Row, RowKey, Snapshot, Subject, prepare};
use reqwest::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};

use crate::service::Deployment;

/// An answer that says no: the status and the words.
#[derive(Debug)]
pub struct Refused {
    /// The HTTP status.
    pub status: StatusCode,
    /// The words.
    pub problem: Problem,
}

/// A pod at one company.
pub struct Pod {
    http: reqwest::Client,
    /// The service's address and the installation's part of it.
    pub base: String,
    /// The company that the token is for.
    pub company: i64,
    /// The record that it is on, where that is no company.
    pub record: Option<Record>,
    /// The member.
    pub proof: Proof,
    /// The token in use.
    pub token: String,
}

/// A review, as the pod holds it.
pub struct Review {
    /// Both sides.
    pub prepared: Prepared,
    /// Links, decisions, policy.
    pub context: ReviewContext,
    /// Decisions of this review, which an apply saves.
    pub unsaved: Vec<(Subject, Option<Decision>)>,
}

impl Review {
    /// The plan, with the decisions so far.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.prepared.plan(&self.context.links, &self.context.decisions)
    }

    /// Decides.
    pub fn decide(&mut self, subject: Subject, decision: Decision) {
        self.context.decisions.insert(subject, decision);
        self.unsaved.push((subject, Some(decision)));
    }

    /// A request that approves the rows that `which` picks among those that write.
    pub fn approve(&self, which: impl Fn(&Row) -> bool) -> ApplyRequest {
        let mut approved: Vec<Approved> = self
            .plan()
            .writing()
            .filter(|row| which(row))
            .map(|row| Approved { key: row.key(), kind: row.kind, fingerprint: row.fingerprint })
            .collect();
        approved.sort();
        ApplyRequest { changes: self.unsaved.clone(), approved }
    }
}

/// How an apply ended.
#[derive(Debug)]
pub struct Applied {
    /// Each approved row.
    pub rows: Vec<RowOutcome>,
    /// The counts.
    pub counts: Counts,
}

/// The proof that the PSA's page would give for a member who is logged in.
///
/// # Panics
/// When the simulator has no such member.
#[must_use]
pub fn proof(deployment: &Deployment, member: &str) -> Proof {
    Proof {
        login_company: "training".to_owned(),
        member: member.to_owned(),
        hash: deployment.psa.world().lock().hash_of(member).expect("the member is one of the sample's"),
        context: "web".to_owned(),
    }
}

impl Pod {
    /// Opens the pod at a company, as a member.
    pub async fn open(deployment: &Deployment, member: &str, company: i64) -> Result<Self, Refused> {
        let mut pod = Self::unopened(deployment, proof(deployment, member), company);
        pod.token = pod.session(Purpose::Pod).await?.token;
        Ok(pod)
    }

    /// Opens the pod on a ticket's or a contact's screen, as a member; also what the service answered.
    pub async fn open_on(
        deployment: &Deployment,
        member: &str,
        record: Record,
    ) -> Result<(Self, Session), Refused> {
        let mut pod = Self::unopened(deployment, proof(deployment, member), 0);
        pod.record = Some(record);
        let session = pod.session(Purpose::Pod).await?;
        pod.token.clone_from(&session.token);
        pod.company = session.record.as_ref().map(|on| on.company).unwrap_or_default();
        Ok((pod, session))
    }

    /// Looks for a person.
    pub async fn who(&self, text: &str) -> Result<Who, Refused> {
        let request = WhoRequest { text: text.to_owned() };
        self.call(Method::POST, &self.at("who"), Some(&request)).await
    }

    /// Asks for a token for something about one person, and does it.
    pub async fn act(&self, request: &PersonRequest) -> Result<Acted, Problem> {
        let session =
            self.session(Purpose::Person(request.digest())).await.map_err(|refused| refused.problem)?;
        self.act_with(&session.token, request).await.map_err(|refused| refused.problem)?
    }

    /// The same with a token at hand. The outer answer is the service's to the request, the inner one the
    /// act's.
    pub async fn act_with(
        &self,
        token: &str,
        request: &PersonRequest,
    ) -> Result<Result<Acted, Problem>, Refused> {
        let text = self.with_token(token).text(Method::POST, &self.at("person"), Some(request)).await?;
        Ok(acted(&text))
    }

    /// A pod that has not asked for a token yet.
    #[must_use]
    pub fn unopened(deployment: &Deployment, proof: Proof, company: i64) -> Self {
        Self {
            http: server::psa::http(&[]),
            base: format!("{}/i/{}", deployment.url, deployment.installation),
            company,
            record: None,
            proof,
            token: String::new(),
        }
    }

    /// Asks for a token.
    pub async fn session(&self, purpose: Purpose) -> Result<Session, Refused> {
        let request =
            SessionRequest { proof: self.proof.clone(), company: self.company, record: self.record, purpose };
        self.call(Method::POST, "session", Some(&request)).await
    }

    /// The path of one of the company's endpoints.
    #[must_use]
    pub fn at(&self, endpoint: &str) -> String {
        format!("companies/{}/{endpoint}", self.company)
    }

    /// Sends a request and reads the answer as one JSON value.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<T, Refused> {
        let text = self.text(method, path, body).await?;
        let text = if text.is_empty() { "null" } else { &text };
        Ok(serde_json::from_str(text).expect("an answer that says yes is what the wire types say"))
    }

    async fn text(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<String, Refused> {
        let mut request = self.http.request(method, format!("{}/{path}", self.base)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.expect("the service answers");
        let status = answer.status();
        let text = answer.text().await.expect("the service ends its answers");
        if status.is_success() {
            return Ok(text);
        }
        let problem = serde_json::from_str(&text).expect("an answer that says no says why");
        Err(Refused { status, problem })
    }

    /// The company's status.
    pub async fn status(&self) -> Result<Status, Refused> {
        self.call(Method::GET, &self.at("status"), None::<&()>).await
    }

    /// Reads the settings.
    pub async fn settings(&self) -> Result<Settings, Refused> {
        self.call(Method::GET, &self.at("settings"), None::<&()>).await
    }

    /// Saves settings.
    pub async fn save_settings(&self, settings: &Settings) -> Result<Settings, Refused> {
        self.call(Method::PUT, &self.at("settings"), Some(settings)).await
    }

    /// Tests settings without saving them; every line that came.
    pub async fn test(&self, settings: &Settings) -> Result<Vec<TrialLine>, Refused> {
        self.try_out("settings/test", settings).await
    }

    /// Previews settings without saving them; every line that came.
    pub async fn preview(&self, settings: &Settings) -> Result<Vec<TrialLine>, Refused> {
        self.try_out("settings/preview", settings).await
    }

    /// Looks for groups or units by a name, with the login of settings that nobody has saved.
    pub async fn places(&self, settings: &Settings, what: PlaceKind, text: &str) -> Result<Places, Refused> {
        let request = PlacesRequest { settings: settings.clone(), what, text: text.to_owned() };
        self.call(Method::POST, &self.at("settings/places"), Some(&request)).await
    }

    async fn try_out(&self, what: &str, settings: &Settings) -> Result<Vec<TrialLine>, Refused> {
        let text = self.text(Method::POST, &self.at(what), Some(settings)).await?;
        if let Some(password) = settings.password.as_ref().filter(|password| !password.is_empty()) {
            assert!(!text.contains(password.as_str()), "the password came back: {text}");
        }
        let lines = text.lines();
        Ok(lines.map(|line| serde_json::from_str(line).expect("each line is one of the wire's")).collect())
    }

    /// Saves decisions.
    pub async fn save_decisions(&self, changes: Vec<(Subject, Option<Decision>)>) -> Result<(), Refused> {
        self.call(Method::PUT, &self.at("decisions"), Some(&DecisionChanges { changes })).await
    }

    /// Syncs: reads both sides.
    ///
    /// # Panics
    /// When the stream says neither that it ended nor why it failed.
    pub async fn review(&self) -> Result<Review, Problem> {
        let text = self
            .text(Method::POST, &self.at("review"), None::<&()>)
            .await
            .map_err(|refused| refused.problem)?;
        let (mut accounts, mut contacts, mut context) = (Vec::new(), Vec::new(), None);
        for line in text.lines() {
            match serde_json::from_str(line).expect("each line is one of the wire's") {
                ReviewLine::Progress(_) => {}
                ReviewLine::Accounts(some) => accounts.extend(some),
                ReviewLine::Contacts(some) => contacts.extend(some),
                ReviewLine::Context(given) => context = Some(given),
                ReviewLine::Failed(problem) => return Err(problem),
                ReviewLine::End(end) => {
                    assert_eq!((end.accounts, end.contacts), (accounts.len() as u64, contacts.len() as u64));
                    let context: ReviewContext = context.expect("the context comes before the end");
                    let snapshot = Snapshot { accounts, coverage: Coverage::Complete };
                    return Ok(Review {
                        prepared: prepare(snapshot, contacts, &context.policy),
                        context,
                        unsaved: Vec::new(),
                    });
                }
            }
        }
        panic!("the review was cut off");
    }

    /// Asks for a token for a request, and applies it.
    pub async fn apply(&self, request: &ApplyRequest) -> Result<Applied, Problem> {
        let session =
            self.session(Purpose::Apply(request.digest())).await.map_err(|refused| refused.problem)?;
        self.apply_with(&session.token, request).await.map_err(|refused| refused.problem)?
    }

    /// Applies with a token at hand. The outer answer is the service's to the request, the inner
    /// one the run's.
    ///
    /// # Panics
    /// When the stream says neither that it ended nor why it failed.
    pub async fn apply_with(
        &self,
        token: &str,
        request: &ApplyRequest,
    ) -> Result<Result<Applied, Problem>, Refused> {
        self.with_token(token).write("apply", request).await
    }

    /// The last runs, the newest first.
    pub async fn runs(&self) -> Result<Vec<Run>, Refused> {
        self.call(Method::GET, &self.at("runs"), None::<&()>).await
    }

    /// What was done to one person.
    pub async fn story(&self, key: RowKey) -> Result<Story, Refused> {
        self.call(Method::POST, &self.at("story"), Some(&key)).await
    }

    /// The last of so many runs by the schedule, once it has ended.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn night(&self, number: usize) -> Run {
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        loop {
            let mut nights = self.runs().await.expect("they are listed");
            nights.retain(|run| run.kind == RunKind::Schedule && !run.state.is_live());
            if nights.len() == number {
                return nights.remove(0);
            }
            assert!(tokio::time::Instant::now() < deadline, "no night came");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// One run, with what of it can be taken back.
    pub async fn run(&self, id: &str) -> Result<RunDetails, Refused> {
        self.call(Method::GET, &self.at(&format!("runs/{id}")), None::<&()>).await
    }

    /// Follows a run that somebody else began, to its end.
    pub async fn follow(&self, id: &str) -> Result<Applied, Problem> {
        let what = self.at(&format!("runs/{id}/lines"));
        let text = self.text(Method::GET, &what, None::<&()>).await.map_err(|refused| refused.problem)?;
        told(&text)
    }

    /// Asks for a token to take back rows of a run, and takes them back.
    pub async fn undo(&self, run: &str, rows: &[UndoRow]) -> Result<Applied, Problem> {
        let request = undo_of(run, rows);
        let refused = |refused: Refused| refused.problem;
        let session = self.session(Purpose::Apply(request.digest())).await.map_err(refused)?;
        self.undo_with(&session.token, run, &request).await.map_err(refused)?
    }

    /// Takes back what a request names of the run in the address, with a token at hand. The outer answer is
    /// the service's to the request, the inner one the run's.
    pub async fn undo_with(
        &self,
        token: &str,
        run: &str,
        request: &UndoRequest,
    ) -> Result<Result<Applied, Problem>, Refused> {
        self.with_token(token).write(&format!("runs/{run}/undo"), request).await
    }

    fn with_token(&self, token: &str) -> Self {
        Self {
            http: self.http.clone(),
            base: self.base.clone(),
            company: self.company,
            record: self.record,
            proof: self.proof.clone(),
            token: token.to_owned(),
        }
    }

    async fn write(&self, what: &str, request: &impl Serialize) -> Result<Result<Applied, Problem>, Refused> {
        let text = self.text(Method::POST, &self.at(what), Some(request)).await?;
        Ok(told(&text))
    }
}

/// A request to take back these rows of a run.
#[must_use]
pub fn undo_of(run: &str, rows: &[UndoRow]) -> UndoRequest {
    let mut rows: Vec<_> = rows.iter().map(|row| row.approved).collect();
    rows.sort();
    UndoRequest { run: run.to_owned(), rows }
}

/// How an act about one person ended.
#[derive(Debug)]
pub struct Acted {
    /// What became of the row, if it had one.
    pub row: Option<RowOutcome>,
    /// What became of the ticket.
    pub ticket: Option<OnTicket>,
}

/// What the lines of an act about one person tell.
fn acted(text: &str) -> Result<Acted, Problem> {
    let (mut row, mut ticket) = (None, None);
    for line in text.lines() {
        match serde_json::from_str(line).expect("each line is one of the wire's") {
            ApplyLine::Waiting | ApplyLine::Reading(_) | ApplyLine::Writing(_) => {}
            ApplyLine::Row(told) => row = Some(told),
            ApplyLine::Ticket(told) => ticket = Some(told),
            ApplyLine::Failed(problem) => return Err(problem),
            ApplyLine::End(_) => return Ok(Acted { row, ticket }),
        }
    }
    panic!("the lines of an act were cut off");
}

/// What the lines of a run tell.
fn told(text: &str) -> Result<Applied, Problem> {
    let mut rows = Vec::new();
    for line in text.lines() {
        match serde_json::from_str(line).expect("each line is one of the wire's") {
            ApplyLine::Waiting | ApplyLine::Reading(_) | ApplyLine::Writing(_) => {}
            ApplyLine::Row(row) => rows.push(row),
            ApplyLine::Ticket(told) => panic!("an apply puts nobody on a ticket: {told:?}"),
            ApplyLine::Failed(problem) => return Err(problem),
            ApplyLine::End(counts) => return Ok(Applied { rows, counts }),
        }
    }
    panic!("the lines of a run were cut off");
}

/// Settings for a sample directory.
#[must_use]
pub fn settings_for(directory: &sample_directory::SampleDirectory) -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port: directory.address().port(),
        security: Security::Ldaps,
        trust: Trust::Pinned(directory.certificate_sha256()),
        base: directory.base().to_owned(),
        bind_name: directory.bind_name(),
        password: Some(directory.password().to_owned()),
        filter: None,
        rules: String::new(),
        schedule: Schedule::default(),
        generation: 0,
        password_set: false,
        shared_rules: String::new(),
    }
}
