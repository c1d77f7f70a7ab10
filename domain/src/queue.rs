//! The one ranked queue of Today: alerts, tasks, customers who wait for an answer, renewals, and accounts at risk that no
//! rule speaks of.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::accounts::AccountRow;
use crate::alerts::Priority;
use crate::alerts::list::AlertRow;
use crate::health::Band;
use crate::id::AccountId;
use crate::time::Timestamp;
use crate::todos::{Standing, TodoRow};

/// Most entries of the queue.
pub const ENTRIES_MAX: usize = 14;
/// Places that tasks have whatever else there is: what a person said is to be done is not crowded out.
const TODOS_MIN: usize = 3;
/// Most customers who wait for an answer in the queue, so that there is room for what nobody wrote about.
pub const REPLIES_MAX: usize = 4;
/// Hours that preparing a renewal takes, as in the rule about renewals.
const RENEWAL_HOURS: f64 = 3.0;
/// Hours that looking after an account at risk takes, as in the rule about scores that fall.
const CARE_HOURS: f64 = 2.0;
/// Hours that an answer takes.
const ANSWER_HOURS: f64 = 0.5;
/// Days ahead at which a task comes into the queue.
pub const TASK_DAYS: i64 = 7;
/// Days for which somebody who wrote is in the queue: what nobody answered in that time nobody will.
pub const REPLY_DAYS: i64 = 30;
/// Longest part of what was written that is shown, in characters.
pub const SAID_CHARS_MAX: usize = 160;

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// An alert.
    Alert(Box<AlertRow>),
    /// A task that is due.
    Todo(Box<TodoRow>),
    /// A customer who wrote last and waits for an answer.
    Reply(Box<Reply>),
    /// A renewal that comes near.
    Renewal(Box<AccountRow>),
    /// An account at risk without an open alert.
    AtRisk(Box<AccountRow>),
}

/// What a customer wrote, and nobody answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The account.
    pub row: AccountRow,
    /// Who wrote, where that is known.
    pub who: Option<String>,
    /// When.
    pub at: Timestamp,
    /// How it begins, in one line.
    pub said: String,
    /// Whether they wrote it in a survey; else it was a mail.
    pub in_survey: bool,
}

/// Returns how a text begins, in one line of at most [`SAID_CHARS_MAX`] characters.
#[must_use]
pub fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SAID_CHARS_MAX {
        return line;
    }
    let short: String = line.chars().take(SAID_CHARS_MAX - 1).collect();
    format!("{}…", short.trim_end())
}

/// One entry of the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Revenue × probability × urgency ÷ effort, as a share of the middle account's revenue.
    pub value: f64,
    /// What it is about.
    pub about: About,
}

/// What the queue is ranked from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidates {
    /// Open alerts.
    pub alerts: Vec<AlertRow>,
    /// Open tasks.
    pub todos: Vec<TodoRow>,
    /// What customers wrote and nobody answered, the latest first.
    pub replies: Vec<Reply>,
    /// Accounts that renew soon.
    pub renewals: Vec<AccountRow>,
    /// Accounts at risk.
    pub at_risk: Vec<AccountRow>,
}

