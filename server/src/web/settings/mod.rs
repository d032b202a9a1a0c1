//! A company's settings: shown, saved, and tried before they are saved.

mod preview;
mod save;
mod show;
mod test;

pub(super) use preview::preview;
pub(super) use save::save;
pub(super) use show::show;
pub(super) use test::test;
