//! The rules: which are on, what each was good for, and what is proposed.

use domain::alerts::usefulness::{Proposal, Usefulness};
use domain::alerts::{Kind, Rule};
use domain::fields::Subject;
use domain::id::RuleId;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::{Address, Tab};
use super::rule_editor::RuleEditor;
use super::rule_fns::{RuleBook, load_alert_rules, save_alert_rule, switch_alert_rule};
use super::words;
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::{paced, use_live};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

/// However much happens, the rules are read again at most this often.
const PACE: std::time::Duration = std::time::Duration::from_millis(500);

/// The address of a rule's editor; without a rule that of a new one.
pub(super) fn editor_href(rule: Option<RuleId>) -> String {
    let edit = Some(rule.map_or_else(|| "new".to_owned(), |rule| rule.to_string()));
    Address { tab: Tab::Rules, edit, ..Address::default() }.href()
}

/// The list of rules, or the editor of one.
#[component]
pub(super) fn Rules(
    /// What the address says.
    address: Memo<Address>,
) -> impl IntoView {
    let edit = Memo::new(move |_| address.with(|address| address.edit.clone()));
    let version = paced(use_live().version(|note| note.subject == Subject::Rule), PACE);
    // What is being written is not taken away by somebody else's change.
    let book = Resource::new(
        move || (edit.get(), if edit.get().is_some() { 0 } else { version.get() }),
        |_| load_alert_rules(),
    );
    let changed = Callback::new(move |()| book.refetch());
    view! {
        <Loaded resource=book lines=10 children=move |book| match edit.get_untracked() {
            Some(edit) => view! { <RuleEditor book edit/> }.into_any(),
            None => view! { <RuleList book changed/> }.into_any(),
        }/>
    }
}

#[component]
fn RuleList(book: RuleBook, changed: Callback<()>) -> impl IntoView {
    let may = boot::may(Role::Manager);
    let RuleBook { rules, usefulness, .. } = book;
    view! {
        <div class="stack">
            {(!may).then(|| view! {
                <div class="notice" data-tone="info"><Pic icon=Icon::Info/><div><p>{text!(alerts.rules_readers)}</p></div></div>
            })}
            <section class="card" aria-labelledby="rules-list">
                <header class="card-head">
                    <div><h2 class="card-title" id="rules-list">{text!(alerts.tab_rules)}</h2><p class="card-sub">{text!(alerts.rules_sub)}</p></div>
                    {may.then(|| view! {
                        <a class="button" data-look="primary" data-noscroll="" href=editor_href(None)>
                            <Pic icon=Icon::Plus/><span>{text!(alerts.new_rule)}</span>
                        </a>
                    })}
                </header>
                <div class="card-body" data-flush="">
                    <div class="table-scroll" tabindex="0" role="region" aria-labelledby="rules-list">
                        <table class="table">
                            <thead><tr>
                                <th scope="col">{text!(alerts.rule)}</th>
                                <th scope="col">{text!(alerts.rule_on)}</th>
                                <th scope="col" class="number">{text!(alerts.raised_90)}</th>
                                <th scope="col" class="number">{text!(alerts.open_now)}</th>
                                <th scope="col" class="number">{text!(alerts.acted)}</th>
                                <th scope="col" class="number">{text!(alerts.dismissed_share)}</th>
                                <th scope="col" class="number">{text!(alerts.median_seen)}</th>
                                <th scope="col">{text!(alerts.proposal)}</th>
                            </tr></thead>
                            <tbody>
                                {rules.into_iter().map(|rule| {
                                    let useful = usefulness.iter().find(|useful| useful.rule == rule.id).cloned();
                                    view! { <RuleRow rule useful may changed/> }
                                }).collect_view()}
                            </tbody>
                        </table>
                    </div>
                </div>
            </section>
        </div>
    }
}

