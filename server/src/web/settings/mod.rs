//! A company's settings: shown, saved, tried before they are saved, and what a directory offers for them.

mod places;
mod preview;
mod save;
mod show;
mod test;

pub(super) use places::places;
pub(super) use preview::preview;
pub(super) use save::save;
pub(super) use show::show;
pub(super) use test::test;
