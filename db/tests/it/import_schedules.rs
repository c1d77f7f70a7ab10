//! Scheduled imports: one run for each moment, as whoever answers for it, and nothing twice.

use db::import::save_preset;
use db::import_schedules::{self, Job, TASK};
use db::{Error, Result, accounts, batches, identity, import, log, tasks, undo};
use domain::accounts::AccountQuery;
use domain::changes::Change;
use domain::fields::Subject;
use domain::identity::{Actor, Role};
use domain::import::kind::Kind;
use domain::import::plan::Mode;
use domain::import_schedules::{ImportSchedule, ImportScheduleDraft, Imported, Outcome, Run, Source, Trouble};
use domain::refusal::Refusal;
use domain::schedules::{Rhythm, Timing};
use domain::signals::trouble::Trouble as Outside;
use domain::time::{DAY_MS, Timestamp};

use crate::support::{self, NOW, TestDb};

const HOUR_MS: i64 = 3_600_000;
const TWO: &str = "External ID,Name,ARR\nc-1,Acme,1000\nc-2,Birch,2000\n";

/// Returns a file of the folder that is read every day in an hour from now.
pub fn draft(file: &str) -> ImportScheduleDraft {
    ImportScheduleDraft {
        name: "Nightly".into(),
        source: Source::File(file.into()),
        kind: Subject::Account.into(),
        mode: Mode::Upsert,
        preset_id: None,
        timing: Timing { rhythm: Rhythm::Day, minute: 10 * 60, zone: "UTC".into() },
    }
}

async fn save(t: &TestDb, who: &Actor, id: Option<&ImportSchedule>, draft: ImportScheduleDraft) -> ImportSchedule {
    let mut tx = t.write(who).await;
    let schedule = import_schedules::save(&mut tx, id.map(|known| known.id), draft).await.unwrap();
    tx.commit().await.unwrap();
    schedule
}

async fn run_now(t: &TestDb, schedule: &ImportSchedule) {
    t.clock.advance(1_000);
    let mut tx = t.write(&t.admin).await;
    import_schedules::run_now(&mut tx, schedule.id).await.unwrap();
    tx.commit().await.unwrap();
}

async fn lease(t: &TestDb) -> Option<tasks::Task> {
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    let task = tasks::lease(&mut tx, &[]).await.unwrap();
    tx.commit().await.unwrap();
    task
}

/// Begins what is due; what has nothing to do is finished.
async fn begin(t: &TestDb) -> Option<Job> {
    while let Some(task) = lease(t).await {
        assert_eq!(task.kind, TASK, "{t:?}");
        let job = import_schedules::begin(&t.db, t.workspace, &task).await.unwrap();
        let mut tx = t.write(&Actor::system(t.workspace)).await;
        tasks::finish(&mut tx, task.id).await.unwrap();
        tx.commit().await.unwrap();
        if job.is_some() {
            return job;
        }
    }
    None
}

/// Does what is due with a file, and returns how many runs that were.
async fn work(t: &TestDb, text: &str) -> usize {
    let mut done = 0;
    while let Some(job) = begin(t).await {
        import_schedules::import(&t.db, &job, "accounts.csv", text.into()).await.unwrap();
        done += 1;
    }
    done
}

async fn runs(t: &TestDb, schedule: &ImportSchedule) -> Vec<Run> {
    import_schedules::runs(&mut t.read(&t.manager).await, schedule.id).await.unwrap()
}

async fn newest(t: &TestDb, schedule: &ImportSchedule) -> Outcome {
    runs(t, schedule).await.remove(0).outcome.unwrap()
}

/// Runs it by hand with a file and returns what came of it.
async fn imported(t: &TestDb, schedule: &ImportSchedule, text: &str) -> Outcome {
    run_now(t, schedule).await;
    work(t, text).await;
    newest(t, schedule).await
}

