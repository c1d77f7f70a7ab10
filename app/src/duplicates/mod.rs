//! Duplicates: accounts that may be one customer, the merge of two, and the word that they are not.

mod group;
mod merge;
mod merged;
mod server_fns;
mod words;

use domain::changes::Change;
use domain::duplicates::{Found, Member};
use domain::fields::Subject;
use domain::id::{AccountId, BatchId};
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::live::use_live;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use crate::ui::toast::{Toasts, use_toasts};
use server_fns::{load_duplicates, tell_apart, undo_merge};

pub use merged::MergedInto;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    language: Language,
    toasts: Toasts,
    found: Resource<Result<Found>>,
    may_merge: bool,
    /// The accounts of the group whose merge is asked about: the one that stays, and the one that goes.
    asked: RwSignal<Option<(Member, Member)>>,
    here: RwSignal<bool>,
}

/// The page.
pub struct DuplicatesPage {
    found: Resource<Result<Found>>,
}

#[lazy_route]
impl LazyRoute for DuplicatesPage {
    fn data() -> Self {
        let version = use_live().version(|note| {
            note.change != Change::Scored && matches!(note.subject, Subject::Account | Subject::Contact)
                || note.change == Change::Undone
        });
        Self { found: Resource::new(move || version.get(), |_| load_duplicates()) }
    }

    fn view(this: Self) -> AnyView {
        let desk = Desk {
            language: use_language(),
            toasts: use_toasts(),
            found: this.found,
            may_merge: boot::may(Role::Csm),
            asked: RwSignal::new(None),
            here: RwSignal::new(true),
        };
        view! {
            <Title text=text!(duplicates.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(duplicates.title)}</h1><p class="page-sub">{text!(duplicates.sub)}</p></div>
                <div class="page-actions"><a class="button" href="/accounts/quality">{text!(quality.title)}</a></div>
            </div>
            <div class="page-body stack">
                <Loaded resource=desk.found lines=10 let:found><Groups desk found/></Loaded>
            </div>
            <merge::Ask desk/>
        }
        .into_any()
    }
}

#[component]
fn Groups(desk: Desk, found: Found) -> impl IntoView {
    if found.groups.is_empty() {
        return view! {
            <section class="card">
                <div class="empty">
                    <Pic icon=Icon::Check/>
                    <p class="empty-title">{text!(duplicates.none)}</p>
                    <p class="empty-text">{text!(duplicates.none_text)}</p>
                </div>
            </section>
        }
        .into_any();
    }
    let (shown, total) = (i64::try_from(found.groups.len()).unwrap_or(i64::MAX), i64::from(found.total));
    let count = move || {
        let (locale, all) = (desk.language.get(), format::integer(total));
        if shown < total {
            td_string!(locale, duplicates.first_groups, shown = format::integer(shown), total = all)
        } else {
            td_string!(locale, duplicates.groups, count = all)
        }
    };
    view! {
        <p class="muted">{count}</p>
        {found.groups.into_iter().map(|group| view! { <group::Card desk group/> }).collect_view()}
    }
    .into_any()
}

impl Desk {
    /// Says that something was done, with the way to take it back.
    fn offer_undo(self, text: String, batch: BatchId) {
        let label = td_string!(self.language.get_untracked(), common.undo);
        self.toasts.offer(text, label, move || self.undo(batch));
        self.reload();
    }

    fn undo(self, batch: BatchId) {
        spawn_local(async move {
            let locale = self.language.get_untracked();
            match undo_merge(batch).await {
                Ok(report) => match report.examples.into_iter().next() {
                    Some(conflict) => {
                        let (name, reason) = (conflict.name, conflict.reason);
                        self.toasts.say(td_string!(locale, duplicates.not_undone, name = name, reason = reason));
                    }
                    None => self.toasts.say(td_string!(locale, duplicates.undone)),
                },
                Err(error) => self.toasts.error(&error),
            }
            self.reload();
        });
    }

    fn reload(self) {
        if self.here.try_get_untracked() == Some(true) {
            self.found.refetch();
        }
    }

    /// Notes that the accounts of a group are different customers.
    fn tell_apart(self, accounts: Vec<AccountId>) {
        spawn_local(async move {
            match tell_apart(accounts).await {
                Ok(batch) => {
                    let text = td_string!(self.language.get_untracked(), duplicates.told_apart).to_owned();
                    self.offer_undo(text, batch);
                }
                Err(error) => self.toasts.error(&error),
            }
        });
    }
}
