//! Weights that stay whole: when one moves, the others make room in proportion.

use super::points::{Points, apportion};

/// Weights are kept in tenths of a per cent, so that they add up to 100 exactly and can be typed.
const WHOLE: i64 = 1_000;

/// Returns weights in the same proportion that add up to 100 exactly, in tenths of a per cent.
///
/// Where nothing has a weight, all get the same. What is not a number counts as zero.
#[must_use]
pub fn balanced(weights: &[f64]) -> Vec<f64> {
    share(WHOLE, &micro(weights)).into_iter().map(as_weight).collect()
}

/// Returns the weights after one of them is set to `value` per cent, adding up to 100 exactly.
///
/// The others make room in proportion to what they had; those that are locked keep theirs, which limits how far the
/// value can go. Where every other is locked, the value is what they leave. An `index` beyond the end changes nothing
/// but brings the weights to 100.
#[must_use]
pub fn rebalance(weights: &[f64], locked: &[bool], index: usize, value: f64) -> Vec<f64> {
    let present = share(WHOLE, &micro(weights));
    if index >= present.len() {
        return present.into_iter().map(as_weight).collect();
    }
    let is_free = |place: usize| place != index && !locked.get(place).copied().unwrap_or(false);
    let held: i64 = (0..present.len()).filter(|&place| place != index && !is_free(place)).map(|p| present[p]).sum();
    let room = WHOLE - held;
    let free: Vec<usize> = (0..present.len()).filter(|&place| is_free(place)).collect();
    let wanted = Points::from_f64(value).tenths().clamp(0, room);
    let set = if free.is_empty() { room } else { wanted };
    // Proportions are those of the weights as they were given: rounding does not add up over many small steps.
    let exact = micro(weights);
    let proportions: Vec<i64> = free.iter().map(|&place| exact[place]).collect();
    let mut after = present;
    after[index] = set;
    for (place, part) in free.into_iter().zip(share(room - set, &proportions)) {
        after[place] = part;
    }
    after.into_iter().map(as_weight).collect()
}

fn micro(weights: &[f64]) -> Vec<i64> {
    weights.iter().map(|&weight| Points::from_f64(weight).0.max(0)).collect()
}

/// Splits tenths in proportion, or evenly where there is no proportion.
fn share(tenths: i64, proportions: &[i64]) -> Vec<i64> {
    let nothing = proportions.iter().all(|&weight| weight == 0);
    let even = vec![1; proportions.len()];
    let proportions = if nothing { &even } else { proportions };
    apportion(Points(tenths), proportions).into_iter().map(|part| part.0).collect()
}

fn as_weight(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(weights: &[f64]) -> Points {
        weights.iter().map(|&weight| Points::from_f64(weight)).sum()
    }

    /// Weights, locks, the place that is set, its value, and what comes of it.
    type Case<'a> = (&'a [f64], &'a [bool], usize, f64, &'a [f64]);

    #[test]
    fn the_others_make_room_in_proportion() {
        let cases: [Case; 7] = [
            (&[50.0, 30.0, 20.0], &[], 0, 0.0, &[0.0, 60.0, 40.0]),
            (&[50.0, 30.0, 20.0], &[], 0, 75.0, &[75.0, 15.0, 10.0]),
            (&[50.0, 30.0, 20.0], &[false, true, false], 0, 60.0, &[60.0, 30.0, 10.0]),
            (&[50.0, 30.0, 20.0], &[false, true, false], 0, 90.0, &[70.0, 30.0, 0.0]),
            (&[50.0, 30.0, 20.0], &[true, true, true], 2, 90.0, &[50.0, 30.0, 20.0]),
            (&[100.0, 0.0, 0.0], &[], 0, 40.0, &[40.0, 30.0, 30.0]),
            (&[3.0, 1.0], &[], 5, 40.0, &[75.0, 25.0]),
        ];
        for (weights, locked, index, value, expected) in cases {
            assert_eq!(rebalance(weights, locked, index, value), expected, "{weights:?} {locked:?} {index} {value}");
        }
        assert_eq!(rebalance(&[7.0], &[], 0, 10.0), [100.0], "one alone is the whole");
        assert_eq!(balanced(&[0.0, 0.0, 0.0]), [33.4, 33.3, 33.3]);
        assert_eq!(balanced(&[]), [] as [f64; 0]);
    }

    proptest! {
        #[test]
        fn weights_stay_whole_and_locks_hold(
            weights in prop::collection::vec((0.0f64..500.0, any::<bool>()), 1..12),
            place in any::<prop::sample::Index>(),
            value in -20.0f64..140.0,
        ) {
            let locked: Vec<bool> = weights.iter().map(|pair| pair.1).collect();
            let before = balanced(&weights.iter().map(|pair| pair.0).collect::<Vec<_>>());
            prop_assert_eq!(total(&before), Points::FULL);
            let index = place.index(before.len());
            let after = rebalance(&before, &locked, index, value);
            prop_assert_eq!(total(&after), Points::FULL);
            prop_assert!(after.iter().all(|weight| (0.0..=100.0).contains(weight)));
            let others = |place: usize| place != index;
            for place in (0..before.len()).filter(|&place| others(place) && locked[place]) {
                prop_assert_eq!(after[place], before[place]);
            }
            let held: Points = (0..before.len()).filter(|&p| others(p) && locked[p]).map(|p| Points::from_f64(before[p])).sum();
            if (0..before.len()).any(|place| others(place) && !locked[place]) {
                let wanted = Points(Points::from_f64(value).tenths() * 100_000);
                let most = Points::FULL - held;
                prop_assert_eq!(Points::from_f64(after[index]), wanted.clamp(Points::ZERO, most));
            }
        }
    }
}
