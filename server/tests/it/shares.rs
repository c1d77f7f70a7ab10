//! Share links as strangers meet them: headers, one answer for all that is not there, passwords, files, and who looked.

use axum::body::Body;
use domain::identity::Role;
use domain::shares::{Access, Outcome};
use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::app::{Answer, PUBLIC_URL, Person, TestApp, request};

fn spec() -> Value {
    json!({
        "about": "accounts", "state": "all", "filter": "", "by": "band", "measures": ["count"], "shape": "bars",
        "order": {"by": "count", "descending": true}, "top": 10,
    })
}

fn draft(live: bool, download: bool, password: &str) -> Value {
    let shown = json!({"report": {"spec": spec()}});
    json!({"draft": {
        "name": "Accounts <by> band", "shown": shown, "live": live, "download": download, "password": password, "days": 30,
    }})
}

/// Makes a link and returns its id and its path.
async fn make(app: &TestApp, who: &Person, draft: Value) -> (String, String) {
    let answer = app.call("create_share", draft, Some(who)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let link = answer.json();
    let path = link["url"].as_str().unwrap().strip_prefix(PUBLIC_URL).unwrap().to_owned();
    (link["share"]["id"].as_str().unwrap().to_owned(), path)
}

async fn accesses(app: &TestApp, who: &Person, id: &str) -> Vec<Access> {
    let answer = app.call("load_accesses", json!({ "id": id }), Some(who)).await;
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

async fn open(app: &TestApp, path: &str, password: &str, cookie: Option<&str>) -> Answer {
    let form = format!("password={}", password.replace(' ', "+"));
    let request = request(Method::POST, path, None).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = cookie.into_iter().fold(request, |request, cookie| request.header(header::COOKIE, cookie));
    app.send(request.body(Body::from(form)).unwrap()).await
}

fn is_private(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(answer.header("x-robots-tag").contains("noindex"));
}

#[tokio::test]
async fn a_stranger_sees_the_report_and_nothing_else() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    app.account("Acme", |_| {}).await;
    let (id, path) = make(&app, &sam, draft(false, false, "")).await;
    assert_eq!(path.len(), "/shared/".len() + 64);
    let page = app.get(&path, None).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    is_private(&page);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let text = page.text();
    assert!(text.contains("Accounts &lt;by&gt; band") && !text.contains("<by>"), "escaped: {text}");
    for part in ["Shared by Sam on 21 Nov 2026", "All together", "<svg", "noindex", "keepwell.css"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for way_in in ["<script", "/accounts", "/reports", "style=", "Download CSV"] {
        assert!(!text.contains(way_in), "{way_in}: {text}");
    }
    assert_eq!(app.get(&format!("{path}/report.csv"), None).await.status, StatusCode::NOT_FOUND, "not allowed");
    let looks = accesses(&app, &sam, &id).await;
    assert_eq!(looks.len(), 1, "{looks:?}");
    assert_eq!((looks[0].network.as_str(), looks[0].outcome), ("192.0.2.0/24", Outcome::Shown));
}

#[tokio::test]
async fn what_is_not_there_and_what_has_ended_are_answered_alike() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let (revoked, gone) = make(&app, &sam, draft(true, false, "")).await;
    assert_eq!(app.call("revoke_share", json!({ "id": revoked }), Some(&sam)).await.status, StatusCode::OK);
    let (_, expired) = make(&app, &sam, draft(true, false, "")).await;
    app.clock.advance(30 * 86_400_000);
    let unknown = format!("/shared/{}", "0".repeat(64));
    let expected = app.get(&unknown, None).await;
    assert_eq!(expected.status, StatusCode::NOT_FOUND);
    is_private(&expected);
    assert!(expected.text().contains("There is nothing to see here"), "{}", expected.text());
    for path in [gone.as_str(), &expired, "/shared/short", "/shared/%2e%2e%2fetc", &format!("{expired}/report.csv")] {
        let answer = app.get(path, None).await;
        assert_eq!(
            (answer.status, &answer.body, &answer.headers),
            (expected.status, &expected.body, &expected.headers),
            "{path}"
        );
        let opened = open(&app, path, "green lantern", None).await;
        if !path.ends_with(".csv") {
            assert_eq!((opened.status, opened.body), (expected.status, expected.body.clone()), "{path}");
        }
    }
    // What became of them is written down behind the answer.
    let sam = Person { token: app.session(&sam.actor).await, ..sam };
    for _ in 0..100 {
        if accesses(&app, &sam, &revoked).await.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(accesses(&app, &sam, &revoked).await.iter().all(|look| look.outcome == Outcome::Ended));
}

#[tokio::test]
async fn a_password_is_asked_for_slowly_and_counts_for_its_link_alone() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    app.account("Acme", |_| {}).await;
    let (id, path) = make(&app, &sam, draft(true, true, "green lantern")).await;
    let (_, other) = make(&app, &sam, draft(true, true, "green lantern")).await;
    let asked = app.get(&path, None).await;
    assert!(asked.text().contains("This page has a password") && !asked.text().contains("All together"));
    is_private(&asked);
    let file = format!("{path}/report.csv");
    assert!(app.get(&file, None).await.text().contains("This page has a password"), "nor the file");
    let right = open(&app, &path, "green lantern", None).await;
    assert_eq!((right.status, right.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    let cookie = right.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Secure", &format!("Path={path}")] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let with = async |path: &str| {
        let request = request(Method::GET, path, None).header(header::COOKIE, &cookie);
        app.send(request.body(Body::empty()).unwrap()).await
    };
    assert!(with(&path).await.text().contains("All together"));
    let taken = with(&file).await;
    assert_eq!(taken.header("content-disposition"), "attachment; filename=\"report-2026-11-21.csv\"");
    assert!(taken.text().contains("\"Band\",\"Accounts\""), "{}", taken.text());
    is_private(&taken);
    assert!(with(&other).await.text().contains("This page has a password"), "another link, another proof");
    for _ in 0..5 {
        assert_eq!(open(&app, &path, "red lantern", None).await.status, StatusCode::FORBIDDEN);
    }
    let slow = open(&app, &path, "green lantern", None).await;
    assert_eq!(slow.status, StatusCode::TOO_MANY_REQUESTS, "even the right one waits");
    assert!(slow.text().contains("Wait 20 seconds"), "{}", slow.text());
    app.clock.advance(21_000);
    assert_eq!(open(&app, &path, "green lantern", None).await.status, StatusCode::SEE_OTHER);
    let count = |looks: &[Access], outcome| looks.iter().filter(|look| look.outcome == outcome).count();
    let looks = accesses(&app, &sam, &id).await;
    assert_eq!((count(&looks, Outcome::WrongPassword), count(&looks, Outcome::Taken)), (6, 1), "{looks:?}");
    app.clock.advance(3_600_001);
    assert!(with(&path).await.text().contains("This page has a password"), "an hour later");
}

#[tokio::test]
async fn a_link_says_when_its_maker_may_not_show_it_any_more() {
    let app = TestApp::start().await;
    let ada = app.signed_in_as("Ada", Role::Admin).await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    app.account("Acme", |_| {}).await;
    let (id, path) = make(&app, &sam, draft(true, false, "")).await;
    let change = async |role: &str, active: bool| {
        let answer = app.call("change_access", json!({"id": sam.id, "role": role, "active": active}), Some(&ada)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    };
    for (role, active) in [("viewer", true), ("csm", false)] {
        change(role, active).await;
        let page = app.get(&path, None).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(
            page.text().contains("no longer has access") && !page.text().contains("All together"),
            "{}",
            page.text()
        );
        is_private(&page);
    }
    change("csm", true).await;
    assert_eq!(app.get(&path, None).await.status, StatusCode::OK);
    let looks = accesses(&app, &ada, &id).await;
    assert_eq!(looks.iter().filter(|look| look.outcome == Outcome::Denied).count(), 2, "{looks:?}");
}

#[tokio::test]
async fn the_health_report_of_an_account_is_a_page_and_a_file() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let account = app.account("Acme & Söhne", |account| account.arr_minor = Some(4_820_000)).await;
    db::health::catch_up(&app.db, app.workspace).await.unwrap();
    for live in [true, false] {
        let shown = json!({"account": {"account_id": account}});
        let draft = json!({"draft": {
            "name": "x", "shown": shown, "live": live, "download": true, "password": "", "days": 7,
        }});
        let (_, path) = make(&app, &sam, draft).await;
        let page = app.get(&path, None).await;
        let text = page.text();
        assert_eq!(page.status, StatusCode::OK, "{text}");
        assert!(text.contains("Acme &amp; Söhne") && text.contains("48,200"), "{text}");
        assert!(!text.contains("/accounts/") && !text.contains("/alerts/"), "nothing leads further in: {text}");
        let file = app.get(&format!("{path}/report.pdf"), None).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "application/pdf"));
        assert!(file.body.starts_with(b"%PDF-"), "live: {live}");
        let name = "attachment; filename=\"health-report-acme-soehne-2026-11-21.pdf\"";
        assert_eq!(file.header("content-disposition"), name);
        is_private(&file);
        assert_eq!(app.get(&format!("{path}/report.csv"), None).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn viewers_share_nothing() {
    let app = TestApp::start().await;
    let vera = app.signed_in_as("Vera", Role::Viewer).await;
    let answer = app.call("create_share", draft(true, false, ""), Some(&vera)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
}
