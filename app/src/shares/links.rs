//! Links in a dialog: one below the other, with what can be done with each.

use domain::shares::{ShareRow, State};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::revoke_share;
use super::words;
use crate::boot;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::toast::use_toasts;

/// Links as a list.
#[component]
pub(super) fn Links(rows: Vec<ShareRow>, changed: Callback<()>) -> impl IntoView {
    let language = use_language();
    let now = boot::now();
    let item = move |row: ShareRow| {
        let (of, end, views) = (row.clone(), row.share.clone(), row.clone());
        view! {
            <li class="shares-link">
                <State row=row.clone()/>
                <span>{move || words::what(&of.share, language.get())}</span>
                <span class="muted">{move || words::end(&end, language.get())}</span>
                <span class="muted">{move || words::views(&views, now, language.get())}</span>
                <End row changed/>
            </li>
        }
    };
    view! { <ul class="shares-links">{rows.into_iter().map(item).collect_view()}</ul> }
}

/// Whether a link works.
#[component]
pub(super) fn State(row: ShareRow) -> impl IntoView {
    let language = use_language();
    let share = row.share;
    move || {
        let (word, tone) = words::state(&share, boot::now(), language.get());
        view! { <span class="badge" data-tone=tone>{word}</span> }
    }
}

/// Ends a link that works.
#[component]
pub(super) fn End(row: ShareRow, changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let share = row.share;
    if share.state(boot::now()) != State::Active {
        return ().into_any();
    }
    let (id, name) = (share.id, StoredValue::new(share.name));
    let label = move || td_string!(language.get(), shares.revoke_of, name = name.get_value());
    let busy = RwSignal::new(false);
    let end = move |_| {
        let name = name.get_value();
        busy.set(true);
        spawn_local(async move {
            match revoke_share(id).await {
                Ok(()) => toasts.say(td_string!(language.get_untracked(), shares.was_revoked, name = name)),
                Err(error) => toasts.error(&error),
            }
            busy.try_set(false);
            changed.try_run(());
        });
    };
    view! {
        <button class="button" data-size="small" type="button" aria-label=label disabled=move || busy.get() on:click=end>
            {text!(shares.revoke)}
        </button>
    }
    .into_any()
}
