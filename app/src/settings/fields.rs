//! The workspace's own fields, as imports made them.

use domain::fields::{Field, FieldType, Subject};
use leptos::prelude::*;

use super::server_fns::load_fields;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// The custom fields.
#[component]
pub(super) fn Fields() -> impl IntoView {
    let version = use_live().version(|note| note.subject == Subject::Field);
    let fields = Resource::new(move || version.get(), |_| load_fields());
    view! {
        <section class="card" aria-labelledby="fields">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="fields">{text!(settings.fields)}</h2>
                    <p class="card-sub">{text!(settings.fields_text)}</p>
                </div>
            </header>
            <Loaded resource=fields children=|fields| {
                if fields.is_empty() { view! { <NoFields/> }.into_any() } else { view! { <FieldTable fields/> }.into_any() }
            }/>
        </section>
    }
}

#[component]
fn NoFields() -> impl IntoView {
    view! {
        <div class="empty">
            <Pic icon=Icon::Columns/>
            <p class="empty-title">{text!(settings.no_fields)}</p>
            <p class="empty-text">{text!(settings.no_fields_text)}</p>
            <a class="button" href="/import">{text!(settings.import)}</a>
        </div>
    }
}

#[component]
fn FieldTable(fields: Vec<Field>) -> impl IntoView {
    let language = use_language();
    view! {
        <div class="card-body" data-flush>
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby="fields">
                <table class="table">
                    <thead><tr>
                        <th scope="col">{text!(settings.field)}</th>
                        <th scope="col">{text!(settings.field_type)}</th>
                        <th scope="col">{text!(settings.field_key)}</th>
                    </tr></thead>
                    <tbody>{fields.into_iter().map(|field| {
                        let kind = field.kind;
                        view! {
                            <tr>
                                <th scope="row">{field.label}</th>
                                <td>{move || kind_word(&kind, language.get())}</td>
                                <td><code>{field.key}</code></td>
                            </tr>
                        }
                    }).collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
}

pub(super) fn kind_word(kind: &FieldType, locale: Locale) -> String {
    match kind {
        FieldType::Text => td_string!(locale, settings.kind_text).to_owned(),
        FieldType::Number => td_string!(locale, settings.kind_number).to_owned(),
        FieldType::Percent => td_string!(locale, settings.kind_percent).to_owned(),
        FieldType::Money => td_string!(locale, settings.kind_money).to_owned(),
        FieldType::Date => td_string!(locale, settings.kind_date).to_owned(),
        FieldType::Bool => td_string!(locale, settings.kind_bool).to_owned(),
        FieldType::Tags => td_string!(locale, settings.kind_tags).to_owned(),
        FieldType::User => td_string!(locale, settings.kind_user).to_owned(),
        FieldType::Account => td_string!(locale, settings.kind_account).to_owned(),
        FieldType::Choice(words) => td_string!(locale, settings.kind_choice, words = words.join(", ")),
    }
}
