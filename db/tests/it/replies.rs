//! Customers who wrote last: who waits for an answer, and what ends that.

use db::{replies, timeline};
use domain::id::{AccountId, ContactId, ResponseId};
use domain::queue::Reply;
use domain::surveys::Response;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

async fn log(t: &TestDb, account: AccountId, kind: &str, at: Timestamp) {
    let mut tx = t.write(&t.csm).await;
    timeline::log_activity(&mut tx, account, kind, &format!("{kind}:\n where is it?"), at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn waiting(t: &TestDb) -> Vec<Reply> {
    replies::waiting(&mut t.read(&t.viewer).await, false).await.unwrap()
}

async fn names(t: &TestDb) -> Vec<String> {
    waiting(t).await.into_iter().map(|reply| reply.row.account.name).collect()
}

fn answer(account: AccountId, comment: Option<&str>) -> Response {
    Response {
        id: ResponseId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        external_id: None,
        kind: "nps".into(),
        score: 3.0,
        comment: comment.map(str::to_owned),
        email: Some("Ada@acme.example".into()),
        answered_at: NOW.plus_days(-2),
        created_at: NOW,
        updated_at: NOW,
    }
}

#[tokio::test]
async fn who_wrote_last_waits_until_somebody_answers() {
    for t in support::databases().await {
        let (acme, bolt) = (t.account("Acme").await.id, t.account("Bolt").await.id);
        for (account, kind, days) in [
            (acme, "email", 9),
            (acme, "received", 5),
            (acme, "received", 3),
            (acme, "note", 1),
            (bolt, "received", 2),
            (bolt, "call", 1),
        ] {
            log(&t, account, kind, NOW.plus_days(-days)).await;
        }
        let found = waiting(&t).await;
        assert_eq!(found.len(), 1, "{t:?}: Bolt was called, and a note to ourselves answers nobody");
        assert_eq!((found[0].row.account.id, found[0].at), (acme, NOW.plus_days(-3)), "{t:?}: the later one");
        assert_eq!((found[0].said.as_str(), found[0].in_survey), ("received: where is it?", false), "{t:?}");
        assert_eq!(found[0].who, None, "{t:?}");
        log(&t, acme, "email", NOW).await;
        assert_eq!(names(&t).await, Vec::<String>::new(), "{t:?}: somebody answered");
        log(&t, bolt, "received", NOW).await;
        assert_eq!(names(&t).await, ["Bolt"], "{t:?}: they wrote again");
        t.clock.advance(31 * domain::time::DAY_MS);
        assert_eq!(names(&t).await, Vec::<String>::new(), "{t:?}: it is too long ago");
    }
}

#[tokio::test]
async fn a_comment_in_a_survey_waits_under_the_name_of_the_contact() {
    for t in support::databases().await {
        let acme = t.account_with("Acme", |account| account.owner_id = t.csm.user).await.id;
        t.create(&answer(t.account("Silent").await.id, None)).await;
        t.create(&answer(acme, Some("The export fails."))).await;
        let mut ada = crate::access::contact(acme);
        (ada.id, ada.name, ada.email) = (ContactId(Uuid::now_v7()), "Ada Berg".into(), Some("ada@acme.example".into()));
        t.create(&ada).await;
        let found = waiting(&t).await;
        assert_eq!(found.len(), 1, "{t:?}: an answer without a word wants none");
        assert_eq!((found[0].who.as_deref(), found[0].in_survey), (Some("Ada Berg"), true), "{t:?}");
        let of = async |actor| replies::waiting(&mut t.read(actor).await, true).await.unwrap().len();
        assert_eq!((of(&t.csm).await, of(&t.manager).await), (1, 0), "{t:?}: to whoever looks after the account");
        log(&t, acme, "meeting", NOW.plus_days(-1)).await;
        assert_eq!(names(&t).await, Vec::<String>::new(), "{t:?}");
    }
}

#[tokio::test]
async fn what_customers_wrote_is_found_by_an_index() {
    for t in support::databases().await.iter().filter(|t| !t.db.is_postgres()) {
        let w = format!("x'{}'", t.workspace.0.simple());
        for (index, sql) in [
            (
                "activities_received",
                format!(
                    "SELECT account_id FROM activities WHERE workspace_id = {w} AND kind = 'received' \
                     AND happened_at > 1 AND happened_at <= 9 ORDER BY happened_at DESC LIMIT 9"
                ),
            ),
            (
                "surveys_comments",
                format!(
                    "SELECT account_id FROM surveys WHERE workspace_id = {w} AND doc ->> 'comment' IS NOT NULL \
                     AND answered_at > 1 AND answered_at <= 9 ORDER BY answered_at DESC LIMIT 9"
                ),
            ),
        ] {
            let plan = t.plan(&sql).await;
            assert!(plan.iter().any(|step| step.contains(index)), "{sql}: {plan:#?}");
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{sql}: {plan:#?}");
        }
    }
}
