//! The alert engine as a reader of the change log and the clock, and what people do with its alerts.

use db::alerts::{self, Looked};
use db::{accounts, health, log, subjects, timeline, undo};
use domain::accounts::Account;
use domain::alerts::list::{AlertQuery, AlertRow, Shelf};
use domain::alerts::{Alert, Dismissal, Kind, Outcome, Rule, State, Step, built_in};
use domain::id::{AccountId, AlertId, InvoiceId, RuleId, TicketId};
use domain::money::Currency;
use domain::refusal::Refusal;
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::time::{DAY_MS, Timestamp};
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

/// A ticket that was escalated.
pub fn escalated(account: AccountId) -> Ticket {
    Ticket {
        id: TicketId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        external_id: None,
        subject: "Nothing works".into(),
        severity: Some("urgent".into()),
        opened_at: NOW.plus_days(-2),
        escalated_at: Some(NOW.plus_days(-1)),
        resolved_at: None,
        satisfaction: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A rule of people's own.
pub fn rule(condition: &str) -> Rule {
    let mut rule = built_in().remove(0);
    (rule.key, rule.name, rule.condition, rule.clear) = (None, "Ours".into(), condition.to_owned(), None);
    (rule.parameters, rule.says, rule.for_minutes, rule.cooldown_days) = (Vec::new(), String::new(), 0, 0);
    rule
}

async fn catch_up(t: &TestDb) -> Looked {
    health::catch_up(&t.db, t.workspace).await.unwrap();
    alerts::catch_up(&t.db, t.workspace).await.unwrap()
}

async fn shelf(t: &TestDb, shelf: Shelf) -> Vec<AlertRow> {
    let query = AlertQuery { shelf, limit: 50, ..AlertQuery::default() };
    alerts::list(&mut t.read(&t.viewer).await, &query).await.unwrap().rows
}

async fn open(t: &TestDb) -> Vec<String> {
    let mut keys: Vec<String> = shelf(t, Shelf::Open).await.into_iter().map(|row| row.alert.reason.key).collect();
    keys.sort();
    keys
}

async fn change<T: subjects::Doc + Clone>(t: &TestDb, before: &T, change: impl FnOnce(&mut T)) {
    let mut after = before.clone();
    change(&mut after);
    let mut tx = t.write(&t.csm).await;
    subjects::update(&mut tx, before, &after).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_alert_is_raised_once_and_ends_by_itself_with_a_line_in_the_log_each() {
    for t in support::databases().await {
        let account = t.account_with("Acme", |account| account.arr_minor = Some(500_000)).await;
        let ticket = escalated(account.id);
        t.create(&ticket).await;
        assert_eq!(catch_up(&t).await.raised, 1, "{t:?}");
        assert_eq!(catch_up(&t).await, Looked::default(), "{t:?}: its own lines do not wake it");
        t.create(&escalated(account.id)).await;
        let looked = catch_up(&t).await;
        assert_eq!((looked.raised, looked.updated), (0, 1), "{t:?}: the same thing again is the same alert");
        let rows = shelf(&t, Shelf::Open).await;
        assert_eq!((rows.len(), rows[0].account.as_str(), rows[0].alert.times), (1, "Acme", 2), "{t:?}");
        assert_eq!(rows[0].alert.quoted("open_escalations").unwrap().value, 2, "{t:?}");
        for ticket in subjects_of(&t, account.id).await {
            change(&t, &ticket, |ticket| ticket.resolved_at = Some(NOW)).await;
        }
        assert_eq!(catch_up(&t).await.resolved, 1, "{t:?}");
        let over = shelf(&t, Shelf::Closed).await.remove(0).alert;
        assert_eq!((over.state(), over.outcome), (State::Resolved, Some(Outcome::Cleared)), "{t:?}");
        let page = alerts::page(&mut t.read(&t.viewer).await, over.id).await.unwrap();
        let told: Vec<&str> = page.events.iter().map(|event| event.what.as_str()).collect();
        assert_eq!(told, ["raised", "updated", "resolved"], "{t:?}");
        assert_eq!(page.facts.len(), over.facts_then.len(), "{t:?}");
        let entries = log::of_account(&mut t.read(&t.viewer).await, account.id, i64::MAX, 50).await.unwrap();
        let lines = entries.iter().filter(|entry| entry.subject == domain::fields::Subject::Alert).count();
        assert_eq!(lines, 3, "{t:?}: the timeline has them");
        assert!(log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn two_servers_that_look_at_the_same_moment_raise_one_alert() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        catch_up(&t).await;
        t.create(&escalated(account.id)).await;
        let (one, other) = tokio::join!(alerts::catch_up(&t.db, t.workspace), alerts::catch_up(&t.db, t.workspace));
        assert_eq!(one.unwrap().raised + other.unwrap().raised, 1, "{t:?}");
        assert_eq!(open(&t).await, ["ticket_escalated"], "{t:?}");
    }
}

#[tokio::test]
async fn bad_news_of_a_competitor_is_an_occasion_where_the_customer_uses_it() {
    for t in support::databases().await {
        let renews = |account: &mut Account| account.renewal_at = Some(NOW.plus_days(100));
        let uses = |account: &mut Account| {
            (account.renewal_at, account.tags) = (Some(NOW.plus_days(100)), vec!["KESTREL inc.".into()])
        };
        let (plain, user) = (t.account_with("Plain", renews).await, t.account_with("User", uses).await);
        catch_up(&t).await;
        crate::signals::rumour(&t, "Kestrel", "Kestrel hit by ransomware, customer data stolen").await;
        let looked = catch_up(&t).await;
        assert_eq!((looked.accounts, looked.raised), (1, 1), "{t:?}: nobody else is even looked at");
        let rows = shelf(&t, Shelf::Open).await;
        assert_eq!(
            (rows[0].account.as_str(), rows[0].alert.reason.key.as_str()),
            ("User", "competitor_bad_news"),
            "{t:?}"
        );
        let mut tx = t.write(&t.csm).await;
        accounts::edit(&mut tx, plain.id, 1, "tags", vec!["kestrel"].into()).await.unwrap();
        accounts::edit(&mut tx, user.id, 1, "tags", Vec::<String>::new().into()).await.unwrap();
        tx.commit().await.unwrap();
        let looked = catch_up(&t).await;
        assert_eq!((looked.raised, looked.resolved), (1, 1), "{t:?}: what a person says of them counts at once");
        assert_eq!(shelf(&t, Shelf::Open).await[0].account, "Plain", "{t:?}");
    }
}

async fn subjects_of(t: &TestDb, account: AccountId) -> Vec<Ticket> {
    timeline::tickets(&mut t.read(&t.viewer).await, account).await.unwrap()
}

#[tokio::test]
async fn one_changed_fact_holds_only_the_rules_that_read_it_against_that_account() {
    for t in support::databases().await {
        for number in 0..5 {
            t.account(&format!("Account {number}")).await;
        }
        let acme = t.account("Acme").await;
        let first = catch_up(&t).await;
        let rules = built_in().iter().filter(|rule| rule.kind != domain::alerts::Kind::Portfolio).count();
        assert_eq!((first.accounts, first.evaluated as usize >= 6 * rules), (6, true), "{t:?}: all at first");
        let mut tx = t.write(&t.csm).await;
        accounts::edit(&mut tx, acme.id, 1, "country", "Norway".into()).await.unwrap();
        tx.commit().await.unwrap();
        let country = catch_up(&t).await;
        assert_eq!((country.accounts, country.evaluated), (0, 0), "{t:?}: no rule reads the country");
        t.create(&escalated(acme.id)).await;
        let ticket = alerts::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!((ticket.accounts, ticket.evaluated), (1, 3), "{t:?}: three rules read tickets");
    }
}

#[tokio::test]
async fn time_alone_raises_an_alert_and_looks_at_nobody_else() {
    for t in support::databases().await {
        let quiet = t.account_with("Quiet", |account| account.last_activity_at = Some(NOW.plus_days(-59))).await;
        for number in 0..4 {
            let recent = |account: &mut Account| account.last_activity_at = Some(NOW);
            t.account_with(&format!("Account {number}"), recent).await;
        }
        catch_up(&t).await;
        assert_eq!(open(&t).await, Vec::<String>::new(), "{t:?}");
        let due = async || alerts::due_at(&t.db, t.workspace).await.unwrap();
        assert_eq!(due().await, Some(NOW.plus_days(1)), "{t:?}: the server knows when to look");
        t.clock.advance(DAY_MS);
        alerts::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!(due().await, Some(NOW.plus_days(2)), "{t:?}");
        assert_eq!(open(&t).await, Vec::<String>::new(), "{t:?}: 60 days are not more than 60");
        t.clock.advance(DAY_MS);
        let looked = alerts::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!((looked.accounts, looked.raised), (1, 1), "{t:?}");
        let alert = shelf(&t, Shelf::Open).await.remove(0).alert;
        assert_eq!((alert.account_id, alert.reason.key.as_str()), (Some(quiet.id), "we_are_silent"), "{t:?}");
        let mut tx = t.write(&t.csm).await;
        timeline::log_activity(&mut tx, quiet.id, "call", "Hello again.", t.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(catch_up(&t).await.resolved, 1, "{t:?}");
    }
}

#[tokio::test]
async fn steps_are_one_batch_that_can_be_undone() {
    for t in support::databases().await {
        for number in 0..3 {
            let account = t.account(&format!("Account {number}")).await;
            t.create(&escalated(account.id)).await;
        }
        catch_up(&t).await;
        let ids: Vec<_> = shelf(&t, Shelf::Open).await.iter().map(|row| row.alert.id).collect();
        let mut tx = t.write(&t.csm).await;
        let no = Step::Dismiss { reason: Dismissal::Known, note: "Agreed.".into() };
        let report = alerts::steps(&mut tx, &ids, &no).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((report.changed, report.refused.len()), (3, 0), "{t:?}");
        assert_eq!(open(&t).await.len(), 0, "{t:?}");
        let mut tx = t.write(&t.csm).await;
        let again = alerts::steps(&mut tx, &ids, &Step::Acknowledge).await.unwrap();
        assert_eq!((again.changed, again.refused.len()), (0, 3), "{t:?}: they are over");
        drop(tx);
        assert_eq!(catch_up(&t).await.raised, 0, "{t:?}: what was dismissed is not said again");
        let undone = undo::undo(&t.db, &t.csm, report.batch.unwrap()).await.unwrap();
        assert_eq!((undone.undone, undone.conflicts), (3, 0), "{t:?}");
        assert_eq!(open(&t).await.len(), 3, "{t:?}");
    }
}

#[tokio::test]
async fn put_aside_until_something_is_true() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        t.create(&escalated(account.id)).await;
        catch_up(&t).await;
        let id = shelf(&t, Shelf::Open).await[0].alert.id;
        let until =
            |condition: &str| Step::Snooze { until: None, condition: Some(condition.into()), note: String::new() };
        let mut tx = t.write(&t.csm).await;
        let refused = alerts::step(&mut tx, id, &until("tier = = pro")).await.unwrap_err();
        assert!(matches!(refused, db::Error::Refused(Refusal::Invalid(_))), "{t:?}: {refused:?}");
        let refused = alerts::step(&mut tx, id, &until("open_tickets > 0")).await.unwrap_err();
        let db::Error::Refused(Refusal::Invalid(errors)) = refused else { panic!("{t:?}: {refused:?}") };
        let why = "This is true of Acme already: the alert would come back at once.";
        assert_eq!((errors[0].field.as_str(), errors[0].message.as_str()), ("condition", why), "{t:?}");
        alerts::step(&mut tx, id, &until("tier = \"pro\"")).await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!((open(&t).await.len(), shelf(&t, Shelf::Snoozed).await.len()), (0, 1), "{t:?}");
        let mut tx = t.write(&t.csm).await;
        accounts::edit(&mut tx, account.id, 1, "tier", "pro".into()).await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!((open(&t).await.len(), shelf(&t, Shelf::Snoozed).await.len()), (1, 0), "{t:?}");
    }
}

#[tokio::test]
async fn of_several_only_those_wait_of_which_it_is_not_true_yet() {
    for t in support::databases().await {
        for tier in ["basic", "pro"] {
            let account = t.account_with(tier, |account| account.tier = Some(tier.into())).await;
            t.create(&escalated(account.id)).await;
        }
        catch_up(&t).await;
        let ids: Vec<_> = shelf(&t, Shelf::Open).await.iter().map(|row| row.alert.id).collect();
        let until =
            |condition: &str| Step::Snooze { until: None, condition: Some(condition.into()), note: String::new() };
        let mut tx = t.write(&t.csm).await;
        let refused = alerts::steps(&mut tx, &ids, &until("open_tickets > 0")).await.unwrap_err();
        assert!(matches!(refused, db::Error::Refused(Refusal::Invalid(_))), "{t:?}: it is true of all");
        let report = alerts::steps(&mut tx, &ids, &until("tier = \"pro\"")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((report.changed, report.refused.len()), (1, 1), "{t:?}");
        assert!(report.refused[0].1.contains("pro"), "{t:?}");
        assert_eq!(shelf(&t, Shelf::Snoozed).await[0].account, "basic", "{t:?}");
    }
}

#[tokio::test]
async fn a_rule_can_be_previewed_made_changed_and_switched_off() {
    for t in support::databases().await {
        let fill = |account: &mut Account| account.tier = Some("basic".into());
        let acme = t.account_with("Acme", fill).await;
        t.clock.advance(10 * DAY_MS);
        let before = accounts::get(&mut t.read(&t.csm).await, acme.id).await.unwrap();
        change(&t, &before, |account| account.tier = Some("pro".into())).await;
        t.clock.advance(10 * DAY_MS);
        let draft = rule("tier = \"pro\"");
        let preview = alerts::preview(&t.db, &t.manager, draft.clone(), 90).await.unwrap();
        assert_eq!((preview.raised, preview.open, preview.examples[0].name.as_str()), (1, 1, "Acme"), "{t:?}");
        assert_eq!(preview.examples[0].at[0].day_start(), NOW.plus_days(10).day_start(), "{t:?}: on that day");
        assert!(alerts::preview(&t.db, &t.csm, draft.clone(), 90).await.is_err(), "{t:?}");
        let mut tx = t.write(&t.manager).await;
        let made = alerts::create_rule(&mut tx, draft).await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert!(open(&t).await.contains(&"custom".to_owned()), "{t:?}");
        let mut tx = t.write(&t.manager).await;
        let stale = Rule { version: 9, ..made.clone() };
        assert!(alerts::change_rule(&mut tx, stale).await.is_err(), "{t:?}: somebody was faster");
        // Who may not is told so, and not whether there is such a rule.
        for id in [made.id, RuleId(Uuid::now_v7())] {
            let refused = alerts::switch_rule(&mut t.read(&t.csm).await, id, false).await;
            assert!(matches!(refused, Err(db::Error::Refused(Refusal::Forbidden))), "{t:?}: {refused:?}");
        }
        let off = alerts::switch_rule(&mut tx, made.id, false).await.unwrap();
        assert!(!off.is_on() && off.off_by == t.manager.user, "{t:?}");
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert!(!open(&t).await.contains(&"custom".to_owned()), "{t:?}: its alerts end with it");
        let mut tx = t.write(&t.manager).await;
        let mut built = built_in().remove(0);
        (built.parameters[0].value, built.condition) = (35.0, "score < 1".to_owned());
        let built = alerts::change_rule(&mut tx, built).await.unwrap();
        assert_eq!((built.parameters[0].value, built.version), (35.0, 1), "{t:?}");
        assert_eq!(built.condition, built_in()[0].condition, "{t:?}: its condition stays its own");
        alerts::remove_rule(&mut tx, built.id).await.unwrap();
        assert_eq!(alerts::rule(&mut tx, built.id).await.unwrap(), built_in()[0], "{t:?}: as it came");
    }
}

#[tokio::test]
async fn a_failed_payment_is_told_with_its_amount_and_ends_when_it_is_paid() {
    for t in support::databases().await {
        let account = t.account_with("Acme", |account| account.arr_minor = Some(500_000)).await;
        let invoice = Invoice {
            id: InvoiceId(Uuid::now_v7()),
            version: 1,
            account_id: account.id,
            external_id: Some("I-1".into()),
            product: None,
            currency: Currency::USD,
            amount_minor: 12_300,
            issued_at: NOW.plus_days(-5),
            due_at: Some(NOW.plus_days(9)),
            paid_at: None,
            failed_at: Some(NOW),
            lines: Vec::new(),
            created_at: NOW,
            updated_at: NOW,
        };
        t.create(&invoice).await;
        catch_up(&t).await;
        let alert = shelf(&t, Shelf::Open).await.remove(0).alert;
        assert_eq!(
            (alert.reason.key.as_str(), &alert.quoted("amount_failed").unwrap().value),
            ("payment_failed", &12_300.into()),
            "{t:?}"
        );
        assert_eq!(alerts::counts(&mut t.read(&t.viewer).await).await.unwrap().risk, 1, "{t:?}");
        change(&t, &invoice, |invoice| invoice.paid_at = Some(NOW)).await;
        catch_up(&t).await;
        assert_eq!(open(&t).await.len(), 0, "{t:?}");
        let analytics = alerts::analytics(&mut t.read(&t.viewer).await, 7).await.unwrap();
        let today = analytics.days.last().unwrap();
        assert_eq!((today.created, today.closed, today.open), (1, 1, 0), "{t:?}");
        assert_eq!(today.day, Timestamp(NOW.0).day_start(), "{t:?}");
    }
}

#[tokio::test]
async fn a_moment_that_comes_while_the_engine_looks_is_not_missed() {
    for t in support::databases().await {
        let quiet = t.account_with("Quiet", |account| account.last_activity_at = Some(NOW.plus_days(-59))).await;
        catch_up(&t).await;
        t.clock.advance(DAY_MS);
        catch_up(&t).await;
        assert_eq!(alerts::due_at(&t.db, t.workspace).await.unwrap(), Some(NOW.plus_days(2)), "{t:?}");
        t.clock.advance(DAY_MS - 1);
        t.create(&Ticket { escalated_at: None, severity: None, ..escalated(quiet.id) }).await;
        // The engine waits behind this one for what it notes once a day; the moment comes meanwhile.
        let first = t.write(&t.csm).await;
        let meanwhile = async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            t.clock.advance(1);
            drop(first);
        };
        let (looked, ()) = tokio::join!(alerts::catch_up(&t.db, t.workspace), meanwhile);
        assert_eq!((looked.unwrap().raised, open(&t).await), (1, vec!["we_are_silent".to_owned()]), "{t:?}");
    }
}

/// Raises an alert, and makes two about many accounts of it: one on the portfolio, and a group that has gathered it.
async fn about_many(t: &TestDb) -> [AlertId; 3] {
    let account = t.account("Acme").await;
    t.create(&escalated(account.id)).await;
    alerts::catch_up(&t.db, t.workspace).await.unwrap();
    let member = shelf(t, Shelf::Open).await.remove(0).alert;
    let many = |key: &str| {
        let rule_id = built_in().into_iter().find(|rule| rule.key.as_deref() == Some(key)).unwrap().id;
        let (id, fingerprint) = (AlertId(Uuid::now_v7()), key.to_owned());
        let mut many = Alert { id, rule_id, account_id: None, kind: Kind::Portfolio, fingerprint, ..member.clone() };
        many.reason.key = key.to_owned();
        many
    };
    let (risk, mut group) = (many("portfolio_risk"), many("many_falling"));
    (group.reason.cause, group.members) = (Some("tickets".to_owned()), vec![member.id]);
    t.create(&risk).await;
    t.create(&group).await;
    change(t, &member, |member| {
        (member.reason.cause, member.group) = (Some("tickets".to_owned()), Some(group.id));
    })
    .await;
    [member.id, risk.id, group.id]
}

#[tokio::test]
async fn what_is_about_many_accounts_wakes_on_the_hour_it_was_put_aside_for() {
    for t in support::databases().await {
        let [_, risk, group] = about_many(&t).await;
        alerts::catch_up(&t.db, t.workspace).await.unwrap();
        for (id, hours) in [(risk, 2), (group, 1)] {
            let until = Some(Timestamp(NOW.0 + hours * 3_600_000));
            let mut tx = t.write(&t.csm).await;
            let snooze = Step::Snooze { until, condition: None, note: String::new() };
            alerts::step(&mut tx, id, &snooze).await.unwrap();
            tx.commit().await.unwrap();
            alerts::catch_up(&t.db, t.workspace).await.unwrap();
            assert_eq!(alerts::due_at(&t.db, t.workspace).await.unwrap(), until, "{t:?}");
        }
        assert_eq!((open(&t).await.len(), shelf(&t, Shelf::Snoozed).await.len()), (0, 2), "{t:?}");
        for back in [&["many_falling"][..], &["many_falling", "portfolio_risk"]] {
            t.clock.advance(3_600_000);
            alerts::catch_up(&t.db, t.workspace).await.unwrap();
            assert_eq!(open(&t).await, back, "{t:?}");
        }
    }
}

#[tokio::test]
async fn alerts_about_many_accounts_end_at_once_with_their_rule() {
    for t in support::databases().await {
        about_many(&t).await;
        alerts::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!(open(&t).await, ["many_falling", "portfolio_risk"], "{t:?}");
        for key in ["portfolio_risk", "many_falling"] {
            let rule = built_in().into_iter().find(|rule| rule.key.as_deref() == Some(key)).unwrap();
            let mut tx = t.write(&t.manager).await;
            alerts::switch_rule(&mut tx, rule.id, false).await.unwrap();
            tx.commit().await.unwrap();
            alerts::catch_up(&t.db, t.workspace).await.unwrap();
            assert!(!open(&t).await.contains(&key.to_owned()), "{t:?}");
        }
        let over = shelf(&t, Shelf::Closed).await;
        assert!(over.len() == 2 && over.iter().all(|row| row.alert.outcome == Some(Outcome::RuleOff)), "{t:?}");
    }
}

#[tokio::test]
async fn a_group_that_is_over_no_longer_hides_what_it_gathered() {
    for t in support::databases().await {
        let [member, _, group] = about_many(&t).await;
        let counted = async || alerts::counts(&mut t.read(&t.viewer).await).await.unwrap().risk;
        assert_eq!(
            (open(&t).await, counted().await),
            (vec!["many_falling".into(), "portfolio_risk".into()], 2),
            "{t:?}"
        );
        let mut tx = t.write(&t.csm).await;
        let handled = Step::Resolve { outcome: Outcome::Handled, note: String::new() };
        alerts::step(&mut tx, group, &handled).await.unwrap();
        tx.commit().await.unwrap();
        assert!(shelf(&t, Shelf::Open).await.iter().any(|row| row.alert.id == member), "{t:?}");
        assert_eq!(counted().await, 2, "{t:?}: it counts in the group's stead");
    }
}

#[tokio::test]
async fn an_alert_is_not_reopened_beside_one_for_the_same_thing() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        t.create(&Ticket { escalated_at: None, severity: None, ..escalated(account.id) }).await;
        let mut tx = t.write(&t.manager).await;
        alerts::create_rule(&mut tx, rule("open_tickets > 0")).await.unwrap();
        tx.commit().await.unwrap();
        let mut ids = Vec::new();
        let handled = Step::Resolve { outcome: Outcome::Handled, note: String::new() };
        for _ in 0..2 {
            catch_up(&t).await;
            let id = shelf(&t, Shelf::Open).await[0].alert.id;
            ids.push(id);
            let mut tx = t.write(&t.csm).await;
            if let [old, _] = ids[..] {
                let refused = alerts::step(&mut tx, old, &Step::Reopen).await;
                assert!(matches!(refused, Err(db::Error::Refused(Refusal::Conflict(_)))), "{t:?}: {refused:?}");
            }
            alerts::step(&mut tx, id, &handled).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = t.write(&t.csm).await;
        let report = alerts::steps(&mut tx, &ids, &Step::Reopen).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((report.changed, report.refused.len()), (1, 1), "{t:?}: nor are two at once");
        assert_eq!(open(&t).await.len(), 1, "{t:?}");
    }
}

#[tokio::test]
async fn what_every_look_asks_is_found_by_an_index() {
    for t in support::databases().await.iter().filter(|t| !t.db.is_postgres()) {
        let w = format!("x'{}'", t.workspace.0.simple());
        let open = "workspace_id = w AND closed_at IS NULL";
        for (index, sql) in [
            (
                "alerts_fingerprint (workspace_id=? AND <expr>=?)",
                format!(
                    "SELECT json_extract(doc, '$.fingerprint') FROM alerts WHERE {open} \
                     AND json_extract(doc, '$.fingerprint') IN (SELECT value FROM json_each('[\"x\"]'))"
                ),
            ),
            (
                "alerts_snoozed",
                format!(
                    "SELECT account_id FROM alerts WHERE {open} AND snoozed_at IS NOT NULL AND account_id IS NOT NULL"
                ),
            ),
            ("alerts_cause", format!("SELECT doc FROM alerts WHERE {open} AND cause IS NOT NULL")),
            (
                "alerts_portfolio",
                "SELECT doc FROM alerts WHERE workspace_id = w AND kind = 'portfolio' AND cause IS NULL".to_owned(),
            ),
            (
                "todos_follows (workspace_id=? AND <expr>=?)",
                "SELECT COUNT(*) FROM todos WHERE workspace_id = w AND doc ->> 'follows' = 'x'".to_owned(),
            ),
        ] {
            let sql = sql.replace("workspace_id = w", &format!("workspace_id = {w}"));
            let plan = t.plan(&sql).await;
            assert!(plan.iter().any(|step| step.contains(index)), "{sql}: {plan:#?}");
        }
    }
}
