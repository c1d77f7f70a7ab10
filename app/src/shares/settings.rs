//! All links that there are: one's own, and for managers everybody's.

use domain::fields::Subject;
use domain::shares::{Share, ShareRow};
use leptos::prelude::*;

use super::links::{End, State};
use super::looked::LookedDialog;
use super::server_fns::list_shares;
use super::words;
use crate::boot;
use crate::language::use_language;
use crate::live::use_live;
use crate::schedules::OutsideMail;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// What leaves the workspace by itself.
#[component]
pub fn Sharing() -> impl IntoView {
    let version = use_live().version(|note| note.subject == Subject::Share);
    let links = Resource::new(move || version.get(), |_| list_shares());
    let changed = Callback::new(move |()| links.refetch());
    let asked = RwSignal::new(None);
    view! {
        <section class="card" aria-labelledby="share-links">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="share-links">{text!(shares.links)}</h2>
                    <p class="card-sub">{text!(shares.links_text)}</p>
                </div>
            </header>
            <div class="card-body" data-flush>
                <Loaded resource=links children=move |rows| view! { <Table rows changed asked/> }/>
            </div>
        </section>
        <OutsideMail/>
        <LookedDialog asked/>
    }
}

#[component]
fn Table(rows: Vec<ShareRow>, changed: Callback<()>, asked: RwSignal<Option<Share>>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <div class="empty">
                <Pic icon=Icon::People/>
                <p class="empty-title">{text!(shares.none)}</p>
                <p class="empty-text">{text!(shares.none_text)}</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="share-links">
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(shares.what)}</th>
                    <th scope="col">{text!(shares.by)}</th>
                    <th scope="col">{text!(shares.state)}</th>
                    <th scope="col">{text!(shares.views)}</th>
                    <th scope="col"><span class="visually-hidden">{text!(shares.actions)}</span></th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| view! { <Row row changed asked/> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(row: ShareRow, changed: Callback<()>, asked: RwSignal<Option<Share>>) -> impl IntoView {
    let language = use_language();
    let (of, by, end, views) = (row.share.clone(), row.share.clone(), row.share.clone(), row.clone());
    let (share, name) = (row.share.clone(), row.share.name.clone());
    view! {
        <tr>
            <th scope="row">{name}<br/><span class="field-hint">{move || words::what(&of, language.get())}</span></th>
            <td>{move || words::maker(&by, language.get())}</td>
            <td class="nowrap"><State row=row.clone()/><br/>
                <span class="field-hint">{move || words::end(&end, language.get())}</span></td>
            <td class="nowrap">{move || words::views(&views, boot::now(), language.get())}</td>
            <td class="number">
                <div class="row" data-nowrap>
                    <button class="button" data-size="small" type="button" on:click=move |_| asked.set(Some(share.clone()))>
                        {text!(shares.looked)}
                    </button>
                    <End row changed/>
                </div>
            </td>
        </tr>
    }
}
