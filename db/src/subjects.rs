//! The verbs that every documented subject shares: create, update, remove, find.

use domain::changes::{self, Change};
use domain::fields::Subject;
use domain::id::AccountId;
use domain::identity::Role;
use domain::refusal::Refusal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use uuid::Uuid;

use crate::bulk;
use crate::error::{Error, Result};
use crate::tx::{NewEntry, Tx};

/// The tables whose rows are JSON documents with derived columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Paying organisations.
    Accounts,
    /// People at the customer.
    Contacts,
    /// Support tickets.
    Tickets,
    /// Invoices.
    Invoices,
    /// Survey responses.
    Surveys,
    /// Timeline activities.
    Activities,
    /// Custom fields.
    Fields,
    /// Saved views.
    Views,
    /// Saved reports.
    Reports,
    /// Files that people took out.
    Exports,
    /// Dashboards.
    Dashboards,
    /// Links by which strangers see a report.
    Shares,
    /// Reports that are sent again and again.
    Schedules,
    /// Files that are imported again and again.
    ImportSchedules,
    /// Scores that people set by hand.
    Overrides,
    /// Alerts.
    Alerts,
    /// Rules that raise alerts.
    Rules,
    /// Tasks of people.
    Todos,
    /// What people said of recommendations.
    Feedback,
    /// Versions of the churn model.
    ChurnModels,
}

impl Table {
    /// Returns the table of a subject, if its rows are documents.
    #[must_use]
    pub fn of(subject: Subject) -> Option<Self> {
        Some(match subject {
            Subject::Account => Self::Accounts,
            Subject::Contact => Self::Contacts,
            Subject::Ticket => Self::Tickets,
            Subject::Invoice => Self::Invoices,
            Subject::Survey => Self::Surveys,
            Subject::Activity => Self::Activities,
            Subject::Field => Self::Fields,
            Subject::View => Self::Views,
            Subject::Report => Self::Reports,
            Subject::Export => Self::Exports,
            Subject::Dashboard => Self::Dashboards,
            Subject::Share => Self::Shares,
            Subject::Schedule => Self::Schedules,
            Subject::ImportSchedule => Self::ImportSchedules,
            Subject::Override => Self::Overrides,
            Subject::Alert => Self::Alerts,
            Subject::Rule => Self::Rules,
            Subject::Todo => Self::Todos,
            Subject::Feedback => Self::Feedback,
            Subject::ChurnModel => Self::ChurnModels,
            _ => return None,
        })
    }

    /// Returns the subject that the table holds.
    #[must_use]
    pub fn subject(self) -> Subject {
        match self {
            Self::Accounts => Subject::Account,
            Self::Contacts => Subject::Contact,
            Self::Tickets => Subject::Ticket,
            Self::Invoices => Subject::Invoice,
            Self::Surveys => Subject::Survey,
            Self::Activities => Subject::Activity,
            Self::Fields => Subject::Field,
            Self::Views => Subject::View,
            Self::Reports => Subject::Report,
            Self::Exports => Subject::Export,
            Self::Dashboards => Subject::Dashboard,
            Self::Shares => Subject::Share,
            Self::Schedules => Subject::Schedule,
            Self::ImportSchedules => Subject::ImportSchedule,
            Self::Overrides => Subject::Override,
            Self::Alerts => Subject::Alert,
            Self::Rules => Subject::Rule,
            Self::Todos => Subject::Todo,
            Self::Feedback => Subject::Feedback,
            Self::ChurnModels => Subject::ChurnModel,
        }
    }

    /// Returns the least role that may write the table.
    #[must_use]
    pub fn writer(self) -> Role {
        match self {
            Self::Fields => Role::Admin,
            Self::Rules => Role::Manager,
            Self::Views | Self::Reports | Self::Dashboards => Role::Viewer,
            Self::ChurnModels | Self::ImportSchedules => Role::Manager,
            _ => Role::Csm,
        }
    }
}

/// A struct that is stored as one document.
pub trait Doc: Serialize + DeserializeOwned + Send + Sync {
    /// Where it is stored.
    const TABLE: Table;
    /// Returns its id.
    fn id(&self) -> Uuid;
    /// Returns the account it belongs to.
    fn account(&self) -> Option<AccountId>;
}

macro_rules! doc {
    ($type:ty, $table:ident, $account:expr) => {
        impl Doc for $type {
            const TABLE: Table = Table::$table;
            fn id(&self) -> Uuid {
                self.id.0
            }
            fn account(&self) -> Option<AccountId> {
                let of: fn(&$type) -> Option<AccountId> = $account;
                of(self)
            }
        }
    };
}

doc!(domain::accounts::Account, Accounts, |account| Some(account.id));
doc!(domain::contacts::Contact, Contacts, |contact| Some(contact.account_id));
doc!(domain::support::Ticket, Tickets, |ticket| Some(ticket.account_id));
doc!(domain::revenue::Invoice, Invoices, |invoice| Some(invoice.account_id));
doc!(domain::surveys::Response, Surveys, |response| Some(response.account_id));
doc!(domain::activities::Activity, Activities, |activity| Some(activity.account_id));
doc!(domain::views::View, Views, |_| None);
doc!(domain::reports::Report, Reports, |_| None);
doc!(domain::export::Export, Exports, |_| None);
doc!(domain::dashboards::Dashboard, Dashboards, |_| None);
doc!(domain::shares::Share, Shares, |_| None);
doc!(domain::schedules::Schedule, Schedules, |_| None);
doc!(domain::import_schedules::ImportSchedule, ImportSchedules, |_| None);
doc!(domain::health::ManualScore, Overrides, |manual| Some(manual.account_id));
doc!(domain::alerts::Alert, Alerts, |alert| alert.account_id);
doc!(domain::alerts::Rule, Rules, |_| None);
doc!(domain::todos::Todo, Todos, |todo| todo.account_id);
doc!(domain::advice::Feedback, Feedback, |feedback| Some(feedback.account_id));
doc!(domain::churn::ChurnModel, ChurnModels, |_| None);

