//! One company's sync: its settings, the two reads, and the writes.

mod apply;
mod context;
mod execute;
mod links;
mod looks;
mod schedule;
mod settings;
mod settle;
mod sides;

pub use apply::{Actor, apply};
pub use context::{Company, Installation, Service};
pub use links::seen as links_seen;
pub use schedule::Schedule;
pub use settings::{Loaded, SettingsError, load as load_settings, parse_rules, save as save_settings};
pub use settle::settle_if_idle;
pub use sides::{BothSides, read_both};
