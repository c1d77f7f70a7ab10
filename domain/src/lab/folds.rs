//! Which rows are learnt from and which are kept for the test, the same at every run.

use std::collections::BTreeMap;

use crate::id::AccountId;

/// How many parts cross-validation has.
pub const FOLDS: usize = 10;
/// Every so many rows one is held out, beginning with the first.
pub const HOLD_OUT_EVERY: usize = 5;

/// Numbers that look random and are the same for the same seed (SplitMix64; Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Returns the numbers of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns the next number from 0 up to but without 1.
    pub fn share(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Brings the items into an order by chance.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = (self.roll() % (last as u64 + 1)) as usize;
            items.swap(last, other);
        }
    }
}

/// Returns the part of each row; every part has nearly the same number of rows and of losses.
#[must_use]
pub fn stratified(outcome: &[bool], folds: usize, seed: u64) -> Vec<usize> {
    let mut dice = Dice::new(seed);
    let mut parts = vec![0; outcome.len()];
    let mut next = 0;
    for wanted in [true, false] {
        let mut rows: Vec<usize> = (0..outcome.len()).filter(|row| outcome[*row] == wanted).collect();
        dice.shuffle(&mut rows);
        for row in rows {
            parts[row] = next % folds.max(1);
            next += 1;
        }
    }
    parts
}

/// Returns the part of each row. Rows of one account stay together, and every part has nearly the same number of
/// lost accounts and of rows: where the rate of loss differs between parts, a model of the others starts too low
/// for the part that has more losses, and what strangers are told ranks worse than the model does.
#[must_use]
pub fn by_account(accounts: &[AccountId], outcome: &[bool], folds: usize) -> Vec<usize> {
    let mut known: BTreeMap<AccountId, (u32, u32)> = BTreeMap::new();
    for (account, lost) in accounts.iter().zip(outcome) {
        let (losses, rows) = known.entry(*account).or_default();
        *losses += u32::from(*lost);
        *rows += 1;
    }
    let mut order: Vec<AccountId> = known.keys().copied().collect();
    // The low half of an id is chance; the whole of it would be the order in which accounts were made.
    order.sort_by_key(|account| (known[account], account.0.as_u128() as u64));
    let part: BTreeMap<AccountId, usize> =
        order.into_iter().enumerate().map(|(place, account)| (account, place % folds.max(1))).collect();
    accounts.iter().map(|account| part[account]).collect()
}
