//! What Today adds up: the portfolio by band, movement, renewals, and what happened since one left.

use std::collections::BTreeMap;

use domain::accounts::AccountRow;
use domain::changes::Change;
use domain::fields::Subject;
use domain::health::{Band, Points};
use domain::money::{Currency, Money};
use domain::portfolio::{BandTotal, Portfolio, SinceYouLeft};
use serde_json::{Map, Value};

use crate::accounts::{Stored, shown};
use crate::error::Result;
use crate::tx::{Tx, on};
use crate::{identity, log};

/// Rows of each short list on Today.
const LIST: i64 = 6;
/// Lines of the log that "since you left" reads at most.
const SINCE_MAX: i64 = 5_000;
/// A change of less than a point is no movement.
const MOVE: i64 = Points::MICRO;

/// Chooses between the statement for everybody and the one for an owner, which binds `$2`.
macro_rules! owned {
    ($owner:expr, $head:literal, $tail:literal) => {
        if $owner.is_some() {
            concat!($head, " AND owner_id = $2 ", $tail)
        } else {
            concat!($head, " AND $2 IS NULL ", $tail)
        }
    };
}

/// Counts the accounts that something holds of.
macro_rules! count {
    ($what:literal) => {
        concat!("SELECT COUNT(*) FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND ", $what)
    };
}

/// Returns what Today shows of the whole workspace, or of the asking person's own accounts.
pub async fn summary(tx: &mut Tx, mine: bool) -> Result<Portfolio> {
    let owner = if mine { tx.actor().user.map(|user| user.0) } else { None };
    let mut portfolio = Portfolio { bands: bands(tx, owner).await?, ..Portfolio::default() };
    portfolio.accounts = portfolio.bands.iter().map(|band| band.accounts).sum();
    portfolio.fell = movers(tx, owner, false).await?;
    portfolio.rose = movers(tx, owner, true).await?;
    (portfolio.fell_count, portfolio.rose_count) = movement(tx, owner).await?;
    (portfolio.renewals, portfolio.renewal_count, portfolio.renewal_value) = renewals(tx, owner).await?;
    portfolio.at_risk = at_risk(tx, owner).await?;
    portfolio.seq = log::last_seq(tx).await?;
    Ok(portfolio)
}

/// Returns the accounts at risk that pay most, and the next renewals within 90 days; of everybody, or of the asking
/// person alone.
pub async fn pressing(tx: &mut Tx, mine: bool) -> Result<(Vec<AccountRow>, Vec<AccountRow>)> {
    let owner = if mine { tx.actor().user.map(|user| user.0) } else { None };
    let at_risk = at_risk(tx, owner).await?;
    let (renewals, ..) = renewals(tx, owner).await?;
    Ok((at_risk, renewals))
}

async fn bands(tx: &mut Tx, owner: Option<uuid::Uuid>) -> Result<Vec<BandTotal>> {
    let workspace = tx.workspace();
    // Without an owner the covering index answers alone. With one, SQLite would walk over that index for the sake
    // of its order; the limit, which nobody's accounts reach, has it find the owner's accounts first.
    let sql = if owner.is_some() {
        "SELECT band, currency, COUNT(*), CAST(COALESCE(SUM(annual_minor), 0) AS BIGINT) FROM \
         (SELECT band, currency, annual_minor FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL \
         AND owner_id = $2 LIMIT 100000000) AS mine GROUP BY band, currency"
    } else {
        "SELECT band, currency, COUNT(*), CAST(COALESCE(SUM(annual_minor), 0) AS BIGINT) FROM accounts \
         WHERE workspace_id = $1 AND archived_at IS NULL AND $2 IS NULL GROUP BY band, currency"
    };
    let rows: Vec<(Option<String>, String, i64, i64)> =
        on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(owner).fetch_all(c).await)?;
    let mut totals: BTreeMap<Option<u8>, BandTotal> = BTreeMap::new();
    for (band, currency, accounts, minor) in rows {
        let band = band.as_deref().and_then(Band::from_key);
        let total = totals.entry(band.map(Band::order)).or_insert_with(|| BandTotal::empty(band));
        total.accounts += u32::try_from(accounts).unwrap_or(u32::MAX);
        let currency: Currency = currency.parse().unwrap_or(Currency::USD);
        if minor != 0 {
            total.value.push(Money { minor, currency });
        }
    }
    Ok(totals.into_values().collect())
}

async fn movement(tx: &mut Tx, owner: Option<uuid::Uuid>) -> Result<(u32, u32)> {
    let workspace = tx.workspace();
    // The sign keeps SQLite from walking over everybody who moved in search of an owner's few.
    let count = |rose: bool| match (owner.is_some(), rose) {
        (true, true) => count!("owner_id = $2 AND +trend_7d >= $3"),
        (true, false) => count!("owner_id = $2 AND +trend_7d <= $3"),
        (false, true) => count!("$2 IS NULL AND trend_7d >= $3"),
        (false, false) => count!("$2 IS NULL AND trend_7d <= $3"),
    };
    let fell: i64 =
        on!(tx, c => sqlx::query_scalar(count(false)).bind(workspace).bind(owner).bind(-MOVE).fetch_one(c).await)?;
    let rose: i64 =
        on!(tx, c => sqlx::query_scalar(count(true)).bind(workspace).bind(owner).bind(MOVE).fetch_one(c).await)?;
    Ok((u32::try_from(fell).unwrap_or(u32::MAX), u32::try_from(rose).unwrap_or(u32::MAX)))
}

