//! From text to tree and back, and the words for what cannot be read.

use proptest::prelude::*;
use uuid::Uuid;

use super::super::{Comparison, Condition, Filter, Literal, Test};
use super::{catalogue, read, refused};
use crate::fields::FieldType;
use crate::time::{DAY_MS, Timestamp};

#[test]
fn texts_are_read_and_printed_canonically() {
    let table = [
        ("", ""),
        ("   ", ""),
        ("score < 50", "score < 50"),
        (
            "score < 50 and tier = \"enterprise\" and renewal_at within 90 days",
            "score < 50 and tier = enterprise and renewal_at within 90 days",
        ),
        ("band in (at_risk, CRITICAL)", "band in (at_risk, critical)"),
        ("owner is me", "owner_id = me"),
        ("csm != me", "owner_id != me"),
        ("arr > 10k", "arr_minor > 10000"),
        ("ARR>=2.5m AND mrr<1K", "arr_minor >= 2500000 and mrr_minor < 1000"),
        ("name contains \"acme\"", "name contains acme"),
        ("name starts \"ac\"", "name starts ac"),
        ("name starts with ac", "name starts ac"),
        ("name starts with", "name starts \"with\""),
        ("name ends with \"GmbH\"", "name ends \"GmbH\""),
        ("tags has \"vip\"", "tags has vip"),
        ("tags contains vip", "tags has vip"),
        ("tags in (vip, beta)", "tags in (vip, beta)"),
        ("custom.plan = pro", "custom.plan = pro"),
        ("plan = pro", "custom.plan = pro"),
        ("industry = retail", "category = retail"),
        ("Health_Score < 5", "score < 5"),
        ("last_login_at older than 30 days", "last_login_at older than 30 days"),
        ("last_login older 4 weeks", "last_login_at older than 28 days"),
        ("renewal_at before 2027-01-31", "renewal_at before 2027-01-31"),
        ("renewal > 2027-01-31", "renewal_at after 2027-01-31"),
        ("renewal <= today", "renewal_at <= today"),
        ("renewal within the next 90d", "renewal_at within 90 days"),
        ("last_touch within last 14 days", "last_activity_at within last 14 days"),
        ("tier is empty", "tier is empty"),
        ("tier is not empty", "tier is not empty"),
        ("tier is not pro", "tier != pro"),
        ("tier not in (a, b)", "not tier in (a, b)"),
        ("tier is not in (a)", "not tier in (a)"),
        ("name not contains x", "not name contains x"),
        ("not (score < 5 or score > 9)", "not (score < 5 or score > 9)"),
        ("not ((score < 5))", "not score < 5"),
        ("score < 1 or score > 2 and score = 3", "score < 1 or score > 2 and score = 3"),
        ("(score < 1 or score > 2) and score = 3", "(score < 1 or score > 2) and score = 3"),
        ("score < 1 and (score > 2 and score = 3)", "score < 1 and score > 2 and score = 3"),
        ("acme", "\"acme\""),
        ("acme corp score<5", "\"acme\" and \"corp\" and score < 5"),
        ("acme or “beta gamma”", "\"acme\" or \"beta gamma\""),
        ("O'Brien", "\"O'Brien\""),
        ("'it''s' or \"a \\\"b\\\" \\\\\"", "\"it\" and \"s\" or \"a \\\"b\\\" \\\\\""),
        ("tier = 'and'", "tier = \"and\""),
        ("tier = me", "tier = \"me\""),
        ("tier = empty", "tier = \"empty\""),
        ("größe = KLEIN", "custom.größe = klein"),
        ("custom.größe = \"sehr groß\"", "custom.größe = \"sehr groß\""),
        ("\"custom.odd key\" = x", "\"custom.odd key\" = x"),
        ("beta = true or beta is no", "custom.beta = yes or custom.beta = no"),
        ("sentiment > 50%", "sentiment > 50"),
        ("trend_30d < -2.5", "trend_30d < -2.5"),
        (
            "owner = 00000000-0000-0000-0000-00000000000A or owner = \"Maya\"",
            "owner_id = 00000000-0000-0000-0000-00000000000a or owner_id = \"Maya\"",
        ),
    ];
    for (text, canonical) in table {
        let filter = read(text);
        assert_eq!(filter.to_string(), canonical, "{text}");
        assert_eq!(read(canonical), filter, "{canonical}");
        let json = serde_json::to_string(&filter).unwrap();
        assert_eq!(serde_json::from_str::<Filter>(&json).unwrap(), filter, "{json}");
    }
}

