//! Computed fields: that their values follow whatever happens to what they depend on.

use db::{Error, Tx, accounts, formula, health, log, undo};
use domain::accounts::{Account, AccountQuery};
use domain::fields::FieldType;
use domain::formula::Use;
use domain::health::{Action, Condition, Exception, Operator};
use domain::id::{AccountId, BatchId};
use domain::refusal::Refusal;
use serde_json::{Value, json};

use crate::support::{self, TestDb};

/// What is done in one transaction.
type Work = std::pin::Pin<Box<dyn Future<Output = ()>>>;

async fn seats(t: &TestDb, name: &str, seats: f64) -> AccountId {
    t.account_with(name, |account| account.seats = Some(seats)).await.id
}

async fn computed(t: &TestDb, label: &str, text: &str) -> Result<String, Error> {
    let mut tx = t.write(&t.admin).await;
    let field = formula::create(&mut tx, label, text).await?;
    tx.commit().await?;
    Ok(field.key)
}

async fn catch_up(t: &TestDb) {
    health::catch_up(&t.db, t.workspace).await.unwrap();
}

async fn get(t: &TestDb, id: AccountId) -> Account {
    accounts::get(&mut t.read(&t.viewer).await, id).await.unwrap()
}

async fn value(t: &TestDb, id: AccountId, key: &str) -> Option<Value> {
    get(t, id).await.custom.get(key).cloned()
}

async fn edit(t: &TestDb, id: AccountId, key: &str, value: Value) -> Result<BatchId, Error> {
    let mut tx = t.write(&t.csm).await;
    let version = accounts::get(&mut tx, id).await.unwrap().version;
    accounts::edit(&mut tx, id, version, key, value).await?;
    let batch = tx.batch().unwrap();
    tx.commit().await?;
    Ok(batch)
}

