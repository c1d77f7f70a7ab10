//! How complete the records are, where to begin, and the rules with how many accounts break each.

use domain::quality::{Finding, Kind, Survey};
use leptos::prelude::*;

use super::{Look, words};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// Rules that are named as the first ones to look at.
const FIRST: usize = 3;

/// How many of the facts that are asked are there, and how that is counted.
#[component]
pub(super) fn Completeness(survey: Survey, look: Look) -> impl IntoView {
    let locale = look.locale;
    let (count, value) = (format::integer(i64::from(survey.accounts)), format::money_list(&survey.value));
    let looked_at = td_string!(locale, quality.looked_at, count = count, value = value);
    let all = move || look.address.with(|address| address.accounts(""));
    view! {
        <section class="card" aria-labelledby="quality-completeness">
            <header class="card-head">
                <h2 class="card-title" id="quality-completeness">{td_string!(locale, quality.completeness)}</h2>
                <a href=all>{looked_at}</a>
            </header>
            <div class="card-body stack" data-gap="small">
                {match survey.completeness_pct() {
                    Some(share) => view! { <Formula survey share locale/> }.into_any(),
                    None => view! { <p class="muted">{td_string!(locale, quality.completeness_none)}</p> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Formula(survey: Survey, share: f64, locale: Locale) -> impl IntoView {
    let number = |number: u32| format::integer(i64::from(number));
    let facts = survey.asked() / survey.customers.max(1);
    let formula = td_string!(
        locale,
        quality.formula,
        filled = number(survey.filled),
        asked = number(survey.asked()),
        facts = number(facts),
        customers = number(survey.customers)
    );
    // All but complete is not complete.
    let shown = if share < 100.0 { share.min(99.9) } else { share };
    view! {
        <p class="stat-value" data-completeness="">{format::percent(shown)}</p>
        <progress class="progress" max="100" value=format!("{share:.1}") aria-label=td_string!(locale, quality.completeness_bar)></progress>
        <p>{formula}</p>
        <p class="muted">{td_string!(locale, quality.formula_text)}</p>
    }
}

/// The rules with most revenue behind them.
#[component]
pub(super) fn First(survey: Survey, look: Look) -> impl IntoView {
    let locale = look.locale;
    let major = |finding: &Finding| finding.value.iter().map(|money| money.major()).sum::<f64>();
    let mut found: Vec<Finding> = survey.findings.into_iter().filter(|finding| finding.accounts > 0).collect();
    found.sort_by(|one, other| major(other).total_cmp(&major(one)).then(other.accounts.cmp(&one.accounts)));
    found.truncate(FIRST);
    let none = found.is_empty();
    let line = move |finding: Finding| {
        let sentence = words::sentence(finding.rule, locale);
        let count = td_string!(locale, quality.n_accounts, count = format::integer(i64::from(finding.accounts)));
        let note = format!("{count} · {}", format::money_list(&finding.value));
        let href = move || look.address.with(|address| address.behind(&finding));
        view! { <li><a href=href>{sentence}</a>" "<span class="muted">{note}</span></li> }
    };
    view! {
        <section class="card" aria-labelledby="quality-first">
            <header class="card-head">
                <h2 class="card-title" id="quality-first">{td_string!(locale, quality.first)}</h2>
                <span class="card-sub">{td_string!(locale, quality.first_text)}</span>
            </header>
            <div class="card-body">
                {none.then(|| view! { <p class="muted">{td_string!(locale, quality.first_none)}</p> })}
                <ol class="quality-first">{found.into_iter().map(line).collect_view()}</ol>
            </div>
        </section>
    }
}

/// The rules of one kind.
#[component]
pub(super) fn Rules(kind: Kind, survey: Survey, look: Look) -> impl IntoView {
    let locale = look.locale;
    let (title, text) = words::kind(kind, locale);
    let id = format!("quality-{}", kind.key());
    let rows = survey.findings.iter().filter(|finding| finding.rule.kind() == kind).map(|finding| {
        let share = survey.share_pct(finding).unwrap_or_default();
        view! { <RuleRow finding=finding.clone() share look/> }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card" aria-labelledby=id.clone()>
            <header class="card-head">
                <h2 class="card-title" id=id.clone()>{title}</h2>
                <span class="card-sub">{text}</span>
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
                    <table class="table quality-rules">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, quality.rule)}</th>
                            <th scope="col" class="number">{td_string!(locale, quality.accounts)}</th>
                            <th scope="col" class="number">{td_string!(locale, quality.share)}</th>
                            <th scope="col" class="number">{td_string!(locale, quality.arr)}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn RuleRow(finding: Finding, share: f64, look: Look) -> impl IntoView {
    let locale = look.locale;
    let (rule, accounts) = (finding.rule, finding.accounts);
    let (sentence, value) = (words::sentence(rule, locale), format::money_list(&finding.value));
    let label =
        td_string!(locale, quality.number, count = format::integer(i64::from(accounts)), rule = sentence.clone());
    let href = move || look.address.with(|address| address.behind(&finding));
    view! {
        <tr data-rule=rule.key() data-kept=(accounts == 0).then_some("")>
            <th scope="row">{sentence}<span class="quality-advice">{words::advice(rule, locale)}</span></th>
            <td class="number">
                {if accounts == 0 {
                    view! { <span class="quality-none"><Pic icon=Icon::Check/>{td_string!(locale, quality.none)}</span> }.into_any()
                } else {
                    view! { <a href=href aria-label=label>{format::integer(i64::from(accounts))}</a> }.into_any()
                }}
            </td>
            <td class="number">{if accounts == 0 { "–".to_owned() } else { format::percent(share) }}</td>
            <td class="number">{value}</td>
        </tr>
    }
}
