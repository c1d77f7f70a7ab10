//! What a report says of the score: how it comes about, how it stood, what moved it, and what it is measured by.

use std::collections::BTreeMap;

use domain::chart::{Layout, Reading, Scale, Size, Tone};
use domain::health::{Bands, GroupResult, MeasureResult, MeasureState, Points, Step, StepKind, waterfall};
use domain::report::{Block, Cell, Column, Look, Row, RowLook, StepWords, Table, steps_table};

use super::super::health::{round, state};
use super::super::health_history::{ranges, stairs};
use super::super::panels::{ChangePanel, HealthPanel, Metric};
use super::super::parts::{TimeLine, time_line};
use super::super::words;
use super::{Known, METRICS_MAX, Pen, heading, muted};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::paper::standard;
use crate::ui::health::band_tone;

/// How large charts are laid out; on paper they are made as wide as the page.
const CHART: Size = Size { width: 720.0, height: 160.0 };

/// Steps that a change is told in.
const STEPS_MAX: usize = 9;

/// How the score comes about, to the last step.
pub(super) fn score(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    let locale = pen.locale;
    let Some(panel) = &known.health else {
        let title = td_string!(locale, account.no_score);
        return vec![heading(title, String::new()), muted(td_string!(locale, account.no_score_text))];
    };
    let card = td_string!(locale, account.card_version, name = standard(&panel.card, locale), version = panel.version);
    let when = format::date_time(panel.evaluation.at);
    let end = td_string!(locale, account.score);
    vec![
        heading(td_string!(locale, account.made_of), td_string!(locale, account.made_of_text).to_owned()),
        Block::Table(steps(None, &waterfall(&panel.evaluation), end, locale)),
        muted(format!("{card}. {}", td_string!(locale, account.computed_at, when = when))),
    ]
}

pub(super) fn steps(start: Option<(&str, Points)>, list: &[Step], end: &str, locale: Locale) -> Table {
    let words = StepWords {
        start,
        end,
        label: &|step| words::step_label(step, locale),
        points: &format::points,
        change: &format::signed_points,
    };
    let headings =
        [td_string!(locale, report.step), "", td_string!(locale, report.adds), td_string!(locale, account.word_score)];
    steps_table(&words, list, headings)
}

/// The score over the last months.
pub(super) fn history(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    let (locale, now) = (pen.locale, pen.wanted.at);
    if known.history.scores.len() < 2 {
        return Vec::new();
    }
    let title = td_string!(locale, account.score_history);
    let line = TimeLine {
        title,
        readings: stairs(&known.history.scores, now),
        more: Vec::new(),
        bands: ranges(known.history.bands),
        scale: Scale::Hundred,
        size: CHART,
    };
    drawn(title, td_string!(locale, account.twelve_months).to_owned(), time_line(line, locale))
}

fn drawn(title: &str, note: String, layout: Layout) -> Vec<Block> {
    vec![heading(title, note), Block::Chart(layout)]
}

/// What moved the score since a day.
pub(super) fn change(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    let locale = pen.locale;
    let Some(ChangePanel { day, steps: list, summary, cards, .. }) = &known.change else { return Vec::new() };
    let date = format::date(*day);
    let span = td_string!(locale, account.since_day, date = date.clone());
    let sentence = words::why(summary, &span, locale);
    let sentence = sentence.unwrap_or_else(|| td_string!(locale, account.nothing_changed, date = date.clone()));
    let mut blocks = vec![
        heading(td_string!(locale, report.changed), td_string!(locale, report.changed_days).to_owned()),
        Block::Text { text: sentence, look: Look::Plain },
    ];
    if let Some([(then, first), (now, last)]) = cards.clone() {
        let then = td_string!(locale, account.card_version, name = standard(&then, locale), version = first);
        let now = td_string!(locale, account.card_version, name = standard(&now, locale), version = last);
        blocks.push(muted(td_string!(locale, account.cards_changed, then = then, now = now)));
    }
    if !list.is_empty() {
        let start = Some((date.as_str(), summary.from.unwrap_or_default()));
        let list = condensed(list, locale);
        blocks.push(Block::Table(steps(start, &list, td_string!(locale, account.now), locale)));
    }
    blocks
}

/// Puts the small steps at the end together, so that the large ones are seen; they still add up.
pub(super) fn condensed(list: &[Step], locale: Locale) -> Vec<Step> {
    if list.len() <= STEPS_MAX {
        return list.to_vec();
    }
    let (large, small) = list.split_at(STEPS_MAX - 1);
    let rest = Step {
        key: String::new(),
        label: td_string!(locale, report.other_steps, count = small.len()),
        kind: StepKind::Measure,
        delta: small.iter().map(|step| step.delta).sum(),
        total: small.last().map(|step| step.total).unwrap_or_default(),
        author: None,
        until: None,
    };
    large.iter().cloned().chain([rest]).collect()
}

