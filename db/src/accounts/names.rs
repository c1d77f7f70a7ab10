//! Names in filters: the people and accounts that a filter names, turned into their ids.

use std::collections::HashMap;
use std::sync::Arc;

use domain::fields::{Catalogue, FieldType};
use domain::filter::{Comparison, Filter, LIST_MAX, Literal, Test, sort};
use domain::identity::{Actor, User};
use uuid::Uuid;

use super::kept::{self, Kept};
use super::pages::Selection;
use crate::dynamic;
use crate::error::Result;
use crate::pool::Db;
use crate::tx::Tx;

/// Finds accounts by what a filter says of them.
const IDS: &str = "SELECT a.id FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL";

/// What the names in a filter stand for.
#[derive(Default)]
pub(super) struct Names {
    users: Arc<[User]>,
    accounts: HashMap<String, Vec<Uuid>>,
}

impl Names {
    /// Returns what the names stand for if all of it was asked for since the log moved.
    pub(super) fn known(db: &Db, actor: &Actor, kept: &Kept, filter: &Filter) -> Option<Self> {
        let known = |name: String| Some((name.clone(), kept.known_accounts(db, actor, &name)?));
        let accounts = accounts_in(filter, &kept.catalogue).map(known).collect::<Option<_>>()?;
        Some(Self { users: kept.known_users()?, accounts })
    }

    /// Looks up what the names stand for.
    pub(super) async fn look_up(tx: &mut Tx, kept: &Kept, filter: &Filter) -> Result<Self> {
        let mut names = Self { users: kept.users(tx).await?, accounts: HashMap::new() };
        for name in accounts_in(filter, &kept.catalogue) {
            let ids = match kept.known_accounts(tx.db(), tx.actor(), &name) {
                Some(ids) => ids,
                None => accounts_called(tx, &name, &kept.catalogue).await?,
            };
            kept.keep_accounts(tx, &name, &ids);
            names.accounts.insert(name, ids);
        }
        Ok(names)
    }

    /// Returns the filter with ids in place of the names.
    pub(super) fn resolve(&self, filter: &Filter, catalogue: &Catalogue) -> Filter {
        filter.resolved(catalogue, &|kind, name| match kind {
            FieldType::User => self.users_called(name),
            FieldType::Account => self.accounts.get(name).cloned().unwrap_or_default(),
            _ => Vec::new(),
        })
    }

    fn users_called(&self, name: &str) -> Vec<Uuid> {
        let same = |text: &str| text.eq_ignore_ascii_case(name);
        // An address is one person's, a name may be several people's.
        let by = |is: &dyn Fn(&User) -> bool| self.users.iter().filter(|user| is(user)).map(|user| user.id.0).collect();
        let by_email: Vec<Uuid> = by(&|user| same(&user.email));
        if by_email.is_empty() { by(&|user| same(&user.name)) } else { by_email }
    }
}

/// Returns the names of accounts in a filter.
fn accounts_in(filter: &Filter, catalogue: &Catalogue) -> impl Iterator<Item = String> {
    filter.names(catalogue).into_iter().filter(|(kind, _)| *kind == FieldType::Account).map(|(_, name)| name)
}

/// Returns a filter's text with ids in place of names, for those who have one account at a time in their hands.
/// A text that cannot be read stays as it is.
pub(crate) async fn resolved_text(tx: &mut Tx, text: &str, catalogue: &Catalogue) -> Result<String> {
    match domain::filter::parse(text, catalogue) {
        Ok(filter) if !filter.names(catalogue).is_empty() => {
            let kept = kept::present(tx).await?;
            Ok(Names::look_up(tx, &kept, &filter).await?.resolve(&filter, catalogue).to_string())
        }
        _ => Ok(text.to_owned()),
    }
}

/// Returns the accounts of a name, or else the one with it as its external id, without regard to the case of A to Z.
async fn accounts_called(tx: &mut Tx, name: &str, catalogue: &Arc<Catalogue>) -> Result<Vec<Uuid>> {
    for key in ["name", "external_id"] {
        let is_it = Test::Compare(Comparison::Equal, Literal::Text(name.to_owned()));
        let selection = Selection::new(Filter::field(key, is_it), catalogue.clone(), None, tx.now());
        let mut statement = dynamic::select(IDS);
        statement.and(&selection);
        let most = sort::Page::new(u32::try_from(LIST_MAX).unwrap_or(u32::MAX), 0);
        statement.order_and_page(&[], catalogue, most);
        let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
        let ids: Vec<Uuid> = dynamic::run!(tx, c, sql, query_scalar, workspace => fetch_all(c))?;
        if !ids.is_empty() {
            return Ok(ids);
        }
    }
    Ok(Vec::new())
}
