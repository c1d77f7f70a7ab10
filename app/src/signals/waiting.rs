//! Headlines that wait for a person, and those about competitors.

use domain::fields::Subject;
use domain::signals::{Correction, Waiting};
use leptos::prelude::*;

use super::headline::{HeadlineItem, NoHeadlines, may_correct};
use super::server_fns::{correct_signal, load_competitor_headlines, load_waiting};
use super::{Doing, follow};
use crate::i18n::td_string;
use crate::ui::loaded::Loaded;

/// Headlines of which the program could not say whom they are about.
#[component]
pub(super) fn WaitingHeadlines() -> impl IntoView {
    let version = follow(&[Subject::Signal]);
    let again = RwSignal::new(0u32);
    let waiting = Resource::new(move || (version.get(), again.get()), |_| load_waiting());
    let doing = Doing::new(Callback::new(move |()| again.update(|again| *again += 1)));
    view! {
        <section class="card" aria-labelledby="waiting">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="waiting">{text!(signals.waiting)}</h2>
                    <p class="card-sub">{text!(signals.waiting_text)}</p>
                </div>
            </header>
            <div class="card-body">
                <Loaded resource=waiting lines=3 children=move |waiting| {
                    if waiting.is_empty() {
                        return view! { <p class="muted">{text!(signals.waiting_none)}</p> }.into_any();
                    }
                    view! {
                        <ul class="list">{waiting.into_iter().map(|one| view! { <Choice one doing/> }).collect_view()}</ul>
                    }
                    .into_any()
                }/>
            </div>
        </section>
    }
}

#[component]
fn Choice(one: Waiting, doing: Doing) -> impl IntoView {
    let id = one.signal.id;
    let choose = move |correction: Correction| {
        doing.run(correct_signal(id, correction), |locale| td_string!(locale, signals.was_corrected).to_owned());
    };
    let choices = may_correct().then(|| view! {
        <div class="row">
            <span class="muted">{text!(signals.about_whom)}</span>
            {one.accounts.into_iter().map(|(account, name)| view! {
                <button class="button" data-size="small" type="button" disabled=move || doing.busy.get()
                    on:click=move |_| choose(Correction::Account(Some(account)))>{name}</button>
            }).collect_view()}
            <button class="button" data-look="plain" data-size="small" type="button" disabled=move || doing.busy.get()
                on:click=move |_| choose(Correction::Account(None))>{text!(signals.about_nobody)}</button>
        </div>
    });
    view! { <HeadlineItem signal=one.signal doing=None below=choices.into_any()/> }
}

/// Headlines about competitors.
#[component]
pub(super) fn Competitors() -> impl IntoView {
    let version = follow(&[Subject::Signal]);
    let again = RwSignal::new(0u32);
    let headlines = Resource::new(move || (version.get(), again.get()), |_| load_competitor_headlines());
    let doing = Doing::new(Callback::new(move |()| again.update(|again| *again += 1)));
    view! {
        <section class="card" aria-labelledby="competitors">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="competitors">{text!(signals.competitors)}</h2>
                    <p class="card-sub">{text!(signals.competitors_text)}</p>
                </div>
            </header>
            <div class="card-body">
                <Loaded resource=headlines lines=3 children=move |headlines| {
                    if headlines.is_empty() {
                        return view! {
                            <NoHeadlines title=text!(signals.competitors_none).into_any()
                                text=text!(signals.competitors_none_text).into_any()/>
                        }
                        .into_any();
                    }
                    view! {
                        <ul class="list">
                            {headlines.into_iter().map(|signal| view! { <HeadlineItem signal doing=Some(doing)/> }).collect_view()}
                        </ul>
                    }
                    .into_any()
                }/>
            </div>
        </section>
    }
}
