//! The pages that strangers see through a link: drawn on the server, readable without a program, and without a way
//! further into the product.

mod document;

use db::Db;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::report::{Block, Report};
use domain::reports::Answer;
use domain::time::Timestamp;
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_i18n::Locale as _;
use leptos_meta::HashedStylesheet;

use crate::account::report::{Wanted, report};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::reports::{Told, told};
use crate::ui::chart::Drawing;

/// What stands around whatever is shown.
#[derive(Clone, Debug)]
pub struct Around {
    /// Where the styles of the product are.
    pub options: LeptosOptions,
    /// The language.
    pub locale: Locale,
}

/// A link as its page tells of it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What stands above it.
    pub name: String,
    /// Who made it.
    pub maker: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// The moment the numbers are of.
    pub at: Timestamp,
    /// Whether they were read right now.
    pub live: bool,
    /// The address of a file with the numbers, where it may be taken along.
    pub file: Option<String>,
}

/// What a page says that shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// There is no such link, or it has ended: the two are told apart to nobody.
    Gone,
    /// Its maker may not show this any more.
    Denied,
    /// Something went wrong.
    Failed,
}

/// Why a password was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked {
    /// None was given yet.
    Ask,
    /// It was wrong.
    Wrong,
    /// It was tried too often; so many seconds remain.
    Wait(u32),
}

/// Returns the health report of an account, which nothing leads out of.
pub async fn health_report(db: &Db, actor: &Actor, id: AccountId, public: &str) -> db::Result<Report> {
    let at = db.clock().now();
    let wanted = Wanted { accounts: vec![id], at, public: public.to_owned(), locale: Locale::default() };
    Ok(closed(report(db, actor, &wanted).await?))
}

/// Returns a document without links: they lead to pages that strangers cannot open.
fn closed(mut report: Report) -> Report {
    for block in report.chapters.iter_mut().flat_map(|chapter| &mut chapter.blocks) {
        match block {
            Block::Opening(opening) => opening.href = None,
            Block::Table(table) => {
                table.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| cell.href = None);
            }
            _ => {}
        }
    }
    report
}

/// Returns the page of a report.
#[must_use]
pub fn of_report(around: &Around, seen: &Seen, answer: &Answer) -> String {
    let told = told(answer, around.locale);
    let is_empty = answer.whole.count == 0;
    let locale = around.locale;
    sheet(around, &seen.name, || {
        let body = if is_empty {
            view! { <p class="empty-text">{td_string!(locale, shares.page_nothing)}</p> }.into_any()
        } else {
            view! { <Numbers told locale/> }.into_any()
        };
        let file = seen.file.clone().map(|href| (href, td_string!(locale, shares.page_csv)));
        view! { <Head seen=seen.clone() file locale/> <section class="card">{body}</section> <Foot seen=seen.clone() locale/> }
            .into_any()
    })
}

/// Returns the page of an account's health report.
#[must_use]
pub fn of_account(around: &Around, seen: &Seen, report: &Report) -> String {
    let (locale, blocks) = (around.locale, report.chapters.iter().flat_map(|chapter| chapter.blocks.clone()));
    let blocks: Vec<Block> = blocks.collect();
    sheet(around, &seen.name, || {
        let file = seen.file.clone().map(|href| (href, td_string!(locale, shares.page_pdf)));
        view! {
            <Head seen=seen.clone() file locale/>
            <section class="card"><div class="card-body stack">{document::blocks(blocks)}</div></section>
            <Foot seen=seen.clone() locale/>
        }
        .into_any()
    })
}

/// Returns the page that asks for a password.
#[must_use]
pub fn ask(around: &Around, path: &str, locked: Locked) -> String {
    let locale = around.locale;
    let title = td_string!(locale, shares.page_lock_title);
    let (action, invalid) = (path.to_owned(), (locked != Locked::Ask).then_some("true"));
    let told = invalid.map(|_| "shared-wrong");
    let wrong = match locked {
        Locked::Ask => None,
        Locked::Wrong => Some(td_string!(locale, shares.page_lock_wrong).to_owned()),
        Locked::Wait(seconds) => {
            Some(td_string!(locale, shares.page_lock_wait, seconds = format::integer(i64::from(seconds))))
        }
    };
    sheet(around, title, || {
        let wrong = wrong.map(|wrong| view! { <p class="field-error" id="shared-wrong" role="alert">{wrong}</p> });
        view! {
            <section class="card shared-notice"><div class="card-body stack">
                <h1>{title}</h1>
                <p class="muted">{td_string!(locale, shares.page_lock_text)}</p>
                <form class="stack" method="post" action=action>
                    <div class="field">
                        <label class="field-label" for="password">{td_string!(locale, shares.page_lock_label)}</label>
                        <input class="input" id="password" name="password" type="password" required autofocus
                            autocomplete="off" maxlength="256" aria-invalid=invalid aria-describedby=told/>
                        {wrong}
                    </div>
                    <button class="button" data-look="primary" type="submit">
                        {td_string!(locale, shares.page_lock_open)}
                    </button>
                </form>
            </div></section>
        }
        .into_any()
    })
}

