//! Scores of the past, for accounts that come with their history.

use domain::accounts::Account;
use domain::health::{BACK_DAYS, HealthSummary, Needs};
use domain::id::{AccountId, WorkspaceId};
use domain::identity::Actor;
use domain::time::Timestamp;
use uuid::Uuid;

use super::records::gather_needed;
use super::scorer::{Rules, evaluate_one, next_ids, score_row};
use crate::bulk;
use crate::error::Result;
use crate::pool::Db;

/// The moments that scores are computed for afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// How many days back they begin.
    pub days: i64,
    /// How many days are between them.
    pub step_days: i64,
}

/// Computes what past scores would have been, for accounts that come with their history. An account's own
/// fields are kept with their present values only; `as_of` gives them those they had at a moment.
pub async fn backfill(
    db: &Db,
    workspace: WorkspaceId,
    past: Past,
    as_of: impl Fn(&Account, Timestamp) -> Account,
) -> Result<u32> {
    let actor = Actor::system(workspace);
    let (mut last, mut written) = (Uuid::nil(), 0);
    loop {
        let ids = next_ids(db, &actor, last).await?;
        let Some(end) = ids.last() else { return Ok(written) };
        last = end.0;
        written += backfill_step(db, &actor, &ids, past, &as_of).await?;
    }
}

async fn backfill_step(
    db: &Db,
    actor: &Actor,
    ids: &[AccountId],
    Past { days, step_days }: Past,
    as_of: impl Fn(&Account, Timestamp) -> Account,
) -> Result<u32> {
    let mut tx = db.write(actor).await?;
    let rules = Rules::of(&mut tx).await?;
    let now = tx.now();
    let needs = Needs::everything(BACK_DAYS.saturating_add(u32::try_from(days).unwrap_or_default()));
    let gathered = gather_needed(&mut tx, ids, needs).await?;
    let mut scores = Vec::new();
    for mut one in gathered {
        let present = one.record.account.clone();
        let (mut ago, mut previous, mut last) = (days, None, None);
        while ago > 0 {
            let at = now.plus_days(-ago);
            ago -= step_days.max(1);
            if present.created_at > at {
                continue;
            }
            one.record.account = as_of(&present, at);
            one.health = previous.take();
            let Some((card, evaluation)) = evaluate_one(&one, &rules, at) else { continue };
            previous = HealthSummary::of(&evaluation, card.scorecard, card.version, &[]);
            if last != evaluation.score {
                last = evaluation.score;
                scores.push(score_row(one.record.account.id, card, &evaluation)?);
            }
        }
    }
    let written = u32::try_from(scores.len()).unwrap_or(u32::MAX);
    bulk::insert_scores(&mut tx, scores).await?;
    tx.commit().await?;
    Ok(written)
}
