//! Who gets in, what strangers are told, and what no page may carry.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use domain::id::SessionId;
use domain::identity::Role;
use domain::refusal::Refusal;
use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use server::router::{ROUTES, router};

use crate::app::{Answer, PASSWORD, PUBLIC_URL, Person, TestApp, path_of, request};

/// Returns every page with its parameters filled in.
fn pages(id: &str) -> Vec<String> {
    let fill = |part: &str| match part {
        "{id}" | ":id" => id.to_owned(),
        "{tab}" | ":tab" => "health".to_owned(),
        "{section}" | ":section" => "profile".to_owned(),
        other => other.to_owned(),
    };
    let pages = ROUTES.iter().map(|route| route.path()).filter(|path| !path.starts_with("/api/"));
    let paths: Vec<String> = pages.map(|path| path.split('/').map(fill).collect::<Vec<_>>().join("/")).collect();
    assert!(paths.len() >= 8 && paths.iter().all(|path| !path.contains(['{', ':'])), "{paths:?}");
    paths
}

#[tokio::test]
async fn strangers_see_the_door_and_nothing_else() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/", None).await.header("location"), "/setup", "the first visitor sets up");
    let maya = app.signed_in_as("Maya", Role::Manager).await;
    let id = app.account("Acme", |_| {}).await.to_string();
    for path in pages(&id) {
        let (stranger, known) = (app.get(&path, None).await, app.get(&path, Some(&maya)).await);
        assert_eq!(known.status, StatusCode::OK, "{path} for somebody who is signed in");
        if path == "/sign-in" || path == "/setup" {
            assert_eq!(stranger.status, StatusCode::OK, "{path}");
        } else {
            assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path}");
            assert!(stranger.header("location").starts_with("/sign-in"), "{path}");
            assert!(!stranger.text().contains("Acme"), "{path}");
        }
    }
    for path in ["/events", "/import/0190a000-0000-7000-8000-000000000000/errors.csv"] {
        assert_eq!(app.get(path, None).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(app.upload("a.csv", "name\nAcme\n", None).await.status, StatusCode::UNAUTHORIZED);
    for path in ["/livez", "/readyz", "/sw.js", "/register-sw.js", "/offline", "/robots.txt"] {
        assert_eq!(app.get(path, None).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(app.get("/nowhere", Some(&maya)).await.status, StatusCode::NOT_FOUND);
    assert!(app.get("/nowhere?a=1&b", None).await.header("location").starts_with("/sign-in?next=/nowhere%3Fa"));
}

#[tokio::test]
async fn signing_in_leads_to_no_other_site() {
    for next in
        ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/sign-in", "/api/fn/x"]
    {
        assert_eq!(app::identity::next_path(next), "/", "{next}");
    }
    assert_eq!(app::identity::next_path("/accounts?filter=a"), "/accounts?filter=a");
}

#[tokio::test]
async fn nothing_is_written_in_a_persons_name_by_another_site() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Admin).await;
    let mut paths: Vec<String> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    paths.extend(["/import/files".to_owned(), "/accounts".to_owned()]);
    let foreign: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site"), ("origin", PUBLIC_URL)],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
    ];
    for path in &paths {
        for headers in foreign {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                let request = headers
                    .iter()
                    .fold(request(method, path, Some(&maya)), |request, (name, value)| request.header(*name, *value));
                let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                let answer = app.send(request.body(Body::from("name=Evil")).unwrap()).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            }
        }
    }
    let before = last_seq(&app).await;
    for path in paths.iter().filter(|path| path.starts_with("/api/")) {
        let answer = app.get(&format!("{path}?name=Evil&text=a&theme=dark&density="), Some(&maya)).await;
        assert!(answer.status.is_client_error(), "GET {path} answers {}", answer.status);
    }
    assert_eq!(last_seq(&app).await, before);
}

pub async fn last_seq(app: &TestApp) -> i64 {
    let mut tx = app.db.read(&app.system()).await.unwrap();
    db::log::last_seq(&mut tx).await.unwrap()
}

