//! Explanations: why the score is what it is, and why it is no longer what it was, to the last micro-point.

use serde::{Deserialize, Serialize};

use super::evaluation::{AppliedOverride, Evaluation, MeasureResult};
use super::points::Points;
use crate::time::Timestamp;

/// What a step of an explanation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A measure's contribution, or the effect of its changed points.
    Measure,
    /// A measure that did not count before.
    Appeared,
    /// A measure that no longer counts.
    Disappeared,
    /// Weights that shifted between measures.
    Weights,
    /// An exception.
    Exception,
    /// A person's override.
    Override,
}

/// One step of a waterfall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The key of the measure or exception; `weights` and `override` for the others.
    pub key: String,
    /// Its label; an override's reason.
    pub label: String,
    /// What it is about.
    pub kind: StepKind,
    /// The points it adds.
    pub delta: Points,
    /// The score after it.
    pub total: Points,
    /// Who set the override that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When that override expires, or would have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What a sentence about a change needs, in no language yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeSummary {
    /// The score before; `None` where there was none.
    pub from: Option<Points>,
    /// The score after; `None` where there is none.
    pub to: Option<Points>,
    /// The largest causes, up to three.
    pub causes: Vec<Cause>,
    /// The sum of all smaller causes.
    pub rest: Points,
}

/// A cause of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// The key of the measure or exception.
    pub key: String,
    /// Its label.
    pub label: String,
    /// What it is about.
    pub kind: StepKind,
    /// The points it adds.
    pub delta: Points,
}

/// Most causes that a sentence names.
const CAUSES_MAX: usize = 3;
/// A shift of weights below this is rounding, and part of the largest other step.
const NOISE: Points = Points(1_000);

/// Explains a score from zero: the contribution of each measure, then exceptions, then the override.
///
/// The deltas add up to the score exactly. Exceptions that changed nothing are left out.
#[must_use]
pub fn waterfall(evaluation: &Evaluation) -> Vec<Step> {
    let mut steps = Vec::new();
    for measure in evaluation.measures().filter(|measure| measure.counts()) {
        steps.push(step(&measure.key, &measure.label, StepKind::Measure, measure.contribution));
    }
    for exception in evaluation.exceptions.iter().filter(|exception| exception.before != exception.after) {
        let delta = exception.after - exception.before;
        steps.push(step(&exception.key, &exception.label, StepKind::Exception, delta));
    }
    if let Some(manual) = &evaluation.override_ {
        steps.push(override_step(Some(manual), override_effect(evaluation)));
    }
    run_totals(&mut steps, Points::ZERO);
    steps
}

/// Explains the difference between two evaluations, largest cause first.
///
/// The deltas add up to the difference exactly, where no score counts as zero. A measure that
/// appears or disappears is charged with the distance between its points and the score, because
/// its weight comes from and goes to the others.
#[must_use]
pub fn explain_change(before: &Evaluation, after: &Evaluation) -> Vec<Step> {
    let mut steps = measure_steps(before, after);
    let base_delta = after.base.unwrap_or_default() - before.base.unwrap_or_default();
    let residual = base_delta - steps.iter().map(|step| step.delta).sum();
    let largest = steps.iter_mut().max_by_key(|step| step.delta.abs());
    match largest {
        Some(largest) if residual.abs() <= NOISE => largest.delta += residual,
        _ => steps.push(step("weights", "Weights", StepKind::Weights, residual)),
    }
    steps.extend(exception_steps(before, after));
    let manual = after.override_.as_ref().or(before.override_.as_ref());
    let effect = override_effect(after) - override_effect(before);
    steps.push(override_step(manual, effect));
    steps.retain(|step| step.delta != Points::ZERO);
    steps.sort_by_key(|step| std::cmp::Reverse(step.delta.abs()));
    run_totals(&mut steps, before.score.unwrap_or_default());
    steps
}

/// Returns what a sentence about the difference between two evaluations needs.
#[must_use]
pub fn summarise_change(before: &Evaluation, after: &Evaluation) -> ChangeSummary {
    let steps = explain_change(before, after);
    let rest = steps.iter().skip(CAUSES_MAX).map(|step| step.delta).sum();
    let causes = steps
        .into_iter()
        .take(CAUSES_MAX)
        .map(|Step { key, label, kind, delta, .. }| Cause { key, label, kind, delta })
        .collect();
    ChangeSummary { from: before.score, to: after.score, causes, rest }
}

/// Returns a step per measure that appeared, disappeared or changed its points.
fn measure_steps(before: &Evaluation, after: &Evaluation) -> Vec<Step> {
    let (old_base, new_base) = match (before.base, after.base) {
        (Some(old), Some(new)) => (old, new),
        // Against nothing there is no score to be above or below of.
        _ => (Points::ZERO, Points::ZERO),
    };
    let mut steps = Vec::new();
    for new in after.measures().filter(|measure| measure.counts()) {
        let points = new.points.unwrap_or_default();
        let (kind, gain) = match find_counting(before, &new.key) {
            Some(old) => (StepKind::Measure, points - old.points.unwrap_or_default()),
            None => (StepKind::Appeared, points - old_base),
        };
        steps.push(step(&new.key, &new.label, kind, new.effective.share_of(gain)));
    }
    for old in before.measures().filter(|measure| measure.counts()) {
        if find_counting(after, &old.key).is_none() {
            let loss = old.effective.share_of(new_base - old.points.unwrap_or_default());
            steps.push(step(&old.key, &old.label, StepKind::Disappeared, loss));
        }
    }
    steps
}

/// Returns a step per exception, by how much more or less it does than before.
fn exception_steps(before: &Evaluation, after: &Evaluation) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let now = after.exceptions.iter().map(|exception| (exception, exception.after - exception.before));
    let then = before.exceptions.iter().map(|exception| (exception, exception.before - exception.after));
    for (exception, delta) in now.chain(then) {
        match steps.iter_mut().find(|step| step.key == exception.key) {
            Some(step) => step.delta += delta,
            None => steps.push(step(&exception.key, &exception.label, StepKind::Exception, delta)),
        }
    }
    steps
}

fn override_step(manual: Option<&AppliedOverride>, effect: Points) -> Step {
    let reason = manual.map_or("", |manual| &manual.reason);
    Step {
        author: manual.map(|manual| manual.author.clone()),
        until: manual.map(|manual| manual.until),
        ..step("override", reason, StepKind::Override, effect)
    }
}

fn override_effect(evaluation: &Evaluation) -> Points {
    evaluation.score.unwrap_or_default() - evaluation.computed.unwrap_or_default()
}

fn find_counting<'a>(evaluation: &'a Evaluation, key: &str) -> Option<&'a MeasureResult> {
    evaluation.measures().find(|measure| measure.counts() && measure.key == key)
}

fn step(key: &str, label: &str, kind: StepKind, delta: Points) -> Step {
    Step { key: key.to_owned(), label: label.to_owned(), kind, delta, total: Points::ZERO, author: None, until: None }
}

fn run_totals(steps: &mut [Step], start: Points) {
    let mut total = start;
    for step in steps {
        total += step.delta;
        step.total = total;
    }
}