/// Returns the queue, what is worth most first.
///
/// An alert has the value that its rule gave it. A renewal and an account at risk are valued by the same formula:
/// the revenue of a year beside the middle account's × the probability to leave that the band stands for × 3 within
/// a week of the last day for notice, 2 within 30 days, 1.5 within 90, else 1, ÷ 3 hours for a renewal and 2 for an
/// account at risk. An account that an alert speaks of is not in the queue a second time.
///
/// Somebody who wrote and waits is worth answering whatever else is said of the account, so that they have an entry of
/// their own, one for each account and [`REPLIES_MAX`] in all: by the same formula with half an hour, × 1 on the first
/// day, 1.5 on the second and 2 from the third on.
///
/// A task is something that a person has said is to be done, so that its value is not worked out of revenue: 2 for a
/// critical one, 1, 0.5 and 0.25 for the others × 3 when it is late, 2 today or when its reminder has come, 1 tomorrow
/// and 0.5 within a week. What has more time waits in the list of tasks, and so does what has no day.
#[must_use]
pub fn rank(candidates: Candidates, now: Timestamp) -> Vec<Entry> {
    let Candidates { alerts, todos, replies, renewals, at_risk } = candidates;
    let rows = renewals.iter().chain(&at_risk).chain(replies.iter().map(|reply| &reply.row));
    let typical = typical(&alerts, rows);
    let mut named: BTreeSet<AccountId> = alerts.iter().filter_map(|row| row.alert.account_id).collect();
    let mut entries: Vec<Entry> = alerts
        .into_iter()
        .map(|row| Entry { value: row.alert.worth.value, about: About::Alert(Box::new(row)) })
        .collect();
    entries.extend(todos.into_iter().filter_map(|row| {
        let value = todo_value(&row)?;
        Some(Entry { value, about: About::Todo(Box::new(row)) })
    }));
    entries.extend(answers(replies, typical, now));
    let mut add = |rows: Vec<AccountRow>, hours: f64, about: fn(Box<AccountRow>) -> About| {
        for row in rows {
            if named.insert(row.account.id) {
                let value = value(&row, typical, hours, now);
                entries.push(Entry { value, about: about(Box::new(row)) });
            }
        }
    };
    add(renewals, RENEWAL_HOURS, About::Renewal);
    add(at_risk, CARE_HOURS, About::AtRisk);
    // A stable sort: of two that are worth the same, alerts come first.
    entries.sort_by(|a, b| b.value.total_cmp(&a.value));
    with_room_for_todos(entries)
}

/// Leaves out what is too much: the tasks that are worth most stay, the rest goes by its value.
fn with_room_for_todos(entries: Vec<Entry>) -> Vec<Entry> {
    let is_todo = |entry: &Entry| matches!(entry.about, About::Todo(_));
    let mut kept = entries.iter().filter(|entry| is_todo(entry)).count().min(TODOS_MIN);
    let mut room = ENTRIES_MAX - kept;
    let mut stays = |entry: &Entry| {
        let places = if is_todo(entry) && kept > 0 { &mut kept } else { &mut room };
        let is_free = *places > 0;
        *places = places.saturating_sub(1);
        is_free
    };
    entries.into_iter().filter(|entry| stays(entry)).collect()
}

fn todo_value(row: &TodoRow) -> Option<f64> {
    let weight = match row.todo.priority {
        Priority::Critical => 2.0,
        Priority::High => 1.0,
        Priority::Medium => 0.5,
        Priority::Low => 0.25,
    };
    let hurry = match row.standing {
        Standing::Overdue { .. } => 3.0,
        Standing::Reminded | Standing::Today => 2.0,
        Standing::Tomorrow => 1.0,
        Standing::Later { days } if days <= TASK_DAYS => 0.5,
        Standing::Later { .. } | Standing::Undated | Standing::Done => return None,
    };
    Some(weight * hurry)
}

fn value(row: &AccountRow, typical: f64, hours: f64, now: Timestamp) -> f64 {
    let revenue = row.account.annual().map_or(1.0, |money| money.minor.max(0) as f64 / typical);
    let leave = match row.health.as_ref().map(|health| health.band) {
        Some(Band::Healthy) => 0.05,
        Some(Band::Watch) | None => 0.15,
        Some(Band::AtRisk) => 0.35,
        Some(Band::Critical) => 0.6,
    };
    revenue * leave * hurry(row, now) / hours
}