#[tokio::test]
async fn an_answer_to_a_form_leads_to_our_own_pages() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Admin).await;
    let request = request(Method::POST, &path_of("sign_in"), None)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin");
    let body = format!("email={}&password={}&next=/accounts", maya.email, PASSWORD.replace(' ', "%20"));
    let answer = app.send(request.body(Body::from(body)).unwrap()).await;
    assert!(answer.status.is_redirection(), "{}", answer.status);
    assert_eq!(answer.header("location"), "/accounts");
}

#[tokio::test]
async fn every_answer_carries_its_headers() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Viewer).await;
    let page = app.get("/sign-in", None).await;
    let data = app.call("list_imports", json!({}), Some(&maya)).await;
    let refused = app.call("list_imports", json!({}), None).await;
    let file = app.get("/manifest.webmanifest", None).await;
    let package = app.get("/pkg/keepwell.js", None).await;
    let missing = app.get("/pkg/missing.js", None).await;
    let away = app.get("/", None).await;
    let forbidden = app.send(request(Method::POST, "/import/files", Some(&maya)).body(Body::empty()).unwrap()).await;
    assert_eq!(
        (data.status, refused.status, forbidden.status),
        (StatusCode::OK, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN)
    );
    for (name, answer) in [
        ("page", &page),
        ("data", &data),
        ("refused", &refused),
        ("file", &file),
        ("package", &package),
        ("missing", &missing),
        ("away", &away),
        ("forbidden", &forbidden),
    ] {
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("referrer-policy", "same-origin"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ] {
            assert_eq!(answer.header(header), value, "{name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{name}: {policy}");
        assert!(!answer.header("permissions-policy").is_empty(), "{name}");
        assert!(
            answer.header("access-control-allow-origin").is_empty() && answer.header("server").is_empty(),
            "{name}"
        );
    }
    assert!(page.header("content-security-policy").contains("form-action 'self'"));
    assert_eq!(data.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!((page.header("cache-control"), data.header("cache-control")), ("no-store", "no-store"));
    assert_eq!(package.header("cache-control"), "public, max-age=31536000, immutable");
}

/// Returns the policy's nonce.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    policy
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .unwrap_or_else(|| panic!("{policy}"))
        .to_owned()
}

#[tokio::test]
async fn pages_run_nothing_without_their_nonce() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Admin).await;
    let id = app.account("Acme", |_| {}).await.to_string();
    let mut seen = std::collections::HashSet::new();
    for path in pages(&id) {
        let page = app.get(&path, Some(&maya)).await;
        let (nonce, html) = (nonce(&page), page.text());
        assert!(nonce.len() >= 22 && seen.insert(nonce.clone()), "{path}: a nonce is random and used once");
        for tag in tags(&html) {
            let inline_script =
                tag.starts_with("<script") && !tag.contains(" src=") && !tag.contains("application/json");
            if inline_script || tag.starts_with("<style") {
                assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
            }
            assert!(!tag.contains(" style=\""), "{path}: the policy blocks {tag}");
            assert!(
                !tag.split_whitespace().any(|part| part.starts_with("on") && part.contains("=\"")),
                "{path}: {tag}"
            );
            assert!(!tag.starts_with("<textarea") || tag.ends_with('>'), "{path}: {tag}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_hold_when_many_ask_at_once() {
    let app = Arc::new(TestApp::start().await);
    let maya = app.signed_in_as("Maya", Role::Admin).await;
    let mut paths = pages(&app.account("Acme", |_| {}).await.to_string());
    paths.push("/nowhere".to_owned());
    // What other servers of the process do as they start is no reason to wait, either.
    let state = app.state.clone();
    let starts = tokio::task::spawn_blocking(move || (0..20).for_each(|_| drop(router(state.clone()))));
    let tasks: Vec<_> = (0..20)
        .flat_map(|_| paths.clone())
        .map(|path| {
            let (app, maya) = (app.clone(), maya.clone());
            tokio::spawn(async move { (app.get(&path, Some(&maya)).await, path) })
        })
        .collect();
    for task in tasks {
        let (answer, path) = task.await.unwrap();
        let expected = if path == "/nowhere" { StatusCode::NOT_FOUND } else { StatusCode::OK };
        assert_eq!(answer.status, expected, "{path}");
        let html = answer.text();
        assert!(html.contains("Keepwell</title>"), "{path} has no title");
        assert!(html.contains("</html>"), "{path} is not whole: {html}");
    }
    starts.await.unwrap();
}

/// Returns what stands between angle brackets, outside scripts.
fn tags(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
        let tag = &rest[start..end];
        found.push(tag);
        rest = &rest[end..];
        if tag.starts_with("<script") {
            rest = rest.split_once("</script>").map_or("", |(_, rest)| rest);
        }
    }
    found
}

#[tokio::test]
async fn bodies_are_bounded() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Csm).await;
    let large = "x".repeat(3 * 1024 * 1024);
    for name in ["sign_in", "search_accounts", "preview_import"] {
        let request = request(Method::POST, &path_of(name), Some(&maya))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::CONTENT_LENGTH, large.len());
        let answer = app.send(request.body(Body::from(format!("text={large}"))).unwrap()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{name}");
    }
    // Without a length, the server stops reading by itself.
    let endless =
        futures::stream::repeat_with(|| Ok::<_, std::io::Error>("text=xxxxxxxxxxxxxxxxxxxxxxxxxxxx".repeat(1_000)));
    let request = request(Method::POST, &path_of("search_accounts"), Some(&maya))
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let sent = app.send(request.body(Body::from_stream(endless)).unwrap());
    let answer = tokio::time::timeout(Duration::from_secs(20), sent).await.expect("an endless body ends");
    assert!(answer.status.is_client_error(), "{}", answer.status);
    let too_large = app.upload("big.csv", vec![b'a'; 51 * 1024 * 1024], Some(&maya)).await;
    assert_eq!(too_large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(too_large.json()["message"].as_str().unwrap().contains("50 MiB"));
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.call("sign_in", json!({"email": email, "password": password, "next": "/"}), None).await
}