#[test]
fn a_mistake_is_shown_at_its_character() {
    // Text, first character, length, a part of the sentence.
    let table = [
        ("scroe < 50", 0, 5, "Did you mean score?"),
        ("score < 50 and nmae = x", 15, 4, "Did you mean name?"),
        ("zzzzzz = 1", 0, 6, "Choose one from the list"),
        ("score < fifty", 8, 5, "a number from 0 to 100"),
        ("score < 1e5", 8, 3, "Write a number"),
        ("score < --1", 8, 3, "Write a number"),
        ("renewal_at = soon", 13, 4, "Write a date as 2027-01-31"),
        ("renewal_at before 31.1.27", 18, 7, "Write a date"),
        ("renewal_at before 2027-02-30", 18, 10, "Write a date"),
        ("renewal_at contains x", 11, 8, "Renewal is a date"),
        ("score contains 5", 6, 8, "Health score is a number"),
        ("name < 5", 5, 1, "Name is a text"),
        ("band = at_riskk", 7, 8, "Did you mean at_risk?"),
        ("band = nothing", 7, 7, "Choose one of"),
        ("custom.beta = maybe", 14, 5, "Write yes or no"),
        ("tags = vip", 5, 1, "Tags is a list of tags"),
        ("tags is vip", 8, 3, "empty"),
        ("score", 5, 0, "score < 50"),
        ("score <", 7, 0, "Add a value"),
        ("score < and", 8, 3, "Add a value"),
        ("tier = \"\"", 7, 2, "is empty"),
        ("and score < 5", 0, 3, "Add a condition before"),
        ("score < 5 and", 13, 0, "Add a condition here"),
        ("(score < 5", 10, 0, "Close the parenthesis"),
        ("score < 5)", 9, 1, "Remove this parenthesis"),
        ("()", 1, 1, "Start with a field"),
        ("< 5", 0, 1, "Start with a field"),
        ("name = acme corp", 12, 4, "quotes around text with spaces"),
        ("band in at_risk", 8, 7, "parentheses"),
        ("band in (at_risk critical)", 17, 8, "comma"),
        ("band in ()", 9, 1, "Add a value"),
        ("name = \"größe", 7, 1, "Close the quote"),
        ("größe = \"ä\" and 'x", 16, 1, "Close the quote"),
        ("renewal within soon", 15, 4, "number of days"),
        ("renewal within 90", 17, 0, "number of days"),
        ("renewal within 90 apples", 18, 6, "number of days"),
        ("renewal within 4000000000 years", 15, 10, "at most 36,500 days"),
        ("renewal within 101 years", 15, 3, "at most 36,500 days"),
        ("arr > 9999999999999999", 6, 16, "Write a number"),
        ("\"\"", 0, 2, "between the quotes"),
        ("acme\u{0}", 4, 1, "control character"),
    ];
    for (text, at, len, says) in table {
        let error = refused(text);
        assert_eq!((error.at, error.len), (at, len), "{text}: {error}");
        assert!(error.message.contains(says), "{text}: {error}");
    }
}

#[test]
fn an_error_says_what_could_stand_there() {
    assert_eq!(refused("scroe < 50").expected, ["score"]);
    assert_eq!(refused("band = at_riskk").expected, ["healthy", "watch", "at_risk", "critical"]);
    assert!(refused("renewal_at contains x").expected.contains(&"within".to_owned()));
    assert_eq!(refused("(score < 5").expected, ["and", "or", ")"]);
}

#[test]
fn chips_are_added_replaced_and_removed() {
    let filter = read("score < 50").and(read("tier = pro")).and(read("acme or gamma"));
    assert_eq!(filter.to_string(), "score < 50 and tier = pro and (\"acme\" or \"gamma\")");
    assert_eq!(filter.conditions().len(), 3);
    assert_eq!(filter.without(1).to_string(), "score < 50 and (\"acme\" or \"gamma\")");
    assert_eq!(filter.without(9), filter);
    assert_eq!(
        filter.replaced(0, &read("score < 40")).to_string(),
        read("score < 40 and tier = pro and (acme or gamma)").to_string()
    );
    assert_eq!(read("score < 50").without(0), Filter::everything());
    assert_eq!(Filter::everything().conditions(), []);
    assert_eq!(Filter::everything().and(read("acme")), read("acme"));
    assert_eq!(Filter::any([]), Filter::everything());
}

