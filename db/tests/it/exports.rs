//! More than accounts leaves: contacts, alerts, tasks and usage; and the history of who took what.

use db::export::{self, Done};
use db::{Error, alerts, log, tasks, todos, usage};
use domain::alerts::Priority;
use domain::changes::Change;
use domain::export::{Format, KEPT_DAYS, Only, REMEMBERED_DAYS, Record, Request, Stage, WAITING_MAX, What};
use domain::fields::Subject;
use domain::id::{AccountId, ContactId, ExportId};
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use domain::reports::State;
use domain::time::{DAY_MS, Timestamp};
use domain::todos::{TodoDraft, TodoStep, When};
use domain::usage::UsageDay;
use uuid::Uuid;

use crate::export::{file, import_as};
use crate::support::{self, NOW, TestDb};

fn of(what: What) -> Request {
    Request { what, ..Request::default() }
}

async fn contact(t: &TestDb, account: AccountId, name: &str, email: Option<&str>) {
    let mut contact = crate::access::contact(account);
    (contact.id, contact.name, contact.email) = (ContactId(Uuid::now_v7()), name.into(), email.map(str::to_owned));
    t.create(&contact).await;
}

/// Two accounts with people; one of each has no address.
async fn people(t: &TestDb) -> [AccountId; 2] {
    let zenith = t.account_with("Zenith", |account| account.external_id = Some("Z".into())).await.id;
    let acme = t.account_with("Acme", |account| account.arr_minor = Some(2_000_000)).await.id;
    for (account, name, email) in [
        (zenith, "=1+1", Some("zoe@zenith.example")),
        (zenith, "Bo", None),
        (acme, "Bo", None),
        (acme, "Ada, \"the\" first", Some("ada@acme.example")),
    ] {
        contact(t, account, name, email).await;
    }
    [zenith, acme]
}

fn lines(text: &str) -> Vec<String> {
    text.lines().skip(1).map(|line| line.split(',').take(2).collect::<Vec<_>>().join(",")).collect()
}

#[tokio::test]
async fn contacts_leave_by_their_accounts_and_come_back_unchanged() {
    for t in support::databases().await {
        people(&t).await;
        for format in [Format::Csv, Format::Json] {
            let text = file(&t, &t.csm, &Request { format, ..of(What::Contacts) }).await;
            if format == Format::Csv {
                let expected = ["\"Acme\",\"Ada", "\"Acme\",\"Bo\"", "\"Z\",\"'=1+1\"", "\"Z\",\"Bo\""];
                assert_eq!(lines(&text), expected, "{t:?}");
            }
            let report = import_as(&t, &t.csm, Subject::Contact, &text).await;
            let counts = (report.rows, report.unchanged, report.created, report.updated, report.invalid);
            assert_eq!(counts, (4, 4, 0, 0, 0), "{t:?} {format:?}: {report:?}\n{text}");
        }
    }
}

#[tokio::test]
async fn contacts_of_an_empty_workspace_are_the_same_bytes() {
    for t in support::databases().await {
        people(&t).await;
        for format in [Format::Csv, Format::Json] {
            let accounts = file(&t, &t.csm, &of(What::Accounts)).await;
            let first = file(&t, &t.csm, &Request { format, ..of(What::Contacts) }).await;
            let stranger = Actor::system(t.other_workspace().await.workspace);
            let before = import_as(&t, &stranger, Subject::Account, &accounts).await;
            assert_eq!((before.created, before.rows), (2, 2), "{t:?} {format:?}: {before:?}\n{accounts}");
            let report = import_as(&t, &stranger, Subject::Contact, &first).await;
            assert_eq!((report.created, report.rows), (4, 4), "{t:?} {format:?}: {report:?}\n{first}");
            assert_eq!(file(&t, &stranger, &Request { format, ..of(What::Contacts) }).await, first, "{t:?} {format:?}");
        }
    }
}

