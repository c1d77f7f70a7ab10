//! A portfolio in columns: what a draft needs to know of many accounts, small enough to send to a browser.
//!
//! Each column holds what one kind of measure reads from one fact, so that weights, scales, null policies,
//! validity, exceptions and bands can change without asking again. A new fact or mode needs new columns.

mod cells;
mod compiled;
mod known;
mod preview;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::bands::Band;
use super::evaluate::Context;
use super::evaluation::Override;
use super::facts::{FactValue, Facts};
use super::points::Points;
use super::reading::read;
use super::scale::Scale;
use super::scorecard::{Measure, Mode, Scorecard, Source};
use super::season::SeasonProfile;
use crate::id::AccountId;
use crate::time::Timestamp;

pub use preview::{BandMove, MOVERS, Mover, Preview, preview};

/// What a kind of measure reads from one fact, for every account of the portfolio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactColumn {
    /// The fact's key.
    pub fact: String,
    /// What of it is looked at.
    pub mode: Mode,
    /// Whether values are compared with what the season lets expect.
    pub season: bool,
    /// The raw values; empty where there is none or where it is a word.
    #[serde(with = "cells")]
    numbers: Vec<Option<f64>>,
    /// The words that occur.
    dictionary: Vec<String>,
    /// For each account its word's place in the dictionary, from 1; 0 where it is none. Empty without any word.
    words: Vec<u32>,
    /// For each account the place in [`PortfolioColumns::moments`] of when the value was observed, from 1; 0 without value.
    observed: Vec<u32>,
    /// The accounts whose value was taken away, with the moment.
    cleared: Vec<(u32, Timestamp)>,
}

/// What a draft needs to know of the accounts that it applies to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PortfolioColumns {
    /// The moment at which it was known.
    pub at: Timestamp,
    /// The filter of the draft that the accounts were chosen for.
    pub applies_to: String,
    /// The priority of the draft that the accounts were chosen for.
    pub priority: i32,
    /// Whether there are more accounts than these; then the server previews.
    pub more: bool,
    /// The accounts.
    pub ids: Vec<AccountId>,
    /// What people call them.
    pub names: Vec<String>,
    /// Their yearly revenue in minor units of the workspace's currency; 0 where it is in another one or unknown.
    pub arr_minor: Vec<i64>,
    /// How many days they have been customers.
    pub tenure_days: Vec<Option<i64>>,
    /// The bands they are in.
    pub bands: Vec<Option<Band>>,
    /// Their present scores.
    pub scores: Vec<Option<Points>>,
    /// The overrides in force, by the account's place.
    pub overrides: Vec<(u32, Override)>,
    /// The different moments at which values were observed.
    pub moments: Vec<Timestamp>,
    /// The facts.
    pub columns: Vec<FactColumn>,
}

/// One account on its way into the columns.
#[derive(Clone, Debug)]
pub struct AccountFacts<'a> {
    /// The account.
    pub id: AccountId,
    /// What people call it.
    pub name: &'a str,
    /// Its yearly revenue in minor units of the workspace's currency; 0 where it is in another one or unknown.
    pub arr_minor: i64,
    /// Its present band.
    pub band: Option<Band>,
    /// Its present score.
    pub score: Option<Points>,
    /// The override in force.
    pub override_: Option<&'a Override>,
    /// The season profile of its category.
    pub season: Option<&'a SeasonProfile>,
    /// What is known about it at the moment of the columns.
    pub facts: &'a Facts,
}

/// The fact, mode and season of a column.
type Kind<'a> = (&'a str, Mode, bool);

fn kind(measure: &Measure) -> Kind<'_> {
    let Source::Fact(fact) = &measure.source;
    (fact, measure.mode, measure.season)
}

/// Returns every column that a card reads, each once; exceptions look at present values.
fn kinds(card: &Scorecard) -> Vec<Kind<'_>> {
    let measures = card.groups.iter().flat_map(|group| &group.measures).map(kind);
    let exceptions = card.exceptions.iter().map(|exception| (exception.when.fact.as_str(), Mode::Absolute, false));
    let mut kinds = Vec::new();
    for kind in measures.chain(exceptions) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

