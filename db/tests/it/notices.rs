//! Notifications: who is told what and once, what they keep of it, and the messages on their way.

use db::notices::{Outcome, Reach};
use db::{accounts, alerts, batches, health, notices, reports, subjects, tasks, timeline, usage};
use domain::accounts::Account;
use domain::id::{DeliveryId, UserId};
use domain::identity::Actor;
use domain::notices::{
    Channel, Event, Heading, Notice, NoticePage, NoticeQuery, Parcel, Preferences, Quiet, Subscription, Tray, What,
    grouped,
};
use domain::reports::{ReportDraft, Spec};
use domain::time::DAY_MS;
use domain::usage::UsageDay;
use serde_json::json;

use crate::support::{self, NOW, TestDb};

const ALL: Reach = Reach { mail: true, push: true };

async fn catch_up(t: &TestDb, reach: Reach) -> u32 {
    health::catch_up(&t.db, t.workspace).await.unwrap();
    notices::catch_up(&t.db, t.workspace, reach).await.unwrap()
}

async fn page(t: &TestDb, actor: &Actor, query: NoticeQuery) -> NoticePage {
    notices::page(&mut t.read(actor).await, &query).await.unwrap()
}

async fn unread(t: &TestDb, actor: &Actor) -> Vec<Notice> {
    page(t, actor, NoticeQuery::default()).await.notices
}

/// Gives an account of nobody's to somebody.
async fn give(t: &TestDb, by: &Actor, account: &Account, to: UserId) -> Account {
    let mut tx = t.write(by).await;
    let before = accounts::get(&mut tx, account.id).await.unwrap();
    let after = Account { owner_id: Some(to), ..before.clone() };
    subjects::update(&mut tx, &before, &after).await.unwrap();
    tx.commit().await.unwrap();
    after
}

async fn wish(t: &TestDb, actor: &Actor, change: impl FnOnce(&mut Preferences)) {
    let mut tx = t.write(actor).await;
    let mut wishes = Preferences { quiet: None, ..Preferences::default() };
    change(&mut wishes);
    notices::set_preferences(&mut tx, wishes).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_new_owner_is_told_once_and_not_by_themselves() {
    for t in support::databases().await {
        catch_up(&t, Reach::default()).await;
        let (sam, maya) = (t.csm.user.unwrap(), t.manager.user.unwrap());
        let account = t.account("Acme").await;
        give(&t, &t.manager, &account, sam).await;
        let own = t.account("Own").await;
        give(&t, &t.csm, &own, sam).await;
        assert_eq!(catch_up(&t, Reach::default()).await, 1, "{t:?}");
        assert_eq!(catch_up(&t, Reach::default()).await, 0, "{t:?}: once");
        let told = unread(&t, &t.csm).await;
        assert_eq!(told.len(), 1, "{t:?}: what one does oneself is no news");
        assert_eq!((&told[0].what, told[0].actor), (&What::Assigned { accounts: 1 }, Some(maya)), "{t:?}");
        assert_eq!(told[0].account_name.as_deref(), Some("Acme"), "{t:?}");
        assert_eq!(unread(&t, &t.manager).await, [], "{t:?}: others are told nothing");
        // Read the log again from the start: the same facts make no second notice.
        t.execute("UPDATE cursors SET seq = 0 WHERE reader = 'notices'").await;
        assert_eq!(catch_up(&t, Reach::default()).await, 0, "{t:?}: never twice for one fact");
    }
}

#[tokio::test]
async fn a_deletion_that_can_be_taken_back_keeps_nobody_from_being_told() {
    for t in support::databases().await {
        catch_up(&t, Reach::default()).await;
        let mut tx = t.write(&t.csm).await;
        let draft = ReportDraft { name: "Mine".into(), shared: false, spec: Spec::default() };
        let report = reports::create(&mut tx, draft).await.unwrap();
        reports::remove(&mut tx, report.id).await.unwrap();
        tx.commit().await.unwrap();
        let account = t.account("Acme").await;
        give(&t, &t.manager, &account, t.csm.user.unwrap()).await;
        assert_eq!(catch_up(&t, Reach::default()).await, 1, "{t:?}");
    }
}

#[tokio::test]
async fn many_accounts_in_one_batch_are_one_notice() {
    for t in support::databases().await {
        let accounts = [t.account("A").await, t.account("B").await, t.account("C").await];
        catch_up(&t, Reach::default()).await;
        let mut tx = t.write(&t.manager).await;
        batches::open(&mut tx, "edit", "all").await.unwrap();
        for account in &accounts {
            let after = Account { owner_id: t.csm.user, ..account.clone() };
            subjects::update(&mut tx, account, &after).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(catch_up(&t, Reach::default()).await, 1, "{t:?}");
        let told = unread(&t, &t.csm).await;
        assert_eq!((&told[0].what, told[0].account), (&What::Assigned { accounts: 3 }, None), "{t:?}");
    }
}

#[tokio::test]
async fn the_first_look_makes_no_news_of_history() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        give(&t, &t.manager, &account, t.csm.user.unwrap()).await;
        assert_eq!(catch_up(&t, ALL).await, 0, "{t:?}");
        assert_eq!(unread(&t, &t.csm).await, [], "{t:?}");
        let told = notices::look_back(&t.db, t.workspace, NOW.plus_days(-1)).await.unwrap();
        assert_eq!(told, 1, "{t:?}: asked to, it looks back");
        assert!(notices::deliveries(&mut t.read(&t.admin).await).await.unwrap().is_empty(), "{t:?}: and sends nothing");
    }
}

