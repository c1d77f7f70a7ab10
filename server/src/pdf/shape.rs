//! From words to glyphs: the order in which a line is read, the forms of its letters, and where it breaks.

use std::collections::BTreeMap;

use harfrust::{Buffer, ClusterLevel, Direction, GlyphInfo, GlyphPosition, ShapeOptions, ShaperFont, shape};
use unicode_bidi::{BidiInfo, Level};

use super::PdfError;
use super::fonts::{Fonts, Script, Weight};

/// Most lines that one text takes; what is longer ends in an ellipsis.
pub const LINES_MAX: usize = 24;

/// A glyph in its place on a line; lengths are shares of the size of the letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// The number of its face.
    pub face: u8,
    /// Its code in that face.
    pub code: u16,
    /// How far the line goes on after it.
    pub advance: f32,
    /// How far it stands to the right of its place.
    pub right: f32,
    /// How far it stands above its place.
    pub up: f32,
}

/// A line that is ready to be drawn from left to right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What it says, in reading order.
    pub text: String,
    /// Its glyphs from left to right.
    pub glyphs: Vec<Glyph>,
    /// How wide it is, as a share of the size of its letters.
    pub width: f32,
}

/// Turns words into lines, and remembers which glyphs a document uses.
pub struct Shaper {
    /// The faces.
    pub fonts: Fonts,
    /// Whether the document is read from the right: there, what has any letter that is, is read so as a whole, also
    /// where it begins with somebody's name.
    pub right_to_left: bool,
}

impl Shaper {
    /// Reads the faces.
    pub fn new() -> Result<Self, PdfError> {
        Ok(Self { fonts: Fonts::read()?, right_to_left: false })
    }

    /// Returns a text as one line.
    pub fn line(&mut self, text: &str, weight: Weight) -> Line {
        self.line_from(self.side(text), text, weight)
    }

    fn line_from(&mut self, side: Level, text: &str, weight: Weight) -> Line {
        let text = clean(text);
        let mut glyphs = Vec::new();
        for (run, right_to_left) in visual_runs(&text, side) {
            let mut pieces = by_script(run, &self.fonts);
            if right_to_left {
                pieces.reverse();
            }
            for (piece, script) in pieces {
                self.shape(piece, script, weight, right_to_left, &mut glyphs);
            }
        }
        let width = glyphs.iter().map(|glyph| glyph.advance).sum();
        Line { text, glyphs, width }
    }

    /// Returns a text as lines that are at most as wide as this, a share of the size of the letters.
    pub fn wrap(&mut self, text: &str, weight: Weight, width: f32) -> Vec<Line> {
        let mut lines = Vec::new();
        for paragraph in text.lines().filter(|paragraph| !paragraph.trim().is_empty()) {
            self.wrap_paragraph(paragraph.trim(), weight, width, &mut lines);
        }
        if lines.len() > LINES_MAX {
            lines.truncate(LINES_MAX);
            if let Some(last) = lines.last_mut() {
                let kept: String = last.text.chars().take(last.text.chars().count().saturating_sub(2)).collect();
                *last = self.line(&format!("{}…", kept.trim_end()), weight);
            }
        }
        lines
    }

    /// Returns the beginning of a text as one line of a width, with an ellipsis where there is more.
    pub fn clip(&mut self, text: &str, weight: Weight, width: f32) -> Line {
        let whole = self.line(text, weight);
        if whole.width <= width {
            return whole;
        }
        let room = width - self.line("…", weight).width;
        let first = self.wrap(text, weight, room).into_iter().next().unwrap_or_default();
        self.line(&format!("{}…", first.text), weight)
    }

    fn wrap_paragraph(&mut self, text: &str, weight: Weight, width: f32, lines: &mut Vec<Line>) {
        // All lines of a paragraph are read from the side its first letter says.
        let side = self.side(text);
        let whole = self.line_from(side, text, weight);
        if whole.width <= width {
            lines.push(whole);
            return;
        }
        // Words are measured one by one: a line is as wide as its words, save for what happens between two letters.
        let (mut begun, mut taken) = (String::new(), 0.0);
        for word in words(text) {
            if lines.len() > LINES_MAX {
                return;
            }
            let shown = self.line_from(side, word.trim_end(), weight).width;
            if !begun.is_empty() && taken + shown > width {
                lines.push(self.line_from(side, begun.trim_end(), weight));
                (begun, taken) = (String::new(), 0.0);
            }
            begun.push_str(word);
            taken += if word.ends_with(' ') { self.line_from(side, word, weight).width } else { shown };
            if shown > width {
                begun = self.break_word(begun, weight, width, lines);
                taken = self.line_from(side, &begun, weight).width;
            }
        }
        lines.push(self.line_from(side, begun.trim_end(), weight));
    }

    /// Breaks a word that is wider than a line wherever the line ends, and returns its rest.
    fn break_word(&mut self, mut word: String, weight: Weight, width: f32, lines: &mut Vec<Line>) -> String {
        while lines.len() <= LINES_MAX && self.line(word.trim_end(), weight).width > width {
            let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(1).collect();
            let fits = |shaper: &mut Self, end: usize| shaper.line(&word[..end], weight).width <= width;
            let (mut low, mut high) = (0, ends.len());
            while low < high {
                let middle = low + (high - low) / 2;
                if fits(self, ends[middle]) { low = middle + 1 } else { high = middle }
            }
            // At least one letter, however narrow the line is.
            let Some(end) = ends.get(low.saturating_sub(1)).copied() else { break };
            lines.push(self.line(&word[..end], weight));
            word.drain(..end);
        }
        word
    }

