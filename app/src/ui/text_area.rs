//! The only text area of the product: its text is a property, never a child, because children of a
//! text area are not escaped when the page is rendered on the server.

use leptos::prelude::*;

/// A text area bound to a signal.
#[component]
pub fn TextArea(
    /// Its id, for the label.
    #[prop(into)]
    id: String,
    /// The text.
    value: RwSignal<String>,
    /// What stands in it while it is empty.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// How many lines it shows.
    #[prop(default = 3)]
    rows: u32,
    /// The most characters it takes.
    #[prop(default = 20_000)]
    max: u32,
) -> impl IntoView {
    view! {
        <textarea class="textarea" id=id rows=rows maxlength=max placeholder=placeholder
            prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event))/>
    }
}
