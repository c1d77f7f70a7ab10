//! What reports need of every account, in memory: what it is grouped by, what it pays and how it scores.
//!
//! It is a reader of the change log: loaded once per workspace, then kept up to date from the log. What a filter means
//! stays the database's alone; here are only the values that are added up.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use domain::fields::Subject;
use domain::health::Points;
use domain::money::Currency;
use domain::reports::{About, Answer, Dimension, Labels, Paying, Spec, State, period_key};
use domain::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::bulk;
use crate::error::Result;
use crate::kept::{Follows, Kept, Present};
use crate::log;
use crate::tx::{Tx, on};

/// Most accounts that are read again at once.
const AGAIN_MAX: usize = 1_000;
/// Most answers that are kept of a workspace; beyond that all are forgotten.
const ANSWERS_MAX: usize = 500;
/// Most filters whose accounts are kept of a workspace; beyond that all are forgotten.
const CHOSEN_MAX: usize = 20;

/// Everything of an account that reports look at.
#[derive(Clone, Copy, Debug)]
struct Known {
    is_listed: bool,
    band: u32,
    tier: u32,
    category: u32,
    stage: u32,
    churn_reason: u32,
    country: u32,
    owner: u32,
    renewal: u32,
}

/// Of each account by its place, whether a filter chooses it.
pub(super) type Places = Arc<Vec<bool>>;

/// The accounts of a workspace.
#[derive(Debug, Default)]
pub(super) struct Portfolio {
    places: HashMap<Uuid, u32>,
    ids: Vec<Uuid>,
    known: Vec<Known>,
    paying: Vec<Paying>,
    labels: Labels,
    /// Where in the log each kind of thing was last touched, as far as is known.
    touched: HashMap<String, i64>,
    answers: Mutex<HashMap<String, (i64, Answer)>>,
    /// The places that filters choose, since widgets of a dashboard often share one.
    chosen: Mutex<HashMap<String, (i64, Places)>>,
}

static KEPT: LazyLock<Kept<Portfolio>> = LazyLock::new(Kept::default);

#[derive(FromRow)]
struct Row {
    id: Uuid,
    currency: Option<String>,
    annual_minor: Option<i64>,
    score: Option<i64>,
    band: Option<String>,
    tier: Option<String>,
    category: Option<String>,
    stage: Option<String>,
    churn_reason: Option<String>,
    country: Option<String>,
    owner: Option<String>,
    renewal_at: Option<i64>,
    archived_at: Option<i64>,
}

/// Returns the accounts as they are at the end of the log, and where the transaction sees that end: what is kept may be
/// newer.
pub(super) async fn present(tx: &mut Tx) -> Result<(Present<Portfolio>, i64)> {
    KEPT.present(tx, &()).await
}

/// Returns the words under which an answer is kept: who asks and which day it is are part of what is asked. None
/// where it moves with the clock.
pub(super) fn key(tx: &Tx, spec: &Spec) -> Option<String> {
    let is_still = spec.state != State::Overdue && !moves(&spec.filter);
    let user = tx.actor().user.filter(|_| !spec.filter.is_empty());
    is_still.then(|| format!("{spec:?} {user:?} {:?}", tx.now().day_start()))
}

/// Returns whether a filter chooses other accounts with time alone, without a line in the log, as trends do.
fn moves(filter: &str) -> bool {
    filter.contains("trend_")
}

/// Returns the words under which the accounts are kept that a filter chooses, as [`key`] does.
pub(super) fn filter_key(tx: &Tx, spec: &Spec) -> Option<String> {
    let is_kept = !spec.filter.is_empty() && !moves(&spec.filter);
    let listed = spec.about == About::Accounts;
    is_kept.then(|| format!("{} {listed} {:?} {:?}", spec.filter, tx.actor().user, tx.now().day_start()))
}

/// Returns the kinds of things that an answer is made from.
fn made_from(about: About) -> &'static [Subject] {
    use Subject::{Account, Alert, Field, Todo, Usage, User, Workspace};
    match about {
        About::Accounts | About::Revenue => &[Account, User, Field, Workspace],
        About::Alerts => &[Account, User, Field, Workspace, Alert],
        About::Tasks => &[Account, User, Field, Workspace, Todo],
        About::Usage => &[Account, User, Field, Workspace, Usage],
    }
}

impl Follows for Portfolio {
    type Asked = ();
    type Name = ();
    const WORKSPACES_MAX: usize = 200;
    const EACH_MAX: usize = 1;

    fn name((): &()) {}

    fn has(&self, (): &()) -> bool {
        true
    }

