use super::*;
use crate::accounts::catalogue;
use crate::filter;
use crate::health::Points;
use crate::id::{ReportId, UserId};
use crate::money::{Currency, Money};
use crate::refusal::Refusal;
use crate::time::Timestamp;
use uuid::Uuid;

fn row(group: Option<&str>, count: u32, annual_minor: i64, score: Option<i64>) -> Row {
    Row {
        group: group.map(str::to_owned),
        currency: Some(Currency::USD),
        count,
        accounts: count,
        annual_minor,
        scores: score.map_or(0, |score| score * Points::MICRO * i64::from(count)),
        scored: score.map_or(0, |_| count),
        ..Row::default()
    }
}

fn spec(by: Dimension, order: Order) -> Spec {
    let measures = vec![Measure::Count, Measure::Arr, Measure::Score];
    Spec { by, measures, order, ..Spec::of(About::Accounts) }
}

fn names(answer: &Answer) -> Vec<&str> {
    answer.groups.iter().map(|group| group.name.as_str()).collect()
}

fn wrong(spec: Spec) -> Vec<String> {
    let Err(Refusal::Invalid(wrong)) = spec.check(&catalogue()) else { panic!("was accepted") };
    wrong.into_iter().map(|error| error.field).collect()
}

#[test]
fn words_are_the_same_in_addresses_and_documents() {
    fn same<T: Keyed + serde::Serialize + PartialEq + std::fmt::Debug>() {
        for one in T::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.key());
            assert_eq!(T::from_key(one.key()), Some(*one));
        }
        assert_eq!(T::from_key("shoe"), None);
    }
    same::<About>();
    same::<State>();
    same::<Dimension>();
    same::<Measure>();
    same::<Shape>();
}

#[test]
fn the_ready_reports_are_valid_canonical_and_fitted() {
    for key in READY {
        let spec = ready(key).unwrap();
        assert_eq!(spec.clone().check(&catalogue()), Ok(spec), "{key}");
    }
    assert_eq!(ready("shoe"), None);
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let good = Spec::of(About::Accounts);
    assert!(good.clone().check(&catalogue()).is_ok());
    let bad = Spec {
        filter: "tear = pro".to_owned(),
        state: State::Open,
        by: Dimension::Rule,
        measures: vec![Measure::Accounts],
        order: Order::most(Measure::Score),
        top: 0,
        ..good.clone()
    };
    assert_eq!(wrong(bad), ["filter", "state", "by", "measures", "order", "top"]);
    assert_eq!(wrong(Spec { measures: vec![], order: Order::BY_GROUP, ..good.clone() }), ["measures"]);
    assert_eq!(wrong(Spec { measures: vec![Measure::Count; 2], ..good.clone() }), ["measures"]);
    assert_eq!(wrong(Spec { top: TOP_MAX + 1, ..good.clone() }), ["top"]);
    let id = ReportId(Uuid::nil());
    let report = |name: &str, spec: Spec| Report {
        id,
        version: 1,
        name: name.to_owned(),
        owner_id: UserId(Uuid::nil()),
        shared: false,
        spec,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    };
    let Err(Refusal::Invalid(wrong)) = report(" ", Spec { top: 0, ..good.clone() }).check(&catalogue()) else {
        panic!()
    };
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    let kept = report(" Mine ", Spec { filter: "ARR > 10k".to_owned(), ..good }).check(&catalogue()).unwrap();
    assert_eq!((kept.name.as_str(), kept.spec.filter.as_str()), ("Mine", "arr_minor > 10000"));
}

#[test]
fn what_does_not_fit_is_put_right() {
    let odd = Spec { about: About::Tasks, ..ready("risks_by_rule").unwrap() };
    let fitted = odd.fitted();
    assert_eq!((fitted.state, fitted.by), (State::Open, Dimension::Owner));
    assert!(fitted.check(&catalogue()).is_ok());
    let bare = Spec { measures: vec![Measure::Accounts], order: Order::most(Measure::Accounts), ..Spec::default() };
    let fitted = bare.fitted();
    assert_eq!((fitted.measures.clone(), fitted.order), (vec![Measure::Count], Order::most(Measure::Count)));
}

#[test]
fn rows_add_up_whatever_their_case_and_currency() {
    let euros = Row { currency: Some("EUR".parse().unwrap()), ..row(Some("PRO"), 1, 900, None) };
    let rows = [row(Some("Pro"), 2, 1_000, Some(50)), euros, row(Some(""), 3, 0, Some(10)), row(None, 1, 0, None)];
    let answer = answer(spec(Dimension::Tier, Order::most(Measure::Count)), &rows, None);
    assert_eq!(names(&answer), ["", "Pro"]);
    let [none, pro] = answer.groups.as_slice() else { panic!("{answer:?}") };
    assert_eq!((none.key.as_deref(), none.numbers.count), (None, 4));
    assert_eq!((pro.key.as_deref(), pro.numbers.count, pro.numbers.arr.len()), (Some("pro"), 3, 2));
    assert_eq!(pro.numbers.mean(), Some(Points::from_f64(50.0)), "the one without a score does not count");
    assert_eq!((answer.whole.count, answer.whole.mean()), (7, Some(Points::from_f64(26.0))));
    assert_eq!(answer.currency(), Some(Currency::USD));
    assert_eq!(pro.numbers.bar(Measure::Arr, answer.currency()), 10.0);
}

