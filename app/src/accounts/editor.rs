//! Editing in place: a box that fits the field, the value at once, and the old one back if the server refuses.

use std::sync::Arc;

use domain::accounts::check_value;
use domain::fields::{self, Field, FieldType};
use domain::id::BatchId;
use domain::money::Currency;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use serde_json::Value;

use super::cache::Item;
use super::cell::words;
use super::grid::Grid;
use super::labels;
use super::server_fns::{edit_account, latest_account};
use crate::error::Error;
use crate::i18n::{Locale, td_string};

/// Returns whether a field is edited in its cell.
pub fn can_edit(field: &Field) -> bool {
    field.editable && field.kind != FieldType::Account
}

/// The box in which a value is edited.
#[component]
pub fn Editor(grid: Grid, item: Arc<Item>, field: Arc<Field>) -> impl IntoView {
    let label = {
        let (field, name) = (Arc::clone(&field), item.name.clone());
        move || {
            td_string!(
                grid.language.get(),
                accounts.edit_cell,
                field = labels::field(&field, grid.language.get()),
                name = name.clone()
            )
        }
    };
    let (before, done) = (typed(&item, &field), StoredValue::new(false));
    let (text, wrong) = (RwSignal::new(before.clone()), RwSignal::new(false));
    let commit = Callback::new({
        let (item, field) = (Arc::clone(&item), Arc::clone(&field));
        move |stay: bool| {
            if done.get_value() {
                return;
            }
            let now = text.get_untracked();
            let value = if now == before {
                Ok(None)
            } else {
                read(&field, &now, item.currency(), grid.language.get_untracked()).map(Some)
            };
            match value {
                Err(message) if stay => {
                    wrong.set(true);
                    grid.toasts.error(&Error::Refused(Refusal::field(&field.key, message)));
                    return;
                }
                Ok(Some(value)) => grid.save(&item, &field, value),
                _ => {}
            }
            done.set_value(true);
            grid.stop_editing(stay);
        }
    });
    let keydown = move |event: ev::KeyboardEvent| {
        event.stop_propagation();
        match event.key().as_str() {
            "Enter" => commit.run(true),
            "Escape" => {
                done.set_value(true);
                grid.stop_editing(true);
            }
            _ => return,
        }
        event.prevent_default();
    };
    // A box that is being taken away loses the focus, too: then there is nothing left to ask.
    let blur = move |_| {
        let is_open = grid.editing.try_with_untracked(Option::is_some).unwrap_or_default();
        if is_open && done.try_get_value() == Some(false) {
            commit.run(false);
        }
    };
    let options = options(grid, &field);
    if options.is_empty() {
        let node = NodeRef::<html::Input>::new();
        node.on_load(|input| {
            request_animation_frame(move || {
                let _ = input.focus();
                input.select();
            });
        });
        let kind = if field.kind == FieldType::Date { "date" } else { "text" };
        let mode = matches!(field.kind, FieldType::Number | FieldType::Percent | FieldType::Money).then_some("decimal");
        view! {
            <input class="input" type=kind inputmode=mode node_ref=node autocomplete="off" aria-label=label
                aria-invalid=move || wrong.get().then_some("true") prop:value=move || text.get()
                on:input=move |event| { wrong.set(false); text.set(event_target_value(&event)); }
                on:keydown=keydown on:blur=blur on:dblclick=|event| event.stop_propagation()/>
        }
        .into_any()
    } else {
        let node = NodeRef::<html::Select>::new();
        node.on_load(|select| {
            request_animation_frame(move || {
                let _ = select.focus();
            })
        });
        let chosen = text.get_untracked();
        view! {
            <select class="select" data-size="small" node_ref=node aria-label=label
                on:change=move |event| { text.set(event_target_value(&event)); commit.run(true); }
                on:keydown=keydown on:blur=blur on:dblclick=|event| event.stop_propagation()>
                {options.into_iter().map(|(value, label)| {
                    let selected = value == chosen;
                    view! { <option value=value selected=selected>{label}</option> }
                }).collect_view()}
            </select>
        }
        .into_any()
    }
}

/// Returns the choices of a field, as value and words; none where one types.
fn options(grid: Grid, field: &Field) -> Vec<(String, String)> {
    let locale = grid.language.get_untracked();
    let list: Vec<(String, String)> = match &field.kind {
        FieldType::Choice(choices) => {
            choices.iter().map(|word| (word.clone(), labels::choice(&field.key, word, locale))).collect()
        }
        FieldType::Bool => vec![
            ("true".to_owned(), td_string!(locale, accounts.yes).to_owned()),
            ("false".to_owned(), td_string!(locale, accounts.no).to_owned()),
        ],
        FieldType::User => grid.people.with_value(|people| {
            let active = people.iter().filter(|person| person.deactivated_at.is_none());
            active.map(|person| (person.id.to_string(), person.name.clone())).collect()
        }),
        _ => return Vec::new(),
    };
    let none = (String::new(), "–".to_owned());
    std::iter::once(none).filter(|_| !field.required).chain(list).collect()
}

