//! Numbers, money, dates and scores as people read them, the same on the server and in the browser.

use domain::health::{Band, Points};
use domain::money::{Currency, Money};
use domain::time::{DAY_MS, Timestamp};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Returns `12,345`.
#[must_use]
pub fn integer(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
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
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", rest / 10),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Returns a share of a whole as `62 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{} %", number((share * 10.0).round() / 10.0))
}

/// Returns whole units with the currency's sign: `€48,200`.
#[must_use]
pub fn money(money: Money) -> String {
    let units = (money.major().abs()).round() as i64;
    let sign = if money.minor < 0 && units > 0 { "−" } else { "" };
    format!("{sign}{}{}", symbol(money.currency), integer(units))
}

/// Returns an amount short enough for a tile: `€1.2M`.
#[must_use]
pub fn money_short(money: Money) -> String {
    let units = money.major();
    let sign = if units < 0.0 { "−" } else { "" };
    let units = units.abs();
    let (scaled, suffix) = match units {
        u if u >= 999_500_000.0 => (u / 1e9, "B"),
        u if u >= 999_500.0 => (u / 1e6, "M"),
        u if u >= 9_999.5 => (u / 1e3, "k"),
        u => (u, ""),
    };
    let digits = if suffix.is_empty() || scaled >= 99.95 { scaled.round() } else { (scaled * 10.0).round() / 10.0 };
    format!("{sign}{}{}{suffix}", symbol(money.currency), number(digits))
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
    for money in amounts {
        match totals.iter_mut().find(|total| total.currency == money.currency) {
            Some(total) => total.minor = total.minor.saturating_add(money.minor),
            None => totals.push(*money),
        }
    }
    totals
}

fn symbol(currency: Currency) -> String {
    match currency.code() {
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        "JPY" => "¥".to_owned(),
        code => format!("{code} "),
    }
}

/// Returns `21 Nov 2026` in UTC.
#[must_use]
pub fn date(at: Timestamp) -> String {
    let iso = at.iso_date();
    let mut parts = iso.rsplitn(3, '-');
    let (Some(day), Some(month), Some(year)) = (parts.next(), parts.next(), parts.next()) else {
        return "–".to_owned();
    };
    let month = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.wrapping_sub(1))).unwrap_or(&"");
    format!("{} {month} {year}", day.trim_start_matches('0'))
}

/// Returns `21 Nov 2026, 08:30` in UTC.
#[must_use]
pub fn date_time(at: Timestamp) -> String {
    let iso = at.iso();
    format!("{}, {} UTC", date(at), iso.get(11..16).unwrap_or_default())
}

/// Returns `in 12 days`, `today`, `3 days ago`, and months and years further off.
#[must_use]
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let days = at.day_start().days_since(now.day_start());
    let ago = |text: String| if days < 0 { format!("{text} ago") } else { format!("in {text}") };
    let many = |n: i64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    match days.abs() {
        0 => "today".to_owned(),
        n if n < 61 => ago(many(n, "day")),
        n if n < 730 => ago(many(n / 30, "month")),
        n => ago(many(n / 365, "year")),
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
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
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

    #[test]
    fn initials_are_of_first_and_last_name() {
        assert_eq!(initials("maya van der berg"), "MB");
        assert_eq!(initials("Maya"), "M");
        assert_eq!(initials(""), "");
    }
}
