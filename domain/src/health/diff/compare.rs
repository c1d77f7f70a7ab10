//! Finds the differences: pieces are matched by key, and each that differs is told once.

use super::super::scale::Scale;
use super::super::scorecard::{Exception, Group, Measure, Scorecard};
use super::{CardChange, MeasureChange, Named, Place, PointAt, PointChange};

/// Returns what changed from one scorecard to another, in the order of the card; empty where nothing did.
///
/// Pieces are the same where their keys are. A piece has moved only where its order among the pieces that
/// both cards have is another one, so that adding one does not move all that follow.
#[must_use]
pub fn diff(before: &Scorecard, after: &Scorecard) -> Vec<CardChange> {
    let mut changes = Vec::new();
    if before.name != after.name {
        changes.push(CardChange::Name { before: before.name.clone(), after: after.name.clone() });
    }
    if before.applies_to != after.applies_to {
        let (before, after) = (before.applies_to.clone(), after.applies_to.clone());
        changes.push(CardChange::AppliesTo { before, after });
    }
    if before.priority != after.priority {
        changes.push(CardChange::Priority { before: before.priority, after: after.priority });
    }
    groups(before, after, &mut changes);
    measures(before, after, &mut changes);
    exceptions(before, after, &mut changes);
    if before.bands != after.bands {
        changes.push(CardChange::Bands { before: before.bands, after: after.bands });
    }
    changes
}

fn groups(before: &Scorecard, after: &Scorecard, changes: &mut Vec<CardChange>) {
    let paired = Paired::new(&before.groups, &after.groups, |group| &group.key);
    let named = |group: &Group| Named { key: group.key.clone(), label: group.label.clone() };
    for &from in &paired.removed {
        changes.push(CardChange::GroupRemoved { group: named(&before.groups[from]) });
    }
    for (to, group) in after.groups.iter().enumerate() {
        let Some(from) = paired.before[to] else {
            changes.push(CardChange::GroupAdded { group: named(group), weight: group.weight });
            continue;
        };
        let was = &before.groups[from];
        if was.label != group.label {
            changes.push(CardChange::GroupLabel { group: named(group), before: was.label.clone() });
        }
        if was.weight != group.weight {
            changes.push(CardChange::GroupWeight { group: named(group), before: was.weight, after: group.weight });
        }
        if paired.moved[to] {
            changes.push(CardChange::GroupMoved { group: named(group), from: place(from), to: place(to) });
        }
    }
}

/// A measure with where it stands.
struct Standing<'a> {
    measure: &'a Measure,
    group: &'a Group,
    place: usize,
}

impl Standing<'_> {
    fn named(&self) -> Named {
        Named { key: self.measure.key.clone(), label: self.measure.label.clone() }
    }

    fn place(&self) -> Place {
        Place { group: self.group.label.clone(), place: place(self.place) }
    }
}

fn standings(card: &Scorecard) -> Vec<Standing<'_>> {
    let of = |group| move |(place, measure)| Standing { measure, group, place };
    card.groups.iter().flat_map(|group: &Group| group.measures.iter().enumerate().map(of(group))).collect()
}

fn measures(before: &Scorecard, after: &Scorecard, changes: &mut Vec<CardChange>) {
    let (before, after) = (standings(before), standings(after));
    let paired = Paired::new(&before, &after, |standing| &standing.measure.key);
    for &from in &paired.removed {
        let was = &before[from];
        changes.push(CardChange::MeasureRemoved { measure: was.named(), from: was.place() });
    }
    // Where whole groups have changed places, their measures have not moved within them.
    let within = moved_within_groups(&before, &after, &paired);
    for (to, is) in after.iter().enumerate() {
        let Some(from) = paired.before[to] else {
            let weight = is.measure.weight;
            changes.push(CardChange::MeasureAdded { measure: is.named(), to: is.place(), weight });
            continue;
        };
        let was = &before[from];
        let mut found = measure_changes(was.measure, is.measure);
        if was.group.key != is.group.key || within[to] {
            found.push(MeasureChange::Moved { from: was.place(), to: is.place() });
        }
        changes.extend(found.into_iter().map(|change| CardChange::Measure { measure: is.named(), change }));
    }
}

/// Tells of each later measure whether its order within its group is another one.
fn moved_within_groups(before: &[Standing<'_>], after: &[Standing<'_>], paired: &Paired) -> Vec<bool> {
    let mut moved = vec![false; after.len()];
    let mut start = 0;
    for group in after.chunk_by(|a, b| std::ptr::eq(a.group, b.group)) {
        let stayed: Vec<(usize, usize)> = (start..start + group.len())
            .filter_map(|to| Some((to, paired.before[to]?)))
            .filter(|&(to, from)| before[from].group.key == after[to].group.key)
            .collect();
        start += group.len();
        let order: Vec<usize> = stayed.iter().map(|&(_, from)| from).collect();
        for (&(to, _), keeps) in stayed.iter().zip(longest_rising(&order)) {
            moved[to] = !keeps;
        }
    }
    moved
}

