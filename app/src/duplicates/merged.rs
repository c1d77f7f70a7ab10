//! What stands on the page of an account that became another one.

use domain::id::AccountId;
use leptos::prelude::*;

use super::server_fns::merged_into;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// Leads to the account that a merged one became.
#[component]
pub fn MergedInto(
    /// The account that was merged.
    id: AccountId,
) -> impl IntoView {
    let language = use_language();
    let found = Resource::new(move || (), move |()| merged_into(id));
    view! {
        <Loaded resource=found lines=1 children=move |found| found.map(|(id, name)| {
            let text = name.clone();
            view! {
                <div class="notice" data-tone="info" role="status">
                    <Pic icon=Icon::Right/>
                    <div>
                        <p class="notice-title">{move || td_string!(language.get(), duplicates.was_merged, name = text.clone())}</p>
                        <p>{text!(duplicates.was_merged_text)}</p>
                    </div>
                    <a class="button" data-size="small" href=format!("/accounts/{id}")>
                        {move || td_string!(language.get(), duplicates.go_to, name = name.clone())}
                    </a>
                </div>
            }
        })/>
    }
}
