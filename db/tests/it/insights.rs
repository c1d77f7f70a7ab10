//! Insights: how the portfolio moved and how it stood on any day, from stored scores and the log alone.

use db::{Error, accounts, health, identity, insights, subjects};
use domain::accounts::Account;
use domain::health::{Band, Points};
use domain::id::AccountId;
use domain::insights::{Dimension, InsightQuery, Peers, Place, Report, Which};
use domain::refusal::Refusal;
use domain::time::{DAY_MS, Timestamp};
use serde_json::{Value, json};

use crate::support::{self, NOW, TestDb};

async fn with(t: &TestDb, name: &str, adoption: f64, arr: i64) -> AccountId {
    let account = t.account_with(name, |account| {
        account.adoption_pct = Some(adoption);
        account.tier = Some("pro".to_owned());
        account.arr_minor = Some(arr);
    });
    account.await.id
}

async fn edit(t: &TestDb, id: AccountId, key: &str, value: Value) {
    let mut tx = t.write(&t.csm).await;
    let version = accounts::get(&mut tx, id).await.unwrap().version;
    accounts::edit(&mut tx, id, version, key, value).await.unwrap();
    tx.commit().await.unwrap();
}

async fn scored(t: &TestDb) {
    health::catch_up(&t.db, t.workspace).await.unwrap();
}

/// Puts a card into force by which a score is the adoption.
async fn adoption_counts(t: &TestDb) {
    let mut card = crate::cards::card(0.0);
    card.groups[0].measures[0].scale = domain::health::Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]);
    let mut tx = t.write(&t.manager).await;
    let known = health::published(&mut tx).await.unwrap()[0].scorecard;
    crate::cards::put_into_force(&mut tx, Some(known), card).await;
    tx.commit().await.unwrap();
}

async fn report(t: &TestDb, query: &InsightQuery) -> Report {
    insights::report(&mut t.read(&t.viewer).await, query).await.unwrap()
}

async fn names(t: &TestDb, query: &InsightQuery, which: Which) -> Vec<String> {
    let behind = insights::behind(&mut t.read(&t.viewer).await, query, &which).await.unwrap();
    assert_eq!(behind.total as usize, behind.rows.len());
    let mut names: Vec<String> = behind.rows.into_iter().map(|row| row.name).collect();
    names.sort();
    names
}

fn since(from: Timestamp) -> InsightQuery {
    InsightQuery { from, ..InsightQuery::default() }
}

fn cell(report: &Report, from: Place, to: Place) -> (u32, i64) {
    let cell = report.movement.cells.iter().find(|cell| (cell.from, cell.to) == (from, to));
    cell.map_or((0, 0), |cell| (cell.accounts, cell.value.iter().map(|money| money.minor).sum()))
}

const HEALTHY: Place = Place::Band(Band::Healthy);
const CRITICAL: Place = Place::Band(Band::Critical);

/// Three accounts, and what happens to them on four days.
async fn story(t: &TestDb) -> [AccountId; 3] {
    adoption_counts(t).await;
    let (acme, blue) = (with(t, "Acme", 90.0, 10_000).await, with(t, "Blue", 90.0, 20_000).await);
    let gone = with(t, "Gone", 40.0, 30_000).await;
    scored(t).await;
    t.clock.advance(2 * DAY_MS);
    edit(t, acme, "adoption_pct", json!(10.0)).await;
    edit(t, acme, "arr_minor", json!(70_000)).await;
    scored(t).await;
    t.clock.advance(2 * DAY_MS);
    let mut tx = t.write(&t.csm).await;
    let account: Account = subjects::get(&mut tx, gone.0).await.unwrap();
    subjects::remove(&mut tx, &account).await.unwrap();
    tx.commit().await.unwrap();
    with(t, "New", 90.0, 5_000).await;
    edit(t, blue, "tier", json!("enterprise")).await;
    edit(t, blue, "name", json!("Blue Heron")).await;
    scored(t).await;
    t.clock.advance(DAY_MS);
    [acme, blue, gone]
}

#[tokio::test]
async fn who_went_where_is_told_with_what_they_pay() {
    for t in support::databases().await {
        let [acme, ..] = story(&t).await;
        let report = report(&t, &since(NOW.plus_days(1))).await;
        assert_eq!(cell(&report, HEALTHY, CRITICAL), (1, 70_000), "{t:?}: {report:?}");
        assert_eq!(cell(&report, HEALTHY, HEALTHY), (1, 20_000), "{t:?}");
        assert_eq!(cell(&report, Place::Unscored, Place::Absent), (1, 30_000), "{t:?}: what it paid");
        assert_eq!(cell(&report, Place::Absent, HEALTHY), (1, 5_000), "{t:?}");
        let moved = &report.movement.fallers[0];
        assert_eq!((moved.account, moved.delta()), (acme, Some(Points::from_f64(-80.0))), "{t:?}");
        let [(driven, cause)] = report.drivers.as_slice() else { panic!("{t:?}: {:?}", report.drivers) };
        assert_eq!((*driven, cause.label.as_str(), cause.delta), (acme, "Adoption", Points::from_f64(-80.0)), "{t:?}");
        let query = since(NOW.plus_days(1));
        assert_eq!(names(&t, &query, Which::Fell).await, ["Acme"], "{t:?}");
        assert_eq!(names(&t, &query, Which::Left).await, ["Gone"], "{t:?}");
        assert_eq!(names(&t, &query, Which::Came).await, ["New"], "{t:?}");
        assert_eq!(names(&t, &query, Which::All).await, ["Acme", "Blue Heron", "New"], "{t:?}");
    }
}

