//! Points as whole micro-points, so that sums are exact and the same on the server and in the browser.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use serde::{Deserialize, Serialize};

/// A number of points, a change of points or a share in per cent, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub i64);

impl Points {
    /// Millionths in one point.
    pub const MICRO: i64 = 1_000_000;
    /// No points.
    pub const ZERO: Self = Self(0);
    /// Neither good nor bad.
    pub const NEUTRAL: Self = Self(50 * Self::MICRO);
    /// The best score, and the whole where points express a share.
    pub const FULL: Self = Self(100 * Self::MICRO);

    /// Returns the nearest micro-point; what is not a number counts as zero.
    #[must_use]
    pub fn from_f64(value: f64) -> Self {
        // The cast saturates, and turns NaN into zero.
        Self((value * Self::MICRO as f64).round() as i64)
    }

    /// Returns the points as a floating point number, for charts and for display.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / Self::MICRO as f64
    }

    /// Returns the points in tenths, rounded half away from zero: what a person is shown.
    #[must_use]
    pub fn tenths(self) -> i64 {
        const TENTH: i64 = Points::MICRO / 10;
        self.0.saturating_add(self.0.signum() * TENTH / 2) / TENTH
    }

    /// Returns the points kept between 0 and 100.
    #[must_use]
    pub fn clamped(self) -> Self {
        self.clamp(Self::ZERO, Self::FULL)
    }

    /// Returns the size of a change regardless of its direction.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Returns this share (in per cent) of `whole`, rounded to the nearest micro-point.
    #[must_use]
    pub fn share_of(self, whole: Self) -> Self {
        Self(divide_rounded(i128::from(self.0) * i128::from(whole.0), i128::from(Self::FULL.0)))
    }
}

/// One digit after the point, such as `74.3`; never `-0.0`.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.tenths();
        let sign = if tenths < 0 { "-" } else { "" };
        let size = tenths.unsigned_abs();
        write!(f, "{sign}{}.{}", size / 10, size % 10)
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Points {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

/// Splits `total` in proportion to `weights` so that the parts add up to it exactly.
///
/// Every part is rounded down; the micro-points left over go to the largest remainders, the
/// earlier part first among equals. Negative weights count as zero; without any weight all
/// parts are zero. `total` must not be negative.
#[must_use]
pub fn apportion(total: Points, weights: &[i64]) -> Vec<Points> {
    let sum: i128 = weights.iter().map(|&weight| i128::from(weight.max(0))).sum();
    if sum == 0 || total <= Points::ZERO {
        return vec![Points::ZERO; weights.len()];
    }
    let mut remainders = Vec::with_capacity(weights.len());
    let mut parts = Vec::with_capacity(weights.len());
    let mut left = total.0;
    for &weight in weights {
        let product = i128::from(total.0) * i128::from(weight.max(0));
        let (part, remainder) = divide(product, sum);
        left -= part;
        parts.push(Points(part));
        remainders.push(remainder);
    }
    hand_out(left, &mut parts, &mut remainders);
    parts
}

/// Gives one micro-point each to the parts with the largest remainders.
fn hand_out(mut left: i64, parts: &mut [Points], remainders: &mut [i128]) {
    while left > 0 {
        let mut best: Option<usize> = None;
        for (index, &remainder) in remainders.iter().enumerate() {
            if remainder >= 0 && best.is_none_or(|best| remainder > remainders[best]) {
                best = Some(index);
            }
        }
        let Some(index) = best else { return };
        parts[index].0 += 1;
        remainders[index] = -1;
        left -= 1;
    }
}

/// Divides, in 64 bits where that is enough: most weights are small, and it is several times faster.
fn divide(product: i128, sum: i128) -> (i64, i128) {
    if let (Ok(product), Ok(sum)) = (u64::try_from(product), u64::try_from(sum)) {
        return ((product / sum) as i64, i128::from(product % sum));
    }
    ((product / sum) as i64, product % sum)
}

/// Divides by a positive number, rounding half away from zero.
pub(crate) fn divide_rounded(dividend: i128, divisor: i128) -> i64 {
    let half = divisor / 2;
    let quotient = if dividend < 0 { (dividend - half) / divisor } else { (dividend + half) / divisor };
    i64::try_from(quotient).unwrap_or(if quotient < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_add_up_to_the_whole() {
        let parts = apportion(Points::FULL, &[1, 1, 1]);
        assert_eq!(parts, [Points(33_333_334), Points(33_333_333), Points(33_333_333)]);
    }

    #[test]
    fn nothing_to_split_gives_nothing() {
        assert_eq!(apportion(Points::FULL, &[0, -3]), [Points::ZERO, Points::ZERO]);
        assert_eq!(apportion(Points::FULL, &[]), []);
        assert_eq!(apportion(Points::ZERO, &[1]), [Points::ZERO]);
    }

    #[test]
    fn the_largest_weights_do_not_overflow() {
        let parts = apportion(Points::FULL, &[i64::MAX, i64::MAX]);
        assert_eq!(parts, [Points(50_000_000), Points(50_000_000)]);
    }

    #[test]
    fn people_see_one_digit() {
        for (micro, text) in [(74_349_999, "74.3"), (74_350_000, "74.4"), (-1, "0.0"), (-650_000, "-0.7"), (0, "0.0")] {
            assert_eq!(Points(micro).to_string(), text);
        }
        assert_eq!(Points::from_f64(f64::NAN), Points::ZERO);
        assert_eq!(serde_json::to_string(&Points(7)).unwrap(), "7");
    }
}
