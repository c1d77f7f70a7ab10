//! Who may call which verb: every public verb by every role, in their own workspace and in another one.

use std::collections::BTreeMap;

use db::identity::{self, NewUser};
use db::views::ViewDraft;
use db::{
    Error, Result, Tx, accounts, advice, alerts, batches, churn, dashboards, export, formula, health, import_schedules,
    insights, lab, log, notices, past, portfolio, quality, reports, schedules, sessions, shares, signals, subjects,
    tasks, timeline, todos, undo, usage, value,
};
use domain::accounts::{Account, AccountQuery};
use domain::advice::{Opinion, Verdict};
use domain::alerts::list::{AlertQuery, AlertRow};
use domain::alerts::{Rule, Step};
use domain::contacts::Contact;
use domain::dashboards::{Dashboard, DashboardDraft, Shows, Widget};
use domain::duplicates::Decision;
use domain::export::Request;
use domain::health::Rollup;
use domain::id::{
    AccountId, AlertId, BatchId, ChurnModelId, ChurnTrainingId, ContactId, DeviceId, ExportId, FeedId,
    ImportScheduleId, LabRunId, NoticeId, ScheduleId, ScorecardId, SessionId, ShareId, SignalId, TodoId, UserId,
};
use domain::identity::{Actor, Role};
use domain::insights::{InsightQuery, Which};
use domain::lab::run::Asked;
use domain::money::Currency;
use domain::notices::{Channel, NoticeQuery, Preferences, Subscription};
use domain::refusal::Refusal;
use domain::reports::{About, Part, Period, Report, ReportDraft, Spec};
use domain::schedules::{Recipient, Rhythm, ScheduleDraft, Timing};
use domain::shares::{ShareDraft, Shown};
use domain::signals::feeds::{Feed, FeedKind, NewFeed, Outcome, Run};
use domain::signals::parse::{Entry, Parsed};
use domain::signals::trouble::Trouble;
use domain::signals::website::Check;
use domain::signals::{Correction, Tone};
use domain::todos::{TodoDraft, TodoQuery, TodoStep, When};
use domain::usage::UsageDay;
use domain::views::View;
use serde_json::json;
use uuid::Uuid;

use crate::support::{self, NOW, PASSWORD, TestDb};

/// What the verbs are called with: one of everything, in the first workspace.
struct Fixture {
    account: Account,
    /// Another one, to be merged with it.
    twin: Account,
    contact: Contact,
    /// Another one of the same account, to be merged with it.
    namesake: Contact,
    private: View,
    shared: View,
    report: Report,
    dashboard: Dashboard,
    workspace: Uuid,
    share: ShareId,
    schedule: ScheduleId,
    import_schedule: ImportScheduleId,
    batch: BatchId,
    card: ScorecardId,
    lab_run: LabRunId,
    alert: AlertId,
    told: AlertRow,
    rule: Rule,
    churn_training: ChurnTrainingId,
    /// A candidate, the one in force, and one that was.
    churn_models: [ChurnModelId; 3],
    session: SessionId,
    task: tasks::Task,
    todo: TodoId,
    person: UserId,
    outside: Outside,
    manifest: export::Manifest,
    /// Who asked for it, an export that is being made, and one that has a file.
    exports: Vec<(Option<UserId>, ExportId, ExportId)>,
}

impl Fixture {
    /// Returns the asking person's own export, or somebody's.
    fn export(&self, tx: &Tx) -> ExportId {
        self.exports_of(tx).1
    }

    fn export_with_file(&self, tx: &Tx) -> ExportId {
        self.exports_of(tx).2
    }

    fn exports_of(&self, tx: &Tx) -> (Option<UserId>, ExportId, ExportId) {
        let own = self.exports.iter().find(|(by, ..)| *by == tx.actor().user);
        own.copied().unwrap_or(self.exports[0])
    }
}

/// Has two files ordered by a CSM and by a manager, and makes one of each.
async fn ordered(t: &TestDb) -> Vec<(Option<UserId>, ExportId, ExportId)> {
    let mut exports = Vec::new();
    for actor in [&t.csm, &t.manager] {
        let mut tx = t.write(actor).await;
        let going = export::order(&mut tx, &Request::default()).await.unwrap();
        let ready = export::order(&mut tx, &Request::default()).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = t.write(&Actor::system(t.workspace)).await;
        assert!(export::finish(&mut tx, ready, export::Done { rows: 1, bytes: 1 }).await.unwrap());
        tx.commit().await.unwrap();
        exports.push((actor.user, going, ready));
    }
    exports
}

/// What is said of the account outside.
struct Outside {
    /// The account's own feed.
    own: FeedId,
    /// A feed of the market, which managers set up.
    market: Feed,
    /// A headline about the account.
    headline: SignalId,
}

