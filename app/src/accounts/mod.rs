//! Accounts: the whole portfolio as one grid, of any size, with a filter language, saved views, edits in place and
//! changes of many accounts at once. What it shows is in the address, so that it can be shared.

mod address;
mod cache;
mod cell;
mod columns;
mod editor;
mod filter_bar;
mod grid;
mod keyboard;
pub(crate) mod labels;
mod loading;
mod selection;
pub mod server_fns;
mod table;
mod views;

use domain::export::{Request, What};
use domain::identity::Role;
use domain::reports::Keyed;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::boot;
use crate::error::Result;
use crate::exports::{Exporting, Offer};
use crate::format;
use crate::i18n::td_string;
use crate::paper::{self, Kind, PaperButton};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Loaded, Problem};
use address::Address;
use columns::Columns;
use filter_bar::{Conditions, FilterBar};
use grid::Grid;
pub(crate) use labels::field as field_label;
use selection::Selection;
pub(crate) use server_fns::account_fields;
use server_fns::{Start, create_account, start_accounts};
use table::Table;
use views::Views;

/// The page with all accounts.
pub struct AccountsPage {
    start: Resource<Result<Start>>,
}

#[lazy_route]
impl LazyRoute for AccountsPage {
    fn data() -> Self {
        let query = use_query_map();
        let start = Resource::new(
            || (),
            move |()| {
                let Address { view, filter, sort, .. } = query.with_untracked(Address::read);
                start_accounts(view, filter, sort)
            },
        );
        Self { start }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Title text=text!(accounts.title)/>
            <Loaded resource=this.start lines=12 let:start><Portfolio start/></Loaded>
        }
        .into_any()
    }
}

/// A document for each account of the list, or of the selected ones, in one archive.
#[component]
fn Documents(grid: Grid) -> impl IntoView {
    let label = Signal::derive(move || td_string!(grid.language.get(), paper.batch_button).to_owned());
    let offer = move |()| {
        let path = "/api/v1/export/reports.zip".to_owned();
        let ids = grid.selected.with_untracked(|ids| ids.iter().map(ToString::to_string).collect::<Vec<_>>());
        paper::Offer {
            documents: vec![(Kind::Health, path.clone()), (Kind::Review, path)],
            fixed: vec![("filter", grid.look.with_untracked(|look| look.filter.clone()))],
            selected: Some((ids.len(), ids.join(","))),
            is_archive: true,
        }
    };
    view! { <PaperButton offer label/> }
}

#[component]
fn Portfolio(start: Start) -> impl IntoView {
    let grid = Grid::new(start);
    let (creating, exporting) = (RwSignal::new(false), RwSignal::new(false));
    let query = use_query_map();
    Effect::new(move |_| {
        // The palette leads here; the address is then as it was, so that it can lead here again.
        if grid.may_edit && query.with(|query| query.get("do").as_deref() == Some("export")) {
            exporting.set(true);
            grid.settle_soon();
        }
    });
    let retry = Callback::new(move |()| grid.retry());
    let is_empty = move || {
        let none = grid.cache.with(|cache| cache.total == 0);
        none && !grid.busy.get() && grid.problem.with(Option::is_none)
    };
    let is_blank = move || grid.problem.with(Option::is_some) && grid.cache.with(cache::Cache::is_blank);
    view! {
        <div class="page-head">
            <div><h1 class="page-title">{text!(accounts.title)}</h1><p class="page-sub">{text!(accounts.subtitle)}</p></div>
            <div class="page-actions">
                <a class="button" href="/accounts/quality"><Pic icon=Icon::Check/><span>{text!(accounts.quality)}</span></a>
                {grid.may_edit.then(|| view! {
                    <button class="button" type="button" on:click=move |_| exporting.set(true)>
                        <Pic icon=Icon::Download/><span>{text!(exports.button)}</span>
                    </button>
                    <Documents grid/>
                    <a class="button" href="/import"><Pic icon=Icon::Upload/><span>{text!(accounts.import_short)}</span></a>
                    <button class="button" data-look="primary" type="button" on:click=move |_| creating.set(true)>
                        <Pic icon=Icon::Plus/><span>{text!(accounts.new_account)}</span>
                    </button>
                })}
            </div>
        </div>
        <div class="page-body">
            <div class="grid-view">
                <Views grid/>
                <div class="grid-toolbar"><FilterBar grid/><Columns grid/></div>
                <Conditions grid/>
                <Selection grid/>
                {move || grid.problem.get().map(|error| view! { <Problem error retry/> })}
                <Show when=move || !is_empty() && !is_blank() fallback=move || view! { <Show when=is_empty><Nothing grid/></Show> }>
                    <Table grid/>
                </Show>
                <Summary grid/>
            </div>
        </div>
        <NewAccount grid open=creating/>
        <Exporting offer=offer(grid) open=exporting/>
    }
}

