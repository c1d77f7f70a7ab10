//! What all parts of the editor share: the draft, the states before it, what is chosen, and whether it is saved.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::fields::Catalogue;
use domain::health::{
    AvailableFact, CardHead, Exception, Group, Measure, Scorecard, ScorecardVersion, Source, balanced, check, rebalance,
};
use domain::id::ScorecardId;
use domain::identity::Role;
use domain::refusal::FieldError;
use leptos::prelude::*;

use super::server_fns::{Opened, Standing};
use crate::boot;
use crate::language::{Language, use_language};
use crate::ui::toast::{Toasts, use_toasts};

/// States that can be gone back to.
const UNDO_MAX: usize = 200;
/// Edits of the same thing within this time are taken back together.
const TOGETHER: Duration = Duration::from_millis(900);
/// How long nobody edits before the draft is saved.
pub(super) const PAUSE: Duration = Duration::from_millis(700);

/// Whether the draft is on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Saving {
    /// What is on the screen is what the server has.
    Saved,
    /// It is edited and will be saved after a pause.
    Waiting,
    /// It is on its way.
    Running,
    /// It could not be saved, for this reason.
    Failed(String),
    /// Somebody else has saved the draft meanwhile.
    Conflict(String),
}

/// Where a row of weights was when a person began to move one of them.
#[derive(Clone)]
struct Hold {
    scope: String,
    index: usize,
    from: Vec<f64>,
    now: Vec<f64>,
}

/// What all parts of the editor share; get it with [`use_bench`].
#[derive(Clone, Copy)]
pub(super) struct Bench {
    /// The scorecard.
    pub id: ScorecardId,
    /// What is being worked on.
    pub card: RwSignal<Scorecard>,
    /// Where the card stands.
    pub head: RwSignal<CardHead>,
    /// What is in force.
    pub live: RwSignal<Option<ScorecardVersion>>,
    /// What a measure can look at.
    pub facts: StoredValue<Vec<AvailableFact>>,
    /// What a filter can name.
    pub catalogue: StoredValue<Catalogue>,
    /// The key of the measure in the middle.
    pub chosen: RwSignal<Option<String>>,
    /// Groups and measures whose weight stays.
    pub locks: RwSignal<BTreeSet<String>>,
    /// Whether the draft is on the server.
    pub saving: RwSignal<Saving>,
    /// Everything that must change before the draft can be published.
    pub problems: Memo<Vec<FieldError>>,
    /// Whether the person may edit.
    pub may_edit: bool,
    /// The language of the page.
    pub language: Language,
    /// The messages of the tab.
    pub toasts: Toasts,
    /// The revision of the draft on the server that this one is based on.
    pub(super) base: StoredValue<Option<u32>>,
    /// Counts the edits, so that an answer knows whether it was about the last one.
    pub(super) edits: StoredValue<u64>,
    pub(super) timer: StoredValue<Option<TimeoutHandle>>,
    past: RwSignal<Vec<Scorecard>>,
    future: RwSignal<Vec<Scorecard>>,
    tag: StoredValue<(String, Option<TimeoutHandle>)>,
    hold: StoredValue<Option<Hold>>,
}

/// Returns what all parts of the editor share.
pub(super) fn use_bench() -> Bench {
    expect_context::<Bench>()
}

impl Bench {
    /// Puts a scorecard on the bench: its draft, or what is in force where there is none.
    pub(super) fn new(opened: Opened) -> Self {
        let Opened { standing: Standing { head, live, draft }, facts, catalogue } = opened;
        let base = draft.as_ref().map(|draft| draft.revision);
        let shown = draft.or_else(|| live.clone()).map(|version| version.card).unwrap_or_default();
        let first = shown.groups.iter().flat_map(|group| &group.measures).next().map(|measure| measure.key.clone());
        let (card, catalogue) = (RwSignal::new(shown), StoredValue::new(catalogue));
        let problems = Memo::new(move |_| card.with(|card| catalogue.with_value(|known| check(card, Some(known)))));
        Self {
            id: head.scorecard,
            card,
            head: RwSignal::new(head),
            live: RwSignal::new(live),
            facts: StoredValue::new(facts),
            catalogue,
            chosen: RwSignal::new(first),
            locks: RwSignal::new(BTreeSet::new()),
            saving: RwSignal::new(Saving::Saved),
            problems,
            may_edit: boot::may(Role::Manager),
            language: use_language(),
            toasts: use_toasts(),
            base: StoredValue::new(base),
            edits: StoredValue::new(0),
            timer: StoredValue::new(None),
            past: RwSignal::new(Vec::new()),
            future: RwSignal::new(Vec::new()),
            tag: StoredValue::new((String::new(), None)),
            hold: StoredValue::new(None),
        }
    }

