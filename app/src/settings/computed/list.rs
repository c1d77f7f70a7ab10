//! The computed fields: what each gives, for how many accounts, and what would miss it.

use domain::formula::{ComputedField, Use, understand};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::remove_computed_field;
use super::{Desk, NEW};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::settings::fields::kind_word;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::icon::{Icon, Pic};

/// The list, with the way to a new one.
#[component]
pub(super) fn List(desk: Desk) -> impl IntoView {
    let leaving = RwSignal::new(None::<ComputedField>);
    let is_empty = move || desk.known.with(|known| known.fields.is_empty());
    view! {
        <section class="card" aria-labelledby="computed">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="computed">{text!(computed.title)}</h2>
                    <p class="card-sub">{text!(computed.subtitle)}</p>
                </div>
                {desk.may_edit.then(|| view! {
                    <button class="button" data-look="primary" type="button" on:click=move |_| desk.go.run(Some(NEW.to_owned()))>
                        <Pic icon=Icon::Plus/><span>{text!(computed.new)}</span>
                    </button>
                })}
            </header>
            <Show when=move || !is_empty() fallback=|| view! { <Nothing/> }><Table desk leaving/></Show>
        </section>
        <Removal desk leaving/>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="empty">
            <Pic icon=Icon::Columns/>
            <p class="empty-title">{text!(computed.empty_title)}</p>
            <p class="empty-text">{text!(computed.empty_text)}</p>
        </div>
    }
}

#[component]
fn Table(desk: Desk, leaving: RwSignal<Option<ComputedField>>) -> impl IntoView {
    let rows = move || desk.known.with(|known| known.fields.clone());
    view! {
        <div class="card-body" data-flush>
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby="computed">
                <table class="table">
                    <thead><tr>
                        <th scope="col">{text!(computed.name)}</th>
                        <th scope="col">{text!(computed.formula)}</th>
                        <th scope="col">{text!(computed.kind)}</th>
                        <th scope="col" class="number">{text!(computed.values)}</th>
                        <th scope="col">{text!(computed.used_in)}</th>
                        <th scope="col"><span class="visually-hidden">{text!(computed.actions)}</span></th>
                    </tr></thead>
                    <tbody>
                        // A row is drawn again when anything of it changed.
                        <For each=rows key=|one| format!("{one:?}") let:one><Row desk leaving one/></For>
                    </tbody>
                </table>
            </div>
        </div>
    }
}

#[component]
fn Row(desk: Desk, leaving: RwSignal<Option<ComputedField>>, one: ComputedField) -> impl IntoView {
    let (name, kind, formula) =
        (one.field.label.clone(), one.field.kind.clone(), one.field.formula.clone().unwrap_or_default());
    let problem = {
        let (key, label, formula) = (one.field.key.clone(), name.clone(), formula.clone());
        move || desk.known.with(|known| understand(&formula, Some((&key, &label)), &known.catalogue)).err()
    };
    let uses = one.uses.clone();
    let is_used = !uses.is_empty();
    let (key, marked) = (one.field.key.clone(), one.field.key.clone());
    view! {
        <tr data-field=marked>
            <th scope="row">{name}<br/><code class="muted">{key}</code></th>
            <td class="computed-formula">
                <code>{formula}</code>
                {move || problem().map(|error| view! {
                    <p class="field-error"><span class="badge" data-tone="bad">{text!(computed.broken)}</span>" "{error.message}</p>
                })}
            </td>
            <td>{move || kind_word(&kind, desk.language.get())}</td>
            <td class="number" data-values="">{format::integer(i64::from(one.values))}</td>
            <td>{if is_used {
                view! { <Uses uses/> }.into_any()
            } else {
                view! { <span class="muted">{text!(computed.not_used)}</span> }.into_any()
            }}</td>
            <td><Actions desk leaving one/></td>
        </tr>
    }
}

