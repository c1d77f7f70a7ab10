//! The notification centre without a mouse: j and k move, Enter opens, e marks, s puts away until tomorrow.

use domain::id::NoticeId;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::server_fns::{mark_notices, snooze_notices};
use crate::shell::is_typing;
use crate::ui::focus::focus_later;
use crate::ui::toast::use_toasts;

/// Hours until tomorrow at the same time.
const TOMORROW: u32 = 24;

/// Listens for the keys of the page.
pub(super) fn listen(changed: Callback<()>) {
    let toasts = use_toasts();
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing() {
                return;
            }
            match event.key().as_str() {
                "j" => step(1),
                "k" => step(-1),
                "/" => {
                    event.prevent_default();
                    focus_later("notice-search");
                }
                key @ ("e" | "s") => {
                    let Some((id, read, next)) = current() else { return };
                    let away = key == "s";
                    spawn_local(async move {
                        let done = if away {
                            snooze_notices(vec![id], TOMORROW).await
                        } else {
                            mark_notices(vec![id], !read).await
                        };
                        match done {
                            Ok(()) => changed.run(()),
                            Err(error) => toasts.error(&error),
                        }
                        // The list is drawn again, and the focus goes on where it was.
                        if let Some(next) = next {
                            set_timeout(move || focus_later(&next), std::time::Duration::from_millis(300));
                        }
                    });
                }
                _ => {}
            }
        });
        on_cleanup(move || handle.remove());
    });
}

fn items() -> Vec<Element> {
    let Ok(found) = document().query_selector_all(".notice-item") else { return Vec::new() };
    let found = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<Element>().ok());
    // What a closed entry lists cannot have the focus.
    found.filter(|item| !matches!(item.closest(".notice-storm details:not([open])"), Ok(Some(_)))).collect()
}

/// Returns the place of the item that has the focus.
fn place(items: &[Element]) -> Option<usize> {
    let focused = document().active_element()?.closest(".notice-item").ok()??;
    items.iter().position(|item| *item == focused)
}

fn step(by: isize) {
    let items = items();
    let to = match place(&items) {
        Some(at) => at.saturating_add_signed(by).min(items.len().saturating_sub(1)),
        None => 0,
    };
    let link = items.get(to).and_then(|item| item.query_selector(".notice-link").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let _ = link.focus();
    }
}

/// Returns the notice that has the focus, whether it was read, and the id of the element that is next.
fn current() -> Option<(NoticeId, bool, Option<String>)> {
    let items = items();
    let at = place(&items)?;
    let item = items.get(at)?;
    let id = item.get_attribute("data-notice")?.parse().ok()?;
    let next = items.get(at + 1).or(if at > 0 { items.get(at - 1) } else { None });
    let next = next.and_then(|item| item.get_attribute("data-notice")).map(|id| format!("notice-{id}"));
    Some((id, item.has_attribute("data-read"), next))
}
