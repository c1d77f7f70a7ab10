//! The third step: what the import would do, compared with what is here, before anything is written.

use domain::import::pair::Both;
use domain::import::preview::Preview;
use domain::import::report::FileId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::parts::{BothCounts, Count, Errors, PreviewRows, count};
use super::reading;
use super::run_step::remember;
use super::server_fns::{preview_import, start_import};
use super::wizard::{Step, Upload, Wizard};
use crate::error::{Error, Result};
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Problem, Skeleton};
use crate::ui::toast::use_toasts;

/// Seeing what would happen.
#[component]
pub fn CheckStep(
    /// The state of the visit.
    wizard: Wizard,
) -> impl IntoView {
    let preview = RwSignal::new(None::<Result<Preview>>);
    let load = Callback::new(move |file: FileId| {
        preview.set(None);
        let Some(options) = wizard.options.get_untracked() else { return };
        spawn_local(async move {
            let found = preview_import(file, options).await;
            let _ = preview.try_set(Some(found));
        });
    });
    let file = Memo::new(move |_| {
        wizard.upload.with(|upload| if let Upload::Stored(file) = upload { Some(*file) } else { None })
    });
    Effect::new(move |_| {
        if let Some(file) = file.get() {
            load.run(file);
        }
    });
    let retry = Callback::new(move |()| {
        if let Some(file) = file.get_untracked() {
            load.run(file);
        }
    });
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title" id="step-heading" tabindex="-1">{text!(imports.check_title)}</h2>
                <span class="badge" data-tone="info">{text!(imports.nothing_written)}</span>
            </header>
            <div class="card-body">
                {move || match preview.get() {
                    None => view! { <Waiting wizard/> }.into_any(),
                    Some(Err(error)) => view! { <Problem error retry/> }.into_any(),
                    Some(Ok(preview)) => view! { <Counts preview/> }.into_any(),
                }}
            </div>
        </section>
        {move || preview.get().and_then(Result::ok).map(|preview| view! { <Rows wizard preview/> })}
        <Foot wizard preview/>
    }
}

/// What is waited for: the file to arrive, or the server to compare.
#[component]
fn Waiting(wizard: Wizard) -> impl IntoView {
    move || match wizard.upload.get() {
        Upload::Sending(percent) => view! {
            <p role="status">{text!(imports.sending)}</p>
            <progress class="progress" max="100" aria-label=text!(imports.sending) value=percent></progress>
        }
        .into_any(),
        Upload::Failed(message) => view! {
            <div class="notice" role="alert" data-tone="bad">
                <Pic icon=Icon::Warning/>
                <div><p class="notice-title">{text!(imports.sending_failed)}</p><p>{message}</p></div>
                <button class="button" data-size="small" type="button" on:click=move |_| reading::send_again(wizard)>
                    {text!(common.retry)}
                </button>
            </div>
        }
        .into_any(),
        Upload::Stored(_) | Upload::Nothing => view! {
            <p role="status">{text!(imports.comparing)}</p>
            <Skeleton lines=3/>
        }
        .into_any(),
    }
}

#[component]
fn Counts(preview: Preview) -> impl IntoView {
    let counts = preview.counts;
    if let Some(both) = preview.both {
        let (conflict, invalid) = (counts.conflict, counts.invalid);
        return view! { <BothCounts both conflict invalid made=false/> }.into_any();
    }
    view! {
        <div class="counts" role="status">
            <Count value=counts.new label=|l| td_string!(l, imports.new) tone="good"/>
            <Count value=counts.update label=|l| td_string!(l, imports.update) tone="info"/>
            <Count value=counts.unchanged label=|l| td_string!(l, imports.unchanged)/>
            <Count value=counts.conflict label=|l| td_string!(l, imports.conflict) tone="warn"/>
            <Count value=counts.invalid label=|l| td_string!(l, imports.invalid) tone="bad"/>
        </div>
    }
    .into_any()
}

#[component]
fn Rows(wizard: Wizard, preview: Preview) -> impl IntoView {
    let name = wizard.inspection.with_untracked(|file| file.as_ref().map(|file| file.name.clone())).unwrap_or_default();
    let (errors, total) = (preview.errors.clone(), preview.errors_total);
    view! {
        <section class="card">
            <header class="card-head"><h3 class="card-title">{text!(imports.first_rows)}</h3></header>
            <div class="card-body" data-flush><PreviewRows preview/></div>
        </section>
        {(total > 0).then(|| view! { <Errors errors total file=name/> })}
    }
}

#[component]
fn Foot(wizard: Wizard, preview: RwSignal<Option<Result<Preview>>>) -> impl IntoView {
    let (busy, toasts) = (RwSignal::new(false), use_toasts());
    let rows = Memo::new(move |_| {
        preview.with(|preview| match preview {
            Some(Ok(preview)) => Some(preview.counts.new + preview.counts.update),
            _ => None,
        })
    });
    let both = move || preview.with(|preview| preview.as_ref().and_then(|found| found.as_ref().ok()?.both));
    let start = move |_| {
        let Some((file, options)) = wizard.file().zip(wizard.options.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            let started: Result<_, Error> = start_import(file, options).await;
            let _ = busy.try_set(false);
            match started {
                Ok(import) => {
                    remember(Some(import));
                    wizard.watch(import);
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    view! {
        <div class="wizard-foot">
            <button class="button" type="button" on:click=move |_| wizard.go(Step::Columns)>{text!(imports.back)}</button>
            <span class="push muted">{move || (rows.get() == Some(0)).then(|| td_string!(wizard.language.get(), imports.nothing_to_do))}</span>
            <button class="button" data-look="primary" type="button" aria-busy=move || busy.get().to_string()
                prop:disabled=move || busy.get() || rows.get().unwrap_or_default() == 0 on:click=start>
                {move || match (rows.get(), both()) {
                    (_, Some(both)) => import_both(both, wizard.language.get()),
                    (Some(rows), None) => td_string!(wizard.language.get(), imports.import_rows, count = count(rows)),
                    (None, None) => td_string!(wizard.language.get(), imports.import).to_owned(),
                }}
            </button>
        </div>
    }
}

/// Returns what the button says that writes accounts and contacts.
fn import_both(both: Both, locale: Locale) -> String {
    let [accounts, contacts] = [both.accounts, both.contacts].map(|made| count(made.created + made.updated));
    td_string!(locale, imports.import_both, accounts = accounts, contacts = contacts)
}
