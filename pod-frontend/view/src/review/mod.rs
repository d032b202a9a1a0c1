//! The review: what a person sees of a plan, decides about it and approves of it.

mod answers;
mod many;
mod model;
mod page;
mod row;
mod search;
mod ticks;

pub use answers::{Answer, Ask, Reply, answers};
pub use many::{Bulk, Many, is_picked_by_hand};
pub use model::{Decided, Group, KINDS, PER_GROUP, Review};
pub use page::{bar, footer, frame, group_head, group_note, help, summary};
pub use row::{Seen, finds, row};
pub use search::Found;
pub use ticks::Ticks;
