//! Files whose rows are an account and a contact of it.

use db::import::{Progress, Upload, list_presets, run, save_preset};
use db::undo::undo;
use domain::contacts::Contact;
use domain::fields::Subject;
use domain::import::kind::Kind;
use domain::import::pair::{Both, Made};
use domain::import::plan::Mode;
use domain::import::preview::RowOutcome;
use domain::import::report::Report;

use super::{accounts, counts, import, import_usual, show, usual};
use crate::support::{self, TestDb};
use crate::undo::data;

const PAIR: Kind = Kind::AccountWithContact;

const FIRST: &str = "Company,ARR,Renewal,Contact name,Contact e-mail,Title,Team size\n\
    Acme,1200,2027-01-31,Maya Lind,Maya@acme.example,CTO,40\n\
    Acme,,,Ben Okafor,ben@acme.example,,\n\
    ACME,1200,2027-01-31,Ada Weber,ada@acme.example,CEO,40\n\
    Blue Heron,300,2027-03-01,,,,5\n\
    Cedar,700,,Otto Berg,otto@cedar.example,,\n";

/// Returns created, updated and unchanged of the accounts, then of the contacts.
fn both(report: &Report) -> [u64; 6] {
    let Both { accounts, contacts } = report.both.unwrap();
    let numbers = |made: Made| [made.created, made.updated, made.unchanged];
    [numbers(accounts), numbers(contacts)].concat().try_into().unwrap()
}

async fn contacts(t: &TestDb) -> Vec<Contact> {
    let stored = t.texts("SELECT CAST(doc AS TEXT) FROM contacts").await;
    stored.iter().map(|stored| db::subjects::from_document(serde_json::from_str(stored).unwrap()).unwrap()).collect()
}

/// Returns each contact with its account, by name.
async fn people(t: &TestDb) -> Vec<String> {
    let accounts = accounts(t).await;
    let name = |contact: &Contact| &accounts.iter().find(|account| account.id == contact.account_id).unwrap().name;
    let mut people: Vec<String> =
        contacts(t).await.iter().map(|contact| format!("{} of {}", contact.name, name(contact))).collect();
    people.sort();
    people
}

async fn lines(t: &TestDb) -> Vec<String> {
    t.texts("SELECT CAST(COUNT(*) AS TEXT) FROM changes").await
}

