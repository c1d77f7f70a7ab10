//! The review pack of an account: what a quarter, or any other span, brought, for the meeting in which both sides look
//! back and agree on what comes next. [`review`] loads what is known; [`value`] and [`service`] tell it.

mod service;
mod value;

use db::{Db, Result};
use domain::activities::Activity;
use domain::chart::{self, Gauge, Layout, Scale, Size, Tone, Waterfall};
use domain::health::{Points, Step};
use domain::id::AccountId;
use domain::identity::Actor;
use domain::money::Money;
use domain::report::{Badge, Block, Chapter, Fact, Look, Opening, Report};
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use domain::usage::UsageDay;

use super::super::health_history::{ranges, stairs};
use super::super::panels::What;
use super::super::parts::{TimeLine, time_line};
use super::super::{gather, past, scored, words};
use super::health::{condensed, steps};
use super::{Known, Pen, Wanted, around, facts, heading, muted};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::paper::pen::{Paper, says};
use crate::paper::standard;
use crate::ui::health::{band_tone, band_word};

/// How many days a review tells of unless somebody chooses.
pub const SPAN_DAYS: i64 = 90;
/// Moments that are told.
const MOMENTS_MAX: usize = 10;
/// Metrics that are drawn.
const METRICS_MAX: usize = 3;
/// Words in the names of fields that hold what an account wants to reach.
const GOAL_WORDS: [&str; 6] = ["goal", "outcome", "objective", "ziel", "ergebnis", "هدف"];

/// Which review is wanted.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The account.
    pub account: AccountId,
    /// The first moment.
    pub from: Timestamp,
    /// The last moment; none for now.
    pub to: Option<Timestamp>,
}

/// All that a review is made of.
struct Told {
    known: Known,
    from: Timestamp,
    to: Timestamp,
    author: Option<String>,
    /// Usage of the span and of one as long before it.
    days: Vec<UsageDay>,
    tickets: Vec<Ticket>,
    surveys: Vec<Response>,
    invoices: Vec<Invoice>,
    activities: Vec<Activity>,
    /// What the account paid in a year at the first moment.
    paid_then: Option<Money>,
}

impl Told {
    fn span(&self) -> i64 {
        self.to.days_since(self.from).max(1)
    }

    /// Returns whether a moment lies within the span.
    fn within(&self, at: Timestamp) -> bool {
        at > self.from && at <= self.to
    }

    /// Returns whether a moment lies within the span before.
    fn before(&self, at: Timestamp) -> bool {
        at > self.from.plus_days(-self.span()) && at <= self.from
    }
}

/// Returns the review pack of an account.
///
/// # Errors
/// `NotFound` where the account is not of the actor's workspace, or did not exist at the end of the span.
pub async fn review(db: &Db, actor: &Actor, asked: &Asked, paper: &Paper) -> Result<Report> {
    let mut tx = db.read(actor).await?;
    let people = db::identity::users(&mut tx).await?;
    drop(tx);
    let author = people.iter().find(|person| Some(person.id) == actor.user).map(|person| person.name.clone());
    let told = load(db, actor, asked, paper.at, author).await?;
    let wanted =
        Wanted { accounts: vec![asked.account], at: told.to, public: paper.public.clone(), locale: paper.locale };
    Ok(paper.written(&people, || written(&told, &wanted, paper)))
}

async fn load(db: &Db, actor: &Actor, asked: &Asked, now: Timestamp, author: Option<String>) -> Result<Told> {
    let (id, from) = (asked.account, asked.from);
    let to = asked.to.map_or(now, |to| to.min(now));
    let span = to.days_since(from).max(1);
    let mut tx = db.read(actor).await?;
    let head = past::head(&mut tx, id, to).await?;
    let then = db::past::account_as_of(&mut tx, id, from).await?;
    let days = db::past::usage_as_of(&mut tx, id, to, 2 * span).await?;
    let mut moments = gather::moments(&mut tx, id, Some(to)).await?;
    // Tickets and answers have tables of their own.
    let is_listed = |what: &What| matches!(what.kind(), "ticket" | "survey");
    moments.retain(|moment| moment.at > from && moment.at <= to && !is_listed(&moment.what));
    moments.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    moments.truncate(MOMENTS_MAX);
    let known = Known {
        health: scored::panel(&mut tx, id, to).await?,
        history: gather::scores(&mut tx, id, u32::try_from(span).unwrap_or(u32::MAX), Some(to)).await?,
        change: scored::change(&mut tx, id, (from.day_start(), Some(to))).await?,
        usage: gather::metrics(days.clone(), to.day_start(), span),
        alerts: db::alerts::of_account(&mut tx, id).await?,
        todos: db::todos::of_account(&mut tx, id).await?,
        people: past::contacts(&mut tx, id, Some(to)).await?,
        moments,
        head,
    };
    Ok(Told {
        known,
        from,
        to,
        author,
        days,
        tickets: past::tickets(&mut tx, id, Some(to)).await?,
        surveys: past::surveys(&mut tx, id, Some(to)).await?,
        invoices: past::invoices(&mut tx, id, Some(to)).await?,
        activities: past::activities(&mut tx, id, Some(to)).await?,
        paid_then: then.and_then(|account| account.annual()),
    })
}

