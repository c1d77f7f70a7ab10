//! Which accounts a scorecard would score.

use db::health;
use domain::health::{Reach, Rival, Scorecard};

use crate::cards::{card, put_into_force};
use crate::support;

#[tokio::test]
async fn a_card_reaches_what_its_filter_matches_and_no_stronger_card_takes() {
    for t in support::databases().await {
        for (name, tier) in [("Acme", "pro"), ("Birch", "pro"), ("Cedar", "free")] {
            t.account_with(name, |account| account.tier = Some(tier.to_owned())).await;
        }
        let mut tx = t.write(&t.manager).await;
        let own = health::published(&mut tx).await.unwrap()[0].scorecard;
        let strong = Scorecard { name: "Pro".into(), applies_to: "tier = pro".into(), priority: 5, ..card(40.0) };
        put_into_force(&mut tx, None, strong).await;
        let rival = |priority, shared, wins, name: &str| Rival { name: name.into(), priority, shared, wins };
        let reach = health::reach(&mut tx, Some(own), "", 0).await.unwrap();
        assert_eq!(reach, Reach { matching: 3, scored: 1, rivals: vec![rival(5, 2, true, "Pro")] }, "{t:?}");
        let reach = health::reach(&mut tx, Some(own), "tier = pro", 9).await.unwrap();
        assert_eq!(reach, Reach { matching: 2, scored: 2, rivals: vec![rival(5, 2, false, "Pro")] }, "{t:?}");
        let reach = health::reach(&mut tx, Some(own), "tier = free", 0).await.unwrap();
        assert_eq!(reach, Reach { matching: 1, scored: 1, rivals: vec![] }, "{t:?}");
        let reach = health::reach(&mut tx, None, "", -1).await.unwrap();
        assert_eq!(
            (reach.matching, reach.scored, reach.rivals.len()),
            (3, 0, 2),
            "{t:?}: the card for all is stronger"
        );
        assert!(health::reach(&mut tx, Some(own), "tier = ", 0).await.is_err(), "{t:?}");
    }
}

#[tokio::test]
async fn facts_are_those_that_accounts_have_and_then_the_standard_ones() {
    for t in support::databases().await {
        t.account_with("Acme", |account| account.adoption_pct = Some(40.0)).await;
        let mut tx = t.read(&t.viewer).await;
        let facts = health::facts(&mut tx).await.unwrap();
        let share = |key: &str| facts.iter().find(|fact| fact.key == key).map(|fact| fact.share_present);
        assert_eq!(share("adoption_pct"), Some(1.0), "{t:?}");
        assert_eq!(share("nps"), Some(0.0), "{t:?}");
        assert_eq!(facts.iter().filter(|fact| fact.key == "adoption_pct").count(), 1, "{t:?}");
    }
}
