//! Which accounts count, in the filter language.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;

use super::Desk;
use crate::accounts::account_fields;
use crate::i18n::td_string;
use crate::ui::filter_line::{FilterLine, FilterText, Said};
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;

/// The line for the filter.
#[component]
pub(super) fn Chosen(desk: Desk) -> impl IntoView {
    let shown = Memo::new(move |_| desk.address.with(|address| address.spec.filter.clone()));
    let fields = later(account_fields);
    let known = Signal::derive(move || fields.with(|fields| fields.as_ref()?.as_ref().ok().cloned().map(Arc::new)));
    let said = Callback::new(move |said: Said| {
        // Every account may be looked at for an answer, so a pause is not enough to ask.
        if let Said::Entered(filter) = said {
            desk.go.run(desk.address.with_untracked(|address| address.with(|spec| spec.filter = filter)));
        }
    });
    let text = FilterText::new("reports-filter", known, shown, said);
    let apply = move |event: ev::SubmitEvent| {
        event.prevent_default();
        text.apply();
    };
    let placeholder = Signal::derive(move || td_string!(desk.language.get(), reports.filter_placeholder).to_owned());
    view! {
        <form class="field reports-filter" role="search" on:submit=apply>
            <label class="field-label" for="reports-filter">{text!(reports.filter)}</label>
            <div class="row" data-gap="small">
                <FilterLine text placeholder/>
                <button class="button" type="submit"><Pic icon=Icon::Funnel/>{text!(reports.filter_apply)}</button>
            </div>
        </form>
    }
}
