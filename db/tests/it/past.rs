//! The past is what was really there: edits, imports, removals and undos are taken back exactly.

use std::collections::BTreeMap;

use db::past::{self, Snapshot};
use db::undo::undo;
use db::{subjects, timeline};
use domain::accounts::Account;
use domain::contacts::Contact;
use domain::fields::Subject;
use domain::id::{AccountId, BatchId, ContactId};
use domain::time::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::import::{accounts, import_usual};
use crate::support::{self, TestDb};

/// What there was of an account, each kind in the order of its ids.
type State = (Account, Vec<Contact>, Vec<Uuid>, Vec<Uuid>);

async fn states(t: &TestDb) -> BTreeMap<AccountId, State> {
    let mut states = BTreeMap::new();
    for account in accounts(t).await {
        let mut tx = t.read(&t.viewer).await;
        let mut contacts = timeline::contacts(&mut tx, account.id).await.unwrap();
        contacts.sort_by_key(|contact| contact.id);
        let mut tickets: Vec<Uuid> =
            timeline::tickets(&mut tx, account.id).await.unwrap().iter().map(|ticket| ticket.id.0).collect();
        tickets.sort_unstable();
        let mut activities: Vec<Uuid> =
            timeline::activities(&mut tx, account.id).await.unwrap().iter().map(|activity| activity.id.0).collect();
        activities.sort_unstable();
        states.insert(account.id, (account, contacts, tickets, activities));
    }
    states
}

fn state(snapshot: Snapshot) -> State {
    let Snapshot { account, mut contacts, tickets, activities, .. } = snapshot;
    contacts.sort_by_key(|contact| contact.id);
    let mut tickets: Vec<Uuid> = tickets.iter().map(|ticket| ticket.id.0).collect();
    tickets.sort_unstable();
    let mut activities: Vec<Uuid> = activities.iter().map(|activity| activity.id.0).collect();
    activities.sort_unstable();
    (account, contacts, tickets, activities)
}