#[tokio::test]
async fn the_cookie_belongs_to_this_server_alone() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Viewer).await;
    let answer = sign_in(&app, &maya.email, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let cookie = answer.header("set-cookie").to_owned();
    let token = cookie.strip_prefix("__Host-keepwell=").and_then(|rest| rest.split(';').next()).unwrap();
    assert!(token.len() == 64 && token != maya.token);
    for flag in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let fresh = Person { token: token.to_owned(), ..maya.clone() };
    let out = app.call("sign_out", json!({}), Some(&fresh)).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert_eq!(app.call("list_imports", json!({}), Some(&fresh)).await.refusal(), Some(Refusal::SignedOut));
    assert!(!app::session::cookie(token, false).contains("Secure"), "a machine without TLS would lose a secure cookie");
}

#[tokio::test]
async fn guessing_is_slow_and_learns_nothing() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Viewer).await;
    let (wrong, unknown) = (
        sign_in(&app, &maya.email, "a wrong password").await,
        sign_in(&app, "nobody@x.example", "a wrong password").await,
    );
    assert_eq!((wrong.status, wrong.text()), (unknown.status, unknown.text()));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 2..5 {
        sign_in(&app, &maya.email, "a wrong password").await;
    }
    let sixth = sign_in(&app, &maya.email, PASSWORD).await;
    assert_eq!((sixth.status, sixth.refusal()), (StatusCode::TOO_MANY_REQUESTS, Some(Refusal::TooMany(20))));
    assert!(sixth.header("set-cookie").is_empty());
    app.clock.advance(20_000);
    assert_eq!(sign_in(&app, &maya.email, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn behind_a_trusted_proxy_tries_and_sessions_are_those_of_who_is_in_front_of_it() {
    let mut app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Viewer).await;
    let from = async |app: &TestApp, client: &str, password: &str| {
        let request = request(Method::POST, &path_of("sign_in"), None)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", format!("203.0.113.250, {client}"));
        let form = crate::app::form(&json!({"email": maya.email, "password": password, "next": "/"}));
        app.send(request.body(Body::from(form)).unwrap()).await
    };
    let addresses = async |app: &TestApp| {
        let sessions = app.call("load_sessions", json!({}), Some(&maya)).await.json();
        let ip = |session: &Value| session["ip"].as_str().unwrap().to_owned();
        sessions.as_array().unwrap().iter().map(ip).collect::<Vec<_>>()
    };
    for place in 0..5 {
        from(&app, &format!("203.0.113.{place}"), "a wrong password").await;
    }
    let sixth = from(&app, "203.0.113.9", PASSWORD).await;
    assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS, "a stranger's header makes nobody somebody else");
    app.clock.advance(20_000);
    assert_eq!(from(&app, "203.0.113.9", PASSWORD).await.status, StatusCode::OK);
    assert!(addresses(&app).await.contains(&"192.0.2.7".to_owned()));

    let trusted_proxies = server::client::Network::list("192.0.2.0/24").unwrap();
    app.state.config = Arc::new(server::config::Config { trusted_proxies, ..(*app.state.config).clone() });
    app.restart();
    for place in 0..7 {
        let answer = from(&app, &format!("203.0.113.{place}"), "a wrong password").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "each has tries of its own");
    }
    assert_eq!(from(&app, "203.0.113.9", PASSWORD).await.status, StatusCode::OK);
    let addresses = addresses(&app).await;
    assert!(addresses.contains(&"203.0.113.9".to_owned()), "{addresses:?}");
    assert!(!addresses.contains(&"203.0.113.250".to_owned()), "what the client wrote itself: {addresses:?}");
}

