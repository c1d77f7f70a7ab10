//! The replay of many accounts says what each of them would have said, taken back by itself; and never what was not
//! known yet.

use std::collections::HashMap;

use db::{accounts, health, lab, past, subjects, timeline};
use domain::changes::{Change, Entry};
use domain::contacts::Contact;
use domain::fields::Subject;
use domain::health::{
    BACK_DAYS, Band, Context, Group, Measure, Points, Record, Scale, Scorecard, ScorecardVersion, evaluate, keys,
    note_update,
};
use domain::id::{AccountId, ContactId, ScorecardId, TicketId};
use domain::lab::replay::{Replay, Said, Story, has_left};
use domain::support::Ticket;
use domain::time::{DAY_MS, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::support::{self, TestDb};

const MONTHS: u32 = 24;

fn version(card: Scorecard) -> ScorecardVersion {
    ScorecardVersion { scorecard: ScorecardId(Uuid::from_u128(1)), version: 1, card, published_at: None, revision: 1 }
}

async fn replay(t: &TestDb, card: &ScorecardVersion, months: u32) -> HashMap<AccountId, Story> {
    let go_on = |_, _| async { Ok(()) };
    let mut stories = lab::replay(&t.db, &t.viewer, &[vec![card.clone()]], months, go_on).await.unwrap();
    stories.remove(0).into_iter().map(|story| (story.account, story)).collect()
}

async fn log(t: &TestDb) -> Vec<Entry> {
    let (mut all, mut seq, mut tx) = (Vec::new(), 0, t.read(&t.viewer).await);
    loop {
        let page = db::log::after(&mut tx, seq, db::log::PAGE_MAX).await.unwrap();
        let Some(last) = page.last() else { return all };
        seq = last.seq;
        all.extend(page.into_iter().filter(|e| e.subject == Subject::Account && e.change == Change::Updated));
    }
}

/// What a card would have said of one account at each moment, from the account as of that moment.
async fn said(t: &TestDb, id: AccountId, card: &ScorecardVersion, log: &[Entry]) -> Vec<Said> {
    let (mut said, mut previous, mut tx) = (Vec::new(), None::<Band>, t.read(&t.viewer).await);
    for at in Replay::new(Vec::new(), HashMap::new(), MONTHS, t.clock.now()).moments() {
        let Some(then) = past::as_of(&mut tx, id, at).await.unwrap() else { continue };
        let is_archived = then.account.archived_at.is_some_and(|archived| archived <= at);
        if then.account.created_at > at || is_archived || has_left(&then.account) {
            continue;
        }
        let mut record = Record::new(then.account);
        for entry in log.iter().filter(|entry| entry.account == Some(id) && entry.at <= at) {
            note_update(&mut record.field_times, entry.at, &entry.before, &entry.after);
        }
        let since = at.plus_days(-i64::from(BACK_DAYS));
        record.touches =
            then.activities.iter().map(|activity| activity.happened_at).filter(|at| *at >= since).collect();
        (record.contacts, record.tickets, record.usage) = (then.contacts, then.tickets, then.usage);
        (record.invoices, record.surveys) = (then.invoices, then.surveys);
        let context = Context { override_: then.override_.as_ref(), previous_band: previous, ..Context::at(at) };
        let evaluation = evaluate(&card.card, &record.facts(at), &context);
        previous = evaluation.band;
        said.push(Said::of(&evaluation, &record.account, card.scorecard));
    }
    said
}

/// Two months in which people edit, set scores by hand, add late what happened early, and remove what was there.
async fn two_months(t: &TestDb, ids: &[AccountId]) {
    t.clock.advance(10 * DAY_MS);
    let mut tx = t.write(&t.csm).await;
    let account = accounts::get(&mut tx, ids[0]).await.unwrap();
    accounts::edit(&mut tx, ids[0], account.version, "sentiment", json!(12)).await.unwrap();
    health::set_override(&mut tx, ids[1], 81.0, "They renewed.", t.clock.now().plus_days(30)).await.unwrap();
    timeline::log_activity(&mut tx, ids[0], "call", "Late notes", t.clock.now().plus_days(-200)).await.unwrap();
    tx.commit().await.unwrap();
    t.clock.advance(25 * DAY_MS);
    let mut tx = t.write(&t.csm).await;
    health::end_override(&mut tx, ids[1]).await.unwrap();
    let contact = timeline::contacts(&mut tx, ids[2]).await.unwrap().remove(0);
    subjects::remove(&mut tx, &contact).await.unwrap();
    let ticket = timeline::tickets(&mut tx, ids[4]).await.unwrap().remove(0);
    subjects::update(
        &mut tx,
        &ticket,
        &Ticket { severity: Some("urgent".into()), resolved_at: None, ..ticket.clone() },
    )
    .await
    .unwrap();
    let late = Ticket {
        id: TicketId(Uuid::now_v7()),
        external_id: None,
        resolved_at: None,
        opened_at: t.clock.now().plus_days(-300),
        ..ticket
    };
    subjects::create(&mut tx, &late).await.unwrap();
    tx.commit().await.unwrap();
    t.clock.advance(20 * DAY_MS);
}

#[tokio::test]
async fn a_replay_says_what_each_account_taken_back_would_have_said() {
    for t in support::databases().await {
        let owners = [t.csm.user.unwrap(), t.manager.user.unwrap()];
        db::demo::fill(&t.db, t.workspace, &owners, 24, 7, |_| {}).await.unwrap();
        let mut card = health::published(&mut t.read(&t.viewer).await).await.unwrap().remove(0);
        let measures = card.card.groups.iter_mut().flat_map(|group| &mut group.measures);
        measures.for_each(|measure| measure.season = false);
        assert!(card.card.groups.iter().map(|group| group.measures.len()).sum::<usize>() >= 15, "{t:?}");
        let options = db::seeds::Options {
            seed: 7,
            accounts: 24,
            now: support::NOW,
            owners: owners.to_vec(),
            volume: db::seeds::Volume::Full,
        };
        let ids: Vec<AccountId> = (0..24).map(|number| db::seeds::id(&options, number)).collect();
        two_months(&t, &ids).await;
        let (told, log) = (replay(&t, &card, MONTHS).await, log(&t).await);
        let mut moments = 0;
        for id in &ids[..12] {
            let said = said(&t, *id, &card, &log).await;
            moments += said.len();
            assert_eq!(told.get(id).map_or(&[][..], |story| &story.said), said, "{t:?}: {id}");
        }
        assert!(moments > 120, "{t:?}: {moments} moments");
        let by_hand = told[&ids[1]].said.iter().filter(|said| said.score == Some(Points::from_f64(81.0))).count();
        assert_eq!(by_hand, 1, "{t:?}: an override counts at the moments in which it held");
    }
}

fn contact(t: &TestDb, account: AccountId) -> Contact {
    Contact {
        id: ContactId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        name: "Lena".into(),
        email: None,
        phone: None,
        title: None,
        role: None,
        sentiment: None,
        time_zone: None,
        last_touch_at: Some(t.clock.now()),
        left_at: None,
        created_at: t.clock.now(),
        updated_at: t.clock.now(),
        distinct_from: Vec::new(),
    }
}

#[tokio::test]
async fn what_was_not_known_yet_is_not_looked_at() {
    for t in support::databases().await {
        let id = t.account("Acme").await.id;
        let mut person = contact(&t, id);
        t.create(&person).await;
        // Talked to for half a year, then not for half a year, and again today.
        for talked in [true, true, true, true, true, true, false, false, false, false, false, true] {
            t.clock.advance(30 * DAY_MS);
            if talked {
                let touched = Contact { last_touch_at: Some(t.clock.now()), ..person.clone() };
                let mut tx = t.write(&t.csm).await;
                subjects::update(&mut tx, &person, &touched).await.unwrap();
                tx.commit().await.unwrap();
                let found = timeline::contacts(&mut t.read(&t.viewer).await, id).await.unwrap();
                person = found.into_iter().next().unwrap();
            }
        }
        let scale = Scale::curve(&[(0.0, 0.0), (1.0, 100.0)]);
        let touched = Measure::new("touched", "Touched", 1.0, keys::CONTACTS_TOUCHED_90D, scale);
        let groups = vec![Group { key: "g".into(), label: "G".into(), weight: 1.0, measures: vec![touched] }];
        let card = version(Scorecard { name: "Touched".into(), groups, ..Scorecard::default() });
        let told = replay(&t, &card, 12).await;
        let points: Vec<f64> = told[&id].said.iter().map(|said| said.score.unwrap().as_f64() / 100.0).collect();
        // A touch counts for less than 90 days.
        let expected = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0];
        assert_eq!(points, expected, "{t:?}");
        let first: Vec<Timestamp> = told[&id].said.iter().map(|said| said.at).collect();
        assert_eq!(first.len(), 13, "{t:?}");
    }
}
