//! Accounts: the grid's pages, inline edits, references, custom fields, search, and what the engines do for them.

mod names;
mod pages;
mod plans;

use db::{Error, accounts, undo};
use domain::accounts::{Account, AccountQuery};
use domain::fields::{FieldType, Subject};
use domain::id::AccountId;
use domain::refusal::Refusal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

async fn names(t: &TestDb, filter: &str, sort: &str, offset: u32, limit: u32) -> (Vec<String>, u32) {
    let query = AccountQuery { filter: filter.to_owned(), sort: sort.to_owned(), offset, limit };
    let page = accounts::page(&mut t.read(&t.viewer).await, &query).await.unwrap();
    (page.rows.into_iter().map(|row| row.account.name).collect(), page.total)
}

async fn edit(t: &TestDb, id: AccountId, version: i64, key: &str, value: Value) -> Result<Account, Error> {
    let mut tx = t.write(&t.csm).await;
    let row = accounts::edit(&mut tx, id, version, key, value).await?;
    tx.commit().await?;
    Ok(row.account)
}

fn refused_field(error: &Error) -> Option<&str> {
    match error {
        Error::Refused(Refusal::Invalid(fields)) => fields.first().map(|field| field.field.as_str()),
        _ => None,
    }
}

#[tokio::test]
async fn a_page_is_sorted_filtered_and_counted() {
    for t in support::databases().await {
        for (name, arr) in [("beta", Some(300)), ("Alpha", Some(100)), ("gamma", None), ("Delta", Some(200))] {
            t.account_with(name, |account| account.arr_minor = arr).await;
        }
        let gone = t.account_with("Gone", |account| account.archived_at = Some(NOW)).await;
        assert_eq!(names(&t, "", "name", 0, 50).await, (words("Alpha beta Delta gamma"), 4), "{t:?}");
        assert_eq!(names(&t, "", "-name", 0, 50).await.0, words("gamma Delta beta Alpha"), "{t:?}");
        assert_eq!(names(&t, "", "-arr", 0, 50).await.0, words("beta Delta Alpha gamma"), "{t:?}: empty last");
        assert_eq!(names(&t, "", "arr", 0, 50).await.0, words("Alpha Delta beta gamma"), "{t:?}: empty last");
        assert_eq!(names(&t, "", "name", 1, 2).await, (words("beta Delta"), 4), "{t:?}");
        assert_eq!(names(&t, "", "name", 9, 2).await, (vec![], 4), "{t:?}: behind the end");
        assert_eq!(names(&t, "arr > 1", "name", 0, 50).await, (words("beta Delta"), 2), "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        assert_eq!(accounts::get(&mut tx, gone.id).await.unwrap(), gone, "{t:?}: archived, not lost");
        for (filter, sort, field) in [("arr >", "", "filter"), ("", "nonsense", "sort")] {
            let query = AccountQuery { filter: filter.into(), sort: sort.into(), offset: 0, limit: 10 };
            let error = accounts::page(&mut tx, &query).await.unwrap_err();
            assert_eq!(refused_field(&error), Some(field), "{t:?}: {error:?}");
        }
    }
}

#[tokio::test]
async fn pages_never_repeat_or_skip_a_row_among_equals() {
    for t in support::databases().await {
        for at in 0..23 {
            t.account_with("Same", |account| account.arr_minor = (at % 2 == 0).then_some(5)).await;
        }
        for sort in ["", "name", "-name", "arr", "-arr", "score", "tier,-arr"] {
            let mut seen = Vec::new();
            for offset in (0..23).step_by(5) {
                let query = AccountQuery { filter: String::new(), sort: sort.into(), offset, limit: 5 };
                let page = accounts::page(&mut t.read(&t.viewer).await, &query).await.unwrap();
                seen.extend(page.rows.into_iter().map(|row| row.account.id));
            }
            assert_eq!(seen.len(), 23, "{t:?} {sort}");
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 23, "{t:?} {sort}");
        }
    }
}