#[tokio::test]
async fn a_session_is_over_with_the_next_request() {
    let app = TestApp::start().await;
    let ada = app.signed_in_as("Ada", Role::Admin).await;
    let maya = app.signed_in_as("Maya", Role::Csm).await;
    let works =
        async |person: &Person| app.call("list_imports", json!({}), Some(person)).await.status == StatusCode::OK;
    let second = Person { token: app.session(&maya.actor).await, ..maya.clone() };
    assert!(works(&maya).await && works(&second).await);

    let who = db::sessions::whoami(&app.db, &second.token).await.unwrap();
    let mut tx = app.db.write(&maya.actor).await.unwrap();
    db::sessions::revoke_session(&mut tx, SessionId(who.session.0)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(works(&maya).await && !works(&second).await, "revoked");

    let third = Person { token: app.session(&maya.actor).await, ..maya.clone() };
    let who = db::sessions::whoami(&app.db, &maya.token).await.unwrap();
    db::identity::change_password(&app.db, &who, PASSWORD, "ten yellow lanterns").await.unwrap();
    assert!(works(&maya).await && !works(&third).await, "a new password ends the other sessions");

    let mut tx = app.db.write(&ada.actor).await.unwrap();
    db::identity::set_access(&mut tx, maya.id, Role::Viewer, true).await.unwrap();
    tx.commit().await.unwrap();
    let answer = app.call("create_account", json!({"name": "Acme"}), Some(&maya)).await;
    assert_eq!(answer.refusal(), Some(Refusal::Forbidden), "a role counts from the next request");

    let mut tx = app.db.write(&ada.actor).await.unwrap();
    db::identity::set_access(&mut tx, maya.id, Role::Viewer, false).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!works(&maya).await, "shut out");
    assert_ne!(sign_in(&app, &maya.email, "ten yellow lanterns").await.status, StatusCode::OK);

    app.clock.advance(61 * 60 * 1_000);
    assert!(!works(&ada).await, "an hour without use");
}

const PAYLOADS: [&str; 3] =
    ["</script><script>alert(1)</script>", "</textarea><script>alert(2)</script>", "\"'><img src=x onerror=alert(3)>"];

