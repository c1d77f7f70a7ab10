//! Every function that the browser can call: refused to strangers, and to roles that may not.

use domain::accounts::AccountQuery;
use domain::fields::Subject;
use domain::identity::Role;
use domain::import::mapping::Mapping;
use domain::import::plan::Options;
use domain::money::Currency;
use domain::refusal::Refusal;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::app::{TestApp, path_of};
use crate::security::last_seq;
use crate::source::{self, ServerFunction};

/// Functions for people who have not signed in.
const OPEN: [&str; 2] = ["sign_in", "set_up"];
/// Functions that change only what is the asking person's own, which every role may.
const OWN: [&str; 24] = [
    "sign_out",
    "set_appearance",
    "end_session",
    "rename_me",
    "change_password",
    "mark_seen",
    "save_view",
    "remove_view",
    "save_report",
    "remove_report",
    "restore_report",
    "add_dashboard",
    "save_dashboard",
    "remove_dashboard",
    "restore_dashboard",
    "mark_notices",
    "mark_all_notices",
    "unmark_all_notices",
    "snooze_notices",
    "save_notice_preferences",
    "add_push_device",
    "remove_push_device",
    "send_test_notice",
    "retry_delivery",
];
/// Functions that change something, and the least role that may.
const WRITES: [(&str, Role); 89] = [
    ("edit_account", Role::Csm),
    ("edit_account_field", Role::Csm),
    ("bulk_edit", Role::Csm),
    ("create_account", Role::Csm),
    ("log_moment", Role::Csm),
    ("save_contact", Role::Csm),
    ("remove_contact", Role::Csm),
    ("override_score", Role::Csm),
    ("end_score_override", Role::Csm),
    ("undo_edit", Role::Csm),
    ("undo_batch", Role::Csm),
    ("undo_import", Role::Csm),
    ("undo_field_change", Role::Csm),
    ("undo_churn_step", Role::Csm),
    ("inspect_file", Role::Csm),
    ("preview_import", Role::Csm),
    ("start_import", Role::Csm),
    ("preview_export", Role::Csm),
    ("order_export", Role::Csm),
    ("load_export", Role::Csm),
    ("list_exports", Role::Csm),
    ("cancel_export", Role::Csm),
    ("remove_export", Role::Csm),
    ("repeat_export", Role::Csm),
    ("take_report", Role::Csm),
    ("create_share", Role::Csm),
    ("revoke_share", Role::Csm),
    ("save_schedule", Role::Csm),
    ("pause_schedule", Role::Csm),
    ("remove_schedule", Role::Csm),
    ("run_schedule", Role::Csm),
    ("save_outside_mail", Role::Admin),
    ("save_import_schedule", Role::Manager),
    ("pause_import_schedule", Role::Manager),
    ("remove_import_schedule", Role::Manager),
    ("run_import_schedule", Role::Manager),
    ("merge_accounts", Role::Csm),
    ("tell_apart", Role::Csm),
    ("merge_contacts", Role::Csm),
    ("tell_contacts_apart", Role::Csm),
    ("undo_merge", Role::Csm),
    ("take_configuration", Role::Admin),
    ("undo_configuration", Role::Csm),
    ("save_preset", Role::Csm),
    ("delete_preset", Role::Csm),
    ("add_feed", Role::Csm),
    ("pause_feed", Role::Csm),
    ("run_feed", Role::Csm),
    ("remove_feed", Role::Csm),
    ("correct_signal", Role::Csm),
    ("watch_website", Role::Csm),
    ("pause_website", Role::Csm),
    ("check_website", Role::Csm),
    ("stop_watching", Role::Csm),
    ("watch_all_websites", Role::Manager),
    ("save_card_draft", Role::Manager),
    ("duplicate_card", Role::Manager),
    ("discard_card_draft", Role::Manager),
    ("publish_card", Role::Manager),
    ("roll_back_card", Role::Manager),
    ("retire_card", Role::Manager),
    ("shadow_card", Role::Manager),
    ("start_churn_training", Role::Manager),
    ("stop_churn_training", Role::Manager),
    ("activate_churn_model", Role::Manager),
    ("roll_back_churn_model", Role::Manager),
    ("retire_churn_model", Role::Manager),
    ("start_lab", Role::Manager),
    ("stop_lab", Role::Manager),
    ("open_lab_suggestion", Role::Manager),
    ("step_alerts", Role::Csm),
    ("undo_alert_step", Role::Csm),
    ("add_todo", Role::Csm),
    ("save_todo", Role::Csm),
    ("step_todos", Role::Csm),
    ("remove_todos", Role::Csm),
    ("undo_todo_step", Role::Csm),
    ("rate_recommendation", Role::Csm),
    ("undo_rating", Role::Csm),
    ("preview_alert_rule", Role::Manager),
    ("save_alert_rule", Role::Manager),
    ("switch_alert_rule", Role::Manager),
    ("remove_alert_rule", Role::Manager),
    ("add_user", Role::Admin),
    ("change_access", Role::Admin),
    ("set_team", Role::Admin),
    ("save_workspace", Role::Admin),
    ("save_computed_field", Role::Admin),
    ("remove_computed_field", Role::Admin),
];

