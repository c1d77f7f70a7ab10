//! Input that means harm.

use proptest::prelude::*;

use super::super::sql::{self, Engine, Param};
use super::super::{CONDITIONS_MAX, DEPTH_MAX, LIST_MAX, TEXT_CHARS_MAX, complete, parse, sort};
use super::{catalogue, read, refused, scope};

#[test]
fn deep_nesting_is_refused_at_the_parenthesis() {
    let depth = usize::try_from(DEPTH_MAX).unwrap();
    let nested = |depth: usize| format!("{}score < 5{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(depth), &catalogue()).is_ok());
    assert_eq!(refused(&nested(depth + 1)).at, DEPTH_MAX);
    assert_eq!(refused(&"(".repeat(2_000)).at, DEPTH_MAX);
    assert_eq!(refused(&"not ".repeat(500)).at, DEPTH_MAX * 4);
    let negated = format!("{}score < 5", "not ".repeat(depth));
    assert_eq!(read(&negated).to_string(), negated);
}

#[test]
fn huge_input_is_refused() {
    let limit = u32::try_from(TEXT_CHARS_MAX).unwrap();
    assert_eq!(refused(&"é".repeat(1_000_000)).at, limit);
    assert!(refused(&"a ".repeat(101)).message.contains("100 conditions"));
    let many = vec!["a"; usize::try_from(CONDITIONS_MAX).unwrap()].join(" ");
    assert!(parse(&many, &catalogue()).is_ok());
    let list = |len: usize| format!("score in ({})", vec!["1"; len].join(","));
    assert!(parse(&list(LIST_MAX), &catalogue()).is_ok());
    assert!(refused(&list(LIST_MAX + 1)).message.contains("200 values"));
    // Short where it was typed, too long where it is printed.
    assert!(refused(&vec!["1k"; 600].join(" or seats = ")).message.contains("2,000 characters"));
}

#[test]
fn text_of_the_user_never_reaches_the_sql() {
    let catalogue = catalogue();
    let attacks = [
        "name = \"'; drop table accounts; --\"",
        "name contains \"x' or '1'='1\"",
        "\"'); delete from accounts; --\"",
        "tags has \"'||(select password from users)||'\"",
        "\"custom.odd key\" = \"drop table\"",
        "custom.plan in (\"a')\", \"$1\", \"drop\")",
        "drop or table or \"$99::text\"",
    ];
    for attack in attacks {
        let filter = read(attack);
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let sql = sql::compile(&filter, &scope(&catalogue), engine, 1);
            assert!(is_closed(&sql.text, sql.params.len()), "{}", sql.text);
            for word in ["drop", "delete", "password", "odd key", "--", ";", "$99"] {
                assert!(!sql.text.contains(word), "{word} in {}", sql.text);
            }
        }
    }
    assert_eq!(refused("'; drop table accounts").at, 0);
}

#[test]
fn a_key_that_would_break_out_of_the_path_matches_nothing() {
    let catalogue = catalogue();
    let filter = read("'custom.q\"uote' = x");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        assert_eq!(sql::compile(&filter, &scope(&catalogue), engine, 1).text, "FALSE");
    }
}

#[test]
fn a_tree_from_elsewhere_compiles_to_false_where_it_makes_no_sense() {
    let catalogue = catalogue();
    for json in [
        r#"{"field":{"field":"password","test":{"compare":["equal",{"text":"x"}]}}}"#,
        r#"{"field":{"field":"a.name; --","test":"empty"}}"#,
        r#"{"field":{"field":"score","test":{"contains":"5"}}}"#,
        r#"{"field":{"field":"name","test":{"compare":["less",{"number":5.0}]}}}"#,
        r#"{"field":{"field":"renewal_at","test":{"compare":["equal",{"text":"x"}]}}}"#,
    ] {
        let filter = serde_json::from_str(json).unwrap();
        assert_eq!(sql::compile(&filter, &scope(&catalogue), Engine::Postgres, 1).text, "FALSE", "{json}");
    }
    assert!(serde_json::from_str::<super::super::Filter>(r#"{"sql":"1=1"}"#).is_err());
    let nul = super::super::Filter::Search("a\0b".into());
    let sql = sql::compile(&nul, &scope(&catalogue), Engine::Postgres, 1);
    assert_eq!(sql.params[0], Param::Text("%ab%".into()));
}

/// Returns whether the text is made of the closed vocabulary alone, its placeholders all within range.
fn is_closed(text: &str, params: usize) -> bool {
    const WORDS: [&str; 46] = [
        "a",
        "C",
        "name",
        "external_id",
        "domain",
        "tags",
        "custom",
        "tier",
        "score",
        "band",
        "renewal_at",
        "arr_minor",
        "owner_id",
        "created_at",
        "AND",
        "OR",
        "NOT",
        "TRUE",
        "FALSE",
        "COALESCE",
        "IN",
        "LIKE",
        "ESCAPE",
        "IS",
        "NULL",
        "CASE",
        "WHEN",
        "THEN",
        "END",
        "EXISTS",
        "SELECT",
        "FROM",
        "WHERE",
        "COLLATE",
        "lower",
        "json_type",
        "json_extract",
        "json_each",
        "value",
        "jsonb_typeof",
        "to_jsonb",
        "text",
        "string",
        "float8",
        "bigint",
        "uuid",
    ];
    const MORE: [&str; 13] = [
        "doc",
        "boolean",
        "number",
        "integer",
        "real",
        "array",
        "true",
        "false",
        "json_array_length",
        "jsonb_array_length",
        "seats",
        "1",
        "0",
    ];
    // The one place where a `$` is no placeholder: the path of a built-in field, word for word.
    let paths = ["tags", "tier", "seats", "created_at"].map(|key| format!("json_extract(a.doc, '$.{key}')"));
    let text = paths.iter().fold(text.to_owned(), |text, path| text.replace(path.as_str(), "a.doc"));
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).filter(|word| !word.is_empty()).all(|word| {
        let number = word.strip_prefix('$').and_then(|number| number.parse::<usize>().ok());
        number.is_some_and(|number| (1..=params).contains(&number)) || WORDS.contains(&word) || MORE.contains(&word)
    })
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_within_its_bounds(text in "\\PC{0,60}") {
        if let Err(error) = parse(&text, &catalogue()) {
            let chars = u32::try_from(text.chars().count()).unwrap();
            prop_assert!(error.at + error.len <= chars, "{:?}", error);
        }
        let _sorts = sort::parse(&text, &catalogue());
    }

    #[test]
    fn whatever_is_searched_for_stays_a_parameter(text in "\\PC{1,40}") {
        let catalogue = catalogue();
        let filter = super::super::Filter::Search(text);
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let sql = sql::compile(&filter, &scope(&catalogue), engine, 1);
            prop_assert!(is_closed(&sql.text, sql.params.len()), "{}", sql.text);
        }
    }

    #[test]
    fn completion_takes_any_text_and_cursor(text in "\\PC{0,40}", cursor in any::<u32>()) {
        for suggestion in complete(&text, cursor, &catalogue()) {
            let (from, until) = suggestion.replaces;
            prop_assert!(from <= until && usize::try_from(until).unwrap() <= text.chars().count());
        }
    }
}
