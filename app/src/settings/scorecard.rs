//! How a score comes about, and the scorecards in force.

use domain::fields::Subject;
use domain::health::ScorecardVersion;
use leptos::prelude::*;

use super::server_fns::load_scorecards;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::loaded::Loaded;

/// The scorecards in force.
#[component]
pub(super) fn Scorecards() -> impl IntoView {
    let version = use_live().version(|note| note.subject == Subject::Scorecard);
    let cards = Resource::new(move || version.get(), |_| load_scorecards());
    view! {
        <How/>
        <Loaded resource=cards lines=4 children=|cards| {
            cards.into_iter().map(|version| view! { <Card version/> }).collect_view()
        }/>
    }
}

#[component]
fn How() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="how">
            <header class="card-head"><h2 class="card-title" id="how">{text!(settings.how)}</h2></header>
            <div class="card-body">
                <ol class="list">
                    <li><strong>{text!(settings.how_points)}</strong>" "{text!(settings.how_points_text)}</li>
                    <li><strong>{text!(settings.how_weights)}</strong>" "{text!(settings.how_weights_text)}</li>
                    <li><strong>{text!(settings.how_missing)}</strong>" "{text!(settings.how_missing_text)}</li>
                    <li><strong>{text!(settings.how_rules)}</strong>" "{text!(settings.how_rules_text)}</li>
                    <li><strong>{text!(settings.how_bands)}</strong>" "{text!(settings.how_bands_text)}</li>
                </ol>
            </div>
        </section>
    }
}

#[component]
fn Card(version: ScorecardVersion) -> impl IntoView {
    let language = use_language();
    let number = version.version;
    let since = version.published_at.map(format::date).unwrap_or_default();
    let sub = move || td_string!(language.get(), settings.version_since, version = number, date = since.clone());
    let (name, applies_to) = (version.card.name, version.card.applies_to);
    let label = name.clone();
    view! {
        <section class="card" aria-label=label>
            <header class="card-head">
                <div><h2 class="card-title">{name}</h2><p class="card-sub">{sub}</p></div>
                {if applies_to.trim().is_empty() {
                    view! { <span class="badge">{text!(settings.applies_to_all)}</span> }.into_any()
                } else {
                    view! { <code>{applies_to}</code> }.into_any()
                }}
            </header>
            <div class="card-foot">
                <a class="button" data-size="small" href=format!("/scorecards/{}", version.scorecard)>{text!(settings.open_scorecard)}</a>
            </div>
        </section>
    }
}