    async fn read(tx: &mut Tx, (): &(), _: i64) -> Result<Self> {
        let workspace = tx.workspace();
        let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
            "SELECT a.id, a.currency, a.annual_minor, a.score, a.band, a.doc ->> 'tier' AS tier, \
             a.doc ->> 'category' AS category, a.doc ->> 'stage' AS stage, a.doc ->> 'churn_reason' AS churn_reason, \
             a.doc ->> 'country' AS country, a.doc ->> 'owner_id' AS owner, a.renewal_at, a.archived_at FROM accounts AS a WHERE a.workspace_id = $1 \
             ORDER BY a.id")
            .bind(workspace).fetch_all(c).await)?;
        let mut portfolio = Self::default();
        rows.into_iter().for_each(|row| portfolio.put(row));
        Ok(portfolio)
    }

    async fn follow(&mut self, tx: &mut Tx, (): &(), since: i64, end: i64) -> Result<i64> {
        let mut touched = BTreeSet::new();
        for (subject, id) in log::touched(tx, since).await? {
            if subject == Subject::Account.key() {
                touched.insert(id);
            }
            self.touched.insert(subject, end);
        }
        let touched: Vec<Uuid> = touched.into_iter().collect();
        for some in touched.chunks(AGAIN_MAX) {
            let sql = bulk::report_rows(tx.is_sqlite());
            let (workspace, ids) = (tx.workspace(), serde_json::to_string(some)?);
            let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(ids).fetch_all(c).await)?;
            // What is not there any more was deleted.
            for id in some {
                if let Some(place) = self.places.get(id) {
                    self.known[*place as usize].is_listed = false;
                }
            }
            rows.into_iter().for_each(|row| self.put(row));
        }
        Ok(end)
    }
}

impl Portfolio {
    fn put(&mut self, row: Row) {
        let renewal = row.renewal_at.and_then(|at| period_key(Dimension::Renewal, Timestamp(at)));
        let mut label = |text: Option<&str>| self.labels.place(text, None);
        let known = Known {
            is_listed: row.archived_at.is_none(),
            band: label(row.band.as_deref()),
            tier: label(row.tier.as_deref()),
            category: label(row.category.as_deref()),
            stage: label(row.stage.as_deref()),
            churn_reason: label(row.churn_reason.as_deref()),
            country: label(row.country.as_deref()),
            owner: label(row.owner.as_deref()),
            renewal: label(renewal.as_deref()),
        };
        let paying = Paying {
            currency: row.currency.and_then(|code| code.parse().ok()).unwrap_or(Currency::USD),
            annual_minor: row.annual_minor.unwrap_or_default(),
            score: row.score.map(Points),
        };
        match self.places.get(&row.id).map(|place| *place as usize) {
            Some(place) => (self.known[place], self.paying[place]) = (known, paying),
            None => {
                self.places.insert(row.id, u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
                self.ids.push(row.id);
                self.known.push(known);
                self.paying.push(paying);
            }
        }
    }

    /// Returns an answer that was given before, if nothing that it was made from was touched since.
    pub(super) fn answered(&self, tx: &Tx, key: &Option<String>, about: About) -> Option<Answer> {
        let key = key.as_ref().filter(|_| !tx.writes())?;
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let (seq, answer) = answers.get(key)?;
        self.is_same(about, *seq).then(|| answer.clone())
    }

    /// Returns whether nothing that an answer is made from was touched since.
    fn is_same(&self, about: About, seq: i64) -> bool {
        let is_same = |subject: &Subject| self.touched.get(subject.key()).is_none_or(|touched| *touched <= seq);
        made_from(about).iter().all(is_same)
    }

    /// Returns the places that a filter chose before, if no account was touched since.
    pub(super) fn chosen(&self, tx: &Tx, key: &Option<String>) -> Option<Places> {
        let key = key.as_ref().filter(|_| !tx.writes())?;
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        let (seq, places) = chosen.get(key)?;
        self.is_same(About::Accounts, *seq).then(|| places.clone())
    }

    /// Keeps the places that a filter chooses with the log at this end.
    pub(super) fn keep_chosen(&self, tx: &Tx, key: Option<String>, end: i64, places: &Places) {
        let Some(key) = key.filter(|_| !tx.writes()) else { return };
        let mut chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        if chosen.len() >= CHOSEN_MAX {
            chosen.clear();
        }
        chosen.insert(key, (end, places.clone()));
    }

    /// Keeps an answer that was read with the log at this end.
    pub(super) fn keep(&self, tx: &Tx, key: Option<String>, end: i64, answer: &Answer) {
        let Some(key) = key.filter(|_| !tx.writes()) else { return };
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= ANSWERS_MAX {
            answers.clear();
        }
        answers.insert(key, (end, answer.clone()));
    }

    /// Returns what the values of accounts are called.
    pub(super) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Returns what each account pays and how it scores, by place.
    pub(super) fn paying(&self) -> &[Paying] {
        &self.paying
    }

    /// Returns the places of the accounts that are not archived.
    pub(super) fn listed(&self) -> impl Iterator<Item = u32> {
        (0_u32..).zip(&self.known).filter(|(_, known)| known.is_listed).map(|(place, _)| place)
    }

    /// Returns the place of an account.
    pub(super) fn place(&self, id: Uuid) -> Option<u32> {
        self.places.get(&id).copied()
    }

    /// Returns the account at a place.
    pub(super) fn id(&self, place: u32) -> Option<Uuid> {
        self.ids.get(place as usize).copied()
    }

    /// Returns how many accounts were ever there.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns the place among the labels of what an account is grouped by.
    pub(super) fn group(&self, place: u32, by: Dimension) -> Option<u32> {
        let known = self.known.get(place as usize)?;
        Some(match by {
            Dimension::Band => known.band,
            Dimension::Tier => known.tier,
            Dimension::Category => known.category,
            Dimension::Stage => known.stage,
            Dimension::ChurnReason => known.churn_reason,
            Dimension::Country => known.country,
            Dimension::Owner => known.owner,
            Dimension::Renewal => known.renewal,
            _ => return None,
        })
    }
}
