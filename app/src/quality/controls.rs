//! Which accounts are looked at: all, one's own, or those of a filter.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::address::{Address, MINE};
use crate::accounts::account_fields;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::filter_line::{FilterLine, FilterText, Said};
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;

/// Whose accounts, and the filter.
#[component]
pub(super) fn Controls(address: Memo<Address>) -> impl IntoView {
    view! {
        <OnPaper address/>
        <section class="card no-paper" aria-label=text!(quality.controls)>
            <div class="card-body quality-controls">
                <Whose address/>
                <Chosen address/>
            </div>
        </section>
    }
}

/// What the controls say, for paper.
#[component]
fn OnPaper(address: Memo<Address>) -> impl IntoView {
    let language = use_language();
    let said = move || {
        let all = td_string!(language.get(), quality.everybody).to_owned();
        let filter = address.with(|address| address.filter.clone());
        td_string!(language.get(), quality.on_paper, filter = if filter.is_empty() { all } else { filter })
    };
    view! { <p class="only-paper">{said}</p> }
}

#[component]
fn Whose(address: Memo<Address>) -> impl IntoView {
    let link = move |filter: &'static str, label: Signal<&'static str>| {
        view! {
            <a class="button" data-noscroll="" href=move || address.with(|address| address.about(filter))
                aria-current=move || address.with(|address| (address.filter == filter).then_some("true"))>{move || label.get()}</a>
        }
    };
    let language = use_language();
    let everybody = Signal::derive(move || td_string!(language.get(), quality.everybody));
    let mine = Signal::derive(move || td_string!(language.get(), quality.mine));
    view! {
        <div class="field">
            <span class="field-label" id="quality-whose">{text!(quality.whose)}</span>
            <nav class="button-group" aria-labelledby="quality-whose">{link("", everybody)}{link(MINE, mine)}</nav>
        </div>
    }
}

/// Which accounts, in the filter language.
#[component]
fn Chosen(address: Memo<Address>) -> impl IntoView {
    let language = use_language();
    let navigate = use_navigate();
    let go = Callback::new(move |href: String| {
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let shown = Memo::new(move |_| address.with(|address| address.filter.clone()));
    let fields = later(account_fields);
    let known = Signal::derive(move || fields.with(|fields| fields.as_ref()?.as_ref().ok().cloned().map(Arc::new)));
    let said = Callback::new(move |said: Said| {
        // Every account is looked at for an answer, so a pause is not enough to ask.
        if let Said::Entered(filter) = said {
            go.run(address.with_untracked(|address| address.about(&filter)));
        }
    });
    let text = FilterText::new("quality-filter", known, shown, said);
    let apply = move |event: ev::SubmitEvent| {
        event.prevent_default();
        text.apply();
    };
    let placeholder = Signal::derive(move || td_string!(language.get(), quality.filter_placeholder).to_owned());
    view! {
        <form class="field quality-filter" role="search" on:submit=apply>
            <label class="field-label" for="quality-filter">{text!(quality.filter)}</label>
            <div class="row" data-gap="small">
                <FilterLine text placeholder/>
                <button class="button" type="submit"><Pic icon=Icon::Funnel/>{text!(quality.filter_apply)}</button>
            </div>
        </form>
    }
}
