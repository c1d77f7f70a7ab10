//! Data quality: which rules the records of accounts break, what hangs on it, and how complete they are.

mod address;
mod controls;
mod list;
mod rules;
pub mod server_fns;
mod words;

use std::time::Duration;

use domain::changes::Change;
use domain::fields::Subject;
use domain::live::Note;
use domain::quality::{Broken, Kind, Rule, Survey};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::{paced, use_live};
use crate::ui::empty::Empty;
use crate::ui::focus::focus_later;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use address::Address;
use controls::Controls;
use list::List;
use rules::{Completeness, First, Rules};
use server_fns::{load_broken_rule, load_quality};

/// However much happens, the accounts are looked at again at most this often.
const PACE: Duration = Duration::from_secs(5);

/// How the page is looked at.
#[derive(Clone, Copy)]
struct Look {
    /// What the address says.
    address: Memo<Address>,
    /// The language it is drawn in.
    locale: Locale,
}

/// The page.
pub struct QualityPage {
    address: Memo<Address>,
    survey: Resource<Result<Survey>>,
    broken: Resource<Result<Option<Broken>>>,
}

#[lazy_route]
impl LazyRoute for QualityPage {
    fn data() -> Self {
        let query = use_query_map();
        let address = Memo::new(move |_| query.with(Address::read));
        let filter = Memo::new(move |_| address.with(|address| address.filter.clone()));
        let rule = Memo::new(move |_| address.with(|address| address.rule));
        let version = paced(use_live().version(concerns), PACE);
        Self {
            address,
            survey: Resource::new(move || (filter.get(), version.get()), |(filter, _)| load_quality(filter)),
            broken: Resource::new(
                move || (filter.get(), rule.get(), version.get()),
                |(filter, rule, _)| async move {
                    match rule {
                        Some(rule) => load_broken_rule(filter, rule).await.map(Some),
                        None => Ok(None),
                    }
                },
            ),
        }
    }

    fn view(this: Self) -> AnyView {
        let QualityPage { address, survey, broken } = this;
        let language = use_language();
        let rule = Memo::new(move |_| address.with(|address| address.rule));
        let is_listing = Memo::new(move |_| rule.with(Option::is_some));
        // Where the number was pressed the list may be far away.
        let arrive = move |rule: &Option<Rule>, _: Option<&Option<Rule>>, _: Option<()>| {
            if rule.is_some() {
                focus_later(list::HEADING);
            }
        };
        Effect::watch(move || rule.get(), arrive, false);
        view! {
            <Title text=text!(quality.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(quality.title)}</h1><p class="page-sub">{text!(quality.sub)}</p></div>
                <div class="page-actions"><a class="button" href="/accounts/duplicates">{text!(duplicates.on_quality)}</a></div>
            </div>
            <div class="page-body stack quality">
                <Controls address/>
                <Show when=move || is_listing.get()>
                    <Loaded resource=broken lines=6 children=move |broken| {
                        let look = Look { address, locale: language.get_untracked() };
                        broken.map(|broken| view! { <List broken look/> })
                    }/>
                </Show>
                <Loaded resource=survey lines=14 children=move |survey| {
                    let look = Look { address, locale: language.get_untracked() };
                    view! { <Board survey look/> }
                }/>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Board(survey: Survey, look: Look) -> impl IntoView {
    if survey.accounts == 0 {
        return view! {
            <Empty icon=Icon::Building href="/accounts" title=|l| td_string!(l, quality.nothing)
                words=|l| td_string!(l, quality.nothing_text) action=|l| td_string!(l, quality.nothing_action)/>
        }
        .into_any();
    }
    let kinds = Kind::ALL.into_iter().map(|kind| view! { <Rules kind survey=survey.clone() look/> });
    view! {
        {survey.is_clean().then(|| view! { <Clean locale=look.locale/> })}
        <div class="grid-2">
            <Completeness survey=survey.clone() look/>
            <First survey=survey.clone() look/>
        </div>
        {kinds.collect_view()}
    }
    .into_any()
}

#[component]
fn Clean(locale: Locale) -> impl IntoView {
    let count = format::integer(i64::try_from(Rule::ALL.len()).unwrap_or(i64::MAX));
    view! {
        <section class="card">
            <div class="empty">
                <Pic icon=Icon::Check/>
                <p class="empty-title">{td_string!(locale, quality.clean)}</p>
                <p class="empty-text">{td_string!(locale, quality.clean_text, count = count)}</p>
            </div>
        </section>
    }
}

fn concerns(note: &Note) -> bool {
    let is_of_accounts = note.change == Change::Scored || note.change == Change::Undone;
    is_of_accounts || matches!(note.subject, Subject::Account | Subject::Contact | Subject::User)
}