async fn outside(t: &TestDb, account: AccountId) -> Outside {
    let mut tx = t.write(&t.manager).await;
    let own = signals::add_feed(&mut tx, feed("own", Some(account))).await.unwrap();
    let market = signals::add_feed(&mut tx, feed("market", None)).await.unwrap();
    signals::watch_website(&mut tx, account, "acme.example").await.unwrap();
    let feeds = signals::feeds(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let market = feeds.into_iter().map(|watched| watched.feed).find(|feed| feed.id == market).unwrap();
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    assert_eq!(signals::ingest(&mut tx, &market, &paper("Acme lays off 200 employees")).await.unwrap(), 1);
    let headline = signals::headlines(&mut tx, account, 1).await.unwrap()[0].id;
    tx.commit().await.unwrap();
    Outside { own, market, headline }
}

fn feed(name: &str, account_id: Option<AccountId>) -> NewFeed {
    let kind = if account_id.is_some() { FeedKind::Account } else { FeedKind::Market };
    NewFeed { kind, name: name.into(), url: format!("https://{name}.example/rss"), account_id, every_minutes: 60 }
}

fn paper(title: &str) -> Parsed {
    let entry = Entry { id: title.into(), title: title.into(), summary: String::new(), url: None, published_at: None };
    Parsed { title: "The Paper".into(), entries: vec![entry] }
}

async fn fixture(t: &TestDb) -> Fixture {
    let account = t.account("Acme").await;
    let twin = t.account("Birch").await;
    let outside = outside(t, account.id).await;
    let (contact, namesake) = (contact(account.id), contact(account.id));
    t.create(&contact).await;
    t.create(&namesake).await;
    let mut tx = t.write(&t.csm).await;
    let days = [UsageDay { account_id: account.id, metric: "logins".into(), day: NOW.day_start(), value: 5.0 }];
    usage::set(&mut tx, &days).await.unwrap();
    timeline::log_activity(&mut tx, account.id, "note", "Hello.", NOW).await.unwrap();
    health::set_override(&mut tx, account.id, 40.0, "They told us.", NOW.plus_days(9)).await.unwrap();
    tasks::enqueue(&mut tx, "mail", &json!({}), None, NOW).await.unwrap();
    let task = tasks::lease(&mut tx, &[]).await.unwrap().unwrap();
    let todo =
        TodoDraft { account_id: Some(account.id), due: Some(When::on(NOW.day_start())), ..todo_draft("Call Ada") };
    let todo = todos::add(&mut tx, todo).await.unwrap().0.id;
    let share = shares::create(&mut tx, share_draft(None), shares::Kept::default()).await.unwrap().share.id;
    tx.commit().await.unwrap();
    let mut tx = t.write(&t.manager).await;
    let account = accounts::edit(&mut tx, account.id, 1, "tier", json!("pro")).await.unwrap().account;
    let batch = tx.batch().unwrap();
    let private = db::views::create(&mut tx, draft(false)).await.unwrap();
    let shared = db::views::create(&mut tx, draft(true)).await.unwrap();
    let report = reports::create(&mut tx, report_draft(true)).await.unwrap();
    let dashboard = dashboards::create(&mut tx, dashboard_draft(true)).await.unwrap();
    let card = health::published(&mut tx).await.unwrap()[0].scorecard;
    crate::cards::put_into_force(&mut tx, Some(card), crate::cards::card(60.0)).await;
    crate::cards::put_into_force(&mut tx, Some(card), crate::cards::card(50.0)).await;
    crate::cards::put_into_force(&mut tx, None, crate::cards::card(20.0)).await;
    health::save_draft(&mut tx, Some(card), None, crate::cards::card(30.0)).await.unwrap();
    let lab_run = lab::start(&mut tx, asked(card)).await.unwrap();
    lab::stop(&mut tx, lab_run).await.unwrap();
    let rule = crate::alerts::rule("open_tickets > 9");
    let rule = alerts::create_rule(&mut tx, rule).await.unwrap();
    let churn_training = churn::start(&mut tx).await.unwrap();
    churn::stop(&mut tx, churn_training).await.unwrap();
    let churn_models = crate::churn::models(&mut tx).await;
    tx.commit().await.unwrap();
    let mut tx = t.write(&t.csm).await;
    let schedule = schedules::save(&mut tx, None, schedule_draft(&report, &t.viewer)).await.unwrap().id;
    tx.commit().await.unwrap();
    let mut tx = t.write(&t.manager).await;
    let draft = crate::import_schedules::draft("accounts.csv");
    let import_schedule = import_schedules::save(&mut tx, None, draft).await.unwrap().id;
    tx.commit().await.unwrap();
    let mut tx = t.write(&t.admin).await;
    formula::create(&mut tx, "Seats left", "seats - 1").await.unwrap();
    tx.commit().await.unwrap();
    t.create(&crate::alerts::escalated(account.id)).await;
    health::catch_up(&t.db, t.workspace).await.unwrap();
    alerts::catch_up(&t.db, t.workspace).await.unwrap();
    let query = AlertQuery { limit: 1, ..AlertQuery::default() };
    let told = alerts::list(&mut t.read(&t.viewer).await, &query).await.unwrap().rows.remove(0);
    let alert = told.alert.id;
    let token = sessions::open_session(&t.db, &t.csm, &sessions::Device::default()).await.unwrap();
    let session = sessions::whoami(&t.db, &token).await.unwrap().session;
    let exports = ordered(t).await;
    let manifest = export::manifest(&mut t.read(&t.csm).await, &Request::default()).await.unwrap();
    Fixture {
        account,
        twin,
        contact,
        namesake,
        private,
        shared,
        report,
        dashboard,
        workspace: t.workspace.0,
        share,
        schedule,
        import_schedule,
        batch,
        card,
        lab_run,
        churn_training,
        churn_models,
        alert,
        told,
        rule,
        session,
        task,
        todo,
        person: t.viewer.user.unwrap(),
        outside,
        manifest,
        exports,
    }
}

/// Returns a contact of an account.
pub fn contact(account: AccountId) -> Contact {
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
        distinct_from: Vec::new(),
    }
}

fn asked(card: ScorecardId) -> Asked {
    Asked { card, months: 6, horizon_days: 90, downgrades: false, suggest: false }
}

fn draft(shared: bool) -> ViewDraft {
    let (name, filter, sort) = ("Mine".to_owned(), String::new(), "name".to_owned());
    ViewDraft { name, filter, sort, columns: vec!["name".into()], shared }
}

