//! Shares of a few cases, with how sure they are.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// The quantile of the normal distribution for an interval of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// Accounts that were followed, and how many of them stayed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// How many were followed.
    pub accounts: u32,
    /// How many of them still paid at the end.
    pub kept: u32,
    /// What those paid in a year when the following began.
    pub annual: Vec<Money>,
}

impl Group {
    /// Returns which share stayed, from 0 to 1; nothing of nobody.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.accounts > 0).then(|| f64::from(self.kept) / f64::from(self.accounts))
    }

    /// Returns the ends of the 95 % interval of that share (Wilson's score interval, without continuity correction).
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        let (share, count) = (self.share()?, f64::from(self.accounts));
        let square = Z * Z / count;
        let middle = share + square / 2.0;
        let half = Z * (share * (1.0 - share) / count + square / (4.0 * count)).sqrt();
        let end = |end: f64| (end / (1.0 + square)).clamp(0.0, 1.0);
        Some((end(middle - half), end(middle + half)))
    }
}

/// Returns by how many percentage points the first share is above the second, with the ends of the 95 % interval
/// (Newcombe 1998, method 10: from the Wilson intervals of both).
pub(super) fn difference(one: &Group, other: &Group) -> Option<(f64, f64, f64)> {
    let (p1, p2) = (one.share()?, other.share()?);
    let ((l1, u1), (l2, u2)) = (one.interval()?, other.interval()?);
    let far = |a: f64, b: f64| (a * a + b * b).sqrt();
    let difference = p1 - p2;
    let (low, high) = (difference - far(p1 - l1, u2 - p2), difference + far(u1 - p1, p2 - l2));
    Some((difference * 100.0, low * 100.0, high * 100.0))
}
