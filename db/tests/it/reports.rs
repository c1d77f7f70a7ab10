//! Reports: what is counted, whose reports there are, and who may change them.

use std::collections::BTreeMap;

use db::alerts::catch_up;
use db::{Error, Result, accounts, alerts, batches, health, log, reports, todos, undo, usage};
use domain::accounts::Account;
use domain::alerts::list::{AlertQuery, AlertRow, Shelf};
use domain::alerts::{Kind, Step};
use domain::changes::Change;
use domain::identity::Actor;
use domain::money::{Currency, Money};
use domain::refusal::Refusal;
use domain::reports::{
    About, Answer, Dimension, Keyed, Measure, Movement, Order, Part, Period, Report, ReportDraft, Spec, State, ready,
};
use domain::time::DAY_MS;
use domain::todos::{TodoDraft, TodoStep, When};
use domain::usage::UsageDay;
use serde_json::json;

use crate::support::{self, NOW, TestDb};

async fn ask(t: &TestDb, spec: Spec) -> Answer {
    reports::answer(&mut t.read(&t.viewer).await, spec).await.unwrap()
}

fn by(about: About, by: Dimension) -> Spec {
    let measures = about.measures().to_vec();
    Spec { by, measures, order: Order::BY_GROUP, ..Spec::of(about) }
}

/// Returns the groups with their rows, their accounts and what these pay.
fn groups(answer: &Answer) -> Vec<(&str, u32, u32, Vec<i64>)> {
    let numbers = |group: &domain::reports::Group| group.numbers.arr.iter().map(|money| money.minor).collect();
    answer
        .groups
        .iter()
        .map(|group| (group.name.as_str(), group.numbers.count, group.numbers.accounts, numbers(group)))
        .collect()
}

async fn with(t: &TestDb, name: &str, tier: &str, arr: i64) -> Account {
    let owner = t.csm.user;
    t.account_with(name, |account| {
        account.tier = Some(tier.to_owned()).filter(|tier| !tier.is_empty());
        account.arr_minor = Some(arr);
        account.owner_id = owner;
    })
    .await
}

#[tokio::test]
async fn accounts_are_added_up_by_what_they_share() {
    for t in support::databases().await {
        with(&t, "Acme", "Pro", 10_000).await;
        with(&t, "Blue", "pro", 20_000).await;
        with(&t, "Crag", "basic", 500).await;
        t.account_with("Dune", |account| {
            account.mrr_minor = Some(100);
            account.currency = "EUR".parse().unwrap();
        })
        .await;
        t.account_with("Gone", |account| account.archived_at = Some(account.created_at)).await;
        let answer = ask(&t, by(About::Accounts, Dimension::Tier)).await;
        let [basic, pro, none] = answer.groups.as_slice() else { panic!("{t:?}: {answer:?}") };
        assert_eq!((basic.name.as_str(), basic.numbers.count), ("basic", 1), "{t:?}");
        assert_eq!((pro.key.as_deref(), pro.numbers.count), (Some("pro"), 2), "{t:?}: case does not tell them apart");
        assert_eq!(pro.numbers.arr[0].minor, 30_000, "{t:?}");
        assert_eq!((none.key.as_deref(), none.numbers.arr[0].minor), (None, 1_200), "{t:?}: twelve times MRR");
        assert_eq!((answer.whole.count, answer.whole.arr.len()), (4, 2), "{t:?}: a sum for each currency");
        let few = Spec { filter: "ARR > 50 and owner = me".to_owned(), ..by(About::Accounts, Dimension::Owner) };
        let mine = reports::answer(&mut t.read(&t.csm).await, few.clone()).await.unwrap();
        assert_eq!(groups(&mine), [("Sam", 2, 2, vec![30_000])], "{t:?}: by name, and by what is asked");
        assert_eq!(mine.spec.filter, "arr_minor > 50 and owner_id = me", "{t:?}");
        assert_eq!(ask(&t, few).await.whole.count, 0, "{t:?}: me is whoever asks");
        let wrong = Spec { filter: "tear = pro".to_owned(), ..Spec::default() };
        let error = reports::answer(&mut t.read(&t.viewer).await, wrong).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Invalid(_))), "{t:?}: {error:?}");
    }
}

