//! Evaluates a scorecard on the facts of one account.

use super::bands::Band;
use super::evaluation::{
    AppliedException, AppliedOverride, Evaluation, GroupResult, MeasureResult, MeasureState, Override,
};
use super::facts::Facts;
use super::points::{Points, apportion, divide_rounded};
use super::reading::{Reading, faded, read};
use super::scorecard::{Condition, Group, Measure, NullPolicy, Scorecard};
use super::season::SeasonProfile;
use crate::time::Timestamp;

/// The circumstances of an evaluation.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The moment it is made for; later observations are not seen.
    pub now: Timestamp,
    /// The account's override, if a person set one; it counts until it expires.
    pub override_: Option<&'a Override>,
    /// The band the account was in, which it leaves only by the hysteresis.
    pub previous_band: Option<Band>,
    /// The season profile of the account's category.
    pub season: Option<&'a SeasonProfile>,
}

impl Context<'_> {
    /// Returns the circumstances of a first evaluation: no override, no previous band, no season.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { now, override_: None, previous_band: None, season: None }
    }
}

/// What is known about one account, however it is kept.
pub(super) trait Known {
    /// Returns what a measure sees of its source; `None` where there never was a usable value.
    fn reading(&self, measure: &Measure, context: &Context<'_>) -> Option<Reading>;
    /// Returns how long the account has been a customer.
    fn tenure_days(&self) -> Option<i64>;
    /// Returns whether an exception's condition holds.
    fn holds(&self, condition: &Condition, now: Timestamp) -> bool;
}

impl Known for Facts {
    fn reading(&self, measure: &Measure, context: &Context<'_>) -> Option<Reading> {
        read(measure, self, context)
    }

    fn tenure_days(&self) -> Option<i64> {
        self.tenure_days
    }

