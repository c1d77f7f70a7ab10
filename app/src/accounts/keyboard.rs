//! The grid without a mouse: arrows, pages, j and k, opening, editing and selecting.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::cell::cell_id;
use super::editor::can_edit;
use super::grid::{Grid, Spot};

impl Grid {
    /// Notes where the person is.
    pub fn arrive(self, spot: Spot) {
        if self.spot.get_untracked() != spot {
            self.spot.set(spot);
        }
    }

    /// Puts the focus on a cell, as soon as it is drawn.
    pub fn focus(self, spot: Spot) {
        request_animation_frame(move || {
            let element = document().get_element_by_id(&cell_id(spot));
            if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = element.focus();
            }
        });
    }

    /// Goes to a cell: into sight, then into focus.
    pub fn move_to(self, spot: Spot) {
        self.spot.set(spot);
        self.scroll_to(spot.row);
        self.measure();
        self.focus(spot);
    }

    fn scroll_to(self, row: i64) {
        let Some(node) = self.node.get_untracked() else { return };
        let height = self.row_height.get_untracked();
        let (top, seen) = (f64::from(node.scroll_top()), f64::from(node.client_height()));
        // The head stands above the first row and stays in sight.
        let above = row.max(0) as f64 * height;
        if row < 0 {
            return;
        }
        if above < top {
            node.set_scroll_top(above.floor() as i32);
        } else if above + 2.0 * height > top + seen {
            node.set_scroll_top((above + 2.0 * height - seen).ceil() as i32);
        }
    }

    /// Keeps the focus in the grid when the row that has it is scrolled away and no longer drawn.
    pub fn keep_focus(self) {
        let spot = self.spot.get_untracked();
        let is_focused = document().active_element().is_some_and(|element| element.id() == cell_id(spot));
        if !is_focused || spot.row < 0 {
            return;
        }
        self.measure();
        let (from, to) = self.range.get_untracked();
        let is_drawn = (i64::from(from)..i64::from(to)).contains(&spot.row);
        if !is_drawn && let Some(node) = self.node.get_untracked() {
            let _ = node.focus();
        }
    }

    /// Handles a key in the grid.
    pub fn press_key(self, event: &ev::KeyboardEvent) {
        let typing = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let typing = typing.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT"));
        if typing || event.alt_key() || self.editing.with_untracked(Option::is_some) {
            return;
        }
        let whole = event.ctrl_key() || event.meta_key();
        let handled = self.walk(event.key().as_str(), whole) || (!whole && self.act(event.key().as_str()));
        if handled {
            event.prevent_default();
            event.stop_propagation();
        }
    }

    fn walk(self, key: &str, whole: bool) -> bool {
        let Spot { row, column } = self.spot.get_untracked();
        let last_row = i64::from(self.cache.with_untracked(|cache| cache.total)) - 1;
        let last_column = self.columns.with_untracked(Vec::len).saturating_sub(1);
        let seen = self
            .node
            .get_untracked()
            .map_or(10.0, |node| f64::from(node.client_height()) / self.row_height.get_untracked());
        let page = (seen as i64 - 2).max(1);
        let (row, column) = match (key, whole) {
            ("ArrowDown", false) => (row + 1, column),
            ("j", false) => ((row + 1).max(0), column),
            ("ArrowUp", false) => (row - 1, column),
            ("k", false) => ((row - 1).max(0), column),
            ("ArrowRight", false) => (row, column + 1),
            ("ArrowLeft", false) => (row, column.saturating_sub(1)),
            ("Home", false) => (row, 0),
            ("End", false) => (row, last_column),
            ("PageDown", false) => (row + page, column),
            ("PageUp", false) => ((row - page).max(0), column),
            ("Home", true) => (0, 0),
            ("End", true) => (last_row, last_column),
            _ => return false,
        };
        self.move_to(Spot { row: row.min(last_row).max(-1), column: column.min(last_column) });
        true
    }

    fn act(self, key: &str) -> bool {
        let Spot { row, column } = self.spot.get_untracked();
        let item = u32::try_from(row).ok().and_then(|row| self.cache.with_untracked(|cache| cache.row(row)));
        if key == "Escape" {
            let any = self.selected.with_untracked(|selected| !selected.is_empty());
            if any {
                self.selected.set(std::collections::BTreeSet::new());
            }
            return any;
        }
        // In the head, Enter and the space bar press its button.
        let Some(item) = item else { return false };
        match key {
            "Enter" | "o" => self.open(item.id),
            "x" | " " => self.toggle(item.id),
            "e" | "F2" if self.may_edit => {
                let field = self.columns.with_untracked(|columns| columns.get(column).cloned());
                if let Some(field) = field.filter(|field| can_edit(field)) {
                    self.editing.set(Some((item.id, field.key.clone())));
                }
            }
            _ => return false,
        }
        true
    }

    /// Handles a key anywhere on the page while nothing is being typed: j and k lead into the grid.
    pub fn press_key_outside(self, event: &ev::KeyboardEvent) {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain && matches!(event.key().as_str(), "j" | "k") && !event.default_prevented() {
            let spot = self.spot.get_untracked();
            self.move_to(Spot { row: spot.row.max(0), column: spot.column });
            event.prevent_default();
        }
    }
}
