//! What a mail says: as text and as plain HTML, without pictures and without anything that would tell when it is read.

use db::notices::Outgoing;
use domain::accounts::AccountRow;
use domain::notices::{Channel, Notice, Parcel, hours};
use domain::time::Timestamp;
use leptos_i18n::Locale as _;

use super::words::{Words, words};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::today::Overview;

/// A mail, ready to be handed to a mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What names it, the same at every try.
    pub id: String,
    /// The person's address.
    pub to: String,
    /// The person's name.
    pub to_name: String,
    /// Its subject.
    pub subject: String,
    /// What it says as text.
    pub text: String,
    /// What it says as HTML.
    pub html: String,
    /// The address that ends such mail at once, for mail that comes again.
    pub stop: Option<String>,
    /// The files that come with it.
    pub attachments: Vec<Attachment>,
}

/// A file that comes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, of plain letters.
    pub name: String,
    /// What it is.
    pub mime: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Where the links of a mail lead.
#[derive(Clone, Debug)]
pub struct Links {
    /// The public address of Keepwell, without a slash at the end.
    pub public: String,
    /// The token that ends such mail.
    pub token: String,
}

/// One line of a mail: what it says, what follows, and where it leads.
struct Line {
    title: String,
    text: String,
    href: String,
}

/// A part of a mail with a heading.
struct Section {
    heading: Option<String>,
    lines: Vec<Line>,
}

/// Returns the mail of a message; `today` is what Today shows to the person, for digests.
#[must_use]
pub fn letter(outgoing: &Outgoing, today: Option<&Overview>, links: &Links, now: Timestamp) -> Letter {
    let locale = Locale::default();
    let (user, parcel) = (&outgoing.user, outgoing.delivery.parcel);
    let sections = match (parcel, today) {
        (Parcel::Test, _) => vec![paragraph(td_string!(locale, notices.test_text))],
        (Parcel::Digest, Some(today)) => digest(&outgoing.notices, today, &links.public, locale),
        _ => vec![Section { heading: None, lines: lines(&outgoing.notices, &links.public, locale) }],
    };
    let day = hours::wall(now, &outgoing.preferences.zone).map_or(now, |(date, ..)| Timestamp::from_date(date));
    let stop = format!("{}/unsubscribe?token={}", links.public, links.token);
    let foot = Foot {
        why: td_string!(locale, notices.mail_why),
        change: (td_string!(locale, notices.mail_change), format!("{}/settings/notifications", links.public)),
        stop: (td_string!(locale, notices.mail_stop), stop.clone()),
    };
    let hello = td_string!(locale, notices.hello, name = user.name.clone());
    Letter {
        id: outgoing.delivery.id.to_string(),
        to: user.email.clone(),
        to_name: user.name.clone(),
        subject: subject(outgoing, day, locale),
        text: text(&hello, &sections, &foot),
        html: html(locale, &hello, &sections, &foot),
        stop: (parcel != Parcel::Test).then_some(stop),
        attachments: Vec::new(),
    }
}

fn subject(outgoing: &Outgoing, day: Timestamp, locale: Locale) -> String {
    let date = format::date(day);
    match (outgoing.delivery.parcel, outgoing.notices.as_slice()) {
        (Parcel::Test, _) => td_string!(locale, notices.mail_test).to_owned(),
        (Parcel::Digest, _) if outgoing.delivery.channel == Channel::DigestWeekly => {
            td_string!(locale, notices.mail_weekly, date = date)
        }
        (Parcel::Digest, _) => td_string!(locale, notices.mail_daily, date = date),
        (_, [one]) => td_string!(locale, notices.mail_one, title = words(one, locale).title),
        (_, many) => {
            td_string!(locale, notices.mail_many, n = format::integer(i64::try_from(many.len()).unwrap_or(i64::MAX)))
        }
    }
}

fn paragraph(text: &str) -> Section {
    Section { heading: None, lines: vec![Line { title: text.to_owned(), text: String::new(), href: String::new() }] }
}

fn lines(notices: &[Notice], public: &str, locale: Locale) -> Vec<Line> {
    let line = |notice: &Notice| {
        let Words { title, text } = words(notice, locale);
        Line { title, text, href: format!("{public}{}", notice.href()) }
    };
    notices.iter().map(line).collect()
}

