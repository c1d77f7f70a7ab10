//! The portfolio by band on the day that is shown.

use domain::chart::{Distribution, Layout, Share, Size, Words, distribution};
use domain::health::Band;
use domain::insights::{Place, Which};
use domain::portfolio::BandTotal;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::Look;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Drawing;
use crate::ui::download::Download;
use crate::ui::health::{BandBadge, band_tone, band_word};

/// How large the bar is where it is taken along.
const TAKEN: Size = Size { width: 640.0, height: 32.0 };

/// The portfolio by band.
#[component]
pub(super) fn Standing(bands: Vec<BandTotal>, to: Timestamp, look: Look) -> impl IntoView {
    let Look { address, locale } = look;
    let all: u32 = bands.iter().map(|total| total.accounts).sum();
    let value = format::add_up(bands.iter().flat_map(|total| &total.value));
    let counts: Vec<_> = bands.iter().map(|total| (total.band, total.accounts)).collect();
    let layout = bar(&counts, locale);
    let title = if address.with_untracked(|address| address.as_of.is_some()) {
        td_string!(locale, insights.standing_then, date = format::date(to))
    } else {
        td_string!(locale, insights.standing).to_owned()
    };
    let taken = Layout { title: title.clone(), ..divided(&counts, TAKEN, locale) };
    let whole =
        move || address.with(|address| address.accounts("", "score").unwrap_or_else(|| address.behind(Which::All)));
    view! {
        <section class="card" aria-labelledby="insights-standing">
            <header class="card-head">
                <h2 class="card-title" id="insights-standing">{title}</h2>
                <a href=whole>{td_string!(locale, insights.n_accounts, count = format::integer(i64::from(all)))}</a>
                {(all > 0).then(|| view! { <Download layout=taken/> })}
            </header>
            <div class="card-body"><Drawing layout class="distribution-bar"/></div>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="insights-standing">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, insights.band)}</th>
                            <th scope="col" class="number">{td_string!(locale, insights.accounts)}</th>
                            <th scope="col" class="number">{td_string!(locale, insights.share)}</th>
                            <th scope="col" class="number">{td_string!(locale, insights.arr)}</th>
                        </tr></thead>
                        <tbody>{bands.into_iter().map(|total| view! { <BandRow total all look/> }).collect_view()}</tbody>
                        <tfoot><tr>
                            <th scope="row">{td_string!(locale, insights.total)}</th>
                            <td class="number">{format::integer(i64::from(all))}</td>
                            <td class="number">{format::percent(if all == 0 { 0.0 } else { 100.0 })}</td>
                            <td class="number">{format::money_list(&value)}</td>
                        </tr></tfoot>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn BandRow(total: BandTotal, all: u32, look: Look) -> impl IntoView {
    let band = total.band;
    let href = move || {
        look.address.with(|address| {
            let condition = band.map_or_else(|| "band is empty".to_owned(), |band| format!("band = {}", band.key()));
            let place = band.map_or(Place::Unscored, Place::Band);
            let listed = address.accounts(&condition, "score,-arr_minor");
            listed.unwrap_or_else(|| address.behind(Which::Went(None, Some(place))))
        })
    };
    let share = if all == 0 { 0.0 } else { f64::from(total.accounts) * 100.0 / f64::from(all) };
    view! {
        <tr data-band-row=format::band_key(band)>
            <th scope="row"><BandBadge band/></th>
            <td class="number">
                <a href=href aria-label=describe(band, total.accounts, look.locale)>{format::integer(i64::from(total.accounts))}</a>
            </td>
            <td class="number">{format::percent(share)}</td>
            <td class="number">{format::money_list(&total.value)}</td>
        </tr>
    }
}

fn describe(band: Option<Band>, accounts: u32, locale: Locale) -> String {
    format!("{}: {}", band_word(band, locale), format::integer(i64::from(accounts)))
}

/// One bar, divided by band.
pub(super) fn bar(bands: &[(Option<Band>, u32)], locale: Locale) -> Layout {
    divided(bands, Size { width: 300.0, height: 10.0 }, locale)
}

fn divided(bands: &[(Option<Band>, u32)], size: Size, locale: Locale) -> Layout {
    let parts: Vec<String> = bands.iter().map(|(band, accounts)| describe(*band, *accounts, locale)).collect();
    let description = parts.join(", ");
    let share = |(band, accounts): &(Option<Band>, u32)| Share {
        label: band_word(*band, locale).to_owned(),
        value: f64::from(*accounts),
        tone: band_tone(*band),
    };
    distribution(&Distribution {
        size,
        gap: 1.8,
        shares: bands.iter().map(share).collect(),
        words: Words {
            title: td_string!(locale, insights.standing),
            empty: td_string!(locale, insights.nothing),
            missing: "–",
            headings: [
                td_string!(locale, insights.band),
                td_string!(locale, insights.accounts),
                td_string!(locale, insights.share),
            ]
            .map(str::to_owned)
            .to_vec(),
            value: &format::number,
            describe: &|_| description.clone(),
        },
        share: &|part| format::percent(part * 100.0),
    })
}
