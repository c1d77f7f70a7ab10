//! Columns become features: numbers standardised and bent once, words one by one, blanks named.
//!
//! Everything is learnt from the rows for learning alone: means, knots, and which words there are.
//! The model stays a sum over columns, so that the part of each column in a prediction is exact.

use std::collections::HashSet;

use super::frame::{Column, Frame, Values};

/// A word in fewer rows than this tells too little and counts as no word.
const WORD_ROWS_MIN: usize = 10;
/// Most words of a column that become features.
const WORDS_MAX: usize = 40;
/// A number with fewer different values is drawn as a straight line.
const BENT_VALUES_MIN: usize = 8;
/// Where a bent number's line changes, as shares of the rows: three knots are what a few dozen losses
/// can carry (Harrell, *Regression Modeling Strategies*, 2015, 2.4.6).
const KNOTS: [f64; 3] = [0.1, 0.5, 0.9];
/// A standardised number beyond this counts as this, so that one slip of the keyboard is no driver.
const FAR: f64 = 6.0;

/// How one column becomes features.
#[derive(Clone, Debug, PartialEq)]
pub enum Code {
    /// There is nothing to learn from in these rows.
    Nothing,
    /// A number: its standard value, whether it is blank, and the bend.
    Number {
        /// Mean of the rows that were learnt from.
        mean: f64,
        /// Their deviation.
        deviation: f64,
        /// Where the line bends, in standard values; empty where it is straight.
        knots: Vec<f64>,
        /// Whether blanks have a feature.
        blank: bool,
    },
    /// A word: the place of each among the features.
    Words {
        /// One for each word and one for blanks; `None` for those without a feature.
        places: Vec<Option<u32>>,
        /// How many have one.
        count: u32,
    },
}

/// How rows become features.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoder {
    codes: Vec<Code>,
    starts: Vec<u32>,
    /// The column that each feature comes from.
    owners: Vec<usize>,
}

impl Encoder {
    /// Learns from some rows how the columns of a frame become features.
    #[must_use]
    pub fn learn(frame: &Frame, rows: &[usize]) -> Self {
        let mut encoder = Self { codes: Vec::new(), starts: Vec::new(), owners: Vec::new() };
        let mut seen = HashSet::new();
        for (index, column) in frame.columns.iter().enumerate() {
            let code = match &column.values {
                Values::Numbers(values) => learn_numbers(values, rows),
                Values::Words { words, codes } => learn_words(words.len(), codes, rows, &mut seen),
            };
            encoder.starts.push(place(encoder.owners.len()));
            encoder.owners.extend(std::iter::repeat_n(index, code.width()));
            encoder.codes.push(code);
        }
        encoder
    }

    /// Returns the column that each feature comes from, in the order of their places.
    #[must_use]
    pub fn owners(&self) -> &[usize] {
        &self.owners
    }

    /// Returns how a column becomes features, and the place of its first one.
    #[must_use]
    pub fn code(&self, column: usize) -> (&Code, u32) {
        (&self.codes[column], self.starts[column])
    }

    /// Puts the features of a row into `into`.
    pub fn encode(&self, frame: &Frame, row: usize, into: &mut Vec<(u32, f64)>) {
        into.clear();
        for ((column, code), start) in frame.columns.iter().zip(&self.codes).zip(&self.starts) {
            code.encode(column, row, *start, into);
        }
    }
}

/// Features are counted in 32 bits; no table reaches their end.
fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl Code {
    fn width(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Number { knots, blank, .. } => 1 + usize::from(*blank) + usize::from(!knots.is_empty()),
            Self::Words { count, .. } => *count as usize,
        }
    }

    fn encode(&self, column: &Column, row: usize, start: u32, into: &mut Vec<(u32, f64)>) {
        match (self, &column.values) {
            (Self::Number { mean, deviation, knots, blank }, Values::Numbers(values)) => {
                let value = ((values[row] - mean) / deviation).clamp(-FAR, FAR);
                if value.is_nan() {
                    // A blank stands at the mean; its own feature says that it is blank.
                    into.extend(blank.then_some((start + 1, 1.0)));
                    return;
                }
                into.push((start, value));
                into.extend(bend(value, knots).map(|bent| (start + 1 + u32::from(*blank), bent)));
            }
            (Self::Words { places, .. }, Values::Words { codes, .. }) => {
                let place = places.get(codes[row] as usize).copied().flatten();
                into.extend(place.map(|place| (start + place, 1.0)));
            }
            _ => {}
        }
    }
}

/// Returns the second term of a restricted cubic spline of three knots (Harrell 2015, 2.4.5): curved
/// between them and straight beyond, or `None` where there are none.
fn bend(value: f64, knots: &[f64]) -> Option<f64> {
    let [first, middle, last] = knots else { return None };
    let cube = |from: &f64| (value - from).max(0.0).powi(3);
    let gap = last - middle;
    let near = cube(middle) * (last - first) / gap;
    let end = cube(last) * (middle - first) / gap;
    Some((cube(first) - near + end) / (last - first).powi(2))
}

fn learn_numbers(values: &[f64], rows: &[usize]) -> Code {
    let mut known: Vec<f64> = rows.iter().map(|row| values[*row]).filter(|value| !value.is_nan()).collect();
    known.sort_unstable_by(f64::total_cmp);
    let count = known.len() as f64;
    let mean = known.iter().sum::<f64>() / count.max(1.0);
    let deviation = (known.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count.max(1.0)).sqrt();
    if known.len() < WORD_ROWS_MIN || !deviation.is_normal() {
        return Code::Nothing;
    }
    let different = 1 + known.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let at = |share: f64| known[((known.len() - 1) as f64 * share).round() as usize];
    let mut knots: Vec<f64> = KNOTS.iter().map(|share| ((at(*share) - mean) / deviation).clamp(-FAR, FAR)).collect();
    if different < BENT_VALUES_MIN || knots.windows(2).any(|pair| pair[1] - pair[0] < 1e-6) {
        knots.clear();
    }
    Code::Number { mean, deviation, knots, blank: rows.len() - known.len() >= WORD_ROWS_MIN }
}

/// Each word becomes a feature of its own; of two words the rarer one does, and a word that stands in
/// the very same rows as one before it (such as "no internet" in six columns) does not.
fn learn_words(words: usize, codes: &[u32], rows: &[usize], seen: &mut HashSet<Vec<usize>>) -> Code {
    let mut standing: Vec<Vec<usize>> = vec![Vec::new(); words + 1];
    for row in rows {
        standing[codes[*row] as usize].push(*row);
    }
    let mut order: Vec<usize> = (0..standing.len()).filter(|word| standing[*word].len() >= WORD_ROWS_MIN).collect();
    order.sort_by_key(|word| standing[*word].len());
    let rest = rows.len() - order.iter().map(|word| standing[*word].len()).sum::<usize>();
    if order.len() == 2 && rest < WORD_ROWS_MIN {
        order.truncate(1);
    }
    let mut places = vec![None; standing.len()];
    let mut count = 0;
    for word in order.into_iter().rev().take(WORDS_MAX) {
        let here = std::mem::take(&mut standing[word]);
        if here.len() < rows.len() && seen.insert(here) {
            places[word] = Some(count);
            count += 1;
        }
    }
    if count == 0 { Code::Nothing } else { Code::Words { places, count } }
}
