//! The demo portfolio, written and scored.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use db::{past, seeds};
use domain::accounts::AccountQuery;
use domain::changes::{Change, Entry};
use domain::health::Band;
use domain::time::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::support::{self, TestDb};

async fn fill(t: &TestDb, accounts: u32, seed: u64) -> u32 {
    let written = AtomicU32::new(0);
    let owners = [t.csm.user.unwrap(), t.manager.user.unwrap()];
    db::demo::fill(&t.db, t.workspace, &owners, accounts, seed, |done| written.store(done, Ordering::Relaxed))
        .await
        .unwrap();
    written.into_inner()
}

#[tokio::test]
async fn the_portfolio_is_believable() {
    for t in support::databases().await {
        assert_eq!(fill(&t, 60, 7).await, 60, "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        let query = AccountQuery { sort: "-score".to_owned(), limit: 100, ..AccountQuery::default() };
        let page = db::accounts::page(&mut tx, &query).await.unwrap();
        assert_eq!(page.total, 60, "{t:?}");
        let band = |name: &str| {
            let row = page.rows.iter().find(|row| row.account.name == name).unwrap();
            row.health.as_ref().unwrap().band
        };
        assert_eq!(band("Acme Robotics"), Band::Healthy, "{t:?}");
        for name in ["Northwind Outfitters", "Harborline Logistics", "Meridian Health Partners", "Old Mill Finance"] {
            assert!(matches!(band(name), Band::AtRisk | Band::Critical), "{t:?}: {name} is {:?}", band(name));
        }
        let bands: Vec<Band> = page.rows.iter().map(|row| row.health.as_ref().unwrap().band).collect();
        let healthy = bands.iter().filter(|band| **band == Band::Healthy).count();
        assert!((24..=48).contains(&healthy), "{t:?}: {healthy} of 60 are healthy");
        let northwind = page.rows.iter().find(|row| row.account.name == "Northwind Outfitters").unwrap();
        let history = db::health::history(&mut tx, northwind.account.id, domain::time::Timestamp(0)).await.unwrap();
        assert!(history.len() > 10, "{t:?}: {} scores", history.len());
        assert!(history[0].1 > history[history.len() - 1].1, "{t:?}: it fell");
        assert!(db::log::verify(&mut tx).await.unwrap().is_ok(), "{t:?}");
        drop(tx);
        let scored = db::health::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!(scored.evaluated, 0, "{t:?}: nothing is scored twice");
    }
}

#[tokio::test]
async fn computed_fields_have_values_and_their_lines_do_not_break_the_log() {
    for t in support::databases().await {
        fill(&t, 30, 7).await;
        db::demo::add_computed_fields(&t.db, t.workspace).await.unwrap();
        let mut tx = t.read(&t.viewer).await;
        let fields = db::formula::list(&mut tx).await.unwrap();
        assert!(fields.len() >= 2 && fields.iter().all(|one| one.values >= 20), "{t:?}: {fields:?}");
        assert!(db::log::verify(&mut tx).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn the_same_seed_makes_the_same_portfolio() {
    let mut told = Vec::new();
    for t in support::databases().await.into_iter().take(1).chain(support::databases().await.into_iter().take(1)) {
        fill(&t, 30, 11).await;
        let mut data = t.snapshot().await;
        data.retain(|table, _| ["accounts", "contacts", "tickets", "invoices", "usage_days"].contains(&table.as_str()));
        told.push(data);
    }
    // The people who own the accounts and the workspace are copied, so even their ids agree.
    let names = |at: usize| told[at]["usage_days"].clone();
    assert_eq!(names(0), names(1));
    assert_eq!(told[0]["contacts"], told[1]["contacts"]);
}

#[tokio::test]
async fn the_log_tells_how_the_portfolio_came_about() {
    for t in support::databases().await {
        let owners = [t.csm.user.unwrap(), t.manager.user.unwrap()];
        fill(&t, 16, 7).await;
        let mut tx = t.read(&t.viewer).await;
        let entries = entries(&mut tx).await;
        assert!(entries.is_sorted_by_key(|entry| entry.at), "{t:?}: in order of time");
        let folded = fold(&entries);
        let options = seeds::Options {
            seed: 7,
            accounts: 16,
            now: support::NOW,
            owners: owners.to_vec(),
            volume: seeds::Volume::Full,
        };
        let mut churned = 0;
        for number in 0..options.accounts {
            let story = seeds::tell(&options, number);
            let id = story.account.id;
            let present = db::accounts::get(&mut tx, id).await.unwrap();
            assert_eq!(
                folded[&id.0],
                db::subjects::document(&present).unwrap(),
                "{t:?}: the log comes to the document"
            );
            for contact in db::timeline::contacts(&mut tx, id).await.unwrap() {
                assert_eq!(folded[&contact.id.0], db::subjects::document(&contact).unwrap(), "{t:?}");
            }
            for (place, (at, state)) in story.states.iter().enumerate() {
                let mut expected = state.clone();
                (expected.version, expected.updated_at) = (i64::try_from(place).unwrap() + 1, *at);
                let past = past::account_as_of(&mut tx, id, *at).await.unwrap();
                assert_eq!(past, Some(expected), "{t:?}: {} at {}", present.name, at.iso());
            }
            let before = Timestamp(present.created_at.0 - 1);
            assert_eq!(past::account_as_of(&mut tx, id, before).await.unwrap(), None, "{t:?}");
            churned += usize::from(present.stage.as_deref() == Some("churned"));
        }
        assert!(churned > 0, "{t:?}");
    }
}

async fn entries(tx: &mut db::Tx) -> Vec<Entry> {
    let (mut all, mut seq) = (Vec::new(), 0);
    loop {
        let page = db::log::after(tx, seq, db::log::PAGE_MAX).await.unwrap();
        let Some(last) = page.last() else { return all };
        seq = last.seq;
        // People and the first scorecard are of today.
        all.extend(page.into_iter().filter(|entry| entry.account.is_some() && entry.change != Change::Scored));
    }
}

fn fold(entries: &[Entry]) -> BTreeMap<Uuid, Map<String, Value>> {
    let mut documents = BTreeMap::new();
    for entry in entries {
        let document = domain::changes::replay(documents.remove(&entry.subject_id), entry);
        documents.extend(document.map(|document| (entry.subject_id, document)));
    }
    documents
}
