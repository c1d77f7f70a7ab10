//! A dashboard of 12 widgets at three sizes, in one database: what it costs must follow the rows that it reads.

use std::time::Instant;

use db::import::{Progress, Upload};
use domain::accounts::AccountQuery;
use domain::dashboards::{Shows, Widget};
use domain::fields::Subject;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::reports::ready;
use domain::usage::UsageDay;

use super::Figure;
use super::import::{Loaded, file};

/// Usage facts of each account; with the customers of the whole measurement these are more than five million.
const FACTS: i64 = 46;
/// Accounts of which usage is written in one transaction.
const CHUNK: usize = 1_000;
/// Accounts on a page while their ids are gathered.
const PAGE: u32 = 200;
/// How often the dashboard is asked for after something changed.
const ROUNDS: usize = 20;
/// The ready reports that the dashboard shows.
const WIDGETS: [&str; 12] = [
    "by_band",
    "risk_by_segment",
    "risk_by_owner",
    "arr_by_segment",
    "renewals_by_month",
    "revenue_by_month",
    "revenue_by_movement",
    "usage_by_month",
    "usage_by_band",
    "risks_by_rule",
    "accounts_by_owner",
    "overdue_by_owner",
];

/// Asks for the dashboard with a hundredth, a tenth and all of the customers.
pub async fn run(loaded: &Loaded, accounts: u32) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for size in [accounts / 100, accounts / 10, accounts] {
        figures.push(measured(loaded, size.max(10)).await?);
    }
    Ok(figures)
}

async fn measured(loaded: &Loaded, accounts: u32) -> anyhow::Result<Figure> {
    let workspace = db::identity::create_workspace(&loaded.db, "Dashboard").await?;
    let actor = Actor::system(workspace);
    let csv = file(accounts);
    let upload = Upload::decode("customers.csv", csv.as_bytes())?;
    let options = db::import::inspect(&loaded.db, &actor, &upload, Subject::Account).await?.options;
    db::import::run(&loaded.db, &actor, &upload, &options, &Progress::new()).await?;
    db::health::catch_up(&loaded.db, workspace).await?;
    let ids = ids(loaded, &actor).await?;
    let facts = use_product(loaded, &actor, &ids).await?;
    let start = Instant::now();
    ask(loaded, &actor).await?;
    let first = start.elapsed().as_secs_f64() * 1_000.0;
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        touch(loaded, &actor, ids[round % ids.len()], round).await?;
        let start = Instant::now();
        ask(loaded, &actor).await?;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let p95 = times.get(ROUNDS * 95 / 100 - 1).copied().unwrap_or_default();
    Ok(Figure {
        name: format!("dashboard of 12, {accounts} accounts"),
        ours: format!("{:.0} ms, first {first:.0}", super::median(times)),
        limit: format!("{facts} facts"),
        measured: p95,
        budget: 500.0,
        more_is_better: false,
        unit: "ms",
    })
}

async fn ids(loaded: &Loaded, actor: &Actor) -> anyhow::Result<Vec<AccountId>> {
    let mut ids = Vec::new();
    loop {
        let offset = u32::try_from(ids.len())?;
        let query = AccountQuery { limit: PAGE, offset, ..AccountQuery::default() };
        let page = db::accounts::page(&mut loaded.db.read(actor).await?, &query).await?;
        if page.rows.is_empty() {
            return Ok(ids);
        }
        ids.extend(page.rows.into_iter().map(|row| row.account.id));
    }
}

/// Reports usage of two metrics of every account, on some of the last days.
async fn use_product(loaded: &Loaded, actor: &Actor, ids: &[AccountId]) -> anyhow::Result<usize> {
    let today = loaded.db.clock().now().day_start();
    let start = Instant::now();
    for some in ids.chunks(CHUNK) {
        let day = |account_id: AccountId| {
            (0..FACTS).map(move |number| UsageDay {
                account_id,
                metric: if number % 2 == 0 { "logins" } else { "exports" }.to_owned(),
                day: today.plus_days(-number * 4),
                value: (number % 7) as f64,
            })
        };
        let days: Vec<UsageDay> = some.iter().copied().flat_map(day).collect();
        let mut tx = loaded.db.write(actor).await?;
        db::usage::set(&mut tx, &days).await?;
        tx.commit().await?;
    }
    let facts = ids.len() * usize::try_from(FACTS)?;
    println!("{facts} usage facts in {:.1} s", start.elapsed().as_secs_f64());
    Ok(facts)
}

/// Changes an account and reports usage, so that nothing that was answered before holds.
async fn touch(loaded: &Loaded, actor: &Actor, id: AccountId, round: usize) -> anyhow::Result<()> {
    let mut tx = loaded.db.write(actor).await?;
    let version = db::accounts::get(&mut tx, id).await?.version;
    db::accounts::edit(&mut tx, id, version, "arr_minor", serde_json::json!(100_000 + round)).await?;
    let day = loaded.db.clock().now().day_start();
    let used = UsageDay { account_id: id, metric: "logins".to_owned(), day, value: 100.0 + round as f64 };
    db::usage::set(&mut tx, &[used]).await?;
    tx.commit().await?;
    Ok(())
}

async fn ask(loaded: &Loaded, actor: &Actor) -> anyhow::Result<()> {
    for (id, spec) in (0_u32..).zip(WIDGETS.iter().filter_map(|key| ready(key))) {
        let widget = Widget { id, name: String::new(), shows: Shows::Spec(spec), width: 2, height: 2 };
        let mut tx = loaded.db.read(actor).await?;
        db::dashboards::answer(&mut tx, &widget).await?;
    }
    Ok(())
}