fn rows(stored: Vec<Stored>) -> Vec<AccountRow> {
    stored.into_iter().map(shown).collect()
}

async fn movers(tx: &mut Tx, owner: Option<uuid::Uuid>, rose: bool) -> Result<Vec<AccountRow>> {
    let workspace = tx.workspace();
    let sql = if rose {
        owned!(
            owner,
            "SELECT doc, health, rollup, churn FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND trend_7d >= $3",
            "ORDER BY trend_7d DESC, id DESC LIMIT $4"
        )
    } else {
        owned!(
            owner,
            "SELECT doc, health, rollup, churn FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND trend_7d <= $3",
            "ORDER BY trend_7d, id LIMIT $4"
        )
    };
    let least = if rose { MOVE } else { -MOVE };
    let docs: Vec<Stored> =
        on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(owner).bind(least).bind(LIST).fetch_all(c).await)?;
    Ok(rows(docs))
}

async fn at_risk(tx: &mut Tx, owner: Option<uuid::Uuid>) -> Result<Vec<AccountRow>> {
    let workspace = tx.workspace();
    let sql = owned!(
        owner,
        "SELECT doc, health, rollup, churn FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND band IN ('at_risk', 'critical') \
         AND (stage IS NULL OR stage <> 'churned')",
        "ORDER BY annual_minor DESC NULLS LAST, id DESC LIMIT $3"
    );
    let docs: Vec<Stored> =
        on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(owner).bind(LIST).fetch_all(c).await)?;
    Ok(rows(docs))
}

async fn renewals(tx: &mut Tx, owner: Option<uuid::Uuid>) -> Result<(Vec<AccountRow>, u32, Vec<Money>)> {
    let (workspace, from) = (tx.workspace(), tx.now().day_start());
    let to = from.plus_days(90);
    let sql = owned!(
        owner,
        "SELECT doc, health, rollup, churn FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND renewal_at BETWEEN $3 AND $4",
        "ORDER BY renewal_at, id LIMIT $5"
    );
    let docs: Vec<Stored> = on!(tx, c => sqlx::query_as(sql)
        .bind(workspace).bind(owner).bind(from.0).bind(to.0).bind(LIST).fetch_all(c).await)?;
    let sql = if owner.is_some() {
        "SELECT currency, COUNT(*), CAST(COALESCE(SUM(annual_minor), 0) AS BIGINT) FROM accounts WHERE workspace_id = $1 \
         AND archived_at IS NULL AND owner_id = $2 AND +renewal_at BETWEEN $3 AND $4 GROUP BY currency"
    } else {
        "SELECT currency, COUNT(*), CAST(COALESCE(SUM(annual_minor), 0) AS BIGINT) FROM accounts WHERE workspace_id = $1 \
         AND archived_at IS NULL AND $2 IS NULL AND renewal_at BETWEEN $3 AND $4 GROUP BY currency"
    };
    let totals: Vec<(String, i64, i64)> = on!(tx, c => sqlx::query_as(sql)
        .bind(workspace).bind(owner).bind(from.0).bind(to.0).fetch_all(c).await)?;
    let count = totals.iter().map(|(_, count, _)| u32::try_from(*count).unwrap_or(u32::MAX)).sum();
    let value = |(currency, _, minor): &(String, i64, i64)| Money {
        minor: *minor,
        currency: currency.parse().unwrap_or(Currency::USD),
    };
    let value = totals.iter().map(value).filter(|money| money.minor != 0).collect();
    Ok((rows(docs), count, value))
}

/// Returns what happened since the asking person last looked at Today.
pub async fn since_you_left(tx: &mut Tx) -> Result<SinceYouLeft> {
    let seen = identity::seen_seq(tx).await?;
    let (mut seq, mut since) = (seen, SinceYouLeft { from_seq: seen, ..SinceYouLeft::default() });
    let me = tx.actor().user;
    while seq - seen < SINCE_MAX {
        let entries = log::after(tx, seq, log::PAGE_MAX).await?;
        let Some(last) = entries.last() else { break };
        seq = last.seq;
        for entry in entries {
            since.at.get_or_insert(entry.at);
            let score = |fields: &Map<String, Value>| fields.get("score").and_then(Value::as_i64);
            match (entry.change, entry.subject) {
                (Change::Scored, _) => match (score(&entry.before), score(&entry.after)) {
                    (Some(before), Some(after)) if after <= before - 5 * MOVE => since.health_drops += 1,
                    (Some(before), Some(after)) if after >= before + 5 * MOVE => since.health_rises += 1,
                    _ => {}
                },
                (Change::Created, Subject::Alert) => since.new_alerts += 1,
                _ if entry.actor == me => {}
                (Change::Created, Subject::Account) => since.new_accounts += 1,
                (Change::Created, Subject::Ticket) => since.new_tickets += 1,
                (Change::Created, Subject::Activity) => since.new_activities += 1,
                (Change::Updated, Subject::Account) => since.edits += 1,
                _ => {}
            }
        }
    }
    since.to_seq = seq;
    Ok(since)
}
