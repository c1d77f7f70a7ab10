//! Health in full: the score, what it is made of, how it came to be, and a person's own score in its place.

use std::collections::{BTreeMap, BTreeSet};

use domain::fields::Subject;
use domain::health::{
    AppliedOverride, Bands, Evaluation, GroupResult, HealthSummary, MeasureResult, MeasureState, Points, waterfall,
};
use leptos::prelude::*;

use super::change_fns::end_score_override;
use super::desk::{Desk, known, marks, may_edit, now, use_desk};
use super::header::ScoreLarge;
use super::health_history::{History, Since};
use super::override_dialog::OverrideDialog;
use super::panels::HealthPanel;
use super::parts::{Nothing, Panel, Steps, steps_chart};
use super::{server_fns, words};
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::download::Download;
use crate::ui::icon::{Icon, Pic};

/// What a score follows.
pub(super) const SUBJECTS: &[Subject] = &[Subject::Account, Subject::Override];

/// Loads the present score with all it was made of.
pub(super) fn resource(desk: Desk) -> Resource<Result<Option<HealthPanel>>> {
    let version = desk.watch(SUBJECTS);
    Resource::new(
        move || (desk.id.get(), desk.as_of.get(), version.get()),
        |(id, at, _)| async move { server_fns::account_health(known(id)?, at).await },
    )
}

/// Health in full.
#[component]
pub(super) fn HealthTab() -> impl IntoView {
    let desk = use_desk();
    let health = resource(desk);
    let dialog = RwSignal::new(false);
    let marked = marks(move || {
        let panel = health.get()?.ok()??;
        let texts =
            panel.evaluation.measures().map(|measure| (measure.key.clone(), measure.contribution.0.to_string()));
        Some((format!("{:?}", desk.id.get_untracked()), texts.collect::<BTreeMap<_, _>>()))
    });
    view! {
        <div class="stack">
            <Panel resource=health lines=10 let(panel, locale)>
                {match panel {
                    Some(panel) => view! { <Present panel marked dialog locale/> }.into_any(),
                    None => view! {
                        <section class="card"><div class="card-body">
                            <Nothing icon=Icon::Pulse title=td_string!(locale, account.no_score)
                                text=td_string!(locale, account.no_score_text)
                                action=("/import", td_string!(locale, account.import))/>
                        </div></section>
                    }.into_any(),
                }}
            </Panel>
            <History/>
            <Since/>
        </div>
        {may_edit().then(|| view! { <OverrideDialog open=dialog/> })}
    }
}

#[component]
fn Present(
    panel: HealthPanel,
    marked: RwSignal<BTreeSet<String>>,
    dialog: RwSignal<bool>,
    locale: Locale,
) -> impl IntoView {
    let steps = waterfall(&panel.evaluation);
    let amounts: BTreeMap<String, Points> = steps
        .iter()
        .map(|step| step.key.clone())
        .zip(words::printed(Points::ZERO, steps.iter().map(|step| step.delta)))
        .collect();
    let total = panel.evaluation.score.unwrap_or_default();
    let (evaluation, bands, fresh_days) = (panel.evaluation.clone(), panel.bands, panel.fresh_days.clone());
    let (label, text) = (td_string!(locale, account.made_of), td_string!(locale, account.made_of_text));
    let layout = steps_chart((label, text), None, &steps, td_string!(locale, account.score), locale);
    view! {
        <Summary panel dialog locale/>
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{label}</h2>
                <span class="card-sub">{text}</span>
                <Download layout/>
            </header>
            <div class="card-body">
                <Steps start=None steps end=(td_string!(locale, account.score).to_owned(), total) locale label=label.to_owned()/>
            </div>
        </section>
        <section class="card">
            <header class="card-head"><h2 class="card-title">{td_string!(locale, account.measures)}</h2></header>
            <div class="card-body">
                <ul class="measure-list">
                    {evaluation.groups.iter().map(|group| view! { <GroupLines group=group.clone() amounts=amounts.clone() fresh_days=fresh_days.clone() bands marked locale/> }).collect_view()}
                </ul>
            </div>
        </section>
    }
}

/// What paper tells of a score where the screen leads to it: the card, when it was computed, and every step.
#[component]
pub(super) fn OnPaper(
    /// The score with all it was made of.
    panel: HealthPanel,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let (card, version, at) = (panel.card, panel.version, panel.evaluation.at);
    let card = td_string!(locale, account.card_version, name = card, version = version);
    let (label, score) = (td_string!(locale, account.made_of), td_string!(locale, account.score));
    let (steps, total) = (waterfall(&panel.evaluation), panel.evaluation.score.unwrap_or_default());
    view! {
        <div class="only-paper">
            <p><span class="strong">{card}</span>" "{td_string!(locale, account.computed_at, when = format::date_time(at))}</p>
            <Steps start=None steps end=(score.to_owned(), total) locale label=label.to_owned()/>
        </div>
    }
}