/// The measures with their values, points and weights.
pub(super) fn measures(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    let locale = pen.locale;
    let Some(panel) = &known.health else { return Vec::new() };
    let columns = vec![
        Column::new(td_string!(locale, report.measure), 34.0),
        Column::numbers(td_string!(locale, report.value), 13.0),
        Column::numbers(td_string!(locale, report.points), 10.0),
        Column::numbers(td_string!(locale, report.weight), 11.0),
        Column::numbers(td_string!(locale, report.adds), 10.0),
        Column::new(td_string!(locale, report.state), 11.0),
        Column::new(td_string!(locale, report.seen), 13.0),
    ];
    let scale = Printed::of(panel);
    let rows = panel.evaluation.groups.iter().flat_map(|group| group_rows(group, &scale, locale)).collect();
    let share = format::percent(panel.evaluation.coverage.as_f64().round());
    vec![
        heading(td_string!(locale, account.measures), td_string!(locale, account.coverage_of, share = share)),
        Block::Table(Table { columns, rows }),
    ]
}

/// What the measures add as it is printed, so that both tables of a score say the same.
struct Printed {
    amounts: BTreeMap<String, Points>,
    bands: Bands,
}

impl Printed {
    fn of(panel: &HealthPanel) -> Self {
        let steps = waterfall(&panel.evaluation);
        let amounts = words::printed(Points::ZERO, steps.iter().map(|step| step.delta));
        Self { amounts: steps.into_iter().map(|step| step.key).zip(amounts).collect(), bands: panel.bands }
    }
}

fn group_rows(group: &GroupResult, printed: &Printed, locale: Locale) -> Vec<Row> {
    let adds: Points = group.measures.iter().filter_map(|measure| printed.amounts.get(&measure.key).copied()).sum();
    let weight = format::percent(round(group.effective));
    let cells = vec![
        Cell::text(standard(&group.label, locale)),
        Cell::default(),
        Cell::text(group.score.map_or_else(|| "–".to_owned(), format::points)),
        Cell::text(weight),
        Cell::text(format::signed_points(adds)),
        Cell::default(),
        Cell::default(),
    ];
    let head = Row { cells, look: RowLook::Group };
    std::iter::once(head).chain(group.measures.iter().map(|measure| measure_row(measure, printed, locale))).collect()
}

fn measure_row(measure: &MeasureResult, printed: &Printed, locale: Locale) -> Row {
    let (_, word) = state(measure.state, locale);
    let value = measure.raw.as_ref().map(words::raw).filter(|text| !text.is_empty());
    let value = value.map(|text| standard(&text, locale));
    let value = value.unwrap_or_else(|| td_string!(locale, account.no_value).to_owned());
    let seen = measure.observed_at.map(format::date).unwrap_or_default();
    let tone = measure.points.map(|points| band_tone(Some(printed.bands.band(points, None))));
    let adds = printed.amounts.get(&measure.key).copied();
    let worry = match measure.state {
        MeasureState::Fresh => None,
        MeasureState::Stale | MeasureState::Carried => Some(Tone::BandWatch),
        MeasureState::Missing | MeasureState::Neutral | MeasureState::Zero => Some(Tone::Neutral),
    };
    Row::plain(vec![
        Cell::text(standard(&measure.label, locale)),
        Cell::text(value),
        Cell::text(measure.points.map_or_else(|| "–".to_owned(), format::points)).toned(tone),
        Cell::text(format::percent(round(measure.effective))),
        Cell::text(adds.map_or_else(|| "–".to_owned(), format::signed_points)),
        Cell::text(word).toned(worry),
        Cell::text(seen),
    ])
}

/// How the product is used, week by week.
pub(super) fn usage(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    let metrics = known.usage.iter().filter(|metric| metric.readings.len() > 1).take(METRICS_MAX);
    metrics.flat_map(|metric| metric_blocks(metric, pen.locale)).collect()
}

fn metric_blocks(metric: &Metric, locale: Locale) -> Vec<Block> {
    let name = standard(&words::spoken(&metric.name), locale);
    let title = td_string!(locale, account.per_week, name = name);
    let sum = td_string!(locale, account.sum_28, sum = format::number(metric.recent.round()));
    let change = (metric.before > 0.0).then(|| {
        let change = (metric.recent / metric.before - 1.0) * 100.0;
        let sign = if change > 0.0 { "+" } else { "" };
        td_string!(locale, account.against_before, share = format!("{sign}{}", format::percent(change)))
    });
    let note = std::iter::once(sum).chain(change).collect::<Vec<_>>().join(" · ");
    let readings = metric.readings.iter().map(|(at, value)| Reading { at: *at, value: *value }).collect();
    let (more, bands) = (Vec::new(), Vec::new());
    let line = TimeLine { title: &title, readings, more, bands, scale: Scale::Automatic, size: CHART };
    drawn(&title, note, time_line(line, locale))
}
