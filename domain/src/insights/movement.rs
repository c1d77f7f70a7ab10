//! Movement: from which band to which, who rose, who fell, who came and who left.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{LIST_MAX, Standing, add};
use crate::health::{Band, Points};
use crate::id::AccountId;
use crate::money::Money;
use crate::portfolio::BandTotal;

/// A change of less than a point is no movement.
const MOVE: Points = Points(Points::MICRO);

/// Where an account stood at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Place {
    /// In a band.
    Band(Band),
    /// There, but without a score.
    Unscored,
    /// Not there: not yet, or no more.
    Absent,
}

impl Place {
    /// All places, best first.
    pub const ALL: [Self; 6] = [
        Self::Band(Band::Healthy),
        Self::Band(Band::Watch),
        Self::Band(Band::AtRisk),
        Self::Band(Band::Critical),
        Self::Unscored,
        Self::Absent,
    ];

    /// Returns where an account stood.
    #[must_use]
    pub fn of(standing: Option<&Standing>) -> Self {
        match standing {
            None => Self::Absent,
            Some(standing) => standing.band.map_or(Self::Unscored, Self::Band),
        }
    }

    /// Returns the word that addresses use.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Band(band) => band.key(),
            Self::Unscored => "none",
            Self::Absent => "absent",
        }
    }

    /// Returns the place with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.key() == key)
    }

    /// Returns the band, if it is one.
    #[must_use]
    pub fn band(self) -> Option<Band> {
        match self {
            Self::Band(band) => Some(band),
            Self::Unscored | Self::Absent => None,
        }
    }
}

/// The accounts that went from one place to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Where they stood.
    pub from: Place,
    /// Where they stand.
    pub to: Place,
    /// How many.
    pub accounts: u32,
    /// What they pay in a year, by currency; for those that left, what they paid.
    pub value: Vec<Money>,
}

/// One account that moved, or did not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Which account.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// Where it stood, and its score there.
    pub from: (Place, Option<Points>),
    /// Where it stands, and its score there.
    pub to: (Place, Option<Points>),
    /// What it pays in a year; what it paid, where it left.
    pub annual: Option<Money>,
}

impl Moved {
    /// Returns how an account moved; at least one of the two must be there.
    pub(super) fn of(then: Option<&Standing>, now: Option<&Standing>) -> Self {
        let place = |standing: Option<&Standing>| (Place::of(standing), standing.and_then(|standing| standing.score));
        let known = now.or(then);
        Self {
            account: known.map_or(AccountId(uuid::Uuid::nil()), |standing| standing.account),
            name: known.map(|standing| standing.name.clone()).unwrap_or_default(),
            from: place(then),
            to: place(now),
            annual: known.and_then(|standing| standing.annual),
        }
    }

    /// Returns by how many points the score changed, where it stood at both moments.
    #[must_use]
    pub fn delta(&self) -> Option<Points> {
        Some(self.to.1? - self.from.1?)
    }

    pub(super) fn distance(&self) -> Points {
        self.delta().unwrap_or_default().abs()
    }
}

/// How a portfolio moved between two moments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// Every pair of places that an account went between, those that stayed included; best first.
    pub cells: Vec<Cell>,
    /// How many rose by a point or more, and what they pay.
    pub rose: (u32, Vec<Money>),
    /// How many fell by a point or more, and what they pay.
    pub fell: (u32, Vec<Money>),
    /// How many came, and what they pay.
    pub came: (u32, Vec<Money>),
    /// How many left or churned, and what they paid.
    pub left: (u32, Vec<Money>),
    /// Those that rose most.
    pub risers: Vec<Moved>,
    /// Those that fell most.
    pub fallers: Vec<Moved>,
    /// Those that came, those that pay most first.
    pub arrivals: Vec<Moved>,
    /// Those that left or churned, those that paid most first.
    pub departures: Vec<Moved>,
}

type Pair<'a> = (Option<&'a Standing>, Option<&'a Standing>);

