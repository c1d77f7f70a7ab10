//! The change history: what it was, what it became, who did it, and the way back.

use domain::changes::Change;
use domain::contacts;
use domain::fields::{Catalogue, Field, FieldType, Subject};
use domain::money::Currency;
use leptos::prelude::*;

use super::desk::{known, marks, may_edit, now, use_desk};
use super::panels::{FieldChange, HistoryLine};
use super::parts::{Nothing, Panel};
use super::{server_fns, words};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// What the history follows.
const SUBJECTS: &[Subject] = &[
    Subject::Account,
    Subject::Contact,
    Subject::Usage,
    Subject::Ticket,
    Subject::Invoice,
    Subject::Survey,
    Subject::Activity,
    Subject::Override,
    Subject::Signal,
    Subject::Website,
    Subject::Alert,
    Subject::Todo,
    Subject::Feedback,
];
/// How many lines are shown at first, and how many more each time.
const STEP: u32 = 50;

/// The change history.
#[component]
pub(super) fn HistoryTab() -> impl IntoView {
    let desk = use_desk();
    let limit = RwSignal::new(STEP);
    let version = desk.watch(SUBJECTS);
    let history = Resource::new(
        move || (desk.id.get(), limit.get(), desk.as_of.get(), version.get()),
        |(id, limit, at, _)| async move { server_fns::account_history(known(id)?, limit, at).await },
    );
    let marked = marks(move || {
        let history = history.get()?.ok()?;
        let texts = history.lines.into_iter().map(|line| (line.seq.to_string(), line.undone.to_string()));
        Some((format!("{:?} {}", desk.id.get_untracked(), limit.get_untracked()), texts.collect()))
    });
    let undo = Callback::new(move |batch| desk.undo(batch));
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{move || td_string!(desk.language.get(), account.tab_history)}</h2>
            </header>
            <div class="card-body">
                <Panel resource=history lines=10 let(history, locale)><div class="stack">
                    {if history.lines.is_empty() {
                        let (title, text) = (td_string!(locale, account.history_empty), td_string!(locale, account.history_empty_text));
                        view! { <Nothing icon=Icon::Clock title text/> }.into_any()
                    } else {
                        let names = Names { catalogue: catalogue(history.custom), currency: history.currency };
                        view! {
                            <ol>{history.lines.into_iter().map(|line| {
                                let (names, seq) = (names.clone(), line.seq.to_string());
                                let marked = Signal::derive(move || marked.read().contains(&seq));
                                view! { <Line line names undo marked locale/> }
                            }).collect_view()}</ol>
                        }.into_any()
                    }}
                    {history.more.then(|| view! {
                        <div class="row">
                            <button class="button" type="button" on:click=move |_| limit.update(|limit| *limit += STEP)>
                                {td_string!(locale, account.load_more)}
                            </button>
                        </div>
                    })}
                </div></Panel>
            </div>
        </section>
    }
}

/// What fields are called and how their values are printed.
#[derive(Clone)]
pub(super) struct Names {
    pub(super) catalogue: Catalogue,
    pub(super) currency: Currency,
}

/// Returns the fields of accounts and contacts, which changes name.
pub(super) fn catalogue(custom: Vec<Field>) -> Catalogue {
    domain::accounts::catalogue().with(custom).with(contacts::catalogue().fields)
}

