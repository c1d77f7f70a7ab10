//! The numbers of one group: counts, sums, means and medians, each account counted once.

use serde::{Deserialize, Serialize};

use super::answer::Paying;
use super::parts::Measure;
use crate::health::{Points, divide_rounded};
use crate::money::{Currency, Money, add};

/// The numbers of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    /// How many rows.
    pub count: u32,
    /// Of how many accounts.
    pub accounts: u32,
    /// What the accounts pay in a year, by currency.
    pub arr: Vec<Money>,
    /// The middle of what they pay in a year, of those that pay in each currency.
    pub arr_median: Vec<Money>,
    /// The scores of the accounts, added up in millionths of a point.
    pub scores: i64,
    /// How many of the accounts have a score.
    pub scored: u32,
    /// The middle one of their scores.
    pub score_median: Option<Points>,
    /// What was reported, added up.
    pub total: f64,
    /// By how much monthly revenue moved, by currency.
    pub mrr: Vec<Money>,
}

impl Numbers {
    /// Takes in what accounts pay and how they score; each is named once.
    pub(super) fn take_accounts(&mut self, accounts: impl Iterator<Item = Paying>) {
        let (mut scores, mut paid): (Vec<i64>, Vec<(Currency, Vec<i64>)>) = (Vec::new(), Vec::new());
        for account in accounts {
            self.accounts = self.accounts.saturating_add(1);
            scores.extend(account.score.map(|score| score.0));
            if account.annual_minor == 0 {
                continue;
            }
            add(&mut self.arr, Money { minor: account.annual_minor, currency: account.currency });
            match paid.iter_mut().find(|(currency, _)| *currency == account.currency) {
                Some((_, amounts)) => amounts.push(account.annual_minor),
                None => paid.push((account.currency, vec![account.annual_minor])),
            }
        }
        self.scores = scores.iter().fold(0, |sum, score| sum.saturating_add(*score));
        self.scored = u32::try_from(scores.len()).unwrap_or(u32::MAX);
        self.score_median = median(&mut scores).map(Points);
        self.arr_median = paid
            .into_iter()
            .filter_map(|(currency, mut amounts)| Some(Money { minor: median(&mut amounts)?, currency }))
            .collect();
    }

    /// Returns the mean score; none where no account has one.
    #[must_use]
    pub fn mean(&self) -> Option<Points> {
        let count = i128::from(self.scored);
        (count > 0).then(|| Points(divide_rounded(i128::from(self.scores), count)))
    }

    /// Returns what was reported for each account; none where there is no account.
    #[must_use]
    pub fn per_account(&self) -> Option<f64> {
        (self.accounts > 0).then(|| self.total / f64::from(self.accounts))
    }

    /// Returns the amounts of a measure of money, by currency.
    #[must_use]
    pub fn amounts(&self, measure: Measure) -> &[Money] {
        match measure {
            Measure::Arr => &self.arr,
            Measure::ArrMedian => &self.arr_median,
            Measure::Mrr => &self.mrr,
            _ => &[],
        }
    }

    /// Returns a measure as a number to sort by; amounts of several currencies count by their numbers.
    #[must_use]
    pub fn weight(&self, measure: Measure) -> Option<f64> {
        match measure {
            Measure::Count => Some(f64::from(self.count)),
            Measure::Accounts => Some(f64::from(self.accounts)),
            Measure::Arr | Measure::ArrMedian | Measure::Mrr => {
                Some(self.amounts(measure).iter().map(|money| money.major()).sum())
            }
            Measure::Score => self.mean().map(Points::as_f64),
            Measure::ScoreMedian => self.score_median.map(Points::as_f64),
            Measure::Total => Some(self.total),
            Measure::PerAccount => self.per_account(),
        }
    }

    /// Returns a measure as the length of a bar, amounts in one currency; not a number where there is none.
    #[must_use]
    pub fn bar(&self, measure: Measure, currency: Option<Currency>) -> f64 {
        if measure.is_money() {
            let amount = self.amounts(measure).iter().find(|money| Some(money.currency) == currency);
            return amount.map_or(0.0, |money| money.major());
        }
        self.weight(measure).unwrap_or(f64::NAN)
    }
}

/// Returns the middle value, between two the mean of both, rounded.
fn median(values: &mut [i64]) -> Option<i64> {
    let middle = values.len() / 2;
    let is_even = values.len().is_multiple_of(2);
    let (below, upper, _) = (!values.is_empty()).then(|| values.select_nth_unstable(middle))?;
    let upper = *upper;
    let lower = below.iter().copied().max().filter(|_| is_even).unwrap_or(upper);
    Some(divide_rounded(i128::from(lower) + i128::from(upper), 2))
}