/// Returns the entries of those who wait for an answer: one for each account, those that are worth most.
fn answers(replies: Vec<Reply>, typical: f64, now: Timestamp) -> Vec<Entry> {
    let mut named = BTreeSet::new();
    let open = replies.into_iter().filter(|reply| now.days_since(reply.at) < REPLY_DAYS);
    let mut entries: Vec<Entry> = open
        .filter(|reply| named.insert(reply.row.account.id))
        .map(|reply| {
            let value = value(&reply.row, typical, ANSWER_HOURS, now) * patience(&reply, now);
            Entry { value, about: About::Reply(Box::new(reply)) }
        })
        .collect();
    entries.sort_by(|a, b| b.value.total_cmp(&a.value));
    entries.truncate(REPLIES_MAX);
    entries
}

fn patience(reply: &Reply, now: Timestamp) -> f64 {
    match now.days_since(reply.at) {
        ..=0 => 1.0,
        1 => 1.5,
        _ => 2.0,
    }
}

fn hurry(row: &AccountRow, now: Timestamp) -> f64 {
    let ahead = |at: &Timestamp| *at >= now;
    let deadline = row.account.notice_at().filter(ahead).or(row.account.renewal_at.filter(ahead));
    match deadline.map(|at| at.days_since(now)) {
        Some(..=7) => 3.0,
        Some(..=30) => 2.0,
        Some(..=90) => 1.5,
        _ => 1.0,
    }
}