/// Returns every account with where it stood at both moments: those that are there, then those that left.
pub(super) fn pairs<'a>(
    before: &'a [Standing],
    after: &'a [Standing],
    earlier: &HashMap<AccountId, &'a Standing>,
) -> impl Iterator<Item = Pair<'a>> {
    let later: std::collections::HashSet<AccountId> = after.iter().map(|standing| standing.account).collect();
    let there = after.iter().map(|now| (earlier.get(&now.account).copied(), Some(now)));
    let gone = before.iter().filter(move |then| !later.contains(&then.account)).map(|then| (Some(then), None));
    there.chain(gone).collect::<Vec<_>>().into_iter()
}

pub(super) fn rose((then, now): Pair<'_>) -> bool {
    delta((then, now)).is_some_and(|delta| delta >= MOVE)
}

pub(super) fn fell((then, now): Pair<'_>) -> bool {
    delta((then, now)).is_some_and(|delta| delta <= -MOVE)
}

pub(super) fn came((then, now): Pair<'_>) -> bool {
    then.is_none() && now.is_some_and(|now| !now.churned)
}

pub(super) fn left((then, now): Pair<'_>) -> bool {
    then.is_some_and(|then| !then.churned) && now.is_none_or(|now| now.churned)
}

fn delta((then, now): Pair<'_>) -> Option<Points> {
    Some(now?.score? - then?.score?)
}

/// Returns how the portfolio moved.
pub(super) fn movement(before: &[Standing], after: &[Standing], earlier: &HashMap<AccountId, &Standing>) -> Movement {
    let mut cells: BTreeMap<(Place, Place), Cell> = BTreeMap::new();
    let (mut rose_, mut fell_, mut came_, mut left_) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for pair in pairs(before, after, earlier) {
        let (from, to) = (Place::of(pair.0), Place::of(pair.1));
        let cell = cells.entry((from, to)).or_insert_with(|| Cell { from, to, accounts: 0, value: Vec::new() });
        cell.accounts += 1;
        add(&mut cell.value, pair.1.or(pair.0).and_then(|standing| standing.annual));
        for (holds, list) in
            [(rose(pair), &mut rose_), (fell(pair), &mut fell_), (came(pair), &mut came_), (left(pair), &mut left_)]
        {
            if holds {
                list.push(pair);
            }
        }
    }
    let by_move = |pair: &Pair<'_>| std::cmp::Reverse(delta(*pair).unwrap_or_default().abs());
    let by_value = |(then, now): &Pair<'_>| {
        std::cmp::Reverse(now.or(*then).and_then(|standing| standing.annual).map_or(0, |money| money.minor))
    };
    Movement {
        cells: cells.into_values().collect(),
        rose: counted(&rose_),
        fell: counted(&fell_),
        came: counted(&came_),
        left: counted(&left_),
        risers: first(rose_, by_move),
        fallers: first(fell_, by_move),
        arrivals: first(came_, by_value),
        departures: first(left_, by_value),
    }
}

fn counted(pairs: &[Pair<'_>]) -> (u32, Vec<Money>) {
    let mut value = Vec::new();
    for (then, now) in pairs {
        add(&mut value, now.or(*then).and_then(|standing| standing.annual));
    }
    (u32::try_from(pairs.len()).unwrap_or(u32::MAX), value)
}

/// Returns the first few in an order; the name decides between equals.
fn first<K: Ord>(mut pairs: Vec<Pair<'_>>, order: impl Fn(&Pair<'_>) -> K) -> Vec<Moved> {
    pairs.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| name(*a).cmp(name(*b))));
    pairs.into_iter().take(LIST_MAX).map(|(then, now)| Moved::of(then, now)).collect()
}

fn name<'a>((then, now): Pair<'a>) -> &'a str {
    now.or(then).map(|standing| standing.name.as_str()).unwrap_or_default()
}

/// Returns the accounts by band, all four and then those without a score, if there are any.
pub(super) fn bands(standings: &[Standing]) -> Vec<BandTotal> {
    let mut totals: Vec<BandTotal> = Band::ALL.into_iter().map(Some).chain([None]).map(BandTotal::empty).collect();
    for standing in standings {
        let place = standing.band.map_or(Band::ALL.len(), |band| usize::from(band.order()));
        if let Some(total) = totals.get_mut(place) {
            total.accounts += 1;
            add(&mut total.value, standing.annual);
        }
    }
    totals.retain(|total| total.band.is_some() || total.accounts > 0);
    totals
}
