//! The tasks of a demo portfolio: a few on its largest accounts, late, for today, to come, and coming again.

use domain::alerts::Priority;
use domain::id::{AccountId, TodoId, UserId, WorkspaceId};
use domain::identity::Actor;
use domain::todos::{Repeat, TodoDraft, When, moments};
use uuid::Uuid;

use crate::error::Result;
use crate::notices;
use crate::pool::Db;
use crate::subjects;
use crate::tx::{Tx, on};

/// Days from today, the minute of the day, how much it matters, and what there is to do.
const TOLD: [(i64, Option<u16>, Priority, &str); 9] = [
    (-2, None, Priority::Medium, "Send the minutes of the review"),
    (-1, Some(16 * 60), Priority::Medium, "Ask who takes over from their champion"),
    (0, Some(15 * 60), Priority::High, "Call about the open escalation"),
    (0, None, Priority::Low, "Put the new contact on the mailing list"),
    (1, Some(9 * 60 + 30), Priority::Medium, "Prepare the renewal offer"),
    (3, None, Priority::Medium, "Agree a date for the business review"),
    (5, None, Priority::Low, "Ask for a reference"),
    (9, Some(11 * 60), Priority::Medium, "Show the new reports to their team"),
    (26, None, Priority::High, "Settle the price of the next term"),
];
/// The one that comes again.
const WEEKLY: &str = "Go through the accounts at risk";

/// Writes the tasks, each for the owner of its account, and one for each owner that stands free. What was due before
/// they were written is no news.
pub async fn tell(db: &Db, workspace: WorkspaceId) -> Result<()> {
    let mut tx = db.write(&Actor::system(workspace)).await?;
    let accounts = largest(&mut tx).await?;
    for ((days, minute, priority, title), (account, owner)) in TOLD.into_iter().zip(accounts.iter().cycle()) {
        let due = When { day: tx.now().day_start().plus_days(days), minute };
        let (account_id, title) = (Some(*account), title.to_owned());
        let draft = TodoDraft { title, account_id, assignee: *owner, priority, due: Some(due), ..TodoDraft::default() };
        write(&mut tx, draft).await?;
    }
    let mut owners: Vec<UserId> = accounts.iter().filter_map(|(_, owner)| *owner).collect();
    owners.sort_unstable();
    owners.dedup();
    for owner in owners {
        let repeat = Repeat::Weeks { every: 1, on: vec![0] };
        let day = repeat.first(tx.now().day_start().plus_days(1)).unwrap_or(tx.now().day_start());
        let due = Some(When { day, minute: Some(9 * 60) });
        let draft = TodoDraft {
            title: WEEKLY.to_owned(),
            assignee: Some(owner),
            due,
            repeat: Some(repeat),
            ..TodoDraft::default()
        };
        write(&mut tx, draft).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn write(tx: &mut Tx, draft: TodoDraft) -> Result<()> {
    let zone = match draft.assignee {
        Some(user) => notices::zone_of(tx, user).await?,
        None => "UTC".to_owned(),
    };
    let todo = draft.written(TodoId(Uuid::now_v7()), None, tx.now());
    subjects::create(tx, &moments::settled(todo, &zone)).await
}

/// Returns the accounts that pay most, with their owners.
async fn largest(tx: &mut Tx) -> Result<Vec<(AccountId, Option<UserId>)>> {
    let (workspace, few) = (tx.workspace(), i64::try_from(TOLD.len()).unwrap_or(0));
    let rows: Vec<(Uuid, Option<Uuid>)> = on!(tx, c => sqlx::query_as(
        "SELECT id, owner_id FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND owner_id IS NOT NULL \
         ORDER BY COALESCE(annual_minor, 0) DESC, id LIMIT $2")
        .bind(workspace).bind(few).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, owner)| (AccountId(id), owner.map(UserId))).collect())
}
