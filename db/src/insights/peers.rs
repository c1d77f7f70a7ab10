//! Where an account stands among those like it.
//!
//! To know it, every account of the workspace must be looked at. So the scores of each group are kept, in order, for
//! as long as nothing was written, and otherwise for a minute: a rank among many hardly moves in that time.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use domain::id::{AccountId, WorkspaceId};
use domain::insights::{Dimension, Peers};
use domain::time::Timestamp;

use crate::error::Result;
use crate::log;
use crate::tx::{Tx, on};

/// How long the scores of groups are kept while others change.
const AGE_MS: i64 = 60_000;
/// Most workspaces of which they are kept; beyond that all are forgotten.
const WORKSPACES_MAX: usize = 100;

/// The groups that an account belongs to, and its score.
type Row = (Option<String>, Option<String>, Option<i64>);
/// The scores of each group, lowest first.
type Scores = HashMap<String, Vec<i64>>;

struct Ranks {
    seq: i64,
    read_at: Timestamp,
    tiers: Scores,
    categories: Scores,
}

/// By database of this process, and workspace.
type Places = HashMap<(usize, WorkspaceId), Arc<Ranks>>;
static RANKS: LazyLock<Mutex<Places>> = LazyLock::new(Mutex::default);

/// Returns the accounts that an account is compared with, by segment and by category, where it has them and a score.
pub async fn peers(tx: &mut Tx, account: AccountId) -> Result<Vec<Peers>> {
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT doc ->> 'tier', doc ->> 'category', score FROM accounts WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(account.0).fetch_optional(c).await)?;
    let Some((tier, category, Some(score))) = row else { return Ok(Vec::new()) };
    let ranks = ranks(tx).await?;
    let group = |by: Dimension, name: Option<String>, scores: &Scores| {
        let name = name.filter(|name| !name.is_empty())?;
        let scores = scores.get(&name).map_or(&[][..], Vec::as_slice);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let below = count(scores.partition_point(|other| *other < score));
        Some(Peers { by, name, accounts: count(scores.len()), below })
    };
    let groups = [group(Dimension::Tier, tier, &ranks.tiers), group(Dimension::Category, category, &ranks.categories)];
    Ok(groups.into_iter().flatten().collect())
}

/// Returns the scores of all groups: those that were kept, or else those of now.
async fn ranks(tx: &mut Tx) -> Result<Arc<Ranks>> {
    let (seq, now) = (log::last_seq(tx).await?, tx.now());
    let key = (tx.db().identity(), tx.actor().workspace);
    let kept = RANKS.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    let holds = |ranks: &Arc<Ranks>| ranks.seq == seq || now.0 - ranks.read_at.0 < AGE_MS;
    // What a transaction that writes reads may never be committed.
    let shared = !tx.writes();
    if let Some(kept) = kept.filter(|kept| shared && holds(kept)) {
        return Ok(kept);
    }
    let workspace = tx.workspace();
    // The sign keeps SQLite from opening the documents in the order of the scores.
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT doc ->> 'tier', doc ->> 'category', score FROM accounts \
         WHERE workspace_id = $1 AND archived_at IS NULL AND +score IS NOT NULL")
        .bind(workspace).fetch_all(c).await)?;
    let (mut tiers, mut categories) = (Scores::new(), Scores::new());
    for (tier, category, score) in rows {
        for (name, scores) in [(tier, &mut tiers), (category, &mut categories)] {
            if let (Some(name), Some(score)) = (name, score) {
                scores.entry(name).or_default().push(score);
            }
        }
    }
    tiers.values_mut().chain(categories.values_mut()).for_each(|scores| scores.sort_unstable());
    let ranks = Arc::new(Ranks { seq, read_at: now, tiers, categories });
    if shared {
        let mut kept = RANKS.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= WORKSPACES_MAX {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&ranks));
    }
    Ok(ranks)
}
