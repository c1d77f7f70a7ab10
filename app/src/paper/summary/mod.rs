//! The executive summary of a portfolio: how it stands and how it came there, what is at risk and why, what renews, and
//! what was won. [`summary`] loads what is known; [`figures`] draws it and [`tables`] lists it.

mod figures;
mod standing;
mod tables;

use db::{Db, Result, Tx};
use domain::accounts::{AccountPage, AccountQuery, AccountRow};
use domain::alerts::Outcome;
use domain::alerts::list::{AlertQuery, AlertRow, Shelf};
use domain::identity::Actor;
use domain::insights::{Dimension as Grouped, Drivers, InsightQuery, Report as Insight};
use domain::report::{Block, Chapter, Report};
use domain::reports::{AT_RISK, About, Answer, Dimension, Measure, Order, Spec, State};
use domain::time::Timestamp;

use super::pen::{Paper, heading};
use crate::i18n::td_string;

/// Accounts at risk whose reasons are told.
const RISKS: u32 = 6;
/// Renewals that are listed.
const RENEWALS: u32 = 8;
/// Accounts that are drawn as dots, those that pay most.
const SPOTS: u32 = 200;
/// Owners and segments that are shown.
const GROUPS: u8 = 6;
/// Alerts that are looked through for what was won.
const CLOSED: u32 = 200;
/// Who is worst off, and who renews soon.
const CRITICAL: &str = "band = critical";
const RENEWING: &str = "renewal_at within 90 days";

/// Which portfolio, and between which days.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which accounts, in the filter language; empty for all.
    pub filter: String,
    /// The first moment, which everything is compared with.
    pub from: Timestamp,
    /// The moment that is shown; none for now.
    pub to: Option<Timestamp>,
}

/// All that a summary is made of.
struct Known {
    workspace: String,
    filter: String,
    insight: Insight,
    /// What is only known of the present; nothing for a day in the past.
    present: Option<Present>,
}

/// What is only known of the present.
struct Present {
    /// Accounts at risk by owner and by segment, and those of them that are critical by owner.
    by_owner: Answer,
    critical: Answer,
    by_tier: Answer,
    /// All accounts by stage.
    stages: Answer,
    /// What renews soon by band, and the first of it.
    renewing: Answer,
    renewals: AccountPage,
    /// Open alerts by priority.
    risks: Answer,
    opportunities: Answer,
    /// The accounts at risk that pay most, with why.
    worst: Vec<Risk>,
    /// The accounts that pay most.
    largest: Vec<AccountRow>,
    /// What was won between the two days.
    won: Vec<AlertRow>,
}

/// An account at risk.
struct Risk {
    row: AccountRow,
    alert: Option<AlertRow>,
    drivers: Option<Drivers>,
}

/// Returns the summary of a portfolio.
///
/// # Errors
/// Refuses a filter that cannot be read and days that make no span.
pub async fn summary(db: &Db, actor: &Actor, asked: &Asked, paper: &Paper) -> Result<Report> {
    let mut tx = db.read(actor).await?;
    let people = db::identity::users(&mut tx).await?;
    let known = load(&mut tx, asked).await?;
    drop(tx);
    Ok(paper.written(&people, || written(&known, paper)))
}

async fn load(tx: &mut Tx, asked: &Asked) -> Result<Known> {
    let (workspace, _) = db::identity::workspace(tx).await?;
    let query = InsightQuery { from: asked.from, at: asked.to, filter: asked.filter.clone(), by: Grouped::Tier };
    let insight = db::insights::report(tx, &query).await?;
    let present = if asked.to.is_none() { Some(present(tx, asked).await?) } else { None };
    Ok(Known { workspace, filter: asked.filter.clone(), insight, present })
}

