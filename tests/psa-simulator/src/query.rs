//! What a reading call may ask for: conditions, order, fields, pages.

mod evaluate;
mod lexer;
mod page;
mod parser;
mod path;

use evaluate::company_of;
pub(crate) use evaluate::holds;
pub(crate) use page::Query;
pub(crate) use parser::{Expression, parse, whole_seconds};
pub(crate) use path::value_at;