#[tokio::test]
async fn what_people_write_never_becomes_part_of_a_page() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Admin).await;
    for payload in PAYLOADS {
        let answer = app.call("rename_me", json!({ "name": payload }), Some(&maya)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let id = hostile_account(&app, &maya, payload).await;
        let encoded: String = payload.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let mut paths = vec![
            "/".to_owned(),
            "/accounts".to_owned(),
            "/settings".to_owned(),
            "/import".to_owned(),
            format!("/accounts/{id}"),
            format!("/accounts?filter={encoded}&sort={encoded}&view={encoded}"),
            format!("/sign-in?next={encoded}"),
            format!("/accounts/{encoded}"),
            format!("/{encoded}"),
            format!("/settings/{encoded}"),
        ];
        let card = hostile_card(&app, &maya, payload).await;
        paths.extend(["/scorecards".to_owned(), format!("/scorecards/{encoded}"), format!("/scorecards/{card}")]);
        let parts = ["exceptions", "bands", "accounts", "versions"];
        paths.extend(parts.map(|part| format!("/scorecards/{card}/{part}")));
        let tabs = ["timeline", "health", "people", "usage", "revenue", "support", "history", "changes"];
        paths.extend(tabs.map(|tab| format!("/accounts/{id}/{tab}")));
        let mut shown = 0;
        for path in paths {
            let html = app.get(&path, Some(&maya)).await.text();
            for live in ["<script>alert(", "<img src=x"] {
                assert!(!html.contains(live), "{path} carries {payload}");
            }
            shown += usize::from(
                html.contains("&lt;/script&gt;")
                    || html.contains("&lt;/textarea&gt;")
                    || html.contains("&lt;img src=x"),
            );
            let boot =
                html.split("id=\"boot\"").nth(1).and_then(|rest| rest.split("</script>").next()).unwrap_or_default();
            assert!(boot.contains("\\u003c") && !boot.contains("<script") && !boot.contains("<img"), "{path}: {boot}");
        }
        assert!(shown >= 3, "the pages show what was written, escaped");
    }
}

/// Makes a scorecard with the payload wherever people can put text.
async fn hostile_card(app: &TestApp, person: &Person, payload: &str) -> String {
    use domain::health::{Action, Condition, Exception, Group, Measure, Operator, Scale, Scorecard};
    let scale = Scale::choices(&[(payload, 50.0)], None);
    let curve = Scale::curve(&[(0.0, 0.0), (10.0, 100.0)]);
    let measures =
        vec![Measure::new("a", payload, 60.0, "tier", scale), Measure::new(payload, "B", 40.0, "seats", curve)];
    let when = Condition { fact: "tier".into(), op: Operator::Equal, value: payload.into() };
    let card = Scorecard {
        name: payload.to_owned(),
        groups: vec![Group { key: "g".into(), label: payload.to_owned(), weight: 100.0, measures }],
        exceptions: vec![Exception { key: "e".into(), label: payload.to_owned(), when, action: Action::Cap(20.0) }],
        applies_to: payload.to_owned(),
        ..Scorecard::default()
    };
    let saved = app.call("save_card_draft", json!({"id": null, "based_on": null, "card": card}), Some(person)).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
    saved.json()["scorecard"].as_str().unwrap().to_owned()
}

/// Makes an account with the payload wherever people can put text.
async fn hostile_account(app: &TestApp, person: &Person, payload: &str) -> String {
    let quoted = format!("\"{}\"", payload.replace('"', "\"\""));
    let csv = format!("name,external_id,tags,{quoted}\n{quoted},{quoted},{quoted},{quoted}\n");
    let upload = db::import::Upload::decode(payload, csv.as_bytes()).unwrap();
    let inspection =
        db::import::inspect(&app.db, &person.actor, &upload, domain::fields::Subject::Account).await.unwrap();
    let done = db::import::run(&app.db, &person.actor, &upload, &inspection.options, &db::import::Progress::new())
        .await
        .unwrap();
    assert_eq!(done.report.created, 1, "{:?}", done.report);
    let found = app
        .call("search_accounts", json!({ "text": payload.chars().take(8).collect::<String>() }), Some(person))
        .await
        .json();
    let is_ours = |found: &&Value| found["name"].as_str() == Some(payload);
    let id = found.as_array().unwrap().iter().find(is_ours).unwrap_or_else(|| panic!("{found}"))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let at = app.clock.now();
    let note = app.call("log_moment", json!({"id": id, "kind": "note", "body": payload, "at": at}), Some(person)).await;
    assert_eq!(note.status, StatusCode::OK, "{}", note.text());
    id
}