#[tokio::test]
async fn every_choice_can_be_asked_for_and_adds_up_to_the_same() {
    for t in support::databases().await {
        let acme = with(&t, "Acme", "pro", 10_000).await;
        t.create(&crate::alerts::escalated(acme.id)).await;
        with(&t, "Blue", "", 0).await;
        health::catch_up(&t.db, t.workspace).await.unwrap();
        catch_up(&t.db, t.workspace).await.unwrap();
        for about in [About::Accounts, About::Alerts, About::Tasks] {
            for state in about.states() {
                let mut counts = BTreeMap::new();
                for dimension in about.dimensions() {
                    let spec = Spec { state: *state, filter: "tier != basic".to_owned(), ..by(about, *dimension) };
                    let answer = ask(&t, spec).await;
                    let sum: u32 = answer.groups.iter().map(|group| group.numbers.count).sum();
                    assert_eq!(sum, answer.whole.count, "{t:?}: {about:?} {state:?} {dimension:?}");
                    counts.insert(format!("{dimension:?}"), sum);
                }
                let first = counts.values().next().unwrap();
                assert!(counts.values().all(|count| count == first), "{t:?}: {about:?} {state:?}: {counts:?}");
            }
        }
        let answer = ask(&t, by(About::Accounts, Dimension::Band)).await;
        let scored: u32 = answer.groups.iter().map(|group| group.numbers.scored).sum();
        assert_eq!(scored, answer.whole.scored, "{t:?}");
        assert_eq!(answer.whole.mean().is_some(), scored > 0, "{t:?}");
    }
}

async fn listed(t: &TestDb, shelf: Shelf) -> Vec<AlertRow> {
    let query = AlertQuery { shelf, limit: 50, ..AlertQuery::default() };
    alerts::list(&mut t.read(&t.viewer).await, &query).await.unwrap().rows
}

#[tokio::test]
async fn alerts_are_counted_as_their_lists_show_them_and_accounts_once() {
    for t in support::databases().await {
        for name in ["Acme", "Blue"] {
            let account = with(&t, name, "pro", 10_000).await;
            t.create(&crate::alerts::escalated(account.id)).await;
            t.create(&crate::alerts::escalated(account.id)).await;
        }
        health::catch_up(&t.db, t.workspace).await.unwrap();
        catch_up(&t.db, t.workspace).await.unwrap();
        let open = listed(&t, Shelf::Open).await;
        assert!(open.len() > 1, "{t:?}");
        let by_rule = ask(&t, ready("risks_by_rule").unwrap()).await;
        let [first, ..] = by_rule.groups.as_slice() else { panic!("{t:?}: {by_rule:?}") };
        let of_rule = open.iter().filter(|row| Some(row.alert.rule_id.to_string()) == first.key).count();
        assert_eq!((first.numbers.count as usize, first.numbers.accounts), (of_rule, 2), "{t:?}");
        assert_eq!(first.numbers.arr[0].minor, 20_000, "{t:?}");
        assert_eq!(by_rule.whole.accounts, 2, "{t:?}");
        assert_eq!(by_rule.whole.arr[0].minor, 20_000, "{t:?}: each account once, however many alerts");
        let by_owner = ask(&t, by(About::Alerts, Dimension::Owner)).await;
        assert_eq!(by_owner.groups[0].name, "Sam", "{t:?}: the owner of the account deals with them");
        let mut tx = t.write(&t.csm).await;
        let risk = open.iter().find(|row| row.alert.kind == Kind::Risk).unwrap();
        let (id, to) = (risk.alert.id, t.manager.user);
        alerts::step(&mut tx, id, &Step::Assign { to }).await.unwrap();
        tx.commit().await.unwrap();
        let by_owner = ask(&t, by(About::Alerts, Dimension::Owner)).await;
        let maya = by_owner.groups.iter().find(|group| group.name == "Maya");
        assert_eq!(maya.map(|group| group.numbers.count), Some(1), "{t:?}");
        for (state, shelf) in [(State::Closed, Shelf::Closed), (State::Snoozed, Shelf::Snoozed)] {
            let spec = Spec { state, ..by(About::Alerts, Dimension::Priority) };
            assert_eq!(ask(&t, spec).await.whole.count as usize, listed(&t, shelf).await.len(), "{t:?}");
        }
    }
}

