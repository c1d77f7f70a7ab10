//! Files that are imported again and again: where each comes from, what its rows are, when it is read, and what came
//! of it.

mod run;
pub mod source;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::id::{ImportScheduleId, PresetId, UserId};
use crate::identity::{Role, check_name};
use crate::import::kind::Kind;
use crate::import::plan::Mode;
use crate::refusal::Refusal;
use crate::schedules::Timing;
use crate::time::Timestamp;

pub use run::{Imported, Outcome, Run, Trouble};
pub use source::Source;

/// The least role that may have files imported by themselves: nobody looks at the rows before they are written, and
/// the folder is the server's.
pub const MAKER: Role = Role::Manager;

/// A file that is imported again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSchedule {
    /// Identifies it.
    pub id: ImportScheduleId,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Who saved it last: the import is theirs, with what they may do at that moment.
    pub owner_id: UserId,
    /// Where the file comes from.
    pub source: Source,
    /// What its rows are.
    #[serde(rename = "subject")]
    pub kind: Kind,
    /// What is done with rows that exist, and with others.
    pub mode: Mode,
    /// The kept mapping of its columns; without one they are guessed each time.
    pub preset_id: Option<PresetId>,
    /// When it is read.
    pub timing: Timing,
    /// Since when it rests, if it does.
    pub paused_at: Option<Timestamp>,
    /// When it is read next; none while it rests.
    pub next_at: Option<Timestamp>,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a person says of a scheduled import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportScheduleDraft {
    /// What people will call it.
    pub name: String,
    /// Where the file comes from.
    pub source: Source,
    /// What its rows are.
    #[serde(rename = "subject")]
    pub kind: Kind,
    /// What is done with rows that exist, and with others.
    pub mode: Mode,
    /// The kept mapping of its columns.
    pub preset_id: Option<PresetId>,
    /// When it is read.
    pub timing: Timing,
}

/// A scheduled import as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportScheduleRow {
    /// The scheduled import.
    pub schedule: ImportSchedule,
    /// The day and the minute of the next run on the clock of its time zone.
    pub next: Option<(Timestamp, u16)>,
    /// The newest run, if there was one.
    pub last: Option<Run>,
}

impl ImportScheduleDraft {
    /// Returns the draft as it is stored.
    pub fn checked(self) -> Result<Self, Refusal> {
        let name = check_name("name", &self.name).map_err(|error| Refusal::Invalid(vec![error]))?;
        if !Kind::ALL.contains(&self.kind) {
            return Err(Refusal::field("subject", "Files of this kind cannot be imported."));
        }
        self.timing.check()?;
        Ok(Self { name, source: self.source.checked()?, ..self })
    }
}

impl ImportSchedule {
    /// Returns the scheduled import as a person would write it.
    #[must_use]
    pub fn draft(&self) -> ImportScheduleDraft {
        ImportScheduleDraft {
            name: self.name.clone(),
            source: self.source.clone(),
            kind: self.kind,
            mode: self.mode,
            preset_id: self.preset_id,
            timing: self.timing.clone(),
        }
    }
}
