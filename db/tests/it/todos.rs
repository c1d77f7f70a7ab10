//! Tasks of people: what is done with them, by whom, what stands in the log, and when they are told.

use db::notices::{self, Reach};
use db::{alerts, health, log, subjects, todos, undo};
use domain::alerts::Priority;
use domain::alerts::list::AlertQuery;
use domain::changes::Change;
use domain::fields::Subject;
use domain::id::TodoId;
use domain::identity::Actor;
use domain::notices::{Notice, NoticeQuery, Preferences, What};
use domain::refusal::Refusal;
use domain::time::{DAY_MS, Timestamp};
use domain::todos::{Pile, Repeat, Standing, Todo, TodoDraft, TodoQuery, TodoReport, TodoRow, TodoStep, When};

use crate::support::{self, NOW, TestDb};

fn draft(title: &str, days: Option<i64>, minute: Option<u16>) -> TodoDraft {
    let due = days.map(|days| When { day: NOW.day_start().plus_days(days), minute });
    TodoDraft { title: title.into(), due, ..TodoDraft::default() }
}

async fn add(t: &TestDb, actor: &Actor, draft: TodoDraft) -> Todo {
    let mut tx = t.write(actor).await;
    let (todo, _) = todos::add(&mut tx, draft).await.unwrap();
    tx.commit().await.unwrap();
    todo
}

async fn step(t: &TestDb, actor: &Actor, ids: &[TodoId], step: TodoStep) -> TodoReport {
    let mut tx = t.write(actor).await;
    let report = todos::steps(&mut tx, ids, &step).await.unwrap();
    tx.commit().await.unwrap();
    report
}

async fn list(t: &TestDb, actor: &Actor, query: TodoQuery) -> Vec<TodoRow> {
    todos::list(&mut t.read(actor).await, &TodoQuery { limit: 50, ..query }).await.unwrap().rows
}

async fn titles(t: &TestDb, pile: Pile) -> Vec<String> {
    let rows = list(t, &t.viewer, TodoQuery { pile, ..TodoQuery::default() }).await;
    rows.into_iter().map(|row| row.todo.title).collect()
}

#[tokio::test]
async fn tasks_are_listed_by_their_day_and_found_by_whose_they_are() {
    for t in support::databases().await {
        let (sam, maya) = (t.csm.user, t.manager.user);
        let acme = t.account_with("Acme", |account| account.owner_id = maya).await;
        add(&t, &t.csm, draft("some day", None, None)).await;
        add(&t, &t.csm, TodoDraft { priority: Priority::Low, ..draft("low", Some(1), None) }).await;
        add(&t, &t.csm, TodoDraft { priority: Priority::High, ..draft("high", Some(1), None) }).await;
        add(&t, &t.csm, TodoDraft { assignee: sam, ..draft("late", Some(-1), None) }).await;
        let owned = TodoDraft { account_id: Some(acme.id), ..draft("owner's", Some(0), Some(20 * 60)) };
        add(&t, &t.csm, owned).await;
        assert_eq!(titles(&t, Pile::Open).await, ["late", "owner's", "high", "low", "some day"], "{t:?}");
        let mine = |actor: &Actor| TodoQuery { mine: actor.user.is_some(), ..TodoQuery::default() };
        let of_sam = list(&t, &t.csm, mine(&t.csm)).await;
        assert_eq!((of_sam.len(), of_sam[0].standing), (1, Standing::Overdue { days: 1 }), "{t:?}");
        let of_maya = list(&t, &t.manager, mine(&t.manager)).await;
        assert_eq!((of_maya.len(), of_maya[0].account.as_str()), (1, "Acme"), "{t:?}: nobody has it but the owner");
        let of_sam_again = TodoQuery { person: sam, ..TodoQuery::default() };
        assert_eq!(list(&t, &t.viewer, of_sam_again).await, of_sam, "{t:?}: whoever looks");
        let of_acme = todos::of_account(&mut t.read(&t.viewer).await, acme.id).await.unwrap();
        assert_eq!(of_acme, of_maya, "{t:?}");
        let pressing = todos::pressing(&mut t.read(&t.viewer).await, false).await.unwrap();
        assert_eq!(pressing.len(), 4, "{t:?}: what has no day does not press");
        let page = TodoQuery { limit: 2, offset: 4, ..TodoQuery::default() };
        let page = todos::list(&mut t.read(&t.viewer).await, &page).await.unwrap();
        assert_eq!((page.total, page.rows.len(), page.rows[0].todo.title.as_str()), (5, 1, "some day"), "{t:?}");
    }
}

