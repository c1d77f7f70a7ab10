//! References in a file: people by address or name, accounts by external id, domain, name or id.

use std::collections::HashMap;

use domain::fields::{Catalogue, FieldType};
use domain::identity::User;
use domain::import::mapping::Target;
use domain::import::plan::{Options, Row, RowError};
use domain::import::value::{cut, quoted};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{Tx, on};

/// The columns of a file that refer to something, and all they can refer to.
#[derive(Debug, Default)]
pub(super) struct References {
    columns: Vec<Column>,
    users: HashMap<String, Match>,
    accounts: Accounts,
}

#[derive(Debug)]
struct Column {
    key: String,
    heading: String,
    to_account: bool,
}

/// What a text leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// One thing alone.
    One(Uuid),
    /// Several; which is meant cannot be told.
    Several,
}

/// The accounts of a workspace by what files call them.
#[derive(Debug, Default)]
struct Accounts {
    by_external_id: HashMap<String, Uuid>,
    by_domain: HashMap<String, Match>,
    by_name: HashMap<String, Match>,
    /// Each account and the one above it.
    parents: HashMap<Uuid, Option<Uuid>>,
}

impl References {
    /// Loads what the columns of this mapping can refer to; nothing where none refers to anything.
    pub(super) async fn load(
        tx: &mut Tx,
        headings: &[String],
        options: &Options,
        catalogue: &Catalogue,
    ) -> Result<Self> {
        let mut references = Self::default();
        for (column, heading) in options.mapping.columns.iter().zip(headings) {
            let (key, kind) = match &column.target {
                Target::Field(key) => (key.clone(), catalogue.get(key).map(|field| &field.kind)),
                Target::NewCustom { key, kind, .. } => (format!("custom.{key}"), Some(kind)),
                Target::Skip => continue,
            };
            if let Some(FieldType::User | FieldType::Account) = kind {
                let to_account = kind == Some(&FieldType::Account);
                references.columns.push(Column { key, heading: heading.clone(), to_account });
            }
        }
        if references.columns.iter().any(|column| !column.to_account) {
            references.load_users(&crate::identity::users(tx).await?);
        }
        if references.columns.iter().any(|column| column.to_account) {
            references.accounts = Accounts::load(tx).await?;
        }
        Ok(references)
    }

    fn load_users(&mut self, users: &[User]) {
        for user in users.iter().filter(|user| user.deactivated_at.is_none()) {
            // An address is one person's alone, and so comes before a name that looks like it.
            self.users.insert(user.email.to_lowercase(), Match::One(user.id.0));
        }
        for user in users.iter().filter(|user| user.deactivated_at.is_none()) {
            add(&mut self.users, user.name.to_lowercase(), user.id.0);
        }
    }

    /// Replaces what a row refers to by ids.
    pub(super) fn resolve(&self, row: &mut Row) -> Result<(), Vec<RowError>> {
        let mut errors = Vec::new();
        for column in &self.columns {
            let Some(Value::String(text)) = row.fields.get(&column.key) else { continue };
            let found = if column.to_account { self.accounts.find(text) } else { self.find_user(text) };
            match found {
                Ok(id) => {
                    row.fields.insert(column.key.clone(), Value::String(id.to_string()));
                }
                Err(message) => errors.push(RowError {
                    line: row.line,
                    column: Some(column.heading.clone()),
                    value: cut(text, 100),
                    message,
                }),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn find_user(&self, text: &str) -> Result<Uuid, String> {
        let text = text.trim();
        let is_known = |id: &Uuid| self.users.values().any(|known| *known == Match::One(*id));
        match self.users.get(&text.to_lowercase()) {
            Some(Match::One(id)) => Ok(*id),
            Some(Match::Several) => {
                Err(format!("Several people here are called {}. Write the e-mail address instead.", quoted(text)))
            }
            None => text.parse().ok().filter(is_known).ok_or_else(|| {
                format!("Nobody here has the name or address {}. Add them first, or skip the column.", quoted(text))
            }),
        }
    }

    /// Returns what is wrong where the row would put an account below itself.
    pub(super) fn circle(&self, row: &Row, id: Uuid) -> Option<String> {
        let parent = row.fields.get("parent_id")?.as_str()?.parse().ok()?;
        let (mut above, mut steps) = (Some(parent), 0);
        while let Some(next) = above {
            steps += 1;
            if next == id || steps > 32 {
                return Some("The account would be above itself. Choose another parent.".to_owned());
            }
            above = self.accounts.parents.get(&next).copied().flatten();
        }
        None
    }

    /// Makes an account of this file known to the rows below it.
    pub(super) fn learn(&mut self, row: &Row, id: Uuid) {
        if self.columns.iter().any(|column| column.to_account) {
            let text = |key: &str| {
                row.fields.get(key).or_else(|| row.when_new.get(key)).and_then(Value::as_str).map(str::to_owned)
            };
            let parent = text("parent_id").and_then(|id| id.parse().ok());
            self.accounts.add(id, text("external_id"), text("domain"), text("name"), parent);
        }
    }
}

impl Accounts {
    async fn load(tx: &mut Tx) -> Result<Self> {
        type Row = (Uuid, Option<String>, Option<String>, Option<String>, Option<Uuid>);
        let workspace = tx.workspace();
        let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
            "SELECT id, external_id, domain, name, parent_id FROM accounts WHERE workspace_id = $1")
            .bind(workspace).fetch_all(c).await)?;
        let mut accounts = Self::default();
        for (id, external_id, domain, name, parent) in rows {
            accounts.add(id, external_id, domain, name, parent);
        }
        Ok(accounts)
    }

    fn add(
        &mut self,
        id: Uuid,
        external_id: Option<String>,
        domain: Option<String>,
        name: Option<String>,
        parent: Option<Uuid>,
    ) {
        self.parents.insert(id, parent);
        if let Some(external_id) = external_id {
            self.by_external_id.insert(external_id, id);
        }
        if let Some(domain) = domain {
            add(&mut self.by_domain, domain.to_lowercase(), id);
        }
        if let Some(name) = name {
            add(&mut self.by_name, name.to_lowercase(), id);
        }
    }

    fn find(&self, text: &str) -> Result<Uuid, String> {
        let text = text.trim();
        if let Some(id) = self.by_external_id.get(text) {
            return Ok(*id);
        }
        let lower = text.to_lowercase();
        match self.by_domain.get(&lower).or_else(|| self.by_name.get(&lower)) {
            Some(Match::One(id)) => Ok(*id),
            Some(Match::Several) => {
                Err(format!("Several accounts are called {}. Write the external ID instead.", quoted(text)))
            }
            None => text.parse().ok().filter(|id| self.parents.contains_key(id)).ok_or_else(|| {
                format!(
                    "There is no account {}. Import the account first, or correct its external ID, domain or name.",
                    quoted(text)
                )
            }),
        }
    }
}

/// Adds a key; one that several things share leads to none of them.
pub(super) fn add(map: &mut HashMap<String, Match>, key: String, id: Uuid) {
    map.entry(key)
        .and_modify(|known| {
            if *known != Match::One(id) {
                *known = Match::Several
            }
        })
        .or_insert(Match::One(id));
}
