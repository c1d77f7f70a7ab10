//! From pages to the bytes of a file, the same for the same pages.

use std::fmt::Write as _;

use lopdf::{Dictionary, Object, Stream, StringFormat};
use printpdf::{
    Actions, BorderArray, Codepoint, Color, LineCapStyle, LineDashPattern, LineJoinStyle, LinePoint, LinkAnnotation,
    Mm, OffsetDateTime, Op, PageAnnotId, PageAnnotation, PaintMode, PdfDocument, PdfFontHandle, PdfPage,
    PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rect, Rgb, TextItem, TextMatrix, WindingOrder,
};
use sha2::{Digest, Sha256};

use super::PdfError;
use super::colours::Colour;
use super::fonts::{Embedded, Fonts, id};
use super::page::{Area, Item, PAGE_HEIGHT, PAGE_WIDTH, Page, Paint};
use super::shape::{Glyph, Line};

/// How far the ends of a curve pull, so that four of them look like a circle.
const ROUND: f32 = 0.552_285;
/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;
/// Corrections below this share of a thousandth of the size are rounding.
const LEAST_SHIFT: f64 = 0.01;
/// Lines of a map from codes to letters that stand in one of its parts.
const MAP_LINES_MAX: usize = 100;

/// What a file says of itself.
pub struct Sayings<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its language.
    pub language: &'a str,
    /// Whether it is read from the right.
    pub right_to_left: bool,
    /// Seconds since 1970 of the moment it tells of.
    pub at: i64,
    /// The bookmarks: a name and the number of a page, counted from one.
    pub bookmarks: &'a [(String, usize)],
}

