//! Schedules: one run for each moment, also after a rest, and mail only to those who may read it on that day.

use db::schedules::{MAIL, Ready, TASK};
use db::tasks::Task;
use db::{Error, Result, identity, log, reports, schedules, tasks};
use domain::changes::Change;
use domain::fields::Subject;
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use domain::reports::{Report, ReportDraft, Spec};
use domain::schedules::{Recipient, Rhythm, Run, Schedule, ScheduleDraft, Timing, Trouble};
use domain::time::{DAY_MS, Timestamp};
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

const HOUR_MS: i64 = 3_600_000;

async fn report(t: &TestDb, who: &Actor, shared: bool) -> Report {
    let spec = Spec { filter: "owner = me".into(), ..Spec::default() };
    let mut tx = t.write(who).await;
    let report = reports::create(&mut tx, ReportDraft { name: "Mine".into(), shared, spec }).await.unwrap();
    tx.commit().await.unwrap();
    report
}

fn draft(report: &Report, recipients: &[Recipient]) -> ScheduleDraft {
    // It is nine o'clock, so that the first run is in an hour.
    let timing = Timing { rhythm: Rhythm::Day, minute: 10 * 60, zone: "UTC".into() };
    ScheduleDraft { report_id: report.id, timing, recipients: recipients.to_vec(), csv: true, pdf: false }
}

fn to(who: &Actor) -> Recipient {
    Recipient::User(who.user.unwrap())
}

async fn save(t: &TestDb, who: &Actor, draft: ScheduleDraft) -> Result<Schedule> {
    let mut tx = t.write(who).await;
    let schedule = schedules::save(&mut tx, None, draft).await?;
    tx.commit().await.unwrap();
    Ok(schedule)
}

async fn lease(t: &TestDb) -> Option<Task> {
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    let task = tasks::lease(&mut tx, &[]).await.unwrap();
    tx.commit().await.unwrap();
    task
}

/// Does what is due, and returns the ids of the mails that were asked for.
async fn work(t: &TestDb) -> Vec<Uuid> {
    let mut mails = Vec::new();
    while let Some(task) = lease(t).await {
        match task.kind.as_str() {
            TASK => schedules::perform(&t.db, t.workspace, &task).await.unwrap(),
            MAIL => mails.push(serde_json::from_value(task.payload["mail"].clone()).unwrap()),
            other => panic!("{other}"),
        }
        let mut tx = t.write(&Actor::system(t.workspace)).await;
        tasks::finish(&mut tx, task.id).await.unwrap();
        tx.commit().await.unwrap();
    }
    mails
}

async fn runs(t: &TestDb, schedule: &Schedule) -> Vec<Run> {
    schedules::runs(&mut t.read(&t.admin).await, schedule.id).await.unwrap()
}

