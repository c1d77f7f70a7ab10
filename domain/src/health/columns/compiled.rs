//! A card made ready for many accounts: what each word is worth is looked up once, and the weights once for each
//! combination of measures that count. What it does is told by `evaluate`, with which it agrees exactly.

use std::collections::HashMap;

use super::super::bands::Band;
use super::super::evaluate::{shares, weighted, worth};
use super::super::facts::FactValue;
use super::super::points::Points;
use super::super::scale::Scale;
use super::super::scorecard::{Exception, Measure, Mode, Scorecard};
use super::{FactColumn, PortfolioColumns, kind};
use crate::time::Timestamp;

/// A set of measures, by their places in the card.
type Counting = [u64; 4];

/// A card and the columns that it reads.
pub(super) struct Compiled<'a> {
    columns: &'a PortfolioColumns,
    card: &'a Scorecard,
    now: Timestamp,
    measures: Vec<MeasureOn<'a>>,
    exceptions: Vec<ExceptionOn<'a>>,
    weights: HashMap<Counting, Vec<Points>>,
    points: Vec<Option<Points>>,
}

struct MeasureOn<'a> {
    measure: &'a Measure,
    column: Option<&'a FactColumn>,
    /// What each word is worth on the measure's own scale, then on each of its scales by tenure.
    words: Vec<Vec<Option<Points>>>,
}

struct ExceptionOn<'a> {
    exception: &'a Exception,
    column: Option<&'a FactColumn>,
    /// Whether the condition holds for each word.
    words: Vec<bool>,
}

impl<'a> Compiled<'a> {
    /// Makes a card ready; `None` where it has more measures than a card may have.
    pub(super) fn new(columns: &'a PortfolioColumns, card: &'a Scorecard, now: Timestamp) -> Option<Self> {
        let measures: Vec<_> =
            card.groups.iter().flat_map(|group| &group.measures).map(|measure| on(columns, measure)).collect();
        if measures.len() > Counting::default().len() * 64 {
            return None;
        }
        let exceptions = card.exceptions.iter().map(|exception| {
            let column = columns.find((&exception.when.fact, Mode::Absolute, false));
            let holds = |word: &String| exception.when.holds_for(&FactValue::Text(word.clone()));
            let words = column.map_or_else(Vec::new, |column| column.dictionary.iter().map(holds).collect());
            ExceptionOn { exception, column, words }
        });
        let exceptions = exceptions.collect();
        let points = Vec::with_capacity(measures.len());
        Some(Self { columns, card, now, measures, exceptions, weights: HashMap::new(), points })
    }

    /// Returns the score of an account before any override, `None` where nothing is known; and the band it leaves by
    /// the hysteresis, which exceptions may move.
    pub(super) fn score(&mut self, place: usize, previous: Option<Band>) -> (Option<Points>, Option<Band>) {
        let tenure = self.columns.tenure_days.get(place).copied().flatten();
        let mut counting = Counting::default();
        self.points.clear();
        for (index, on) in self.measures.iter().enumerate() {
            let points = on.points(place, tenure, &self.columns.moments, self.now);
            counting[index / 64] |= u64::from(points.is_some()) << (index % 64);
            self.points.push(points);
        }
        let (card, points) = (self.card, &self.points);
        let weights = self.weights.entry(counting).or_insert_with(|| {
            let counts: Vec<bool> = points.iter().map(Option::is_some).collect();
            shares(card, &counts)
        });
        if weights.iter().all(|weight| *weight == Points::ZERO) {
            return (None, previous);
        }
        let sum = weights.iter().zip(points).map(|(weight, points)| weight.0 * points.unwrap_or_default().0).sum();
        let (mut score, mut previous) = (weighted(sum), previous);
        for on in self.exceptions.iter().filter(|on| on.holds(place, &self.columns.moments)) {
            let action = on.exception.action;
            score = action.apply(score);
            previous = previous.map(|band| action.moved_band(band, &card.bands));
        }
        (Some(score), previous)
    }
}

fn on<'a>(columns: &'a PortfolioColumns, measure: &'a Measure) -> MeasureOn<'a> {
    let column = columns.find(kind(measure));
    let worth = |scale: &Scale| -> Vec<Option<Points>> {
        let points = |word: &String| scale.points(&FactValue::Text(word.clone()));
        column.map_or_else(Vec::new, |column| column.dictionary.iter().map(points).collect())
    };
    let scales = std::iter::once(&measure.scale).chain(measure.tenure.iter().map(|special| &special.scale));
    MeasureOn { measure, column, words: scales.map(worth).collect() }
}

impl MeasureOn<'_> {
    fn points(&self, place: usize, tenure: Option<i64>, moments: &[Timestamp], now: Timestamp) -> Option<Points> {
        let age = self.column.and_then(|column| column.age(place, moments));
        let special = tenure.and_then(|days| self.measure.tenure.iter().position(|special| special.covers(days)));
        let number = self.column.and_then(|column| column.numbers.get(place).copied().flatten());
        let points = match number {
            Some(number) => {
                let scale = special.map_or(&self.measure.scale, |special| &self.measure.tenure[special].scale);
                scale.points(&FactValue::Number(number))
            }
            None => {
                let word = self.column.and_then(|column| column.words.get(place)?.checked_sub(1));
                let worth = &self.words[special.map_or(0, |special| special + 1)];
                word.and_then(|word| worth.get(word as usize).copied().flatten())
            }
        };
        worth(self.measure, age, points, now).0
    }
}

impl ExceptionOn<'_> {
    fn holds(&self, place: usize, moments: &[Timestamp]) -> bool {
        let Some(column) = self.column else { return false };
        if !matches!(column.age(place, moments), Some((_, None))) {
            return false;
        }
        if let Some(number) = column.numbers.get(place).copied().flatten() {
            return self.exception.when.holds_for(&FactValue::Number(number));
        }
        let word = column.words.get(place).and_then(|word| word.checked_sub(1));
        word.is_some_and(|word| self.words.get(word as usize).copied().unwrap_or_default())
    }
}
