//! What a report says, for those who write it elsewhere: on a page for strangers, in a mail, in a file.

use domain::chart::Layout;
use domain::money::Currency;
use domain::reports::{Answer, Group, Numbers, csv};

use super::sheet::{currency_note, drawings};
use super::{chart, words};
use crate::i18n::{Locale, td_string};

/// A report in words.
#[derive(Clone, Debug)]
pub struct Told {
    /// What it counts, and by what.
    pub line: String,
    /// How many groups there are, and how many of them are here.
    pub groups: String,
    /// What stands above the columns.
    pub headings: Vec<String>,
    /// The groups: a name and its numbers.
    pub rows: Vec<Vec<String>>,
    /// All groups together; the same columns.
    pub whole: Vec<String>,
    /// The bars, where it is shown as bars: for a wide page and for a narrow one.
    pub bars: Option<[Layout; 2]>,
    /// The currency that the bars show alone, where there are several.
    pub currency: Option<Currency>,
}

/// Returns a report in words.
#[must_use]
pub fn told(answer: &Answer, locale: Locale) -> Told {
    let spec = &answer.spec;
    let first = words::dimension(spec.by, locale).to_owned();
    let headings = spec.measures.iter().map(|measure| words::measure(*measure, spec.about, locale).to_owned());
    let numbers =
        |of: &Numbers| -> Vec<String> { spec.measures.iter().map(|measure| words::number(of, *measure)).collect() };
    let row = |group: &Group| {
        std::iter::once(words::group(group, spec.by, locale)).chain(numbers(&group.numbers)).collect::<Vec<_>>()
    };
    let line = words::line(spec, locale);
    let bars = drawings(answer, chart::WIDE, locale).filter(|_| !answer.groups.is_empty());
    let several = bars.is_some() && currency_note(answer, locale).is_some();
    Told {
        groups: words::groups(answer, locale),
        headings: std::iter::once(first).chain(headings).collect(),
        rows: answer.groups.iter().map(row).collect(),
        whole: std::iter::once(td_string!(locale, reports.whole).to_owned()).chain(numbers(&answer.whole)).collect(),
        bars,
        currency: answer.currency().filter(|_| several),
        line,
    }
}

/// Returns the table of a report as CSV.
#[must_use]
pub fn told_csv(answer: &Answer, locale: Locale) -> String {
    let spec = &answer.spec;
    let heading = |measure| words::measure(measure, spec.about, locale).to_owned();
    let name = |group: &Group| words::group(group, spec.by, locale);
    csv(answer, words::dimension(spec.by, locale), &heading, &name)
}
