//! What people save and share: views, reports and dashboards have the same owner, the same rights and the same undo.

use db::views::ViewDraft;
use db::{Error, Result, Tx, dashboards, log, reports, views};
use domain::changes::Change;
use domain::dashboards::{DashboardDraft, Shows};
use domain::id::{BatchId, DashboardId, ReportId, ViewId};
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::reports::{ReportDraft, Spec};
use uuid::Uuid;

use crate::support::{self, TestDb};

/// The three kinds of things, each with the same verbs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    View,
    Report,
    Dashboard,
}

const KINDS: [Kind; 3] = [Kind::View, Kind::Report, Kind::Dashboard];

fn view(name: &str, shared: bool) -> ViewDraft {
    let (filter, sort) = ("ARR > 10k".to_owned(), "-arr".to_owned());
    ViewDraft { name: name.to_owned(), filter, sort, columns: vec!["name".into()], shared }
}

fn report(name: &str, shared: bool) -> ReportDraft {
    ReportDraft { name: name.to_owned(), shared, spec: Spec::default() }
}

fn dashboard(name: &str, shared: bool) -> DashboardDraft {
    let mut draft = DashboardDraft { name: name.to_owned(), shared, widgets: Vec::new() };
    draft.add(Shows::Spec(Spec::default()), String::new(), 2, 1);
    draft
}

impl Kind {
    async fn create(self, t: &TestDb, actor: &Actor, name: &str, shared: bool) -> Result<Uuid> {
        let mut tx = t.write(actor).await;
        let id = match self {
            Self::View => views::create(&mut tx, view(name, shared)).await?.id.0,
            Self::Report => reports::create(&mut tx, report(name, shared)).await?.id.0,
            Self::Dashboard => dashboards::create(&mut tx, dashboard(name, shared)).await?.id.0,
        };
        tx.commit().await?;
        Ok(id)
    }

    async fn update(self, t: &TestDb, actor: &Actor, id: Uuid, name: &str, shared: bool) -> Result<i64> {
        let mut tx = t.write(actor).await;
        let version = match self {
            Self::View => views::update(&mut tx, ViewId(id), view(name, shared)).await?.version,
            Self::Report => reports::update(&mut tx, ReportId(id), report(name, shared)).await?.version,
            Self::Dashboard => {
                let id = DashboardId(id);
                let known = dashboards::get(&mut tx, id).await?.version;
                dashboards::update(&mut tx, id, known, dashboard(name, shared)).await?.version
            }
        };
        tx.commit().await?;
        Ok(version)
    }

    async fn remove(self, t: &TestDb, actor: &Actor, id: Uuid) -> Result<Option<BatchId>> {
        let mut tx = t.write(actor).await;
        let batch = match self {
            Self::View => views::remove(&mut tx, ViewId(id)).await.map(|()| None)?,
            Self::Report => Some(reports::remove(&mut tx, ReportId(id)).await?),
            Self::Dashboard => Some(dashboards::remove(&mut tx, DashboardId(id)).await?),
        };
        tx.commit().await?;
        Ok(batch)
    }

    async fn restore(self, tx: &mut Tx, batch: BatchId) -> Result<Uuid> {
        Ok(match self {
            Self::Report => reports::restore(tx, batch).await?.id.0,
            _ => dashboards::restore(tx, batch).await?.id.0,
        })
    }

    async fn names(self, t: &TestDb, actor: &Actor) -> Vec<String> {
        let mut tx = t.read(actor).await;
        match self {
            Self::View => views::list(&mut tx).await.unwrap().into_iter().map(|view| view.name).collect(),
            Self::Report => reports::list(&mut tx).await.unwrap().into_iter().map(|report| report.name).collect(),
            Self::Dashboard => dashboards::list(&mut tx).await.unwrap().into_iter().map(|board| board.name).collect(),
        }
    }
}

fn is_forbidden<T: std::fmt::Debug>(result: Result<T>) -> bool {
    matches!(result, Err(Error::Refused(Refusal::Forbidden)))
}

fn is_unknown<T: std::fmt::Debug>(result: Result<T>) -> bool {
    matches!(result, Err(Error::Refused(Refusal::NotFound)))
}

