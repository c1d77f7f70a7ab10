//! Who may call which verb: every public verb by every role, in their own workspace and in another one.

use std::collections::BTreeMap;

use db::identity::{self, NewUser};
use db::views::ViewDraft;
use db::{
    Error, Result, Tx, accounts, batches, formula, health, lab, log, past, portfolio, sessions, subjects, tasks,
    timeline, undo, usage,
};
use domain::accounts::{Account, AccountQuery};
use domain::contacts::Contact;
use domain::health::Rollup;
use domain::id::{AccountId, BatchId, ContactId, LabRunId, ScorecardId, SessionId, UserId};
use domain::identity::Role;
use domain::lab::run::Asked;
use domain::money::Currency;
use domain::refusal::Refusal;
use domain::usage::UsageDay;
use domain::views::View;
use serde_json::json;
use uuid::Uuid;

use crate::support::{self, NOW, PASSWORD, TestDb};

/// What the verbs are called with: one of everything, in the first workspace.
struct Fixture {
    account: Account,
    contact: Contact,
    private: View,
    shared: View,
    batch: BatchId,
    card: ScorecardId,
    lab_run: LabRunId,
    session: SessionId,
    task: tasks::Task,
    person: UserId,
}

async fn fixture(t: &TestDb) -> Fixture {
    let account = t.account("Acme").await;
    let contact = contact(account.id);
    t.create(&contact).await;
    let mut tx = t.write(&t.csm).await;
    let days = [UsageDay { account_id: account.id, metric: "logins".into(), day: NOW.day_start(), value: 5.0 }];
    usage::set(&mut tx, &days).await.unwrap();
    timeline::log_activity(&mut tx, account.id, "note", "Hello.", NOW).await.unwrap();
    health::set_override(&mut tx, account.id, 40.0, "They told us.", NOW.plus_days(9)).await.unwrap();
    tasks::enqueue(&mut tx, "mail", &json!({}), None, NOW).await.unwrap();
    let task = tasks::lease(&mut tx).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let mut tx = t.write(&t.manager).await;
    let account = accounts::edit(&mut tx, account.id, 1, "tier", json!("pro")).await.unwrap().account;
    let batch = tx.batch().unwrap();
    let private = db::views::create(&mut tx, draft(false)).await.unwrap();
    let shared = db::views::create(&mut tx, draft(true)).await.unwrap();
    let card = health::published(&mut tx).await.unwrap()[0].scorecard;
    crate::cards::put_into_force(&mut tx, Some(card), crate::cards::card(60.0)).await;
    crate::cards::put_into_force(&mut tx, Some(card), crate::cards::card(50.0)).await;
    crate::cards::put_into_force(&mut tx, None, crate::cards::card(20.0)).await;
    health::save_draft(&mut tx, Some(card), None, crate::cards::card(30.0)).await.unwrap();
    let lab_run = lab::start(&mut tx, asked(card)).await.unwrap();
    lab::stop(&mut tx, lab_run).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = t.write(&t.admin).await;
    formula::create(&mut tx, "Seats left", "seats - 1").await.unwrap();
    tx.commit().await.unwrap();
    health::catch_up(&t.db, t.workspace).await.unwrap();
    let token = sessions::open_session(&t.db, &t.csm, &sessions::Device::default()).await.unwrap();
    let session = sessions::whoami(&t.db, &token).await.unwrap().session;
    Fixture { account, contact, private, shared, batch, card, lab_run, session, task, person: t.viewer.user.unwrap() }
}

