//! Files that wait, and imports that run while somebody watches.

use std::path::PathBuf;
use std::time::Duration;

use db::Error;
use db::import::{Desk, ImportId, Phase, Status, inspect};
use domain::fields::Subject;
use domain::identity::Actor;
use domain::refusal::Refusal;
use uuid::Uuid;

use super::{FIRST, usual};
use crate::support::{self, TestDb};

/// A desk in a folder of its own, which goes with it.
struct TestDesk(Desk, PathBuf);

impl Drop for TestDesk {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.1));
    }
}

fn desk() -> TestDesk {
    let folder = std::env::temp_dir().join(format!("keepwell_desk_{}", Uuid::now_v7()));
    TestDesk(Desk::new(folder.clone()), folder)
}

async fn ended(desk: &Desk, actor: &Actor, id: ImportId) -> Status {
    for _ in 0..600 {
        let status = desk.status(actor, id).unwrap();
        if status.report.is_some() || status.refused.is_some() {
            return status;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the import did not end");
}

fn is_refused<T>(result: &db::Result<T>) -> bool {
    matches!(result, Err(Error::Refused(_)))
}

#[tokio::test]
async fn a_file_is_imported_in_the_background() {
    for t in support::databases().await {
        let TestDesk(desk, _) = &desk();
        let text = format!("{FIRST}a-3,Wrong,starter,lots,,\n");
        let file = desk.store(&t.csm, "../x/customers.csv", text.into_bytes()).await.unwrap();
        let upload = desk.read(&t.csm, file).await.unwrap();
        assert_eq!(upload.name, "customers.csv", "{t:?}");
        let options = usual(&t, Subject::Account, FIRST).await;
        let id = desk.start(&t.db, &t.csm, file, options).await.unwrap();
        let status = ended(desk, &t.csm, id).await;
        let report = status.report.unwrap();
        assert_eq!((status.phase, report.created, report.invalid), (Phase::Done, 2, 1), "{t:?}");
        assert!(desk.error_rows(&t.csm, id).await.unwrap().contains("Wrong"), "{t:?}");
        assert!(is_refused(&desk.status(&t.manager, id)), "{t:?}: it is nobody else's");
        assert!(is_refused(&desk.cancel(&t.manager, id)), "{t:?}");
        assert!(is_refused(&desk.error_rows(&t.manager, id).await), "{t:?}");
    }
}

#[tokio::test]
async fn a_stopped_import_changes_nothing() {
    for t in support::databases().await {
        let TestDesk(desk, _) = &desk();
        let mut text = "external_id,name\n".to_owned();
        (0..60_000).for_each(|at| text.push_str(&format!("id-{at},Account {at}\n")));
        let file = desk.store(&t.csm, "many.csv", text.into_bytes()).await.unwrap();
        let upload = desk.read(&t.csm, file).await.unwrap();
        let options = inspect(&t.db, &t.csm, &upload, Subject::Account).await.unwrap().options;
        let before = t.snapshot().await;
        let id = desk.start(&t.db, &t.csm, file, options.clone()).await.unwrap();
        let second = desk.start(&t.db, &t.csm, file, options).await;
        assert!(matches!(second, Err(Error::Refused(Refusal::Conflict(_)))), "{t:?}: one at a time");
        desk.cancel(&t.csm, id).unwrap();
        let status = ended(desk, &t.csm, id).await;
        assert_eq!((status.phase, status.report), (Phase::Cancelled, None), "{t:?}");
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}

async fn refused(t: &TestDb, desk: &Desk, name: &str, bytes: &[u8]) -> String {
    match desk.store(&t.csm, name, bytes.to_vec()).await {
        Err(Error::Refused(Refusal::Invalid(errors))) => errors[0].message.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn a_hostile_file_gets_a_clear_error() {
    for t in support::databases().await {
        let TestDesk(desk, folder) = &desk();
        for (name, bytes, says) in [
            ("empty.csv", &b""[..], "empty"),
            ("a.zip", b"PK\x03\x04zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "archive"),
            ("a.pdf", b"%PDF-1.7 ...", "not a table"),
            ("cut.csv", "näme\nÄ".as_bytes().split_last().unwrap().1, "middle of a character"),
            ("nul.csv", b"name\nA\0B\n", "not a table"),
        ] {
            let message = refused(&t, desk, name, bytes).await;
            assert!(message.contains(says), "{name}: {message}");
        }
        let huge = vec![b'a'; domain::import::FILE_BYTES_MAX + 1];
        assert!(refused(&t, desk, "huge.csv", &huge).await.contains("50 MiB"));
        assert!(!folder.exists(), "a refused file is not kept");
        assert!(matches!(desk.store(&t.viewer, "a.csv", FIRST.into()).await, Err(Error::Refused(Refusal::Forbidden))));
    }
}

#[tokio::test]
async fn a_file_belongs_to_one_person() {
    for t in support::databases().await {
        let TestDesk(desk, folder) = &desk();
        let file = desk.store(&t.csm, "a.csv", FIRST.into()).await.unwrap();
        assert!(is_refused(&desk.read(&t.manager, file).await), "{t:?}");
        let elsewhere = Actor { workspace: t.other_workspace().await.workspace, ..t.csm.clone() };
        assert!(is_refused(&desk.read(&elsewhere, file).await), "{t:?}");
        for _ in 0..12 {
            desk.store(&t.csm, "b.csv", FIRST.into()).await.unwrap();
        }
        assert!(is_refused(&desk.read(&t.csm, file).await), "{t:?}: the oldest made room");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            let person = folder.join(t.workspace.to_string()).join(t.csm.user.unwrap().to_string());
            assert_eq!(mode(&person), 0o700, "{t:?}");
            let file = std::fs::read_dir(&person).unwrap().next().unwrap().unwrap().path();
            assert_eq!(mode(&file), 0o600, "{t:?}");
        }
    }
}
