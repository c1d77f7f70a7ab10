//! Share links: what opens them is a hash, what they show is kept or read with their maker's eyes, and who looked.

use db::shares::{Kept, Made, Opened, Opening};
use db::{Error, identity, log, reports, shares, subjects};
use domain::accounts::Account;
use domain::changes::Change;
use domain::fields::Subject;
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use domain::reports::{Answer, Spec, ready};
use domain::shares::{Access, DAYS, Outcome, Share, ShareDraft, Shown};

use crate::support::{self, TestDb};

fn draft(live: bool) -> ShareDraft {
    ShareDraft {
        name: " Accounts by owner ".into(),
        shown: Shown::Report { spec: Spec { filter: "owner = me".into(), ..ready("by_band").unwrap() } },
        live,
        download: false,
        password: String::new(),
        days: DAYS,
    }
}

async fn make(t: &TestDb, who: &Actor, draft: ShareDraft, password: &str) -> Made {
    let password = shares::lock(password).await.unwrap();
    let mut tx = t.write(who).await;
    let made = shares::create(&mut tx, draft, Kept { password, document: None }).await.unwrap();
    tx.commit().await.unwrap();
    made
}

async fn opened(t: &TestDb, token: &str) -> Box<Opened> {
    match shares::open(&t.db, token).await.unwrap() {
        Opening::Open(opened) => opened,
        other => panic!("{t:?}: {other:?}"),
    }
}

async fn revoke(t: &TestDb, who: &Actor, share: &Share) -> db::Result<Share> {
    let mut tx = t.write(who).await;
    let share = shares::revoke(&mut tx, share.id).await?;
    tx.commit().await.unwrap();
    Ok(share)
}

async fn mine(t: &TestDb, name: &str) -> Account {
    let owner = t.csm.user;
    t.account_with(name, |account| account.owner_id = owner).await
}

#[tokio::test]
async fn only_hashes_are_stored_and_the_log_knows_neither() {
    for t in support::databases().await {
        mine(&t, "Acme").await;
        let made = make(&t, &t.csm, draft(false), "green lantern").await;
        assert!(made.token.len() == 64 && made.share.locked, "{t:?}");
        assert_eq!((made.share.name.as_str(), made.share.version), ("Accounts by owner", 1), "{t:?}");
        assert_eq!(made.share.expires_at, t.clock.now().plus_days(30), "{t:?}");
        let everything = format!("{:?}", t.snapshot().await);
        for secret in [made.token.as_str(), "green lantern"] {
            assert!(!everything.contains(secret), "{t:?}: {secret} is stored");
        }
        let hashes = t.texts("SELECT password_hash FROM share_tokens").await;
        assert!(hashes.len() == 1 && hashes[0].starts_with("$argon2id$"), "{t:?}: {hashes:?}");
        let entries = log::after(&mut t.read(&t.csm).await, 0, 500).await.unwrap();
        let entry = entries.iter().find(|entry| entry.subject == Subject::Share).unwrap();
        assert_eq!((entry.change, entry.actor), (Change::Created, t.csm.user), "{t:?}");
        let said = serde_json::to_string(&entry.after).unwrap();
        assert!(!said.contains("argon2") && !said.contains("password"), "{t:?}: {said}");
    }
}

