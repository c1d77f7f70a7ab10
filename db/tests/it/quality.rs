//! Data quality: what the rules find is what the grid lists, on both engines, and nobody else's accounts count.

use db::{Error, accounts, health, identity, quality};
use domain::accounts::{Account, AccountQuery};
use domain::id::AccountId;
use domain::identity::Role;
use domain::money::Money;
use domain::quality::{Broken, Rule, Survey};
use domain::refusal::Refusal;

use crate::access::contact;
use crate::support::{self, NOW, TestDb};

/// Makes an account about which nothing is wrong but what is changed.
async fn with(t: &TestDb, name: &str, change: impl FnOnce(&mut Account)) -> AccountId {
    let owner = t.csm.user;
    let account = t.account_with(name, |account| {
        account.domain = Some(format!("{}.example", name.to_lowercase()));
        account.owner_id = owner;
        account.stage = Some("value".to_owned());
        account.arr_minor = Some(100_000);
        account.contract_start = Some(NOW.plus_days(-200));
        account.renewal_at = Some(NOW.plus_days(100));
        account.last_activity_at = Some(NOW.plus_days(-3));
        account.created_at = NOW.plus_days(-300);
        change(account);
    });
    let id = account.await.id;
    t.create(&contact(id)).await;
    id
}

async fn survey(t: &TestDb, filter: &str) -> Survey {
    quality::survey(&mut t.read(&t.viewer).await, filter).await.unwrap()
}

async fn broken(t: &TestDb, filter: &str, rule: Rule) -> Broken {
    quality::broken(&mut t.read(&t.viewer).await, filter, rule).await.unwrap()
}

async fn names(t: &TestDb, rule: Rule) -> Vec<String> {
    let mut names: Vec<String> = broken(t, "", rule).await.rows.into_iter().map(|row| row.name).collect();
    names.sort();
    names
}

fn count(survey: &Survey, rule: Rule) -> u32 {
    survey.findings.iter().find(|finding| finding.rule == rule).map_or(0, |finding| finding.accounts)
}

/// One account for most of the rules, and one that breaks none.
async fn story(t: &TestDb) {
    with(t, "Acme", |_| {}).await;
    with(t, "Nobodys", |account| account.owner_id = None).await;
    with(t, "Free", |account| account.arr_minor = None).await;
    with(t, "Open", |account| account.renewal_at = None).await;
    with(t, "Late", |account| account.renewal_at = Some(NOW.plus_days(-2))).await;
    with(t, "Silent", |account| account.last_activity_at = Some(NOW.plus_days(-120))).await;
    with(t, "Twisted", |account| account.contract_start = Some(NOW.plus_days(200))).await;
    with(t, "Left", |account| account.stage = Some("churned".to_owned())).await;
    let attic = with(t, "Attic", |account| account.archived_at = Some(NOW)).await;
    with(t, "Orphan", |account| account.parent_id = Some(attic)).await;
    let top = with(t, "Top", |account| account.domain = Some("blue.example".to_owned())).await;
    with(t, "Below", |account| {
        account.parent_id = Some(top);
        account.domain = Some("blue.example".to_owned());
    })
    .await;
    with(t, "Twin \"A\"", |account| account.domain = Some("https://www.twin.example".to_owned())).await;
    with(t, "twin a", |account| account.domain = Some("TWIN.example".to_owned())).await;
    with(t, "Vera's", |account| account.owner_id = t.viewer.user).await;
    // The rest has a contact each; this one is alone.
    t.account_with("Alone", |account| account.owner_id = t.csm.user).await;
    health::catch_up(&t.db, t.workspace).await.unwrap();
}

#[tokio::test]
async fn each_rule_finds_its_accounts() {
    for t in support::databases().await {
        story(&t).await;
        for (rule, expected) in [
            (Rule::NoOwner, &["Nobodys"][..]),
            (Rule::NoContact, &["Alone"]),
            (Rule::NoArr, &["Alone", "Free"]),
            (Rule::NoRenewal, &["Alone", "Open"]),
            (Rule::NoStage, &["Alone"]),
            (Rule::RenewalPast, &["Late"]),
            (Rule::Stale, &["Silent"]),
            (Rule::ContractLate, &["Twisted"]),
            (Rule::ChurnedOpen, &["Left"]),
            (Rule::ChurnedPaying, &["Left"]),
            (Rule::Orphan, &["Orphan"]),
            (Rule::SameName, &["Twin \"A\"", "twin a"]),
            (Rule::SameDomain, &["Twin \"A\"", "twin a"]),
            (Rule::OwnerGone, &[]),
        ] {
            assert_eq!(names(&t, rule).await, expected, "{t:?}: {rule:?}");
        }
        let survey = survey(&t, "").await;
        assert_eq!((survey.accounts, survey.customers), (15, 14), "{t:?}: archived accounts are not looked at");
        let gap = survey.findings.iter().find(|finding| finding.rule == Rule::NoOwner).unwrap();
        assert_eq!(gap.value, [Money { minor: 100_000, currency: "USD".parse().unwrap() }], "{t:?}");
        assert!(survey.completeness_pct().is_some_and(|share| share > 80.0 && share < 100.0), "{t:?}: {survey:?}");
        assert!(survey.seq > 0);
    }
}

