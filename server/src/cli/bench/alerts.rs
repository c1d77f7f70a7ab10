//! All rules held against 100,000 accounts, beside a bare loop over the same numbers.

use std::hint::black_box;
use std::time::Instant;

use domain::accounts::{self, Account};
use domain::alerts::built_in;
use domain::alerts::engine::{Engine, Standing, Watch};
use domain::alerts::facts::{Fact, Facts, Known};
use domain::id::{AccountId, AlertId};
use domain::time::Timestamp;

use super::{Figure, median};

const ACCOUNTS: usize = 100_000;
/// Different accounts; the rest repeat them, so that the measurement is of the engine and not of memory.
const DISTINCT: usize = 2_000;
const NOW: Timestamp = Timestamp(1_795_000_000_000);

/// Looks at 100,000 accounts with every built-in rule.
pub fn run() -> Figure {
    let engine = Engine::new(&built_in(), &accounts::catalogue(), 1_000_000);
    let known: Vec<(Account, Facts)> = (0..DISTINCT).map(account).collect();
    let watch = Watch::default();
    let round = || {
        let start = Instant::now();
        let pass = engine.pass(NOW);
        let mut new_id = || AlertId(Default::default());
        for place in 0..ACCOUNTS {
            let (account, facts) = &known[place % DISTINCT];
            let standing = Standing { alerts: &[], watch: &watch };
            black_box(pass.look(&Known::new(account, None, facts), standing, None, &mut new_id));
        }
        start.elapsed().as_secs_f64()
    };
    let bare = || {
        let start = Instant::now();
        for place in 0..ACCOUNTS {
            let (_, facts) = black_box(&known[place % DISTINCT]);
            let over = Fact::ALL.into_iter().filter(|fact| facts.get(*fact).is_some_and(|value| value > 30.0));
            black_box(over.count());
        }
        start.elapsed().as_secs_f64()
    };
    let ours = median((0..3).map(|_| round()).collect());
    let limit = median((0..3).map(|_| bare()).collect());
    Figure {
        name: format!("alerts: 100,000 × {} rules", engine.rules().len()),
        ours: format!("{ours:.3} s"),
        limit: format!("bare loop {limit:.4} s"),
        measured: ours,
        budget: 2.0,
        more_is_better: false,
        unit: "s",
    }
}

fn account(place: usize) -> (Account, Facts) {
    let mut account = Account::new(AccountId(Default::default()), format!("Account {place}"), NOW);
    account.arr_minor = Some(1_000_000);
    let mut facts = Facts::default();
    for (number, fact) in Fact::ALL.into_iter().enumerate() {
        let value = ((place * 37 + number * 61) % 41) as f64;
        match fact.pace() {
            domain::alerts::facts::Pace::Still => facts.set(fact, value),
            _ => facts.count(fact, Some(NOW.plus_days(-(value as i64))), NOW),
        }
    }
    (account, facts)
}
