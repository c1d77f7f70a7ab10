//! Menus close as people expect: after a choice, on a click elsewhere, and on Escape.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

/// Listens for what closes a menu.
pub(super) fn listen() {
    Effect::new(|_| {
        let click = window_event_listener(ev::click, |event| {
            let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
            let chosen = target.closest(".menu-item").ok().flatten().is_some();
            for menu in open_menus() {
                let inside = menu.contains(Some(target.unchecked_ref::<Node>()));
                if chosen || !inside {
                    let _ = menu.remove_attribute("open");
                }
            }
        });
        let escape = window_event_listener(ev::keydown, |event| {
            if event.key() != "Escape" {
                return;
            }
            for menu in open_menus() {
                let _ = menu.remove_attribute("open");
                let summary = menu.query_selector("summary").ok().flatten();
                if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
                    let _ = summary.focus();
                }
            }
        });
        on_cleanup(move || {
            click.remove();
            escape.remove();
        });
    });
}

fn open_menus() -> Vec<Element> {
    let Ok(found) = document().query_selector_all("details.menu[open]") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}
