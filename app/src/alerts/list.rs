//! The list: filters, what is chosen, the rows and the pages.

use domain::alerts::list::AlertRow;
use domain::alerts::{Priority, Step};
use leptos::prelude::*;

use super::address::{Address, PAGE_ROWS, Tab};
use super::ask::Asking;
use super::board::Board;
use super::hand::{Ask, Hand};
use super::keyboard;
use super::row::{Actions, Lines};
use super::server_fns::{Start, start_alerts};
use super::words;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Loaded, Problem};
use crate::ui::picking::{Pickable, Picked};

/// A word in a person's language.
type Word = fn(Locale) -> &'static str;

/// Loads the list and shows it.
#[component]
pub(super) fn AlertList(
    /// What the address says.
    address: Memo<Address>,
    /// Where the counts of the tabs go.
    counts: RwSignal<domain::alerts::list::AlertCounts>,
) -> impl IntoView {
    let start = Resource::new(|| (), move |()| start_alerts(address.get_untracked().query()));
    view! { <Loaded resource=start lines=10 children=move |start| view! { <Listed start address counts/> }/> }
}

#[component]
fn Listed(start: Start, address: Memo<Address>, counts: RwSignal<domain::alerts::list::AlertCounts>) -> impl IntoView {
    let board = Board::new(start, address);
    keyboard::listen(board);
    Effect::new(move |_| counts.set(board.counts.get()));
    let retry = Callback::new(move |()| board.load());
    let is_empty = Memo::new(move |_| board.picking.rows.with(Vec::is_empty));
    view! {
        <div class="stack">
            <Filters board/>
            <Selection board/>
            {move || board.problem.get().map(|error| view! { <Problem error retry/> })}
            <section class="card" aria-label=text!(alerts.list)>
                <Show when=move || !is_empty.get() fallback=move || view! { <Nothing board/> }>
                    <ol class="queue">
                        <For each=move || board.picking.rows.get() key=what_it_shows let:row><Row row board/></For>
                    </ol>
                </Show>
                <Pages board/>
            </section>
            <p class="field-hint only-wide">{text!(alerts.keys_hint)}</p>
        </div>
        <Asking hand=board.hand/>
    }
}

/// A row is drawn anew when one of these is another.
fn what_it_shows(row: &AlertRow) -> (domain::id::AlertId, i64, Option<i64>, Option<domain::id::UserId>, String) {
    (row.alert.id, row.alert.version, row.score.map(|score| score.0), row.owner, row.account.clone())
}

#[component]
fn Row(row: AlertRow, board: Board) -> impl IntoView {
    let language = board.hand.language;
    let id = row.alert.id;
    let name = row.clone();
    let label = move || {
        let name =
            format!("{}: {}", words::about(&name, language.get()), words::alert_name(&name.alert, language.get()));
        td_string!(language.get(), alerts.select, name = name)
    };
    let (lines, actions) = (row.clone(), row);
    view! {
        <Pickable id picking=board.picking label=Signal::derive(label)>
            {move || view! { <Lines row=lines.clone() locale=language.get()/> }}
            <div class="queue-actions">{move || { language.get(); view! { <Actions row=actions.clone() hand=board.hand/> } }}</div>
        </Pickable>
    }
}

/// Search, priority, rule and whose.
#[component]
fn Filters(board: Board) -> impl IntoView {
    let language = board.hand.language;
    let first = board.address.get_untracked();
    let search = RwSignal::new(first.search.clone());
    Effect::watch(move || board.address.get(), move |address, _, _| search.set(address.search.clone()), false);
    let find = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        board.turn(|address| address.search = search.get_untracked().trim().to_owned());
    };
    let rules = board.rules.get_value();
    let is_mine = Memo::new(move |_| board.address.with(|address| address.mine));
    let mine = move |wanted: bool| move |_: leptos::ev::MouseEvent| board.turn(|address| address.mine = wanted);
    view! {
        <div class="alert-filters" role="search">
            <form class="row" on:submit=find>
                <input class="input" type="search" maxlength="100" aria-label=text!(alerts.search) placeholder=text!(alerts.search_hint)
                    prop:value=move || search.get() on:input=move |event| search.set(event_target_value(&event))/>
                <button class="button" type="submit"><Pic icon=Icon::Search/><span>{text!(alerts.search_go)}</span></button>
            </form>
            <select class="select" aria-label=text!(alerts.priority)
                on:change=move |event| board.turn(|address| address.priority = Priority::from_key(&event_target_value(&event)))>
                <option value="">{text!(alerts.any_priority)}</option>
                {Priority::ALL.into_iter().map(|priority| view! {
                    <option value=priority.key() selected={first.priority == Some(priority)}
                        prop:selected=move || board.address.with(|address| address.priority == Some(priority))>
                        {move || words::priority(priority, language.get())}
                    </option>
                }).collect_view()}
            </select>
            <select class="select" aria-label=text!(alerts.rule)
                on:change=move |event| board.turn(|address| address.rule = event_target_value(&event).parse().ok())>
                <option value="">{text!(alerts.any_rule)}</option>
                {rules.into_iter().map(|rule| {
                    let id = rule.id;
                    view! {
                        <option value=id.to_string() selected={first.rule == Some(id)}
                            prop:selected=move || board.address.with(|address| address.rule == Some(id))>
                            {move || words::rule_name(&rule, language.get())}
                        </option>
                    }
                }).collect_view()}
            </select>
            <div class="button-group" role="group" aria-label=text!(alerts.whose)>
                <button class="button" type="button" aria-pressed=move || is_mine.get().to_string() on:click=mine(true)>{text!(alerts.mine)}</button>
                <button class="button" type="button" aria-pressed=move || (!is_mine.get()).to_string() on:click=mine(false)>{text!(alerts.everyone)}</button>
            </div>
        </div>
    }
}

