//! The explanation of a score as programs read it.

use domain::identity::Role;
use domain::time::DAY_MS;
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::TestApp;

fn sum(steps: &Value) -> i64 {
    steps.as_array().into_iter().flatten().map(|step| step["delta"].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn the_steps_add_up_to_the_score_and_to_what_moved_it() {
    let app = TestApp::start().await;
    let id = app
        .account("Northwind", |account| {
            account.sentiment = Some(90.0);
            account.adoption_pct = Some(80.0);
        })
        .await;
    db::health::catch_up(&app.db, app.workspace).await.unwrap();
    let first = app.clock.now();
    app.clock.advance(20 * DAY_MS);
    let mut tx = app.db.write(&app.system()).await.unwrap();
    db::accounts::edit(&mut tx, id, 1, "sentiment", json!(20)).await.unwrap();
    tx.commit().await.unwrap();
    db::health::catch_up(&app.db, app.workspace).await.unwrap();

    // Three weeks without a visit end a session.
    let vera = app.signed_in_as("Vera", Role::Viewer).await;
    let path = format!("/api/v1/accounts/{id}/score");
    let answer = app.get(&format!("{path}?since={}", first.iso_date()), Some(&vera)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let told = answer.json();
    let score = told["score"].as_i64().unwrap();
    assert_eq!(sum(&told["steps"]), score, "{told:#}");
    let (change, before) = (&told["change"], told["change"]["from"].as_i64().unwrap());
    assert!(before > score, "{change:#}");
    assert_eq!(before + sum(&change["steps"]), score, "{change:#}");
    assert!(change["sentence"].as_str().unwrap().contains("Sentiment"), "{change:#}");

    let then = app.get(&format!("{path}?as_of={}", first.iso_date()), Some(&vera)).await.json();
    assert_eq!(then["score"].as_i64(), Some(before), "{then:#}");
}

#[tokio::test]
async fn strangers_wrong_days_and_unknown_accounts_are_refused() {
    let app = TestApp::start().await;
    let vera = app.signed_in_as("Vera", Role::Viewer).await;
    let id = app.account("Northwind", |_| {}).await;
    let path = format!("/api/v1/accounts/{id}/score");
    assert_eq!(app.get(&path, None).await.status, StatusCode::UNAUTHORIZED);
    let wrong = app.get(&format!("{path}?since=yesterday"), Some(&vera)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("2026-03-01"), "{}", wrong.text());
    let unknown = app.get("/api/v1/accounts/nobody/score", Some(&vera)).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
