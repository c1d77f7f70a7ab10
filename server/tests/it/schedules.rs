//! Scheduled reports through a real mail server: what arrives, as what, and what is said where nothing does.

use domain::identity::{Actor, Role};
use domain::reports::{ReportDraft, Spec, ready};
use domain::schedules::{Recipient, Rhythm, Run, Schedule, ScheduleDraft, Timing, Trouble};
use serde_json::json;

use crate::app::{PUBLIC_URL, Person, TestApp};
use crate::mail::{Post, courier, header, plain, work};

async fn schedule(app: &TestApp, who: &Person, spec: Spec, recipients: Vec<Recipient>) -> Schedule {
    let mut tx = app.db.write(&who.actor).await.unwrap();
    let report = ReportDraft { name: "Accounts <by> band".into(), shared: false, spec };
    let report = db::reports::create(&mut tx, report).await.unwrap();
    // The clock stands at nine; in Berlin it is ten.
    let timing = Timing { rhythm: Rhythm::Week { weekday: 5 }, minute: 11 * 60, zone: "Europe/Berlin".into() };
    let draft = ScheduleDraft { report_id: report.id, timing, recipients, csv: true, pdf: true };
    let schedule = db::schedules::save(&mut tx, None, draft).await.unwrap();
    tx.commit().await.unwrap();
    schedule
}

async fn runs(app: &TestApp, who: &Person, schedule: &Schedule) -> Vec<Run> {
    let answer = app.call("load_runs", json!({ "id": schedule.id }), Some(who)).await;
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

#[tokio::test]
async fn a_report_arrives_with_its_table_in_the_mail_and_as_a_file() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    app.account("Acme", |account| account.tier = Some("=1+1".into())).await;
    let spec = ready("arr_by_segment").unwrap();
    let schedule = schedule(&app, &sam, spec, vec![Recipient::User(sam.id)]).await;
    let mut post = Post::open("open");
    let courier = courier(&post.mail());
    assert_eq!(work(&app, &courier).await, 0, "it is not time yet");
    app.clock.advance(3_600_000);
    assert_eq!(work(&app, &courier).await, 2, "the run and its mail");
    let message = post.next();
    assert_eq!(message["to"][0].as_str(), Some(sam.email.as_str()));
    let data = message["data"].as_str().unwrap();
    let body = plain(data);
    let subject = header(data, "Subject").unwrap();
    assert!(subject.contains("Accounts <by> band: 21 Nov 2026"), "{subject}");
    assert!(body.contains("Accounts &lt;by&gt; band"), "escaped in HTML: {body}");
    let files = ["filename=\"report-2026-11-21.csv\"", "filename=\"report-2026-11-21.pdf\"", "application/pdf"];
    for part in ["multipart/mixed", "text/plain", "text/html", "<table"].into_iter().chain(files) {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(body.contains("every Saturday at 11:00 (Europe/Berlin)"), "{body}");
    assert!(body.contains(&format!("{PUBLIC_URL}/reports?report={}", schedule.report_id)), "{body}");
    for traces in ["<img", "<script", "url("] {
        assert!(!body.contains(traces), "{traces}: {body}");
    }
    let sam = Person { token: app.session(&sam.actor).await, ..sam };
    let done = runs(&app, &sam, &schedule).await;
    assert_eq!((done.len(), done[0].sent(), done[0].by_hand), (1, 1, false), "{done:?}");
    assert_eq!(work(&app, &courier).await, 0, "once");
}

#[tokio::test]
async fn everybody_gets_a_report_in_their_own_language() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    app.account("Acme", |account| account.tier = Some("Pro".into())).await;
    let mut recipients = Vec::new();
    for (name, language) in [("Greta", "de"), ("Amal", "ar")] {
        let person = app.signed_in_as(name, Role::Viewer).await;
        let mut tx = app.db.write(&person.actor).await.unwrap();
        let mut wishes = db::notices::preferences(&mut tx).await.unwrap();
        wishes.language = language.to_owned();
        db::notices::set_preferences(&mut tx, wishes).await.unwrap();
        tx.commit().await.unwrap();
        recipients.push(Recipient::User(person.id));
    }
    schedule(&app, &sam, ready("arr_by_segment").unwrap(), recipients).await;
    let mut post = Post::open("open");
    let courier = courier(&post.mail());
    app.clock.advance(3_600_000);
    assert_eq!(work(&app, &courier).await, 3, "the run and both mails");
    for _ in 0..2 {
        let message = post.next();
        let body = plain(message["data"].as_str().unwrap());
        let words = match message["to"][0].as_str().unwrap() {
            "greta@northwind.example" => {
                ["Hallo Greta,", "jeden Samstag um 11:00", "Der Bericht ist als PDF", "dir=\"ltr\""]
            }
            _ => ["مرحبًا Amal", "كل يوم السبت", "بصيغة PDF", "dir=\"rtl\""],
        };
        for words in words {
            assert!(body.contains(words), "{words}: {body}");
        }
    }
}

#[tokio::test]
async fn a_mail_that_does_not_arrive_is_tried_again_and_then_told() {
    let app = TestApp::start().await;
    let post = Post::open("open");
    let courier = courier(&post.mail());
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    for (name, tries, words) in [("Busy", 16, "come again"), ("Nobody", 1, "no such mailbox")] {
        let person = app.signed_in_as(name, Role::Viewer).await;
        let schedule = schedule(&app, &sam, Spec::default(), vec![Recipient::User(person.id)]).await;
        let mut tx = app.db.write(&sam.actor).await.unwrap();
        db::schedules::run_now(&mut tx, schedule.id).await.unwrap();
        db::schedules::pause(&mut tx, schedule.id, true).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..20 {
            work(&app, &courier).await;
            app.clock.advance(2 * 3_600_000);
        }
        let sam = Person { token: app.session(&sam.actor).await, ..sam.clone() };
        let run = runs(&app, &sam, &schedule).await.remove(0);
        let mail = &run.mails[0];
        assert_eq!((mail.attempts, mail.dead_at.is_some(), mail.to.as_str()), (tries, true, name), "{run:?}");
        assert!(matches!(&mail.trouble, Some(Trouble::Returned(said)) if said.contains(words)), "{run:?}");
    }
}

#[tokio::test]
async fn without_a_mail_server_the_history_says_so() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let schedule = schedule(&app, &sam, Spec::default(), vec![Recipient::User(sam.id)]).await;
    let mut tx = app.db.write(&sam.actor).await.unwrap();
    db::schedules::run_now(&mut tx, schedule.id).await.unwrap();
    tx.commit().await.unwrap();
    work(&app, &server::tasks::Courier::default()).await;
    let run = runs(&app, &sam, &schedule).await.remove(0);
    assert_eq!(run.mails[0].trouble, Some(Trouble::NoMail), "{run:?}");
    let ground = app.call("schedule_ground", json!({}), Some(&sam)).await.json();
    assert_eq!((ground["mail"].as_bool(), ground["outside"].as_bool()), (Some(false), Some(false)), "{ground}");
    let system = Actor::system(app.workspace);
    let next = db::tasks::is_due(&mut app.db.read(&system).await.unwrap(), &[]).await.unwrap();
    assert!(!next, "nothing is tried again");
}