#[tokio::test]
async fn a_filter_and_chosen_accounts_narrow_every_subject() {
    for t in support::databases().await {
        let [zenith, acme] = people(&t).await;
        for account in [zenith, acme] {
            let mut tx = t.write(&t.csm).await;
            let day = |day: i64| UsageDay {
                account_id: account,
                metric: "logins".into(),
                day: NOW.day_start().plus_days(day),
                value: 2.5,
            };
            usage::set(&mut tx, &[day(-1), day(-2), day(-3)]).await.unwrap();
            let draft = TodoDraft { title: "Call".into(), account_id: Some(account), ..TodoDraft::default() };
            todos::add(&mut tx, draft).await.unwrap();
            tx.commit().await.unwrap();
        }
        let free = TodoDraft { title: "Tidy up".into(), ..TodoDraft::default() };
        let mut tx = t.write(&t.csm).await;
        todos::add(&mut tx, free).await.unwrap();
        tx.commit().await.unwrap();
        for (what, all, narrowed) in [(What::Contacts, 4, 2), (What::Tasks, 3, 1), (What::Usage, 6, 3)] {
            let rows = async |request: Request| {
                let text = file(&t, &t.csm, &Request { format: Format::Json, ..request }).await;
                serde_json::from_str::<Vec<serde_json::Value>>(&text).unwrap().len()
            };
            assert_eq!(rows(of(what)).await, all, "{t:?} {what:?}");
            assert_eq!(rows(Request { filter: "arr > 10k".into(), ..of(what) }).await, narrowed, "{t:?} {what:?}");
            assert_eq!(rows(Request { accounts: vec![zenith], ..of(what) }).await, narrowed, "{t:?} {what:?}");
        }
        let days = Request { from: Some(NOW.plus_days(-2)), to: Some(NOW.plus_days(-2)), ..of(What::Usage) };
        let text = file(&t, &t.csm, &days).await;
        let day = NOW.plus_days(-2).iso_date();
        let expected = ["Acme", "Z"].map(|name| format!("\"{name}\",\"logins\",{day},2.5"));
        assert_eq!(text.lines().skip(1).collect::<Vec<_>>(), expected, "{t:?}");
    }
}

