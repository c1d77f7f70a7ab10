//! One column of the file: its first values, the field it becomes, and how its cells are written.

use std::sync::Arc;

use domain::fields::{Catalogue, Field, FieldType, Subject};
use domain::import::date::DateOrder;
use domain::import::kind::Kind;
use domain::import::mapping::{Column, Target};
use domain::import::number::NumberStyle;
use domain::import::pair::is_contacts;
use domain::import::report::Inspection;
use leptos::prelude::*;

use super::parts::{Choice, kind_label, target_key};
use super::wizard::Wizard;
use crate::i18n::td_string;
use crate::language::use_language;

/// How many values of a column are shown.
const VALUES_SHOWN: usize = 3;

/// One line of the table of columns.
#[component]
pub fn ColumnRow(
    /// The state of the visit.
    wizard: Wizard,
    /// Which column it is.
    index: usize,
) -> impl IntoView {
    let Some(file) = wizard.inspection.get_untracked() else { return ().into_any() };
    let heading = file.headings.get(index).cloned().unwrap_or_default();
    let column = Memo::new(move |_| {
        wizard.options.with(|options| options.as_ref().and_then(|options| options.mapping.columns.get(index).cloned()))
    });
    let problem = Memo::new(move |_| {
        let key = column.with(|column| target_key(&column.as_ref()?.target))?;
        wizard
            .problems
            .with(|list| list.iter().find(|problem| problem.field == key).map(|problem| problem.message.clone()))
    });
    view! {
        <tr>
            <th scope="row">{heading.clone()}</th>
            <td>{values(&file, index).into_iter().map(|value| view! { <div class="mapping-sample">{value}</div> }).collect_view()}</td>
            <td>
                <div class="stack" data-gap="small">
                    <TargetChoice wizard index heading=heading.clone() column problem file=file.clone()/>
                    <NewField wizard index heading=heading.clone() column/>
                    <Convention wizard index heading column file/>
                    <Show when=move || problem.with(Option::is_some)>
                        <p class="field-error" id=format!("column-{index}-problem")>{move || problem.get()}</p>
                    </Show>
                </div>
            </td>
            <td><Source wizard index column/></td>
        </tr>
    }
    .into_any()
}

fn values(file: &Inspection, index: usize) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    for value in file.sample.iter().filter_map(|row| row.get(index)).map(|value| value.trim()) {
        if !value.is_empty() && !shown.iter().any(|known| known == value) {
            shown.push(value.chars().take(80).collect());
        }
        if shown.len() == VALUES_SHOWN {
            break;
        }
    }
    shown
}

#[component]
fn TargetChoice(
    wizard: Wizard,
    index: usize,
    heading: String,
    column: Memo<Option<Column>>,
    problem: Memo<Option<String>>,
    file: Arc<Inspection>,
) -> impl IntoView {
    let language = use_language();
    let value = Signal::derive(move || {
        column.with(|column| match column.as_ref().map(|column| &column.target) {
            Some(Target::Field(key)) => key.clone(),
            Some(Target::NewCustom { .. }) => "+".to_owned(),
            _ => String::new(),
        })
    });
    let name = Signal::derive(move || td_string!(language.get(), imports.target_of, column = heading.clone()));
    let kind = wizard.kind.get_untracked();
    let is_own = |field: &Field| field.custom_key().is_some();
    let fields = |wanted: &dyn Fn(&Field) -> bool| {
        let wanted = file.catalogue.fields.iter().filter(|field| field.editable && wanted(field));
        wanted.map(|field| view! { <option value=field.key.clone()>{field.label.clone()}</option> }).collect_view()
    };
    let plain = fields(&|field| !is_own(field) && !is_contacts(&field.key));
    let (own, contact) = (fields(&is_own), fields(&|field| is_contacts(&field.key)));
    let has_custom = file.catalogue.fields.iter().any(is_own);
    let (is_pair, can_add) = (kind == Kind::AccountWithContact, kind.subject() == Subject::Account);
    let group = move || {
        let locale = language.get();
        if is_pair { td_string!(locale, imports.account) } else { td_string!(locale, imports.fields) }
    };
    view! {
        <Choice value name choose=Callback::new(move |choice: String| wizard.send(index, &choice))
            invalid=Signal::derive(move || problem.with(Option::is_some)) described=format!("column-{index}-problem")>
            <option value="">{text!(imports.skip)}</option>
            {can_add.then(|| view! { <option value="+">{text!(imports.new_field)}</option> })}
            <optgroup label=group>{plain}</optgroup>
            {has_custom.then(|| view! { <optgroup label=text!(imports.own_fields)>{own}</optgroup> })}
            {is_pair.then(|| view! { <optgroup label=text!(imports.contact)>{contact}</optgroup> })}
        </Choice>
    }
}

