//! The panel on the right: before and after, who moves between bands, and who moves most.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::health::{Band, BandMove, Points, Preview, waterfall};
use domain::id::AccountId;
use domain::money::{Currency, Money};
use leptos::prelude::*;

use super::bench::use_bench;
use super::preview::use_engine;
use crate::account::Steps;
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::{BandBadge, Trend, band_word};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Problem, Skeleton};

/// How long the preview rests before it is said aloud.
const REST: Duration = Duration::from_millis(500);
/// Width of a class of the distribution, and the height of the picture.
const CLASS: f64 = 10.0;
const HEIGHT: f64 = 72.0;

/// What the draft would change.
#[component]
pub(super) fn EffectPanel() -> impl IntoView {
    let (bench, engine) = (use_bench(), use_engine());
    let retry = Callback::new(move |()| engine.refresh());
    // What is opened stays open while the preview is drawn anew.
    let opened = RwSignal::new(BTreeSet::new());
    view! {
        <aside class="card scorecard-effect" aria-labelledby="effect">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="effect">{text!(scorecards.effect)}</h2>
                    <p class="card-sub">{move || engine.result.get().map(|result| {
                        td_string!(bench.language.get(), scorecards.effect_of, total = format::integer(i64::from(result.accounts)))
                    })}</p>
                </div>
            </header>
            <div class="card-body stack">
                {move || engine.problem.get().map(|error| view! { <Problem error retry/> })}
                {move || match engine.result.get() {
                    None if engine.problem.with(Option::is_some) => ().into_any(),
                    None => view! { <Skeleton lines=8/> }.into_any(),
                    Some(result) if result.accounts == 0 => view! { <NoAccounts/> }.into_any(),
                    Some(result) => view! { <Effect result opened locale=bench.language.get()/> }.into_any(),
                }}
            </div>
            <Aloud/>
        </aside>
    }
}

#[component]
fn NoAccounts() -> impl IntoView {
    view! {
        <div class="empty">
            <Pic icon=Icon::Building/>
            <p class="empty-title">{text!(scorecards.no_accounts)}</p>
            <p class="empty-text">{text!(scorecards.no_accounts_text)}</p>
        </div>
    }
}

/// Says the effect aloud once it rests.
#[component]
fn Aloud() -> impl IntoView {
    let (bench, engine) = (use_bench(), use_engine());
    let said = RwSignal::new(String::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let Some(result) = engine.result.get() else { return };
        let say = move || {
            said.try_set(sentence(&result, bench.language.get_untracked()));
        };
        let handle = set_timeout_with_handle(say, REST).ok();
        let earlier = timer.try_update_value(|timer| std::mem::replace(timer, handle)).flatten();
        if let Some(earlier) = earlier {
            earlier.clear();
        }
    });
    view! { <p class="visually-hidden" aria-live="polite">{move || said.get()}</p> }
}

/// Returns how many accounts get into a better and into a worse band.
pub(super) fn movement(result: &Preview) -> (u32, u32) {
    let (mut better, mut worse) = (0, 0);
    for (from, row) in result.moves.iter().enumerate() {
        for (to, moved) in row.iter().enumerate() {
            match to.cmp(&from) {
                std::cmp::Ordering::Less => better += moved.accounts,
                std::cmp::Ordering::Greater => worse += moved.accounts,
                std::cmp::Ordering::Equal => {}
            }
        }
    }
    (better, worse)
}

/// Returns the effect in a sentence.
pub(super) fn sentence(result: &Preview, locale: Locale) -> String {
    if result.changed == 0 {
        return td_string!(locale, scorecards.no_effect).to_owned();
    }
    let (better, worse) = movement(result);
    let mean = |points: Option<Points>| points.map_or_else(|| "–".to_owned(), format::points);
    td_string!(
        locale,
        scorecards.effect_sentence,
        changed = format::integer(i64::from(result.changed)),
        better = format::integer(i64::from(better)),
        worse = format::integer(i64::from(worse)),
        before = mean(result.mean_before()),
        after = mean(result.mean_after())
    )
}