/// Returns a value as one types it.
fn typed(item: &Item, field: &Field) -> String {
    // What merely follows from other fields is not there to be edited.
    let stored = fields::get(&item.doc, &field.key);
    match (&field.kind, stored) {
        (FieldType::Date, _) => item.date(&field.key).map(Timestamp::iso_date).unwrap_or_default(),
        (FieldType::Money, Value::Number(_)) => {
            item.money(&field.key).map(|money| money.major().to_string()).unwrap_or_default()
        }
        (FieldType::Tags, Value::Array(tags)) => tags.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Null) => String::new(),
        (_, other) => other.to_string(),
    }
}

/// Returns what was typed as the field stores it, or one sentence that says what to change.
fn read(field: &Field, text: &str, currency: Currency, locale: Locale) -> Result<Value, String> {
    let text = text.trim();
    let number = || {
        let plain: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '%' | '\u{a0}')).collect();
        plain
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .ok_or_else(|| td_string!(locale, accounts.not_a_number).to_owned())
    };
    let value = match &field.kind {
        FieldType::Tags => {
            text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect::<Vec<_>>().into()
        }
        _ if text.is_empty() => Value::Null,
        FieldType::Number | FieldType::Percent => Value::from(number()?),
        FieldType::Money => {
            // The cast stops at the ends of the range, which the check below refuses.
            let minor = (number()? * 10f64.powi(currency.digits().cast_signed())).round() as i64;
            Value::from(minor)
        }
        FieldType::Date => {
            let date = text.parse().map_err(|_| td_string!(locale, accounts.not_a_date).to_owned())?;
            Value::from(Timestamp::from_date(date).0)
        }
        FieldType::Bool => Value::from(text == "true"),
        _ => Value::from(text),
    };
    check_value(field, value)
}

impl Grid {
    /// Closes the box; `stay` keeps the focus on the cell.
    pub fn stop_editing(self, stay: bool) {
        self.editing.set(None);
        if stay {
            self.focus(self.spot.get_untracked());
        }
    }

    /// Shows a new value at once and sends it; a refusal brings the old one back and says why.
    pub fn save(self, item: &Arc<Item>, field: &Arc<Field>, value: Value) {
        let (item, field) = (Arc::clone(item), Arc::clone(field));
        self.cache.update(|cache| cache.set_value(item.id, &field.key, &value));
        spawn_local(async move {
            let answer = edit_account(item.id, item.version, field.key.clone(), value.to_string()).await;
            match answer {
                Ok(edited) => {
                    self.cache.try_update(|cache| cache.replace(edited.row));
                    self.say_edited(&item, &field, edited.batch);
                }
                Err(Error::Refused(Refusal::Conflict(message))) => self.give_way(&item, &field, message).await,
                Err(error) => {
                    self.cache
                        .try_update(|cache| cache.set_value(item.id, &field.key, fields::get(&item.doc, &field.key)));
                    self.toasts.error(&error);
                }
            }
        });
    }

    fn say_edited(self, item: &Item, field: &Field, batch: Option<BatchId>) {
        let locale = self.language.get_untracked();
        let label = labels::field(field, locale);
        if let Some(batch) = batch {
            self.offer_undo(td_string!(locale, accounts.edited, field = label, name = item.name.clone()), batch);
        }
    }

    /// Shows what somebody else made of the field meanwhile, and who.
    async fn give_way(self, item: &Item, field: &Field, message: String) {
        let latest = latest_account(item.id, field.key.clone()).await;
        let Ok(latest) = latest else {
            self.cache.try_update(|cache| cache.set_value(item.id, &field.key, fields::get(&item.doc, &field.key)));
            self.toasts.error(&Error::Refused(Refusal::Conflict(message)));
            return;
        };
        let locale = self.language.get_untracked();
        let now = Item::from(latest.row.clone());
        let label = labels::field(field, locale);
        let value = match words(self, &now, field, locale) {
            empty if empty.is_empty() => td_string!(locale, accounts.no_value).to_owned(),
            value => value,
        };
        let text = match latest.by.and_then(|by| self.person(by)) {
            Some(person) => td_string!(locale, accounts.conflict_by, person = person, field = label, value = value),
            None => td_string!(locale, accounts.conflict, field = label, value = value),
        };
        self.cache.try_update(|cache| cache.replace(latest.row));
        self.changed.try_set([(item.id, field.key.clone())].into());
        self.toasts.error(&Error::Refused(Refusal::Conflict(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::accounts::catalogue;

    fn said(key: &str, text: &str) -> Result<Value, String> {
        read(catalogue().get(key).unwrap(), text, Currency::USD, Locale::default())
    }

    #[test]
    fn what_is_typed_is_read_by_the_kind_of_its_field() {
        assert_eq!(said("arr_minor", "1,250.50").unwrap(), 125_050);
        assert_eq!(said("renewal_at", "1970-01-02").unwrap(), 86_400_000);
        assert_eq!(said("tags", "vip, , beta").unwrap(), serde_json::json!(["beta", "vip"]));
        assert_eq!(said("tier", " ").unwrap(), Value::Null);
        assert!(said("name", "").is_err());
        assert!(said("sentiment", "101").is_err());
        assert!(said("seats", "many").is_err());
    }
}
