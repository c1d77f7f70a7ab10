//! How the engines run the statements behind the grid and Today: by index, never by sorting the whole workspace.

use domain::accounts::catalogue;
use domain::filter::sort;
use domain::filter::sql::Engine;

use crate::support::{self, TestDb};

/// Puts 10,000 scored accounts into the workspace, a tenth of them archived.
async fn fill(t: &TestDb) {
    let workspace = t.workspace.0.simple();
    let sql = if t.db.is_postgres() {
        format!(
            "INSERT INTO accounts (workspace_id, id, doc, health) \
             SELECT '{workspace}'::uuid, id, jsonb_strip_nulls(jsonb_build_object('id', id, 'version', 1, \
             'name', 'Account ' || md5(i::text), 'currency', 'USD', 'arr_minor', i * 7919 % 1000000, \
             'renewal_at', 1795219200000 + (i * 31 % 700) * 86400000, 'archived_at', CASE WHEN i % 10 = 0 THEN 1 END, \
             'created_at', 0, 'updated_at', 0)), \
             jsonb_build_object('score', i * 104729 % 100000000, 'band', (ARRAY['healthy','watch','at_risk','critical'])[1 + (i % 4)::int], \
             'coverage', 100000000, 'trend_7d', i * 7 % 20000000 - 10000000) \
             FROM (SELECT i, gen_random_uuid() AS id FROM generate_series(1::bigint, 10000) AS i) AS rows; ANALYZE accounts; \
             VACUUM accounts"
        )
    } else {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
             INSERT INTO accounts (workspace_id, id, doc, health) \
             SELECT x'{workspace}', randomblob(16), json_object('id', '', 'version', 1, 'name', 'Account ' || i * 7919 % 10000, \
             'currency', 'USD', 'arr_minor', i * 7919 % 1000000, 'renewal_at', 1795219200000 + (i * 31 % 700) * 86400000, \
             'archived_at', CASE WHEN i % 10 = 0 THEN 1 END, 'created_at', 0, 'updated_at', 0), \
             json_object('score', i * 104729 % 100000000, 'band', CASE i % 4 WHEN 0 THEN 'healthy' WHEN 1 THEN 'watch' \
             WHEN 2 THEN 'at_risk' ELSE 'critical' END, 'coverage', 100000000, 'trend_7d', i * 7 % 20000000 - 10000000) FROM n"
        )
    };
    // VACUUM cannot stand in a transaction, which several statements in one text are.
    for part in sql.split("; ") {
        t.execute(part).await;
    }
}

fn workspace(t: &TestDb) -> String {
    let id = t.workspace.0.simple();
    if t.db.is_postgres() { format!("'{id}'::uuid") } else { format!("x'{id}'") }
}

fn sorts_all(plan: &[String]) -> bool {
    plan.iter().any(|step| step.contains("TEMP B-TREE") || step.contains("Sort"))
}

fn reads_by_index(plan: &[String]) -> bool {
    plan.iter().any(|step| step.contains("INDEX accounts_") || step.contains("using accounts_"))
}

#[tokio::test]
async fn the_usual_orders_of_the_grid_are_read_from_an_index() {
    for t in support::databases().await {
        fill(&t).await;
        let engine = if t.db.is_postgres() { Engine::Postgres } else { Engine::Sqlite };
        for order in
            ["-score", "score", "name", "-name", "-arr_minor", "arr_minor", "renewal_at", "-trend_7d", "trend_7d"]
        {
            let sorts = sort::parse(order, &catalogue()).unwrap();
            let by = sort::compile(&sorts, &catalogue(), engine, 2).text;
            let plan = t
                .plan(&format!(
                    "SELECT a.doc, a.health FROM accounts AS a WHERE a.workspace_id = {} AND a.archived_at IS NULL \
                     ORDER BY {by} LIMIT 50 OFFSET 100",
                    workspace(&t)
                ))
                .await;
            assert!(reads_by_index(&plan) && !sorts_all(&plan), "{t:?} {order}: {plan:#?}");
        }
    }
}

