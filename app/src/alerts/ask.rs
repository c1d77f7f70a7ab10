//! The questions before a step: what it led to, why it is none, until when, who, and what to note.

use domain::alerts::{Dismissal, Outcome, REASON_CHARS_MAX, Step};
use domain::filter;
use domain::id::UserId;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::hand::{Ask, Hand, Targets};
use super::words;
use crate::boot;
use crate::i18n::td_string;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::question::Question;
use crate::ui::text_area::TextArea;

/// Days of the quick choices of a pause.
const QUICK_DAYS: [i64; 4] = [1, 3, 7, 30];
/// The choices of what an alert led to.
const OUTCOMES: [Outcome; 4] = Outcome::CHOICES;

/// The dialog of a page; open while something is asked.
#[component]
pub fn Asking(
    /// The hand of the page.
    hand: Hand,
) -> impl IntoView {
    let open = open_while(hand.asking);
    let title = Signal::derive(move || {
        let locale = hand.language.get();
        let Some((ask, targets)) = hand.asking.get() else { return String::new() };
        let what = match ask {
            Ask::Resolve => td_string!(locale, alerts.resolve_title),
            Ask::Dismiss => td_string!(locale, alerts.dismiss_title),
            Ask::Snooze => td_string!(locale, alerts.snooze_title),
            Ask::Assign => td_string!(locale, alerts.assign_title),
            Ask::Note => td_string!(locale, alerts.note),
        };
        match targets.ids.len() {
            1 => format!("{what}: {}", targets.name),
            total => td_string!(locale, alerts.done_several, what = what, total = total),
        }
    });
    view! {
        <Dialog open title>
            {move || hand.asking.get_untracked().map(|(ask, targets)| match ask {
                Ask::Resolve => view! { <Resolve hand targets/> }.into_any(),
                Ask::Dismiss => view! { <Dismiss hand targets/> }.into_any(),
                Ask::Snooze => view! { <Snooze hand targets/> }.into_any(),
                Ask::Assign => view! { <Assign hand targets/> }.into_any(),
                Ask::Note => view! { <Noting hand targets/> }.into_any(),
            })}
        </Dialog>
    }
}

#[component]
fn NoteField(note: RwSignal<String>, optional: bool) -> impl IntoView {
    let max = u32::try_from(REASON_CHARS_MAX).unwrap_or(2_000);
    view! {
        <div class="field">
            <label class="field-label" for="alert-note">
                {if optional { text!(alerts.note_optional).into_any() } else { text!(alerts.note_label).into_any() }}
            </label>
            <TextArea id="alert-note" value=note max/>
            <p class="field-hint">{text!(alerts.note_hint)}</p>
        </div>
    }
}