    fn holds(&self, condition: &Condition, now: Timestamp) -> bool {
        condition.holds(self, now)
    }
}

/// Evaluates a scorecard; the contributions of the measures add up to the score before exceptions exactly.
#[must_use]
pub fn evaluate(card: &Scorecard, facts: &Facts, context: &Context<'_>) -> Evaluation {
    evaluate_known(card, facts, context)
}

/// Evaluates a scorecard on whatever is known.
pub(super) fn evaluate_known(card: &Scorecard, facts: &impl Known, context: &Context<'_>) -> Evaluation {
    let mut groups: Vec<GroupResult> = card.groups.iter().map(|group| read_group(group, facts, context)).collect();
    let base = weigh(card, &mut groups);
    let mut exceptions = Vec::new();
    let mut previous = context.previous_band;
    let computed = base.map(|base| apply_exceptions(card, facts, context.now, base, &mut exceptions, &mut previous));
    let override_ = context.override_.filter(|manual| context.now < manual.until).map(|manual| AppliedOverride {
        score: Points::from_f64(manual.score).clamped(),
        reason: manual.reason.clone(),
        author: manual.author.clone(),
        until: manual.until,
    });
    let (score, band) = settle(card, computed, override_.as_ref().map(|manual| manual.score), previous);
    let fresh = groups.iter().flat_map(|group| &group.measures).filter(|m| m.state == MeasureState::Fresh);
    Evaluation {
        at: context.now,
        base,
        computed,
        score,
        band,
        coverage: fresh.map(|measure| measure.nominal).sum(),
        groups,
        exceptions,
        override_,
    }
}

/// Returns the score that counts and its band.
pub(super) fn settle(
    card: &Scorecard,
    computed: Option<Points>,
    manual: Option<Points>,
    previous: Option<Band>,
) -> (Option<Points>, Option<Band>) {
    let score = manual.or(computed);
    // What a person says counts at once: hysteresis is for noise, not for decisions.
    let previous = if manual.is_some() { None } else { previous };
    (score, score.map(|score| card.bands.band(score, previous)))
}

fn read_group(group: &Group, facts: &impl Known, context: &Context<'_>) -> GroupResult {
    GroupResult {
        key: group.key.clone(),
        label: group.label.clone(),
        score: None,
        nominal: Points::ZERO,
        effective: Points::ZERO,
        measures: group.measures.iter().map(|measure| read_measure(measure, facts, context)).collect(),
    }
}

fn read_measure(measure: &Measure, facts: &impl Known, context: &Context<'_>) -> MeasureResult {
    let reading = facts.reading(measure, context);
    let scale = measure.scale_for(facts.tenure_days());
    let read_points = reading.as_ref().and_then(|reading| scale.points(&reading.raw));
    let age = reading.as_ref().map(|reading| (reading.observed_at, reading.cleared_at));
    let (points, state) = worth(measure, age, read_points, context.now);
    let (raw, observed_at) = reading.map_or((None, None), |reading| (Some(reading.raw), Some(reading.observed_at)));
    MeasureResult {
        key: measure.key.clone(),
        label: measure.label.clone(),
        raw,
        observed_at,
        points,
        state,
        nominal: Points::ZERO,
        effective: Points::ZERO,
        contribution: Points::ZERO,
    }
}

/// Decides what a value is still worth: `age` says when it was observed, and when it was taken away.
pub(super) fn worth(
    measure: &Measure,
    age: Option<(Timestamp, Option<Timestamp>)>,
    points: Option<Points>,
    now: Timestamp,
) -> (Option<Points>, MeasureState) {
    let (Some((observed_at, cleared_at)), Some(points)) = (age, points) else {
        return without_value(measure.null_policy);
    };
    let expires_at = measure.validity_days.map(|days| observed_at.plus_days(i64::from(days)));
    // A value fades from the moment it was taken away or expired, whichever came first.
    let old_since = match (cleared_at, expires_at.filter(|&moment| moment < now)) {
        (Some(cleared), Some(expired)) => Some(cleared.min(expired)),
        (cleared, expired) => cleared.or(expired),
    };
    match (old_since, measure.null_policy) {
        (None, _) => (Some(points), MeasureState::Fresh),
        (Some(since), NullPolicy::CarryForward { half_life_days }) => {
            (Some(faded(points, now.0.saturating_sub(since.0), half_life_days)), MeasureState::Carried)
        }
        (Some(_), policy) if cleared_at.is_some() => without_value(policy),
        (Some(_), _) => (Some(points), MeasureState::Stale),
    }
}

fn without_value(policy: NullPolicy) -> (Option<Points>, MeasureState) {
    match policy {
        NullPolicy::Exclude | NullPolicy::CarryForward { .. } => (None, MeasureState::Missing),
        NullPolicy::Neutral => (Some(Points::NEUTRAL), MeasureState::Neutral),
        NullPolicy::Zero => (Some(Points::ZERO), MeasureState::Zero),
    }
}

/// Fills in weights, contributions and group scores, and returns the weighted score.
fn weigh(card: &Scorecard, groups: &mut [GroupResult]) -> Option<Points> {
    distribute(card, groups, |_| true, |group| &mut group.nominal, |measure| &mut measure.nominal);
    let counts = |measure: &MeasureResult| measure.points.is_some();
    distribute(card, groups, counts, |group| &mut group.effective, |measure| &mut measure.effective);
    let mut products = Vec::with_capacity(groups.iter().map(|group| group.measures.len()).sum());
    for group in groups.iter_mut() {
        let start = products.len();
        products.extend(group.measures.iter().map(|measure| {
            // Both factors are at most 100 points, so that the product stays below 10^16.
            measure.effective.0 * measure.points.unwrap_or_default().0
        }));
        let sum: i64 = products[start..].iter().sum();
        if group.effective > Points::ZERO {
            group.score = Some(Points(divide_rounded(i128::from(sum), i128::from(group.effective.0))));
        }
    }
    if groups.iter().all(|group| group.score.is_none()) {
        return None;
    }
    let sum: i64 = products.iter().sum();
    let base = weighted(sum);
    let measures = groups.iter_mut().flat_map(|group| &mut group.measures);
    for (measure, contribution) in measures.zip(apportion(base, &products)) {
        measure.contribution = contribution;
    }
    Some(base)
}

/// Returns the weighted score of the sum of share times points, both in millionths.
pub(super) fn weighted(sum: i64) -> Points {
    Points((sum + Points::FULL.0 / 2) / Points::FULL.0)
}

/// Returns each measure's weight in the score, in per cent and in the order of the card, where only some count.
pub(super) fn shares(card: &Scorecard, counts: &[bool]) -> Vec<Points> {
    let mut counts = counts.iter();
    let mut blank = |_: &Measure| MeasureResult {
        key: String::new(),
        label: String::new(),
        raw: None,
        observed_at: None,
        points: counts.next().filter(|counts| **counts).map(|_| Points::ZERO),
        state: MeasureState::Missing,
        nominal: Points::ZERO,
        effective: Points::ZERO,
        contribution: Points::ZERO,
    };
    let mut groups: Vec<GroupResult> = card
        .groups
        .iter()
        .map(|group| GroupResult {
            key: String::new(),
            label: String::new(),
            score: None,
            nominal: Points::ZERO,
            effective: Points::ZERO,
            measures: group.measures.iter().map(&mut blank).collect(),
        })
        .collect();
    let counts = |measure: &MeasureResult| measure.points.is_some();
    distribute(card, &mut groups, counts, |group| &mut group.effective, |measure| &mut measure.effective);
    groups.iter().flat_map(|group| &group.measures).map(|measure| measure.effective).collect()
}

/// Gives the groups their share of the whole and the measures their share of the group.
fn distribute(
    card: &Scorecard,
    groups: &mut [GroupResult],
    counts: impl Fn(&MeasureResult) -> bool,
    group_slot: impl Fn(&mut GroupResult) -> &mut Points,
    slot: impl Fn(&mut MeasureResult) -> &mut Points,
) {
    let mut weights = Vec::with_capacity(16);
    let counted = |definition: &Group, group: &GroupResult, weights: &mut Vec<i64>| {
        weights.clear();
        let pairs = definition.measures.iter().zip(&group.measures);
        weights.extend(pairs.map(|(measure, result)| if counts(result) { micro(measure.weight) } else { 0 }));
    };
    let mut group_weights = Vec::with_capacity(groups.len());
    for (definition, group) in card.groups.iter().zip(groups.iter()) {
        counted(definition, group, &mut weights);
        let anything = weights.iter().any(|&weight| weight > 0);
        group_weights.push(if anything { micro(definition.weight) } else { 0 });
    }
    let shares = apportion(Points::FULL, &group_weights);
    for ((definition, group), share) in card.groups.iter().zip(groups.iter_mut()).zip(shares) {
        counted(definition, group, &mut weights);
        *group_slot(group) = share;
        for (measure, part) in group.measures.iter_mut().zip(apportion(share, &weights)) {
            *slot(measure) = part;
        }
    }
}

fn micro(weight: f64) -> i64 {
    Points::from_f64(weight).0.max(0)
}

fn apply_exceptions(
    card: &Scorecard,
    facts: &impl Known,
    now: Timestamp,
    base: Points,
    applied: &mut Vec<AppliedException>,
    previous: &mut Option<Band>,
) -> Points {
    let mut score = base;
    for exception in card.exceptions.iter().filter(|exception| facts.holds(&exception.when, now)) {
        let after = exception.action.apply(score);
        *previous = previous.map(|band| exception.action.moved_band(band, &card.bands));
        let (key, label) = (exception.key.clone(), exception.label.clone());
        applied.push(AppliedException { key, label, before: score, after });
        score = after;
    }
    score
}
