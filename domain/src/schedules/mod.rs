//! Saved reports that are sent again and again: when, to whom, and what came of it.
//!
//! A schedule names a time on the clock of a place ([`Timing`]); the moments that follow from it are worked out where
//! time zones are known, in [`next`]. What was missed while nobody worked is made up for once.

#[cfg(not(target_arch = "wasm32"))]
pub mod next;
mod run;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::id::{ReportId, ScheduleId, UserId};
use crate::identity::{Role, check_email};
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

pub use run::{Mail, Run, Trouble};

/// Most people that one schedule sends to.
pub const RECIPIENTS_MAX: usize = 50;
/// How many runs to come are shown before a schedule is saved.
pub const AHEAD: usize = 5;
/// The least role that may have reports sent, as it may take them along.
pub const MAKER: Role = Role::Csm;
/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// How often a report is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Every day.
    Day,
    /// Every week.
    Week {
        /// On which day, 0 for Monday.
        weekday: u8,
    },
    /// Every month; a shorter month has it on its last day.
    Month {
        /// On which day, 1 to 31.
        day: u8,
    },
}

/// When a report is sent, as a clock on the wall shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// How often.
    pub rhythm: Rhythm,
    /// Minutes after midnight.
    pub minute: u16,
    /// The time zone of the clock, by its IANA name.
    pub zone: String,
}

/// Whom a report is sent to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Somebody of the workspace.
    User(UserId),
    /// Somebody else, where the workspace allows it.
    Outside(String),
}

/// A saved report that is sent again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Identifies the schedule.
    pub id: ScheduleId,
    /// Counts its changes.
    pub version: i64,
    /// The saved report.
    pub report_id: ReportId,
    /// Who set it up.
    pub owner_id: UserId,
    /// When it is sent.
    pub timing: Timing,
    /// To whom.
    pub recipients: Vec<Recipient>,
    /// Whether the table is attached as CSV.
    pub csv: bool,
    /// Whether the report is attached as PDF.
    #[serde(default)]
    pub pdf: bool,
    /// Since when it rests, if it does.
    pub paused_at: Option<Timestamp>,
    /// When it is sent next; none while it rests.
    pub next_at: Option<Timestamp>,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a person says of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleDraft {
    /// The saved report.
    pub report_id: ReportId,
    /// When it is sent.
    pub timing: Timing,
    /// To whom.
    pub recipients: Vec<Recipient>,
    /// Whether the table is attached as CSV.
    pub csv: bool,
    /// Whether the report is attached as PDF.
    #[serde(default)]
    pub pdf: bool,
}

/// A schedule as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleRow {
    /// The schedule.
    pub schedule: Schedule,
    /// What its report is called; none where it was deleted or is somebody's own.
    pub report: Option<String>,
    /// The day and the minute of the next run on the clock of its time zone.
    pub next: Option<(Timestamp, u16)>,
    /// The newest run, if there was one.
    pub last: Option<Run>,
}

impl Timing {
    /// Refuses a time that no clock shows; whether there is such a time zone is asked where they are known.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let (field, message) = match self.rhythm {
            Rhythm::Week { weekday } if weekday > 6 => ("weekday", "Choose a day of the week."),
            Rhythm::Month { day } if !(1..=31).contains(&day) => ("day", "Choose a day of the month between 1 and 31."),
            _ if self.minute >= DAY_MINUTES => ("minute", "Choose a time of the day."),
            _ => return Ok(()),
        };
        Err(Refusal::field(field, message))
    }
}

impl ScheduleDraft {
    /// Returns the draft as it is stored: each recipient once, addresses in lower case.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.timing.check()?;
        for recipient in &mut self.recipients {
            if let Recipient::Outside(address) = recipient {
                *address = check_email(address).map_err(|_| {
                    let message = format!("“{address}” is no e-mail address. Enter one such as bo@example.com.");
                    Refusal::Invalid(vec![FieldError { field: "recipients".to_owned(), message }])
                })?;
            }
        }
        self.recipients.sort_unstable();
        self.recipients.dedup();
        match self.recipients.len() {
            0 => Err(Refusal::field("recipients", "Choose at least one person.")),
            count if count > RECIPIENTS_MAX => Err(Refusal::field("recipients", "Send to at most 50 people.")),
            _ => Ok(self),
        }
    }
}

impl Schedule {
    /// Returns the schedule as a person would write it.
    #[must_use]
    pub fn draft(&self) -> ScheduleDraft {
        ScheduleDraft {
            report_id: self.report_id,
            timing: self.timing.clone(),
            recipients: self.recipients.clone(),
            csv: self.csv,
            pdf: self.pdf,
        }
    }
}
