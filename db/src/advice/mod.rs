//! Recommendations: what they are made from, and what people said of them.

mod feedback;
mod outcomes;
mod peers;

use std::collections::BTreeSet;

use domain::advice::{self, Advice, Moments, Situation, growth, timing};
use domain::alerts::Alert;
use domain::alerts::facts::Fact;
use domain::alerts::list::AlertRow;
use domain::id::{AccountId, AlertId};
use domain::refusal::Refusal;
use domain::time::{DAY_MS, Timestamp};

use crate::error::Result;
use crate::tx::Tx;
use crate::{alerts, identity, timeline};

pub use feedback::{give, of_account as feedback};

/// How far back moments, outcomes and opinions count, in days.
const BACK_DAYS: i64 = 365;
/// Accounts whose first action is looked for at once: a queue has no more entries.
const FIRST_MAX: usize = domain::queue::ENTRIES_MAX;
/// Within how many days what was used counts as in use.
const USED_DAYS: i64 = 28;

/// Returns what to do next about an account, or refuses; everybody may look.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Advice> {
    let alerts = alerts::of_account(tx, account).await?.into_iter().map(|row| row.alert).collect();
    Ok(advise(tx, account, alerts, None).await?.ok_or(Refusal::NotFound)?)
}

/// Returns what to do about an alert, or refuses; nothing where it is about the whole portfolio. Everybody may look.
pub async fn of_alert(tx: &mut Tx, id: AlertId) -> Result<Option<Advice>> {
    let row = alerts::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    let Some(account) = row.alert.account_id else { return Ok(None) };
    let alerts = alerts::of_account(tx, account).await?.into_iter().map(|row| row.alert).collect();
    advise(tx, account, alerts, Some(row.alert)).await
}

/// Returns the action that is recommended first for each of these alerts, by its key; nothing for those about the whole
/// portfolio, and where nothing helps. Everybody may look.
///
/// This is the first of what [`of_alert`] returns, without what no place in the order depends on: when and how.
pub async fn first_actions(tx: &mut Tx, alerts: &[AlertRow]) -> Result<Vec<(AlertId, String)>> {
    let now = tx.now();
    let since = now.plus_days(-BACK_DAYS);
    let accounts: BTreeSet<AccountId> = alerts.iter().filter_map(|row| row.alert.account_id).take(FIRST_MAX).collect();
    let accounts: Vec<AccountId> = accounts.into_iter().collect();
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let sights = alerts::sights(tx, &accounts).await?;
    let measured = outcomes::measured(tx, since).await?;
    let moments = Moments::default();
    let mut first = Vec::with_capacity(alerts.len());
    for sight in &sights {
        let account = &sight.gathered.record.account;
        let segment = account.tier.clone().filter(|tier| !tier.is_empty());
        let said = feedback::said(tx, account.id, segment.as_deref(), since, &[]).await?;
        let open: Vec<Alert> = alerts::of_account(tx, account.id).await?.into_iter().map(|row| row.alert).collect();
        let known = sight.known();
        for row in alerts.iter().filter(|row| row.alert.account_id == Some(account.id)) {
            let (options, _) = advice::recommend(&Situation {
                known: &known,
                catalogue: &sight.catalogue,
                alerts: &open,
                about: Some(&row.alert),
                contacts: &sight.gathered.record.contacts,
                measured: &measured,
                said: &said,
                moments: &moments,
                now,
            });
            first.extend(options.into_iter().next().map(|option| (row.alert.id, option.action)));
        }
    }
    Ok(first)
}

async fn advise(tx: &mut Tx, account: AccountId, alerts: Vec<Alert>, about: Option<Alert>) -> Result<Option<Advice>> {
    let Some(sight) = alerts::sight(tx, account).await? else { return Ok(None) };
    let now = tx.now();
    let record = &sight.gathered.record;
    let segment = record.account.tier.clone().filter(|tier| !tier.is_empty());
    let peers = peers::of(tx, account, segment.as_deref()).await?;
    let since = now.plus_days(-BACK_DAYS);
    let activities = timeline::activities(tx, account).await?;
    let recent = |at: &Timestamp| *at >= since && *at <= now;
    let activities: Vec<_> = activities.into_iter().filter(|activity| recent(&activity.happened_at)).collect();
    let signs = record.tickets.iter().map(|ticket| ticket.opened_at);
    let signs = signs.chain(record.surveys.iter().map(|survey| survey.answered_at)).filter(recent).collect::<Vec<_>>();
    let moments = Moments {
        account: timing::of_account(&activities, &signs, &record.contacts),
        segment: peers::moments(tx, &peers, since).await?,
    };
    let measured = outcomes::measured(tx, since).await?;
    let opinions = feedback::of_account(tx, account).await?;
    let said = feedback::said(tx, account, segment.as_deref(), since, &opinions).await?;
    let (options, mut growth) = {
        // What conditions are held against belongs to this thread, so it must not outlive a wait.
        let known = sight.known();
        advice::recommend(&Situation {
            known: &known,
            catalogue: &sight.catalogue,
            alerts: &alerts,
            about: about.as_ref(),
            contacts: &record.contacts,
            measured: &measured,
            said: &said,
            moments: &moments,
            now,
        })
    };
    if growth.held.is_none() {
        let from = Timestamp(now.0 - USED_DAYS * DAY_MS);
        let used = record.usage.iter().filter(|day| day.day >= from && day.value > 0.0);
        let own = used.map(|day| day.metric.clone()).collect();
        let theirs = peers::used(tx, &peers, from).await?;
        growth.products = growth::products(sight.facts.get(Fact::SeatsUsedPct), &own, &theirs);
    }
    growth.peers = u32::try_from(peers.len()).unwrap_or(u32::MAX);
    let users = identity::users(tx).await?;
    let path = advice::path(about.as_ref(), record.account.owner_id, &users);
    let (name, currency) = (record.account.name.clone(), record.account.currency);
    Ok(Some(Advice { account, name, currency, options, growth, path, opinions }))
}
