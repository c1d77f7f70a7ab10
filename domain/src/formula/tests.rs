mod drafts;

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::*;
use crate::accounts;
use crate::fields::{Catalogue, Field};

fn now() -> Timestamp {
    Timestamp::from_date("2026-11-21".parse().unwrap())
}

fn catalogue() -> Catalogue {
    accounts::catalogue().with([
        Field::new("custom.plan", "Plan", FieldType::Text, &[]),
        Field::new("custom.licences", "Licences bought", FieldType::Number, &[]),
        Field::new("custom.pilot", "Pilot", FieldType::Bool, &[]),
        Field::new("custom.kickoff", "Kick-off", FieldType::Date, &[]),
    ])
}

fn doc() -> Map<String, Json> {
    let doc = json!({
        "name": "Acme", "currency": "USD", "arr_minor": 1_200_050, "seats": 40, "tags": ["gold", "beta"],
        "renewal_at": now().plus_days(30), "created_at": now().plus_days(-100), "tier": "Enterprise",
        "custom": {"plan": "Gold", "licences": 50, "pilot": false},
    });
    doc.as_object().unwrap().clone()
}

fn value(text: &str) -> Json {
    parse(text, &catalogue()).unwrap_or_else(|error| panic!("{text}: {error:?}")).evaluate(&doc(), now())
}

