//! A back-test: the scores of the past, held against what happened afterwards.
//!
//! A moment of an account counts once: it was followed by a loss within the horizon, or it was not. Three
//! rules keep the future out of it. A score sees only what was recorded by then ([`super::replay`]). A
//! moment whose horizon has not ended yet is left out, as nobody knows. An account that has been lost
//! leaves. The moments of one account resemble each other, so intervals count accounts, not moments.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::LOSSES_MIN;
use super::learn::calibrate;
use super::logistic::probability;
use super::metrics::{Auc, Bin, brier, calibration, clustered_auc};
use super::replay::{Happened, Outcome, Said, Story};
use crate::health::{Band, Points};
use crate::id::AccountId;
use crate::money::{Currency, Money};
use crate::time::Timestamp;

/// What is asked of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Within how many days after a moment a loss must happen to count as foreseen.
    pub horizon_days: u32,
    /// Whether paying less is a loss, too.
    pub downgrades: bool,
    /// The end of what is known.
    pub now: Timestamp,
}

/// What a back-test found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackTest {
    /// Accounts that took part.
    pub accounts: u32,
    /// Moments that took part.
    pub moments: u32,
    /// Losses that a score came before.
    pub losses: u32,
    /// First and last moment.
    pub span: Option<(Timestamp, Timestamp)>,
    /// How well low scores go before losses; `None` below 30 losses.
    pub auc: Option<Auc>,
    /// The same in the earlier and in the later half of the moments.
    pub halves: [Option<Auc>; 2],
    /// What each band catches, together with those below it, from watch on.
    pub bands: Vec<AtBand>,
    /// Days between falling into *at risk* and the loss.
    pub lead: Option<Lead>,
    /// Revenue of the losses, by currency.
    pub revenue: Vec<Revenue>,
    /// Falls into *at risk* for each owner and week.
    pub alerts: f64,
    /// Predicted and observed share of losses, on every fifth account and learnt from the others; none
    /// below 30 losses.
    pub calibration: Vec<Bin>,
    /// Mean squared miss of those predictions.
    pub brier: Option<f64>,
    /// What was left out.
    pub left_out: LeftOut,
    /// Everything that happened after a score, of each kind.
    #[serde(default)]
    pub happened: Vec<Foreseen>,
}

/// How the accounts stood to which something happened.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Foreseen {
    /// What happened.
    pub happened: Happened,
    /// How often, after a score in the horizon before.
    pub times: u32,
    /// The part of them that was *healthy* or *watch* at the last moment before, from 0 to 1.
    pub well: f64,
}

/// What a band and those below it catch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtBand {
    /// The band.
    pub band: Band,
    /// The part of the losses that were in it at some moment of the horizon before, from 0 to 1.
    pub recall: f64,
    /// The part of the moments in it that a loss followed within the horizon; 0 where there were none.
    pub precision: f64,
    /// Moments in it.
    pub moments: u32,
}

/// How early a loss was announced, in days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// A quarter of the losses had no more than this.
    pub lower: i64,
    /// Half of them.
    pub median: i64,
    /// Three quarters.
    pub upper: i64,
    /// Losses that were announced.
    pub losses: u32,
}

/// Revenue of a year that was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revenue {
    /// Of accounts that were at risk or worse in the horizon before.
    pub caught: Money,
    /// Of the others.
    pub missed: Money,
}

/// Moments that could not be judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The account had been lost before.
    pub lost: u32,
    /// The horizon had not ended.
    pub open: u32,
    /// There was no score.
    pub unscored: u32,
}

/// A moment with its answer.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The account.
    pub account: AccountId,
    /// What was said.
    pub said: &'a Said,
    /// The score that was said.
    pub score: Points,
    /// Whether a loss followed within the horizon.
    pub lost: bool,
}

/// Returns the moments that can be judged, account by account, and how many could not.
#[must_use]
pub fn judged<'a>(stories: &'a [Story], terms: &Terms) -> (Vec<Judged<'a>>, LeftOut) {
    let (mut found, mut left_out) = (Vec::new(), LeftOut::default());
    for story in stories {
        let losses: Vec<Timestamp> = losses(story, terms).map(|loss| loss.at).collect();
        let gone = story.outcomes.iter().find(|outcome| outcome.happened == Happened::Churned).map(|loss| loss.at);
        for said in &story.said {
            let end = said.at.plus_days(i64::from(terms.horizon_days));
            let lost = losses.iter().any(|at| *at > said.at && *at <= end);
            match said.score {
                _ if gone.is_some_and(|at| at <= said.at) => left_out.lost += 1,
                None => left_out.unscored += 1,
                _ if !lost && end > terms.now => left_out.open += 1,
                Some(score) => found.push(Judged { account: story.account, said, score, lost }),
            }
        }
    }
    (found, left_out)
}

