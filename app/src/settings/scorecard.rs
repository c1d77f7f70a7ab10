//! The scorecard in force, and how a score comes about.

use domain::fields::Subject;
use domain::health::{
    Action, Band, Bands, Exception, FactValue, Group, Measure, Mode, NullPolicy, Operator, Scale, Scorecard,
    ScorecardVersion, Source,
};
use leptos::prelude::*;

use super::server_fns::load_scorecards;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::health::BandBadge;
use crate::ui::loaded::Loaded;

/// The scorecards in force.
#[component]
pub(super) fn Scorecards() -> impl IntoView {
    let version = use_live().version(|note| note.subject == Subject::Scorecard);
    let cards = Resource::new(move || version.get(), |_| load_scorecards());
    view! {
        <How/>
        <Loaded resource=cards lines=10 children=|cards| {
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
    let Scorecard { name, groups, exceptions, bands, applies_to, .. } = version.card;
    let sub = move || td_string!(language.get(), settings.version_since, version = number, date = since.clone());
    let label = name.clone();
    let all: f64 = groups.iter().map(|group| group.weight).sum();
    view! {
        <section class="card" aria-label=label>
            <header class="card-head">
                <div><h2 class="card-title">{name}</h2><p class="card-sub">{sub}</p></div>
                {if applies_to.is_empty() {
                    view! { <span class="badge">{text!(settings.applies_to_all)}</span> }.into_any()
                } else {
                    view! { <code>{applies_to}</code> }.into_any()
                }}
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-label=text!(settings.measures)>
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(settings.measure)}</th>
                            <th scope="col" class="number">{text!(settings.weight)}</th>
                            <th scope="col">{text!(settings.looks_at)}</th>
                            <th scope="col">{text!(settings.points)}</th>
                            <th scope="col">{text!(settings.without_value)}</th>
                        </tr></thead>
                        {groups.into_iter().map(|group| view! { <GroupRows group all/> }).collect_view()}
                    </table>
                </div>
            </div>
        </section>
        <Rules exceptions/>
        <BandTable bands/>
    }
}

#[component]
fn GroupRows(group: Group, all: f64) -> impl IntoView {
    let within: f64 = group.measures.iter().map(|measure| measure.weight).sum();
    let share = part(group.weight, all);
    view! {
        <tbody>
            <tr>
                <th scope="rowgroup"><strong>{group.label}</strong></th>
                <td class="number"><strong>{format::percent(share)}</strong></td>
                <td colspan="3"></td>
            </tr>
            {group.measures.into_iter().map(|measure| {
                let share = part(measure.weight, within) * share / 100.0;
                view! { <MeasureRow measure share/> }
            }).collect_view()}
        </tbody>
    }
}

#[component]
fn MeasureRow(measure: Measure, share: f64) -> impl IntoView {
    let language = use_language();
    let Source::Fact(fact) = measure.source;
    let (mode, validity, scale, null_policy) =
        (measure.mode, measure.validity_days, measure.scale, measure.null_policy);
    let looks_at = move || {
        let locale = language.get();
        let mut words = mode_words(mode, locale);
        if let Some(days) = validity {
            words = format!("{words}, {}", td_string!(locale, settings.fresh_for, days = days));
        }
        words
    };
    view! {
        <tr>
            <th scope="row">{measure.label}<br/><code class="muted">{fact}</code></th>
            <td class="number">{format::percent(share)}</td>
            <td>{looks_at}</td>
            <td>{move || scale_words(&scale, language.get())}</td>
            <td>{move || null_words(null_policy, language.get())}</td>
        </tr>
    }
}

#[component]
fn Rules(exceptions: Vec<Exception>) -> impl IntoView {
    let language = use_language();
    view! {
        <section class="card" aria-label=text!(settings.rules)>
            <header class="card-head">
                <div><h2 class="card-title">{text!(settings.rules)}</h2><p class="card-sub">{text!(settings.rules_text)}</p></div>
            </header>
            <div class="card-body">
                {if exceptions.is_empty() {
                    view! { <p class="muted">{text!(settings.no_rules)}</p> }.into_any()
                } else {
                    view! {
                        <ol class="list">{exceptions.into_iter().map(|rule| {
                            let (when, action) = (condition_words(&rule), rule.action);
                            view! {
                                <li>
                                    <strong>{rule.label}</strong>" "<code>{when}</code>" "
                                    <span class="muted">{move || action_words(action, language.get())}</span>
                                </li>
                            }
                        }).collect_view()}</ol>
                    }
                    .into_any()
                }}
            </div>
        </section>
    }
}

#[component]
fn BandTable(bands: Bands) -> impl IntoView {
    let language = use_language();
    let from = [
        (Band::Healthy, bands.healthy_from, 100.0),
        (Band::Watch, bands.watch_from, bands.healthy_from),
        (Band::AtRisk, bands.at_risk_from, bands.watch_from),
        (Band::Critical, 0.0, bands.at_risk_from),
    ];
    let margin = format::number(bands.hysteresis);
    view! {
        <section class="card" aria-label=text!(settings.bands)>
            <header class="card-head"><h2 class="card-title">{text!(settings.bands)}</h2></header>
            <div class="card-body stack">
                <dl class="facts">{from.map(|(band, from, to)| view! {
                    <div><dt><BandBadge band=Some(band)/></dt><dd>{format!("{} – {}", format::number(from), format::number(to))}</dd></div>
                }).collect_view()}</dl>
                <p class="muted">{move || td_string!(language.get(), settings.hysteresis, margin = margin.clone())}</p>
            </div>
        </section>
    }
}

fn part(weight: f64, all: f64) -> f64 {
    if all > 0.0 { weight * 100.0 / all } else { 0.0 }
}

fn mode_words(mode: Mode, locale: Locale) -> String {
    match mode {
        Mode::Absolute => td_string!(locale, settings.mode_latest).to_owned(),
        Mode::Growth { days } => td_string!(locale, settings.mode_growth, days = days),
        Mode::Trend { days } => td_string!(locale, settings.mode_trend, days = days),
        Mode::OwnBaseline { days } => td_string!(locale, settings.mode_own, days = days),
    }
}

fn scale_words(scale: &Scale, locale: Locale) -> String {
    match scale {
        Scale::Curve(corners) => corners
            .iter()
            .map(|(raw, points)| format!("{} → {}", format::number(*raw), format::number(*points)))
            .collect::<Vec<_>>()
            .join(", "),
        Scale::Choices { choices, otherwise } => {
            let mut words: Vec<String> =
                choices.iter().map(|(word, points)| format!("{word} → {}", format::number(*points))).collect();
            if let Some(points) = otherwise {
                words.push(td_string!(locale, settings.otherwise, points = format::number(*points)));
            }
            words.join(", ")
        }
    }
}

fn null_words(policy: NullPolicy, locale: Locale) -> String {
    match policy {
        NullPolicy::Exclude => td_string!(locale, settings.null_exclude).to_owned(),
        NullPolicy::Neutral => td_string!(locale, settings.null_neutral).to_owned(),
        NullPolicy::Zero => td_string!(locale, settings.null_zero).to_owned(),
        NullPolicy::CarryForward { half_life_days } => td_string!(locale, settings.null_carry, days = half_life_days),
    }
}

fn condition_words(rule: &Exception) -> String {
    let op = match rule.when.op {
        Operator::Less => "<",
        Operator::AtMost => "≤",
        Operator::Greater => ">",
        Operator::AtLeast => "≥",
        Operator::Equal => "=",
    };
    let value = match &rule.when.value {
        FactValue::Number(value) => format::number(*value),
        FactValue::Text(value) => value.clone(),
        FactValue::Absent => "–".to_owned(),
    };
    format!("{} {op} {value}", rule.when.fact)
}

fn action_words(action: Action, locale: Locale) -> String {
    match action {
        Action::Cap(points) => td_string!(locale, settings.action_cap, points = format::number(points)),
        Action::Floor(points) => td_string!(locale, settings.action_floor, points = format::number(points)),
        Action::Set(points) => td_string!(locale, settings.action_set, points = format::number(points)),
        Action::Minus(points) => td_string!(locale, settings.action_minus, points = format::number(points)),
    }
}
