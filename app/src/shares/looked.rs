//! Who looked at a link.

use domain::shares::{Access, Share};
use leptos::prelude::*;

use super::server_fns::load_accesses;
use super::words;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::later::later;
use crate::ui::loaded::{Problem, Skeleton};

/// A dialog with everybody who looked at the link that is asked for.
#[component]
pub(super) fn LookedDialog(asked: RwSignal<Option<Share>>) -> impl IntoView {
    let language = use_language();
    let open = open_while(asked);
    let title = Signal::derive(move || {
        let name = asked.get().map(|share| share.name).unwrap_or_default();
        td_string!(language.get(), shares.looked_at, name = name)
    });
    view! {
        <Dialog open title>
            <div class="dialog-body stack">
                <p class="field-hint">{text!(shares.looked_text)}</p>
                <Looks asked/>
            </div>
        </Dialog>
    }
}

#[component]
fn Looks(asked: RwSignal<Option<Share>>) -> impl IntoView {
    let again = RwSignal::new(0_u32);
    let id = asked.get_untracked().map(|share| share.id);
    let looks = later(move || {
        again.get();
        async move {
            match id {
                Some(id) => load_accesses(id).await,
                None => Ok(Vec::new()),
            }
        }
    });
    let retry = Callback::new(move |()| again.update(|again| *again += 1));
    move || match looks.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(error)) => view! { <Problem error retry/> }.into_any(),
        Some(Ok(looks)) if looks.is_empty() => view! { <p>{text!(shares.looked_none)}</p> }.into_any(),
        Some(Ok(looks)) => view! { <Table looks/> }.into_any(),
    }
}

#[component]
fn Table(looks: Vec<Access>) -> impl IntoView {
    let language = use_language();
    let row = move |look: Access| {
        let tone = if look.outcome.is_success() { "good" } else { "warn" };
        view! {
            <tr>
                <th scope="row">{format::date_time(look.at)}</th>
                <td><span class="badge" data-tone=tone>{move || words::outcome(look.outcome, language.get())}</span></td>
                <td>{look.network}</td>
                <td>{look.program}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=text!(shares.looked)>
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(shares.when)}</th>
                    <th scope="col">{text!(shares.outcome)}</th>
                    <th scope="col">{text!(shares.network)}</th>
                    <th scope="col">{text!(shares.program)}</th>
                </tr></thead>
                <tbody>{looks.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
