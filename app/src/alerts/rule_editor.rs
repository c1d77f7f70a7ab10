//! The editor of one rule: what people may set of a built-in one, all of their own, and what it would have done.

use domain::alerts::{Kind, Parameter, Rule, Unit, facts};
use domain::fields::Catalogue;
use domain::id::RuleId;
use domain::identity::Role;
use domain::refusal::{FieldError, Refusal};
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::address::Tab;
use super::condition_box::ConditionBox;
use super::rule_fns::{RuleBook, remove_alert_rule, save_alert_rule};
use super::rule_preview::Preview;
use super::rule_times::Times;
use super::words;
use crate::boot;
use crate::error::Error;
use crate::i18n::{Locale, td_string};
use crate::language::{Language, use_language};
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// What the parts of the editor share.
#[derive(Clone, Copy)]
pub(super) struct Bench {
    /// The rule as it is being written.
    pub rule: RwSignal<Rule>,
    /// Its condition.
    pub condition: RwSignal<String>,
    /// When an alert is over.
    pub clear: RwSignal<String>,
    /// Which accounts it looks at.
    pub scope: RwSignal<String>,
    /// Whether nobody has saved it yet.
    pub is_new: bool,
    /// Whether the person may change it.
    pub may: bool,
    /// The language of the page.
    pub language: Language,
    problems: RwSignal<Vec<FieldError>>,
}

impl Bench {
    /// Returns the rule with the texts as they are written now.
    pub(super) fn draft(self) -> Rule {
        let clear = self.clear.get_untracked();
        let own = !self.rule.with_untracked(Rule::is_built_in);
        let rule = self.rule.get_untracked();
        Rule {
            condition: if own { self.condition.get_untracked() } else { rule.condition.clone() },
            clear: if own { Some(clear).filter(|clear| !clear.trim().is_empty()) } else { rule.clear.clone() },
            scope: self.scope.get_untracked(),
            ..rule
        }
    }

    /// Shows what is wrong beside its field; returns what concerns none.
    pub(super) fn refuse(self, error: Error) -> Option<Error> {
        match error {
            Error::Refused(Refusal::Invalid(list)) => {
                self.problems.set(list);
                None
            }
            other => Some(other),
        }
    }

    /// Returns what the server found wrong with a field.
    pub(super) fn problem(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.problems.with(|list| list.iter().find(|error| error.field == field).map(|error| error.message.clone()))
        })
    }

    fn said(self, pick: fn(Locale) -> &'static str) -> Signal<&'static str> {
        Signal::derive(move || pick(self.language.get()))
    }
}

/// Returns a rule that nobody has written yet.
fn blank() -> Rule {
    let none = RuleId(uuid::Uuid::nil());
    Rule {
        id: none,
        version: 0,
        key: None,
        name: String::new(),
        kind: Kind::Risk,
        condition: String::new(),
        clear: None,
        parameters: Vec::new(),
        scope: String::new(),
        for_minutes: 0,
        clear_minutes: 0,
        cooldown_days: 14,
        urgency: 1.5,
        effort: 1.0,
        says: String::new(),
        off_at: None,
        off_by: None,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    }
}

