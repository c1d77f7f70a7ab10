//! The kit: components that know no domain.

pub mod address;
pub mod assist;
pub mod chart;
pub mod copy;
pub mod derived;
pub mod dialog;
pub mod download;
pub mod empty;
pub mod filter_line;
pub mod focus;
pub mod icon;
pub mod later;
pub mod loaded;
pub mod picking;
pub mod press;
pub mod question;
pub mod save;
pub mod text_area;
pub mod toast;
pub mod wait;

pub mod health;
