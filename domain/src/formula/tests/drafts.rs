//! A formula while it is written: proposals, mistakes among fields, what it comes to, and where a field is used.

use serde_json::json;

use super::super::*;
use super::{catalogue, computed, now};
use crate::accounts::Account;
use crate::fields::{Catalogue, Field, FieldType};
use crate::health::{Action, Condition, Exception, FactValue, Operator, Scorecard};
use crate::id::{AccountId, ScorecardId, UserId, ViewId};
use crate::views::View;

/// Returns what is proposed where the bar stands.
fn at(text: &str) -> Vec<String> {
    let cursor = text.chars().position(|c| c == '|').unwrap();
    let found = complete(&text.replace('|', ""), count(cursor), &catalogue());
    found.into_iter().map(|next| next.text).collect()
}

#[test]
fn fields_and_functions_are_proposed_where_a_value_belongs() {
    for text in ["|", "(|", "seats + |", "if(|", "min(seats, |", "not |", "seats > 3 and |"] {
        let all = at(text);
        assert!(all.contains(&"seats".to_owned()) && all.contains(&"round(".to_owned()), "{text}: {all:?}");
        assert!(!all.contains(&"+".to_owned()), "{text}: {all:?}");
    }
    assert_eq!(at("se|")[0], "seats");
    assert_eq!(at("arr + annual|"), ["arr"], "another name of it");
    assert_eq!(at("lic|"), ["licences", "seats"], "a field of the workspace by its own key");
    assert_eq!(at("coa|"), ["coalesce("]);
    assert_eq!(at("round(sea|ts / 2)"), ["seats"], "inside a word");
    assert_eq!(at("[lic|"), ["[Licences bought]", "[Seats]"]);
    assert!(!at("|").contains(&"score".to_owned()), "it cannot be used");
    assert!(!at("|").contains(&"owner".to_owned()), "it cannot be used");
}

#[test]
fn operators_are_proposed_behind_a_value() {
    for text in ["seats |", "(seats + 1) |", "'a' |", "[Licences bought] |", "12 |"] {
        let all = at(text);
        assert!(all.contains(&"/".to_owned()) && all.contains(&"and".to_owned()), "{text}: {all:?}");
        assert!(!all.contains(&"seats".to_owned()), "{text}: {all:?}");
    }
    assert_eq!(at("pilot a|"), ["and"]);
    assert_eq!(at("'a text |"), Vec::<String>::new());
    assert_eq!(at("seats + 12|"), Vec::<String>::new());
}

#[test]
fn a_proposal_takes_the_place_of_the_whole_word() {
    let found = complete("round(seat / 2)", 8, &catalogue());
    assert_eq!(found[0].replaces, (6, 10));
    let found = complete("1 + [Lic] * 2", 7, &catalogue());
    assert_eq!(found[0].replaces, (4, 9));
}

#[test]
fn every_proposed_field_means_that_field() {
    let all = catalogue().with([
        Field::new("custom.seats", "Seats of ours", FieldType::Number, &[]),
        Field::new("custom.2nd", "Second", FieldType::Number, &[]),
    ]);
    for next in complete("", 0, &all).iter().filter(|next| !next.text.ends_with('(')) {
        let Some(field) = all.fields.iter().find(|field| field.label == next.label) else { continue };
        let understood = parse(&next.text, &all);
        let is_it = match &understood {
            Ok(formula) => formula.dependencies().contains(field.key.as_str()),
            Err(error) => error.message.contains("set of words"),
        };
        assert!(is_it, "{}: {understood:?}", next.text);
    }
}

fn circle() -> Catalogue {
    catalogue().with([
        computed("a", "seats + 1", FieldType::Number),
        computed("b", "a + 1", FieldType::Number),
        computed("c", "b + seats", FieldType::Number),
    ])
}

#[test]
fn a_circle_is_refused_at_the_field_that_leads_back_and_named() {
    let all = circle();
    let error = understand("seats + c * 2", Some(("custom.a", "a")), &all).unwrap_err();
    assert!(error.message.contains("a → c → b → a"), "{}", error.message);
    assert_eq!((error.at, error.len), (8, 1));
    let own = understand("1 + [a]", Some(("custom.a", "a")), &all).unwrap_err();
    assert_eq!((own.at, own.len), (4, 3), "{}", own.message);
    assert!(understand("seats + c", None, &all).is_ok(), "a new field can use all");
    assert!(understand("seats + 2", Some(("custom.b", "b")), &all).is_ok());
}

