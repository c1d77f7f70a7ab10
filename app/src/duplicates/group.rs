//! One group: what its members share, and which of them stays.

use leptos::prelude::*;

use super::{Asked, Desk};
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// Says why, in the language of the page.
pub(super) type Why = Box<dyn Fn(Locale) -> String + Send + Sync>;

/// What stands above the members of a group.
pub(super) struct Head {
    /// The id of the heading.
    pub(super) id: String,
    /// What the group is called.
    pub(super) title: String,
    /// Where it is, if that is not said by its members.
    pub(super) below: Option<AnyView>,
    /// What its members share.
    pub(super) reasons: Vec<Why>,
}

/// How people say that the members of a group are different.
pub(super) struct Apart {
    /// What the button says.
    pub(super) say: fn(Locale) -> &'static str,
    /// What it is called, with the name of the group.
    pub(super) named: fn(Locale, String) -> String,
    /// What it does.
    pub(super) act: Callback<()>,
}

/// The card of a group around the table of its members.
#[component]
pub(super) fn Frame(desk: Desk, head: Head, apart: Apart, children: Children) -> impl IntoView {
    let Head { id, title, below, reasons } = head;
    let Apart { say, named, act } = apart;
    let (labelled, table, name) = (id.clone(), id.clone(), title.clone());
    view! {
        <section class="card" aria-labelledby=labelled>
            <header class="card-head">
                <div>
                    <h2 class="card-title" id=id>{title}</h2>
                    {below.map(|below| view! { <p class="card-sub">{below}</p> })}
                    <p class="row" data-gap="small">{reasons.into_iter().map(|why| view! {
                        <span class="badge" data-tone="info">{move || why(desk.language.get())}</span>
                    }).collect_view()}</p>
                </div>
                {desk.may_merge.then(|| view! {
                    <button class="button" data-size="small" type="button"
                        aria-label=move || named(desk.language.get(), name.clone())
                        on:click=move |_| act.run(())>{move || say(desk.language.get())}</button>
                })}
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby=table>
                    <table class="table duplicates-table">{children()}</table>
                </div>
            </div>
        </section>
    }
}

/// One of a group, who stays or goes.
#[derive(Clone)]
pub(super) struct Choose<M: Clone + Send + Sync + 'static> {
    pub(super) member: M,
    /// What it is called, so that nobody takes another one for it.
    pub(super) name: String,
    /// Which one of the group stays.
    pub(super) stays: RwSignal<Option<M>>,
    /// Whether two are the same.
    pub(super) is_it: fn(&M, &M) -> bool,
}

/// What chooses the one that stays.
#[component]
pub(super) fn Stays<M: Clone + Send + Sync + 'static>(
    desk: Desk,
    choose: Choose<M>,
    /// What the choices of a group are called together.
    radios: String,
) -> impl IntoView {
    let checked = untrack(|| choose.is_staying());
    let Choose { member, name, stays, .. } = choose;
    let label = move || td_string!(desk.language.get(), duplicates.stays_named, name = name.clone());
    view! {
        <input type="radio" class="checkbox" name=radios aria-label=label checked=checked
            on:change=move |_| stays.set(Some(member.clone()))/>
    }
}

impl<M: Clone + Send + Sync + 'static> Choose<M> {
    fn is_staying(&self) -> bool {
        self.stays.with(|stays| stays.as_ref().is_some_and(|stays| (self.is_it)(stays, &self.member)))
    }

    /// Returns what asks whether it goes into the one that stays; nothing at that one.
    pub(super) fn button(
        self,
        desk: Desk,
        asked: Asked<M>,
        label: fn(Locale, String) -> String,
    ) -> impl IntoView + use<M> {
        let goes = self.member.clone();
        let (name, stays) = (self.name.clone(), self.stays);
        let label = move || label(desk.language.get(), name.clone());
        let ask = move |_| asked.set(stays.get_untracked().map(|keep| (keep, goes.clone())));
        view! {
            <Show when=move || !self.is_staying()>
                <button class="button" data-size="small" type="button" aria-label=label.clone() on:click=ask.clone()>
                    <Pic icon=Icon::Right/>{text!(duplicates.merge)}
                </button>
            </Show>
        }
    }
}
