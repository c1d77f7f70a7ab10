//! Recommendations on both engines: what they are made from, what people say of them, and the way back.

use db::{Error, accounts, advice, alerts, health, log, subjects, timeline, undo};
use domain::accounts::Account;
use domain::advice::{Advice, Held, Opinion, Recommendation, Verdict};
use domain::alerts::list::AlertQuery;
use domain::alerts::{Outcome, Step};
use domain::changes::Change;
use domain::contacts::Contact;
use domain::fields::Subject;
use domain::id::{AccountId, AlertId, BatchId, ContactId};
use domain::identity::Actor;
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

async fn catch_up(t: &TestDb) {
    health::catch_up(&t.db, t.workspace).await.unwrap();
    alerts::catch_up(&t.db, t.workspace).await.unwrap();
}

/// An account of a segment with an escalated ticket, and its alert.
async fn troubled(t: &TestDb, name: &str, tier: &str) -> (Account, AlertId) {
    let account = t.account_with(name, |account| account.tier = Some(tier.to_owned())).await;
    t.create(&crate::alerts::escalated(account.id)).await;
    catch_up(t).await;
    let query = AlertQuery { account: Some(account.id), limit: 9, ..AlertQuery::default() };
    let rows = alerts::list(&mut t.read(&t.viewer).await, &query).await.unwrap().rows;
    let alert = rows.iter().find(|row| row.alert.reason.key == "ticket_escalated").unwrap().alert.id;
    (account, alert)
}

async fn look(t: &TestDb, account: AccountId) -> Advice {
    advice::of_account(&mut t.read(&t.viewer).await, account).await.unwrap()
}

async fn ticket_call(t: &TestDb, actor: &Actor, account: AccountId) -> Recommendation {
    let advice = advice::of_account(&mut t.read(actor).await, account).await.unwrap();
    advice.options.into_iter().find(|option| option.action == "ticket_call").unwrap()
}

fn opinion(account: AccountId, verdict: Verdict, reason: &str) -> Opinion {
    Opinion { account, alert: None, action: "ticket_call".into(), verdict, reason: reason.into() }
}

async fn give(t: &TestDb, actor: &Actor, opinion: &Opinion) -> db::Result<Option<BatchId>> {
    let mut tx = t.write(actor).await;
    let batch = advice::give(&mut tx, opinion).await?;
    tx.commit().await?;
    Ok(batch)
}

#[tokio::test]
async fn the_first_action_of_several_alerts_is_the_first_of_each() {
    for t in support::databases().await {
        let (acme, _) = troubled(&t, "Acme", "pro").await;
        troubled(&t, "Bolt", "basic").await;
        give(&t, &t.csm, &opinion(acme.id, Verdict::Wrong, "They settled it.")).await.unwrap();
        let query = AlertQuery { limit: 9, ..AlertQuery::default() };
        let rows = alerts::list(&mut t.read(&t.viewer).await, &query).await.unwrap().rows;
        let first = advice::first_actions(&mut t.read(&t.viewer).await, &rows).await.unwrap();
        assert!(first.len() >= 2, "{t:?}: {first:?}");
        for (alert, action) in first {
            let found = advice::of_alert(&mut t.read(&t.viewer).await, alert).await.unwrap().unwrap();
            assert_eq!(action, found.options[0].action, "{t:?}");
        }
    }
}

#[tokio::test]
async fn an_account_and_its_alert_are_told_what_to_do() {
    for t in support::databases().await {
        let (account, alert) = troubled(&t, "Acme", "pro").await;
        let found = look(&t, account.id).await;
        assert_eq!((found.account, found.name.as_str()), (account.id, "Acme"), "{t:?}");
        let option = found.options.iter().find(|option| option.action == "ticket_call").unwrap();
        assert_eq!(option.answers[0].id, alert, "{t:?}");
        assert!(
            option.facts.iter().any(|fact| fact.key == "open_escalations" && fact.value.as_f64() == Some(1.0)),
            "{t:?}"
        );
        assert_eq!((option.effect.measured.acted, option.effect.share), (0, 0.5), "{t:?}: the prior, and says so");
        assert_eq!((option.timing.seen.account, option.contact.as_ref()), (1, None), "{t:?}: the ticket is a sign");
        let about = advice::of_alert(&mut t.read(&t.viewer).await, alert).await.unwrap().unwrap();
        assert_eq!(about.options.len(), 1, "{t:?}: what answers the alert");
        assert_eq!(about.path.len(), 3, "{t:?}");
        assert!(about.path[0].here && about.path[1].people == [t.manager.user.unwrap()], "{t:?}");
        assert_eq!(about.path[2].people, [t.admin.user.unwrap()], "{t:?}");
        let nobodys = advice::of_alert(&mut t.read(&t.viewer).await, AlertId(Uuid::now_v7())).await;
        assert!(matches!(nobodys, Err(Error::Refused(Refusal::NotFound))), "{t:?}");
    }
}

