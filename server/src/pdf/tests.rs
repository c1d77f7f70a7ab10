use domain::chart::{self, Mark, Size, Tone, Waterfall};
use domain::report::{Bar, Block, Cell, Chapter, Column, Look, Report, Row, RowLook, Table};
use domain::time::Timestamp;

use super::fonts::Weight;
use super::page::{BOTTOM, Item, MARGIN, PAGE_WIDTH, Page, TOP, WIDTH};
use super::shape::{LINES_MAX, Shaper};
use super::{blocks, chart as picture, pages, render};

mod kinds;

fn report(language: &str, blocks: Vec<Block>) -> Report {
    Report {
        title: "Northwind".to_owned(),
        language: language.to_owned(),
        head: "Customer health report".to_owned(),
        foot: "As of 21 Nov 2026".to_owned(),
        at: Timestamp(1_795_250_000_000),
        chapters: vec![Chapter { name: "Northwind".to_owned(), blocks }],
    }
}

fn heading(text: &str) -> Block {
    Block::Heading { text: text.to_owned(), note: String::new() }
}

fn text(text: &str) -> Block {
    Block::Text { text: text.to_owned(), look: Look::Plain }
}

fn table(rows: usize) -> Block {
    let columns = vec![Column::new("Measure", 3.0), Column::numbers("Points", 1.0)];
    let row = |number| Row::plain(vec![Cell::text(format!("Row {number}")), Cell::text("12.5")]);
    Block::Table(Table { columns, rows: (0..rows).map(row).collect() })
}

/// The texts of a page between its head and its foot, from top to bottom.
fn body(page: &Page) -> Vec<String> {
    let mut texts: Vec<(f32, f32, String)> = page
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Text { line, x, y, .. } if (TOP..BOTTOM).contains(y) => Some((*y, *x, line.text.clone())),
            _ => None,
        })
        .collect();
    texts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    texts.into_iter().map(|(.., text)| text).collect()
}

fn laid_out(report: &Report) -> Vec<Page> {
    pages(report, &mut Shaper::new().unwrap())
}

#[test]
fn the_same_report_is_the_same_file() {
    let blocks = vec![heading("Ελλάδα"), text("Добрый день, שלום, مرحبا."), table(60)];
    let bytes = render(&report("en", blocks.clone())).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(render(&report("en", blocks)).unwrap(), bytes);
    assert_ne!(render(&report("en", vec![heading("Ελλάς")])).unwrap(), bytes);
}

#[test]
fn a_report_of_nobody_still_opens() {
    let empty = Report { chapters: Vec::new(), ..report("en", Vec::new()) };
    assert_eq!(lopdf::Document::load_mem(&render(&empty).unwrap()).unwrap().get_pages().len(), 1);
}

#[test]
fn every_letter_of_five_scripts_has_a_glyph_and_gives_back_its_word() {
    let mut shaper = Shaper::new().unwrap();
    for (words, reads) in [
        ("Größe, façade, Łódź: −3.5 % · €1,250 ≥ “ok” …", None),
        ("Ελληνική Επιχείρηση", None),
        ("Ромашка Ёлка Київ", None),
        ("חברת הדוגמה", Some("המגודה תרבח")),
        ("شركة النور", None),
    ] {
        for weight in [Weight::Regular, Weight::Strong] {
            let line = shaper.line(words, weight);
            let faces = &shaper.fonts.faces;
            let missing = line.glyphs.iter().filter(|glyph| faces[usize::from(glyph.face)].glyph(glyph.code) == 0);
            assert_eq!(missing.count(), 0, "{words}");
            let told: String =
                line.glyphs.iter().map(|glyph| faces[usize::from(glyph.face)].text(glyph.code)).collect();
            let mut letters: Vec<char> = told.chars().collect();
            let mut wanted: Vec<char> = words.chars().collect();
            letters.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(letters, wanted, "{words}");
            if let Some(reads) = reads {
                assert_eq!(told, reads);
            }
            assert!(line.width > 0.0);
        }
    }
}

