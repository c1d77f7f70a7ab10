//! The health report of an account: what its page says, as a document for paper.
//!
//! [`report`] loads what is known, [`health`] and [`around`] say it. The moment it tells of is given, so that the same
//! data make the same document.

mod around;
mod health;
pub mod review;

use db::{Db, Result, Tx};
use domain::alerts::list::AlertRow;
use domain::chart::Tone;
use domain::contacts::Contact;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::report::{Badge, Block, Chapter, Fact, Look, Opening, Report, Score};
use domain::time::Timestamp;
use domain::todos::TodoRow;

use super::editor::cells;
use super::panels::{ChangePanel, HealthPanel, Metric, Moment, ScoreHistory};
use super::{gather, past, scored, words};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::insights::by_hand;
use crate::paper::pen::Paper;
use crate::ui::health::{band_tone, band_word};

/// How far back the score and the usage are shown.
const HISTORY_DAYS: u32 = 365;
/// How far back the report says what changed.
const CHANGE_DAYS: i64 = 90;
/// Moments that are told, people that are named, and metrics that are drawn.
const MOMENTS_MAX: usize = 12;
const PEOPLE_MAX: usize = 8;
const METRICS_MAX: usize = 2;
/// The facts that stand below the name, as far as they are known.
const FACTS: [&str; 9] = [
    "owner_id",
    "arr_minor",
    "renewal_at",
    "contract_start",
    "seats",
    "category",
    "country",
    "domain",
    "last_activity_at",
];

/// Which reports are wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The accounts, in the order of the document.
    pub accounts: Vec<AccountId>,
    /// The moment the document tells of.
    pub at: Timestamp,
    /// The public address of Keepwell, without a slash at the end, where the names lead.
    pub public: String,
    /// The language.
    pub locale: Locale,
}

impl Wanted {
    fn paper(&self) -> Paper {
        Paper { at: self.at, public: self.public.clone(), locale: self.locale }
    }
}

/// All that the report of one account is made of.
struct Known {
    head: db::accounts::Head,
    health: Option<HealthPanel>,
    history: ScoreHistory,
    change: Option<ChangePanel>,
    usage: Vec<Metric>,
    alerts: Vec<AlertRow>,
    todos: Vec<TodoRow>,
    people: Vec<Contact>,
    moments: Vec<Moment>,
}

/// How a report is written.
struct Pen<'a> {
    wanted: &'a Wanted,
    locale: Locale,
}

/// Returns a document with a chapter for each account; one that was removed meanwhile is left out where there are
/// several.
///
/// # Errors
/// `NotFound` where the only account is not of the actor's workspace.
pub async fn report(db: &Db, actor: &Actor, wanted: &Wanted) -> Result<Report> {
    let mut tx = db.read(actor).await?;
    let people = db::identity::users(&mut tx).await?;
    drop(tx);
    let mut chapters = Vec::with_capacity(wanted.accounts.len());
    for id in &wanted.accounts {
        match load(db, actor, *id, wanted.at).await {
            Ok(known) => chapters.push(wanted.paper().written(&people, || chapter(&known, wanted))),
            Err(db::Error::Refused(_)) if wanted.accounts.len() > 1 => {}
            Err(error) => return Err(error),
        }
    }
    Ok(wanted.paper().written(&people, || bound(chapters, wanted)))
}

async fn load(db: &Db, actor: &Actor, id: AccountId, at: Timestamp) -> Result<Known> {
    let head = db::accounts::head(db, actor, id).await?;
    let mut tx = db.read(actor).await?;
    let day = at.day_start().plus_days(-CHANGE_DAYS);
    let usage = db::past::usage_as_of(&mut tx, id, at, i64::from(HISTORY_DAYS)).await?;
    Ok(Known {
        head,
        health: scored::panel(&mut tx, id, at).await?,
        history: gather::scores(&mut tx, id, HISTORY_DAYS, Some(at)).await?,
        change: scored::change(&mut tx, id, (day, Some(at))).await?,
        usage: gather::metrics(usage, at.day_start(), i64::from(HISTORY_DAYS)),
        alerts: db::alerts::of_account(&mut tx, id).await?,
        todos: db::todos::of_account(&mut tx, id).await?,
        people: past::contacts(&mut tx, id, None).await?,
        moments: moments(&mut tx, id, at).await?,
    })
}

async fn moments(tx: &mut Tx, id: AccountId, at: Timestamp) -> Result<Vec<Moment>> {
    let mut moments = gather::moments(tx, id, None).await?;
    // What is to come, such as a meeting, is no recent activity.
    moments.retain(|moment| moment.at <= at);
    moments.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    moments.truncate(MOMENTS_MAX);
    Ok(moments)
}

