//! Wakes: hydrates the page that the server rendered, or draws it where only the shell was cached.

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the application in the browser.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
