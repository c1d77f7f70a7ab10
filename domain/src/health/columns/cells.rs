//! How a column of numbers is written as JSON: readers of JSON may round a fraction in its last digit, which would
//! make the browser's score differ from the server's, so fractions are written as words.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Largest whole number that a 64-bit float holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn serialize<S: Serializer>(numbers: &[Option<f64>], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(numbers.len()))?;
    for number in numbers {
        list.serialize_element(&Cell(*number))?;
    }
    list.end()
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<f64>>, D::Error> {
    struct List;
    impl<'de> Visitor<'de> for List {
        type Value = Vec<Option<f64>>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of numbers")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut numbers = Vec::new();
            while let Some(Cell(number)) = list.next_element()? {
                numbers.push(number);
            }
            Ok(numbers)
        }
    }
    deserializer.deserialize_seq(List)
}

struct Cell(Option<f64>);

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(number) = self.0 else { return serializer.serialize_unit() };
        let is_negative_zero = number == 0.0 && number.is_sign_negative();
        if number.fract() == 0.0 && number.abs() < EXACT && !is_negative_zero {
            // Checked to be whole and exact just above.
            return serializer.serialize_i64(number as i64);
        }
        serializer.collect_str(&number)
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl Visitor<'_> for One {
            type Value = Cell;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a number in words, or nothing")
            }
            fn visit_unit<E: Error>(self) -> Result<Cell, E> {
                Ok(Cell(None))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Cell, E> {
                Ok(Cell(Some(number as f64)))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Cell, E> {
                Ok(Cell(Some(number as f64)))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Cell, E> {
                Ok(Cell(Some(number)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Cell, E> {
                text.parse().map(|number| Cell(Some(number))).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(One)
    }
}
