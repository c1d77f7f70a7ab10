use serde_json::{Value, json};

use super::super::date::{self, DateOrder};
use super::super::number::{self, NumberStyle};
use super::super::value::{Reading, parse};
use crate::fields::FieldType;

#[test]
fn numbers_are_read_in_both_conventions_and_never_guessed_wrong() {
    for (text, point, comma) in [
        ("1234", Some("1234"), Some("1234")),
        ("-12.50", Some("-12.50"), None),
        ("1,234.56", Some("1234.56"), None),
        ("1.234,56", None, Some("1234.56")),
        ("1,234", Some("1234"), Some("1.234")),
        ("12,5", None, Some("12.5")),
        ("1 234 567", Some("1234567"), Some("1234567")),
        ("1\u{a0}234,5", None, Some("1234.5")),
        ("1'234.50", Some("1234.50"), None),
        ("12,34,567.8", Some("1234567.8"), None),
        ("1,23", None, Some("1.23")),
        ("1.2.3", None, None),
        ("(1,200)", Some("-1200"), Some("-1.200")),
        ("5-", Some("-5"), Some("-5")),
        ("\u{2212}5", Some("-5"), Some("-5")),
        ("+5", Some("5"), Some("5")),
        ("--5", None, None),
        ("$1,200.00", Some("1200.00"), None),
        ("€ 5", Some("5"), Some("5")),
        ("-$5", Some("-5"), Some("-5")),
        ("$-5", Some("-5"), Some("-5")),
        ("1.200,50 EUR", None, Some("1200.50")),
        ("CHF 5", Some("5"), Some("5")),
        ("45 %", Some("45"), Some("45")),
        ("1e5", Some("1e5"), Some("1e5")),
        ("5.", Some("5."), None),
        (".5", Some(".5"), None),
        ("SKU123", None, None),
        ("NaN", None, None),
        ("inf", None, None),
        ("", None, None),
        ("-", None, None),
        ("12abc", None, None),
    ] {
        let read = |style| number::read(text, style).map(|number| number.digits.into_owned());
        assert_eq!(read(NumberStyle::Point).as_deref(), point, "{text} point");
        assert_eq!(read(NumberStyle::Comma).as_deref(), comma, "{text} comma");
    }
}

#[test]
fn amounts_are_exact_to_the_minor_unit() {
    for (text, places, minor) in [
        ("29.85", 2, Some(2_985)),
        ("0.1", 2, Some(10)),
        ("1,234.565", 2, Some(123_457)),
        ("-1.005", 2, Some(-101)),
        ("1500", 0, Some(1_500)),
        (".5", 2, Some(50)),
        ("5.", 2, Some(500)),
        ("1.2345", 3, Some(1_235)),
        ("1e3", 2, Some(100_000)),
        ("92233720368547758.07", 2, Some(i64::MAX)),
        ("92233720368547758.08", 2, None),
        ("99999999999999999999", 2, None),
        ("1e300", 2, None),
    ] {
        assert_eq!(number::read(text, NumberStyle::Point).unwrap().minor(places), minor, "{text}");
    }
}

