//! Reading a number, an amount or a share in either decimal convention.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::money::Currency;

/// Which character stands before the decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// 1,234.56
    #[default]
    Point,
    /// 1.234,56
    Comma,
}

/// A number as it was written, made plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number<'a> {
    /// Digits with an optional minus in front, point and exponent, such as `-1234.56`.
    pub digits: Cow<'a, str>,
    /// The currency it named, where the sign or code means one currency alone.
    pub currency: Option<Currency>,
    /// Whether a percent sign stood behind it.
    pub percent: bool,
}

impl Number<'_> {
    /// Returns the value, or `None` where it is beyond what a number can hold.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        self.digits.parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// Returns the value in minor units with `places` decimals, rounded half away from zero.
    #[must_use]
    pub fn minor(&self, places: u32) -> Option<i64> {
        if self.digits.contains('e') {
            let value = self.value()? * 10f64.powi(places.cast_signed());
            // Beyond 2^53 a float no longer holds single cents.
            return (value.abs() < 9e15).then(|| value.round() as i64);
        }
        let (negative, digits) = match self.digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, &*self.digits),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let mut minor: i64 = 0;
        let places = places as usize;
        for byte in whole.bytes().chain(decimals.bytes().chain(std::iter::repeat(b'0')).take(places)) {
            minor = minor.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
        }
        if decimals.as_bytes().get(places).is_some_and(|digit| *digit >= b'5') {
            minor = minor.checked_add(1)?;
        }
        Some(if negative { -minor } else { minor })
    }
}

/// Returns the number that a text states in this convention, or `None` where it states none.
///
/// Separators of thousands must stand where thousands are, so that `12,5` is never taken for 125.
#[must_use]
pub fn read(text: &str, style: NumberStyle) -> Option<Number<'_>> {
    let text = text.trim();
    if is_plain(text, style) {
        return Some(Number { digits: Cow::Borrowed(text), currency: None, percent: false });
    }
    // A number with all its ornaments is short and has few letters; most cells are told apart here.
    let count = |is: fn(&u8) -> bool| text.bytes().filter(is).count();
    if text.len() > 60 || count(u8::is_ascii_digit) == 0 || count(u8::is_ascii_alphabetic) > 4 {
        return None;
    }
    let mut body = text;
    let mut negative = false;
    if let Some(inner) = body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (negative, body) = (true, inner.trim());
    }
    let (mut currency, mut percent, mut signed) = (None, false, negative);
    // Sign, currency and percent come in any order, each at most once.
    while !is_bare(body) {
        if let Some((rest, minus)) = strip_sign(body).filter(|_| !signed) {
            (body, negative, signed) = (rest.trim(), minus, true);
        } else if let Some((rest, named)) = strip_currency(body).filter(|_| currency.is_none()) {
            (body, currency) = (rest.trim(), Some(named));
        } else if let Some(rest) = body.strip_suffix('%').filter(|_| !percent) {
            (body, percent) = (rest.trim(), true);
        } else {
            break;
        }
    }
    let digits = plain_digits(body, style, negative)?;
    Some(Number { digits: Cow::Owned(digits), currency: currency.flatten(), percent })
}

/// Returns whether the text is a number that needs no change: `12`, `-0.5`.
fn is_plain(text: &str, style: NumberStyle) -> bool {
    let body = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let mut points = 0;
    for byte in body {
        match byte {
            b'0'..=b'9' => {}
            b'.' if style == NumberStyle::Point => points += 1,
            _ => return false,
        }
    }
    points <= 1 && body.first().is_some_and(u8::is_ascii_digit) && body.last().is_some_and(u8::is_ascii_digit)
}

/// Returns whether both ends are digits, so that nothing is left to take off.
fn is_bare(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_digit) && bytes.last().is_some_and(u8::is_ascii_digit)
}

fn strip_sign(text: &str) -> Option<(&str, bool)> {
    const MINUS: [char; 3] = ['-', '\u{2212}', '\u{2013}'];
    if let Some(rest) = text.strip_prefix(MINUS) {
        return Some((rest, true));
    }
    // Some accounting systems put the minus behind.
    text.strip_prefix('+').map(|rest| (rest, false)).or_else(|| text.strip_suffix(MINUS).map(|rest| (rest, true)))
}

/// Codes that are taken for a currency; any three letters would turn `SKU123` into an amount.
const CODES: &str = "USD EUR GBP JPY CNY INR AUD CAD CHF SEK NOK DKK ISK PLN CZK HUF RON BGN TRY RUB UAH ILS AED SAR QAR \
    KWD BHD OMR JOD EGP ZAR NGN KES GHS MAD TND BRL MXN ARS CLP COP PEN UYU KRW TWD HKD SGD MYR THB IDR PHP VND NZD PKR";

/// Takes a currency sign or code off either end; the dollar, the yen and the crown belong to many.
fn strip_currency(text: &str) -> Option<(&str, Option<Currency>)> {
    const SIGNS: [(&str, &str); 20] = [
        ("US$", "USD"),
        ("R$", "BRL"),
        ("A$", "AUD"),
        ("C$", "CAD"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("₹", "INR"),
        ("₩", "KRW"),
        ("₽", "RUB"),
        ("₺", "TRY"),
        ("₴", "UAH"),
        ("₪", "ILS"),
        ("₫", "VND"),
        ("₱", "PHP"),
        ("฿", "THB"),
        ("zł", "PLN"),
        ("$", ""),
        ("¥", ""),
        ("kr.", ""),
        ("kr", ""),
    ];
    for (sign, code) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            return Some((rest, code.parse().ok()));
        }
    }
    let is_code = |code: &&str| CODES.split(' ').any(|known| known == *code);
    if let Some(code) = text.get(..3).filter(is_code) {
        return Some((&text[3..], Some(code.parse().ok()?)));
    }
    let cut = text.len().checked_sub(3)?;
    let code = text.get(cut..).filter(is_code)?;
    Some((&text[..cut], Some(code.parse().ok()?)))
}

/// Takes out the separators of thousands, each of which must stand before three digits.
fn plain_digits(body: &str, style: NumberStyle, negative: bool) -> Option<String> {
    let (point, comma) = match style {
        NumberStyle::Point => ('.', ','),
        NumberStyle::Comma => (',', '.'),
    };
    let mut plain = String::with_capacity(body.len() + 1);
    if negative {
        plain.push('-');
    }
    let (mut run, mut separator, mut decimals) = (0, None, false);
    for (at, c) in body.char_indices() {
        if c.is_ascii_digit() {
            plain.push(c);
            run += 1;
        } else if c == point && !decimals && (separator.is_none() || run == 3) {
            plain.push('.');
            (decimals, run) = (true, 0);
        } else if !decimals && (c == comma || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')) {
            // Indian thousands come in twos before the last three, so two digits are let through here.
            let fits = if separator.is_none() { (1..=3).contains(&run) } else { (2..=3).contains(&run) };
            if !fits || separator.is_some_and(|first| first != c) {
                return None;
            }
            (separator, run) = (Some(c), 0);
        } else if matches!(c, 'e' | 'E') && plain.ends_with(|c: char| c.is_ascii_digit()) && separator.is_none() {
            let exponent = &body[at + 1..];
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            plain.push('e');
            plain.push_str(exponent);
            return Some(plain);
        } else {
            return None;
        }
    }
    let whole = decimals || separator.is_none() || run == 3;
    (whole && plain.bytes().any(|byte| byte.is_ascii_digit())).then_some(plain)
}
