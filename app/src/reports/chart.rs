//! A report as a picture of the first measure: a bar for each group, or a line where they follow each other in time.

use domain::chart::{self, Bar, BarChart, Layout, LineChart, Reading, Scale, Series, Size, TimeStep, Tone, Words};
use domain::health::Band;
use domain::money::Money;
use domain::reports::{Answer, Dimension, Group, Keyed, Measure, Movement, Shape, period_start};
use domain::time::Timestamp;

use super::words;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::band_tone;

/// The size of the bars on a wide screen.
pub(super) const WIDE: Size = Size { width: 720.0, height: 220.0 };
/// The size of the bars on a phone.
pub(super) const NARROW: Size = Size { width: 320.0, height: 200.0 };

/// Returns the picture of a report.
pub(super) fn layout(answer: &Answer, size: Size, title: &str, locale: Locale) -> Layout {
    let spec = &answer.spec;
    let measure = spec.measures.first().copied().unwrap_or(Measure::Count);
    let currency = answer.currency();
    let value = |value: f64| match (measure, currency) {
        (measure, Some(currency)) if measure.is_money() => {
            let minor = (value * 10f64.powi(currency.digits().cast_signed())).round() as i64;
            format::money_short(Money { minor, currency })
        }
        _ => format::number(value),
    };
    let bar = |group: &Group| Bar {
        label: words::group(group, spec.by, locale),
        value: group.numbers.bar(measure, currency),
        tone: tone(group, spec.by),
    };
    let what = words::measure(measure, spec.about, locale);
    let scale =
        if matches!(measure, Measure::Score | Measure::ScoreMedian) { Scale::Hundred } else { Scale::Automatic };
    if spec.shape == Shape::Line {
        let reading = |group: &Group| {
            let at = period_start(group.key.as_deref()?)?;
            Some(Reading { at, value: group.numbers.bar(measure, currency) })
        };
        let readings = answer.groups.iter().filter_map(reading).collect();
        return chart::line(&LineChart {
            size,
            series: vec![Series { name: what.to_owned(), tone: Tone::Series1, readings }],
            bands: Vec::new(),
            scale,
            filled: true,
            words: Words {
                title,
                empty: td_string!(locale, reports.nothing),
                missing: "–",
                headings: vec![words::dimension(spec.by, locale).to_owned()],
                value: &value,
                describe: &|all| {
                    let Some(one) = all.first() else { return String::new() };
                    let (label, most) = (one.highest.label.clone(), value(one.highest.value));
                    td_string!(locale, reports.chart_text, what = what, label = label, most = most)
                },
            },
            when: &|at: Timestamp, _: TimeStep| format::date(at),
        });
    }
    chart::bar(&BarChart {
        size,
        bars: answer.groups.iter().map(bar).collect(),
        scale,
        words: Words {
            title,
            empty: td_string!(locale, reports.nothing),
            missing: "–",
            headings: vec![words::dimension(spec.by, locale).to_owned(), what.to_owned()],
            value: &value,
            describe: &|all| {
                let Some(one) = all.first() else { return String::new() };
                let (label, most) = (one.highest.label.clone(), value(one.highest.value));
                td_string!(locale, reports.chart_text, what = what, label = label, most = most)
            },
        },
    })
}

fn tone(group: &Group, by: Dimension) -> Tone {
    match by {
        Dimension::Movement => match group.key.as_deref().and_then(Movement::from_key) {
            Some(Movement::Contraction | Movement::Churn) => Tone::Negative,
            _ => Tone::Positive,
        },
        Dimension::Band => band_tone(group.key.as_deref().and_then(Band::from_key)),
        _ => Tone::Series1,
    }
}
