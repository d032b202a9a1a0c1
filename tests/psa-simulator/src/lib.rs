//! A simulator of ConnectWise PSA for tests and for trying things out: the REST interface, the
//! screens of companies, contacts and tickets, and the host side of the Hosted API that pods talk to.
//!
//! It behaves as public documents and recorded answers say. Where they say nothing, the
//! behaviour is a named field of [`Switches`], with the likeliest one as its default.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use psa_simulator::{Fault, FaultKind, Options};
//!
//! let psa = psa_simulator::start(Options::default()).await?;
//! psa.world().lock().fault(Fault::once("POST", "/company/contacts", FaultKind::LostAfterWrite));
//! // ... point the product at psa.url() ...
//! assert_eq!(psa.world().lock().count("POST", "/company/contacts"), 1);
//! psa.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Members
//!
//! The API member with the keys of [`Options`], and four people whose password is [`PASSWORD`]:
//!
//! | member | may |
//! |---|---|
//! | `Dispatch1` | read and write companies, contacts and notes; edit agreements; edit setup tables |
//! | `Viewer1` | look at companies and contacts, nothing else |
//! | `Tech1` | look at companies and notes; edit only what is theirs (level My); nothing of contacts |
//! | `Admin1` | everything |
//!
//! # The screens
//!
//! `/` searches companies. `/company/{id}`, `/contact/{id}` and `/ticket/{id}` are records with
//! their tabs, such as `/company/{id}/contacts`, and the pods of their screen. Stable ids: `search`,
//! `companies`, `member` (signed in as), `record`, `record-name`, `tab-{last word of its address}`,
//! `contacts`, `notes`, `sites`, `tickets`, `record-form`, `save`, `save-state`, `dirty-mark`,
//! `messages`, `pods`, `full-width`, `leave-dialog`, `leave-stay`, `leave-go`, and each pod's frame
//! `pod-{id of its setup row}`. A contact is a row `contact-{id}` with `data-inactive`, a site a row
//! `site-{id}`. The pods' column is 300 CSS pixels wide, borders included, unless it takes the whole
//! width.
//!
//! The plus sign `arrange` above the pods opens the dialog in which a member chooses them:
//! `not-displayed`, `displayed`, `pod-add`, `pod-remove`, `arrange-save`. A page of type Tab is a tab
//! `hosted-{id of its setup row}` with the frame `tab-{id}-frame`.
//!
//! A toolbar button opens its page in a dialog with the frame `dialog-{id of its setup row}`; an
//! entry of the menu is `/menu/{id}`, with the frame `entry-{id}` at full width and no record.
//!
//! Options in the query of a record's page:
//!
//! | option | values |
//! |---|---|
//! | `member` | look at this page as this member |
//! | `full_width` | `1`: the pods take the whole width |
//! | `cw_tokens` | `unreplaced`, `empty`: what becomes of `[cw_id]` and `[cw_screen]` |
//! | `frame_id` | `twice`, `never`, `late` (1.5 s): the `MessageFrameID` message |
//! | `order` | `onload_first`: before `MessageFrameID` |
//! | `onload_id` | `text`: the record's id is a string |
//! | `navigate` | `reload`: moving to another record reloads the frames; else it sends `onLoad` only |
//! | `mode` | `nilear`: no frame id, no `_id` on answers, no `codeBase` |
//! | `hash` | `expired`; `logged_out`: one whose session has just ended; or the identifier of another member whose hash is given |
//! | `tenant` | another login company in the member's proof |
//! | `context` | `empty`: no member context |
//! | `case` | `upper`, `lower`: the case of `memberid` |
//! | `save_timeout` | milliseconds until a save that no pod answers is called hanging (10,000) |
//! | `sibling` | `1`: a second frame sends messages of the right shape to the pods; `look_alike`: from an origin that begins as the PSA's does |
//!
//! In the page, `window.psa` has `navigate(id)`, `refresh()`, `save()` (a promise of
//! `{outcome: "saved" | "refused" | "failed" | "hung", errors}`), `raw(value)` (post anything to every
//! pod), `claim(id)` (an `onLoad` of another record than the one on the screen), `huge(characters)`
//! (an `onLoad` with that much padding; both are promises of the answers), `flood(count)` (that many
//! messages whose answers nobody waits for, not logged), `override` (an object laid over the member's proof), `record`, `dirty`, and `log`:
//! every message in both directions as `{direction: "in" | "out" | "ignored", pod, text, reason}`.
//!
//! `/hostile?pod=URL&company=ID` frames a pod from a page that only pretends to be the PSA; with
//! `&look_alike=1` from the origin `http://127.0.0.1.localhost:{port}`, which begins as the PSA's does.
//!
//! # Control
//!
//! `POST /simulator/faults` takes a [`Fault`] as JSON and `DELETE` forgets them all; `GET
//! /simulator/requests` is the journal and `POST /simulator/reset-log` empties it; `GET` and
//! `PUT /simulator/switches`; `POST /simulator/expire-hash` with `{"member"}`; `POST
//! /simulator/release` with `{"codebase"}`. The program takes faults and switches on its command
//! line as well; its `--help` lists them.
//!
//! # An OpenAPI file
//!
//! With [`Options::openapi`], or the environment variable `PSA_OPENAPI`, every answer and every
//! accepted request is held against an OpenAPI 3.0 file of the PSA. What does not fit is answered
//! with 500 and the reason, and the [`Simulator`] or [`InProcess`] panics when it is dropped, so
//! that its test fails; [`World::take_misfits`] takes the reasons away. Operations that the file
//! does not have are no error: [`World::undescribed`].

mod clock;
mod connection;
mod control;
mod delivery;
mod in_process;
mod login;
mod openapi;
mod options;
mod post;
mod query;
mod rest;
mod schema;
mod screen;
mod server;
mod switches;
mod tls;
mod world;

pub use in_process::{Arrival, InProcess, Received, Sent};
pub use options::{
    CLIENT_ID, Csv, Inactivation, Options, PASSWORD, PRIVATE_KEY, PUBLIC_KEY, Pod, QuoteEscape, Switches,
};
pub use schema::{Kind, Record};
pub use server::{Simulator, start};
pub use world::{
    Fault, FaultKind, Level, Mail, Member, Occasion, Recipient, Request, Right, Role, SharedWorld, World,
};
