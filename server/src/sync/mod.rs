//! One company's sync: its settings, the two reads, and the writes.

mod context;
mod glance;
mod ignores;
mod links;
mod notes;
mod off_thread;
mod one_person;
mod person;
mod places;
mod preview;
mod probe;
mod put;
mod runs;
mod schedule;
mod settings;
mod sides;

pub use context::{Company, Installation, Service};
pub use glance::seen as plan_seen;
pub use links::{rebuilt as links_rebuilt, seen as links_seen};
pub use one_person::{OnePerson, do_one_person};
pub use person::find_person;
pub use places::find_places;
pub use preview::preview;
pub use probe::probe;
pub use runs::{
    Actor, Asked, Taken, Undoable, ask, do_run, follow, look_after, settle_if_idle, shown, take_runs,
    undoable,
};
pub use schedule::Schedule;
pub use settings::{Loaded, SettingsError, load as load_settings, parse_rules, save as save_settings};
pub use sides::{BothSides, SidesError, read_both};
