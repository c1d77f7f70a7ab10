//! What of the change log is news, and to whom.

use serde_json::{Map, Value};

use super::{EXCERPT_CHARS_MAX, RENEWAL_DAYS, What};
use crate::accounts::Account;
use crate::alerts::Priority;
use crate::changes::{Change, Entry};
use crate::fields::Subject;
use crate::health::{Band, Points};
use crate::id::{AccountId, AlertId, TodoId, UserId};
use crate::time::Timestamp;
use crate::todos::Todo;

/// Whom something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// One person.
    Person(UserId),
    /// Whoever owns the account.
    Owner,
    /// Managers and administrators.
    Managers,
    /// Everybody in the workspace.
    Everybody,
}

/// Something worth telling.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// What happened.
    pub what: What,
    /// To whom it is told.
    pub audience: Audience,
    /// The account it is about.
    pub account: Option<AccountId>,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it, who is not told.
    pub actor: Option<UserId>,
    /// Names the fact: what has the same name is told once.
    pub fingerprint: String,
}

/// Returns what a line of the log has that is worth telling.
///
/// Accounts that change owner in a batch are counted together by the reader; here each is news of its own.
#[must_use]
pub fn news_of(entry: &Entry) -> Option<News> {
    let (what, audience, fingerprint) = match (entry.change, entry.subject) {
        (Change::Scored, Subject::Account) => fell(entry)?,
        (Change::Created | Change::Updated, Subject::Account) => assigned(entry)?,
        (Change::Created, Subject::Alert) => raised(entry)?,
        (Change::Updated, Subject::Alert) => brought(entry)?,
        (Change::Created | Change::Updated, Subject::Todo) => handed(entry)?,
        (Change::Created | Change::Updated, Subject::Ticket) => urgent(entry)?,
        (Change::Created, Subject::Activity) => logged(entry)?,
        (_, Subject::Scorecard) => published(entry)?,
        _ => return None,
    };
    Some(News { what, audience, account: entry.account, at: entry.at, actor: entry.actor, fingerprint })
}

fn raised(entry: &Entry) -> Option<(What, Audience, String)> {
    let after = &entry.after;
    let is_set = |key: &str| after.get(key).is_some_and(|value| !value.is_null());
    let priority = text(after, "priority").and_then(Priority::from_key)?;
    // What is less urgent waits in the list of alerts; what a group gathers is told once, by the group.
    if priority > Priority::High || is_set("group") || is_set("resolved_at") || is_set("dismissed_at") {
        return None;
    }
    let (alert, rule) = (AlertId(entry.subject_id), text(after, "rule_name").unwrap_or_default().to_owned());
    let audience = match (text(after, "assignee").and_then(|id| id.parse().ok()), entry.account) {
        (Some(person), _) => Audience::Person(person),
        (None, Some(_)) => Audience::Owner,
        (None, None) => Audience::Managers,
    };
    Some((What::AlertRaised { alert, rule, priority }, audience, format!("alert/{alert}")))
}

fn brought(entry: &Entry) -> Option<(What, Audience, String)> {
    let alert = AlertId(entry.subject_id);
    if let Some(person) = text(&entry.after, "assignee").and_then(|id| id.parse().ok()) {
        let what = What::AlertAssigned { alert, rule: String::new() };
        return Some((what, Audience::Person(person), format!("alert/{alert}/assigned/{}", entry.seq)));
    }
    let rung = text(&entry.after, "rung").filter(|rung| *rung != "owner")?;
    let what = What::AlertEscalated { alert, rule: String::new() };
    Some((what, Audience::Managers, format!("alert/{alert}/{rung}")))
}

/// A task that somebody gave to somebody; the one that follows a done one was theirs before.
fn handed(entry: &Entry) -> Option<(What, Audience, String)> {
    let after = &entry.after;
    entry.actor?;
    if ["follows", "done_at"].iter().any(|key| after.get(*key).is_some_and(|value| !value.is_null())) {
        return None;
    }
    let person = text(after, "assignee").and_then(|id| id.parse().ok())?;
    let by = entry.batch.map_or_else(|| entry.seq.to_string(), |batch| batch.to_string());
    let title = text(after, "title").unwrap_or_default().to_owned();
    let what = What::TodoAssigned { todo: TodoId(entry.subject_id), title, todos: 1 };
    Some((what, Audience::Person(person), format!("todos/assigned/{by}")))
}

