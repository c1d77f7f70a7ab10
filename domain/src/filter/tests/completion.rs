//! What is proposed where. The bar in a text is the cursor.

use super::super::{Suggestion, complete};
use super::catalogue;

fn at(text: &str) -> Vec<Suggestion> {
    let cursor = text.chars().position(|c| c == '|').unwrap();
    complete(&text.replace('|', ""), u32::try_from(cursor).unwrap(), &catalogue())
}

fn texts(text: &str) -> Vec<String> {
    at(text).into_iter().map(|suggestion| suggestion.text).collect()
}

#[test]
fn fields_are_proposed_where_a_condition_begins() {
    for text in ["|", "(|", "not |", "score < 5 and |", "score < 5 or (|"] {
        let all = texts(text);
        assert!(all.contains(&"name".to_owned()) && all.contains(&"not".to_owned()), "{text}: {all:?}");
    }
    assert_eq!(texts("sco|")[0], "score");
    assert_eq!(texts("rene|"), ["renewal_at"]);
    assert!(texts("csm|").contains(&"owner_id".to_owned()));
    assert!(texts("größ|").contains(&"custom.größe".to_owned()));
}

#[test]
fn operators_and_values_fit_the_field() {
    assert!(texts("score |").contains(&"<".to_owned()));
    assert!(!texts("score |").contains(&"contains".to_owned()));
    assert!(texts("renewal_at w|").contains(&"within".to_owned()));
    assert_eq!(texts("band = at|"), ["at_risk"]);
    assert_eq!(texts("band in (at_risk, |"), ["healthy", "watch", "at_risk", "critical"]);
    assert_eq!(texts("band in (at_risk |"), [",", ")"]);
    assert_eq!(texts("owner is |"), ["empty", "not", "me"]);
    assert_eq!(texts("owner is not |"), ["empty", "me"]);
    assert_eq!(texts("renewal within |"), ["30 days", "90 days", "last 30 days"]);
    assert_eq!(texts("custom.größe = \"sehr|"), ["\"sehr groß\""]);
    assert_eq!(texts("score < 5 |"), ["and", "or"]);
    assert_eq!(texts("(score < 5 |"), ["and", "or", ")"]);
    assert_eq!(texts("scroe < |"), [] as [&str; 0]);
}

#[test]
fn the_whole_word_under_the_cursor_is_replaced() {
    assert_eq!(at("ä and sco|re < 5")[0].replaces, (6, 11));
    assert_eq!(at("score <|")[..], []);
    assert_eq!(at("band =|")[0].replaces, (6, 6));
    assert_eq!(at("band = \"at|_risk\" and x")[0].replaces, (7, 16));
}