async fn names(t: &TestDb) -> Vec<String> {
    let query = AccountQuery { limit: 50, ..AccountQuery::default() };
    let page = accounts::page(&mut t.read(&t.admin).await, &query).await.unwrap();
    let mut names: Vec<String> = page.rows.into_iter().map(|row| row.account.name).collect();
    names.sort();
    names
}

async fn access(t: &TestDb, who: &Actor, role: Role, active: bool) {
    let mut tx = t.write(&t.admin).await;
    identity::set_access(&mut tx, who.user.unwrap(), role, active).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_file_is_imported_at_its_moment_and_what_was_missed_once_in_all() {
    for t in support::databases().await {
        let schedule = save(&t, &t.manager, None, draft("accounts.csv")).await;
        assert_eq!(schedule.next_at, Some(Timestamp(NOW.0 + HOUR_MS)), "{t:?}");
        assert_eq!(work(&t, TWO).await, 0, "{t:?}: not yet");
        t.clock.advance(HOUR_MS);
        assert_eq!((work(&t, TWO).await, work(&t, TWO).await), (1, 0), "{t:?}");
        let run = runs(&t, &schedule).await.remove(0);
        let Some(Outcome::Imported(Imported { batch, created: 2, left_out: 0, .. })) = run.outcome else {
            panic!("{t:?}: {run:?}")
        };
        assert_eq!((run.attempts, run.by_hand, run.file.as_deref()), (1, false, Some("accounts.csv")), "{t:?}");
        assert_eq!(names(&t).await, ["Acme", "Birch"], "{t:?}");
        let made = batches::get(&mut t.read(&t.manager).await, batch).await.unwrap();
        assert_eq!((made.label.as_str(), made.created_by), ("Nightly", t.manager.user), "{t:?}: it is Maya's");
        t.clock.advance(5 * DAY_MS + 60_000);
        assert_eq!(work(&t, TWO).await, 1, "{t:?}: one makes up for five days");
        let row = import_schedules::list(&mut t.read(&t.admin).await).await.unwrap().remove(0);
        assert_eq!(row.schedule.next_at, Some(Timestamp(NOW.0 + HOUR_MS + 6 * DAY_MS)), "{t:?}");
        assert_eq!((row.next.unwrap().1, row.last.unwrap().outcome), (600, Some(Outcome::Unchanged)), "{t:?}");
        let report = undo::undo(&t.db, &t.manager, batch).await.unwrap();
        assert_eq!((report.undone, report.conflicts), (2, 0), "{t:?}: nothing but the accounts: {report:?}");
        assert!(runs(&t, &schedule).await.remove(1).undone_at.is_some(), "{t:?}");
    }
}

#[tokio::test]
async fn the_same_file_is_nothing_new_and_writes_nothing() {
    for t in support::databases().await {
        let schedule = save(&t, &t.manager, None, draft("accounts.csv")).await;
        assert!(matches!(imported(&t, &schedule, TWO).await, Outcome::Imported(_)), "{t:?}");
        let made = batches::list(&mut t.read(&t.admin).await, "import", 9).await.unwrap().len();
        assert_eq!(imported(&t, &schedule, TWO).await, Outcome::Unchanged, "{t:?}");
        assert_eq!(batches::list(&mut t.read(&t.admin).await, "import", 9).await.unwrap().len(), made, "{t:?}");
        // What was refused in between is not what was read last.
        let refused = imported(&t, &schedule, "").await;
        assert!(matches!(&refused, Outcome::Failed(Trouble::Refused(words)) if words.contains("empty")), "{refused:?}");
        assert_eq!(imported(&t, &schedule, TWO).await, Outcome::Unchanged, "{t:?}");
        let more = imported(&t, &schedule, &format!("{TWO}c-3,Cedar,3\n")).await;
        let Outcome::Imported(Imported { created: 1, unchanged: 2, .. }) = more else { panic!("{t:?}: {more:?}") };
        // The same file, to be read in another way, is new.
        let create = ImportScheduleDraft { mode: Mode::Create, ..draft("accounts.csv") };
        let schedule = save(&t, &t.manager, Some(&schedule), create).await;
        let again = imported(&t, &schedule, &format!("{TWO}c-3,Cedar,3\n")).await;
        let Outcome::Imported(Imported { left_out: 3, errors, .. }) = again else { panic!("{t:?}: {again:?}") };
        assert!(errors.len() == 3 && errors[0].contains("exists already"), "{t:?}: {errors:?}");
    }
}

#[tokio::test]
async fn a_run_ends_once_whoever_does_it_and_leaves_nothing_half_written() {
    for t in support::databases().await {
        let schedule = save(&t, &t.manager, None, draft("accounts.csv")).await;
        t.clock.advance(HOUR_MS);
        let task = lease(&t).await.unwrap();
        let job = import_schedules::begin(&t.db, t.workspace, &task).await.unwrap().unwrap();
        // The server was killed: another takes the same run up again.
        let again = import_schedules::begin(&t.db, t.workspace, &task).await.unwrap().unwrap();
        assert_eq!((job.run, runs(&t, &schedule).await.len()), (again.run, 1), "{t:?}");
        import_schedules::import(&t.db, &again, "accounts.csv", TWO.into()).await.unwrap();
        let before = t.snapshot().await;
        let other = "External ID,Name\nc-9,Late\n";
        import_schedules::import(&t.db, &job, "accounts.csv", other.into()).await.unwrap();
        assert_eq!(t.snapshot().await, before, "{t:?}: the one that comes late changes nothing");
        assert!(import_schedules::begin(&t.db, t.workspace, &task).await.unwrap().is_none(), "{t:?}");
    }
}

#[tokio::test]
async fn a_try_that_failed_is_told_and_goes_on() {
    for t in support::databases().await {
        let schedule = save(&t, &t.manager, None, draft("accounts.csv")).await;
        run_now(&t, &schedule).await;
        let job = begin(&t).await.unwrap();
        let failed = Outcome::Failed(Trouble::Fetch(Outside::TimedOut));
        let settle = async |for_good| {
            let mut tx = t.write(&Actor::system(t.workspace)).await;
            import_schedules::settle(&mut tx, job.run, &failed, for_good).await.unwrap();
            tx.commit().await.unwrap();
            runs(&t, &schedule).await.remove(0)
        };
        let run = settle(false).await;
        assert_eq!((run.attempts, run.ended_at, run.outcome.as_ref()), (1, None, Some(&failed)), "{t:?}");
        let run = settle(true).await;
        assert_eq!((run.attempts, run.ended_at.is_some()), (2, true), "{t:?}");
        assert_eq!(settle(true).await.attempts, 2, "{t:?}: it has ended");
    }
}

#[tokio::test]
async fn whoever_left_imports_nothing_until_another_answers_for_it() {
    for t in support::databases().await {
        let schedule = save(&t, &t.manager, None, draft("accounts.csv")).await;
        access(&t, &t.manager, Role::Csm, true).await;
        run_now(&t, &schedule).await;
        assert!(begin(&t).await.is_none(), "{t:?}: may not any more");
        let of_admin = async || import_schedules::runs(&mut t.read(&t.admin).await, schedule.id).await.unwrap();
        assert_eq!(of_admin().await.remove(0).outcome, Some(Outcome::Failed(Trouble::OwnerLeft)), "{t:?}");
        access(&t, &t.manager, Role::Manager, true).await;
        run_now(&t, &schedule).await;
        let job = begin(&t).await.unwrap();
        access(&t, &t.manager, Role::Manager, false).await;
        import_schedules::import(&t.db, &job, "accounts.csv", TWO.into()).await.unwrap();
        let outcome = of_admin().await.remove(0).outcome;
        assert_eq!(outcome, Some(Outcome::Failed(Trouble::OwnerLeft)), "{t:?}: shut out while the file came");
        assert!(names(&t).await.is_empty(), "{t:?}");
        let taken = save(&t, &t.admin, Some(&schedule), schedule.draft()).await;
        assert_eq!(taken.owner_id, t.admin.user.unwrap(), "{t:?}");
        run_now(&t, &schedule).await;
        assert_eq!((work(&t, TWO).await, names(&t).await.len()), (1, 2), "{t:?}");
    }
}

#[tokio::test]
async fn it_rests_goes_on_and_ends_and_the_log_says_so() {
    for t in support::databases().await {
        let schedule = save(&t, &t.manager, None, draft("accounts.csv")).await;
        let pause = async |paused| {
            let mut tx = t.write(&t.manager).await;
            let schedule = import_schedules::pause(&mut tx, schedule.id, paused).await.unwrap();
            tx.commit().await.unwrap();
            schedule.next_at
        };
        assert_eq!(pause(true).await, None, "{t:?}");
        t.clock.advance(2 * DAY_MS);
        assert_eq!((work(&t, TWO).await, runs(&t, &schedule).await.len()), (0, 0), "{t:?}: nothing while it rests");
        assert_eq!(pause(false).await, Some(Timestamp(NOW.0 + HOUR_MS + 2 * DAY_MS)), "{t:?}: nothing is made up for");
        let mut tx = t.write(&t.manager).await;
        import_schedules::remove(&mut tx, schedule.id).await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(2 * DAY_MS);
        assert_eq!(work(&t, TWO).await, 0, "{t:?}");
        let entries = log::after(&mut t.read(&t.csm).await, 0, 10_000).await.unwrap();
        let lines = entries.iter().filter(|entry| entry.subject == Subject::ImportSchedule);
        let changes: Vec<Change> = lines.map(|entry| entry.change).collect();
        assert_eq!(changes, [Change::Created, Change::Updated, Change::Updated, Change::Deleted], "{t:?}");
    }
}

/// Keeps the mapping that is guessed for a file.
async fn keep(t: &TestDb, text: &str) -> Result<domain::id::PresetId> {
    let upload = import::Upload::decode("kept.csv", text.as_bytes())?;
    let found = import::inspect(&t.db, &t.manager, &upload, Subject::Account).await?;
    let mut tx = t.write(&t.manager).await;
    let id = save_preset(&mut tx, "Kept", &found.headings, &found.options).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn a_kept_mapping_is_followed_or_the_run_says_why_not() {
    for t in support::databases().await {
        let preset = keep(&t, TWO).await.unwrap();
        let kept = ImportScheduleDraft { preset_id: Some(preset), ..draft("accounts.csv") };
        let schedule = save(&t, &t.manager, None, kept.clone()).await;
        assert!(matches!(imported(&t, &schedule, TWO).await, Outcome::Imported(_)), "{t:?}");
        let other = imported(&t, &schedule, "External ID,Owner\nc-1,Sam\n").await;
        assert_eq!(other, Outcome::Failed(Trouble::PresetUnfit), "{t:?}");
        let mut tx = t.write(&t.manager).await;
        let foreign = ImportScheduleDraft { kind: Subject::Contact.into(), ..kept };
        let refused = import_schedules::save(&mut tx, None, foreign).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {refused:?}");
        import::delete_preset(&mut tx, preset).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(imported(&t, &schedule, TWO).await, Outcome::Failed(Trouble::PresetGone), "{t:?}");
    }
}

#[tokio::test]
async fn a_file_of_accounts_and_their_contacts_comes_by_itself_too() {
    for t in support::databases().await {
        let both = ImportScheduleDraft { kind: Kind::AccountWithContact, ..draft("both.csv") };
        let schedule = save(&t, &t.manager, None, both).await;
        let text = "Company,Contact name,Contact e-mail\nAcme,Maya,maya@acme.example\nAcme,Ben,ben@acme.example\n";
        let Outcome::Imported(Imported { both: Some(both), left_out: 0, .. }) = imported(&t, &schedule, text).await
        else {
            panic!("{t:?}: {:?}", newest(&t, &schedule).await)
        };
        assert_eq!((both.accounts.created, both.contacts.created), (1, 2), "{t:?}");
        assert_eq!(imported(&t, &schedule, text).await, Outcome::Unchanged, "{t:?}");
    }
}