#[component]
fn RuleRow(rule: Rule, useful: Option<Usefulness>, may: bool, changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let locale = language.get_untracked();
    let name = words::rule_name(&rule, locale);
    let (id, is_on) = (rule.id, RwSignal::new(rule.is_on()));
    let said = name.clone();
    let switch = move |event: leptos::ev::Event| {
        let (on, name) = (event_target_checked(&event), said.clone());
        is_on.set(on);
        spawn_local(async move {
            match switch_alert_rule(id, on).await {
                Ok(_) if on => toasts.say(td_string!(locale, alerts.switched_on, name = name)),
                Ok(_) => toasts.say(td_string!(locale, alerts.switched_off, name = name)),
                Err(error) => {
                    is_on.try_set(!on);
                    toasts.error(&error);
                }
            }
            changed.run(());
        });
    };
    let label = td_string!(locale, alerts.rule_switch, name = name.clone());
    let count = |read: fn(&Usefulness) -> u32| {
        useful.as_ref().map_or_else(|| "–".to_owned(), |useful| format::integer(i64::from(read(useful))))
    };
    let share = |read: fn(&Usefulness) -> u32| match &useful {
        Some(useful) if useful.raised > 0 => {
            format::percent(100.0 * f64::from(read(useful)) / f64::from(useful.raised))
        }
        _ => "–".to_owned(),
    };
    let seen = words::span(useful.as_ref().and_then(|useful| useful.acknowledge_ms));
    let proposal = useful.as_ref().and_then(|useful| useful.proposal.clone());
    view! {
        <tr>
            <th scope="row">
                <a href=editor_href(Some(rule.id)) data-noscroll="">{name}</a>" "
                <span class="muted">{words::kind(rule.kind, locale)}</span>
                {(!rule.is_built_in()).then(|| view! { " "<span class="badge">{td_string!(locale, alerts.custom_rule)}</span> })}
            </th>
            <td><input class="switch" type="checkbox" role="switch" aria-label=label disabled=!may
                checked=is_on.get_untracked() prop:checked=move || is_on.get() on:change=switch/></td>
            <td class="number">{count(|useful| useful.raised)}</td>
            <td class="number">{count(|useful| useful.open)}</td>
            <td class="number">{share(|useful| useful.acted)}</td>
            <td class="number">{share(|useful| useful.dismissed)}</td>
            <td class="number">{seen}</td>
            <td>{match proposal {
                Some(proposal) => view! { <Proposed rule proposal may locale changed/> }.into_any(),
                None => view! { <span class="muted">{td_string!(locale, alerts.no_proposal)}</span> }.into_any(),
            }}</td>
        </tr>
    }
}

/// What is proposed for a rule, with the way to do it.
#[component]
fn Proposed(rule: Rule, proposal: Proposal, may: bool, locale: Locale, changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let is_portfolio = rule.kind == Kind::Portfolio;
    let (text, label, next) = match proposal {
        Proposal::Retire => {
            let next = Rule { off_at: Some(boot::now()), ..rule.clone() };
            (
                td_string!(locale, alerts.propose_retire).to_owned(),
                td_string!(locale, alerts.switch_off).to_owned(),
                Some(next),
            )
        }
        Proposal::Tighten { parameter: Some(key), from, to } => {
            let mut next = rule.clone();
            let found = next.parameters.iter_mut().find(|one| one.key == key);
            let label =
                found.as_ref().map_or_else(String::new, |one| words::parameter(&rule, &key, &one.label, locale));
            if let Some(found) = found {
                found.value = to;
            }
            let (from, to) = (format::number(from), format::number(to));
            let text = td_string!(locale, alerts.propose_tighten, label = label, from = from, to = to.clone());
            (text, td_string!(locale, alerts.apply, to = to), Some(next))
        }
        Proposal::Tighten { .. } => (td_string!(locale, alerts.propose_stricter).to_owned(), String::new(), None),
    };
    let apply = move |next: Rule| {
        move |_: leptos::ev::MouseEvent| {
            let (next, name) = (next.clone(), words::rule_name(&rule, locale));
            spawn_local(async move {
                match save_alert_rule(next, false).await {
                    Ok(_) => toasts.say(td_string!(locale, alerts.rule_saved, name = name)),
                    Err(error) => toasts.error(&error),
                }
                changed.run(());
            });
        }
    };
    view! {
        <div class="row" data-gap="small">
            <span>{text}</span>
            {next.filter(|_| may && !is_portfolio).map(|next| view! {
                <button class="button" data-size="small" type="button" on:click=apply(next)>{label}</button>
            })}
        </div>
    }
}