fn message<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer {
        Err(Error::Refused(Refusal::Invalid(errors))) => errors[0].message.clone(),
        Err(Error::Refused(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn values_follow_creation_edits_and_undo() {
    for t in support::databases().await {
        let (a, b) = (seats(&t, "A", 10.0).await, seats(&t, "B", 30.0).await);
        let key = computed(&t, "Half the seats", "seats / 2").await.unwrap();
        assert_eq!(key, "custom.half_the_seats", "{t:?}");
        assert_eq!(computed(&t, "Quarter", "half_the_seats / 2").await.unwrap(), "custom.quarter", "{t:?}");
        catch_up(&t).await;
        assert_eq!(value(&t, a, "half_the_seats").await, Some(json!(5)), "{t:?}: those that are there");
        assert_eq!(value(&t, b, "quarter").await, Some(json!(7.5)), "{t:?}: one after the other");
        let c = seats(&t, "C", 4.0).await;
        let batch = edit(&t, a, "seats", json!(20)).await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, c, "quarter").await, Some(json!(1)), "{t:?}: a new one");
        assert_eq!(value(&t, a, "quarter").await, Some(json!(5)), "{t:?}: an edit");
        undo::undo(&t.db, &t.csm, batch).await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, a, "quarter").await, Some(json!(2.5)), "{t:?}: undo");
        edit(&t, a, "seats", Value::Null).await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, a, "quarter").await, None, "{t:?}: unknown");
        let before = log::last_seq(&mut t.read(&t.viewer).await).await.unwrap();
        catch_up(&t).await;
        assert_eq!(log::last_seq(&mut t.read(&t.viewer).await).await.unwrap(), before, "{t:?}: it rests");
        assert!(log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn a_computed_field_is_filtered_sorted_and_scored_like_any_other_and_not_edited() {
    for t in support::databases().await {
        let (a, _, c) = (seats(&t, "A", 10.0).await, seats(&t, "B", 30.0).await, seats(&t, "C", 20.0).await);
        computed(&t, "Half", "seats / 2").await.unwrap();
        catch_up(&t).await;
        let mut tx = t.read(&t.viewer).await;
        let query = AccountQuery {
            filter: "half < 12".into(),
            sort: "-custom.half".into(),
            limit: 9,
            ..AccountQuery::default()
        };
        let page = accounts::page(&mut tx, &query).await.unwrap();
        let found: Vec<AccountId> = page.rows.iter().map(|row| row.account.id).collect();
        assert_eq!(found, [c, a], "{t:?}");
        drop(tx);
        assert!(message(edit(&t, a, "custom.half", json!(1)).await).contains("cannot be edited"), "{t:?}");
        let mut card = crate::cards::card(80.0);
        let when = Condition { fact: "custom.half".into(), op: Operator::Less, value: 6.0.into() };
        card.groups[0].measures[0].source = domain::health::Source::Fact("seats".into());
        card.exceptions = vec![Exception { key: "few".into(), label: "Few".into(), when, action: Action::Cap(20.0) }];
        card.groups[0].measures[0].source = domain::health::Source::Fact("custom.half".into());
        let mut tx = t.write(&t.manager).await;
        let id = health::cards(&mut tx).await.unwrap()[0].scorecard;
        crate::cards::put_into_force(&mut tx, Some(id), card).await;
        tx.commit().await.unwrap();
        catch_up(&t).await;
        let score =
            async |id| accounts::row(&mut t.read(&t.viewer).await, id).await.unwrap().health.unwrap().score.as_f64();
        assert_eq!((score(a).await, score(c).await), (20.0, 80.0), "{t:?}");
        edit(&t, a, "seats", json!(40)).await.unwrap();
        catch_up(&t).await;
        assert_eq!(score(a).await, 80.0, "{t:?}: computed before it is scored");
    }
}

#[tokio::test]
async fn creating_can_be_undone_although_values_were_computed_since() {
    for t in support::databases().await {
        computed(&t, "Half", "seats / 2").await.unwrap();
        catch_up(&t).await;
        let create = async |name: &str| {
            let mut tx = t.write(&t.csm).await;
            let batch = db::batches::open(&mut tx, "import", name).await.unwrap();
            let mut account = Account::new(AccountId(uuid::Uuid::now_v7()), name.to_owned(), t.clock.now());
            account.seats = Some(8.0);
            db::subjects::create(&mut tx, &account).await.unwrap();
            tx.commit().await.unwrap();
            catch_up(&t).await;
            (batch, account.id)
        };
        let (batch, id) = create("A").await;
        assert_eq!(value(&t, id, "half").await, Some(json!(4)), "{t:?}");
        let report = undo::undo(&t.db, &t.csm, batch).await.unwrap();
        assert_eq!((report.undone, report.conflicts), (1, 0), "{t:?}");
        let report = undo::undo(&t.db, &t.csm, report.batch).await.unwrap();
        assert_eq!(report.conflicts, 0, "{t:?}: and brought back");
        catch_up(&t).await;
        assert_eq!(value(&t, id, "half").await, Some(json!(4)), "{t:?}");
        let (batch, id) = create("B").await;
        edit(&t, id, "country", json!("Norway")).await.unwrap();
        assert_eq!(undo::undo(&t.db, &t.csm, batch).await.unwrap().conflicts, 1, "{t:?}: a person changed it");
    }
}

#[tokio::test]
async fn a_formula_is_changed_and_removed_with_its_values() {
    for t in support::databases().await {
        let a = seats(&t, "A", 10.0).await;
        computed(&t, "Half", "seats / 2").await.unwrap();
        computed(&t, "Quarter", "half / 2").await.unwrap();
        catch_up(&t).await;
        let mut tx = t.write(&t.admin).await;
        let half = async |tx: &mut Tx, text: &str| formula::change(tx, "custom.half", 1, "Half", text).await;
        assert!(message(half(&mut tx, "quarter + 1").await).contains("itself"), "{t:?}");
        assert!(message(half(&mut tx, "'x'").await).contains("Quarter"), "{t:?}");
        assert!(message(formula::remove(&mut tx, "custom.half", 1).await).contains("Quarter"), "{t:?}");
        half(&mut tx, "seats / 2 + 0.5").await.unwrap();
        let late = half(&mut tx, "seats / 3").await;
        assert!(matches!(late, Err(Error::Refused(Refusal::Conflict(_)))), "{t:?}: somebody was faster: {late:?}");
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, a, "quarter").await, Some(json!(2.75)), "{t:?}");
        let mut tx = t.write(&t.admin).await;
        formula::change(&mut tx, "custom.quarter", 1, "A quarter", "if(half > 5, 'many', 'few')").await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, a, "quarter").await, Some(json!("many")), "{t:?}");
        let catalogue = accounts::catalogue(&mut t.read(&t.viewer).await).await.unwrap();
        let quarter = catalogue.get("custom.quarter").unwrap();
        assert_eq!((&quarter.kind, quarter.label.as_str()), (&FieldType::Text, "A quarter"), "{t:?}");
        let mut tx = t.write(&t.admin).await;
        formula::remove(&mut tx, "custom.quarter", 2).await.unwrap();
        assert!(formula::remove(&mut tx, "custom.quarter", 2).await.is_err(), "{t:?}");
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(get(&t, a).await.custom.len(), 1, "{t:?}: the value goes with the field");
    }
}