/// What Today says, in its order: what needs the person first.
fn digest(notices: &[Notice], today: &Overview, public: &str, locale: Locale) -> Vec<Section> {
    let portfolio = &today.portfolio;
    let href = |row: &AccountRow| format!("{public}/accounts/{}", row.account.id);
    let score =
        |row: &AccountRow| row.health.as_ref().map_or_else(|| "–".to_owned(), |health| format::score(health.score));
    let value = |row: &AccountRow| {
        row.account.annual().map(|annual| td_string!(locale, notices.mail_per_year, value = format::money(annual)))
    };
    let needs = portfolio.at_risk.iter().map(|row| {
        let reason = today.reasons.iter().find(|reason| reason.account == row.account.id);
        let parts = [reason.map(|reason| reason.words(locale)), value(row)];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Line { title: format!("{} ({})", row.account.name, score(row)), text, href: href(row) }
    });
    let renewals = portfolio.renewals.iter().map(|row| {
        let date = row.account.renewal_at.map(format::date).unwrap_or_default();
        let parts = [Some(td_string!(locale, notices.mail_renews, date = date)), value(row)];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Line { title: row.account.name.clone(), text, href: href(row) }
    });
    let moved = |rows: &[AccountRow]| -> Vec<Line> {
        rows.iter()
            .map(|row| {
                let trend = row.health.as_ref().and_then(|health| health.trend_7d).map(format::signed_points);
                let text = format!("{} → {}", trend.unwrap_or_default(), score(row));
                Line { title: row.account.name.clone(), text, href: href(row) }
            })
            .collect()
    };
    let section = |heading: &str, lines: Vec<Line>| Section { heading: Some(heading.to_owned()), lines };
    let accounts = format::integer(i64::from(portfolio.accounts));
    let mut sections = vec![paragraph(&td_string!(locale, notices.mail_portfolio, n = accounts))];
    sections.push(section(td_string!(locale, notices.mail_needs), needs.collect()));
    sections.push(section(td_string!(locale, notices.mail_news), lines(notices, public, locale)));
    sections.push(section(td_string!(locale, notices.mail_renewals), renewals.collect()));
    sections.push(section(td_string!(locale, notices.mail_fell), moved(&portfolio.fell)));
    sections.push(section(td_string!(locale, notices.mail_rose), moved(&portfolio.rose)));
    sections.retain(|section| !section.lines.is_empty());
    if sections.len() == 1 {
        sections.push(paragraph(td_string!(locale, notices.mail_quiet)));
    }
    sections
}

/// What stands at the end of every mail.
struct Foot {
    why: &'static str,
    change: (&'static str, String),
    stop: (&'static str, String),
}

fn text(hello: &str, sections: &[Section], foot: &Foot) -> String {
    let mut text = format!("{hello}\n");
    for section in sections {
        text.push('\n');
        if let Some(heading) = &section.heading {
            text.push_str(&format!("{heading}\n\n"));
        }
        for line in &section.lines {
            let bullet = if line.href.is_empty() { "" } else { "- " };
            text.push_str(&format!("{bullet}{}\n", one_line(&line.title)));
            for more in [&line.text, &line.href].into_iter().filter(|more| !more.is_empty()) {
                text.push_str(&format!("  {}\n", one_line(more)));
            }
        }
    }
    text.push_str(&format!("\n-- \n{}\n", foot.why));
    for (label, href) in [&foot.change, &foot.stop] {
        text.push_str(&format!("{label}: {href}\n"));
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Programs that show mail know few styles, and those only beside the text.
fn html(locale: Locale, hello: &str, sections: &[Section], foot: &Foot) -> String {
    let mut body = format!("<p>{}</p>", escape(hello));
    for section in sections {
        if let Some(heading) = &section.heading {
            body.push_str(&format!("<h2 style=\"font-size:16px;margin:24px 0 8px\">{}</h2>", escape(heading)));
        }
        for line in &section.lines {
            let title = escape(&line.title);
            let title = if line.href.is_empty() {
                title
            } else {
                format!("<a href=\"{}\" style=\"color:#0b6b6b;font-weight:600\">{title}</a>", escape(&line.href))
            };
            let more = if line.text.is_empty() {
                String::new()
            } else {
                format!("<br><span style=\"color:#4b5a63\">{}</span>", escape(&line.text))
            };
            body.push_str(&format!("<p style=\"margin:0 0 12px\">{title}{more}</p>"));
        }
    }
    let link = |(label, href): &(&str, String)| {
        format!("<a href=\"{}\" style=\"color:#4b5a63\">{}</a>", escape(href), escape(label))
    };
    let foot = format!(
        "<p style=\"margin:32px 0 0;color:#4b5a63;font-size:13px\">{}<br>{} · {}</p>",
        escape(foot.why),
        link(&foot.change),
        link(&foot.stop)
    );
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"></head><body style=\"margin:0;padding:24px;background:#ffffff;color:#16242c;\
         font:15px/1.5 system-ui,sans-serif\"><div style=\"max-width:600px;margin:0 auto\">{body}{foot}</div></body></html>",
        locale.as_str()
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
