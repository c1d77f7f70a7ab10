//! Scoring beside a bare loop over the same numbers.

use std::hint::black_box;
use std::time::Instant;

use domain::health::{
    AccountFacts, Band, Bands, Context, Facts, Group, Measure, Mode, NullPolicy, Points, PortfolioColumns, Scale,
    Scorecard, Source, evaluate, preview,
};
use domain::id::AccountId;
use domain::time::Timestamp;

use super::{Figure, median};

const ACCOUNTS: usize = 100_000;
const MEASURES: usize = 12;
/// The largest portfolio that a draft is previewed on in the browser.
const PREVIEWED: usize = 10_000;
/// Different accounts; the rest repeat them, so that the measurement is of scoring and not of memory.
const DISTINCT: usize = 2_000;

/// Scores 100,000 accounts by twelve measures, with every result explained.
pub fn run() -> Vec<Figure> {
    let (card, facts) = (card(), facts());
    let context = Context::at(NOW);
    let round = || {
        let start = Instant::now();
        for index in 0..ACCOUNTS {
            black_box(evaluate(&card, &facts[index % DISTINCT], &context));
        }
        start.elapsed().as_secs_f64()
    };
    let bare = || {
        let values: Vec<[f64; MEASURES]> =
            (0..DISTINCT).map(|index| std::array::from_fn(|m| value(index, m))).collect();
        let start = Instant::now();
        for index in 0..ACCOUNTS {
            let row = black_box(&values[index % DISTINCT]);
            black_box(row.iter().map(|value| value.clamp(0.0, 100.0)).sum::<f64>() / MEASURES as f64);
        }
        start.elapsed().as_secs_f64()
    };
    let ours = median((0..3).map(|_| round()).collect());
    let limit = median((0..3).map(|_| bare()).collect());
    let scored = Figure {
        name: "re-score 100,000 × 12".into(),
        ours: format!("{ours:.3} s"),
        limit: format!("bare loop {:.4} s", limit),
        measured: ours,
        budget: 1.0,
        more_is_better: false,
        unit: "s",
    };
    vec![scored, previewed(&card, &facts, limit)]
}

/// Previews a draft on 10,000 accounts, as the browser does with each change of it.
fn previewed(card: &Scorecard, facts: &[Facts], bare: f64) -> Figure {
    let mut columns = PortfolioColumns::new(card, NOW);
    for place in 0..PREVIEWED {
        let Ok(id) = format!("00000000-0000-0000-0000-{place:012}").parse::<AccountId>() else { continue };
        columns.push(&AccountFacts {
            id,
            name: "Account",
            arr_minor: 1_000_000,
            band: Some(Band::Watch),
            score: Some(Points::NEUTRAL),
            override_: None,
            season: None,
            facts: &facts[place % DISTINCT],
        });
    }
    let round = || {
        let start = Instant::now();
        black_box(preview(black_box(&columns), black_box(card), NOW));
        start.elapsed().as_secs_f64()
    };
    let ours = median((0..9).map(|_| round()).collect());
    Figure {
        name: "preview a draft on 10,000 × 12".into(),
        ours: format!("{:.1} ms", ours * 1_000.0),
        limit: format!("bare loop {:.1} ms", bare * 1_000.0 * PREVIEWED as f64 / ACCOUNTS as f64),
        measured: ours * 1_000.0,
        budget: 30.0,
        more_is_better: false,
        unit: "ms",
    }
}

const NOW: Timestamp = Timestamp(1_795_000_000_000);

fn value(index: usize, measure: usize) -> f64 {
    ((index * 37 + measure * 61) % 101) as f64
}

fn facts() -> Vec<Facts> {
    (0..DISTINCT)
        .map(|index| {
            let mut facts = Facts::default();
            for measure in 0..MEASURES {
                facts.observe(&format!("m{measure}"), NOW.plus_days(-1), value(index, measure));
            }
            facts
        })
        .collect()
}

fn card() -> Scorecard {
    let measure = |index: usize| Measure {
        key: format!("m{index}"),
        label: format!("Measure {index}"),
        weight: 1.0,
        source: Source::Fact(format!("m{index}")),
        scale: Scale::Curve(vec![(0.0, 0.0), (30.0, 40.0), (70.0, 80.0), (100.0, 100.0)]),
        mode: Mode::Absolute,
        null_policy: NullPolicy::Exclude,
        validity_days: Some(30),
        tenure: Vec::new(),
        season: false,
    };
    let group = |index: usize| Group {
        key: format!("g{index}"),
        label: format!("Group {index}"),
        weight: 1.0,
        measures: (index * 3..index * 3 + 3).map(measure).collect(),
    };
    Scorecard {
        name: "Bench".into(),
        groups: (0..4).map(group).collect(),
        exceptions: Vec::new(),
        bands: Bands::default(),
        applies_to: String::new(),
        priority: 0,
    }
}
