//! When a condition can change although nothing happens.

use crate::alerts::facts::{Fact, Known, Pace};
use crate::filter::{Condition, Filter, Literal, Row, Test};
use crate::time::Timestamp;

/// What in the conditions of a rule time alone can make true or untrue, worked out once for many accounts.
///
/// Facts of the clock pass each number of a condition once; dates pass the edges of their periods. Sums over the last
/// days change as days fall out of them, too: an account is looked at again after a week anyway, and after a day while
/// it has an alert.
#[derive(Clone, Debug, Default)]
pub(super) struct Clocks {
    /// Facts of the clock with the numbers that they pass.
    facts: Vec<(Fact, Vec<f64>)>,
    /// Dates with the days, counted from the date, on which a period that they are tested for begins or ends.
    dates: Vec<(String, [i64; 2])>,
}

impl Clocks {
    /// Adds the conditions of a filter.
    pub(super) fn add(&mut self, filter: &Filter) {
        match filter {
            Filter::All(items) | Filter::Any(items) => items.iter().for_each(|item| self.add(item)),
            Filter::Not(item) => self.add(item),
            Filter::Search(_) => {}
            Filter::Field(condition) => self.add_condition(condition),
        }
    }

    fn add_condition(&mut self, condition: &Condition) {
        match Fact::from_key(&condition.field) {
            Some(fact) if fact.pace() == Pace::Still => {}
            Some(fact) => {
                // Whether the number itself counts depends on the comparison; the days around it are cheap to look at.
                let around = |number: f64| [number - 1.0, number, number + 1.0];
                self.facts.push((fact, numbers(&condition.test).into_iter().flat_map(around).collect()));
            }
            None => self.dates.extend(edges(&condition.test).map(|days| (condition.field.clone(), days))),
        }
    }

    /// Returns the next moment at which time alone can make a condition true or untrue of an account.
    pub(super) fn next(&self, known: &Known<'_>, now: Timestamp) -> Option<Timestamp> {
        let facts = self
            .facts
            .iter()
            .flat_map(|(fact, numbers)| numbers.iter().filter_map(|number| known.facts.reaches(*fact, *number)));
        let dates = self.dates.iter().flat_map(|(key, days)| {
            let day = known.value(key).as_i64().map(|at| Timestamp(at).day_start());
            day.into_iter().flat_map(|day| days.map(|days| day.plus_days(days)))
        });
        facts.chain(dates).filter(|at| *at > now).min()
    }
}

fn numbers(test: &Test) -> Vec<f64> {
    let number = |literal: &Literal| if let Literal::Number(number) = literal { Some(*number) } else { None };
    match test {
        Test::Compare(_, literal) => number(literal).into_iter().collect(),
        Test::In(list) => list.iter().filter_map(number).collect(),
        _ => Vec::new(),
    }
}

/// Returns the days, counted from a date, on which the period that it is tested for begins and ends.
fn edges(test: &Test) -> Option<[i64; 2]> {
    match test {
        Test::WithinNext(days) => Some([-i64::from(*days), 1]),
        Test::WithinLast(days) => Some([0, i64::from(*days) + 1]),
        Test::OlderThan(days) => Some([i64::from(*days) + 1; 2]),
        Test::Compare(_, Literal::Today) => Some([0, 1]),
        _ => None,
    }
}
