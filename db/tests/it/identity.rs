//! People and their sessions: the first administrator, signing in and out, and who is shut out when.

use db::identity::{self, NewUser};
use db::sessions::{self, Device, SIGN_IN_REFUSED};
use db::{Clock, Db, Error};
use domain::identity::Role;
use domain::refusal::Refusal;

use crate::support::{self, PASSWORD, TestDb, email};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

async fn sign_in(t: &TestDb, name: &str) -> String {
    sessions::sign_in(&t.db, &email(name), PASSWORD, &Device::default()).await.unwrap().token
}

async fn is_signed_in(t: &TestDb, token: &str) -> bool {
    match sessions::whoami(&t.db, token).await {
        Ok(_) => true,
        Err(Error::Refused(Refusal::SignedOut)) => false,
        Err(error) => panic!("{t:?}: {error:?}"),
    }
}

fn first_admin() -> NewUser {
    NewUser {
        email: " First@Northwind.example ".to_owned(),
        name: "First".to_owned(),
        role: Role::Admin,
        password: "a sentence nobody says".to_owned(),
    }
}

#[tokio::test]
async fn a_setup_token_works_once_and_only_the_newest() {
    for t in support::databases().await {
        let old = identity::new_setup_token(&t.db).await.unwrap();
        let token = identity::new_setup_token(&t.db).await.unwrap();
        let stored = t.texts("SELECT CAST(COUNT(*) AS TEXT) FROM setup_tokens").await;
        assert_eq!(stored, ["1"], "{t:?}: the older one is gone");
        assert_eq!(token.len(), 64, "{t:?}");
        let weak = NewUser { password: "short".to_owned(), ..first_admin() };
        assert!(identity::set_up(&t.db, &token, weak).await.is_err(), "{t:?}: and the token is not used up");
        for wrong in [old.as_str(), "", "0", &"f".repeat(64)] {
            let error = identity::set_up(&t.db, wrong, first_admin()).await.unwrap_err();
            assert!(
                matches!(&error, Error::Refused(Refusal::Invalid(fields)) if fields[0].field == "token"),
                "{error:?}"
            );
        }
        let id = identity::set_up(&t.db, &format!(" {token}\n"), first_admin()).await.unwrap();
        let again = NewUser { email: "second@northwind.example".to_owned(), ..first_admin() };
        assert!(identity::set_up(&t.db, &token, again).await.is_err(), "{t:?}: once");
        let device = Device::default();
        let signed_in =
            sessions::sign_in(&t.db, "first@northwind.example", "a sentence nobody says", &device).await.unwrap();
        assert_eq!((signed_in.actor.user, signed_in.actor.role), (Some(id), Role::Admin), "{t:?}");
        assert_eq!(signed_in.actor.workspace, t.workspace, "{t:?}");
    }
}

#[tokio::test]
async fn nobody_can_tell_a_wrong_address_from_a_wrong_password() {
    for t in support::databases().await {
        let mut tx = t.write(&t.admin).await;
        identity::set_access(&mut tx, t.viewer.user.unwrap(), Role::Viewer, false).await.unwrap();
        tx.commit().await.unwrap();
        let before = t.snapshot().await;
        let tries = [
            (email("nobody"), PASSWORD),
            (email("Sam"), "not the password"),
            (email("Vera"), PASSWORD),
            (String::new(), ""),
            ("' OR 1=1 --".to_owned(), PASSWORD),
        ];
        for (address, password) in tries {
            let error = sessions::sign_in(&t.db, &address, password, &Device::default()).await.unwrap_err();
            let Error::Refused(refusal) = error else { panic!("{t:?}: {error:?}") };
            assert_eq!(refusal, Refusal::field("password", SIGN_IN_REFUSED), "{t:?}: {address}");
        }
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}

#[tokio::test]
async fn a_session_ends_after_an_hour_without_use_and_after_twelve_in_any_case() {
    for t in support::databases().await {
        let token = sign_in(&t, "Sam").await;
        let who = sessions::whoami(&t.db, &token).await.unwrap();
        assert_eq!((who.actor, who.user.name.as_str()), (t.csm.clone(), "Sam"), "{t:?}");
        for _ in 0..13 {
            t.clock.advance(55 * MINUTE);
            assert!(is_signed_in(&t, &token).await, "{t:?}: use keeps it alive");
        }
        t.clock.advance(5 * MINUTE);
        assert!(!is_signed_in(&t, &token).await, "{t:?}: twelve hours");
        let idle = sign_in(&t, "Sam").await;
        t.clock.advance(HOUR - 1);
        assert!(is_signed_in(&t, &idle).await, "{t:?}");
        t.clock.advance(HOUR);
        assert!(!is_signed_in(&t, &idle).await, "{t:?}: an hour without use");
        for nonsense in ["", "x", &"0".repeat(64)] {
            assert!(!is_signed_in(&t, nonsense).await, "{t:?}");
        }
    }
}

#[tokio::test]
async fn a_token_is_never_stored() {
    for t in support::databases().await {
        let token = sign_in(&t, "Sam").await;
        let setup = identity::new_setup_token(&t.db).await.unwrap();
        let rows = t.snapshot().await;
        for (table, row) in rows.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row))) {
            let row = row.to_lowercase();
            assert!(!row.contains(&token) && !row.contains(&setup) && !row.contains(PASSWORD), "{t:?}: {table}");
        }
        assert!(rows["users"].iter().all(|row| row.contains("$argon2id$v=19$m=19456,t=2,p=1$")), "{t:?}");
    }
}

