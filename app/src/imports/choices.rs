//! How rows are told apart, what happens to those that exist, and the currency of their amounts.

use domain::fields::{FieldType, Subject};
use domain::import::mapping::{Mapping, Target};
use domain::import::plan::{EmptyCells, Mode, Options, default_match_keys};
use domain::import::report::Inspection;
use domain::money::Currency;
use leptos::prelude::*;

use super::parts::Choice;
use super::wizard::Wizard;
use crate::i18n::td_string;
use crate::language::use_language;

/// The choices about rows as a whole.
#[component]
pub fn Choices(
    /// The state of the visit.
    wizard: Wizard,
) -> impl IntoView {
    view! {
        <section class="card">
            <header class="card-head"><h3 class="card-title">{text!(imports.rows_title)}</h3></header>
            <div class="card-body">
                <div class="form"><div class="form-row">
                    <MatchChoice wizard/>
                    <ContactChoice wizard/>
                    <ModeChoice wizard/>
                    <EmptyChoice wizard/>
                    <CurrencyChoice wizard/>
                </div></div>
            </div>
        </section>
    }
}

#[component]
fn MatchChoice(wizard: Wizard) -> impl IntoView {
    let language = use_language();
    let found = Memo::new(move |_| wizard.options.with(|options| options.as_ref().map(ways).unwrap_or_default()));
    let value = Signal::derive(move || {
        wizard.options.with(|options| options.as_ref().map(|options| options.match_keys.join(" "))).unwrap_or_default()
    });
    let choose = Callback::new(move |keys: String| {
        wizard.choose(|options| options.match_keys = keys.split_whitespace().map(str::to_owned).collect());
    });
    let label = move |keys: &[String]| {
        if keys.is_empty() {
            return td_string!(language.get_untracked(), imports.match_none).to_owned();
        }
        let file = wizard.inspection.get_untracked();
        let labels = keys.iter().map(|key| {
            let field = file.as_ref().and_then(|file| file.catalogue.get(key));
            field.map_or_else(|| key.clone(), |field| field.label.clone())
        });
        labels.collect::<Vec<_>>().join(" + ")
    };
    view! {
        <div class="field">
            <label class="field-label" for="match-keys">{text!(imports.match_label)}</label>
            {move || {
                let options = found.get().into_iter().map(|keys| view! { <option value=keys.join(" ")>{label(&keys)}</option> }).collect_view();
                view! { <Choice id="match-keys" value choose>{options}</Choice> }
            }}
            <p class="field-hint">{text!(imports.match_hint)}</p>
        </div>
    }
}

/// How contacts beside accounts are told apart, where there are such.
#[component]
fn ContactChoice(wizard: Wizard) -> impl IntoView {
    let is_pair = Memo::new(move |_| {
        wizard.options.with(|options| options.as_ref().is_some_and(|options| options.contact_keys.is_some()))
    });
    let value = Signal::derive(move || {
        let keys = wizard.options.with(|options| options.as_ref().and_then(|options| options.contact_keys.clone()));
        keys.unwrap_or_default().join(" ")
    });
    let has = Memo::new(move |_| {
        let mapped = |key| wizard.options.with(|options| options.as_ref().is_some_and(|o| o.mapping.has(key)));
        (mapped("contact.email"), mapped("contact.name"))
    });
    let choose = Callback::new(move |keys: String| {
        let keys = keys.split_whitespace().map(str::to_owned).collect();
        wizard.choose(|options| options.contact_keys = Some(keys));
    });
    view! {
        <Show when=move || is_pair.get()>
            <div class="field">
                <label class="field-label" for="contact-keys">{text!(imports.contacts_match)}</label>
                {move || {
                    let (email, name) = has.get();
                    view! {
                        <Choice id="contact-keys" value choose>
                            {email.then(|| view! { <option value="account_id email">{text!(imports.contacts_by_email)}</option> })}
                            {name.then(|| view! { <option value="account_id name">{text!(imports.contacts_by_name)}</option> })}
                            <option value="">{text!(imports.match_none)}</option>
                        </Choice>
                    }
                }}
                <p class="field-hint">{text!(imports.contacts_match_hint)}</p>
            </div>
        </Show>
    }
}

