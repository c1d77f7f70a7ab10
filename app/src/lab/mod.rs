//! The laboratory: what the scorecards would have said in the past, held against what happened.

mod figures;
mod findings;
mod form;
mod history;
pub mod server_fns;
mod suggestion;
mod watch;

use domain::health::CardHead;
use domain::id::LabRunId;
use domain::identity::Role;
use domain::lab::run::Run;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

use crate::boot;
use crate::error::Result;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use form::Ask;
use history::History;
use server_fns::{load_lab_cards, load_lab_run, load_lab_runs, load_newest_lab_run};
use watch::Shown;

/// The page.
pub struct LabPage {
    cards: Resource<Result<Vec<CardHead>>>,
    runs: Resource<Result<Vec<Run>>>,
    chosen: Memo<Option<LabRunId>>,
    /// Counts how often the shown run was asked for.
    asked: RwSignal<u32>,
    run: Resource<Result<Option<Run>>>,
}

#[lazy_route]
impl LazyRoute for LabPage {
    fn data() -> Self {
        let query = use_query_map();
        let chosen = Memo::new(move |_| query.with(|query| query.get("run").and_then(|run| run.parse().ok())));
        let asked = RwSignal::new(0);
        Self {
            cards: Resource::new(|| (), |()| load_lab_cards()),
            runs: Resource::new(|| (), |()| load_lab_runs()),
            chosen,
            asked,
            run: Resource::new(move || (chosen.get(), asked.get()), |(chosen, _)| shown(chosen)),
        }
    }

    fn view(this: Self) -> AnyView {
        let LabPage { cards, runs, chosen, asked, run } = this;
        let changed = Callback::new(move |()| runs.refetch());
        watch::watch(run, asked, changed);
        view! {
            <Title text=text!(lab.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(lab.title)}</h1><p class="page-sub">{text!(lab.sub)}</p></div>
            </div>
            <div class="page-body">
                <div class="stack">
                    <Sections/>
                    {if boot::may(Role::Manager) {
                        view! { <Loaded resource=cards lines=4 children=move |cards| view! { <Ask cards changed/> }/> }.into_any()
                    } else {
                        view! { <Readers/> }.into_any()
                    }}
                    <Loaded resource=run lines=8 children=|run| match run {
                        Some(run) => view! { <Shown run/> }.into_any(),
                        None => view! { <Nothing/> }.into_any(),
                    }/>
                    <Loaded resource=runs lines=3 children=move |runs| view! { <History runs chosen/> }/>
                </div>
            </div>
        }
        .into_any()
    }
}

/// The two halves of the laboratory.
#[component]
pub fn Sections() -> impl IntoView {
    let path = use_location().pathname;
    let current = move |href: &'static str| path.with(|path| path == href).then_some("page");
    view! {
        <nav class="tabs" aria-label=text!(churn.sections)>
            <a class="tab" href="/lab" aria-current=move || current("/lab")>{text!(churn.section_back_test)}</a>
            <a class="tab" href="/lab/churn" aria-current=move || current("/lab/churn")>{text!(churn.section_churn)}</a>
        </nav>
    }
}

/// Returns the run that is named, or else the newest.
async fn shown(chosen: Option<LabRunId>) -> Result<Option<Run>> {
    match chosen {
        Some(run) => load_lab_run(run).await.map(Some),
        None => load_newest_lab_run().await,
    }
}

/// Says who may start a run.
#[component]
fn Readers() -> impl IntoView {
    view! {
        <div class="notice" data-tone="info">
            <Pic icon=Icon::Info/>
            <div><p>{text!(lab.readers)}</p></div>
        </div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty">
                <Pic icon=Icon::Clock/>
                <p class="empty-title">{text!(lab.nothing)}</p>
                <p class="empty-text">{text!(lab.nothing_text)}</p>
            </div>
        </section>
    }
}
