use super::*;
use crate::accounts::catalogue;
use crate::filter;
use crate::health::Points;
use crate::id::{ReportId, UserId};
use crate::money::{Currency, Money};
use crate::refusal::Refusal;
use crate::time::Timestamp;
use uuid::Uuid;

/// So many accounts of one group, of which the first pays.
#[derive(Clone)]
struct Row {
    group: Option<String>,
    count: u32,
    paying: Paying,
}

fn row(group: Option<&str>, count: u32, annual_minor: i64, score: Option<i64>) -> Row {
    let score = score.map(|score| Points(score * Points::MICRO));
    Row { group: group.map(str::to_owned), count, paying: Paying { currency: Currency::USD, annual_minor, score } }
}

fn euros(row: Row) -> Row {
    Row { paying: Paying { currency: "EUR".parse().unwrap(), ..row.paying }, ..row }
}

fn answer_of(spec: Spec, rows: &[Row]) -> Answer {
    let (mut accounts, mut labels, mut lines) = (Vec::new(), Labels::default(), Vec::new());
    for row in rows {
        let group = labels.place(row.group.as_deref(), None);
        for number in 0..row.count {
            lines.push(Line { group, account: Some(accounts.len() as u32), count: 1, ..Line::default() });
            accounts.push(Paying { annual_minor: if number == 0 { row.paying.annual_minor } else { 0 }, ..row.paying });
        }
    }
    answer(spec, &Asked { accounts: &accounts, labels: &labels, lines: &lines, whole: None })
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
    same::<Movement>();
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
    let euros = euros(row(Some("PRO"), 1, 900, None));
    let rows = [row(Some("Pro"), 2, 1_000, Some(50)), euros, row(Some(""), 3, 0, Some(10)), row(None, 1, 0, None)];
    let answer = answer_of(spec(Dimension::Tier, Order::most(Measure::Count)), &rows);
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
    let answer = answer_of(spec(by, order), rows);
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
    let accounts = [Paying { currency: Currency::USD, annual_minor: 100, score: None }];
    let (mut labels, mut lines) = (Labels::default(), Vec::new());
    for n in 0..30 {
        let group = labels.place(Some(&format!("g{n:02}")), None);
        lines.push(Line { group, account: Some(0), count: n, ..Line::default() });
    }
    let spec = Spec { top: 3, ..spec(Dimension::Tier, Order::most(Measure::Count)) };
    let answer = answer(spec, &Asked { accounts: &accounts, labels: &labels, lines: &lines, whole: None });
    assert_eq!(names(&answer), ["g29", "g28", "g27"]);
    assert_eq!((answer.of, answer.whole.count), (30, 435));
    assert_eq!(answer.whole.arr, [Money { minor: 100, currency: Currency::USD }], "however many groups it is in");
}

#[test]
fn the_rows_behind_a_group_are_a_filter() {
    let asked = Spec { filter: "arr_minor > 5 or score < 9".to_owned(), ..spec(Dimension::Tier, Order::BY_GROUP) };
    let rows = [row(Some("A \"big\" plan"), 1, 0, None), row(None, 1, 0, None)];
    let made = answer_of(asked.clone(), &rows);
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
    let made = answer_of(by_owner.clone(), &[row(Some(&owner.to_string()), 1, 0, None)]);
    let filter = format!("owner_id = {owner}");
    assert_eq!(by_owner.behind(made.groups.first()), Some(Behind::Accounts { filter }));
}

#[test]
fn lists_that_cannot_say_it_are_not_linked() {
    let rule = Uuid::from_u128(9);
    let by_rule = ready("risks_by_rule").unwrap();
    let rows = [row(Some(&rule.to_string()), 1, 0, None)];
    let made = answer_of(by_rule.clone(), &rows);
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
    let euros = euros(row(Some("=1+1"), 1, 950, None));
    let rows = [row(Some("=1+1"), 2, 100_000, Some(50)), euros, row(None, 1, 0, None)];
    let answer = answer_of(spec(Dimension::Tier, Order::BY_GROUP), &rows);
    let heading = |measure: Measure| measure.key().to_owned();
    let text = csv(&answer, "@segment", &heading, &|group: &Group| group.name.clone());
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines,
        [r#""'@segment","count","arr (USD)","arr (EUR)","score""#, r#""'=1+1",3,1000,9.5,50"#, r#""",1,,,"#,]
    );
    assert_eq!(file_name(Timestamp(0)), "report-1970-01-01.csv");
}

