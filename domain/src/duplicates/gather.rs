//! Gathering what shares something, so that the work grows with the records and not with their pairs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use super::{Candidates, Reason, SHARED_MAX};

/// Returns the places of what hangs together, with what it shares. `shared` holds who shares what; two are joined where
/// they may be one.
pub(super) fn gathered<K: Clone + Eq + Hash + Ord>(
    shared: HashMap<K, Vec<usize>>,
    may_be_one: impl Fn(usize, usize) -> bool,
) -> Vec<(Vec<usize>, BTreeSet<K>)> {
    let mut joined = Joined::default();
    let mut told: Vec<(K, usize)> = Vec::new();
    for (key, places) in shared {
        if !(2..=SHARED_MAX).contains(&places.len()) {
            continue;
        }
        for (at, one) in places.iter().enumerate() {
            for other in &places[at + 1..] {
                if may_be_one(*one, *other) {
                    joined.join(*one, *other);
                    told.push((key.clone(), *one));
                }
            }
        }
    }
    let mut groups: BTreeMap<usize, (Vec<usize>, BTreeSet<K>)> = BTreeMap::new();
    for (key, place) in told {
        groups.entry(joined.root(place)).or_default().1.insert(key);
    }
    let known: Vec<usize> = joined.above.keys().copied().collect();
    for place in known {
        groups.entry(joined.root(place)).or_default().0.push(place);
    }
    groups.into_values().collect()
}

/// Returns the groups in the order in which they are shown: those with the most kinds of reasons first.
pub(super) fn surest_first<I: Copy + Ord>(groups: impl Iterator<Item = Candidates<I>>) -> Vec<Candidates<I>> {
    let mut found: Vec<Candidates<I>> = groups.collect();
    for group in &mut found {
        group.ids.sort();
    }
    found.sort_by_cached_key(|group| {
        let kinds: HashSet<Reason> = group.reasons.iter().map(|(reason, _)| *reason).collect();
        (Reverse(kinds.len()), group.reasons.first().cloned(), group.ids.first().copied())
    });
    found
}

/// What hangs together, each below another of its group.
#[derive(Default)]
struct Joined {
    above: HashMap<usize, usize>,
}

impl Joined {
    fn root(&mut self, place: usize) -> usize {
        let mut root = place;
        while let Some(next) = self.above.get(&root).filter(|next| **next != root) {
            root = *next;
        }
        self.above.insert(place, root);
        root
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        let (least, most) = (one.min(other), one.max(other));
        self.above.insert(most, least);
        self.above.insert(least, least);
    }
}
