//! The page that is not there.

use leptos::prelude::*;
use leptos_meta::Title;

/// Says that there is no such page, with the way home.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text=text!(common.not_found_title)/>
        <main class="error-page" id="main">
            <p class="error-code">"404"</p>
            <h1>{text!(common.not_found_title)}</h1>
            <p>{text!(common.not_found_text)}</p>
            <a class="button" data-look="primary" href="/">{text!(common.not_found_action)}</a>
        </main>
    }
}
