//! Computed fields: that their values follow whatever happens to what they depend on.

use db::{Error, accounts, formula, health, log, undo};
use domain::accounts::{Account, AccountQuery};
use domain::fields::FieldType;
use domain::formula::Kind;
use domain::health::{Action, Condition, Exception, Operator};
use domain::id::{AccountId, BatchId};
use domain::refusal::Refusal;
use serde_json::{Value, json};

use crate::support::{self, TestDb};

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
        assert!(message(formula::change(&mut tx, "custom.half", "quarter + 1").await).contains("itself"), "{t:?}");
        assert!(message(formula::change(&mut tx, "custom.half", "'x'").await).contains("Quarter"), "{t:?}");
        assert!(message(formula::remove(&mut tx, "custom.half").await).contains("Quarter"), "{t:?}");
        formula::change(&mut tx, "custom.half", "seats / 2 + 0.5").await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, a, "quarter").await, Some(json!(2.75)), "{t:?}");
        let mut tx = t.write(&t.admin).await;
        formula::change(&mut tx, "custom.quarter", "if(half > 5, 'many', 'few')").await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(value(&t, a, "quarter").await, Some(json!("many")), "{t:?}");
        let catalogue = accounts::catalogue(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!(catalogue.get("custom.quarter").unwrap().kind, FieldType::Text, "{t:?}");
        let mut tx = t.write(&t.admin).await;
        formula::remove(&mut tx, "custom.quarter").await.unwrap();
        assert!(formula::remove(&mut tx, "custom.quarter").await.is_err(), "{t:?}");
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
        let mut tx = t.read(&t.admin).await;
        let sample = formula::preview(&mut tx, "arr × 2").await.unwrap();
        assert_eq!((sample.kind, sample.values.len()), (Kind::Number, 5), "{t:?}");
        assert_eq!(sample.values[0], ("A6".to_owned(), json!(1_481.4)), "{t:?}");
        assert!(message(formula::preview(&mut tx, "seats +").await).contains("character 8"), "{t:?}");
        let own = message(formula::create(&mut tx, "Seats", "1").await);
        assert!(own.contains("already"), "{t:?}: {own}");
    }
}
