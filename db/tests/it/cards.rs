//! Scorecards: drafts, versions, and that every account is scored with what was put into force.

use db::{Error, Tx, accounts, health, log};
use domain::changes::Change;
use domain::fields::Subject;
use domain::health::{CardHead, CardState, Group, HealthSummary, Measure, Scale, Scorecard};
use domain::id::{AccountId, ScorecardId};
use domain::refusal::Refusal;

use crate::support::{self, TestDb};

/// Returns a card that gives every account with a known adoption this many points.
pub fn card(points: f64) -> Scorecard {
    let measure = Measure::new("adoption", "Adoption", 1.0, "adoption_pct", Scale::curve(&[(0.0, points)]));
    let group = Group { key: "use".into(), label: "Use".into(), weight: 1.0, measures: vec![measure] };
    Scorecard { name: format!("Everyone {points}"), groups: vec![group], ..Scorecard::default() }
}

/// Saves a draft and publishes it; returns its scorecard.
pub async fn put_into_force(tx: &mut Tx, id: Option<ScorecardId>, card: Scorecard) -> ScorecardId {
    let draft = health::save_draft(tx, id, None, card).await.unwrap();
    health::publish(tx, draft.scorecard, draft.version, " Because. ".into()).await.unwrap();
    draft.scorecard
}

async fn adopted(t: &TestDb, name: &str) -> AccountId {
    t.account_with(name, |account| account.adoption_pct = Some(50.0)).await.id
}

async fn summary(t: &TestDb, id: AccountId) -> HealthSummary {
    accounts::row(&mut t.read(&t.viewer).await, id).await.unwrap().health.unwrap()
}

async fn catch_up(t: &TestDb) -> u32 {
    health::catch_up(&t.db, t.workspace).await.unwrap().evaluated
}

async fn heads(t: &TestDb) -> Vec<CardHead> {
    health::cards(&mut t.read(&t.viewer).await).await.unwrap()
}

async fn only_card(t: &TestDb) -> ScorecardId {
    heads(t).await[0].scorecard
}

fn is_conflict<T>(answer: Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Refused(Refusal::Conflict(_))))
}