#[tokio::test]
async fn the_portfolio_of_a_day_is_told_from_that_day() {
    for t in support::databases().await {
        story(&t).await;
        let query = InsightQuery { at: Some(NOW.plus_days(1)), by: Dimension::Tier, ..since(NOW.plus_days(-1)) };
        let first = report(&t, &query).await;
        // Of what was removed the log keeps the document, but no scores are kept.
        let bands: Vec<(Option<Band>, u32, i64)> = first
            .bands
            .iter()
            .map(|total| (total.band, total.accounts, total.value.iter().map(|money| money.minor).sum()))
            .collect();
        let expected = [
            (Some(Band::Healthy), 2, 30_000),
            (Some(Band::Watch), 0, 0),
            (Some(Band::AtRisk), 0, 0),
            (Some(Band::Critical), 0, 0),
            (None, 1, 30_000),
        ];
        assert_eq!(bands, expected, "{t:?}: neither the later scores nor the later revenue");
        assert_eq!(names(&t, &query, Which::All).await, ["Acme", "Blue", "Gone"], "{t:?}: the name of then");
        assert_eq!(names(&t, &query, Which::Group(Some("pro".to_owned()))).await, ["Acme", "Blue", "Gone"], "{t:?}");
        // Told a day later and after more changes, the past is the same.
        t.clock.advance(DAY_MS);
        with(&t, "Later", 20.0, 100).await;
        scored(&t).await;
        let again = report(&t, &query).await;
        assert_eq!(Report { seq: 0, ..again }, Report { seq: 0, ..first }, "{t:?}");
        let before = InsightQuery { at: Some(NOW.plus_days(-1)), ..since(NOW.plus_days(-2)) };
        assert_eq!(report(&t, &before).await.everybody.accounts, 0, "{t:?}: nothing was there");
    }
}

