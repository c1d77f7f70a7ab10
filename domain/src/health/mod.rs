//! Health: turns what is known about an account into one score that can be explained to the last point.
//!
//! A [`Scorecard`] says what counts, [`Facts`] hold what is known, [`evaluate`](evaluate()) brings
//! both together, and [`waterfall`] and [`explain_change`] say why the score is what it is. All
//! arithmetic that decides a score is done in whole micro-points with operations that give the
//! same answer natively and as WebAssembly.

mod available;
mod bands;
mod cards;
mod check;
mod columns;
mod corners;
mod default_card;
mod diff;
mod evaluate;
mod evaluation;
mod explain;
mod facts;
mod field_times;
mod forecast;
pub(crate) mod observe;
mod points;
mod reach;
mod reading;
mod record;
mod scale;
mod scorecard;
mod season;
mod shadow_report;
mod standard_facts;
mod summary;
mod trend;
mod weights;

pub use available::available_facts;
pub use bands::{Band, Bands};
pub use cards::{CardHead, CardState, VersionHead};
pub use check::check;
pub use columns::{AccountFacts, BandMove, FactColumn, MOVERS, Mover, PortfolioColumns, Preview, preview};
pub use corners::{
    CORNERS_MAX, Direction, add_corner, direction, histogram, move_corner, remove_corner, round_to, span, step,
    suggested_measure, suggested_scale, turned,
};
pub use default_card::{AvailableFact, FactKind, default_scorecard};
pub use diff::{CardChange, MeasureChange, Named, Place, PointAt, PointChange, diff};
pub use evaluate::{Context, evaluate};
pub use evaluation::{
    AppliedException, AppliedOverride, Evaluation, GroupResult, ManualScore, MeasureResult, MeasureState, Override,
};
pub use explain::{Cause, ChangeSummary, Step, StepKind, explain_change, summarise_change, waterfall};
pub use facts::{Fact, FactValue, Facts, Observation};
pub use field_times::{FieldTimes, note_update};
pub use forecast::{Expected, forecast};
pub use observe::{BACK_DAYS, Wanted, main_metric};
pub(crate) use points::divide_rounded;
pub use points::{Points, apportion};
pub use reach::{Claim, Reach, Rival};
pub use record::{Needs, Record};
pub use scale::{Scale, TenureScale};
pub use scorecard::{
    Action, Condition, Exception, Group, Measure, Mode, NullPolicy, Operator, Scorecard, ScorecardVersion, Source,
    choose_scorecard,
};
pub use season::SeasonProfile;
pub use shadow_report::ShadowReport;
pub use standard_facts::{Dates, STANDARD_FACTS, StandardFact, account_facts, keys, services_used_pct};
pub(crate) use standard_facts::{add_moment, own_facts};
pub use summary::HealthSummary;
pub use trend::{Rollup, change_over, rollup, slope_over};
pub use weights::{balanced, rebalance};

#[cfg(test)]
mod tests;
