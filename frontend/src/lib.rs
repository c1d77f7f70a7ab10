//! Wakes: hydrates the page that the server rendered, or draws it where only the shell was cached.

use leptos::mount::hydrate_from_async;
use leptos::prelude::document;
use wasm_bindgen::UnwrapThrowExt;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Starts the application in the browser.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        let body = document().body().unwrap_throw();
        hydrate_from_async(body, app::App).await.forget();
        app::waking::woken();
    });
}