/// Returns the document of a value: no empty fields, and whole numbers written as integers,
/// so that one state has one spelling and undo can compare bytes.
pub fn document(value: &impl Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(value)? {
        Value::Object(mut map) => {
            tidy(&mut map);
            Ok(map)
        }
        _ => Err(Error::Stored("a document must be an object".to_owned())),
    }
}

/// Removes nulls and writes whole numbers as integers, all the way down.
pub(crate) fn tidy(map: &mut Map<String, Value>) {
    map.retain(|_, value| !value.is_null());
    map.values_mut().for_each(tidy_value);
}

fn tidy_value(value: &mut Value) {
    /// Largest whole number that a 64-bit float holds exactly.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Object(map) => tidy(map),
        Value::Array(items) => items.iter_mut().for_each(tidy_value),
        Value::Number(number) if number.is_f64() => {
            if let Some(float) = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < EXACT) {
                #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and exact just above")]
                let whole = float as i64;
                *number = Number::from(whole);
            }
        }
        _ => {}
    }
}

/// Returns the struct that a document spells.
pub fn from_document<T: DeserializeOwned>(doc: Map<String, Value>) -> Result<T> {
    Ok(serde_json::from_value(Value::Object(doc))?)
}

/// Returns the subject with this id, if the workspace has it.
pub async fn find<T: Doc>(tx: &mut Tx, id: Uuid) -> Result<Option<T>> {
    let docs = bulk::select(tx, T::TABLE, &[id]).await?;
    docs.into_iter().next().map(from_document).transpose()
}

/// Returns the subject with this id, or refuses.
pub async fn get<T: Doc>(tx: &mut Tx, id: Uuid) -> Result<T> {
    find(tx, id).await?.ok_or(Error::Refused(Refusal::NotFound))
}

/// Creates a subject and records it. What belongs to an account needs one of this workspace.
pub async fn create<T: Doc>(tx: &mut Tx, subject: &T) -> Result<()> {
    tx.require(T::TABLE.writer())?;
    if let Some(account) = subject.account().filter(|_| T::TABLE != Table::Accounts) {
        require_accounts(tx, &[account.0]).await?;
    }
    let doc = document(subject)?;
    bulk::insert(tx, T::TABLE, std::slice::from_ref(&doc)).await?;
    tx.record(NewEntry {
        change: Change::Created,
        subject: T::TABLE.subject(),
        subject_id: subject.id(),
        account: subject.account(),
        before: Map::new(),
        after: doc,
    });
    Ok(())
}

/// Replaces a subject and records the fields that changed; returns whether any did.
pub async fn update<T: Doc>(tx: &mut Tx, before: &T, after: &T) -> Result<bool> {
    tx.require(T::TABLE.writer())?;
    let (old, mut new) = (document(before)?, document(after)?);
    let Some(entry) = updated(T::TABLE, &old, &mut new, tx.now().0, after.account()) else { return Ok(false) };
    if bulk::update(tx, T::TABLE, std::slice::from_ref(&new)).await? != 1 {
        return Err(Refusal::NotFound.into());
    }
    tx.record(entry);
    Ok(true)
}

/// Deletes a subject and records all it was.
pub async fn remove<T: Doc>(tx: &mut Tx, subject: &T) -> Result<()> {
    tx.require(T::TABLE.writer())?;
    if bulk::delete(tx, T::TABLE, &[subject.id()]).await? != 1 {
        return Err(Refusal::NotFound.into());
    }
    tx.record(NewEntry {
        change: Change::Deleted,
        subject: T::TABLE.subject(),
        subject_id: subject.id(),
        account: subject.account(),
        before: document(subject)?,
        after: Map::new(),
    });
    Ok(())
}

/// Refuses unless the workspace has all of these accounts, which must be named once each.
pub(crate) async fn require_accounts(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    let found = bulk::select(tx, Table::Accounts, ids).await?;
    if found.len() == ids.len() { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Numbers and dates the new state and returns the line for the log; `None` when nothing differs.
pub(crate) fn updated(
    table: Table,
    old: &Map<String, Value>,
    new: &mut Map<String, Value>,
    now: i64,
    account: Option<AccountId>,
) -> Option<NewEntry> {
    let (mut before, mut after) = changes::diff(old, new);
    if before.is_empty() && after.is_empty() {
        return None;
    }
    let version = old.get("version").and_then(Value::as_i64).unwrap_or(1);
    new.insert("version".to_owned(), Value::from(version + 1));
    new.insert("updated_at".to_owned(), Value::from(now));
    for key in ["version", "updated_at"] {
        before.insert(key.to_owned(), old.get(key).cloned().unwrap_or(Value::Null));
        after.insert(key.to_owned(), new.get(key).cloned().unwrap_or(Value::Null));
    }
    let subject_id = old.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).unwrap_or_default();
    Some(NewEntry { change: Change::Updated, subject: table.subject(), subject_id, account, before, after })
}