/// The editor.
#[component]
pub(super) fn RuleEditor(
    /// All rules and the fields there are.
    book: RuleBook,
    /// The id of the rule, or `new`.
    edit: String,
) -> impl IntoView {
    let known = edit.parse::<RuleId>().ok().and_then(|id| book.rules.iter().find(|rule| rule.id == id).cloned());
    let is_new = known.is_none();
    let rule = known.unwrap_or_else(blank);
    let catalogue = StoredValue::new(facts::catalogue(&book.catalogue));
    let accounts = StoredValue::new(book.catalogue);
    let bench = Bench {
        condition: RwSignal::new(rule.condition.clone()),
        clear: RwSignal::new(rule.clear.clone().unwrap_or_default()),
        scope: RwSignal::new(rule.scope.clone()),
        rule: RwSignal::new(rule.clone()),
        is_new,
        may: boot::may(Role::Manager),
        language: use_language(),
        problems: RwSignal::new(Vec::new()),
    };
    let locale = bench.language.get_untracked();
    let title = match is_new {
        true => td_string!(locale, alerts.new_rule).to_owned(),
        false => td_string!(locale, alerts.edit_rule, name = words::rule_name(&rule, locale)),
    };
    let is_of_accounts = rule.kind != Kind::Portfolio;
    view! {
        <div class="split">
            <section class="card" aria-labelledby="rule-title">
                <header class="card-head">
                    <h2 class="card-title" id="rule-title">{title}</h2>
                    <a class="button" data-size="small" data-look="quiet" data-noscroll="" href=Tab::Rules.href()>
                        <Pic icon=Icon::Left/><span>{text!(alerts.tab_rules)}</span>
                    </a>
                </header>
                <div class="card-body">
                    <fieldset class="form" disabled=!bench.may>
                        {if rule.is_built_in() {
                            view! { <Delivered rule=rule.clone() bench/> }.into_any()
                        } else {
                            view! { <Own bench catalogue/> }.into_any()
                        }}
                        {is_of_accounts.then(|| view! { <Reach bench accounts/> })}
                        <Times bench/>
                        <Save bench/>
                    </fieldset>
                </div>
            </section>
            {(is_of_accounts && bench.may).then(|| view! { <Preview bench/> })}
        </div>
    }
}

/// What a built-in rule says, and its numbers.
#[component]
fn Delivered(rule: Rule, bench: Bench) -> impl IntoView {
    let condition = move || bench.rule.with(|rule| rule.filled(&rule.condition));
    let clear = move || bench.rule.with(|rule| rule.clear.as_deref().map(|clear| rule.filled(clear)));
    view! {
        <div class="field">
            <span class="field-label">{text!(alerts.condition)}</span>
            <p><code>{condition}</code></p>
            {move || clear().map(|clear| view! {
                <span class="field-label">{text!(alerts.clear_condition)}</span><p><code>{clear}</code></p>
            })}
        </div>
        <div class="form-row">
            {rule.parameters.iter().enumerate().map(|(index, one)| {
                let label = words::parameter(&rule, &one.key, &one.label, bench.language.get_untracked());
                view! { <Number index one=one.clone() label bench/> }
            }).collect_view()}
        </div>
    }
}

#[component]
fn Number(index: usize, one: Parameter, label: String, bench: Bench) -> impl IntoView {
    let id = format!("rule-number-{}", one.key);
    let value = move || bench.rule.with(|rule| rule.parameters.get(index).map_or(0.0, |one| one.value));
    let change = move |event: leptos::ev::Event| {
        if let Ok(value) = event_target_value(&event).trim().parse::<f64>() {
            bench.rule.update(|rule| {
                if let Some(one) = rule.parameters.get_mut(index) {
                    one.value = value;
                }
            });
        }
    };
    let field = format!("parameters.{}", one.key);
    let problem = move || {
        let problems = bench.problems.get();
        let message = problems.into_iter().find(|error| error.field == field).map(|error| error.message);
        message.map(|message| view! { <p class="field-error" role="alert">{message}</p> })
    };
    let unit = match one.unit {
        Unit::Percent => " %",
        _ => "",
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}{unit}</label>
            {if one.choices.is_empty() {
                view! {
                    <input class="input" id=id type="number" step="any" min=one.min max=one.max
                        value=one.value prop:value=move || value().to_string() on:change=change/>
                }.into_any()
            } else {
                view! {
                    <select class="select" id=id on:change=change>
                        {one.choices.into_iter().map(|choice| view! {
                            <option value=choice.to_string() selected={choice == one.value}
                                prop:selected=move || value() == choice>{choice.to_string()}</option>
                        }).collect_view()}
                    </select>
                }.into_any()
            }}
            {problem}
        </div>
    }
}

