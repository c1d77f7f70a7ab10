//! Dialogs on the browser's own `<dialog>`, which traps focus and closes on Escape by itself.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use crate::ui::icon::{Icon, Pic};

/// How often a dialog is tried to be shown, and the pause between: what is asked for while its page is drawn stands in no
/// document yet.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

fn show(dialog: HtmlDialogElement, tries: u32) {
    if !dialog.open() && dialog.show_modal().is_err() && tries > 0 {
        set_timeout(move || show(dialog, tries - 1), PAUSE);
    }
}

/// A modal dialog that is open while the signal says so.
#[component]
pub fn Dialog(
    /// Whether it is open; closing it in any way sets this to false.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// What it holds; drawn anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() {
            show(dialog, TRIES);
        } else if dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog class="dialog" node_ref=node aria-label=move || title.get() on:close=move |_| open.set(false)>
            <header class="dialog-head">
                <h2>{move || title.get()}</h2>
                <button class="icon-button" type="button" aria-label=text!(common.close) on:click=move |_| open.set(false)>
                    <Pic icon=Icon::Cross/>
                </button>
            </header>
            <Show when=move || open.get()>{children.with_value(|children| children())}</Show>
        </dialog>
    }
}

/// Returns whether a dialog is open: while something is asked. Closing it in any way asks nothing any more.
pub fn open_while<T: Send + Sync + 'static>(asked: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.with(Option::is_some)));
    // Only where it was open: else the two would call each other for ever.
    Effect::watch(
        move || open.get(),
        move |open, was, _| {
            if was == Some(&true) && !open {
                asked.set(None);
            }
        },
        false,
    );
    open
}
