//! What a scorecard can look at in this workspace.

use domain::health::{AvailableFact, FactKind, STANDARD_FACTS, available_facts};

use super::records::{gather, sample};
use crate::accounts;
use crate::error::Result;
use crate::tx::Tx;

/// Returns the facts that a sample of the accounts has, most widespread first, then the standard ones that none has.
pub async fn facts(tx: &mut Tx) -> Result<Vec<AvailableFact>> {
    let ids = sample(tx).await?;
    let now = tx.now();
    let sampled: Vec<_> = gather(tx, &ids).await?.iter().map(|gathered| gathered.record.facts(now)).collect();
    let catalogue = accounts::catalogue(tx).await?;
    let mut facts = available_facts(&sampled, &catalogue, now);
    facts.sort_by(|a, b| b.share_present.total_cmp(&a.share_present).then_with(|| a.label.cmp(&b.label)));
    let missing = STANDARD_FACTS.iter().filter(|standard| !facts.iter().any(|fact| fact.key == standard.key));
    let missing: Vec<AvailableFact> = missing
        .map(|standard| AvailableFact {
            key: standard.key.to_owned(),
            kind: FactKind::Number,
            label: standard.label.to_owned(),
            quantiles: None,
            choices: Vec::new(),
            share_present: 0.0,
        })
        .collect();
    facts.extend(missing);
    Ok(facts)
}
