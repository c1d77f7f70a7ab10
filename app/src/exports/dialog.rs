//! The dialog in which a file is put together: what leaves, of whom, as what kind of file, and the first rows.
//!
//! The form of a short file is the browser's own, so that the browser shows how far the download is and can stop it. A
//! long one is made in the background, and the dialog shows how far it is.

use std::sync::Arc;
use std::time::Duration;

use domain::export::{AT_ONCE_ROWS_MAX, Preview, Request};
use domain::id::ExportId;
use domain::identity::Role;
use domain::reports::Keyed;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choice::{Choice, Offer};
use super::fields::{ColumnsField, DaysField, FilterField, FormatField, StateField, WhatField, WhoseField};
use super::making::Making;
use super::server_fns::{order_export, preview_export};
use super::words;
use crate::accounts::account_fields;
use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;
use crate::ui::loaded;
use crate::ui::toast::use_toasts;

/// How long the dialog stays after the form is sent: the browser reads the form until then.
const CLOSES_AFTER: Duration = Duration::from_millis(200);
/// Characters of a cell that the preview shows.
const CELL_CHARS_SHOWN: usize = 60;

/// The button that opens the dialog, for whoever may take something out.
#[component]
pub fn ExportButton(
    /// What the page offers.
    offer: Offer,
    /// Whether it stands among small ones.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let open = RwSignal::new(false);
    boot::may(Role::Csm).then(|| {
        view! {
            <div class=if small { "no-paper" } else { "page-actions no-paper" }>
                <button class="button" type="button" data-look=small.then_some("quiet") data-size=small.then_some("small")
                    on:click=move |_| open.set(true)>
                    <Pic icon=Icon::Download/><span>{text!(exports.button)}</span>
                </button>
            </div>
            <Exporting offer open/>
        }
    })
}

/// The dialog of a page, closed at first.
#[component]
pub fn Exporting(
    /// What the page offers.
    offer: Offer,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let language = use_language();
    let what = offer.whats.first().copied().unwrap_or_default();
    let title = Signal::derive(move || {
        let locale = language.get();
        if offer.one { td_string!(locale, exports.take).to_owned() } else { words::title(what, locale).to_owned() }
    });
    view! { <Dialog open title><Export offer open/></Dialog> }
}

#[component]
fn Export(offer: Offer, open: RwSignal<bool>) -> impl IntoView {
    let ordered = RwSignal::new(None::<ExportId>);
    let choice = Choice::new(offer);
    let fields = later(account_fields);
    Effect::new(move |_| {
        if let Some(Ok(fields)) = fields.get() {
            choice.accounts.set(Some(Arc::new(fields)));
        }
    });
    move || match ordered.get() {
        None => view! { <Form choice open ordered/> }.into_any(),
        Some(id) => view! { <Making id open/> }.into_any(),
    }
}