/// Something that people do, chosen at random.
async fn act(t: &TestDb, rng: &mut impl FnMut(usize) -> usize, step: usize, batches: &mut Vec<BatchId>) {
    let known = accounts(t).await;
    let one = (!known.is_empty()).then(|| known[rng(known.len())].clone());
    match (rng(9), one) {
        (0 | 1, Some(account)) => {
            let (key, value) = match rng(5) {
                0 => ("name", json!(format!("Name {step}"))),
                1 => ("sentiment", json!(rng(100))),
                2 => ("tags", json!([format!("tag {}", rng(3))])),
                3 => ("tier", json!(null)),
                _ => ("arr_minor", json!(rng(9) * 1_000)),
            };
            let mut tx = t.write(&t.csm).await;
            db::accounts::edit(&mut tx, account.id, account.version, key, value).await.unwrap();
            batches.extend(tx.batch());
            tx.commit().await.unwrap();
        }
        (2, Some(account)) => {
            let now = t.clock.now();
            let contact = Contact {
                id: ContactId(Uuid::now_v7()),
                version: 1,
                account_id: account.id,
                name: format!("Person {step}"),
                email: None,
                phone: None,
                title: None,
                role: None,
                sentiment: None,
                time_zone: None,
                last_touch_at: None,
                left_at: None,
                created_at: now,
                updated_at: now,
                distinct_from: Vec::new(),
            };
            t.create(&contact).await;
        }
        (3, Some(account)) => {
            let mut tx = t.write(&t.csm).await;
            let contacts = timeline::contacts(&mut tx, account.id).await.unwrap();
            if let Some(contact) = contacts.first() {
                if rng(2) == 0 {
                    subjects::remove(&mut tx, contact).await.unwrap();
                } else {
                    let left =
                        Contact { left_at: Some(t.clock.now()), sentiment: Some(rng(100) as f64), ..contact.clone() };
                    subjects::update(&mut tx, contact, &left).await.unwrap();
                }
            }
            tx.commit().await.unwrap();
        }
        (4, Some(account)) => {
            let mut tx = t.write(&t.csm).await;
            timeline::log_activity(&mut tx, account.id, "call", &format!("Call {step}"), t.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        (5, Some(account)) => {
            let key = account.external_id.unwrap_or_default();
            let text = format!("account,external_id,subject,opened_at\n{key},T-{step},Help {step},2026-11-01\n");
            batches.push(import_usual(t, Subject::Ticket, &text).await.batch);
        }
        (6, _) if !batches.is_empty() => {
            let batch = batches.swap_remove(rng(batches.len()));
            batches.push(undo(&t.db, &t.manager, batch).await.unwrap().batch);
        }
        _ => {
            let (a, b) = (rng(4), rng(9));
            let text = format!("external_id,name,arr,Zone\n{a},Account {a},{b},zone {b}\n{},Other,7,\n", a + 1);
            batches.push(import_usual(t, Subject::Account, &text).await.batch);
        }
    }
}

#[tokio::test]
async fn every_moment_is_read_back_as_it_was() {
    const STEPS: usize = 60;
    for t in support::databases().await {
        let mut seed = 20_261_121_u64;
        let mut rng = |below: usize| {
            // Knuth's linear congruential generator; its high bits are good enough for choosing.
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below
        };
        let (mut seen, mut batches) = (vec![(t.clock.now(), states(&t).await)], Vec::new());
        for step in 0..STEPS {
            t.clock.advance(60_000);
            act(&t, &mut rng, step, &mut batches).await;
            seen.push((t.clock.now(), states(&t).await));
        }
        t.clock.advance(60_000);
        let last = import_usual(&t, Subject::Account, "external_id,name\nlast,Last\n").await.batch;
        seen.push((t.clock.now(), states(&t).await));
        t.clock.advance(60_000);
        undo(&t.db, &t.manager, last).await.unwrap();
        seen.push((t.clock.now(), states(&t).await));
        let ids: std::collections::BTreeSet<AccountId> =
            seen.iter().flat_map(|(_, states)| states.keys().copied()).collect();
        assert!(ids.len() > 3, "{t:?}: {} accounts", ids.len());
        let removed = ids.iter().filter(|id| !seen[STEPS + 2].1.contains_key(id)).count();
        assert!(removed > 0, "{t:?}: an account that is gone is part of the test");
        let mut tx = t.read(&t.viewer).await;
        for (place, (at, states)) in seen.iter().enumerate() {
            for id in &ids {
                let past = past::as_of(&mut tx, *id, *at).await.unwrap().map(state);
                assert_eq!(past.as_ref(), states.get(id), "{t:?}: {id} after step {place}");
            }
        }
    }
}

#[tokio::test]
async fn one_account_is_looked_up_without_reading_the_log() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        fill_log(&t).await;
        let (workspace, id) = (t.workspace.0.simple(), account.id.0.simple());
        let ids = format!("'[\"{}\"]'", account.id);
        let sql = if t.db.is_postgres() {
            format!(
                "SELECT data FROM changes WHERE workspace_id = '{workspace}'::uuid AND account_id IN \
                 (SELECT j::uuid FROM jsonb_array_elements_text({ids}::text::jsonb) AS j) AND at > 5 \
                 AND change <> 'scored' ORDER BY seq DESC"
            )
        } else {
            format!(
                "SELECT data FROM (SELECT unhex(value, '-') AS wanted FROM json_each({ids})) AS ids \
                 CROSS JOIN changes INDEXED BY changes_account WHERE workspace_id = x'{workspace}' AND account_id = ids.wanted AND at > 5 AND change <> 'scored' \
                 ORDER BY seq DESC"
            )
        };
        let plan = t.plan(&sql).await;
        assert!(plan.iter().any(|step| step.contains("changes_account")), "{t:?} {id}: {plan:#?}");
        let mut tx = t.read(&t.viewer).await;
        let past = past::account_as_of(&mut tx, account.id, t.clock.now()).await.unwrap();
        assert_eq!(past, Some(account), "{t:?}");
    }
}

/// Puts 20,000 lines of other accounts into the log, behind the product's back.
async fn fill_log(t: &TestDb) {
    let workspace = t.workspace.0.simple();
    let sql = if t.db.is_postgres() {
        format!(
            "INSERT INTO changes (workspace_id, seq, at, change, subject, subject_id, account_id, data, hash) \
             SELECT '{workspace}'::uuid, 1000 + i, i, 'updated', 'accounts', id, id, '{{}}', ''::bytea FROM \
             (SELECT i, gen_random_uuid() AS id FROM generate_series(1::bigint, 20000) AS i) AS rows; ANALYZE changes"
        )
    } else {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
             INSERT INTO changes (workspace_id, seq, at, change, subject, subject_id, account_id, data, hash) \
             SELECT x'{workspace}', 1000 + i, i, 'updated', 'accounts', x'00', randomblob(16), '{{}}', x'' FROM n"
        )
    };
    t.execute(&sql).await;
}

#[tokio::test]
async fn an_override_is_part_of_its_days() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        let start = t.clock.now();
        t.clock.advance(3_600_000);
        let mut tx = t.write(&t.csm).await;
        db::health::set_override(&mut tx, account.id, 80.0, "They renewed.", t.clock.now().plus_days(30))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(3_600_000);
        let mut tx = t.write(&t.csm).await;
        db::health::end_override(&mut tx, account.id).await.unwrap();
        tx.commit().await.unwrap();
        let mut scores = Vec::new();
        for ms in [0, 3_600_000, 7_199_999, 7_200_000] {
            let mut tx = t.read(&t.viewer).await;
            let found = past::override_as_of(&mut tx, account.id, Timestamp(start.0 + ms)).await.unwrap();
            scores.push(found.map(|found| (found.score, found.author)));
        }
        let set = Some((80.0, "Sam".to_owned()));
        assert_eq!(scores, [None, set.clone(), set, None], "{t:?}");
    }
}
