//! Import of a customer file, beside a bare insert of the same rows.

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use db::import::{Progress, Upload};
use db::{Clock, Db};
use domain::fields::Subject;
use domain::identity::Actor;

use super::Figure;

/// A database with the imported and scored customers in it.
pub struct Loaded {
    /// The database.
    pub db: Db,
    /// Who imported them.
    pub actor: Actor,
}

/// Imports a file with validation, change log and undo, then scores everybody.
pub async fn run(folder: &Path, accounts: u32) -> anyhow::Result<(Loaded, Vec<Figure>)> {
    let url = format!("sqlite://{}", folder.join("bench.db").display());
    let db = Db::open(&url, Clock::System).await?;
    let workspace = db::identity::create_workspace(&db, "Bench").await?;
    let actor = Actor::system(workspace);
    let csv = file(accounts);
    let upload = Upload::decode("customers.csv", csv.as_bytes())?;
    let options = db::import::inspect(&db, &actor, &upload, Subject::Account).await?.options;
    let start = Instant::now();
    let report = db::import::run(&db, &actor, &upload, &options, &Progress::new()).await?.report;
    let seconds = start.elapsed().as_secs_f64();
    anyhow::ensure!(report.created == u64::from(accounts), "{} of {accounts} rows were created", report.created);
    let start = Instant::now();
    db::health::catch_up(&db, workspace).await?;
    let scored = start.elapsed().as_secs_f64();
    let rows = f64::from(accounts);
    let figures = vec![
        Figure {
            name: format!("import {accounts} customers"),
            ours: format!("{seconds:.2} s, {:.1} MB", csv.len() as f64 / 1e6),
            limit: "validated, logged, undoable".into(),
            measured: rows / seconds / 1_000.0,
            budget: 50.0,
            more_is_better: true,
            unit: "k/s",
        },
        Figure {
            name: "first scores of all of them".into(),
            ours: format!("{scored:.2} s"),
            limit: "read, score, explain, write".into(),
            measured: rows / scored / 1_000.0,
            budget: 5.0,
            more_is_better: true,
            unit: "k/s",
        },
    ];
    Ok((Loaded { db, actor }, figures))
}

/// Returns a file like those people have: quotes, commas, letters beyond ASCII.
pub(super) fn file(accounts: u32) -> String {
    const FIRST: [&str; 12] =
        ["Ada", "Ben", "Chloé", "David", "Élif", "Farid", "Grace", "Hiro", "Inês", "Jamal", "Kofi", "Lena"];
    const LAST: [&str; 11] =
        ["Adler", "Brown", "Costa", "Díaz", "Evans", "Fischer", "García", "Hansen", "Ivanov", "Jones", "Tanaka"];
    const COUNTRIES: [&str; 7] = ["France", "Norway", "Japan", "Germany", "Spain", "Ghana", "United Kingdom"];
    let mut text = String::from(
        "external_id,name,email,company,country,plan,mrr,health_score,orders,lifetime_value,first_seen,last_seen,notes\n",
    );
    for id in 0..accounts as usize {
        let (first, last, country) = (FIRST[id % 12], LAST[id / 12 % 11], COUNTRIES[id / 5 % 7]);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{id},{first} {last},{first}.{last}.{id}@example.com,\"{last} & \"\"{first}\"\" Ltd {id}, {country}\",{country},{},{}.{:02},{},{},{}.5,\
             2024-{:02}-{:02} 08:26:00,2026-{:02}-{:02} 12:50:00,\"Imported line, contains comma; \"\"quotes\"\" and é ü 漢 {id}\"",
            ["free", "pro", "enterprise"][id % 3],
            20 + id % 400,
            id % 100,
            id * 7 % 101,
            id % 90,
            id * 13 % 9_000,
            1 + id % 12,
            1 + id % 28,
            1 + id % 11,
            1 + id % 28,
        );
    }
    text
}