fn bound(chapters: Vec<Chapter>, wanted: &Wanted) -> Report {
    let locale = wanted.locale;
    let kind = td_string!(locale, report.kind).to_owned();
    let title = match chapters.as_slice() {
        [one] => td_string!(locale, report.title, name = one.name.clone()),
        _ => td_string!(locale, report.title_many, count = chapters.len()),
    };
    wanted.paper().bound(&kind, title, chapters)
}

fn chapter(known: &Known, wanted: &Wanted) -> Chapter {
    let pen = Pen { wanted, locale: wanted.locale };
    let mut blocks = vec![Block::Opening(Box::new(opening(known, &pen)))];
    blocks.extend(sentence(known, pen.locale).map(|text| Block::Text { text, look: Look::Marked }));
    blocks.push(Block::Facts(facts(known, &pen)));
    blocks.extend(health::score(known, &pen));
    blocks.extend(health::history(known, &pen));
    blocks.extend(health::change(known, &pen));
    blocks.extend(health::measures(known, &pen));
    blocks.extend(health::usage(known, &pen));
    blocks.extend(around::alerts(known, &pen));
    blocks.extend(around::todos(known, &pen));
    blocks.extend(around::people(known, &pen));
    blocks.extend(around::recent(known, &pen));
    Chapter { name: known.head.row.account.name.clone(), blocks }
}

fn opening(known: &Known, pen: &Pen<'_>) -> Opening {
    let (row, locale) = (&known.head.row, pen.locale);
    let badge = |key: &str, text: &Option<String>, tone| {
        let (label, word) = (words::field_label(key, "", locale), words::word(text.as_deref()?, locale));
        Some(Badge { text: td_string!(locale, report.badge, label = label, word = word), tone })
    };
    let badges = [badge("stage", &row.account.stage, Tone::Total), badge("tier", &row.account.tier, Tone::Neutral)];
    Opening {
        kicker: td_string!(locale, report.kind).to_owned(),
        name: row.account.name.clone(),
        href: Some(format!("{}/accounts/{}", pen.wanted.public, row.account.id)),
        badges: badges.into_iter().flatten().collect(),
        score: row.health.as_ref().map(|health| {
            let trend = health
                .trend_30d
                .map(|trend| td_string!(locale, account.trend_30, change = format::signed_points(trend)));
            let share = format::percent(health.coverage.as_f64().round());
            let coverage = td_string!(locale, account.coverage_of, share = share);
            Score {
                label: td_string!(locale, account.score).to_owned(),
                value: format::score(health.score),
                band: Badge {
                    text: band_word(Some(health.band), locale).to_owned(),
                    tone: band_tone(Some(health.band)),
                },
                notes: trend.into_iter().chain([coverage]).collect(),
            }
        }),
    }
}

/// Returns why the score is what it is: who set it, why it moved, or what costs it most.
fn sentence(known: &Known, locale: Locale) -> Option<String> {
    let present = known.head.present.as_ref()?;
    if let Some(manual) = &present.override_ {
        return Some(by_hand(manual, locale));
    }
    let span = td_string!(locale, account.in_30_days).to_owned();
    let change = known.head.past.as_ref().map(|past| domain::health::summarise_change(past, present));
    let why = change.and_then(|change| words::why(&change, &span, locale));
    why.or_else(|| words::drags(&gather::drags(present), locale))
}

fn facts(known: &Known, pen: &Pen<'_>) -> Vec<Fact> {
    let (account, locale, now) = (&known.head.row.account, pen.locale, pen.wanted.at);
    let shown = cells(account, &known.head.custom, locale);
    let fact = |key: &str| {
        let cell = shown.iter().find(|cell| cell.field.key == key).filter(|cell| !cell.shown.is_empty())?;
        let day = (cell.field.kind == domain::fields::FieldType::Date).then(|| cell.value.as_i64()).flatten();
        Some(Fact {
            label: words::field_label(key, &cell.field.label, locale),
            value: cell.shown.clone(),
            note: day.map(|day| format::relative(Timestamp(day), now)).unwrap_or_default(),
        })
    };
    let mut facts: Vec<Fact> = FACTS.into_iter().filter_map(fact).collect();
    if let Some(notice) = account.notice_at() {
        let (label, value) = (td_string!(locale, account.notice).to_owned(), format::date(notice));
        // Beside the renewal that it is about.
        let place = facts.len().min(3);
        facts.insert(place, Fact { label, value, note: format::relative(notice, now) });
    }
    if let Some((_, parent)) = &known.head.parent {
        let label = words::field_label("parent_id", "", locale);
        facts.push(Fact { label, value: parent.clone(), note: String::new() });
    }
    facts
}

fn heading(text: &str, note: String) -> Block {
    Block::Heading { text: text.to_owned(), note }
}

fn muted(text: impl Into<String>) -> Block {
    Block::Text { text: text.into(), look: Look::Muted }
}
