//! Reports: what is counted, whose reports there are, and who may change them.

use std::collections::BTreeMap;

use db::alerts::catch_up;
use db::{Error, Result, alerts, health, log, reports, todos};
use domain::accounts::Account;
use domain::alerts::list::{AlertQuery, AlertRow, Shelf};
use domain::alerts::{Kind, Step};
use domain::changes::Change;
use domain::fields::Subject;
use domain::id::ReportId;
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::reports::{About, Answer, Dimension, Measure, Order, Report, ReportDraft, Spec, State, ready};
use domain::todos::{TodoDraft, TodoStep};

use crate::support::{self, TestDb};

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

async fn update(t: &TestDb, actor: &Actor, id: ReportId, draft: ReportDraft) -> Result<Report> {
    let mut tx = t.write(actor).await;
    let report = reports::update(&mut tx, id, draft).await?;
    tx.commit().await?;
    Ok(report)
}

async fn names(t: &TestDb, actor: &Actor) -> Vec<String> {
    let reports = reports::list(&mut t.read(actor).await).await.unwrap();
    reports.into_iter().map(|report| report.name).collect()
}

#[tokio::test]
async fn a_private_report_does_not_exist_for_anybody_else() {
    for t in support::databases().await {
        let report = create(&t, &t.viewer, draft("Mine", false)).await.unwrap();
        assert_eq!(names(&t, &t.viewer).await, ["Mine"], "{t:?}");
        for actor in [&t.csm, &t.manager, &t.admin] {
            assert_eq!(names(&t, actor).await, Vec::<String>::new(), "{t:?}");
            let error = update(&t, actor, report.id, draft("Theirs", false)).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::NotFound)), "{t:?}: {error:?}");
            let error = reports::remove(&mut t.write(actor).await, report.id).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::NotFound)), "{t:?}: {error:?}");
        }
        let renamed = update(&t, &t.viewer, report.id, draft("Still mine", false)).await.unwrap();
        assert_eq!((renamed.name.as_str(), renamed.version), ("Still mine", 2), "{t:?}");
    }
}

#[tokio::test]
async fn sharing_takes_a_manager_and_each_step_is_in_the_log() {
    for t in support::databases().await {
        for actor in [&t.viewer, &t.csm] {
            let forbidden = create(&t, actor, draft("For all", true)).await.unwrap_err();
            assert!(matches!(forbidden, Error::Refused(Refusal::Forbidden)), "{t:?}: {forbidden:?}");
        }
        let own = create(&t, &t.csm, draft("Own", false)).await.unwrap();
        let forbidden = update(&t, &t.csm, own.id, draft("Own", true)).await.unwrap_err();
        assert!(matches!(forbidden, Error::Refused(Refusal::Forbidden)), "{t:?}: {forbidden:?}");
        let shared = create(&t, &t.manager, draft("For all", true)).await.unwrap();
        assert_eq!(names(&t, &t.viewer).await, ["For all"], "{t:?}");
        assert_eq!(names(&t, &t.csm).await, ["For all", "Own"], "{t:?}: by name");
        update(&t, &t.admin, shared.id, draft("For everybody", true)).await.unwrap();
        let mut tx = t.write(&t.admin).await;
        reports::remove(&mut tx, shared.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&t, &t.viewer).await, Vec::<String>::new(), "{t:?}");
        let entries = log::after(&mut t.read(&t.viewer).await, 0, 10_000).await.unwrap();
        let lines = entries.iter().filter(|entry| entry.subject_id == shared.id.0);
        let lines: Vec<(Change, Subject)> = lines.map(|entry| (entry.change, entry.subject)).collect();
        let expected = [Change::Created, Change::Updated, Change::Deleted].map(|change| (change, Subject::Report));
        assert_eq!(lines, expected, "{t:?}");
    }
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
