//! Toasts: short messages that go by themselves, with a way to take back what was done.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use crate::error::Error;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::words;

/// How long a toast stays.
const STAYS: Duration = Duration::from_secs(8);
/// How long it stays once more while somebody reads it or is about to press it.
const HELD: Duration = Duration::from_secs(2);

/// What a message offers to do. It belongs to the message: the row that it is about may be drawn anew meanwhile.
type Action = Arc<dyn Fn() + Send + Sync>;

/// One message.
#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    bad: bool,
    action: Option<(String, Action)>,
}

/// The messages on the screen; get them with [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
    /// Whether the pointer or the focus is on one of them.
    held: StoredValue<bool>,
}

/// Returns the messages of this tab.
#[must_use]
pub fn use_toasts() -> Toasts {
    expect_context::<Toasts>()
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

impl Toasts {
    /// Returns an empty list.
    #[must_use]
    pub fn new() -> Self {
        Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0), held: StoredValue::new(false) }
    }

    /// Says that something was done.
    pub fn say(self, text: impl Into<String>) {
        self.push(text.into(), false, None);
    }

    /// Says that something was done and offers an action, such as undo.
    pub fn offer(self, text: impl Into<String>, label: impl Into<String>, action: impl Fn() + Send + Sync + 'static) {
        self.push(text.into(), false, Some((label.into(), Arc::new(action))));
    }

    /// Says why something was not done.
    pub fn error(self, error: &Error) {
        let locale =
            use_context::<crate::language::Language>().map(|language| language.get_untracked()).unwrap_or_default();
        self.push(words(error, locale).1, true, None);
    }

    fn push(self, text: String, bad: bool, action: Option<(String, Action)>) {
        let id = self
            .next
            .try_update_value(|next| {
                *next += 1;
                *next
            })
            .unwrap_or_default();
        self.list.update(|list| {
            list.push(Toast { id, text, bad, action });
            if list.len() > 4 {
                list.remove(0);
            }
        });
        self.dismiss_after(id, STAYS);
    }

    fn dismiss_after(self, id: u32, time: Duration) {
        let due = move || if self.held.get_value() { self.dismiss_after(id, HELD) } else { self.dismiss(id) };
        set_timeout(due, time);
    }

    fn dismiss(self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
        // What is gone under the pointer does not say that the pointer has left it.
        if self.list.with_untracked(Vec::is_empty) {
            self.held.set_value(false);
        }
    }
}

/// Shows the messages.
#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = use_toasts();
    let language = use_language();
    view! {
        <div class="toasts" aria-live="polite" role="status"
            on:pointerover=move |_| toasts.held.set_value(true) on:pointerout=move |_| toasts.held.set_value(false)
            on:focusin=move |_| toasts.held.set_value(true) on:focusout=move |_| toasts.held.set_value(false)>
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                <div class="toast" data-tone=toast.bad.then_some("bad")>
                    <span class="toast-text">{toast.text.clone()}</span>
                    {toast.action.clone().map(|(label, action)| view! {
                        <button class="button" data-size="small" type="button"
                            on:click=move |_| { toasts.dismiss(toast.id); action(); }>{label}</button>
                    })}
                    <button class="icon-button" data-size="small" type="button"
                        aria-label=move || crate::i18n::td_string!(language.get(), common.close)
                        on:click=move |_| toasts.dismiss(toast.id)><Pic icon=Icon::Cross/></button>
                </div>
            </For>
        </div>
    }
}
