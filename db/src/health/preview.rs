//! What a draft needs to know of the accounts that it would score, and its effect where they are too many to send.

use domain::fields::Catalogue;
use domain::health::{
    AccountFacts, PortfolioColumns, Preview, Scorecard, ScorecardVersion, SeasonProfile, choose_scorecard, preview,
};
use domain::id::{AccountId, ScorecardId};
use domain::identity::Role;
use domain::money::Currency;
use uuid::Uuid;

use super::records::{Gathered, gather};
use super::scorer::applies;
use super::{cards, scorecards, seasons};
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
    catalogue: Catalogue,
    seasons: seasons::Profiles,
}

impl Draft {
    /// Puts a draft in the place of the version of its scorecard that is in force. A card without an id is new.
    pub(super) async fn new(tx: &mut Tx, id: Option<ScorecardId>, card: &Scorecard) -> Result<Self> {
        cards::check_storable(card)?;
        // Among equals the older card goes first, and a new one is younger than all.
        let id = id.unwrap_or(ScorecardId(Uuid::max()));
        let mut cards = scorecards::published(tx).await?;
        cards.retain(|version| version.scorecard != id);
        cards.push(ScorecardVersion { scorecard: id, version: 0, card: card.clone(), published_at: None, revision: 0 });
        Ok(Self { id, cards, catalogue: accounts::catalogue(tx).await?, seasons: seasons::profiles(tx).await? })
    }

    /// Returns the season of an account's category.
    pub(super) fn season(&self, one: &Gathered) -> Option<&SeasonProfile> {
        self.seasons.get(one.record.account.category.as_ref()?)
    }

    /// Returns whether an account would be scored with the draft.
    pub(super) fn is_for(&self, one: &Gathered, tx: &Tx) -> bool {
        let account = &one.record.account;
        let chosen = choose_scorecard(&self.cards, |text| applies(text, account, &self.catalogue, tx.now()));
        account.archived_at.is_none() && chosen.is_some_and(|version| version.scorecard == self.id)
    }
}

/// Returns the columns of the accounts that a draft would score, at most `limit` of them: `more` says whether there
/// are others. There are never more than a browser can take at once. `id` is the scorecard that the draft belongs to, if it has one already.
pub async fn columns(tx: &mut Tx, id: Option<ScorecardId>, card: &Scorecard, limit: usize) -> Result<PortfolioColumns> {
    tx.require(Role::Manager)?;
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
            push(&mut columns, one, currency, draft.season(one));
        }
    }
}

/// Returns the effect of a draft on all accounts that it would score, read in steps and without keeping them.
pub async fn preview_on_server(tx: &mut Tx, id: Option<ScorecardId>, card: &Scorecard) -> Result<Preview> {
    tx.require(Role::Manager)?;
    let (draft, currency, now) = (Draft::new(tx, id, card).await?, currency(tx).await?, tx.now());
    let (mut whole, mut last) = (Preview::default(), Uuid::nil());
    loop {
        let ids = next_ids(tx, last).await?;
        let Some(end) = ids.last() else { return Ok(whole) };
        last = end.0;
        let mut columns = PortfolioColumns::new(card, now);
        for one in gather(tx, &ids).await?.iter().filter(|one| draft.is_for(one, tx)) {
            push(&mut columns, one, currency, draft.season(one));
        }
        whole.add(preview(&columns, card, now));
    }
}

fn push(columns: &mut PortfolioColumns, one: &Gathered, currency: Currency, season: Option<&SeasonProfile>) {
    let account = &one.record.account;
    let annual = account.annual().filter(|money| money.currency == currency);
    columns.push(&AccountFacts {
        id: account.id,
        name: &account.name,
        arr_minor: annual.map_or(0, |money| money.minor),
        band: one.health.as_ref().map(|health| health.band),
        score: one.health.as_ref().map(|health| health.score),
        override_: one.override_.as_ref(),
        season,
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
