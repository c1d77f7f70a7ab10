//! What a person chooses in the dialog.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::export::{ACCOUNTS_MAX, Format, Only, Request, What};
use domain::fields::{Catalogue, Field};
use domain::id::AccountId;
use domain::reports::State;
use domain::time::Timestamp;
use leptos::prelude::*;

/// What is computed of accounts and goes out unless somebody takes it away.
const COMPUTED_FIRST: [&str; 2] = ["score", "band"];

/// What a page offers to take out.
#[derive(Clone, Copy)]
pub struct Offer {
    /// What can leave from here; the first is what the page is about.
    pub whats: &'static [What],
    /// What the page shows, as a request.
    pub listed: Signal<Request>,
    /// The accounts that are selected; on the page of an account that one.
    pub selected: Signal<Vec<AccountId>>,
    /// The columns that the page shows; none where it shows no columns.
    pub shown: Signal<Vec<String>>,
    /// Whether only what is selected can leave.
    pub one: bool,
}

/// Whose rows go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Listed,
    Selected,
    All,
}

impl Whose {
    pub(super) const ALL: [Self; 3] = [Self::Listed, Self::Selected, Self::All];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Selected => "selected",
            Self::All => "all",
        }
    }

    pub(super) fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|whose| whose.key() == key).unwrap_or(Self::Listed)
    }
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) offer: Offer,
    pub(super) what: RwSignal<What>,
    pub(super) format: RwSignal<Format>,
    pub(super) whose: RwSignal<Whose>,
    pub(super) state: RwSignal<State>,
    pub(super) filter: RwSignal<String>,
    pub(super) from: RwSignal<String>,
    pub(super) to: RwSignal<String>,
    pub(super) columns: RwSignal<BTreeSet<String>>,
    /// The fields of accounts in this workspace, once they are here.
    pub(super) accounts: RwSignal<Option<Arc<Catalogue>>>,
}

impl Choice {
    pub(super) fn new(offer: Offer) -> Self {
        let is_selected = offer.one || offer.selected.with_untracked(|ids| !ids.is_empty());
        let first = offer.whats.first().copied().unwrap_or_default();
        let choice = Self {
            offer,
            what: RwSignal::new(first),
            format: RwSignal::new(Format::Csv),
            whose: RwSignal::new(if is_selected { Whose::Selected } else { Whose::Listed }),
            state: RwSignal::new(State::All),
            filter: RwSignal::new(String::new()),
            from: RwSignal::new(String::new()),
            to: RwSignal::new(String::new()),
            columns: RwSignal::new(BTreeSet::new()),
            accounts: RwSignal::new(None),
        };
        // Other rows have other fields and other states.
        Effect::new(move |_| {
            let what = choice.what.get();
            choice.state.set(what.states().first().copied().unwrap_or_default());
            if choice.catalogue().is_some() {
                choice.take(|field| field.editable || COMPUTED_FIRST.contains(&field.key.as_str()));
            }
        });
        choice
    }

    /// Returns the fields that can be chosen, once they are known.
    pub(super) fn catalogue(self) -> Option<Arc<Catalogue>> {
        match self.what.get().catalogue() {
            Some(catalogue) => Some(Arc::new(catalogue)),
            None => self.accounts.get(),
        }
    }

    pub(super) fn take(self, is_taken: impl Fn(&Field) -> bool) {
        let catalogue = untrack(|| self.catalogue()).unwrap_or_default();
        let keys = catalogue.fields.iter().filter(|field| is_taken(field)).map(|field| field.key.clone());
        self.columns.set(keys.collect());
    }

    /// Returns whether the rows are just those that the page shows.
    pub(super) fn is_the_list(self) -> bool {
        self.whose.get() == Whose::Listed && self.is_the_pages()
    }

    /// Returns whether the rows are of the kind that the page shows.
    pub(super) fn is_the_pages(self) -> bool {
        self.offer.whats.first() == Some(&self.what.get())
    }

    pub(super) fn request(self) -> Request {
        let columns = self.columns.get();
        let keys = |field: &Field| columns.contains(&field.key).then(|| field.key.clone());
        let columns =
            self.catalogue().map(|catalogue| catalogue.fields.iter().filter_map(keys).collect()).unwrap_or_default();
        let (what, format) = (self.what.get(), self.format.get());
        let mut request = match self.whose.get() {
            Whose::Listed => self.offer.listed.get(),
            Whose::Selected => Request {
                accounts: self.offer.selected.with(|ids| ids.iter().copied().take(ACCOUNTS_MAX).collect()),
                ..Request::default()
            },
            Whose::All => Request::default(),
        };
        if !self.is_the_list() {
            (request.state, request.only) = (self.state.get(), Only::default());
        }
        if !self.filter.read().trim().is_empty() {
            request.filter = self.filter.get().trim().to_owned();
        }
        if what.dated_by().is_some() {
            (request.from, request.to) = (day(&self.from.read()), day(&self.to.read()));
        }
        Request { what, format, columns, ..request }
    }
}

fn day(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok().map(Timestamp::from_date)
}
