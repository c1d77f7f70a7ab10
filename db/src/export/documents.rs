//! Documents on paper that leave: which accounts they tell of. Each is a line in the log.

use domain::export::Request;
use domain::fields::Subject;
use domain::id::AccountId;
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::report::REPORTS_MAX;
use serde_json::{Value, json};

use super::{check_filter, keys, record};
use crate::accounts;
use crate::error::Result;
use crate::tx::Tx;

/// Begins reports of the accounts that a filter lets through: notes in the log who takes them, and returns the
/// accounts in the order of the file.
pub async fn begin_reports(tx: &mut Tx, filter: &str) -> Result<Vec<AccountId>> {
    let accounts = matching(tx, filter).await?;
    if accounts.len() > REPORTS_MAX {
        let count = accounts.len();
        let message = format!("A PDF holds at most {REPORTS_MAX} reports, and these are {count}. Narrow the filter.");
        return Err(Refusal::field("filter", message).into());
    }
    record(tx, documents("health", accounts.len(), filter, 0));
    Ok(accounts)
}

/// Begins a document about one account: notes in the log who takes which, or refuses.
pub async fn begin_document(tx: &mut Tx, id: AccountId, document: &str) -> Result<()> {
    tx.require(Role::Csm)?;
    accounts::get(tx, id).await?;
    record(tx, documents(document, 1, "", 1));
    Ok(())
}

/// Begins a document about a portfolio: notes in the log who takes which, or refuses a filter that cannot be read.
pub async fn begin_summary(tx: &mut Tx, document: &str, filter: &str) -> Result<()> {
    let accounts = matching(tx, filter).await?;
    record(tx, documents(document, accounts.len(), filter, 0));
    Ok(())
}

/// Begins documents about several accounts, one each: notes in the log who takes them, and returns the accounts in the
/// order of the file.
pub async fn begin_batch(tx: &mut Tx, document: &str, filter: &str, named: &[AccountId]) -> Result<Vec<AccountId>> {
    tx.require(Role::Csm)?;
    if named.len() > REPORTS_MAX {
        return Err(Refusal::field("accounts", format!("Choose at most {REPORTS_MAX} accounts.")).into());
    }
    let accounts = among(tx, filter, named).await?;
    let refused = match accounts.len() {
        0 if !named.is_empty() => return Err(Refusal::NotFound.into()),
        0 => Some("No account is left to report on. Widen the filter.".to_owned()),
        count if count > REPORTS_MAX => {
            Some(format!("A file holds at most {REPORTS_MAX} reports, and these are {count}. Narrow the filter."))
        }
        _ => None,
    };
    if let Some(message) = refused {
        return Err(Refusal::field("filter", message).into());
    }
    record(tx, documents(document, accounts.len(), filter, named.len()));
    Ok(accounts)
}

/// Returns the accounts that a filter lets through, without noting anything: for what is part of a document.
pub async fn matching(tx: &mut Tx, filter: &str) -> Result<Vec<AccountId>> {
    tx.require(Role::Csm)?;
    among(tx, filter, &[]).await
}

/// Returns the named accounts, or all where none is named, that a filter lets through.
async fn among(tx: &mut Tx, filter: &str, named: &[AccountId]) -> Result<Vec<AccountId>> {
    check_filter(filter, &accounts::catalogue(tx).await?)?;
    let request = Request { filter: filter.to_owned(), accounts: named.to_vec(), ..Request::default() };
    Ok(keys::keys(tx, &request).await?.ids.into_iter().map(AccountId).collect())
}

fn documents(document: &str, rows: usize, filter: &str, chosen: usize) -> Value {
    json!({
        "what": Subject::Account.key(), "format": "pdf", "document": document, "rows": rows, "filter": filter,
        "chosen": chosen, "columns": [],
    })
}
