//! Duplicates: accounts that may be one customer, contacts that may be one person, the merge of two, and the word that
//! they are not.

mod accounts;
mod contacts;
mod group;
mod merge;
mod merged;
mod server_fns;
mod words;

use domain::changes::Change;
use domain::duplicates::{Found, Group};
use domain::fields::Subject;
use domain::id::BatchId;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{Language, use_language};
use crate::live::use_live;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::{Toasts, use_toasts};
use server_fns::undo_merge;

pub use accounts::DuplicatesPage;
pub use contacts::DuplicateContactsPage;
pub use merged::MergedInto;

/// Where each kind is looked through.
const ACCOUNTS: &str = "/accounts/duplicates";
const CONTACTS: &str = "/accounts/duplicates/contacts";

/// What the parts of a page share.
#[derive(Clone, Copy)]
struct Desk {
    language: Language,
    toasts: Toasts,
    may_merge: bool,
    here: RwSignal<bool>,
    /// Looks again.
    again: Callback<()>,
}

/// The two whose merge is asked about: the one that stays, and the one that goes.
type Asked<M> = RwSignal<Option<(M, M)>>;

/// Returns a number that grows whenever there may be other duplicates.
fn version() -> Signal<u64> {
    use_live().version(|note| {
        note.change != Change::Scored && matches!(note.subject, Subject::Account | Subject::Contact)
            || note.change == Change::Undone
    })
}

/// Returns a page: what it is about, the way to the other one, and what was found.
fn page(sub: fn(Locale) -> &'static str, body: AnyView) -> AnyView {
    let language = use_language();
    let path = use_location().pathname;
    let current = move |href: &'static str| path.with(|path| path == href).then_some("page");
    view! {
        <Title text=text!(duplicates.title)/>
        <div class="page-head">
            <div><h1 class="page-title">{text!(duplicates.title)}</h1><p class="page-sub">{move || sub(language.get())}</p></div>
            <div class="page-actions"><a class="button" href="/accounts/quality">{text!(quality.title)}</a></div>
        </div>
        <nav class="tabs" aria-label=text!(duplicates.tabs)>
            <a class="tab" href=ACCOUNTS aria-current=move || current(ACCOUNTS)>{text!(duplicates.tab_accounts)}</a>
            <a class="tab" href=CONTACTS aria-current=move || current(CONTACTS)>{text!(duplicates.tab_contacts)}</a>
        </nav>
        <div class="page-body stack">{body}</div>
    }
    .into_any()
}

/// Returns how many groups there are and each of them, or that there is none.
fn groups<M>(
    desk: Desk,
    found: Found<M>,
    none: fn(Locale) -> &'static str,
    card: impl Fn(Group<M>) -> AnyView,
) -> AnyView {
    if found.groups.is_empty() {
        return view! {
            <section class="card">
                <div class="empty">
                    <Pic icon=Icon::Check/>
                    <p class="empty-title">{text!(duplicates.none)}</p>
                    <p class="empty-text">{move || none(desk.language.get())}</p>
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
        {found.groups.into_iter().map(card).collect_view()}
    }
    .into_any()
}

impl Desk {
    /// Returns the desk of a page that shows what this loads.
    fn new<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static>(found: Resource<Result<T>>) -> Self {
        Self {
            language: use_language(),
            toasts: use_toasts(),
            may_merge: boot::may(Role::Csm),
            here: RwSignal::new(true),
            again: Callback::new(move |()| found.refetch()),
        }
    }

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
            self.again.run(());
        }
    }

    /// Notes that those of a group are different, and says so.
    fn tell_apart(self, work: impl Future<Output = Result<BatchId>> + 'static, said: fn(Locale) -> &'static str) {
        spawn_local(async move {
            match work.await {
                Ok(batch) => self.offer_undo(said(self.language.get_untracked()).to_owned(), batch),
                Err(error) => self.toasts.error(&error),
            }
        });
    }
}
