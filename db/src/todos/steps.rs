//! What people do with tasks; each call is one batch, so that it can be taken back.

use std::collections::BTreeSet;

use domain::alerts::Alert;
use domain::id::{BatchId, TodoId, UserId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::todos::{Here, Todo, TodoDraft, TodoReport, TodoStep, moments, successor, take};
use uuid::Uuid;

use super::{here, zone};
use crate::error::{Error, Result};
use crate::tx::{Tx, on};
use crate::{accounts, batches, identity, subjects};

/// Most tasks of one bulk step.
const BULK_MAX: usize = 500;

/// Writes a task down; everybody but viewers. Returns it with the batch that takes it back.
pub async fn add(tx: &mut Tx, draft: TodoDraft) -> Result<(Todo, BatchId)> {
    tx.require(Role::Csm)?;
    let mut draft = draft.checked(here(tx).await?.today)?;
    check(tx, &draft, None).await?;
    if let Some(alert) = draft.alert_id {
        let alert: Alert = subjects::get(tx, alert.0).await?;
        draft.account_id = draft.account_id.or(alert.account_id);
    }
    let zone = zone(tx, draft.assignee).await?;
    let todo = moments::settled(draft.written(TodoId(Uuid::now_v7()), tx.actor().user, tx.now()), &zone);
    let batch = open(tx, "add").await?;
    subjects::create(tx, &todo).await?;
    Ok((todo, batch))
}

/// Writes a task anew; refuses where somebody else has changed it since. Returns the batch that takes it back, if
/// anything is another now.
pub async fn edit(tx: &mut Tx, id: TodoId, version: i64, draft: TodoDraft) -> Result<Option<BatchId>> {
    tx.require(Role::Csm)?;
    let before: Todo = subjects::get(tx, id.0).await?;
    if before.version != version {
        return Err(Refusal::Conflict("Somebody has changed this task meanwhile. Look at it again.".to_owned()).into());
    }
    // Where a task came from is not for people to change.
    let draft = TodoDraft { alert_id: before.alert_id, ..draft };
    let draft = draft.checked(here(tx).await?.today)?;
    check(tx, &draft, Some(&before)).await?;
    let after = timed(tx, &before, draft.applied(&before)).await?;
    if after == before {
        return Ok(None);
    }
    let batch = open(tx, "edit").await?;
    subjects::update(tx, &before, &after).await?;
    Ok(Some(batch))
}

/// Takes the same step with several tasks, in one batch; what their state does not allow is left and named. What comes
/// again when it is done comes with it.
pub async fn steps(tx: &mut Tx, ids: &[TodoId], step: &TodoStep) -> Result<TodoReport> {
    tx.require(Role::Csm)?;
    require_few(ids)?;
    if let TodoStep::Assign { to: Some(user) } = step {
        require_user(tx, *user).await?;
    }
    let (here, who) = (here(tx).await?, tx.actor().user);
    let (mut report, mut taken) = (TodoReport::default(), Vec::new());
    // One that is named twice is done once, and comes again once.
    let ids: BTreeSet<TodoId> = ids.iter().copied().collect();
    for id in &ids {
        let Some(todo) = found(tx, *id, ids.len(), &mut report).await? else { continue };
        match take(&todo, step, who, here) {
            Ok(Some(next)) => taken.push((todo, next)),
            Ok(None) => {}
            // A single task gets its refusal beside the field it is about.
            Err(refusal) if ids.len() == 1 => return Err(Error::Refused(refusal)),
            Err(refusal) => report.refused.push((*id, refusal.to_string())),
        }
    }
    if taken.is_empty() {
        return Ok(report);
    }
    report.batch = Some(open(tx, step.key()).await?);
    for (before, after) in taken {
        let after = timed(tx, &before, after).await?;
        report.changed += u32::from(subjects::update(tx, &before, &after).await?);
        if *step == TodoStep::Complete {
            report.again += again(tx, &after, here).await?;
        }
    }
    Ok(report)
}

/// Deletes tasks, in one batch.
pub async fn remove(tx: &mut Tx, ids: &[TodoId]) -> Result<TodoReport> {
    tx.require(Role::Csm)?;
    require_few(ids)?;
    let (mut report, mut doomed) = (TodoReport::default(), Vec::new());
    let ids: BTreeSet<TodoId> = ids.iter().copied().collect();
    for id in &ids {
        doomed.extend(found(tx, *id, ids.len(), &mut report).await?);
    }
    if doomed.is_empty() {
        return Ok(report);
    }
    report.batch = Some(open(tx, "remove").await?);
    for todo in &doomed {
        subjects::remove(tx, todo).await?;
        report.changed += 1;
    }
    Ok(report)
}

fn require_few(ids: &[TodoId]) -> Result<()> {
    if ids.len() <= BULK_MAX {
        return Ok(());
    }
    Err(Refusal::Conflict("Choose at most 500 tasks.".to_owned()).into())
}

/// Opens the batch of a call, unless there is one already.
async fn open(tx: &mut Tx, label: &str) -> Result<BatchId> {
    match tx.batch() {
        Some(batch) => Ok(batch),
        None => batches::open(tx, "edit", label).await,
    }
}

/// Returns a task; one of several that is gone is named in the report, a single one is refused.
async fn found(tx: &mut Tx, id: TodoId, asked: usize, report: &mut TodoReport) -> Result<Option<Todo>> {
    let todo = subjects::find::<Todo>(tx, id.0).await?;
    if todo.is_none() {
        if asked == 1 {
            return Err(Refusal::NotFound.into());
        }
        report.refused.push((id, Refusal::NotFound.to_string()));
    }
    Ok(todo)
}

/// Makes the task that comes after one that was done.
async fn again(tx: &mut Tx, done: &Todo, here: Here) -> Result<u32> {
    let Some(next) = successor(done, here) else { return Ok(0) };
    // One that was reopened has come again before.
    let (workspace, id) = (tx.workspace(), done.id.0.to_string());
    let come: i64 = on!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM todos WHERE workspace_id = $1 AND doc ->> 'follows' = $2")
        .bind(workspace).bind(&id).fetch_one(c).await)?;
    if come > 0 {
        return Ok(0);
    }
    let next = Todo { id: TodoId(Uuid::now_v7()), ..next };
    let next = moments::settled(next, &done.zone);
    subjects::create(tx, &next).await?;
    Ok(1)
}

