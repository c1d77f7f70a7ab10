//! When the page has woken: until then what the browser holds must be what the server drew, also in the parts whose
//! program is still on its way.

use std::sync::LazyLock;

use leptos::prelude::*;

static AWAKE: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));

/// Says that the whole page has woken; the browser's program calls it once.
pub fn woken() {
    AWAKE.set(true);
    // Tests and the sign-in form wait for this: from here on, clicks arrive.
    if let Some(body) = document().body() {
        let _ = body.dataset().set("hydrated", "1");
    }
}

/// Returns whether the page has woken, and follows it: what asks the server by itself waits for this.
#[must_use]
pub fn is_awake() -> bool {
    AWAKE.get()
}
