//! Duplicates of contacts: who is found, what follows the one who stays, and that one undo brings all of it back.

use std::collections::BTreeMap;

use db::duplicates::contacts;
use db::{Error, accounts, log, subjects, timeline, undo};
use domain::accounts::Account;
use domain::changes::Change;
use domain::contacts::Contact;
use domain::duplicates::contacts::Person;
use domain::duplicates::{Decision, Group, Reason};
use domain::fields::Subject;
use domain::id::{BatchId, ContactId};
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::surveys::Response;

use crate::facts::{contact, response};
use crate::support::{self, NOW, TestDb};

/// Creates a contact with an address, or without.
async fn person(t: &TestDb, account: &Account, name: &str, email: &str, change: impl FnOnce(&mut Contact)) -> Contact {
    let email = Some(email.to_owned()).filter(|email| !email.is_empty());
    let mut person = Contact { email, ..contact(account.id, name, None) };
    change(&mut person);
    t.create(&person).await;
    person
}

fn decision(keep: &Contact, gone: &Contact, take: &[&str]) -> Decision<ContactId> {
    let take = take.iter().map(|key| (*key).to_owned()).collect();
    Decision { keep: keep.id, keep_version: keep.version, gone: gone.id, gone_version: gone.version, take }
}

async fn merge(t: &TestDb, actor: &Actor, decision: &Decision<ContactId>) -> Result<BatchId, Error> {
    let mut tx = t.write(actor).await;
    let batch = contacts::merge(&mut tx, decision).await?;
    tx.commit().await?;
    Ok(batch)
}

