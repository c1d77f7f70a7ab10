//! Keys of an account's page: 1 to 9 for the tabs, [ and ] for the ones beside, n for a note, t for the past.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::TABS;
use super::desk::Desk;
use super::overview::tab_href;
use crate::boot;

/// Listens for the keys of the page as long as it is there.
pub(super) fn listen(desk: Desk) {
    let (navigate, compose) = (use_navigate(), super::timeline::compose(desk));
    Effect::new(move |_| {
        let (navigate, compose) = (navigate.clone(), compose.clone());
        let handle = window_event_listener(ev::keydown, move |event| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_busy() {
                return;
            }
            let key = event.key();
            if key == "t" {
                event.prevent_default();
                desk.travel();
                return;
            }
            if key == "n" && boot::may(domain::identity::Role::Csm) && !desk.in_past.get_untracked() {
                event.prevent_default();
                compose();
                return;
            }
            let present = desk.tab.with_untracked(|tab| TABS.iter().position(|(name, _)| name == tab)).unwrap_or(0);
            let place = match key.as_str() {
                "[" => present.checked_sub(1),
                "]" => Some(present + 1),
                digit => digit.parse::<usize>().ok().and_then(|digit| digit.checked_sub(1)),
            };
            if let Some((tab, _)) = place.and_then(|place| TABS.get(place)) {
                let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
                navigate(&untrack(|| tab_href(desk, tab)), options);
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Returns whether letters are being typed, or a dialog is open.
fn is_busy() -> bool {
    let Some(element) = document().active_element() else { return false };
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || document().query_selector("dialog[open]").ok().flatten().is_some()
}