#[test]
fn values_follow_from_fields() {
    for (text, expected) in [
        ("1 + 2 * 3", json!(7)),
        ("(1 + 2) × 3 − 4 ÷ 8", json!(8.5)),
        ("-2 * -3", json!(6)),
        ("2 - 3 - 4", json!(-5)),
        ("arr / seats", json!(12_000.5 / 40.0)),
        ("round(arr / seats, 1)", json!(300)),
        ("round(-2.5)", json!(-3)),
        ("round(1234, -2)", json!(1200)),
        ("seats / licences", json!(0.8)),
        ("custom.licences - [Licences bought]", json!(0)),
        ("if(seats >= 40 and tier = 'enterprise', 'large', 'small')", json!("large")),
        ("days_until(renewal)", json!(30)),
        ("days_since(created_at)", json!(100)),
        ("renewal_at - created_at", json!(130)),
        ("renewal_at - 30 = date(\"2026-11-21\")", json!(true)),
        ("created_at + 100", json!(now())),
        ("min(seats, licences, 45)", json!(40)),
        ("max(created_at, renewal_at)", json!(now().plus_days(30))),
        ("lower(name) + '-' + plan", json!("acme-Gold")),
        ("contains(name, 'CM')", json!(true)),
        ("contains(tags, 'Gold')", json!(true)),
        ("contains(tags, 'gol')", json!(false)),
        ("not pilot or no", json!(true)),
        ("1 < 2 = yes", json!(true)),
        ("plan != 'gold'", json!(false)),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn what_is_unknown_stays_unknown_unless_it_does_not_matter() {
    for (text, expected) in [
        ("seats + sentiment", Json::Null),
        ("seats / 0", Json::Null),
        ("days_since(kickoff)", Json::Null),
        ("if(sentiment > 1, 1, 2)", Json::Null),
        ("if(yes, 1, sentiment)", json!(1)),
        ("coalesce(sentiment, seats)", json!(40)),
        ("min(sentiment, seats)", json!(40)),
        ("sentiment > 1 and no", json!(false)),
        ("sentiment > 1 or yes", json!(true)),
        ("sentiment > 1 or no", Json::Null),
        ("kickoff = kickoff", Json::Null),
        ("created_at + 1000000000", Json::Null),
        ("'' + ' '", Json::Null),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn mistakes_are_told_at_their_place() {
    for (text, at, len) in [
        ("", 0, 0),
        ("seats +", 7, 0),
        ("seats + # 3", 8, 1),
        ("seats + \"x", 8, 1),
        ("[seats", 0, 1),
        ("saets + 1", 0, 5),
        ("seats + plan", 8, 4),
        ("(plan = 1)", 8, 1),
        ("tier < 'b'", 0, 4),
        ("if(seats, 1, 2)", 3, 5),
        ("if(seats > 1, 1, 'x')", 17, 3),
        ("if(seats > 1)", 0, 2),
        ("sum(seats)", 0, 3),
        ("round(plan)", 6, 4),
        ("days_since(seats)", 11, 5),
        ("contains(seats, 'x')", 9, 5),
        ("(seats", 6, 0),
        ("min(1 2)", 6, 1),
        ("seats seats", 6, 5),
        ("owner_id = 'x'", 0, 8),
        ("score + 1", 0, 5),
        ("tags", 0, 4),
        ("date('soon')", 5, 6),
        ("1.2.3", 0, 5),
        ("seats and yes", 0, 5),
        ("* 3", 0, 1),
    ] {
        let error = parse(text, &catalogue()).unwrap_err();
        assert_eq!((error.at, error.len), (at, len), "{text}: {}", error.message);
    }
}

#[test]
fn places_are_counted_in_characters() {
    let error = parse("'größer' + saets", &catalogue()).unwrap_err();
    assert_eq!((error.at, error.len), (11, 5));
}

#[test]
fn size_and_depth_are_bounded() {
    let deep = format!("{}1{}", "(".repeat(40), ")".repeat(40));
    assert!(parse(&deep, &catalogue()).unwrap_err().message.contains("deep"));
    let minus = format!("{}1", "-".repeat(400));
    assert!(parse(&minus, &catalogue()).unwrap_err().message.contains("deep"));
    let wide = vec!["1"; 600].join("+");
    assert!(parse(&wide, &catalogue()).unwrap_err().message.contains("parts"));
    assert!(parse(&"1".repeat(3_000), &catalogue()).unwrap_err().message.contains("2,000"));
    assert!(parse(&vec!["1"; 200].join("+"), &catalogue()).is_ok());
}

#[test]
fn a_formula_knows_what_it_depends_on() {
    let formula = parse("if(arr > 10, days_since(kickoff), seats)", &catalogue()).unwrap();
    let expected = ["arr_minor", "currency", "custom.kickoff", "mrr_minor", "seats"];
    assert_eq!(formula.dependencies().into_iter().collect::<Vec<_>>(), expected);
    assert!(formula.depends_on_time());
    assert_eq!((formula.kind(), formula.kind().field_type()), (Kind::Number, FieldType::Number));
    assert!(!parse("seats", &catalogue()).unwrap().depends_on_time());
}

fn computed(key: &str, text: &str, kind: FieldType) -> Field {
    let mut field = Field::new(&format!("custom.{key}"), key, kind, &[]).computed();
    field.formula = Some(text.to_owned());
    field
}

#[test]
fn computed_fields_may_follow_from_each_other() {
    let all = catalogue().with([
        computed("b", "a * 2", FieldType::Number),
        computed("a", "seats + 1", FieldType::Number),
        computed("gone", "missing + 1", FieldType::Number),
    ]);
    let computed = Computed::new(&all);
    let mut doc = doc();
    fields_set(&mut doc, "custom.gone", json!(5));
    computed.apply(&mut doc, now());
    assert_eq!(doc["custom"], json!({"plan": "Gold", "licences": 50, "pilot": false, "a": 41, "b": 82}));
    assert!(computed.looks_at("seats") && computed.looks_at("custom.a") && !computed.looks_at("name"));
    assert!(computed.has("custom.a") && !computed.has("custom.plan") && !computed.depends_on_time());
}

fn fields_set(doc: &mut Map<String, Json>, key: &str, value: Json) {
    crate::fields::set(doc, key, value);
}

const PIECES: [&str; 30] = [
    "seats",
    "arr",
    "plan",
    "kickoff",
    "pilot",
    "tags",
    "[Licences bought]",
    "1",
    "0.5",
    "'a'",
    "“ß”",
    "yes",
    "not",
    "and",
    "or",
    "+",
    "−",
    "*",
    "÷",
    "=",
    "<=",
    "(",
    ")",
    ",",
    "if(",
    "min(",
    "coalesce(",
    "days_since(",
    "contains(",
    "date(",
];

proptest! {
    #[test]
    fn any_text_is_understood_or_refused_at_a_place_within_it(pieces in prop::collection::vec(0..PIECES.len(), 0..14), noise in ".{0,4}") {
        let text = pieces.iter().map(|piece| PIECES[*piece]).chain([noise.as_str()]).collect::<Vec<_>>().join(" ");
        let chars = count(text.chars().count());
        for cursor in [0, chars / 2, chars, chars + 9] {
            for next in complete(&text, cursor, &catalogue()) {
                prop_assert!(next.replaces.0 <= next.replaces.1 && next.replaces.1 <= chars, "{} at {}: {:?}", text, cursor, next);
            }
        }
        match parse(&text, &catalogue()) {
            Ok(formula) => {
                let value = formula.evaluate(&doc(), now());
                let fits = match formula.kind() {
                    Kind::Number => value.is_number(),
                    Kind::Text => value.is_string(),
                    Kind::Date => value.is_i64(),
                    Kind::Bool => value.is_boolean(),
                    Kind::Tags => false,
                };
                prop_assert!(fits || value.is_null(), "{} gives {}", text, value);
            }
            Err(error) => prop_assert!((error.at + error.len) as usize <= text.chars().count(), "{}: {:?}", text, error),
        }
    }
}
