//! The past played again: what rules would have raised, day by day, from the change log.

mod account;

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::Account;
use domain::alerts::list::{PreviewAccount, RulePreview};
use domain::alerts::{Alert, Input, Kind, Rule};
use domain::changes::Entry;
use domain::health::ScorecardVersion;
use domain::id::{AccountId, UserId};
use domain::identity::{Actor, Role};
use domain::time::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::desk::{self, Desk};
use super::rules;
use crate::error::Result;
use crate::health::{self, Gathered, gather_since, next_ids};
use crate::pool::Db;
use crate::{accounts, log};
use account::Passes;

/// How far before the first day records are read: the longest look-back of a measure and a year of surveys.
const BACK_DAYS: i64 = 400;
/// Most accounts that a preview looks at.
const PREVIEW_MAX: u32 = 2_000;
/// Longest preview in days.
const PREVIEW_DAYS_MAX: u32 = 365;
/// Accounts that a preview names.
const EXAMPLES_MAX: usize = 100;
/// Days after an alert in which being in touch with the account counts as acting on it.
const ACTED_DAYS: i64 = 14;
/// Days before an account leaves in which an alert would have been in time.
const IN_TIME_DAYS: i64 = 180;

/// What a replay found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Played {
    /// Accounts that were looked at.
    pub accounts: u32,
    /// Days that were played.
    pub days: u32,
    /// Times that an account was looked at.
    pub looks: u64,
    /// Alerts that there would have been without noise control: one for each look that found a condition true.
    pub raised_without_noise_control: u64,
    /// Alerts that there would have been if what is told once were not told again, but without time to hold, gap before
    /// the end, pause and memory of what was dismissed: one whenever a condition became true.
    pub raised_with_fingerprints_alone: u32,
    /// Alerts raised.
    pub raised: u32,
    /// Of them, risks.
    pub raised_risks: u32,
    /// Of them ended by themselves.
    pub cleared: u32,
    /// The share of them after which somebody was in touch with the account within 14 days.
    pub acted_on_share: f64,
    /// Accounts that left.
    pub churned: u32,
    /// Of them without an alert on a risk in the 180 days before.
    pub churned_without_alert: u32,
    /// The same without noise control.
    pub churned_without_alert_and_noise_control: u32,
    /// Of the accounts that left, those with an alert only without noise control, by the rule that would have told.
    pub lost_to_noise_control: BTreeMap<String, u32>,
    /// People who own accounts.
    pub csms: u32,
    /// Alerts raised per person and week.
    pub alerts_per_csm_per_week: f64,
    /// Alerts raised by each built-in rule, with and without noise control.
    pub rules: BTreeMap<String, (u32, u32)>,
}

/// Plays the last days of every account again, with the rules in force and without noise control beside it.
/// `progress` hears how many accounts are done.
pub async fn play(db: &Db, actor: &Actor, days: u32, progress: impl Fn(u32)) -> Result<Played> {
    let stage = Stage::new(db, actor, None, days).await?;
    let noisy = stage.desk.engine.without_noise_control();
    let mut played = Played { days, ..Played::default() };
    let mut owners: BTreeSet<UserId> = BTreeSet::new();
    let (mut quiet, mut loud_passes) = (Passes::new(), Passes::new());
    let mut acted = 0;
    let mut last = Uuid::nil();
    while let Some(cast) = stage.next(db, actor, &mut last).await? {
        for one in &cast {
            let calm = account::tell(&stage, one, &stage.desk.engine, &mut quiet)?;
            let loud = account::tell(&stage, one, &noisy, &mut loud_passes)?;
            owners.extend(one.one.record.account.owner_id);
            acted += calm.alerts.iter().filter(|alert| was_acted_on(alert, one)).count();
            played.add(&calm, &loud);
        }
        progress(played.accounts);
    }
    played.csms = u32::try_from(owners.len()).unwrap_or(u32::MAX);
    let weeks = f64::from(days.max(7)) / 7.0;
    played.alerts_per_csm_per_week = f64::from(played.raised) / f64::from(played.csms.max(1)) / weeks;
    played.acted_on_share = acted as f64 / f64::from(played.raised.max(1));
    Ok(played)
}

fn was_acted_on(alert: &Alert, cast: &Cast) -> bool {
    let (from, to) = (alert.created_at, alert.created_at.plus_days(ACTED_DAYS));
    cast.one.record.touches.iter().any(|at| *at > from && *at <= to)
}

impl Played {
    fn add(&mut self, calm: &account::Told, loud: &account::Told) {
        let count = |alerts: &[Alert]| u32::try_from(alerts.len()).unwrap_or(u32::MAX);
        self.accounts += 1;
        self.looks += calm.looks;
        self.raised += count(&calm.alerts);
        self.raised_without_noise_control += loud.held;
        self.raised_with_fingerprints_alone += count(&loud.alerts);
        self.raised_risks += calm.alerts.iter().map(|alert| u32::from(alert.kind == Kind::Risk)).sum::<u32>();
        self.cleared += calm.alerts.iter().map(|alert| u32::from(alert.is_closed())).sum::<u32>();
        for (alerts, is_calm) in [(&calm.alerts, true), (&loud.alerts, false)] {
            for alert in alerts {
                let (with, without) = self.rules.entry(alert.reason.key.clone()).or_default();
                *(if is_calm { with } else { without }) += 1;
            }
        }
        if let Some(left) = calm.left {
            self.churned += 1;
            let (told, untold) = (warnings(&calm.alerts, left), warnings(&loud.alerts, left));
            self.churned_without_alert += u32::from(told.is_empty());
            self.churned_without_alert_and_noise_control += u32::from(untold.is_empty());
            for rule in untold.into_iter().filter(|_| told.is_empty()) {
                *self.lost_to_noise_control.entry(rule.to_owned()).or_default() += 1;
            }
        }
    }
}

