//! Where every account stood at a moment: the present rows, taken back by the log, with the scores of that moment.

use std::collections::HashMap;

use domain::accounts::STAGES;
use domain::changes::{self, Change};
use domain::health::{Band, Points};
use domain::id::{AccountId, UserId};
use domain::insights::{Dimension, Standing};
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use serde_json::{Map, Value};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::Result;
use crate::log;
use crate::tx::{Tx, on};

/// The stage of those who left.
const CHURNED: &str = STAGES[4];

/// Reads what a report needs of every account, with one field of the document to group by.
macro_rules! present {
    ($by:literal) => {
        concat!(
            "SELECT a.id, a.name, a.owner_id, a.doc ->> '",
            $by,
            "' AS grouped, a.stage, a.currency, CAST(a.doc ->> 'arr_minor' AS BIGINT) AS arr_minor, CAST(a.doc ->> 'mrr_minor' AS BIGINT) AS mrr_minor, \
             a.archived_at, a.score, a.band FROM accounts AS a WHERE a.workspace_id = $1"
        )
    };
}

/// The latest score of every account up to a moment, from the index alone. Of accounts that were deleted since no
/// scores are kept.
const SCORES_AT: &str = "SELECT a.id, \
    (SELECT s.score FROM scores AS s WHERE s.workspace_id = $1 AND s.account_id = a.id AND s.at <= $2 ORDER BY s.at DESC LIMIT 1), \
    (SELECT s.band FROM scores AS s WHERE s.workspace_id = $1 AND s.account_id = a.id AND s.at <= $2 ORDER BY s.at DESC LIMIT 1) \
    FROM accounts AS a WHERE a.workspace_id = $1";

#[derive(Clone, Debug, FromRow)]
struct Row {
    id: Uuid,
    name: String,
    owner_id: Option<Uuid>,
    grouped: Option<String>,
    stage: Option<String>,
    currency: String,
    arr_minor: Option<i64>,
    mrr_minor: Option<i64>,
    archived_at: Option<i64>,
    score: Option<i64>,
    band: Option<String>,
}

/// Every account as it is now, and what happened to the accounts since a moment.
pub(super) struct Portfolio {
    by: Dimension,
    present: Vec<Row>,
    /// Newest first, without scores.
    trail: Vec<log::Row>,
}

impl Portfolio {
    /// Reads the present and the log since a moment, which every other moment must not lie before.
    pub(super) async fn read(tx: &mut Tx, by: Dimension, since: Timestamp) -> Result<Self> {
        let sql = match by {
            Dimension::Tier => present!("tier"),
            Dimension::Category => present!("category"),
            Dimension::Stage => present!("stage"),
            Dimension::Country => present!("country"),
        };
        let workspace = tx.workspace();
        let present: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(workspace).fetch_all(c).await)?;
        Ok(Self { by, present, trail: log::of_all_accounts_since(tx, since).await? })
    }

    /// Returns the accounts that are no more.
    pub(super) fn deleted(&self) -> impl Iterator<Item = Uuid> {
        let present: std::collections::HashSet<Uuid> = self.present.iter().map(|row| row.id).collect();
        let deleted = |line: &&log::Row| line.change == Change::Deleted.key();
        self.trail.iter().filter(deleted).map(|line| line.subject_id).filter(move |id| !present.contains(id))
    }

    /// Returns what happened to each account, newest first.
    pub(super) fn trails(&self) -> HashMap<Uuid, Vec<&log::Row>> {
        let mut trails: HashMap<Uuid, Vec<&log::Row>> = HashMap::new();
        for line in &self.trail {
            trails.entry(line.subject_id).or_default().push(line);
        }
        trails
    }

    /// Returns where every account stood that was there at a moment.
    pub(super) async fn at(&self, tx: &mut Tx, at: Timestamp) -> Result<Vec<Standing>> {
        if at >= tx.now() {
            let there = self.present.iter().filter(|row| row.archived_at.is_none());
            return Ok(there.map(Row::standing).collect());
        }
        let scores = scores_at(tx, at).await?;
        let mut touched = self.taken_back(at)?;
        let mut standings = Vec::with_capacity(self.present.len());
        for row in &self.present {
            let row = match touched.remove(&row.id) {
                Some(Some(document)) => Row::of(row.id, &document, self.by),
                Some(None) => continue,
                None => row.clone(),
            };
            standings.extend(row.scored(&scores));
        }
        // What is left was deleted since.
        for (id, document) in touched {
            standings.extend(document.and_then(|document| Row::of(id, &document, self.by).scored(&scores)));
        }
        Ok(standings)
    }

    /// Returns what the accounts to which something happened after a moment were before it; nothing for those that
    /// did not exist.
    fn taken_back(&self, at: Timestamp) -> Result<HashMap<Uuid, Option<Map<String, Value>>>> {
        let keys = self.keys().map(|key| format!("\"{key}\""));
        let present: HashMap<Uuid, &Row> = self.present.iter().map(|row| (row.id, row)).collect();
        let mut touched: HashMap<Uuid, Option<Map<String, Value>>> = HashMap::new();
        for line in self.trail.iter().filter(|line| line.at > at.0) {
            // Most lines are about fields that no report shows; they are not even read.
            if line.change == Change::Updated.key() && !keys.iter().any(|key| line.data.contains(key.as_str())) {
                continue;
            }
            let start = || present.get(&line.subject_id).map(|row| row.document(self.by));
            let document = touched.entry(line.subject_id).or_insert_with(start);
            *document = changes::rewind(document.take(), &log::entry(line.clone())?);
        }
        Ok(touched)
    }

    /// Returns the fields of the document that a report shows.
    fn keys(&self) -> [&'static str; 8] {
        ["name", "owner_id", self.by.key(), "stage", "currency", "arr_minor", "mrr_minor", "archived_at"]
    }
}

