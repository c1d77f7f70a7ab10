//! The quality of what is recorded: a few facts of every account, which `domain::quality` holds against its rules.

use std::collections::{HashMap, HashSet};

use domain::health::Points;
use domain::id::{AccountId, UserId};
use domain::quality::{self, Around, Broken, Facts, Rule, Survey};
use uuid::Uuid;

use crate::accounts::selection;
use crate::error::Result;
use crate::tx::{Tx, on};
use crate::{dynamic, identity, log};

/// Accounts that are read together. A row costs more on its way out of SQLite than in it, so that many become one text.
const STEP: i64 = 10_000;

/// The documents of the accounts behind `$2` as they are stored, each with its coverage and whether a contact is recorded:
/// putting them one behind the other costs the database far less than taking them apart, which is done here.
const ON_SQLITE: &str = "SELECT string_agg(s.facts, ',') FROM (SELECT '[' || a.doc || ',' \
    || COALESCE(json_extract(a.health, '$.coverage'), 'null') \
    || CASE WHEN EXISTS (SELECT 1 FROM contacts AS k WHERE k.workspace_id = $1 AND k.account_id = a.id) THEN ',true]' ELSE ',false]' END \
    AS facts FROM accounts AS a WHERE a.workspace_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3) AS s";
const ON_POSTGRES: &str = "SELECT string_agg(s.facts, ',') FROM (SELECT '[' || CAST(a.doc AS TEXT) || ',' \
    || COALESCE(a.health ->> 'coverage', 'null') \
    || CASE WHEN EXISTS (SELECT 1 FROM contacts AS k WHERE k.workspace_id = $1 AND k.account_id = a.id) THEN ',true]' ELSE ',false]' END \
    AS facts FROM accounts AS a WHERE a.workspace_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3) AS s";

/// The accounts that a filter lets through.
const CHOSEN: &str =
    "SELECT string_agg(a.doc ->> 'id', ',') FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL";

/// Returns how good the records of the accounts are that a filter lets through.
pub async fn survey(tx: &mut Tx, filter: &str) -> Result<Survey> {
    let seq = log::last_seq(tx).await?;
    let known = Known::read(tx, filter).await?;
    Ok(Survey { seq, ..quality::survey(known.chosen(), &known.around) })
}

/// Returns the accounts that break one rule, of those that a filter lets through.
pub async fn broken(tx: &mut Tx, filter: &str, rule: Rule) -> Result<Broken> {
    let known = Known::read(tx, filter).await?;
    Ok(quality::broken(known.chosen(), &known.around, rule))
}

/// What is known of all accounts, and which of them are asked about. Names are compared with those of everybody.
struct Known {
    facts: Vec<Facts>,
    around: Around,
    /// None for all.
    chosen: Option<HashSet<AccountId>>,
}

impl Known {
    async fn read(tx: &mut Tx, filter: &str) -> Result<Self> {
        let chosen = chosen(tx, filter).await?;
        let people = identity::users(tx).await?;
        let active = people.iter().filter(|person| person.deactivated_at.is_none());
        let active: HashSet<UserId> = active.map(|person| person.id).collect();
        let addresses: HashMap<UserId, String> = people.into_iter().map(|person| (person.id, person.email)).collect();
        let facts = facts(tx).await?;
        let around = Around::new(&facts, &active, &addresses, tx.now());
        Ok(Self { facts, around, chosen })
    }

    fn chosen(&self) -> impl Iterator<Item = &Facts> {
        self.facts.iter().filter(|facts| self.chosen.as_ref().is_none_or(|chosen| chosen.contains(&facts.id)))
    }
}

/// Returns what is known of every account that is not archived.
async fn facts(tx: &mut Tx) -> Result<Vec<Facts>> {
    let sql = if tx.db().is_postgres() { ON_POSTGRES } else { ON_SQLITE };
    let (workspace, mut after, mut all) = (tx.workspace(), Uuid::nil(), Vec::new());
    loop {
        let text: Option<String> =
            on!(tx, c => sqlx::query_scalar(sql).bind(workspace).bind(after).bind(STEP).fetch_one(c).await)?;
        let Some(text) = text else { break };
        let step: Vec<(Facts, Option<Points>, bool)> = serde_json::from_str(&format!("[{text}]"))?;
        after = step.iter().map(|(facts, ..)| facts.id.0).max().unwrap_or(after);
        let is_last = (step.len() as i64) < STEP;
        let here = step.into_iter().filter(|(facts, ..)| facts.archived_at.is_none());
        all.extend(here.map(|(facts, coverage, has_contact)| Facts { coverage, has_contact, ..facts }));
        if is_last {
            break;
        }
    }
    let there: HashSet<AccountId> = all.iter().map(|facts| facts.id).collect();
    for facts in &mut all {
        facts.has_parent = facts.parent_id.is_none_or(|parent| there.contains(&parent));
    }
    Ok(all)
}

async fn chosen(tx: &mut Tx, filter: &str) -> Result<Option<HashSet<AccountId>>> {
    let selection = selection(tx, filter).await?;
    if selection.filter.is_everything() {
        return Ok(None);
    }
    let mut statement = dynamic::select(CHOSEN);
    statement.and(&selection);
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let ids: Option<String> = dynamic::run!(tx, c, sql, query_scalar, workspace => fetch_one(c))?;
    let ids = ids.unwrap_or_default();
    Ok(Some(ids.split(',').filter_map(|id| id.parse().ok()).collect()))
}