#[test]
fn names_become_ids() {
    let maya = Uuid::from_u128(7);
    let look_up = |kind: &FieldType, name: &str| match (kind, name) {
        (FieldType::User, "maya") => vec![maya],
        (FieldType::Account, "twins") => vec![maya, Uuid::from_u128(8)],
        _ => Vec::new(),
    };
    let filter = read("owner = maya or owner in (me, maya) or not owner = \"no one\" or tier = maya or parent = maya");
    let resolved = filter.resolved(&catalogue(), &look_up).to_string();
    let expected = format!(
        "owner_id = {maya} or owner_id in (me, {maya}) or not owner_id = \"no one\" or tier = maya or parent_id = maya"
    );
    assert_eq!(resolved, expected);
    assert_eq!(filter.names(&catalogue()).len(), 4, "each by its kind");
    let several = read("parent = twins or parent != twins or parent in (twins, me)");
    let (a, b) = (maya, Uuid::from_u128(8));
    let expected = format!("parent_id in ({a}, {b}) or not parent_id in ({a}, {b}) or parent_id in ({a}, {b}, \"me\")");
    assert_eq!(several.resolved(&catalogue(), &look_up).to_string(), expected, "all that are called so");
}

fn literal() -> impl Strategy<Value = (String, Literal)> {
    prop_oneof![
        (Just("tier".to_owned()), "[ -~äß€“”„]{1,12}".prop_map(Literal::Text)),
        (Just("custom.odd key".to_owned()), "[a-z ]{1,8}".prop_map(Literal::Text)),
        (Just("score".to_owned()), (-1e9..1e9_f64).prop_map(Literal::Number)),
        (Just("arr_minor".to_owned()), (-1_000_000..1_000_000_i32).prop_map(|n| Literal::Number(f64::from(n)))),
        (Just("custom.größe".to_owned()), Just(Literal::Text("sehr groß".to_owned()))),
        (
            Just("owner_id".to_owned()),
            prop_oneof![Just(Literal::Me), any::<u128>().prop_map(|id| Literal::Id(Uuid::from_u128(id)))]
        ),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop_oneof![
        Just(Comparison::Less),
        Just(Comparison::LessOrEqual),
        Just(Comparison::Greater),
        Just(Comparison::GreaterOrEqual),
        Just(Comparison::NotEqual),
    ]
}

fn condition() -> impl Strategy<Value = Filter> {
    let day =
        prop_oneof![Just(Literal::Today), (-90_000..90_000_i64).prop_map(|day| Literal::Date(Timestamp(day * DAY_MS)))];
    let field = |key: &str, test: Test| Filter::Field(Condition { field: key.to_owned(), test });
    prop_oneof![
        "[ -~äß€“”„]{0,12}[a-zA-Z]".prop_map(Filter::Search),
        literal().prop_map(move |(key, value)| field(&key, Test::Compare(Comparison::Equal, value))),
        literal().prop_map(move |(key, value)| field(&key, Test::Compare(Comparison::NotEqual, value))),
        literal().prop_map(move |(key, value)| field(&key, Test::In(vec![value.clone(), value]))),
        (comparison(), day).prop_map(move |(comparison, day)| field("renewal_at", Test::Compare(comparison, day))),
        "[ -~]{1,9}".prop_map(move |text| field("name", Test::Contains(text))),
        "(with|and|starts|[a-z]{1,3})".prop_map(move |text| field("name", Test::Starts(text))),
        "[a-zA-Z]{1,9}".prop_map(move |text| field("tags", Test::Has(text))),
        (0..36_500_u32).prop_map(move |days| field("created_at", Test::WithinNext(days))),
        (0..36_500_u32).prop_map(move |days| field("created_at", Test::WithinLast(days))),
        (0..36_500_u32).prop_map(move |days| field("created_at", Test::OlderThan(days))),
        any::<bool>().prop_map(move |yes| field("custom.beta", Test::Compare(Comparison::Equal, Literal::Bool(yes)))),
        any::<bool>().prop_map(move |yes| field("band", if yes { Test::Empty } else { Test::Filled })),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    condition().prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::all),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::any),
            inner.prop_map(Filter::negated),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same_tree(filter in filter()) {
        let text = filter.to_string();
        prop_assume!(text.chars().count() <= super::super::TEXT_CHARS_MAX);
        prop_assert_eq!(read(&text), filter, "{}", text);
    }

    #[test]
    fn what_is_read_prints_as_something_that_reads_the_same(
        words in prop::collection::vec("(score|name|renewal_at|tags|band|is|not|empty|in|and|or|\\(|\\)|,|<|=|5|90|days|within|last|\"x y\"|acme|me)", 0..12),
    ) {
        if let Ok(filter) = super::super::parse(&words.join(" "), &catalogue()) {
            prop_assert_eq!(read(&filter.to_string()), filter);
        }
    }
}
