//! Accounts: the grid's pages, one account, inline edits, and the catalogue of fields.

mod head;
mod kept;
mod names;
mod pages;

use domain::accounts::{self, Account, AccountRow};
use domain::changes::Change;
use domain::churn::ChurnSummary;
use domain::fields::{self, Catalogue, Field, FieldType, Subject};
use domain::health::{HealthSummary, Points};
use domain::id::AccountId;
use domain::refusal::Refusal;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::subjects::{self, document, from_document};
use crate::tx::{Tx, on};
use crate::{batches, directory, identity};

pub use head::{Head, head};
pub(crate) use names::resolved_text;
pub(crate) use pages::{Selection, selection};
pub use pages::{page, page_text};

/// Returns the fields of an account in this workspace: the built-in ones and the custom ones.
pub async fn catalogue(tx: &mut Tx) -> Result<Catalogue> {
    let custom = custom_fields(tx).await?;
    Ok(accounts::catalogue().with(custom))
}

/// Returns the workspace's custom account fields in the order in which they were made.
pub async fn custom_fields(tx: &mut Tx) -> Result<Vec<Field>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<CustomField>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM fields WHERE workspace_id = $1 AND subject = 'accounts' ORDER BY id")
        .bind(workspace).fetch_all(c).await)?;
    let field = |(Json(row),): (Json<CustomField>,)| Field {
        key: format!("custom.{}", row.key),
        label: row.label,
        kind: row.kind,
        required: false,
        editable: row.formula.is_none(),
        synonyms: Vec::new(),
        formula: row.formula,
    };
    Ok(rows.into_iter().map(field).collect())
}

/// A custom field as it is stored.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct CustomField {
    /// Identifies the field.
    pub id: Uuid,
    /// Counts its changes.
    pub version: i64,
    /// The subject it extends, as [`Subject::key`].
    pub subject: String,
    /// Its own key, without `custom.`.
    pub key: String,
    /// What people see.
    pub label: String,
    /// What values it takes.
    pub kind: FieldType,
    /// What its value follows from, for a computed field; see [`crate::formula`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

impl subjects::Doc for CustomField {
    const TABLE: subjects::Table = subjects::Table::Fields;
    fn id(&self) -> Uuid {
        self.id
    }
    fn account(&self) -> Option<AccountId> {
        None
    }
}

/// Adds a custom account field. Importing people may, since unknown columns become fields.
pub(crate) async fn add_custom_field(tx: &mut Tx, key: &str, label: &str, kind: FieldType) -> Result<()> {
    let known = custom_fields(tx).await?;
    if known.iter().any(|field| field.custom_key() == Some(key)) {
        return Ok(());
    }
    if known.len() >= fields::CUSTOM_FIELDS_MAX {
        return Err(
            Refusal::Conflict("A workspace has at most 500 custom fields. Skip some columns.".to_owned()).into()
        );
    }
    let field = CustomField {
        id: Uuid::now_v7(),
        version: 1,
        subject: Subject::Account.key().to_owned(),
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        formula: None,
    };
    let doc = document(&field)?;
    crate::bulk::insert(tx, subjects::Table::Fields, std::slice::from_ref(&doc)).await?;
    tx.record(crate::tx::NewEntry {
        change: Change::Created,
        subject: Subject::Field,
        subject_id: field.id,
        account: None,
        before: Map::new(),
        after: doc,
    });
    Ok(())
}

/// Returns one account, or refuses.
pub async fn get(tx: &mut Tx, id: AccountId) -> Result<Account> {
    subjects::get(tx, id.0).await
}

/// An account, its present health and that of the accounts below it, as every statement that shows accounts reads
/// them: `doc, health, rollup, churn`.
pub(crate) type Stored = (Json<Account>, Option<Json<HealthSummary>>, Option<i64>, Option<Json<ChurnSummary>>);

/// Returns the row of the grid that a stored one is.
pub(crate) fn shown((Json(account), health, rollup, churn): Stored) -> AccountRow {
    let (health, churn) = (health.map(|Json(health)| health), churn.map(|Json(churn)| churn));
    AccountRow { account, health, rollup: rollup.map(Points), churn }
}