async fn access(t: &TestDb, who: &Actor, role: Role, active: bool) {
    let mut tx = t.write(&t.admin).await;
    identity::set_access(&mut tx, who.user.unwrap(), role, active).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn each_moment_is_run_once_and_what_was_missed_once_in_all() {
    for t in support::databases().await {
        let report = report(&t, &t.csm, false).await;
        let schedule = save(&t, &t.csm, draft(&report, &[to(&t.csm)])).await.unwrap();
        assert_eq!(schedule.next_at, Some(Timestamp(NOW.0 + HOUR_MS)), "{t:?}");
        assert_eq!(work(&t).await.len(), 0, "{t:?}: not yet");
        t.clock.advance(HOUR_MS);
        assert_eq!(work(&t).await.len(), 1, "{t:?}");
        assert_eq!(work(&t).await.len(), 0, "{t:?}");
        // Nobody works for five days: one run makes up for all of them.
        t.clock.advance(5 * DAY_MS + 60_000);
        assert_eq!(work(&t).await.len(), 1, "{t:?}");
        let done = runs(&t, &schedule).await;
        assert_eq!(done.len(), 2, "{t:?}: {done:?}");
        assert_eq!(done[0].due_at, Timestamp(NOW.0 + HOUR_MS + DAY_MS), "{t:?}: the one that was missed");
        let row = schedules::list(&mut t.read(&t.csm).await).await.unwrap().remove(0);
        assert_eq!(row.schedule.next_at, Some(Timestamp(NOW.0 + HOUR_MS + 6 * DAY_MS)), "{t:?}");
        assert_eq!((row.report.as_deref(), row.next.unwrap().1), (Some("Mine"), 600), "{t:?}");
        assert_eq!(row.last.map(|run| run.id), Some(done[0].id), "{t:?}");
    }
}

#[tokio::test]
async fn two_servers_make_one_run_and_a_run_by_hand_moves_nothing() {
    for t in support::databases().await {
        let report = report(&t, &t.csm, false).await;
        let schedule = save(&t, &t.csm, draft(&report, &[to(&t.csm)])).await.unwrap();
        t.clock.advance(HOUR_MS);
        let task = lease(&t).await.unwrap();
        // The lease ended, and another one took it meanwhile.
        schedules::perform(&t.db, t.workspace, &task).await.unwrap();
        schedules::perform(&t.db, t.workspace, &task).await.unwrap();
        assert_eq!(runs(&t, &schedule).await.len(), 1, "{t:?}");
        work(&t).await;
        let next = schedules::list(&mut t.read(&t.csm).await).await.unwrap().remove(0).schedule.next_at;
        t.clock.advance(HOUR_MS);
        let mut tx = t.write(&t.csm).await;
        schedules::run_now(&mut tx, schedule.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(work(&t).await.len(), 1, "{t:?}");
        let newest = runs(&t, &schedule).await.remove(0);
        assert!(newest.by_hand && newest.mails.len() == 1 && newest.mails[0].to == "Sam", "{t:?}: {newest:?}");
        let after = schedules::list(&mut t.read(&t.csm).await).await.unwrap().remove(0).schedule.next_at;
        assert_eq!(after, next, "{t:?}");
    }
}

#[tokio::test]
async fn a_schedule_rests_goes_on_changes_and_ends() {
    for t in support::databases().await {
        let report = report(&t, &t.csm, false).await;
        let schedule = save(&t, &t.csm, draft(&report, &[to(&t.csm)])).await.unwrap();
        let pause = async |paused| {
            let mut tx = t.write(&t.csm).await;
            let schedule = schedules::pause(&mut tx, schedule.id, paused).await.unwrap();
            tx.commit().await.unwrap();
            schedule
        };
        assert_eq!(pause(true).await.next_at, None, "{t:?}");
        t.clock.advance(2 * DAY_MS);
        assert_eq!((work(&t).await.len(), runs(&t, &schedule).await.len()), (0, 0), "{t:?}: nothing while it rests");
        let going = pause(false).await;
        assert_eq!(going.next_at, Some(Timestamp(NOW.0 + HOUR_MS + 2 * DAY_MS)), "{t:?}: nothing is made up for");
        let mut later = draft(&report, &[to(&t.csm)]);
        later.timing.minute = 12 * 60;
        let mut tx = t.write(&t.manager).await;
        let changed = schedules::save(&mut tx, Some(schedule.id), later).await;
        assert!(changed.is_ok(), "{t:?}: managers change what others set up: {changed:?}");
        tx.commit().await.unwrap();
        assert_eq!(changed.unwrap().owner_id, t.csm.user.unwrap(), "{t:?}: it stays Sam's");
        t.clock.advance(2 * HOUR_MS);
        assert_eq!(work(&t).await.len(), 0, "{t:?}: the moment before the change counts no more");
        t.clock.advance(HOUR_MS);
        assert_eq!(work(&t).await.len(), 1, "{t:?}");
        let mut tx = t.write(&t.csm).await;
        schedules::remove(&mut tx, schedule.id).await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(2 * DAY_MS);
        assert_eq!(work(&t).await.len(), 0, "{t:?}");
        let entries = log::after(&mut t.read(&t.csm).await, 0, 10_000).await.unwrap();
        let lines = entries.iter().filter(|entry| entry.subject == Subject::Schedule);
        let by_people: Vec<Change> = lines.filter(|entry| entry.actor.is_some()).map(|entry| entry.change).collect();
        let expected = [Change::Created, Change::Updated, Change::Updated, Change::Updated, Change::Deleted];
        assert_eq!(by_people, expected, "{t:?}");
    }
}

/// Makes the one mail of a schedule and returns whether it may be sent.
async fn ready(t: &TestDb, schedule: &Schedule) -> Ready {
    let mut tx = t.write(&t.admin).await;
    schedules::run_now(&mut tx, schedule.id).await.unwrap();
    tx.commit().await.unwrap();
    let mails = work(t).await;
    assert_eq!(mails.len(), 1, "{t:?}");
    schedules::prepare(&t.db, t.workspace, mails[0]).await.unwrap()
}

#[tokio::test]
async fn numbers_are_read_as_the_reader_may_read_them_when_they_are_sent() {
    for t in support::databases().await {
        let owner = t.viewer.user;
        t.account_with("Vera's", |account| account.owner_id = owner).await;
        let report = report(&t, &t.manager, true).await;
        let schedule = save(&t, &t.csm, draft(&report, &[to(&t.viewer)])).await.unwrap();
        let Ready::Send(outgoing) = ready(&t, &schedule).await else { panic!("{t:?}") };
        assert_eq!((outgoing.answer.whole.count, outgoing.name.as_str()), (1, "Vera"), "{t:?}: me is the reader");
        assert_eq!((outgoing.owner.as_str(), outgoing.inside), ("Sam", true), "{t:?}");
        t.clock.advance(1_000);
        let mut tx = t.write(&t.admin).await;
        schedules::run_now(&mut tx, schedule.id).await.unwrap();
        tx.commit().await.unwrap();
        let mails = work(&t).await;
        access(&t, &t.viewer, Role::Viewer, false).await;
        let told = schedules::prepare(&t.db, t.workspace, mails[0]).await.unwrap();
        assert!(matches!(told, Ready::Not(Trouble::Deactivated)), "{t:?}: between the run and the mail: {told:?}");
        t.clock.advance(1_000);
        let mut tx = t.write(&t.admin).await;
        schedules::run_now(&mut tx, schedule.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(work(&t).await.len(), 0, "{t:?}: nobody is left to write to");
        let run = runs(&t, &schedule).await.remove(0);
        assert_eq!((run.failed(), run.mails[0].trouble.clone()), (1, Some(Trouble::Deactivated)), "{t:?}: {run:?}");
    }
}

#[tokio::test]
async fn whoever_left_sends_nothing_any_more_and_a_report_that_is_gone_is_told() {
    for t in support::databases().await {
        let report = report(&t, &t.csm, false).await;
        let schedule = save(&t, &t.csm, draft(&report, &[to(&t.manager)])).await.unwrap();
        let run = async || {
            t.clock.advance(1_000);
            let mut tx = t.write(&t.admin).await;
            schedules::run_now(&mut tx, schedule.id).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(work(&t).await.len(), 0, "{t:?}");
            runs(&t, &schedule).await.remove(0).trouble
        };
        access(&t, &t.csm, Role::Viewer, true).await;
        assert_eq!(run().await, Some(Trouble::OwnerLeft), "{t:?}: may not take data out any more");
        access(&t, &t.csm, Role::Csm, false).await;
        assert_eq!(run().await, Some(Trouble::OwnerLeft), "{t:?}");
        access(&t, &t.csm, Role::Csm, true).await;
        let mut tx = t.write(&t.csm).await;
        reports::remove(&mut tx, report.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(run().await, Some(Trouble::ReportGone), "{t:?}");
    }
}

#[tokio::test]
async fn addresses_outside_are_refused_until_an_administrator_allows_them() {
    for t in support::databases().await {
        let report = report(&t, &t.csm, false).await;
        let outside = draft(&report, &[Recipient::Outside("Bo@Example.com".into())]);
        let allow = async |allowed| {
            let mut tx = t.write(&t.admin).await;
            schedules::set_outside_mail(&mut tx, allowed).await.unwrap();
            tx.commit().await.unwrap();
        };
        let refused = save(&t, &t.csm, outside.clone()).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {refused:?}");
        allow(true).await;
        let schedule = save(&t, &t.csm, outside).await.unwrap();
        let Ready::Send(outgoing) = ready(&t, &schedule).await else { panic!("{t:?}") };
        assert_eq!((outgoing.to.as_str(), outgoing.inside), ("bo@example.com", false), "{t:?}");
        t.clock.advance(1_000);
        allow(false).await;
        let told = ready(&t, &schedule).await;
        assert!(matches!(told, Ready::Not(Trouble::OutsideOff)), "{t:?}: {told:?}");
        let private = draft(&report, &[to(&t.manager)]);
        let refused = save(&t, &t.manager, private).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))), "{t:?}: Sam's own: {refused:?}");
        access(&t, &t.viewer, Role::Viewer, false).await;
        let refused = save(&t, &t.csm, draft(&report, &[to(&t.viewer)])).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {refused:?}");
    }
}