async fn present(tx: &mut Tx, asked: &Asked) -> Result<Present> {
    let filter = |condition: &str| within(&asked.filter, condition);
    let by = |by: Dimension, condition: &str| Spec {
        filter: filter(condition),
        by,
        measures: vec![Measure::Arr, Measure::Count, Measure::Score],
        order: Order::most(Measure::Arr),
        top: GROUPS,
        ..Spec::of(About::Accounts)
    };
    let alerts = |state: State| Spec {
        filter: filter(""),
        state,
        by: Dimension::Priority,
        measures: vec![Measure::Count, Measure::Accounts, Measure::Arr],
        order: Order::BY_GROUP,
        ..Spec::of(About::Alerts)
    };
    let rows = |condition: &str, sort: &str, limit: u32| AccountQuery {
        filter: filter(condition),
        sort: sort.to_owned(),
        offset: 0,
        limit,
    };
    let (band, stage) = (Spec { order: Order::BY_GROUP, ..by(Dimension::Band, RENEWING) }, by(Dimension::Stage, ""));
    let worst = db::accounts::page(tx, &rows(AT_RISK, "-arr_minor", RISKS)).await?;
    Ok(Present {
        by_owner: db::reports::answer(tx, by(Dimension::Owner, AT_RISK)).await?,
        critical: db::reports::answer(tx, Spec { top: 50, ..by(Dimension::Owner, CRITICAL) }).await?,
        by_tier: db::reports::answer(tx, by(Dimension::Tier, AT_RISK)).await?,
        stages: db::reports::answer(tx, Spec { order: Order::BY_GROUP, ..stage }).await?,
        renewing: db::reports::answer(tx, band).await?,
        renewals: db::accounts::page(tx, &rows(RENEWING, "renewal_at", RENEWALS)).await?,
        risks: db::reports::answer(tx, alerts(State::Risks)).await?,
        opportunities: db::reports::answer(tx, alerts(State::Opportunities)).await?,
        worst: reasons(tx, worst.rows).await?,
        largest: db::accounts::page(tx, &rows("", "-arr_minor", SPOTS)).await?.rows,
        won: won(tx, asked).await?,
    })
}

/// Returns a condition within a filter.
fn within(filter: &str, condition: &str) -> String {
    match (filter.trim().is_empty(), condition.is_empty()) {
        (true, _) => condition.to_owned(),
        (false, true) => filter.to_owned(),
        (false, false) => format!("({filter}) and {condition}"),
    }
}

async fn reasons(tx: &mut Tx, rows: Vec<AccountRow>) -> Result<Vec<Risk>> {
    let mut risks = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.account.id;
        let alert = db::alerts::of_account(tx, id).await?.into_iter().next();
        let drivers = db::insights::score_drivers(tx, id, None).await?;
        risks.push(Risk { row, alert, drivers });
    }
    Ok(risks)
}

/// Returns the alerts that were closed as won since the first day.
async fn won(tx: &mut Tx, asked: &Asked) -> Result<Vec<AlertRow>> {
    let query = AlertQuery { shelf: Shelf::Closed, limit: CLOSED, ..AlertQuery::default() };
    let mut rows = db::alerts::list(tx, &query).await?.rows;
    let is_won = |row: &AlertRow| {
        row.alert.outcome == Some(Outcome::Won) && row.alert.resolved_at.is_some_and(|at| at >= asked.from)
    };
    rows.retain(is_won);
    if !rows.is_empty() && !asked.filter.trim().is_empty() {
        let chosen = db::export::matching(tx, &asked.filter).await?;
        rows.retain(|row| row.alert.account_id.is_some_and(|account| chosen.contains(&account)));
    }
    Ok(rows)
}

fn written(known: &Known, paper: &Paper) -> Report {
    let locale = paper.locale;
    let mut chapters = vec![
        Chapter { name: td_string!(locale, paper.chapter_standing).to_owned(), blocks: standing::blocks(known, paper) },
        Chapter { name: td_string!(locale, paper.chapter_movement).to_owned(), blocks: movement(known, paper) },
    ];
    if let Some(present) = &known.present {
        let chapter = |name: &str, blocks: Vec<Block>| Chapter { name: name.to_owned(), blocks };
        chapters.push(chapter(td_string!(locale, paper.chapter_risk), risk(known, present, paper)));
        chapters.push(chapter(td_string!(locale, paper.chapter_renewals), renewals(present, paper)));
    }
    let title = td_string!(locale, paper.summary_title, name = known.workspace.clone());
    paper.bound(td_string!(locale, paper.summary_kind), title, chapters)
}

fn movement(known: &Known, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    let mut blocks = vec![heading(td_string!(locale, paper.matrix)), Block::Chart(figures::matrix(known, paper))];
    blocks.extend(tables::moved(td_string!(locale, paper.fallers), &known.insight.movement.fallers, known, paper));
    blocks.extend(tables::moved(td_string!(locale, paper.risers), &known.insight.movement.risers, known, paper));
    blocks.extend(tables::left(known, paper));
    blocks.extend(tables::wins(known, paper));
    blocks
}

fn risk(known: &Known, present: &Present, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    let mut blocks = vec![heading(td_string!(locale, paper.risk_by_owner))];
    blocks.push(Block::Chart(figures::risk_by_owner(present, paper)));
    blocks.extend(tables::by_tier(known, present, paper));
    blocks.extend(tables::worst(present, paper));
    blocks.extend(tables::alerts(present, paper));
    blocks
}

fn renewals(present: &Present, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    let mut blocks = tables::renewals(present, paper);
    blocks.extend([heading(td_string!(locale, paper.stages)), Block::Chart(figures::stages(present, paper))]);
    blocks.extend([heading(td_string!(locale, paper.spots)), Block::Chart(figures::spots(present, paper))]);
    blocks
}