fn dashboard_draft(shared: bool) -> DashboardDraft {
    let mut draft = DashboardDraft { name: "Mine".into(), shared, widgets: Vec::new() };
    draft.add(Shows::Spec(Spec::default()), String::new(), 2, 1);
    draft
}

fn report_draft(shared: bool) -> ReportDraft {
    ReportDraft { name: "Mine".into(), shared, spec: Spec::default() }
}

fn share_draft(account: Option<AccountId>) -> ShareDraft {
    let shown = match account {
        Some(account_id) => Shown::Account { account_id },
        None => Shown::Report { spec: Spec::default() },
    };
    let (name, password) = ("Mine".to_owned(), String::new());
    ShareDraft { name, shown, live: account.is_some(), download: true, password, days: 9 }
}

fn schedule_draft(report: &Report, reader: &Actor) -> ScheduleDraft {
    let timing = Timing { rhythm: Rhythm::Day, minute: 480, zone: "UTC".into() };
    let recipients = reader.user.map(Recipient::User).into_iter().collect();
    ScheduleDraft { report_id: report.id, timing, recipients, csv: true, pdf: false }
}

/// The verbs that take a transaction, with the least role that may call them.
const VERBS: [(&str, Role); 244] = [
    ("accounts::custom_fields", Role::Viewer),
    ("accounts::page", Role::Viewer),
    ("accounts::get", Role::Viewer),
    ("accounts::row", Role::Viewer),
    ("accounts::children", Role::Viewer),
    ("accounts::edit", Role::Csm),
    ("advice::of_account", Role::Viewer),
    ("advice::of_alert", Role::Viewer),
    ("advice::first_actions", Role::Viewer),
    ("advice::feedback", Role::Viewer),
    ("advice::give", Role::Csm),
    ("alerts::list", Role::Viewer),
    ("alerts::counts", Role::Viewer),
    ("alerts::of_account", Role::Viewer),
    ("alerts::page", Role::Viewer),
    ("alerts::analytics", Role::Viewer),
    ("alerts::rules", Role::Viewer),
    ("alerts::rule", Role::Viewer),
    ("alerts::step", Role::Csm),
    ("alerts::steps", Role::Csm),
    ("alerts::create_rule", Role::Manager),
    ("alerts::change_rule", Role::Manager),
    ("alerts::switch_rule", Role::Manager),
    ("alerts::remove_rule", Role::Manager),
    ("batches::get", Role::Viewer),
    ("batches::list", Role::Viewer),
    ("batches::open", Role::Csm),
    ("batches::set_counts", Role::Csm),
    ("configuration::export", Role::Admin),
    ("configuration::history", Role::Admin),
    ("duplicates::find", Role::Viewer),
    ("duplicates::propose", Role::Viewer),
    ("duplicates::tell_apart", Role::Csm),
    ("duplicates::merge", Role::Csm),
    ("duplicates::contacts::find", Role::Viewer),
    ("duplicates::contacts::propose", Role::Viewer),
    ("duplicates::contacts::tell_apart", Role::Csm),
    ("duplicates::contacts::merge", Role::Csm),
    ("churn::models", Role::Viewer),
    ("churn::model", Role::Viewer),
    ("churn::active", Role::Viewer),
    ("churn::candidate", Role::Viewer),
    ("churn::prediction", Role::Viewer),
    ("churn::drift", Role::Viewer),
    ("churn::trainings", Role::Viewer),
    ("churn::start", Role::Manager),
    ("churn::stop", Role::Manager),
    ("churn::activate", Role::Manager),
    ("churn::roll_back", Role::Manager),
    ("churn::retire", Role::Manager),
    ("export::again", Role::Csm),
    ("export::history", Role::Csm),
    ("export::kept", Role::Admin),
    ("export::is_expired", Role::Admin),
    ("export::begin", Role::Csm),
    ("export::begin_batch", Role::Csm),
    ("export::begin_document", Role::Csm),
    ("export::begin_reports", Role::Csm),
    ("export::cancel", Role::Csm),
    ("export::expire", Role::Admin),
    ("export::fail", Role::Admin),
    ("export::finish", Role::Admin),
    ("export::get", Role::Csm),
    ("export::manifest", Role::Csm),
    ("export::note", Role::Admin),
    ("export::order", Role::Csm),
    ("export::begin_summary", Role::Csm),
    ("export::matching", Role::Csm),
    ("export::preview", Role::Csm),
    ("export::remove", Role::Csm),
    ("export::step", Role::Csm),
    ("export::take", Role::Csm),
    ("export::turn", Role::Admin),
    ("formula::create", Role::Admin),
    ("formula::change", Role::Admin),
    ("formula::remove", Role::Admin),
    ("formula::list", Role::Viewer),
    ("formula::examples", Role::Viewer),
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
    ("health::columns", Role::Viewer),
    ("health::preview_on_server", Role::Viewer),
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
    ("identity::set_team", Role::Admin),
    ("identity::rename_me", Role::Viewer),
    ("identity::workspace", Role::Viewer),
    ("identity::rename_workspace", Role::Admin),
    ("identity::set_seen_seq", Role::Viewer),
    ("insights::report", Role::Viewer),
    ("insights::behind", Role::Viewer),
    ("insights::peers", Role::Viewer),
    ("insights::score_drivers", Role::Viewer),
    ("lab::start", Role::Manager),
    ("lab::runs", Role::Viewer),
    ("lab::run", Role::Viewer),
    ("lab::stop", Role::Manager),
    ("log::of_account", Role::Viewer),
    ("log::verify", Role::Viewer),
    ("notices::page", Role::Viewer),
    ("notices::bell", Role::Viewer),
    ("notices::mark", Role::Viewer),
    ("notices::mark_all", Role::Viewer),
    ("notices::unmark_all", Role::Viewer),
    ("notices::snooze", Role::Viewer),
    ("notices::preferences", Role::Viewer),
    ("notices::set_preferences", Role::Viewer),
    ("notices::devices", Role::Viewer),
    ("notices::add_device", Role::Viewer),
    ("notices::device_gone", Role::Admin),
    ("notices::send_test", Role::Viewer),
    ("notices::deliveries", Role::Viewer),
    ("notices::unsubscribe_token", Role::Admin),
    ("portfolio::summary", Role::Viewer),
    ("portfolio::pressing", Role::Viewer),
    ("portfolio::since_you_left", Role::Viewer),
    ("quality::survey", Role::Viewer),
    ("quality::broken", Role::Viewer),
    ("replies::waiting", Role::Viewer),
    ("reports::answer", Role::Viewer),
    ("reports::take", Role::Csm),
    ("reports::take_as", Role::Csm),
    ("reports::list", Role::Viewer),
    ("reports::create", Role::Viewer),
    ("reports::create shared", Role::Manager),
    ("reports::update shared", Role::Manager),
    ("reports::remove shared", Role::Manager),
    ("reports::get", Role::Viewer),
    ("dashboards::answer", Role::Viewer),
    ("reports::restore", Role::Viewer),
    ("reports::rows", Role::Viewer),
    ("reports::metrics", Role::Viewer),
    ("dashboards::list", Role::Viewer),
    ("dashboards::get", Role::Viewer),
    ("dashboards::create", Role::Viewer),
    ("dashboards::create shared", Role::Manager),
    ("dashboards::update shared", Role::Manager),
    ("dashboards::remove shared", Role::Manager),
    ("dashboards::restore", Role::Viewer),
    ("reports::answer usage", Role::Viewer),
    ("reports::answer revenue", Role::Viewer),
    ("import_schedules::list", Role::Manager),
    ("import_schedules::pause", Role::Manager),
    ("import_schedules::remove", Role::Manager),
    ("import_schedules::run_now", Role::Manager),
    ("import_schedules::runs", Role::Manager),
    ("import_schedules::save", Role::Manager),
    ("import_schedules::save again", Role::Manager),
    ("import_schedules::settle", Role::Admin),
    ("schedules::list", Role::Viewer),
    ("schedules::outside_mail", Role::Viewer),
    ("schedules::pause", Role::Csm),
    ("schedules::remove", Role::Csm),
    ("schedules::run_now", Role::Csm),
    ("schedules::runs", Role::Csm),
    ("schedules::save", Role::Csm),
    ("schedules::save again", Role::Csm),
    ("schedules::set_outside_mail", Role::Admin),
    ("schedules::settle", Role::Admin),
    ("shares::accesses", Role::Csm),
    ("shares::list", Role::Viewer),
    ("shares::create", Role::Csm),
    ("shares::create of an account", Role::Csm),
    ("shares::revoke", Role::Csm),
    ("shares::snapshot", Role::Admin),
    ("signals::feeds", Role::Viewer),
    ("signals::feed_runs", Role::Viewer),
    ("signals::add_feed", Role::Csm),
    ("signals::add_feed for all", Role::Manager),
    ("signals::pause_feed", Role::Csm),
    ("signals::pause_feed for all", Role::Manager),
    ("signals::run_feed_now", Role::Csm),
    ("signals::remove_feed", Role::Csm),
    ("signals::take_due_feeds", Role::Admin),
    ("signals::note_run", Role::Admin),
    ("signals::ingest", Role::Admin),
    ("signals::headlines", Role::Viewer),
    ("signals::headline", Role::Viewer),
    ("signals::competitor_headlines", Role::Viewer),
    ("signals::waiting", Role::Viewer),
    ("signals::correct", Role::Csm),
    ("signals::website", Role::Viewer),
    ("signals::websites", Role::Viewer),
    ("signals::watch_website", Role::Csm),
    ("signals::watch_all", Role::Manager),
    ("signals::pause_website", Role::Csm),
    ("signals::check_website_now", Role::Csm),
    ("signals::stop_watching", Role::Csm),
    ("signals::take_due_websites", Role::Admin),
    ("signals::note_check", Role::Admin),
    ("signals::is_due", Role::Viewer),
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
    ("todos::here", Role::Viewer),
    ("todos::list", Role::Viewer),
    ("todos::get", Role::Viewer),
    ("todos::of_account", Role::Viewer),
    ("todos::pressing", Role::Viewer),
    ("todos::add", Role::Csm),
    ("todos::edit", Role::Csm),
    ("todos::steps", Role::Csm),
    ("todos::remove", Role::Csm),
    ("usage::of_account", Role::Viewer),
    ("usage::set", Role::Csm),
    ("value::delivered", Role::Viewer),
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
const ABOUT_ONESELF: [&str; 78] = [
    "accounts::catalogue",
    "accounts::create",
    "alerts::create_rule",
    "alerts::rules",
    "batches::open",
    "batches::set_counts",
    "churn::start",
    "dashboards::create",
    "dashboards::create shared",
    "configuration::export",
    "configuration::history",
    "export::begin",
    "export::begin_reports",
    "export::manifest",
    "export::order",
    "export::begin_summary",
    "export::matching",
    "export::preview",
    "formula::create",
    "formula::list",
    "formula::examples",
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
    "import_schedules::save",
    "import_schedules::settle",
    "insights::report",
    "insights::behind",
    "log::verify",
    "notices::page",
    "notices::bell",
    "notices::mark",
    "notices::mark_all",
    "notices::unmark_all",
    "notices::snooze",
    "notices::preferences",
    "notices::set_preferences",
    "notices::devices",
    "notices::add_device",
    "notices::device_gone",
    "notices::send_test",
    "notices::deliveries",
    "notices::unsubscribe_token",
    "portfolio::summary",
    "portfolio::pressing",
    "portfolio::since_you_left",
    "reports::create",
    "reports::create shared",
    "schedules::outside_mail",
    "schedules::set_outside_mail",
    "schedules::settle",
    "shares::create",
    "signals::add_feed for all",
    "signals::take_due_feeds",
    "signals::note_run",
    "signals::take_due_websites",
    "signals::note_check",
    "signals::is_due",
    "tasks::finish",
    "tasks::fail",
    "tasks::is_due",
    "tasks::keep",
    "todos::here",
    "todos::add",
    "views::create",
    "views::create shared",
    "value::delivered",
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
        "export::again" => one(export::again(tx, f.export(tx)).await?),
        "export::begin" => export::begin(tx, &Request::default()).await?.ids.len(),
        "configuration::export" => db::configuration::export(tx).await?.len(),
        "configuration::history" => db::configuration::history(tx).await?.len(),
        "duplicates::find" => db::duplicates::find(tx).await?.groups.len(),
        "duplicates::propose" => one(db::duplicates::propose(tx, id, f.twin.id).await?),
        "duplicates::tell_apart" => one(db::duplicates::tell_apart(tx, &[id, f.twin.id]).await?),
        "duplicates::merge" => {
            let (keep_version, gone_version) = (f.account.version, f.twin.version);
            let (keep, gone, take) = (id, f.twin.id, Vec::new());
            one(db::duplicates::merge(tx, &Decision { keep, keep_version, gone, gone_version, take }).await?)
        }
        "export::begin_reports" => export::begin_reports(tx, "").await?.len(),
        "export::begin_batch" => export::begin_batch(tx, "health", "", &[id]).await?.len(),
        "export::begin_document" => {
            export::begin_document(tx, id, "review").await?;
            1
        }
        "export::begin_summary" => {
            export::begin_summary(tx, "summary", "").await?;
            1
        }
        "export::matching" => export::matching(tx, "").await?.len(),
        "export::cancel" => one(export::cancel(tx, f.export(tx)).await?),
        "export::expire" => export::expire(tx).await?,
        "export::fail" => usize::from(export::fail(tx, f.export(tx), "The disk is full.").await?),
        "export::finish" => usize::from(export::finish(tx, f.export(tx), export::Done { rows: 1, bytes: 1 }).await?),
        "export::get" => one(export::get(tx, f.export(tx)).await?),
        "export::history" => export::history(tx).await?.len(),
        "export::is_expired" => usize::from(export::is_expired(tx).await?),
        "export::kept" => export::kept(tx).await?.len(),
        "export::manifest" => one(export::manifest(tx, &Request::default()).await?),
        "export::note" => usize::from(export::note(tx, f.export(tx), f.task.id, 1, 2).await?),
        "export::order" => one(export::order(tx, &Request::default()).await?),
        "export::preview" => export::preview(tx, &Request::default()).await?.1.rows.len(),
        "export::remove" => one(export::remove(tx, f.export_with_file(tx)).await?),
        "export::step" => {
            let step = export::step(tx, &f.manifest, &mut export::Place::default()).await?;
            step.map_or(0, |step| step.rows.len())
        }
        "export::take" => one(export::take(tx, f.export_with_file(tx)).await?),
        "export::turn" => usize::from(export::turn(tx, f.export(tx)).await?.is_some()),
        "log::of_account" => log::of_account(tx, id, i64::MAX, 9).await?.len(),
        "log::verify" => one(log::verify(tx).await?.unwrap()),
        "portfolio::summary" => portfolio::summary(tx, false).await?.accounts as usize,
        "replies::waiting" => db::replies::waiting(tx, false).await?.len(),
        "portfolio::pressing" => portfolio::pressing(tx, false).await?.0.len(),
        "portfolio::since_you_left" => portfolio::since_you_left(tx).await?.to_seq as usize,
        "subjects::find" => usize::from(subjects::find::<Contact>(tx, f.contact.id.0).await?.is_some()),
        "subjects::create" => one(subjects::create(tx, &contact(id)).await?),
        "subjects::update" => {
            let renamed = Contact { name: "Mallory".into(), ..f.contact.clone() };
            one(subjects::update(tx, &f.contact, &renamed).await?)
        }
        "subjects::remove" => one(subjects::remove(tx, &f.contact).await?),
        "tasks::finish" => one(tasks::finish(tx, f.task.id).await?),
        "tasks::is_due" => one(tasks::is_due(tx, &[]).await?),
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
        "advice::of_account" => one(advice::of_account(tx, id).await?),
        "advice::of_alert" => one(advice::of_alert(tx, f.alert).await?),
        "advice::first_actions" => advice::first_actions(tx, std::slice::from_ref(&f.told)).await?.len(),
        "advice::feedback" => advice::feedback(tx, id).await?.len(),
        "advice::give" => {
            let (action, reason) = ("check_in".to_owned(), "Forged.".to_owned());
            let opinion = Opinion { account: id, alert: Some(f.alert), action, verdict: Verdict::Wrong, reason };
            one(advice::give(tx, &opinion).await?)
        }
        other if other.starts_with("alerts::") => return call_alerts(other, tx, f).await,
        other if other.starts_with("reports::") => return call_reports(other, tx, f).await,
        other if other.starts_with("duplicates::contacts::") => return call_contacts(other, tx, f).await,
        other if other.starts_with("dashboards::") => return call_dashboards(other, tx, f).await,
        other if other.starts_with("import_schedules::") => return call_import_schedules(other, tx, f).await,
        other if other.starts_with("schedules::") => return call_schedules(other, tx, f).await,
        other if other.starts_with("shares::") => return call_shares(other, tx, f).await,
        other if other.starts_with("signals::") => return call_signals(other, tx, f).await,
        other if other.starts_with("todos::") => return call_todos(other, tx, f).await,
        other => return call_health_or_identity(other, tx, f).await,
    })
}

