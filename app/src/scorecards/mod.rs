//! Scorecards: what counts towards health, how much, and what overrules it. A draft saves itself, shows at once what
//! it would change for the whole portfolio, and scores nobody until it is published.

mod add;
mod bands;
mod bench;
mod choices;
mod corner_table;
mod curve;
mod effect;
mod exceptions;
mod groups;
mod list;
mod measure;
mod preview;
mod publish;
mod saving;
mod scale;
mod scope;
pub mod server_fns;
mod shadow;
mod versions;
mod weight;
mod words;

use domain::fields::Subject;
use domain::health::CardHead;
use domain::id::ScorecardId;
use domain::identity::Role;
use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::boot;
use crate::error::{Error, Result};
use crate::i18n::{Locale, td_string};
use crate::live::use_live;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use bench::{Bench, use_bench};
use preview::Engine;
use server_fns::{History, Opened, load_cards, load_versions, open_card};

/// The page with all scorecards.
pub struct ScorecardsPage {
    cards: Resource<Result<Vec<CardHead>>>,
}

#[lazy_route]
impl LazyRoute for ScorecardsPage {
    fn data() -> Self {
        let version = use_live().version(|note| note.subject == Subject::Scorecard);
        Self { cards: Resource::new(move || version.get(), |_| load_cards()) }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Title text=text!(scorecards.title)/>
            <Loaded resource=this.cards lines=8 children=|cards| view! { <list::Cards cards/> }/>
        }
        .into_any()
    }
}

/// The page of one scorecard.
pub struct ScorecardPage {
    opened: Resource<Result<Opened>>,
    history: Resource<Result<History>>,
    section: Memo<String>,
}

#[lazy_route]
impl LazyRoute for ScorecardPage {
    fn data() -> Self {
        let params = use_params_map();
        let id =
            Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<ScorecardId>().ok())));
        let opened = Resource::new(
            move || id.get(),
            |id| async move { open_card(id.ok_or(Error::Refused(Refusal::NotFound))?).await },
        );
        let section = Memo::new(move |_| {
            params
                .with(|params| params.get("section"))
                .filter(|section| !section.is_empty())
                .unwrap_or_else(|| "measures".to_owned())
        });
        let changed = use_live().version(move |note| {
            note.subject == Subject::Scorecard && Some(note.id) == id.get_untracked().map(|id| id.0)
        });
        // Only who looks at the versions needs them.
        let history = Resource::new(
            move || (id.get().filter(|_| section.with(|section| section == "versions")), changed.get()),
            |(id, _)| async move {
                match id {
                    Some(id) => load_versions(id).await,
                    None => Ok(History::default()),
                }
            },
        );
        Self { opened, history, section }
    }

    fn view(this: Self) -> AnyView {
        let section = this.section;
        provide_context(versions::Loading(this.history));
        view! {
            <Title text=text!(scorecards.editor)/>
            <Loaded resource=this.opened lines=12 children=move |opened| view! { <Editor opened section/> }/>
        }
        .into_any()
    }
}

type Section = (&'static str, fn(Locale) -> &'static str);

const SECTIONS: [Section; 5] = [
    ("measures", |locale| td_string!(locale, scorecards.measures)),
    ("exceptions", |locale| td_string!(locale, scorecards.exceptions)),
    ("bands", |locale| td_string!(locale, scorecards.bands)),
    ("accounts", |locale| td_string!(locale, scorecards.scope)),
    ("versions", |locale| td_string!(locale, scorecards.versions)),
];

#[component]
fn Editor(opened: Opened, section: Memo<String>) -> impl IntoView {
    let bench = Bench::new(opened);
    provide_context(bench);
    provide_context(Engine::start(bench));
    saving::follow(bench);
    view! {
        <Head/>
        <div class="page-body stack">
            <AskManager/>
            <saving::SavingProblem/>
            <publish::ShadowNotice/>
            <Tabs section/>
            <Problems/>
            <Show when=move || section.get() != "versions" fallback=|| view! { <versions::Versions/> }>
                <fieldset class="scorecard-desk" disabled=move || bench.is_tested() data-section=move || section.get()>
                    <legend class="visually-hidden">{text!(scorecards.editor)}</legend>
                    {move || match section.get().as_str() {
                        "exceptions" => view! { <exceptions::Exceptions/> }.into_any(),
                        "bands" => view! { <bands::BandsPart/> }.into_any(),
                        "accounts" => view! { <scope::Scope/> }.into_any(),
                        _ => view! { <div class="stack"><groups::Groups/></div><div class="stack"><measure::MeasureDesk/></div> }.into_any(),
                    }}
                    <effect::EffectPanel/>
                </fieldset>
            </Show>
        </div>
    }
}

/// The name of the card, where it stands, and what can be done with the draft.
#[component]
fn Head() -> impl IntoView {
    let bench = use_bench();
    view! {
        <div class="page-head">
            <div>
                <p class="faint"><a href="/scorecards">{text!(scorecards.title)}</a></p>
                <h1 class="page-title">{move || bench.card.with(|card| card.name.clone())}</h1>
                <div class="row">
                    {move || {
                        let head = bench.head.get();
                        view! { <list::Marks live=head.live draft=head.draft shadow=head.shadow/> }
                    }}
                    {bench.may_edit.then(|| view! { <saving::SavingState/> })}
                </div>
            </div>
            {bench.may_edit.then(|| view! { <div class="page-actions"><publish::DraftActions/></div> })}
        </div>
    }
}

#[component]
fn Tabs(section: Memo<String>) -> impl IntoView {
    let bench = use_bench();
    view! {
        <nav class="tabs" aria-label=text!(scorecards.sections)>
            {SECTIONS.into_iter().map(|(key, label)| view! {
                <a class="tab" href=format!("/scorecards/{}/{key}", bench.id)
                    aria-current=move || section.with(|section| section == key).then_some("page")>{move || label(bench.language.get())}</a>
            }).collect_view()}
        </nav>
    }
}

/// What must change before the draft can be published.
#[component]
fn Problems() -> impl IntoView {
    let bench = use_bench();
    view! {
        <Show when=move || bench.may_edit && bench.problems.with(|problems| !problems.is_empty())>
            <div class="notice" role="status" data-tone="warn">
                <Pic icon=Icon::Warning/>
                <div>
                    <p class="notice-title">{text!(scorecards.not_sound)}</p>
                    <ul>{move || bench.problems.get().into_iter().map(|problem| view! { <li>{problem.message}</li> }).collect_view()}</ul>
                </div>
            </div>
        </Show>
    }
}

/// Says who may edit, to those who may not.
#[component]
fn AskManager() -> impl IntoView {
    (!boot::may(Role::Manager)).then(|| view! {
        <div class="notice" data-tone="info">
            <Pic icon=Icon::Person/>
            <div><p class="notice-title">{text!(scorecards.read_only)}</p><p>{text!(scorecards.read_only_text)}</p></div>
        </div>
    })
}
