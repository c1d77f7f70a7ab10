//! Measures the demo portfolio and shows how its health came out: `demo_speed ACCOUNTS`.

use std::io::Write;
use std::time::Instant;

use db::{Clock, Db};
use domain::accounts::AccountQuery;
use domain::identity::Actor;

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let accounts = std::env::args().nth(1).ok_or("Say how many accounts.")?.parse()?;
    let folder = std::env::temp_dir().join(format!("demo_speed_{}", std::process::id()));
    let measured = measure(accounts, &folder).await;
    std::fs::remove_dir_all(&folder)?;
    measured
}

async fn measure(accounts: u32, folder: &std::path::Path) -> Outcome<()> {
    let db = Db::open(&format!("sqlite://{}", folder.join("keepwell.db").display()), Clock::System).await?;
    let workspace = db::identity::create_workspace(&db, "Speed").await?;
    let begin = Instant::now();
    db::demo::fill(&db, workspace, &[], accounts, 7, |done| {
        if done % 10_000 == 0 {
            say(&format!("{done} written after {:.1} s", begin.elapsed().as_secs_f64()));
        }
    })
    .await?;
    say(&format!("{accounts} accounts: {:.1} s", begin.elapsed().as_secs_f64()));
    let mut tx = db.read(&Actor::system(workspace)).await?;
    for band in ["healthy", "watch", "at_risk", "critical"] {
        let query = AccountQuery { filter: format!("band = {band}"), sort: String::new(), offset: 0, limit: 1 };
        let total = db::accounts::page(&mut tx, &query).await?.total;
        say(&format!("{band}: {:.1} %", f64::from(total) * 100.0 / f64::from(accounts)));
    }
    for (name, plot) in db::seeds::first_accounts() {
        let query = AccountQuery { filter: format!("name = \"{name}\""), sort: String::new(), offset: 0, limit: 1 };
        let rows = db::accounts::page(&mut tx, &query).await?.rows;
        let health = rows.first().and_then(|row| row.health.clone());
        let shown = health.map(|health| format!("{} {:?} {}", health.score.0, health.band, health.coverage));
        say(&format!("{name} ({plot:?}): {}", shown.unwrap_or_default()));
    }
    look_back(&mut tx, db.clock().now()).await?;
    if std::env::args().nth(2).is_some() {
        explain(&mut tx).await?;
    }
    Ok(())
}

/// Measures how long accounts of two years ago take to read back, with all that hung on them.
async fn look_back(tx: &mut db::Tx, now: domain::time::Timestamp) -> Outcome<()> {
    let query = AccountQuery { filter: String::new(), sort: "name".to_owned(), offset: 0, limit: 200 };
    let rows = db::accounts::page(tx, &query).await?.rows;
    let (mut slowest, mut existed, all) = (0.0_f64, 0, Instant::now());
    for row in &rows {
        let one = Instant::now();
        existed += u32::from(db::past::as_of(tx, row.account.id, now.plus_days(-730)).await?.is_some());
        slowest = slowest.max(one.elapsed().as_secs_f64());
    }
    let mean = all.elapsed().as_secs_f64() * 1_000.0 / rows.len().max(1) as f64;
    say(&format!(
        "two years back: {mean:.1} ms, at most {:.1} ms, {existed} of {} existed",
        slowest * 1_000.0,
        rows.len()
    ));
    Ok(())
}

/// Shows the measures of the first accounts.
async fn explain(tx: &mut db::Tx) -> Outcome<()> {
    for (name, _) in db::seeds::first_accounts() {
        let query = AccountQuery { filter: format!("name = \"{name}\""), sort: String::new(), offset: 0, limit: 1 };
        let Some(row) = db::accounts::page(tx, &query).await?.rows.into_iter().next() else { continue };
        let now = domain::time::Timestamp(i64::MAX);
        let Some(stored) = db::health::evaluation_at(tx, row.account.id, now).await? else { continue };
        say(&format!("{name} risk {:?}", row.account.risk_level));
        for group in &stored.evaluation.groups {
            for measure in &group.measures {
                let points = measure.points.map(|points| points.0 / 1_000_000);
                say(&format!("   {} {} {:?} -> {points:?}", group.key, measure.key, measure.raw));
            }
        }
        say(&format!("   base {:?}, {:?}", stored.evaluation.base, stored.evaluation.exceptions));
    }
    Ok(())
}

fn say(text: &str) {
    // Nobody reading is no reason to fail.
    drop(writeln!(std::io::stdout(), "{text}"));
}
