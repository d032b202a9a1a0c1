//! What the PSA was asked, for tests to count.

use serde::Serialize;

use super::World;

/// One call of the REST interface.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path after `apis/3.0`, or all of it elsewhere.
    pub path: String,
    /// The query as it was sent.
    pub query: String,
    /// `key:...` or `member:...`; `-` when nobody was recognised.
    pub who: String,
    /// The status answered; none when the connection was dropped instead.
    pub status: Option<u16>,
    /// The address had more than the 2,000 characters that the PSA's guide advises.
    pub long: bool,
}

impl World {
    /// Every call since the start or the last [`World::reset_log`], in order.
    pub fn requests(&self) -> &[Request] {
        &self.journal
    }

    /// How many calls had this method and exactly this path.
    pub fn count(&self, method: &str, path: &str) -> usize {
        self.journal.iter().filter(|request| request.method == method && request.path == path).count()
    }

    /// Forget the calls so far.
    pub fn reset_log(&mut self) {
        self.journal.clear();
    }
}
