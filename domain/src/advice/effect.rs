//! What an action is expected to do, from how earlier alerts ended that people acted on.

use serde::{Deserialize, Serialize};

/// How many cases the prior weighs as much as.
pub const STRENGTH: f64 = 4.0;
/// Cases below which the number is said to be mostly the prior.
pub const CASES_MIN: u32 = 5;
/// How many standard deviations the interval spans to each side: nine in ten of a normal distribution.
const NINETY: f64 = 1.645;

/// How the closed alerts of a rule ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Alerts that people acted on and that ended: handled, won, without effect, lost, or over after all.
    pub acted: u32,
    /// Of them those that ended well: handled, won, or over.
    pub well: u32,
    /// Alerts that nobody acted on and that ended otherwise than by a person or by a rule being switched off.
    pub left: u32,
}

impl Measured {
    /// Adds those of another rule.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { acted: self.acted + other.acted, well: self.well + other.well, left: self.left + other.left }
    }
}

/// How often the like of an action ended well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The expected share that ends well, 0 to 1.
    pub share: f64,
    /// The lower end of the interval that holds nine in ten.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// What was assumed before anything was measured, 0 to 1.
    pub prior: f64,
    /// What was measured.
    pub measured: Measured,
}

impl Effect {
    /// Returns the effect of an action with this prior after these cases.
    ///
    /// The share of a Beta-binomial model: prior `Beta(k·p, k·(1−p))` with k = [`STRENGTH`] and p the action's own
    /// judgement, so `share = (k·p + well) ÷ (k + acted)`. The interval is the mean ± 1.645 standard deviations of the
    /// posterior, `√(ab ÷ ((a+b)²·(a+b+1)))`, kept between 0 and 1 (Gelman et al., *Bayesian Data Analysis*, 3rd ed.,
    /// section 2.4).
    #[must_use]
    pub fn new(prior: f64, measured: Measured) -> Self {
        let well = f64::from(measured.well.min(measured.acted));
        let badly = f64::from(measured.acted) - well;
        let (a, b) = (STRENGTH * prior + well, STRENGTH * (1.0 - prior) + badly);
        let total = a + b;
        let share = a / total;
        let spread = NINETY * (a * b / (total * total * (total + 1.0))).sqrt();
        let (low, high) = ((share - spread).max(0.0), (share + spread).min(1.0));
        Self { share, low, high, prior, measured }
    }

    /// Returns whether there are enough cases to speak of a measurement.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.measured.acted >= CASES_MIN
    }
}