#[tokio::test]
async fn a_token_opens_its_link_until_it_ends() {
    for t in support::databases().await {
        let made = make(&t, &t.csm, ShareDraft { days: 2, ..draft(true) }, "").await;
        let open = opened(&t, &made.token).await;
        assert_eq!((&open.share, open.maker.id), (&made.share, t.csm.user.unwrap()), "{t:?}");
        for wrong in ["", "a", &"0".repeat(64), &made.token[1..], &made.token.to_uppercase()] {
            let found = shares::open(&t.db, wrong).await.unwrap();
            let is_itself = wrong == made.token;
            assert!(is_itself || matches!(found, Opening::Unknown), "{t:?}: {wrong}: {found:?}");
        }
        t.clock.advance(2 * 86_400_000 - 1);
        opened(&t, &made.token).await;
        t.clock.advance(1);
        assert!(matches!(shares::open(&t.db, &made.token).await.unwrap(), Opening::Ended(..)), "{t:?}");
        let other = make(&t, &t.csm, draft(false), "").await;
        let system = Actor::system(t.workspace);
        assert!(shares::snapshot(&mut t.read(&system).await, other.share.id).await.unwrap().is_some(), "{t:?}");
        let ended = revoke(&t, &t.manager, &other.share).await.unwrap();
        assert_eq!((ended.revoked_by, ended.revoked_at), (t.manager.user, Some(t.clock.now())), "{t:?}");
        assert!(matches!(shares::open(&t.db, &other.token).await.unwrap(), Opening::Ended(..)), "{t:?}");
        assert_eq!(shares::snapshot(&mut t.read(&system).await, other.share.id).await.unwrap(), None, "{t:?}: deleted");
        assert_eq!(revoke(&t, &t.csm, &other.share).await.unwrap(), ended, "{t:?}: once is enough");
    }
}

#[tokio::test]
async fn what_is_kept_stays_and_what_is_live_is_seen_with_its_makers_eyes() {
    for t in support::databases().await {
        mine(&t, "Acme").await;
        let (kept, live) = (make(&t, &t.csm, draft(false), "").await, make(&t, &t.csm, draft(true), "").await);
        mine(&t, "Blue").await;
        t.account("Nobody's").await;
        let system = Actor::system(t.workspace);
        let body = shares::snapshot(&mut t.read(&system).await, kept.share.id).await.unwrap().unwrap();
        let answer: Answer = serde_json::from_str(&body).unwrap();
        assert_eq!(answer.whole.count, 1, "{t:?}: what was true then");
        let open = opened(&t, &live.token).await;
        let Shown::Report { spec } = open.share.shown.clone() else { panic!("{t:?}") };
        assert_eq!(spec.filter, "owner_id = me", "{t:?}: canonical");
        let eyes = open.actor().unwrap();
        let answer = reports::answer(&mut t.read(&eyes).await, spec).await.unwrap();
        assert_eq!(answer.whole.count, 2, "{t:?}: me is whoever made the link");
        for (role, active, may) in [(Role::Manager, true, true), (Role::Viewer, true, false), (Role::Csm, false, false)]
        {
            let mut tx = t.write(&t.admin).await;
            identity::set_access(&mut tx, t.csm.user.unwrap(), role, active).await.unwrap();
            tx.commit().await.unwrap();
            let eyes = opened(&t, &live.token).await.actor();
            assert_eq!(eyes.as_ref().map(|eyes| eyes.role), may.then_some(role), "{t:?}: {role:?} {active}");
        }
    }
}

#[tokio::test]
async fn a_password_is_asked_for_and_proved_for_an_hour() {
    for t in support::databases().await {
        let free = opened(&t, &make(&t, &t.csm, draft(true), "").await.token).await;
        let now = t.clock.now();
        assert!(shares::check_grant(&free, None, now), "{t:?}: nothing is asked");
        assert!(!shares::check_password(&free, "").await.unwrap(), "{t:?}");
        let locked = opened(&t, &make(&t, &t.csm, draft(true), "green lantern").await.token).await;
        let other = opened(&t, &make(&t, &t.csm, draft(true), "green lantern").await.token).await;
        assert!(shares::check_password(&locked, "green lantern").await.unwrap(), "{t:?}");
        assert!(!shares::check_password(&locked, "green lanterns").await.unwrap(), "{t:?}");
        let grant = shares::grant(&locked, now);
        let later = domain::time::Timestamp(now.0 + 3_600_000);
        let forged = grant.replacen(&now.0.to_string()[..3], "999", 1);
        assert!(shares::check_grant(&locked, Some(&grant), later), "{t:?}");
        assert!(!shares::check_grant(&locked, Some(&grant), domain::time::Timestamp(later.0 + 1)), "{t:?}: over");
        for (wrong, of) in
            [(None, &locked), (Some(forged.as_str()), &locked), (Some("1.a"), &locked), (Some(&*grant), &other)]
        {
            assert!(!shares::check_grant(of, wrong, now), "{t:?}: {wrong:?}");
        }
    }
}

