//! What the parts of the page are called.

use domain::chart::Tone;
use domain::value::Ending;

use crate::i18n::{Locale, td_string};

/// Returns what a stretch of time is called.
pub(super) fn period(days: u32, locale: Locale) -> &'static str {
    match days {
        90 => td_string!(locale, value.days_90),
        180 => td_string!(locale, value.days_180),
        _ => td_string!(locale, value.days_365),
    }
}

/// Returns what an end is called.
pub(super) fn ending(ending: Ending, locale: Locale) -> &'static str {
    match ending {
        Ending::Helped => td_string!(locale, value.ending_helped),
        Ending::Cleared => td_string!(locale, value.ending_cleared),
        Ending::Dismissed => td_string!(locale, value.ending_dismissed),
        Ending::NoEffect => td_string!(locale, value.ending_no_effect),
        Ending::Lost => td_string!(locale, value.ending_lost),
    }
}

/// Returns the colour of an end.
pub(super) fn tone(ending: Ending) -> Tone {
    match ending {
        Ending::Helped => Tone::BandHealthy,
        Ending::Cleared => Tone::Series1,
        Ending::Dismissed => Tone::Neutral,
        Ending::NoEffect => Tone::BandWatch,
        Ending::Lost => Tone::BandCritical,
    }
}

/// Writes percentage points with their sign.
pub(super) fn points(points: f64) -> String {
    let sign = if points.round() > 0.0 { "+" } else { "" };
    format!("{sign}{}", crate::format::number(points.round()))
}
