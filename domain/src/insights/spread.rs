//! Spread: how the scores of a portfolio are distributed, as a whole and by group.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::averages::mean;
use super::{Standing, add};
use crate::health::{Band, Points};
use crate::money::Money;

/// How many points one bar of the distribution is wide.
pub const BIN_WIDTH: u8 = 5;
/// The percentiles that are marked, in per cent.
pub const MARKERS: [u8; 5] = [10, 25, 50, 75, 90];
/// Most groups that are listed, the largest first.
const GROUPS_MAX: usize = 30;

/// The accounts whose scores lie in one range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bin {
    /// The least score in points; the range is [`BIN_WIDTH`] wide, and the last one includes 100.
    pub low: u8,
    /// How many accounts.
    pub accounts: u32,
    /// The band that most of them are in.
    pub band: Option<Band>,
}

/// The accounts of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The value that they share; none for those without one.
    pub name: Option<String>,
    /// How many accounts.
    pub accounts: u32,
    /// What they pay in a year, by currency.
    pub value: Vec<Money>,
    /// How many have a score.
    pub scored: u32,
    /// How many are in each band, best first.
    pub bands: [u32; 4],
    /// The mean score.
    pub mean: Option<Points>,
    /// The scores at a quarter, half and three quarters of the way.
    pub quartiles: Option<[Points; 3]>,
}

/// How scores are distributed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// How many accounts have a score.
    pub scored: u32,
    /// The ranges from 0 to 100.
    pub bins: Vec<Bin>,
    /// The scores at the percentiles of [`MARKERS`]; empty without scores.
    pub markers: Vec<(u8, Points)>,
    /// The groups, the largest first.
    pub groups: Vec<Group>,
}

/// Returns how the scores are distributed.
pub(super) fn spread(standings: &[Standing]) -> Spread {
    let mut scores: Vec<Points> = standings.iter().filter_map(|standing| standing.score).collect();
    scores.sort_unstable();
    let markers = MARKERS.iter().filter_map(|per_cent| Some((*per_cent, percentile(&scores, *per_cent)?))).collect();
    Spread {
        scored: u32::try_from(scores.len()).unwrap_or(u32::MAX),
        bins: bins(standings),
        markers,
        groups: groups(standings),
    }
}

/// Returns the score at a percentile by the nearest-rank method: the least score that at least so many per cent of
/// the scores do not exceed.
pub(super) fn percentile(sorted: &[Points], per_cent: u8) -> Option<Points> {
    let rank = (sorted.len() * usize::from(per_cent.min(100))).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

fn bins(standings: &[Standing]) -> Vec<Bin> {
    let count = usize::from(100 / BIN_WIDTH);
    let mut counts = vec![[0u32; 4]; count];
    for standing in standings {
        let (Some(score), Some(band)) = (standing.score, standing.band) else { continue };
        let width = i64::from(BIN_WIDTH) * Points::MICRO;
        let place = usize::try_from(score.clamped().0 / width).unwrap_or_default().min(count - 1);
        counts[place][usize::from(band.order())] += 1;
    }
    let bin = |(place, bands): (usize, [u32; 4])| {
        let most = Band::ALL.into_iter().rev().max_by_key(|band| bands[usize::from(band.order())]);
        let accounts = bands.iter().sum();
        let low = u8::try_from(place).unwrap_or_default() * BIN_WIDTH;
        Bin { low, accounts, band: most.filter(|_| accounts > 0) }
    };
    counts.into_iter().enumerate().map(bin).collect()
}

fn groups(standings: &[Standing]) -> Vec<Group> {
    let mut by_name: HashMap<Option<&str>, Vec<&Standing>> = HashMap::new();
    for standing in standings {
        let name = standing.group.as_deref().filter(|name| !name.is_empty());
        by_name.entry(name).or_default().push(standing);
    }
    let mut groups: Vec<Group> = by_name.into_iter().map(|(name, members)| group(name, &members)).collect();
    groups.sort_by(|a, b| b.accounts.cmp(&a.accounts).then_with(|| a.name.cmp(&b.name)));
    groups.truncate(GROUPS_MAX);
    groups
}

fn group(name: Option<&str>, members: &[&Standing]) -> Group {
    let mut scores: Vec<Points> = members.iter().filter_map(|standing| standing.score).collect();
    scores.sort_unstable();
    let sum = scores.iter().map(|score| i128::from(score.0)).sum();
    let quartile = |per_cent| percentile(&scores, per_cent);
    let quartiles = quartile(25).zip(quartile(50)).zip(quartile(75)).map(|((low, middle), high)| [low, middle, high]);
    let (mut value, mut bands) = (Vec::new(), [0u32; 4]);
    for standing in members {
        add(&mut value, standing.annual);
        if let Some(band) = standing.band {
            bands[usize::from(band.order())] += 1;
        }
    }
    Group {
        name: name.map(str::to_owned),
        accounts: u32::try_from(members.len()).unwrap_or(u32::MAX),
        value,
        scored: u32::try_from(scores.len()).unwrap_or(u32::MAX),
        bands,
        mean: mean(sum, scores.len() as i128),
        quartiles,
    }
}
