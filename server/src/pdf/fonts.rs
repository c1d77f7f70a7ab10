//! The faces that documents are set in, and which of their glyphs a document uses.

use std::collections::BTreeMap;

use harfrust::Font;
use printpdf::{FontId, FontMetrics, FontType, ParsedFont, PdfFont, PdfFontMetricsStub};
use subsetter::GlyphRemapper;

use super::PdfError;

/// The files of the faces, with the name each has in a document. Arabic is in a face whose letters are one glyph each:
/// where dots are glyphs of their own, readers of files do not give back what was written.
const FILES: [(&str, &[u8]); 6] = [
    ("NotoSans-Regular", include_bytes!("../../fonts/NotoSans-Regular.ttf")),
    ("NotoSans-SemiBold", include_bytes!("../../fonts/NotoSans-SemiBold.ttf")),
    ("Vazirmatn-Regular", include_bytes!("../../fonts/Vazirmatn-Regular.ttf")),
    ("Vazirmatn-SemiBold", include_bytes!("../../fonts/Vazirmatn-SemiBold.ttf")),
    ("NotoSansHebrew-Regular", include_bytes!("../../fonts/NotoSansHebrew-Regular.ttf")),
    ("NotoSansHebrew-SemiBold", include_bytes!("../../fonts/NotoSansHebrew-SemiBold.ttf")),
];
/// What stands before the name of a face of which only a part is in the document.
const SUBSET_TAG: &str = "KEEPWL";

/// How heavy letters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// As text is.
    #[default]
    Regular,
    /// As headings are.
    Strong,
}

/// A family of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Latin, Greek, Cyrillic, digits and signs.
    Western,
    /// Arabic.
    Arabic,
    /// Hebrew.
    Hebrew,
}

impl Script {
    /// Returns the script of a letter; marks and joiners belong to the letter before them.
    pub fn of(letter: char, before: Self) -> Self {
        match u32::from(letter) {
            0x0300..=0x036f | 0x200c | 0x200d | 0xfe00..=0xfe0f => before,
            0x0590..=0x05ff | 0xfb1d..=0xfb4f => Self::Hebrew,
            0x0600..=0x06ff | 0x0750..=0x077f | 0x0870..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => Self::Arabic,
            _ => Self::Western,
        }
    }
}

/// A face and what a document uses of it.
pub struct Face {
    name: &'static str,
    bytes: &'static [u8],
    /// The face as the shaper knows it.
    pub font: Font,
    /// The codes of the glyphs with the words they stand for: one glyph may stand for several letters, and each of
    /// these has a code of its own, so that copying a text gives back what was written.
    codes: BTreeMap<(u16, String), u16>,
    used: Vec<Used>,
}

/// A glyph that is used.
struct Used {
    glyph: u16,
    text: String,
    width: u16,
}

/// A face as it goes into a document.
pub struct Embedded {
    /// What the document calls it.
    pub id: FontId,
    /// The part of it that is used.
    pub font: PdfFont,
    /// Its name with the tag of a part.
    pub name: String,
    /// Which glyph of the part each code means, two bytes each.
    pub glyphs: Vec<u8>,
    /// What each code stands for.
    pub texts: Vec<(u16, String)>,
}

impl Face {
    /// Returns the code of a glyph that stands for a text.
    pub fn code(&mut self, glyph: u16, text: &str, width: u16) -> u16 {
        if let Some(code) = self.codes.get(&(glyph, text.to_owned())) {
            return *code;
        }
        // Code 0 is the glyph for what a face does not have.
        let Ok(code) = u16::try_from(self.used.len() + 1) else { return 0 };
        self.codes.insert((glyph, text.to_owned()), code);
        self.used.push(Used { glyph, text: text.to_owned(), width });
        code
    }

    /// Returns the width of a code in thousandths of the size, as the document says it.
    pub fn width(&self, code: u16) -> f64 {
        let used = usize::from(code).checked_sub(1).and_then(|index| self.used.get(index));
        used.map_or(0.0, |used| (f64::from(used.width) * 1_000.0 / self.units()).trunc())
    }

