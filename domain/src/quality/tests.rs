//! What the rules promise: each is found by its filter where there is one, and the completeness adds up.

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::accounts::catalogue;
use crate::filter::{self, Matcher, Scope};

const NOW: Timestamp = Timestamp(1_795_250_000_000);
const ADA: UserId = UserId(Uuid::from_u128(1));
const GONE: UserId = UserId(Uuid::from_u128(2));

/// An account about which nothing is wrong.
fn good(number: u128, name: &str) -> Facts {
    Facts {
        id: AccountId(Uuid::from_u128(number)),
        name: name.to_owned(),
        domain: Some(format!("{number}.example")),
        owner_id: Some(ADA),
        parent_id: None,
        stage: Some("value".to_owned()),
        currency: "EUR".parse().unwrap(),
        arr_minor: Some(120_000),
        mrr_minor: None,
        contract_start: Some(NOW.plus_days(-300)),
        renewal_at: Some(NOW.plus_days(65)),
        last_login_at: Some(NOW.plus_days(-1)),
        last_activity_at: None,
        created_at: NOW.plus_days(-400),
        archived_at: None,
        coverage: Some(Points(80 * Points::MICRO)),
        has_contact: true,
        has_parent: true,
    }
}

fn around(facts: &[Facts]) -> Around {
    let addresses =
        HashMap::from([(ADA, "ada@keepwell.example".to_owned()), (GONE, "gil@keepwell.example".to_owned())]);
    Around::new(facts, &HashSet::from([ADA]), &addresses, NOW)
}

fn broken_rules(facts: &Facts) -> Vec<Rule> {
    let around = around(std::slice::from_ref(facts));
    Rule::ALL.into_iter().filter(|rule| rule.is_broken(facts, &around)).collect()
}

/// A change of an account, and the rules that it then breaks.
type Case = (fn(&mut Facts), &'static [Rule]);

const CASES: [Case; 24] = [
    (|_| {}, &[]),
    (|facts| facts.owner_id = None, &[Rule::NoOwner]),
    (|facts| facts.owner_id = Some(GONE), &[Rule::OwnerGone]),
    (|facts| facts.has_contact = false, &[Rule::NoContact]),
    (|facts| facts.arr_minor = None, &[Rule::NoArr]),
    (|facts| (facts.arr_minor, facts.mrr_minor) = (None, Some(10)), &[]),
    (|facts| (facts.arr_minor, facts.contract_start) = (Some(0), None), &[]),
    (|facts| facts.contract_start = None, &[Rule::NoContract]),
    (|facts| facts.renewal_at = None, &[Rule::NoRenewal]),
    (|facts| facts.renewal_at = Some(NOW.day_start()), &[]),
    (|facts| facts.renewal_at = Some(Timestamp(NOW.day_start().0 - 1)), &[Rule::RenewalPast]),
    (|facts| facts.stage = None, &[Rule::NoStage]),
    (|facts| facts.stage = Some(String::new()), &[Rule::NoStage]),
    (|facts| facts.coverage = None, &[Rule::NoScore]),
    (|facts| facts.coverage = Some(Points(50 * Points::MICRO - 1)), &[Rule::ThinScore]),
    (|facts| facts.coverage = Some(Points(50 * Points::MICRO)), &[]),
    (|facts| facts.last_login_at = None, &[Rule::Stale]),
    (|facts| facts.last_login_at = Some(NOW.plus_days(-92)), &[Rule::Stale]),
    (|facts| (facts.last_login_at, facts.last_activity_at) = (None, Some(NOW.plus_days(-89))), &[]),
    (|facts| (facts.last_login_at, facts.created_at) = (None, NOW.plus_days(-30)), &[]),
    (|facts| facts.contract_start = Some(NOW.plus_days(66)), &[Rule::ContractLate]),
    (|facts| facts.has_parent = false, &[Rule::Orphan]),
    (|facts| facts.stage = Some("Churned".to_owned()), &[Rule::ChurnedOpen, Rule::ChurnedPaying]),
    (
        |facts| {
            (facts.stage, facts.arr_minor, facts.renewal_at) = (Some("churned".to_owned()), None, None);
            (facts.owner_id, facts.coverage, facts.has_contact, facts.last_login_at) = (None, None, false, None);
        },
        &[],
    ),
];

#[test]
fn each_rule_is_broken_by_what_it_names_and_by_nothing_else() {
    for (place, (change, expected)) in CASES.into_iter().enumerate() {
        let mut facts = good(7, "Acme");
        change(&mut facts);
        assert_eq!(broken_rules(&facts), expected, "case {place}: {facts:?}");
    }
}

fn row(facts: &Facts) -> impl Fn(&str) -> Value + use<'_> {
    |key| match key {
        "owner_id" => json!(facts.owner_id),
        "stage" => json!(facts.stage),
        "arr_minor" => json!(facts.annual().map(|annual| annual.minor)),
        "contract_start" => json!(facts.contract_start),
        "renewal_at" => json!(facts.renewal_at),
        "last_login_at" => json!(facts.last_login_at),
        "last_activity_at" => json!(facts.last_activity_at),
        "created_at" => json!(facts.created_at),
        "score" | "coverage" => json!(facts.coverage),
        other => panic!("{other} is not among the facts"),
    }
}

