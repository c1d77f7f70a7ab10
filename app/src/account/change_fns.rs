//! What the page of an account can change.

use domain::activities::Activity;
use domain::changes::UndoReport;
use domain::contacts::Contact;
use domain::id::{AccountId, BatchId, ContactId};
use domain::time::Timestamp;
use leptos::prelude::*;
use server_fn::codec::Json;

use super::panels::{ContactDraft, Edited};
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Sets one field of an account; `value` is JSON, `version` the one the person saw.
#[server]
pub async fn edit_account_field(id: AccountId, version: i64, key: String, value: String) -> Result<Edited> {
    let (db, who) = signed_in().await?;
    let value =
        serde_json::from_str(&value).map_err(|error| domain::refusal::Refusal::field(&key, error.to_string()))?;
    let mut tx = db.write(&who.actor).await?;
    let name = db::accounts::get(&mut tx, id).await?.name;
    let batch = db::batches::open(&mut tx, "edit", &name).await?;
    let row = db::accounts::edit(&mut tx, id, version, &key, value).await?;
    tx.commit().await?;
    Ok(Edited { row, batch })
}

/// Logs a note, call, mail or meeting.
#[server]
pub async fn log_moment(id: AccountId, kind: String, body: String, at: Timestamp) -> Result<Activity> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let name = db::accounts::get(&mut tx, id).await?.name;
    db::batches::open(&mut tx, "edit", &name).await?;
    let activity = db::timeline::log_activity(&mut tx, id, &kind, &body, at).await?;
    tx.commit().await?;
    Ok(activity)
}

/// Adds a contact, or changes the one named, as the person saw it at `version`.
#[server(input = Json)]
pub async fn save_contact(
    id: AccountId,
    contact: Option<ContactId>,
    version: i64,
    draft: ContactDraft,
) -> Result<Contact> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let name = db::accounts::get(&mut tx, id).await?.name;
    db::batches::open(&mut tx, "edit", &name).await?;
    let saved = contact_rules::save(&mut tx, id, contact.map(|contact| (contact, version)), &draft).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Removes a contact; the answer is what takes it back.
#[server]
pub async fn remove_contact(id: ContactId) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let contact: Contact = db::subjects::get(&mut tx, id.0).await?;
    let batch = db::batches::open(&mut tx, "edit", &contact.name).await?;
    db::subjects::remove(&mut tx, &contact).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Sets the score by hand until a day.
#[server]
pub async fn override_score(id: AccountId, score: f64, reason: String, until: Timestamp) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::health::set_override(&mut tx, id, score, &reason, until).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets the computed score count again.
#[server]
pub async fn end_score_override(id: AccountId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::health::end_override(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes one edit back.
#[server]
pub async fn undo_edit(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}

#[cfg(feature = "ssr")]
mod contact_rules {
    use db::{Result, Tx, subjects};
    use domain::accounts::check_value;
    use domain::contacts::{Contact, catalogue};
    use domain::id::{AccountId, ContactId};
    use domain::identity::{check_email, check_name};
    use domain::refusal::{FieldError, Refusal};
    use serde_json::{Map, Value, json};

    use super::ContactDraft;

    pub(super) async fn save(
        tx: &mut Tx,
        account: AccountId,
        known: Option<(ContactId, i64)>,
        draft: &ContactDraft,
    ) -> Result<Contact> {
        let others = db::timeline::contacts(tx, account).await?;
        let values = check(draft, known.map(|(id, _)| id), &others)?;
        let Some((id, version)) = known else {
            let contact = created(tx, account, values)?;
            subjects::create(tx, &contact).await?;
            return Ok(contact);
        };
        let before: Contact = subjects::get(tx, id.0).await?;
        if before.version != version {
            let message = "Somebody changed this contact a moment ago. Close this, look, then edit again.";
            return Err(Refusal::Conflict(message.to_owned()).into());
        }
        let mut doc = subjects::document(&before)?;
        for (key, value) in values {
            doc.insert(key, value);
        }
        doc.retain(|_, value| !value.is_null());
        let after: Contact = subjects::from_document(doc)?;
        subjects::update(tx, &before, &after).await?;
        subjects::get(tx, id.0).await
    }

    fn created(tx: &Tx, account: AccountId, mut values: Map<String, Value>) -> Result<Contact> {
        let now = tx.now();
        values.insert("id".to_owned(), json!(ContactId(uuid::Uuid::now_v7())));
        values.insert("version".to_owned(), json!(1));
        values.insert("account_id".to_owned(), json!(account));
        values.insert("created_at".to_owned(), json!(now));
        values.insert("updated_at".to_owned(), json!(now));
        values.retain(|_, value| !value.is_null());
        subjects::from_document(values)
    }

    fn check(draft: &ContactDraft, own: Option<ContactId>, others: &[Contact]) -> Result<Map<String, Value>, Refusal> {
        let mut errors: Vec<FieldError> = Vec::new();
        let mut values = Map::new();
        if let Err(error) = check_name("name", &draft.name) {
            errors.push(error);
        }
        let mut email = draft.email.trim().to_owned();
        if !email.is_empty() {
            match check_email(&email) {
                Ok(checked) => email = checked,
                Err(Refusal::Invalid(list)) => errors.extend(list),
                Err(other) => return Err(other),
            }
        }
        let taken = |other: &Contact| Some(other.id) != own && other.email.as_deref() == Some(email.as_str());
        if !email.is_empty() && others.iter().any(taken) {
            let message = "Another contact of this account has this address.".to_owned();
            errors.push(FieldError { field: "email".to_owned(), message });
        }
        let text = |text: &str| if text.trim().is_empty() { Value::Null } else { json!(text.trim()) };
        let given = [
            ("name", json!(draft.name.trim())),
            ("email", text(&email)),
            ("phone", text(&draft.phone)),
            ("title", text(&draft.title)),
            ("role", text(&draft.role)),
            ("sentiment", json!(draft.sentiment)),
            ("time_zone", text(&draft.time_zone)),
            ("left_at", json!(draft.left_at)),
        ];
        let catalogue = catalogue();
        for (key, value) in given {
            let Some(field) = catalogue.get(key) else { continue };
            match check_value(field, value) {
                Ok(value) => {
                    values.insert(key.to_owned(), value);
                }
                Err(message) if !errors.iter().any(|error| error.field == key) => {
                    errors.push(FieldError { field: key.to_owned(), message });
                }
                Err(_) => {}
            }
        }
        if errors.is_empty() { Ok(values) } else { Err(Refusal::Invalid(errors)) }
    }
}
