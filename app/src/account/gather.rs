//! Puts together what the panels show, on the server.

use std::collections::BTreeMap;

use db::health::Stored;
use db::{Result, Tx};
use domain::alerts::Alert;
use domain::alerts::list::{AlertQuery, Shelf};
use domain::changes::{Batch, Change, Entry};
use domain::contacts::Contact;
use domain::fields::Subject;
use domain::health::{Band, Bands, Cause, Evaluation, ManualScore, Points, StepKind};
use domain::id::{AccountId, BatchId, UserId};
use domain::identity::Role;
use domain::money::Money;
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::time::{DAY_MS, Timestamp};
use domain::todos::{Pile, Todo, TodoQuery, TodoRow};
use domain::usage::UsageDay;
use serde_json::Value;

use super::panels::{FieldChange, History, HistoryLine, Metric, Moment, ScoreHistory, What};
use super::{names, past};

/// How far back the timeline goes for scores.
const SCORE_DAYS: u32 = 730;
/// How far ahead the score is expected, and from how many days of the past.
const FORECAST_DAYS: i64 = 60;
const FORECAST_FROM: i64 = 300;
/// Alerts of each state that the timeline tells of.
const ALERTS_MAX: u32 = 100;
/// Tasks, open and done, that the timeline tells of.
const TODOS_MAX: u32 = 100;
/// Usage metrics that stand for the whole, best first.
const MAIN_METRICS: [&str; 3] = ["active_users", "logins", "events"];
/// How many metrics are shown.
const METRICS_MAX: usize = 4;
/// Lines of the log that are read at a time.
const STEP: i64 = 500;
/// Steps after which a history that holds little else than scores ends.
const STEPS_MAX: usize = 20;

/// Returns the two measures that cost the score most, against a full one.
pub(super) fn drags(evaluation: &Evaluation) -> Vec<Cause> {
    let cause = |measure: &domain::health::MeasureResult| Cause {
        key: measure.key.clone(),
        label: measure.label.clone(),
        kind: StepKind::Measure,
        delta: measure.effective.share_of(measure.points.unwrap_or_default() - Points::FULL),
    };
    let mut drags: Vec<Cause> = evaluation.measures().filter(|measure| measure.counts()).map(cause).collect();
    drags.retain(|drag| drag.delta.tenths() < 0);
    drags.sort_by_key(|drag| drag.delta);
    drags.truncate(2);
    drags
}

/// Returns the scores of the days up to a moment, beginning with the one that stood then.
pub(super) async fn scores(tx: &mut Tx, id: AccountId, days: u32, at: Option<Timestamp>) -> Result<ScoreHistory> {
    let now = at.unwrap_or(tx.now());
    let since = now.plus_days(-i64::from(days.clamp(1, SCORE_DAYS)));
    let mut scores = db::health::history(tx, id, since).await?;
    scores.retain(|(scored, _)| *scored <= now);
    let stood = db::health::evaluation_at(tx, id, since).await?;
    if let Some(score) = stood.as_ref().and_then(|stored| stored.evaluation.score) {
        scores.insert(0, (since, score));
    }
    let mut known = db::health::history(tx, id, now.plus_days(-FORECAST_FROM)).await?;
    known.retain(|(scored, _)| *scored <= now);
    let expected = domain::health::forecast(&known, now, FORECAST_DAYS);
    let bands = bands(tx, id, now).await?;
    Ok(ScoreHistory { scores, expected, bands })
}

/// Returns the names and versions of the scorecards that made two evaluations, where they are not the same.
pub(super) async fn other_cards(tx: &mut Tx, before: &Stored, after: &Stored) -> Result<Option<[(String, u32); 2]>> {
    let card = |stored: &Stored| (stored.scorecard, stored.version);
    if card(before) == card(after) {
        return Ok(None);
    }
    let mut named = [(String::new(), before.version), (String::new(), after.version)];
    for (stored, (name, _)) in [before, after].into_iter().zip(&mut named) {
        let version = db::health::version(tx, stored.scorecard, stored.version).await?;
        *name = version.map(|version| version.card.name).unwrap_or_default();
    }
    Ok(Some(named))
}