#[tokio::test]
async fn what_counts_days_is_computed_anew_every_day() {
    for t in support::databases().await {
        let a = seats(&t, "A", 10.0).await;
        computed(&t, "Age", "days_since(created_at)").await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, a, "age").await, Some(json!(0)), "{t:?}");
        t.clock.advance(3 * domain::time::DAY_MS);
        catch_up(&t).await;
        assert_eq!(value(&t, a, "age").await, Some(json!(3)), "{t:?}");
    }
}

#[tokio::test]
async fn a_formula_is_shown_on_the_largest_accounts_before_it_is_saved() {
    for t in support::databases().await {
        for place in 0..7 {
            t.account_with(&format!("A{place}"), |account| account.arr_minor = Some(place * 12_345)).await;
        }
        let mut tx = t.read(&t.viewer).await;
        let names = |accounts: Vec<Account>| accounts.into_iter().map(|account| account.name).collect::<Vec<_>>();
        let largest = formula::examples(&mut tx, &[]).await.unwrap();
        assert_eq!(names(largest.clone()), ["A6", "A5", "A4", "A3", "A2"], "{t:?}");
        let chosen = [largest[1].id, AccountId(uuid::Uuid::now_v7()), largest[4].id];
        let examples = formula::examples(&mut tx, &chosen).await.unwrap();
        assert_eq!(names(examples), ["A5", "A2", "A6", "A4", "A3"], "{t:?}: the chosen ones first");
        drop(tx);
        let mistake = message(computed(&t, "Mine", "seats +").await);
        assert!(mistake.contains("character 8"), "{t:?}: {mistake}");
        let own = message(computed(&t, "Seats", "1").await);
        assert!(own.contains("already"), "{t:?}: {own}");
    }
}

