use std::collections::{BTreeMap, BTreeSet};

use super::super::rule::fill;
use super::super::{Inputs, Kind, built_in, facts};
use super::rule;
use crate::accounts;
use crate::fields::Subject;
use crate::refusal::Refusal;

#[test]
fn every_built_in_rule_can_be_read_and_has_an_id_of_its_own() {
    let rules = built_in();
    let ids: BTreeSet<_> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules.len());
    for rule in rules {
        let key = rule.key.clone();
        assert_eq!(rule.clone().check(&accounts::catalogue()), Ok(rule.clone()), "{key:?}");
        assert!(!rule.says.is_empty() && rule.is_on(), "{key:?}");
        assert!(!rule.filled(&rule.condition).contains('$'), "{key:?}: a parameter is missing");
        assert!(!rule.clear.as_deref().map_or(String::new(), |clear| rule.filled(clear)).contains('$'), "{key:?}");
    }
}

#[test]
fn every_fact_that_a_sentence_quotes_exists() {
    for rule in built_in() {
        let known = match rule.kind {
            Kind::Portfolio => facts::portfolio_catalogue(),
            _ => facts::catalogue(&accounts::catalogue()),
        };
        for place in rule.says.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            assert!(known.get(place).is_some(), "{:?} quotes {place}", rule.key);
        }
    }
}

#[test]
fn parameters_are_filled_in() {
    let numbers = BTreeMap::from([("days".to_owned(), 30.0), ("pct".to_owned(), 2.5)]);
    assert_eq!(fill("score_drop_$(days)d > $pct", &numbers), "score_drop_30d > 2.5");
    assert_eq!(fill("a < -$days and b = $other", &numbers), "a < -30 and b = $other");
    assert_eq!(fill("name = \"$\"", &numbers), "name = \"$\"");
}

#[test]
fn a_rule_that_makes_no_sense_is_refused_with_its_fields() {
    let mut draft = rule("scor < 50");
    (draft.name, draft.scope, draft.effort) = (String::new(), "tier ~ x".to_owned(), 0.0);
    let Err(Refusal::Invalid(wrong)) = draft.check(&accounts::catalogue()) else { panic!("it was taken") };
    let fields: Vec<&str> = wrong.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "condition", "scope", "effort"]);
    assert!(rule("").check(&accounts::catalogue()).is_err(), "everything is no condition");
    let error = rule("score < 50 and bogus = 1").fires(&facts::catalogue(&accounts::catalogue())).unwrap_err();
    assert_eq!(error.error.at, 15, "the error stands at its character");
}

#[test]
fn a_rule_reads_what_its_condition_names_and_nothing_else() {
    let catalogue = facts::catalogue(&accounts::catalogue());
    let reads = |text: &str| Inputs::of(&crate::filter::parse(text, &catalogue).unwrap());
    let changed = |subject: Subject| {
        let mut inputs = Inputs::default();
        inputs.add_subject(subject);
        inputs
    };
    let field = |key: &str| {
        let mut inputs = Inputs::default();
        inputs.fields.insert(key.to_owned());
        inputs
    };
    let rule = reads("open_escalations > 0 or days_to_notice < 30");
    assert!(rule.meets(&changed(Subject::Ticket)) && rule.meets(&field("notice_days")));
    assert!(!rule.meets(&changed(Subject::Invoice)) && !rule.meets(&field("tier")));
    assert!(reads("tier = \"enterprise\"").meets(&field("tier")));
    assert!(reads("score < 50").meets(&changed(Subject::Override)));
}