async fn bands(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<Bands> {
    let Some(stored) = db::health::evaluation_at(tx, id, now).await? else { return Ok(Bands::default()) };
    let version = db::health::version(tx, stored.scorecard, stored.version).await?;
    Ok(version.map(|version| version.card.bands).unwrap_or_default())
}

/// Returns what happened to the alerts of an account.
async fn alert_moments(tx: &mut Tx, id: AccountId, list: &mut Vec<Moment>) -> Result<()> {
    for shelf in [Shelf::Open, Shelf::Snoozed, Shelf::Closed] {
        let query = AlertQuery { shelf, account: Some(id), members: true, limit: ALERTS_MAX, ..AlertQuery::default() };
        for row in db::alerts::list(tx, &query).await?.rows {
            steps_of(&row.alert, list);
        }
    }
    Ok(())
}

/// Returns when the tasks of an account were written down and done.
async fn todo_moments(tx: &mut Tx, id: AccountId, list: &mut Vec<Moment>) -> Result<()> {
    for pile in [Pile::Open, Pile::Done] {
        let query = TodoQuery { pile, account: Some(id), limit: TODOS_MAX, ..TodoQuery::default() };
        for TodoRow { todo, .. } in db::todos::list(tx, &query).await?.rows {
            if let Some(at) = todo.done_at {
                let what = What::Todo { title: todo.title.clone(), is_done: true, by: todo.done_by };
                list.push(Moment { id: format!("{}-done", todo.id), at, what });
            }
            // One that came again was written down by nobody.
            if todo.follows.is_none() {
                let what = What::Todo { title: todo.title, is_done: false, by: todo.created_by };
                list.push(Moment { id: todo.id.to_string(), at: todo.created_at, what });
            }
        }
    }
    Ok(())
}

fn steps_of(alert: &Alert, list: &mut Vec<Moment>) {
    let mut add = |at: Option<Timestamp>, by: Option<UserId>, step: &str, text: Option<String>| {
        let Some(at) = at else { return };
        let (rule, name) = (alert.reason.key.clone(), alert.rule_name.clone());
        let what = What::Alert { rule, name, step: step.to_owned(), by, text };
        list.push(Moment { id: format!("{}/{step}/{}", alert.id, at.0), at, what });
    };
    add(Some(alert.created_at), None, "raised", None);
    add(alert.acknowledged_at, alert.acknowledged_by, "acknowledge", None);
    add(alert.started_at, alert.started_by, "start", None);
    add(alert.snoozed_at, alert.snoozed_by, "snooze", alert.snoozed_while.clone());
    add(alert.dismissed_at, alert.dismissed_by, "dismiss", None);
    let ended = if alert.resolved_by.is_some() { "resolve" } else { "resolved" };
    add(alert.resolved_at, alert.resolved_by, ended, None);
    for note in &alert.notes {
        add(Some(note.at), note.by, "note", Some(note.text.clone()));
    }
}

/// Returns everything that had happened up to a moment, in no order.
pub(super) async fn moments(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> Result<Vec<Moment>> {
    past::account(tx, id, at).await?;
    let mut list = Vec::new();
    alert_moments(tx, id, &mut list).await?;
    todo_moments(tx, id, &mut list).await?;
    for activity in past::activities(tx, id, at).await? {
        let what = What::Activity { kind: activity.kind, body: activity.body, author: activity.author_id };
        list.push(Moment { id: activity.id.to_string(), at: activity.happened_at, what });
    }
    for ticket in past::tickets(tx, id, at).await? {
        ticket_moments(ticket, &mut list);
    }
    for invoice in past::invoices(tx, id, at).await? {
        invoice_moments(invoice, &mut list);
    }
    for survey in past::surveys(tx, id, at).await? {
        let what =
            What::Survey { kind: survey.kind, score: survey.score, comment: survey.comment, email: survey.email };
        list.push(Moment { id: survey.id.to_string(), at: survey.answered_at, what });
    }
    for Contact { id, name, role, left_at, .. } in past::contacts(tx, id, at).await? {
        if let Some(at) = left_at {
            list.push(Moment { id: id.to_string(), at, what: What::ContactLeft { name, role } });
        }
    }
    for manual in db::health::overrides(tx, id).await? {
        override_moments(manual, &mut list);
    }
    let history = scores(tx, id, SCORE_DAYS, at).await?;
    list.extend(band_moments(&history));
    let end = at.unwrap_or(tx.now().plus_days(1));
    list.retain(|moment| moment.at <= end);
    Ok(list)
}

fn ticket_moments(ticket: Ticket, list: &mut Vec<Moment>) {
    if let Some(at) = ticket.resolved_at {
        let what = What::TicketResolved { subject: ticket.subject.clone(), satisfaction: ticket.satisfaction };
        list.push(Moment { id: format!("{}-resolved", ticket.id), at, what });
    }
    let what = What::TicketOpened { subject: ticket.subject, severity: ticket.severity };
    list.push(Moment { id: ticket.id.to_string(), at: ticket.opened_at, what });
}

fn invoice_moments(invoice: Invoice, list: &mut Vec<Moment>) {
    let amount = Money { minor: invoice.amount_minor, currency: invoice.currency };
    let number = invoice.external_id.or(invoice.product).unwrap_or_default();
    if let Some(at) = invoice.failed_at {
        let what = What::InvoiceFailed { number: number.clone(), amount };
        list.push(Moment { id: format!("{}-failed", invoice.id), at, what });
    }
    if let Some(at) = invoice.paid_at {
        list.push(Moment { id: format!("{}-paid", invoice.id), at, what: What::InvoicePaid { number, amount } });
    }
}

fn override_moments(manual: ManualScore, list: &mut Vec<Moment>) {
    let ManualScore { id, score, reason, created_at, created_by, expires_at, ended_at, ended_by, .. } = manual;
    if let Some(at) = ended_at {
        list.push(Moment { id: format!("{id}-ended"), at, what: What::OverrideEnded { score, by: ended_by } });
    }
    let what = What::OverrideSet { score, reason, author: created_by, until: expires_at };
    list.push(Moment { id: id.to_string(), at: created_at, what });
}

pub(super) fn band_moments(history: &ScoreHistory) -> Vec<Moment> {
    let mut band: Option<Band> = None;
    let mut list = Vec::new();
    for (at, score) in &history.scores {
        let next = history.bands.band(*score, band);
        if band != Some(next) {
            // The first score of the history is no change; only later ones are.
            if band.is_some() {
                let what = What::Band { from: band, to: next, score: *score };
                list.push(Moment { id: format!("score-{}", at.0), at: *at, what });
            }
            band = Some(next);
        }
    }
    list
}

/// Returns the most telling metrics: daily values, or weekly sums where more than a quarter is asked for.
pub(super) fn metrics(all: Vec<UsageDay>, today: Timestamp, days: i64) -> Vec<Metric> {
    let mut by_name: BTreeMap<String, Vec<(Timestamp, f64)>> = BTreeMap::new();
    for day in all {
        by_name.entry(day.metric).or_default().push((day.day, day.value));
    }
    let mut metrics: Vec<Metric> = by_name.into_iter().map(|(name, list)| metric(name, &list, today, days)).collect();
    let place = |metric: &Metric| MAIN_METRICS.iter().position(|name| *name == metric.name).unwrap_or(usize::MAX);
    metrics.sort_by(|a, b| place(a).cmp(&place(b)).then(b.recent.total_cmp(&a.recent)));
    metrics.truncate(METRICS_MAX);
    metrics
}

fn metric(name: String, days: &[(Timestamp, f64)], today: Timestamp, span: i64) -> Metric {
    // The mean day times 28, as the score counts it: a source that reports some days only did not fall.
    let sum = |from: i64, to: i64| {
        let within = |day: &&(Timestamp, f64)| day.0 > today.plus_days(-from) && day.0 <= today.plus_days(-to);
        let count = days.iter().filter(within).count().max(1);
        days.iter().filter(within).map(|day| day.1).sum::<f64>() / count as f64 * 28.0
    };
    let since = today.plus_days(-span);
    let shown = days.iter().filter(|day| day.0 > since).copied();
    let readings = if span > 120 { weekly(shown) } else { shown.collect() };
    Metric { name, readings, recent: sum(28, 0), before: sum(56, 28) }
}

fn weekly(days: impl Iterator<Item = (Timestamp, f64)>) -> Vec<(Timestamp, f64)> {
    const WEEK_MS: i64 = 7 * DAY_MS;
    let mut weeks: BTreeMap<i64, f64> = BTreeMap::new();
    for (day, value) in days {
        // The epoch was a Thursday; weeks begin on Monday.
        *weeks.entry((day.0 + 3 * DAY_MS).div_euclid(WEEK_MS)).or_default() += value;
    }
    // A week that has only begun would look like a fall.
    let last = weeks.len().saturating_sub(1);
    weeks.into_iter().take(last).map(|(week, sum)| (Timestamp(week * WEEK_MS - 3 * DAY_MS), sum)).collect()
}

/// Returns the newest lines of the change history without the scores, which have a chart of their own.
pub(super) async fn history(tx: &mut Tx, id: AccountId, limit: usize, at: Option<Timestamp>) -> Result<History> {
    let (mut lines, mut before, mut batches) = (Vec::new(), i64::MAX, BTreeMap::new());
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..STEPS_MAX {
        let entries = db::log::of_account(tx, id, before, STEP).await?;
        let Some(last) = entries.last() else { break };
        before = last.seq;
        for entry in entries.into_iter().filter(|entry| is_told(entry) && at.is_none_or(|at| entry.at <= at)) {
            if lines.len() > limit {
                break;
            }
            let mut line = line(tx, entry, &mut batches).await?;
            names::name_others(tx, &mut line.fields, &mut names).await?;
            lines.push(line);
        }
        if lines.len() > limit {
            break;
        }
    }
    let more = lines.len() > limit;
    lines.truncate(limit);
    let currency = past::account(tx, id, at).await?.currency;
    let custom = db::accounts::custom_fields(tx).await?;
    Ok(History { lines, more, custom, currency })
}

/// The scores have a chart of their own, and that an alert was brought up to date is no news.
fn is_told(entry: &Entry) -> bool {
    let is_routine = entry.subject == Subject::Alert && entry.change == Change::Updated && entry.actor.is_none();
    entry.change != Change::Scored && (!is_routine || entry.after.contains_key("resolved_at"))
}

/// Returns what the rule of an alert is called.
async fn alert_name(tx: &mut Tx, entry: &Entry) -> Result<Option<String>> {
    let written = entry.after.get("rule_name").or_else(|| entry.before.get("rule_name")).and_then(Value::as_str);
    if let Some(name) = written {
        return Ok(Some(name.to_owned()));
    }
    Ok(db::subjects::find::<Alert>(tx, entry.subject_id).await?.map(|alert| alert.rule_name))
}

/// Returns what a task is called.
async fn todo_title(tx: &mut Tx, entry: &Entry) -> Result<Option<String>> {
    let written = entry.after.get("title").or_else(|| entry.before.get("title")).and_then(Value::as_str);
    if let Some(title) = written {
        return Ok(Some(title.to_owned()));
    }
    Ok(db::subjects::find::<Todo>(tx, entry.subject_id).await?.map(|todo| todo.title))
}

async fn line(tx: &mut Tx, entry: Entry, batches: &mut BTreeMap<BatchId, Option<Batch>>) -> Result<HistoryLine> {
    let batch = match entry.batch {
        Some(id) if !batches.contains_key(&id) => {
            let batch = db::batches::get(tx, id).await.ok();
            batches.insert(id, batch.clone());
            batch
        }
        Some(id) => batches.get(&id).cloned().flatten(),
        None => None,
    };
    let may_undo = |batch: &Batch| {
        let own = batch.created_by == tx.actor().user && tx.actor().role >= Role::Csm;
        batch.kind == "edit" && batch.undone_at.is_none() && (own || tx.actor().role >= Role::Manager)
    };
    let undo = batch.as_ref().filter(|batch| may_undo(batch)).map(|batch| batch.id);
    let undone = batch.as_ref().is_some_and(|batch| batch.undone_at.is_some());
    let text = |key: &str| {
        let value = entry.after.get(key).or_else(|| entry.before.get(key));
        value.and_then(Value::as_str).map(|text| text.chars().take(120).collect::<String>())
    };
    let name = match entry.subject {
        Subject::Account => None,
        Subject::Ticket => text("subject"),
        Subject::Invoice => text("external_id"),
        Subject::Activity => text("body"),
        Subject::Override => text("reason"),
        Subject::Signal => text("title"),
        Subject::Website => text("url"),
        Subject::Alert => alert_name(tx, &entry).await?,
        Subject::Todo => todo_title(tx, &entry).await?,
        Subject::Feedback => text("action").map(|action| action.replace('_', " ")),
        _ => text("name"),
    };
    let name = name.unwrap_or_default();
    let Entry { seq, at, actor, change, subject, .. } = entry;
    Ok(HistoryLine { seq, at, actor, change, subject, name, fields: field_changes(entry), undo, undone })
}

fn field_changes(entry: Entry) -> Vec<FieldChange> {
    // The pages of alerts and tasks say what happened to them, in words.
    let told = matches!(entry.subject, Subject::Usage | Subject::Alert | Subject::Todo | Subject::Feedback);
    if entry.change != Change::Updated || told {
        return Vec::new();
    }
    let Entry { mut before, after, .. } = entry;
    let bookkeeping = |key: &str| matches!(key, "version" | "updated_at");
    after
        .into_iter()
        .filter(|(key, _)| !bookkeeping(key))
        .map(|(key, after)| FieldChange { before: before.remove(&key).unwrap_or(Value::Null), key, after })
        .collect()
}
