//! Seasons: learned from the workspace's own usage, and no reason to mark anybody down.

use db::health;
use db::seeds::{Options, Plot, Story, Volume, portfolio};
use domain::health::{Context, Evaluation, Points, Scorecard, evaluate, preview};
use domain::id::AccountId;
use serde_json::json;

use super::{catch_up, edit};
use crate::support::{self, NOW, TestDb};

const CATEGORY: &str = "weddings & events";

fn stories() -> Vec<Story> {
    let options = Options { seed: 7, accounts: 150, now: NOW, owners: Vec::new(), volume: Volume::Full };
    let fits =
        |story: &Story| story.account.archived_at.is_none() && story.account.category.as_deref() == Some(CATEGORY);
    portfolio(options).filter(fits).take(16).collect()
}

async fn write(t: &TestDb, stories: &[Story]) {
    for story in stories {
        let mut account = story.account.clone();
        account.parent_id = None;
        t.create(&account).await;
        let mut tx = t.write(&t.csm).await;
        db::usage::set(&mut tx, &story.usage).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn stored(t: &TestDb, id: AccountId) -> Evaluation {
    let mut tx = t.read(&t.viewer).await;
    health::evaluation_at(&mut tx, id, t.clock.now()).await.unwrap().unwrap().evaluation
}

fn usage_points(evaluation: &Evaluation) -> Points {
    evaluation.measures().find(|measure| measure.key == "usage_28d").unwrap().points.unwrap()
}

#[tokio::test]
async fn november_is_no_reason_to_mark_a_wedding_business_down() {
    let stories = stories();
    let heron = stories.iter().find(|story| story.account.name == "Blue Heron Weddings").unwrap();
    assert_eq!(heron.plot, Plot::Seasonal);
    for t in support::databases().await {
        write(&t, &stories).await;
        catch_up(&t).await;
        let id = heron.account.id;
        let with = stored(&t, id).await;
        let mut tx = t.read(&t.viewer).await;
        let facts = health::gather(&mut tx, &[id]).await.unwrap().remove(0).record.facts(NOW);
        let card = health::published(&mut tx).await.unwrap().remove(0).card;
        drop(tx);
        let without = evaluate(&card, &facts, &Context::at(NOW));
        let (with_points, without_points) = (usage_points(&with), usage_points(&without));
        assert!(without_points < Points::from_f64(40.0), "{t:?}: quiet in November: {without_points}");
        assert!(with_points > Points::from_f64(65.0), "{t:?}: as quiet as every November: {with_points}");
        assert!(with.score > without.score, "{t:?}");
        assert_eq!(t.texts("SELECT category FROM seasons").await, [CATEGORY], "{t:?}");
        // In another line of business nobody has a season.
        t.clock.advance(1_000);
        edit(&t, id, "category", json!("software")).await;
        catch_up(&t).await;
        assert_eq!(usage_points(&stored(&t, id).await), without_points, "{t:?}");
    }
}

#[tokio::test]
async fn a_season_that_is_gone_is_forgotten_and_the_accounts_are_scored_without_it() {
    let stories = stories();
    for t in support::databases().await {
        write(&t, &stories).await;
        catch_up(&t).await;
        let id = stories.iter().find(|story| story.account.name == "Blue Heron Weddings").unwrap().account.id;
        let with = usage_points(&stored(&t, id).await);
        t.clock.advance(1_000);
        for story in stories.iter().filter(|story| story.account.id != id).skip(1) {
            edit(&t, story.account.id, "category", json!("software")).await;
        }
        catch_up(&t).await;
        let left = t.texts("SELECT category FROM seasons").await;
        assert!(!left.contains(&CATEGORY.to_owned()), "{t:?}: two accounts are too few: {left:?}");
        assert!(usage_points(&stored(&t, id).await) < with, "{t:?}: it was not touched, and yet scored anew");
    }
}

/// What is stored: the sum of all scores, and how many accounts are in each band, best first.
async fn stored_totals(t: &TestDb, stories: &[Story]) -> (Points, [u32; 4]) {
    let (mut sum, mut bands) = (Points::default(), [0; 4]);
    for story in stories {
        let health = super::summary(t, story.account.id).await;
        sum += health.score;
        bands[usize::from(health.band.order())] += 1;
    }
    (sum, bands)
}

#[tokio::test]
async fn a_preview_says_what_the_server_will_write_and_an_unchanged_draft_changes_nothing() {
    let stories = stories();
    for t in support::databases().await {
        write(&t, &stories).await;
        catch_up(&t).await;
        let before = stored_totals(&t, &stories).await;
        // Some hours make values older, by less than is worth a line in the log.
        t.clock.advance(9 * 3_600_000);
        let mut tx = t.read(&t.viewer).await;
        let live = health::published(&mut tx).await.unwrap().remove(0);
        assert!(live.card.groups.iter().flat_map(|group| &group.measures).any(|measure| measure.season), "{t:?}");
        let effect = async |tx: &mut db::Tx, card: &Scorecard| {
            let columns = health::columns(tx, Some(live.scorecard), card, 10_000).await.unwrap();
            let here = preview(&columns, card, columns.at);
            assert_eq!(here, health::preview_on_server(tx, Some(live.scorecard), card).await.unwrap(), "{t:?}");
            here
        };
        let unchanged = effect(&mut tx, &live.card).await;
        assert_eq!((unchanged.changed, unchanged.accounts as usize), (0, stories.len()), "{t:?}");
        assert_ne!(unchanged.sum_before, before.0, "{t:?}: although what is stored is some hours old");
        let mut card = live.card.clone();
        let weights: Vec<f64> = card.groups.iter().map(|group| group.weight).collect();
        card.groups.iter_mut().zip(weights.iter().rev()).for_each(|(group, weight)| group.weight = *weight);
        let changed = effect(&mut tx, &card).await;
        assert!(changed.changed > 0, "{t:?}");
        drop(tx);
        let mut tx = t.write(&t.manager).await;
        crate::cards::put_into_force(&mut tx, Some(live.scorecard), card).await;
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert_eq!(stored_totals(&t, &stories).await, (changed.sum_after, changed.by_band_after), "{t:?}");
    }
}
