//! How health is printed wherever it stands: a band with its word, a score with its letter, a trend.

use domain::chart::Tone;
use domain::health::{Band, HealthSummary, Points};
use domain::id::AccountId;
use leptos::prelude::*;

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;

/// Returns the word for a band.
#[must_use]
pub fn band_word(band: Option<Band>, locale: Locale) -> &'static str {
    match band {
        Some(Band::Healthy) => td_string!(locale, common.band_healthy),
        Some(Band::Watch) => td_string!(locale, common.band_watch),
        Some(Band::AtRisk) => td_string!(locale, common.band_at_risk),
        Some(Band::Critical) => td_string!(locale, common.band_critical),
        None => td_string!(locale, common.band_none),
    }
}

/// Returns the tone in which charts draw a band.
#[must_use]
pub fn band_tone(band: Option<Band>) -> Tone {
    match band {
        Some(Band::Healthy) => Tone::BandHealthy,
        Some(Band::Watch) => Tone::BandWatch,
        Some(Band::AtRisk) => Tone::BandAtRisk,
        Some(Band::Critical) => Tone::BandCritical,
        None => Tone::BandNone,
    }
}

/// A band: its shape, colour and word.
#[component]
pub fn BandBadge(
    /// Which band; none for an account that has no score.
    band: Option<Band>,
    /// Whose band it is, where what drives the score is to be shown beside it.
    #[prop(optional)]
    account: Option<AccountId>,
) -> impl IntoView {
    let language = use_language();
    let drivers = account.filter(|_| band.is_some()).map(|account| account.to_string());
    view! { <span class="band" data-band=format::band_key(band) data-drivers=drivers>{move || band_word(band, language.get())}</span> }
}

/// A score with the letter of its band.
#[component]
pub fn ScoreBadge(
    /// The present health; none prints a dash.
    health: Option<HealthSummary>,
    /// Whose score it is, where what drives it is to be shown beside it.
    #[prop(optional)]
    account: Option<AccountId>,
) -> impl IntoView {
    let language = use_language();
    let band = health.as_ref().map(|health| health.band);
    let drivers = account.filter(|_| health.is_some()).map(|account| account.to_string());
    let value = health.as_ref().map_or_else(|| "–".to_owned(), |health| format::score(health.score));
    let letter = band.map(|band| band.letter().to_string());
    view! {
        <span class="score" data-band=format::band_key(band) data-drivers=drivers>
            <span class="score-value">{value}</span>
            {letter.map(|letter| view! { <span class="score-letter" aria-hidden="true">{letter}</span> })}
            <span class="visually-hidden">{move || band_word(band, language.get())}</span>
        </span>
    }
}

/// A change of a score, with its direction.
#[component]
pub fn Trend(
    /// The change; none prints a dash.
    change: Option<Points>,
) -> impl IntoView {
    match change {
        Some(change) => {
            view! { <span class="trend" data-direction=format::direction(change)>{format::signed_points(change)}</span> }.into_any()
        }
        None => view! { <span class="muted">"–"</span> }.into_any(),
    }
}
