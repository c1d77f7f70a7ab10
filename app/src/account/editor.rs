//! Fields that are edited where they stand.

use domain::accounts::{Account, Found};
use domain::fields::{self, Field, FieldType};
use domain::money::Currency;
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::desk::{Desk, may_edit, use_desk};
use super::server_fns::find_parents;
use super::words;
use crate::boot;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;

/// A field with its value.
#[derive(Clone)]
pub(super) struct Cell {
    /// The field.
    pub field: Field,
    /// Its value.
    pub value: Value,
    /// What people read.
    pub shown: String,
    /// The currency of the account's amounts.
    pub currency: Currency,
}

/// Returns the editable fields of an account with their values.
pub(super) fn cells(account: &Account, custom: &[Field], locale: Locale) -> Vec<Cell> {
    let Ok(Value::Object(row)) = serde_json::to_value(account) else { return Vec::new() };
    let catalogue = domain::accounts::catalogue().with(custom.iter().cloned());
    catalogue
        .fields
        .into_iter()
        .filter(|field| field.editable || field.formula.is_some())
        .map(|field| cell(field, &row, account, locale))
        .collect()
}

fn cell(field: Field, row: &Map<String, Value>, account: &Account, locale: Locale) -> Cell {
    let value = fields::get(row, &field.key).clone();
    let shown = if field.key == "arr_minor" && domain::accounts::is_arr_derived(row) {
        let amount = account.annual().map(crate::format::money).unwrap_or_default();
        td_string!(locale, account.arr_derived, amount = amount)
    } else {
        words::shown(&field.kind, &value, account.currency, locale)
    };
    Cell { field, value, shown, currency: account.currency }
}

/// A value that turns into an editor when it is clicked.
#[component]
pub(super) fn FieldValue(
    /// The field with its value.
    cell: Cell,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let desk = use_desk();
    let key = cell.field.key.clone();
    let label = words::field_label(&key, &cell.field.label, locale);
    let editing = {
        let key = key.clone();
        Memo::new(move |_| desk.editing.with(|editing| editing.as_deref() == Some(key.as_str())))
    };
    move || {
        if editing.get() {
            return view! { <Editor cell=cell.clone() label=label.clone() locale/> }.into_any();
        }
        if !may_edit() || !cell.field.editable {
            // What is computed says by which formula.
            return view! { <span title=cell.field.formula.clone()>{cell.shown.clone()}</span> }.into_any();
        }
        let draft = words::typed(&cell.field.kind, &cell.value, cell.currency);
        let key = key.clone();
        let name = if cell.shown.is_empty() { "–".to_owned() } else { cell.shown.clone() };
        let hint = td_string!(locale, account.edit_field, field = label.clone());
        view! {
            <button class="button" data-look="plain" data-size="small" type="button" id=format!("fact-{key}") title=hint.clone()
                on:click=move |_| desk.edit(&key, draft.clone())>
                {name}<span class="visually-hidden">{format!(" · {hint}")}</span>
            </button>
        }
        .into_any()
    }
}

/// The editor of one field: Enter saves, Escape leaves it as it was.
#[component]
fn Editor(cell: Cell, label: String, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let field = StoredValue::new(cell.field.clone());
    let currency = cell.currency;
    let save = Callback::new(move |()| {
        let typed = desk.draft.get_untracked();
        field.with_value(|field| match words::read(field, &typed, currency, locale) {
            Ok(value) => desk.save(&field.key, &value),
            Err(message) => desk.problem.set(Some(message)),
        });
    });
    view! {
        <form class="row" data-gap="small" on:submit=move |event| { event.prevent_default(); save.run(()); }
            on:keydown=move |event| if event.key() == "Escape" { event.stop_propagation(); desk.stop(); }>
            {control(desk, &cell.field, label, locale)}
            <button class="icon-button" data-size="small" type="submit" aria-label=td_string!(locale, common.save)
                aria-busy=move || desk.busy.get().then_some("true")><Pic icon=Icon::Check/></button>
            <button class="icon-button" data-size="small" type="button" aria-label=td_string!(locale, common.cancel)
                on:click=move |_| desk.stop()><Pic icon=Icon::Cross/></button>
        </form>
        {move || desk.problem.get().map(|problem| view! { <p class="field-error" id="fact-problem" role="alert">{problem}</p> })}
    }
}

