//! What people and other systems thought of an account in the past, which leads up to what they think now.

use domain::accounts::{Account, RISK_LEVELS};

use crate::seeds::Volume;
use crate::seeds::accounts::Outline;
use crate::seeds::plots::{LATE_SIGNAL_DAYS, Plot};
use crate::seeds::random::Random;

/// What people and other systems think of an account that was well in the past.
const WELL: f64 = 84.0;
/// How deep a passing mood goes, and how many days it lasts before and after its middle.
const DIP: (f64, i64) = (30.0, 40);

/// The course that the judgements of one account took.
pub(super) struct Judgement {
    /// How many days ago they began to turn into what they are now, and how many days that took.
    turned: (i64, i64),
    /// How many days ago people were annoyed for a while, without anything coming of it.
    dip_days: Option<i64>,
    /// Repeats the small ups and downs of this account.
    seed: u64,
}

impl Judgement {
    pub(super) fn new(outline: &Outline, random: &mut Random) -> Self {
        let (recently, long_ago) = (random.between(50, 140), random.between(150, 700));
        let turned = match outline.plot {
            // A fall in adoption is seen in the weeks in which it happens.
            Plot::AdoptionFell => (outline.turn_days, outline.turn_days - 10),
            plot if plot.is_trouble() => (recently, recently - 7),
            _ => (long_ago, 60),
        };
        let dip = (random.chance(25), random.between(230, 560));
        Self { turned, dip_days: dip.0.then_some(dip.1), seed: random.bits() }
    }

    /// Turns the present judgements into those of a report some days ago; without a report nothing was known.
    pub(super) fn judge(&self, outline: &Outline, account: &mut Account, report: Option<i64>) {
        let Some(ago) = report else {
            account.sentiment = None;
            account.engagement_score = None;
            account.satisfaction_score = None;
            account.adoption_pct = None;
            account.churn_risk_pct = None;
            account.risk_level = None;
            return;
        };
        let mood = self.share(outline, ago);
        let adopted = if outline.lost_days().is_some() { outline.signal(ago) } else { mood };
        let dip = self.dip(ago);
        for (place, value) in [&mut account.sentiment, &mut account.satisfaction_score, &mut account.engagement_score]
            .into_iter()
            .enumerate()
        {
            *value = value.map(|value| self.path(outline, (place as u64, ago), value, mood, dip));
        }
        account.adoption_pct = account.adoption_pct.map(|value| self.adoption(outline, ago, value, adopted));
        account.churn_risk_pct =
            account.churn_risk_pct.map(|value| 100.0 - self.path(outline, (4, ago), 100.0 - value, mood, 0.0));
        account.risk_level = account.risk_level.take().map(|level| risk(&level, mood));
    }

    /// Returns how much of the way from well to now was gone some days ago, from 0 to 1.
    fn share(&self, outline: &Outline, ago: i64) -> f64 {
        if outline.plot == Plot::Churned {
            // People notice late: what shows early is how the product is used.
            return ((LATE_SIGNAL_DAYS + outline.turn_days - ago) as f64 / LATE_SIGNAL_DAYS as f64).clamp(0.0, 1.0);
        }
        let (begin, days) = self.turned;
        ((begin - ago) as f64 / days.max(1) as f64).clamp(0.0, 1.0)
    }

    fn path(&self, outline: &Outline, (place, ago): (u64, i64), value: f64, share: f64, dip: f64) -> f64 {
        let well = value.max(WELL);
        (well + (value - well) * share - dip + self.wobble(outline, place, ago)).round().clamp(0.0, 100.0)
    }

    fn adoption(&self, outline: &Outline, ago: i64, value: f64, share: f64) -> f64 {
        let wobble = self.wobble(outline, 3, ago);
        let level = match outline.plot {
            // A new customer begins with nothing.
            Plot::Onboarding => value * (outline.age_days - ago) as f64 / outline.age_days.max(1) as f64,
            Plot::Thriving => value - 30.0 * (ago as f64 / 730.0).min(1.0),
            Plot::Churned => value.max(WELL) + (value - value.max(WELL)) * share,
            // Before a downgrade it falls deep, and is back at what it is now afterwards.
            _ if outline.downgraded_days().is_some_and(|day| ago < day) => value,
            _ if outline.downgraded_days().is_some() => WELL + (22.0 - WELL) * share,
            _ => value.max(WELL) + (value - value.max(WELL)) * share,
        };
        (level + wobble).round().clamp(0.0, 100.0)
    }

    fn dip(&self, ago: i64) -> f64 {
        let Some(middle) = self.dip_days else { return 0.0 };
        DIP.0 * (1.0 - (ago - middle).abs() as f64 / DIP.1 as f64).max(0.0)
    }

    /// Returns a few points up or down, the same for the same month; none of the last month, which leads up to now.
    fn wobble(&self, outline: &Outline, place: u64, ago: i64) -> f64 {
        if ago <= 30 || outline.volume == Volume::Light {
            return 0.0;
        }
        let month = u64::try_from(ago / 30).unwrap_or(0);
        let bits = Random::from_state(self.seed ^ (place << 32) ^ (month << 40)).bits();
        (bits % 7) as f64 - 3.0
    }
}

/// Returns the risk level that a person saw when this much of the way to the present one was gone.
fn risk(present: &str, share: f64) -> String {
    let place = RISK_LEVELS.iter().position(|known| *known == present).unwrap_or(0);
    let reached = match share {
        ..0.4 => 0,
        0.4..0.8 => place.min(1),
        _ => place,
    };
    RISK_LEVELS[reached].to_owned()
}
