use std::time::Instant;

use crate::health::*;
use crate::time::Timestamp;

/// Scores a portfolio and prints how long it took; run it with `--release -- --ignored --nocapture`.
#[test]
#[ignore = "measures time, and only an optimised build says anything"]
fn a_large_portfolio_is_scored_within_a_second() {
    const ACCOUNTS: u32 = 100_000;
    let now = Timestamp::from_date("2026-11-21".parse().unwrap());
    let available = STANDARD_FACTS.iter().map(|fact| AvailableFact {
        key: fact.key.into(),
        kind: FactKind::Number,
        label: fact.label.into(),
        quantiles: None,
        choices: vec![],
        share_present: 1.0,
    });
    let mut card = default_scorecard(&available.collect::<Vec<_>>());
    for group in &mut card.groups {
        group.measures.truncate(2);
    }
    assert_eq!(card.groups.iter().map(|group| group.measures.len()).sum::<usize>(), 12);
    let portfolio: Vec<Facts> = (0..100)
        .map(|account| {
            let mut facts = Facts::default();
            for (place, fact) in STANDARD_FACTS.iter().enumerate() {
                facts.observe(fact.key, now.plus_days(-3), f64::from((account * 31 + place as u32 * 17) % 100));
            }
            facts
        })
        .collect();
    let start = Instant::now();
    let mut sum = Points::ZERO;
    for account in 0..ACCOUNTS {
        let evaluation = evaluate(&card, &portfolio[account as usize % portfolio.len()], &Context::at(now));
        sum += evaluation.score.unwrap();
    }
    let took = start.elapsed();
    println!("{ACCOUNTS} accounts x 12 measures in {took:?}, mean {}", sum.as_f64() / f64::from(ACCOUNTS));
    assert!(took.as_secs_f64() < 1.0, "{took:?}");
}