fn written(told: &Told, wanted: &Wanted, paper: &Paper) -> Report {
    let (pen, locale) = (Pen { wanted, locale: paper.locale }, paper.locale);
    let chapter = |name: &str, blocks: Vec<Block>| Chapter { name: name.to_owned(), blocks };
    let mut next = around::alerts(&told.known, &pen);
    next.extend(next_steps(told, &pen));
    next.extend(around::people(&told.known, &pen));
    let mut cared = service::support(told, locale);
    cared.extend(service::surveys(told, locale));
    cared.extend(around::happened(td_string!(locale, paper.milestones), &told.known, locale));
    let chapters = vec![
        chapter(td_string!(locale, paper.chapter_outcome), outcome(told, &pen)),
        chapter(td_string!(locale, paper.chapter_health), health(told, &pen)),
        chapter(td_string!(locale, paper.chapter_service), cared),
        chapter(td_string!(locale, paper.chapter_next), next),
    ];
    let name = told.known.head.row.account.name.clone();
    paper.bound(td_string!(locale, paper.review_kind), td_string!(locale, paper.review_title, name = name), chapters)
}

/// The first page: who, when, how it went, what was wanted and what it brought.
fn outcome(told: &Told, pen: &Pen<'_>) -> Vec<Block> {
    let locale = pen.locale;
    let mut blocks = vec![Block::Opening(Box::new(opening(told, pen)))];
    blocks.push(Block::Text { text: value::sentences(told, locale), look: Look::Marked });
    blocks.push(Block::Facts(facts(&told.known, pen)));
    blocks.extend(goals(told, pen));
    blocks.extend(value::delivered(told, locale));
    blocks
}

fn opening(told: &Told, pen: &Pen<'_>) -> Opening {
    let locale = pen.locale;
    let span = td_string!(locale, paper.review_span, from = format::date(told.from), to = format::date(told.to));
    let by = told.author.clone().map(|name| td_string!(locale, paper.review_for, name = name));
    let opening = super::opening(&told.known, pen);
    let mut badges = vec![Badge { text: span, tone: Tone::Total }];
    badges.extend(by.map(|text| Badge { text, tone: Tone::Neutral }));
    Opening { kicker: td_string!(locale, paper.review_kind).to_owned(), badges, ..opening }
}

/// What the account wants to reach, where a field of the workspace's own says so.
fn goals(told: &Told, pen: &Pen<'_>) -> Vec<Block> {
    let (locale, head) = (pen.locale, &told.known.head);
    let is_goal = |text: &str| GOAL_WORDS.iter().any(|word| text.to_lowercase().contains(word));
    let cells = super::cells(&head.row.account, &head.custom, locale);
    let found = cells.into_iter().filter(|cell| is_goal(&cell.field.key) || is_goal(&cell.field.label));
    let facts: Vec<Fact> = found
        .filter(|cell| !cell.shown.is_empty())
        .map(|cell| Fact {
            label: words::field_label(&cell.field.key, &cell.field.label, locale),
            value: cell.shown,
            note: String::new(),
        })
        .collect();
    let title = heading(td_string!(locale, paper.goals), String::new());
    if facts.is_empty() {
        return vec![title, muted(td_string!(locale, paper.no_goals))];
    }
    vec![title, Block::Facts(facts)]
}

/// The score over the span with what moved it, and the usage.
fn health(told: &Told, pen: &Pen<'_>) -> Vec<Block> {
    let mut blocks = score(told, pen);
    blocks.extend(change(told, pen));
    blocks.extend(usage(told, pen));
    blocks
}

