//! What hangs on an account: contacts, tickets, invoices, surveys, activities and usage.

use db::{Error, accounts, timeline, usage};
use domain::contacts::Contact;
use domain::id::{AccountId, ContactId, InvoiceId, ResponseId, TicketId};
use domain::money::Currency;
use domain::refusal::Refusal;
use domain::revenue::{Invoice, InvoiceLine};
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

pub fn contact(account: AccountId, name: &str, left: Option<Timestamp>) -> Contact {
    Contact {
        id: ContactId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        name: name.into(),
        email: Some(format!("{}@acme.example", name.to_lowercase())),
        phone: None,
        title: Some("Head of operations".into()),
        role: Some("champion".into()),
        sentiment: Some(72.5),
        time_zone: Some("Europe/Oslo".into()),
        last_touch_at: Some(NOW.plus_days(-3)),
        left_at: left,
        created_at: NOW,
        updated_at: NOW,
        distinct_from: Vec::new(),
    }
}

pub fn ticket(account: AccountId, subject: &str, opened: Timestamp) -> Ticket {
    Ticket {
        id: TicketId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        external_id: Some(subject.to_lowercase()),
        subject: subject.into(),
        severity: Some("high".into()),
        opened_at: opened,
        escalated_at: None,
        resolved_at: None,
        satisfaction: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn invoice(account: AccountId, number: &str, issued: Timestamp) -> Invoice {
    Invoice {
        id: InvoiceId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        external_id: Some(number.into()),
        product: None,
        currency: Currency::USD,
        amount_minor: 9_007_199_254_740_993,
        issued_at: issued,
        due_at: Some(issued.plus_days(30)),
        paid_at: None,
        failed_at: None,
        lines: vec![InvoiceLine { product: "Größe “L”, 'x'\n\t\\".into(), quantity: 1.5, amount_minor: -1 }],
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn response(account: AccountId, score: f64, answered: Timestamp) -> Response {
    Response {
        id: ResponseId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        external_id: None,
        kind: "nps".into(),
        score,
        comment: Some("😀 fine".into()),
        email: None,
        answered_at: answered,
        created_at: NOW,
        updated_at: NOW,
    }
}

#[tokio::test]
async fn facts_come_back_as_they_were_newest_first_and_of_their_account_alone() {
    for t in support::databases().await {
        let (acme, other) = (t.account("Acme").await.id, t.account("Other").await.id);
        let days: Vec<Timestamp> = (0..3).map(|ago| NOW.plus_days(-ago)).collect();
        let people = [contact(acme, "Bo", None), contact(acme, "Cy", None), contact(acme, "Al", Some(NOW))];
        let tickets = [ticket(acme, "New", days[0]), ticket(acme, "Older", days[1]), ticket(acme, "Oldest", days[2])];
        let invoices = [invoice(acme, "I-2", days[0]), invoice(acme, "I-1", days[2])];
        let answers = [response(acme, 9.0, days[0]), response(acme, 6.5, days[1])];
        for at in [2, 0, 1] {
            t.create(&people[at]).await;
            t.create(&tickets[at]).await;
        }
        for at in [1, 0] {
            t.create(&invoices[at]).await;
            t.create(&answers[at]).await;
        }
        t.create(&ticket(other, "Elsewhere", NOW)).await;
        let mut tx = t.read(&t.viewer).await;
        assert_eq!(timeline::contacts(&mut tx, acme).await.unwrap(), people, "{t:?}: those who left come last");
        assert_eq!(timeline::tickets(&mut tx, acme).await.unwrap(), tickets, "{t:?}");
        assert_eq!(timeline::invoices(&mut tx, acme).await.unwrap(), invoices, "{t:?}: to the last minor unit");
        assert_eq!(timeline::surveys(&mut tx, acme).await.unwrap(), answers, "{t:?}");
        assert_eq!(timeline::tickets(&mut tx, other).await.unwrap().len(), 1, "{t:?}");
    }
}

#[tokio::test]
async fn a_key_is_unique_and_a_duplicate_is_a_conflict() {
    for t in support::databases().await {
        let (acme, other) = (t.account("Acme").await.id, t.account("Other").await.id);
        t.create(&ticket(acme, "T-1", NOW)).await;
        t.create(&contact(acme, "Bo", None)).await;
        t.create(&contact(other, "Bo", None)).await;
        let error = db::subjects::create(&mut t.write(&t.csm).await, &ticket(other, "T-1", NOW)).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Conflict(_))), "{t:?}: {error:?}");
        let error = db::subjects::create(&mut t.write(&t.csm).await, &contact(acme, "Bo", None)).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Conflict(_))), "{t:?}: {error:?}");
        let nowhere = AccountId(Uuid::now_v7());
        let error = db::subjects::create(&mut t.write(&t.csm).await, &ticket(nowhere, "T-2", NOW)).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::NotFound)), "{t:?}: no facts without an account: {error:?}");
    }
}