async fn call_alerts(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let query = AlertQuery { limit: 9, ..AlertQuery::default() };
    Ok(match verb {
        "alerts::list" => alerts::list(tx, &query).await?.rows.len(),
        "alerts::counts" => alerts::counts(tx).await?.risk as usize,
        "alerts::of_account" => alerts::of_account(tx, f.account.id).await?.len(),
        "alerts::page" => one(alerts::page(tx, f.alert).await?),
        "alerts::analytics" => alerts::analytics(tx, 9).await?.open.len(),
        "alerts::rules" => alerts::rules(tx).await?.len(),
        "alerts::rule" => one(alerts::rule(tx, f.rule.id).await?),
        "alerts::step" => one(alerts::step(tx, f.alert, &Step::Acknowledge).await?),
        "alerts::steps" => {
            let twice = [f.alert, f.alert];
            alerts::steps(tx, &twice, &Step::Note { text: "Forged.".into() }).await?.changed as usize
        }
        "alerts::create_rule" => one(alerts::create_rule(tx, f.rule.clone()).await?),
        "alerts::change_rule" => one(alerts::change_rule(tx, f.rule.clone()).await?),
        "alerts::switch_rule" => one(alerts::switch_rule(tx, f.rule.id, false).await?),
        "alerts::remove_rule" => one(alerts::remove_rule(tx, f.rule.id).await?),
        other => panic!("{other} is not in the table"),
    })
}