#[tokio::test]
async fn what_is_done_stands_in_the_log_and_is_taken_back() {
    for t in support::databases().await {
        let acme = t.account("Acme").await;
        let todo = add(&t, &t.csm, TodoDraft { account_id: Some(acme.id), ..draft("Call", Some(0), None) }).await;
        let done = step(&t, &t.csm, &[todo.id], TodoStep::Complete).await;
        assert_eq!((done.changed, done.again), (1, 0), "{t:?}");
        assert_eq!(titles(&t, Pile::Done).await, ["Call"], "{t:?}");
        let row = todos::get(&mut t.read(&t.viewer).await, todo.id).await.unwrap();
        assert_eq!((row.todo.done_at, row.todo.done_by), (Some(NOW), t.csm.user), "{t:?}");
        assert_eq!(step(&t, &t.csm, &[todo.id], TodoStep::Complete).await, TodoReport::default(), "{t:?}: once");
        let entries = log::of_account(&mut t.read(&t.viewer).await, acme.id, i64::MAX, 9).await.unwrap();
        let lines: Vec<Change> =
            entries.iter().filter(|entry| entry.subject == Subject::Todo).map(|entry| entry.change).collect();
        assert_eq!(lines, [Change::Updated, Change::Created], "{t:?}: on the account's timeline");
        let report = undo::undo(&t.db, &t.csm, done.batch.unwrap()).await.unwrap();
        assert_eq!((report.undone, report.conflicts), (1, 0), "{t:?}");
        assert_eq!(todos::get(&mut t.read(&t.viewer).await, todo.id).await.unwrap().todo, todo, "{t:?}: as it was");
        let mut tx = t.write(&t.csm).await;
        let removed = todos::remove(&mut tx, &[todo.id]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(titles(&t, Pile::Open).await, Vec::<String>::new(), "{t:?}");
        undo::undo(&t.db, &t.csm, removed.batch.unwrap()).await.unwrap();
        assert_eq!(todos::get(&mut t.read(&t.viewer).await, todo.id).await.unwrap().todo, todo, "{t:?}: back");
        assert!(log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn what_comes_again_is_made_when_it_is_done_and_goes_when_that_is_taken_back() {
    for t in support::databases().await {
        let daily = TodoDraft { repeat: Some(Repeat::Days { every: 1 }), ..draft("Daily", Some(-3), Some(540)) };
        let todo = add(&t, &t.csm, daily).await;
        let done = step(&t, &t.csm, &[todo.id], TodoStep::Complete).await;
        assert_eq!((done.changed, done.again), (1, 1), "{t:?}");
        let open = list(&t, &t.csm, TodoQuery::default()).await;
        assert_eq!((open.len(), open[0].todo.follows), (1, Some(todo.id)), "{t:?}");
        assert_eq!(open[0].todo.due, Some(When { day: NOW.day_start(), minute: Some(540) }), "{t:?}: not in the past");
        assert_eq!(open[0].todo.due_at, Some(NOW), "{t:?}");
        undo::undo(&t.db, &t.csm, done.batch.unwrap()).await.unwrap();
        assert_eq!(titles(&t, Pile::Open).await, ["Daily"], "{t:?}");
        assert_eq!(titles(&t, Pile::Done).await, Vec::<String>::new(), "{t:?}");
        let skipped = step(&t, &t.csm, &[todo.id], TodoStep::Skip).await;
        assert_eq!((skipped.changed, skipped.again), (1, 0), "{t:?}");
        let row = todos::get(&mut t.read(&t.csm).await, todo.id).await.unwrap();
        assert_eq!(row.todo.due.unwrap().day, NOW.day_start(), "{t:?}: the same task on its next day");
    }
}

#[tokio::test]
async fn what_was_reopened_comes_again_only_once() {
    for t in support::databases().await {
        let daily = TodoDraft { repeat: Some(Repeat::Days { every: 1 }), ..draft("Daily", Some(0), None) };
        let todo = add(&t, &t.csm, daily).await;
        for (again, of) in [(1, "the first time"), (0, "it has come before")] {
            assert_eq!(step(&t, &t.csm, &[todo.id], TodoStep::Complete).await.again, again, "{t:?}: {of}");
            assert_eq!(titles(&t, Pile::Open).await, ["Daily"], "{t:?}: {of}");
            step(&t, &t.csm, &[todo.id], TodoStep::Reopen).await;
        }
        assert_eq!(titles(&t, Pile::Open).await.len(), 2, "{t:?}: itself and the one after it");
    }
}

#[tokio::test]
async fn several_are_postponed_at_once_and_what_does_not_allow_it_is_named() {
    for t in support::databases().await {
        let (one, two) =
            (add(&t, &t.csm, draft("One", Some(-1), Some(600))).await, add(&t, &t.csm, draft("Two", None, None)).await);
        let done = add(&t, &t.csm, draft("Done", None, None)).await;
        step(&t, &t.csm, &[done.id], TodoStep::Complete).await;
        let to = NOW.day_start().plus_days(2);
        let report = step(&t, &t.manager, &[one.id, two.id, done.id], TodoStep::Postpone { to }).await;
        assert_eq!((report.changed, report.refused.len(), report.refused[0].0), (2, 1, done.id), "{t:?}");
        let rows = list(&t, &t.csm, TodoQuery::default()).await;
        assert_eq!(rows[0].todo.due_at, Some(Timestamp(to.0 + 10 * 3_600_000)), "{t:?}: the time stays");
        assert!(rows.iter().all(|row| row.standing == Standing::Later { days: 2 }), "{t:?}");
        let mut tx = t.write(&t.csm).await;
        let alone = todos::steps(&mut tx, &[done.id], &TodoStep::Postpone { to }).await;
        assert!(matches!(alone, Err(db::Error::Refused(Refusal::Conflict(_)))), "{t:?}");
    }
}

#[tokio::test]
async fn an_edit_names_the_version_it_was_made_from_and_what_is_not_there_is_refused() {
    for t in support::databases().await {
        let todo = add(&t, &t.csm, draft("Call", Some(0), None)).await;
        let mut tx = t.write(&t.csm).await;
        let changed = TodoDraft { note: "Ask about seats.".into(), ..TodoDraft::of(&todo) };
        assert!(todos::edit(&mut tx, todo.id, 1, changed.clone()).await.unwrap().is_some(), "{t:?}");
        tx.commit().await.unwrap();
        let mut tx = t.write(&t.csm).await;
        let stale = todos::edit(&mut tx, todo.id, 1, draft("Other", None, None)).await;
        assert!(matches!(stale, Err(db::Error::Refused(Refusal::Conflict(_)))), "{t:?}");
        assert_eq!(todos::edit(&mut tx, todo.id, 2, changed).await.unwrap(), None, "{t:?}: nothing is another");
        let nobody = domain::id::UserId(uuid::Uuid::now_v7());
        let elsewhere = domain::id::AccountId(uuid::Uuid::now_v7());
        for wrong in [
            TodoDraft { assignee: Some(nobody), ..draft("x", None, None) },
            TodoDraft { account_id: Some(elsewhere), ..draft("x", None, None) },
            TodoDraft { alert_id: Some(domain::id::AlertId(elsewhere.0)), ..draft("x", None, None) },
            draft("", None, None),
        ] {
            assert!(matches!(todos::add(&mut tx, wrong.clone()).await, Err(db::Error::Refused(_))), "{t:?}: {wrong:?}");
        }
        let assign = TodoStep::Assign { to: Some(nobody) };
        assert!(matches!(todos::steps(&mut tx, &[todo.id], &assign).await, Err(db::Error::Refused(_))), "{t:?}");
    }
}

#[tokio::test]
async fn a_task_of_an_alert_is_about_its_account_and_wakes_neither_scorer_nor_engine() {
    for t in support::databases().await {
        let acme = t.account("Acme").await;
        t.create(&crate::alerts::escalated(acme.id)).await;
        health::catch_up(&t.db, t.workspace).await.unwrap();
        alerts::catch_up(&t.db, t.workspace).await.unwrap();
        let alert = alerts::list(&mut t.read(&t.viewer).await, &AlertQuery { limit: 1, ..AlertQuery::default() })
            .await
            .unwrap();
        let alert = alert.rows[0].alert.id;
        health::catch_up(&t.db, t.workspace).await.unwrap();
        let todo = add(&t, &t.csm, TodoDraft { alert_id: Some(alert), ..draft("Answer them", None, None) }).await;
        assert_eq!((todo.account_id, todo.alert_id), (Some(acme.id), Some(alert)), "{t:?}");
        assert_eq!(health::catch_up(&t.db, t.workspace).await.unwrap().evaluated, 0, "{t:?}");
        assert_eq!(alerts::catch_up(&t.db, t.workspace).await.unwrap().accounts, 0, "{t:?}");
    }
}

#[tokio::test]
async fn an_account_that_has_tasks_is_not_taken_back() {
    for t in support::databases().await {
        let mut tx = t.write(&t.csm).await;
        let batch = db::batches::open(&mut tx, "edit", "new").await.unwrap();
        let acme = db::accounts::create(&mut tx, "Acme").await.unwrap();
        tx.commit().await.unwrap();
        add(&t, &t.csm, TodoDraft { account_id: Some(acme.id), ..draft("Call", None, None) }).await;
        let report = undo::undo(&t.db, &t.csm, batch).await.unwrap();
        assert_eq!((report.undone, report.conflicts), (0, 1), "{t:?}");
    }
}

async fn told(t: &TestDb, actor: &Actor) -> Vec<Notice> {
    notices::page(&mut t.read(actor).await, &NoticeQuery::default()).await.unwrap().notices
}

async fn catch_up(t: &TestDb) -> u32 {
    notices::catch_up(&t.db, t.workspace, Reach::default()).await.unwrap()
}

#[tokio::test]
async fn who_is_given_tasks_is_told_once_for_all_of_one_batch() {
    for t in support::databases().await {
        catch_up(&t).await;
        let sam = t.csm.user;
        let todo = add(&t, &t.manager, TodoDraft { assignee: sam, ..draft("Call Ada", None, None) }).await;
        add(&t, &t.csm, TodoDraft { assignee: sam, ..draft("My own", None, None) }).await;
        assert_eq!(catch_up(&t).await, 1, "{t:?}: what one gives oneself is no news");
        let what = What::TodoAssigned { todo: todo.id, title: "Call Ada".into(), todos: 1 };
        assert_eq!(
            (&told(&t, &t.csm).await[0].what, told(&t, &t.csm).await[0].href()),
            (&what, format!("/tasks?task={}", todo.id)),
            "{t:?}"
        );
        let (one, two) =
            (add(&t, &t.manager, draft("One", None, None)).await, add(&t, &t.manager, draft("Two", None, None)).await);
        step(&t, &t.manager, &[one.id, two.id], TodoStep::Assign { to: sam }).await;
        assert_eq!(catch_up(&t).await, 1, "{t:?}: one notice for one batch");
        let newest = told(&t, &t.csm).await.remove(0);
        assert!(
            matches!(&newest.what, What::TodoAssigned { todos: 2, title, .. } if title == "One"),
            "{t:?}: {newest:?}"
        );
    }
}

#[tokio::test]
async fn a_task_is_told_at_its_reminder_and_when_it_is_due_and_never_again() {
    for t in support::databases().await {
        let sam = t.csm.user;
        let mut tx = t.write(&t.csm).await;
        let berlin = Preferences { zone: "Europe/Berlin".into(), quiet: None, ..Preferences::default() };
        notices::set_preferences(&mut tx, berlin).await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        let tomorrow = NOW.day_start().plus_days(1);
        let remind = Some(When { day: NOW.day_start(), minute: Some(15 * 60) });
        let call = TodoDraft { assignee: sam, remind, ..draft("Call Ada", Some(1), None) };
        let call = add(&t, &t.csm, call).await;
        add(&t, &t.csm, TodoDraft { assignee: sam, ..draft("Offer", Some(1), None) }).await;
        add(&t, &t.csm, TodoDraft { assignee: sam, ..draft("Late already", Some(0), None) }).await;
        assert_eq!(call.remind_at, Some(Timestamp(NOW.0 + 5 * 3_600_000)), "{t:?}: three in Berlin is two in London");
        assert_eq!(catch_up(&t).await, 0, "{t:?}: this morning's was written down after its moment");
        t.clock.advance(5 * 3_600_000);
        assert_eq!((catch_up(&t).await, catch_up(&t).await), (1, 0), "{t:?}");
        let reminded = What::TodoDue { todo: call.id, title: "Call Ada".into(), todos: 1, reminder: true };
        assert_eq!(told(&t, &t.csm).await[0].what, reminded, "{t:?}");
        t.clock.advance(tomorrow.0 + 7 * 3_600_000 - t.clock.now().0);
        assert_eq!((catch_up(&t).await, catch_up(&t).await), (1, 0), "{t:?}: both at once, at eight in Berlin");
        let due = told(&t, &t.csm).await.remove(0);
        assert!(matches!(due.what, What::TodoDue { todos: 2, reminder: false, .. }), "{t:?}: {due:?}");
        step(&t, &t.csm, &[call.id], TodoStep::Complete).await;
        step(&t, &t.csm, &[call.id], TodoStep::Reopen).await;
        t.clock.advance(DAY_MS);
        assert_eq!(catch_up(&t).await, 0, "{t:?}: never twice for one moment");
    }
}

#[tokio::test]
async fn every_task_of_one_moment_is_told_however_many_they_are() {
    for t in support::databases().await {
        catch_up(&t).await;
        let first = TodoDraft { assignee: t.csm.user, ..draft("Many", Some(1), Some(600)) };
        let first = add(&t, &t.csm, first).await;
        let mut tx = t.write(&t.csm).await;
        for _ in 0..1_000 {
            let other = Todo { id: TodoId(uuid::Uuid::now_v7()), ..first.clone() };
            subjects::create(&mut tx, &other).await.unwrap();
        }
        tx.commit().await.unwrap();
        t.clock.advance(2 * DAY_MS);
        assert_eq!(catch_up(&t).await, 1, "{t:?}");
        let due = told(&t, &t.csm).await.remove(0).what;
        assert!(matches!(due, What::TodoDue { todos: 1_001, .. }), "{t:?}: {due:?}");
    }
}

#[tokio::test]
async fn whoever_gets_a_task_has_it_on_their_own_clock() {
    for t in support::databases().await {
        let mut tx = t.write(&t.manager).await;
        let tokyo = Preferences { zone: "Asia/Tokyo".into(), ..Preferences::default() };
        notices::set_preferences(&mut tx, tokyo).await.unwrap();
        tx.commit().await.unwrap();
        let todo = add(&t, &t.csm, draft("Call", Some(1), Some(540))).await;
        assert_eq!(todo.zone, "UTC", "{t:?}");
        step(&t, &t.csm, &[todo.id], TodoStep::Assign { to: t.manager.user }).await;
        let moved: Todo = subjects::get(&mut t.read(&t.csm).await, todo.id.0).await.unwrap();
        let nine_hours = 9 * 3_600_000;
        assert_eq!(
            (moved.zone.as_str(), moved.due_at),
            ("Asia/Tokyo", todo.due_at.map(|at| Timestamp(at.0 - nine_hours))),
            "{t:?}"
        );
        assert_eq!(todos::here(&mut t.read(&t.manager).await).await.unwrap().minute, 18 * 60, "{t:?}");
    }
}