#[test]
fn arabic_letters_are_joined_and_stand_from_right_to_left() {
    let mut shaper = Shaper::new().unwrap();
    let glyphs = |shaper: &mut Shaper, text: &str| -> Vec<u16> {
        let line = shaper.line(text, Weight::Regular);
        let face = |glyph: &super::shape::Glyph| shaper.fonts.faces[usize::from(glyph.face)].glyph(glyph.code);
        line.glyphs.iter().map(face).collect()
    };
    let (alone, joined) = (glyphs(&mut shaper, "س"), glyphs(&mut shaper, "سسس"));
    assert_eq!(joined.len(), 3);
    assert!(!joined.contains(&alone[0]), "{alone:?} {joined:?}");
    // A name between Latin words keeps its place, and a number in it its order.
    let line = shaper.line("Account شركة 12 (EU)", Weight::Regular);
    let faces = &shaper.fonts.faces;
    let told: String = line.glyphs.iter().map(|glyph| faces[usize::from(glyph.face)].text(glyph.code)).collect();
    assert!(told.starts_with("Account ") && told.ends_with(" (EU)") && told.contains("12"), "{told}");
}

#[test]
fn marks_that_steer_the_direction_are_left_out() {
    let mut shaper = Shaper::new().unwrap();
    assert_eq!(shaper.line("a\u{202e}b\tc\u{0}", Weight::Regular).text, "ab c");
}

#[test]
fn lines_are_no_wider_than_their_room() {
    let mut shaper = Shaper::new().unwrap();
    let room = 12.0;
    let long =
        "The account uses the product on most days, and Donaudampfschifffahrtsgesellschaftskapitän_x@example.com too.";
    let lines = shaper.wrap(long, Weight::Regular, room);
    assert!(lines.len() > 3);
    assert!(lines.iter().all(|line| line.width <= room), "{lines:?}");
    let joined: String = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("");
    assert_eq!(joined.replace(' ', ""), long.replace(' ', ""));
    let endless = shaper.wrap(&"word ".repeat(2_000), Weight::Regular, room);
    assert_eq!(endless.len(), LINES_MAX);
    assert!(endless[LINES_MAX - 1].text.ends_with('…'));
    assert_eq!(shaper.wrap(" \n ", Weight::Regular, room).len(), 0);
    assert!(!shaper.wrap("no room at all", Weight::Regular, 0.0).is_empty());
}

#[test]
fn the_head_of_a_table_stands_again_on_each_page() {
    let laid = laid_out(&report("en", vec![heading("Measures"), table(120)]));
    assert!(laid.len() > 2, "{}", laid.len());
    let mut rows = 0;
    for (number, page) in laid.iter().enumerate() {
        let texts = body(page);
        let head = if number == 0 { &texts[1..3] } else { &texts[..2] };
        assert_eq!(head, ["Measure", "Points"], "page {number}");
        rows += texts.iter().filter(|text| text.starts_with("Row ")).count();
    }
    assert_eq!(rows, 120);
}

#[test]
fn a_heading_is_never_the_last_thing_on_a_page() {
    // Whatever stands before it, what follows a heading is on its page.
    for lines in 30..42 {
        let mut blocks: Vec<Block> = (0..lines).map(|line| text(&format!("Line {line}"))).collect();
        blocks.extend([heading("Measures"), table(3), heading("Empty"), text("Nothing.")]);
        for page in laid_out(&report("en", blocks)) {
            let texts = body(&page);
            let last = texts.last().unwrap();
            assert!(last != "Measures" && last != "Empty" && last != "Points", "{lines}: {texts:?}");
        }
    }
}

#[test]
fn a_group_stays_with_its_rows_and_a_total_with_what_it_adds_up() {
    let row = |name: &str, look| Row { cells: vec![Cell::text(name)], look };
    for lines in 30..42 {
        let mut rows: Vec<Row> = (0..lines).map(|line| row(&format!("Row {line}"), RowLook::Plain)).collect();
        rows.extend([row("Group", RowLook::Group), row("Last", RowLook::Plain), row("Total", RowLook::Total)]);
        let columns = vec![Column::new("Measure", 1.0)];
        for page in laid_out(&report("en", vec![Block::Table(Table { columns, rows })])) {
            let texts = body(&page);
            assert!(texts.len() > 1, "{lines}: a page with nothing on it");
            assert_ne!(texts.last().unwrap(), "Group", "{lines}");
            assert_ne!(texts[1], "Total", "{lines}");
        }
    }
}

