//! A score with all it was made of, and what moved it, on the server.

use db::{Result, Tx};
use domain::id::AccountId;
use domain::time::Timestamp;

use super::gather;
use super::panels::{ChangePanel, HealthPanel};

/// Returns the score that stood at a moment with all it was made of; nothing where there was none.
pub(super) async fn panel(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<Option<HealthPanel>> {
    let Some(stored) = db::health::evaluation_at(tx, id, now).await? else { return Ok(None) };
    let version = db::health::version(tx, stored.scorecard, stored.version).await?;
    let published_at = version.as_ref().and_then(|version| version.published_at);
    let card = version.map(|version| version.card).unwrap_or_default();
    let rivals = db::health::published(tx).await?.into_iter().filter(|one| one.scorecard != stored.scorecard);
    let others = u32::try_from(rivals.count()).unwrap_or(u32::MAX);
    let measures = card.groups.iter().flat_map(|group| &group.measures);
    let fresh_days = measures.filter_map(|measure| Some((measure.key.clone(), measure.validity_days?))).collect();
    Ok(Some(HealthPanel {
        evaluation: stored.evaluation,
        card: card.name,
        version: stored.version,
        applies_to: card.applies_to,
        priority: card.priority,
        others,
        fresh_days,
        published_at,
        bands: card.bands,
    }))
}

/// Returns why the score at a moment, or now, is not what it was at the end of a day; nothing where there was no
/// score then.
pub(super) async fn change(
    tx: &mut Tx,
    id: AccountId,
    (day, until): (Timestamp, Option<Timestamp>),
) -> Result<Option<ChangePanel>> {
    let now = until.unwrap_or(tx.now());
    let before = db::health::evaluation_at(tx, id, day.plus_days(1)).await?;
    let after = db::health::evaluation_at(tx, id, now).await?;
    let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
    let cards = gather::other_cards(tx, &before, &after).await?;
    let (before, after) = (before.evaluation, after.evaluation);
    Ok(Some(ChangePanel {
        day,
        until,
        cards,
        steps: domain::health::explain_change(&before, &after),
        summary: domain::health::summarise_change(&before, &after),
    }))
}
