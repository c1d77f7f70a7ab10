//! The quality of what is recorded: a few facts of every account, kept in memory, which `domain::quality` holds against
//! its rules.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use domain::changes::Entry;
use domain::fields::Subject;
use domain::health::Points;
use domain::id::{AccountId, UserId};
use domain::quality::{self, Around, Broken, Facts, Rule, Survey};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::accounts::selection;
use crate::error::Result;
use crate::kept::{Follows, Kept};
use crate::tx::{Tx, on};
use crate::{dynamic, identity, log};

/// Accounts that are read together. A row costs more on its way out of SQLite than in it, so that many become one text.
const STEP: i64 = 10_000;

/// The documents of accounts as they are stored, each with its coverage and whether a contact is recorded: putting them
/// one behind the other costs the database far less than taking them apart, which is done here.
macro_rules! facts {
    ($doc:literal, $coverage:literal, $only:literal) => {
        concat!(
            "SELECT string_agg(s.facts, ',') FROM (SELECT '[' || ",
            $doc,
            " || ',' || COALESCE(",
            $coverage,
            ", 'null') || CASE WHEN EXISTS (SELECT 1 FROM contacts AS k WHERE k.workspace_id = $1 \
             AND k.account_id = a.id) THEN ',true]' ELSE ',false]' END AS facts \
             FROM accounts AS a WHERE a.workspace_id = $1",
            $only,
            ") AS s"
        )
    };
}

/// The accounts behind `$2`, for SQLite and for PostgreSQL.
const ALL: (&str, &str) = (
    facts!("a.doc", "json_extract(a.health, '$.coverage')", " AND a.id > $2 ORDER BY a.id LIMIT $3"),
    facts!("CAST(a.doc AS TEXT)", "a.health ->> 'coverage'", " AND a.id > $2 ORDER BY a.id LIMIT $3"),
);
/// The accounts that `$2` names.
const SOME: (&str, &str) = (
    facts!(
        "a.doc",
        "json_extract(a.health, '$.coverage')",
        " AND a.id IN (SELECT unhex(value, '-') FROM json_each($2))"
    ),
    facts!(
        "CAST(a.doc AS TEXT)",
        "a.health ->> 'coverage'",
        " AND a.id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)"
    ),
);

/// The accounts that a filter lets through.
const CHOSEN: &str =
    "SELECT string_agg(a.doc ->> 'id', ',') FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL";

/// Returns how good the records of the accounts are that a filter lets through.
pub async fn survey(tx: &mut Tx, filter: &str) -> Result<Survey> {
    let asked = Asked::of(tx, filter).await?;
    let (known, seq) = KEPT.present(tx, &()).await?;
    Ok(Survey { seq, ..quality::survey(asked.chosen(&known), &asked.around(tx, &known)) })
}

/// Returns the accounts that break one rule, of those that a filter lets through.
pub async fn broken(tx: &mut Tx, filter: &str, rule: Rule) -> Result<Broken> {
    let asked = Asked::of(tx, filter).await?;
    let (known, _) = KEPT.present(tx, &()).await?;
    Ok(quality::broken(asked.chosen(&known), &asked.around(tx, &known), rule))
}

/// Who is asked about, and who is there to own an account.
struct Asked {
    /// None for all.
    chosen: Option<HashSet<AccountId>>,
    active: HashSet<UserId>,
    addresses: HashMap<UserId, String>,
}

impl Asked {
    async fn of(tx: &mut Tx, filter: &str) -> Result<Self> {
        let chosen = chosen(tx, filter).await?;
        let people = identity::users(tx).await?;
        let active = people.iter().filter(|person| person.deactivated_at.is_none());
        let active: HashSet<UserId> = active.map(|person| person.id).collect();
        let addresses: HashMap<UserId, String> = people.into_iter().map(|person| (person.id, person.email)).collect();
        Ok(Self { chosen, active, addresses })
    }

    /// Names are compared with those of everybody.
    fn around(&self, tx: &Tx, known: &Known) -> Around {
        Around::new(&known.facts, &self.active, &self.addresses, tx.now())
    }