#[tokio::test]
async fn a_critical_score_an_urgent_ticket_and_a_note_reach_the_owner() {
    for t in support::databases().await {
        let mut tx = t.write(&t.manager).await;
        let card = health::published(&mut tx).await.unwrap()[0].scorecard;
        crate::cards::put_into_force(&mut tx, Some(card), crate::cards::card(60.0)).await;
        tx.commit().await.unwrap();
        let account = t.account("Acme").await;
        let account = give(&t, &t.csm, &account, t.csm.user.unwrap()).await;
        catch_up(&t, Reach::default()).await;
        let mut tx = t.write(&t.manager).await;
        health::set_override(&mut tx, account.id, 10.0, "They told us.", NOW.plus_days(9)).await.unwrap();
        timeline::log_activity(&mut tx, account.id, "note", "Their director left.", NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(catch_up(&t, Reach::default()).await, 2, "{t:?}: {:?}", unread(&t, &t.csm).await);
        let told = unread(&t, &t.csm).await;
        let events: Vec<Event> = told.iter().map(|notice| notice.what.event()).collect();
        assert!(events.contains(&Event::HealthFell) && events.contains(&Event::ActivityLogged), "{t:?}: {events:?}");
        let bell = notices::bell(&mut t.read(&t.csm).await).await.unwrap();
        assert_eq!((bell.unread, bell.sound), (2, false), "{t:?}");
        assert!(matches!(bell.critical.unwrap().what, What::HealthFell { .. }), "{t:?}");
    }
}

/// Tells Sam of so many accounts, one after the other.
async fn told_of(t: &TestDb, names: &[&str]) -> Vec<Notice> {
    catch_up(t, Reach::default()).await;
    for name in names {
        let account = t.account(name).await;
        give(t, &t.manager, &account, t.csm.user.unwrap()).await;
    }
    catch_up(t, Reach::default()).await;
    unread(t, &t.csm).await
}

#[tokio::test]
async fn notices_are_found_paged_read_snoozed_and_stay_for_ever() {
    for t in support::databases().await {
        let told = told_of(&t, &["Alpha Foods", "Beta 100% Ltd", "Gamma"]).await;
        assert_eq!(told.len(), 3, "{t:?}");
        let found = async |search: &str| {
            let query = NoticeQuery { search: search.into(), tray: Tray::All, ..NoticeQuery::default() };
            page(&t, &t.csm, query).await.notices.len()
        };
        for (search, count) in
            [("ALPHA", 1), ("100%", 1), ("%", 1), ("_", 0), ("alpha assigned", 1), ("assigned", 3), ("' OR 1=1", 0)]
        {
            assert_eq!(found(search).await, count, "{t:?}: {search}");
        }
        let first = page(&t, &t.csm, NoticeQuery { limit: 2, ..NoticeQuery::default() }).await;
        assert!(first.more && first.notices.len() == 2, "{t:?}");
        let query = NoticeQuery { before: Some(first.notices[1].id), ..NoticeQuery::default() };
        let second = page(&t, &t.csm, query).await;
        assert_eq!((second.notices.len(), second.more, second.unread), (1, false, 3), "{t:?}");
        let only = NoticeQuery { event: Some(Event::TicketUrgent), tray: Tray::All, ..NoticeQuery::default() };
        assert_eq!(page(&t, &t.csm, only).await.notices, [], "{t:?}");

        let mut tx = t.write(&t.csm).await;
        notices::mark(&mut tx, &[told[0].id], true).await.unwrap();
        notices::snooze(&mut tx, &[told[1].id], NOW.plus_days(1)).await.unwrap();
        tx.commit().await.unwrap();
        let ids = |page: NoticePage| page.notices.into_iter().map(|notice| notice.id).collect::<Vec<_>>();
        assert_eq!(ids(page(&t, &t.csm, NoticeQuery::default()).await), [told[2].id], "{t:?}");
        let snoozed = NoticeQuery { tray: Tray::Snoozed, ..NoticeQuery::default() };
        assert_eq!(ids(page(&t, &t.csm, snoozed.clone()).await), [told[1].id], "{t:?}");
        t.clock.advance(DAY_MS + 1);
        catch_up(&t, Reach::default()).await;
        assert_eq!(page(&t, &t.csm, NoticeQuery::default()).await.notices.len(), 2, "{t:?}: it is back");

        let mut tx = t.write(&t.csm).await;
        let at = notices::mark_all(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(unread(&t, &t.csm).await, [], "{t:?}");
        let mut tx = t.write(&t.csm).await;
        notices::unmark_all(&mut tx, at).await.unwrap();
        notices::mark(&mut tx, &[told[0].id], false).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(unread(&t, &t.csm).await.len(), 3, "{t:?}");
        let all = NoticeQuery { tray: Tray::All, ..NoticeQuery::default() };
        assert_eq!(page(&t, &t.csm, all).await.notices.len(), 3, "{t:?}: nothing is ever thrown away");
    }
}

#[tokio::test]
async fn nobody_reads_or_marks_what_others_were_told() {
    for t in support::databases().await {
        let told = told_of(&t, &["Acme"]).await;
        let mut tx = t.write(&t.admin).await;
        notices::mark(&mut tx, &[told[0].id], true).await.unwrap();
        notices::snooze(&mut tx, &[told[0].id], NOW.plus_days(1)).await.unwrap();
        notices::mark_all(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(unread(&t, &t.csm).await, told, "{t:?}");
        let all = NoticeQuery { tray: Tray::All, ..NoticeQuery::default() };
        assert_eq!(page(&t, &t.admin, all).await.notices, [], "{t:?}");
    }
}

#[tokio::test]
async fn preferences_decide_and_are_checked() {
    for t in support::databases().await {
        wish(&t, &t.csm, |wishes| {
            Channel::ALL.into_iter().for_each(|channel| wishes.set(Event::Assigned, channel, false))
        })
        .await;
        assert_eq!(told_of(&t, &["Acme"]).await, [], "{t:?}");
        wish(&t, &t.csm, |wishes| wishes.set(Event::Assigned, Channel::InApp, false)).await;
        assert_eq!(told_of(&t, &["Beta"]).await, [], "{t:?}: by mail alone it is not in the centre");
        let mut tx = t.write(&t.csm).await;
        let wrong = Preferences { zone: "Europe/Nowhere".into(), ..Preferences::default() };
        assert!(notices::set_preferences(&mut tx, wrong).await.is_err(), "{t:?}");
        assert_eq!(notices::preferences(&mut t.read(&t.manager).await).await.unwrap(), Preferences::default(), "{t:?}");
    }
}

/// Takes the next message that is due.
async fn next(t: &TestDb) -> Option<DeliveryId> {
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    let task = tasks::lease(&mut tx, &[]).await.unwrap()?;
    assert_eq!(task.kind, notices::TASK);
    tasks::finish(&mut tx, task.id).await.unwrap();
    tx.commit().await.unwrap();
    serde_json::from_value(task.payload["delivery"].clone()).unwrap()
}

async fn send(t: &TestDb, id: DeliveryId, outcome: Outcome) -> Option<notices::Outgoing> {
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    let outgoing = notices::outgoing(&mut tx, id).await.unwrap();
    notices::settle(&mut tx, id, if outgoing.is_some() { &outcome } else { &Outcome::Skipped }).await.unwrap();
    tx.commit().await.unwrap();
    outgoing
}

fn subscription(number: u32) -> Subscription {
    let endpoint = format!("https://push.example.com/{number}");
    Subscription { endpoint, p256dh: "A".repeat(87), auth: "B".repeat(22) }
}

#[tokio::test]
async fn a_mail_goes_out_once_and_not_at_all_when_it_was_read() {
    for t in support::databases().await {
        wish(&t, &t.csm, |_| {}).await;
        catch_up(&t, ALL).await;
        let first = t.account("Acme").await;
        give(&t, &t.manager, &first, t.csm.user.unwrap()).await;
        catch_up(&t, ALL).await;
        let id = next(&t).await.unwrap();
        let outgoing = send(&t, id, Outcome::Sent).await.unwrap();
        assert_eq!(
            (outgoing.delivery.channel, outgoing.notices.len(), outgoing.unread),
            (Channel::Email, 1, 1),
            "{t:?}"
        );
        assert!(send(&t, id, Outcome::Sent).await.is_none(), "{t:?}: not twice");
        let second = t.account("Beta").await;
        give(&t, &t.manager, &second, t.csm.user.unwrap()).await;
        catch_up(&t, ALL).await;
        let mut tx = t.write(&t.csm).await;
        notices::mark_all(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let id = next(&t).await.unwrap();
        assert!(send(&t, id, Outcome::Sent).await.is_none(), "{t:?}: it was read meanwhile");
        let log = notices::deliveries(&mut t.read(&t.csm).await).await.unwrap();
        assert!(log[0].skipped_at.is_some() && log[1].sent_at.is_some(), "{t:?}: {log:?}");
        assert!(notices::deliveries(&mut t.read(&t.viewer).await).await.unwrap().is_empty(), "{t:?}");
        assert_eq!(notices::deliveries(&mut t.read(&t.admin).await).await.unwrap().len(), 2, "{t:?}");
    }
}

#[tokio::test]
async fn quiet_hours_defer_and_limits_gather_and_nothing_is_lost() {
    for t in support::databases().await {
        // It is nine in the morning, UTC.
        wish(&t, &t.csm, |wishes| wishes.quiet = Some(Quiet { from: 8 * 60, to: 10 * 60 })).await;
        catch_up(&t, ALL).await;
        for name in ["A", "B", "C"] {
            let account = t.account(name).await;
            give(&t, &t.manager, &account, t.csm.user.unwrap()).await;
            catch_up(&t, ALL).await;
        }
        assert_eq!(next(&t).await, None, "{t:?}: not in quiet hours");
        t.clock.advance(3_600_000);
        let id = next(&t).await.unwrap();
        let outgoing = send(&t, id, Outcome::Sent).await.unwrap();
        assert_eq!((outgoing.delivery.parcel, outgoing.notices.len()), (Parcel::Summary, 3), "{t:?}");
        assert_eq!(next(&t).await, None, "{t:?}");
        // Five more fill the hour; what comes then waits for a place and comes together.
        for name in ["D", "E", "F", "G", "H", "I", "J"] {
            let account = t.account(name).await;
            give(&t, &t.manager, &account, t.csm.user.unwrap()).await;
            catch_up(&t, ALL).await;
        }
        let mut sent = 0;
        while let Some(id) = next(&t).await {
            assert_eq!(send(&t, id, Outcome::Sent).await.unwrap().notices.len(), 1, "{t:?}");
            sent += 1;
        }
        assert_eq!(sent, 5, "{t:?}");
        t.clock.advance(3_600_000);
        let id = next(&t).await.unwrap();
        assert_eq!(send(&t, id, Outcome::Sent).await.unwrap().notices.len(), 2, "{t:?}");
    }
}

#[tokio::test]
async fn each_device_gets_a_push_and_one_that_is_gone_none() {
    for t in support::databases().await {
        wish(&t, &t.csm, |wishes| wishes.set(Event::Assigned, Channel::Push, true)).await;
        let mut tx = t.write(&t.csm).await;
        let one = notices::add_device(&mut tx, &subscription(1), "Chrome").await.unwrap();
        assert_eq!(notices::add_device(&mut tx, &subscription(1), "Chrome").await.unwrap(), one, "{t:?}");
        let two = notices::add_device(&mut tx, &subscription(2), "Firefox").await.unwrap();
        let wrong = Subscription { endpoint: "ftp://push.example.com".into(), ..subscription(3) };
        assert!(notices::add_device(&mut tx, &wrong, "").await.is_err(), "{t:?}");
        tx.commit().await.unwrap();
        catch_up(&t, ALL).await;
        let account = t.account("Acme").await;
        give(&t, &t.manager, &account, t.csm.user.unwrap()).await;
        catch_up(&t, Reach { mail: false, push: true }).await;
        let mut reached = Vec::new();
        while let Some(id) = next(&t).await {
            let outgoing = send(&t, id, Outcome::Failed("busy".into())).await.unwrap();
            reached.push(outgoing.delivery.device.unwrap());
        }
        reached.sort_unstable();
        assert_eq!(reached, [one, two], "{t:?}");
        let mut tx = t.write(&Actor::system(t.workspace)).await;
        notices::device_gone(&mut tx, one).await.unwrap();
        tx.commit().await.unwrap();
        let left = notices::devices(&mut t.read(&t.csm).await).await.unwrap();
        assert_eq!((left.len(), left[0].id, left[0].service.as_str()), (1, two, "push.example.com"), "{t:?}");
        let mut tx = t.write(&t.manager).await;
        assert!(notices::remove_device(&mut tx, two).await.is_err(), "{t:?}: it is another's");
        drop(tx);
        // Maya signs in on Sam's browser: what was on its way to him does not reach her.
        let account = t.account("Beta").await;
        give(&t, &t.manager, &account, t.csm.user.unwrap()).await;
        catch_up(&t, Reach { mail: false, push: true }).await;
        let mut tx = t.write(&t.manager).await;
        assert_eq!(notices::add_device(&mut tx, &subscription(2), "Firefox").await.unwrap(), two, "{t:?}");
        tx.commit().await.unwrap();
        let id = next(&t).await.unwrap();
        assert!(send(&t, id, Outcome::Sent).await.is_none(), "{t:?}");
    }
}

#[tokio::test]
async fn what_was_given_up_can_be_sent_again() {
    for t in support::databases().await {
        let mut tx = t.write(&t.csm).await;
        assert_eq!(notices::send_test(&mut tx, Channel::Email).await.unwrap(), 1, "{t:?}");
        assert_eq!(notices::send_test(&mut tx, Channel::Push).await.unwrap(), 0, "{t:?}: no device");
        tx.commit().await.unwrap();
        let id = next(&t).await.unwrap();
        send(&t, id, Outcome::Dead("no such mailbox".into())).await;
        let mut tx = t.write(&t.manager).await;
        assert!(notices::retry(&mut tx, id).await.is_err(), "{t:?}: it is another's");
        drop(tx);
        let mut tx = t.write(&t.csm).await;
        notices::retry(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(next(&t).await, Some(id), "{t:?}");
        assert!(send(&t, id, Outcome::Sent).await.is_some(), "{t:?}");
        let log = notices::deliveries(&mut t.read(&t.csm).await).await.unwrap();
        assert_eq!((log[0].attempts, log[0].last_error.clone(), log[0].dead_at), (2, None, None), "{t:?}");
    }
}

#[tokio::test]
async fn a_digest_is_written_once_a_day_at_the_persons_hour() {
    for t in support::databases().await {
        for actor in [&t.admin, &t.manager, &t.viewer] {
            wish(&t, actor, |wishes| wishes.leave(Channel::DigestDaily)).await;
        }
        let zone = |wishes: &mut Preferences| (wishes.zone, wishes.digest_hour) = ("Asia/Tokyo".into(), 7);
        wish(&t, &t.csm, zone).await;
        let told = told_of(&t, &["Acme"]).await;
        assert_eq!(next(&t).await, None, "{t:?}: seven in Tokyo was before the wish");
        t.clock.advance(13 * 3_600_000);
        catch_up(&t, ALL).await;
        catch_up(&t, ALL).await;
        let id = next(&t).await.unwrap();
        let outgoing = send(&t, id, Outcome::Sent).await.unwrap();
        assert_eq!(
            (outgoing.delivery.parcel, outgoing.delivery.channel),
            (Parcel::Digest, Channel::DigestDaily),
            "{t:?}"
        );
        assert_eq!(outgoing.notices, told, "{t:?}: what was not read");
        assert_eq!(next(&t).await, None, "{t:?}: once");
        t.clock.advance(24 * 3_600_000);
        catch_up(&t, ALL).await;
        let id = next(&t).await.unwrap();
        assert_eq!(send(&t, id, Outcome::Sent).await.unwrap().notices, [], "{t:?}: that was yesterday");
    }
}

#[tokio::test]
async fn a_link_ends_one_channel_of_one_person() {
    for t in support::databases().await {
        let mut tx = t.write(&Actor::system(t.workspace)).await;
        let token = notices::unsubscribe_token(&mut tx, t.csm.user.unwrap(), Channel::DigestDaily).await.unwrap();
        tx.commit().await.unwrap();
        let wishes = async || notices::preferences(&mut t.read(&t.csm).await).await.unwrap();
        let looked = notices::unsubscribe(&t.db, &token, false).await.unwrap();
        assert_eq!(looked.channel, Channel::DigestDaily, "{t:?}");
        assert!(wishes().await.uses(Channel::DigestDaily), "{t:?}: looking changes nothing");
        notices::unsubscribe(&t.db, &token, true).await.unwrap();
        notices::unsubscribe(&t.db, &token, true).await.unwrap();
        assert!(!wishes().await.uses(Channel::DigestDaily) && wishes().await.uses(Channel::Email), "{t:?}");
        let forged = token.replace("digest_daily", "email");
        for wrong in ["", "x", "a.b.c.d.e", forged.as_str(), &token[1..], &token[..token.len() - 1]] {
            assert!(notices::unsubscribe(&t.db, wrong, true).await.is_err(), "{t:?}: {wrong}");
        }
        assert!(wishes().await.uses(Channel::Email), "{t:?}");
        t.clock.advance(61 * DAY_MS);
        assert!(notices::unsubscribe(&t.db, &token, true).await.is_err(), "{t:?}: too old");
        assert!(
            notices::unsubscribe_token(&mut t.write(&t.csm).await, t.csm.user.unwrap(), Channel::Email).await.is_err()
        );
    }
}

#[tokio::test]
async fn renewals_are_told_by_the_day_and_once() {
    for t in support::databases().await {
        let owner = t.csm.user;
        t.account_with("Acme", |account| {
            (account.owner_id, account.renewal_at) = (owner, Some(NOW.plus_days(30).day_start()));
            account.arr_minor = Some(1_200_000);
        })
        .await;
        assert_eq!(catch_up(&t, Reach::default()).await, 1, "{t:?}");
        t.clock.advance(DAY_MS);
        assert_eq!(catch_up(&t, Reach::default()).await, 0, "{t:?}: the same mark");
        let told = unread(&t, &t.csm).await;
        assert!(matches!(told[0].what, What::RenewalNear { days: 30, annual: Some(_), .. }), "{t:?}: {told:?}");
        assert_eq!(json!(told[0].what.event()), json!("renewal_near"));
    }
}

#[tokio::test]
async fn a_storm_is_one_entry_of_a_page_and_is_not_cut() {
    for t in support::databases().await {
        told_of(&t, &["Early"]).await;
        t.clock.advance(3_600_000);
        let names: Vec<String> = (0..250).map(|number| format!("Account {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        told_of(&t, &names).await;
        let first = page(&t, &t.csm, NoticeQuery { limit: 1, ..NoticeQuery::default() }).await;
        assert_eq!((first.notices.len(), first.more, first.unread), (250, true, 251), "{t:?}");
        let groups = grouped(first.notices.clone());
        assert_eq!((groups.len(), &groups[0].heading), (1, &Heading::Storm(Event::Assigned)), "{t:?}");
        let query =
            NoticeQuery { before: first.notices.last().map(|last| last.id), limit: 1, ..NoticeQuery::default() };
        let second = page(&t, &t.csm, query).await;
        assert_eq!((second.notices.len(), second.more), (1, false), "{t:?}");
        assert_eq!(second.notices[0].account_name.as_deref(), Some("Early"), "{t:?}");
    }
}

#[tokio::test]
async fn what_a_group_gathers_is_told_by_the_group_alone() {
    for t in support::databases().await {
        let owner = t.csm.user;
        let fill = |account: &mut Account| {
            (account.owner_id, account.category) = (owner, Some("hotels".into()));
            (account.churn_risk_pct, account.renewal_at) = (Some(90.0), Some(NOW.plus_days(9)));
            account.arr_minor = Some(1_200_000);
        };
        let level = |ago: i64| if ago < 28 { 2.0 } else { 20.0 };
        for number in 0..6 {
            let account = t.account_with(&format!("Hotel {number}"), fill).await.id;
            let day = |ago: i64| UsageDay {
                account_id: account,
                metric: "active_users".into(),
                day: NOW.plus_days(-ago).day_start(),
                value: level(ago),
            };
            let mut tx = t.write(&t.csm).await;
            usage::set(&mut tx, &(0..60).map(day).collect::<Vec<_>>()).await.unwrap();
            tx.commit().await.unwrap();
        }
        // Of what was before the first look, nobody is told.
        catch_up(&t, Reach::default()).await;
        for _ in 0..2 {
            health::catch_up(&t.db, t.workspace).await.unwrap();
            alerts::catch_up(&t.db, t.workspace).await.unwrap();
            catch_up(&t, Reach::default()).await;
            t.clock.advance(DAY_MS);
        }
        let of_usage =
            |notice: &Notice| matches!(&notice.what, What::AlertRaised { rule, .. } if rule == "Usage dropped");
        assert!(!unread(&t, &t.csm).await.iter().any(of_usage), "{t:?}: {:?}", unread(&t, &t.csm).await);
        let of_group =
            |notice: &Notice| matches!(&notice.what, What::AlertRaised { rule, .. } if rule.starts_with("Many"));
        assert_eq!(unread(&t, &t.manager).await.iter().filter(|one| of_group(one)).count(), 1, "{t:?}");
    }
}
