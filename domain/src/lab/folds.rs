//! Which rows are learnt from and which are kept for the test, the same at every run.

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