#[test]
fn dates_are_read_in_all_the_ways_files_write_them() {
    for (text, iso) in [
        ("2026-11-21", "2026-11-21T00:00:00.000Z"),
        ("2026/1/2", "2026-01-02T00:00:00.000Z"),
        ("2026-11-21T08:30:00Z", "2026-11-21T08:30:00.000Z"),
        ("2026-11-21 08:30:00.5", "2026-11-21T08:30:00.500Z"),
        ("2026-11-21T08:30:00+02:00", "2026-11-21T06:30:00.000Z"),
        ("2026-11-21T08:30:00.123456-0530", "2026-11-21T14:00:00.123Z"),
        ("2026-11-21 08:30:00 UTC", "2026-11-21T08:30:00.000Z"),
        ("21.11.2026", "2026-11-21T00:00:00.000Z"),
        ("1.2.26", "2026-02-01T00:00:00.000Z"),
        ("03/04/2026", "2026-04-03T00:00:00.000Z"),
        ("31-Jan-2024", "2024-01-31T00:00:00.000Z"),
        ("Jan 31, 2024", "2024-01-31T00:00:00.000Z"),
        ("1 September 1999 3:05 pm", "1999-09-01T15:05:00.000Z"),
        ("20261121", "2026-11-21T00:00:00.000Z"),
        ("45000", "2023-03-15T00:00:00.000Z"),
        ("45000.5", "2023-03-15T12:00:00.000Z"),
        ("1700000000", "2023-11-14T22:13:20.000Z"),
        ("1700000000123", "2023-11-14T22:13:20.123Z"),
        ("29.02.2024", "2024-02-29T00:00:00.000Z"),
    ] {
        assert_eq!(date::read(text, DateOrder::DayFirst).map(|at| at.iso()).as_deref(), Some(iso), "{text}");
    }
    assert_eq!(date::read("12/1/2010 8:26", DateOrder::MonthFirst).unwrap().iso(), "2010-12-01T08:26:00.000Z");
    assert_eq!(date::read("03.04.2026", DateOrder::MonthFirst).unwrap().iso_date(), "2026-04-03");
    for wrong in [
        "31.02.2026",
        "29.02.2023",
        "2026-13-01",
        "0000-01-01",
        "2024",
        "12",
        "2026-11",
        "25:00",
        "2026-11-21T25:00",
        "2026-11-21 08:30:61",
        "2026-11-21T08:30:00+99:00",
        "soon",
        "1.2.3",
        "٢٠٢٦-١١-٢١",
        "2026-11-21x",
        "--",
        "2026--",
        "99999999999999999999",
        "é1/é2/2020",
        "20261399",
    ] {
        assert_eq!(date::read(wrong, DateOrder::DayFirst), None, "{wrong}");
    }
}

#[test]
fn each_type_reads_its_own_words() {
    let reading = Reading::default();
    let stages = FieldType::Choice(["onboarding", "at_risk", "churned"].map(String::from).to_vec());
    for (text, kind, value) in [
        ("  ", FieldType::Number, Value::Null),
        (" Acme ", FieldType::Text, json!("Acme")),
        ("'=1+1", FieldType::Text, json!("=1+1")),
        ("'quoted'", FieldType::Text, json!("'quoted'")),
        ("line\nline\ttab", FieldType::Text, json!("line\nline\ttab")),
        ("1,200.0", FieldType::Number, json!(1200)),
        ("0.5", FieldType::Number, json!(0.5)),
        ("$1,200.50", FieldType::Money, json!(120_050)),
        ("45%", FieldType::Percent, json!(45)),
        ("YES", FieldType::Bool, json!(true)),
        ("nein", FieldType::Bool, json!(false)),
        ("At Risk", stages.clone(), json!("at_risk")),
        ("lost", stages.clone(), json!("churned")),
        ("b; a|b, c", FieldType::Tags, json!(["a", "b", "c"])),
        ("2026-11-21", FieldType::Date, json!(1_795_219_200_000_i64)),
    ] {
        assert_eq!(parse(text, &kind, &reading), Ok(value), "{text} as {kind:?}");
    }
    for (text, kind, part) in [
        ("abc", FieldType::Number, "not a number"),
        ("1.234,5", FieldType::Number, "number format"),
        ("1e309", FieldType::Number, "too large"),
        ("120", FieldType::Percent, "between 0 and 100"),
        ("€5", FieldType::Money, "in EUR"),
        ("13/25/2026", FieldType::Date, "2026-11-21"),
        ("12/25/2026", FieldType::Date, "date order"),
        ("maybe", FieldType::Bool, "neither yes nor no"),
        ("gold", stages, "onboarding, at_risk, churned"),
        ("a\u{7}b", FieldType::Text, "code 7"),
        ("a\u{85}b", FieldType::Text, "code 133"),
        (&"é".repeat(4_001), FieldType::Text, "4000 characters"),
        (&"x".repeat(33_000), FieldType::Text, "32 KiB"),
        (&"t".repeat(61), FieldType::Tags, "Shorten"),
    ] {
        let message = parse(text, &kind, &reading).unwrap_err();
        assert!(message.contains(part) && message.ends_with('.'), "{text}: {message}");
    }
    let share = Reading { shares_of_one: true, ..reading };
    assert_eq!(parse("0.07", &FieldType::Percent, &share), Ok(json!(7)));
    assert_eq!(parse("7%", &FieldType::Percent, &share), Ok(json!(7)));
    let yen = Reading { currency: "JPY".parse().unwrap(), ..reading };
    assert_eq!(parse("¥1,500", &FieldType::Money, &yen), Ok(json!(1_500)));
}
