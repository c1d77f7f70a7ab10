//! Duplicates: who is found, what moves, and that one undo brings all of it back.

use std::collections::BTreeMap;

use db::alerts::catch_up;
use db::{Error, accounts, batches, duplicates, health, log, subjects, timeline, todos, undo, usage};
use domain::accounts::Account;
use domain::changes::Change;
use domain::contacts::Contact;
use domain::duplicates::{Decision, Reason};
use domain::fields::Subject;
use domain::id::{AccountId, BatchId};
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::todos::TodoDraft;
use domain::usage::UsageDay;

use crate::facts::{contact, invoice, ticket};
use crate::support::{self, NOW, TestDb};

async fn pair(t: &TestDb) -> (Account, Account) {
    let keep = t
        .account_with("Acme GmbH", |account| {
            account.external_id = Some("1".into());
            account.tier = Some("pro".into());
        })
        .await;
    let gone = t
        .account_with("ACME", |account| {
            account.external_id = Some("2".into());
            account.country = Some("Norway".into());
            account.tier = Some("basic".into());
            account.custom.insert("plan".into(), "gold".into());
        })
        .await;
    (keep, gone)
}

fn decision(keep: &Account, gone: &Account, take: &[&str]) -> Decision {
    let take = take.iter().map(|key| (*key).to_owned()).collect();
    Decision { keep: keep.id, keep_version: keep.version, gone: gone.id, gone_version: gone.version, take }
}

/// Returns an account as it stands now.
async fn now(t: &TestDb, account: &Account) -> Account {
    accounts::get(&mut t.read(&t.viewer).await, account.id).await.unwrap()
}

