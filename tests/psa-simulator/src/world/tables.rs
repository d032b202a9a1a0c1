//! The tables: records by kind and growing id.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::schema::{Kind, Record};

/// All tables; what `--data` keeps.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Tables {
    tables: BTreeMap<Kind, Table>,
    next_item: i64,
}

#[derive(Debug, Default, Deserialize, Serialize)]
struct Table {
    last: i64,
    rows: BTreeMap<i64, Record>,
}

static NO_ROWS: BTreeMap<i64, Record> = BTreeMap::new();

impl Tables {
    /// Rows in the order of their ids.
    pub(crate) fn rows(&self, kind: Kind) -> &BTreeMap<i64, Record> {
        self.tables.get(&kind).map_or(&NO_ROWS, |table| &table.rows)
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
        table.rows.insert(id, record);
    }
}
