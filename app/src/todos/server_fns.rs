//! What tasks ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::changes::UndoReport;
use domain::id::{AccountId, BatchId, TodoId};
#[cfg(feature = "ssr")]
use domain::refusal::Refusal;
#[cfg(feature = "ssr")]
use domain::todos::quick;
use domain::todos::{Here, Todo, TodoDraft, TodoPage, TodoQuery, TodoReport, TodoRow, TodoStep};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// The tasks of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountTodos {
    /// The open ones by their day.
    pub rows: Vec<TodoRow>,
    /// The moment on the asking person's clock.
    pub here: Here,
}

/// A task that was written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Added {
    /// The task.
    pub todo: Todo,
    /// What takes it back.
    pub batch: BatchId,
}

/// Returns a page of tasks.
#[server(input = Json)]
pub async fn load_todos(query: TodoQuery) -> Result<TodoPage> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::todos::list(&mut tx, &query).await?)
}

/// Returns one task.
#[server]
pub async fn load_todo(id: TodoId) -> Result<TodoRow> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::todos::get(&mut tx, id).await?)
}

/// Returns the open tasks of an account.
#[server]
pub async fn todos_of_account(account: AccountId) -> Result<AccountTodos> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let rows = db::todos::of_account(&mut tx, account).await?;
    Ok(AccountTodos { rows, here: db::todos::here(&mut tx).await? })
}

/// Writes down a task that was typed in one line; without a name in it, it is the asking person's.
#[server]
pub async fn add_todo(line: String, account: Option<AccountId>) -> Result<Added> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let (here, people) = (db::todos::here(&mut tx).await?, db::identity::users(&mut tx).await?);
    drop(tx);
    let said = quick::read(&line, here, &people);
    let account_id = match &said.account {
        Some(name) => Some(account_called(&db, &who.actor, name).await?),
        None => account,
    };
    let draft = TodoDraft { account_id, assignee: said.person.or(who.actor.user), ..said.draft() };
    let mut tx = db.write(&who.actor).await?;
    let (todo, batch) = db::todos::add(&mut tx, draft).await?;
    tx.commit().await?;
    Ok(Added { todo, batch })
}

/// Writes a task down, or writes it anew; an account that is named is looked up and counts instead of the draft's.
#[server(input = Json)]
pub async fn save_todo(id: Option<TodoId>, version: i64, draft: TodoDraft, account: String) -> Result<Option<BatchId>> {
    let (db, who) = signed_in().await?;
    let draft = match account.trim() {
        "" => draft,
        name => TodoDraft { account_id: Some(account_called(&db, &who.actor, name).await?), ..draft },
    };
    let mut tx = db.write(&who.actor).await?;
    let batch = match id {
        Some(id) => db::todos::edit(&mut tx, id, version, draft).await?,
        None => Some(db::todos::add(&mut tx, draft).await?.1),
    };
    tx.commit().await?;
    Ok(batch)
}

/// Takes a step with some tasks, as one batch.
#[server(input = Json)]
pub async fn step_todos(ids: Vec<TodoId>, step: TodoStep) -> Result<TodoReport> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let report = db::todos::steps(&mut tx, &ids, &step).await?;
    tx.commit().await?;
    Ok(report)
}

/// Deletes some tasks, as one batch.
#[server(input = Json)]
pub async fn remove_todos(ids: Vec<TodoId>) -> Result<TodoReport> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let report = db::todos::remove(&mut tx, &ids).await?;
    tx.commit().await?;
    Ok(report)
}

/// Takes back what was done with tasks.
#[server]
pub async fn undo_todo_step(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}

/// Returns the one account that is called so, or whose name begins so; refuses where it is none or one of several.
#[cfg(feature = "ssr")]
async fn account_called(db: &db::Db, actor: &domain::identity::Actor, name: &str) -> Result<AccountId> {
    /// Accounts that are looked at; of more, the name says too little.
    const FEW: usize = 12;
    actor.require(domain::identity::Role::Csm)?;
    let wanted = name.trim().to_lowercase();
    let found = db::accounts::search(db, actor, &wanted, FEW).await?;
    let fits = |fits: &dyn Fn(&str) -> bool| {
        let mut fitting = found.iter().filter(|one| fits(&one.name.to_lowercase()));
        fitting.next().filter(|_| fitting.next().is_none()).map(|one| one.id)
    };
    let sole = found.first().filter(|_| found.len() == 1).map(|one| one.id);
    let id = fits(&|name| name == wanted).or_else(|| fits(&|name| name.starts_with(&wanted))).or(sole);
    id.ok_or_else(|| {
        Refusal::field("account", "There is not exactly one account of this name. Write more of it.").into()
    })
}
