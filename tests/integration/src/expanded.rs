//! A database that a newer release has brought up to date, by the rules of `migrations/README.md`: every
//! table has got a column that may be empty, and there is a migration that this release does not know.

use server::store::{Store, StoreError};
use sqlx::AssertSqlSafe;

/// Expands a store as that release does.
pub async fn expand(store: &Store, release: i64) -> Result<(), StoreError> {
    const MIGRATED: &str =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT $1, 'of a newer release', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    let version = 9_000 + release;
    let added = |tables: Vec<(String,)>| {
        let column = format!("of_release_{release}");
        tables
            .into_iter()
            .map(move |(table,)| AssertSqlSafe(format!("ALTER TABLE {table} ADD COLUMN {column} TEXT")))
    };
    match store {
        Store::Sqlite(pool) => {
            const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table'
                 AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'";
            for sql in added(sqlx::query_as(TABLES).fetch_all(pool).await?) {
                sqlx::raw_sql(sql).execute(pool).await?;
            }
            sqlx::query(MIGRATED).bind(version).execute(pool).await?;
        }
        Store::Postgres(pool) => {
            const TABLES: &str = "SELECT tablename::text FROM pg_tables
                 WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'";
            for sql in added(sqlx::query_as(TABLES).fetch_all(pool).await?) {
                sqlx::raw_sql(sql).execute(pool).await?;
            }
            sqlx::query(MIGRATED).bind(version).execute(pool).await?;
        }
    }
    Ok(())
}
