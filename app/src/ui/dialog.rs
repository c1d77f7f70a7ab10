//! Dialogs on the browser's own `<dialog>`, which traps focus and closes on Escape by itself.

use leptos::html;
use leptos::prelude::*;

use crate::ui::icon::{Icon, Pic};

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
            if !dialog.open() {
                let _ = dialog.show_modal();
            }
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