/// Returns the middle account's revenue in minor units: what the alerts were held against, else the middle of these.
fn typical<'a>(alerts: &[AlertRow], rows: impl Iterator<Item = &'a AccountRow>) -> f64 {
    if let Some(known) = alerts.iter().map(|row| row.alert.worth.typical_minor).find(|minor| *minor > 0) {
        return known as f64;
    }
    let mut all: Vec<i64> = rows.filter_map(|row| row.account.annual()).map(|money| money.minor).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(1).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Account;
    use crate::health::{HealthSummary, Points};
    use serde_json::json;
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp(1_795_250_000_000);

    fn row(number: u128, annual: i64, band: &str, renews_in: Option<i64>) -> AccountRow {
        let account: Account = serde_json::from_value(json!({
            "id": Uuid::from_u128(number), "version": 1, "name": format!("Account {number}"), "currency": "USD",
            "arr_minor": annual, "renewal_at": renews_in.map(|days| NOW.plus_days(days)), "tags": [], "custom": {},
            "created_at": 0, "updated_at": 0,
        }))
        .unwrap();
        let health: HealthSummary = serde_json::from_value(json!({
            "score": Points(40_000_000), "band": band, "coverage": Points::FULL, "evaluated_at": 0,
            "trend_7d": null, "trend_30d": null, "trend_90d": null,
            "scorecard": Uuid::from_u128(9), "version": 1, "overridden": false,
        }))
        .unwrap();
        serde_json::from_value(json!({"account": account, "health": health})).unwrap()
    }

    fn names(entries: &[Entry]) -> Vec<String> {
        let name = |entry: &Entry| match &entry.about {
            About::Alert(row) => row.account.clone(),
            About::Todo(row) => row.todo.title.clone(),
            About::Reply(reply) => reply.said.clone(),
            About::Renewal(row) | About::AtRisk(row) => row.account.name.clone(),
        };
        entries.iter().map(name).collect()
    }

    #[test]
    fn what_pays_more_is_likelier_to_leave_and_presses_more_comes_first() {
        let renewals = vec![row(1, 100_000, "healthy", Some(80)), row(2, 100_000, "at_risk", Some(5))];
        let at_risk = vec![row(3, 900_000, "critical", None)];
        let all = Candidates { renewals, at_risk, ..Candidates::default() };
        assert_eq!(names(&rank(all, NOW)), ["Account 3", "Account 2", "Account 1"]);
    }

    fn todo(title: &str, priority: Priority, standing: Standing) -> TodoRow {
        let draft = crate::todos::TodoDraft { title: title.into(), priority, ..Default::default() };
        let todo = draft.written(crate::id::TodoId(Uuid::from_u128(1)), None, NOW);
        TodoRow { todo, account: String::new(), standing }
    }

    #[test]
    fn a_task_comes_by_its_priority_and_its_day_among_the_others() {
        let todos = vec![
            todo("later", Priority::Critical, Standing::Later { days: 8 }),
            todo("some day", Priority::Critical, Standing::Undated),
            todo("tomorrow", Priority::Medium, Standing::Tomorrow),
            todo("late", Priority::Low, Standing::Overdue { days: 3 }),
            todo("today", Priority::High, Standing::Today),
            todo("done", Priority::High, Standing::Done),
            todo("reminded", Priority::Medium, Standing::Reminded),
        ];
        let at_risk = vec![row(3, 100_000, "critical", None)];
        let all = Candidates { todos, at_risk, ..Candidates::default() };
        assert_eq!(names(&rank(all, NOW)), ["today", "reminded", "late", "tomorrow", "Account 3"]);
    }

    fn reply(number: u128, said: &str, days: i64) -> Reply {
        let row = row(number, 100_000, "watch", None);
        Reply { row, who: None, at: NOW.plus_days(-days), said: said.to_owned(), in_survey: false }
    }

    #[test]
    fn who_waits_for_an_answer_comes_once_and_the_sooner_the_longer_they_wait() {
        let replies = vec![
            reply(1, "today", 0),
            reply(2, "yesterday", 1),
            reply(3, "long ago", 5),
            reply(3, "before that", 6),
            reply(4, "too long ago", REPLY_DAYS),
        ];
        let renewals = vec![row(3, 100_000, "watch", Some(60))];
        let all = Candidates { replies, renewals, ..Candidates::default() };
        let entries = rank(all, NOW);
        assert_eq!(names(&entries), ["long ago", "yesterday", "today", "Account 3"], "the renewal is another matter");
        assert!((entries[0].value - 0.6).abs() < 1e-9, "1 × 0.15 × 1 × 2 ÷ 0.5");
    }

    #[test]
    fn a_long_text_is_shown_by_its_beginning() {
        assert_eq!(beginning(" Hello,\n\nwhere is\tit? "), "Hello, where is it?");
        let short = beginning(&"word ".repeat(100));
        assert!(short.ends_with('…') && short.chars().count() <= SAID_CHARS_MAX, "{short}");
    }

    #[test]
    fn an_account_stands_in_the_queue_once() {
        let both = row(1, 100_000, "at_risk", Some(20));
        let all = Candidates { renewals: vec![both.clone()], at_risk: vec![both], ..Candidates::default() };
        let entries = rank(all, NOW);
        assert_eq!(entries.len(), 1);
        assert!(matches!(entries[0].about, About::Renewal(_)));
    }

    #[test]
    fn the_queue_has_an_end() {
        let at_risk = (1..100).map(|number| row(number, 100_000, "at_risk", None)).collect();
        assert_eq!(rank(Candidates { at_risk, ..Candidates::default() }, NOW).len(), ENTRIES_MAX);
        let replies = (1..100).map(|number| reply(number, "Hello?", 1)).collect();
        assert_eq!(rank(Candidates { replies, ..Candidates::default() }, NOW).len(), REPLIES_MAX);
    }

    #[test]
    fn tasks_are_not_crowded_out() {
        let at_risk = (1..100).map(|number| row(number, 100_000, "critical", Some(3))).collect();
        let names_of = ["one", "two", "three", "four"];
        let todos = names_of.map(|name| todo(name, Priority::Low, Standing::Tomorrow)).to_vec();
        let entries = rank(Candidates { todos, at_risk, ..Candidates::default() }, NOW);
        let todos = entries.iter().filter(|entry| matches!(entry.about, About::Todo(_))).count();
        assert_eq!((entries.len(), todos), (ENTRIES_MAX, TODOS_MIN));
    }
}