#[tokio::test]
async fn an_edit_raises_the_version_and_can_be_undone() {
    for t in support::databases().await {
        let before = t.account("Acme").await;
        t.clock.advance(1_000);
        let after = edit(&t, before.id, 1, "tier", json!("enterprise")).await.unwrap();
        assert_eq!((after.version, after.tier.as_deref()), (2, Some("enterprise")), "{t:?}");
        assert_eq!(after.updated_at.0, NOW.0 + 1_000, "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        let entry = db::log::of_account(&mut tx, before.id, i64::MAX, 1).await.unwrap().remove(0);
        assert_eq!(
            (entry.before.get("tier"), entry.after.get("tier")),
            (Some(&json!(null)), Some(&json!("enterprise")))
        );
        drop(tx);
        let report = undo::undo(&t.db, &t.csm, entry.batch.unwrap()).await.unwrap();
        assert_eq!((report.undone, report.conflicts), (1, 0), "{t:?}");
        let restored = accounts::get(&mut t.read(&t.viewer).await, before.id).await.unwrap();
        assert_eq!(restored, before, "{t:?}: bookkeeping included");
        let again = undo::undo(&t.db, &t.csm, entry.batch.unwrap()).await.unwrap_err();
        assert!(matches!(again, Error::Refused(Refusal::Conflict(_))), "{t:?}");
    }
}

#[tokio::test]
async fn an_edit_that_changes_nothing_leaves_no_line() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        let seq = db::log::last_seq(&mut t.read(&t.viewer).await).await.unwrap();
        let same = edit(&t, account.id, 1, "name", json!("Acme")).await.unwrap();
        assert_eq!(same, account, "{t:?}");
        assert_eq!(db::log::last_seq(&mut t.read(&t.viewer).await).await.unwrap(), seq, "{t:?}");
        let batches = db::batches::list(&mut t.read(&t.viewer).await, "edit", 10).await.unwrap();
        assert_eq!(batches, [], "{t:?}: nothing to undo");
    }
}

#[tokio::test]
async fn the_slower_of_two_edits_of_one_field_is_a_visible_conflict() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        edit(&t, account.id, 1, "tier", json!("pro")).await.unwrap();
        let error = edit(&t, account.id, 1, "tier", json!("free")).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Conflict(_))), "{t:?}: {error:?}");
        let other = edit(&t, account.id, 1, "country", json!("Norway")).await.unwrap();
        assert_eq!((other.version, other.tier.as_deref()), (3, Some("pro")), "{t:?}: another field is fine");
        let fresh = edit(&t, account.id, 3, "tier", json!("free")).await.unwrap();
        assert_eq!(fresh.tier.as_deref(), Some("free"), "{t:?}");
    }
}

#[tokio::test]
async fn a_value_that_does_not_fit_changes_nothing() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        let before = t.snapshot().await;
        let nobody = json!(Uuid::now_v7());
        let table = [
            ("name", json!("  ")),
            ("name", json!(5)),
            ("stage", json!("nowhere")),
            ("adoption_pct", json!(101)),
            ("arr_minor", json!("much")),
            ("currency", json!("XX1")),
            ("owner_id", nobody.clone()),
            ("owner_id", json!("maya")),
            ("score", json!(50)),
            ("band", json!("healthy")),
            ("created_at", json!(0)),
            ("doc", json!({})),
            ("custom.no", json!(1)),
            ("tags", json!("one")),
        ];
        for (key, value) in table {
            let error = edit(&t, account.id, 1, key, value.clone()).await.unwrap_err();
            assert_eq!(refused_field(&error), Some(key), "{t:?}: {key} = {value}: {error:?}");
        }
        let error = edit(&t, account.id, 1, "parent_id", nobody).await.unwrap_err();
        assert!(matches!(error, Error::Refused(_)), "{t:?}: {error:?}");
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}

#[tokio::test]
async fn no_account_is_above_itself() {
    for t in support::databases().await {
        let (top, middle, low) = (t.account("Top").await, t.account("Middle").await, t.account("Low").await);
        edit(&t, middle.id, 1, "parent_id", json!(top.id)).await.unwrap();
        edit(&t, low.id, 1, "parent_id", json!(middle.id)).await.unwrap();
        for (above, below) in [(&top, &top), (&top, &middle), (&top, &low), (&middle, &low)] {
            let error = edit(&t, above.id, 9, "parent_id", json!(below.id)).await.unwrap_err();
            assert_eq!(refused_field(&error), Some("parent_id"), "{t:?}: {} under {}", above.name, below.name);
        }
        let children = accounts::children(&mut t.read(&t.viewer).await, top.id).await.unwrap();
        assert_eq!(children.len(), 1, "{t:?}");
        assert_eq!(children[0].account.id, middle.id, "{t:?}");
        let freed = edit(&t, low.id, 2, "parent_id", json!(null)).await.unwrap();
        assert_eq!(freed.parent_id, None, "{t:?}");
    }
}

