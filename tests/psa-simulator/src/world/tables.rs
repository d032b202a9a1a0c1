//! The tables: records by kind and growing id.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::reference_id;
use crate::schema::{Kind, Record};

/// All tables; what `--data` keeps.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Tables {
    tables: BTreeMap<Kind, Table>,
    next_item: i64,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(from = "KeptTable")]
struct Table {
    last: i64,
    rows: BTreeMap<i64, Record>,
    /// The ids of rows by the company that they name, or named once: a list of one company's must not
    /// take as long as there are companies.
    #[serde(skip_serializing)]
    of_company: BTreeMap<i64, BTreeSet<i64>>,
}

#[derive(Deserialize)]
struct KeptTable {
    last: i64,
    rows: BTreeMap<i64, Record>,
}

impl From<KeptTable> for Table {
    fn from(kept: KeptTable) -> Self {
        let mut table = Self { last: kept.last, ..Self::default() };
        for (id, record) in kept.rows {
            table.put(id, record);
        }
        table
    }
}

impl Table {
    fn put(&mut self, id: i64, record: Record) {
        if let Some(company) = reference_id(&record, "company") {
            self.of_company.entry(company).or_default().insert(id);
        }
        self.rows.insert(id, record);
    }
}

static NO_ROWS: BTreeMap<i64, Record> = BTreeMap::new();

impl Tables {
    /// Rows in the order of their ids.
    pub(crate) fn rows(&self, kind: Kind) -> &BTreeMap<i64, Record> {
        self.tables.get(&kind).map_or(&NO_ROWS, |table| &table.rows)
    }

    /// Among them all rows that name this company, in the order of their ids.
    pub(crate) fn around(&self, kind: Kind, company: i64) -> impl Iterator<Item = &Record> {
        let table = self.tables.get(&kind);
        let ids = table.and_then(|table| table.of_company.get(&company));
        ids.into_iter().flatten().filter_map(move |id| self.get(kind, *id))
    }

    pub(crate) fn get(&self, kind: Kind, id: i64) -> Option<&Record> {
        self.rows(kind).get(&id)
    }

    pub(crate) fn rows_mut(&mut self, kind: Kind) -> &mut BTreeMap<i64, Record> {
        &mut self.tables.entry(kind).or_default().rows
    }

    pub(crate) fn get_mut(&mut self, kind: Kind, id: i64) -> Option<&mut Record> {
        self.rows_mut(kind).get_mut(&id)
    }

    /// Ids grow and are never used again.
    pub(crate) fn next_id(&mut self, kind: Kind) -> i64 {
        let table = self.tables.entry(kind).or_default();
        table.last += 1;
        table.last
    }

    /// Let the ids of a kind go on after `last`.
    pub(crate) fn skip_to(&mut self, kind: Kind, last: i64) {
        let table = self.tables.entry(kind).or_default();
        table.last = table.last.max(last);
    }

    /// Ids of communication items are shared by all contacts.
    pub(crate) fn next_item_id(&mut self) -> i64 {
        self.next_item += 1;
        self.next_item
    }

    pub(crate) fn put(&mut self, kind: Kind, id: i64, record: Record) {
        let table = self.tables.entry(kind).or_default();
        table.last = table.last.max(id);
        table.put(id, record);
    }
}