#[tokio::test]
async fn a_person_lists_and_revokes_their_own_sessions_only() {
    for t in support::databases().await {
        let (first, second, other) = (sign_in(&t, "Sam").await, sign_in(&t, "Sam").await, sign_in(&t, "Ada").await);
        let me = sessions::whoami(&t.db, &first).await.unwrap();
        let ada = sessions::whoami(&t.db, &other).await.unwrap();
        let mut tx = t.write(&t.csm).await;
        let mine = sessions::sessions(&mut tx, me.session).await.unwrap();
        assert_eq!(mine.len(), 2, "{t:?}");
        assert_eq!(mine.iter().filter(|session| session.current).map(|s| s.id).collect::<Vec<_>>(), [me.session]);
        let error = sessions::revoke_session(&mut tx, ada.session).await.unwrap_err();
        assert!(
            matches!(error, Error::Refused(Refusal::NotFound)),
            "{t:?}: not even an administrator's, not even known"
        );
        let elsewhere = mine.iter().find(|session| !session.current).unwrap().id;
        sessions::revoke_session(&mut tx, elsewhere).await.unwrap();
        assert!(sessions::revoke_session(&mut tx, elsewhere).await.is_err(), "{t:?}: twice");
        tx.commit().await.unwrap();
        assert!(!is_signed_in(&t, &second).await && is_signed_in(&t, &first).await, "{t:?}");
        assert!(is_signed_in(&t, &other).await, "{t:?}");
        sessions::sign_out(&t.db, &me).await.unwrap();
        assert!(!is_signed_in(&t, &first).await, "{t:?}");
    }
}

#[tokio::test]
async fn a_person_shut_out_loses_every_session_at_once() {
    for t in support::databases().await {
        let token = sign_in(&t, "Sam").await;
        let id = t.csm.user.unwrap();
        let set = async |role, active| {
            let mut tx = t.write(&t.admin).await;
            identity::set_access(&mut tx, id, role, active).await.unwrap();
            tx.commit().await.unwrap();
        };
        set(Role::Viewer, true).await;
        let who = sessions::whoami(&t.db, &token).await.unwrap();
        assert_eq!(who.actor.role, Role::Viewer, "{t:?}: a new role holds from the next request");
        set(Role::Csm, false).await;
        assert!(!is_signed_in(&t, &token).await, "{t:?}");
        set(Role::Csm, true).await;
        assert!(!is_signed_in(&t, &token).await, "{t:?}: old sessions do not come back");
        let fresh = sign_in(&t, "Sam").await;
        assert!(is_signed_in(&t, &fresh).await, "{t:?}");
        let mut tx = t.write(&t.admin).await;
        let own = identity::set_access(&mut tx, t.admin.user.unwrap(), Role::Viewer, true).await.unwrap_err();
        assert!(matches!(own, Error::Refused(Refusal::Conflict(_))), "{t:?}: nobody locks themselves out");
    }
}