fn losses<'a>(story: &'a Story, terms: &Terms) -> impl Iterator<Item = &'a Outcome> {
    let downgrades = terms.downgrades;
    story.outcomes.iter().filter(move |outcome| match outcome.happened {
        Happened::Churned => true,
        Happened::Downgraded => downgrades,
        Happened::Renewed | Happened::Expanded => false,
    })
}

/// Holds what was said against what happened.
#[must_use]
pub fn back_test(stories: &[Story], terms: &Terms) -> BackTest {
    let (moments, left_out) = judged(stories, terms);
    let announced: Vec<Announced> = stories.iter().flat_map(|story| announcements(story, terms)).collect();
    let enough = announced.len() >= LOSSES_MIN;
    let accounts: BTreeSet<AccountId> = moments.iter().map(|moment| moment.account).collect();
    let span = moments.iter().map(|moment| moment.said.at).min().zip(moments.iter().map(|moment| moment.said.at).max());
    let middle = span.map_or(0, |(first, last)| first.0 + (last.0 - first.0) / 2);
    let area = |keep: &dyn Fn(&Judged<'_>) -> bool| if enough { area(&moments, keep) } else { None };
    let (calibration, brier) = if enough { calibrated(&moments) } else { (Vec::new(), None) };
    BackTest {
        accounts: count(accounts.len()),
        moments: count(moments.len()),
        losses: count(announced.len()),
        span,
        auc: area(&|_| true),
        halves: [area(&|moment| moment.said.at.0 <= middle), area(&|moment| moment.said.at.0 > middle)],
        bands: Band::ALL[1..].iter().map(|band| at_band(*band, &moments, &announced)).collect(),
        lead: lead(&announced),
        revenue: revenue(&announced),
        alerts: alerts(stories),
        calibration,
        brier,
        left_out,
        happened: foreseen(stories, terms),
    }
}

/// Counts everything that happened after a score, and how the accounts stood at the last moment before.
fn foreseen(stories: &[Story], terms: &Terms) -> Vec<Foreseen> {
    const ALL: [Happened; 4] = [Happened::Churned, Happened::Downgraded, Happened::Renewed, Happened::Expanded];
    let last_before = |story: &Story, outcome: &Outcome| {
        let from = outcome.at.plus_days(-i64::from(terms.horizon_days));
        story.said.iter().rev().find(|said| said.at < outcome.at && said.at >= from)?.band
    };
    let of = |happened: Happened| {
        let bands = stories.iter().flat_map(|story| {
            let theirs = story.outcomes.iter().filter(|outcome| outcome.happened == happened);
            theirs.filter_map(|outcome| last_before(story, outcome))
        });
        let (times, well) =
            bands.fold((0u32, 0u32), |(times, well), band| (times + 1, well + u32::from(band <= Band::Watch)));
        Foreseen { happened, times, well: f64::from(well) / f64::from(times.max(1)) }
    };
    ALL.into_iter().map(of).collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The area under the ROC curve of some moments: the lower the score, the likelier the loss.
fn area(moments: &[Judged<'_>], keep: &dyn Fn(&Judged<'_>) -> bool) -> Option<Auc> {
    let kept: Vec<&Judged<'_>> = moments.iter().filter(|moment| keep(moment)).collect();
    let risks: Vec<f64> = kept.iter().map(|moment| -moment.score.as_f64()).collect();
    let outcome: Vec<bool> = kept.iter().map(|moment| moment.lost).collect();
    let accounts: Vec<AccountId> = kept.iter().map(|moment| moment.account).collect();
    clustered_auc(&risks, &outcome, &accounts)
}

/// A loss with what was said in the horizon before it.
#[derive(Clone, Copy, Debug)]
struct Announced {
    currency: Currency,
    minor: i64,
    /// The worst band in the horizon before.
    worst: Option<Band>,
    /// Days since the account fell into *at risk*, where it was in the horizon before.
    lead_days: Option<i64>,
}

fn announcements(story: &Story, terms: &Terms) -> Vec<Announced> {
    let mut found = Vec::new();
    for loss in losses(story, terms) {
        let from = loss.at.plus_days(-i64::from(terms.horizon_days));
        let before: Vec<&Said> = story.said.iter().filter(|said| said.at < loss.at && said.score.is_some()).collect();
        let recent = before.iter().filter(|said| said.at >= from);
        if recent.clone().next().is_none() {
            continue;
        }
        let worst = recent.filter_map(|said| said.band).max();
        let end = before.iter().rposition(|said| said.at >= from && is_at_risk(said));
        let lead_days = end.map(|end| {
            let begin = before[..=end].iter().rposition(|said| !is_at_risk(said)).map_or(0, |calm| calm + 1);
            loss.at.days_since(before[begin].at)
        });
        found.push(Announced { currency: story.currency, minor: loss.minor, worst, lead_days });
    }
    found
}

fn is_at_risk(said: &Said) -> bool {
    said.band.is_some_and(|band| band >= Band::AtRisk)
}

fn at_band(band: Band, moments: &[Judged<'_>], announced: &[Announced]) -> AtBand {
    let within = moments.iter().filter(|moment| moment.said.band.is_some_and(|said| said >= band));
    let (all, lost) = within.fold((0u32, 0u32), |(all, lost), moment| (all + 1, lost + u32::from(moment.lost)));
    let caught = announced.iter().filter(|loss| loss.worst.is_some_and(|worst| worst >= band)).count();
    AtBand {
        band,
        recall: caught as f64 / (announced.len() as f64).max(1.0),
        precision: f64::from(lost) / f64::from(all.max(1)),
        moments: all,
    }
}

fn lead(announced: &[Announced]) -> Option<Lead> {
    let mut days: Vec<i64> = announced.iter().filter_map(|loss| loss.lead_days).collect();
    days.sort_unstable();
    let at = |quarter: usize| days.get((days.len().saturating_sub(1) * quarter + 2) / 4).copied();
    Some(Lead { lower: at(1)?, median: at(2)?, upper: at(3)?, losses: count(days.len()) })
}

fn revenue(announced: &[Announced]) -> Vec<Revenue> {
    let mut sums: BTreeMap<String, (Currency, i64, i64)> = BTreeMap::new();
    for loss in announced {
        let sum = sums.entry(loss.currency.to_string()).or_insert((loss.currency, 0, 0));
        let side = if loss.lead_days.is_some() { &mut sum.1 } else { &mut sum.2 };
        *side = side.saturating_add(loss.minor);
    }
    let sums = sums.into_values().map(|(currency, caught, missed)| Revenue {
        caught: Money { minor: caught, currency },
        missed: Money { minor: missed, currency },
    });
    sums.collect()
}

/// Falls into *at risk* for each owner and week.
fn alerts(stories: &[Story]) -> f64 {
    let mut owners = BTreeSet::new();
    let (mut falls, mut first, mut last) = (0u32, i64::MAX, i64::MIN);
    for story in stories {
        let mut was = false;
        for said in &story.said {
            let is = is_at_risk(said);
            falls += u32::from(is && !was);
            was = is;
            owners.insert(said.owner);
            (first, last) = (first.min(said.at.0), last.max(said.at.0));
        }
    }
    let weeks = Timestamp(last).days_since(Timestamp(first)).max(7) as f64 / 7.0;
    f64::from(falls) / (owners.len() as f64).max(1.0) / weeks
}

/// Learns from four fifths of the accounts which share of a score's moments is lost, and judges it by the rest.
fn calibrated(moments: &[Judged<'_>]) -> (Vec<Bin>, Option<f64>) {
    let risk = |moment: &&Judged<'_>| -moment.score.as_f64() / 10.0;
    let (held, rest): (Vec<&Judged<'_>>, Vec<&Judged<'_>>) = moments.iter().partition(|moment| is_held(moment.account));
    let outcome = |moments: &[&Judged<'_>]| -> Vec<bool> { moments.iter().map(|moment| moment.lost).collect() };
    let risks: Vec<f64> = rest.iter().map(risk).collect();
    let (intercept, slope) = calibrate(&risks, &outcome(&rest));
    let chances: Vec<f64> = held.iter().map(|moment| probability(intercept + slope * risk(moment))).collect();
    let outcome = outcome(&held);
    (calibration(&chances, &outcome), (!held.is_empty()).then(|| brier(&chances, &outcome)))
}

/// Returns whether an account is among the fifth that is only judged.
#[must_use]
pub fn is_held(account: AccountId) -> bool {
    // The last bytes of an id are random.
    account.0.as_u128().is_multiple_of(5)
}