#[tokio::test]
async fn a_custom_field_is_filtered_sorted_and_edited_like_any_other() {
    for t in support::databases().await {
        let mut tx = t.write(&t.admin).await;
        for (key, kind) in [("plan", FieldType::Text), ("licences", FieldType::Number)] {
            let field = accounts::CustomField {
                id: Uuid::now_v7(),
                version: 1,
                subject: Subject::Account.key().to_owned(),
                key: key.to_owned(),
                label: key.to_owned(),
                kind,
                formula: None,
            };
            db::subjects::create(&mut tx, &field).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (a, b) = (t.account("A").await, t.account("B").await);
        t.account("C").await;
        edit(&t, a.id, 1, "custom.licences", json!(12)).await.unwrap();
        edit(&t, b.id, 1, "custom.licences", json!(2.5)).await.unwrap();
        let edited = edit(&t, b.id, 2, "custom.plan", json!("Gold")).await.unwrap();
        assert_eq!(edited.custom.get("plan"), Some(&json!("Gold")), "{t:?}");
        assert_eq!(names(&t, "", "custom.licences", 0, 9).await.0, words("B A C"), "{t:?}");
        assert_eq!(names(&t, "", "-custom.licences", 0, 9).await.0, words("A B C"), "{t:?}");
        assert_eq!(names(&t, "licences > 2.5", "name", 0, 9).await.0, words("A"), "{t:?}");
        assert_eq!(names(&t, "plan = gold", "name", 0, 9).await.0, words("B"), "{t:?}");
        let cleared = edit(&t, b.id, 3, "custom.plan", json!(null)).await.unwrap();
        assert_eq!(cleared.custom.get("plan"), None, "{t:?}");
        let keys: Vec<String> =
            accounts::custom_fields(&mut t.read(&t.viewer).await).await.unwrap().into_iter().map(|f| f.key).collect();
        assert_eq!(keys, ["custom.plan", "custom.licences"], "{t:?}");
    }
}

#[tokio::test]
async fn search_knows_what_was_created_edited_and_deleted_a_moment_ago() {
    for t in support::databases().await {
        let found = async |text: &str| -> Vec<String> {
            let found = accounts::search(&t.db, &t.viewer, text, 10).await.unwrap();
            found.into_iter().map(|found| found.name).collect()
        };
        assert_eq!(found("acme").await, words(""), "{t:?}");
        let acme = t.account("Acme Rockets").await;
        t.account_with("Big Acme", |account| account.domain = Some("bigacme.example".into())).await;
        assert_eq!(found("acme").await, ["Acme Rockets", "Big Acme"], "{t:?}: names that begin with it first");
        assert_eq!(found("ROCK acme").await, ["Acme Rockets"], "{t:?}: every word, any order");
        assert_eq!(found("bigacme.ex").await, ["Big Acme"], "{t:?}");
        edit(&t, acme.id, 1, "name", json!("Zenith")).await.unwrap();
        assert_eq!(found("zen").await, ["Zenith"], "{t:?}");
        assert_eq!(found("rockets").await, words(""), "{t:?}");
        let mut tx = t.write(&t.csm).await;
        let account = accounts::get(&mut tx, acme.id).await.unwrap();
        db::subjects::remove(&mut tx, &account).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found("zen").await, words(""), "{t:?}");
        let mut tx = t.write(&t.csm).await;
        let mut archived = accounts::create(&mut tx, "Attic").await.unwrap();
        let before = archived.clone();
        archived.archived_at = Some(NOW);
        db::subjects::update(&mut tx, &before, &archived).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found("attic").await, words(""), "{t:?}: archived accounts are not offered");
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
