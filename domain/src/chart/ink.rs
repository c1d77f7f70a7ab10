//! Which colours a chart has outside of Keepwell: those of the light theme, as they are read on white.
//!
//! A file has no style sheet beside it. That these are the colours of `style/tokens.css` is tested below.

use super::Tone;

/// A colour as red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

/// What a chart stands on.
pub const GROUND: Ink = Ink(0xff, 0xff, 0xff);
/// Titles and totals.
pub const TEXT: Ink = Ink(0x17, 0x21, 0x2b);
/// Labels.
pub const MUTED: Ink = Ink(0x51, 0x5d, 0x69);
/// The base line, and the links of a waterfall.
pub const AXIS: Ink = Ink(0x82, 0x8d, 0x98);
/// The grid.
pub const GRID: Ink = Ink(0xe4, 0xe8, 0xeb);

impl Ink {
    /// Returns the colour as `#0c6377`.
    #[must_use]
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// Returns the colour of marks and bars.
#[must_use]
pub fn solid(tone: Tone) -> Ink {
    match tone {
        Tone::Positive | Tone::BandHealthy => Ink(0x2c, 0x8a, 0x5b),
        Tone::Negative | Tone::BandCritical => Ink(0xb5, 0x28, 0x3c),
        Tone::Total => Ink(0x2f, 0x85, 0x99),
        Tone::Neutral | Tone::BandNone => Ink(0x7d, 0x88, 0x93),
        Tone::BandWatch => Ink(0xa9, 0x7a, 0x08),
        Tone::BandAtRisk => Ink(0xcc, 0x64, 0x1c),
        Tone::Series1 => Ink(0x0c, 0x63, 0x77),
        Tone::Series2 => Ink(0x8a, 0x5a, 0x9e),
        Tone::Series3 => Ink(0xb6, 0x69, 0x2f),
        Tone::Series4 => Ink(0x4a, 0x78, 0xb8),
        Tone::Series5 => Ink(0x5f, 0x7d, 0x2c),
        Tone::Series6 => Ink(0x5b, 0x67, 0x72),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = include_str!("../../../style/tokens.css");
    const CHART: &str = include_str!("../../../style/ui/chart.css");

    /// Returns the light value of a token, through the tokens that it names.
    fn light(token: &str) -> String {
        let line = TOKENS.lines().find_map(|line| line.trim().strip_prefix(&format!("{token}:"))).unwrap();
        let value = line.trim().trim_end_matches(';');
        match value.strip_prefix("var(") {
            Some(other) => light(other.trim_end_matches(')')),
            None => value.trim_start_matches("light-dark(").split(',').next().unwrap().to_owned(),
        }
    }

    /// Returns the token that the style sheet gives a tone; what it does not name is the first series.
    fn token(tone: Tone) -> &'static str {
        let named = CHART.split_once(&format!("&[data-tone=\"{}\"]", tone.key()));
        let rule = named.map_or(CHART, |(_, rest)| rest);
        rule.split("--mark: var(").nth(1).unwrap().split(')').next().unwrap()
    }

    #[test]
    fn the_colours_are_those_of_the_style_sheet() {
        for (token, ink) in [
            ("--surface", GROUND),
            ("--text", TEXT),
            ("--text-muted", MUTED),
            ("--line-control", AXIS),
            ("--line", GRID),
        ] {
            assert_eq!(ink.hex(), light(token), "{token}");
        }
        for tone in Tone::ALL {
            assert_eq!(solid(tone).hex(), light(token(tone)), "{tone:?}");
        }
    }
}
