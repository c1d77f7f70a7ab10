//! From a checked row to the document that is stored, for new rows and for changed ones.

use domain::accounts::Account;
use domain::contacts::Contact;
use domain::fields::{self, Subject};
use domain::id::AccountId;
use domain::import::plan::{Options, Row};
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::Result;
use crate::log::Line;
use crate::subjects::{document, from_document, tidy};

/// A new document as text, and its line for the change log.
pub(super) struct NewDoc {
    pub(super) id: Uuid,
    pub(super) text: String,
    pub(super) line: Line,
}

/// Returns the document of a new row.
///
/// It is put together key by key, which is several times as fast as going through the struct; a test
/// holds that the struct makes the very same document of it.
pub(super) fn new_doc(options: &Options, id: Uuid, row: Row, now: Timestamp) -> Result<NewDoc, String> {
    let mut doc = Map::new();
    let mut custom = Map::new();
    for (key, value) in row.into_new() {
        match key.strip_prefix("custom.") {
            Some(_) if value.is_null() => {}
            Some(own) => {
                custom.insert(own.to_owned(), value);
            }
            None => {
                doc.insert(key, value);
            }
        }
    }
    doc.insert("id".to_owned(), Value::String(id.to_string()));
    doc.insert("version".to_owned(), Value::from(1));
    for key in ["created_at", "updated_at"] {
        doc.insert(key.to_owned(), Value::from(now.0));
    }
    let empty = |doc: &mut Map<String, Value>, key: &str, value: Value| {
        doc.entry(key).or_insert(value);
    };
    match options.subject {
        Subject::Account => {
            empty(&mut doc, "currency", Value::from(options.currency.code()));
            empty(&mut doc, "tags", Value::Array(Vec::new()));
            doc.insert("custom".to_owned(), Value::Object(custom));
        }
        Subject::Invoice => {
            empty(&mut doc, "currency", Value::from(options.currency.code()));
            empty(&mut doc, "lines", Value::Array(Vec::new()));
        }
        _ => {}
    }
    tidy(&mut doc);
    let account = account_of(options.subject, &doc);
    let text = serde_json::to_string(&doc).map_err(|error| error.to_string())?;
    let line = Line::created(options.subject, id, account, &text);
    Ok(NewDoc { id, text, line })
}

/// Returns the document with the changes of a row, as the struct writes it.
pub(super) fn changed_doc(
    subject: Subject,
    existing: &Map<String, Value>,
    after: Map<String, Value>,
) -> Result<Map<String, Value>> {
    let mut doc = existing.clone();
    for (key, value) in after {
        fields::set(&mut doc, &key, value);
    }
    tidy(&mut doc);
    match subject {
        Subject::Contact => through::<Contact>(doc),
        Subject::Ticket => through::<Ticket>(doc),
        Subject::Invoice => through::<Invoice>(doc),
        Subject::Survey => through::<Response>(doc),
        _ => through::<Account>(doc),
    }
}

/// Returns the account that a document belongs to.
pub(super) fn account_of(subject: Subject, doc: &Map<String, Value>) -> Option<AccountId> {
    let key = if subject == Subject::Account { "id" } else { "account_id" };
    doc.get(key)?.as_str()?.parse().ok()
}

fn through<T: Serialize + DeserializeOwned>(doc: Map<String, Value>) -> Result<Map<String, Value>> {
    document(&from_document::<T>(doc)?)
}
