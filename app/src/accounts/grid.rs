//! The state of the grid and what happens to it: what is shown, loaded, selected, and heard from others.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::fields::{Catalogue, Field};
use domain::id::{AccountId, BatchId, UserId};
use domain::identity::{Role, User};
use domain::time::Timestamp;
use domain::views::View;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use super::address::{Address, Base, Look, PATH};
use super::cache::Cache;
use super::server_fns::{Start, undo_batch};
use crate::boot;
use crate::error::Error;
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::ui::toast::{Toasts, use_toasts};

/// Rows that are drawn above and below what is seen.
const OVERSCAN: u32 = 10;
/// Rows that the server draws, before anybody knows how high the window is.
const ROWS_FIRST: u32 = 40;
/// How often it is looked whether the page stands before its address is put right, and the pause between.
const SETTLE_TRIES: u32 = 50;
const SETTLE_PAUSE: Duration = Duration::from_millis(100);

/// A cell: its row, where -1 is the head, and its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Counted from 0; -1 is the head.
    pub row: i64,
    /// Counted from 0.
    pub column: usize,
}

/// A field of one account.
pub type CellKey = (AccountId, String);

/// Everything the parts of the grid share.
#[derive(Clone, Copy)]
pub struct Grid {
    /// The fields that exist.
    pub catalogue: RwSignal<Arc<Catalogue>>,
    /// The saved views.
    pub views: RwSignal<Vec<View>>,
    /// What the address says.
    pub address: Memo<Address>,
    /// What is shown now.
    pub look: Memo<Look>,
    /// The columns, from left to right.
    pub columns: Memo<Vec<Arc<Field>>>,
    /// The rows that are here.
    pub cache: RwSignal<Cache>,
    /// Why rows could not be loaded.
    pub problem: RwSignal<Option<Error>>,
    /// Whether another list is on its way.
    pub busy: RwSignal<bool>,
    /// The first row that is drawn, and how many there is room for.
    pub window: RwSignal<(u32, u32)>,
    /// The rows that are drawn: the first, and the one behind the last.
    pub range: Memo<(u32, u32)>,
    /// How high a row is.
    pub row_height: RwSignal<f64>,
    /// Where the person is.
    pub spot: RwSignal<Spot>,
    /// The cell that is being edited.
    pub editing: RwSignal<Option<CellKey>>,
    /// The accounts that are selected.
    pub selected: RwSignal<BTreeSet<AccountId>>,
    /// The values that others have just changed.
    pub changed: RwSignal<BTreeSet<CellKey>>,
    /// The box that scrolls.
    pub node: NodeRef<html::Div>,
    /// Whether the person may edit accounts.
    pub may_edit: bool,
    /// Who can own an account.
    pub people: StoredValue<Vec<User>>,
    /// The server's time when the page was made.
    pub now: Timestamp,
    /// The language of the page.
    pub language: Language,
    /// The messages of this tab.
    pub toasts: Toasts,
    go: Callback<(Address, bool)>,
    open: Callback<String>,
    /// Which question was asked last, and whether it was for another list.
    pub asked: StoredValue<(u32, bool)>,
    /// Whether changes of others are being gathered.
    pub gathering: StoredValue<bool>,
}

impl Grid {
    /// Sets the grid up with what the page began with.
    pub fn new(start: Start) -> Self {
        let Start { catalogue, views, query, page } = start;
        let (catalogue, views) = (RwSignal::new(Arc::new(catalogue)), RwSignal::new(views));
        let address = address();
        let look = Memo::new(move |_| address.with(|address| views.with(|views| Look::of(address, views))));
        let columns = Memo::new(move |_| {
            let catalogue = catalogue.get();
            let field = |key: &String| catalogue.get(key).cloned().map(Arc::new);
            look.with(|look| look.columns.iter().filter_map(field).collect())
        });
        let (cache, problem, window) = (Cache::default(), RwSignal::new(None), RwSignal::new((0, ROWS_FIRST)));
        let cache = RwSignal::new(cache);
        match page {
            Ok(page) => drop(cache.try_update_untracked(|cache| cache.put(0, page))),
            Err(error) => problem.set(Some(error)),
        }
        let total = Memo::new(move |_| cache.with(|cache| cache.total));
        let range = Memo::new(move |_| {
            let ((first, rows), total) = (window.get(), total.get());
            let first = first.min(total.saturating_sub(rows));
            (first, first.saturating_add(rows).min(total))
        });
        let (navigate, me) = (use_navigate(), boot::me());
        let open = {
            let navigate = navigate.clone();
            Callback::new(move |href: String| navigate(&href, NavigateOptions::default()))
        };
        let go = Callback::new(move |(address, replace): (Address, bool)| {
            navigate(&address.href(), NavigateOptions { scroll: false, replace, ..NavigateOptions::default() });
        });
        let grid = Self {
            catalogue,
            views,
            address,
            look,
            columns,
            cache,
            problem,
            window,
            range,
            go,
            open,
            busy: RwSignal::new(false),
            row_height: RwSignal::new(40.0),
            spot: RwSignal::new(Spot::default()),
            editing: RwSignal::new(None),
            selected: RwSignal::new(BTreeSet::new()),
            changed: RwSignal::new(BTreeSet::new()),
            node: NodeRef::new(),
            may_edit: boot::may(Role::Csm),
            people: StoredValue::new(me.map(|me| me.people).unwrap_or_default()),
            now: boot::now(),
            language: use_language(),
            toasts: use_toasts(),
            asked: StoredValue::new((0, false)),
            gathering: StoredValue::new(false),
        };
        grid.follow(query);
        grid
    }

