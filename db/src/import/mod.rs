//! Importing files: where they wait, what they would do, and the one transaction that does it.
//!
//! The rules live in `domain::import`. Here a blocking thread reads and checks the rows against what the
//! workspace already has, and hands them in chunks to the transaction that looks up and writes.

mod build;
mod desk;
mod existing;
mod files;
mod inspect;
mod pair;
mod prepare;
mod presets;
mod preview;
mod progress;
mod reader;
mod references;
mod run;
mod write;

pub use desk::Desk;
pub use domain::import::report::{FileId, ImportId, Inspection, Phase, Preset, Report, Status};
pub use files::Upload;
pub use inspect::inspect;
pub use presets::{delete_preset, list_presets, save_preset};
pub use preview::preview;
pub use progress::Progress;
pub(crate) use run::run_for;
pub use run::{Finished, run};