fn control(desk: Desk, field: &Field, label: String, locale: Locale) -> AnyView {
    match &field.kind {
        FieldType::Choice(list) => {
            let options = list.iter().map(|text| (text.clone(), words::word(text, locale))).collect();
            view! { <Choice options label empty=!field.required/> }.into_any()
        }
        FieldType::Bool => {
            let options = vec![
                ("yes".to_owned(), td_string!(locale, common.yes).to_owned()),
                ("no".to_owned(), td_string!(locale, common.no).to_owned()),
            ];
            view! { <Choice options label empty=true/> }.into_any()
        }
        FieldType::User => view! { <Choice options=people() label empty=true/> }.into_any(),
        FieldType::Account => view! { <ParentPicker label locale/> }.into_any(),
        kind => {
            let input_type = if *kind == FieldType::Date { "date" } else { "text" };
            let numeric = matches!(kind, FieldType::Number | FieldType::Money | FieldType::Percent);
            view! {
                <input class="input" id="fact-editor" type=input_type inputmode=numeric.then_some("decimal") aria-label=label
                    autocomplete="off" aria-invalid=move || desk.problem.read().is_some().then_some("true")
                    aria-describedby=move || desk.problem.read().is_some().then_some("fact-problem")
                    prop:value=move || desk.draft.get() on:input=move |event| desk.draft.set(event_target_value(&event))/>
            }
            .into_any()
        }
    }
}

/// Returns everybody who can own an account, as options.
pub(super) fn people() -> Vec<(String, String)> {
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let active = people.into_iter().filter(|user| user.deactivated_at.is_none());
    active.map(|user| (user.id.to_string(), user.name)).collect()
}

#[component]
fn Choice(options: Vec<(String, String)>, label: String, empty: bool) -> impl IntoView {
    let desk = use_desk();
    let chosen = desk.draft.get_untracked();
    view! {
        <select class="select" data-size="small" id="fact-editor" aria-label=label
            on:change=move |event| desk.draft.set(event_target_value(&event))>
            {empty.then(|| view! { <option value="" prop:selected=chosen.is_empty()>"–"</option> })}
            {options.into_iter().map(|(value, name)| {
                let selected = value == chosen;
                view! { <option value=value prop:selected=selected>{name}</option> }
            }).collect_view()}
        </select>
    }
}

/// Finds the account above by what is typed.
#[component]
fn ParentPicker(label: String, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let text = RwSignal::new(String::new());
    let found = later(move || {
        let text = text.get();
        async move { if text.trim().is_empty() { Vec::new() } else { find_parents(text).await.unwrap_or_default() } }
    });
    let list = move || found.get().unwrap_or_default();
    let choose = move |found: &Found| {
        desk.draft.set(found.id.to_string());
        text.set(String::new());
        desk.save("parent_id", &Value::from(found.id.to_string()));
    };
    view! {
        <div class="stack" data-gap="small">
            <input class="input" id="fact-editor" type="search" aria-label=label autocomplete="off"
                placeholder=td_string!(locale, account.find_parent)
                prop:value=move || text.get()
                on:input=move |event| { desk.draft.set(String::new()); text.set(event_target_value(&event)); }/>
            {move || list().into_iter().map(|found| {
                let name = found.name.clone();
                view! { <button class="menu-item" type="button" on:click=move |_| choose(&found)>{name}</button> }
            }).collect_view()}
        </div>
    }
}

/// Chooses one of the fields that have no value yet, to give it one.
#[component]
pub(super) fn AddValue(
    /// The fields without a value: key and label.
    fields: Vec<(String, String)>,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let desk = use_desk();
    let label = td_string!(locale, account.add_value);
    view! {
        <select class="select" data-size="small" aria-label=label
            on:change=move |event| {
                let key = event_target_value(&event);
                if !key.is_empty() {
                    desk.edit(&key, String::new());
                }
            }>
            <option value="" prop:selected=move || desk.editing.read().is_none()>{label}</option>
            {fields.into_iter().map(|(key, label)| view! { <option value=key>{label}</option> }).collect_view()}
        </select>
    }
}