/// Returns an amount in the workspace's currency.
pub(super) fn money(minor: i64) -> String {
    let currency = boot::me().and_then(|me| me.currency.parse().ok()).unwrap_or(Currency::USD);
    format::money_short(Money { minor, currency })
}

#[component]
fn Effect(result: Arc<Preview>, opened: RwSignal<BTreeSet<AccountId>>, locale: Locale) -> impl IntoView {
    view! {
        <Figures result=Arc::clone(&result) locale/>
        <Distribution result=Arc::clone(&result) locale/>
        <Moves moves=result.moves locale/>
        <Movers result opened locale/>
    }
}

/// The figures that a publish dialog shows, too.
#[component]
pub(super) fn Figures(result: Arc<Preview>, locale: Locale) -> impl IntoView {
    let (better, worse) = movement(&result);
    let mean = |points: Option<Points>| points.map_or_else(|| "–".to_owned(), format::points);
    let change = result.mean_after().zip(result.mean_before()).map(|(after, before)| after - before);
    let count = |accounts: u32| format::integer(i64::from(accounts));
    view! {
        <p class="effect-sentence" data-effect="sentence">{sentence(&result, locale)}</p>
        <dl class="facts effect-figures">
            <div><dt>{td_string!(locale, scorecards.mean)}</dt>
                <dd class="figure" data-effect="mean">{mean(result.mean_before())}" → "{mean(result.mean_after())}" "<Trend change/></dd></div>
            <div><dt>{td_string!(locale, scorecards.better)}</dt>
                <dd class="figure" data-effect="better">{count(better)}" · "{money(result.arr_better_minor)}</dd></div>
            <div><dt>{td_string!(locale, scorecards.worse)}</dt>
                <dd class="figure" data-effect="worse">{count(worse)}" · "{money(result.arr_worse_minor)}</dd></div>
        </dl>
    }
}

/// How many accounts have which score, before and after.
#[component]
fn Distribution(result: Arc<Preview>, locale: Locale) -> impl IntoView {
    let (before, after) = (result.histogram_before, result.histogram_after);
    let most = f64::from(before.iter().chain(&after).copied().max().unwrap_or_default().max(1));
    let bar = |class: usize, count: u32, name: &'static str, inset: f64| {
        let height = f64::from(count) / most * HEIGHT;
        let x = class as f64 * CLASS + inset;
        view! { <rect class=name x=x y=HEIGHT - height width=CLASS - 2.0 * inset height=height/> }
    };
    let label = format!("{}. {}", td_string!(locale, scorecards.distribution), sentence(&result, locale));
    let bands = Band::ALL.into_iter().zip(result.by_band_before.into_iter().zip(result.by_band_after));
    let count = |accounts: u32| format::integer(i64::from(accounts));
    view! {
        <figure class="chart-figure">
            <figcaption class="field-label">{td_string!(locale, scorecards.distribution)}</figcaption>
            <svg class="effect-chart" viewBox=format!("0 0 {} {}", CLASS * before.len() as f64, HEIGHT + 1.0) preserveAspectRatio="none" role="img" aria-label=label direction="ltr">
                {before.into_iter().enumerate().map(|(class, count)| bar(class, count, "effect-before", 0.75)).collect_view()}
                {after.into_iter().enumerate().map(|(class, count)| bar(class, count, "effect-after", 2.75)).collect_view()}
                <line class="chart-axis" x1="0" x2=CLASS * 20.0 y1=HEIGHT y2=HEIGHT/>
            </svg>
            <div class="curve-ends" aria-hidden="true"><span>"0"</span><span>"50"</span><span>"100"</span></div>
            <div class="row faint"><span class="effect-key" data-key="before"></span>{td_string!(locale, scorecards.now)}
                <span class="effect-key" data-key="after"></span>{td_string!(locale, scorecards.with_draft)}</div>
        </figure>
        <table class="table effect-bands">
            <thead><tr>
                <th scope="col">{td_string!(locale, scorecards.band)}</th>
                <th scope="col" class="number">{td_string!(locale, scorecards.now)}</th>
                <th scope="col" class="number">{td_string!(locale, scorecards.with_draft)}</th>
            </tr></thead>
            <tbody>{bands.map(|(band, (before, after))| view! {
                <tr data-band=band.key()><th scope="row"><BandBadge band=Some(band)/></th><td class="number">{count(before)}</td><td class="number">{count(after)}</td></tr>
            }).collect_view()}</tbody>
        </table>
    }
}