#[test]
fn another_kind_is_refused_while_a_formula_needs_this_one() {
    let error = understand("'many'", Some(("custom.a", "a")), &circle()).unwrap_err();
    assert!(error.message.contains("“b”"), "{}", error.message);
    assert_eq!((error.at, error.len), (0, 6));
    assert!(understand("'many'", Some(("custom.c", "c")), &circle()).is_ok(), "nobody needs it");
    let by_label =
        catalogue().with([computed("a", "seats + 1", FieldType::Number), computed("b", "[A] + 1", FieldType::Number)]);
    assert!(understand("seats + 2", Some(("custom.a", "a")), &by_label).is_ok());
    let renamed = catalogue().with([
        Field { label: "Old name".to_owned(), ..computed("a", "seats + 1", FieldType::Number) },
        computed("b", "[Old name] + 1", FieldType::Number),
    ]);
    assert!(understand("seats + 1", Some(("custom.a", "New name")), &renamed).is_err(), "it is looked for by its name");
    let broken = catalogue()
        .with([computed("a", "seats + 1", FieldType::Number), computed("gone", "missing + 1", FieldType::Number)]);
    assert!(
        understand("'many'", Some(("custom.a", "a")), &broken).is_ok(),
        "what was broken before does not stand in the way"
    );
}

fn account(name: &str, seats: Option<f64>) -> Account {
    let mut account = Account::new(AccountId(uuid::Uuid::nil()), name.to_owned(), now());
    account.seats = seats;
    account
}

#[test]
fn a_sample_computes_what_it_looks_at_too() {
    let all = circle();
    let formula = understand("c * 2", None, &all).unwrap();
    let sample = sample(&formula, &all, &[account("A", Some(10.0)), account("B", None)], now());
    assert_eq!((sample.kind, sample.values), (Kind::Number, vec![json!(44), serde_json::Value::Null]));
}

#[test]
fn uses_are_found_in_formulas_scorecards_and_views() {
    let all = circle();
    let view = |name: &str, filter: &str, sort: &str, columns: &[&str]| View {
        id: ViewId(uuid::Uuid::nil()),
        version: 1,
        name: name.to_owned(),
        owner_id: UserId(uuid::Uuid::nil()),
        shared: true,
        filter: filter.to_owned(),
        sort: sort.to_owned(),
        columns: columns.iter().map(|key| (*key).to_owned()).collect(),
        created_at: now(),
        updated_at: now(),
    };
    let when = Condition { fact: "custom.a".into(), op: Operator::Less, value: FactValue::Number(6.0) };
    let exceptions = vec![Exception { key: "few".into(), label: "Few".into(), when, action: Action::Cap(20.0) }];
    let cards = [
        (ScorecardId(uuid::Uuid::nil()), Scorecard { name: "All".into(), exceptions, ..Scorecard::default() }),
        (
            ScorecardId(uuid::Uuid::max()),
            Scorecard { name: "Large".into(), applies_to: "custom.c > 3".into(), ..Scorecard::default() },
        ),
    ];
    let views = [
        view("Columns", "", "name", &["name", "custom.a"]),
        view("Filter", "name = \"x\" or not (custom.a > 3)", "", &["name"]),
        view("Order", "", "-custom.a", &["name"]),
        view("Other", "custom.b > 3", "custom.b", &["name", "custom.b"]),
    ];
    let names = |key: &str| -> Vec<String> {
        let name = |one: Use| match one {
            Use::Formula(_, name) | Use::Scorecard(_, name) | Use::View(name) => name,
        };
        uses(key, &all, &cards, &views).into_iter().map(name).collect()
    };
    assert_eq!(names("custom.a"), ["b", "All", "Columns", "Filter", "Order"]);
    assert_eq!(names("custom.c"), ["Large"]);
    assert_eq!(names("custom.plan"), Vec::<String>::new());
    let refused = check_removable(&uses("custom.a", &all, &cards, &views)).unwrap_err().to_string();
    assert!(refused.contains("“b”") && refused.contains("“All”") && !refused.contains("Columns"), "{refused}");
    assert_eq!(check_removable(&[Use::View("Mine".into())]), Ok(()));
}