#[component]
fn Actions(desk: Desk, leaving: RwSignal<Option<ComputedField>>, one: ComputedField) -> impl IntoView {
    let (key, name) = (one.field.key.clone(), one.field.label.clone());
    let shown = format!("/accounts?columns=name,score,{key}&sort=-{key}");
    let (show_name, edit_name, remove_name) = (name.clone(), name.clone(), name);
    let show = move || td_string!(desk.language.get(), computed.show_named, name = show_name.clone());
    let edit = move || td_string!(desk.language.get(), computed.edit_named, name = edit_name.clone());
    let remove = move || td_string!(desk.language.get(), computed.remove_named, name = remove_name.clone());
    view! {
        <div class="row" data-gap="small">
            <a class="button" data-size="small" href=shown aria-label=show>{text!(computed.show)}</a>
            {desk.may_edit.then(move || view! {
                <button class="button" data-size="small" type="button" aria-label=edit
                    on:click=move |_| desk.go.run(Some(key.clone()))>{text!(computed.edit)}</button>
                <button class="button" data-size="small" data-look="quiet" type="button" aria-label=remove
                    on:click=move |_| leaving.set(Some(one.clone()))>{text!(computed.remove)}</button>
            })}
        </div>
    }
}

#[component]
fn Uses(uses: Vec<Use>) -> impl IntoView {
    let language = crate::language::use_language();
    view! {
        <ul class="computed-uses">{uses.into_iter().map(|one| {
            let href = match &one {
                Use::Formula(key, _) => Some(format!("{}?field={key}", super::PATH)),
                Use::Scorecard(id, _) => Some(format!("/scorecards/{id}")),
                Use::View(_) => None,
            };
            let words = move || use_words(&one, language.get());
            match href {
                Some(href) => view! { <li><a href=href>{words}</a></li> }.into_any(),
                None => view! { <li>{words}</li> }.into_any(),
            }
        }).collect_view()}</ul>
    }
}

fn use_words(one: &Use, locale: Locale) -> String {
    match one {
        Use::Formula(_, name) => td_string!(locale, computed.use_formula, name = name.clone()),
        Use::Scorecard(_, name) => td_string!(locale, computed.use_scorecard, name = name.clone()),
        Use::View(name) => td_string!(locale, computed.use_view, name = name.clone()),
    }
}

/// Asks before a field goes, and names what would miss it.
#[component]
fn Removal(desk: Desk, leaving: RwSignal<Option<ComputedField>>) -> impl IntoView {
    let open = open_while(leaving);
    let title = Signal::derive(move || {
        let name = leaving.with(|one| one.as_ref().map(|one| one.field.label.clone())).unwrap_or_default();
        td_string!(desk.language.get(), computed.remove_title, name = name)
    });
    view! { <Dialog open title>{move || leaving.get().map(|one| view! { <Ask desk leaving one/> })}</Dialog> }
}

#[component]
fn Ask(desk: Desk, leaving: RwSignal<Option<ComputedField>>, one: ComputedField) -> impl IntoView {
    let (needing, views): (Vec<Use>, Vec<Use>) = one.uses.iter().cloned().partition(Use::needs_it);
    let (is_needed, has_views) = (!needing.is_empty(), !views.is_empty());
    let count = format::integer(i64::from(one.values));
    let (key, name, version) = (one.field.key, one.field.label, one.version);
    let remove = move |_| {
        let (key, name) = (key.clone(), name.clone());
        leaving.set(None);
        spawn_local(async move {
            match remove_computed_field(key, version).await {
                Ok(batch) => {
                    let text = td_string!(desk.language.get_untracked(), computed.removed, name = name);
                    desk.offer_undo(text, batch);
                    desk.go.run(None);
                }
                Err(error) => desk.toasts.error(&error),
            }
            desk.reload();
        });
    };
    view! {
        <div class="dialog-body stack">
            {if is_needed {
                view! { <p>{text!(computed.remove_needed)}</p><Uses uses=needing/> }.into_any()
            } else {
                view! { <p>{text!(computed.remove_text, count = count.clone())}</p> }.into_any()
            }}
            {(has_views && !is_needed).then(|| view! { <p>{text!(computed.remove_views)}</p><Uses uses=views/> })}
        </div>
        <footer class="dialog-foot">
            <button class="button" type="button" on:click=move |_| leaving.set(None)>{text!(common.cancel)}</button>
            <button class="button" data-look="danger" type="button" disabled=is_needed on:click=remove>{text!(computed.remove)}</button>
        </footer>
    }
}
