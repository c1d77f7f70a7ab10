//! Scales: how a raw value becomes points between 0 and 100.

use serde::{Deserialize, Serialize};

use super::facts::{FactValue, same_word};
use super::points::Points;

/// How a raw value becomes points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Straight lines between `(raw, points)` pairs with rising raw values; clamped at both ends.
    Curve(Vec<(f64, f64)>),
    /// Points per word, compared without regard to case.
    Choices {
        /// The words and their points.
        choices: Vec<(String, f64)>,
        /// The points of any other word; `None` treats it as missing.
        otherwise: Option<f64>,
    },
}

impl Scale {
    /// Returns a scale with the given corners.
    #[must_use]
    pub fn curve(corners: &[(f64, f64)]) -> Self {
        Self::Curve(corners.to_vec())
    }

    /// Returns a scale with the given words.
    #[must_use]
    pub fn choices(choices: &[(&str, f64)], otherwise: Option<f64>) -> Self {
        Self::Choices {
            choices: choices.iter().map(|(word, points)| ((*word).to_owned(), *points)).collect(),
            otherwise,
        }
    }

    /// Returns the points of a raw value, or `None` where the scale cannot place it.
    #[must_use]
    pub fn points(&self, raw: &FactValue) -> Option<Points> {
        let points = match self {
            Self::Curve(corners) => interpolate(corners, raw.number()?)?,
            Self::Choices { choices, otherwise } => {
                let number;
                let word = match raw {
                    FactValue::Text(word) => word.as_str(),
                    FactValue::Number(value) => {
                        number = value.to_string();
                        &number
                    }
                    FactValue::Absent => return None,
                };
                choices.iter().find(|(choice, _)| same_word(choice, word)).map(|(_, points)| *points).or(*otherwise)?
            }
        };
        Some(Points::from_f64(points).clamped())
    }
}

/// A scale for accounts of a certain age, which replaces the measure's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TenureScale {
    /// The least tenure in days.
    pub from_days: i64,
    /// The tenure in days at which it ends; `None` for no end.
    pub to_days: Option<i64>,
    /// The scale in between.
    pub scale: Scale,
}

impl TenureScale {
    /// Returns whether an account of this tenure is scored on this scale.
    #[must_use]
    pub fn covers(&self, tenure_days: i64) -> bool {
        tenure_days >= self.from_days && self.to_days.is_none_or(|end| tenure_days < end)
    }
}

/// Reads a piecewise-linear curve; `None` where it has no corners or the value is not finite.
fn interpolate(corners: &[(f64, f64)], raw: f64) -> Option<f64> {
    if !raw.is_finite() {
        return None;
    }
    let after = corners.partition_point(|corner| corner.0 <= raw);
    let Some(before) = after.checked_sub(1) else { return corners.first().map(|corner| corner.1) };
    let (from, from_points) = corners[before];
    let Some(&(to, to_points)) = corners.get(after) else { return Some(from_points) };
    Some(from_points + (to_points - from_points) * ((raw - from) / (to - from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_straight_between_corners_and_flat_outside() {
        let scale = Scale::curve(&[(0.0, 100.0), (10.0, 50.0), (20.0, 0.0)]);
        for (raw, points) in [(-5.0, 100.0), (0.0, 100.0), (5.0, 75.0), (10.0, 50.0), (15.0, 25.0), (99.0, 0.0)] {
            assert_eq!(scale.points(&FactValue::Number(raw)), Some(Points::from_f64(points)), "{raw}");
        }
        assert_eq!(scale.points(&FactValue::Number(f64::NAN)), None);
        assert_eq!(scale.points(&FactValue::Text("green".into())), None);
        assert_eq!(scale.points(&FactValue::Text(" 5 ".into())), Some(Points::from_f64(75.0)));
        assert_eq!(Scale::curve(&[]).points(&FactValue::Number(1.0)), None);
    }

    #[test]
    fn words_are_compared_without_case() {
        let scale = Scale::choices(&[("Month-to-month", 30.0), ("One year", 80.0)], None);
        assert_eq!(scale.points(&FactValue::Text("one YEAR ".into())), Some(Points::from_f64(80.0)));
        assert_eq!(scale.points(&FactValue::Text("forever".into())), None);
        let scale = Scale::choices(&[("3", 30.0)], Some(60.0));
        assert_eq!(scale.points(&FactValue::Number(3.0)), Some(Points::from_f64(30.0)));
        assert_eq!(scale.points(&FactValue::Text("4".into())), Some(Points::from_f64(60.0)));
    }
}