/// Returns the file.
pub fn write(pages: Vec<Page>, sayings: &Sayings<'_>, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let mut file = PdfDocument::new(sayings.title);
    let info = &mut file.metadata.info;
    "Keepwell".clone_into(&mut info.creator);
    "Keepwell".clone_into(&mut info.producer);
    // A moment that no calendar knows leaves the day that dates are counted from.
    if let Ok(at) = OffsetDateTime::from_unix_timestamp(sayings.at) {
        (info.creation_date, info.modification_date, info.metadata_date) = (at, at, at);
    }
    for (index, (name, page)) in sayings.bookmarks.iter().enumerate() {
        let bookmark = PageAnnotation { name: name.clone(), page: *page };
        file.bookmarks.map.insert(PageAnnotId(format!("B{index:05}")), bookmark);
    }
    let embedded = fonts.embedded()?;
    for face in &embedded {
        file.resources.fonts.map.insert(face.id.clone(), face.font.clone());
    }
    let page = |page: Page| {
        let ops = page.items.iter().flat_map(|item| ops(item, fonts)).collect();
        PdfPage::new(Mm(PAGE_WIDTH / MM), Mm(PAGE_HEIGHT / MM), ops)
    };
    file.pages = pages.into_iter().map(page).collect();
    let mut document = file.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    drop(file);
    finish(&mut document, sayings, &embedded)?;
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

fn ops(item: &Item, fonts: &Fonts) -> Vec<Op> {
    match item {
        Item::Text { line, x, y, size, colour } => text(line, (*x, *y), (*size, *colour), fonts),
        Item::Rect { area, radius, colour } => {
            let shape = polygon(if *radius > 0.0 { rounded(area, *radius) } else { corners(area) });
            vec![fill(*colour), Op::DrawPolygon { polygon: shape }]
        }
        Item::Path { points, paint: Paint::Fill, colour } => {
            let ring = points.iter().map(|(x, y)| point(*x, *y)).collect();
            vec![fill(*colour), Op::DrawPolygon { polygon: polygon(ring) }]
        }
        Item::Path { points, paint: Paint::Line(width), colour } => stroke(points, *width, &[], *colour),
        Item::Path { points, paint: Paint::Dashes(width), colour } => stroke(points, *width, &[2.0, 2.0], *colour),
        Item::Link { area, href } => vec![Op::LinkAnnotation { link: link(area, href) }],
    }
}

fn rgb(colour: Colour) -> Color {
    let part = |part: u8| f32::from(part) / 255.0;
    Color::Rgb(Rgb { r: part(colour.0), g: part(colour.1), b: part(colour.2), icc_profile: None })
}

fn fill(colour: Colour) -> Op {
    Op::SetFillColor { col: rgb(colour) }
}

/// Pages are drawn from their upper edge, files count from the lower one.
fn point(x: f32, y: f32) -> LinePoint {
    LinePoint { p: Point { x: Pt(x), y: Pt(PAGE_HEIGHT - y) }, bezier: false }
}

fn corners(area: &Area) -> Vec<LinePoint> {
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    vec![point(area.x, area.y), point(right, area.y), point(right, bottom), point(area.x, bottom)]
}

fn rounded(area: &Area, radius: f32) -> Vec<LinePoint> {
    let radius = radius.min(area.width / 2.0).min(area.height / 2.0);
    let (left, top, right, bottom) = (area.x, area.y, area.x + area.width, area.y + area.height);
    let pull = radius * (1.0 - ROUND);
    let bent = |x: f32, y: f32| LinePoint { bezier: true, ..point(x, y) };
    vec![
        point(left + radius, top),
        point(right - radius, top),
        bent(right - pull, top),
        bent(right, top + pull),
        point(right, top + radius),
        point(right, bottom - radius),
        bent(right, bottom - pull),
        bent(right - pull, bottom),
        point(right - radius, bottom),
        point(left + radius, bottom),
        bent(left + pull, bottom),
        bent(left, bottom - pull),
        point(left, bottom - radius),
        point(left, top + radius),
        bent(left, top + pull),
        bent(left + pull, top),
        point(left + radius, top),
    ]
}

fn polygon(points: Vec<LinePoint>) -> Polygon {
    Polygon { rings: vec![PolygonRing { points }], mode: PaintMode::Fill, winding_order: WindingOrder::NonZero }
}

fn stroke(points: &[(f32, f32)], width: f32, dashes: &[f32], colour: Colour) -> Vec<Op> {
    let points = points.iter().map(|(x, y)| point(*x, *y)).collect();
    vec![
        Op::SetOutlineColor { col: rgb(colour) },
        Op::SetOutlineThickness { pt: Pt(width) },
        Op::SetLineCapStyle { cap: LineCapStyle::Butt },
        Op::SetLineJoinStyle { join: LineJoinStyle::Round },
        Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, dashes) },
        Op::DrawLine { line: printpdf::Line { points, is_closed: false } },
    ]
}

fn link(area: &Area, href: &str) -> LinkAnnotation {
    let rect = Rect {
        x: Pt(area.x),
        y: Pt(PAGE_HEIGHT - area.y - area.height),
        width: Pt(area.width),
        height: Pt(area.height),
        mode: None,
        winding_order: None,
    };
    LinkAnnotation::new(rect, Actions::Uri(href.to_owned()), Some(BorderArray::Solid([0.0, 0.0, 0.0])), None, None)
}

fn text(line: &Line, (x, y): (f32, f32), (size, colour): (f32, Colour), fonts: &Fonts) -> Vec<Op> {
    let mut ops = vec![Op::StartTextSection, fill(colour)];
    let mut x = x;
    for run in line.glyphs.chunk_by(|one, next| one.face == next.face && one.up == next.up) {
        let Some(first) = run.first() else { continue };
        let font = PdfFontHandle::External(id(usize::from(first.face)));
        ops.push(Op::SetFont { font, size: Pt(size) });
        let at = (x + first.right * size, PAGE_HEIGHT - y + first.up * size);
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(at.0), Pt(at.1)) });
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(codes(run, fonts))] });
        x += run.iter().map(|glyph| glyph.advance).sum::<f32>() * size;
    }
    ops.push(Op::EndTextSection);
    ops
}

