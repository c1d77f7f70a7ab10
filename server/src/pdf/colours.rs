//! Which colours documents have: those of the light theme, as they are read on white paper.

use domain::chart::Tone;
use domain::chart::ink::{self, Ink};

/// A colour as red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// The paper.
pub const PAPER: Colour = Colour(255, 255, 255);
/// Text.
pub const TEXT: Colour = Colour(0x17, 0x21, 0x2b);
/// Remarks.
pub const MUTED: Colour = Colour(0x51, 0x5d, 0x69);
/// Faint lines.
pub const LINE: Colour = Colour(0xe4, 0xe8, 0xeb);
/// Lines that divide.
pub const LINE_STRONG: Colour = Colour(0xcf, 0xd6, 0xdc);
/// The base line of charts.
pub const AXIS: Colour = Colour(0x82, 0x8d, 0x98);
/// What belongs to Keepwell.
pub const ACCENT: Colour = Colour(0x0a, 0x5f, 0x73);
/// The ground of what is set apart.
pub const SUNK: Colour = Colour(0xf3, 0xf5, 0xf7);
/// How much of a colour is left where it is the ground of something.
const FAINT: f32 = 0.11;

impl Colour {
    /// Returns the colour as a faint ground on paper.
    pub fn faint(self) -> Self {
        self.mixed(FAINT)
    }

    /// Returns a share of the colour, from 0 to 1, on paper.
    pub fn mixed(self, share: f32) -> Self {
        let mix = |part: u8| (255.0 - (255.0 - f32::from(part)) * share.clamp(0.0, 1.0)).round() as u8;
        Self(mix(self.0), mix(self.1), mix(self.2))
    }
}

/// Returns the colour of marks and bars.
pub fn solid(tone: Tone) -> Colour {
    let Ink(red, green, blue) = ink::solid(tone);
    Colour(red, green, blue)
}

/// Returns the colour of words, dark enough to be read on its own faint ground.
pub fn words(tone: Tone) -> Colour {
    match tone {
        Tone::Positive | Tone::BandHealthy => Colour(0x1b, 0x6a, 0x43),
        Tone::Negative | Tone::BandCritical => Colour(0xa2, 0x1f, 0x30),
        Tone::BandWatch => Colour(0x77, 0x52, 0x00),
        Tone::BandAtRisk => Colour(0x96, 0x42, 0x0b),
        Tone::Total | Tone::Series1 => ACCENT,
        Tone::Neutral | Tone::BandNone => MUTED,
        other => solid(other),
    }
}
