//! Mail through a real mail server, a process of its own: what arrives, what is tried again, and what ends it.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use domain::accounts::Account;
use domain::id::AccountId;
use domain::identity::{Actor, Role};
use domain::notices::{Channel, Delivery, Preferences};
use http::{Method, StatusCode};
use serde_json::Value;
use server::mail::{Encryption, Mail, Mailer};
use server::tasks::Courier;

use crate::app::{NOW, PUBLIC_URL, Person, TestApp, request};
use crate::source;

/// A mail server, killed when the test is over.
pub struct Post {
    process: Child,
    lines: BufReader<ChildStdout>,
    port: u16,
}

impl Post {
    /// Starts one: `open`, `login` or `tls`.
    pub fn open(mode: &str) -> Self {
        let folder = source::root().join("end2end");
        let installed = folder.join("node_modules/smtp-server").is_dir();
        assert!(installed, "the mail server for tests is missing; run `make setup`, which installs it");
        let mut process = Command::new("node")
            .arg(folder.join("smtp.mjs"))
            .arg(mode)
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed");
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        let mut port = String::new();
        lines.read_line(&mut port).unwrap();
        Self { process, lines, port: port.trim().parse().unwrap() }
    }

    /// Returns the next message that the server took.
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Returns how it is reached.
    pub fn mail(&self) -> Mail {
        Mail {
            host: "127.0.0.1".into(),
            port: self.port,
            encryption: Encryption::None,
            login: None,
            from: "Keepwell <keepwell@example.com>".into(),
        }
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Returns a courier for a mail server.
pub fn courier(mail: &Mail) -> Courier {
    Courier { mailer: Some(Mailer::new(mail).unwrap()), egress: None, public_url: PUBLIC_URL.into() }
}

/// Sends what is due, once, and returns how many tasks there were.
pub async fn work(app: &TestApp, courier: &Courier) -> usize {
    let system = Actor::system(app.workspace);
    let mut done = 0;
    loop {
        let mut tx = app.db.write(&system).await.unwrap();
        let Some(task) = db::tasks::lease(&mut tx, &[]).await.unwrap() else { return done };
        tx.commit().await.unwrap();
        let result = match task.kind.as_str() {
            db::schedules::TASK => db::schedules::perform(&app.db, app.workspace, &task).await,
            db::schedules::MAIL => courier.send_report(&app.db, app.workspace, &task).await,
            _ => courier.deliver(&app.db, app.workspace, &task).await,
        };
        let mut tx = app.db.write(&system).await.unwrap();
        match result {
            Ok(()) => db::tasks::finish(&mut tx, task.id).await.unwrap(),
            Err(error) => db::tasks::fail(&mut tx, &task, &error.to_string()).await.unwrap(),
        }
        tx.commit().await.unwrap();
        done += 1;
    }
}

/// Gives an account to somebody, as Maya.
async fn give(app: &TestApp, maya: &Person, to: &Person, name: &str) -> AccountId {
    let id = app.account(name, |_| {}).await;
    let mut tx = app.db.write(&maya.actor).await.unwrap();
    let before = db::accounts::get(&mut tx, id).await.unwrap();
    let after = Account { owner_id: Some(to.id), ..before.clone() };
    db::subjects::update(&mut tx, &before, &after).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn tell(app: &TestApp, courier: &Courier) {
    db::health::catch_up(&app.db, app.workspace).await.unwrap();
    db::notices::catch_up(&app.db, app.workspace, courier.reach()).await.unwrap();
}

async fn wish(app: &TestApp, person: &Person, change: impl FnOnce(&mut Preferences)) {
    let mut wishes = Preferences { quiet: None, ..Preferences::default() };
    change(&mut wishes);
    let mut tx = app.db.write(&person.actor).await.unwrap();
    db::notices::set_preferences(&mut tx, wishes).await.unwrap();
    tx.commit().await.unwrap();
}

async fn log_of(app: &TestApp, person: &Person) -> Vec<Delivery> {
    db::notices::deliveries(&mut app.db.read(&person.actor).await.unwrap()).await.unwrap()
}

/// Takes quoted-printable back: soft ends of lines, then bytes.
pub fn plain(data: &str) -> String {
    let data = data.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = std::str::from_utf8(tail.get(..2).unwrap_or_default()).ok();
        let byte = code.filter(|_| *first == b'=').and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns a header of a message, with its folded lines.
pub fn header(data: &str, name: &str) -> Option<String> {
    let head = data.split("\r\n\r\n").next()?.replace("\r\n ", " ").replace("\r\n\t", " ");
    head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned)
}

#[tokio::test]
async fn a_notice_arrives_as_a_mail_with_a_way_to_end_it() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Manager).await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    wish(&app, &sam, |_| {}).await;
    let mut post = Post::open("login");
    let mail = Mail { login: Some(("kw".into(), "hush".into())), ..post.mail() };
    let courier = courier(&mail);
    tell(&app, &courier).await;
    let id = give(&app, &maya, &sam, "Acme <b>&</b> Söhne").await;
    tell(&app, &courier).await;
    assert_eq!(work(&app, &courier).await, 1);
    let message = post.next();
    assert_eq!(
        (message["from"].as_str(), message["to"][0].as_str()),
        (Some("keepwell@example.com"), Some(sam.email.as_str()))
    );
    let data = message["data"].as_str().unwrap();
    let body = plain(data);
    let delivery = log_of(&app, &sam).await.remove(0);
    assert_eq!(header(data, "Message-ID").unwrap(), format!("<{}@example.com>", delivery.id));
    assert!(delivery.sent_at.is_some() && delivery.attempts == 1);
    assert!(body.contains(&format!("{PUBLIC_URL}/accounts/{id}")), "{body}");
    assert!(body.contains("Acme &lt;b&gt;&amp;&lt;/b&gt; Söhne is yours now"), "escaped in HTML: {body}");
    assert!(body.contains("Acme <b>&</b> Söhne is yours now"), "as it is in text: {body}");
    for traces in ["<img", "<script", "url(", "http-equiv", "<link"] {
        assert!(!body.contains(traces), "{traces}: {body}");
    }
    assert_eq!(header(data, "List-Unsubscribe-Post").unwrap(), "List-Unsubscribe=One-Click");
    let stop = header(data, "List-Unsubscribe").unwrap();
    let stop = stop.trim_matches(['<', '>']).strip_prefix(PUBLIC_URL).unwrap().to_owned();
    unsubscribes(&app, &sam, &stop).await;
}

/// The link asks a person and obeys a program, without a sign-in and from wherever it comes.
async fn unsubscribes(app: &TestApp, sam: &Person, stop: &str) {
    let wishes = async || {
        db::notices::preferences(&mut app.db.read(&sam.actor).await.unwrap()).await.unwrap().uses(Channel::Email)
    };
    let asked = app.send(request(Method::GET, stop, None).body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
    assert_eq!((asked.header("referrer-policy"), asked.header("cache-control")), ("no-referrer", "no-store"));
    assert!(wishes().await, "whoever only looks ends nothing");
    let click = |path: &str| {
        request(Method::POST, path, None)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from("List-Unsubscribe=One-Click"))
            .unwrap()
    };
    let wrong = app.send(click(&stop.replace("email", "digest_daily"))).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    assert!(wishes().await);
    assert_eq!(app.send(click(stop)).await.status, StatusCode::OK);
    assert!(!wishes().await);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_a_mailbox_that_is_not_there_once() {
    let app = TestApp::start().await;
    let post = Post::open("open");
    let courier = courier(&post.mail());
    for (name, tries, dead) in [("Busy", 16, true), ("Nobody", 1, true)] {
        let person = app.signed_in_as(name, Role::Viewer).await;
        let mut tx = app.db.write(&person.actor).await.unwrap();
        db::notices::send_test(&mut tx, Channel::Email).await.unwrap();
        tx.commit().await.unwrap();
        let mut worked = 0;
        for _ in 0..20 {
            worked += work(&app, &courier).await;
            app.clock.advance(2 * 3_600_000);
        }
        let log = log_of(&app, &person).await;
        assert_eq!((worked, log[0].attempts, log[0].dead_at.is_some()), (tries, tries as u32, dead), "{name}: {log:?}");
        let why = log[0].last_error.clone().unwrap();
        assert!(why.contains(if name == "Busy" { "come again" } else { "no such mailbox" }), "{why}");
    }
}

#[tokio::test]
async fn no_mail_goes_to_a_server_that_cannot_prove_who_it_is_or_is_not_there() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Viewer).await;
    let post = Post::open("tls");
    let untrusted = Mail { encryption: Encryption::StartTls, ..post.mail() };
    let plain = Post::open("open");
    let without = Mail { encryption: Encryption::StartTls, ..plain.mail() };
    let closed = Mail { port: 1, ..plain.mail() };
    let wrong = Post::open("login");
    let denied = Mail { login: Some(("kw".into(), "wrong".into())), ..wrong.mail() };
    for mail in [untrusted, without, closed, denied] {
        let mut tx = app.db.write(&sam.actor).await.unwrap();
        db::notices::send_test(&mut tx, Channel::Email).await.unwrap();
        tx.commit().await.unwrap();
        work(&app, &courier(&mail)).await;
        let newest = log_of(&app, &sam).await.remove(0);
        assert!(newest.sent_at.is_none() && newest.last_error.is_some(), "{mail:?}: {newest:?}");
    }
}

