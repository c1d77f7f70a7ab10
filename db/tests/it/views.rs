//! Saved views: what a view is made of. Whose they are and who may change them is in `saved`.

use db::views::{self, ViewDraft};
use db::{Error, Result};
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
        let kept = create(&t, &t.csm, draft("x", false)).await.unwrap();
        assert_eq!((kept.filter.as_str(), kept.sort.as_str()), ("arr_minor > 10000", "-arr_minor"), "{t:?}: canonical");
    }
}