    /// Changes the draft. Edits with the same tag that follow each other closely are taken back together; an empty
    /// tag stands alone.
    pub(super) fn edit(self, tag: &str, change: impl FnOnce(&mut Scorecard)) {
        if !self.may_edit || self.is_tested() {
            return;
        }
        let before = self.card.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return;
        }
        let goes_on = self.tag.with_value(|(last, _)| !tag.is_empty() && last == tag);
        if !goes_on {
            self.past.update(|past| {
                past.push(before);
                if past.len() > UNDO_MAX {
                    past.remove(0);
                }
            });
        }
        self.future.update(Vec::clear);
        self.tag_with(tag);
        self.card.set(after);
        self.save_later();
    }

    /// Returns whether the draft is computed beside the live version, and therefore stays as it is.
    pub(super) fn is_tested(self) -> bool {
        self.head.with(|head| head.shadow.is_some())
    }

    /// Goes one state back.
    pub(super) fn undo(self) {
        self.step(self.past, self.future);
    }

    /// Goes one state forward again.
    pub(super) fn redo(self) {
        self.step(self.future, self.past);
    }

    /// Returns whether there is a state to go back to.
    pub(super) fn can_undo(self) -> bool {
        self.may_edit && self.past.with(|past| !past.is_empty())
    }

    /// Returns whether there is a state to go forward to.
    pub(super) fn can_redo(self) -> bool {
        self.may_edit && self.future.with(|future| !future.is_empty())
    }

    /// Shows another state of the draft, which the server has already.
    pub(super) fn show(self, card: Scorecard, base: Option<u32>) {
        self.base.set_value(base);
        self.saving.set(Saving::Saved);
        if self.card.with_untracked(|shown| *shown == card) {
            return;
        }
        self.past.update(Vec::clear);
        self.future.update(Vec::clear);
        self.tag_with("");
        self.card.set(card);
        self.choose_another();
    }

    fn step(self, from: RwSignal<Vec<Scorecard>>, to: RwSignal<Vec<Scorecard>>) {
        if self.is_tested() {
            return;
        }
        let Some(card) = from.try_update(Vec::pop).flatten() else { return };
        to.update(|states| states.push(self.card.get_untracked()));
        self.tag_with("");
        self.card.set(card);
        self.choose_another();
        self.save_later();
    }

    fn tag_with(self, tag: &str) {
        let forget = move || self.tag.try_update_value(|tag| tag.0.clear()).unwrap_or_default();
        let handle = set_timeout_with_handle(forget, TOGETHER).ok();
        let earlier = self.tag.try_update_value(|last| std::mem::replace(last, (tag.to_owned(), handle)));
        if let Some(handle) = earlier.and_then(|(_, handle)| handle) {
            handle.clear();
        }
    }

    /// Returns a measure, following the draft.
    pub(super) fn measure(self, key: &str) -> Memo<Option<Measure>> {
        let key = key.to_owned();
        Memo::new(move |_| {
            self.card.with(|card| find(card, &key).map(|(group, place)| card.groups[group].measures[place].clone()))
        })
    }

    /// Changes one measure.
    pub(super) fn edit_measure(self, key: &str, what: &str, change: impl FnOnce(&mut Measure)) {
        self.edit(&format!("{key}/{what}"), |card| {
            if let Some((group, place)) = find(card, key) {
                change(&mut card.groups[group].measures[place]);
            }
        });
    }

    /// Changes one group.
    pub(super) fn edit_group(self, key: &str, what: &str, change: impl FnOnce(&mut Group)) {
        self.edit(&format!("{key}/{what}"), |card| {
            if let Some(group) = card.groups.iter_mut().find(|group| group.key == key) {
                change(group);
            }
        });
    }

    /// Changes one exception.
    pub(super) fn edit_exception(self, key: &str, what: &str, change: impl FnOnce(&mut Exception)) {
        self.edit(&format!("{key}/{what}"), |card| {
            if let Some(exception) = card.exceptions.iter_mut().find(|exception| exception.key == key) {
                change(exception);
            }
        });
    }

    /// Sets the weight of a group in per cent; the other groups make room.
    pub(super) fn weigh_group(self, key: &str, value: f64) {
        self.edit("groups/weight", |card| {
            let Some(index) = card.groups.iter().position(|group| group.key == key) else { return };
            let now: Vec<(&str, f64)> = card.groups.iter().map(|group| (group.key.as_str(), group.weight)).collect();
            let after = self.moved("", &now, index, value);
            for (group, weight) in card.groups.iter_mut().zip(after) {
                group.weight = weight;
            }
        });
    }

    /// Sets the weight of a measure in per cent of its group; the other measures make room.
    pub(super) fn weigh_measure(self, key: &str, value: f64) {
        self.edit("measures/weight", |card| {
            let Some((group, index)) = find(card, key) else { return };
            let Group { key: scope, measures, .. } = &mut card.groups[group];
            let now: Vec<(&str, f64)> = measures.iter().map(|measure| (measure.key.as_str(), measure.weight)).collect();
            let after = self.moved(scope, &now, index, value);
            for (measure, weight) in measures.iter_mut().zip(after) {
                measure.weight = weight;
            }
        });
    }

    /// Moves one of a row of weights, from where they were when the person began to move it: on the way back the
    /// others find their old proportions again.
    fn moved(self, scope: &str, now: &[(&str, f64)], index: usize, value: f64) -> Vec<f64> {
        let weights: Vec<f64> = now.iter().map(|pair| pair.1).collect();
        let locked: Vec<bool> =
            self.locks.with_untracked(|locks| now.iter().map(|pair| locks.contains(pair.0)).collect());
        let same = |hold: &&Hold| hold.scope == scope && hold.index == index && hold.now == weights;
        let from = self.hold.with_value(|hold| hold.as_ref().filter(same).map(|hold| hold.from.clone()));
        let from = from.unwrap_or(weights);
        let after = rebalance(&from, &locked, index, value);
        self.hold.set_value(Some(Hold { scope: scope.to_owned(), index, from, now: after.clone() }));
        after
    }

    /// Lets a weight stay where it is while others move, or lets it move again.
    pub(super) fn toggle_lock(self, key: &str) {
        self.hold.set_value(None);
        self.locks.update(|locks| {
            if !locks.remove(key) {
                locks.insert(key.to_owned());
            }
        });
    }

    /// Chooses the first measure where the chosen one is gone.
    pub(super) fn choose_another(self) {
        let first = self.card.with_untracked(|card| {
            let gone = self.chosen.with_untracked(|key| key.as_ref().is_none_or(|key| find(card, key).is_none()));
            let mut measures = card.groups.iter().flat_map(|group| &group.measures);
            gone.then(|| measures.next().map(|measure| measure.key.clone()))
        });
        if let Some(first) = first {
            self.chosen.set(first);
        }
    }

    /// Returns what people call a fact.
    pub(super) fn fact_label(self, key: &str) -> String {
        let known =
            self.facts.with_value(|facts| facts.iter().find(|fact| fact.key == key).map(|fact| fact.label.clone()));
        known.unwrap_or_else(|| key.rsplit('.').next().unwrap_or(key).replace('_', " "))
    }
}