/// Returns a page that shows nothing and says why, as far as strangers may know.
#[must_use]
pub fn nothing(around: &Around, why: Nothing) -> String {
    let locale = around.locale;
    let (title, text) = match why {
        Nothing::Gone => (td_string!(locale, shares.page_gone_title), td_string!(locale, shares.page_gone_text)),
        Nothing::Denied => (td_string!(locale, shares.page_denied_title), td_string!(locale, shares.page_denied_text)),
        Nothing::Failed => (td_string!(locale, shares.page_failed_title), td_string!(locale, shares.page_failed_text)),
    };
    sheet(around, title, || {
        view! {
            <section class="card shared-notice"><div class="card-body stack">
                <h1>{title}</h1>
                <p class="muted">{text}</p>
            </div></section>
        }
        .into_any()
    })
}

/// Draws a page of its own.
fn sheet(around: &Around, title: &str, body: impl FnOnce() -> AnyView) -> String {
    let (locale, options) = (around.locale, around.options.clone());
    let title = format!("{title} · Keepwell");
    let owner = Owner::new();
    owner.with(|| {
        view! {
            <!DOCTYPE html>
            <html lang=locale.as_str() dir=locale.direction().as_str()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="robots" content="noindex, nofollow"/>
                    <meta name="referrer" content="no-referrer"/>
                    <title>{title}</title>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    <HashedStylesheet options/>
                </head>
                <body>
                    <main class="shared stack">{body()}</main>
                </body>
            </html>
        }
        .to_html()
    })
}

/// Says what this is and who shared it.
#[component]
fn Head(seen: Seen, file: Option<(String, &'static str)>, locale: Locale) -> impl IntoView {
    let by = td_string!(locale, shares.page_by, name = seen.maker, date = format::date(seen.made));
    let moment = format::date_time(seen.at);
    let numbers = if seen.live {
        td_string!(locale, shares.page_live, moment = moment)
    } else {
        td_string!(locale, shares.page_as_of, moment = moment)
    };
    view! {
        <header class="shared-head">
            <div>
                <h1>{seen.name}</h1>
                <p class="muted">{by}" · "{numbers}</p>
            </div>
            {file.map(|(href, label)| view! { <a class="button no-paper" href=href download="">{label}</a> })}
        </header>
    }
}

/// Says once more who shared it, below all that may be cut out of it.
#[component]
fn Foot(seen: Seen, locale: Locale) -> impl IntoView {
    let by = td_string!(locale, shares.page_by, name = seen.maker, date = format::date(seen.made));
    let until = td_string!(locale, shares.page_until, date = format::date(seen.until));
    view! { <footer class="shared-foot muted"><p>{by}</p><p>{until}</p></footer> }
}

/// The bars of a report above its table.
#[component]
fn Numbers(told: Told, locale: Locale) -> impl IntoView {
    let note = told.currency.map(|currency| td_string!(locale, shares.page_bars, currency = currency.to_string()));
    let bars = told.bars.map(|[wide, narrow]| {
        view! {
            <div class="card-body stack">
                <div class="only-wide"><Drawing layout=wide class="chart"/></div>
                <div class="only-narrow"><Drawing layout=narrow class="chart"/></div>
                {note.map(|note| view! { <p class="field-hint">{note}</p> })}
            </div>
        }
    });
    let heads = told.headings.into_iter().enumerate();
    let heads = heads.map(|(place, head)| view! { <th scope="col" class=number(place)>{head}</th> }).collect_view();
    let rows = told.rows.into_iter().map(|row| view! { <tr>{cells(row)}</tr> }).collect_view();
    view! {
        <header class="card-head">
            <h2 class="card-title" id="shared-table">{told.line}</h2>
            <span class="card-sub">{told.groups}</span>
        </header>
        {bars}
        <div class="card-body" data-flush>
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby="shared-table">
                <table class="table">
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                    <tfoot><tr>{cells(told.whole)}</tr></tfoot>
                </table>
            </div>
        </div>
    }
}

/// The first column holds names, the others numbers.
fn number(place: usize) -> Option<&'static str> {
    (place > 0).then_some("number")
}

fn cells(row: Vec<String>) -> Vec<AnyView> {
    let cell = |(place, text): (usize, String)| match place {
        0 => view! { <th scope="row">{text}</th> }.into_any(),
        _ => view! { <td class="number reports-number">{text}</td> }.into_any(),
    };
    row.into_iter().enumerate().map(cell).collect()
}
