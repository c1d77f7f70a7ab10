//! Undo: what was there comes back byte for byte, and nobody's later work is lost.

use std::collections::BTreeMap;

use db::Error;
use db::undo::undo;
use domain::accounts::Account;
use domain::fields::Subject;
use domain::id::BatchId;
use domain::refusal::Refusal;
use serde_json::json;

use crate::import::{accounts, counts, import, import_usual, usual};
use crate::support::{self, TestDb};

/// Returns the tables that people's data is in, byte for byte.
pub async fn data(t: &TestDb) -> BTreeMap<String, Vec<String>> {
    const DATA: [&str; 9] =
        ["accounts", "fields", "contacts", "tickets", "invoices", "surveys", "activities", "usage_days", "overrides"];
    let mut snapshot = t.snapshot().await;
    snapshot.retain(|table, _| DATA.contains(&table.as_str()));
    assert_eq!(snapshot.len(), DATA.len());
    snapshot
}

async fn take_back(t: &TestDb, batch: BatchId) -> domain::changes::UndoReport {
    undo(&t.db, &t.csm, batch).await.unwrap()
}

async fn edit(t: &TestDb, account: &Account, key: &str, value: serde_json::Value) {
    let mut tx = t.write(&t.manager).await;
    db::accounts::edit(&mut tx, account.id, account.version, key, value).await.unwrap();
    tx.commit().await.unwrap();
}

const FIRST: &str = "external_id,name,tier,arr,Zone\n1,One,mid,100.5,north\n2,Two,mid,,south\n3,Three,,7,\n";
const SECOND: &str =
    "external_id,name,tier,arr,Zone,Extra\n2,Two!,starter,5,east,x\n3,Three,mid,8.5,west,\n4,Four,mid,1,,y\n";

#[tokio::test]
async fn an_import_is_undone_byte_for_byte_and_the_undo_too() {
    for t in support::databases().await {
        let start = data(&t).await;
        let first = import_usual(&t, Subject::Account, FIRST).await;
        let middle = data(&t).await;
        t.clock.advance(60_000);
        let second = import_usual(&t, Subject::Account, SECOND).await;
        assert_eq!(counts(&second), [3, 1, 2, 0, 0, 0], "{t:?}: {:?}", second.errors);
        let end = data(&t).await;
        t.clock.advance(60_000);

        let undone = take_back(&t, second.batch).await;
        assert_eq!((undone.undone, undone.conflicts), (4, 0), "{t:?}: {:?}", undone.examples);
        assert_eq!(data(&t).await, middle, "{t:?}: three rows and a field");
        let redone = take_back(&t, undone.batch).await;
        assert_eq!(redone.conflicts, 0, "{t:?}: {:?}", redone.examples);
        assert_eq!(data(&t).await, end, "{t:?}: the undo is undone");
        take_back(&t, redone.batch).await;
        take_back(&t, first.batch).await;
        assert_eq!(data(&t).await, start, "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        assert!(db::log::verify(&mut tx).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn later_work_is_kept_and_named() {
    for t in support::databases().await {
        import_usual(&t, Subject::Account, FIRST).await;
        let second = import_usual(&t, Subject::Account, SECOND).await;
        let find = |accounts: &[Account], id: &str| {
            accounts.iter().find(|account| account.external_id.as_deref() == Some(id)).unwrap().clone()
        };
        let before = accounts(&t).await;
        // Two's tier is changed again, Three gets a country, which the import left alone, and Four is renamed.
        edit(&t, &find(&before, "2"), "tier", json!("enterprise")).await;
        edit(&t, &find(&before, "3"), "country", json!("Chile")).await;
        edit(&t, &find(&before, "4"), "name", json!("Four Ltd")).await;
        let undone = take_back(&t, second.batch).await;
        let mut reasons: Vec<_> = undone.examples.iter().map(|conflict| conflict.name.as_str()).collect();
        reasons.sort_unstable();
        assert_eq!(reasons, ["Extra", "Four Ltd", "Two!"], "{t:?}");
        let after = accounts(&t).await;
        assert_eq!(find(&after, "2").tier.as_deref(), Some("enterprise"), "{t:?}");
        let three = find(&after, "3");
        assert_eq!((three.tier, three.arr_minor, three.country.as_deref()), (None, Some(700), Some("Chile")), "{t:?}");
        assert_eq!(find(&after, "4").name, "Four Ltd", "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        let fields = db::accounts::custom_fields(&mut tx).await.unwrap();
        assert_eq!(fields.len(), 2, "{t:?}: a field that is in use stays");
    }
}

#[tokio::test]
async fn an_account_that_something_hangs_on_stays() {
    for t in support::databases().await {
        let first = import_usual(&t, Subject::Account, FIRST).await;
        let contacts = import_usual(&t, Subject::Contact, "account,name\n1,Maya\n").await;
        let usage = import_usual(&t, Subject::Usage, "account,metric,day,value\n2,logins,2026-11-01,5\n").await;
        let undone = take_back(&t, first.batch).await;
        // Two accounts, and the field that they have values of.
        assert_eq!((undone.undone, undone.conflicts), (1, 3), "{t:?}: {:?}", undone.examples);
        let left: Vec<String> = accounts(&t).await.into_iter().map(|account| account.name).collect();
        assert_eq!(left, ["One", "Two"], "{t:?}");
        take_back(&t, contacts.batch).await;
        take_back(&t, usage.batch).await;
    }
}

#[tokio::test]
async fn accounts_can_go_once_what_hung_on_them_is_gone() {
    for t in support::databases().await {
        let start = data(&t).await;
        let first = import_usual(&t, Subject::Account, FIRST).await;
        let contacts = import_usual(&t, Subject::Contact, "account,name\n1,Maya\n").await;
        take_back(&t, contacts.batch).await;
        assert_eq!(take_back(&t, first.batch).await.conflicts, 0, "{t:?}");
        assert_eq!(data(&t).await, start, "{t:?}");
    }
}

#[tokio::test]
async fn usage_goes_back_and_forth() {
    for t in support::databases().await {
        import_usual(&t, Subject::Account, FIRST).await;
        let one = "account,metric,day,value\n1,logins,2026-11-01,5\n1,logins,2026-11-02,6\n";
        let two = "account,metric,day,value\n1,logins,2026-11-02,7\n2,logins,2026-11-01,8\n";
        let options = usual(&t, Subject::Usage, one).await;
        let start = data(&t).await;
        let first = import(&t, one, &options).await;
        let middle = data(&t).await;
        let second = import(&t, two, &options).await;
        let end = data(&t).await;
        let undone = take_back(&t, second.batch).await;
        assert_eq!(undone.undone, 2, "{t:?}");
        assert_eq!(data(&t).await, middle, "{t:?}");
        let redone = take_back(&t, undone.batch).await;
        assert_eq!(data(&t).await, end, "{t:?}");
        take_back(&t, redone.batch).await;
        take_back(&t, first.batch).await;
        assert_eq!(data(&t).await, start, "{t:?}");
    }
}

#[tokio::test]
async fn a_batch_is_undone_once_by_its_author_or_a_manager() {
    for t in support::databases().await {
        let first = import_usual(&t, Subject::Account, FIRST).await;
        let refused = undo(&t.db, &t.viewer, first.batch).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Forbidden))), "{t:?}");
        let refused = undo(&t.db, &t.other_workspace().await, first.batch).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))), "{t:?}");
        undo(&t.db, &t.manager, first.batch).await.unwrap();
        let again = undo(&t.db, &t.csm, first.batch).await;
        assert!(matches!(again, Err(Error::Refused(Refusal::Conflict(_)))), "{t:?}");
    }
}
