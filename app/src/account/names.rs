//! What the history calls those whose ids stand in a change.

use std::collections::BTreeMap;

use db::subjects::find;
use db::{Result, Tx};
use domain::contacts::Contact;
use domain::id::AccountId;
use serde_json::Value;

use super::panels::FieldChange;

/// Puts names in the place of the ids of other accounts and contacts.
pub(super) async fn name_others(
    tx: &mut Tx,
    fields: &mut [FieldChange],
    names: &mut BTreeMap<String, String>,
) -> Result<()> {
    const OTHERS: [&str; 3] = ["parent_id", "merged_into", "distinct_from"];
    for change in fields.iter_mut().filter(|change| OTHERS.contains(&change.key.as_str())) {
        for value in [&mut change.before, &mut change.after] {
            let ids = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            let mut shown = Vec::with_capacity(ids.len());
            for (text, id) in ids.iter().filter_map(|id| Some((id.as_str()?, id.as_str()?.parse::<AccountId>().ok()?)))
            {
                if !names.contains_key(text) {
                    names.insert(text.to_owned(), name_of(tx, id).await?);
                }
                shown.extend(names.get(text).cloned());
            }
            *value = if shown.is_empty() { Value::Null } else { Value::from(shown.join(", ")) };
        }
    }
    Ok(())
}

/// Returns what an account is called, or a contact: both are told apart from others.
async fn name_of(tx: &mut Tx, id: AccountId) -> Result<String> {
    match db::accounts::get(tx, id).await {
        Ok(account) => Ok(account.name),
        Err(_) => Ok(find::<Contact>(tx, id.0).await?.map_or_else(|| id.to_string(), |contact| contact.name)),
    }
}