/// Who goes from which band to which.
#[component]
pub(super) fn Moves(moves: [[BandMove; 4]; 4], locale: Locale) -> impl IntoView {
    let cell = |from: usize, to: usize, moved: BandMove| {
        let way = match (from.cmp(&to), moved.accounts) {
            (_, 0) => "none",
            (std::cmp::Ordering::Equal, _) => "stays",
            (std::cmp::Ordering::Greater, _) => "better",
            (std::cmp::Ordering::Less, _) => "worse",
        };
        let text = if moved.accounts == 0 { "–".to_owned() } else { format::integer(i64::from(moved.accounts)) };
        let arr = (moved.accounts > 0).then(|| money(moved.arr_minor));
        view! { <td class="number effect-move" data-way=way>{text}<span class="faint">{arr}</span></td> }
    };
    view! {
        <div class="stack" data-gap="small">
            <h3 class="field-label">{td_string!(locale, scorecards.moves)}</h3>
            <div class="table-scroll" tabindex="0" role="group" aria-label=td_string!(locale, scorecards.moves)>
                <table class="table effect-moves">
                    <thead><tr>
                        <th scope="col">{td_string!(locale, scorecards.from_to)}</th>
                        {Band::ALL.map(|band| view! {
                            <th scope="col" class="number"><abbr title=band_word(Some(band), locale)>{band.letter().to_string()}</abbr></th>
                        })}
                    </tr></thead>
                    <tbody>{moves.into_iter().zip(Band::ALL).enumerate().map(|(from, (row, band))| view! {
                        <tr>
                            <th scope="row"><BandBadge band=Some(band)/></th>
                            {row.into_iter().enumerate().map(|(to, moved)| cell(from, to, moved)).collect_view()}
                        </tr>
                    }).collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
}

/// Those whose score would change most, each with what it would be made of.
#[component]
fn Movers(result: Arc<Preview>, opened: RwSignal<BTreeSet<AccountId>>, locale: Locale) -> impl IntoView {
    if result.movers.is_empty() {
        return ().into_any();
    }
    let line = |mover: &domain::health::Mover| {
        let (steps, total) = (waterfall(&mover.evaluation), mover.after);
        let href = format!("/accounts/{}/health", mover.account);
        let label = td_string!(locale, scorecards.made_of, name = mover.name.clone());
        let account = mover.account;
        let toggled = move |event: leptos::ev::Event| {
            let is_open = event_target::<web_sys::Element>(&event).has_attribute("open");
            opened.update(|opened| {
                let _ = if is_open { opened.insert(account) } else { opened.remove(&account) };
            });
        };
        view! {
            <li class="effect-mover">
                <details open=opened.with_untracked(|opened| opened.contains(&account)) on:toggle=toggled>
                    <summary>
                        <span class="truncate">{mover.name.clone()}</span>
                        <span class="figure">{format::points(mover.before)}" → "{format::points(mover.after)}</span>
                        <Trend change=Some(mover.after - mover.before)/>
                    </summary>
                    <Steps start=None steps end=(td_string!(locale, scorecards.score).to_owned(), total) locale label/>
                    <a href=href target="_blank">{td_string!(locale, scorecards.open_account)}</a>
                </details>
            </li>
        }
    };
    view! {
        <div class="stack" data-gap="small">
            <h3 class="field-label">{td_string!(locale, scorecards.movers)}</h3>
            <ol class="effect-movers">{result.movers.iter().map(line).collect_view()}</ol>
        </div>
    }
    .into_any()
}