fn fell(entry: &Entry) -> Option<(What, Audience, String)> {
    let band = |fields: &Map<String, Value>| text(fields, "band").and_then(Band::from_key);
    let (from, to) = (band(&entry.before), band(&entry.after)?);
    let score = entry.after.get("score").and_then(Value::as_i64).map(Points);
    let worse = to >= Band::AtRisk && from.is_none_or(|from| from < to);
    // A first score is no fall, but that an account begins critical is worth knowing.
    let first = from.is_none() && to != Band::Critical;
    let fingerprint = format!("fell/{}/{}", entry.subject_id, entry.seq);
    (worse && !first).then_some((What::HealthFell { from, to, score }, Audience::Owner, fingerprint))
}

fn assigned(entry: &Entry) -> Option<(What, Audience, String)> {
    let owner: UserId = text(&entry.after, "owner_id")?.parse().ok()?;
    // Accounts that arrive with an owner by themselves, as in a history, were given to nobody by anybody.
    entry.actor?;
    let by = entry.batch.map_or_else(|| entry.seq.to_string(), |batch| batch.to_string());
    Some((What::Assigned { accounts: 1 }, Audience::Person(owner), format!("assigned/{by}")))
}

fn urgent(entry: &Entry) -> Option<(What, Audience, String)> {
    let after = &entry.after;
    if entry.change == Change::Created && !after.get("resolved_at").is_none_or(Value::is_null) {
        return None;
    }
    let escalated = after.get("escalated_at").is_some_and(|at| !at.is_null());
    let urgent = text(after, "severity") == Some("urgent");
    let subject = text(after, "subject").map(excerpt).unwrap_or_default();
    let stage = if escalated { "escalated" } else { "urgent" };
    let fingerprint = format!("ticket/{}/{stage}", entry.subject_id);
    (urgent || escalated).then_some((What::TicketUrgent { subject, escalated }, Audience::Owner, fingerprint))
}

fn logged(entry: &Entry) -> Option<(What, Audience, String)> {
    let what = What::ActivityLogged {
        kind: text(&entry.after, "kind")?.to_owned(),
        excerpt: text(&entry.after, "body").map(excerpt).unwrap_or_default(),
    };
    Some((what, Audience::Owner, format!("activity/{}", entry.subject_id)))
}

fn published(entry: &Entry) -> Option<(What, Audience, String)> {
    entry.actor?;
    if text(&entry.after, "state") != Some("published") {
        return None;
    }
    let version = entry.after.get("version").and_then(Value::as_u64).and_then(|version| u32::try_from(version).ok())?;
    let fingerprint = format!("published/{}/{version}", entry.subject_id);
    Some((What::ScorecardPublished { version }, Audience::Everybody, fingerprint))
}

/// Returns the news that a task is due, or that its reminder has come: `at` is the moment that was waited for. What was
/// written down after that moment is no news. All tasks of a person that waited for one moment have one fingerprint, as
/// they are told together; those that are an owner's because nobody else has them are told one by one.
#[must_use]
pub fn todo_news(todo: &Todo, at: Timestamp, reminder: bool) -> Option<News> {
    if todo.updated_at >= at {
        return None;
    }
    let kind = if reminder { "remind" } else { "due" };
    let (audience, fingerprint) = match (todo.assignee, todo.account_id) {
        (Some(person), _) => (Audience::Person(person), format!("todos/{kind}/{}", at.0)),
        (None, Some(_)) => (Audience::Owner, format!("todos/{kind}/{}/{}", at.0, todo.id)),
        (None, None) => return None,
    };
    Some(News {
        what: What::TodoDue { todo: todo.id, title: todo.title.clone(), todos: 1, reminder },
        audience,
        account: todo.account_id,
        at,
        actor: None,
        fingerprint,
    })
}

/// Days after a mark within which it is still told: a server may have been off over a weekend.
const MARK_DAYS: i64 = 3;

/// Returns the news that an account renews soon, on the days of [`RENEWAL_DAYS`] or shortly after.
#[must_use]
pub fn renewal_news(account: &Account, now: Timestamp) -> Option<News> {
    let at = account.renewal_at?;
    let left = at.day_start().days_since(now.day_start());
    let days = RENEWAL_DAYS.into_iter().find(|days| (0..=MARK_DAYS).contains(&(days - left)))?;
    Some(News {
        what: What::RenewalNear { at, days, annual: account.annual() },
        audience: Audience::Owner,
        account: Some(account.id),
        at: now,
        actor: None,
        fingerprint: format!("renewal/{}/{}/{days}", account.id, at.0),
    })
}

fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key).and_then(Value::as_str)
}

fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXCERPT_CHARS_MAX {
        return line;
    }
    let mut short: String = line.chars().take(EXCERPT_CHARS_MAX - 1).collect();
    short.push('…');
    short
}