#[tokio::test]
async fn links_are_their_makers_and_the_managers_business() {
    for t in support::databases().await {
        let sams = make(&t, &t.csm, draft(true), "").await.share;
        let mayas = make(&t, &t.manager, draft(true), "").await.share;
        let names = async |who: &Actor| shares::list(&mut t.read(who).await).await.unwrap().len();
        assert_eq!((names(&t.viewer).await, names(&t.csm).await, names(&t.manager).await), (0, 1, 2), "{t:?}");
        let refused = revoke(&t, &t.csm, &mayas).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))), "{t:?}: {refused:?}");
        let refused = shares::accesses(&mut t.read(&t.csm).await, mayas.id).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))), "{t:?}: {refused:?}");
        revoke(&t, &t.manager, &sams).await.unwrap();
        let empty = Kept::default();
        let account = t.account("Acme").await;
        let report = ShareDraft { shown: Shown::Account { account_id: account.id }, ..draft(false) };
        let refused = shares::create(&mut t.write(&t.csm).await, report.clone(), empty).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: nothing to keep: {refused:?}");
        let kept = Kept { document: Some("{}".into()), ..Kept::default() };
        let made = shares::create(&mut t.write(&t.csm).await, report, kept).await.unwrap();
        assert_eq!(made.share.name, "Acme", "{t:?}: an account has a name of its own");
        let wrong = ShareDraft {
            shown: Shown::Report { spec: Spec { filter: "tear = pro".into(), ..Spec::default() } },
            ..draft(true)
        };
        let refused = shares::create(&mut t.write(&t.csm).await, wrong, Kept::default()).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {refused:?}");
    }
}

#[tokio::test]
async fn looks_are_counted_and_only_the_newest_are_kept() {
    for t in support::databases().await {
        let share = make(&t, &t.csm, draft(true), "").await.share;
        let log = log::last_seq(&mut t.read(&t.csm).await).await.unwrap();
        let look =
            |outcome| Access { at: t.clock.now(), network: "192.0.2.0/24".into(), program: "x".repeat(99), outcome };
        for outcome in [Outcome::Shown, Outcome::WrongPassword, Outcome::Taken, Outcome::Denied] {
            t.clock.advance(1_000);
            shares::note(&t.db, t.workspace, share.id, &look(outcome)).await.unwrap();
        }
        let seen = shares::accesses(&mut t.read(&t.csm).await, share.id).await.unwrap();
        assert_eq!((seen.len(), seen[0].outcome, seen[0].program.len()), (4, Outcome::Denied, 60), "{t:?}");
        let row = shares::list(&mut t.read(&t.csm).await).await.unwrap().remove(0);
        assert_eq!((row.views, row.refused, row.seen_at), (2, 2, Some(seen[1].at)), "{t:?}");
        for _ in 0..1_003 {
            shares::note(&t.db, t.workspace, share.id, &look(Outcome::Shown)).await.unwrap();
        }
        let row = shares::list(&mut t.read(&t.csm).await).await.unwrap().remove(0);
        assert_eq!((row.views, row.refused), (1_000, 0), "{t:?}: strangers do not fill the database");
        let now = log::last_seq(&mut t.read(&t.csm).await).await.unwrap();
        assert_eq!(now, log, "{t:?}: nor the change log");
        subjects::get::<Share>(&mut t.read(&t.csm).await, share.id.0).await.unwrap();
    }
}
