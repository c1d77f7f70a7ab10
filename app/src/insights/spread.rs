//! The distribution of the scores, as a whole and by group.

use domain::chart::{self, Histogram, Layout, Size, Words};
use domain::health::{Band, Points};
use domain::insights::{BIN_WIDTH, Bin, Dimension, Group, Which};
use leptos::prelude::*;

use super::standing::bar;
use super::{Look, words};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::chart::{Chart, Drawing};
use crate::ui::health::band_tone;

/// How many accounts have which score, with the ranks that are marked.
#[component]
pub(super) fn Scores(bins: Vec<Bin>, markers: Vec<(u8, Points)>, scored: u32, look: Look) -> impl IntoView {
    let locale = look.locale;
    let layout = layout(&bins, &markers, locale);
    let marked = markers
        .iter()
        .map(|(rank, score)| td_string!(locale, insights.marker, rank = *rank, score = format::points(*score)));
    view! {
        <section class="card" aria-labelledby="insights-scores">
            <header class="card-head">
                <h2 class="card-title" id="insights-scores">{td_string!(locale, insights.distribution)}</h2>
                <span class="card-sub">{td_string!(locale, insights.n_scored, count = format::integer(i64::from(scored)))}</span>
            </header>
            <div class="card-body stack">
                <Chart layout/>
                {(scored > 0).then(|| view! {
                    <ul class="insights-markers">{marked.map(|marker| view! { <li>{marker}</li> }).collect_view()}</ul>
                    <ReadOut bins scored look/>
                })}
            </div>
        </section>
    }
}

fn layout(bins: &[Bin], markers: &[(u8, Points)], locale: Locale) -> Layout {
    let most = bins.iter().max_by_key(|bin| bin.accounts);
    let most = most.map(|bin| (words::range(bin.low), format::integer(i64::from(bin.accounts))));
    let described =
        most.map(|(range, count)| td_string!(locale, insights.distribution_text, range = range, count = count));
    let value = |value: f64| format::number(value);
    let bars = bins.iter().filter(|_| bins.iter().any(|bin| bin.accounts > 0));
    chart::histogram(&Histogram {
        size: Size { width: 520.0, height: 220.0 },
        bars: bars
            .map(|bin| chart::Bar {
                label: words::range(bin.low),
                value: f64::from(bin.accounts),
                tone: band_tone(bin.band),
            })
            .collect(),
        markers: markers.iter().map(|(rank, score)| (format!("P{rank}"), score.as_f64() / 100.0)).collect(),
        words: Words {
            title: td_string!(locale, insights.distribution),
            empty: td_string!(locale, insights.no_scores),
            missing: "–",
            headings: vec![
                td_string!(locale, insights.score).to_owned(),
                td_string!(locale, insights.accounts).to_owned(),
            ],
            value: &value,
            describe: &|_| described.clone().unwrap_or_default(),
        },
    })
}

/// Goes from bar to bar by keyboard, by touch or with a screen reader.
#[component]
fn ReadOut(bins: Vec<Bin>, scored: u32, look: Look) -> impl IntoView {
    let locale = look.locale;
    let last = bins.len().saturating_sub(1);
    let fullest = bins.iter().enumerate().max_by_key(|(_, bin)| bin.accounts).map_or(0, |(place, _)| place);
    let place = RwSignal::new(fullest);
    let bins = StoredValue::new(bins);
    let said = move || {
        bins.with_value(|bins| {
            let place = place.get().min(last);
            let below: u32 = bins.iter().take(place).map(|bin| bin.accounts).sum();
            let (count, range) =
                bins.get(place).map_or((0, String::new()), |bin| (bin.accounts, words::range(bin.low)));
            let share = format::percent((f64::from(below) * 100.0 / f64::from(scored.max(1))).round());
            td_string!(
                locale,
                insights.read_out,
                range = range,
                count = format::integer(i64::from(count)),
                below = share
            )
        })
    };
    let href = move || {
        let low = bins.with_value(|bins| bins.get(place.get().min(last)).map_or(0, |bin| bin.low));
        look.address.with(|address| {
            let high = low.saturating_add(BIN_WIDTH);
            let upper = if high >= 100 { "score <= 100".to_owned() } else { format!("score < {high}") };
            let listed = address.accounts(&format!("score >= {low} and {upper}"), "score");
            listed.unwrap_or_else(|| address.behind(Which::Bin(low)))
        })
    };
    view! {
        <div class="insights-read-out">
            <input class="time-range" type="range" min="0" max=last.to_string() step="1"
                aria-label=td_string!(locale, insights.read_chart) aria-valuetext=said
                prop:value=move || place.get().to_string() value=fullest.to_string()
                on:input=move |event| place.set(event_target_value(&event).parse().unwrap_or_default())/>
            <p><span>{said}</span>" "<a href=href>{td_string!(locale, insights.show_them)}</a></p>
        </div>
    }
}

