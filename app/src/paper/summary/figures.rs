//! The pictures of a summary, all from the one chart model.

use domain::chart::{
    self, Bar, Donut, Funnel, HeatCell, HeatMap, Histogram, Layout, Scale, Scatter, Share, Size, Spot, StackedBar,
    StackedChart, Tone,
};
use domain::health::Band;
use domain::insights::{BIN_WIDTH, Place};
use domain::money::Currency;
use domain::reports::{Dimension, Measure};

use super::super::pen::{Paper, amount, says, wide};
use super::{Known, Present};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::insights::place;
use crate::reports::group_name;
use crate::ui::health::{band_tone, band_word};

/// The places that accounts come from and go to, best first.
const PLACES: [Place; 6] = Place::ALL;

/// Accounts by band on one day.
pub(super) fn ring(day: String, shares: Vec<Share>, paper: &Paper) -> Layout {
    let locale = paper.locale;
    let all: f64 = shares.iter().map(|share| share.value).sum();
    let title = td_string!(locale, paper.bands);
    let headings =
        [td_string!(locale, paper.band), td_string!(locale, paper.accounts), td_string!(locale, paper.share)];
    let describe = |_: &[chart::Summary]| String::new();
    chart::donut(&Donut {
        size: Size { width: 350.0, height: 140.0 },
        shares: shares.into_iter().filter(|share| share.value > 0.0 || share.tone != Tone::BandNone).collect(),
        middle: (format::number(all), day),
        words: says(title, &headings, &format::number, &describe),
        share: &|part| format::percent((part * 100.0).round()),
    })
}

/// How the scores are spread.
pub(super) fn spread(known: &Known, paper: &Paper) -> Layout {
    let (locale, spread) = (paper.locale, &known.insight.spread);
    let range = |low: u8| {
        let high = low.saturating_add(BIN_WIDTH);
        format!("{low}–{}", if high >= 100 { 100 } else { high - 1 })
    };
    let most = spread.bins.iter().max_by_key(|bin| bin.accounts).map(|bin| (range(bin.low), bin.accounts));
    let said = most.map(|(range, count)| {
        td_string!(locale, paper.spread_text, range = range, count = format::integer(i64::from(count)))
    });
    let bar = |bin: &domain::insights::Bin| Bar {
        label: range(bin.low),
        value: f64::from(bin.accounts),
        tone: band_tone(bin.band),
    };
    let headings = [td_string!(locale, paper.score), td_string!(locale, paper.accounts)];
    let describe = |_: &[chart::Summary]| said.clone().unwrap_or_default();
    chart::histogram(&Histogram {
        size: wide(115.0),
        bars: spread.bins.iter().map(bar).collect(),
        markers: spread.markers.iter().map(|(rank, score)| (format!("P{rank}"), score.as_f64() / 100.0)).collect(),
        words: says(td_string!(locale, paper.spread), &headings, &format::number, &describe),
    })
}

/// From which place to which: the darker, the more accounts; rises green, falls red.
pub(super) fn matrix(known: &Known, paper: &Paper) -> Layout {
    let (locale, cells) = (paper.locale, &known.insight.movement.cells);
    let came_from = |place: &Place| cells.iter().any(|cell| cell.from == *place);
    let went_to = |place: &Place| cells.iter().any(|cell| cell.to == *place);
    let (rows, columns): (Vec<Place>, Vec<Place>) =
        (PLACES.into_iter().filter(came_from).collect(), PLACES.into_iter().filter(went_to).collect());
    let cell = |from: Place, to: Place| HeatCell {
        value: cells
            .iter()
            .find(|cell| cell.from == from && cell.to == to)
            .map_or(0.0, |cell| f64::from(cell.accounts)),
        tone: match (from.band(), to.band()) {
            (Some(from), Some(to)) if to.order() < from.order() => Tone::Positive,
            (Some(from), Some(to)) if to.order() > from.order() => Tone::Negative,
            (_, _) if to == Place::Absent => Tone::Negative,
            (Some(_), Some(_)) => Tone::Neutral,
            _ => Tone::Series4,
        },
    };
    let row =
        |from: &Place| (place(*from, false, locale), columns.iter().map(|to| cell(*from, *to)).collect::<Vec<_>>());
    let describe = |_: &[chart::Summary]| td_string!(locale, paper.matrix_text).to_owned();
    chart::heat_map(&HeatMap {
        size: wide(24.0 + 30.0 * rows.len() as f64),
        rows: rows.iter().map(row).collect(),
        columns: columns.iter().map(|to| place(*to, true, locale)).collect(),
        words: says(td_string!(locale, paper.matrix), &[td_string!(locale, paper.stood)], &format::number, &describe),
    })
}

