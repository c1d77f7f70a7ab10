//! The dialog in which a person sets a score by hand, says why, and until when.

use domain::refusal::{FieldError, Refusal};
use leptos::prelude::*;

use super::change_fns::override_score;
use super::desk::use_desk;
use super::words;
use crate::boot;
use crate::error::Error;
use crate::i18n::{Locale, td_string};
use crate::ui::dialog::Dialog;
use crate::ui::text_area::TextArea;

/// How long an override holds unless another day is chosen.
const DAYS: i64 = 30;

/// What is wrong with a form, by field.
#[derive(Clone, Copy)]
pub(super) struct Problems(pub RwSignal<Vec<FieldError>>);

impl Problems {
    /// Returns an empty list.
    pub(super) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// Takes over what the server said; what concerns no field goes to the empty key.
    pub(super) fn take(self, error: &Error, sentence: String) {
        self.0.set(match error {
            Error::Refused(Refusal::Invalid(list)) => list.clone(),
            _ => vec![FieldError { field: String::new(), message: sentence }],
        });
    }

    /// Returns what is wrong with a field.
    pub(super) fn of(self, field: &str) -> Option<String> {
        self.0.with(|list| list.iter().find(|error| error.field == field).map(|error| error.message.clone()))
    }
}

/// Shows what is wrong with a field.
#[component]
pub(super) fn FieldProblem(
    /// All that is wrong.
    problems: Problems,
    /// The field.
    field: &'static str,
) -> impl IntoView {
    move || {
        problems.of(field).map(|message| {
            view! { <p class="field-error" id=format!("problem-{field}") role="alert">{message}</p> }
        })
    }
}

/// Sets a score by hand.
#[component]
pub(super) fn OverrideDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let desk = use_desk();
    let (score, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let until = RwSignal::new(boot::now().plus_days(DAYS).iso_date());
    let problems = Problems::new();
    let save = Callback::new(move |()| {
        let Some(id) = desk.id.get_untracked() else { return };
        let typed = score.get_untracked();
        let locale = desk.language.get_untracked();
        let Ok(points) = typed.trim().parse::<f64>() else {
            let message = td_string!(locale, account.enter_score).to_owned();
            problems.0.set(vec![FieldError { field: "score".to_owned(), message }]);
            return;
        };
        let Some(day) = words::day(&until.get_untracked()) else {
            let message = td_string!(locale, account.enter_date).to_owned();
            problems.0.set(vec![FieldError { field: "until".to_owned(), message }]);
            return;
        };
        problems.0.set(Vec::new());
        desk.run(override_score(id, points, reason.get_untracked(), day), move |answer| match answer {
            Ok(()) => {
                open.set(false);
                score.set(String::new());
                reason.set(String::new());
                desk.say(td_string!(desk.language.get_untracked(), account.override_set));
            }
            Err(error) => problems.take(&error, desk.words(&error)),
        });
    });
    let title = Signal::derive(move || td_string!(desk.language.get(), account.set_override).to_owned());
    let say = move |pick: fn(Locale) -> &'static str| move || pick(desk.language.get());
    let invalid = move |field: &'static str| move || problems.of(field).map(|_| "true");
    view! {
        <Dialog open title>
            <form class="form" on:submit=move |event| { event.prevent_default(); save.run(()); }>
                <div class="dialog-body stack">
                    <p class="muted">{say(|locale| td_string!(locale, account.override_text))}</p>
                    <FieldProblem problems field=""/>
                    <div class="field">
                        <label class="field-label" for="override-score">{say(|locale| td_string!(locale, account.override_score))}</label>
                        <input class="input" id="override-score" type="number" min="0" max="100" step="any" required autofocus
                            aria-invalid=invalid("score") aria-describedby="problem-score"
                            prop:value=move || score.get() on:input=move |event| score.set(event_target_value(&event))/>
                        <FieldProblem problems field="score"/>
                    </div>
                    <div class="field">
                        <label class="field-label" for="override-reason">{say(|locale| td_string!(locale, account.override_reason))}</label>
                        <TextArea id="override-reason" value=reason max=1_000/>
                        <FieldProblem problems field="reason"/>
                    </div>
                    <div class="field">
                        <label class="field-label" for="override-until">{say(|locale| td_string!(locale, account.override_end))}</label>
                        <input class="input" id="override-until" type="date" required
                            aria-invalid=invalid("until") aria-describedby="problem-until"
                            prop:value=move || until.get() on:input=move |event| until.set(event_target_value(&event))/>
                        <FieldProblem problems field="until"/>
                    </div>
                </div>
                <footer class="dialog-foot">
                    <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                    <button class="button" data-look="primary" type="submit" aria-busy=move || desk.busy.get().then_some("true")>
                        {say(|locale| td_string!(locale, account.set_override))}
                    </button>
                </footer>
            </form>
        </Dialog>
    }
}
