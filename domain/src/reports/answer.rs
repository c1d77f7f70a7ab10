//! The numbers of a report: lines of accounts added up to groups, in their order.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::movement::Movement;
use super::numbers::Numbers;
use super::parts::{Dimension, Keyed};
use super::period::{PERIODS_MAX, next_key};
use super::spec::Spec;
use crate::accounts::STAGES;
use crate::alerts::Priority;
use crate::health::{Band, Points};
use crate::money::{Currency, Money, add};

/// What a report needs to know of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paying {
    /// What it pays in.
    pub currency: Currency,
    /// What it pays in a year.
    pub annual_minor: i64,
    /// Its score, if it has one.
    pub score: Option<Points>,
}

/// Some rows of one account and one group, or of accounts that were counted already.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Line {
    /// The place of the group among the labels.
    pub group: u32,
    /// The place of the account among those that are known.
    pub account: Option<u32>,
    /// How many rows.
    pub count: u32,
    /// How many accounts were counted before, where none is named.
    pub accounts: u32,
    /// What was reported.
    pub total: f64,
    /// By how much monthly revenue moved.
    pub mrr: Option<Money>,
}

/// What groups are called. Filters do not tell A from a, so groups must not either.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    places: HashMap<Option<String>, u32>,
    list: Vec<(Option<String>, String)>,
}

impl Labels {
    /// Returns the place of a value, which may be called something else.
    pub fn place(&mut self, written: Option<&str>, label: Option<&str>) -> u32 {
        let written = written.filter(|text| !text.is_empty());
        let key = written.map(str::to_ascii_lowercase);
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push((key.clone(), label.or(written).filter(|_| key.is_some()).unwrap_or_default().to_owned()));
        self.places.insert(key, place);
        place
    }

    /// Returns the value at a place as it was first written.
    #[must_use]
    pub fn written(&self, place: u32) -> Option<&str> {
        self.list.get(place as usize).and_then(|(key, name)| key.as_ref().map(|_| name.as_str()))
    }

    /// Returns the place of a value by its key, if it has one.
    #[must_use]
    pub fn find(&self, key: Option<&str>) -> Option<u32> {
        self.places.get(&key.map(str::to_owned)).copied()
    }
}

/// What an answer is made from.
pub struct Asked<'a> {
    /// The accounts that lines name by their place.
    pub accounts: &'a [Paying],
    /// What the groups are called.
    pub labels: &'a Labels,
    /// The lines.
    pub lines: &'a [Line],
    /// How many accounts there are in all, where lines do not name them.
    pub whole: Option<u32>,
}

/// The rows that share a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The value by which rows are told apart: a word, an id, or a text in lower case; none for those without one.
    pub key: Option<String>,
    /// What it is called, as it is written; empty for those without a value.
    pub name: String,
    /// Its numbers.
    pub numbers: Numbers,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// What was asked, in canonical form.
    pub spec: Spec,
    /// The groups that are shown, in their order.
    pub groups: Vec<Group>,
    /// How many groups there are.
    pub of: u32,
    /// All groups together, each account counted once.
    pub whole: Numbers,
}

/// What has been added up of a group.
#[derive(Clone, Default)]
struct Sum {
    count: u32,
    counted: u32,
    accounts: Vec<u32>,
    total: f64,
    mrr: Vec<Money>,
}

impl Sum {
    fn take(&mut self, line: &Line) {
        self.count = self.count.saturating_add(line.count);
        self.counted = self.counted.saturating_add(line.accounts);
        self.accounts.extend(line.account);
        self.total += line.total;
        if let Some(money) = line.mrr {
            add(&mut self.mrr, money);
        }
    }

    fn numbers(mut self, accounts: &[Paying]) -> Numbers {
        self.accounts.sort_unstable();
        self.accounts.dedup();
        self.mrr.retain(|money| money.minor != 0);
        let mut numbers = Numbers { count: self.count, total: self.total, mrr: self.mrr, ..Numbers::default() };
        numbers.take_accounts(self.accounts.iter().filter_map(|place| accounts.get(*place as usize).copied()));
        numbers.accounts = numbers.accounts.saturating_add(self.counted);
        numbers
    }
}