fn contact(account: AccountId) -> Contact {
    Contact {
        id: ContactId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        name: "Bo".into(),
        email: None,
        phone: None,
        title: None,
        role: None,
        sentiment: None,
        time_zone: None,
        last_touch_at: None,
        left_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn asked(card: ScorecardId) -> Asked {
    Asked { card, months: 6, horizon_days: 90, downgrades: false, suggest: false }
}

fn draft(shared: bool) -> ViewDraft {
    let (name, filter, sort) = ("Mine".to_owned(), String::new(), "name".to_owned());
    ViewDraft { name, filter, sort, columns: vec!["name".into()], shared }
}

/// The verbs that take a transaction, with the least role that may call them.
const VERBS: [(&str, Role); 75] = [
    ("accounts::custom_fields", Role::Viewer),
    ("accounts::page", Role::Viewer),
    ("accounts::get", Role::Viewer),
    ("accounts::row", Role::Viewer),
    ("accounts::children", Role::Viewer),
    ("accounts::edit", Role::Csm),
    ("batches::get", Role::Viewer),
    ("batches::list", Role::Viewer),
    ("batches::open", Role::Csm),
    ("batches::set_counts", Role::Csm),
    ("formula::create", Role::Admin),
    ("formula::change", Role::Admin),
    ("formula::remove", Role::Admin),
    ("formula::preview", Role::Admin),
    ("past::as_of", Role::Viewer),
    ("past::account_as_of", Role::Viewer),
    ("log::of_accounts_since", Role::Viewer),
    ("health::gather", Role::Viewer),
    ("health::facts", Role::Viewer),
    ("health::reach", Role::Viewer),
    ("health::history", Role::Viewer),
    ("health::evaluation_at", Role::Viewer),
    ("health::version", Role::Viewer),
    ("health::cards", Role::Viewer),
    ("health::versions", Role::Viewer),
    ("health::columns", Role::Manager),
    ("health::preview_on_server", Role::Manager),
    ("health::shadow_report", Role::Manager),
    ("health::save_draft", Role::Manager),
    ("health::discard_draft", Role::Manager),
    ("health::shadow", Role::Manager),
    ("health::publish", Role::Manager),
    ("health::roll_back", Role::Manager),
    ("health::retire", Role::Manager),
    ("health::set_override", Role::Csm),
    ("health::end_override", Role::Csm),
    ("health::overrides", Role::Viewer),
    ("health::rollup_rule", Role::Viewer),
    ("health::set_rollup_rule", Role::Admin),
    ("health::publish_default", Role::Admin),
    ("health::refit_default", Role::Admin),
    ("identity::users", Role::Viewer),
    ("identity::set_access", Role::Admin),
    ("identity::rename_me", Role::Viewer),
    ("identity::workspace", Role::Viewer),
    ("identity::rename_workspace", Role::Admin),
    ("identity::set_seen_seq", Role::Viewer),
    ("lab::start", Role::Manager),
    ("lab::runs", Role::Viewer),
    ("lab::run", Role::Viewer),
    ("lab::stop", Role::Manager),
    ("log::of_account", Role::Viewer),
    ("log::verify", Role::Viewer),
    ("portfolio::summary", Role::Viewer),
    ("portfolio::since_you_left", Role::Viewer),
    ("subjects::find", Role::Viewer),
    ("subjects::create", Role::Csm),
    ("subjects::update", Role::Csm),
    ("subjects::remove", Role::Csm),
    ("tasks::finish", Role::Viewer),
    ("tasks::fail", Role::Viewer),
    ("tasks::is_due", Role::Viewer),
    ("tasks::keep", Role::Viewer),
    ("timeline::contacts", Role::Viewer),
    ("timeline::activities", Role::Viewer),
    ("timeline::log_activity", Role::Csm),
    ("usage::of_account", Role::Viewer),
    ("usage::set", Role::Csm),
    ("views::list", Role::Viewer),
    ("views::create", Role::Viewer),
    ("views::create shared", Role::Manager),
    ("views::update shared", Role::Manager),
    ("views::remove shared", Role::Manager),
    ("accounts::create", Role::Csm),
    ("accounts::catalogue", Role::Viewer),
];

/// Verbs that act on the asking person's own workspace whatever they are given, so that another workspace's
/// people get an answer about their own.
const ABOUT_ONESELF: [&str; 29] = [
    "accounts::catalogue",
    "accounts::create",
    "batches::open",
    "batches::set_counts",
    "formula::create",
    "formula::preview",
    "health::cards",
    "health::columns",
    "health::preview_on_server",
    "health::facts",
    "health::reach",
    "health::publish_default",
    "health::refit_default",
    "health::rollup_rule",
    "health::set_rollup_rule",
    "identity::users",
    "identity::rename_me",
    "identity::workspace",
    "identity::rename_workspace",
    "identity::set_seen_seq",
    "log::verify",
    "portfolio::summary",
    "portfolio::since_you_left",
    "tasks::finish",
    "tasks::fail",
    "tasks::is_due",
    "tasks::keep",
    "views::create",
    "views::create shared",
];

/// Calls a verb and returns how many rows it gave or touched.
async fn call(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let id = f.account.id;
    Ok(match verb {
        "accounts::catalogue" => accounts::catalogue(tx).await?.fields.len(),
        "accounts::custom_fields" => accounts::custom_fields(tx).await?.len(),
        "accounts::page" => {
            let query = AccountQuery { limit: 50, ..AccountQuery::default() };
            accounts::page(tx, &query).await?.rows.len()
        }
        "accounts::get" => one(accounts::get(tx, id).await?),
        "accounts::row" => one(accounts::row(tx, id).await?),
        "accounts::children" => accounts::children(tx, id).await?.len(),
        "accounts::create" => one(accounts::create(tx, "New").await?),
        "accounts::edit" => one(accounts::edit(tx, id, f.account.version, "country", json!("Norway")).await?),
        "batches::get" => one(batches::get(tx, f.batch).await?),
        "batches::list" => batches::list(tx, "edit", 9).await?.len(),
        "batches::open" => one(batches::open(tx, "edit", "mine").await?),
        "batches::set_counts" => one(batches::set_counts(tx, f.batch, &json!({"forged": 1})).await?),
        "log::of_account" => log::of_account(tx, id, i64::MAX, 9).await?.len(),
        "log::verify" => one(log::verify(tx).await?.unwrap()),
        "portfolio::summary" => portfolio::summary(tx, false).await?.accounts as usize,
        "portfolio::since_you_left" => portfolio::since_you_left(tx).await?.to_seq as usize,
        "subjects::find" => usize::from(subjects::find::<Contact>(tx, f.contact.id.0).await?.is_some()),
        "subjects::create" => one(subjects::create(tx, &contact(id)).await?),
        "subjects::update" => {
            let renamed = Contact { name: "Mallory".into(), ..f.contact.clone() };
            one(subjects::update(tx, &f.contact, &renamed).await?)
        }
        "subjects::remove" => one(subjects::remove(tx, &f.contact).await?),
        "tasks::finish" => one(tasks::finish(tx, f.task.id).await?),
        "tasks::is_due" => one(tasks::is_due(tx).await?),
        "tasks::keep" => one(tasks::keep(tx, f.task.id).await?),
        "tasks::fail" => one(tasks::fail(tx, &f.task, "forged").await?),
        "timeline::contacts" => timeline::contacts(tx, id).await?.len(),
        "timeline::activities" => timeline::activities(tx, id).await?.len(),
        "timeline::log_activity" => one(timeline::log_activity(tx, id, "note", "Forged.", NOW).await?),
        "usage::of_account" => usage::of_account(tx, id, NOW.plus_days(-9)).await?.len(),
        "usage::set" => {
            let day = UsageDay { account_id: id, metric: "logins".into(), day: NOW.day_start(), value: 0.0 };
            one(usage::set(tx, &[day]).await?)
        }
        "views::list" => db::views::list(tx).await?.len(),
        "views::create" => one(db::views::create(tx, draft(false)).await?),
        "views::create shared" => one(db::views::create(tx, draft(true)).await?),
        "views::update shared" => one(db::views::update(tx, f.shared.id, draft(true)).await?),
        "views::remove shared" => one(db::views::remove(tx, f.shared.id).await?),
        other => return call_health_or_identity(other, tx, f).await,
    })
}

async fn call_health_or_identity(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let id = f.account.id;
    Ok(match verb {
        "formula::create" => one(formula::create(tx, "Forged", "1").await?),
        "formula::change" => one(formula::change(tx, "custom.seats_left", "1").await?),
        "formula::remove" => one(formula::remove(tx, "custom.seats_left").await?),
        "formula::preview" => formula::preview(tx, "1").await?.values.len(),
        "health::facts" => health::facts(tx).await?.len(),
        "health::reach" => health::reach(tx, Some(f.card), "", 0).await?.matching as usize,
        "lab::start" => one(lab::start(tx, asked(f.card)).await?),
        "lab::runs" => lab::runs(tx).await?.len(),
        "lab::run" => one(lab::run(tx, f.lab_run).await?),
        "lab::stop" => one(lab::stop(tx, f.lab_run).await?),
        "past::as_of" => usize::from(past::as_of(tx, id, NOW).await?.is_some()),
        "past::account_as_of" => usize::from(past::account_as_of(tx, id, NOW).await?.is_some()),
        "log::of_accounts_since" => log::of_accounts_since(tx, &[id], NOW.plus_days(-1)).await?.len(),
        "health::gather" => health::gather(tx, &[id]).await?.len(),
        "health::history" => health::history(tx, id, NOW.plus_days(-9)).await?.len(),
        "health::evaluation_at" => usize::from(health::evaluation_at(tx, id, NOW).await?.is_some()),
        "health::version" => usize::from(health::version(tx, f.card, 1).await?.is_some()),
        "health::cards" => health::cards(tx).await?.len(),
        "health::versions" => health::versions(tx, f.card).await?.len(),
        "health::columns" => health::columns(tx, Some(f.card), &crate::cards::card(9.0), 50).await?.ids.len(),
        "health::preview_on_server" => {
            health::preview_on_server(tx, Some(f.card), &crate::cards::card(9.0)).await?.accounts as usize
        }
        "health::shadow_report" => usize::from(health::shadow_report(tx, f.card).await?.is_some()),
        "health::save_draft" => {
            let known = health::version(tx, f.card, 4).await?.map(|draft| draft.revision);
            one(health::save_draft(tx, Some(f.card), known, crate::cards::card(40.0)).await?)
        }
        "health::discard_draft" => one(health::discard_draft(tx, f.card).await?),
        "health::shadow" => one(health::shadow(tx, f.card, 4, true).await?),
        "health::publish" => one(health::publish(tx, f.card, 4, "Forged.".into()).await?),
        "health::roll_back" => one(health::roll_back(tx, f.card, 2).await?),
        "health::retire" => one(health::retire(tx, f.card).await?),
        "health::set_override" => one(health::set_override(tx, id, 90.0, "Trust me.", NOW.plus_days(3)).await?),
        "health::end_override" => one(health::end_override(tx, id).await?),
        "health::overrides" => health::overrides(tx, id).await?.len(),
        "health::rollup_rule" => one(health::rollup_rule(tx).await?),
        "health::set_rollup_rule" => one(health::set_rollup_rule(tx, Rollup::Worst).await?),
        "health::publish_default" => one(health::publish_default(tx).await?),
        "health::refit_default" => one(health::refit_default(tx).await?),
        "identity::users" => identity::users(tx).await?.len(),
        "identity::set_access" => one(identity::set_access(tx, f.person, Role::Admin, true).await?),
        "identity::rename_me" => one(identity::rename_me(tx, "Me").await?),
        "identity::workspace" => one(identity::workspace(tx).await?),
        "identity::rename_workspace" => one(identity::rename_workspace(tx, "Mine", Currency::USD).await?),
        "identity::set_seen_seq" => one(identity::set_seen_seq(tx, 1).await?),
        other => panic!("{other} is not in the table"),
    })
}

fn one<T>(_: T) -> usize {
    1
}

#[tokio::test]
async fn each_role_may_call_exactly_its_verbs() {
    for t in support::databases().await {
        let f = fixture(&t).await;
        let before = t.snapshot().await;
        for (verb, least) in VERBS {
            for actor in t.people() {
                let mut tx = t.write(actor).await;
                let answer = call(verb, &mut tx, &f).await;
                if actor.role >= least {
                    assert!(answer.is_ok(), "{t:?}: {verb} by a {:?}: {answer:?}", actor.role);
                } else {
                    let forbidden = matches!(answer, Err(Error::Refused(Refusal::Forbidden)));
                    assert!(forbidden, "{t:?}: {verb} by a {:?}: {answer:?}", actor.role);
                    // What a refused verb leaves must be nothing, even if the caller commits.
                    tx.commit().await.unwrap();
                }
            }
        }
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}

#[tokio::test]
async fn another_workspace_sees_nothing_and_changes_nothing() {
    for t in support::databases().await {
        let f = fixture(&t).await;
        let stranger = t.other_workspace().await;
        let before = ours(&t).await;
        for (verb, _) in VERBS {
            let mut tx = t.write(&stranger).await;
            let answer = call(verb, &mut tx, &f).await;
            if !ABOUT_ONESELF.contains(&verb) {
                let nothing = matches!(answer, Ok(0) | Err(Error::Refused(Refusal::NotFound)));
                assert!(nothing, "{t:?}: {verb}: {answer:?}");
            }
            // A verb that failed has broken the transaction; whatever went through is kept.
            if answer.is_ok() {
                tx.commit().await.unwrap();
            }
        }
        let mut tx = t.write(&stranger).await;
        assert!(db::views::update(&mut tx, f.private.id, draft(false)).await.is_err(), "{t:?}");
        assert!(sessions::revoke_session(&mut tx, f.session).await.is_err(), "{t:?}");
        drop(tx);
        assert!(undo::undo(&t.db, &stranger, f.batch).await.is_err(), "{t:?}");
        assert_eq!(accounts::search(&t.db, &stranger, "acme", 9).await.unwrap(), [], "{t:?}");
        let scored = health::score_accounts(&t.db, &stranger, &[f.account.id]).await.unwrap();
        assert_eq!(scored.evaluated, 0, "{t:?}");
        health::score_all(&t.db, stranger.workspace).await.unwrap();
        health::catch_up(&t.db, stranger.workspace).await.unwrap();
        assert_eq!(ours(&t).await, before, "{t:?}");
        let seq = log::verify(&mut t.read(&t.viewer).await).await.unwrap();
        assert!(seq.is_ok(), "{t:?}");
    }
}

/// Returns the rows that name the first workspace.
async fn ours(t: &TestDb) -> BTreeMap<String, Vec<String>> {
    let id = t.workspace.0.simple().to_string();
    let mut snapshot = t.snapshot().await;
    for rows in snapshot.values_mut() {
        rows.retain(|row| row.to_lowercase().replace('-', "").contains(&id));
    }
    snapshot
}

#[tokio::test]
async fn only_administrators_make_users_and_only_in_their_workspace() {
    for t in support::databases().await {
        let user = |name: &str| NewUser {
            email: support::email(name),
            name: name.into(),
            role: Role::Admin,
            password: PASSWORD.into(),
        };
        for actor in [&t.viewer, &t.csm, &t.manager] {
            let error = identity::create_user(&t.db, actor, user("Mallory")).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::Forbidden)), "{t:?}: {error:?}");
        }
        let stranger = t.other_workspace().await;
        let id = identity::create_user(&t.db, &stranger, user("Olga")).await.unwrap();
        let ids = |users: Vec<domain::identity::User>| users.into_iter().map(|user| user.id).collect::<Vec<_>>();
        assert_eq!(ids(identity::users(&mut t.read(&stranger).await).await.unwrap()), [id], "{t:?}");
        assert!(!ids(identity::users(&mut t.read(&t.admin).await).await.unwrap()).contains(&id), "{t:?}");
    }
}

#[tokio::test]
async fn a_custom_field_takes_an_administrator() {
    for t in support::databases().await {
        let field = accounts::CustomField {
            id: Uuid::now_v7(),
            version: 1,
            subject: "accounts".into(),
            key: "plan".into(),
            label: "Plan".into(),
            kind: domain::fields::FieldType::Text,
            formula: None,
        };
        for actor in t.people() {
            let answer = subjects::create(&mut t.write(actor).await, &field).await;
            assert_eq!(answer.is_ok(), actor.role == Role::Admin, "{t:?}: {:?}", actor.role);
        }
    }
}

#[tokio::test]
async fn row_level_security_holds_where_a_statement_forgets_the_workspace() {
    for t in support::databases().await.into_iter().filter(|t| t.db.is_postgres()) {
        t.account("Acme").await;
        let protected = t
            .texts("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity ORDER BY 1")
            .await;
        for table in
            ["accounts", "activities", "changes", "contacts", "invoices", "scores", "surveys", "tickets", "views"]
        {
            assert!(protected.iter().any(|name| name == table), "{table}");
        }
    }
}
