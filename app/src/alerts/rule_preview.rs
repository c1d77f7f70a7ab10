//! What a rule would have done in the past days, before anybody saves it.

use domain::alerts::list::{PreviewAccount, RulePreview};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::rule_editor::Bench;
use super::rule_fns::preview_alert_rule;
use crate::error::Error;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::loaded::words;

/// Moments of one account that are named.
const MOMENTS: usize = 4;

/// The card beside the editor.
#[component]
pub(super) fn Preview(bench: Bench) -> impl IntoView {
    let (busy, found) = (RwSignal::new(false), RwSignal::new(None::<RulePreview>));
    let problem = RwSignal::new(None::<Error>);
    let run = move |_| {
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match preview_alert_rule(bench.draft()).await {
                Ok(preview) => {
                    found.try_set(Some(preview));
                }
                Err(error) => {
                    found.try_set(None);
                    problem.try_set(bench.refuse(error.clone()).or(Some(error)));
                }
            }
            busy.try_set(false);
        });
    };
    let line = move || {
        let locale = bench.language.get();
        let number = |n: u32| format::integer(i64::from(n));
        if busy.get() {
            return td_string!(locale, alerts.preview_running).to_owned();
        }
        match found.get() {
            Some(preview) if preview.raised == 0 => {
                td_string!(locale, alerts.preview_none, days = preview.days, looked = number(preview.accounts))
            }
            Some(preview) => {
                let (raised, open) = (number(preview.raised), number(preview.open));
                let (days, looked) = (preview.days, number(preview.accounts));
                td_string!(locale, alerts.preview_line, days = days, raised = raised, open = open, looked = looked)
            }
            None => match problem.get() {
                Some(error) => words(&error, locale).1,
                None => td_string!(locale, alerts.preview_hint).to_owned(),
            },
        }
    };
    view! {
        <section class="card" aria-labelledby="rule-preview">
            <header class="card-head">
                <h2 class="card-title" id="rule-preview">{text!(alerts.preview)}</h2>
                <button class="button" data-size="small" type="button" disabled=move || busy.get()
                    aria-busy=move || busy.get().then_some("true") on:click=run>{text!(alerts.preview_run)}</button>
            </header>
            <div class="card-body"><p role="status">{line}</p></div>
            {move || found.get().filter(|preview| !preview.examples.is_empty()).map(|preview| {
                view! { <Examples examples=preview.examples locale=bench.language.get()/> }
            })}
        </section>
    }
}

#[component]
fn Examples(examples: Vec<PreviewAccount>, locale: Locale) -> impl IntoView {
    view! {
        <div class="card-body" data-flush="">
            <div class="table-scroll" tabindex="0" role="region" aria-labelledby="rule-preview">
                <table class="table">
                    <thead><tr>
                        <th scope="col">{td_string!(locale, alerts.preview_account)}</th>
                        <th scope="col" class="number">{td_string!(locale, alerts.preview_times)}</th>
                        <th scope="col">{td_string!(locale, alerts.preview_when)}</th>
                        <th scope="col">{td_string!(locale, alerts.preview_open)}</th>
                    </tr></thead>
                    <tbody>{examples.into_iter().map(|example| {
                        let when: Vec<String> = example.at.iter().rev().take(MOMENTS).map(|at| format::date(*at)).collect();
                        let open = if example.open { td_string!(locale, common.yes) } else { td_string!(locale, common.no) };
                        view! {
                            <tr>
                                <th scope="row"><a href=format!("/accounts/{}", example.id)>{example.name}</a></th>
                                <td class="number">{example.at.len().to_string()}</td>
                                <td>{when.join(", ")}</td>
                                <td>{open}</td>
                            </tr>
                        }
                    }).collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
}