#[tokio::test]
async fn the_grid_lists_as_many_accounts_as_a_rule_counts() {
    for t in support::databases().await {
        story(&t).await;
        let mut tx = t.write(&t.admin).await;
        identity::set_access(&mut tx, t.viewer.user.unwrap(), Role::Viewer, false).await.unwrap();
        tx.commit().await.unwrap();
        let survey = quality::survey(&mut t.read(&t.csm).await, "").await.unwrap();
        assert_eq!(count(&survey, Rule::OwnerGone), 1, "{t:?}: Vera was shut out");
        let mut said = 0;
        for finding in survey.findings {
            let Some(filter) = finding.filter else { continue };
            let query = AccountQuery { filter: filter.clone(), limit: 50, ..AccountQuery::default() };
            let page = accounts::page(&mut t.read(&t.csm).await, &query).await.unwrap();
            assert_eq!(page.total, finding.accounts, "{t:?}: {:?}: {filter}", finding.rule);
            said += 1;
        }
        assert_eq!(said, 12, "{t:?}");
    }
}

#[tokio::test]
async fn a_filter_chooses_whom_it_is_about_and_others_still_count_as_namesakes() {
    for t in support::databases().await {
        story(&t).await;
        let some = survey(&t, "name = \"twin a\"").await;
        assert_eq!((some.accounts, count(&some, Rule::SameName)), (1, 1), "{t:?}");
        assert_eq!(broken(&t, "name = \"twin a\"", Rule::SameName).await.total, 1, "{t:?}");
        let mine = quality::survey(&mut t.read(&t.csm).await, "owner is me").await.unwrap();
        assert_eq!(mine.accounts, 13, "{t:?}: all but Nobodys and Vera's");
        let refused = quality::survey(&mut t.read(&t.viewer).await, "shoe = 44").await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {refused:?}");
    }
}

#[tokio::test]
async fn a_workspace_knows_only_its_own() {
    for t in support::databases().await {
        story(&t).await;
        let stranger = t.other_workspace().await;
        let survey = quality::survey(&mut t.read(&stranger).await, "").await.unwrap();
        assert_eq!((survey.accounts, survey.completeness_pct(), survey.is_clean()), (0, None, true), "{t:?}");
    }
}

#[tokio::test]
async fn what_is_known_follows_accounts_contacts_and_what_stands_above() {
    for t in support::databases().await {
        let top = with(&t, "Top", |_| {}).await;
        let below = with(&t, "Below", |account| account.parent_id = Some(top)).await;
        let clean = survey(&t, "").await;
        assert_eq!((count(&clean, Rule::Orphan), count(&clean, Rule::NoContact)), (0, 0), "{t:?}");
        let alone = t.account_with("Alone", |account| account.owner_id = t.csm.user).await;
        assert_eq!(names(&t, Rule::NoContact).await, ["Alone"], "{t:?}: a new account");
        let person = contact(alone.id);
        t.create(&person).await;
        assert!(names(&t, Rule::NoContact).await.is_empty(), "{t:?}: a new contact");
        let mut tx = t.write(&t.admin).await;
        db::subjects::remove(&mut tx, &person).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&t, Rule::NoContact).await, ["Alone"], "{t:?}: the contact has gone");
        let mut tx = t.write(&t.csm).await;
        let version = accounts::get(&mut tx, below).await.unwrap().version;
        accounts::edit(&mut tx, below, version, "name", serde_json::json!("alone")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&t, Rule::SameName).await, ["Alone", "alone"], "{t:?}: another name");
        let mut tx = t.write(&t.admin).await;
        let account = accounts::get(&mut tx, top).await.unwrap();
        db::subjects::remove(&mut tx, &account).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&t, Rule::Orphan).await, ["alone"], "{t:?}: what stood above is gone");
        assert_eq!(survey(&t, "").await.accounts, 2, "{t:?}");
    }
}
