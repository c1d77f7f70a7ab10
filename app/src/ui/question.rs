//! A form in a dialog: what is asked, what is wrong with the answer, and the buttons.

use leptos::prelude::*;

use crate::error::Error;
use crate::language::use_language;
use crate::ui::loaded;

/// How an answer fares.
#[derive(Clone, Copy)]
pub struct Inquiry {
    /// Whether the server is being asked.
    pub busy: RwSignal<bool>,
    /// What is wrong with the answer.
    pub problem: RwSignal<Option<Error>>,
    /// Asks no more.
    pub cancel: Callback<()>,
}

/// A form with a way out, a button that saves, and the reason of a refusal.
#[component]
pub fn Question(
    /// How its answer fares.
    of: Inquiry,
    /// Takes the answer.
    submit: Callback<()>,
    /// What the button says; "Save" unless told.
    #[prop(optional, into)]
    save: Option<ViewFn>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let language = use_language();
    let problem = move || {
        let error = of.problem.get()?;
        Some(view! { <p class="field-error" role="alert">{loaded::words(&error, language.get()).1}</p> })
    };
    let save = save.unwrap_or_else(|| ViewFn::from(|| text!(common.save)));
    view! {
        <form on:submit=move |event| { event.prevent_default(); submit.run(()); }>
            <div class="dialog-body stack">{children()}{problem}</div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| of.cancel.run(())>{text!(common.cancel)}</button>
                <button class="button" data-look="primary" type="submit" disabled=move || of.busy.get()
                    aria-busy=move || of.busy.get().then_some("true")>{save.run()}</button>
            </footer>
        </form>
    }
}
