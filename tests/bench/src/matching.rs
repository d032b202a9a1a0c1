//! How well the planner finds who is whom in two labelled lists.

use std::path::PathBuf;

use anyhow::Result;
use labelled::{Figures, Lists};

/// `matching`: reads two lists and writes who is whom.
#[derive(Debug, clap::Args)]
pub(crate) struct Matching {
    /// The accounts, with the columns that `labelled` names.
    #[arg(long)]
    accounts: PathBuf,
    /// The contacts.
    #[arg(long)]
    contacts: PathBuf,
    /// Where `account_id,contact_id,tier,rank` goes, with `kinds.csv` (`account_id,is_person`) beside it.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Matching {
    pub(crate) fn measure(&self) -> Result<Figures> {
        let lists = Lists::read(&self.accounts, &self.contacts)?;
        let answers = lists.answers();
        if let Some(out) = &self.out {
            lists.write(&answers, out)?;
        }
        Ok(lists.figures(&answers))
    }
}
