//! The churn model: how likely accounts are lost, by which version, how well it does, and what it rests on.

mod chip;
mod drift;
mod evidence;
mod models;
pub mod server_fns;
mod steps;
mod training;

use domain::churn::{ChurnModel, ChurnSummary, Drift, ModelHead, Training};
use domain::fields::Subject;
use domain::id::UserId;
use domain::identity::Role;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use serde::{Deserialize, Serialize};

use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::lab::Sections;
use crate::live::use_live;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use server_fns::{load_churn, load_churn_drift};
use steps::Steps;

pub use chip::ChurnChip;

/// What the page shows of the versions and the attempts to learn one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registry {
    /// The version in force.
    pub active: Option<ChurnModel>,
    /// The newest one that waits for a decision.
    pub candidate: Option<ChurnModel>,
    /// All versions, newest first.
    pub versions: Vec<ModelHead>,
    /// The newest attempts to learn one, newest first.
    pub trainings: Vec<Training>,
    /// When the next one begins by itself.
    pub next: Option<Timestamp>,
}

/// The page.
pub struct ChurnPage {
    registry: Resource<Result<Registry>>,
    drift: Resource<Result<Option<Drift>>>,
    /// Counts how often the page asked again by itself.
    asked: RwSignal<u32>,
}

#[lazy_route]
impl LazyRoute for ChurnPage {
    fn data() -> Self {
        let version = use_live().version(|note| note.subject == Subject::ChurnModel);
        let asked = RwSignal::new(0);
        Self {
            registry: Resource::new(move || (version.get(), asked.get()), |_| load_churn()),
            drift: Resource::new(move || version.get(), |_| load_churn_drift()),
            asked,
        }
    }

    fn view(this: Self) -> AnyView {
        let ChurnPage { registry, drift, asked } = this;
        training::watch(registry, asked);
        let steps = Steps::new(Callback::new(move |()| {
            let _ = asked.try_update(|asked| *asked += 1);
        }));
        provide_context(steps);
        view! {
            <Title text=text!(churn.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(churn.title)}</h1><p class="page-sub">{text!(churn.sub)}</p></div>
            </div>
            <div class="page-body">
                <div class="stack">
                    <Sections/>
                    {(!boot::may(Role::Manager)).then(|| view! {
                        <div class="notice" data-tone="info"><Pic icon=Icon::Info/><div><p>{text!(churn.readers)}</p></div></div>
                    })}
                    <Loaded resource=registry lines=10 children=|registry| view! { <Ready registry/> }/>
                    <Loaded resource=drift lines=6 children=|drift| drift.map(|drift| view! { <drift::Moved drift/> })/>
                    <Careful/>
                </div>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Ready(registry: Registry) -> impl IntoView {
    let Registry { active, candidate, versions, trainings, next } = registry;
    let shown = active.clone().or_else(|| candidate.clone());
    view! {
        <training::State active=active.clone() last=trainings.first().cloned() next/>
        {candidate.clone().map(|candidate| view! { <models::Candidate candidate/> })}
        {shown.is_some().then(|| view! { <evidence::Figures active candidate/> })}
        {shown.clone().map(|model| view! { <evidence::Plot model/> })}
        {shown.map(|model| view! { <evidence::Inputs model/> })}
        {(!versions.is_empty()).then(|| view! { <models::Versions versions/> })}
        {(!trainings.is_empty()).then(|| view! { <training::History trainings/> })}
    }
}

/// What keeps the future out of the model.
#[component]
fn Careful() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="churn-careful">
            <header class="card-head"><h2 class="card-title" id="churn-careful">{text!(churn.careful)}</h2></header>
            <div class="card-body">
                <ul class="list">
                    <li>{text!(churn.careful_known)}</li>
                    <li>{text!(churn.careful_open)}</li>
                    <li>{text!(churn.careful_folds)}</li>
                    <li>{text!(churn.careful_later)}</li>
                    <li>{text!(churn.careful_person)}</li>
                </ul>
            </div>
        </section>
    }
}

/// Returns who did something; nobody stands for the calendar.
fn person(id: Option<UserId>, locale: Locale) -> String {
    let Some(id) = id else { return td_string!(locale, churn.calendar).to_owned() };
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let found = people.into_iter().find(|user| user.id == id).map(|user| user.name);
    found.unwrap_or_else(|| td_string!(locale, churn.somebody).to_owned())
}

/// Returns a probability as people say it: whole per cent, and small ones with a digit more.
fn chance(churn: &ChurnSummary) -> String {
    let pct = churn.pct.as_f64();
    format::percent(if pct < 9.5 { pct } else { pct.round() })
}
