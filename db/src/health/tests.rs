//! How SQLite runs the scorer's statements: by key. It keeps no statistics, and must not need them.

use domain::identity::Actor;
use sqlx::Row;

use super::{field_times, records, rollups, seasons};
use crate::clock::Clock;
use crate::pool::Db;
use crate::tx::Inner;

#[tokio::test]
async fn the_scorer_looks_rows_up_by_key_and_walks_over_nothing() {
    let folder = std::env::temp_dir().join(format!("keepwell_plans_{}", std::process::id()));
    let url = format!("sqlite://{}", folder.join("keepwell.db").display());
    let db = Db::open(&url, Clock::System).await.unwrap();
    let workspace = crate::identity::create_workspace(&db, "Plans").await.unwrap();
    let mut tx = db.read(&Actor::system(workspace)).await.unwrap();
    let texts = [records::ALL.as_slice(), &[field_times::TIMES, seasons::WEEKS], rollups::ALL.as_slice()].concat();
    for (sqlite, _) in texts {
        let Inner::Sqlite(c) = &mut tx.inner else { unreachable!() };
        let query = format!("EXPLAIN QUERY PLAN {sqlite}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(query)).bind(workspace.0).bind("[]").bind(1i64);
        let plan: Vec<String> =
            rows.fetch_all(&mut **c).await.unwrap().iter().map(|row| row.get::<String, _>("detail")).collect();
        let looks_up = |step: &&String| step.starts_with("SEARCH") && !step.contains("VIRTUAL TABLE");
        assert!(plan.iter().any(|step| looks_up(&step)), "{sqlite}: {plan:#?}");
        for step in &plan {
            let walks = step.starts_with("SCAN") && !step.contains("json_each");
            let by_key =
                ["AND id=?", "AND account_id=?", "AND parent_id=?", "(id=?"].iter().any(|key| step.contains(key));
            assert!(!walks && (by_key || !looks_up(&step)), "{sqlite}: {plan:#?}");
        }
    }
    drop(tx);
    drop(db);
    std::fs::remove_dir_all(&folder).unwrap();
}