#[component]
fn Resolve(hand: Hand, targets: Targets) -> impl IntoView {
    let (chosen, note) = (RwSignal::new(Outcome::Handled), RwSignal::new(String::new()));
    let submit = Callback::new(move |()| {
        hand.take(targets.clone(), Step::Resolve { outcome: chosen.get_untracked(), note: note.get_untracked() });
    });
    view! {
        <Question of=hand.inquiry() submit>
            <fieldset class="field">
                <legend class="field-label">{text!(alerts.resolve_what)}</legend>
                {OUTCOMES.into_iter().map(|outcome| view! {
                    <label class="check">
                        <input class="checkbox" type="radio" name="outcome" autofocus={outcome == Outcome::Handled}
                            prop:checked=move || chosen.get() == outcome on:change=move |_| chosen.set(outcome)/>
                        <span>{move || words::outcome(outcome, hand.language.get())}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <NoteField note optional=true/>
        </Question>
    }
}

#[component]
fn Dismiss(hand: Hand, targets: Targets) -> impl IntoView {
    let (chosen, note) = (RwSignal::new(Dismissal::NotImportant), RwSignal::new(String::new()));
    let submit = Callback::new(move |()| {
        hand.take(targets.clone(), Step::Dismiss { reason: chosen.get_untracked(), note: note.get_untracked() });
    });
    view! {
        <Question of=hand.inquiry() submit>
            <fieldset class="field">
                <legend class="field-label">{text!(alerts.dismiss_why)}</legend>
                {Dismissal::ALL.into_iter().map(|reason| view! {
                    <label class="check">
                        <input class="checkbox" type="radio" name="dismissal" autofocus={reason == Dismissal::NotImportant}
                            prop:checked=move || chosen.get() == reason on:change=move |_| chosen.set(reason)/>
                        <span>{move || words::dismissal(reason, hand.language.get())}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <NoteField note optional=true/>
        </Question>
    }
}

#[component]
fn Snooze(hand: Hand, targets: Targets) -> impl IntoView {
    let now = boot::now();
    let until = RwSignal::new(now.plus_days(7).iso_date());
    let (condition, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = Callback::new(move |()| {
        let until = day(&until.get_untracked());
        let condition = Some(condition.get_untracked()).filter(|text| !text.trim().is_empty());
        hand.take(targets.clone(), Step::Snooze { until, condition, note: note.get_untracked() });
    });
    let label = move |days: i64| {
        let locale = hand.language.get();
        match days {
            1 => td_string!(locale, alerts.in_1),
            3 => td_string!(locale, alerts.in_3),
            7 => td_string!(locale, alerts.in_7),
            _ => td_string!(locale, alerts.in_30),
        }
    };
    view! {
        <Question of=hand.inquiry() submit>
            <div class="row" role="group" aria-label=text!(alerts.snooze_quick)>
                {QUICK_DAYS.into_iter().map(|days| {
                    let date = now.plus_days(days).iso_date();
                    let is_chosen = { let date = date.clone(); move || (until.get() == date).to_string() };
                    view! {
                        <button class="chip" type="button" aria-pressed=is_chosen autofocus={days == 7}
                            on:click=move |_| until.set(date.clone())>{move || label(days)}</button>
                    }
                }).collect_view()}
            </div>
            <div class="field">
                <label class="field-label" for="snooze-until">{text!(alerts.snooze_until)}</label>
                <input class="input" id="snooze-until" type="date" min=now.plus_days(1).iso_date()
                    prop:value=move || until.get() on:input=move |event| until.set(event_target_value(&event))/>
            </div>
            <div class="field">
                <label class="field-label" for="snooze-condition">{text!(alerts.snooze_condition)}</label>
                <input class="input" id="snooze-condition" autocomplete="off" spellcheck="false"
                    maxlength=filter::TEXT_CHARS_MAX aria-describedby="snooze-condition-hint"
                    prop:value=move || condition.get() on:input=move |event| condition.set(event_target_value(&event))/>
                <p class="field-hint" id="snooze-condition-hint">{text!(alerts.snooze_condition_hint)}</p>
            </div>
            <NoteField note optional=true/>
        </Question>
    }
}

/// Returns the morning of a day that was typed, at eight UTC.
fn day(text: &str) -> Option<Timestamp> {
    const EIGHT_MS: i64 = 8 * 3_600_000;
    let midnight = text.trim().parse().ok().map(Timestamp::from_date)?;
    Some(Timestamp(midnight.0 + EIGHT_MS))
}

#[component]
fn Assign(hand: Hand, targets: Targets) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let submit = Callback::new(move |()| {
        let to = chosen.get_untracked().parse::<UserId>().ok();
        hand.take(targets.clone(), Step::Assign { to });
    });
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let people = people.into_iter().filter(|person| person.deactivated_at.is_none());
    view! {
        <Question of=hand.inquiry() submit>
            <div class="field">
                <label class="field-label" for="assign-to">{text!(alerts.assign_to)}</label>
                <select class="select" id="assign-to" autofocus on:change=move |event| chosen.set(event_target_value(&event))>
                    <option value="">{text!(alerts.assign_owner)}</option>
                    {people.map(|person| view! { <option value=person.id.to_string()>{person.name}</option> }).collect_view()}
                </select>
            </div>
        </Question>
    }
}

#[component]
fn Noting(hand: Hand, targets: Targets) -> impl IntoView {
    let note = RwSignal::new(String::new());
    let submit = Callback::new(move |()| hand.take(targets.clone(), Step::Note { text: note.get_untracked() }));
    view! { <Question of=hand.inquiry() submit><NoteField note optional=false/></Question> }
}