impl PortfolioColumns {
    /// Returns columns without accounts, for what a draft looks at.
    #[must_use]
    pub fn new(card: &Scorecard, at: Timestamp) -> Self {
        let column = |(fact, mode, season): Kind<'_>| FactColumn {
            fact: fact.to_owned(),
            mode,
            season,
            numbers: Vec::new(),
            dictionary: Vec::new(),
            words: Vec::new(),
            observed: Vec::new(),
            cleared: Vec::new(),
        };
        Self {
            at,
            applies_to: card.applies_to.clone(),
            priority: card.priority,
            columns: kinds(card).into_iter().map(column).collect(),
            ..Self::default()
        }
    }

    /// Returns whether a draft can be previewed with these columns; where not, new ones have to be asked for.
    #[must_use]
    pub fn suffice(&self, card: &Scorecard) -> bool {
        self.applies_to.trim() == card.applies_to.trim()
            && self.priority == card.priority
            && kinds(card).into_iter().all(|kind| self.find(kind).is_some())
    }

    /// Returns the numbers that a kind of measure reads, for the distribution behind a curve; `None` where they
    /// have to be asked for.
    #[must_use]
    pub fn numbers(&self, measure: &Measure) -> Option<Vec<f64>> {
        let column = self.find(kind(measure))?;
        Some(column.numbers.iter().copied().flatten().filter(|number| number.is_finite()).collect())
    }

    /// Returns how often each word occurs that a kind of measure reads, most frequent first.
    #[must_use]
    pub fn words(&self, measure: &Measure) -> Option<Vec<(String, u32)>> {
        let column = self.find(kind(measure))?;
        let mut counts = vec![0; column.dictionary.len()];
        for word in column.words.iter().filter_map(|word| word.checked_sub(1)) {
            if let Some(count) = counts.get_mut(word as usize) {
                *count += 1;
            }
        }
        let mut counts: Vec<(String, u32)> = column.dictionary.iter().cloned().zip(counts).collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Some(counts)
    }

    fn find(&self, (fact, mode, season): Kind<'_>) -> Option<&FactColumn> {
        self.columns.iter().find(|column| column.fact == fact && column.mode == mode && column.season == season)
    }

    /// Adds an account.
    pub fn push(&mut self, account: &AccountFacts<'_>) {
        let place = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push(account.id);
        self.names.push(account.name.to_owned());
        self.arr_minor.push(account.arr_minor);
        self.tenure_days.push(account.facts.tenure_days);
        self.bands.push(account.band);
        self.scores.push(account.score);
        self.overrides.extend(account.override_.map(|manual| (place, manual.clone())));
        let context = Context { season: account.season, ..Context::at(self.at) };
        for column in &mut self.columns {
            let mut measure = Measure::new("", "", 0.0, &column.fact, Scale::Curve(Vec::new()));
            (measure.mode, measure.season) = (column.mode, column.season);
            let reading = read(&measure, account.facts, &context);
            let observed = reading.as_ref().map_or(0, |reading| moment(&mut self.moments, reading.observed_at));
            column.observed.push(observed);
            column.cleared.extend(reading.as_ref().and_then(|reading| Some((place, reading.cleared_at?))));
            column.push(place, reading.map(|reading| reading.raw));
        }
    }
}

impl FactColumn {
    fn push(&mut self, place: u32, raw: Option<FactValue>) {
        let (number, word) = match raw {
            Some(FactValue::Number(number)) => (Some(number), None),
            Some(FactValue::Text(word)) => (None, Some(word)),
            Some(FactValue::Absent) | None => (None, None),
        };
        self.numbers.push(number);
        let code = word.map(|word| {
            let known = self.dictionary.iter().position(|other| *other == word);
            let known = known.unwrap_or_else(|| {
                self.dictionary.push(word);
                self.dictionary.len() - 1
            });
            u32::try_from(known + 1).unwrap_or_default()
        });
        if let Some(code) = code {
            self.words.resize(place as usize, 0);
            self.words.push(code);
        }
    }
}

/// Returns a moment's place in the list, from 1. Accounts that came together share theirs, so it is near the end.
fn moment(moments: &mut Vec<Timestamp>, at: Timestamp) -> u32 {
    const LOOK_BACK: usize = 64;
    let start = moments.len().saturating_sub(LOOK_BACK);
    let place = match moments[start..].iter().rposition(|known| *known == at) {
        Some(place) => start + place,
        None => {
            moments.push(at);
            moments.len() - 1
        }
    };
    u32::try_from(place + 1).unwrap_or_default()
}
