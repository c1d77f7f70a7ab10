//! Computed fields: custom fields that follow from others by a formula.

mod reader;

use domain::accounts::Account;
use domain::fields::{CUSTOM_FIELDS_MAX, Catalogue, Field, Subject, key_from_heading};
use domain::formula::{ComputedField, Formula, FormulaError, Use, check_removable, understand, uses};
use domain::health::Scorecard;
use domain::id::{AccountId, ScorecardId};
use domain::identity::{Role, check_name};
use domain::refusal::Refusal;
use sqlx::types::Json;
use uuid::Uuid;

use crate::accounts::{self, CustomField};
use crate::error::{Error, Result};
use crate::subjects::{self, Table};
use crate::tx::{Tx, on};
use crate::{bulk, health, views};

pub(crate) use reader::catch_up;

/// The kind of the batches in which computed fields are made, changed and removed.
pub const BATCH: &str = "field";
/// Accounts that a formula is shown on before it is saved.
const EXAMPLES: usize = 5;

/// Makes a computed field; its values follow as soon as the change log is read.
pub async fn create(tx: &mut Tx, label: &str, text: &str) -> Result<Field> {
    tx.require(Role::Admin)?;
    let catalogue = accounts::catalogue(tx).await?;
    let label = free_label(label, None, &catalogue)?;
    if catalogue.fields.iter().filter(|field| field.custom_key().is_some()).count() >= CUSTOM_FIELDS_MAX {
        return Err(Refusal::Conflict("A workspace has at most 500 custom fields. Remove one first.".to_owned()).into());
    }
    let formula = understood(text, None, &catalogue)?;
    let field = CustomField {
        id: Uuid::now_v7(),
        version: 1,
        subject: Subject::Account.key().to_owned(),
        key: key_from_heading(&label),
        label,
        kind: formula.kind().field_type(),
        formula: Some(text.trim().to_owned()),
    };
    subjects::create(tx, &field).await?;
    accounts::catalogue(tx).await?.get(&format!("custom.{}", field.key)).cloned().ok_or(Refusal::NotFound.into())
}

/// Gives a computed field, named by its full key, another name and formula. `version` is the one the person saw:
/// somebody faster is a visible conflict.
pub async fn change(tx: &mut Tx, key: &str, version: i64, label: &str, text: &str) -> Result<()> {
    tx.require(Role::Admin)?;
    let before = seen(tx, key, version).await?;
    let catalogue = accounts::catalogue(tx).await?;
    let label = free_label(label, Some(key), &catalogue)?;
    let formula = understood(text, Some((key, &label)), &catalogue)?;
    let kind = formula.kind().field_type();
    let after = CustomField { kind, label, formula: Some(text.trim().to_owned()), ..before.clone() };
    subjects::update(tx, &before, &after).await?;
    Ok(())
}

/// Removes a computed field, named by its full key, and its values, unless a formula or a scorecard needs it.
pub async fn remove(tx: &mut Tx, key: &str, version: i64) -> Result<()> {
    tx.require(Role::Admin)?;
    let field = seen(tx, key, version).await?;
    check_removable(&used_in(tx, key).await?)?;
    subjects::remove(tx, &field).await
}

/// Returns the computed fields in the order in which they were made, with how many accounts have a value of each and
/// where they are used; views that the person does not see are not named.
pub async fn list(tx: &mut Tx) -> Result<Vec<ComputedField>> {
    let rows = custom_fields(tx).await?;
    let (catalogue, cards, views) = (accounts::catalogue(tx).await?, cards(tx).await?, views::list(tx).await?);
    let counts = bulk::custom_counts(tx).await?;
    let one = |row: CustomField| {
        let key = format!("custom.{}", row.key);
        let count = counts.iter().find(|(own, _)| *own == row.key).map_or(0, |(_, count)| *count);
        Some(ComputedField {
            field: catalogue.get(&key)?.clone(),
            version: row.version,
            values: u32::try_from(count).unwrap_or(u32::MAX),
            uses: uses(&key, &catalogue, &cards, &views),
        })
    };
    Ok(rows.into_iter().filter(|row| row.formula.is_some()).filter_map(one).collect())
}