    fn chosen<'a>(&'a self, known: &'a Known) -> impl Iterator<Item = &'a Facts> {
        known.facts.iter().filter(|facts| self.chosen.as_ref().is_none_or(|chosen| chosen.contains(&facts.id)))
    }
}

/// What is known of every account that is not archived. It is a reader of the change log.
#[derive(Default)]
struct Known {
    facts: Vec<Facts>,
    places: HashMap<AccountId, usize>,
}

static KEPT: LazyLock<Kept<Known>> = LazyLock::new(Kept::default);

impl Follows for Known {
    type Asked = ();
    type Name = ();
    const WORKSPACES_MAX: usize = 20;
    const EACH_MAX: usize = 1;

    fn name((): &()) {}

    fn has(&self, (): &()) -> bool {
        true
    }

    async fn read(tx: &mut Tx, (): &(), _: i64) -> Result<Self> {
        let sql = if tx.is_sqlite() { ALL.0 } else { ALL.1 };
        let (workspace, mut after, mut known) = (tx.workspace(), Uuid::nil(), Self::default());
        loop {
            let text: Option<String> =
                on!(tx, c => sqlx::query_scalar(sql).bind(workspace).bind(after).bind(STEP).fetch_one(c).await)?;
            let step = parse(text)?;
            after = step.iter().map(|facts| facts.id.0).max().unwrap_or(after);
            let is_last = (step.len() as i64) < STEP;
            step.into_iter().for_each(|facts| known.put(facts));
            if is_last {
                known.find_parents();
                return Ok(known);
            }
        }
    }

    async fn follow(&mut self, tx: &mut Tx, (): &(), since: i64, end: i64) -> Result<i64> {
        let entries = log::after(tx, since, log::PAGE_MAX).await?;
        let touched: BTreeSet<AccountId> = entries.iter().flat_map(touched).collect();
        let (sql, workspace) = (if tx.is_sqlite() { SOME.0 } else { SOME.1 }, tx.workspace());
        let ids = serde_json::to_string(&touched)?;
        let text: Option<String> = on!(tx, c => sqlx::query_scalar(sql).bind(workspace).bind(ids).fetch_one(c).await)?;
        let facts = parse(text)?;
        touched.iter().for_each(|id| self.forget(*id));
        facts.into_iter().for_each(|facts| self.put(facts));
        self.find_parents();
        Ok(entries.last().map_or(end, |entry| entry.seq))
    }
}

impl Known {
    fn put(&mut self, facts: Facts) {
        if facts.archived_at.is_none() {
            self.places.insert(facts.id, self.facts.len());
            self.facts.push(facts);
        }
    }

    fn forget(&mut self, id: AccountId) {
        let Some(place) = self.places.remove(&id) else { return };
        self.facts.swap_remove(place);
        if let Some(moved) = self.facts.get(place) {
            self.places.insert(moved.id, place);
        }
    }

    fn find_parents(&mut self) {
        for facts in &mut self.facts {
            facts.has_parent = facts.parent_id.is_none_or(|parent| self.places.contains_key(&parent));
        }
    }
}

/// Returns the accounts about which something else may be known after a line of the log: a contact may also have been
/// with another one before.
fn touched(entry: &Entry) -> Vec<AccountId> {
    match entry.subject {
        Subject::Account => vec![AccountId(entry.subject_id)],
        Subject::Contact => {
            let of = |fields: &Map<String, Value>| -> Option<AccountId> {
                fields.get("account_id").and_then(Value::as_str)?.parse().ok()
            };
            entry.account.into_iter().chain(of(&entry.before)).chain(of(&entry.after)).collect()
        }
        _ => Vec::new(),
    }
}

/// Takes the text of several accounts apart.
fn parse(text: Option<String>) -> Result<Vec<Facts>> {
    let all: Vec<(Facts, Option<Points>, bool)> = serde_json::from_str(&format!("[{}]", text.unwrap_or_default()))?;
    Ok(all.into_iter().map(|(facts, coverage, has_contact)| Facts { coverage, has_contact, ..facts }).collect())
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