#[component]
fn Summary(panel: HealthPanel, dialog: RwSignal<bool>, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let Evaluation { score, band, coverage, at, computed, .. } = panel.evaluation;
    let share = format::percent(coverage.as_f64().round());
    let reason = why_this_card(&panel, locale);
    let card = td_string!(locale, account.card_version, name = panel.card.clone(), version = panel.version);
    let published = panel.published_at.map(|at| td_string!(locale, account.published, date = format::date(at)));
    let overridden = panel.evaluation.override_;
    let can = may_edit();
    view! {
        <section class="card">
            <div class="card-body">
                <div class="row" data-gap="large">
                    <Trended score band coverage locale/>
                    <div class="stack" data-gap="small">
                        <p><span class="strong">{card}</span>" "<span class="muted">{published}</span></p>
                        <p class="muted">{reason}" "{td_string!(locale, account.computed_at, when = format::date_time(at))}</p>
                        <div class="coverage">
                            {td_string!(locale, account.coverage_of, share = share)}
                            <progress class="progress" max="100" value=coverage.as_f64().round().to_string()
                                aria-label=td_string!(locale, account.coverage)></progress>
                        </div>
                    </div>
                    <span class="push"></span>
                    {(can && overridden.is_none()).then(|| view! {
                        <button class="button" type="button" on:click=move |_| dialog.set(true)>
                            <Pic icon=Icon::Pencil/>{td_string!(locale, account.set_override)}
                        </button>
                    })}
                </div>
                {overridden.map(|manual| view! { <Overridden manual computed can desk locale/> })}
                {panel.evaluation.exceptions.into_iter().map(|exception| {
                    let change = exception.after - exception.before;
                    let text = td_string!(locale, account.exception_text, before = format::points(exception.before), after = format::points(exception.after));
                    view! {
                        <div class="notice" data-tone=if change < Points::ZERO { "warn" } else { "info" }>
                            <Pic icon=Icon::Warning/>
                            <div><p class="notice-title">{exception.label}</p><p>{text}</p></div>
                        </div>
                    }
                }).collect_view()}
            </div>
        </section>
    }
}

/// Returns why an account is scored with this card and no other.
fn why_this_card(panel: &HealthPanel, locale: Locale) -> String {
    let reason = if panel.applies_to.trim().is_empty() {
        td_string!(locale, account.card_for_all).to_owned()
    } else {
        td_string!(locale, account.card_for, filter = panel.applies_to.clone())
    };
    if panel.others == 0 {
        return reason;
    }
    let chosen = td_string!(locale, account.card_chosen, priority = panel.priority, all = panel.others + 1);
    format!("{reason} {chosen}")
}

/// The score with the trend that the head knows.
#[component]
fn Trended(
    score: Option<Points>,
    band: Option<domain::health::Band>,
    coverage: Points,
    locale: Locale,
) -> impl IntoView {
    let desk = use_desk();
    let known = move |head: super::panels::Head| {
        let health = head.row.health;
        match (health, score, band) {
            (Some(health), Some(score), Some(band)) => Some(HealthSummary { score, band, coverage, ..health }),
            (health, ..) => health,
        }
    };
    view! {
        <Panel resource=desk.head lines=2 let(head, _locale)>
            <ScoreLarge health=known(head) href=None locale/>
        </Panel>
    }
}

#[component]
fn Overridden(
    manual: AppliedOverride,
    computed: Option<Points>,
    can: bool,
    desk: Desk,
    locale: Locale,
) -> impl IntoView {
    let title =
        td_string!(locale, account.overridden, score = format::points(manual.score), author = manual.author.clone());
    let until = td_string!(
        locale,
        account.override_until,
        date = format::date(manual.until),
        away = format::relative(manual.until, now())
    );
    let computed = computed.map(|score| td_string!(locale, account.override_computed, score = format::points(score)));
    let end = move |_| {
        let Some(id) = desk.id.get_untracked() else { return };
        desk.run(end_score_override(id), move |answer| match answer {
            Ok(()) => desk.say(td_string!(desk.language.get_untracked(), account.override_ended)),
            Err(error) => desk.complain(&error),
        });
    };
    view! {
        <div class="notice" role="status" data-tone="info">
            <Pic icon=Icon::Person/>
            <div>
                <p class="notice-title">{title}</p>
                <p>{manual.reason}</p>
                <p class="muted">{until}" "{computed}</p>
            </div>
            {can.then(|| view! {
                <button class="button" data-size="small" type="button" on:click=end
                    aria-busy=move || desk.busy.get().then_some("true")>{td_string!(locale, account.end_override)}</button>
            })}
        </div>
    }
}

