//! What differs is named once, by the names that people know.

use serde_json::{Value, json};

use crate::time::{DAY_MS, Timestamp};

use super::{BuiltInPart, DIFFERENCES_MAX, differences, file_name, numbered};

fn said(before: &Value, after: &Value) -> Vec<String> {
    let text = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
    let one = |difference: super::Difference| {
        format!("{}: {} -> {}", difference.path.join("/"), text(difference.before), text(difference.after))
    };
    differences(before, after).0.into_iter().map(one).collect()
}

#[test]
fn values_that_differ_are_named_from_the_outside_to_the_inside() {
    let before = json!({"name": "A", "groups": [
        {"key": "usage", "weight": 1, "measures": [{"key": "logins", "weight": 2, "scale": {"curve": [[0, 0], [9, 100]]}}]},
        {"key": "support", "weight": 1, "measures": []},
    ]});
    let after = json!({"name": "A", "groups": [
        {"key": "support", "weight": 1, "measures": []},
        {"key": "usage", "weight": 3, "measures": [{"key": "logins", "weight": 2, "scale": {"curve": [[0, 0], [8, 100]]}}]},
    ]});
    assert_eq!(
        said(&before, &after),
        [
            "groups/usage/measures/logins/scale/curve: [[0,0],[9,100]] -> [[0,0],[8,100]]",
            "groups/usage/weight: 1 -> 3",
            "groups: usage, support -> support, usage",
        ]
    );
    assert!(said(&before, &before).is_empty());
}

#[test]
fn what_comes_and_what_goes_is_named_value_by_value() {
    let whole = json!({"name": "A", "columns": ["name", "score"], "on": true});
    assert_eq!(
        said(&Value::Null, &whole),
        ["columns: nothing -> [\"name\",\"score\"]", "name: nothing -> A", "on: nothing -> true"]
    );
    assert_eq!(said(&whole, &json!({"name": "A", "on": true})), ["columns: [\"name\",\"score\"] -> nothing"]);
    assert_eq!(said(&json!({"m": []}), &json!({"m": [{"key": "a", "n": 1}]})), ["m: [] -> [{\"key\":\"a\",\"n\":1}]"]);
}

#[test]
fn a_thing_with_too_many_differences_says_how_many_more_there_are() {
    let big: Value = Value::Object((0..DIFFERENCES_MAX + 7).map(|n| (format!("k{n:04}"), json!(n))).collect());
    let (named, more) = differences(&Value::Null, &big);
    assert_eq!((named.len(), more), (DIFFERENCES_MAX, 7));
    let long = json!({"text": "x".repeat(5_000)});
    let text = differences(&Value::Null, &long).0.remove(0).after.unwrap();
    assert_eq!(text.chars().count(), 301);
}

#[test]
fn names_are_told_apart_and_a_file_has_a_name_of_its_own() {
    assert_eq!(numbered(["A", "B", "A", "A (2)", "A"]), ["A", "B", "A (2)", "A (2) (2)", "A (3)"]);
    assert_eq!(file_name("Müller & Söhne", Timestamp(20_779 * DAY_MS)), "müller-söhne-configuration-2026-11-22.yaml");
    assert_eq!(file_name("///", Timestamp(20_779 * DAY_MS)), "keepwell-configuration-2026-11-22.yaml");
}

#[test]
fn what_a_part_does_not_say_stays() {
    let under = BuiltInPart {
        rule: "renewal".into(),
        on: Some(true),
        parameters: [("days".to_owned(), 30.0), ("score".to_owned(), 50.0)].into(),
        scope: Some("tier = pro".into()),
        ..BuiltInPart::default()
    };
    let over = BuiltInPart {
        rule: "renewal".into(),
        on: Some(false),
        parameters: [("days".to_owned(), 60.0)].into(),
        ..BuiltInPart::default()
    };
    let both = over.over(under);
    assert_eq!((both.on, both.scope.as_deref()), (Some(false), Some("tier = pro")));
    assert_eq!(both.parameters, [("days".to_owned(), 60.0), ("score".to_owned(), 50.0)].into());
}
