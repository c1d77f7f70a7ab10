//! The reports that there are: the ready ones and the saved ones.

use domain::reports::{READY, Report};
use leptos::prelude::*;

use super::address::Address;
use super::{Desk, words};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// The ready reports, and behind them the saved ones.
#[component]
pub(super) fn Shelf(desk: Desk) -> impl IntoView {
    let ready = READY.into_iter().map(|key| {
        view! {
            <a class="chip" href=Address::of_ready(key).href() data-noscroll="" aria-current=move || current(desk, key)>
                {move || words::ready(key, desk.language.get())}
            </a>
        }
    });
    view! {
        <nav class="views-list" aria-label=text!(reports.ready)>{ready.collect_view()}</nav>
        <Loaded resource=desk.saved lines=1 children=move |saved| view! { <Saved saved desk/> }/>
    }
}

fn current(desk: Desk, key: &str) -> Option<&'static str> {
    desk.address.with(|address| (address.name == key).then_some("page"))
}

#[component]
fn Saved(saved: Vec<Report>, desk: Desk) -> impl IntoView {
    let known = saved.clone();
    // The name and the buttons of the page follow once it stands.
    Effect::new(move |_| desk.known.set(known.clone()));
    (!saved.is_empty()).then(|| {
        view! {
            <nav class="views-list" aria-label=text!(reports.saved)>
                {saved.into_iter().map(|report| {
                    let key = report.id.to_string();
                    let href = Address::of_saved(report.id, &report.spec).href();
                    view! {
                        <a class="chip" href=href data-noscroll="" aria-current=move || current(desk, &key)>
                            {report.shared.then(|| view! { <Pic icon=Icon::People/> })}<span>{report.name}</span>
                            {report.shared.then(|| view! { <span class="visually-hidden">{text!(reports.shared_hint)}</span> })}
                        </a>
                    }
                }).collect_view()}
            </nav>
        }
    })
}