async fn merge(t: &TestDb, actor: &Actor, decision: &Decision) -> Result<BatchId, Error> {
    let mut tx = t.write(actor).await;
    let batch = duplicates::merge(&mut tx, decision).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Hangs something of everything on an account; `number` makes some of it common to both.
async fn hang(t: &TestDb, account: AccountId, number: u32) {
    t.create(&contact(account, "Ann", None)).await;
    t.create(&contact(account, &format!("Own {number}"), None)).await;
    t.create(&ticket(account, &format!("Broken {number}"), NOW.plus_days(-2))).await;
    t.create(&crate::alerts::escalated(account)).await;
    t.create(&invoice(account, &format!("R{number}"), NOW.plus_days(-20))).await;
    let mut tx = t.write(&t.csm).await;
    let day = |days: i64, value: f64| UsageDay {
        account_id: account,
        metric: "logins".into(),
        day: NOW.plus_days(-days).day_start(),
        value,
    };
    usage::set(&mut tx, &[day(1, 5.0), day(2 + i64::from(number), 7.0)]).await.unwrap();
    timeline::log_activity(&mut tx, account, "note", "Hello.", NOW).await.unwrap();
    health::set_override(&mut tx, account, 40.0, "They told us.", NOW.plus_days(9)).await.unwrap();
    let todo = TodoDraft { title: "Call".into(), account_id: Some(account), ..TodoDraft::default() };
    todos::add(&mut tx, todo).await.unwrap();
    tx.commit().await.unwrap();
}

/// The documents and the usage, without the log and what is derived.
async fn kept(t: &TestDb) -> BTreeMap<String, Vec<String>> {
    let mut all = t.snapshot().await;
    all.retain(|table, _| {
        [
            "contacts",
            "tickets",
            "invoices",
            "surveys",
            "activities",
            "overrides",
            "alerts",
            "todos",
            "feedback",
            "usage_days",
            "accounts",
        ]
        .contains(&table.as_str())
    });
    all
}

#[tokio::test]
async fn accounts_that_share_something_are_found_until_they_are_told_apart() {
    for t in support::databases().await {
        let (keep, gone) = pair(&t).await;
        t.account("Blue").await;
        let red = t.account("Red").await;
        t.create(&contact(red.id, "Zoe", None)).await;
        t.create(&contact(gone.id, "Zoe", None)).await;
        let found = duplicates::find(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!(found.total, 1, "{t:?}: {found:?}");
        let group = &found.groups[0];
        let names: Vec<&str> = group.members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names.len(), 3, "{t:?}: {names:?}");
        assert_eq!(
            group.reasons,
            [(Reason::Email, "zoe@acme.example".to_owned()), (Reason::Name, "acme".to_owned())],
            "{t:?}"
        );
        let mut tx = t.write(&t.csm).await;
        let batch = duplicates::tell_apart(&mut tx, &[gone.id, red.id, keep.id]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(duplicates::find(&mut t.read(&t.viewer).await).await.unwrap().total, 0, "{t:?}");
        undo::undo(&t.db, &t.csm, batch).await.unwrap();
        assert_eq!(duplicates::find(&mut t.read(&t.viewer).await).await.unwrap().total, 1, "{t:?}");
    }
}

#[tokio::test]
async fn everything_moves_and_the_account_that_goes_says_where() {
    for t in support::databases().await {
        let (keep, gone) = pair(&t).await;
        hang(&t, keep.id, 1).await;
        hang(&t, gone.id, 2).await;
        let child = t.account_with("Below", |account| account.parent_id = Some(gone.id)).await;
        let mut tx = t.read(&t.viewer).await;
        let proposal = duplicates::propose(&mut tx, keep.id, gone.id).await.unwrap();
        let keys: Vec<(&str, bool)> =
            proposal.choices.iter().map(|choice| (choice.key.as_str(), choice.takes)).collect();
        assert_eq!(keys, [("name", false), ("tier", false), ("country", true)], "{t:?}");
        let moves = &proposal.moves;
        assert_eq!((moves.contacts_joined, moves.usage_days, moves.usage_kept, moves.children), (1, 1, 1, 1), "{t:?}");
        drop(tx);
        let (keep, gone) = (now(&t, &keep).await, now(&t, &gone).await);
        merge(&t, &t.csm, &decision(&keep, &gone, &["country"])).await.unwrap();

        let mut tx = t.read(&t.viewer).await;
        let stays = accounts::get(&mut tx, keep.id).await.unwrap();
        assert_eq!((stays.country.as_deref(), stays.tier.as_deref()), (Some("Norway"), Some("pro")), "{t:?}");
        let goes = accounts::get(&mut tx, gone.id).await.unwrap();
        assert_eq!((goes.merged_into, goes.archived_at.is_some()), (Some(keep.id), true), "{t:?}");
        let people = timeline::contacts(&mut tx, keep.id).await.unwrap();
        assert_eq!(people.len(), 3, "{t:?}: {people:?}");
        assert!(timeline::contacts(&mut tx, gone.id).await.unwrap().is_empty(), "{t:?}");
        let days = usage::of_account(&mut tx, keep.id, NOW.plus_days(-30)).await.unwrap();
        assert_eq!(days.len(), 3, "{t:?}: {days:?}");
        assert_eq!(accounts::get(&mut tx, child.id).await.unwrap().parent_id, Some(keep.id), "{t:?}");
        let became = duplicates::became(&mut tx, gone.id).await.unwrap();
        assert_eq!(became, Some((keep.id, "Acme GmbH".to_owned())), "{t:?}");
        assert_eq!(duplicates::became(&mut tx, keep.id).await.unwrap(), None, "{t:?}");
        for account in [keep.id, gone.id] {
            let lines = log::of_account(&mut tx, account, i64::MAX, 100).await.unwrap();
            let told = lines.iter().any(|line| line.subject == Subject::Account && line.change == Change::Updated);
            assert!(told, "{t:?}: both have a line");
        }
        drop(tx);
        let scored = health::catch_up(&t.db, t.workspace).await.unwrap();
        assert!(scored.evaluated >= 1, "{t:?}");
    }
}

#[tokio::test]
async fn one_undo_brings_all_of_it_back_whatever_hung_there() {
    for t in support::databases().await {
        // Which of the two has what: every mixture of two sides.
        for mixture in 0..4u32 {
            let (keep, gone) = (
                t.account(&format!("Keep {mixture}")).await,
                t.account_with(&format!("Gone {mixture}"), |account| account.tags = vec!["a".into()]).await,
            );
            for (side, account) in [keep.id, gone.id].into_iter().enumerate() {
                if mixture & (1 << side) != 0 {
                    hang(&t, account, 10 * mixture + side as u32).await;
                }
            }
            health::catch_up(&t.db, t.workspace).await.unwrap();
            catch_up(&t.db, t.workspace).await.unwrap();
            let (keep, gone) = {
                let mut tx = t.read(&t.viewer).await;
                (accounts::get(&mut tx, keep.id).await.unwrap(), accounts::get(&mut tx, gone.id).await.unwrap())
            };
            let before = kept(&t).await;
            let batch = merge(&t, &t.csm, &decision(&keep, &gone, &["tags"])).await.unwrap();
            let after = kept(&t).await;
            assert_ne!(after, before, "{t:?}");
            let report = undo::undo(&t.db, &t.csm, batch).await.unwrap();
            assert_eq!(report.conflicts, 0, "{t:?} {mixture}: {report:?}");
            assert_eq!(kept(&t).await, before, "{t:?} {mixture}: as it was");
            undo::undo(&t.db, &t.csm, report.batch).await.unwrap();
            assert_eq!(kept(&t).await, after, "{t:?} {mixture}: and merged again");
            undo_last(&t).await;
        }
        assert!(log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

async fn undo_last(t: &TestDb) {
    let last = batches::list(&mut t.read(&t.viewer).await, "undo", 1).await.unwrap();
    undo::undo(&t.db, &t.csm, last[0].id).await.unwrap();
}

#[tokio::test]
async fn what_was_changed_since_the_merge_stays_and_is_told() {
    for t in support::databases().await {
        let (keep, gone) = pair(&t).await;
        hang(&t, gone.id, 1).await;
        let gone = now(&t, &gone).await;
        let batch = merge(&t, &t.csm, &decision(&keep, &gone, &["country"])).await.unwrap();
        let mut tx = t.write(&t.csm).await;
        let now = accounts::get(&mut tx, keep.id).await.unwrap();
        accounts::edit(&mut tx, keep.id, now.version, "country", "Sweden".into()).await.unwrap();
        let ann = timeline::contacts(&mut tx, keep.id).await.unwrap().remove(0);
        subjects::remove(&mut tx, &ann).await.unwrap();
        tx.commit().await.unwrap();
        let report = undo::undo(&t.db, &t.csm, batch).await.unwrap();
        assert_eq!(report.conflicts, 2, "{t:?}: {report:?}");
        let mut tx = t.read(&t.viewer).await;
        assert_eq!(accounts::get(&mut tx, keep.id).await.unwrap().country.as_deref(), Some("Sweden"), "{t:?}");
        assert!(accounts::get(&mut tx, gone.id).await.unwrap().archived_at.is_none(), "{t:?}");
        assert_eq!(timeline::contacts(&mut tx, gone.id).await.unwrap().len(), 1, "{t:?}");
    }
}

#[tokio::test]
async fn people_at_both_become_one_with_what_either_lacks() {
    for t in support::databases().await {
        let (keep, gone) = pair(&t).await;
        t.create(&Contact { phone: None, ..contact(keep.id, "Ann", None) }).await;
        t.create(&Contact { phone: Some("1".into()), title: Some("Boss".into()), ..contact(gone.id, "Ann", None) })
            .await;
        merge(&t, &t.csm, &decision(&keep, &gone, &[])).await.unwrap();
        let people = timeline::contacts(&mut t.read(&t.viewer).await, keep.id).await.unwrap();
        let [ann] = people.as_slice() else { panic!("{t:?}: {people:?}") };
        assert_eq!((ann.phone.as_deref(), ann.title.as_deref()), (Some("1"), Some("Head of operations")), "{t:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused() {
    for t in support::databases().await {
        let (keep, gone) = pair(&t).await;
        let conflict = |answer: Result<BatchId, Error>, words: &str| match answer {
            Err(Error::Refused(Refusal::Conflict(text))) => assert!(text.contains(words), "{text}"),
            other => panic!("{other:?}"),
        };
        conflict(merge(&t, &t.csm, &decision(&keep, &keep, &[])).await, "different");
        let stale = Decision { gone_version: 9, ..decision(&keep, &gone, &[]) };
        conflict(merge(&t, &t.csm, &stale).await, "meanwhile");
        let middle = t.account_with("Middle", |account| account.parent_id = Some(gone.id)).await;
        let below = t.account_with("Below", |account| account.parent_id = Some(middle.id)).await;
        conflict(merge(&t, &t.csm, &decision(&below, &gone, &[])).await, "below");
        let direct = merge(&t, &t.csm, &decision(&middle, &gone, &[])).await.unwrap();
        assert_eq!(accounts::get(&mut t.read(&t.csm).await, middle.id).await.unwrap().parent_id, None, "{t:?}");
        conflict(merge(&t, &t.csm, &decision(&keep, &gone, &[])).await, "archived");
        undo::undo(&t.db, &t.csm, direct).await.unwrap();
        assert_eq!(
            accounts::get(&mut t.read(&t.csm).await, middle.id).await.unwrap().parent_id,
            Some(gone.id),
            "{t:?}"
        );
        let viewer = merge(&t, &t.viewer, &decision(&keep, &gone, &[])).await;
        assert!(matches!(viewer, Err(Error::Refused(Refusal::Forbidden))), "{t:?}: {viewer:?}");
    }
}