fn score(told: &Told, pen: &Pen<'_>) -> Vec<Block> {
    let locale = pen.locale;
    let title = heading(td_string!(locale, paper.health_over), String::new());
    let Some(present) = told.known.head.row.health.as_ref() else {
        return vec![title, muted(td_string!(locale, account.no_score_text))];
    };
    let band = present.band;
    let value = |value: f64| format::score(Points::from_f64(value));
    let describe = |_: &[chart::Summary]| String::new();
    let headings = [td_string!(locale, paper.health_score), td_string!(locale, paper.score)];
    let gauge = chart::gauge(&Gauge {
        size: Size { width: 190.0, height: 130.0 },
        ends: (0.0, 100.0),
        value: present.score.as_f64(),
        tone: band_tone(Some(band)),
        label: band_word(Some(band), locale).to_owned(),
        ranges: ranges(told.known.history.bands),
        words: says(td_string!(locale, paper.health_score), &headings, &value, &describe),
    });
    let line = time_line(
        TimeLine {
            title: td_string!(locale, paper.health_over),
            readings: stairs(&told.known.history.scores, told.to),
            more: Vec::new(),
            bands: ranges(told.known.history.bands),
            scale: Scale::Hundred,
            size: Size { width: 500.0, height: 150.0 },
        },
        locale,
    );
    vec![title, Block::Chart(chart::beside(&[gauge, line], 30.0))]
}

/// What moved the score, as a picture and as a table that adds up.
fn change(told: &Told, pen: &Pen<'_>) -> Vec<Block> {
    let locale = pen.locale;
    let Some(panel) = &told.known.change else { return Vec::new() };
    let date = format::date(panel.day);
    let span = td_string!(locale, account.since_day, date = date.clone());
    let sentence = words::why(&panel.summary, &span, locale);
    let sentence = sentence.unwrap_or_else(|| td_string!(locale, account.nothing_changed, date = date.clone()));
    let title = td_string!(locale, paper.what_changed);
    let mut blocks = vec![heading(title, String::new()), Block::Text { text: sentence, look: Look::Plain }];
    if !panel.steps.is_empty() {
        let (list, end) = (condensed(&panel.steps, locale), format::date(told.to));
        let from = panel.summary.from.unwrap_or_default();
        blocks.push(Block::Chart(picture(title, (&date, from), &list, &end, locale)));
        blocks.push(Block::Table(steps(Some((date.as_str(), from)), &list, &end, locale)));
    }
    blocks
}

/// The steps as bars between two totals.
fn picture(title: &str, (date, from): (&str, Points), list: &[Step], end: &str, locale: Locale) -> Layout {
    let change = |step: &Step| chart::Change { label: words::step_label(step, locale), delta: step.delta.as_f64() };
    let headings = [td_string!(locale, report.step), td_string!(locale, report.adds), td_string!(locale, paper.score)];
    let value = |value: f64| format::points(Points::from_f64(value));
    let describe = |_: &[chart::Summary]| String::new();
    chart::waterfall(&Waterfall {
        size: Size { width: 720.0, height: 170.0 },
        start: Some((date.to_owned(), from.as_f64())),
        changes: list.iter().map(change).collect(),
        total_label: end.to_owned(),
        words: says(title, &headings, &value, &describe),
        change: &|delta| format::signed_points(Points::from_f64(delta)),
    })
}

fn usage(told: &Told, pen: &Pen<'_>) -> Vec<Block> {
    let locale = pen.locale;
    let metrics: Vec<_> = told.known.usage.iter().filter(|one| one.readings.len() > 1).take(METRICS_MAX).collect();
    if metrics.is_empty() {
        return vec![
            heading(td_string!(locale, paper.usage), String::new()),
            muted(td_string!(locale, paper.no_usage)),
        ];
    }
    let is_weekly = told.span() > 120;
    let mut blocks = Vec::new();
    for metric in metrics {
        let name = standard(&words::spoken(&metric.name), locale);
        let title = if is_weekly {
            td_string!(locale, paper.per_week, name = name)
        } else {
            td_string!(locale, paper.per_day, name = name)
        };
        let readings = metric.readings.iter().map(|(at, value)| chart::Reading { at: *at, value: *value }).collect();
        let line = TimeLine {
            title: &title,
            readings,
            more: Vec::new(),
            bands: Vec::new(),
            scale: Scale::Automatic,
            size: Size { width: 720.0, height: 140.0 },
        };
        blocks.extend([heading(&title, String::new()), Block::Chart(time_line(line, locale))]);
    }
    blocks
}

fn next_steps(told: &Told, pen: &Pen<'_>) -> Vec<Block> {
    if told.known.todos.is_empty() {
        let title = heading(td_string!(pen.locale, paper.steps), String::new());
        return vec![title, muted(td_string!(pen.locale, paper.no_steps))];
    }
    let mut blocks = around::todos(&told.known, pen);
    if let Some(Block::Heading { text, .. }) = blocks.first_mut() {
        td_string!(pen.locale, paper.steps).clone_into(text);
    }
    blocks
}
