//! How far a read is: what every error about a lost or late answer tells.

use std::sync::{Mutex, PoisonError};

use crate::ReadError;
use crate::error::{Limit, Step};

/// Shared between the read and its deadline.
pub(super) struct Position(Mutex<At>);

#[derive(Clone, Copy)]
struct At {
    step: Step,
    page: u32,
    accounts: u64,
}

impl Position {
    pub(super) fn start() -> Self {
        Self(Mutex::new(At { step: Step::Name, page: 0, accounts: 0 }))
    }

    fn at(&self) -> At {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut At)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn step(&self, step: Step) {
        self.change(|at| at.step = step);
    }

    pub(super) fn next_page(&self) {
        self.change(|at| at.page += 1);
    }

    pub(super) fn one_more_account(&self) {
        self.change(|at| at.accounts += 1);
    }

    pub(super) fn page(&self) -> u32 {
        self.at().page
    }

    pub(super) fn accounts(&self) -> u64 {
        self.at().accounts
    }

    pub(super) fn timed_out(&self) -> ReadError {
        let At { step, accounts, .. } = self.at();
        ReadError::TimedOut { step, accounts }
    }

    pub(super) fn cut_off(&self) -> ReadError {
        let At { step, page, accounts } = self.at();
        ReadError::CutOff { step, page, accounts }
    }

    pub(super) fn garbled(&self) -> ReadError {
        let At { step, page, accounts } = self.at();
        ReadError::Garbled { step, page, accounts }
    }

    pub(super) fn stuck(&self) -> ReadError {
        let At { page, accounts, .. } = self.at();
        ReadError::PagingStuck { page, accounts }
    }

    pub(super) fn limit(&self, limit: Limit) -> ReadError {
        ReadError::LimitReached { limit, accounts: self.accounts() }
    }

    pub(super) fn server_error(&self, rc: u32, text: String) -> ReadError {
        let At { step, page, accounts } = self.at();
        ReadError::ServerError { step, rc, page, accounts, text }
    }
}