#[tokio::test]
async fn an_administrator_says_who_works_in_which_team() {
    for t in support::databases().await {
        let sam = t.csm.user.unwrap();
        let set = async |actor, team: &str| {
            let mut tx = t.write(actor).await;
            identity::set_team(&mut tx, sam, team).await?;
            tx.commit().await
        };
        let team = async || {
            let people = identity::users(&mut t.read(&t.viewer).await).await.unwrap();
            people.into_iter().find(|person| person.id == sam).unwrap().team
        };
        assert_eq!(team().await, None, "{t:?}");
        set(&t.admin, " North  West ").await.unwrap();
        assert_eq!(team().await.as_deref(), Some("North West"), "{t:?}");
        let before = t.snapshot().await;
        set(&t.admin, "North West").await.unwrap();
        let long = set(&t.admin, &"x".repeat(61)).await.unwrap_err();
        assert!(matches!(&long, Error::Refused(Refusal::Invalid(fields)) if fields[0].field == "team"), "{long:?}");
        let error = set(&t.manager, "South").await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Forbidden)), "{t:?}: {error:?}");
        assert_eq!(t.snapshot().await, before, "{t:?}: the same team, a long name and a manager leave no line");
        set(&t.admin, "").await.unwrap();
        assert_eq!(team().await, None, "{t:?}");
        assert_ne!(t.snapshot().await, before, "{t:?}");
    }
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    for t in support::databases().await {
        let (here, there) = (sign_in(&t, "Sam").await, sign_in(&t, "Sam").await);
        let who = sessions::whoami(&t.db, &here).await.unwrap();
        let new = "seven purple umbrellas";
        for (old, new) in [("wrong", new), (PASSWORD, "short"), (PASSWORD, "sam@northwind.example")] {
            let error = identity::change_password(&t.db, &who, old, new).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::Invalid(_))), "{t:?}: {error:?}");
        }
        assert!(is_signed_in(&t, &there).await, "{t:?}: refused, nothing ended");
        identity::change_password(&t.db, &who, PASSWORD, new).await.unwrap();
        assert!(is_signed_in(&t, &here).await && !is_signed_in(&t, &there).await, "{t:?}");
        let device = Device::default();
        assert!(sessions::sign_in(&t.db, &email("Sam"), PASSWORD, &device).await.is_err(), "{t:?}");
        assert!(sessions::sign_in(&t.db, &email("Sam"), new, &device).await.is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn an_address_belongs_to_one_person() {
    for t in support::databases().await {
        let before = t.snapshot().await;
        let user = NewUser { email: email("SAM"), name: "Sam 2".into(), role: Role::Csm, password: PASSWORD.into() };
        let error = identity::create_user(&t.db, &t.admin, user).await.unwrap_err();
        assert!(matches!(&error, Error::Refused(Refusal::Invalid(fields)) if fields[0].field == "email"), "{error:?}");
        assert_eq!(t.snapshot().await, before, "{t:?}");
        let names: Vec<String> =
            identity::users(&mut t.read(&t.viewer).await).await.unwrap().into_iter().map(|user| user.name).collect();
        assert_eq!(names, ["Ada", "Maya", "Sam", "Vera"], "{t:?}");
    }
}

#[tokio::test]
async fn a_database_opens_again_with_everything_in_it_and_migrates_once() {
    for t in support::databases().await {
        t.account("Acme").await;
        let before = t.snapshot().await;
        let migrations = t.texts("SELECT CAST(COUNT(*) AS TEXT) FROM _sqlx_migrations WHERE success").await;
        t.db.close().await;
        // The lock on an SQLite file goes with the last clone of its database.
        let (url, clock) = (t.url(), Clock::fixed(support::NOW));
        if t.db.is_postgres() {
            Db::open(&url, clock).await.unwrap().close().await;
        } else {
            let error = Db::open(&url, clock).await.unwrap_err();
            assert!(error.to_string().contains("in use by another keepwell process"), "{error}");
        }
        assert_eq!(t.snapshot().await, before, "{t:?}");
        assert_eq!(t.texts("SELECT CAST(COUNT(*) AS TEXT) FROM _sqlx_migrations WHERE success").await, migrations);
    }
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let numbers = |engine: &str| {
        let folder = format!("{}/../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(numbers("sqlite"), numbers("postgres"));
    let mut schemas = Vec::new();
    for t in support::databases().await {
        let sql = if t.db.is_postgres() {
            "SELECT (table_name || '.' || column_name)::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' ORDER BY 1"
        } else {
            "SELECT s.name || '.' || c.name FROM sqlite_schema AS s, pragma_table_xinfo(s.name) AS c WHERE s.type = 'table' \
             AND s.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND s.name NOT LIKE 'sqlite%' ORDER BY 1"
        };
        let mut columns = t.texts(sql).await;
        columns.sort();
        assert!(columns.len() > 100, "{t:?}: {}", columns.len());
        schemas.push(columns);
    }
    for other in &schemas[1..] {
        let (here, there) = if schemas[0].len() < other.len() { (&schemas[0], other) } else { (other, &schemas[0]) };
        assert!(here.iter().all(|column| there.contains(column)), "SQLite has a column of its own");
        let more: Vec<&str> = there.iter().filter(|column| !here.contains(column)).map(String::as_str).collect();
        assert_eq!(more, POSTGRES_ALONE);
    }
}

/// What PostgreSQL keeps in columns and SQLite looks up in the document.
const POSTGRES_ALONE: [&str; 25] = [
    "accounts.adoption_pct",
    "accounts.arr_minor",
    "accounts.churn_pct",
    "accounts.churn_risk_pct",
    "accounts.contract_start",
    "accounts.country",
    "accounts.coverage",
    "accounts.created_at",
    "accounts.custom",
    "accounts.engagement_score",
    "accounts.last_activity_at",
    "accounts.last_login_at",
    "accounts.mrr_minor",
    "accounts.notice_at",
    "accounts.notice_days",
    "accounts.risk_level",
    "accounts.satisfaction_score",
    "accounts.seats",
    "accounts.sentiment",
    "accounts.tags",
    "accounts.ticket_count",
    "accounts.tier",
    "accounts.trend_30d",
    "accounts.trend_90d",
    "accounts.updated_at",
];
