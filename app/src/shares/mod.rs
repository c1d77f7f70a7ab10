//! Links by which somebody without a sign-in sees one report: made where the report is, listed and ended in the
//! settings, and the page that strangers see.

mod dialog;
mod links;
mod looked;
#[cfg(feature = "ssr")]
pub mod page;
pub mod server_fns;
mod settings;
mod words;

pub use dialog::ShareButton;
pub use settings::Sharing;