async fn call_signals(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let (id, Outside { own, market, headline }) = (f.account.id, &f.outside);
    Ok(match verb {
        "signals::feeds" => signals::feeds(tx).await?.len(),
        "signals::feed_runs" => signals::feed_runs(tx, *own).await?.len(),
        "signals::add_feed" => one(signals::add_feed(tx, feed("forged", Some(id))).await?),
        "signals::add_feed for all" => one(signals::add_feed(tx, feed("everywhere", None)).await?),
        "signals::pause_feed" => one(signals::pause_feed(tx, *own, true).await?),
        "signals::pause_feed for all" => one(signals::pause_feed(tx, market.id, true).await?),
        "signals::run_feed_now" => one(signals::run_feed_now(tx, *own).await?),
        "signals::remove_feed" => one(signals::remove_feed(tx, *own).await?),
        "signals::take_due_feeds" => one(signals::take_due_feeds(tx, 9).await?),
        "signals::note_run" => {
            let run = Run { at: NOW, took_ms: 1, outcome: Outcome::Unchanged };
            one(signals::note_run(tx, *own, run, signals::Fetched::default()).await?)
        }
        "signals::ingest" => signals::ingest(tx, market, &paper("Acme buys a mill")).await? as usize,
        "signals::headlines" => signals::headlines(tx, id, 9).await?.len(),
        "signals::headline" => one(signals::headline(tx, *headline).await?),
        "signals::competitor_headlines" => signals::competitor_headlines(tx, 9).await?.len(),
        "signals::waiting" => signals::waiting(tx).await?.len(),
        "signals::correct" => one(signals::correct(tx, *headline, Correction::Tone(Tone::Positive)).await?),
        "signals::website" => usize::from(signals::website(tx, id).await?.is_some()),
        "signals::websites" => signals::websites(tx).await?.len(),
        "signals::watch_website" => one(signals::watch_website(tx, id, "forged.example").await?),
        "signals::watch_all" => signals::watch_all(tx).await? as usize,
        "signals::pause_website" => one(signals::pause_website(tx, id, true).await?),
        "signals::check_website_now" => one(signals::check_website_now(tx, id).await?),
        "signals::stop_watching" => one(signals::stop_watching(tx, id).await?),
        "signals::take_due_websites" => one(signals::take_due_websites(tx, 9).await?),
        "signals::note_check" => one(signals::note_check(tx, id, unanswered()).await?),
        "signals::is_due" => one(signals::is_due(tx).await?),
        other => panic!("{other} is not in the table"),
    })
}

