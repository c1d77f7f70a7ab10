//! The past: accounts as they were, and the laboratory's replay beside a bare loop of evaluations.

use std::hint::black_box;
use std::time::Instant;

use db::seeds::{self, Options, Volume};
use domain::health::{Context, Group, Measure, Mode, Scale, Scorecard, ScorecardVersion, evaluate, keys};
use domain::id::{AccountId, ScorecardId, WorkspaceId};
use domain::identity::Actor;

use super::import::Loaded;
use super::{Figure, median};

/// Accounts of the demo portfolio, with two years of history in detail.
const ACCOUNTS: u32 = 2_000;
const MONTHS: u32 = 24;
/// Accounts that are looked at in the past.
const LOOKED_AT: usize = 50;
/// How far back they are looked at.
const BACK_DAYS: i64 = 720;
const SEED: u64 = 7;

/// Fills a second workspace of the same database with the demo portfolio, and looks into its past.
pub async fn run(loaded: &Loaded) -> anyhow::Result<Vec<Figure>> {
    let workspace = db::identity::create_workspace(&loaded.db, "Demo").await?;
    let start = Instant::now();
    db::demo::fill(&loaded.db, workspace, &[], ACCOUNTS, SEED, |_| {}).await?;
    println!("{ACCOUNTS} accounts with two years of history in {:.1} s", start.elapsed().as_secs_f64());
    let ids = ids(loaded);
    Ok(vec![replayed(loaded, workspace, &ids).await?, looked_at(loaded, workspace, &ids).await?])
}

fn ids(loaded: &Loaded) -> Vec<AccountId> {
    let now = loaded.db.clock().now();
    let options = Options { seed: SEED, accounts: ACCOUNTS, now, owners: Vec::new(), volume: Volume::Full };
    (0..ACCOUNTS).map(|number| seeds::id(&options, number)).collect()
}

/// Replays two years of all accounts by eight measures of different sources.
async fn replayed(loaded: &Loaded, workspace: WorkspaceId, ids: &[AccountId]) -> anyhow::Result<Figure> {
    let (actor, card) = (Actor::system(workspace), card()?);
    let mut ours = Vec::new();
    let mut evaluations = 0;
    for _ in 0..3 {
        let go_on = |_, _| async { Ok(()) };
        let start = Instant::now();
        let stories = db::lab::replay(&loaded.db, &actor, &[vec![card.clone()]], MONTHS, go_on).await?;
        ours.push(start.elapsed().as_secs_f64());
        evaluations = stories.iter().flatten().map(|story| story.said.len()).sum();
    }
    let (ours, bare) = (median(ours), bare(loaded, &actor, ids, &card, evaluations).await?);
    Ok(Figure {
        name: format!("replay {ACCOUNTS} × {MONTHS} months × 8"),
        ours: format!("{ours:.2} s, {evaluations} scores"),
        limit: format!("bare loop {bare:.2} s, {:.1} ×", ours / bare),
        measured: ours,
        budget: 3.0,
        more_is_better: false,
        unit: "s",
    })
}

/// Evaluates the card as often on the present facts of the same accounts, which are in memory.
async fn bare(
    loaded: &Loaded,
    actor: &Actor,
    ids: &[AccountId],
    card: &ScorecardVersion,
    times: usize,
) -> anyhow::Result<f64> {
    let mut tx = loaded.db.read(actor).await?;
    let now = tx.now();
    let mut facts = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        facts.extend(db::health::gather(&mut tx, chunk).await?.iter().map(|one| one.record.facts(now)));
    }
    let start = Instant::now();
    for index in 0..times {
        black_box(evaluate(&card.card, &facts[index % facts.len()], &Context::at(now)));
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Looks at accounts as they were two years ago, with all that hung on them.
async fn looked_at(loaded: &Loaded, workspace: WorkspaceId, ids: &[AccountId]) -> anyhow::Result<Figure> {
    let actor = Actor::system(workspace);
    let at = loaded.db.clock().now().plus_days(-BACK_DAYS);
    let (mut times, mut found) = (Vec::new(), 0);
    for id in ids.iter().step_by(ids.len() / LOOKED_AT) {
        let start = Instant::now();
        let mut tx = loaded.db.read(&actor).await?;
        found += usize::from(db::past::as_of(&mut tx, *id, at).await?.is_some());
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    let slowest = times.iter().copied().fold(0.0, f64::max);
    Ok(Figure {
        name: "account as of two years ago".into(),
        ours: format!("{:.1} ms, slowest {slowest:.1}", median(times)),
        limit: format!("{found} of {LOOKED_AT} existed"),
        measured: slowest,
        budget: 500.0,
        more_is_better: false,
        unit: "ms",
    })
}

fn card() -> anyhow::Result<ScorecardVersion> {
    let measure = |key: &str, most: f64| Measure::new(key, key, 1.0, key, Scale::curve(&[(0.0, 0.0), (most, 100.0)]));
    let mut usage = measure(keys::USAGE_28D, 120.0);
    usage.mode = Mode::OwnBaseline { days: 90 };
    let measures = vec![
        usage,
        measure(keys::ADOPTION_PCT, 100.0),
        measure(keys::DAYS_SINCE_LOGIN, 60.0),
        measure(keys::OPEN_TICKETS, 10.0),
        measure(keys::NPS, 10.0),
        measure(keys::OVERDUE_INVOICES, 4.0),
        measure(keys::CONTACTS_TOUCHED_90D, 5.0),
        measure(keys::SENTIMENT, 100.0),
    ];
    let groups = vec![Group { key: "all".into(), label: "All".into(), weight: 1.0, measures }];
    let card = Scorecard { name: "Bench".into(), groups, ..Scorecard::default() };
    let scorecard: ScorecardId = "00000000-0000-0000-0000-000000000001".parse()?;
    Ok(ScorecardVersion { scorecard, version: 1, card, published_at: None, revision: 1 })
}