/// Returns what leaves from here: the accounts of the list, and what hangs on them.
fn offer(grid: Grid) -> Offer {
    let listed = move || Request { filter: grid.look.with(|look| look.filter.clone()), ..Request::default() };
    Offer {
        whats: What::ALL,
        listed: Signal::derive(listed),
        selected: Signal::derive(move || grid.selected.with(|ids| ids.iter().copied().collect())),
        shown: Signal::derive(move || grid.look.with(|look| look.columns.clone())),
        one: false,
    }
}

/// Says what to do where there is no row.
#[component]
fn Nothing(grid: Grid) -> impl IntoView {
    let is_filtered = move || grid.look.with(|look| !look.filter.is_empty());
    let may_import = boot::may(Role::Csm);
    let none_at_all = move || {
        view! {
            <div class="empty">
                <Pic icon=Icon::Building/>
                <p class="empty-title">{text!(accounts.empty_title)}</p>
                {if may_import {
                    view! {
                        <p class="empty-text">{text!(accounts.empty_text)}</p>
                        <a class="button" data-look="primary" href="/import"><Pic icon=Icon::Upload/><span>{text!(accounts.import)}</span></a>
                    }.into_any()
                } else {
                    view! { <p class="empty-text">{text!(accounts.empty_text_viewer)}</p> }.into_any()
                }}
            </div>
        }
    };
    view! {
        <Show when=is_filtered fallback=none_at_all>
            <div class="empty">
                <Pic icon=Icon::Funnel/>
                <p class="empty-title">{text!(accounts.nothing_title)}</p>
                <p class="empty-text">{text!(accounts.nothing_text)}</p>
                <button class="button" type="button" on:click=move |_| grid.set_filter(String::new(), false)>
                    {text!(accounts.clear_filter)}
                </button>
            </div>
        </Show>
    }
}

/// How many accounts there are and how many are selected; said aloud when it changes.
#[component]
fn Summary(grid: Grid) -> impl IntoView {
    let total = move || {
        let (locale, total) = (grid.language.get(), grid.cache.with(|cache| cache.total));
        match total {
            _ if grid.busy.get() => td_string!(locale, accounts.loading_list).to_owned(),
            1 => td_string!(locale, accounts.single_account).to_owned(),
            total => td_string!(locale, accounts.many_accounts, total = format::integer(i64::from(total))),
        }
    };
    let selected = move || {
        let count = grid.selected.with(std::collections::BTreeSet::len);
        let count = format::integer(i64::try_from(count).unwrap_or(i64::MAX));
        td_string!(grid.language.get(), accounts.many_selected, total = count)
    };
    view! {
        <div class="grid-summary" role="status">
            <span>{total}</span>
            <Show when=move || grid.selected.with(|selected| !selected.is_empty())><span>{selected}</span></Show>
        </div>
    }
}

/// Asks for the name of a new account and opens its page.
#[component]
fn NewAccount(grid: Grid, open: RwSignal<bool>) -> impl IntoView {
    let (name, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let title = Signal::derive(move || td_string!(grid.language.get(), accounts.new_account).to_owned());
    let submit = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match create_account(name.get_untracked()).await {
                Ok(id) => grid.open(id),
                Err(error) => grid.toasts.error(&error),
            }
            busy.try_set(false);
        });
    });
    view! {
        <Dialog open title>
            <form class="form" on:submit=move |event| { event.prevent_default(); submit.run(()); }>
                <div class="dialog-body">
                    <div class="field">
                        <label class="field-label" for="account-name">{text!(accounts.new_account_name)}</label>
                        <input class="input" id="account-name" required autofocus maxlength="200" autocomplete="off"
                            aria-describedby="account-name-hint" prop:value=move || name.get()
                            on:input=move |event| name.set(event_target_value(&event))/>
                        <p class="field-hint" id="account-name-hint">{text!(accounts.new_account_hint)}</p>
                    </div>
                </div>
                <footer class="dialog-foot">
                    <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                    <button class="button" data-look="primary" type="submit" disabled=move || busy.get() aria-busy=move || busy.get().to_string()>
                        {text!(accounts.create)}
                    </button>
                </footer>
            </form>
        </Dialog>
    }
}
