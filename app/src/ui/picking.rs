//! Rows of a list that are walked over with the keyboard and chosen for a step together.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::focus::focus_later;
use crate::ui::icon::{Icon, Pic};

/// A row that can be pointed at and chosen.
pub trait Listed: Clone + Send + Sync + 'static {
    /// What tells rows apart.
    type Id: Copy + Ord + Send + Sync + 'static;

    /// Returns what tells the row apart.
    fn id(&self) -> Self::Id;

    /// Returns the id of a row's element.
    fn element(id: Self::Id) -> String;
}

/// The rows of a page, where the keyboard is among them, and which of them are chosen.
pub struct Picking<T: Listed> {
    /// The rows of the page.
    pub rows: RwSignal<Vec<T>>,
    /// Where the keyboard is.
    pub spot: RwSignal<Option<usize>>,
    /// Which rows are chosen.
    pub selected: RwSignal<BTreeSet<T::Id>>,
}

impl<T: Listed> Clone for Picking<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Listed> Copy for Picking<T> {}

impl<T: Listed> Picking<T> {
    /// Returns rows of which none is chosen.
    pub fn new(rows: Vec<T>) -> Self {
        Self { rows: RwSignal::new(rows), spot: RwSignal::new(None), selected: RwSignal::new(BTreeSet::new()) }
    }

    /// Chooses nothing and points nowhere, as on another list.
    pub fn clear(self) {
        self.choose_none();
        self.spot.set(None);
    }

    /// Shows other rows; what is still there stays chosen, and the focus stays where it was.
    pub fn show(self, rows: Vec<T>) {
        let held = self.spot.get_untracked().is_some_and(|spot| self.is_focused(spot));
        self.selected.update(|selected| selected.retain(|id| rows.iter().any(|row| row.id() == *id)));
        let last = rows.len().checked_sub(1);
        self.rows.set(rows);
        if let Some(spot) = self.spot.get_untracked() {
            self.spot.set(last.map(|last| spot.min(last)));
            if held {
                self.focus();
            }
        }
    }

    /// Returns whether the focus is on a row, or was on one that is gone.
    fn is_focused(self, spot: usize) -> bool {
        let Some(element) = document().active_element() else { return true };
        element.tag_name() == "BODY" || Some(element.id()) == self.element_at(spot)
    }

    fn element_at(self, spot: usize) -> Option<String> {
        self.rows.with_untracked(|rows| rows.get(spot).map(|row| T::element(row.id())))
    }

    /// Puts the focus on the row where the keyboard is.
    fn focus(self) {
        if let Some(id) = self.spot.get_untracked().and_then(|spot| self.element_at(spot)) {
            focus_later(&id);
        }
    }

    /// Moves the keyboard down, or up.
    pub fn step(self, by: isize) {
        let Some(last) = self.rows.with_untracked(Vec::len).checked_sub(1) else { return };
        let next = match self.spot.get_untracked() {
            Some(spot) => spot.saturating_add_signed(by).min(last),
            None => 0,
        };
        self.spot.set(Some(next));
        self.focus();
    }

    /// Chooses a row, or no longer.
    pub fn toggle(self, id: T::Id) {
        self.selected.update(|selected| {
            if !selected.remove(&id) {
                selected.insert(id);
            }
        });
    }

    /// Chooses every row of the page.
    pub fn choose_all(self) {
        self.selected.set(self.rows.with_untracked(|rows| rows.iter().map(T::id).collect()));
    }

    /// Chooses no row; returns whether one was.
    pub fn choose_none(self) -> bool {
        let was = self.selected.with_untracked(|selected| !selected.is_empty());
        self.selected.set(BTreeSet::new());
        was
    }

    /// Returns the row where the keyboard is.
    pub fn here(self) -> Option<T> {
        let spot = self.spot.get_untracked()?;
        self.rows.with_untracked(|rows| rows.get(spot).cloned())
    }

    /// Returns whether the keyboard is on a row.
    pub fn is_here(self, id: T::Id) -> bool {
        let spot = self.spot.get();
        spot.is_some_and(|spot| self.rows.with(|rows| rows.get(spot).is_some_and(|row| row.id() == id)))
    }

    /// Returns what a key acts on, with the first of it: the chosen rows, else the one where the keyboard is.
    pub fn targets(self) -> Option<(Vec<T::Id>, Option<T>)> {
        let chosen = self.selected.get_untracked();
        if chosen.is_empty() {
            return self.here().map(|row| (vec![row.id()], Some(row)));
        }
        let first = self.rows.with_untracked(|rows| rows.iter().find(|row| chosen.contains(&row.id())).cloned());
        Some((chosen.into_iter().collect(), first))
    }
}

/// A row with the box that chooses it.
#[component]
pub fn Pickable<T: Listed>(
    /// Which row.
    id: T::Id,
    /// The rows of its page.
    picking: Picking<T>,
    /// What the box says.
    #[prop(into)]
    label: Signal<String>,
    /// What the row shows.
    children: Children,
) -> impl IntoView {
    view! {
        <li class="queue-item alert-item" id=T::element(id) tabindex="-1"
            aria-current=move || picking.is_here(id).then_some("true")>
            <label class="check queue-kind">
                <input class="checkbox" type="checkbox" aria-label=move || label.get()
                    prop:checked=move || picking.selected.with(|selected| selected.contains(&id))
                    on:change=move |_| picking.toggle(id)/>
            </label>
            {children()}
        </li>
    }
}

/// How many rows are chosen and what can be done with all of them; nothing where none is.
#[component]
pub fn Picked<T: Listed>(
    /// The rows of the page.
    picking: Picking<T>,
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// The steps.
    children: ChildrenFn,
) -> impl IntoView {
    let language = use_language();
    let count = Memo::new(move |_| picking.selected.with(BTreeSet::len));
    let words = move || td_string!(language.get(), common.selected, total = count.get());
    let children = StoredValue::new(children);
    view! {
        <Show when=move || count.get() != 0>
            <div class="grid-selection" role="group" aria-label=move || label.get()>
                <span role="status">{words}</span>
                {children.with_value(|children| children())}
                <button class="button push" data-look="quiet" data-size="small" type="button"
                    on:click=move |_| picking.choose_all()>{text!(common.select_page)}</button>
                <button class="button" data-look="quiet" data-size="small" type="button" on:click=move |_| { picking.choose_none(); }>
                    <Pic icon=Icon::Cross/><span>{text!(common.select_none)}</span>
                </button>
            </div>
        </Show>
    }
}
