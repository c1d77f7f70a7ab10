//! The list without a mouse: j and k move, x or the space bar chooses, c completes, s postpones, a assigns, e edits and
//! n writes a new one.

use domain::todos::TodoStep;
use leptos::ev;
use leptos::prelude::*;

use super::board::Board;
use super::hand::Asked;
use super::quick_box;

/// Listens while the list is on the screen.
pub(super) fn listen(board: Board) {
    // After `g`, the next letter leads to another page.
    let led = StoredValue::new(false);
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            let whole = event.ctrl_key() || event.meta_key() || event.alt_key();
            if whole || event.default_prevented() || crate::shell::is_typing() {
                return;
            }
            let was_led = led.get_value();
            led.set_value(event.key() == "g" && !was_led);
            if !was_led && press(board, event.key().as_str()) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Returns whether the key meant something.
fn press(board: Board, key: &str) -> bool {
    match key {
        "j" => board.picking.step(1),
        "k" => board.picking.step(-1),
        "x" => return toggle(board),
        // Elsewhere the space bar presses the button that has the focus.
        " " if is_on_row() => return toggle(board),
        "Enter" if is_on_row() => return edit(board),
        "e" => return edit(board),
        "s" => board.ask(Asked::Postpone),
        "a" => board.ask(Asked::Assign),
        "c" => {
            let Some(targets) = board.targets() else { return false };
            board.hand.take(targets, TodoStep::Complete);
        }
        "n" => crate::ui::focus::focus_later(quick_box::ID),
        "Escape" => return board.picking.choose_none(),
        _ => return false,
    }
    true
}

fn toggle(board: Board) -> bool {
    let Some(row) = board.picking.here() else { return false };
    board.picking.toggle(row.todo.id);
    true
}

fn edit(board: Board) -> bool {
    let Some(row) = board.picking.here() else { return false };
    board.hand.edit(&row);
    true
}

/// Returns whether the focus is on a row itself, not on something in it.
fn is_on_row() -> bool {
    document().active_element().is_some_and(|element| element.id().starts_with("task-") && element.tag_name() == "LI")
}