/// Works out the moments of a task anew where its days, or whose clock they are on, have changed.
async fn timed(tx: &mut Tx, before: &Todo, after: Todo) -> Result<Todo> {
    let (was, is) = ((before.due, before.remind, before.assignee), (after.due, after.remind, after.assignee));
    if was == is {
        return Ok(after);
    }
    let zone = zone(tx, after.assignee).await?;
    Ok(moments::settled(after, &zone))
}

/// Refuses an account that is not there and a person who cannot sign in, unless they stood there before.
async fn check(tx: &mut Tx, draft: &TodoDraft, before: Option<&Todo>) -> Result<()> {
    if let Some(account) = draft.account_id.filter(|account| before.and_then(|todo| todo.account_id) != Some(*account))
    {
        accounts::get(tx, account).await?;
    }
    match draft.assignee.filter(|user| before.and_then(|todo| todo.assignee) != Some(*user)) {
        Some(user) => require_user(tx, user).await,
        None => Ok(()),
    }
}

async fn require_user(tx: &mut Tx, user: UserId) -> Result<()> {
    let users = identity::users(tx).await?;
    let is_there = users.iter().any(|known| known.id == user && known.deactivated_at.is_none());
    if is_there { Ok(()) } else { Err(Refusal::field("assignee", "Choose somebody who can sign in.").into()) }
}