/// Returns one account with its present health, or refuses.
pub async fn row(tx: &mut Tx, id: AccountId) -> Result<AccountRow> {
    let workspace = tx.workspace();
    let found: Option<Stored> = on!(tx, c => sqlx::query_as(
        "SELECT doc, health, rollup, churn FROM accounts WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    Ok(shown(found.ok_or(Refusal::NotFound)?))
}

/// Returns the accounts below one, by name.
pub async fn children(tx: &mut Tx, id: AccountId) -> Result<Vec<AccountRow>> {
    let workspace = tx.workspace();
    let rows: Vec<Stored> = on!(tx, c => sqlx::query_as(
        "SELECT doc, health, rollup, churn FROM accounts WHERE workspace_id = $1 AND parent_id = $2 AND archived_at IS NULL ORDER BY name, id LIMIT 200")
        .bind(workspace).bind(id.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(shown).collect())
}

/// Creates an account with nothing but a name.
pub async fn create(tx: &mut Tx, name: &str) -> Result<Account> {
    let name = domain::identity::check_name("name", name).map_err(|error| Refusal::Invalid(vec![error]))?;
    let mut account = Account::new(AccountId(Uuid::now_v7()), name, tx.now());
    account.owner_id = tx.actor().user;
    subjects::create(tx, &account).await?;
    Ok(account)
}

/// Sets one field of an account. `version` is the one the person saw: somebody faster is a visible conflict,
/// unless they changed another field.
pub async fn edit(tx: &mut Tx, id: AccountId, version: i64, key: &str, value: Value) -> Result<AccountRow> {
    tx.require(domain::identity::Role::Csm)?;
    let catalogue = catalogue(tx).await?;
    let Some(field) = catalogue.get(key).filter(|field| field.editable) else {
        return Err(Refusal::field(key, "This field cannot be edited.").into());
    };
    let value = accounts::check_value(field, value).map_err(|message| Refusal::field(key, message))?;
    let before = get(tx, id).await?;
    if before.version != version && changed_since(tx, id, version, key).await? {
        return Err(Refusal::Conflict(
            "Somebody changed this field a moment ago. Look at the new value, then edit again.".to_owned(),
        )
        .into());
    }
    check_reference(tx, id, field, &value).await?;
    let mut doc = document(&before)?;
    fields::set(&mut doc, key, value);
    subjects::tidy(&mut doc);
    let after: Account = from_document(doc)?;
    // Without a change there is nothing that a batch could take back.
    if after != before && tx.batch().is_none() {
        batches::open(tx, "edit", &before.name).await?;
    }
    subjects::update(tx, &before, &after).await?;
    row(tx, id).await
}

async fn changed_since(tx: &mut Tx, id: AccountId, version: i64, key: &str) -> Result<bool> {
    let entries = crate::log::of_account(tx, id, i64::MAX, 100).await?;
    Ok(entries
        .iter()
        .filter(|entry| entry.subject == Subject::Account)
        .take_while(|entry| fields::get(&entry.after, "version").as_i64().is_none_or(|seen| seen > version))
        .any(|entry| entry.after.contains_key(key)))
}

/// References must lead to something in the same workspace, and no account may be above itself.
async fn check_reference(tx: &mut Tx, id: AccountId, field: &Field, value: &Value) -> Result<()> {
    let Some(target) = value.as_str().and_then(|text| text.parse::<Uuid>().ok()) else { return Ok(()) };
    match field.kind {
        FieldType::User => {
            let known = identity::users(tx).await?.iter().any(|user| user.id.0 == target);
            if known { Ok(()) } else { Err(Refusal::field(&field.key, "Choose somebody from this workspace.").into()) }
        }
        FieldType::Account => {
            let (mut above, mut steps) = (Some(AccountId(target)), 0);
            while let Some(next) = above {
                steps += 1;
                if next == id || steps > 32 {
                    return Err(Refusal::field(&field.key, "An account cannot be above itself.").into());
                }
                above = get(tx, next).await?.parent_id;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Returns accounts whose name, external id or domain contains the text, best first.
pub async fn search(
    db: &crate::Db,
    actor: &domain::identity::Actor,
    text: &str,
    limit: usize,
) -> Result<Vec<accounts::Found>> {
    directory::search(db, actor, text, limit).await
}
