//! How the portfolio stands: its bands, the revenue at risk, movement, and what renews next.

use domain::chart::{Distribution, Layout, Share, Size, Tone, Words, distribution};
use domain::health::Band;
use domain::money::Money;
use domain::portfolio::{BandTotal, Portfolio};
use leptos::prelude::*;

use super::figure::{Figure, Look};
use super::links;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::chart::Drawing;
use crate::ui::health::{BandBadge, band_word};

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
            <td class="number"><Figure look key=format!("value/{key}") text=format::money_list(&total.value)/></td>
        </tr>
    }
}

/// The revenue at risk and the movement of 7 days, as two figures.
#[component]
pub(super) fn Figures(
    /// The portfolio.
    portfolio: Portfolio,
    /// How it is looked at.
    look: Look,
) -> impl IntoView {
    let language = use_language();
    let at_risk = at_risk(&portfolio);
    let note = at_risk_note(&at_risk, &format::add_up(portfolio.bands.iter().flat_map(|band| &band.value)));
    let fell = format::integer(i64::from(portfolio.fell_count));
    let rose = format::integer(i64::from(portfolio.rose_count));
    view! {
        <a class="stat" href=links::accounts(super::AT_RISK, "-arr_minor", look.mine)>
            <span class="stat-label">{text!(today.arr_at_risk)}</span>
            <span class="stat-value"><Figure look key="arr-at-risk" text=format::money_list(&at_risk)/></span>
            <span class="stat-note">{move || match &note {
                Some(note) => td_string!(language.get(), today.of_all_arr, share = note.clone()),
                None => td_string!(language.get(), today.no_arr).to_owned(),
            }}</span>
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

/// Returns all four bands, and the accounts without a score where there are any.
fn in_order(portfolio: &Portfolio) -> Vec<BandTotal> {
    let find = |band: Option<Band>| portfolio.bands.iter().find(|total| total.band == band).cloned();
    let mut bands: Vec<BandTotal> =
        Band::ALL.into_iter().map(|band| find(Some(band)).unwrap_or_else(|| BandTotal::empty(Some(band)))).collect();
    bands.extend(find(None).filter(|total| total.accounts > 0));
    bands
}

fn bar(bands: &[BandTotal], locale: Locale) -> Layout {
    let parts: Vec<String> = bands.iter().map(|total| format!("{} {}", band_word(total.band, locale), total.accounts)).collect();
    let description = parts.join(", ");
    let shares = bands
        .iter()
        .map(|total| Share {
            label: band_word(total.band, locale).to_owned(),
            value: f64::from(total.accounts),
            tone: tone(total.band),
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

fn tone(band: Option<Band>) -> Tone {
    match band {
        Some(Band::Healthy) => Tone::BandHealthy,
        Some(Band::Watch) => Tone::BandWatch,
        Some(Band::AtRisk) => Tone::BandAtRisk,
        Some(Band::Critical) => Tone::BandCritical,
        None => Tone::BandNone,
    }
}

fn at_risk(portfolio: &Portfolio) -> Vec<Money> {
    let risky = |total: &&BandTotal| matches!(total.band, Some(Band::AtRisk | Band::Critical));
    format::add_up(portfolio.bands.iter().filter(risky).flat_map(|total| &total.value))
}

/// Returns `12 % of $9.8M`, for each currency by itself because rates are nobody's guess.
fn at_risk_note(at_risk: &[Money], all: &[Money]) -> Option<String> {
    let part = |whole: &Money| {
        let risky = at_risk.iter().find(|money| money.currency == whole.currency).map_or(0.0, |money| money.major());
        format!("{} / {}", format::percent(share(risky, whole.major())), format::money_short(*whole))
    };
    let parts: Vec<String> = all.iter().filter(|whole| whole.minor > 0).map(part).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part * 100.0 / whole } else { 0.0 }
}
