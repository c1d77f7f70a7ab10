//! Keys that work everywhere, and the sheet that lists them.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::Frame;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::dialog::Dialog;

/// A key and what it does; pages add their own to the sheet's second half.
struct Key {
    keys: &'static [&'static str],
    does: fn(Locale) -> &'static str,
}

const KEYS: [Key; 14] = [
    Key { keys: &["Ctrl", "K"], does: |locale| td_string!(locale, shell.key_palette) },
    Key { keys: &["?"], does: |locale| td_string!(locale, shell.key_help) },
    Key { keys: &["g", "t"], does: |locale| td_string!(locale, shell.key_today) },
    Key { keys: &["g", "a"], does: |locale| td_string!(locale, shell.key_accounts) },
    Key { keys: &["g", "l"], does: |locale| td_string!(locale, shell.key_alerts) },
    Key { keys: &["g", "k"], does: |locale| td_string!(locale, shell.key_tasks) },
    Key { keys: &["g", "i"], does: |locale| td_string!(locale, shell.key_import) },
    Key { keys: &["g", "s"], does: |locale| td_string!(locale, shell.key_settings) },
    Key { keys: &["/"], does: |locale| td_string!(locale, shell.key_filter) },
    Key { keys: &["j", "k"], does: |locale| td_string!(locale, shell.key_rows) },
    Key { keys: &["x", "o"], does: |locale| td_string!(locale, shell.key_row) },
    Key { keys: &["e", "s", "a", "d"], does: |locale| td_string!(locale, shell.key_steps) },
    Key { keys: &["c", "s", "e", "n"], does: |locale| td_string!(locale, shell.key_task_steps) },
    Key { keys: &["1", "…", "8"], does: |locale| td_string!(locale, shell.key_tabs) },
];

/// Listens for the keys that work on every page.
pub(super) fn listen(frame: Frame) {
    let navigate = use_navigate();
    let leader = StoredValue::new(false);
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let handle = window_event_listener(ev::keydown, move |event| {
            let key = event.key();
            if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
                event.prevent_default();
                frame.palette.update(|open| *open = !*open);
                return;
            }
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing() {
                leader.set_value(false);
                return;
            }
            let led = leader.get_value();
            leader.set_value(key == "g" && !led);
            let target = match (led, key.as_str()) {
                (true, "t") => "/",
                (true, "a") => "/accounts",
                (true, "l") => "/alerts",
                (true, "k") => "/tasks",
                (true, "i") => "/import",
                (true, "s") => "/settings",
                (false, "?") => {
                    frame.help.set(true);
                    return;
                }
                _ => return,
            };
            navigate(target, NavigateOptions::default());
        });
        on_cleanup(move || handle.remove());
    });
}

/// Returns whether the focus is where letters are typed, or a dialog is open.
#[must_use]
pub fn is_typing() -> bool {
    let Some(element) = document().active_element() else { return false };
    let name = element.tag_name();
    matches!(name.as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.has_attribute("contenteditable")
        || element.closest("dialog[open]").ok().flatten().is_some()
}

#[component]
pub(super) fn KeySheet(frame: Frame) -> impl IntoView {
    let language = use_language();
    let title = Signal::derive(move || td_string!(language.get(), shell.keys).to_owned());
    view! {
        <Dialog open=frame.help title>
            <div class="dialog-body">
                <dl class="facts">
                    {KEYS.iter().map(|key| view! {
                        <div>
                            <dt>{key.keys.iter().map(|name| view! { <kbd class="kbd">{*name}</kbd>" " }).collect_view()}</dt>
                            <dd>{move || (key.does)(language.get())}</dd>
                        </div>
                    }).collect_view()}
                </dl>
            </div>
        </Dialog>
    }
}
