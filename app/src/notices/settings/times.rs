//! The person's own time: quiet hours, the time zone, the hour of the digests, and the sound.

use domain::notices::Quiet;
use leptos::ev;
use leptos::prelude::*;

use super::Wishes;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::notices::bell::call;
use crate::paper::{LANGUAGES, language_name};

/// Returns a minute of the day as a field of the page shows it: `20:00`.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Returns the minute of the day that a field of the page shows.
fn minute(clock: &str) -> Option<u16> {
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.get(..2)?.parse::<u16>().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// When nothing is sent, and when digests are.
#[component]
pub(super) fn Times(wishes: Wishes, zones: Vec<String>) -> impl IntoView {
    let is_quiet = move || wishes.now.with(|wishes| wishes.quiet.is_some());
    let toggle = move |event: ev::Event| {
        let wanted = event_target_checked(&event).then_some(Quiet { from: 20 * 60, to: 7 * 60 });
        wishes.change(|wishes| wishes.quiet = wanted);
    };
    let hour = move |from: bool, event: ev::Event| {
        let Some(minute) = minute(&event_target_value(&event)) else { return };
        wishes.change(|wishes| {
            let quiet = wishes.quiet.get_or_insert(Quiet { from: 20 * 60, to: 7 * 60 });
            *(if from { &mut quiet.from } else { &mut quiet.to }) = minute;
        });
    };
    let shown = move |from: bool| {
        let quiet = wishes.now.with(|wishes| wishes.quiet).unwrap_or(Quiet { from: 20 * 60, to: 7 * 60 });
        clock(if from { quiet.from } else { quiet.to })
    };
    view! {
        <section class="card" aria-labelledby="notice-times">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="notice-times">{text!(notices.times)}</h2>
                    <p class="card-sub">{text!(notices.times_text)}</p>
                </div>
            </header>
            <div class="card-body"><div class="form">
                <Zone wishes zones/>
                <ReportLanguage wishes/>
                <label class="check">
                    <input class="checkbox" type="checkbox" checked=is_quiet() prop:checked=is_quiet on:change=toggle/>
                    <span>{text!(notices.quiet)}</span>
                </label>
                <div class="form-row" hidden=move || !is_quiet()>
                    <label class="field">
                        <span class="field-label">{text!(notices.quiet_from)}</span>
                        <input class="input" type="time" value=shown(true) prop:value=move || shown(true)
                            on:change=move |event| hour(true, event)/>
                    </label>
                    <label class="field">
                        <span class="field-label">{text!(notices.quiet_to)}</span>
                        <input class="input" type="time" value=shown(false) prop:value=move || shown(false)
                            on:change=move |event| hour(false, event)/>
                    </label>
                </div>
                <Digests wishes/>
                <label class="check">
                    <input class="checkbox" type="checkbox" checked=wishes.now.with_untracked(|wishes| wishes.sound)
                        prop:checked=move || wishes.now.with(|wishes| wishes.sound)
                        on:change=move |event| {
                            let wanted = event_target_checked(&event);
                            wishes.change(|wishes| wishes.sound = wanted);
                            if wanted {
                                call("chime", &[]);
                            }
                        }/>
                    <span>{text!(notices.sound)}</span>
                </label>
            </div></div>
        </section>
    }
}

#[component]
fn Zone(wishes: Wishes, zones: Vec<String>) -> impl IntoView {
    let zone = move || wishes.now.with(|wishes| wishes.zone.clone());
    let here = move |_| {
        let name = call("zone", &[]).and_then(|name| name.as_string());
        if let Some(name) = name {
            wishes.change(|wishes| wishes.zone = name);
        }
    };
    view! {
        <div class="form-row">
            <label class="field">
                <span class="field-label">{text!(notices.zone)}</span>
                <input class="input" id="notice-zone" list="notice-zones" value=zone() prop:value=zone
                    on:change=move |event| {
                        let name = event_target_value(&event).trim().to_owned();
                        wishes.change(|wishes| wishes.zone = name);
                    }/>
                <datalist id="notice-zones">
                    {zones.into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
                </datalist>
            </label>
            <div class="field">
                <span class="field-label" aria-hidden="true">" "</span>
                <button class="button" type="button" on:click=here>{text!(notices.zone_here)}</button>
            </div>
        </div>
    }
}

#[component]
fn ReportLanguage(wishes: Wishes) -> impl IntoView {
    let language = move || wishes.now.with(|wishes| wishes.language.clone());
    let choose = move |event: ev::Event| {
        let chosen = event_target_value(&event);
        wishes.change(|wishes| wishes.language = chosen);
    };
    view! {
        <label class="field">
            <span class="field-label">{text!(notices.language)}</span>
            <select class="select" id="notice-language" prop:value=language on:change=choose>
                {LANGUAGES.into_iter().map(|tag| view! {
                    <option value=tag lang=tag selected=move || language() == tag>{language_name(tag)}</option>
                }).collect_view()}
            </select>
            <span class="field-hint">{text!(notices.language_hint)}</span>
        </label>
    }
}

#[component]
fn Digests(wishes: Wishes) -> impl IntoView {
    let language = use_language();
    let hour = move || wishes.now.with(|wishes| wishes.digest_hour.to_string());
    let weekday = move || wishes.now.with(|wishes| wishes.digest_weekday.to_string());
    view! {
        <div class="form-row">
            <label class="field">
                <span class="field-label">{text!(notices.digest_hour)}</span>
                <select class="select" prop:value=hour on:change=move |event| {
                    let Ok(hour) = event_target_value(&event).parse::<u8>() else { return };
                    wishes.change(|wishes| wishes.digest_hour = hour);
                }>
                    {(0u8..24).map(|n| view! {
                        <option value=n.to_string() selected=wishes.now.with_untracked(|w| w.digest_hour == n)>
                            {clock(u16::from(n) * 60)}
                        </option>
                    }).collect_view()}
                </select>
            </label>
            <label class="field">
                <span class="field-label">{text!(notices.digest_weekday)}</span>
                <select class="select" prop:value=weekday on:change=move |event| {
                    let Ok(day) = event_target_value(&event).parse::<u8>() else { return };
                    wishes.change(|wishes| wishes.digest_weekday = day);
                }>
                    {(0u8..7).map(|n| view! {
                        <option value=n.to_string() selected=wishes.now.with_untracked(|w| w.digest_weekday == n)>
                            {move || weekday_word(n, language.get())}
                        </option>
                    }).collect_view()}
                </select>
            </label>
        </div>
    }
}

fn weekday_word(day: u8, locale: Locale) -> &'static str {
    match day {
        0 => td_string!(locale, notices.monday),
        1 => td_string!(locale, notices.tuesday),
        2 => td_string!(locale, notices.wednesday),
        3 => td_string!(locale, notices.thursday),
        4 => td_string!(locale, notices.friday),
        5 => td_string!(locale, notices.saturday),
        _ => td_string!(locale, notices.sunday),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_read_as_they_are_shown() {
        for at in [0, 59, 60, 1_200, 1_439] {
            assert_eq!(minute(&clock(at)), Some(at));
        }
        assert_eq!(minute("07:30:00"), Some(450));
        for wrong in ["", "24:00", "7", "aa:bb", "10:60"] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