#[component]
fn Form(choice: Choice, open: RwSignal<bool>, ordered: RwSignal<Option<ExportId>>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let request = Memo::new(move |_| choice.request());
    let preview = later(move || {
        let request = request.get();
        // Without a column there is no file; the server would take all of them.
        async move { if request.columns.is_empty() { Ok(Preview::default()) } else { preview_export(request).await } }
    });
    let total = Memo::new(move |_| {
        let total = preview.with(|preview| preview.as_ref()?.as_ref().ok().map(|preview| preview.total));
        total.filter(|total| *total > 0 && request.with(|request| !request.columns.is_empty()))
    });
    let is_long = Memo::new(move |_| total.get().is_some_and(|total| total > AT_ONCE_ROWS_MAX));
    let busy = RwSignal::new(false);
    let order = move || {
        busy.set(true);
        spawn_local(async move {
            match order_export(request.get_untracked()).await {
                Ok(id) => {
                    ordered.try_set(Some(id));
                }
                Err(error) => toasts.error(&error),
            }
            busy.try_set(false);
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        if is_long.get_untracked() {
            event.prevent_default();
            order();
            return;
        }
        toasts.say(td_string!(language.get_untracked(), exports.begun));
        let close = move || {
            let _ = open.try_set(false);
        };
        set_timeout(close, CLOSES_AFTER);
    };
    let action = move || request.with(|request| format!("/api/v1/export/{}", request.what.key()));
    view! {
        <form method="post" action=action on:submit=submit>
            <div class="dialog-body stack">
                <div class="exports-form">
                    <WhatField choice/>
                    <WhoseField choice/>
                    <StateField choice/>
                    <FormatField choice/>
                    <DaysField choice/>
                    <FilterField choice/>
                </div>
                <ColumnsField choice/>
                <Outlook preview/>
                <Show when=move || total.get().is_some()><p class="field-hint">{move || words::how(is_long.get(), language.get())}</p></Show>
            </div>
            <Hidden request/>
            <footer class="dialog-foot">
                <a class="dialog-foot-start" href="/exports">{text!(exports.all)}</a>
                <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                <button class="button" data-look="primary" type="submit" disabled=move || total.get().is_none() || busy.get()
                    aria-busy=move || busy.get().then_some("true")>
                    <Pic icon=Icon::Download/>
                    <span>{move || words::verb(is_long.get(), language.get())}</span>
                </button>
            </footer>
        </form>
    }
}

/// The name of a field, and its value.
type Sent = (&'static str, fn(&Request) -> String);

/// What the browser sends along.
#[component]
fn Hidden(request: Memo<Request>) -> impl IntoView {
    let fields: [Sent; 9] = [
        ("filter", |request| request.filter.clone()),
        ("columns", |request| request.columns.join(",")),
        ("accounts", |request| request.accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
        ("state", |request| request.state.key().to_owned()),
        ("person", |request| request.only.person.map(|id| id.to_string()).unwrap_or_default()),
        ("priority", |request| request.only.priority.map(|priority| priority.key().to_owned()).unwrap_or_default()),
        ("rule", |request| request.only.rule.map(|id| id.to_string()).unwrap_or_default()),
        ("from", |request| request.from.map(|day| day.iso_date()).unwrap_or_default()),
        ("to", |request| request.to.map(|day| day.iso_date()).unwrap_or_default()),
    ];
    view! {
        <input type="hidden" name="excel" value="true"/>
        <input type="hidden" name="search" prop:value=move || request.with(|request| request.only.search.clone())/>
        {fields.into_iter().map(|(name, value)| view! {
            <input type="hidden" name=name prop:value=move || request.with(value)/>
        }).collect_view()}
    }
}

/// How many rows the file has and the first of them, or why there is none.
#[component]
fn Outlook(preview: RwSignal<Option<Result<Preview>>>) -> impl IntoView {
    let language = use_language();
    move || match preview.get() {
        None => view! { <p role="status">{text!(exports.looking)}</p> }.into_any(),
        Some(Err(error)) => {
            view! { <p class="field-error" role="alert">{loaded::words(&error, language.get()).1}</p> }.into_any()
        }
        Some(Ok(preview)) if preview.total == 0 => view! { <p role="status">{text!(exports.nothing)}</p> }.into_any(),
        Some(Ok(preview)) => view! { <FirstRows preview/> }.into_any(),
    }
}

#[component]
fn FirstRows(preview: Preview) -> impl IntoView {
    let language = use_language();
    let Preview { headings, rows, total } = preview;
    let total = move || match total {
        1 => td_string!(language.get(), exports.one_row).to_owned(),
        total => td_string!(language.get(), exports.rows, total = format::integer(i64::from(total))),
    };
    let head = headings.into_iter().map(|heading| view! { <th scope="col">{heading}</th> }).collect_view();
    let rows = rows.into_iter().map(|row| {
        let cells = row
            .iter()
            .map(|cell| view! { <td class="nowrap">{domain::import::value::cut(cell, CELL_CHARS_SHOWN)}</td> })
            .collect_view();
        view! { <tr>{cells}</tr> }
    });
    view! {
        <p role="status">{total}</p>
        <div class="table-scroll" tabindex="0" role="region" aria-label=text!(exports.first)>
            <table class="table"><thead><tr>{head}</tr></thead><tbody>{rows.collect_view()}</tbody></table>
        </div>
    }
}