#[tokio::test]
async fn what_is_private_does_not_exist_for_anybody_else() {
    for t in support::databases().await {
        for kind in KINDS {
            let id = kind.create(&t, &t.viewer, "Mine", false).await.unwrap();
            assert_eq!(kind.names(&t, &t.viewer).await, ["Mine"], "{t:?} {kind:?}");
            for actor in [&t.csm, &t.manager, &t.admin] {
                assert_eq!(kind.names(&t, actor).await, Vec::<String>::new(), "{t:?} {kind:?}");
                assert!(is_unknown(kind.update(&t, actor, id, "Theirs", false).await), "{t:?} {kind:?}");
                assert!(is_unknown(kind.remove(&t, actor, id).await), "{t:?} {kind:?}");
            }
            assert_eq!(kind.update(&t, &t.viewer, id, "Still mine", false).await.unwrap(), 2, "{t:?} {kind:?}");
            assert_eq!(kind.names(&t, &t.viewer).await, ["Still mine"], "{t:?} {kind:?}");
        }
    }
}

#[tokio::test]
async fn sharing_takes_a_manager_and_each_step_is_in_the_log() {
    for t in support::databases().await {
        for kind in KINDS {
            for actor in [&t.viewer, &t.csm] {
                assert!(is_forbidden(kind.create(&t, actor, "For all", true).await), "{t:?} {kind:?}");
            }
            let own = kind.create(&t, &t.csm, "Own", false).await.unwrap();
            assert!(is_forbidden(kind.update(&t, &t.csm, own, "Own", true).await), "{t:?} {kind:?}");
            let shared = kind.create(&t, &t.manager, "for all", true).await.unwrap();
            assert_eq!(kind.names(&t, &t.viewer).await, ["for all"], "{t:?} {kind:?}");
            assert_eq!(kind.names(&t, &t.csm).await, ["for all", "Own"], "{t:?} {kind:?}: by name");
            assert!(is_forbidden(kind.update(&t, &t.csm, shared, "Hijacked", true).await), "{t:?} {kind:?}");
            assert!(is_forbidden(kind.remove(&t, &t.csm, shared).await), "{t:?} {kind:?}");
            kind.update(&t, &t.admin, shared, "For everybody", true).await.unwrap();
            kind.remove(&t, &t.admin, shared).await.unwrap();
            assert_eq!(kind.names(&t, &t.viewer).await, Vec::<String>::new(), "{t:?} {kind:?}");
            let entries = log::after(&mut t.read(&t.viewer).await, 0, 10_000).await.unwrap();
            let lines = entries.iter().filter(|entry| entry.subject_id == shared).map(|entry| entry.change);
            let expected = [Change::Created, Change::Updated, Change::Deleted];
            assert_eq!(lines.collect::<Vec<_>>(), expected, "{t:?} {kind:?}");
        }
    }
}

#[tokio::test]
async fn a_deletion_is_taken_back_once_by_whoever_made_it_and_keeps_its_id() {
    for t in support::databases().await {
        for kind in [Kind::Report, Kind::Dashboard] {
            let id = kind.create(&t, &t.viewer, "Mine", false).await.unwrap();
            let batch = kind.remove(&t, &t.viewer, id).await.unwrap().unwrap();
            assert!(is_unknown(kind.restore(&mut t.write(&t.admin).await, batch).await), "{t:?} {kind:?}");
            let other = if kind == Kind::Report { Kind::Dashboard } else { Kind::Report };
            assert!(is_unknown(other.restore(&mut t.write(&t.viewer).await, batch).await), "{t:?} {kind:?}");
            let mut tx = t.write(&t.viewer).await;
            assert_eq!(kind.restore(&mut tx, batch).await.unwrap(), id, "{t:?} {kind:?}");
            tx.commit().await.unwrap();
            assert_eq!(kind.names(&t, &t.viewer).await, ["Mine"], "{t:?} {kind:?}");
            let twice = kind.restore(&mut t.write(&t.viewer).await, batch).await;
            assert!(matches!(twice, Err(Error::Refused(Refusal::Conflict(_)))), "{t:?} {kind:?}: {twice:?}");
        }
    }
}

#[tokio::test]
async fn two_people_who_arrange_one_dashboard_notice_each_other() {
    for t in support::databases().await {
        let id = DashboardId(Kind::Dashboard.create(&t, &t.manager, "Ours", true).await.unwrap());
        let mut tx = t.write(&t.manager).await;
        assert_eq!(dashboards::update(&mut tx, id, 1, dashboard("Better", true)).await.unwrap().version, 2, "{t:?}");
        tx.commit().await.unwrap();
        let late = dashboards::update(&mut t.write(&t.admin).await, id, 1, dashboard("Worse", true)).await;
        assert!(matches!(late, Err(Error::Refused(Refusal::Conflict(_)))), "{t:?}: {late:?}");
        let before = t.snapshot().await;
        let mut bad = dashboard("Bad", false);
        bad.widgets[0].width = 9;
        let refused = dashboards::create(&mut t.write(&t.csm).await, bad).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {refused:?}");
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}