/// Returns the codes of glyphs, each with how far the pen must go back after it to where the next one stands.
fn codes(run: &[Glyph], fonts: &Fonts) -> Vec<Codepoint> {
    let Some(first) = run.first() else { return Vec::new() };
    let thousandths = |value: f32| f64::from(value) * 1_000.0;
    // The file begins where the first glyph stands.
    let (mut place, mut pen) = (-thousandths(first.right), 0.0);
    let nexts = run.iter().skip(1).map(|next| thousandths(next.right)).chain(std::iter::once(0.0));
    run.iter()
        .zip(nexts)
        .map(|(glyph, next)| {
            place += thousandths(glyph.advance);
            pen += fonts.faces.get(usize::from(glyph.face)).map_or(0.0, |face| face.width(glyph.code));
            let back = pen - (place + next);
            let back = if back.abs() < LEAST_SHIFT { 0.0 } else { back };
            pen -= back;
            Codepoint::new(glyph.code, back as f32)
        })
        .collect()
}

/// Says what the library does not: the language, what letters the codes stand for, and a name made from the content.
fn finish(document: &mut lopdf::Document, sayings: &Sayings<'_>, embedded: &[Embedded]) -> Result<(), PdfError> {
    "1.7".clone_into(&mut document.version);
    for face in embedded {
        name_letters(document, face);
    }
    let text = |text: &str| Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    let mut preferences = Dictionary::new();
    preferences.set("DisplayDocTitle", true);
    preferences.set("Direction", if sayings.right_to_left { "R2L" } else { "L2R" });
    let catalog = document.catalog_mut()?;
    catalog.set("Lang", text(sayings.language));
    catalog.set("ViewerPreferences", preferences);
    catalog.set("PageMode", if sayings.bookmarks.len() > 1 { "UseOutlines" } else { "UseNone" });
    let mut digest = Sha256::new();
    digest.update(sayings.title);
    digest.update(sayings.at.to_be_bytes());
    for object in document.objects.values() {
        if let Object::Stream(stream) = object {
            digest.update(&stream.content);
        }
    }
    let name = Object::String(digest.finalize().iter().take(16).copied().collect(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![name.clone(), name]);
    Ok(())
}

/// Tells what the codes of a face mean: which glyph is drawn, and which letters are copied.
fn name_letters(document: &mut lopdf::Document, face: &Embedded) {
    let is_face = |object: &Object| {
        let font = object.as_dict().ok().filter(|font| font.has(b"DescendantFonts"));
        font.and_then(|font| font.get(b"BaseFont").and_then(Object::as_name).ok()) == Some(face.name.as_bytes())
    };
    let found = document.objects.iter().find(|(_, object)| is_face(object)).map(|(id, _)| *id);
    let Some(found) = found else { return };
    let glyphs = document.add_object(Stream::new(Dictionary::new(), face.glyphs.clone()));
    let letters = document.add_object(Stream::new(Dictionary::new(), letters(face).into_bytes()));
    let Ok(font) = document.get_object_mut(found).and_then(Object::as_dict_mut) else { return };
    font.set("ToUnicode", Object::Reference(letters));
    let descendants = font.get_mut(b"DescendantFonts").and_then(Object::as_array_mut);
    let Some(Object::Dictionary(descendant)) = descendants.ok().and_then(|list| list.first_mut()) else { return };
    descendant.set("CIDToGIDMap", Object::Reference(glyphs));
}

/// Writes the map from codes to letters.
fn letters(face: &Embedded) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let told: Vec<&(u16, String)> = face.texts.iter().filter(|(_, text)| !text.is_empty()).collect();
    for part in told.chunks(MAP_LINES_MAX) {
        // Writing to a string cannot fail.
        let _ = writeln!(map, "{} beginbfchar", part.len());
        for (code, text) in part {
            let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            let _ = writeln!(map, "<{code:04X}> <{units}>");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    map
}