/// Returns the group and the place of a measure.
pub(super) fn find(card: &Scorecard, key: &str) -> Option<(usize, usize)> {
    card.groups.iter().enumerate().find_map(|(group, found)| {
        found.measures.iter().position(|measure| measure.key == key).map(|place| (group, place))
    })
}

/// Returns the fact a measure looks at.
pub(super) fn fact_of(measure: &Measure) -> &str {
    let Source::Fact(key) = &measure.source;
    key
}

/// Returns a key that none of the others is, made from a word.
pub(super) fn fresh_key<'a>(word: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let taken: BTreeSet<&str> = taken.collect();
    let plain: String = word.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if !taken.contains(plain.as_str()) {
        return plain;
    }
    let numbered = (2u32..).map(|number| format!("{plain}_{number}"));
    numbered.into_iter().find(|key| !taken.contains(key.as_str())).unwrap_or(plain)
}

/// Brings the weights of a group to 100 after a measure came or went.
pub(super) fn make_whole(group: &mut Group) {
    let weights: Vec<f64> = group.measures.iter().map(|measure| measure.weight).collect();
    for (measure, weight) in group.measures.iter_mut().zip(balanced(&weights)) {
        measure.weight = weight;
    }
}

/// Swaps an item with the one before or after it; `None` where it stands at that end.
pub(super) fn shift<T>(items: &mut [T], index: usize, down: bool) -> Option<()> {
    let other = if down { index.checked_add(1)? } else { index.checked_sub(1)? };
    (index < items.len() && other < items.len()).then(|| items.swap(index, other))
}
