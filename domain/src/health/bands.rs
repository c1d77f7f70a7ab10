//! Bands: the four words for a score, and the hysteresis that keeps an account from flapping between two.

use serde::{Deserialize, Serialize};

use super::points::Points;

/// How an account is doing, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Nothing to do.
    Healthy,
    /// Worth an eye.
    Watch,
    /// Likely to be lost unless somebody acts.
    AtRisk,
    /// About to be lost.
    Critical,
}

impl Band {
    /// All bands, best first.
    pub const ALL: [Self; 4] = [Self::Healthy, Self::Watch, Self::AtRisk, Self::Critical];

    /// Returns the word stored in the database and used by filters.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Watch => "watch",
            Self::AtRisk => "at_risk",
            Self::Critical => "critical",
        }
    }

    /// Returns the band with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.key() == key)
    }

    /// Returns the letter that stands beside the colour.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Healthy => 'A',
            Self::Watch => 'B',
            Self::AtRisk => 'C',
            Self::Critical => 'D',
        }
    }

    /// Returns the band's place, 0 for the best.
    #[must_use]
    pub fn order(self) -> u8 {
        self as u8
    }
}

/// Where bands begin, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bands {
    /// The least score that is healthy.
    pub healthy_from: f64,
    /// The least score to watch.
    pub watch_from: f64,
    /// The least score at risk; anything below is critical.
    pub at_risk_from: f64,
    /// How far beyond a boundary a score must be before the account leaves its band.
    pub hysteresis: f64,
}

impl Default for Bands {
    fn default() -> Self {
        Self { healthy_from: 75.0, watch_from: 55.0, at_risk_from: 35.0, hysteresis: 2.0 }
    }
}

impl Bands {
    /// Returns the band of a score for an account that was in `previous`.
    ///
    /// Boundaries move away from the previous band by the hysteresis, in both directions; reaching
    /// the moved boundary is enough to rise, falling below it is needed to fall.
    #[must_use]
    pub fn band(&self, score: Points, previous: Option<Band>) -> Band {
        let margin = Points::from_f64(self.hysteresis.max(0.0));
        let reached = |band: Band, from: f64| {
            let from = Points::from_f64(from);
            match previous {
                None => score >= from,
                // A band is left only once the score is beyond its boundary by the margin.
                Some(previous) if previous <= band => score >= from - margin,
                // The top may be nearer than the margin: a full score always reaches.
                Some(_) => score >= (from + margin).min(Points::FULL),
            }
        };
        if reached(Band::Healthy, self.healthy_from) {
            Band::Healthy
        } else if reached(Band::Watch, self.watch_from) {
            Band::Watch
        } else if reached(Band::AtRisk, self.at_risk_from) {
            Band::AtRisk
        } else {
            Band::Critical
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(score: f64, previous: Option<Band>) -> Band {
        Bands::default().band(Points::from_f64(score), previous)
    }

    #[test]
    fn a_new_account_gets_the_band_of_its_score() {
        for (score, expected) in [
            (75.0, Band::Healthy),
            (74.9, Band::Watch),
            (55.0, Band::Watch),
            (35.0, Band::AtRisk),
            (0.0, Band::Critical),
        ] {
            assert_eq!(band(score, None), expected, "{score}");
        }
    }

    #[test]
    fn leaving_a_band_takes_more_than_touching_its_boundary() {
        assert_eq!(band(73.5, Some(Band::Healthy)), Band::Healthy);
        assert_eq!(band(72.9, Some(Band::Healthy)), Band::Watch);
        assert_eq!(band(76.9, Some(Band::Watch)), Band::Watch);
        assert_eq!(band(77.0, Some(Band::Watch)), Band::Healthy);
        assert_eq!(band(54.0, Some(Band::Critical)), Band::AtRisk);
        assert_eq!(band(0.0, Some(Band::Healthy)), Band::Critical);
    }

    #[test]
    fn a_band_survives_its_word() {
        for band in Band::ALL {
            assert_eq!(Band::from_key(band.key()), Some(band));
            assert_eq!(serde_json::to_value(band).unwrap(), band.key());
        }
        assert_eq!(Band::AtRisk.letter(), 'C');
        assert_eq!(Band::from_key("green"), None);
    }
}