fn measure_changes(before: &Measure, after: &Measure) -> Vec<MeasureChange> {
    let mut changes = Vec::new();
    macro_rules! differs {
        ($field:ident, $change:ident) => {
            if before.$field != after.$field {
                changes.push(MeasureChange::$change { before: before.$field.clone(), after: after.$field.clone() });
            }
        };
    }
    differs!(label, Label);
    differs!(weight, Weight);
    differs!(source, Source);
    differs!(mode, Mode);
    differs!(null_policy, NullPolicy);
    differs!(validity_days, Validity);
    if before.season != after.season {
        changes.push(MeasureChange::Season { after: after.season });
    }
    if before.scale != after.scale {
        let points = point_changes(&before.scale, &after.scale);
        changes.push(MeasureChange::Scale { before: before.scale.clone(), after: after.scale.clone(), points });
    }
    differs!(tenure, Tenure);
    changes
}

/// Returns the points of two scales that differ, those of the earlier scale first.
fn point_changes(before: &Scale, after: &Scale) -> Vec<PointChange> {
    let (before, after) = (points(before), points(after));
    let worth = |all: &[(PointAt, f64)], at: &PointAt| all.iter().find(|point| point.0 == *at).map(|point| point.1);
    let mut changes = Vec::new();
    for (at, was) in &before {
        let is = worth(&after, at);
        if is != Some(*was) {
            changes.push(PointChange { at: at.clone(), before: Some(*was), after: is });
        }
    }
    for (at, is) in after.into_iter().filter(|(at, _)| worth(&before, at).is_none()) {
        changes.push(PointChange { at, before: None, after: Some(is) });
    }
    changes
}

fn points(scale: &Scale) -> Vec<(PointAt, f64)> {
    match scale {
        Scale::Curve(corners) => corners.iter().map(|&(raw, points)| (PointAt::Value(raw), points)).collect(),
        Scale::Choices { choices, otherwise } => {
            let words = choices.iter().map(|(word, points)| (PointAt::Word(word.clone()), *points));
            words.chain(otherwise.map(|points| (PointAt::Otherwise, points))).collect()
        }
    }
}

fn exceptions(before: &Scorecard, after: &Scorecard, changes: &mut Vec<CardChange>) {
    let (before, after) = (&before.exceptions, &after.exceptions);
    let paired = Paired::new(before, after, |exception: &Exception| &exception.key);
    for &from in &paired.removed {
        changes.push(CardChange::ExceptionRemoved { exception: before[from].clone() });
    }
    for (to, exception) in after.iter().enumerate() {
        let Some(from) = paired.before[to] else {
            changes.push(CardChange::ExceptionAdded { exception: exception.clone(), to: place(to) });
            continue;
        };
        if before[from] != *exception {
            changes.push(CardChange::ExceptionChanged { before: before[from].clone(), after: exception.clone() });
        }
        if paired.moved[to] {
            let named = Named { key: exception.key.clone(), label: exception.label.clone() };
            changes.push(CardChange::ExceptionMoved { exception: named, from: place(from), to: place(to) });
        }
    }
}

/// Which pieces of two lists are the same.
struct Paired {
    /// For each later piece its earlier place, if there was one.
    before: Vec<Option<usize>>,
    /// For each later piece whether its order among the common ones changed.
    moved: Vec<bool>,
    /// The earlier places of what is gone.
    removed: Vec<usize>,
}

impl Paired {
    /// Pairs by key; where a key stands twice, the first with the first and the second with the second.
    fn new<T>(before: &[T], after: &[T], key: impl Fn(&T) -> &String) -> Self {
        let mut left: Vec<usize> = (0..before.len()).collect();
        let mut pairs = Vec::with_capacity(after.len());
        for piece in after {
            let found = left.iter().position(|&place| key(&before[place]) == key(piece));
            pairs.push(found.map(|found| left.remove(found)));
        }
        let order: Vec<usize> = pairs.iter().copied().flatten().collect();
        let mut keeps = longest_rising(&order).into_iter();
        let moved = pairs.iter().map(|pair| pair.is_some() && !keeps.next().unwrap_or(true)).collect();
        Self { before: pairs, moved, removed: left }
    }
}

/// Marks the members of a longest rising subsequence: the pieces that need not have moved.
fn longest_rising(order: &[usize]) -> Vec<bool> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(order.len());
    for (place, value) in order.iter().enumerate() {
        let earlier = (0..place).filter(|&earlier| order[earlier] < *value).max_by_key(|&earlier| best[earlier].0);
        best.push((earlier.map_or(1, |earlier| best[earlier].0 + 1), earlier));
    }
    let mut keeps = vec![false; order.len()];
    let mut at = (0..order.len()).max_by_key(|&place| best[place].0);
    while let Some(place) = at {
        keeps[place] = true;
        at = best[place].1;
    }
    keeps
}

fn place(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}
