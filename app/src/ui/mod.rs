//! The kit: components that know no domain.

pub mod chart;
pub mod dialog;
pub mod icon;
pub mod loaded;
pub mod text_area;
pub mod toast;

pub mod health;