#[component]
fn Line(
    line: HistoryLine,
    names: Names,
    undo: Callback<domain::id::BatchId>,
    marked: Signal<bool>,
    locale: Locale,
) -> impl IntoView {
    let who = words::person(line.actor, locale);
    let when = format::relative(line.at, now());
    let by = view! {
        <span class="history-by">
            <time datetime=line.at.iso() title=format::date_time(line.at)>{format!("{who} · {when}")}</time>
            {line.undone.then(|| view! { " "<span class="badge">{td_string!(locale, account.undone_badge)}</span> })}
            {line.undo.filter(|_| may_edit()).map(|batch| view! {
                " "<button class="button" data-size="small" data-look="quiet" type="button" on:click=move |_| undo.run(batch)>
                    <Pic icon=Icon::Undo/>{td_string!(locale, common.undo)}
                </button>
            })}
        </span>
    };
    let subject = subject(line.subject, locale);
    let title = match line.subject {
        Subject::Account => String::new(),
        _ if line.name.is_empty() => subject.to_owned(),
        _ => format!("{subject}: {}", line.name),
    };
    let inner = if line.fields.is_empty() {
        let name = line.name.clone();
        let name = (!name.is_empty()).then(|| view! { <span>{name}</span> });
        view! {
            <span class="history-field">{subject}</span>
            <span class="history-change"><span class="muted">{verb(&line, locale)}</span>{name}</span>
        }
        .into_any()
    } else {
        let label = |change: &FieldChange| {
            let fallback = names.catalogue.get(&change.key).map(|field| field.label.clone()).unwrap_or_default();
            words::field_label(&change.key, &fallback, locale)
        };
        let heads: Vec<String> = line.fields.iter().map(label).collect();
        let field = if title.is_empty() { heads.join(", ") } else { format!("{title} · {}", heads.join(", ")) };
        view! {
            <span class="history-field">{field}</span>
            <span class="history-change">
                {line.fields.into_iter().map(|change| difference(&change, &names, locale)).collect_view()}
            </span>
        }
        .into_any()
    };
    view! { <li class="history-item" data-seq=line.seq.to_string() class:highlight=move || marked.get()>{inner}{by}</li> }
}

/// Returns a field's value before and after as people read them.
pub(super) fn printed(change: &FieldChange, names: &Names, locale: Locale) -> (String, String) {
    let kind = names.catalogue.get(&change.key).map_or(FieldType::Text, |field| field.kind.clone());
    let kind = match (&kind, change.key.ends_with("_at")) {
        (FieldType::Text, true) => FieldType::Date,
        // The server has put the names in the place of the ids already.
        (FieldType::Account, _) => FieldType::Text,
        _ => kind,
    };
    let print = |value: &serde_json::Value| {
        let text = words::shown(&kind, value, names.currency, locale);
        if text.is_empty() { "–".to_owned() } else { text }
    };
    (print(&change.before), print(&change.after))
}

fn difference(change: &FieldChange, names: &Names, locale: Locale) -> impl IntoView + use<> {
    let (before, after) = printed(change, names, locale);
    view! { <del class="diff-before">{before}</del><ins class="diff-after">{after}</ins> }
}

fn subject(subject: Subject, locale: Locale) -> &'static str {
    match subject {
        Subject::Contact => td_string!(locale, account.subject_contact),
        Subject::Usage => td_string!(locale, account.tab_usage),
        Subject::Ticket => td_string!(locale, account.word_ticket),
        Subject::Invoice => td_string!(locale, account.word_invoice),
        Subject::Survey => td_string!(locale, account.word_survey),
        Subject::Activity => td_string!(locale, account.subject_activity),
        Subject::Override => td_string!(locale, account.subject_override),
        Subject::Signal => td_string!(locale, account.subject_signal),
        Subject::Website => td_string!(locale, account.subject_website),
        Subject::Alert => td_string!(locale, account.word_alert),
        Subject::Todo => td_string!(locale, account.word_task),
        Subject::Feedback => td_string!(locale, advice.word_feedback),
        _ => td_string!(locale, account.subject_account),
    }
}

fn verb(line: &HistoryLine, locale: Locale) -> &'static str {
    match (line.change, line.subject) {
        (_, Subject::Usage) => td_string!(locale, account.verb_reported),
        (Change::Created, Subject::Override) => td_string!(locale, account.verb_set),
        (Change::Deleted, Subject::Override) => td_string!(locale, account.verb_ended),
        (Change::Created, _) => td_string!(locale, account.verb_created),
        (Change::Deleted, _) => td_string!(locale, account.verb_removed),
        (Change::Undone, _) => td_string!(locale, account.verb_undone),
        _ => td_string!(locale, account.verb_changed),
    }
}
