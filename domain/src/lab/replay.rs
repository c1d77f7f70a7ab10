//! What a scorecard would have said of an account at past moments, and what then happened.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::chronicle::Chronicle;
use crate::accounts::Account;
use crate::health::{
    Band, Context, Evaluation, Points, ScorecardVersion, SeasonProfile, Wanted, choose_scorecard, evaluate,
};
use crate::id::{AccountId, ScorecardId, UserId};
use crate::money::Currency;
use crate::time::{DAY_MS, Timestamp};

/// Days between two moments of a replay.
pub const STEP_DAYS: i64 = 30;
/// A change of revenue below this share is a correction and no outcome.
const CHANGE_SHARE_MIN: f64 = 0.01;
/// A renewal date that moves on by more than this many days was renewed, not corrected.
const RENEWED_DAYS_MIN: i64 = 30;

/// What was said of an account at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The moment; only what was recorded by then was looked at.
    pub at: Timestamp,
    /// The score.
    pub score: Option<Points>,
    /// The band, with its hysteresis.
    pub band: Option<Band>,
    /// Who owned the account then.
    pub owner: Option<UserId>,
    /// The scorecard that said it.
    pub card: ScorecardId,
    /// The points of each measure of that card, in its order.
    pub points: Vec<Option<Points>>,
}

impl Said {
    /// Returns what an evaluation said.
    #[must_use]
    pub fn of(evaluation: &Evaluation, account: &Account, card: ScorecardId) -> Self {
        Self {
            at: evaluation.at,
            score: evaluation.score,
            band: evaluation.band,
            owner: account.owner_id,
            card,
            points: evaluation.measures().map(|measure| measure.points).collect(),
        }
    }
}

/// What can happen to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// It left.
    Churned,
    /// It stayed and pays less.
    Downgraded,
    /// Its contract was renewed.
    Renewed,
    /// It pays more.
    Expanded,
}

/// Something that happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What.
    pub happened: Happened,
    /// When.
    pub at: Timestamp,
    /// The yearly revenue that was lost, gained or renewed, in minor units.
    pub minor: i64,
}

/// An account over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The account.
    pub account: AccountId,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What was said, oldest first.
    pub said: Vec<Said>,
    /// What happened, oldest first.
    pub outcomes: Vec<Outcome>,
}

/// What of an account decides what happened to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Standing {
    /// Its lifecycle stage.
    pub stage: Option<String>,
    /// Annual recurring revenue in minor units.
    pub arr_minor: Option<i64>,
    /// Monthly recurring revenue in minor units.
    pub mrr_minor: Option<i64>,
    /// When it renews.
    pub renewal_at: Option<Timestamp>,
}

impl Standing {
    /// Returns how an account stands.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        let &Account { arr_minor, mrr_minor, renewal_at, .. } = account;
        Self { stage: account.stage.clone(), arr_minor, mrr_minor, renewal_at }
    }

    fn has_left(&self) -> bool {
        self.stage.as_deref() == Some(LEFT)
    }

    fn annual_minor(&self) -> Option<i64> {
        self.arr_minor.or_else(|| self.mrr_minor.map(|month| month.saturating_mul(12)))
    }
}

/// The stage of an account that has left.
const LEFT: &str = "churned";

/// Reads what happened from the states that an account went through, oldest first.
///
/// Leaving is the stage *churned*; revenue that changes by less than 1 % did not; a renewal date that moves on
/// by more than 30 days was renewed. After it has left nothing more happens until it is back.
#[must_use]
pub fn outcomes(states: &[(Timestamp, Standing)]) -> Vec<Outcome> {
    let mut found = Vec::new();
    for pair in states.windows(2) {
        let ((_, before), (at, after)) = (&pair[0], &pair[1]);
        let (was, is) = (before.annual_minor(), after.annual_minor());
        if before.has_left() {
            continue;
        }
        if after.has_left() {
            found.push(Outcome { happened: Happened::Churned, at: *at, minor: was.unwrap_or(0) });
            continue;
        }
        if let (Some(was), Some(is)) = (was, is)
            && is.abs_diff(was) as f64 > CHANGE_SHARE_MIN * was as f64
        {
            let happened = if is < was { Happened::Downgraded } else { Happened::Expanded };
            found.push(Outcome { happened, at: *at, minor: (is - was).abs() });
        }
        if let (Some(old), Some(new)) = (before.renewal_at, after.renewal_at)
            && new.days_since(old) > RENEWED_DAYS_MIN
        {
            found.push(Outcome { happened: Happened::Renewed, at: *at, minor: is.unwrap_or(0) });
        }
    }
    found
}