/// What can be done with all chosen alerts at once.
#[component]
fn Selection(board: Board) -> impl IntoView {
    let acknowledge = move |_| {
        if let Some(targets) = board.targets() {
            board.hand.take(targets, Step::Acknowledge);
        }
    };
    let asks: [(Ask, Word); 4] = [
        (Ask::Resolve, |locale| td_string!(locale, alerts.resolve)),
        (Ask::Snooze, |locale| td_string!(locale, alerts.snooze)),
        (Ask::Assign, |locale| td_string!(locale, alerts.assign)),
        (Ask::Dismiss, |locale| td_string!(locale, alerts.dismiss)),
    ];
    view! {
        <Picked picking=board.picking label=Signal::derive(move || td_string!(board.hand.language.get(), alerts.selection).to_owned())>
            {Hand::may().then(|| view! {
                <button class="button" data-size="small" type="button" on:click=acknowledge>{text!(alerts.acknowledge)}</button>
                {asks.into_iter().map(|(ask, label)| view! {
                    <button class="button" data-size="small" type="button" on:click=move |_| board.ask(ask)>
                        {move || label(board.hand.language.get())}
                    </button>
                }).collect_view()}
            })}
        </Picked>
    }
}

/// Says why there is no row.
#[component]
fn Nothing(board: Board) -> impl IntoView {
    let words = move || {
        let locale = board.hand.language.get();
        match board.address.with(|address| (address.is_filtered(), address.tab)) {
            (true, _) => (td_string!(locale, alerts.nothing_fits), td_string!(locale, alerts.nothing_fits_text)),
            (_, Tab::Opportunity) => {
                (td_string!(locale, alerts.empty_opportunity), td_string!(locale, alerts.empty_opportunity_text))
            }
            (_, Tab::Snoozed) => {
                (td_string!(locale, alerts.empty_snoozed), td_string!(locale, alerts.empty_snoozed_text))
            }
            (_, Tab::History) => {
                (td_string!(locale, alerts.empty_history), td_string!(locale, alerts.empty_history_text))
            }
            _ => (td_string!(locale, alerts.empty_risk), td_string!(locale, alerts.empty_risk_text)),
        }
    };
    let clear = move |_| board.turn(|address| *address = Address { tab: address.tab, ..Address::default() });
    view! {
        <div class="empty">
            <Pic icon=Icon::Check/>
            <p class="empty-title">{move || words().0}</p>
            <p class="empty-text">{move || words().1}</p>
            <Show when=move || board.address.with(Address::is_filtered)>
                <button class="button" type="button" on:click=clear>{text!(alerts.clear_filters)}</button>
            </Show>
        </div>
    }
}

/// How many there are, and the way to the others.
#[component]
fn Pages(board: Board) -> impl IntoView {
    let page = Memo::new(move |_| board.address.with(|address| address.page));
    let last = Memo::new(move |_| board.total.get().saturating_sub(1) / PAGE_ROWS);
    let words = move || {
        let (locale, total) = (board.hand.language.get(), board.total.get());
        let (from, rows) = (page.get() * PAGE_ROWS, board.picking.rows.with(Vec::len) as u32);
        let number = |n: u32| format::integer(i64::from(n));
        match total {
            1 => td_string!(locale, alerts.single_alert).to_owned(),
            total if total == rows => td_string!(locale, alerts.total_alerts, total = number(total)),
            total => {
                let (from, to) = (number(from + 1), number(from + rows));
                td_string!(locale, alerts.shown, from = from, to = to, total = number(total))
            }
        }
    };
    view! {
        <footer class="card-foot" data-spread="">
            <span role="status">{words}</span>
            <Show when={move || last.get() > 0}>
                <nav class="row push" aria-label=text!(alerts.pages)>
                    <button class="button" data-size="small" type="button" disabled=move || page.get() == 0
                        on:click=move |_| board.open_page(page.get_untracked().saturating_sub(1))>{text!(alerts.page_back)}</button>
                    <button class="button" data-size="small" type="button" disabled={move || page.get() >= last.get()}
                        on:click=move |_| board.open_page(page.get_untracked() + 1)>{text!(alerts.page_next)}</button>
                </nav>
            </Show>
        </footer>
    }
}