/// Returns a value of a type, as the browser would send it.
fn sample(kind: &str, id: &str) -> Value {
    let inside = |wrapper: &str| kind.strip_prefix(wrapper).and_then(|rest| rest.strip_suffix('>'));
    if let Some(inner) = inside("Vec<") {
        return json!([sample(inner, id)]);
    }
    let options = || Options::new(Subject::Account, Mapping::default(), Currency::USD);
    match kind.rsplit("::").next().unwrap_or(kind) {
        _ if inside("Option<").is_some() => Value::Null,
        "String" => json!("Acme"),
        "i64" | "i32" | "u32" | "u64" | "f64" | "Timestamp" => json!(1),
        "bool" => json!(true),
        "Role" => json!(Role::Viewer),
        "Subject" | "Kind" => json!(Subject::Account),
        "Correction" => json!({"tone": "neutral"}),
        "Options" => json!(options()),
        "Scorecard" => json!(domain::health::Scorecard::default()),
        "InsightQuery" => json!(domain::insights::InsightQuery::default()),
        "Asked" => json!({"card": id, "months": 12, "horizon_days": 90, "downgrades": false, "suggest": false}),
        "Request" => json!(domain::export::Request::default()),
        "AccountQuery" => json!(AccountQuery::default()),
        "NoticeQuery" => json!(domain::notices::NoticeQuery::default()),
        "Preferences" => json!(domain::notices::Preferences::default()),
        "Channel" => json!(domain::notices::Channel::Email),
        "Subscription" => {
            json!({"endpoint": "https://push.example.com/1", "p256dh": "A".repeat(87), "auth": "B".repeat(22)})
        }
        "Spec" => json!(domain::reports::Spec::default()),
        "ReportDraft" => json!({"name": "Ours", "shared": false, "spec": domain::reports::Spec::default()}),
        "Part" => json!("whole"),
        "Pick" => json!({"section": "views", "name": "Ours"}),
        "Decision" | "Decision<ContactId>" => {
            json!({"keep": id, "keep_version": 1, "gone": id, "gone_version": 1, "take": []})
        }
        "DashboardDraft" => json!({"name": "Ours", "shared": false, "widgets": []}),
        "ShareDraft" => json!({
            "name": "Ours", "shown": {"report": {"spec": domain::reports::Spec::default()}}, "live": true,
            "download": false, "password": "", "days": 9,
        }),
        "Timing" => json!({"rhythm": "day", "minute": 480, "zone": "UTC"}),
        "ScheduleDraft" => {
            json!({"report_id": id, "timing": sample("Timing", id), "recipients": [{"user": id}], "csv": true})
        }
        "ImportScheduleDraft" => json!({
            "name": "Ours", "source": {"file": "accounts.csv"}, "subject": Subject::Account, "mode": "upsert",
            "preset_id": null, "timing": sample("Timing", id),
        }),
        "AlertQuery" => json!(domain::alerts::list::AlertQuery::default()),
        "Step" => json!("acknowledge"),
        "TodoQuery" => json!(domain::todos::TodoQuery::default()),
        "TodoDraft" => json!(domain::todos::TodoDraft { title: "Call Ada".into(), ..Default::default() }),
        "TodoStep" => json!("complete"),
        "Opinion" => {
            json!({"account": id, "alert": null, "action": "check_in", "verdict": "useful", "reason": ""})
        }
        "Rule" => json!(domain::alerts::built_in()[0]),
        "BulkChange" => json!({"Stage": "value"}),
        "Draft" => json!({"name": "Mine", "filter": "", "sort": "", "columns": ["name"], "shared": false}),
        "ContactDraft" => json!({
            "name": "Ada", "email": "", "phone": "", "title": "", "role": "", "sentiment": null, "time_zone": "", "left_at": null,
        }),
        name if name.ends_with("Id") => json!(id),
        other => panic!("teach functions.rs a sample of the type {other}"),
    }
}

fn arguments(function: &ServerFunction, id: &str) -> Value {
    let given = |(name, kind): &(String, String)| match (function.name.as_str(), name.as_str()) {
        ("edit_account" | "edit_account_field", "key") => (name.clone(), json!("name")),
        ("edit_account" | "edit_account_field", "value") => (name.clone(), json!("\"Other\"")),
        ("log_moment", "kind") => (name.clone(), json!("note")),
        ("save_workspace", "currency") => (name.clone(), json!("EUR")),
        ("save_workspace", "rollup") => (name.clone(), json!("worst")),
        ("add_user", "email") => (name.clone(), json!("new@northwind.example")),
        ("add_user", "password") => (name.clone(), json!("eleven blue lanterns")),
        ("load_broken_rule", "rule") => (name.clone(), json!("same_name")),
        _ => (name.clone(), sample(kind, id)),
    };
    Value::Object(function.arguments.iter().map(given).collect::<Map<_, _>>())
}