/// What people write of a rule of their own.
#[component]
fn Own(bench: Bench, catalogue: StoredValue<Catalogue>) -> impl IntoView {
    let name_problem = bench.problem("name");
    let kinds = [Kind::Risk, Kind::Opportunity];
    let first = bench.rule.with_untracked(|rule| rule.kind);
    let choose = move |event| {
        if let Some(kind) = Kind::from_key(&event_target_value(&event)) {
            bench.rule.update(|rule| rule.kind = kind);
        }
    };
    view! {
        <div class="form-row">
            <div class="field">
                <label class="field-label" for="rule-name">{text!(alerts.rule_name)}</label>
                <input class="input" id="rule-name" maxlength="200" autocomplete="off"
                    aria-invalid=move || name_problem.with(Option::is_some).then_some("true")
                    value=bench.rule.with_untracked(|rule| rule.name.clone()) prop:value=move || bench.rule.with(|rule| rule.name.clone())
                    on:input=move |event| bench.rule.update(|rule| rule.name = event_target_value(&event))/>
                {move || name_problem.get().map(|words| view! { <p class="field-error" role="alert">{words}</p> })}
            </div>
            <div class="field">
                <label class="field-label" for="rule-kind">{text!(alerts.rule_kind)}</label>
                <select class="select" id="rule-kind" disabled=!bench.is_new on:change=choose>
                    {kinds.into_iter().map(|kind| view! {
                        <option value=kind.key() selected={kind == first}>{move || words::kind(kind, bench.language.get())}</option>
                    }).collect_view()}
                </select>
            </div>
        </div>
        <ConditionBox id="rule-condition" text=bench.condition catalogue problem=bench.problem("condition")
            label=bench.said(|locale| td_string!(locale, alerts.condition)) hint=bench.said(|locale| td_string!(locale, alerts.condition_hint))/>
        <ConditionBox id="rule-clear" text=bench.clear catalogue problem=bench.problem("clear")
            label=bench.said(|locale| td_string!(locale, alerts.clear_condition)) hint=bench.said(|locale| td_string!(locale, alerts.clear_hint))/>
    }
}

#[component]
fn Reach(bench: Bench, accounts: StoredValue<Catalogue>) -> impl IntoView {
    view! {
        <ConditionBox id="rule-scope" text=bench.scope catalogue=accounts problem=bench.problem("scope")
            label=bench.said(|locale| td_string!(locale, alerts.scope)) hint=bench.said(|locale| td_string!(locale, alerts.scope_hint))/>
    }
}

#[component]
fn Save(bench: Bench) -> impl IntoView {
    let (toasts, navigate, busy) = (use_toasts(), use_navigate(), RwSignal::new(false));
    let back = Callback::new(move |()| navigate(&Tab::Rules.href(), NavigateOptions::default()));
    let save = move |_| {
        bench.problems.set(Vec::new());
        busy.set(true);
        spawn_local(async move {
            let locale = bench.language.get_untracked();
            match save_alert_rule(bench.draft(), bench.is_new).await {
                Ok(rule) => {
                    toasts.say(td_string!(locale, alerts.rule_saved, name = words::rule_name(&rule, locale)));
                    back.run(());
                }
                Err(error) => {
                    if let Some(error) = bench.refuse(error) {
                        toasts.error(&error);
                    }
                }
            }
            busy.try_set(false);
        });
    };
    let remove = move |_| {
        let rule = bench.rule.get_untracked();
        spawn_local(async move {
            let locale = bench.language.get_untracked();
            match remove_alert_rule(rule.id).await {
                Ok(()) => {
                    toasts.say(td_string!(locale, alerts.rule_removed, name = words::rule_name(&rule, locale)));
                    back.run(());
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let (is_built_in, is_changed) = bench.rule.with_untracked(|rule| (rule.is_built_in(), rule.version > 0));
    bench.may.then(|| view! {
        <div class="form-actions">
            <button class="button" data-look="primary" type="button" disabled=move || busy.get()
                aria-busy=move || busy.get().then_some("true") on:click=save>{text!(alerts.save_rule)}</button>
            {(is_changed && !bench.is_new).then(|| view! {
                <button class="button" data-look="quiet" type="button" on:click=remove>
                    {if is_built_in { text!(alerts.reset_rule).into_any() } else { text!(alerts.remove_rule).into_any() }}
                </button>
            })}
        </div>
    })
}