/// The groups beside each other.
#[component]
pub(super) fn Groups(groups: Vec<Group>, look: Look) -> impl IntoView {
    let Look { address, locale } = look;
    let by = move || address.with(|address| address.by);
    view! {
        <section class="card" aria-labelledby="insights-groups">
            <header class="card-head">
                <h2 class="card-title" id="insights-groups">{td_string!(locale, insights.groups)}</h2>
                <nav class="button-group" aria-label=td_string!(locale, insights.group_by)>
                    {Dimension::ALL.into_iter().map(|dimension| view! {
                        <a class="button" data-size="small" data-noscroll=""
                            href=move || address.with(|address| address.with(|address| address.by = dimension))
                            aria-current=move || (by() == dimension).then_some("true")>{words::dimension(dimension, locale)}</a>
                    }).collect_view()}
                </nav>
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="insights-groups">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{words::dimension(address.with_untracked(|address| address.by), locale)}</th>
                            <th scope="col" class="number">{td_string!(locale, insights.accounts)}</th>
                            <th scope="col" class="number">{td_string!(locale, insights.mean)}</th>
                            <th scope="col" class="number">{td_string!(locale, insights.quartiles)}</th>
                            <th scope="col" class="number">{td_string!(locale, insights.arr)}</th>
                            <th scope="col">{td_string!(locale, insights.bands)}</th>
                        </tr></thead>
                        <tbody>{groups.into_iter().map(|group| view! { <GroupRow group look/> }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn GroupRow(group: Group, look: Look) -> impl IntoView {
    let locale = look.locale;
    let bands: Vec<(Option<Band>, u32)> = Band::ALL.into_iter().map(Some).zip(group.bands).collect();
    let points = |points: Option<Points>| points.map_or_else(|| "–".to_owned(), format::points);
    let quartiles = group.quartiles.map_or_else(|| "–".to_owned(), |three| three.map(format::score).join(" · "));
    let name = group.name.clone();
    let href = move || {
        look.address.with(|address| {
            let key = address.by.key();
            // A name with a quotation mark in it cannot be written as a filter; its accounts are listed here.
            let condition = match &name {
                None => Some(format!("{key} is empty")),
                Some(name) => (!name.contains(['"', '\\'])).then(|| format!("{key} = \"{name}\"")),
            };
            let listed = condition.and_then(|condition| address.accounts(&condition, "score"));
            listed.unwrap_or_else(|| address.behind(Which::Group(name.clone())))
        })
    };
    view! {
        <tr>
            <th scope="row"><a href=href>{words::group(group.name.as_deref(), locale)}</a></th>
            <td class="number">{format::integer(i64::from(group.accounts))}</td>
            <td class="number">{points(group.mean)}</td>
            <td class="number">{quartiles}</td>
            <td class="number insights-sum">{format::money_list(&group.value)}</td>
            <td><Drawing layout=bar(&bands, locale) class="distribution-bar insights-bar"/></td>
        </tr>
    }
}
