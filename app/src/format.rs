//! Numbers, money, dates and scores as people read them, the same on the server and in the browser.

mod manner;

use domain::chart::TimeStep;
use domain::health::{Band, Points};
use domain::money::Money;
use domain::time::{DAY_MS, Timestamp};

#[cfg(feature = "ssr")]
pub use manner::in_language;
use manner::{Scale, Unit, manner};

/// Returns `12,345`.
#[must_use]
pub fn integer(value: i64) -> String {
    let (thousands, _) = manner().marks();
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    text
}

/// Returns a number with at most two decimals: `12,345.5`.
#[must_use]
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let hundredths = (value.abs() * 100.0).round();
    let whole = integer((hundredths / 100.0).trunc() as i64);
    let rest = (hundredths % 100.0) as i64;
    let sign = if value < 0.0 && hundredths > 0.0 { "−" } else { "" };
    let (_, point) = manner().marks();
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}{point}{}", rest / 10),
        _ => format!("{sign}{whole}{point}{rest:02}"),
    }
}

/// Returns a share of a whole as `62 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    manner().percent(&number((share * 10.0).round() / 10.0))
}

/// Returns whole units with the currency's sign: `€48,200`.
#[must_use]
pub fn money(money: Money) -> String {
    let units = (money.major().abs()).round() as i64;
    let sign = if money.minor < 0 && units > 0 { "−" } else { "" };
    manner().money(sign, &integer(units), Scale::Units, money.currency)
}

/// Returns an amount short enough for a tile: `€1.2M`.
#[must_use]
pub fn money_short(money: Money) -> String {
    let units = money.major();
    let sign = if units < 0.0 { "−" } else { "" };
    let units = units.abs();
    let (scaled, scale) = match units {
        u if u >= 999_500_000.0 => (u / 1e9, Scale::Billions),
        u if u >= 999_500.0 => (u / 1e6, Scale::Millions),
        u if u >= 9_999.5 => (u / 1e3, Scale::Thousands),
        u => (u, Scale::Units),
    };
    let is_whole = scale == Scale::Units || scaled >= 99.95;
    let digits = if is_whole { scaled.round() } else { (scaled * 10.0).round() / 10.0 };
    manner().money(sign, &number(digits), scale, money.currency)
}

/// Returns several currencies as `€1.2M + $300k`, largest first; a dash for none.
#[must_use]
pub fn money_list(amounts: &[Money]) -> String {
    let mut amounts: Vec<Money> = amounts.iter().copied().filter(|money| money.minor != 0).collect();
    amounts.sort_by(|a, b| b.major().total_cmp(&a.major()));
    if amounts.is_empty() {
        return "–".to_owned();
    }
    amounts.into_iter().map(money_short).collect::<Vec<_>>().join(" + ")
}

/// Adds amounts up by currency.
#[must_use]
pub fn add_up<'a>(amounts: impl Iterator<Item = &'a Money>) -> Vec<Money> {
    let mut totals: Vec<Money> = Vec::new();
    amounts.for_each(|money| domain::money::add(&mut totals, *money));
    totals
}

/// Returns `21 Nov 2026` in UTC.
#[must_use]
pub fn date(at: Timestamp) -> String {
    let iso = at.iso_date();
    let mut parts = iso.rsplitn(3, '-');
    let (Some(day), Some(month), Some(year)) = (parts.next(), parts.next(), parts.next()) else {
        return "–".to_owned();
    };
    manner().date(day.trim_start_matches('0'), month.parse().unwrap_or_default(), year)
}

/// Returns a date as the axis of a chart writes it.
#[must_use]
pub fn tick(at: Timestamp, step: TimeStep) -> String {
    let whole = date(at);
    let mut parts = whole.split(' ');
    let (day, month, year) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    match step {
        TimeStep::Day => whole.clone(),
        TimeStep::Week => format!("{day} {month}"),
        TimeStep::Month => format!("{month} {year}"),
        TimeStep::Year => year.to_owned(),
    }
}

/// Returns `21 Nov 2026, 08:30` in UTC.
#[must_use]
pub fn date_time(at: Timestamp) -> String {
    let iso = at.iso();
    manner().moment(&date(at), iso.get(11..16).unwrap_or_default())
}

/// Returns `in 12 days`, `today`, `3 days ago`, and months and years further off.
#[must_use]
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let days = at.day_start().days_since(now.day_start());
    let far = |count: i64, unit: Unit| manner().distance(count, unit, days < 0);
    match days.abs() {
        0 => manner().today().to_owned(),
        n if n < 61 => far(n, Unit::Day),
        n if n < 730 => far(n / 30, Unit::Month),
        n => far(n / 365, Unit::Year),
    }
}

