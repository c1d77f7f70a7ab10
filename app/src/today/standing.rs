//! How the portfolio stands: its bands, the revenue at risk, movement, and what renews next.

use domain::chart::{Distribution, Layout, Share, Size, Words, distribution};
use domain::health::Band;
use domain::money::Money;
use domain::portfolio::{BandTotal, Portfolio};
use domain::reports::AT_RISK;
use leptos::prelude::*;

use super::figure::{Figure, Look};
use super::links;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::chart::Drawing;
use crate::ui::health::{BandBadge, band_tone, band_word};

/// The portfolio by band.
#[component]
pub(super) fn Health(
    /// The portfolio.
    portfolio: Portfolio,
    /// How it is looked at.
    look: Look,
) -> impl IntoView {
    let language = use_language();
    let bands = in_order(&portfolio);
    let layout = bar(&bands, language.get_untracked());
    let all = portfolio.accounts;
    view! {
        <section class="card" aria-labelledby="portfolio-health">
            <header class="card-head">
                <h2 class="card-title" id="portfolio-health">{text!(today.portfolio)}</h2>
                <a href=links::accounts("", "score", look.mine)>
                    <Figure look key="accounts" text=format::integer(i64::from(all))/>" "{text!(today.accounts)}
                </a>
            </header>
            <div class="card-body"><Drawing layout class="distribution-bar"/></div>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="portfolio-health">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(today.band)}</th>
                            <th scope="col" class="number">{text!(today.count)}</th>
                            <th scope="col" class="number">{text!(today.share)}</th>
                            <th scope="col" class="number">{text!(today.arr)}</th>
                        </tr></thead>
                        <tbody>{bands.into_iter().map(|total| view! { <BandRow total all look/> }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn BandRow(total: BandTotal, all: u32, look: Look) -> impl IntoView {
    let key = format::band_key(total.band);
    view! {
        <tr data-band-row=key>
            <th scope="row"><a href=links::band(total.band, look.mine)><BandBadge band=total.band/></a></th>
            <td class="number">
                <Figure look key=format!("count/{key}") text=format::integer(i64::from(total.accounts))/>
            </td>
            <td class="number">{format::percent(share(f64::from(total.accounts), f64::from(all)))}</td>
            <td class="number"><Amounts amounts=total.value key=format!("value/{key}") look/></td>
        </tr>
    }
}

/// Amounts one below the other, because there is no sum of two currencies.
#[component]
fn Amounts(amounts: Vec<Money>, key: String, look: Look) -> impl IntoView {
    let amounts = largest_first(amounts);
    if amounts.is_empty() {
        return view! { <Figure look key text="–".to_owned()/> }.into_any();
    }
    amounts
        .into_iter()
        .map(|money| {
            let key = format!("{key}/{}", money.currency.code());
            view! { <div><Figure look key text=format::money_short(money)/></div> }
        })
        .collect_view()
        .into_any()
}

/// The revenue at risk and the movement of 7 days, as two figures.
#[component]
pub(super) fn Figures(
    /// The portfolio.
    portfolio: Portfolio,
    /// How it is looked at.
    look: Look,
) -> impl IntoView {
    let at_risk = at_risk(&portfolio);
    let all = largest_first(format::add_up(portfolio.bands.iter().flat_map(|band| &band.value)));
    let none = all.is_empty();
    let fell = format::integer(i64::from(portfolio.fell_count));
    let rose = format::integer(i64::from(portfolio.rose_count));
    view! {
        <a class="stat" href=links::accounts(AT_RISK, "-arr_minor", look.mine)>
            <span class="stat-label">{text!(today.arr_at_risk)}</span>
            {all.into_iter().map(|whole| view! { <RiskLine whole at_risk=at_risk.clone() look/> }).collect_view()}
            <span class="stat-note" hidden=!none>{text!(today.no_arr)}</span>
        </a>
        <section class="card" aria-labelledby="movement">
            <header class="card-head"><h2 class="card-title" id="movement">{text!(today.movement)}</h2></header>
            <div class="card-body grid-4">
                <a class="stat" href=links::accounts(super::FELL, "trend_7d", look.mine)>
                    <span class="stat-value"><Figure look key="fell" text=fell/></span>
                    <span class="stat-delta" data-direction="down">{text!(today.fell)}</span>
                </a>
                <a class="stat" href=links::accounts(super::ROSE, "-trend_7d", look.mine)>
                    <span class="stat-value"><Figure look key="rose" text=rose/></span>
                    <span class="stat-delta" data-direction="up">{text!(today.rose)}</span>
                </a>
            </div>
        </section>
    }
}

/// What is at risk in one currency, and which part of the whole that is.
#[component]
fn RiskLine(whole: Money, at_risk: Vec<Money>, look: Look) -> impl IntoView {
    let language = use_language();
    let risky =
        at_risk.into_iter().find(|money| money.currency == whole.currency).unwrap_or(Money { minor: 0, ..whole });
    let part = format::percent(share(risky.major(), whole.major()));
    let all = format::money_short(whole);
    let key = format!("arr-at-risk/{}", whole.currency.code());
    view! {
        <span class="row" data-align="baseline" data-spread>
            <span class="stat-value"><Figure look key text=format::money_short(risky)/></span>
            <span class="stat-note">{move || td_string!(language.get(), today.share_of, part = part.clone(), all = all.clone())}</span>
        </span>
    }
}

/// Returns all four bands, and the accounts without a score where there are any.
fn in_order(portfolio: &Portfolio) -> Vec<BandTotal> {
    let find = |band: Option<Band>| portfolio.bands.iter().find(|total| total.band == band).cloned();
    let mut bands: Vec<BandTotal> =
        Band::ALL.into_iter().map(|band| find(Some(band)).unwrap_or_else(|| BandTotal::empty(Some(band)))).collect();
    bands.extend(find(None).filter(|total| total.accounts > 0));
    bands
}

fn bar(bands: &[BandTotal], locale: Locale) -> Layout {
    let parts: Vec<String> =
        bands.iter().map(|total| format!("{} {}", band_word(total.band, locale), total.accounts)).collect();
    let description = parts.join(", ");
    let shares = bands
        .iter()
        .map(|total| Share {
            label: band_word(total.band, locale).to_owned(),
            value: f64::from(total.accounts),
            tone: band_tone(total.band),
        })
        .collect();
    distribution(&Distribution {
        size: Size { width: 300.0, height: 10.0 },
        gap: 1.8,
        shares,
        words: Words {
            title: td_string!(locale, today.portfolio),
            empty: td_string!(locale, today.no_accounts),
            missing: "–",
            headings: Vec::new(),
            value: &format::number,
            describe: &|_| description.clone(),
        },
        share: &|part| format::percent(part * 100.0),
    })
}

fn at_risk(portfolio: &Portfolio) -> Vec<Money> {
    let risky = |total: &&BandTotal| matches!(total.band, Some(Band::AtRisk | Band::Critical));
    format::add_up(portfolio.bands.iter().filter(risky).flat_map(|total| &total.value))
}

fn largest_first(mut amounts: Vec<Money>) -> Vec<Money> {
    amounts.retain(|money| money.minor > 0);
    amounts.sort_by(|one, other| other.major().total_cmp(&one.major()));
    amounts
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part * 100.0 / whole } else { 0.0 }
}
