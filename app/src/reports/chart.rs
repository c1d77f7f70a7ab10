//! A report as a picture of the first measure: a bar for each group, a line where they follow each other in time, or a
//! ring of their shares.

use domain::chart::{
    self, Bar, BarChart, Donut, Layout, LineChart, Reading, Scale, Series, Share, Size, Summary, TimeStep, Tone, Words,
};
use domain::health::Band;
use domain::money::Money;
use domain::reports::{Answer, Dimension, Group, Keyed, Measure, Movement, Numbers, Shape, period_start};
use domain::time::Timestamp;

use super::words;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::band_tone;

/// The size of the bars on a wide screen.
pub(super) const WIDE: Size = Size { width: 720.0, height: 220.0 };
/// The size of the bars on a phone.
pub(super) const NARROW: Size = Size { width: 320.0, height: 200.0 };

/// The colours of the parts of a ring that have none of their own, in turn.
const PARTS: [Tone; 6] = [Tone::Series1, Tone::Series2, Tone::Series3, Tone::Series4, Tone::Series5, Tone::Series6];

/// A report with what its picture is of.
struct Picture<'a> {
    answer: &'a Answer,
    measure: Measure,
    /// What the measure is called.
    what: &'static str,
    size: Size,
    title: &'a str,
    locale: Locale,
}

/// Returns the picture of a report.
pub(super) fn layout(answer: &Answer, size: Size, title: &str, locale: Locale) -> Layout {
    let spec = &answer.spec;
    let measure = spec.measures.first().copied().unwrap_or(Measure::Count);
    let picture = Picture { answer, measure, what: words::measure(measure, spec.about, locale), size, title, locale };
    match spec.shape {
        Shape::Line => picture.line(),
        Shape::Donut if spec.shapes().contains(&Shape::Donut) => picture.ring(),
        _ => picture.bars(),
    }
}

impl Picture<'_> {
    fn length(&self, numbers: &Numbers) -> f64 {
        numbers.bar(self.measure, self.answer.currency())
    }

    fn figure(&self, value: f64) -> String {
        match self.answer.currency() {
            Some(currency) if self.measure.is_money() => format::money_short(Money::of(value, currency)),
            _ => format::number(value),
        }
    }

    fn label(&self, group: &Group) -> String {
        words::group(group, self.answer.spec.by, self.locale)
    }

    fn scale(&self) -> Scale {
        let is_score = matches!(self.measure, Measure::Score | Measure::ScoreMedian);
        if is_score { Scale::Hundred } else { Scale::Automatic }
    }

    /// Gives the words of the picture, with so many headings, to whoever draws it.
    fn said<T>(&self, headings: usize, draw: impl FnOnce(Words<'_>) -> T) -> T {
        let (locale, what) = (self.locale, self.what);
        let value = |value: f64| self.figure(value);
        let describe = |all: &[Summary]| {
            let Some(one) = all.first() else { return String::new() };
            let (label, most) = (one.highest.label.clone(), self.figure(one.highest.value));
            td_string!(locale, reports.chart_text, what = what, label = label, most = most)
        };
        let all = [words::dimension(self.answer.spec.by, locale), what, td_string!(locale, reports.share_of)];
        draw(Words {
            title: self.title,
            empty: td_string!(locale, reports.nothing),
            missing: "–",
            headings: all.into_iter().take(headings).map(str::to_owned).collect(),
            value: &value,
            describe: &describe,
        })
    }

    fn line(&self) -> Layout {
        let reading = |group: &Group| {
            let at = period_start(group.key.as_deref()?)?;
            Some(Reading { at, value: self.length(&group.numbers) })
        };
        let readings = self.answer.groups.iter().filter_map(reading).collect();
        let (size, scale) = (self.size, self.scale());
        let series = vec![Series { name: self.what.to_owned(), tone: Tone::Series1, readings }];
        let when = |at: Timestamp, _: TimeStep| format::date(at);
        self.said(1, |words| {
            chart::line(&LineChart { size, series, bands: Vec::new(), scale, filled: true, words, when: &when })
        })
    }

    fn bars(&self) -> Layout {
        let bar = |group: &Group| Bar {
            label: self.label(group),
            value: self.length(&group.numbers),
            tone: tone(group, self.answer.spec.by),
        };
        let (size, scale) = (self.size, self.scale());
        let bars = self.answer.groups.iter().map(bar).collect();
        self.said(2, |words| chart::bar(&BarChart { size, bars, scale, words }))
    }

    /// The groups that are not shown are one part, so that the ring is the whole.
    fn ring(&self) -> Layout {
        let by = self.answer.spec.by;
        let part = |(place, group): (usize, &Group)| Share {
            label: self.label(group),
            value: self.length(&group.numbers),
            tone: if matches!(by, Dimension::Band) { tone(group, by) } else { PARTS[place % PARTS.len()] },
        };
        let mut shares: Vec<Share> = self.answer.groups.iter().enumerate().map(part).collect();
        let whole = self.length(&self.answer.whole);
        let rest = whole - shares.iter().map(|share| share.value).sum::<f64>();
        if rest > whole * 1e-9 {
            let label = td_string!(self.locale, reports.others).to_owned();
            shares.push(Share { label, value: rest, tone: Tone::Neutral });
        }
        let (size, middle) = (self.size, (self.figure(whole), self.what.to_owned()));
        let share = |part: f64| format::percent((part * 100.0).round());
        self.said(3, |words| chart::donut(&Donut { size, shares, middle, words, share: &share }))
    }
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
