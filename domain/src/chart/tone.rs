//! What a colour means; the style sheet and the PDF writer decide which colour it is.

use serde::{Deserialize, Serialize};

/// The meaning of a mark's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tone {
    /// A rise, or good news.
    #[serde(rename = "pos")]
    Positive,
    /// A fall, or bad news.
    #[serde(rename = "neg")]
    Negative,
    /// A total that others add up to.
    #[serde(rename = "total")]
    Total,
    /// Neither good nor bad.
    #[serde(rename = "neutral")]
    Neutral,
    /// The health band "healthy".
    #[serde(rename = "band-healthy")]
    BandHealthy,
    /// The health band "watch".
    #[serde(rename = "band-watch")]
    BandWatch,
    /// The health band "at risk".
    #[serde(rename = "band-at_risk")]
    BandAtRisk,
    /// The health band "critical".
    #[serde(rename = "band-critical")]
    BandCritical,
    /// No health band yet.
    #[serde(rename = "band-none")]
    BandNone,
    /// The first of several series.
    #[serde(rename = "series-1")]
    Series1,
    /// The second of several series.
    #[serde(rename = "series-2")]
    Series2,
    /// The third of several series.
    #[serde(rename = "series-3")]
    Series3,
    /// The fourth of several series.
    #[serde(rename = "series-4")]
    Series4,
    /// The fifth of several series.
    #[serde(rename = "series-5")]
    Series5,
    /// The sixth of several series.
    #[serde(rename = "series-6")]
    Series6,
}

impl Tone {
    /// Every tone, in the order of their declaration.
    pub const ALL: [Self; 15] = [
        Self::Positive,
        Self::Negative,
        Self::Total,
        Self::Neutral,
        Self::BandHealthy,
        Self::BandWatch,
        Self::BandAtRisk,
        Self::BandCritical,
        Self::BandNone,
        Self::Series1,
        Self::Series2,
        Self::Series3,
        Self::Series4,
        Self::Series5,
        Self::Series6,
    ];

    /// Returns the stable name that style sheets know.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Positive => "pos",
            Self::Negative => "neg",
            Self::Total => "total",
            Self::Neutral => "neutral",
            Self::BandHealthy => "band-healthy",
            Self::BandWatch => "band-watch",
            Self::BandAtRisk => "band-at_risk",
            Self::BandCritical => "band-critical",
            Self::BandNone => "band-none",
            Self::Series1 => "series-1",
            Self::Series2 => "series-2",
            Self::Series3 => "series-3",
            Self::Series4 => "series-4",
            Self::Series5 => "series-5",
            Self::Series6 => "series-6",
        }
    }

    /// Finds the tone with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.key() == key)
    }

    /// Returns the tone of the series at this position, counted from zero; the seventh is like the first.
    #[must_use]
    pub fn series(position: usize) -> Self {
        match position % 6 {
            0 => Self::Series1,
            1 => Self::Series2,
            2 => Self::Series3,
            3 => Self::Series4,
            4 => Self::Series5,
            _ => Self::Series6,
        }
    }
}