/// Returns five accounts to show a formula on: those that were chosen, then those with the most yearly revenue.
pub async fn examples(tx: &mut Tx, chosen: &[AccountId]) -> Result<Vec<Account>> {
    let ids: Vec<Uuid> = chosen.iter().take(EXAMPLES).map(|id| id.0).collect();
    let mut accounts: Vec<Account> = Vec::new();
    for doc in bulk::select(tx, Table::Accounts, &ids).await? {
        accounts.push(subjects::from_document(doc)?);
    }
    accounts.sort_by_key(|account| ids.iter().position(|id| *id == account.id.0));
    let (workspace, most) = (tx.workspace(), i64::try_from(2 * EXAMPLES).unwrap_or(i64::MAX));
    let largest: Vec<(Json<Account>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL \
         ORDER BY annual_minor DESC NULLS LAST, id LIMIT $2")
        .bind(workspace).bind(most).fetch_all(c).await)?;
    accounts.extend(largest.into_iter().map(|(Json(account),)| account).filter(|account| !ids.contains(&account.id.0)));
    accounts.truncate(EXAMPLES);
    Ok(accounts)
}

/// Returns where a field, named by its full key, is used, as far as the person sees it.
pub(crate) async fn used_in(tx: &mut Tx, key: &str) -> Result<Vec<Use>> {
    let (catalogue, cards, views) = (accounts::catalogue(tx).await?, cards(tx).await?, views::list(tx).await?);
    Ok(uses(key, &catalogue, &cards, &views))
}

/// Returns what is in force and what is being worked on of every scorecard.
async fn cards(tx: &mut Tx) -> Result<Vec<(ScorecardId, Scorecard)>> {
    let mut cards = Vec::new();
    for head in health::cards(tx).await? {
        for number in [head.live, head.draft].into_iter().flatten() {
            let version = health::version(tx, head.scorecard, number).await?;
            cards.extend(version.map(|version| (head.scorecard, version.card)));
        }
    }
    Ok(cards)
}

fn free_label(label: &str, own: Option<&str>, catalogue: &Catalogue) -> Result<String> {
    let label = check_name("label", label).map_err(|error| Refusal::Invalid(vec![error]))?;
    let key = key_from_heading(&label);
    let is_taken = |field: &Field| {
        let same_key = field.custom_key() == Some(&key) || field.key == key;
        // A field keeps its key for ever, so that of another name is no matter once it has one.
        own.is_none() && same_key || field.label.to_lowercase() == label.to_lowercase()
    };
    if catalogue.fields.iter().any(|field| Some(field.key.as_str()) != own && is_taken(field)) {
        return Err(Refusal::field("label", "There is a field of this name already. Choose another name.").into());
    }
    Ok(label)
}

fn understood(text: &str, own: Option<(&str, &str)>, catalogue: &Catalogue) -> Result<Formula> {
    let place =
        |error: FormulaError| Refusal::field("formula", format!("{} (character {})", error.message, error.at + 1));
    Ok(understand(text, own, catalogue).map_err(place)?)
}

/// Returns a computed field as the person saw it, or says that somebody was faster.
async fn seen(tx: &mut Tx, key: &str, version: i64) -> Result<CustomField> {
    let own = key.strip_prefix("custom.").unwrap_or_default();
    let field = custom_fields(tx).await?.into_iter().find(|field| field.key == own && field.formula.is_some());
    let field = field.ok_or(Error::Refused(Refusal::NotFound))?;
    if field.version == version {
        return Ok(field);
    }
    let message = "Somebody changed this field a moment ago. Look at the new formula, then save again.";
    Err(Refusal::Conflict(message.to_owned()).into())
}

pub(crate) async fn custom_fields(tx: &mut Tx) -> Result<Vec<CustomField>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<CustomField>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM fields WHERE workspace_id = $1 AND subject = 'accounts' ORDER BY id")
        .bind(workspace).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(Json(field),)| field).collect())
}
