//! Telling news: to whom, through what, and to each person once.

use std::collections::HashMap;

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{AccountId, UserId};
use domain::identity::{Role, User};
use domain::notices::{Audience, Channel, FRESH_MS, News, Preferences, What};
use serde_json::{Map, json};
use uuid::Uuid;

use super::deliveries::{self, Reach};
use super::preferences;
use crate::error::Result;
use crate::identity;
use crate::tx::{NewEntry, Tx, on};

/// Accounts that are looked up in one statement.
const STEP: usize = 1_000;

/// What is known of an account when news of it is told.
struct Known {
    name: String,
    owner: Option<UserId>,
}

/// The people of a workspace with what they want.
struct People {
    people: Vec<User>,
    wishes: HashMap<UserId, Preferences>,
}

impl People {
    async fn of(tx: &mut Tx) -> Result<Self> {
        let people: Vec<User> =
            identity::users(tx).await?.into_iter().filter(|user| user.deactivated_at.is_none()).collect();
        let mut wishes = HashMap::new();
        for person in &people {
            wishes.insert(person.id, preferences::of(tx, person.id.0).await?.0);
        }
        Ok(Self { people, wishes })
    }

    /// Returns who is told: never who did it, and nobody who has left.
    fn audience(&self, news: &News, owner: Option<UserId>) -> Vec<UserId> {
        let is_meant = |user: &&User| match news.audience {
            Audience::Person(id) => user.id == id,
            Audience::Owner => Some(user.id) == owner,
            Audience::Managers => user.role >= Role::Manager,
            Audience::Everybody => true,
        };
        self.people.iter().filter(is_meant).map(|user| user.id).filter(|id| Some(*id) != news.actor).collect()
    }
}

/// Tells all of it and returns how many notices that made; what has been told before makes none.
pub(super) async fn tell(tx: &mut Tx, news: Vec<News>, reach: Reach) -> Result<u32> {
    if news.is_empty() {
        return Ok(0);
    }
    let news = together(news);
    let people = People::of(tx).await?;
    let accounts = known(tx, &news).await?;
    let mut told: HashMap<UserId, u32> = HashMap::new();
    for one in &news {
        let account = one.account.and_then(|id| accounts.get(&id));
        // An account that has been archived or removed meanwhile is nobody's concern.
        if one.account.is_some() && account.is_none() {
            continue;
        }
        for user in people.audience(one, account.and_then(|account| account.owner)) {
            let Some(wishes) = people.wishes.get(&user) else { continue };
            if tell_one(tx, one, user, (wishes, reach), account.map(|account| account.name.as_str())).await? {
                *told.entry(user).or_default() += 1;
            }
        }
    }
    for (user, count) in &told {
        tx.record(NewEntry {
            change: Change::Created,
            subject: Subject::Notice,
            subject_id: user.0,
            account: None,
            before: Map::new(),
            after: Map::from_iter([("notices".to_owned(), json!(count))]),
        });
    }
    Ok(told.values().sum())
}

/// Puts accounts and tasks that came to one person in one batch together, and tasks that waited for one moment.
fn together(news: Vec<News>) -> Vec<News> {
    let mut first: HashMap<(String, UserId), usize> = HashMap::new();
    let mut kept: Vec<News> = Vec::with_capacity(news.len());
    for one in news {
        let gathers = matches!(one.what, What::Assigned { .. } | What::TodoAssigned { .. } | What::TodoDue { .. });
        if let (true, Audience::Person(user)) = (gathers, one.audience) {
            match first.get(&(one.fingerprint.clone(), user)).and_then(|at| kept.get_mut(*at)) {
                Some(News {
                    what:
                        What::Assigned { accounts: count }
                        | What::TodoAssigned { todos: count, .. }
                        | What::TodoDue { todos: count, .. },
                    account,
                    ..
                }) => {
                    *count += 1;
                    *account = None;
                    continue;
                }
                _ => {
                    first.insert((one.fingerprint.clone(), user), kept.len());
                }
            }
        }
        kept.push(one);
    }
    kept
}

async fn tell_one(
    tx: &mut Tx,
    news: &News,
    user: UserId,
    (wishes, reach): (&Preferences, Reach),
    name: Option<&str>,
) -> Result<bool> {
    let event = news.what.event();
    if !Channel::ALL.into_iter().any(|channel| wishes.wants(event, channel)) {
        return Ok(false);
    }
    let (workspace, now, id) = (tx.workspace(), tx.now(), Uuid::now_v7());
    let what = serde_json::to_string(&news.what)?;
    let words = format!("{} {} {}", name.unwrap_or_default(), event.key().replace('_', " "), news.what.written());
    let hidden = (!wishes.wants(event, Channel::InApp)).then_some(now.0);
    let new = on!(tx, c => sqlx::query(
        "INSERT INTO notices (workspace_id, id, user_id, event, what, words, critical, at, account_id, actor_id, \
         fingerprint, hidden_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING")
        .bind(workspace).bind(id).bind(user.0).bind(event.key()).bind(&what).bind(words.to_lowercase())
        .bind(i64::from(news.what.is_critical())).bind(news.at.0).bind(news.account.map(|id| id.0))
        .bind(news.actor.map(|id| id.0)).bind(&news.fingerprint).bind(hidden)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if new == 1 && now.0 - news.at.0 <= FRESH_MS {
        for channel in reach.channels() {
            if wishes.wants(event, channel) {
                deliveries::place(tx, user.0, wishes, id, channel).await?;
            }
        }
    }
    Ok(new == 1 && hidden.is_none())
}

/// Statements over a list of accounts look each one up by its key.
const ACCOUNTS: (&str, &str) = (
    "SELECT a.id, a.name, a.owner_id FROM (SELECT unhex(value, '-') AS wanted FROM json_each($2)) AS ids \
     CROSS JOIN accounts AS a WHERE a.workspace_id = $1 AND a.id = ids.wanted AND a.archived_at IS NULL",
    "SELECT id, name, owner_id FROM accounts WHERE workspace_id = $1 \
     AND id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j) AND archived_at IS NULL",
);

async fn known(tx: &mut Tx, news: &[News]) -> Result<HashMap<AccountId, Known>> {
    let mut ids: Vec<AccountId> = news.iter().filter_map(|one| one.account).collect();
    ids.sort_unstable();
    ids.dedup();
    let sql = if tx.is_sqlite() { ACCOUNTS.0 } else { ACCOUNTS.1 };
    let mut known = HashMap::with_capacity(ids.len());
    for step in ids.chunks(STEP) {
        let (workspace, step) = (tx.workspace(), serde_json::to_string(step)?);
        let rows: Vec<(Uuid, String, Option<Uuid>)> =
            on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(step).fetch_all(c).await)?;
        known.extend(
            rows.into_iter().map(|(id, name, owner)| (AccountId(id), Known { name, owner: owner.map(UserId) })),
        );
    }
    Ok(known)
}