#[tokio::test]
async fn tasks_are_counted_by_who_deals_with_them() {
    for t in support::databases().await {
        let acme = with(&t, "Acme", "pro", 10_000).await;
        let draft = |title: &str| TodoDraft { title: title.to_owned(), ..TodoDraft::default() };
        let mut tx = t.write(&t.manager).await;
        let owned = TodoDraft { account_id: Some(acme.id), ..draft("Call") };
        todos::add(&mut tx, owned).await.unwrap();
        let assigned = TodoDraft { assignee: t.manager.user, ..draft("Plan") };
        todos::add(&mut tx, assigned).await.unwrap();
        let (free, _) = todos::add(&mut tx, draft("Think")).await.unwrap();
        tx.commit().await.unwrap();
        let spec = by(About::Tasks, Dimension::Owner);
        let answer = ask(&t, spec.clone()).await;
        let expected = [("Maya", 1, 0, vec![]), ("Sam", 1, 1, vec![10_000]), ("", 1, 0, vec![])];
        assert_eq!(groups(&answer), expected, "{t:?}");
        let filtered = ask(&t, Spec { filter: "tier = pro".to_owned(), ..spec.clone() }).await;
        assert_eq!(groups(&filtered), [("Sam", 1, 1, vec![10_000])], "{t:?}: what hangs on no account fits no filter");
        let mut tx = t.write(&t.csm).await;
        todos::steps(&mut tx, &[free.id], &TodoStep::Complete).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ask(&t, spec.clone()).await.whole.count, 2, "{t:?}");
        assert_eq!(ask(&t, Spec { state: State::Done, ..spec }).await.whole.count, 1, "{t:?}");
    }
}

fn draft(name: &str, shared: bool) -> ReportDraft {
    ReportDraft { name: name.to_owned(), shared, spec: ready("arr_by_segment").unwrap() }
}

async fn create(t: &TestDb, actor: &Actor, draft: ReportDraft) -> Result<Report> {
    let mut tx = t.write(actor).await;
    let report = reports::create(&mut tx, draft).await?;
    tx.commit().await?;
    Ok(report)
}

#[tokio::test]
async fn a_report_that_makes_no_sense_is_not_saved_and_a_file_is_noted() {
    for t in support::databases().await {
        let before = t.snapshot().await;
        let bad = Spec { measures: vec![Measure::Accounts], ..Spec::default() };
        let error = create(&t, &t.csm, ReportDraft { spec: bad, ..draft("x", false) }).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Invalid(_))), "{t:?}: {error:?}");
        let error = create(&t, &t.csm, draft(" ", false)).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Invalid(_))), "{t:?}: {error:?}");
        assert_eq!(t.snapshot().await, before, "{t:?}");
        let mut tx = t.write(&t.csm).await;
        reports::take(&mut tx, ready("risk_by_owner").unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        let entries = log::after(&mut t.read(&t.viewer).await, 0, 10_000).await.unwrap();
        let entry = entries.last().unwrap();
        assert_eq!((entry.change, entry.actor), (Change::Exported, t.csm.user), "{t:?}");
        assert_eq!(entry.after["what"], "reports", "{t:?}: {entry:?}");
    }
}

/// Reports usage of an account: so much on so many days ago.
async fn used(t: &TestDb, account: &Account, metric: &str, days: &[(i64, f64)]) {
    let day = |(ago, value): &(i64, f64)| UsageDay {
        account_id: account.id,
        metric: metric.to_owned(),
        day: NOW.plus_days(-ago).day_start(),
        value: *value,
    };
    let days: Vec<UsageDay> = days.iter().map(day).collect();
    let mut tx = t.write(&t.csm).await;
    usage::set(&mut tx, &days).await.unwrap();
    tx.commit().await.unwrap();
}

fn sums(answer: &Answer) -> Vec<(&str, f64, u32)> {
    answer.groups.iter().map(|group| (group.name.as_str(), group.numbers.total, group.numbers.accounts)).collect()
}