async fn call_todos(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let twice = [f.todo, f.todo];
    Ok(match verb {
        "todos::here" => one(todos::here(tx).await?),
        "todos::list" => todos::list(tx, &TodoQuery { limit: 9, ..TodoQuery::default() }).await?.rows.len(),
        "todos::get" => one(todos::get(tx, f.todo).await?),
        "todos::of_account" => todos::of_account(tx, f.account.id).await?.len(),
        "todos::pressing" => todos::pressing(tx, false).await?.len(),
        "todos::add" => one(todos::add(tx, todo_draft("Forged")).await?),
        "todos::edit" => one(todos::edit(tx, f.todo, 1, todo_draft("Forged")).await?),
        "todos::steps" => todos::steps(tx, &twice, &TodoStep::Complete).await?.changed as usize,
        "todos::remove" => todos::remove(tx, &[f.todo]).await?.changed as usize,
        other => panic!("{other} is not in the table"),
    })
}

async fn call_reports(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    Ok(match verb {
        "reports::answer" => reports::answer(tx, Spec::default()).await?.groups.len(),
        "reports::take_as" => reports::take_as(tx, Spec::default(), "pdf").await?.groups.len(),
        "reports::take" => reports::take(tx, Spec::default()).await?.groups.len(),
        "reports::get" => one(reports::get(tx, f.report.id).await?),
        "reports::list" => reports::list(tx).await?.len(),
        "reports::create" => one(reports::create(tx, report_draft(false)).await?),
        "reports::create shared" => one(reports::create(tx, report_draft(true)).await?),
        "reports::update shared" => one(reports::update(tx, f.report.id, report_draft(true)).await?),
        "reports::remove shared" => one(reports::remove(tx, f.report.id).await?),
        // The batch deleted nothing: what is one's own to take back is in the tests of what people save.
        "reports::restore" => match reports::restore(tx, f.batch).await {
            Err(Error::Refused(Refusal::NotFound)) if tx.workspace() == f.workspace => 1,
            other => one(other?),
        },
        "reports::rows" => reports::rows(tx, Spec::default(), &Part::Whole).await?.rows.len(),
        "reports::metrics" => reports::metrics(tx).await?.len(),
        "reports::answer usage" => reports::answer(tx, Spec::of(About::Usage)).await?.groups.len(),
        "reports::answer revenue" => {
            let spec = Spec { within: Period::Days(700), ..Spec::of(About::Revenue) };
            reports::answer(tx, spec).await?.whole.count as usize
        }
        other => panic!("{other} is not in the table"),
    })
}