#[tokio::test]
async fn tasks_leave_as_they_are_due_and_as_the_list_has_them() {
    for t in support::databases().await {
        let account = t.account_with("Acme", |account| account.owner_id = t.manager.user).await.id;
        let mut tx = t.write(&t.csm).await;
        let mut ids = Vec::new();
        for (title, days, assignee) in
            [("Later", Some(9), None), ("Some day", None, t.csm.user), ("Soon", Some(1), t.csm.user)]
        {
            let due = days.map(|days| When::on(NOW.day_start().plus_days(days)));
            let draft =
                TodoDraft { title: title.into(), due, assignee, account_id: Some(account), ..TodoDraft::default() };
            ids.push(todos::add(&mut tx, draft).await.unwrap().0.id);
        }
        todos::steps(&mut tx, &ids[1..2], &TodoStep::Complete).await.unwrap();
        tx.commit().await.unwrap();
        let titles = async |request: Request| {
            let text = file(&t, &t.csm, &Request { columns: vec!["title".into()], ..request }).await;
            text.lines().skip(1).map(|line| line.trim_matches('"').to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(titles(of(What::Tasks)).await, ["Soon", "Later", "Some day"], "{t:?}");
        assert_eq!(titles(Request { state: State::Open, ..of(What::Tasks) }).await, ["Soon", "Later"], "{t:?}");
        assert_eq!(titles(Request { state: State::Done, ..of(What::Tasks) }).await, ["Some day"], "{t:?}");
        let until = Request { to: Some(NOW.plus_days(5)), ..of(What::Tasks) };
        assert_eq!(titles(until).await, ["Soon"], "{t:?}");
        // Whatever nobody was given is the owner's.
        let owners = Only { person: t.manager.user, ..Only::default() };
        assert_eq!(titles(Request { only: owners, ..of(What::Tasks) }).await, ["Later"], "{t:?}");
    }
}

#[tokio::test]
async fn alerts_leave_as_the_list_has_them() {
    for t in support::databases().await {
        let account = t.account("Acme").await.id;
        t.create(&crate::alerts::escalated(account)).await;
        db::health::catch_up(&t.db, t.workspace).await.unwrap();
        alerts::catch_up(&t.db, t.workspace).await.unwrap();
        let rows = async |request: Request| {
            let text = file(&t, &t.csm, &Request { format: Format::Json, ..request }).await;
            serde_json::from_str::<Vec<serde_json::Value>>(&text).unwrap()
        };
        let listed = alerts::of_account(&mut t.read(&t.csm).await, account).await.unwrap();
        let open = rows(Request { state: State::Risks, ..of(What::Alerts) }).await;
        assert!(!listed.is_empty() && open.len() == listed.len(), "{t:?}: {listed:?} {open:?}");
        assert_eq!(open[0]["Account"], "Acme", "{t:?}");
        assert_eq!(rows(Request { state: State::Closed, ..of(What::Alerts) }).await.len(), 0, "{t:?}");
        let of_rule =
            |search: &str| Request { only: Only { search: search.into(), ..Only::default() }, ..of(What::Alerts) };
        assert_eq!(rows(of_rule("ACM")).await.len(), open.len(), "{t:?}");
        assert_eq!(rows(of_rule("nothing like it")).await.len(), 0, "{t:?}");
        let priority = listed[0].alert.priority;
        let mut counts = 0;
        for one in Priority::ALL {
            let only = Only { priority: Some(one), ..Only::default() };
            let found = rows(Request { only, ..of(What::Alerts) }).await.len();
            assert!(found > 0 || one != priority, "{t:?}");
            counts += found;
        }
        assert_eq!(counts, open.len(), "{t:?}");
        let tomorrow = Request { from: Some(NOW.plus_days(1)), ..of(What::Alerts) };
        assert_eq!(rows(tomorrow).await.len(), 0, "{t:?}");
    }
}

#[tokio::test]
async fn usage_of_many_days_is_read_step_by_step() {
    for t in support::databases().await {
        let accounts = [t.account("Acme").await.id, t.account("Beta").await.id];
        let mut tx = t.write(&t.csm).await;
        for account in accounts {
            let days = (0..3_000).map(|number: i64| UsageDay {
                account_id: account,
                metric: if number % 2 == 0 { "logins".into() } else { "seats".into() },
                day: Timestamp(NOW.day_start().0 - number * DAY_MS),
                value: number as f64,
            });
            usage::set(&mut tx, &days.collect::<Vec<_>>()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = t.read(&t.csm).await;
        let manifest = export::manifest(&mut tx, &of(What::Usage)).await.unwrap();
        assert_eq!((manifest.rows, manifest.ids.len()), (6_000, 2), "{t:?}");
        let (mut place, mut days, mut steps) = (export::Place::default(), Vec::new(), 0);
        while let Some(step) = export::step(&mut tx, &manifest, &mut place).await.unwrap() {
            assert!(step.rows.len() <= 5_000, "{t:?}");
            steps += 1;
            days.extend(step.rows.into_iter().map(|row| match row {
                Record::Usage(day) => (day.account_id, day.metric, day.day),
                other => panic!("{other:?}"),
            }));
        }
        let mut sorted = days.clone();
        sorted.sort_by(|a, b| (a.0 != accounts[0], &a.1, a.2).cmp(&(b.0 != accounts[0], &b.1, b.2)));
        sorted.dedup();
        assert!(steps >= 2 && sorted.len() == 6_000 && sorted == days, "{t:?}: {steps} steps, {} days", sorted.len());
    }
}

async fn order(t: &TestDb, actor: &Actor) -> ExportId {
    let mut tx = t.write(actor).await;
    let id = export::order(&mut tx, &of(What::Accounts)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Does something as the worker would.
async fn system(t: &TestDb) -> db::Tx {
    t.write(&Actor::system(t.workspace)).await
}

async fn stage(t: &TestDb, id: ExportId) -> Stage {
    export::get(&mut t.read(&t.admin).await, id).await.unwrap().export.stage()
}

#[tokio::test]
async fn an_order_is_a_task_in_the_same_transaction_and_ends_with_a_file() {
    for t in support::databases().await {
        t.account("Acme").await;
        let last = log::last_seq(&mut t.read(&t.csm).await).await.unwrap();
        let mut tx = t.write(&t.csm).await;
        export::order(&mut tx, &of(What::Accounts)).await.unwrap();
        drop(tx);
        assert_eq!(t.texts("SELECT kind FROM tasks WHERE kind = 'export'").await.len(), 0, "{t:?}: taken back with it");
        let id = order(&t, &t.csm).await;
        assert_eq!(t.texts("SELECT kind FROM tasks WHERE kind = 'export'").await, ["export"], "{t:?}");
        let mut tx = system(&t).await;
        let task = tasks::lease(&mut tx, &[]).await.unwrap().unwrap();
        let turn = export::turn(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((turn.actor.user, turn.actor.role), (t.csm.user, Role::Csm), "{t:?}");
        assert!(export::note(&mut tx, id, task.id, 1, 3).await.unwrap(), "{t:?}");
        tx.commit().await.unwrap();
        let line = export::get(&mut t.read(&t.csm).await, id).await.unwrap();
        assert_eq!((line.done, line.total, line.export.stage()), (1, 3, Stage::Going), "{t:?}");
        let Err(Error::Refused(Refusal::Conflict(_))) = export::take(&mut t.write(&t.csm).await, id).await else {
            panic!("{t:?}: half a file was handed out")
        };
        let mut tx = system(&t).await;
        assert!(export::finish(&mut tx, id, Done { rows: 3, bytes: 99 }).await.unwrap(), "{t:?}");
        assert!(!export::finish(&mut tx, id, Done { rows: 9, bytes: 9 }).await.unwrap(), "{t:?}: once");
        tx.commit().await.unwrap();
        let mut tx = t.write(&t.csm).await;
        let taken = export::take(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((taken.rows, taken.bytes, taken.stage()), (3, Some(99), Stage::Ready), "{t:?}");
        let entries = log::after(&mut t.read(&t.csm).await, last, 10).await.unwrap();
        let said: Vec<_> = entries.iter().map(|entry| (entry.change, entry.actor)).collect();
        let expected = [(Change::Created, t.csm.user), (Change::Updated, None), (Change::Exported, t.csm.user)];
        assert_eq!(said, expected, "{t:?}");
        assert_eq!((&entries[2].after["what"], &entries[2].after["rows"]), (&"accounts".into(), &3.into()), "{t:?}");
    }
}

#[tokio::test]
async fn only_whoever_asked_and_administrators_see_an_export() {
    for t in support::databases().await {
        let (sams, mayas) = (order(&t, &t.csm).await, order(&t, &t.manager).await);
        let seen = |actor: Actor| {
            let t = &t;
            async move {
                let lines = export::history(&mut t.read(&actor).await).await.unwrap();
                lines.iter().map(|line| line.export.id).collect::<Vec<_>>()
            }
        };
        assert_eq!(seen(t.csm.clone()).await, [sams], "{t:?}");
        assert_eq!(seen(t.manager.clone()).await, [mayas], "{t:?}");
        assert_eq!(seen(t.admin.clone()).await, [mayas, sams], "{t:?}");
        for verb in ["get", "take", "cancel", "remove", "again"] {
            let mut tx = t.write(&t.manager).await;
            let answer = match verb {
                "get" => export::get(&mut tx, sams).await.map(drop),
                "take" => export::take(&mut tx, sams).await.map(drop),
                "cancel" => export::cancel(&mut tx, sams).await,
                "remove" => export::remove(&mut tx, sams).await,
                _ => export::again(&mut tx, sams).await.map(drop),
            };
            assert!(matches!(answer, Err(Error::Refused(Refusal::NotFound))), "{t:?}: {verb}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn what_is_cancelled_is_not_wanted_any_more_and_can_be_had_again() {
    for t in support::databases().await {
        let id = order(&t, &t.csm).await;
        let mut tx = system(&t).await;
        let task = tasks::lease(&mut tx, &[]).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let mut tx = t.write(&t.csm).await;
        assert!(export::remove(&mut tx, id).await.is_err(), "{t:?}: cancelled first");
        export::cancel(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stage(&t, id).await, Stage::Cancelled, "{t:?}");
        let mut tx = system(&t).await;
        assert!(!export::note(&mut tx, id, task.id, 1, 3).await.unwrap(), "{t:?}");
        assert!(!export::finish(&mut tx, id, Done { rows: 3, bytes: 9 }).await.unwrap(), "{t:?}");
        assert!(export::turn(&mut tx, id).await.unwrap().is_none(), "{t:?}");
        tx.commit().await.unwrap();
        assert_eq!(stage(&t, id).await, Stage::Cancelled, "{t:?}");
        let mut tx = t.write(&t.csm).await;
        let again = export::again(&mut tx, id).await.unwrap();
        export::remove(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stage(&t, again).await, Stage::Going, "{t:?}");
        assert!(export::get(&mut t.read(&t.csm).await, id).await.is_err(), "{t:?}");
    }
}

#[tokio::test]
async fn a_person_has_so_many_waiting_and_no_more() {
    for t in support::databases().await {
        for _ in 0..WAITING_MAX {
            order(&t, &t.csm).await;
        }
        let answer = export::order(&mut t.write(&t.csm).await, &of(What::Tasks)).await;
        assert!(matches!(answer, Err(Error::Refused(Refusal::Conflict(_)))), "{t:?}: {answer:?}");
        order(&t, &t.manager).await;
    }
}

#[tokio::test]
async fn whoever_may_not_any_more_gets_no_file() {
    for t in support::databases().await {
        let id = order(&t, &t.csm).await;
        let mut tx = t.write(&t.admin).await;
        db::identity::set_access(&mut tx, t.csm.user.unwrap(), Role::Viewer, true).await.unwrap();
        tx.commit().await.unwrap();
        let answer = export::turn(&mut system(&t).await, id).await;
        assert!(matches!(answer, Err(Error::Refused(Refusal::Forbidden))), "{t:?}: {answer:?}");
        let mut tx = system(&t).await;
        assert!(export::fail(&mut tx, id, "Your role does not allow this.").await.unwrap(), "{t:?}");
        tx.commit().await.unwrap();
        assert_eq!(stage(&t, id).await, Stage::Failed, "{t:?}");
    }
}

#[tokio::test]
async fn files_go_after_some_days_and_the_history_after_many() {
    for t in support::databases().await {
        let id = order(&t, &t.csm).await;
        let mut tx = system(&t).await;
        export::finish(&mut tx, id, Done { rows: 1, bytes: 1 }).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(export::kept(&mut system(&t).await).await.unwrap(), [id], "{t:?}");
        t.clock.advance(KEPT_DAYS * DAY_MS - 1);
        assert!(!export::is_expired(&mut system(&t).await).await.unwrap(), "{t:?}");
        t.clock.advance(1);
        assert!(export::is_expired(&mut system(&t).await).await.unwrap(), "{t:?}");
        let mut tx = system(&t).await;
        assert_eq!(export::expire(&mut tx).await.unwrap(), 1, "{t:?}");
        tx.commit().await.unwrap();
        assert_eq!(stage(&t, id).await, Stage::Removed, "{t:?}");
        assert_eq!(export::kept(&mut system(&t).await).await.unwrap(), [], "{t:?}");
        t.clock.advance((REMEMBERED_DAYS - KEPT_DAYS) * DAY_MS + 1);
        let mut tx = system(&t).await;
        assert_eq!(export::expire(&mut tx).await.unwrap(), 1, "{t:?}");
        tx.commit().await.unwrap();
        assert_eq!(export::history(&mut t.read(&t.admin).await).await.unwrap(), [], "{t:?}");
    }
}

#[tokio::test]
async fn too_many_bytes_send_the_oldest_away_first() {
    for t in support::databases().await {
        let mut ids = Vec::new();
        for _ in 0..3 {
            let id = order(&t, &t.csm).await;
            let mut tx = system(&t).await;
            let bytes = domain::export::KEPT_BYTES_MAX / 2;
            export::finish(&mut tx, id, Done { rows: 1, bytes }).await.unwrap();
            tx.commit().await.unwrap();
            t.clock.advance(1_000);
            ids.push(id);
        }
        let mut tx = system(&t).await;
        assert_eq!(export::expire(&mut tx).await.unwrap(), 1, "{t:?}");
        tx.commit().await.unwrap();
        assert_eq!(stage(&t, ids[0]).await, Stage::Removed, "{t:?}");
        assert_eq!(stage(&t, ids[2]).await, Stage::Ready, "{t:?}");
    }
}

#[tokio::test]
async fn what_a_process_left_is_free_at_the_next_start() {
    for t in support::databases().await {
        order(&t, &t.csm).await;
        let mut tx = system(&t).await;
        assert!(tasks::lease(&mut tx, &[]).await.unwrap().is_some(), "{t:?}");
        tx.commit().await.unwrap();
        tasks::release(&t.db).await.unwrap();
        // Another process of the same PostgreSQL database may be at it.
        let free = tasks::is_due(&mut system(&t).await, &[]).await.unwrap();
        assert_eq!(free, !t.db.is_postgres(), "{t:?}");
    }
}