#[component]
fn ModeChoice(wizard: Wizard) -> impl IntoView {
    let value = Signal::derive(move || {
        let mode = wizard.options.with(|options| options.as_ref().map(|options| options.mode));
        match mode {
            Some(Mode::Create) => "create",
            Some(Mode::Update) => "update",
            _ => "upsert",
        }
        .to_owned()
    });
    let choose = Callback::new(move |word: String| {
        wizard.choose(|options| {
            options.mode = match word.as_str() {
                "create" => Mode::Create,
                "update" => Mode::Update,
                _ => Mode::Upsert,
            };
        });
    });
    view! {
        <div class="field">
            <label class="field-label" for="mode">{text!(imports.mode_label)}</label>
            <Choice id="mode" value choose>
                <option value="upsert">{text!(imports.mode_upsert)}</option>
                <option value="create">{text!(imports.mode_create)}</option>
                <option value="update">{text!(imports.mode_update)}</option>
            </Choice>
        </div>
    }
}

#[component]
fn EmptyChoice(wizard: Wizard) -> impl IntoView {
    let value = Signal::derive(move || {
        let is_clear = |options: &Options| options.empty_cells == EmptyCells::Clear;
        let clear = wizard.options.with(|options| options.as_ref().is_some_and(is_clear));
        if clear { "clear" } else { "keep" }.to_owned()
    });
    let choose = Callback::new(move |word: String| {
        let wanted = if word == "clear" { EmptyCells::Clear } else { EmptyCells::Keep };
        wizard.choose(|options| options.empty_cells = wanted);
    });
    view! {
        <div class="field">
            <label class="field-label" for="empty-cells">{text!(imports.empty_label)}</label>
            <Choice id="empty-cells" value choose>
                <option value="keep">{text!(imports.empty_keep)}</option>
                <option value="clear">{text!(imports.empty_clear)}</option>
            </Choice>
        </div>
    }
}

#[component]
fn CurrencyChoice(wizard: Wizard) -> impl IntoView {
    let wrong = RwSignal::new(false);
    let has_money = Memo::new(move |_| {
        let file = wizard.inspection.get();
        wizard.options.with(|options| match (options, &file) {
            (Some(options), Some(file)) => has_money(&options.mapping, file),
            _ => false,
        })
    });
    let value = move || {
        wizard
            .options
            .with(|options| options.as_ref().map(|options| options.currency.code().to_owned()))
            .unwrap_or_default()
    };
    let change = move |event| match event_target_value(&event).parse::<Currency>() {
        Ok(currency) => {
            wrong.set(false);
            wizard.choose(|options| options.currency = currency);
        }
        Err(_) => wrong.set(true),
    };
    view! {
        <Show when=move || has_money.get()>
            <div class="field">
                <label class="field-label" for="currency">{text!(imports.currency_label)}</label>
                <input class="input" id="currency" type="text" maxlength="3" autocomplete="off" spellcheck="false"
                    aria-describedby="currency-problem" aria-invalid=move || wrong.get().then_some("true")
                    prop:value=value on:change=change/>
                <p id="currency-problem" class=move || if wrong.get() { "field-error" } else { "field-hint" }>
                    {move || if wrong.get() {
                        td_string!(wizard.language.get(), imports.currency_wrong)
                    } else {
                        td_string!(wizard.language.get(), imports.currency_hint)
                    }}
                </p>
            </div>
        </Show>
    }
}

/// Returns the ways in which rows of this file can be told apart.
fn ways(options: &Options) -> Vec<Vec<String>> {
    let single: &[&str] = match options.subject {
        Subject::Account => &["external_id", "domain", "name"],
        Subject::Ticket | Subject::Invoice | Subject::Survey => &["external_id"],
        _ => &[],
    };
    let is_mapped = |key: &&&str| options.mapping.column_of(key).is_some();
    let mut ways: Vec<Vec<String>> = single.iter().filter(is_mapped).map(|key| vec![(*key).to_owned()]).collect();
    for way in [default_match_keys(options.subject, &options.mapping), options.match_keys.clone(), Vec::new()] {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
}

fn has_money(mapping: &Mapping, file: &Inspection) -> bool {
    mapping.columns.iter().any(|column| match &column.target {
        Target::Field(key) => file.catalogue.get(key).is_some_and(|field| field.kind == FieldType::Money),
        Target::NewCustom { kind, .. } => *kind == FieldType::Money,
        Target::Skip => false,
    })
}
