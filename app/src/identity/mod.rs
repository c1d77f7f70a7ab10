//! Being written.

use leptos::prelude::*;

/// Signs in.
#[component]
pub fn SignInPage() -> impl IntoView {
    view! { <h1>"Sign in"</h1> }
}

/// Sets up.
#[component]
pub fn SetupPage() -> impl IntoView {
    view! { <h1>"Set up"</h1> }
}