#[tokio::test]
async fn counting_the_whole_grid_opens_no_document() {
    for t in support::databases().await {
        fill(&t).await;
        let w = workspace(&t);
        for sql in [
            format!("SELECT COUNT(*) FROM accounts AS a WHERE a.workspace_id = {w} AND a.archived_at IS NULL"),
            format!(
                "SELECT band, currency, COUNT(*), CAST(COALESCE(SUM(annual_minor), 0) AS BIGINT) FROM accounts \
                 WHERE workspace_id = {w} AND archived_at IS NULL AND NULL IS NULL GROUP BY band, currency"
            ),
            format!(
                "SELECT COUNT(*) FROM accounts WHERE workspace_id = {w} AND archived_at IS NULL AND NULL IS NULL \
                 AND trend_7d <= -9000000"
            ),
        ] {
            let plan = t.plan(&sql).await;
            assert!(reads_by_index(&plan) && !sorts_all(&plan), "{t:?} {sql}: {plan:#?}");
            if t.db.is_postgres() {
                assert!(plan.iter().any(|step| step.contains("Index Only Scan")), "{t:?} {sql}: {plan:#?}");
            } else {
                assert_eq!(t.table_reads(&sql).await, 0, "{t:?} {sql}: {plan:#?}");
            }
        }
    }
}

#[tokio::test]
async fn the_short_lists_of_today_are_read_from_an_index() {
    for t in support::databases().await {
        fill(&t).await;
        let head =
            format!("SELECT doc, health FROM accounts WHERE workspace_id = {} AND archived_at IS NULL", workspace(&t));
        for tail in [
            "AND trend_7d >= 1000000 ORDER BY trend_7d DESC, id DESC LIMIT 6",
            "AND trend_7d <= -1000000 ORDER BY trend_7d, id LIMIT 6",
            "AND band IN ('at_risk', 'critical') AND (stage IS NULL OR stage <> 'churned') \
             ORDER BY annual_minor DESC NULLS LAST, id DESC LIMIT 6",
            "AND renewal_at BETWEEN 1795219200000 AND 1802995200000 ORDER BY renewal_at, id LIMIT 6",
        ] {
            let plan = t.plan(&format!("{head} {tail}")).await;
            assert!(reads_by_index(&plan), "{t:?} {tail}: {plan:#?}");
            assert!(!sorts_all(&plan), "{t:?} {tail}: {plan:#?}");
        }
    }
}

/// Returns whether a plan goes over all rows of a workspace, or over a range of them, to find those of a list.
fn walks(plan: &[String], table: &str) -> bool {
    let of_table = |step: &&String| step.contains(&format!(" {table} "));
    plan.iter().filter(of_table).any(|step| step.contains("(workspace_id=?)") || step.contains(">?"))
}

#[tokio::test]
async fn lists_of_ids_are_looked_up_one_by_one() {
    for t in support::databases().await.iter().filter(|t| !t.db.is_postgres()) {
        let w = workspace(t);
        let ids = "(SELECT unhex(value, '-') FROM json_each('[]'))";
        for (table, sql) in [
            ("accounts", format!("SELECT doc FROM accounts WHERE workspace_id = {w} AND id IN {ids}")),
            ("contacts", format!("DELETE FROM contacts WHERE workspace_id = {w} AND id IN {ids}")),
            ("scores", format!("DELETE FROM scores WHERE workspace_id = {w} AND account_id IN {ids}")),
            ("overrides", format!("DELETE FROM overrides WHERE workspace_id = {w} AND account_id IN {ids}")),
            ("usage_days", format!("DELETE FROM usage_days WHERE workspace_id = {w} AND account_id IN {ids}")),
            ("accounts", format!("SELECT id, parent_id FROM accounts WHERE workspace_id = {w} AND parent_id IN {ids}")),
            (
                "usage_days",
                format!(
                    "DELETE FROM usage_days WHERE (workspace_id, account_id, metric, day, value) IN \
                     (SELECT j.workspace_id, j.account_id, j.metric, j.day, j.value_after FROM usage_undo AS j \
                     WHERE j.workspace_id = {w} AND j.batch_id = x'00' AND j.value_before IS NULL)"
                ),
            ),
        ] {
            let plan = t.plan(&sql).await;
            assert!(!walks(&plan, table), "{sql}: {plan:#?}");
        }
    }
}

#[tokio::test]
async fn an_owners_sums_are_read_from_the_owners_accounts() {
    for t in support::databases().await.iter().filter(|t| !t.db.is_postgres()) {
        let mine =
            format!("FROM accounts WHERE workspace_id = {} AND archived_at IS NULL AND owner_id = x'00'", workspace(t));
        for sql in [
            format!(
                "SELECT band, currency, COUNT(*), SUM(annual_minor) FROM (SELECT band, currency, annual_minor {mine} \
                 LIMIT 100000000) AS mine GROUP BY band, currency"
            ),
            format!("SELECT COUNT(*) {mine} AND +trend_7d >= 1000000"),
            format!("SELECT currency, COUNT(*) {mine} AND +renewal_at BETWEEN 1 AND 2 GROUP BY currency"),
        ] {
            let plan = t.plan(&sql).await;
            assert!(plan.iter().any(|step| step.contains("accounts_owner")), "{sql}: {plan:#?}");
        }
    }
}