#[test]
fn bands_have_their_own_order_and_those_without_come_last() {
    let rows = ["critical", "healthy", "at_risk"].map(|band| row(Some(band), 1, 0, None));
    let rows = [&rows[..], &[row(None, 9, 0, None)]].concat();
    let by_group = |descending| names_of(&rows, Dimension::Band, Order { by: None, descending });
    assert_eq!(by_group(false), ["healthy", "at_risk", "critical", ""]);
    assert_eq!(by_group(true), ["critical", "at_risk", "healthy", ""]);
    assert_eq!(names_of(&rows, Dimension::Band, Order::most(Measure::Count))[0], "", "nine are more than one");
}

fn names_of(rows: &[Row], by: Dimension, order: Order) -> Vec<String> {
    let answer = answer(spec(by, order), rows, None);
    names(&answer).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_missing_mean_comes_last_in_either_direction() {
    let rows = [row(Some("a"), 1, 0, None), row(Some("b"), 1, 0, Some(40)), row(Some("c"), 1, 0, Some(60))];
    let by = |descending| names_of(&rows, Dimension::Tier, Order { by: Some(Measure::Score), descending });
    assert_eq!(by(true), ["c", "b", "a"]);
    assert_eq!(by(false), ["b", "c", "a"]);
}

#[test]
fn only_the_first_groups_are_shown_and_all_are_counted() {
    let rows: Vec<Row> = (0..30).map(|n| row(Some(&format!("g{n:02}")), n, 100, None)).collect();
    let whole = [row(None, 400, 100, None)];
    let spec = Spec { top: 3, ..spec(Dimension::Tier, Order::most(Measure::Count)) };
    let answer = answer(spec, &rows, Some(&whole));
    assert_eq!(names(&answer), ["g29", "g28", "g27"]);
    assert_eq!((answer.of, answer.whole.count), (30, 400), "as the caller counted it");
    assert_eq!(answer.whole.arr, [Money { minor: 100, currency: Currency::USD }]);
}

#[test]
fn the_rows_behind_a_group_are_a_filter() {
    let asked = Spec { filter: "arr_minor > 5 or score < 9".to_owned(), ..spec(Dimension::Tier, Order::BY_GROUP) };
    let rows = [row(Some("A \"big\" plan"), 1, 0, None), row(None, 1, 0, None)];
    let made = answer(asked.clone(), &rows, None);
    let filters: Vec<String> = made
        .groups
        .iter()
        .map(|group| match asked.behind(Some(group)) {
            Some(Behind::Accounts { filter }) => filter,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(filters[0], r#"(arr_minor > 5 or score < 9) and tier = "A \"big\" plan""#);
    assert_eq!(filters[1], "(arr_minor > 5 or score < 9) and tier is empty");
    for text in filters {
        assert!(filter::parse(&text, &catalogue()).is_ok(), "{text}");
    }
    let owner = UserId(Uuid::from_u128(7));
    let by_owner = spec(Dimension::Owner, Order::BY_GROUP);
    let made = answer(by_owner.clone(), &[row(Some(&owner.to_string()), 1, 0, None)], None);
    let filter = format!("owner_id = {owner}");
    assert_eq!(by_owner.behind(made.groups.first()), Some(Behind::Accounts { filter }));
}

#[test]
fn lists_that_cannot_say_it_are_not_linked() {
    let rule = Uuid::from_u128(9);
    let by_rule = ready("risks_by_rule").unwrap();
    let rows = [row(Some(&rule.to_string()), 1, 0, None)];
    let made = answer(by_rule.clone(), &rows, None);
    let expected =
        Behind::Alerts { state: State::Risks, rule: Some(rule.to_string().parse().unwrap()), priority: None };
    assert_eq!(by_rule.behind(made.groups.first()), Some(expected));
    let filtered = Spec { filter: "tier = pro".to_owned(), ..by_rule.clone() };
    assert_eq!(filtered.behind(made.groups.first()), None);
    let by_band = Spec { by: Dimension::Band, ..by_rule };
    assert_eq!(by_band.behind(made.groups.first()), None);
    assert_eq!(ready("tasks_by_owner").unwrap().behind(None), Some(Behind::Tasks { state: State::Open, person: None }));
}

#[test]
fn a_file_runs_nothing_and_has_a_column_for_each_currency() {
    let euros = Row { currency: Some("EUR".parse().unwrap()), ..row(Some("=1+1"), 1, 950, None) };
    let rows = [row(Some("=1+1"), 2, 100_000, Some(50)), euros, row(None, 1, 0, None)];
    let answer = answer(spec(Dimension::Tier, Order::BY_GROUP), &rows, None);
    let heading = |measure: Measure| measure.key().to_owned();
    let text = csv(&answer, "@segment", &heading, &|group: &Group| group.name.clone());
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines,
        [r#""'@segment","count","arr (USD)","arr (EUR)","score""#, r#""'=1+1",3,1000,9.5,50"#, r#""",1,,,"#,]
    );
    assert_eq!(file_name(Timestamp(0)), "report-1970-01-01.csv");
}