#[test]
fn medians_are_the_middle_of_those_that_have_a_value() {
    let rows = [10, 20, 90].map(|score| row(Some("a"), 1, score * 100, Some(score)));
    let rows = [
        &rows[..],
        &[row(Some("a"), 4, 0, None), row(Some("b"), 1, 500, Some(3)), euros(row(Some("b"), 1, 700, Some(4)))],
    ]
    .concat();
    let answer = answer_of(spec(Dimension::Tier, Order::BY_GROUP), &rows);
    let [a, b] = answer.groups.as_slice() else { panic!("{answer:?}") };
    assert_eq!(a.numbers.score_median, Some(Points::from_f64(20.0)));
    assert_eq!(
        a.numbers.arr_median,
        [Money { minor: 2_000, currency: Currency::USD }],
        "who pays nothing is not counted"
    );
    assert_eq!(b.numbers.score_median, Some(Points::from_f64(3.5)), "between two");
    assert_eq!(b.numbers.arr_median.len(), 2, "one for each currency");
    assert_eq!(answer_of(spec(Dimension::Tier, Order::BY_GROUP), &[row(None, 1, 0, None)]).whole.score_median, None);
}

#[test]
fn a_ring_is_of_parts_of_a_whole_and_a_line_of_periods() {
    let shown =
        |by, measure, shape| Spec { by, measures: vec![measure], shape, ..Spec::of(About::Alerts) }.fitted().shape;
    assert_eq!(shown(Dimension::Tier, Measure::Arr, Shape::Donut), Shape::Donut);
    assert_eq!(shown(Dimension::Tier, Measure::Score, Shape::Donut), Shape::Bars, "means add up to nothing");
    assert_eq!(shown(Dimension::Week, Measure::Count, Shape::Donut), Shape::Bars);
    assert_eq!(shown(Dimension::Week, Measure::Count, Shape::Line), Shape::Line);
    assert_eq!(shown(Dimension::Tier, Measure::Count, Shape::Line), Shape::Bars);
    assert_eq!(shown(Dimension::Tier, Measure::Score, Shape::Number), Shape::Number);
}

#[test]
fn periods_follow_each_other_without_gaps() {
    let by_month = Spec { by: Dimension::Month, order: Order::BY_GROUP, ..Spec::of(About::Alerts) };
    let rows = [row(Some("2026-02"), 2, 0, None), row(Some("2025-11"), 1, 0, None), row(None, 1, 0, None)];
    let answer = answer_of(by_month.clone(), &rows);
    let counts: Vec<(Option<&str>, u32)> =
        answer.groups.iter().map(|group| (group.key.as_deref(), group.numbers.count)).collect();
    let expected = [(Some("2025-11"), 1), (Some("2025-12"), 0), (Some("2026-01"), 0), (Some("2026-02"), 2), (None, 1)];
    assert_eq!(counts, expected);
    let weeks: Vec<Row> = ["2020-01-06", "2026-03-02"].map(|week| row(Some(week), 1, 0, None)).to_vec();
    let answer = answer_of(Spec { by: Dimension::Week, ..by_month }, &weeks);
    assert_eq!(answer.groups.len(), PERIODS_MAX, "bounded, however far apart");
}