    /// Returns from which side a text is read: by its first letter that has one, or by the document.
    fn side(&self, text: &str) -> Level {
        let info = BidiInfo::new(text, None);
        if self.right_to_left && info.levels.iter().any(Level::is_rtl) {
            return Level::rtl();
        }
        info.paragraphs.first().map_or_else(Level::ltr, |paragraph| paragraph.level)
    }

    fn shape(&mut self, text: &str, script: Script, weight: Weight, right_to_left: bool, out: &mut Vec<Glyph>) {
        let number = Fonts::number(script, weight);
        let Some(face) = self.fonts.faces.get_mut(number) else { return };
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        // A mark that is written after its letter stays a letter of its own when the text is copied.
        buffer.set_cluster_level(ClusterLevel::Characters);
        let font = ShaperFont::new(&face.font);
        if shape(&font, &mut buffer, ShapeOptions::new()).is_err() {
            return;
        }
        drop(font);
        let units = face.units() as f32;
        let (infos, positions) = (buffer.glyph_infos(), buffer.glyph_positions());
        let telling = telling(infos, positions);
        for (index, (info, position)) in infos.iter().zip(positions).enumerate() {
            let glyph = u16::try_from(info.glyph_id).unwrap_or(0);
            let cluster = info.cluster as usize;
            let is_telling = telling.get(&cluster) == Some(&index);
            let letters = if is_telling { letters(text, cluster, &telling) } else { "" };
            let own = face.font.glyph_metrics().h_advance(info.glyph_id.into());
            out.push(Glyph {
                face: number as u8,
                code: face.code(glyph, letters, own.round() as u16),
                advance: position.x_advance as f32 / units,
                right: position.x_offset as f32 / units,
                up: position.y_offset as f32 / units,
            });
        }
    }
}

/// Returns which glyph of each cluster stands for all its letters: the first that takes room. Others stand for none.
fn telling(infos: &[GlyphInfo], positions: &[GlyphPosition]) -> BTreeMap<usize, usize> {
    let mut telling: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, (info, position)) in infos.iter().zip(positions).enumerate() {
        let told = telling.entry(info.cluster as usize).or_insert(index);
        if position.x_advance > 0 && positions.get(*told).is_some_and(|told| told.x_advance == 0) {
            *told = index;
        }
    }
    telling
}

/// Returns the letters of a text that one cluster of glyphs stands for.
fn letters<'a>(text: &'a str, cluster: usize, clusters: &BTreeMap<usize, usize>) -> &'a str {
    let next = clusters.range(cluster + 1..).next().map_or(text.len(), |(start, _)| *start);
    text.get(cluster..next).unwrap_or_default()
}

/// Tabs and line ends have no glyph, and marks that steer the direction would let a name turn what is around it.
fn clean(text: &str) -> String {
    let steers = |letter: &char| matches!(u32::from(*letter), 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069);
    let plain = |letter: char| match letter {
        // No face has arrows.
        '→' => '›',
        '←' => '‹',
        '\u{a0}' => letter,
        letter if letter.is_whitespace() => ' ',
        letter => letter,
    };
    text.chars().filter(|letter| !steers(letter)).map(plain).filter(|letter| !letter.is_control()).collect()
}

/// Returns the parts of a line from left to right, and whether each is read from the right.
fn visual_runs(text: &str, side: Level) -> Vec<(&str, bool)> {
    let signed = signed(text);
    let info = BidiInfo::new(&signed, Some(side));
    let mut parts = Vec::new();
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
            if let Some(part) = text.get(run) {
                parts.push((part, is_rtl));
            }
        }
    }
    parts
}

/// A sign before a number belongs to it, as a letter before it would: −3.2 among Arabic words is not 3.2−. Returns the
/// text with such a letter in the place of each sign, every byte where it was.
fn signed(text: &str) -> String {
    let mut letters = text.chars().peekable();
    let (mut signed, mut before) = (String::with_capacity(text.len()), ' ');
    while let Some(letter) = letters.next() {
        let begins = !before.is_alphanumeric() && letters.peek().is_some_and(char::is_ascii_digit);
        signed.push(match letter {
            '−' if begins => 'Ａ',
            '+' | '-' if begins => 'A',
            other => other,
        });
        before = letter;
    }
    signed
}

/// Splits a text wherever another face is needed.
fn by_script<'a>(text: &'a str, fonts: &Fonts) -> Vec<(&'a str, Script)> {
    let mut parts = Vec::new();
    let (mut begin, mut script) = (0, None);
    for (at, letter) in text.char_indices() {
        let own = Script::of(letter, script.unwrap_or(Script::Western));
        // A sign that a face lacks may be in another one.
        let next =
            [own, Script::Western, Script::Arabic].into_iter().find(|one| fonts.has(*one, letter)).unwrap_or(own);
        if let Some(before) = script.filter(|before| *before != next) {
            parts.push((&text[begin..at], before));
            begin = at;
        }
        script = Some(next);
    }
    parts.extend(script.map(|script| (&text[begin..], script)));
    parts
}

/// Splits a text where a line may end, each part with the space behind it.
fn words(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut begin, mut before) = (0, None);
    for (at, letter) in text.char_indices() {
        let after_sign = matches!(before, Some('-' | '/' | '–' | '—' | '@')) && letter.is_alphabetic();
        let after_space = before.is_some_and(|before: char| before.is_whitespace() && before != '\u{a0}');
        if (after_space && !letter.is_whitespace()) || after_sign {
            parts.push(&text[begin..at]);
            begin = at;
        }
        before = Some(letter);
    }
    parts.push(&text[begin..]);
    parts
}