#[tokio::test]
async fn a_filter_chooses_by_what_accounts_were_on_the_day_that_is_shown() {
    for t in support::databases().await {
        story(&t).await;
        let filtered = |filter: &str, at: Option<Timestamp>| InsightQuery {
            filter: filter.to_owned(),
            at,
            ..since(NOW.plus_days(-1))
        };
        let then = Some(NOW.plus_days(1));
        for (filter, at, expected) in [
            ("tier = enterprise", None, vec!["Blue Heron"]),
            ("tier = enterprise", then, vec![]),
            ("name = Blue", then, vec!["Blue"]),
            ("band = critical", None, vec!["Acme"]),
            ("band = critical", then, vec![]),
            ("score >= 80 and arr < 150", then, vec!["Acme"]),
            ("not (tier = pro)", None, vec!["Blue Heron"]),
        ] {
            assert_eq!(names(&t, &filtered(filter, at), Which::All).await, expected, "{t:?}: {filter} {at:?}");
        }
        let left = InsightQuery { filter: "tier = pro".to_owned(), ..since(NOW.plus_days(1)) };
        assert_eq!(names(&t, &left, Which::Left).await, ["Gone"], "{t:?}: who left counts as what it was");
        let error = insights::report(&mut t.read(&t.viewer).await, &filtered("trend_7d < -5", then)).await;
        assert!(matches!(error, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {error:?}");
        let backwards = InsightQuery { at: then, ..since(NOW.plus_days(2)) };
        let error = insights::report(&mut t.read(&t.viewer).await, &backwards).await;
        assert!(matches!(error, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {error:?}");
    }
}

#[tokio::test]
async fn every_day_adds_up_to_what_single_accounts_say_of_their_past() {
    for t in support::databases().await {
        story(&t).await;
        for day in 0..6 {
            let at = NOW.plus_days(day);
            if at >= t.clock.now() {
                continue;
            }
            let query = InsightQuery { at: Some(at), ..since(NOW.plus_days(-1)) };
            let rows = insights::behind(&mut t.read(&t.viewer).await, &query, &Which::All).await.unwrap().rows;
            for row in rows {
                let mut tx = t.read(&t.viewer).await;
                let account = db::past::account_as_of(&mut tx, row.account, at).await.unwrap().unwrap();
                let stored = health::evaluation_at(&mut tx, row.account, at).await.unwrap();
                let (score, band) =
                    stored.map_or((None, None), |stored| (stored.evaluation.score, stored.evaluation.band));
                // With an account go its scores, so that who was deleted has none on any day.
                let is_gone = row.name == "Gone";
                let (score, band) = if is_gone { (None, None) } else { (score, band) };
                let told = (row.name, row.annual, row.to.1, row.to.0);
                let place = band.map_or(Place::Unscored, Place::Band);
                assert_eq!(told, (account.name.clone(), account.annual(), score, place), "{t:?}: {day}");
            }
        }
    }
}

#[tokio::test]
async fn teams_stand_beside_each_other_as_their_people_are_now() {
    for t in support::databases().await {
        let (sam, maya) = (t.csm.user.unwrap(), t.manager.user.unwrap());
        for (name, owner) in [("Acme", Some(sam)), ("Blue", Some(maya)), ("Cedar", Some(maya)), ("Nobody's", None)] {
            t.account_with(name, |account| account.owner_id = owner).await;
        }
        let team = async |person, team: &str| {
            let mut tx = t.write(&t.admin).await;
            identity::set_team(&mut tx, person, team).await.unwrap();
            tx.commit().await.unwrap();
        };
        let teams = async || {
            let report = report(&t, &since(NOW.plus_days(-1))).await;
            let teams = report.teams.into_iter().map(|(team, average)| (team.unwrap_or_default(), average.accounts));
            teams.collect::<Vec<_>>()
        };
        assert_eq!(teams().await, [(String::new(), 4)], "{t:?}");
        team(sam, " North ").await;
        team(maya, "South").await;
        let expected = [("South".to_owned(), 2), (String::new(), 1), ("North".to_owned(), 1)];
        assert_eq!(teams().await, expected, "{t:?}: those with most accounts first");
        let south = Which::Team(Some("South".to_owned()));
        assert_eq!(names(&t, &since(NOW.plus_days(-1)), south).await, ["Blue", "Cedar"], "{t:?}");
        assert_eq!(names(&t, &since(NOW.plus_days(-1)), Which::Team(None)).await, ["Nobody's"], "{t:?}");
        team(maya, "North").await;
        assert_eq!(teams().await, [("North".to_owned(), 3), (String::new(), 1)], "{t:?}");
    }
}

#[tokio::test]
async fn an_account_stands_among_its_peers() {
    for t in support::databases().await {
        adoption_counts(&t).await;
        let mut ids = Vec::new();
        for number in 0..6 {
            ids.push(with(&t, &format!("Account {number}"), f64::from(number) * 10.0, 1).await);
        }
        t.account_with("Nameless", |account| account.adoption_pct = Some(99.0)).await;
        edit(&t, ids[0], "category", json!("Florists")).await;
        scored(&t).await;
        let mut tx = t.read(&t.viewer).await;
        let peers = insights::peers(&mut tx, ids[4]).await.unwrap();
        let pro = |below| Peers { by: Dimension::Tier, name: "pro".to_owned(), accounts: 6, below };
        assert_eq!(peers, [pro(4)], "{t:?}");
        assert_eq!(peers[0].better_than_pct(), Some(80), "{t:?}");
        let florists = Peers { by: Dimension::Category, name: "Florists".to_owned(), accounts: 1, below: 0 };
        assert_eq!(insights::peers(&mut tx, ids[0]).await.unwrap(), [pro(0), florists], "{t:?}");
    }
}

#[tokio::test]
async fn what_drives_a_score_names_its_card() {
    for t in support::databases().await {
        let [acme, ..] = story(&t).await;
        let mut tx = t.read(&t.viewer).await;
        let now = insights::score_drivers(&mut tx, acme, None).await.unwrap().unwrap();
        assert_eq!((now.score, now.band), (Some(Points::from_f64(10.0)), Some(Band::Critical)), "{t:?}");
        assert_eq!(now.down[0].delta, Points::from_f64(-40.0), "{t:?}");
        assert_eq!(now.card, "Everyone 0", "{t:?}");
        let then = insights::score_drivers(&mut tx, acme, Some(NOW.plus_days(1))).await.unwrap().unwrap();
        assert_eq!((then.up[0].delta, then.down.len()), (Points::from_f64(40.0), 0), "{t:?}");
        let nobody = insights::score_drivers(&mut tx, AccountId(uuid::Uuid::nil()), None).await.unwrap();
        assert_eq!(nobody, None, "{t:?}");
    }
}

#[tokio::test]
async fn the_past_of_all_accounts_is_read_from_indexes() {
    for t in support::databases().await.iter().filter(|t| !t.db.is_postgres()) {
        let w = format!("x'{}'", t.workspace.0.simple());
        let score = "SELECT s.score FROM scores AS s WHERE s.workspace_id = a.workspace_id AND s.account_id = a.id AND s.at <= 1 \
                     ORDER BY s.at DESC LIMIT 1";
        for (index, sql) in [
            (
                "COVERING INDEX scores_moment",
                format!("SELECT a.id, ({score}) FROM accounts AS a WHERE a.workspace_id = {w}"),
            ),
            (
                "INDEX changes_accounts (workspace_id=? AND at>?)",
                format!(
                    "SELECT seq, data FROM changes WHERE workspace_id = {w} AND subject = 'accounts' \
                     AND change <> 'scored' AND at > 1"
                ),
            ),
        ] {
            let plan = t.plan(&sql).await;
            assert!(plan.iter().any(|step| step.contains(index)), "{sql}: {plan:#?}");
        }
    }
}
