//! How the contract went: renewals, expansions, downgrades, and the signal that comes before a loss.

use super::accounts::Outline;
use super::plots::{LOSS_SIGNAL_DAYS, Plot, SIGNAL_FALL_DAYS, Standing};

/// Days of a contract year.
const YEAR_DAYS: i64 = 365;
/// What an account paid before it was downgraded, in per cent of now.
const BEFORE_DOWNGRADE: i64 = 130;
/// How deep the use of the key feature fell before a downgrade, as a share of its level.
const SLUMP: f64 = 0.6;

impl Outline {
    /// Returns how many days it was until the next renewal, on a day in the past; 0 where
    /// the account had left or left that day, otherwise 1 to 365.
    pub(super) fn days_to_renewal(&self, days_ago: i64) -> i64 {
        if self.plot == Plot::Churned && days_ago <= self.turn_days {
            return 0;
        }
        match (self.renewal_days + days_ago).rem_euclid(YEAR_DAYS) {
            0 => YEAR_DAYS,
            days => days,
        }
    }

    /// Returns how many days ago it last renewed, if it ever did.
    pub(super) fn renewed_days(&self) -> Option<i64> {
        let ago = YEAR_DAYS - self.renewal_days;
        (ago > 0 && ago < self.age_days).then_some(ago)
    }

    /// Returns how many days ago it renewed for less money, if it did.
    pub(super) fn downgraded_days(&self) -> Option<i64> {
        let may = self.plot == Plot::Steady && self.standing == Standing::Watch && self.number.is_multiple_of(2);
        self.renewed_days().filter(|ago| may && (150..=400).contains(ago))
    }

    /// Returns how many days ago the money of a year was lost, in part or in whole.
    pub(super) fn lost_days(&self) -> Option<i64> {
        if self.plot == Plot::Churned { Some(self.turn_days) } else { self.downgraded_days() }
    }

    /// Returns ARR on a day in the past in per cent of what it is now, or was when the account left.
    pub(super) fn arr_percent(&self, days_ago: i64) -> i64 {
        if self.plot == Plot::Thriving {
            // An expansion every five to seven months, not all accounts on one day.
            let place = usize::try_from(days_ago / self.expansion_days()).unwrap_or(3).min(3);
            return [100, 82, 68, 55][place];
        }
        match (self.renewed_days(), self.downgraded_days()) {
            (_, Some(downgraded)) if days_ago > downgraded => BEFORE_DOWNGRADE,
            (Some(renewed), None) if days_ago > renewed => 95,
            _ => 100,
        }
    }

    /// Returns the days between two expansions of a thriving account.
    pub(super) fn expansion_days(&self) -> i64 {
        150 + i64::from(self.number % 60)
    }

    /// Returns how far the signal before a loss has come on a day in the past, from 0 (not begun) to 1.
    pub(super) fn signal(&self, days_ago: i64) -> f64 {
        let Some(lost) = self.lost_days() else { return 0.0 };
        let before = days_ago - lost;
        if before < 0 && self.plot != Plot::Churned {
            return 0.0;
        }
        ((LOSS_SIGNAL_DAYS - before) as f64 / SIGNAL_FALL_DAYS as f64).clamp(0.0, 1.0)
    }

    /// Returns the use of the key feature relative to an account without trouble, for one that was downgraded.
    pub(super) fn slump(&self, days_ago: i64) -> f64 {
        if self.downgraded_days().is_some() { 1.0 - SLUMP * self.signal(days_ago) } else { 1.0 }
    }
}
