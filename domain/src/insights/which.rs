//! Which accounts stand behind a number, as an address says it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::movement::{Place, came, fell, left, rose};
use super::spread::BIN_WIDTH;
use super::{Standing, movement};
use crate::health::Points;
use crate::id::UserId;

/// The accounts behind one number of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    /// All that are there at the second moment.
    All,
    /// Those that rose by a point or more.
    Rose,
    /// Those that fell by a point or more.
    Fell,
    /// Those that came.
    Came,
    /// Those that left or churned.
    Left,
    /// Those that went from one place to another; none for any place.
    Went(Option<Place>, Option<Place>),
    /// Those whose score lies in the range that begins here, in points.
    Bin(u8),
    /// Those of an owner; nobody's for none.
    Owner(Option<UserId>),
    /// Those whose owners work in a team; those of nobody, and of people without a team, for none.
    Team(Option<String>),
    /// Those of a group; those without one for none.
    Group(Option<String>),
}

impl Which {
    /// Returns whether an account that stood so at the two moments is meant.
    pub(super) fn holds(&self, then: Option<&Standing>, now: Option<&Standing>) -> bool {
        let pair = (then, now);
        match self {
            Self::All => now.is_some(),
            Self::Rose => rose(pair),
            Self::Fell => fell(pair),
            Self::Came => came(pair),
            Self::Left => left(pair),
            Self::Went(from, to) => {
                from.is_none_or(|from| Place::of(then) == from) && to.is_none_or(|to| Place::of(now) == to)
            }
            Self::Bin(low) => now.and_then(|now| now.score).is_some_and(|score| in_bin(score, *low)),
            Self::Owner(owner) => now.is_some_and(|now| now.owner == *owner),
            Self::Team(team) => now.is_some_and(|now| now.team == *team),
            Self::Group(name) => {
                now.is_some_and(|now| now.group.as_deref().filter(|name| !name.is_empty()) == name.as_deref())
            }
        }
    }
}

fn in_bin(score: Points, low: u8) -> bool {
    let (from, to) = (i64::from(low) * Points::MICRO, i64::from(low + BIN_WIDTH) * Points::MICRO);
    let score = score.clamped();
    score.0 >= from && (score.0 < to || (low + BIN_WIDTH >= 100 && score == Points::FULL))
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = |place: Option<movement::Place>| place.map_or("any", Place::key);
        match self {
            Self::All => f.write_str("all"),
            Self::Rose => f.write_str("rose"),
            Self::Fell => f.write_str("fell"),
            Self::Came => f.write_str("came"),
            Self::Left => f.write_str("left"),
            Self::Went(from, to) => write!(f, "{}.{}", key(*from), key(*to)),
            Self::Bin(low) => write!(f, "bin.{low}"),
            Self::Owner(Some(owner)) => write!(f, "owner.{owner}"),
            Self::Owner(None) => f.write_str("owner."),
            Self::Team(team) => write!(f, "team.{}", team.as_deref().unwrap_or_default()),
            Self::Group(name) => write!(f, "group.{}", name.as_deref().unwrap_or_default()),
        }
    }
}

impl FromStr for Which {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let word = match text {
            "all" => Some(Self::All),
            "rose" => Some(Self::Rose),
            "fell" => Some(Self::Fell),
            "came" => Some(Self::Came),
            "left" => Some(Self::Left),
            _ => None,
        };
        if let Some(word) = word {
            return Ok(word);
        }
        let (what, rest) = text.split_once('.').ok_or(())?;
        let place = |key: &str| match key {
            "any" => Ok(None),
            key => Place::from_key(key).map(Some).ok_or(()),
        };
        match what {
            "bin" => rest.parse::<u8>().ok().filter(|low| low % BIN_WIDTH == 0 && *low < 100).map(Self::Bin).ok_or(()),
            "owner" if rest.is_empty() => Ok(Self::Owner(None)),
            "owner" => rest.parse().map(|owner| Self::Owner(Some(owner))).map_err(drop),
            "team" => Ok(Self::Team((!rest.is_empty()).then(|| rest.to_owned()))),
            "group" => Ok(Self::Group((!rest.is_empty()).then(|| rest.to_owned()))),
            from => Ok(Self::Went(place(from)?, place(rest)?)),
        }
    }
}
