//! What a formula comes to, on five real accounts and before anything is saved. The browser computes it.

use domain::accounts::{self, Account, Found};
use domain::fields::{Field, Subject};
use domain::formula::{Formula, FormulaError, sample};
use domain::id::AccountId;
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::Desk;
use super::server_fns::{Computed, formula_examples};
use crate::account::shown_value;
use crate::accounts::field_label;
use crate::boot;
use crate::i18n::Locale;
use crate::live::use_live;
use crate::shell::server_fns::search_accounts;
use crate::ui::later::later;
use crate::ui::loaded::Loaded;

/// Accounts that a formula is shown on.
const EXAMPLES: usize = 5;
/// Fields that are shown beside the result.
const INPUTS: usize = 4;
/// Accounts that a search proposes.
const FOUND: usize = 6;

type Understood = Memo<Result<Formula, FormulaError>>;

/// The results, and the way to other accounts.
#[component]
pub(super) fn Examples(desk: Desk, understood: Understood) -> impl IntoView {
    let chosen = RwSignal::new(Vec::<AccountId>::new());
    let version = use_live().version(|note| note.subject == Subject::Account);
    let accounts = Resource::new(move || (chosen.get(), version.get()), |(chosen, _)| formula_examples(chosen));
    view! {
        <div class="stack" role="group" aria-labelledby="computed-examples">
            <div>
                <h3 class="strong" id="computed-examples">{text!(computed.examples)}</h3>
                <p class="muted">{text!(computed.examples_text)}</p>
            </div>
            <Loaded resource=accounts lines=5 children=move |accounts| view! { <Results desk understood accounts/> }/>
            <Choose chosen/>
        </div>
    }
}

#[component]
fn Results(desk: Desk, understood: Understood, accounts: Vec<Account>) -> impl IntoView {
    let accounts = StoredValue::new(accounts);
    let table = move || {
        let formula = understood.get().ok()?;
        let rows = desk.known.with(|known| accounts.with_value(|accounts| rows(&formula, known, accounts)));
        Some(view! { <Sampled rows locale=desk.language.get()/> })
    };
    view! {
        {move || table().map_or_else(|| view! { <p class="muted">{text!(computed.waiting)}</p> }.into_any(), IntoAny::into_any)}
    }
}

/// What stands in the table.
struct Rows {
    inputs: Vec<Field>,
    result: Field,
    lines: Vec<(Account, Vec<Value>, Value)>,
}

fn rows(formula: &Formula, known: &Computed, accounts: &[Account]) -> Rows {
    let dependencies = formula.dependencies();
    // What ARR follows from is shown as ARR.
    let is_hidden = |key: &str| key == "currency" || key == "mrr_minor" && dependencies.contains("arr_minor");
    let is_input = |field: &&Field| dependencies.contains(field.key.as_str()) && !is_hidden(&field.key);
    let inputs: Vec<Field> = known.catalogue.fields.iter().filter(is_input).take(INPUTS).cloned().collect();
    let values = sample(formula, &known.catalogue, accounts, boot::now()).values;
    let lines = accounts.iter().zip(values).map(|(account, result)| {
        let doc = match serde_json::to_value(account) {
            Ok(Value::Object(doc)) => doc,
            _ => Map::new(),
        };
        let given = inputs.iter().map(|field| accounts::value(&doc, &field.key).into_owned()).collect();
        (account.clone(), given, result)
    });
    let result = Field::new("", "", formula.kind().field_type(), &[]);
    Rows { lines: lines.collect(), inputs, result }
}

#[component]
fn Sampled(rows: Rows, locale: Locale) -> impl IntoView {
    let Rows { inputs, result, lines } = rows;
    let heads = inputs.iter().map(|field| view! { <th scope="col">{field_label(field, locale)}</th> }).collect_view();
    let body = lines.into_iter().map(|(account, given, value)| {
        let currency = account.currency;
        let cells = inputs
            .iter()
            .zip(given)
            .map(|(field, value)| view! { <td>{shown_value(&field.kind, &value, currency, locale)}</td> });
        let text = shown_value(&result.kind, &value, currency, locale);
        let outcome = if value.is_null() {
            view! { <span class="muted">{text!(computed.unknown)}</span> }.into_any()
        } else {
            view! { <strong>{text}</strong> }.into_any()
        };
        view! { <tr><th scope="row">{account.name}</th>{cells.collect_view()}<td data-result="">{outcome}</td></tr> }
    });
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="computed-examples">
            <table class="table">
                <thead><tr><th scope="col">{text!(computed.account)}</th>{heads}<th scope="col">{text!(computed.result)}</th></tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Finds an account by its name and puts it first among the examples.
#[component]
fn Choose(chosen: RwSignal<Vec<AccountId>>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = later(move || {
        let text = text.get();
        async move { if text.trim().is_empty() { None } else { Some(search_accounts(text).await.unwrap_or_default()) } }
    });
    let choose = Callback::new(move |id: AccountId| {
        chosen.update(|chosen| {
            chosen.retain(|other| *other != id);
            chosen.insert(0, id);
            chosen.truncate(EXAMPLES);
        });
        text.set(String::new());
    });
    let first = move || found.get().flatten().and_then(|found| found.first().map(|one| one.id));
    view! {
        <div class="field">
            <label class="field-label" for="computed-choose">{text!(computed.choose)}</label>
            <input class="input" id="computed-choose" type="search" autocomplete="off" maxlength="200"
                placeholder=text!(computed.choose_placeholder) prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=move |event| if event.key() == "Enter" {
                    event.prevent_default();
                    if let Some(id) = first() { choose.run(id); }
                }/>
            <div role="status">{move || found.get().flatten().filter(|found| found.is_empty()).map(|_| text!(computed.choose_none))}</div>
            {move || found.get().flatten().map(|found| found.into_iter().take(FOUND).map(|one| view! { <Proposal one choose/> }).collect_view())}
        </div>
    }
}

#[component]
fn Proposal(one: Found, choose: Callback<AccountId>) -> impl IntoView {
    let Found { id, name, external_id, domain, .. } = one;
    let also = external_id.or(domain).unwrap_or_default();
    view! {
        <button class="menu-item" type="button" on:click=move |_| choose.run(id)>
            <span>{name}" "<span class="faint">{also}</span></span>
        </button>
    }
}