/// Returns how long ago something was, down to seconds: `3 s`, `5 min`, `2 h`, `4 d`.
#[must_use]
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = (now.0 - at.0).max(0) / 1_000;
    match seconds {
        s if s < 60 => format!("{s} s"),
        s if s < 3_600 => format!("{} min", s / 60),
        s if s < DAY_MS / 1_000 => format!("{} h", s / 3_600),
        s => format!("{} d", s / (DAY_MS / 1_000)),
    }
}

/// Returns a score as a whole number, as it is printed beside its band.
#[must_use]
pub fn score(points: Points) -> String {
    integer((points.as_f64()).round() as i64)
}

/// Returns points with one decimal: `61.4`.
#[must_use]
pub fn points(points: Points) -> String {
    let tenths = points.tenths();
    let sign = if tenths < 0 { "−" } else { "" };
    let (_, point) = manner().marks();
    format!("{sign}{}{point}{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// Returns a change with its sign and one decimal: `+3.2`, `−14.0`.
#[must_use]
pub fn signed_points(delta: Points) -> String {
    if delta.tenths() > 0 { format!("+{}", points(delta)) } else { points(delta) }
}

/// Returns `up`, `down` or `flat`, as the styles call a direction.
#[must_use]
pub fn direction(delta: Points) -> &'static str {
    match delta.tenths() {
        0 => "flat",
        d if d > 0 => "up",
        _ => "down",
    }
}

/// Returns the word by which the styles know a band, also where there is none.
#[must_use]
pub fn band_key(band: Option<Band>) -> &'static str {
    band.map_or("none", Band::key)
}

/// Returns up to two initials of a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;

    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(integer(-1_234_567), "−1,234,567");
        assert_eq!(number(1_234.5), "1,234.5");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(f64::NAN), "–");
        assert_eq!(percent(62.04), "62 %");
    }

    #[test]
    fn money_is_short_and_signed() {
        let usd = |minor| Money { minor, currency: Currency::USD };
        assert_eq!(money(usd(4_820_050)), "$48,201");
        assert_eq!(money_short(usd(123_456_789)), "$1.2M");
        assert_eq!(money_short(usd(-4_820_000)), "−$48.2k");
        assert_eq!(money_list(&[]), "–");
    }

    #[test]
    fn dates_are_relative_to_a_given_now() {
        let now = Timestamp(1_795_250_000_000);
        assert_eq!(date(Timestamp(0)), "1 Jan 1970");
        assert_eq!(relative(now, now), "today");
        assert_eq!(relative(now.plus_days(1), now), "in 1 day");
        assert_eq!(relative(now.plus_days(-100), now), "3 months ago");
        assert_eq!(age(Timestamp(now.0 - 65_000), now), "1 min");
    }

    #[test]
    fn points_keep_one_decimal() {
        assert_eq!(points(Points(61_449_999)), "61.4");
        assert_eq!(signed_points(Points(3_200_000)), "+3.2");
        assert_eq!(signed_points(Points(-14_000_000)), "−14.0");
        assert_eq!(direction(Points(40_000)), "flat");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn documents_write_as_their_language_does() {
        use crate::i18n::Locale;
        let (euros, now) =
            (Money { minor: -123_456_789, currency: "EUR".parse().unwrap() }, Timestamp(1_795_250_000_000));
        let written = |locale| {
            in_language(locale, || {
                let far = [-100, 2, 5, 20].map(|days| relative(now.plus_days(days), now)).join(" | ");
                [
                    number(-1_234.5),
                    percent(62.04),
                    money(euros),
                    money_short(euros),
                    date(now),
                    points(Points(61_449_999)),
                    far,
                ]
            })
        };
        assert_eq!(
            written(Locale::de),
            [
                "−1.234,5",
                "62 %",
                "−1.234.568\u{a0}€",
                "−1,2\u{a0}Mio.\u{a0}€",
                "21. Nov. 2026",
                "61,4",
                "vor 3 Monaten | in 2 Tagen | in 5 Tagen | in 20 Tagen"
            ]
        );
        assert_eq!(
            written(Locale::ar),
            [
                "−1,234.5",
                "62%",
                "−1,234,568\u{a0}€",
                "−1.2\u{a0}مليون\u{a0}€",
                "21 نوفمبر 2026",
                "61.4",
                "قبل 3 أشهر | بعد يومين | بعد 5 أيام | بعد 20 يومًا"
            ]
        );
        assert_eq!(percent(62.04), "62 %", "what follows is English again");
    }

    #[test]
    fn initials_are_of_first_and_last_name() {
        assert_eq!(initials("maya van der berg"), "MB");
        assert_eq!(initials("Maya"), "M");
        assert_eq!(initials(""), "");
    }
}