#[tokio::test]
async fn what_people_say_is_kept_counted_and_taken_back() {
    for t in support::databases().await {
        let (acme, _) = troubled(&t, "Acme", "pro").await;
        let (peer, _) = troubled(&t, "Beta", "pro").await;
        let (other, _) = troubled(&t, "Gamma", "basic").await;
        let before = ticket_call(&t, &t.csm, acme.id).await;
        assert_eq!((before.usefulness.factor, before.mine), (1.0, None), "{t:?}");
        let batch = give(&t, &t.csm, &opinion(acme.id, Verdict::Useful, "")).await.unwrap().unwrap();
        let after = ticket_call(&t, &t.csm, acme.id).await;
        assert!(after.value > before.value, "{t:?}");
        assert_eq!((after.usefulness.account.useful, after.mine), (1, Some(Verdict::Useful)), "{t:?}");
        assert_eq!(ticket_call(&t, &t.manager, acme.id).await.mine, None, "{t:?}: each has their own");
        let near = ticket_call(&t, &t.csm, peer.id).await.usefulness;
        assert_eq!((near.segment.useful, near.elsewhere.useful), (1, 0), "{t:?}");
        let far = ticket_call(&t, &t.csm, other.id).await.usefulness;
        assert_eq!((far.segment.useful, far.elsewhere.useful), (0, 1), "{t:?}");
        assert_eq!(give(&t, &t.csm, &opinion(acme.id, Verdict::Useful, "")).await.unwrap(), None, "{t:?}: the same");
        let changed = give(&t, &t.csm, &opinion(acme.id, Verdict::Wrong, "They are closed.")).await.unwrap().unwrap();
        let wrong = ticket_call(&t, &t.csm, acme.id).await;
        assert_eq!((wrong.usefulness.total(), wrong.mine), (1, Some(Verdict::Wrong)), "{t:?}: one for each person");
        assert!(wrong.value < before.value, "{t:?}");
        assert_eq!(look(&t, acme.id).await.opinions.len(), 1, "{t:?}: everybody reads it");
        let said = advice::feedback(&mut t.read(&t.viewer).await, acme.id).await.unwrap();
        assert_eq!((said.len(), said[0].reason.as_str()), (1, "They are closed."), "{t:?}");
        for batch in [changed, batch] {
            assert_eq!(undo::undo(&t.db, &t.csm, batch).await.unwrap().conflicts, 0, "{t:?}");
        }
        assert_eq!(ticket_call(&t, &t.csm, acme.id).await.usefulness.factor, 1.0, "{t:?}");
        assert!(log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn an_opinion_is_a_line_in_the_log_that_wakes_neither_scorer_nor_rules() {
    for t in support::databases().await {
        let (account, alert) = troubled(&t, "Acme", "pro").await;
        let opinion = Opinion { alert: Some(alert), ..opinion(account.id, Verdict::Wrong, "No.") };
        give(&t, &t.csm, &opinion).await.unwrap();
        assert_eq!(health::catch_up(&t.db, t.workspace).await.unwrap().evaluated, 0, "{t:?}");
        assert_eq!(alerts::catch_up(&t.db, t.workspace).await.unwrap().accounts, 0, "{t:?}");
        let entries = log::of_account(&mut t.read(&t.viewer).await, account.id, i64::MAX, 50).await.unwrap();
        let lines: Vec<_> = entries.iter().filter(|entry| entry.subject == Subject::Feedback).collect();
        assert_eq!((lines.len(), lines[0].change), (1, Change::Created), "{t:?}");
    }
}

#[tokio::test]
async fn opinions_are_refused_from_viewers_about_nothing_and_without_a_reason() {
    for t in support::databases().await {
        let (account, _) = troubled(&t, "Acme", "pro").await;
        let (_, elsewhere) = troubled(&t, "Beta", "pro").await;
        let good = opinion(account.id, Verdict::Useful, "");
        let refused = |answer: db::Result<Option<BatchId>>| match answer {
            Err(Error::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(give(&t, &t.viewer, &good).await), Refusal::Forbidden, "{t:?}");
        let silent = refused(give(&t, &t.csm, &opinion(account.id, Verdict::Wrong, " ")).await);
        assert!(matches!(silent, Refusal::Invalid(_)), "{t:?}");
        let unknown = Opinion { action: "sing".into(), ..good.clone() };
        assert_eq!(refused(give(&t, &t.csm, &unknown).await), Refusal::NotFound, "{t:?}");
        let others = Opinion { alert: Some(elsewhere), ..good.clone() };
        assert_eq!(refused(give(&t, &t.csm, &others).await), Refusal::NotFound, "{t:?}: another account's alert");
        let stranger = t.other_workspace().await;
        assert_eq!(refused(give(&t, &stranger, &good).await), Refusal::NotFound, "{t:?}");
    }
}

#[tokio::test]
async fn what_earlier_alerts_led_to_is_measured() {
    for t in support::databases().await {
        for (number, outcome) in [Outcome::Handled, Outcome::Handled, Outcome::NoEffect].into_iter().enumerate() {
            let (_, alert) = troubled(&t, &format!("Account {number}"), "pro").await;
            let mut tx = t.write(&t.csm).await;
            alerts::step(&mut tx, alert, &Step::Resolve { outcome, note: String::new() }).await.unwrap();
            tx.commit().await.unwrap();
        }
        let (account, _) = troubled(&t, "Acme", "pro").await;
        let effect = ticket_call(&t, &t.csm, account.id).await.effect;
        assert_eq!((effect.measured.acted, effect.measured.well), (3, 2), "{t:?}");
        assert!((effect.share - (4.0 * 0.5 + 2.0) / 7.0).abs() < 1e-12, "{t:?}: by hand");
        assert!(!effect.is_measured(), "{t:?}: three are too few to speak of a measurement");
    }
}

#[tokio::test]
async fn the_best_time_rests_on_the_contact_the_account_and_its_segment() {
    for t in support::databases().await {
        let (account, _) = troubled(&t, "Acme", "pro").await;
        let (peer, _) = troubled(&t, "Beta", "pro").await;
        let mut ada = Contact {
            id: ContactId(Uuid::now_v7()),
            version: 1,
            account_id: account.id,
            name: "Ada Berg".into(),
            email: Some("ada@acme.example".into()),
            phone: None,
            title: None,
            role: Some("admin".into()),
            sentiment: None,
            time_zone: Some("Europe/Berlin".into()),
            last_touch_at: None,
            left_at: None,
            created_at: NOW,
            updated_at: NOW,
            distinct_from: Vec::new(),
        };
        ada.last_touch_at = Some(NOW.plus_days(-9));
        t.create(&ada).await;
        let mut tx = t.write(&t.csm).await;
        timeline::log_activity(&mut tx, account.id, "call", "Spoke with Ada Berg.", NOW.plus_days(-4)).await.unwrap();
        timeline::log_activity(&mut tx, account.id, "meeting", "Everybody came.", NOW.plus_days(-3)).await.unwrap();
        timeline::log_activity(&mut tx, peer.id, "call", "About the renewal.", NOW.plus_days(-2)).await.unwrap();
        timeline::log_activity(&mut tx, peer.id, "note", "Thought about it.", NOW.plus_days(-1)).await.unwrap();
        tx.commit().await.unwrap();
        let option = ticket_call(&t, &t.csm, account.id).await;
        assert_eq!(option.contact.as_ref().map(|contact| contact.id), Some(ada.id), "{t:?}");
        let timing = option.timing;
        assert_eq!((timing.seen.contact, timing.seen.account, timing.seen.segment), (2, 2, 1), "{t:?}: {timing:?}");
        assert_eq!(timing.channels_seen.total(), 3, "{t:?}: a ticket and a touch have no channel");
        assert_eq!(timing.zone.as_deref(), Some("Europe/Berlin"), "{t:?}");
        assert!(timing.next_at.is_some_and(|at| at > NOW), "{t:?}");
    }
}

#[tokio::test]
async fn nothing_is_sold_to_an_account_with_an_open_risk() {
    for t in support::databases().await {
        let fill = |account: &mut Account| {
            account.tier = Some("pro".into());
            (account.sentiment, account.adoption_pct) = (Some(95.0), Some(95.0));
        };
        let account = t.account_with("Acme", fill).await;
        t.create(&crate::alerts::escalated(account.id)).await;
        catch_up(&t).await;
        let growth = look(&t, account.id).await.growth;
        assert!(matches!(growth.held, Some(Held::NoScore | Held::Band(_) | Held::RiskOpen)), "{t:?}: {growth:?}");
        assert_eq!(growth.products, Vec::new(), "{t:?}");
    }
}

#[tokio::test]
async fn an_account_of_which_nothing_is_known_gets_no_advice_and_no_failure() {
    for t in support::databases().await {
        let account = t.account("Quiet").await;
        let found = look(&t, account.id).await;
        assert_eq!((found.options.len(), found.growth.held), (0, Some(Held::NoScore)), "{t:?}");
        let gone = advice::of_account(&mut t.read(&t.viewer).await, AccountId(Uuid::now_v7())).await;
        assert!(matches!(gone, Err(Error::Refused(Refusal::NotFound))), "{t:?}");
        let before = accounts::get(&mut t.read(&t.csm).await, account.id).await.unwrap();
        let mut tx = t.write(&t.csm).await;
        subjects::remove(&mut tx, &before).await.unwrap();
        assert!(advice::of_account(&mut tx, account.id).await.is_err(), "{t:?}");
    }
}
