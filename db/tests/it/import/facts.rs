//! Files of contacts, usage, tickets, invoices and surveys.

use db::import::{Progress, Upload, run};
use domain::fields::Subject;

use super::{counts, import, import_usual, usual};
use crate::support::{self, TestDb};

async fn two_accounts(t: &TestDb) {
    let text =
        "external_id,name,domain\na-1,Acme Robotics,acme.example\na-2,Blue Heron,heron.example\na-3,Twin,\na-4,Twin,\n";
    assert_eq!(import_usual(t, Subject::Account, text).await.created, 4);
}

#[tokio::test]
async fn contacts_find_their_account_by_any_of_its_names() {
    for t in support::databases().await {
        two_accounts(&t).await;
        let text = "account,name,email,role\n\
            a-1,Maya Lind,Maya@Acme.example,champion\n\
            ACME.example,Ben Okafor,ben@acme.example,user\n\
            Blue heron,Ada Weber,ada@heron.example,\n\
            Twin,Who Knows,who@twin.example,\n\
            Nobody Ltd,No One,no@one.example,\n";
        let report = import_usual(&t, Subject::Contact, text).await;
        assert_eq!(counts(&report), [5, 3, 0, 0, 0, 2], "{t:?}: {:?}", report.errors);
        assert_eq!(report.errors[0].column.as_deref(), Some("account"), "{t:?}");
        assert!(report.errors[1].message.contains("Import the account first"), "{t:?}: {}", report.errors[1]);
        // The same person under another name of the account is the same row.
        let text = "account,name,email,role\nAcme Robotics,Maya Lind,maya@acme.example,sponsor\n";
        assert_eq!(counts(&import_usual(&t, Subject::Contact, text).await), [1, 0, 1, 0, 0, 0], "{t:?}");
        let text = "account,name,email\nAcme Robotics,Maya,maya@acme.example\na-1,Maya L,maya@acme.example\n";
        assert_eq!(counts(&import_usual(&t, Subject::Contact, text).await), [2, 0, 1, 0, 0, 1], "{t:?}");
    }
}

#[tokio::test]
async fn tickets_invoices_and_surveys_are_created_and_updated_by_their_number() {
    for t in support::databases().await {
        two_accounts(&t).await;
        for (subject, first, second) in [
            (
                Subject::Ticket,
                "ticket id,account,subject,opened at,severity\nT-1,a-1,Login fails,2026-11-01,high\n",
                "ticket id,account,subject,opened at,severity\nT-1,a-1,Login fails,2026-11-01,urgent\n",
            ),
            (
                Subject::Invoice,
                "invoice id,account,amount,issued at,currency\nI-1,a-1,99.95,2026-11-01,EUR\n",
                "invoice id,account,amount,issued at,currency\nI-1,a-1,120,2026-11-01,EUR\n",
            ),
            (
                Subject::Survey,
                "response id,account,survey,score,answered at\nS-1,a-1,nps,9,2026-11-01\n",
                "response id,account,survey,score,answered at\nS-1,a-1,nps,3,2026-11-01\n",
            ),
        ] {
            let one = import_usual(&t, subject, first).await;
            assert_eq!(counts(&one), [1, 1, 0, 0, 0, 0], "{t:?} {subject:?}: {:?}", one.errors);
            assert_eq!(counts(&import_usual(&t, subject, first).await), [1, 0, 0, 1, 0, 0], "{t:?} {subject:?}");
            assert_eq!(counts(&import_usual(&t, subject, second).await), [1, 0, 1, 0, 0, 0], "{t:?} {subject:?}");
        }
    }
}

#[tokio::test]
async fn every_imported_fact_is_the_document_its_struct_makes() {
    fn check<T: db::subjects::Doc>(stored: &str) {
        let stored: serde_json::Map<_, _> = serde_json::from_str(stored).unwrap();
        let subject: T = db::subjects::from_document(stored.clone()).unwrap();
        assert_eq!(db::subjects::document(&subject).unwrap(), stored);
    }
    for t in support::databases().await {
        two_accounts(&t).await;
        import_usual(&t, Subject::Contact, "account,name,sentiment\na-1,Maya,50.0\n").await;
        import_usual(&t, Subject::Ticket, "ticket id,account,subject,opened at\nT-1,a-1,x,2026-11-01\n").await;
        import_usual(&t, Subject::Invoice, "invoice id,account,amount,issued at\nI-1,a-1,99.95,2026-11-01\n").await;
        import_usual(&t, Subject::Survey, "response id,account,survey,score,answered at\nS-1,a-1,nps,9,2026-11-01\n")
            .await;
        check::<domain::contacts::Contact>(&t.texts("SELECT CAST(doc AS TEXT) FROM contacts").await[0]);
        check::<domain::support::Ticket>(&t.texts("SELECT CAST(doc AS TEXT) FROM tickets").await[0]);
        check::<domain::revenue::Invoice>(&t.texts("SELECT CAST(doc AS TEXT) FROM invoices").await[0]);
        check::<domain::surveys::Response>(&t.texts("SELECT CAST(doc AS TEXT) FROM surveys").await[0]);
    }
}

#[tokio::test]
async fn usage_is_set_by_day_and_recorded_once_per_account() {
    for t in support::databases().await {
        two_accounts(&t).await;
        let text = "account,metric,day,value\n\
            a-1,logins,2026-11-01,5\na-1,logins,2026-11-02,6\na-2,logins,2026-11-01,7\nzzz,logins,2026-11-01,1\n";
        let report = import_usual(&t, Subject::Usage, text).await;
        assert_eq!(counts(&report), [4, 3, 0, 0, 0, 1], "{t:?}: {:?}", report.errors);
        let lines = t.texts("SELECT data FROM changes WHERE subject = 'usage' ORDER BY seq").await;
        assert_eq!(lines.len(), 2, "{t:?}");
        let text = "account,metric,day,value\nAcme Robotics,logins,2026-11-01,5\na-1,logins,2026-11-02,9\n";
        assert_eq!(counts(&import_usual(&t, Subject::Usage, text).await), [2, 0, 1, 1, 0, 0], "{t:?}");
        let values = t.texts("SELECT CAST(CAST(value AS INTEGER) AS TEXT) FROM usage_days ORDER BY value").await;
        assert_eq!(values, ["5", "7", "9"], "{t:?}");
    }
}

#[tokio::test]
async fn a_file_of_more_rows_than_a_statement_takes_arrives_whole() {
    for t in support::databases().await {
        let mut text = "external_id,name,score of theirs\n".to_owned();
        (0..9_001).for_each(|at| text.push_str(&format!("id-{at},Account {at},{}\n", at % 100)));
        let options = usual(&t, Subject::Account, &text).await;
        let progress = Progress::new();
        let upload = Upload::paste(&text).unwrap();
        let finished = run(&t.db, &t.csm, &upload, &options, &progress).await.unwrap();
        assert_eq!(counts(&finished.report), [9_001, 9_001, 0, 0, 0, 0], "{t:?}");
        assert_eq!((progress.rows_done(), progress.rows_total()), (9_001, 9_001), "{t:?}");
        let changed = text.replace(",7\n", ",8\n");
        assert_eq!(counts(&import(&t, &changed, &options).await), [9_001, 0, 90, 8_911, 0, 0], "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        assert!(db::log::verify(&mut tx).await.unwrap().is_ok(), "{t:?}");
    }
}
