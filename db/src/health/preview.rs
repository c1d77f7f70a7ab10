//! What a draft needs to know of the accounts that it would score, and its effect where they are too many to send.

use domain::health::{
    AccountFacts, Band, Evaluation, Points, PortfolioColumns, Preview, Scorecard, ScorecardVersion, SeasonProfile,
    choose_scorecard, preview,
};
use domain::id::{AccountId, ScorecardId};
use domain::money::Currency;
use domain::time::Timestamp;
use uuid::Uuid;

use super::cards;
use super::records::{Gathered, gather};
use super::scorer::{Rules, applies, evaluate_one};
use crate::error::Result;
use crate::tx::{Tx, on};
use crate::{accounts, identity};

/// Most accounts whose columns are sent to a browser.
const COLUMNS_MAX: usize = 10_000;
/// Most values that are sent to a browser: accounts with many measures are fewer.
const VALUES_MAX: usize = 600_000;
/// Accounts that are read at once.
const STEP: usize = 500;

/// A draft among the scorecards that it would compete with.
pub(super) struct Draft {
    id: ScorecardId,
    cards: Vec<ScorecardVersion>,
    /// What accounts are scored with at present.
    live: Rules,
}

impl Draft {
    /// Puts a draft in the place of the version of its scorecard that is in force. A card without an id is new.
    pub(super) async fn new(tx: &mut Tx, id: Option<ScorecardId>, card: &Scorecard) -> Result<Self> {
        cards::check_storable(card)?;
        // Among equals the older card goes first, and a new one is younger than all.
        let id = id.unwrap_or(ScorecardId(Uuid::max()));
        let live = Rules::of(tx).await?;
        let mut cards = live.cards.clone();
        cards.retain(|version| version.scorecard != id);
        let applies_to = accounts::resolved_text(tx, &card.applies_to, &live.catalogue).await?;
        let card = Scorecard { applies_to, ..card.clone() };
        cards.push(ScorecardVersion { scorecard: id, version: 0, card, published_at: None, revision: 0 });
        Ok(Self { id, cards, live })
    }

    /// Returns the season of an account's category.
    pub(super) fn season(&self, one: &Gathered) -> Option<&SeasonProfile> {
        self.live.seasons.get(one.record.account.category.as_ref()?)
    }

    /// Returns whether an account would be scored with the draft.
    pub(super) fn is_for(&self, one: &Gathered, tx: &Tx) -> bool {
        let account = &one.record.account;
        let chosen = choose_scorecard(&self.cards, |text| applies(text, account, &self.live.catalogue, tx.now()));
        account.archived_at.is_none() && chosen.is_some_and(|version| version.scorecard == self.id)
    }

    /// Returns what the cards in force say of an account now.
    ///
    /// A stored score may lie behind by what only time has moved, which the scorer does not write. A draft is held
    /// against what it would replace at the same moment, so that an unchanged one changes nothing.
    fn before(&self, one: &Gathered, now: Timestamp) -> (Option<Points>, Option<Band>) {
        // Who was never scored has no score that could change.
        let Some(health) = &one.health else { return (None, None) };
        match evaluate_one(one, &self.live, now) {
            Some((_, Evaluation { score: Some(score), band: Some(band), .. })) => (Some(score), Some(band)),
            _ => (Some(health.score), Some(health.band)),
        }
    }
}

/// Returns the columns of the accounts that a draft would score, at most `limit` of them: `more` says whether there
/// are others. There are never more than a browser can take at once. `id` is the scorecard that the draft belongs to, if it has one already.
pub async fn columns(tx: &mut Tx, id: Option<ScorecardId>, card: &Scorecard, limit: usize) -> Result<PortfolioColumns> {
    let (draft, currency) = (Draft::new(tx, id, card).await?, currency(tx).await?);
    let mut columns = PortfolioColumns::new(card, tx.now());
    let limit = limit.min(COLUMNS_MAX).min(VALUES_MAX / columns.columns.len().max(1));
    let mut last = Uuid::nil();
    loop {
        let ids = next_ids(tx, last).await?;
        let Some(end) = ids.last() else { return Ok(columns) };
        last = end.0;
        for one in gather(tx, &ids).await?.iter().filter(|one| draft.is_for(one, tx)) {
            if columns.ids.len() == limit {
                columns.more = true;
                return Ok(columns);
            }
            push(&mut columns, one, currency, &draft);
        }
    }
}

/// Returns the effect of a draft on all accounts that it would score, read in steps and without keeping them.
pub async fn preview_on_server(tx: &mut Tx, id: Option<ScorecardId>, card: &Scorecard) -> Result<Preview> {
    let (draft, currency, now) = (Draft::new(tx, id, card).await?, currency(tx).await?, tx.now());
    let (mut whole, mut last) = (Preview::default(), Uuid::nil());
    loop {
        let ids = next_ids(tx, last).await?;
        let Some(end) = ids.last() else { return Ok(whole) };
        last = end.0;
        let mut columns = PortfolioColumns::new(card, now);
        for one in gather(tx, &ids).await?.iter().filter(|one| draft.is_for(one, tx)) {
            push(&mut columns, one, currency, &draft);
        }
        whole.add(preview(&columns, card, now));
    }
}

fn push(columns: &mut PortfolioColumns, one: &Gathered, currency: Currency, draft: &Draft) {
    let account = &one.record.account;
    let (score, band) = draft.before(one, columns.at);
    let annual = account.annual().filter(|money| money.currency == currency);
    columns.push(&AccountFacts {
        id: account.id,
        name: &account.name,
        arr_minor: annual.map_or(0, |money| money.minor),
        band,
        score,
        override_: one.override_.as_ref(),
        season: draft.season(one),
        facts: &one.record.facts(columns.at),
    });
}

async fn currency(tx: &mut Tx) -> Result<Currency> {
    let (_, currency) = identity::workspace(tx).await?;
    Ok(currency.parse().unwrap_or(Currency::USD))
}

/// Returns the next accounts in the order of their ids.
pub(crate) async fn next_ids(tx: &mut Tx, after: Uuid) -> Result<Vec<AccountId>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT id FROM accounts WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(workspace).bind(after).bind(i64::try_from(STEP).unwrap_or(i64::MAX)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}
