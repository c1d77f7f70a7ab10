//! Which accounts a scorecard would score.

use domain::accounts::AccountQuery;
use domain::filter::{self, Filter};
use domain::health::{Claim, Reach, Rival};
use domain::id::ScorecardId;
use domain::refusal::Refusal;

use super::scorecards::published;
use crate::accounts;
use crate::error::Result;
use crate::tx::Tx;

/// Returns how many accounts a filter matches, and which cards in force contest them at this priority.
/// A new card, which has no id yet, is younger than all others.
pub async fn reach(tx: &mut Tx, id: Option<ScorecardId>, applies_to: &str, priority: i32) -> Result<Reach> {
    let catalogue = accounts::catalogue(tx).await?;
    let parse =
        |text: &str| filter::parse(text, &catalogue).map_err(|error| Refusal::field("applies_to", error.message));
    let own = parse(applies_to)?;
    let matching = count(tx, &own).await?;
    let scorecard = id.unwrap_or(ScorecardId(uuid::Uuid::max()));
    let claim = Claim { scorecard, priority, applies_to };
    let mut rest = Some(own.clone());
    let mut rivals = Vec::new();
    let cards = published(tx).await?;
    for other in cards.iter().filter(|other| other.scorecard != scorecard) {
        let theirs = parse(&other.card.applies_to)?;
        let shared = count(tx, &own.clone().and(theirs.clone())).await?;
        if shared == 0 {
            continue;
        }
        let (priority, applies_to) = (other.priority(), other.card.applies_to.as_str());
        let wins = Claim { scorecard: other.scorecard, priority, applies_to }.beats(&claim);
        if wins {
            // Of what a stronger card for everybody takes, nothing is left.
            rest = rest.filter(|_| !theirs.is_everything()).map(|rest| rest.and(theirs.negated()));
        }
        rivals.push(Rival { name: other.card.name.clone(), priority, shared, wins });
    }
    let scored = match rest {
        Some(rest) => count(tx, &rest).await?,
        None => 0,
    };
    Ok(Reach { matching, scored, rivals })
}

async fn count(tx: &mut Tx, filter: &Filter) -> Result<u32> {
    let query = AccountQuery { filter: filter.to_string(), limit: 1, ..AccountQuery::default() };
    Ok(accounts::page(tx, &query).await?.total)
}
