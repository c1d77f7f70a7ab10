//! The plots an account can live through, how common they are and how they show in its numbers.

use super::random::Random;

/// How many days before a loss the signal begins: the key feature is used less, `adoption_pct` falls, and the champion
/// of an account that leaves is heard of for the last time. A back-test should find it, and find it this early.
pub const LOSS_SIGNAL_DAYS: i64 = 120;
/// How many days the fall takes.
pub(super) const SIGNAL_FALL_DAYS: i64 = 45;
/// How many days before a loss everything else shows: what people think, surveys, and how often they sign in.
pub(super) const LATE_SIGNAL_DAYS: i64 = 21;

/// What happens to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plot {
    /// All is well and stays so.
    Steady,
    /// It grows: seats nearly used up, usage rising, promoters.
    Thriving,
    /// The champion left; contact broke off and usage slowly falls.
    ChampionLeft,
    /// The key feature is used far less than two months ago.
    AdoptionFell,
    /// Open, urgent and escalated tickets of the last weeks.
    TicketsPiledUp,
    /// A summer business that looks quiet in November for a good reason.
    Seasonal,
    /// A new customer whose usage ramps up.
    Onboarding,
    /// Payments failed and invoices are overdue.
    PaymentTrouble,
    /// Nobody has been in touch for two months or more.
    Silent,
    /// It left months ago.
    Churned,
}

/// How an account stands, which decides how strongly its plot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Standing {
    Healthy,
    Watch,
    AtRisk,
    Critical,
}

/// How much of a line of business is done in summer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Business {
    /// No more than in winter.
    YearRound,
    /// Of some accounts nearly all.
    Summer,
    /// Of most accounts nearly all.
    Weddings,
}

impl Plot {
    /// Every plot.
    pub const ALL: [Self; 10] = [
        Self::Steady,
        Self::Thriving,
        Self::ChampionLeft,
        Self::AdoptionFell,
        Self::TicketsPiledUp,
        Self::Seasonal,
        Self::Onboarding,
        Self::PaymentTrouble,
        Self::Silent,
        Self::Churned,
    ];

    /// Draws a plot; only summer businesses can be seasonal.
    pub(super) fn draw(random: &mut Random, business: Business) -> Self {
        // Per thousand, in the order of `ALL`. Summer businesses are three in ten of all accounts.
        const YEAR_ROUND: [i64; 10] = [500, 110, 60, 60, 60, 0, 60, 50, 55, 45];
        const SUMMER: [i64; 10] = [330, 100, 60, 60, 60, 200, 60, 45, 50, 35];
        // Hardly anybody marries in winter.
        const WEDDINGS: [i64; 10] = [30, 60, 60, 60, 60, 540, 60, 45, 50, 35];
        let weights = match business {
            Business::YearRound => YEAR_ROUND,
            Business::Summer => SUMMER,
            Business::Weddings => WEDDINGS,
        };
        Self::ALL[random.weighted(&weights)]
    }

    /// Returns how many of a hundred accounts with this plot are healthy, watch, at risk and critical.
    pub(super) fn standings(self) -> [i64; 4] {
        match self {
            Self::Steady => [76, 24, 0, 0],
            Self::Thriving => [100, 0, 0, 0],
            Self::Seasonal => [84, 16, 0, 0],
            Self::Onboarding => [65, 35, 0, 0],
            Self::ChampionLeft => [0, 34, 50, 16],
            Self::AdoptionFell | Self::TicketsPiledUp => [0, 34, 48, 18],
            Self::PaymentTrouble => [0, 52, 36, 12],
            Self::Silent => [0, 64, 30, 6],
            Self::Churned => [0, 0, 0, 100],
        }
    }

    /// Returns the range of days ago in which the story turned; zero where it never turned.
    pub(super) fn turn_days(self) -> (i64, i64) {
        match self {
            Self::ChampionLeft => (40, 90),
            Self::AdoptionFell => (50, 56),
            Self::TicketsPiledUp => (25, 40),
            Self::PaymentTrouble => (35, 80),
            Self::Silent => (62, 140),
            Self::Churned => (70, 540),
            Self::Steady | Self::Thriving | Self::Seasonal | Self::Onboarding => (0, 0),
        }
    }

    /// Returns true where the story took a turn for the worse.
    pub(super) fn is_trouble(self) -> bool {
        self.turn_days().1 > 0
    }
}

impl Standing {
    const ALL: [Self; 4] = [Self::Healthy, Self::Watch, Self::AtRisk, Self::Critical];

    /// Draws how an account with this plot stands.
    pub(super) fn draw(random: &mut Random, plot: Plot) -> Self {
        Self::ALL[random.weighted(&plot.standings())]
    }

    /// Returns the standing that is most common with this plot.
    pub(super) fn typical(plot: Plot) -> Self {
        let shares = plot.standings();
        let most = (0..4).max_by_key(|place| shares[*place]).unwrap_or(0);
        Self::ALL[most]
    }

    /// Returns how hard the plot hits, from 0 to 1.
    pub(super) fn pressure(self) -> f64 {
        match self {
            Self::Healthy => 0.0,
            Self::Watch => 0.4,
            Self::AtRisk => 0.75,
            Self::Critical => 1.0,
        }
    }

    /// Returns the range of a score from 0 to 100 that fits.
    pub(super) fn score_range(self) -> (i64, i64) {
        match self {
            Self::Healthy => (76, 96),
            Self::Watch => (38, 54),
            Self::AtRisk => (20, 38),
            Self::Critical => (4, 18),
        }
    }
}
