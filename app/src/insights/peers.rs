//! Where an account stands among those like it.

use domain::id::AccountId;
use domain::insights::Peers;
use leptos::prelude::*;

use super::server_fns::load_peers;
use super::words;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::later::later;

/// Says better than how many of its segment and category an account is; loaded after the page, in the browser.
#[component]
pub fn PeerRanks(
    /// Which account; nothing is said without one.
    id: Signal<Option<AccountId>>,
    /// Grows when a score of the account changes.
    version: Signal<u64>,
) -> impl IntoView {
    let language = use_language();
    let peers = later(move || {
        let (id, _) = (id.get(), version.get());
        async move {
            match id {
                Some(id) => load_peers(id).await.unwrap_or_default(),
                None => Vec::new(),
            }
        }
    });
    let said = move |peers: &Peers| {
        let (locale, count) = (language.get(), format::integer(i64::from(peers.accounts.saturating_sub(1))));
        let name = words::group(Some(&peers.name), locale);
        let share = format::percent(f64::from(peers.better_than_pct()?));
        Some(td_string!(locale, insights.better_than, share = share, name = name, count = count))
    };
    move || {
        let said: Vec<String> = peers.get()?.iter().filter_map(said).collect();
        (!said.is_empty()).then(|| {
            view! { <ul class="peer-ranks">{said.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul> }
        })
    }
}
