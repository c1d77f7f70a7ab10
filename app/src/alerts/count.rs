//! How many alerts want somebody now, as it stands beside the word in the navigation.

use domain::fields::Subject;
use leptos::prelude::*;

use super::server_fns::count_alerts;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::{paced, use_live};
use crate::ui::later::later;

/// However much happens, alerts are counted again at most this often.
const PACE: std::time::Duration = std::time::Duration::from_millis(500);

/// The number of open alerts that are critical or high; none before it is known.
#[derive(Clone, Copy)]
pub struct Pressing(RwSignal<u32>);

impl Pressing {
    /// Counts in the browser, and again whenever an alert changes: the page must not wait for it.
    #[must_use]
    pub fn start() -> Self {
        let pressing = RwSignal::new(0);
        let version = paced(use_live().version(|note| note.subject == Subject::Alert), PACE);
        let told = later(move || {
            version.track();
            count_alerts()
        });
        // Without an answer the number stays as it is until the next change.
        Effect::new(move |_| {
            if let Some(Ok(counts)) = told.get() {
                pressing.set(counts.pressing);
            }
        });
        Self(pressing)
    }
}

/// The number beside the word; nothing where there is none.
#[component]
pub fn PressingBadge() -> impl IntoView {
    let (Pressing(count), language) = (expect_context::<Pressing>(), use_language());
    view! {
        <Show when={move || count.get() > 0}>
            <span class="rail-count" title=move || td_string!(language.get(), alerts.pressing, total = count.get())>
                <span aria-hidden="true">{move || format::integer(i64::from(count.get().min(999)))}</span>
                <span class="visually-hidden">{move || td_string!(language.get(), alerts.pressing, total = count.get())}</span>
            </span>
        </Show>
    }
}