async fn apart(t: &TestDb, actor: &Actor, ids: &[ContactId]) -> Result<BatchId, Error> {
    let mut tx = t.write(actor).await;
    let batch = contacts::tell_apart(&mut tx, ids).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Returns the names in each group that is found.
async fn found(t: &TestDb, actor: &Actor) -> Vec<Vec<String>> {
    let found = contacts::find(&mut t.read(actor).await).await.unwrap();
    assert_eq!(found.total as usize, found.groups.len());
    let names = |group: Group<Person>| group.members.into_iter().map(|person| person.name).collect();
    found.groups.into_iter().map(names).collect()
}

/// The documents that a merge may touch.
async fn kept(t: &TestDb) -> BTreeMap<String, Vec<String>> {
    let mut all = t.snapshot().await;
    all.retain(|table, _| ["accounts", "contacts", "surveys"].contains(&table.as_str()));
    all
}

#[tokio::test]
async fn contacts_of_one_account_are_found_until_they_are_told_apart() {
    for t in support::databases().await {
        let (acme, blue) = (t.account("Acme").await, t.account("Blue").await);
        let ann = person(&t, &acme, "Ann Lee", "ann@acme.example", |_| {}).await;
        let same = person(&t, &acme, "A. Lee", "Ann@acme.example", |_| {}).await;
        let nameless = person(&t, &acme, "ÁNN LEE", "", |_| {}).await;
        person(&t, &acme, "Bo", "bo@acme.example", |_| {}).await;
        person(&t, &blue, "Ann Lee", "ann@acme.example", |_| {}).await;
        let all = contacts::find(&mut t.read(&t.viewer).await).await.unwrap();
        let [group] = all.groups.as_slice() else { panic!("{t:?}: {all:?}") };
        let ids: Vec<ContactId> = group.members.iter().map(|person| person.id).collect();
        assert_eq!(ids, [ann.id, same.id, nameless.id], "{t:?}");
        let reasons = [(Reason::Email, "ann@acme.example".to_owned()), (Reason::Name, "annlee".to_owned())];
        assert_eq!((&group.reasons[..], group.members[0].account.as_str()), (&reasons[..], "Acme"), "{t:?}");

        let batch = apart(&t, &t.csm, &[nameless.id, ann.id]).await.unwrap();
        assert_eq!(found(&t, &t.viewer).await, [["Ann Lee", "A. Lee"]], "{t:?}");
        undo::undo(&t.db, &t.csm, batch).await.unwrap();
        assert_eq!(found(&t, &t.viewer).await, [["Ann Lee", "A. Lee", "ÁNN LEE"]], "{t:?}");

        let stranger = t.other_workspace().await;
        assert!(found(&t, &stranger).await.is_empty(), "{t:?}");
        let archived = Account { archived_at: Some(NOW), ..acme.clone() };
        let mut tx = t.write(&t.csm).await;
        subjects::update(&mut tx, &acme, &archived).await.unwrap();
        tx.commit().await.unwrap();
        assert!(found(&t, &t.viewer).await.is_empty(), "{t:?}");
    }
}

/// Two contacts that may be one, a third who was told apart from the second, and an answer to a survey of each address.
async fn story(t: &TestDb) -> (Account, Contact, Contact, Contact) {
    let acme = t.account("Acme").await;
    let third = person(t, &acme, "Ann Lee", "", |_| {}).await;
    let keep = person(t, &acme, "Ann Lee", "ann@acme.example", |ann| (ann.title, ann.phone) = (None, None)).await;
    let gone = person(t, &acme, "ann lee", "lee@acme.example", |ann| {
        (ann.phone, ann.role) = (Some("1".into()), Some("sponsor".into()));
    })
    .await;
    for email in ["ann@acme.example", "Lee@acme.example", "bo@acme.example"] {
        t.create(&Response { email: Some(email.into()), ..response(acme.id, 9.0, NOW.plus_days(-2)) }).await;
    }
    apart(t, &t.csm, &[third.id, gone.id]).await.unwrap();
    (acme, keep, now(t, &gone).await, third)
}

/// Returns a contact as they stand now.
async fn now(t: &TestDb, contact: &Contact) -> Contact {
    subjects::get(&mut t.read(&t.viewer).await, contact.id.0).await.unwrap()
}

/// Returns who wrote the answers, in order.
async fn writers(t: &TestDb, account: &Account) -> Vec<String> {
    let answers = timeline::surveys(&mut t.read(&t.viewer).await, account.id).await.unwrap();
    let mut writers: Vec<String> = answers.into_iter().filter_map(|answer| answer.email).collect();
    writers.sort();
    writers
}

#[tokio::test]
async fn one_stays_with_what_was_chosen_and_what_named_the_other_follows() {
    for t in support::databases().await {
        let (acme, keep, gone, third) = story(&t).await;
        let proposal = contacts::propose(&mut t.read(&t.viewer).await, keep.id, gone.id).await.unwrap();
        let offered: Vec<(&str, bool)> =
            proposal.choices.iter().map(|choice| (choice.key.as_str(), choice.takes)).collect();
        let expected = [("name", false), ("email", false), ("phone", true), ("title", true), ("role", false)];
        assert_eq!(offered, expected, "{t:?}");
        assert_eq!(proposal.moves.records, [("surveys".to_owned(), 1)], "{t:?}");
        merge(&t, &t.csm, &decision(&keep, &gone, &["phone", "title"])).await.unwrap();

        let people = timeline::contacts(&mut t.read(&t.viewer).await, acme.id).await.unwrap();
        assert_eq!(people.len(), 2, "{t:?}: {people:?}");
        let stays = now(&t, &keep).await;
        let fields = (stays.phone.as_deref(), stays.title.as_deref(), stays.role.as_deref(), stays.email.as_deref());
        let expected = (Some("1"), Some("Head of operations"), Some("champion"), Some("ann@acme.example"));
        assert_eq!(fields, expected, "{t:?}");
        assert_eq!(writers(&t, &acme).await, ["ann@acme.example", "ann@acme.example", "bo@acme.example"], "{t:?}");
        assert_eq!(now(&t, &third).await.distinct_from, [keep.id], "{t:?}: told apart from the one, too");
        assert!(found(&t, &t.viewer).await.is_empty(), "{t:?}");
        let lines = log::of_account(&mut t.read(&t.viewer).await, acme.id, i64::MAX, 100).await.unwrap();
        let told = |change: Change, id: ContactId| {
            lines
                .iter()
                .any(|line| line.subject == Subject::Contact && line.change == change && line.subject_id == id.0)
        };
        assert!(told(Change::Updated, keep.id) && told(Change::Deleted, gone.id), "{t:?}");
        assert!(log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn one_undo_brings_both_back_whichever_address_stayed() {
    for t in support::databases().await {
        let (_, keep, gone, _) = story(&t).await;
        for (keep, gone, take) in
            [(&keep, &gone, &["email", "role"][..]), (&keep, &gone, &[][..]), (&gone, &keep, &["email"][..])]
        {
            let before = kept(&t).await;
            let batch = merge(&t, &t.csm, &decision(keep, gone, take)).await.unwrap();
            let after = kept(&t).await;
            assert_ne!(after, before, "{t:?}");
            let report = undo::undo(&t.db, &t.csm, batch).await.unwrap();
            assert_eq!((report.conflicts, kept(&t).await == before), (0, true), "{t:?}: as it was: {report:?}");
            let again = undo::undo(&t.db, &t.csm, report.batch).await.unwrap();
            assert_eq!((again.conflicts, kept(&t).await == after), (0, true), "{t:?}: and merged again: {again:?}");
            undo::undo(&t.db, &t.csm, again.batch).await.unwrap();
            assert!(kept(&t).await == before, "{t:?}");
        }
        assert!(log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn what_was_changed_since_the_merge_stays_and_is_told() {
    for t in support::databases().await {
        let (acme, keep, gone, _) = story(&t).await;
        let batch = merge(&t, &t.csm, &decision(&keep, &gone, &["phone"])).await.unwrap();
        let merged = now(&t, &keep).await;
        let mut tx = t.write(&t.csm).await;
        subjects::update(&mut tx, &merged, &Contact { phone: Some("2".into()), ..merged.clone() }).await.unwrap();
        tx.commit().await.unwrap();
        let report = undo::undo(&t.db, &t.csm, batch).await.unwrap();
        assert_eq!(report.conflicts, 1, "{t:?}: {report:?}");
        assert_eq!(now(&t, &keep).await.phone.as_deref(), Some("2"), "{t:?}");
        assert_eq!(now(&t, &gone).await.phone.as_deref(), Some("1"), "{t:?}");
        assert_eq!(writers(&t, &acme).await[0], "Lee@acme.example", "{t:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_and_leaves_nothing() {
    for t in support::databases().await {
        let (acme, keep, gone, third) = story(&t).await;
        let blue = t.account("Blue").await;
        let elsewhere = person(&t, &blue, "Ann Lee", "", |_| {}).await;
        let stranger = t.other_workspace().await;
        let before = t.snapshot().await;
        let conflict = |answer: Result<BatchId, Error>, words: &str| match answer {
            Err(Error::Refused(Refusal::Conflict(text))) => assert!(text.contains(words), "{text}"),
            other => panic!("{other:?}"),
        };
        conflict(merge(&t, &t.csm, &decision(&keep, &keep, &[])).await, "different");
        conflict(merge(&t, &t.csm, &decision(&keep, &elsewhere, &[])).await, "one account");
        conflict(apart(&t, &t.csm, &[keep.id, elsewhere.id]).await, "one account");
        conflict(apart(&t, &t.csm, &[keep.id, keep.id]).await, "two or more");
        let stale = Decision { gone_version: 9, ..decision(&keep, &gone, &[]) };
        conflict(merge(&t, &t.csm, &stale).await, "meanwhile");
        let unknown = merge(&t, &t.csm, &decision(&keep, &gone, &["account_id"])).await;
        assert!(matches!(unknown, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {unknown:?}");
        for answer in
            [merge(&t, &t.viewer, &decision(&keep, &gone, &[])).await, apart(&t, &t.viewer, &[keep.id, gone.id]).await]
        {
            assert!(matches!(answer, Err(Error::Refused(Refusal::Forbidden))), "{t:?}: {answer:?}");
        }
        let nothing = merge(&t, &stranger, &decision(&keep, &gone, &[])).await;
        assert!(matches!(nothing, Err(Error::Refused(Refusal::NotFound))), "{t:?}: {nothing:?}");
        let after = t.snapshot().await;
        for table in ["contacts", "surveys", "changes", "batches"] {
            assert_eq!(after[table], before[table], "{t:?}: {table}");
        }
        merge(&t, &t.csm, &decision(&keep, &gone, &[])).await.unwrap();
        let twice = merge(&t, &t.csm, &decision(&keep, &gone, &[])).await;
        assert!(matches!(twice, Err(Error::Refused(Refusal::NotFound))), "{t:?}: {twice:?}");
        let mut tx = t.write(&t.csm).await;
        let acme = accounts::get(&mut tx, acme.id).await.unwrap();
        subjects::update(&mut tx, &acme, &Account { archived_at: Some(NOW), ..acme.clone() }).await.unwrap();
        tx.commit().await.unwrap();
        let (keep, third) = (now(&t, &keep).await, now(&t, &third).await);
        conflict(merge(&t, &t.csm, &decision(&keep, &third, &[])).await, "archived");
    }
}