#[tokio::test]
async fn accounts_and_their_contacts_arrive_in_one_batch() {
    for t in support::databases().await {
        let options = usual(&t, PAIR, FIRST).await;
        let before = t.snapshot().await;
        let shown = show(&t, FIRST, &options).await;
        assert_eq!(t.snapshot().await, before, "{t:?}: a preview writes nothing");
        let report = import(&t, FIRST, &options).await;
        assert_eq!(both(&report), [3, 0, 0, 4, 0, 0], "{t:?}: {:?}", report.errors);
        assert_eq!(counts(&report), [5, 7, 0, 0, 0, 0], "{t:?}");
        assert_eq!((shown.both, shown.counts.new), (report.both, report.created), "{t:?}: as it was previewed");
        let row = |at: usize| (shown.rows[at].outcome, shown.rows[at].contact);
        assert_eq!(row(1), (RowOutcome::Unchanged, Some(RowOutcome::New)), "{t:?}");
        assert_eq!(row(3), (RowOutcome::New, None), "{t:?}: without a contact");
        let all = ["Ada Weber of Acme", "Ben Okafor of Acme", "Maya Lind of Acme", "Otto Berg of Cedar"];
        assert_eq!(people(&t).await, all, "{t:?}");
        let acme = accounts(&t).await.remove(0);
        assert_eq!((acme.arr_minor, &acme.custom["team_size"]), (Some(120_000), &40.into()), "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        let batch = db::batches::get(&mut tx, report.batch).await.unwrap();
        assert_eq!(batch.counts["accounts"]["created"].as_u64(), Some(3), "{t:?}");
        assert_eq!(batch.counts["contacts"]["created"].as_u64(), Some(4), "{t:?}");
        assert!(db::log::verify(&mut tx).await.unwrap().is_ok(), "{t:?}");
        drop(tx);
        for stored in t.texts("SELECT CAST(doc AS TEXT) FROM contacts").await {
            let stored: serde_json::Map<_, _> = serde_json::from_str(&stored).unwrap();
            let contact: Contact = db::subjects::from_document(stored.clone()).unwrap();
            assert_eq!(db::subjects::document(&contact).unwrap(), stored, "{t:?}");
        }
    }
}

#[tokio::test]
async fn a_second_time_writes_only_what_differs() {
    for t in support::databases().await {
        import_usual(&t, PAIR, FIRST).await;
        let (before, log) = (data(&t).await, lines(&t).await);
        t.clock.advance(60_000);
        let again = import_usual(&t, PAIR, FIRST).await;
        assert_eq!(both(&again), [0, 0, 3, 0, 0, 4], "{t:?}: {:?}", again.errors);
        assert_eq!((data(&t).await, lines(&t).await), (before, log), "{t:?}: nothing was written");
        let text = "Company,ARR,Contact name,Contact e-mail,Title\n\
            Acme,1200,Maya Lind,maya@acme.example,CIO\n\
            Cedar,900,Otto Berg,otto@cedar.example,\n\
            Cedar,,Nils Holm,nils@cedar.example,\n";
        let options = usual(&t, PAIR, text).await;
        let shown = show(&t, text, &options).await;
        assert_eq!(shown.rows[0].changes, ["contact.title"], "{t:?}");
        let report = import(&t, text, &options).await;
        assert_eq!(both(&report), [0, 1, 1, 1, 1, 1], "{t:?}: {:?}", report.errors);
        assert!(people(&t).await.contains(&"Nils Holm of Cedar".to_owned()), "{t:?}");
    }
}

#[tokio::test]
async fn one_undo_takes_both_back_byte_for_byte() {
    for t in support::databases().await {
        import_usual(&t, Subject::Account, "name,arr\nAcme,1\n").await;
        import_usual(&t, Subject::Contact, "account,name,email\nAcme,Maya,maya@acme.example\n").await;
        let start = data(&t).await;
        t.clock.advance(60_000);
        let report = import_usual(&t, PAIR, FIRST).await;
        assert_eq!(both(&report), [2, 1, 0, 3, 1, 0], "{t:?}: {:?}", report.errors);
        let end = data(&t).await;
        t.clock.advance(60_000);
        let undone = undo(&t.db, &t.csm, report.batch).await.unwrap();
        assert_eq!((undone.undone, undone.conflicts), (8, 0), "{t:?}: {:?}", undone.examples);
        assert_eq!(data(&t).await, start, "{t:?}: accounts, contacts and the field");
        let redone = undo(&t.db, &t.csm, undone.batch).await.unwrap();
        assert_eq!((redone.conflicts, data(&t).await), (0, end), "{t:?}");
    }
}

#[tokio::test]
async fn a_row_is_written_whole_or_not_at_all_and_what_contradicts_is_told() {
    for t in support::databases().await {
        let text = "Customer ID,Company,ARR,Contact name,Contact e-mail\n\
            1,Acme,100,Maya,maya at acme\n\
            1,Acme,200,Ben,ben@acme.example\n\
            1,Acme,300,Ada,ada@acme.example\n\
            1,,,Otto,otto@acme.example\n\
            1,,,Ottokar,OTTO@acme.example\n\
            2,Beta,a lot,Nils,nils@beta.example\n\
            3,Gamma,5,,\n\
            3,,,,\n\
            4,Delta,5,,delta@delta.example\n";
        let sound = text.replace("maya at acme", "").replace("a lot", "1");
        let options = usual(&t, PAIR, &sound).await;
        let shown = show(&t, text, &options).await;
        let finished = run(&t.db, &t.csm, &Upload::paste(text).unwrap(), &options, &Progress::new()).await.unwrap();
        let report = finished.report;
        assert_eq!(both(&report), [2, 0, 0, 2, 0, 0], "{t:?}: {:?}", report.errors);
        assert_eq!(counts(&report), [9, 4, 0, 0, 0, 5], "{t:?}");
        assert_eq!((shown.both, shown.errors.clone()), (report.both, report.errors.clone()), "{t:?}");
        let places: Vec<_> =
            report.errors.iter().map(|error| (error.line, error.column.as_deref().unwrap_or_default())).collect();
        let wrong = [(2, "Contact e-mail"), (4, "ARR"), (6, "Contact name"), (7, "ARR"), (10, "")];
        assert_eq!(places, wrong, "{t:?}: {:?}", report.errors);
        assert!(report.errors[1].message.contains("Line 3 is about the same account"), "{t:?}: {}", report.errors[1]);
        assert!(report.errors[4].message.contains("“Contact name” is blank"), "{t:?}: {}", report.errors[4]);
        // The row that was left out said nothing, so the next one says what the account is.
        assert_eq!(accounts(&t).await[0].arr_minor, Some(20_000), "{t:?}");
        assert_eq!(people(&t).await, ["Ben of Acme", "Otto of Acme"], "{t:?}");
        let left = finished.error_rows.unwrap();
        assert!(["maya at acme", "ada@acme.example", "Ottokar", "a lot"].iter().all(|cell| left.contains(cell)));
        assert!(!left.contains("Ben") && !left.contains("Gamma"), "{t:?}: {left}");
    }
}

#[tokio::test]
async fn what_the_choices_do_not_allow_of_an_account_they_do_not_of_its_contacts() {
    for t in support::databases().await {
        t.account_with("Acme", |account| {
            account.currency = "EUR".parse().unwrap();
            account.arr_minor = Some(1);
        })
        .await;
        let text = "Company,ARR,Contact name,Contact e-mail\n\
            Acme,100,Maya,maya@acme.example\n\
            Beta,5,Nils,nils@beta.example\n\
            Acme,,Ben,ben@acme.example\n";
        let mut options = usual(&t, PAIR, text).await;
        let report = import(&t, text, &options).await;
        assert_eq!(both(&report), [1, 0, 0, 1, 0, 0], "{t:?}: {:?}", report.errors);
        assert_eq!(counts(&report), [3, 2, 0, 0, 2, 0], "{t:?}");
        assert!(report.errors[0].message.contains("EUR"), "{t:?}: {}", report.errors[0]);
        assert!(report.errors[1].message.contains("left out further up"), "{t:?}: {}", report.errors[1]);
        assert_eq!(people(&t).await, ["Nils of Beta"], "{t:?}");

        options.mode = Mode::Update;
        let text = "Company,ARR,Contact name,Contact e-mail\n\
            Beta,6,Nils Holm,nils@beta.example\n\
            Beta,6,Else,else@beta.example\n\
            Cedar,1,Otto,otto@cedar.example\n";
        let report = import(&t, text, &options).await;
        assert_eq!((both(&report), report.conflict), ([0, 1, 0, 0, 1, 0], 2), "{t:?}: {:?}", report.errors);
        options.mode = Mode::Create;
        let report = import(&t, &text.replace("Cedar", "Delta"), &options).await;
        assert_eq!((both(&report), report.conflict), ([1, 0, 0, 1, 0, 0], 2), "{t:?}: {:?}", report.errors);
        assert_eq!(people(&t).await, ["Nils Holm of Beta", "Otto of Delta"], "{t:?}");
    }
}

#[tokio::test]
async fn contacts_are_told_apart_by_what_was_chosen() {
    for t in support::databases().await {
        let text = "Domain,Company,Contact name,Contact e-mail\n\
            acme.example,Acme,Maya,maya@acme.example\n\
            https://www.acme.example/,Acme,Maya,\n";
        let mut options = usual(&t, PAIR, text).await;
        assert_eq!(counts(&import(&t, text, &options).await), [2, 2, 0, 0, 0, 1], "{t:?}: an address is missing");
        options.contact_keys = Some(vec!["account_id".to_owned(), "name".to_owned()]);
        let text = format!("{text}acme.example,,Ben,maya@acme.example\n");
        let report = import(&t, &text, &options).await;
        assert_eq!((both(&report), report.conflict), ([0, 0, 1, 0, 0, 1], 1), "{t:?}: {:?}", report.errors);
        assert!(report.errors[0].message.contains("only one can"), "{t:?}: {}", report.errors[0]);
        options.contact_keys = Some(Vec::new());
        options.match_keys = vec!["name".to_owned()];
        t.account("Acme").await;
        assert_eq!(
            counts(&import(&t, &text, &options).await)[4..],
            [2, 1],
            "{t:?}: two accounts have the name, one row has none"
        );
    }
}

#[tokio::test]
async fn contacts_find_the_account_of_an_earlier_chunk() {
    for t in support::databases().await {
        let mut text = "Customer ID,Company,Contact name,Contact e-mail\n".to_owned();
        for round in 0..3 {
            (0..3_000)
                .for_each(|at| text.push_str(&format!("{at},Account {at},Person {round},p{round}@a{at}.example\n")));
        }
        let report = import_usual(&t, PAIR, &text).await;
        assert_eq!(both(&report), [3_000, 0, 0, 9_000, 0, 0], "{t:?}: {:?}", report.errors.first());
        let found = "SELECT CAST(COUNT(*) AS TEXT) FROM contacts AS c JOIN accounts AS a ON a.id = c.account_id";
        assert_eq!(t.texts(found).await, ["9000"], "{t:?}");
        let again = import_usual(&t, PAIR, &text).await;
        assert_eq!(both(&again), [0, 0, 3_000, 0, 0, 9_000], "{t:?}");
    }
}

#[tokio::test]
async fn a_mapping_of_both_is_kept_apart_from_those_of_accounts() {
    for t in support::databases().await {
        let options = usual(&t, PAIR, FIRST).await;
        let headings: Vec<String> = FIRST.lines().next().unwrap().split(',').map(str::to_owned).collect();
        let mut tx = t.write(&t.csm).await;
        save_preset(&mut tx, "Both", &headings, &options).await.unwrap();
        assert!(list_presets(&mut tx, Subject::Account).await.unwrap().is_empty(), "{t:?}");
        let [preset] = list_presets(&mut tx, PAIR).await.unwrap().try_into().unwrap();
        assert_eq!((preset.kind, preset.fit(&headings)), (PAIR, Some(options)), "{t:?}");
    }
}