#[tokio::test]
async fn logging_an_activity_moves_the_last_touch_forward_and_never_back() {
    for t in support::databases().await {
        let acme = t.account("Acme").await.id;
        let log = async |kind: &str, body: &str, at: Timestamp| {
            let mut tx = t.write(&t.csm).await;
            let activity = timeline::log_activity(&mut tx, acme, kind, body, at).await?;
            tx.commit().await?;
            Ok::<_, Error>(activity)
        };
        let last = async || accounts::get(&mut t.read(&t.viewer).await, acme).await.unwrap().last_activity_at;
        let call = log("call", "  They are happy.  ", NOW.plus_days(-2)).await.unwrap();
        assert_eq!((call.body.as_str(), call.author_id), ("They are happy.", t.csm.user), "{t:?}");
        assert_eq!(last().await, Some(NOW.plus_days(-2)), "{t:?}");
        let note = log("note", "Remembered something.", NOW.plus_days(-9)).await.unwrap();
        assert_eq!(last().await, Some(NOW.plus_days(-2)), "{t:?}: an older note does not move it back");
        let mail = log("email", "Sent the deck.", NOW).await.unwrap();
        assert_eq!(last().await, Some(NOW), "{t:?}");
        let all = timeline::activities(&mut t.read(&t.viewer).await, acme).await.unwrap();
        assert_eq!(all, [mail, call, note], "{t:?}");
        let before = t.snapshot().await;
        for (kind, body, at) in [
            ("dance", "x", NOW),
            ("note", "  ", NOW),
            ("note", &"x".repeat(20_001), NOW),
            ("note", "x", NOW.plus_days(2)),
        ] {
            let error = log(kind, body, at).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::Invalid(_))), "{t:?}: {error:?}");
        }
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}

async fn set(t: &TestDb, days: &[UsageDay]) {
    let mut tx = t.write(&t.csm).await;
    usage::set(&mut tx, days).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_last_report_of_a_day_counts() {
    for t in support::databases().await {
        let acme = t.account("Acme").await.id;
        let day = |ago: i64, value: f64| UsageDay {
            account_id: acme,
            metric: "logins".into(),
            day: NOW.day_start().plus_days(-ago),
            value,
        };
        let late = UsageDay { day: NOW, ..day(0, 4.0) };
        set(&t, &[day(1, 1.0), day(0, 2.0), day(0, 3.0), late]).await;
        set(&t, &[day(1, 7.5)]).await;
        let days = usage::of_account(&mut t.read(&t.viewer).await, acme, NOW.plus_days(-30)).await.unwrap();
        assert_eq!(days, [day(1, 7.5), day(0, 4.0)], "{t:?}: one value per day, the last");
        let recent = usage::of_account(&mut t.read(&t.viewer).await, acme, NOW.day_start()).await.unwrap();
        assert_eq!(recent, [day(0, 4.0)], "{t:?}");
    }
}