type Scores = HashMap<Uuid, (Option<i64>, Option<String>)>;

async fn scores_at(tx: &mut Tx, at: Timestamp) -> Result<Scores> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid, Option<i64>, Option<String>)> =
        on!(tx, c => sqlx::query_as(SCORES_AT).bind(workspace).bind(at.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, score, band)| (id, (score, band))).collect())
}

impl Row {
    /// Returns the row of a document, or of the part of it that a report shows.
    fn of(id: Uuid, document: &Map<String, Value>, by: Dimension) -> Self {
        let text = |key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
        let number = |key: &str| document.get(key).and_then(Value::as_i64);
        Self {
            id,
            name: text("name").unwrap_or_default(),
            owner_id: text("owner_id").and_then(|owner| owner.parse().ok()),
            grouped: text(by.key()),
            stage: text("stage"),
            currency: text("currency").unwrap_or_default(),
            arr_minor: number("arr_minor"),
            mrr_minor: number("mrr_minor"),
            archived_at: number("archived_at"),
            score: None,
            band: None,
        }
    }

    /// Returns the part of the document that a report shows.
    fn document(&self, by: Dimension) -> Map<String, Value> {
        let fields = [
            ("name", Some(Value::from(self.name.clone()))),
            ("owner_id", self.owner_id.map(|owner| Value::from(owner.to_string()))),
            (by.key(), self.grouped.clone().map(Value::from)),
            ("stage", self.stage.clone().map(Value::from)),
            ("currency", Some(Value::from(self.currency.clone()))),
            ("arr_minor", self.arr_minor.map(Value::from)),
            ("mrr_minor", self.mrr_minor.map(Value::from)),
            ("archived_at", self.archived_at.map(Value::from)),
        ];
        fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }

    /// Returns how the account stood with the score of a moment, unless it had been archived by then.
    fn scored(self, scores: &Scores) -> Option<Standing> {
        let (score, band) = scores.get(&self.id).cloned().unwrap_or_default();
        self.archived_at.is_none().then(|| Self { score, band, ..self }.standing())
    }

    fn standing(&self) -> Standing {
        let annual = self.arr_minor.or_else(|| self.mrr_minor.map(|month| month.saturating_mul(12)));
        let currency: Currency = self.currency.parse().unwrap_or(Currency::USD);
        Standing {
            account: AccountId(self.id),
            name: self.name.clone(),
            owner: self.owner_id.map(UserId),
            team: None,
            group: self.grouped.clone(),
            annual: annual.map(|minor| Money { minor, currency }),
            score: self.score.map(Points),
            band: self.band.as_deref().and_then(Band::from_key),
            churned: self.stage.as_deref() == Some(CHURNED),
        }
    }
}