/// Returns the rules that told of a risk in time before an account left.
fn warnings(alerts: &[Alert], left: Timestamp) -> BTreeSet<&str> {
    let in_time = |alert: &&Alert| {
        let was_open = alert.closed_at().is_none_or(|at| at >= left.plus_days(-IN_TIME_DAYS));
        alert.kind == Kind::Risk && alert.created_at < left && was_open
    };
    alerts.iter().filter(in_time).map(|alert| alert.reason.key.as_str()).collect()
}

/// Returns what a rule would have done in the past days, before anybody saves it; managers and administrators.
pub async fn preview(db: &Db, actor: &Actor, rule: Rule, days: u32) -> Result<RulePreview> {
    let days = days.clamp(1, PREVIEW_DAYS_MAX);
    let rule = {
        let mut tx = db.read(actor).await?;
        tx.require(Role::Manager)?;
        // A draft is previewed whether it is on or not.
        Rule { off_at: None, ..rule.check(&accounts::catalogue(&mut tx).await?)? }
    };
    let mut preview = RulePreview { days, ..RulePreview::default() };
    if rule.kind == Kind::Portfolio {
        return Ok(preview);
    }
    let stage = Stage::new(db, actor, Some(rule), days).await?;
    let mut passes = Passes::new();
    let mut last = Uuid::nil();
    while let Some(cast) = stage.next(db, actor, &mut last).await? {
        for one in &cast {
            let told = account::tell(&stage, one, &stage.desk.engine, &mut passes)?;
            preview.accounts += 1;
            let open = told.alerts.iter().any(|alert| !alert.is_closed());
            preview.raised += u32::try_from(told.alerts.len()).unwrap_or(u32::MAX);
            preview.open += u32::from(open);
            if !told.alerts.is_empty() {
                let account = &one.one.record.account;
                let at = told.alerts.iter().map(|alert| alert.created_at).collect();
                preview.examples.push(PreviewAccount { id: account.id, name: account.name.clone(), at, open });
            }
        }
        if preview.accounts >= PREVIEW_MAX {
            break;
        }
    }
    preview.examples.sort_by(|a, b| b.at.len().cmp(&a.at.len()).then_with(|| a.name.cmp(&b.name)));
    preview.examples.truncate(EXAMPLES_MAX);
    Ok(preview)
}

/// Plays the last days of every account again and returns the alerts there would be, open and closed, by account.
pub(super) async fn raise(db: &Db, actor: &Actor, days: u32) -> Result<Vec<(Account, Vec<Alert>)>> {
    let stage = Stage::new(db, actor, None, days).await?;
    let (mut all, mut passes) = (Vec::new(), Passes::new());
    let mut last = Uuid::nil();
    while let Some(cast) = stage.next(db, actor, &mut last).await? {
        for one in cast {
            let told = account::tell(&stage, &one, &stage.desk.engine, &mut passes)?;
            all.push((one.one.record.account, told.alerts));
        }
    }
    Ok(all)
}

/// An account with all that is recorded on it and what was changed since the first day.
struct Cast {
    one: Gathered,
    /// Newest first.
    entries: Vec<Entry>,
}

/// What a replay is played with.
struct Stage {
    desk: Desk,
    cards: Vec<ScorecardVersion>,
    /// Whether any rule asks for the score.
    scores: bool,
    begin: Timestamp,
    now: Timestamp,
}

impl Stage {
    /// Returns a stage with the rules in force, or with one that is not in force yet.
    async fn new(db: &Db, actor: &Actor, draft: Option<Rule>, days: u32) -> Result<Self> {
        desk::refresh_typical(db, actor).await?;
        let mut tx = db.read(actor).await?;
        let rules = match draft {
            Some(rule) => vec![rule],
            None => rules::rules(&mut tx).await?,
        };
        let desk = Desk::of(&mut tx, rules).await?;
        let scores = desk.engine.rules().iter().any(|rule| rule.reads.of.contains(&Input::Health));
        let (cards, now) = (health::published(&mut tx).await?, tx.now());
        Ok(Self { desk, cards, scores, begin: now.plus_days(-i64::from(days)), now })
    }

    /// Returns the next accounts. A transaction for each step: a reader that stays for minutes keeps the log of SQLite
    /// from being folded in.
    async fn next(&self, db: &Db, actor: &Actor, last: &mut Uuid) -> Result<Option<Vec<Cast>>> {
        let mut tx = db.read(actor).await?;
        let ids: Vec<AccountId> = next_ids(&mut tx, *last).await?;
        let Some(end) = ids.last() else { return Ok(None) };
        *last = end.0;
        let mut entries: BTreeMap<AccountId, Vec<Entry>> = BTreeMap::new();
        for entry in log::of_accounts_since(&mut tx, &ids, self.begin).await? {
            if let Some(account) = entry.account {
                entries.entry(account).or_default().push(entry);
            }
        }
        let gathered = gather_since(&mut tx, &ids, self.begin.plus_days(-BACK_DAYS).0).await?;
        let cast = |one: Gathered| {
            let entries = entries.remove(&one.record.account.id).unwrap_or_default();
            Cast { one, entries }
        };
        Ok(Some(gathered.into_iter().map(cast).collect()))
    }
}