#[tokio::test]
async fn the_digest_is_today_in_text_and_html_and_comes_once() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Manager).await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    wish(&app, &maya, |wishes| Channel::ALL.into_iter().for_each(|channel| wishes.leave(channel))).await;
    wish(&app, &sam, |wishes| {
        wishes.leave(Channel::Email);
        (wishes.zone, wishes.digest_hour) = ("Asia/Kolkata".into(), 17);
    })
    .await;
    let mut post = Post::open("open");
    let courier = courier(&post.mail());
    tell(&app, &courier).await;
    let id = give(&app, &maya, &sam, "Falling Foods").await;
    let mut tx = app.db.write(&maya.actor).await.unwrap();
    db::health::set_override(&mut tx, id, 8.0, "They told us.", NOW.plus_days(9)).await.unwrap();
    tx.commit().await.unwrap();
    tell(&app, &courier).await;
    assert_eq!(work(&app, &courier).await, 0, "it is half past two there");
    app.clock.advance(150 * 60_000);
    tell(&app, &courier).await;
    tell(&app, &courier).await;
    assert_eq!(work(&app, &courier).await, 1, "it is five");
    let message = post.next();
    let data = message["data"].as_str().unwrap();
    let body = plain(data);
    assert!(header(data, "Subject").unwrap().contains("Keepwell today: 21 Nov 2026"), "{data}");
    for part in ["Needs you", "Falling Foods", "They told us.", "Not read yet"] {
        assert_eq!(body.matches(part).count().min(2), 2, "{part} is in both halves: {body}");
    }
    assert!(header(data, "List-Unsubscribe").unwrap().contains("digest_daily"), "{data}");
}