#[tokio::test]
async fn a_draft_scores_nothing_until_it_is_published_and_then_everything() {
    for t in support::databases().await {
        let (a, b) = (adopted(&t, "A").await, adopted(&t, "B").await);
        catch_up(&t).await;
        let (id, before) = (only_card(&t).await, summary(&t, a).await);
        let mut tx = t.write(&t.manager).await;
        let draft = health::save_draft(&mut tx, Some(id), None, card(20.0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(catch_up(&t).await, 0, "{t:?}: a draft scores nothing");
        let head = &heads(&t).await[0];
        assert_eq!((head.draft, head.shadow, head.live), (Some(draft.version), None, Some(before.version)), "{t:?}");
        let mut tx = t.write(&t.manager).await;
        health::publish(&mut tx, id, draft.version, "Less for all.".into()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(catch_up(&t).await, 2, "{t:?}: publishing scores every account");
        for account in [a, b] {
            let now = summary(&t, account).await;
            assert_eq!((now.score.as_f64(), now.version), (20.0, draft.version), "{t:?}");
        }
        assert_eq!(catch_up(&t).await, 0, "{t:?}: once");
        let head = &heads(&t).await[0];
        assert_eq!((head.draft, head.live, head.accounts), (None, Some(draft.version), 2), "{t:?}");
        adopted(&t, "C").await;
        let mut tx = t.write(&domain::identity::Actor::system(t.workspace)).await;
        assert!(!health::refit_default(&mut tx).await.unwrap(), "{t:?}: what a person published is left alone");
    }
}

#[tokio::test]
async fn two_people_who_edit_one_draft_notice_each_other() {
    for t in support::databases().await {
        let id = only_card(&t).await;
        let mut tx = t.write(&t.manager).await;
        let first = health::save_draft(&mut tx, Some(id), None, card(1.0)).await.unwrap();
        let second = health::save_draft(&mut tx, Some(id), Some(first.revision), card(2.0)).await.unwrap();
        assert_eq!((first.version, first.revision + 1), (second.version, second.revision), "{t:?}: one draft");
        assert_eq!(second.card, card(2.0), "{t:?}");
        for stale in [None, Some(first.revision), Some(99)] {
            assert!(is_conflict(health::save_draft(&mut tx, Some(id), stale, card(3.0)).await), "{t:?}: {stale:?}");
        }
        health::discard_draft(&mut tx, id).await.unwrap();
        assert!(is_conflict(health::discard_draft(&mut tx, id).await), "{t:?}");
        let gone = health::save_draft(&mut tx, Some(id), Some(second.revision), card(3.0)).await;
        assert!(is_conflict(gone), "{t:?}: discarded meanwhile");
        let next = health::save_draft(&mut tx, Some(id), None, card(3.0)).await.unwrap();
        assert_eq!((next.version, next.revision), (second.version + 1, second.revision + 1), "{t:?}: never again");
        let shown: Vec<u32> = health::versions(&mut tx, id).await.unwrap().iter().map(|head| head.version).collect();
        assert_eq!(shown, [next.version, 1], "{t:?}: what was discarded is not shown");
    }
}

#[tokio::test]
async fn rolling_back_puts_a_copy_into_force_and_says_so() {
    for t in support::databases().await {
        let id = only_card(&t).await;
        let mut tx = t.write(&t.manager).await;
        put_into_force(&mut tx, Some(id), card(20.0)).await;
        put_into_force(&mut tx, Some(id), card(80.0)).await;
        assert!(is_conflict(health::roll_back(&mut tx, id, 3).await), "{t:?}: in force already");
        assert!(health::roll_back(&mut tx, id, 9).await.is_err(), "{t:?}: never was");
        health::roll_back(&mut tx, id, 2).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = t.read(&t.viewer).await;
        let versions = health::versions(&mut tx, id).await.unwrap();
        let told: Vec<_> = versions.iter().map(|head| (head.version, head.state, head.note.as_str())).collect();
        let expected = [
            (4, CardState::Published, "Back to version 2."),
            (3, CardState::Retired, "Because."),
            (2, CardState::Retired, "Because."),
            (1, CardState::Retired, ""),
        ];
        assert_eq!(told, expected, "{t:?}");
        assert_eq!(health::version(&mut tx, id, 4).await.unwrap().unwrap().card, card(20.0), "{t:?}");
        let entries = log::after(&mut tx, 0, 1_000).await.unwrap();
        let lines = entries.iter().filter(|entry| entry.subject == Subject::Scorecard && entry.actor.is_some()).count();
        assert_eq!(lines, 5, "{t:?}: two drafts, two publications, one way back");
    }
}

#[tokio::test]
async fn an_unfinished_card_is_kept_as_a_draft_and_not_published() {
    for t in support::databases().await {
        let mut tx = t.write(&t.manager).await;
        let unfinished = Scorecard { applies_to: "teir = pro".into(), ..Scorecard::default() };
        let draft = health::save_draft(&mut tx, None, None, unfinished).await.unwrap();
        let answer = health::publish(&mut tx, draft.scorecard, draft.version, String::new()).await;
        let Err(Error::Refused(Refusal::Invalid(errors))) = answer else { panic!("{t:?}: {answer:?}") };
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "groups", "applies_to"], "{t:?}");
        let broken = health::save_draft(&mut tx, None, None, card(f64::NAN)).await;
        assert!(matches!(broken, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {broken:?}");
        let mut crowd = card(1.0);
        crowd.groups[0].measures = vec![crowd.groups[0].measures[0].clone(); 201];
        let answers = [
            health::save_draft(&mut tx, None, None, crowd.clone()).await.map(|_| ()),
            health::columns(&mut tx, None, &crowd, 9).await.map(|_| ()),
            health::preview_on_server(&mut tx, None, &crowd).await.map(|_| ()),
        ];
        assert!(answers.iter().all(Result::is_err), "{t:?}: {answers:?}");
        let long = health::publish(&mut tx, draft.scorecard, draft.version, "x".repeat(1_001)).await;
        assert!(long.is_err(), "{t:?}");
    }
}

#[tokio::test]
async fn the_card_with_the_highest_priority_wins_until_it_is_retired() {
    for t in support::databases().await {
        let account = adopted(&t, "A").await;
        let everyone = only_card(&t).await;
        let mut tx = t.write(&t.manager).await;
        put_into_force(&mut tx, Some(everyone), card(20.0)).await;
        assert!(is_conflict(health::retire(&mut tx, everyone).await), "{t:?}: the only one stays");
        let special = put_into_force(&mut tx, None, Scorecard { priority: 5, ..card(90.0) }).await;
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(summary(&t, account).await.scorecard, special, "{t:?}");
        let order: Vec<_> = heads(&t).await.iter().map(|head| (head.scorecard, head.accounts)).collect();
        assert_eq!(order, [(special, 1), (everyone, 0)], "{t:?}");
        let mut tx = t.write(&t.manager).await;
        health::retire(&mut tx, special).await.unwrap();
        assert!(is_conflict(health::retire(&mut tx, special).await), "{t:?}");
        tx.commit().await.unwrap();
        assert_eq!(catch_up(&t).await, 1, "{t:?}");
        assert_eq!(summary(&t, account).await.scorecard, everyone, "{t:?}");
        let heads = heads(&t).await;
        assert_eq!((heads[1].scorecard, heads[1].live, heads[1].versions), (special, None, 1), "{t:?}: still listed");
        let mut tx = t.write(&t.manager).await;
        health::roll_back(&mut tx, special, 1).await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(summary(&t, account).await.scorecard, special, "{t:?}: back in force");
    }
}

#[tokio::test]
async fn a_draft_in_the_shadow_changes_no_score_and_is_not_edited() {
    for t in support::databases().await {
        let account = adopted(&t, "A").await;
        catch_up(&t).await;
        let (id, before) = (only_card(&t).await, summary(&t, account).await);
        let mut tx = t.write(&t.manager).await;
        let draft = health::save_draft(&mut tx, Some(id), None, card(20.0)).await.unwrap();
        health::shadow(&mut tx, id, draft.version, true).await.unwrap();
        let answer = health::save_draft(&mut tx, Some(id), Some(draft.revision), card(30.0)).await;
        assert!(is_conflict(answer), "{t:?}");
        let live = health::shadow(&mut tx, id, before.version, true).await;
        assert!(is_conflict(live), "{t:?}: in force already");
        tx.commit().await.unwrap();
        assert_eq!(catch_up(&t).await, 0, "{t:?}");
        assert_eq!(summary(&t, account).await, before, "{t:?}");
        let head = &heads(&t).await[0];
        assert_eq!((head.draft, head.shadow), (Some(draft.version), Some(draft.version)), "{t:?}");
        let mut tx = t.write(&t.manager).await;
        health::shadow(&mut tx, id, draft.version, false).await.unwrap();
        health::save_draft(&mut tx, Some(id), Some(draft.revision), card(30.0)).await.unwrap();
        let moves = log::of_account(&mut tx, account, i64::MAX, 50).await.unwrap();
        assert_eq!(moves.iter().filter(|entry| entry.change == Change::Scored).count(), 1, "{t:?}");
    }
}

#[tokio::test]
async fn the_shadow_follows_what_happens_and_is_forgotten_when_it_ends() {
    for t in support::databases().await {
        let (a, _) = (adopted(&t, "A").await, adopted(&t, "B").await);
        catch_up(&t).await;
        let id = only_card(&t).await;
        let mut tx = t.write(&t.manager).await;
        assert_eq!(health::shadow_report(&mut tx, id).await.unwrap(), None, "{t:?}");
        let mut draft = card(20.0);
        draft.groups[0].measures[0].scale = Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]);
        let draft = health::save_draft(&mut tx, Some(id), None, draft).await.unwrap();
        health::shadow(&mut tx, id, draft.version, true).await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        let report = async || health::shadow_report(&mut t.read(&t.manager).await, id).await.unwrap().unwrap();
        let first = report().await;
        assert_eq!((first.version, first.accounts, first.since), (draft.version, 2, t.clock.now()), "{t:?}");
        let refused = health::shadow_report(&mut t.read(&t.csm).await, id).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Forbidden))), "{t:?}: managers alone see it");
        t.clock.advance(60_000);
        let mut tx = t.write(&t.csm).await;
        let version = accounts::get(&mut tx, a).await.unwrap().version;
        accounts::edit(&mut tx, a, version, "adoption_pct", serde_json::json!(1.0)).await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        let second = report().await;
        assert_eq!((second.accounts, second.last), (2, Some(t.clock.now())), "{t:?}");
        assert_eq!(second.moves.iter().map(|from| from[3].accounts).sum::<u32>(), 1, "{t:?}: one point is critical");
        let kept = t.texts("SELECT band FROM shadow_scores ORDER BY score").await;
        assert_eq!(kept, ["critical", "at_risk"], "{t:?}");
        let mut tx = t.write(&t.manager).await;
        health::publish(&mut tx, id, draft.version, String::new()).await.unwrap();
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(t.texts("SELECT band FROM shadow_scores").await, [""; 0], "{t:?}");
        assert_eq!(summary(&t, a).await.score.as_f64(), 1.0, "{t:?}: as the shadow said");
    }
}