async fn call_dashboards(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let (id, version) = (f.dashboard.id, f.dashboard.version);
    Ok(match verb {
        "dashboards::answer" => {
            let shows = Shows::Report(f.report.id);
            let widget = Widget { id: 1, name: String::new(), shows, width: 1, height: 1 };
            dashboards::answer(tx, &widget).await?.1.whole.count as usize
        }
        "dashboards::list" => dashboards::list(tx).await?.len(),
        "dashboards::get" => one(dashboards::get(tx, id).await?),
        "dashboards::create" => one(dashboards::create(tx, dashboard_draft(false)).await?),
        "dashboards::create shared" => one(dashboards::create(tx, dashboard_draft(true)).await?),
        "dashboards::update shared" => one(dashboards::update(tx, id, version, dashboard_draft(true)).await?),
        "dashboards::remove shared" => one(dashboards::remove(tx, id).await?),
        "dashboards::restore" => match dashboards::restore(tx, f.batch).await {
            Err(Error::Refused(Refusal::NotFound)) if tx.workspace() == f.workspace => 1,
            other => one(other?),
        },
        other => panic!("{other} is not in the table"),
    })
}

async fn call_schedules(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let reader = Actor { workspace: tx.actor().workspace, user: Some(f.person), role: Role::Viewer };
    let draft = schedule_draft(&f.report, &reader);
    Ok(match verb {
        "schedules::list" => schedules::list(tx).await?.len(),
        "schedules::outside_mail" => one(schedules::outside_mail(tx).await?),
        "schedules::pause" => one(schedules::pause(tx, f.schedule, true).await?),
        "schedules::remove" => one(schedules::remove(tx, f.schedule).await?),
        "schedules::run_now" => one(schedules::run_now(tx, f.schedule).await?),
        "schedules::runs" => one(schedules::runs(tx, f.schedule).await?),
        "schedules::save" => one(schedules::save(tx, None, draft).await?),
        "schedules::save again" => one(schedules::save(tx, Some(f.schedule), draft).await?),
        "schedules::set_outside_mail" => one(schedules::set_outside_mail(tx, true).await?),
        "schedules::settle" => {
            one(schedules::settle(tx, Uuid::now_v7(), Some(domain::schedules::Trouble::NoMail), true).await?)
        }
        other => panic!("{other} is not in the table"),
    })
}

async fn call_import_schedules(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let (id, draft) = (f.import_schedule, crate::import_schedules::draft("forged.csv"));
    Ok(match verb {
        "import_schedules::list" => import_schedules::list(tx).await?.len(),
        "import_schedules::pause" => one(import_schedules::pause(tx, id, true).await?),
        "import_schedules::remove" => one(import_schedules::remove(tx, id).await?),
        "import_schedules::run_now" => one(import_schedules::run_now(tx, id).await?),
        "import_schedules::runs" => one(import_schedules::runs(tx, id).await?),
        "import_schedules::save" => one(import_schedules::save(tx, None, draft).await?),
        "import_schedules::save again" => one(import_schedules::save(tx, Some(id), draft).await?),
        "import_schedules::settle" => {
            let run = domain::id::ImportRunId(Uuid::now_v7());
            one(import_schedules::settle(tx, run, &domain::import_schedules::Outcome::Unchanged, true).await?)
        }
        other => panic!("{other} is not in the table"),
    })
}

async fn call_shares(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let kept = shares::Kept::default;
    Ok(match verb {
        "shares::accesses" => one(shares::accesses(tx, f.share).await?),
        "shares::create" => one(shares::create(tx, share_draft(None), kept()).await?),
        "shares::create of an account" => one(shares::create(tx, share_draft(Some(f.account.id)), kept()).await?),
        "shares::list" => shares::list(tx).await?.len(),
        "shares::revoke" => one(shares::revoke(tx, f.share).await?),
        "shares::snapshot" => usize::from(shares::snapshot(tx, f.share).await?.is_some()),
        other => panic!("{other} is not in the table"),
    })
}