#[test]
fn a_filter_finds_the_accounts_that_break_its_rule_and_no_others() {
    let all: Vec<Facts> = CASES
        .into_iter()
        .map(|(change, _)| {
            let mut facts = good(7, "Acme");
            change(&mut facts);
            facts
        })
        .collect();
    let around = around(&all);
    let catalogue = catalogue();
    let scope = Scope { catalogue: &catalogue, me: None, now: NOW };
    let mut said = 0;
    for rule in Rule::ALL {
        let Some(text) = rule.filter(&around) else { continue };
        let parsed = filter::parse(&text, &catalogue).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let resolved =
            parsed.resolved(&catalogue, &|_, name| if name.starts_with("gil@") { vec![GONE.0] } else { vec![] });
        let matcher = Matcher::new(&resolved, &scope);
        for facts in &all {
            assert_eq!(matcher.matches(&row(facts)), rule.is_broken(facts, &around), "{text}: {facts:?}");
        }
        said += 1;
    }
    assert_eq!(said, 12, "the filter language says twelve of the rules");
}

#[test]
fn names_and_domains_are_compared_by_what_tells_companies_apart() {
    let mut all = vec![good(1, "Acme, Inc."), good(2, "ACME inc"), good(3, "Blue"), good(4, "—"), good(5, "—")];
    all[0].domain = Some("https://www.acme.example/en".to_owned());
    all[1].domain = Some("Acme.Example".to_owned());
    all[2].domain = Some("acme.example".to_owned());
    all[2].parent_id = Some(all[0].id);
    let around = around(&all);
    let names = |rule| broken(all.iter(), &around, rule).rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(names(Rule::SameName), ["ACME inc", "Acme, Inc."]);
    assert_eq!(names(Rule::SameDomain), ["ACME inc", "Acme, Inc."], "what stands below another may share its domain");
}

#[test]
fn completeness_is_what_is_there_of_what_is_asked() {
    let mut all = vec![good(1, "Acme"), good(2, "Blue"), good(3, "Cyan"), good(4, "Left")];
    all[0].owner_id = None;
    all[1].has_contact = false;
    all[1].coverage = None;
    all[3].stage = Some("churned".to_owned());
    all[3].owner_id = None;
    let survey = survey(all.iter(), &around(&all));
    assert_eq!((survey.accounts, survey.customers, survey.asked(), survey.filled), (4, 3, 18, 15));
    assert!((survey.completeness_pct().unwrap() - 1_500.0 / 18.0).abs() < 1e-9);
    let finding = survey.findings.iter().find(|finding| finding.rule == Rule::NoOwner).unwrap();
    assert_eq!((finding.accounts, survey.share_pct(finding)), (1, Some(25.0)));
    assert_eq!(finding.value, [Money { minor: 120_000, currency: "EUR".parse().unwrap() }]);
    assert!(!survey.is_clean());
}

#[test]
fn nothing_is_complete_and_nothing_divides_by_nobody() {
    let survey = survey([].iter(), &around(&[]));
    assert_eq!((survey.completeness_pct(), survey.asked(), survey.is_clean()), (None, 0, true));
    assert_eq!(survey.findings.len(), Rule::ALL.len());
    assert!(survey.findings.iter().all(|finding| survey.share_pct(finding).is_none()));
}

#[test]
fn a_list_is_cut_and_says_how_many_there_are() {
    let all: Vec<Facts> = (0..120)
        .map(|number| Facts {
            has_contact: false,
            arr_minor: Some(number * 100),
            ..good(number as u128, &format!("A{number}"))
        })
        .collect();
    let list = broken(all.iter(), &around(&all), Rule::NoContact);
    assert_eq!((list.rows.len(), list.total), (ROWS_MAX, 120));
    assert_eq!(list.rows[0].name, "A119", "those that pay most come first");
}

#[test]
fn too_many_owners_for_a_filter_are_listed_here() {
    let mut all: Vec<Facts> = (0..150).map(|number| good(number, "Acme")).collect();
    for (number, facts) in all.iter_mut().enumerate() {
        facts.owner_id = Some(UserId(Uuid::from_u128(1_000 + number as u128)));
    }
    assert_eq!(Rule::OwnerGone.filter(&around(&all)), None);
    assert!(Rule::OwnerGone.filter(&around(&all[..3])).is_some());
}

#[test]
fn facts_are_read_from_the_document_of_an_account_whatever_else_it_holds() {
    let id = Uuid::from_u128(9);
    let text = json!({
        "id": id, "name": "Acme", "domain": "acme.example", "stage": "value", "currency": "EUR", "arr_minor": 5,
        "renewal_at": 1, "created_at": 3, "custom": {"seats_used": 3}, "tags": [], "coverage": 50,
    });
    let facts: Facts = serde_json::from_value(text).unwrap();
    assert_eq!((facts.id, facts.arr_minor, facts.renewal_at), (AccountId(id), Some(5), Some(Timestamp(1))));
    assert_eq!((facts.owner_id, facts.archived_at, facts.created_at), (None, None, Timestamp(3)));
    // What is not of the document is said by whoever knows.
    assert_eq!((facts.coverage, facts.has_contact, facts.has_parent), (None, false, false));
}

#[test]
fn every_rule_has_a_word_of_its_own() {
    let words: HashSet<&str> = Rule::ALL.into_iter().map(Rule::key).collect();
    assert_eq!(words.len(), Rule::ALL.len());
    assert!(Rule::ALL.into_iter().all(|rule| Rule::from_key(rule.key()) == Some(rule)));
}