#[tokio::test]
async fn a_preview_says_what_publishing_then_does() {
    for t in support::databases().await {
        for (name, adoption) in [("A", 10.0), ("B", 40.5), ("C", 99.0)] {
            t.account_with(name, |account| {
                account.adoption_pct = Some(adoption);
                account.arr_minor = Some(100_000);
                account.tier = Some(if name == "C" { "Enterprise" } else { "Pro" }.into());
            })
            .await;
        }
        t.account("Unknown").await;
        catch_up(&t).await;
        let id = only_card(&t).await;
        let mut draft = card(0.0);
        draft.groups[0].measures[0].scale = Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]);
        let mut tx = t.write(&t.manager).await;
        let columns = health::columns(&mut tx, Some(id), &draft, 10_000).await.unwrap();
        assert_eq!((columns.ids.len(), columns.more), (4, false), "{t:?}");
        let preview = domain::health::preview(&columns, &draft, t.clock.now());
        assert_eq!(preview, health::preview_on_server(&mut tx, Some(id), &draft).await.unwrap(), "{t:?}");
        let few = health::columns(&mut tx, Some(id), &draft, 2).await.unwrap();
        assert_eq!((few.ids.len(), few.more), (2, true), "{t:?}");
        let narrow = Scorecard { applies_to: "tier = Enterprise".into(), ..draft.clone() };
        let narrow = health::columns(&mut tx, Some(id), &narrow, 10_000).await.unwrap();
        assert_eq!(narrow.names, ["C"], "{t:?}");
        let beaten = health::columns(&mut tx, None, &draft, 10_000).await.unwrap();
        assert_eq!(beaten.ids.len(), 0, "{t:?}: a new card without priority wins over nothing");
        put_into_force(&mut tx, Some(id), draft).await;
        tx.commit().await.unwrap();
        catch_up(&t).await;
        let mut tx = t.read(&t.viewer).await;
        let mut sum = 0;
        for mover in &preview.movers {
            let health = accounts::row(&mut tx, mover.account).await.unwrap().health.unwrap();
            assert_eq!((health.score, Some(health.band)), (mover.after, mover.band_after), "{t:?}: {}", mover.name);
        }
        for account in &columns.ids {
            sum += accounts::row(&mut tx, *account).await.unwrap().health.map_or(0, |health| health.score.0);
        }
        assert_eq!(sum, preview.sum_after.0, "{t:?}");
        assert_eq!(preview.scored_after, 3, "{t:?}");
    }
}