#[test]
fn a_day_belongs_to_a_week_from_monday_and_to_a_month() {
    let at = |text: &str| period_start(text).unwrap();
    assert_eq!(period_key(Dimension::Week, at("2026-03-08")), Some("2026-03-02".to_owned()));
    assert_eq!(period_key(Dimension::Week, at("2026-03-09")), Some("2026-03-09".to_owned()));
    assert_eq!(period_key(Dimension::Month, at("2026-03-31")), Some("2026-03".to_owned()));
    assert_eq!(at("2026-03"), at("2026-03-01"));
    for period in [Period::Always, Period::Days(90), Period::Between { from: at("2026-03-01"), to: at("2026-03-31") }] {
        assert_eq!(Period::read(&period.text()), Some(period));
    }
    assert_eq!(Period::read("soon"), None);
    let now = Timestamp(at("2026-03-31").0 + 5_000);
    assert_eq!(Period::Days(1).bounds(now), (at("2026-03-31"), at("2026-04-01")));
    assert_eq!(Period::Between { from: at("2026-03-01"), to: at("2026-03-31") }.bounds(now).1, at("2026-04-01"));
    assert!(!Period::Between { from: at("2026-03-02"), to: at("2026-03-01") }.fits(About::Usage));
    assert!(!Period::Days(7).fits(About::Accounts) && !Period::Always.fits(About::Usage));
}

fn terms(fields: serde_json::Value) -> Terms {
    let mut terms = Terms::default();
    terms.apply(fields.as_object().unwrap());
    terms
}

#[test]
fn revenue_moves_by_what_is_paid_at_the_end_of_each_day() {
    use serde_json::json;
    let day = |number: i64| Timestamp(0).plus_days(number);
    let ends = [
        (day(10), terms(json!({"arr_minor": 1_200, "currency": "EUR", "contract_start": day(3).0}))),
        (day(20), terms(json!({"mrr_minor": 150, "currency": "EUR"}))),
        (day(30), terms(json!({"arr_minor": 600, "currency": "EUR"}))),
        (day(31), terms(json!({"arr_minor": 600, "currency": "EUR", "stage": "value"}))),
        (day(40), terms(json!({"arr_minor": 600, "currency": "EUR", "stage": "churned"}))),
        (day(50), terms(json!({"arr_minor": 600, "currency": "EUR", "archived_at": 5}))),
        (day(60), terms(json!({"arr_minor": 840, "currency": "EUR"}))),
        (day(70), terms(json!({"arr_minor": 9_999, "currency": "USD"}))),
    ];
    let moved: Vec<(i64, Movement, i64)> =
        movements(&ends).map(|moved| (moved.day.days_since(Timestamp(0)), moved.movement, moved.mrr.minor)).collect();
    let expected = [
        (3, Movement::New, 100),
        (20, Movement::Expansion, 50),
        (30, Movement::Contraction, -100),
        (40, Movement::Churn, -50),
        (60, Movement::Reactivation, 70),
    ];
    assert_eq!(moved, expected);
    let net: i64 = moved.iter().map(|(_, _, minor)| minor).sum();
    assert_eq!(net, 70, "all movements add up to what is paid now");
}

#[test]
fn an_update_keeps_what_it_does_not_name() {
    use serde_json::json;
    let mut terms = terms(json!({"arr_minor": 2_400, "mrr_minor": 100, "currency": "EUR", "stage": "value"}));
    terms.apply(json!({"name": "Acme"}).as_object().unwrap());
    assert_eq!(terms.monthly().minor, 200);
    terms.apply(json!({"arr_minor": null}).as_object().unwrap());
    assert_eq!(terms.monthly(), Money { minor: 100, currency: "EUR".parse().unwrap() }, "else by MRR");
    terms.delete();
    assert_eq!(terms.monthly().minor, 0);
}

#[test]
fn a_month_of_renewals_is_a_filter() {
    let spec = ready("renewals_by_month").unwrap();
    let made = answer_of(spec.clone(), &[row(Some("2026-02"), 1, 0, None)]);
    let Some(Behind::Accounts { filter }) = spec.behind(made.groups.first()) else { panic!() };
    assert_eq!(filter, "(renewal_at within 365 days) and renewal_at >= 2026-02-01 and renewal_at <= 2026-02-28",);
    assert!(filter::parse(&filter, &catalogue()).is_ok());
}
