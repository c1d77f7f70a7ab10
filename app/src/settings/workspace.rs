//! The workspace's name and currency, and how it counts the health of parents.

use domain::fields::Subject;
use domain::health::Rollup;
use domain::identity::Role;
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::server_fns::{SaveWorkspace, load_workspace};
use super::{Submit, when_done};
use crate::boot;
use crate::i18n::{Locale, td_string};
use crate::identity::{FormError, FormSummary, TextField};
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

/// What the workspace is called and counts in; administrators may change it.
#[component]
pub(super) fn Workspace() -> impl IntoView {
    let language = use_language();
    let version = use_live().version(|note| note.subject == Subject::Workspace);
    let workspace = Resource::new(move || version.get(), |_| load_workspace());
    view! {
        <section class="card" aria-labelledby="workspace">
            <header class="card-head"><h2 class="card-title" id="workspace">{text!(settings.workspace)}</h2></header>
            <div class="card-body">
                <Loaded resource=workspace children=move |(name, currency, rule)| {
                    if boot::may(Role::Admin) {
                        view! { <Edit name currency rule/> }.into_any()
                    } else {
                        view! {
                            <dl class="facts">
                                <div><dt>{text!(settings.workspace_name)}</dt><dd>{name}</dd></div>
                                <div><dt>{text!(settings.currency)}</dt><dd>{currency}</dd></div>
                                <div><dt>{text!(settings.rollup)}</dt><dd>{move || rule_word(rule, language.get())}</dd></div>
                            </dl>
                        }
                        .into_any()
                    }
                }/>
            </div>
        </section>
    }
}

fn rule_word(rule: Rollup, locale: Locale) -> &'static str {
    match rule {
        Rollup::Mean => td_string!(locale, settings.rollup_mean),
        Rollup::ArrWeighted => td_string!(locale, settings.rollup_arr),
        Rollup::Worst => td_string!(locale, settings.rollup_worst),
    }
}

#[component]
fn Edit(name: String, currency: String, rule: Rollup) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let action = ServerAction::<SaveWorkspace>::new();
    let error = FormError::from_action(action);
    when_done(action, move || toasts.say(td_string!(language.get_untracked(), settings.workspace_saved)));
    view! {
        <ActionForm action=action attr:class="form">
            <FormSummary error/>
            <TextField name="name" value=name error label=text!(settings.workspace_name).into_any()/>
            <TextField name="currency" value=currency error label=text!(settings.currency).into_any()
                hint=text!(settings.currency_hint).into_any()/>
            <div class="field">
                <label class="field-label" for="rollup">{text!(settings.rollup)}</label>
                <select class="select" id="rollup" name="rollup" aria-describedby="rollup-hint">
                    {Rollup::ALL.into_iter().map(|one| view! {
                        <option value=one.key() selected=one == rule>{move || rule_word(one, language.get())}</option>
                    }).collect_view()}
                </select>
                <p class="field-hint" id="rollup-hint">{text!(settings.rollup_hint)}</p>
            </div>
            <div class="form-actions"><Submit pending=action.pending() label=text!(common.save).into_any()/></div>
        </ActionForm>
    }
}
