//! Data quality: what is recorded of every account, held against all rules.

use std::time::Instant;

use super::import::Loaded;
use super::{Figure, median};

/// How often everything is looked at.
const TIMES: usize = 5;

/// Looks at the records of all accounts.
pub async fn run(loaded: &Loaded) -> anyhow::Result<Figure> {
    let (mut times, mut accounts) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let start = Instant::now();
        let mut tx = loaded.db.read(&loaded.actor).await?;
        accounts = db::quality::survey(&mut tx, "").await?.accounts;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    let ours = median(times);
    Ok(Figure {
        name: format!("data quality of {accounts} accounts"),
        ours: format!("{ours:.0} ms"),
        limit: "every record, every rule".into(),
        measured: ours,
        budget: 300.0,
        more_is_better: false,
        unit: "ms",
    })
}
