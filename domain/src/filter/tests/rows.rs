//! Which rows a filter lets through, empty values included.

use serde_json::{Map, Value, json};

use super::super::{Matcher, Scope, matches};
use super::{MAYA, NOW, catalogue, read, scope};
use crate::time::DAY_MS;

fn acme() -> Map<String, Value> {
    let today = NOW.day_start().0;
    let row = json!({
        "name": "ACME Größe", "external_id": "ac-1", "domain": null, "tier": "Enterprise", "stage": "",
        "owner_id": MAYA.to_string(), "arr_minor": 1_000_000, "seats": 12.5, "score": 49_999_999, "band": "at_risk",
        "renewal_at": today + 90 * DAY_MS + 5, "last_login_at": today - 30 * DAY_MS, "tags": ["VIP", "new"],
        "custom": {
            "plan": "pro", "users_licensed": 5, "fee": 250, "beta": true, "products": [], "sponsor": MAYA.to_string(),
            "kickoff": today, "größe": 7
        }
    });
    row.as_object().unwrap().clone()
}

#[test]
fn a_row_is_let_through_or_not() {
    let catalogue = catalogue();
    let table = [
        ("", true),
        ("score < 50", true),
        ("score >= 50", false),
        ("score in (49.999999)", true),
        ("arr = 10k", true),
        ("arr > 10k", false),
        ("mrr > 0", false),
        ("mrr != 5", true),
        ("not mrr > 0", true),
        ("mrr is empty", true),
        ("arr is not empty", true),
        ("stage is empty", true),
        ("stage = value", false),
        ("stage != value", true),
        ("tier = ENTERPRISE", true),
        ("tier in (pro, enterprise)", true),
        ("tier not in (pro, enterprise)", false),
        ("domain not in (x)", true),
        ("name contains acme", true),
        ("name contains größe", true),
        ("name contains GRÖSSE", false),
        ("name starts acme", true),
        ("name ends acme", false),
        ("name contains \"_\"", false),
        ("acme", true),
        ("ac-1 \"größe\"", true),
        ("ac-2", false),
        ("owner is me", true),
        ("owner is not me", false),
        ("parent is empty", true),
        ("parent != 00000000-0000-0000-0000-000000000001", true),
        ("tags has VIP", true),
        ("tags has vip", false),
        ("tags in (x, new)", true),
        ("tags not has x", true),
        ("tags is empty", false),
        ("renewal within 90 days", true),
        ("renewal within 89 days", false),
        ("renewal within last 90 days", false),
        ("last_login within last 30 days", true),
        ("last_login older than 30 days", false),
        ("last_login older than 29 days", true),
        ("last_activity older than 1 day", false),
        ("custom.kickoff = today", true),
        ("custom.kickoff != today", false),
        ("custom.kickoff before today", false),
        ("custom.kickoff <= today and custom.kickoff >= today", true),
        ("custom.kickoff within last 0 days", true),
        ("plan = PRO", true),
        ("users_licensed >= 5", true),
        ("fee = 2.5", true),
        ("beta = yes", true),
        ("beta != yes", false),
        ("products is empty", true),
        ("products has x", false),
        ("custom.sponsor is me", true),
        ("größe is empty", true),
        ("größe = klein", false),
        ("\"custom.odd key\" is empty", true),
        ("score < 10 or band in (at_risk)", true),
        ("not (score < 50 and band = at_risk)", false),
    ];
    for (text, expected) in table {
        let filter = read(text);
        assert_eq!(matches(&filter, &scope(&catalogue), &acme()), expected, "{text}");
        assert_eq!(Matcher::new(&filter, &scope(&catalogue)).matches(&acme()), expected, "{text}");
    }
}

#[test]
fn of_an_empty_row_only_emptiness_and_difference_hold() {
    let catalogue = catalogue();
    let empty = Map::new();
    for key in catalogue.fields.iter().map(|field| field.key.as_str()).filter(|key| !key.contains(['"', ' '])) {
        assert!(matches(&read(&format!("{key} is empty")), &scope(&catalogue), &empty), "{key}");
        assert!(!matches(&read(&format!("{key} is not empty")), &scope(&catalogue), &empty), "{key}");
    }
    for text in
        ["score < 5", "score >= 0", "name contains a", "owner is me", "tags has a", "renewal < today", "beta = no"]
    {
        assert!(!matches(&read(text), &scope(&catalogue), &empty), "{text}");
        assert!(matches(&read(&format!("not {text}")), &scope(&catalogue), &empty), "{text}");
    }
    for text in ["score != 5", "name != a", "owner is not me", "renewal != today", "beta != no"] {
        assert!(matches(&read(text), &scope(&catalogue), &empty), "{text}");
    }
}

#[test]
fn a_function_is_a_row_too_and_the_system_owns_nothing() {
    let catalogue = catalogue();
    let row = |key: &str| if key == "owner_id" { json!(MAYA.to_string()) } else { Value::Null };
    assert!(matches(&read("owner is me"), &scope(&catalogue), &row));
    let system = Scope { me: None, ..scope(&catalogue) };
    assert!(!matches(&read("owner is me"), &system, &row));
    assert!(matches(&read("owner is not me"), &system, &row));
}

#[test]
fn every_built_in_field_has_a_column() {
    for field in crate::accounts::catalogue().fields {
        assert!(super::super::meaning::source(&field).is_some(), "{}", field.key);
    }
}