#[component]
fn GroupLines(
    group: GroupResult,
    amounts: BTreeMap<String, Points>,
    fresh_days: BTreeMap<String, u32>,
    bands: Bands,
    marked: RwSignal<BTreeSet<String>>,
    locale: Locale,
) -> impl IntoView {
    let weight = format::percent(round(group.effective));
    let sum: Points = group.measures.iter().filter_map(|measure| amounts.get(&measure.key).copied()).sum();
    let adds = format::signed_points(sum);
    view! {
        <li class="measure-group">
            <span>{group.label}</span>
            <span>{td_string!(locale, account.group_adds, weight = weight, adds = adds)}</span>
        </li>
        {group.measures.into_iter().map(|measure| {
            let amount = amounts.get(&measure.key).copied();
            let days = fresh_days.get(&measure.key).copied();
            view! { <MeasureLine measure amount days bands marked locale/> }
        }).collect_view()}
    }
}

#[component]
fn MeasureLine(
    measure: MeasureResult,
    amount: Option<Points>,
    days: Option<u32>,
    bands: Bands,
    marked: RwSignal<BTreeSet<String>>,
    locale: Locale,
) -> impl IntoView {
    let age = age(&measure, days, locale);
    let (state, word) = state(measure.state, locale);
    let value = measure.raw.as_ref().map(words::raw).filter(|text| !text.is_empty());
    let value = value.unwrap_or_else(|| td_string!(locale, account.no_value).to_owned());
    let seen = measure.observed_at.map(format::date).unwrap_or_default();
    let detail =
        td_string!(locale, account.measure_detail, value = value, weight = format::percent(round(measure.effective)));
    let points = measure.points;
    let band = points.map(|points| bands.band(points, None).key());
    let adds = amount.map_or_else(|| "–".to_owned(), format::signed_points);
    let key = measure.key.clone();
    view! {
        <li class="measure" data-state=state data-measure=measure.key class:highlight=move || marked.read().contains(&key)>
            <span class="measure-label">{measure.label.clone()}<span class="measure-detail">{detail}</span>
                {age.map(|age| view! { <span class="measure-detail">{age}</span> })}</span>
            <span class="measure-bar">
                {points.map(|points| view! {
                    <progress class="progress" max="100" data-band=band value=points.as_f64().round().to_string()
                        aria-label=measure.label></progress>
                })}
            </span>
            <span class="measure-points" title=points.map(words::exact)>{points.map_or_else(|| "–".to_owned(), format::points)}</span>
            <span class="measure-contribution" title=words::exact(measure.contribution)>{adds}</span>
            <span class="measure-state" title=seen>{word}</span>
        </li>
    }
}

/// Returns how old a value is and what that means for the score, in words.
fn age(measure: &MeasureResult, days: Option<u32>, locale: Locale) -> Option<String> {
    let seen = measure.observed_at.map(format::date);
    Some(match (measure.state, seen, days) {
        (MeasureState::Stale, Some(date), Some(days)) => {
            td_string!(locale, account.age_stale, date = date, days = days)
        }
        (MeasureState::Carried, Some(date), _) => td_string!(locale, account.age_carried, date = date),
        (MeasureState::Fresh, Some(date), Some(days)) => {
            td_string!(locale, account.age_fresh, date = date, days = days)
        }
        (MeasureState::Missing, ..) => td_string!(locale, account.age_missing).to_owned(),
        _ => return None,
    })
}

/// Returns a share as it is printed.
pub(super) fn round(share: Points) -> f64 {
    share.tenths() as f64 / 10.0
}

/// Returns the word by which the styles know a state, and the word that people read.
pub(super) fn state(state: MeasureState, locale: Locale) -> (&'static str, &'static str) {
    match state {
        MeasureState::Fresh => ("fresh", td_string!(locale, account.state_fresh)),
        MeasureState::Stale => ("stale", td_string!(locale, account.state_stale)),
        MeasureState::Carried => ("stale", td_string!(locale, account.state_carried)),
        MeasureState::Missing => ("missing", td_string!(locale, account.state_missing)),
        MeasureState::Neutral => ("missing", td_string!(locale, account.state_neutral)),
        MeasureState::Zero => ("missing", td_string!(locale, account.state_zero)),
    }
}
