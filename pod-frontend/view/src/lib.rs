//! What the pod and the service share: the lines between them, the words, and the views that both
//! can draw.
//!
//! # What stays the same for tests and for assistive technology
//!
//! | where | what |
//! |---|---|
//! | `#pod[data-state]` | the state: see [`screens::STATES`] |
//! | `#message` | what was just said, announced as it changes |
//! | `#sync`, `#apply`, `#sync-again`, `#retry`, `#back`, `#settings`, `#cancel` | the buttons |
//! | `#filter` | the filter over names |
//! | `#stranger` | the warning that the directory knows nobody of the company |
//! | `[data-group="{kind}"]` | a group of rows, by [`reconcile::RowKind::code`]; `[data-count]` inside |
//! | `[data-row="a:{objectGUID}"]`, `[data-row="c:{contact id}"]` | a row, also with `data-kind`, `data-account`, `data-contact` |
//! | `[data-row] input[data-check]` | its box: whether it is applied |
//! | `[data-action="toggle"]` | opens and closes a row |
//! | `[data-action="match"]` | with `data-account` and `data-contact`: the pair |
//! | `[data-action="{reply}"]` | the other answers, by [`review::Reply::code`]; `today` leaves alone for today, `undo` takes back |
//! | `[data-search]` | the search for another half, its finds in `[data-finds]` |
//! | `[data-action="{reply}-all"]` | the same answer for all (or the picked) rows of a group |
//! | `#settings-form`, `#settings-{field}`, `#settings-save`, `#settings-cancel` | the settings form |
//! | `#settings-test`, `#settings-preview` | try the form as it stands; what comes of it is in `#trial` |
//! | `#trial-steps [data-step][data-mark]` | a step of it, `done` or `failed`; `#trial-problem[data-code]` is why |
//! | `[data-action="pin"]`, `[data-action="base"]` | take over the certificate or base of `data-value`, and test again |
//! | `#settings-{field}-places` | what the directory has by the name in the field: `[role="status"]`, `[data-action="place"]` with `data-value` |
//! | `#trial-examples`, `#trial-scope` | who was found; how many would be in scope |
//! | `#in-force` | the figures and protections in force; `[data-action="rule"]` writes one into the rules |
//! | `#settings-form [name="scope"]` | who is read: `people`, `group` (with `#settings-group`) or `own` (with `#settings-filter`) |
//! | `#settings-form [name="security"\|"trust"\|"schedule"]` | its choices, by `value`; `schedule` has `daily`, `daily_at` (with `#settings-time`), `cron` (with `#settings-cron`) and `off` |
//! | `#run`, `#last-run`, `#next-run` | runs in the status; `data-run` is an id, `data-state` a state |
//! | `#runs` | the button that leads to the list of runs; `[data-run]` one of them |
//! | `[data-undo="{place}"]` | a row of a run that can be undone, with `[data-action="undo-row"]` |
//! | `#undo-run`, `#undo-confirmed` | undoes all of a run; does what was asked for |
//! | `#who-form`, `#who-text`, `#who-ask` | the question for somebody on a ticket's or a contact's screen |
//! | `#found`, `#found-title` | whom it found; `[data-person]` one of them, by account |
//! | `[data-who="{place}"]` | a button of what is done about them; its key is one more than the place |
//! | `#who-contact`, `#who-ticket`, `#refresh` | what became of the contact and of the ticket; loads the screen again |
//! | `[data-outcome="moved"\|"rejected"\|"unknown"\|"left_alone"]` | a row of the result that needs a look |

pub mod people;
pub mod places;
pub mod problem;
pub mod review;
pub mod runs;
pub mod screens;
pub mod settings;
mod shell;
pub mod text;
pub mod trial;
pub mod who;
pub mod wire;

pub use shell::{Shell, shell};