#[tokio::test]
async fn every_function_refuses_strangers() {
    let app = TestApp::start().await;
    let id = app.account("Acme", |_| {}).await.to_string();
    let before = last_seq(&app).await;
    let functions = source::server_functions();
    let mut registered: Vec<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.rsplit('/').next().unwrap()).collect();
    let mut written: Vec<&str> = functions.iter().map(|function| function.name.as_str()).collect();
    registered.sort_unstable();
    written.sort_unstable();
    assert_eq!(registered, written, "what the server answers and what the sources hold");
    for function in functions.iter().filter(|function| !OPEN.contains(&function.name.as_str())) {
        let answer = app.call(&function.name, arguments(function, &id), None).await;
        assert_eq!(
            (answer.status, answer.refusal()),
            (StatusCode::UNAUTHORIZED, Some(Refusal::SignedOut)),
            "{}",
            function.name
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{}", function.name);
    }
    assert_eq!(last_seq(&app).await, before);
}

#[tokio::test]
async fn roles_may_what_they_may_and_nothing_more() {
    let app = TestApp::start().await;
    let id = app.account("Acme", |_| {}).await.to_string();
    let (vera, sam) = (app.signed_in_as("Vera", Role::Viewer).await, app.signed_in_as("Sam", Role::Csm).await);
    let maya = app.signed_in_as("Maya", Role::Manager).await;
    let draft = sample("ContactDraft", &id);
    let contact = app
        .call("save_contact", json!({"id": id, "contact": null, "version": 1, "draft": draft}), Some(&sam))
        .await
        .json();
    let contact = contact["id"].as_str().unwrap().to_owned();
    let functions = source::server_functions();
    for (name, least) in WRITES {
        let function =
            functions.iter().find(|function| function.name == name).unwrap_or_else(|| panic!("{name} is gone"));
        let target = if name == "remove_contact" { &contact } else { &id };
        let before = last_seq(&app).await;
        for person in [&vera, &sam, &maya].into_iter().filter(|person| person.actor.role < least) {
            let answer = app.call(name, arguments(function, target), Some(person)).await;
            assert_eq!(
                answer.refusal(),
                Some(Refusal::Forbidden),
                "{name} by {:?}: {}",
                person.actor.role,
                answer.text()
            );
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        }
        assert_eq!(last_seq(&app).await, before, "{name} left a trace");
        if least == Role::Csm {
            let answer = app.call(name, arguments(function, target), Some(&sam)).await;
            assert_ne!(answer.refusal(), Some(Refusal::Forbidden), "{name} is for Sam: {}", answer.text());
        }
    }
    let shared = json!({"name": "Ours", "filter": "", "sort": "", "columns": ["name"], "shared": true});
    let answer = app.call("save_view", json!({"id": null, "draft": shared}), Some(&sam)).await;
    assert_eq!(answer.refusal(), Some(Refusal::Forbidden), "sharing a view takes a manager");
    let shared = json!({"name": "Ours", "shared": true, "widgets": []});
    let answer = app.call("add_dashboard", json!({"draft": shared}), Some(&sam)).await;
    assert_eq!(answer.refusal(), Some(Refusal::Forbidden), "sharing a dashboard takes a manager");
}

#[test]
fn the_table_of_roles_is_complete() {
    let writes =
        ["db.write(", "undo::undo(", ".start(", "create_user(", "change_password(", "sign_out(", "set_cookie("];
    let missing = source::server_functions().into_iter().filter(|function| {
        let name = function.name.as_str();
        let is_listed = OPEN.contains(&name) || OWN.contains(&name) || WRITES.iter().any(|(known, _)| *known == name);
        writes.iter().any(|write| function.body.contains(write)) && !is_listed
    });
    let missing: Vec<String> = missing.map(|function| function.name).collect();
    assert!(missing.is_empty(), "put these into WRITES or OWN, with the least role that may: {missing:?}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_without_an_echo() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Csm).await;
    for function in source::server_functions() {
        let path = path_of(&function.name);
        for body in
            ["</script><script>alert(1)</script>", "id=</script>", "{\"id\": \"</script><b>\"}", "\u{0}", "[[[[[[[[[["]
        {
            for kind in ["application/json", "application/x-www-form-urlencoded", "text/html"] {
                if function.arguments.is_empty() || OPEN.contains(&function.name.as_str()) {
                    continue;
                }
                let request = crate::app::request(http::Method::POST, &path, Some(&maya))
                    .header("sec-fetch-site", "same-origin")
                    .header("content-type", kind);
                let answer = app.send(request.body(axum::body::Body::from(body)).unwrap()).await;
                assert!(
                    answer.status.is_client_error(),
                    "{path} answers {} to {body}: {}",
                    answer.status,
                    answer.text()
                );
                assert!(!answer.text().contains("</script>"), "{path} says back what it was sent");
            }
        }
    }
}