/// The name and type of a field that the import creates.
#[component]
fn NewField(wizard: Wizard, index: usize, heading: String, column: Memo<Option<Column>>) -> impl IntoView {
    let language = use_language();
    let is_new = Memo::new(move |_| {
        column.with(|column| matches!(column.as_ref().map(|column| &column.target), Some(Target::NewCustom { .. })))
    });
    let part = move |pick: fn(&str, &FieldType) -> String| {
        Signal::derive(move || {
            column.with(|column| match column.as_ref().map(|column| &column.target) {
                Some(Target::NewCustom { label, kind, .. }) => pick(label, kind),
                _ => String::new(),
            })
        })
    };
    let (label, kind) = (part(|label, _| label.to_owned()), part(|_, kind| kind_key(kind).to_owned()));
    let set = move |change: &dyn Fn(&mut String, &mut FieldType)| {
        wizard.choose(|options| {
            if let Some(Column { target: Target::NewCustom { label, kind, .. }, .. }) =
                options.mapping.columns.get_mut(index)
            {
                change(label, kind);
            }
        });
    };
    let heading = StoredValue::new(heading);
    let label_name = move || td_string!(language.get(), imports.label_of, column = heading.get_value());
    let kind_name = Signal::derive(move || td_string!(language.get(), imports.kind_of, column = heading.get_value()));
    view! {
        <Show when=move || is_new.get()>
            <div class="row" data-gap="small">
                <input class="input" type="text" maxlength="100" aria-label=label_name prop:value=move || label.get()
                    on:change=move |event| {
                        let text = event_target_value(&event).trim().to_owned();
                        if !text.is_empty() {
                            set(&|label, _| label.clone_from(&text));
                        }
                    }/>
                <Choice value=kind name=kind_name choose=Callback::new(move |key: String| set(&|_, kind| *kind = kind_of(&key)))>
                    {KINDS.into_iter().map(|kind| {
                        let key = kind_key(&kind);
                        view! { <option value=key>{kind_label(&kind, language.get_untracked())}</option> }
                    }).collect_view()}
                </Choice>
            </div>
        </Show>
    }
}

/// How dates or numbers are written, where the file leaves it open.
#[component]
fn Convention(
    wizard: Wizard,
    index: usize,
    heading: String,
    column: Memo<Option<Column>>,
    file: Arc<Inspection>,
) -> impl IntoView {
    let language = use_language();
    let was_uncertain = file.options.mapping.columns.get(index).is_some_and(|column| column.uncertain);
    let guessed = file.options.mapping.columns.get(index).map(|column| column.target.clone());
    let kind = Memo::new(move |_| {
        let (target, uncertain) =
            column.with(|column| column.as_ref().map(|column| (column.target.clone(), column.uncertain)))?;
        let moved = guessed.as_ref() != Some(&target);
        kind_of_target(&target, &file.catalogue).filter(|_| was_uncertain || uncertain || moved)
    });
    let dates = Signal::derive(move || {
        let first = column.with(|column| column.as_ref().map(|column| column.dates));
        if first == Some(DateOrder::MonthFirst) { "month" } else { "day" }.to_owned()
    });
    let numbers = Signal::derive(move || {
        let style = column.with(|column| column.as_ref().map(|column| column.numbers));
        if style == Some(NumberStyle::Comma) { "comma" } else { "point" }.to_owned()
    });
    let choose = Callback::new(move |word: String| {
        wizard.choose(|options| {
            let Some(column) = options.mapping.columns.get_mut(index) else { return };
            column.uncertain = false;
            match word.as_str() {
                "day" => column.dates = DateOrder::DayFirst,
                "month" => column.dates = DateOrder::MonthFirst,
                "comma" => column.numbers = NumberStyle::Comma,
                _ => column.numbers = NumberStyle::Point,
            }
        });
    });
    let heading = StoredValue::new(heading);
    let name = Signal::derive(move || td_string!(language.get(), imports.written_of, column = heading.get_value()));
    move || match kind.get() {
        Some(FieldType::Date) => view! {
            <Choice value=dates name choose>
                <option value="day">{text!(imports.day_first)}</option>
                <option value="month">{text!(imports.month_first)}</option>
            </Choice>
        }
        .into_any(),
        Some(FieldType::Number | FieldType::Money | FieldType::Percent) => view! {
            <Choice value=numbers name choose>
                <option value="point">{text!(imports.decimal_point)}</option>
                <option value="comma">{text!(imports.decimal_comma)}</option>
            </Choice>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

/// Who said where the column goes.
#[component]
fn Source(wizard: Wizard, index: usize, column: Memo<Option<Column>>) -> impl IntoView {
    let language = use_language();
    move || {
        let locale = language.get();
        let chosen = wizard.chosen.with(|chosen| chosen.contains(&index));
        let (tone, word) = column.with(|column| match column {
            Some(column) if column.uncertain && column.target != Target::Skip => {
                ("warn", td_string!(locale, imports.please_check))
            }
            _ if chosen => ("neutral", td_string!(locale, imports.source_chosen)),
            Some(Column { target: Target::Skip, .. }) | None => ("neutral", td_string!(locale, imports.source_skipped)),
            Some(Column { target: Target::NewCustom { .. }, .. }) => ("info", td_string!(locale, imports.source_new)),
            Some(_) => ("good", td_string!(locale, imports.source_guessed)),
        });
        view! { <span class="badge" data-tone=tone>{word}</span> }
    }
}

const KINDS: [FieldType; 7] = [
    FieldType::Text,
    FieldType::Number,
    FieldType::Money,
    FieldType::Percent,
    FieldType::Date,
    FieldType::Bool,
    FieldType::Tags,
];

fn kind_key(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Number => "number",
        FieldType::Money => "money",
        FieldType::Percent => "percent",
        FieldType::Date => "date",
        FieldType::Bool => "bool",
        FieldType::Tags => "tags",
        _ => "text",
    }
}

fn kind_of(key: &str) -> FieldType {
    KINDS.into_iter().find(|kind| kind_key(kind) == key).unwrap_or(FieldType::Text)
}

fn kind_of_target(target: &Target, catalogue: &Catalogue) -> Option<FieldType> {
    match target {
        Target::Field(key) => catalogue.get(key).map(|field| field.kind.clone()),
        Target::NewCustom { kind, .. } => Some(kind.clone()),
        Target::Skip => None,
    }
}
