//! Which accounts a filter chooses: the database says so, as everywhere.

use domain::reports::{About, Spec};
use uuid::Uuid;

use super::portfolio::{self, Places, Portfolio};
use crate::accounts::selection;
use crate::dynamic;
use crate::error::Result;
use crate::tx::Tx;

const LISTED: &str = "SELECT a.id FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL";
/// Alerts and tasks count whatever became of their accounts.
const ALL: &str = "SELECT a.id FROM accounts AS a WHERE a.workspace_id = $1";

/// The accounts that count, by their places; all of them without a filter.
pub(super) struct Chosen(Option<Places>);

impl Chosen {
    /// Returns whether an account counts; what hangs on no account fits no filter.
    pub(super) fn has(&self, account: Option<u32>) -> bool {
        let Some(places) = &self.0 else { return true };
        account.and_then(|place| places.get(place as usize).copied()).unwrap_or_default()
    }

    /// Returns whether there is no filter.
    pub(super) fn is_everything(&self) -> bool {
        self.0.is_none()
    }
}

/// Returns the accounts that the filter of a report chooses, where the transaction sees the log up to `end`.
pub(super) async fn chosen(tx: &mut Tx, spec: &Spec, portfolio: &Portfolio, end: i64) -> Result<Chosen> {
    let key = portfolio::filter_key(tx, spec);
    if let Some(known) = portfolio.chosen(tx, &key) {
        return Ok(Chosen(Some(known)));
    }
    let selection = selection(tx, &spec.filter).await?;
    if selection.filter.is_everything() {
        return Ok(Chosen(None));
    }
    let mut statement = dynamic::select(if spec.about == About::Accounts { LISTED } else { ALL });
    statement.and(&selection);
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let ids: Vec<Uuid> = dynamic::run!(tx, c, sql, query_scalar, workspace => fetch_all(c))?;
    let mut places = vec![false; portfolio.len()];
    for place in ids.into_iter().filter_map(|id| portfolio.place(id)) {
        places[place as usize] = true;
    }
    let places = Places::new(places);
    portfolio.keep_chosen(tx, key, end, &places);
    Ok(Chosen(Some(places)))
}