/// What is at risk by owner: critical below, the rest above.
pub(super) fn risk_by_owner(present: &Present, paper: &Paper) -> Layout {
    let locale = paper.locale;
    let currency = present.by_owner.currency().unwrap_or(Currency::USD);
    let of = |numbers: &domain::reports::Numbers| numbers.bar(Measure::Arr, Some(currency));
    let bars = present.by_owner.groups.iter().map(|group| {
        let critical = present.critical.groups.iter().find(|other| other.key == group.key);
        let critical = critical.map_or(0.0, |group| of(&group.numbers));
        let label = group_name(group, Dimension::Owner, locale);
        StackedBar { label, values: vec![critical, (of(&group.numbers) - critical).max(0.0)] }
    });
    let value = |units: f64| amount(units, currency);
    let describe = |summaries: &[chart::Summary]| {
        let Some(one) = summaries.first() else { return String::new() };
        let (name, most) = (one.highest.label.clone(), value(one.highest.value));
        td_string!(locale, paper.risk_text, name = name, most = most)
    };
    let part = |band: Band| (band_word(Some(band), locale).to_owned(), band_tone(Some(band)));
    chart::stacked(&StackedChart {
        size: wide(150.0),
        parts: vec![part(Band::Critical), part(Band::AtRisk)],
        bars: bars.collect(),
        in_order: false,
        words: says(td_string!(locale, paper.risk_by_owner), &[td_string!(locale, paper.owner)], &value, &describe),
    })
}

/// Accounts by stage of their life, as far as they have not left.
pub(super) fn stages(present: &Present, paper: &Paper) -> Layout {
    let locale = paper.locale;
    let live = present.stages.groups.iter().filter(|group| group.key.as_deref().is_some_and(|key| key != "churned"));
    let steps = live.enumerate().map(|(place, group)| Share {
        label: group_name(group, Dimension::Stage, locale),
        value: f64::from(group.numbers.count),
        tone: Tone::series(place),
    });
    let headings =
        [td_string!(locale, paper.stage), td_string!(locale, paper.accounts), td_string!(locale, paper.share)];
    let describe = |_: &[chart::Summary]| td_string!(locale, paper.stages_text).to_owned();
    let steps: Vec<Share> = steps.collect();
    chart::funnel(&Funnel {
        size: wide(26.0 * steps.len().max(1) as f64),
        steps,
        words: says(td_string!(locale, paper.stages), &headings, &format::number, &describe),
        share: &|part| format::percent((part * 100.0).round()),
    })
}

/// The accounts that pay most: what they pay across, their score upwards.
pub(super) fn spots(present: &Present, paper: &Paper) -> Layout {
    let locale = paper.locale;
    let currency = present.stages.currency().unwrap_or(Currency::USD);
    let spots = present.largest.iter().filter_map(|row| {
        let annual = row.account.annual().filter(|money| money.currency == currency)?;
        let health = row.health.as_ref()?;
        Some(Spot {
            label: row.account.name.clone(),
            x: annual.major(),
            y: health.score.as_f64(),
            tone: band_tone(Some(health.band)),
        })
    });
    let spots: Vec<Spot> = spots.collect();
    let said = td_string!(locale, paper.spots_text, count = format::integer(spots.len() as i64));
    let describe = |_: &[chart::Summary]| said.clone();
    let names = (td_string!(locale, paper.arr).to_owned(), td_string!(locale, paper.score).to_owned());
    let headings = [td_string!(locale, paper.account), td_string!(locale, paper.arr), td_string!(locale, paper.score)];
    chart::scatter(&Scatter {
        size: wide(175.0),
        spots,
        axes: names,
        scales: (Scale::Automatic, Scale::Hundred),
        across: &|units| amount(units, currency),
        legend: bands(locale),
        words: says(td_string!(locale, paper.spots), &headings, &format::number, &describe),
    })
}

/// Names the bands with their colours.
fn bands(locale: Locale) -> Vec<(String, Tone)> {
    Band::ALL.into_iter().map(|band| (band_word(Some(band), locale).to_owned(), band_tone(Some(band)))).collect()
}