fn unanswered() -> Check {
    let trouble = Some(Trouble::TimedOut);
    Check { at: NOW, took_ms: 1, status: None, tls_expires_at: None, hops: Vec::new(), title: None, trouble }
}

fn todo_draft(title: &str) -> TodoDraft {
    TodoDraft { title: title.into(), ..TodoDraft::default() }
}

async fn call_contacts(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    use db::duplicates::contacts;
    let (keep, gone) = (f.contact.id, f.namesake.id);
    Ok(match verb {
        "duplicates::contacts::find" => contacts::find(tx).await?.groups.len(),
        "duplicates::contacts::propose" => one(contacts::propose(tx, keep, gone).await?),
        "duplicates::contacts::tell_apart" => one(contacts::tell_apart(tx, &[keep, gone]).await?),
        "duplicates::contacts::merge" => {
            let (keep_version, gone_version, take) = (1, 1, Vec::new());
            one(contacts::merge(tx, &Decision { keep, keep_version, gone, gone_version, take }).await?)
        }
        other => panic!("{other} is not in the table"),
    })
}

async fn call_health_or_identity(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let id = f.account.id;
    Ok(match verb {
        "formula::create" => one(formula::create(tx, "Forged", "1").await?),
        "formula::change" => one(formula::change(tx, "custom.seats_left", 1, "Seats left", "1").await?),
        "formula::remove" => one(formula::remove(tx, "custom.seats_left", 1).await?),
        "formula::list" => formula::list(tx).await?.len(),
        "formula::examples" => formula::examples(tx, &[id]).await?.len(),
        "health::facts" => health::facts(tx).await?.len(),
        "health::reach" => health::reach(tx, Some(f.card), "", 0).await?.matching as usize,
        "churn::models" => churn::models(tx).await?.len(),
        "churn::model" => one(churn::model(tx, f.churn_models[0]).await?),
        "churn::active" => usize::from(churn::active(tx).await?.is_some()),
        "churn::candidate" => usize::from(churn::candidate(tx).await?.is_some()),
        "churn::prediction" => usize::from(churn::prediction(tx, id).await?.is_some()),
        "churn::drift" => usize::from(churn::drift(tx).await?.is_some()),
        "churn::trainings" => churn::trainings(tx).await?.len(),
        "churn::start" => one(churn::start(tx).await?),
        "churn::stop" => one(churn::stop(tx, f.churn_training).await?),
        "churn::activate" => one(churn::activate(tx, f.churn_models[0]).await?),
        "churn::roll_back" => one(churn::roll_back(tx, f.churn_models[2]).await?),
        "churn::retire" => one(churn::retire(tx, f.churn_models[1]).await?),
        "insights::report" => insights::report(tx, &last_week()).await?.everybody.accounts as usize,
        "value::delivered" => value::delivered(tx, 90).await?.pace.0.told as usize,
        "insights::behind" => insights::behind(tx, &last_week(), &Which::All).await?.rows.len(),
        "insights::peers" => insights::peers(tx, id).await?.len(),
        "insights::score_drivers" => usize::from(insights::score_drivers(tx, id, None).await?.is_some()),
        "quality::survey" => quality::survey(tx, "").await?.accounts as usize,
        "quality::broken" => quality::broken(tx, "", domain::quality::Rule::NoArr).await?.rows.len(),
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
        "identity::set_team" => one(identity::set_team(tx, f.person, "Forged").await?),
        "identity::rename_me" => one(identity::rename_me(tx, "Me").await?),
        "identity::workspace" => one(identity::workspace(tx).await?),
        "identity::rename_workspace" => one(identity::rename_workspace(tx, "Mine", Currency::USD).await?),
        "identity::set_seen_seq" => one(identity::set_seen_seq(tx, 1).await?),
        other => return call_notices(other, tx, f).await,
    })
}

async fn call_notices(verb: &str, tx: &mut Tx, f: &Fixture) -> Result<usize> {
    let nobodys = NoticeId(Uuid::now_v7());
    Ok(match verb {
        "notices::page" => one(notices::page(tx, &NoticeQuery::default()).await?),
        "notices::bell" => one(notices::bell(tx).await?),
        "notices::mark" => one(notices::mark(tx, &[nobodys], true).await?),
        "notices::mark_all" => one(notices::mark_all(tx).await?),
        "notices::unmark_all" => one(notices::unmark_all(tx, NOW).await?),
        "notices::snooze" => one(notices::snooze(tx, &[nobodys], NOW.plus_days(1)).await?),
        "notices::preferences" => one(notices::preferences(tx).await?),
        "notices::set_preferences" => one(notices::set_preferences(tx, Preferences::default()).await?),
        "notices::devices" => one(notices::devices(tx).await?),
        "notices::add_device" => {
            let (endpoint, p256dh, auth) = ("https://push.example.com".into(), "A".repeat(87), "B".repeat(22));
            one(notices::add_device(tx, &Subscription { endpoint, p256dh, auth }, "").await?)
        }
        "notices::device_gone" => one(notices::device_gone(tx, DeviceId(Uuid::now_v7())).await?),
        "notices::send_test" => one(notices::send_test(tx, Channel::Email).await?),
        "notices::deliveries" => one(notices::deliveries(tx).await?),
        "notices::unsubscribe_token" => one(notices::unsubscribe_token(tx, f.person, Channel::Email).await?),
        other => panic!("{other} is not in the table"),
    })
}

fn last_week() -> InsightQuery {
    InsightQuery { from: NOW.plus_days(-7), ..InsightQuery::default() }
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
