//! Repeatable randomness: the same seed, account and part give the same numbers on every machine.

use domain::time::Timestamp;
use uuid::Uuid;

/// Which part of an account is being told; each has a stream of its own, so that
/// a longer list of tickets does not change the invoices.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Outline,
    Account,
    Contacts,
    Usage,
    Support,
    Revenue,
    Surveys,
    Activities,
    Family,
    Past,
}

/// A SplitMix64 generator.
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// Starts the stream of one part of one account.
    pub(super) fn new(seed: u64, number: u32, part: Part) -> Self {
        let place = (u64::from(number) << 8) | part as u64;
        Self { state: mix(seed ^ GOLDEN).wrapping_add(mix(place)) }
    }

    /// Starts a stream from a number drawn before.
    pub(super) fn from_state(state: u64) -> Self {
        Self { state }
    }

    /// Returns the next 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// Returns a number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).max(0).unsigned_abs() + 1;
        let step = (u128::from(self.bits()) * u128::from(span)) >> 64;
        low + i64::try_from(step).unwrap_or(0)
    }

    /// Returns a number from 0 up to 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Returns a factor around 1 that strays by at most `by`.
    pub(super) fn around_one(&mut self, by: f64) -> f64 {
        1.0 - by + 2.0 * by * self.share()
    }

    /// Returns true in `percent` of all cases.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// Returns one entry of a list that must not be empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.place(list.len())]
    }

    /// Returns a place in a list of this length.
    pub(super) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.between(0, i64::try_from(length).unwrap_or(1) - 1)).unwrap_or(0)
    }

    /// Returns the place of one weight, drawn in proportion to the weights.
    pub(super) fn weighted(&mut self, weights: &[i64]) -> usize {
        let mut left = self.between(0, weights.iter().sum::<i64>() - 1);
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        0
    }

    /// Returns a version 7 UUID made at this time, so that ids sort like the history they tell.
    pub(super) fn id(&mut self, created_at: Timestamp) -> Uuid {
        let millis = u128::from(created_at.0.max(0).unsigned_abs()) & 0xFFFF_FFFF_FFFF;
        let high = u128::from(self.bits() & 0xFFF);
        let low = u128::from(self.bits() >> 2);
        Uuid::from_u128((millis << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
