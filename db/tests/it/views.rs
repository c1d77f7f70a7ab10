//! Saved views: whose they are, who sees them, and who may change them.

use db::views::{self, ViewDraft};
use db::{Error, Result};
use domain::id::ViewId;
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::views::View;

use crate::support::{self, TestDb};

fn draft(name: &str, shared: bool) -> ViewDraft {
    let (filter, sort) = ("ARR > 10k".to_owned(), "-arr".to_owned());
    ViewDraft { name: name.to_owned(), filter, sort, columns: vec!["name".into(), "score".into()], shared }
}

async fn create(t: &TestDb, actor: &Actor, draft: ViewDraft) -> Result<View> {
    let mut tx = t.write(actor).await;
    let view = views::create(&mut tx, draft).await?;
    tx.commit().await?;
    Ok(view)
}

async fn update(t: &TestDb, actor: &Actor, id: ViewId, draft: ViewDraft) -> Result<View> {
    let mut tx = t.write(actor).await;
    let view = views::update(&mut tx, id, draft).await?;
    tx.commit().await?;
    Ok(view)
}

async fn names(t: &TestDb, actor: &Actor) -> Vec<String> {
    let views = views::list(&mut t.read(actor).await).await.unwrap();
    views.into_iter().map(|view| view.name).collect()
}

#[tokio::test]
async fn a_private_view_does_not_exist_for_anybody_else() {
    for t in support::databases().await {
        let view = create(&t, &t.viewer, draft("Mine", false)).await.unwrap();
        assert_eq!((view.filter.as_str(), view.sort.as_str()), ("arr_minor > 10000", "-arr_minor"), "{t:?}: canonical");
        assert_eq!(names(&t, &t.viewer).await, ["Mine"], "{t:?}");
        for actor in [&t.csm, &t.manager, &t.admin] {
            assert_eq!(names(&t, actor).await, Vec::<String>::new(), "{t:?}");
            let error = update(&t, actor, view.id, draft("Theirs", false)).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::NotFound)), "{t:?}: {error:?}");
            let error = views::remove(&mut t.write(actor).await, view.id).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::NotFound)), "{t:?}: {error:?}");
        }
        let renamed = update(&t, &t.viewer, view.id, draft("Still mine", false)).await.unwrap();
        assert_eq!((renamed.name.as_str(), renamed.version), ("Still mine", 2), "{t:?}");
    }
}

#[tokio::test]
async fn sharing_takes_a_manager_and_everybody_sees_what_is_shared() {
    for t in support::databases().await {
        let forbidden = create(&t, &t.csm, draft("For all", true)).await.unwrap_err();
        assert!(matches!(forbidden, Error::Refused(Refusal::Forbidden)), "{t:?}: {forbidden:?}");
        let own = create(&t, &t.csm, draft("Own", false)).await.unwrap();
        let forbidden = update(&t, &t.csm, own.id, draft("Own", true)).await.unwrap_err();
        assert!(matches!(forbidden, Error::Refused(Refusal::Forbidden)), "{t:?}: {forbidden:?}");
        let shared = create(&t, &t.manager, draft("For all", true)).await.unwrap();
        assert_eq!(names(&t, &t.viewer).await, ["For all"], "{t:?}");
        assert_eq!(names(&t, &t.csm).await, ["For all", "Own"], "{t:?}: by name");
        let forbidden = update(&t, &t.csm, shared.id, draft("Hijacked", true)).await.unwrap_err();
        assert!(matches!(forbidden, Error::Refused(Refusal::Forbidden)), "{t:?}: {forbidden:?}");
        update(&t, &t.admin, shared.id, draft("For everybody", true)).await.unwrap();
        assert_eq!(names(&t, &t.viewer).await, ["For everybody"], "{t:?}");
        let mut tx = t.write(&t.admin).await;
        views::remove(&mut tx, shared.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&t, &t.viewer).await, Vec::<String>::new(), "{t:?}");
    }
}

#[tokio::test]
async fn a_view_that_cannot_work_is_not_saved() {
    for t in support::databases().await {
        let before = t.snapshot().await;
        for bad in [
            ViewDraft { name: " ".into(), ..draft("x", false) },
            ViewDraft { filter: "arr >".into(), ..draft("x", false) },
            ViewDraft { sort: "nothing".into(), ..draft("x", false) },
            ViewDraft { columns: vec![], ..draft("x", false) },
            ViewDraft { columns: vec!["nothing".into()], ..draft("x", false) },
        ] {
            let error = create(&t, &t.csm, bad).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::Invalid(_))), "{t:?}: {error:?}");
        }
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}