/// Makes an answer of the lines.
#[must_use]
pub fn answer(spec: Spec, asked: &Asked<'_>) -> Answer {
    let mut sums = vec![Sum::default(); asked.labels.list.len()];
    let (mut met, mut whole) = (vec![false; sums.len()], Sum::default());
    for line in asked.lines {
        let place = line.group as usize;
        if let Some(sum) = sums.get_mut(place) {
            sum.take(line);
            met[place] = true;
            whole.take(line);
        }
    }
    if let Some(counted) = asked.whole {
        whole.counted = counted;
    }
    let group = |(sum, (key, name)): (Sum, &(Option<String>, String))| Group {
        key: key.clone(),
        name: name.clone(),
        numbers: sum.numbers(asked.accounts),
    };
    let named = sums.into_iter().zip(&asked.labels.list).zip(met);
    let mut groups: Vec<Group> = named.filter(|(_, met)| *met).map(|(named, _)| group(named)).collect();
    if spec.by.is_time() {
        fill(&mut groups, spec.by);
    }
    groups.sort_by(|a, b| order(a, b, &spec));
    let of = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    groups.truncate(if spec.by.is_time() { PERIODS_MAX } else { usize::from(spec.top) });
    Answer { spec, groups, of, whole: whole.numbers(asked.accounts) }
}

/// Puts the periods between the first and the last in which nothing was; the newest are kept of too many.
fn fill(groups: &mut Vec<Group>, by: Dimension) {
    groups.sort_by(|a, b| a.key.cmp(&b.key));
    let none = groups.iter().filter(|group| group.key.is_none()).count();
    let surplus = groups.len().saturating_sub(none + PERIODS_MAX);
    groups.drain(none..none + surplus);
    let (first, last) =
        (groups.get(none).and_then(|group| group.key.clone()), groups.last().and_then(|g| g.key.clone()));
    let (Some(mut key), Some(last)) = (first, last) else { return };
    while key < last && groups.len() < none + PERIODS_MAX {
        let Some(next) = next_key(by, &key) else { return };
        if !groups.iter().any(|group| group.key.as_ref() == Some(&next)) {
            groups.push(Group { name: next.clone(), key: Some(next.clone()), numbers: Numbers::default() });
        }
        key = next;
    }
}

impl Answer {
    /// Returns the currency in which most is paid, or moved.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        let first = self.spec.measures.iter().copied().find(|measure| measure.is_money())?;
        let amounts = self.whole.amounts(first).iter();
        let groups = self.groups.iter().flat_map(|group| group.numbers.amounts(first));
        let most = amounts.chain(groups).max_by(|a, b| a.major().abs().total_cmp(&b.major().abs()));
        most.map(|money| money.currency)
    }

    /// Returns whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let whole = &self.whole;
        whole.count == 0 && whole.accounts == 0 && whole.mrr.is_empty() && whole.total == 0.0
    }
}

fn order(a: &Group, b: &Group, spec: &Spec) -> Ordering {
    let by_name = || {
        let by_key = if spec.by.is_time() { a.key.cmp(&b.key) } else { Ordering::Equal };
        let by_place = place(a, spec.by).cmp(&place(b, spec.by));
        by_key.then(by_place).then_with(|| a.name.to_lowercase().cmp(&b.name.to_lowercase()))
    };
    let turned = |ordering: Ordering| if spec.order.descending { ordering.reverse() } else { ordering };
    let Some(measure) = spec.order.by else {
        return a.key.is_none().cmp(&b.key.is_none()).then_with(|| turned(by_name()));
    };
    let by_weight = match (a.numbers.weight(measure), b.numbers.weight(measure)) {
        (Some(a), Some(b)) => turned(a.total_cmp(&b)),
        (a, b) => b.is_some().cmp(&a.is_some()),
    };
    by_weight.then_with(|| a.key.is_none().cmp(&b.key.is_none())).then_with(by_name)
}

/// Returns where a value stands among its like, for those that have an order of their own.
fn place(group: &Group, by: Dimension) -> usize {
    let key = group.key.as_deref().unwrap_or_default();
    let place = match by {
        Dimension::Band => Band::from_key(key).map(|band| usize::from(band.order())),
        Dimension::Priority => Priority::from_key(key).map(|priority| usize::from(priority.order())),
        Dimension::Stage => STAGES.iter().position(|stage| *stage == key),
        Dimension::Movement => Movement::ALL.iter().position(|movement| movement.key() == key),
        _ => None,
    };
    place.unwrap_or(usize::MAX)
}
