//! The migrations, embedded in the binary; both engines have the same numbers and subjects.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::error::{Error, Result};
use crate::pool::{Db, Pools};

macro_rules! migrations {
    ($($version:literal $name:literal),+ $(,)?) => {
        const SQLITE: &[(i64, &str, &str)] = &[$(
            ($version, $name, include_str!(concat!("../../migrations/sqlite/", $name, ".sql"))),
        )+];
        const POSTGRES: &[(i64, &str, &str)] = &[$(
            ($version, $name, include_str!(concat!("../../migrations/postgres/", $name, ".sql"))),
        )+];
    };
}

migrations! {
    1 "0001_workspaces",
    2 "0002_identity",
    3 "0003_accounts",
    4 "0004_facts",
    5 "0005_changes",
    6 "0006_health",
    7 "0007_tasks",
    8 "0008_row_security",
    9 "0009_fast_writes",
    10 "0010_scorecard_versions",
    11 "0011_scorer",
    12 "0012_lab_runs",
    13 "0013_churn",
    14 "0014_moments",
    15 "0015_annual_revenue",
    16 "0016_alerts",
    17 "0017_signals",
    18 "0018_notices",
    19 "0019_feedback",
    20 "0020_todos",
    21 "0021_replies",
    22 "0022_teams",
    23 "0023_alert_lookups",
    24 "0024_reports",
    25 "0025_exports",
    27 "0027_dashboards",
    28 "0028_shares",
    29 "0029_schedules",
    30 "0030_import_schedules",
}

/// Brings the database to this version's schema; what is there already is left alone.
pub(crate) async fn run(db: &Db) -> Result<()> {
    let result = match &db.pools {
        Pools::Sqlite { writer, .. } => migrator(SQLITE).run(writer).await,
        Pools::Postgres(pool) => migrator(POSTGRES).run(pool).await,
    };
    result.map_err(|error| Error::Open(format!("The database could not be brought up to date: {error}.")))
}

fn migrator(files: &'static [(i64, &'static str, &'static str)]) -> Migrator {
    let one = |&(version, name, sql): &(i64, &'static str, &'static str)| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(files.iter().map(one).collect())
}