#[tokio::test]
async fn usage_is_added_up_by_metric_period_and_account() {
    for t in support::databases().await {
        let (acme, blue) = (with(&t, "Acme", "pro", 10_000).await, with(&t, "Blue", "basic", 500).await);
        // Today is Saturday, 21 November 2026; its week began five days ago, its month twenty.
        used(&t, &acme, "logins", &[(0, 3.0), (5, 4.0), (6, 10.0), (21, 100.0)]).await;
        used(&t, &blue, "logins", &[(0, 2.0), (6, 0.0)]).await;
        used(&t, &acme, "exports", &[(1, 7.5)]).await;
        let of =
            |by| Spec { by, metric: Some("logins".to_owned()), within: Period::Days(30), ..self::by(About::Usage, by) };
        let weeks = ask(&t, of(Dimension::Week)).await;
        assert_eq!(
            sums(&weeks),
            [("2026-10-26", 100.0, 1), ("2026-11-02", 0.0, 0), ("2026-11-09", 10.0, 1), ("2026-11-16", 9.0, 2)],
            "{t:?}: nothing is no activity, and no week is left out"
        );
        assert_eq!((weeks.whole.total, weeks.whole.accounts), (119.0, 2), "{t:?}: each account once");
        let months = ask(&t, of(Dimension::Month)).await;
        assert_eq!(sums(&months), [("2026-10", 100.0, 1), ("2026-11", 19.0, 2)], "{t:?}");
        let by_tier = ask(&t, of(Dimension::Tier)).await;
        assert_eq!(sums(&by_tier), [("basic", 2.0, 1), ("pro", 117.0, 1)], "{t:?}");
        assert_eq!(by_tier.whole.per_account(), Some(59.5), "{t:?}");
        let all = Spec { metric: None, ..of(Dimension::Metric) };
        let by_metric = ask(&t, all.clone()).await;
        assert_eq!(sums(&by_metric), [("exports", 7.5, 1), ("logins", 119.0, 2)], "{t:?}");
        assert_eq!(by_metric.whole.accounts, 2, "{t:?}");
        let filtered = ask(&t, Spec { filter: "tier = basic".to_owned(), ..all }).await;
        assert_eq!(sums(&filtered), [("logins", 2.0, 1)], "{t:?}");
        let both = ask(&t, Spec { metric: None, ..of(Dimension::Month) }).await;
        assert_eq!(sums(&both)[1], ("2026-11", 26.5, 2), "{t:?}: metrics together, each account once");
        let october = Part::Group(Some("2026-10".to_owned()));
        let of_pro = reports::rows(&mut t.read(&t.viewer).await, of(Dimension::Month), &october).await.unwrap();
        assert_eq!(
            (of_pro.of, of_pro.rows[0].name.as_str(), of_pro.rows[0].numbers.total),
            (1, "Acme", 100.0),
            "{t:?}"
        );
        let metrics = reports::metrics(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!(metrics, ["exports", "logins"], "{t:?}");
    }
}

#[tokio::test]
async fn usage_that_is_reported_again_or_goes_is_taken_out_first() {
    for t in support::databases().await {
        let acme = with(&t, "Acme", "pro", 10_000).await;
        let spec = Spec { within: Period::Days(30), ..by(About::Usage, Dimension::Month) };
        used(&t, &acme, "logins", &[(0, 3.0), (1, 4.0)]).await;
        assert_eq!(sums(&ask(&t, spec.clone()).await), [("2026-11", 7.0, 1)], "{t:?}");
        used(&t, &acme, "logins", &[(0, 0.0), (1, 0.5)]).await;
        assert_eq!(sums(&ask(&t, spec.clone()).await), [("2026-11", 0.5, 1)], "{t:?}: what was kept does not hold");
        used(&t, &acme, "logins", &[(1, 0.0)]).await;
        assert_eq!(sums(&ask(&t, spec.clone()).await), [("2026-11", 0.0, 0)], "{t:?}");
        let mut tx = t.write(&t.csm).await;
        let batch = batches::open(&mut tx, "import", "Usage").await.unwrap();
        let day = UsageDay { account_id: acme.id, metric: "seats".to_owned(), day: NOW.day_start(), value: 9.0 };
        usage::set(&mut tx, &[day]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(reports::metrics(&mut t.read(&t.viewer).await).await.unwrap(), ["logins", "seats"], "{t:?}");
        undo::undo(&t.db, &t.csm, batch).await.unwrap();
        assert_eq!(reports::metrics(&mut t.read(&t.viewer).await).await.unwrap(), ["logins"], "{t:?}");
    }
}

#[tokio::test]
async fn usage_that_is_read_from_nothing_is_what_followed_the_log() {
    for t in support::databases().await {
        let acme = with(&t, "Acme", "pro", 10_000).await;
        let followed = Spec { within: Period::Days(30), ..by(About::Usage, Dimension::Month) };
        assert_eq!(ask(&t, followed.clone()).await.whole.total, 0.0, "{t:?}: it was read before there was any");
        let third = 1.0 / 3.0;
        used(&t, &acme, "logins", &[(0, third), (1, 0.1), (2, 1e8 / 7.0), (40, 1e-9)]).await;
        // A longer period is read from nothing.
        let fresh = Spec { within: Period::Days(90), ..followed.clone() };
        let (followed, fresh) = (ask(&t, followed).await, ask(&t, fresh).await);
        let total = |answer: &Answer, name: &str| {
            answer.groups.iter().find(|group| group.name == name).unwrap().numbers.total.to_bits()
        };
        assert_eq!(total(&followed, "2026-11"), total(&fresh, "2026-11"), "{t:?}: to the last digit");
        assert_eq!(f64::from_bits(total(&fresh, "2026-10")), 1e-9, "{t:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_ask_at_once_while_others_write_all_get_an_answer() {
    for t in support::databases().await {
        let acme = with(&t, "Acme", "pro", 10_000).await;
        used(&t, &acme, "logins", &[(0, 3.0)]).await;
        let specs = ["by_band", "revenue_by_movement", "usage_by_month", "usage_by_band"];
        let all = async {
            for round in 0..3 {
                let asking: Vec<_> = (0..40)
                    .map(|number| {
                        let (db, actor, key) = (t.db.clone(), t.viewer.clone(), specs[number % specs.len()]);
                        tokio::spawn(async move {
                            reports::answer(&mut db.read(&actor).await?, ready(key).unwrap()).await.map(|_| ())
                        })
                    })
                    .collect();
                edit(&t, &acme, "arr_minor", json!(20_000 + round)).await;
                used(&t, &acme, "logins", &[(round, 5.0)]).await;
                for one in asking {
                    one.await.unwrap().unwrap();
                }
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), all).await.expect("nobody waits for ever");
    }
}

#[tokio::test]
async fn what_was_read_before_somebody_asks_is_what_they_get() {
    for t in support::databases().await {
        let acme = with(&t, "Acme", "pro", 10_000).await;
        used(&t, &acme, "logins", &[(0, 3.0)]).await;
        reports::warm(&t.db, t.workspace).await.unwrap();
        used(&t, &acme, "logins", &[(1, 4.0)]).await;
        let answer = ask(&t, ready("usage_by_month").unwrap()).await;
        assert_eq!(answer.whole.total, 7.0, "{t:?}");
    }
}

async fn edit(t: &TestDb, account: &Account, key: &str, value: serde_json::Value) {
    let mut tx = t.write(&t.csm).await;
    let version = accounts::get(&mut tx, account.id).await.unwrap().version;
    accounts::edit(&mut tx, account.id, version, key, value).await.unwrap();
    tx.commit().await.unwrap();
}

fn moved(answer: &Answer) -> Vec<(&str, u32, i64)> {
    let minor = |group: &domain::reports::Group| group.numbers.mrr.first().map_or(0, |money| money.minor);
    answer.groups.iter().map(|group| (group.name.as_str(), group.numbers.count, minor(group))).collect()
}

#[tokio::test]
async fn revenue_moves_as_the_log_says() {
    for t in support::databases().await {
        let acme = with(&t, "Acme", "pro", 120_000).await;
        let started = NOW.plus_days(-100);
        let blue = t
            .account_with("Blue", |account| {
                account.mrr_minor = Some(500);
                account.contract_start = Some(started);
            })
            .await;
        let spec = by(About::Revenue, Dimension::Movement);
        assert_eq!(moved(&ask(&t, spec.clone()).await), [("new", 2, 10_500)], "{t:?}");
        let by_month = Spec { by: Dimension::Month, ..spec.clone() };
        let months = ask(&t, by_month.clone()).await;
        assert_eq!(moved(&months)[0], ("2026-08", 1, 500), "{t:?}: from the start of the contract");
        t.clock.advance(DAY_MS);
        edit(&t, &acme, "arr_minor", json!(180_000)).await;
        edit(&t, &blue, "mrr_minor", json!(900)).await;
        edit(&t, &blue, "mrr_minor", json!(400)).await;
        t.clock.advance(DAY_MS);
        edit(&t, &acme, "stage", json!("churned")).await;
        t.clock.advance(38 * DAY_MS);
        edit(&t, &acme, "stage", json!("value")).await;
        let answer = ask(&t, spec.clone()).await;
        let expected = [
            ("new", 2, 10_500),
            ("reactivation", 1, 15_000),
            ("expansion", 1, 5_000),
            ("contraction", 1, -100),
            ("churn", 1, -15_000),
        ];
        assert_eq!(moved(&answer), expected, "{t:?}: the end of a day counts");
        assert_eq!(answer.whole.mrr, [Money { minor: 15_400, currency: Currency::USD }], "{t:?}: net");
        let of_blue = ask(&t, Spec { filter: "name = Blue".to_owned(), ..spec.clone() }).await;
        assert_eq!(moved(&of_blue), [("new", 1, 500), ("contraction", 1, -100)], "{t:?}");
        let recent = ask(&t, Spec { within: Period::Days(7), ..spec.clone() }).await;
        assert_eq!(moved(&recent), [("reactivation", 1, 15_000)], "{t:?}");
        let churned = Part::Group(Some(Movement::Churn.key().to_owned()));
        let behind = reports::rows(&mut t.read(&t.viewer).await, spec, &churned).await.unwrap();
        assert_eq!((behind.of, behind.rows[0].account), (1, Some(acme.id)), "{t:?}");
    }
}

#[tokio::test]
async fn what_is_kept_in_memory_follows_every_change() {
    for t in support::databases().await {
        let acme = with(&t, "Acme", "pro", 10_000).await;
        let spec = by(About::Accounts, Dimension::Tier);
        let pro = |count, arr| vec![("pro", count, count, vec![arr])];
        assert_eq!(groups(&ask(&t, spec.clone()).await), pro(1, 10_000), "{t:?}");
        let blue = with(&t, "Blue", "PRO", 5_000).await;
        assert_eq!(groups(&ask(&t, spec.clone()).await), pro(2, 15_000), "{t:?}: a new one");
        edit(&t, &blue, "arr_minor", json!(7_000)).await;
        assert_eq!(groups(&ask(&t, spec.clone()).await), pro(2, 17_000), "{t:?}: a change");
        let mut tx = t.write(&t.csm).await;
        db::subjects::remove(&mut tx, &accounts::get(&mut t.read(&t.csm).await, acme.id).await.unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(groups(&ask(&t, spec.clone()).await), pro(1, 7_000), "{t:?}: one less");
        let other = t.other_workspace().await;
        let theirs = reports::answer(&mut t.read(&other).await, spec).await.unwrap();
        assert!(theirs.groups.is_empty(), "{t:?}: nothing of another workspace");
    }
}

#[tokio::test]
async fn a_period_narrows_alerts_and_tasks_to_when_they_began_or_ended() {
    for t in support::databases().await {
        let mut tx = t.write(&t.csm).await;
        let draft = |title: &str, due| TodoDraft { title: title.to_owned(), due, ..TodoDraft::default() };
        let (early, _) = todos::add(&mut tx, draft("Early", Some(When::on(NOW.day_start())))).await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(20 * DAY_MS);
        let mut tx = t.write(&t.csm).await;
        todos::add(&mut tx, draft("Late", None)).await.unwrap();
        tx.commit().await.unwrap();
        let count = async |state, within| {
            ask(&t, Spec { state, within, ..by(About::Tasks, Dimension::Week) }).await.whole.count
        };
        assert_eq!(count(State::Open, Period::Always).await, 2, "{t:?}");
        assert_eq!(count(State::Open, Period::Days(7)).await, 1, "{t:?}: made within");
        assert_eq!(count(State::Overdue, Period::Always).await, 1, "{t:?}");
        let first = Period::Between { from: NOW.day_start(), to: NOW.day_start() };
        assert_eq!(count(State::Open, first).await, 1, "{t:?}");
        let mut tx = t.write(&t.csm).await;
        todos::steps(&mut tx, &[early.id], &TodoStep::Complete).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(State::Done, first).await, 0, "{t:?}: done later than made");
        assert_eq!(count(State::Done, Period::Days(1)).await, 1, "{t:?}");
        let weeks = ask(&t, by(About::Tasks, Dimension::Week)).await;
        let names: Vec<&str> = weeks.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["2026-12-07"], "{t:?}");
    }
}