    /// Goes to another look of the grid; `replace` keeps the steps of typing out of the history.
    pub fn go(self, change: impl FnOnce(&mut Address, &Base), replace: bool) {
        let mut address = self.address.get_untracked();
        let base = self.views.with_untracked(|views| Base::of(&address.view, views));
        change(&mut address, &base);
        if address != self.address.get_untracked() {
            self.go.run((address, replace));
        }
    }

    /// Takes out of the address what the grid does not read.
    fn settle(self) {
        self.go.run((self.address.get_untracked(), true));
    }

    /// Puts the address right once the dialog that it asked for stands: to lead on while the page is still coming would
    /// draw it a second time.
    pub fn settle_soon(self) {
        self.settle_within(SETTLE_TRIES);
    }

    fn settle_within(self, tries: u32) {
        let look = move || {
            if self.address.try_get_untracked().is_none() {
                return;
            }
            let stands = document().query_selector("dialog.dialog[open]").is_ok_and(|dialog| dialog.is_some());
            if stands || tries == 0 { self.settle() } else { self.settle_within(tries - 1) }
        };
        set_timeout(look, SETTLE_PAUSE);
    }

    /// Shows the accounts of another filter.
    pub fn set_filter(self, filter: String, replace: bool) {
        self.go(|address, base| address.filter = (filter != base.filter).then_some(filter), replace);
    }

    /// Sorts by a column, or with `add` also by it.
    pub fn press(self, key: &str, add: bool) {
        let catalogue = self.catalogue.get_untracked();
        let sort = self.look.with_untracked(|look| look.pressed(key, add, &catalogue));
        self.go(|address, base| address.sort = (sort != base.sort).then_some(sort), false);
    }

    /// Shows other columns.
    pub fn set_columns(self, columns: Vec<String>) {
        self.go(
            |address, base| address.columns = (columns != base.columns && !columns.is_empty()).then_some(columns),
            true,
        );
    }

    /// Opens an account.
    pub fn open(self, id: AccountId) {
        self.open.run(format!("{PATH}/{id}"));
    }

    /// Selects an account, or no longer.
    pub fn toggle(self, id: AccountId) {
        self.selected.update(|selected| {
            if !selected.remove(&id) {
                selected.insert(id);
            }
        });
    }

    /// Returns what a person is called.
    pub fn person(self, id: UserId) -> Option<String> {
        self.people.with_value(|people| people.iter().find(|person| person.id == id).map(|person| person.name.clone()))
    }

    /// Says that something was done, with the way to take it back.
    pub fn offer_undo(self, text: String, batch: BatchId) {
        let label = td_string!(self.language.get_untracked(), common.undo);
        self.toasts.offer(text, label, move || self.undo(batch));
    }

    fn undo(self, batch: BatchId) {
        spawn_local(async move {
            let locale = self.language.get_untracked();
            match undo_batch(batch).await {
                Ok(report) if report.conflicts > 0 => {
                    self.toasts.say(td_string!(locale, accounts.undone_partly, conflicts = report.conflicts));
                }
                Ok(_) => self.toasts.say(td_string!(locale, accounts.undone)),
                Err(error) => self.toasts.error(&error),
            }
            if self.asked.try_get_value().is_some() {
                self.reload();
            }
        });
    }

    /// Reads how much of the list is in sight.
    pub fn measure(self) {
        let Some(node) = self.node.get_untracked() else { return };
        let styles = document().document_element().and_then(|root| window().get_computed_style(&root).ok().flatten());
        let height = styles.and_then(|styles| styles.get_property_value("--row-height").ok());
        let height =
            height.and_then(|text| text.trim().trim_end_matches("px").parse::<f64>().ok()).filter(|px| *px > 8.0);
        let height = height.unwrap_or(40.0);
        if (height - self.row_height.get_untracked()).abs() > 0.01 {
            self.row_height.set(height);
        }
        let first = (f64::from(node.scroll_top()) / height).floor().max(0.0) as u32;
        let rows = (f64::from(node.client_height()) / height).ceil() as u32;
        // Steps of four rows, so that not every pixel of scrolling draws.
        let window = (first.saturating_sub(OVERSCAN) / 4 * 4, rows + 2 * OVERSCAN + 4);
        if window != self.window.get_untracked() {
            self.window.set(window);
        }
    }
}

/// Returns what the address says, as long as it is the grid's: on the way to another page it stays as it was.
fn address() -> Memo<Address> {
    let (query, path) = (use_query_map(), use_location().pathname);
    Memo::new(move |old: Option<&Address>| match old {
        Some(old) if path.with(|path| path.trim_end_matches('/') != PATH) => old.clone(),
        _ => query.with(Address::read),
    })
}