    /// Returns the glyph of a code, 0 for one that the face does not have.
    #[cfg(test)]
    pub fn glyph(&self, code: u16) -> u16 {
        let used = usize::from(code).checked_sub(1).and_then(|index| self.used.get(index));
        used.map_or(0, |used| used.glyph)
    }

    /// Returns what a code stands for.
    #[cfg(test)]
    pub fn text(&self, code: u16) -> &str {
        let used = usize::from(code).checked_sub(1).and_then(|index| self.used.get(index));
        used.map_or("", |used| &used.text)
    }

    /// Returns the units of one size.
    pub fn units(&self) -> f64 {
        f64::from(self.font.units_per_em().max(1))
    }

    fn embed(&self, number: usize) -> Result<Option<Embedded>, PdfError> {
        if self.used.is_empty() {
            return Ok(None);
        }
        let mut part = GlyphRemapper::new();
        let mut glyphs = vec![0, 0];
        for used in &self.used {
            glyphs.extend(part.remap(used.glyph).to_be_bytes());
        }
        let bytes = subsetter::subset(self.bytes, 0, &part).map_err(|error| PdfError::Font(self.name, error))?;
        let codes = || (1u16..).zip(&self.used);
        let name = format!("{SUBSET_TAG}+{}", self.name);
        let metrics = self.font.metrics();
        let units_per_em = self.font.units_per_em();
        let whole = |value: f64| value.round() as i16;
        let (bounds, line) = (&metrics.bounds, metrics.h_line().unwrap_or_default());
        let font = ParsedFont {
            original_bytes: bytes,
            font_index: 0,
            font_name: Some(name.clone()),
            codepoint_to_glyph: BTreeMap::new(),
            glyph_widths: codes().map(|(code, used)| (code, used.width)).collect(),
            units_per_em,
            font_metrics: FontMetrics {
                ascent: whole(line.ascender.to_f64()),
                descent: whole(line.descender.to_f64()),
            },
            font_type: FontType::TrueType,
            pdf_font_metrics: PdfFontMetricsStub {
                units_per_em,
                x_min: whole(bounds.x_min.to_f64()),
                y_min: whole(bounds.y_min.to_f64()),
                x_max: whole(bounds.x_max.to_f64()),
                y_max: whole(bounds.y_max.to_f64()),
                us_weight_class: if self.name.ends_with("SemiBold") { 600 } else { 400 },
                ..PdfFontMetricsStub::default()
            },
        };
        Ok(Some(Embedded {
            id: id(number),
            font: PdfFont::new(font),
            name,
            glyphs,
            texts: codes().map(|(code, used)| (code, used.text.clone())).collect(),
        }))
    }
}

/// Returns what a document calls a face.
pub fn id(number: usize) -> FontId {
    FontId(format!("F{}", number + 1))
}

/// All faces.
pub struct Fonts {
    /// The faces, two of each script.
    pub faces: Vec<Face>,
}

impl Fonts {
    /// Reads the faces.
    pub fn read() -> Result<Self, PdfError> {
        let face = |(name, bytes): (&'static str, &'static [u8])| {
            let font = Font::new(bytes, 0).ok_or(PdfError::Unread(name))?;
            Ok(Face { name, bytes, font, codes: BTreeMap::new(), used: Vec::new() })
        };
        Ok(Self { faces: FILES.into_iter().map(face).collect::<Result<_, PdfError>>()? })
    }

    /// Returns the number of the face for a script in a weight.
    pub fn number(script: Script, weight: Weight) -> usize {
        let first = match script {
            Script::Western => 0,
            Script::Arabic => 2,
            Script::Hebrew => 4,
        };
        first + usize::from(weight == Weight::Strong)
    }

    /// Returns whether the face for a script has a letter.
    pub fn has(&self, script: Script, letter: char) -> bool {
        let face = self.faces.get(Self::number(script, Weight::Regular));
        face.is_some_and(|face| face.font.charmap().map_unicode(letter).is_some())
    }

    /// Returns the faces that are used, each reduced to the glyphs that are.
    pub fn embedded(&self) -> Result<Vec<Embedded>, PdfError> {
        let faces = self.faces.iter().enumerate().map(|(number, face)| face.embed(number));
        Ok(faces.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}
