//! Choosing the file that is looked at.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::Desk;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded;

/// A place to drop a file, or to pick one.
#[component]
pub(super) fn Choose(desk: Desk) -> impl IntoView {
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let picked = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            read(desk, file);
        }
        // The same file can be picked again after it was corrected.
        input.set_value("");
    };
    let dropped = move |event: web_sys::DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            read(desk, file);
        }
    };
    view! {
        <section class="card" aria-labelledby="configuration-in">
            <header class="card-head"><div>
                <h2 class="card-title" id="configuration-in">{text!(configuration.bring)}</h2>
                <p class="card-sub">{text!(configuration.bring_text)}</p>
            </div></header>
            <div class="card-body stack">
                {move || desk.problem.get().map(|error| view! {
                    <div class="notice" role="alert" data-tone="bad">
                        <Pic icon=Icon::Warning/>
                        <div>
                            <p class="notice-title">{text!(configuration.not_read)}</p>
                            <p>{loaded::words(&error, desk.language.get()).1}</p>
                        </div>
                    </div>
                })}
                <label class="dropzone" data-over=move || over.get().to_string() aria-busy=move || desk.busy.get().then_some("true")
                    on:dragover=move |event| { event.prevent_default(); over.set(true); }
                    on:dragleave=move |_| over.set(false)
                    on:drop=dropped>
                    <Pic icon=Icon::Upload/>
                    <span class="dropzone-title">{move || {
                        let locale = desk.language.get();
                        if desk.busy.get() { td_string!(locale, configuration.reading) } else { td_string!(locale, configuration.drop) }
                    }}</span>
                    <span>{text!(configuration.drop_hint)}</span>
                    <input type="file" class="visually-hidden" node_ref=input on:change=picked
                        accept=".yaml,.yml,application/yaml,text/yaml"/>
                </label>
            </div>
        </section>
    }
}

/// Reads a file and asks what it would change.
fn read(desk: Desk, file: web_sys::File) {
    desk.busy.set(true);
    spawn_local(async move {
        let name = file.name();
        let bytes = JsFuture::from(file.array_buffer()).await;
        let text = bytes.ok().and_then(|bytes| String::from_utf8(js_sys::Uint8Array::new(&bytes).to_vec()).ok());
        if desk.busy.try_set(false).is_some() {
            return;
        }
        match text {
            Some(text) => desk.take(name, text),
            None => {
                let message = td_string!(desk.language.get_untracked(), configuration.no_text).to_owned();
                desk.problem.set(Some(domain::refusal::Refusal::Conflict(message).into()));
            }
        }
    });
}