#[test]
fn everything_stays_within_the_margins() {
    let long = "Wirtschaftsprüfungsgesellschaftsverzeichnis ".repeat(20);
    let mut report = report("en", vec![heading(&long), text(&long), table(80)]);
    report.chapters[0].name.clone_from(&long);
    let laid = laid_out(&report);
    for page in &laid {
        for item in &page.items {
            if let Item::Text { line, x, y, size, .. } = item {
                assert!(*x >= MARGIN - 0.1 && x + line.width * size <= PAGE_WIDTH - MARGIN + 0.1, "{}", line.text);
                assert!(*y < BOTTOM || line.text.contains(" / ") || line.text.starts_with("As of"), "{}", line.text);
            }
        }
    }
    let numbers: Vec<String> = (1..=laid.len()).map(|number| format!("{number} / {}", laid.len())).collect();
    for (page, number) in laid.iter().zip(numbers) {
        assert!(page.items.iter().any(|item| matches!(item, Item::Text { line, .. } if line.text == number)));
    }
}

#[test]
fn pages_that_are_read_from_the_right_are_mirrored() {
    let begins = |language: &str| {
        let laid = laid_out(&report(language, vec![heading("123")]));
        laid[0].items.iter().find_map(|item| match item {
            Item::Text { line, x, size, .. } if line.text == "123" => Some((*x, x + line.width * size)),
            _ => None,
        })
    };
    assert_eq!(begins("en").unwrap().0, MARGIN);
    assert!((begins("ar").unwrap().1 - (PAGE_WIDTH - MARGIN)).abs() < 0.01);
}

#[test]
fn a_chart_on_paper_lies_where_it_does_on_the_screen() {
    let change = |label: &str, delta| chart::Change { label: label.to_owned(), delta };
    let layout = chart::waterfall(&Waterfall {
        size: Size { width: 720.0, height: 190.0 },
        start: None,
        changes: vec![change("Usage", 42.0), change("Tickets", -7.5)],
        total_label: "Score".to_owned(),
        words: chart::Words {
            title: "Score",
            empty: "",
            missing: "–",
            headings: Vec::new(),
            value: &|value| format!("{value}"),
            describe: &|_| String::new(),
        },
        change: &|value| format!("{value:+}"),
    });
    let piece = picture::chart(&layout, &mut Shaper::new().unwrap()).unwrap();
    let scale = WIDTH / 720.0;
    let wanted: Vec<[f32; 4]> = layout
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Rect { x, y, width, height, .. } => Some([*x, *y, *width, *height].map(|side| side as f32 * scale)),
            _ => None,
        })
        .collect();
    let drawn: Vec<[f32; 4]> = piece
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Rect { area, .. } => Some([area.x, area.y, area.width, area.height]),
            _ => None,
        })
        .collect();
    assert_eq!(wanted.len(), 3);
    assert_eq!(drawn, wanted);
    assert_eq!(piece.height, 190.0 * scale);
}

#[test]
fn a_bar_in_a_table_spans_what_the_step_does() {
    let bar = Bar { from: 25.0, to: 75.0, tone: Tone::Positive };
    let columns = vec![Column::new("", 1.0), Column::new("", 1.0)];
    let rows = vec![Row::plain(vec![Cell::text("Usage"), Cell::bar(bar)])];
    let blocks = [Block::Table(Table { columns, rows })];
    let pieces = blocks::pieces(&blocks, &mut Shaper::new().unwrap());
    let solid = super::colours::solid(Tone::Positive);
    let area = pieces[0].items.iter().find_map(|item| match item {
        Item::Rect { area, colour, .. } if *colour == solid => Some(*area),
        _ => None,
    });
    let column = (WIDTH - 10.0) / 2.0;
    let area = area.unwrap();
    assert!((area.x - (column + 10.0 + column / 4.0)).abs() < 0.01, "{area:?}");
    assert!((area.width - column / 2.0).abs() < 0.01, "{area:?}");
}
