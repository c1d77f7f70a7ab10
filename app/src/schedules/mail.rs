//! What the mail of a schedule says: the table of its report as text and as HTML, and the same as a file.

use db::schedules::Outgoing;
use domain::report::Report as Document;
use domain::reports;
use domain::schedules::next;
use domain::time::Timestamp;
use leptos_i18n::Locale as _;

use super::words;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::notices::mail::{Attachment, Letter};
use crate::paper::pen::Paper;
use crate::reports::paper::on_paper;
use crate::reports::{Told, told, told_csv};

/// Columns of the table in a text have at most so many letters, so that lines stay whole.
const COLUMN_CHARS_MAX: usize = 40;

/// The sentences around the table.
struct Around {
    hello: String,
    intro: String,
    nothing: Option<&'static str>,
    attached: Option<&'static str>,
    open: Option<(&'static str, String)>,
    foot: [String; 2],
}

/// Returns the mail of a schedule as whoever gets it reads it: in a language, on the clock of their time zone.
#[must_use]
pub fn letter(outgoing: &Outgoing, public: &str, now: Timestamp, locale: Locale) -> Letter {
    format::in_language(locale, || written(outgoing, public, now, locale))
}

fn written(outgoing: &Outgoing, public: &str, now: Timestamp, locale: Locale) -> Letter {
    let (day, minute) = next::wall(now, &outgoing.zone);
    let (name, date) = (outgoing.report.name.clone(), format::date(day));
    let told = told(&outgoing.answer, locale);
    let timing = &outgoing.schedule.timing;
    let owner = outgoing.owner.clone();
    let intro = td_string!(
        locale,
        schedules.mail_intro,
        name = name.clone(),
        date = date.clone(),
        time = words::clock(minute),
        zone = outgoing.zone.clone()
    );
    let when = words::when(timing, locale);
    let why = td_string!(locale, schedules.mail_why, name = owner.clone(), when = when, zone = timing.zone.clone());
    let around = Around {
        hello: td_string!(locale, schedules.mail_hello, name = outgoing.name.clone()),
        intro,
        nothing: (outgoing.answer.whole.count == 0).then(|| td_string!(locale, schedules.mail_nothing)),
        attached: match (outgoing.schedule.csv, outgoing.schedule.pdf) {
            (true, true) => Some(td_string!(locale, schedules.mail_attached_both)),
            (false, true) => Some(td_string!(locale, schedules.mail_attached_pdf)),
            (true, false) => Some(td_string!(locale, schedules.mail_attached)),
            (false, false) => None,
        },
        open: outgoing.inside.then(|| {
            let href = format!("{public}/reports?report={}", outgoing.report.id);
            (td_string!(locale, schedules.mail_open), href)
        }),
        foot: [why, td_string!(locale, schedules.mail_stop, name = owner)],
    };
    Letter {
        id: outgoing.id.to_string(),
        to: outgoing.to.clone(),
        to_name: outgoing.name.clone(),
        subject: td_string!(locale, schedules.mail_subject, name = name, date = date),
        text: text(&around, &told),
        html: html(&around, &told, locale),
        stop: None,
        attachments: attachments(outgoing, now, locale),
    }
}

/// Returns the report of a mail on paper.
#[must_use]
pub fn document(outgoing: &Outgoing, paper: &Paper) -> Document {
    paper.written(&outgoing.people, || on_paper(&outgoing.report.name, &outgoing.answer, paper))
}

/// Returns the files of a mail that are text.
fn attachments(outgoing: &Outgoing, now: Timestamp, locale: Locale) -> Vec<Attachment> {
    let csv = outgoing.schedule.csv.then(|| Attachment {
        name: reports::file_name(now),
        mime: "text/csv; charset=utf-8".to_owned(),
        bytes: told_csv(&outgoing.answer, locale).into_bytes(),
    });
    csv.into_iter().collect()
}

fn text(around: &Around, told: &Told) -> String {
    let mut text = format!("{}\n\n{}\n\n", around.hello, around.intro);
    match around.nothing {
        Some(nothing) => text.push_str(&format!("{nothing}\n")),
        None => text.push_str(&lines(told)),
    }
    text.push_str(&format!("\n{}\n", told.groups));
    if let Some(attached) = around.attached {
        text.push_str(&format!("{attached}\n"));
    }
    if let Some((label, href)) = &around.open {
        text.push_str(&format!("{label}: {href}\n"));
    }
    text.push_str(&format!("\n-- \n{}\n{}\n", around.foot[0], around.foot[1]));
    text
}

/// Returns the table in columns of letters: names at the left, numbers at the right.
fn lines(told: &Told) -> String {
    let rows: Vec<&Vec<String>> = [&told.headings].into_iter().chain(&told.rows).chain([&told.whole]).collect();
    let short = |cell: &str| -> String { one_line(cell).chars().take(COLUMN_CHARS_MAX).collect() };
    let widths: Vec<usize> = (0..told.headings.len())
        .map(|place| rows.iter().filter_map(|row| row.get(place)).map(|cell| short(cell).chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(place, (cell, width))| match place {
            0 => format!("{:<width$}", short(cell)),
            _ => format!("{:>width$}", short(cell)),
        });
        text.push_str(cells.collect::<Vec<_>>().join("   ").trim_end());
        text.push('\n');
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Programs that show mail know few styles, and those only beside the text.
fn html(around: &Around, told: &Told, locale: Locale) -> String {
    let mut body = format!("<p>{}</p><p>{}</p>", escape(&around.hello), escape(&around.intro));
    match around.nothing {
        Some(nothing) => body.push_str(&format!("<p>{}</p>", escape(nothing))),
        None => body.push_str(&table(told)),
    }
    let quiet = |text: &str| format!("<p style=\"margin:8px 0;color:#4b5a63\">{}</p>", escape(text));
    body.push_str(&quiet(&told.groups));
    body.extend(around.attached.map(quiet));
    if let Some((label, href)) = &around.open {
        body.push_str(&format!(
            "<p style=\"margin:20px 0\"><a href=\"{}\" style=\"color:#0b6b6b;font-weight:600\">{}</a></p>",
            escape(href),
            escape(label)
        ));
    }
    let foot = format!(
        "<p style=\"margin:32px 0 0;color:#4b5a63;font-size:13px\">{}<br>{}</p>",
        escape(&around.foot[0]),
        escape(&around.foot[1])
    );
    format!(
        "<!DOCTYPE html><html lang=\"{}\" dir=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"></head><body style=\"margin:0;padding:24px;background:#ffffff;color:#16242c;\
         font:15px/1.5 system-ui,sans-serif\"><div style=\"max-width:680px;margin:0 auto\">{body}{foot}</div></body></html>",
        locale.as_str(),
        locale.direction().as_str()
    )
}

fn table(told: &Told) -> String {
    const CELL: &str = "padding:6px 10px;border-bottom:1px solid #d9e0e4";
    let row = |cells: &[String], tag: &str, weight: u16| {
        let cell = |(place, text): (usize, &String)| {
            let side = if place == 0 { "start" } else { "end" };
            format!("<{tag} style=\"{CELL};text-align:{side};font-weight:{weight}\">{}</{tag}>", escape(text))
        };
        format!("<tr>{}</tr>", cells.iter().enumerate().map(cell).collect::<String>())
    };
    let rows: String = told.rows.iter().map(|cells| row(cells, "td", 400)).collect();
    format!(
        "<table style=\"border-collapse:collapse;width:100%;margin:16px 0\"><thead>{}</thead><tbody>{rows}{}</tbody></table>",
        row(&told.headings, "th", 600),
        row(&told.whole, "td", 600)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
