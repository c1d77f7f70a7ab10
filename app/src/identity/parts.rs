//! Fields of forms that say what is wrong where it is wrong.

use domain::refusal::Refusal;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use crate::error::Error;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::words;

/// Returns what an error says about one field.
#[must_use]
pub fn field_message(error: Option<&Error>, field: &str) -> Option<String> {
    let Some(Error::Refused(Refusal::Invalid(fields))) = error else { return None };
    fields.iter().find(|error| error.field == field).map(|error| error.message.clone())
}

/// What a form was told last; fields and summary read it.
#[derive(Clone, Copy)]
pub struct FormError(pub Signal<Option<Error>>);

impl FormError {
    /// Returns what an action was told last.
    #[must_use]
    pub fn from_action<S>(action: ServerAction<S>) -> Self
    where
        S: server_fn::ServerFn<Error = Error> + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
    {
        let value = action.value();
        Self(Signal::derive(move || value.with(|value| value.as_ref().and_then(|value| value.as_ref().err().cloned()))))
    }

    /// Returns what the error says about a field, following the error.
    #[must_use]
    pub fn of(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.0.with(|error| field_message(error.as_ref(), field)))
    }
}

/// Says aloud that a form was refused, and shows what belongs to no field. After a refusal the first field that
/// needs a change has the focus.
#[component]
pub fn FormSummary(
    /// What the form was told last.
    error: FormError,
) -> impl IntoView {
    let language = use_language();
    let node = NodeRef::<html::Div>::new();
    let by_field = move || error.0.with(|error| matches!(error, Some(Error::Refused(Refusal::Invalid(_)))));
    let silent = move || error.0.with(Option::is_none) || by_field();
    Effect::new(move |first: Option<()>| {
        let invalid = by_field();
        // The fields get their marks from the same signal; look for them once they have.
        if first.is_some() && invalid {
            request_animation_frame(move || focus_first_invalid(node));
        }
    });
    view! {
        <div node_ref=node role="alert" class:visually-hidden=silent>
            {move || error.0.get().map(|error| {
                let (title, message) = words(&error, language.get());
                view! {
                    <div class="notice" data-tone="bad">
                        <Pic icon=Icon::Warning/>
                        <div><p class="notice-title">{title}</p><p>{message}</p></div>
                    </div>
                }
            })}
        </div>
    }
}

fn focus_first_invalid(node: NodeRef<html::Div>) {
    use wasm_bindgen::JsCast as _;
    let Some(form) = node.get_untracked().and_then(|node| node.closest("form").ok().flatten()) else { return };
    let Ok(Some(field)) = form.query_selector("[aria-invalid='true']") else { return };
    if let Some(input) = field.dyn_ref::<web_sys::HtmlInputElement>() {
        let _ = input.focus();
        input.select();
    }
}

/// A labelled field of one line.
#[component]
pub fn TextField(
    /// Its name in the form, and its id.
    name: &'static str,
    /// What people call it.
    label: AnyView,
    /// The input's type: `text` or `email`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a password manager or address book may put in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What it starts with.
    #[prop(optional, into)]
    value: String,
    /// What helps to fill it in.
    #[prop(optional)]
    hint: Option<AnyView>,
    /// What the form was told last.
    error: FormError,
) -> impl IntoView {
    let message = error.of(name);
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <input class="input" id=name name=name type=kind value=value autocomplete=autocomplete required
                autocapitalize="none" spellcheck="false" maxlength="254" aria-describedby=described_by(name)
                aria-invalid=move || message.with(Option::is_some).to_string()/>
            <Notes name hint message/>
        </div>
    }
}

/// A password, which can be shown while it is typed.
#[component]
pub fn PasswordField(
    /// Its name in the form, and its id.
    name: &'static str,
    /// What people call it.
    label: AnyView,
    /// `current-password` or `new-password`, for password managers.
    autocomplete: &'static str,
    /// What helps to choose one.
    #[prop(optional)]
    hint: Option<AnyView>,
    /// What the form was told last.
    error: FormError,
) -> impl IntoView {
    let message = error.of(name);
    let (shown, capitals) = (RwSignal::new(false), RwSignal::new(false));
    let watch_capitals = move |event: ev::KeyboardEvent| capitals.set(event.get_modifier_state("CapsLock"));
    let language = use_language();
    let toggle = move || {
        use crate::i18n::td_string;
        let locale = language.get();
        if shown.get() {
            td_string!(locale, identity.hide_password)
        } else {
            td_string!(locale, identity.show_password)
        }
    };
    view! {
        <div class="field">
            <div class="row" data-spread data-nowrap>
                <label class="field-label" for=name>{label}</label>
                <button class="button" data-look="plain" data-size="small" type="button" aria-controls=name
                    on:click=move |_| shown.update(|shown| *shown = !*shown)>{toggle}</button>
            </div>
            <input class="input" id=name name=name autocomplete=autocomplete required autocapitalize="none"
                spellcheck="false" maxlength="256" type=move || if shown.get() { "text" } else { "password" }
                aria-describedby=described_by(name) aria-invalid=move || message.with(Option::is_some).to_string()
                on:keydown=watch_capitals on:keyup=watch_capitals/>
            <p class="field-hint" role="status" hidden=move || !capitals.get()>{text!(identity.capitals)}</p>
            <Notes name hint message/>
        </div>
    }
}

#[component]
fn Notes(name: &'static str, hint: Option<AnyView>, message: Signal<Option<String>>) -> impl IntoView {
    view! {
        {hint.map(|hint| view! { <p class="field-hint" id=format!("{name}-hint")>{hint}</p> })}
        <p class="field-error" id=format!("{name}-error") hidden=move || message.with(Option::is_none)>
            {move || message.get().unwrap_or_default()}
        </p>
    }
}

fn described_by(name: &str) -> String {
    format!("{name}-error {name}-hint")
}
