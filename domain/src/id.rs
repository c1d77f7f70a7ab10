//! Newtype ids, so that an account's id cannot be passed where a user's is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

id! {
    /// Identifies a workspace, the tenant that every row belongs to.
    WorkspaceId,
    /// Identifies a person who signs in.
    UserId,
    /// Identifies an account, the paying organisation.
    AccountId,
    /// Identifies a contact, a person at the customer.
    ContactId,
    /// Identifies a support ticket.
    TicketId,
    /// Identifies an invoice.
    InvoiceId,
    /// Identifies a survey response.
    ResponseId,
    /// Identifies a timeline activity.
    ActivityId,
    /// Identifies an alert.
    AlertId,
    /// Identifies a rule that raises alerts.
    RuleId,
    /// Identifies one scorecard across its versions.
    ScorecardId,
    /// Identifies what a person said of a recommendation.
    FeedbackId,
    /// Identifies one group of changes that can be undone together.
    BatchId,
    /// Identifies a saved view of the account grid.
    ViewId,
    /// Identifies a saved report.
    ReportId,
    /// Identifies an export.
    ExportId,
    /// Identifies a dashboard.
    DashboardId,
    /// Identifies a link by which strangers see a report.
    ShareId,
    /// Identifies a report that is sent again and again.
    ScheduleId,
    /// Identifies one time at which a schedule was run.
    ScheduleRunId,
    /// Identifies a file that is imported again and again.
    ImportScheduleId,
    /// Identifies one time at which it was to be imported.
    ImportRunId,
    /// Identifies a custom field.
    FieldId,
    /// Identifies a saved column mapping of the import.
    PresetId,
    /// Identifies an uploaded file that waits to be imported.
    FileId,
    /// Identifies one run of an import.
    ImportId,
    /// Identifies a manual override of a health score.
    OverrideId,
    /// Identifies a run of the laboratory.
    LabRunId,
    /// Identifies one version of the churn model.
    ChurnModelId,
    /// Identifies one attempt to learn a churn model.
    ChurnTrainingId,
    /// Identifies a feed of news.
    FeedId,
    /// Identifies a headline about somebody.
    SignalId,
    /// Identifies something that a person is told.
    NoticeId,
    /// Identifies a message on its way to a person.
    DeliveryId,
    /// Identifies a browser that takes push messages.
    DeviceId,
    /// Identifies the website of an account.
    WebsiteId,
    /// Identifies a task of a person.
    TodoId,
    /// Identifies a background task.
    TaskId,
    /// Identifies a session of a signed-in user, for listing and revoking.
    SessionId,
}
