//! How a language writes numbers, money, days and spans of time.
//!
//! Pages are in English. Documents are in the language that somebody chose, and are written on the server, at one go and
//! on one thread: [`in_language`] says which language holds until it is done.

#[cfg(feature = "ssr")]
use std::cell::Cell;

use domain::money::Currency;

#[cfg(feature = "ssr")]
use crate::i18n::Locale;

/// A way of writing.
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "pages are in English"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Manner {
    /// `€1,234.5`, `21 Nov 2026`.
    #[default]
    English,
    /// `1.234,5 €`, `21. Nov. 2026`.
    German,
    /// `1,234.5 €`, `21 نوفمبر 2026`, with the digits that business uses from the Gulf to the Maghreb.
    Arabic,
}

#[cfg(feature = "ssr")]
thread_local! {
    static MANNER: Cell<Manner> = const { Cell::new(Manner::English) };
}

/// Returns how numbers are written now.
#[cfg(feature = "ssr")]
pub(super) fn manner() -> Manner {
    MANNER.get()
}

/// Returns how numbers are written now.
#[cfg(not(feature = "ssr"))]
pub(super) fn manner() -> Manner {
    Manner::English
}

/// Writes something whose numbers and dates are those of a language.
#[cfg(feature = "ssr")]
pub fn in_language<T>(locale: Locale, write: impl FnOnce() -> T) -> T {
    struct Before(Manner);
    impl Drop for Before {
        fn drop(&mut self) {
            MANNER.set(self.0);
        }
    }
    let manner = match locale {
        Locale::en => Manner::English,
        Locale::de => Manner::German,
        Locale::ar => Manner::Arabic,
    };
    let _before = Before(MANNER.replace(manner));
    write()
}

const ENGLISH: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const GERMAN: [&str; 12] =
    ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."];
const ARABIC: [&str; 12] =
    ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"];

/// A unit in which spans of time are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Days.
    Day,
    /// Months.
    Month,
    /// Years.
    Year,
}

impl Manner {
    /// Returns what stands between thousands, and before decimals.
    pub(super) fn marks(self) -> (char, char) {
        match self {
            Self::English | Self::Arabic => (',', '.'),
            Self::German => ('.', ','),
        }
    }

    /// Returns a share of a whole from its number.
    pub(super) fn percent(self, number: &str) -> String {
        match self {
            Self::English | Self::German => format!("{number} %"),
            // Without a space the sign stays with its number, from whichever side the line is read.
            Self::Arabic => format!("{number}%"),
        }
    }

    /// Returns an amount from its sign, its number and the word for thousands or millions.
    pub(super) fn money(self, sign: &str, number: &str, scale: Scale, currency: Currency) -> String {
        let (code, scale) = (currency.code(), self.scale(scale));
        let symbol = match code {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            "JPY" => "¥",
            other => other,
        };
        match self {
            Self::English if symbol == code => format!("{sign}{symbol} {number}{scale}"),
            Self::English => format!("{sign}{symbol}{number}{scale}"),
            Self::German | Self::Arabic => format!("{sign}{number}{scale}\u{a0}{symbol}"),
        }
    }

    fn scale(self, scale: Scale) -> &'static str {
        let [thousands, millions, billions] = match self {
            Self::English => ["k", "M", "B"],
            Self::German => ["\u{a0}Tsd.", "\u{a0}Mio.", "\u{a0}Mrd."],
            Self::Arabic => ["\u{a0}ألف", "\u{a0}مليون", "\u{a0}مليار"],
        };
        match scale {
            Scale::Units => "",
            Scale::Thousands => thousands,
            Scale::Millions => millions,
            Scale::Billions => billions,
        }
    }

    /// Returns a day; the month counts from one.
    pub(super) fn date(self, day: &str, month: usize, year: &str) -> String {
        let months = match self {
            Self::English => ENGLISH,
            Self::German => GERMAN,
            Self::Arabic => ARABIC,
        };
        let month = months.get(month.wrapping_sub(1)).copied().unwrap_or_default();
        match self {
            Self::English | Self::Arabic => format!("{day} {month} {year}"),
            Self::German => format!("{day}. {month} {year}"),
        }
    }

    /// Returns a moment from its day and its time.
    pub(super) fn moment(self, date: &str, time: &str) -> String {
        match self {
            Self::English | Self::German => format!("{date}, {time} UTC"),
            Self::Arabic => format!("{date}، {time} UTC"),
        }
    }

    /// Returns the word for this very day.
    pub(super) fn today(self) -> &'static str {
        match self {
            Self::English => "today",
            Self::German => "heute",
            Self::Arabic => "اليوم",
        }
    }

    /// Returns how far away something is; behind for what is over.
    pub(super) fn distance(self, count: i64, unit: Unit, is_over: bool) -> String {
        match self {
            Self::English => {
                let unit = ["day", "month", "year"][unit as usize];
                let many = if count == 1 { "" } else { "s" };
                if is_over { format!("{count} {unit}{many} ago") } else { format!("in {count} {unit}{many}") }
            }
            Self::German => {
                let one = ["Tag", "Monat", "Jahr"][unit as usize];
                let many = ["Tagen", "Monaten", "Jahren"][unit as usize];
                let (before, word) = (if is_over { "vor" } else { "in" }, if count == 1 { one } else { many });
                format!("{before} {count} {word}")
            }
            Self::Arabic => {
                let [one, two, few, many] = [
                    ["يوم واحد", "يومين", "أيام", "يومًا"],
                    ["شهر واحد", "شهرين", "أشهر", "شهرًا"],
                    ["سنة واحدة", "سنتين", "سنوات", "سنة"],
                ][unit as usize];
                let span = match count {
                    1 => one.to_owned(),
                    2 => two.to_owned(),
                    3..=10 => format!("{count} {few}"),
                    _ => format!("{count} {many}"),
                };
                format!("{} {span}", if is_over { "قبل" } else { "بعد" })
            }
        }
    }
}

/// How many units one of an amount that is told in short stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// One.
    Units,
    /// A thousand.
    Thousands,
    /// A million.
    Millions,
    /// A thousand millions.
    Billions,
}
