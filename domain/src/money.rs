//! Money as integer minor units with a currency.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A currency as its three-letter ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The US dollar, used where a workspace has not chosen another.
    pub const USD: Self = Self(*b"USD");

    /// Returns the number of digits after the decimal point (ISO 4217 minor unit).
    #[must_use]
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"VND" | b"CLP" | b"ISK" | b"UGX" | b"XAF" | b"XOF" | b"PYG" | b"RWF" => 0,
            b"BHD" | b"KWD" | b"OMR" | b"JOD" | b"TND" | b"IQD" | b"LYD" => 3,
            _ => 2,
        }
    }

    /// Returns the three-letter code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("USD")
    }
}

impl FromStr for Currency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_uppercase().as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(format!("“{text}” is not a three-letter currency code")),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in the currency's minor unit (cents for dollars).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount in minor units; negative for credits.
    pub minor: i64,
    /// The currency the amount is in.
    pub currency: Currency,
}

impl Money {
    /// Returns an amount of whole units, rounded to the smallest ones.
    #[must_use]
    pub fn of(units: f64, currency: Currency) -> Self {
        Self { minor: (units * 10f64.powi(currency.digits().cast_signed())).round() as i64, currency }
    }

    /// Returns the amount in whole units, for charts and ratios, never for adding up.
    #[must_use]
    pub fn major(self) -> f64 {
        self.minor as f64 / 10f64.powi(self.currency.digits().cast_signed())
    }
}

/// Adds an amount to a list that has one entry for each currency.
pub fn add(amounts: &mut Vec<Money>, money: Money) {
    match amounts.iter_mut().find(|known| known.currency == money.currency) {
        Some(known) => known.minor = known.minor.saturating_add(money.minor),
        None => amounts.push(money),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_three_letters_in_any_case() {
        assert_eq!("eur".parse::<Currency>().unwrap().code(), "EUR");
        for bad in ["", "E", "EURO", "E1R", "€€€"] {
            assert!(bad.parse::<Currency>().is_err(), "{bad}");
        }
    }

    #[test]
    fn yen_have_no_minor_unit() {
        let yen = Money { minor: 1_500, currency: "JPY".parse().unwrap() };
        assert!((yen.major() - 1_500.0).abs() < f64::EPSILON);
    }
}
