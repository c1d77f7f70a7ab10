//! One headline: what happened, how good that is, what decided, and a way to correct it.

use domain::signals::headline::Kind;
use domain::signals::{Correction, Event, Signal as Headline, Tone};
use leptos::ev;
use leptos::prelude::*;

use super::server_fns::correct_signal;
use super::{Doing, words};
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};

/// A headline in a list.
#[component]
pub(super) fn HeadlineItem(
    /// The headline.
    signal: Headline,
    /// Asks the server; nothing where it can only be read.
    doing: Option<Doing>,
    /// What else stands below it.
    #[prop(optional)]
    below: Option<AnyView>,
) -> impl IntoView {
    let language = use_language();
    let (tone, event) = (signal.tone(), signal.event());
    let corrected = signal.tone_set.is_some() || signal.event_set.is_some();
    let why = RwSignal::new(false);
    let panel = format!("why-{}", signal.id);
    let (title, url) = (signal.title.clone(), signal.url.clone());
    let head = match url {
        // The page it leads to learns nothing of this one.
        Some(url) => view! { <a href=url rel="noopener noreferrer external" target="_blank">{title}</a> }.into_any(),
        None => view! { <span>{title}</span> }.into_any(),
    };
    let (source, published, competitor) = (signal.source.clone(), signal.published_at, signal.competitor.clone());
    let summary = (!signal.summary.is_empty()).then(|| signal.summary.clone());
    let controls = panel.clone();
    view! {
        <li class="headline" data-signal=signal.id.to_string() data-tone=tone.key()>
            <p class="headline-title">{head}</p>
            {summary.map(|summary| view! { <p class="headline-summary">{summary}</p> })}
            <div class="row">
                <span class="badge" data-tone=words::tone_colour(tone)>{move || words::tone(tone, language.get())}</span>
                <span class="badge">{move || words::event(event, language.get())}</span>
                {competitor.map(|name| view! { <span class="badge" data-tone="info">{name}</span> })}
                {corrected.then(|| view! { <span class="muted">{text!(signals.corrected)}</span> })}
                <span class="muted">{source}" · "<time datetime=published.iso_date()>{format::date(published)}</time></span>
                <span class="push"></span>
                <button class="button" data-look="plain" data-size="small" type="button" aria-controls=controls
                    aria-expanded=move || why.get().to_string() on:click=move |_| why.update(|open| *open = !*open)>
                    {text!(signals.why)}
                </button>
            </div>
            <div id=panel hidden=move || !why.get()>
                <Why signal=signal.clone()/>
                {doing.filter(|_| may_correct()).map(|doing| view! { <Correct signal=signal.clone() doing/> })}
            </div>
            {below}
        </li>
    }
}

/// Returns whether the person may correct headlines.
pub(super) fn may_correct() -> bool {
    boot::may(domain::identity::Role::Csm)
}

/// The words that decided, each with what it counted.
#[component]
fn Why(signal: Headline) -> impl IntoView {
    let language = use_language();
    let reading = signal.reading;
    let read_as = (reading.tone, reading.event);
    if reading.reasons.is_empty() {
        return view! { <p class="muted">{text!(signals.why_nothing)}</p> }.into_any();
    }
    view! {
        <ul class="list headline-why">
            {reading.reasons.into_iter().map(|reason| {
                let (kind, effect) = (reason.kind, reason.effect);
                view! {
                    <li class="row">
                        <q>{reason.words}</q>
                        <span class="muted">{move || why(kind, language.get())}</span>
                        <span class="push"></span>
                        <span>{signed(effect)}</span>
                    </li>
                }
            }).collect_view()}
        </ul>
        <p class="muted">{move || {
            let locale = language.get();
            let (tone, event) = (words::tone(read_as.0, locale), words::event(read_as.1, locale));
            td_string!(locale, signals.why_sum, sum = signed(reading.score), tone = tone, event = event)
        }}</p>
    }
    .into_any()
}

fn why(kind: Kind, locale: Locale) -> &'static str {
    match kind {
        Kind::Event => td_string!(locale, signals.why_event),
        Kind::Direction => td_string!(locale, signals.why_direction),
        Kind::Comparison => td_string!(locale, signals.why_comparison),
        Kind::Word => td_string!(locale, signals.why_word),
    }
}

fn signed(effect: f64) -> String {
    let sign = if effect > 0.0 { "+" } else { "" };
    format!("{sign}{}", format::number(effect))
}

/// Choices for a person who knows better.
#[component]
fn Correct(signal: Headline, doing: Doing) -> impl IntoView {
    let language = use_language();
    let (id, tone, event) = (signal.id, signal.tone(), signal.event());
    let (tone_id, event_id) = (format!("tone-{id}"), format!("event-{id}"));
    let correct = move |correction: Correction| {
        doing.run(correct_signal(id, correction), |locale| td_string!(locale, signals.was_corrected).to_owned());
    };
    let set_tone = move |change: ev::Event| {
        if let Some(tone) = Tone::from_key(&event_target_value(&change)) {
            correct(Correction::Tone(tone));
        }
    };
    let set_event = move |change: ev::Event| {
        if let Some(event) = Event::from_key(&event_target_value(&change)) {
            correct(Correction::Event(event));
        }
    };
    let mine = signal.account().is_some();
    view! {
        <div class="row headline-correct">
            <label class="field-label" for=tone_id.clone()>{text!(signals.tone)}</label>
            <select class="select" data-size="small" id=tone_id prop:value=tone.key() on:change=set_tone>
                {Tone::ALL.map(|one| view! {
                    <option value=one.key() selected=one == tone>{move || words::tone(one, language.get())}</option>
                }).collect_view()}
            </select>
            <label class="field-label" for=event_id.clone()>{text!(signals.event)}</label>
            <select class="select" data-size="small" id=event_id prop:value=event.key() on:change=set_event>
                {Event::ALL.map(|one| view! {
                    <option value=one.key() selected=one == event>{move || words::event(one, language.get())}</option>
                }).collect_view()}
            </select>
            {mine.then(|| view! {
                <button class="button" data-size="small" type="button" disabled=move || doing.busy.get()
                    on:click=move |_| correct(Correction::Account(None))>{text!(signals.not_about)}</button>
            })}
        </div>
    }
}

/// Says that a list of headlines is empty.
#[component]
pub(super) fn NoHeadlines(
    /// What is missing.
    title: AnyView,
    /// The next step.
    text: AnyView,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Pic icon=Icon::Inbox/>
            <p class="empty-title">{title}</p>
            <p class="empty-text">{text}</p>
        </div>
    }
}