/// Returns whether an account has left.
#[must_use]
pub fn has_left(account: &Account) -> bool {
    account.stage.as_deref() == Some(LEFT)
}

/// Scorecards that score accounts together, as those in force do, or those with a draft in the place of one.
pub type LineUp = Vec<ScorecardVersion>;

/// What chronicles are read with.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The scorecards, of which each set tells its own stories.
    pub line_ups: Vec<LineUp>,
    /// What is busy when, by line of business.
    pub seasons: HashMap<String, SeasonProfile>,
    /// The first moment; one follows every [`STEP_DAYS`].
    pub begin: Timestamp,
    /// No moment is later.
    pub now: Timestamp,
    wanted: Wanted,
}

impl Replay {
    /// Prepares a replay of some months up to now.
    #[must_use]
    pub fn new(line_ups: Vec<LineUp>, seasons: HashMap<String, SeasonProfile>, months: u32, now: Timestamp) -> Self {
        let wanted = Wanted::of(line_ups.iter().flatten().map(|version| &version.card));
        Self { line_ups, seasons, begin: now.plus_days(-STEP_DAYS * i64::from(months)), now, wanted }
    }

    /// Returns which facts its scorecards read.
    #[must_use]
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Returns its moments, oldest first.
    pub fn moments(&self) -> impl Iterator<Item = Timestamp> {
        let (begin, now) = (self.begin, self.now);
        (0..).map(move |step| begin.plus_days(STEP_DAYS * step)).take_while(move |at| *at <= now)
    }

    /// Returns whether it has a moment from one time up to, but not including, another.
    #[must_use]
    pub fn looks_between(&self, from: Timestamp, until: Timestamp) -> bool {
        let from = from.max(self.begin);
        let step = from.0.saturating_sub(self.begin.0).saturating_add(STEP_DAYS * DAY_MS - 1) / (STEP_DAYS * DAY_MS);
        let next = self.begin.plus_days(STEP_DAYS * step);
        next < until && next <= self.now
    }

    /// Tells the story of an account once for each set of scorecards; one in which nothing is said is left out.
    ///
    /// An account that did not exist yet, was archived or had left is not scored. `applies` says whether the filter of
    /// a scorecard held for an account at a moment.
    #[must_use]
    pub fn tell(
        &self,
        chronicle: &Chronicle,
        applies: impl Fn(&str, &Account, Timestamp) -> bool,
    ) -> Vec<Option<Story>> {
        let mut told: Vec<Vec<Said>> = vec![Vec::new(); self.line_ups.len()];
        let (mut last, mut previous) = (None, vec![None::<Band>; self.line_ups.len()]);
        for at in self.moments() {
            let Some(state) = chronicle.state(at) else { continue };
            let account = &state.account;
            last = Some(account);
            let is_archived = account.archived_at.is_some_and(|archived| archived <= at);
            if account.created_at > at || is_archived || has_left(account) {
                continue;
            }
            let facts = chronicle.facts(state, &self.wanted, at);
            let season = account.category.as_ref().and_then(|category| self.seasons.get(category));
            for ((line_up, said), previous) in self.line_ups.iter().zip(&mut told).zip(&mut previous) {
                let Some(card) = choose_scorecard(line_up, |text| applies(text, account, at)) else { continue };
                let override_ = chronicle.override_(at);
                let context = Context { now: at, override_, previous_band: *previous, season };
                let evaluation = evaluate(&card.card, &facts, &context);
                *previous = evaluation.band;
                said.push(Said::of(&evaluation, account, card.scorecard));
            }
        }
        let story = |said: Vec<Said>| {
            let account = last.filter(|_| !said.is_empty())?;
            let outcomes = chronicle.outcomes.clone();
            Some(Story { account: account.id, currency: account.currency, said, outcomes })
        };
        told.into_iter().map(story).collect()
    }
}
