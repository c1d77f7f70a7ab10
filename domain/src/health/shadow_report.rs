//! How a draft in the shadow differs from the scores in force.

use serde::{Deserialize, Serialize};

use super::bands::Band;
use super::columns::BandMove;
use super::points::Points;
use crate::time::Timestamp;

/// How a draft in the shadow differs from the scores in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShadowReport {
    /// The draft's version.
    pub version: u32,
    /// Since when it has been computed.
    pub since: Timestamp,
    /// When an account was last computed; `None` until the first has been.
    pub last: Option<Timestamp>,
    /// How many accounts it has been computed for.
    pub accounts: u32,
    /// How many of them have another score by the draft.
    pub differ: u32,
    /// How many of them are in another band by the draft.
    pub moved: u32,
    /// Who would go from which band (first index, best first) to which.
    pub moves: [[BandMove; 4]; 4],
    /// Yearly revenue that would go to a better band, in minor units of the workspace's currency.
    pub arr_better_minor: i64,
    /// Yearly revenue that would go to a worse band, in minor units of the workspace's currency.
    pub arr_worse_minor: i64,
}

impl ShadowReport {
    /// Returns the report of a draft that has not been computed yet.
    #[must_use]
    pub fn new(version: u32, since: Timestamp) -> Self {
        Self {
            version,
            since,
            last: None,
            accounts: 0,
            differ: 0,
            moved: 0,
            moves: Default::default(),
            arr_better_minor: 0,
            arr_worse_minor: 0,
        }
    }

    /// Adds an account: when it was computed, its score and band in force and by the draft, and its yearly revenue in
    /// minor units of the workspace's currency.
    pub fn count(
        &mut self,
        at: Timestamp,
        live: (Option<Points>, Option<Band>),
        draft: (Option<Points>, Option<Band>),
        arr_minor: i64,
    ) {
        self.accounts += 1;
        self.last = self.last.max(Some(at));
        self.differ += u32::from(live.0 != draft.0);
        self.moved += u32::from(live.1 != draft.1);
        let (Some(from), Some(to)) = (live.1, draft.1) else { return };
        let moved = &mut self.moves[usize::from(from.order())][usize::from(to.order())];
        moved.accounts += 1;
        moved.arr_minor = moved.arr_minor.saturating_add(arr_minor);
        if to < from {
            self.arr_better_minor = self.arr_better_minor.saturating_add(arr_minor);
        } else if to > from {
            self.arr_worse_minor = self.arr_worse_minor.saturating_add(arr_minor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revenue_counts_for_the_direction_in_which_the_band_moves() {
        let mut report = ShadowReport::new(3, Timestamp(1));
        let at = |points: f64, band| (Some(Points::from_f64(points)), Some(band));
        report.count(Timestamp(5), at(80.0, Band::Healthy), at(40.0, Band::AtRisk), 700);
        report.count(Timestamp(4), at(40.0, Band::AtRisk), at(60.0, Band::Watch), 50);
        report.count(Timestamp(4), at(40.0, Band::AtRisk), at(41.0, Band::AtRisk), 9);
        report.count(Timestamp(4), at(40.0, Band::AtRisk), (None, None), 9);
        assert_eq!((report.accounts, report.differ, report.moved, report.last), (4, 4, 3, Some(Timestamp(5))));
        assert_eq!((report.arr_worse_minor, report.arr_better_minor), (700, 50));
        assert_eq!(report.moves[0][2], BandMove { accounts: 1, arr_minor: 700 });
        assert_eq!(report.moves[2][2], BandMove { accounts: 1, arr_minor: 9 });
    }
}
