//! A weight: a slider, its number, and a lock that lets it stay while others move.

use leptos::prelude::*;

use super::bench::use_bench;
use crate::format;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};

/// The weight of a group or a measure, in per cent of its siblings.
#[component]
pub(super) fn Weight(
    /// What is weighed.
    key: StoredValue<String>,
    /// What people call it.
    label: Memo<String>,
    /// Its weight.
    share: Memo<f64>,
    /// Sets it.
    set: Callback<f64>,
) -> impl IntoView {
    let bench = use_bench();
    let name = move || td_string!(bench.language.get(), scorecards.weight_of, name = label.get());
    let spoken = move || format::percent(share.get());
    let is_locked = move || key.with_value(|key| bench.locks.with(|locks| locks.contains(key)));
    let moved = move |event: leptos::ev::Event| {
        if let Some(value) = event_target_value(&event).trim().parse::<f64>().ok().filter(|value| value.is_finite()) {
            set.run(value);
        }
        // The locks may leave less than was asked for: the box shows what it came to.
        let input: web_sys::HtmlInputElement = event_target(&event);
        input.set_value(&share.get_untracked().to_string());
    };
    if !bench.may_edit {
        return view! { <p class="faint scorecard-weight-text">{name}": "{spoken}</p> }.into_any();
    }
    let lock_name = move || td_string!(bench.language.get(), scorecards.lock_of, name = label.get());
    view! {
        <div class="scorecard-weight">
            <input class="slider" type="range" min="0" max="100" step="1" aria-label=name aria-valuetext=spoken
                value=share.get_untracked().to_string() prop:value=move || share.get().to_string() on:input=moved/>
            <input class="input" type="number" min="0" max="100" step="0.1" aria-label=name value=share.get_untracked().to_string()
                prop:value=move || share.get().to_string() on:change=moved/>
            <button class="icon-button" data-size="small" type="button" aria-label=lock_name title=text!(scorecards.lock_text)
                aria-pressed=move || is_locked().to_string() on:click=move |_| key.with_value(|key| bench.toggle_lock(key))>
                <Pic icon=Icon::Lock/>
            </button>
        </div>
    }
    .into_any()
}