#[tokio::test]
async fn the_list_says_how_many_accounts_have_a_value_and_where_a_field_is_used() {
    for t in support::databases().await {
        seats(&t, "A", 10.0).await;
        seats(&t, "B", 30.0).await;
        t.account("C").await;
        computed(&t, "Half", "seats / 2").await.unwrap();
        computed(&t, "Quarter", "half / 2").await.unwrap();
        catch_up(&t).await;
        let mut tx = t.write(&t.csm).await;
        let draft = |name: &str| db::views::ViewDraft {
            name: name.into(),
            filter: "quarter > 3".into(),
            sort: String::new(),
            columns: vec!["name".into()],
            shared: false,
        };
        db::views::create(&mut tx, draft("Mine")).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = t.write(&t.manager).await;
        let mut card = crate::cards::card(80.0);
        card.name = "Size".into();
        card.groups[0].measures[0].source = domain::health::Source::Fact("custom.quarter".into());
        health::save_draft(&mut tx, None, None, card).await.unwrap();
        tx.commit().await.unwrap();
        let list = formula::list(&mut t.read(&t.csm).await).await.unwrap();
        let half = Use::Formula("custom.quarter".into(), "Quarter".into());
        assert_eq!((list[0].values, &list[0].uses, list[0].version), (2, &vec![half], 1), "{t:?}");
        let [Use::Scorecard(_, name), Use::View(view)] = list[1].uses.as_slice() else { panic!("{list:?}") };
        assert_eq!((name.as_str(), view.as_str(), list[1].values), ("Size", "Mine", 2), "{t:?}");
        let others = formula::list(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!(others[1].uses.len(), 1, "{t:?}: somebody else's view is not named");
        let refused = message(formula::remove(&mut t.write(&t.admin).await, "custom.quarter", 1).await);
        assert!(refused.contains("“Size”"), "{t:?}: {refused}");
    }
}

#[tokio::test]
async fn making_changing_and_removing_can_be_undone_with_the_values_by_administrators() {
    for t in support::databases().await {
        let a = seats(&t, "A", 10.0).await;
        let batch = async |label: &str, work: &dyn Fn(Tx) -> Work| {
            let mut tx = t.write(&t.admin).await;
            let batch = db::batches::open(&mut tx, formula::BATCH, label).await.unwrap();
            work(tx).await;
            catch_up(&t).await;
            batch
        };
        let made = batch("made", &|mut tx| {
            Box::pin(async move {
                formula::create(&mut tx, "Half", "seats / 2").await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .await;
        let changed = batch("changed", &|mut tx| {
            Box::pin(async move {
                formula::change(&mut tx, "custom.half", 1, "Half", "seats / 2 + 1").await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .await;
        assert_eq!(value(&t, a, "half").await, Some(json!(6)), "{t:?}");
        assert!(undo::undo(&t.db, &t.manager, changed).await.is_err(), "{t:?}: a manager may not");
        undo::undo(&t.db, &t.admin, changed).await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, a, "half").await, Some(json!(5)), "{t:?}: the old formula");
        let removed = batch("removed", &|mut tx| {
            Box::pin(async move {
                let version = formula::list(&mut tx).await.unwrap()[0].version;
                formula::remove(&mut tx, "custom.half", version).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .await;
        assert_eq!(value(&t, a, "half").await, None, "{t:?}");
        assert_eq!(undo::undo(&t.db, &t.admin, removed).await.unwrap().conflicts, 0, "{t:?}");
        catch_up(&t).await;
        assert_eq!(value(&t, a, "half").await, Some(json!(5)), "{t:?}: it is back");
        computed(&t, "Quarter", "half / 2").await.unwrap();
        assert_eq!(undo::undo(&t.db, &t.admin, made).await.unwrap().conflicts, 1, "{t:?}: another field needs it");
    }
}

#[tokio::test]
async fn the_making_of_a_field_can_be_undone_although_accounts_have_values() {
    for t in support::databases().await {
        let a = seats(&t, "A", 10.0).await;
        let mut tx = t.write(&t.admin).await;
        let batch = db::batches::open(&mut tx, formula::BATCH, "Half").await.unwrap();
        formula::create(&mut tx, "Half", "seats / 2").await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        let report = undo::undo(&t.db, &t.admin, batch).await.unwrap();
        assert_eq!((report.undone, report.conflicts), (1, 0), "{t:?}");
        catch_up(&t).await;
        assert_eq!(value(&t, a, "half").await, None, "{t:?}: its values go with it");
        assert!(undo::undo(&t.db, &t.manager, report.batch).await.is_err(), "{t:?}: a manager may not bring it back");
    }
}
