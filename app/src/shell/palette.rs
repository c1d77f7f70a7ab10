//! The command palette: any account or command, from anywhere, on Ctrl-K.

use domain::accounts::Found;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::{ev, html};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::Frame;
use super::server_fns::search_accounts;
use crate::boot;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::health::BandBadge;
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;

/// A command: where it leads, and the words that users of other products look for.
#[derive(Clone, Copy)]
struct Command {
    href: &'static str,
    icon: Icon,
    label: fn(Locale) -> &'static str,
    also: &'static str,
    role: Role,
}

const COMMANDS: [Command; 20] = [
    Command {
        href: "/",
        icon: Icon::Home,
        label: |l| td_string!(l, shell.today),
        also: "home cockpit start",
        role: Role::Viewer,
    },
    Command {
        href: "/tasks",
        icon: Icon::Tasks,
        label: |l| td_string!(l, shell.tasks),
        also: "to do todo reminder follow-up call cta new task",
        role: Role::Viewer,
    },
    Command {
        href: "/accounts",
        icon: Icon::Building,
        label: |l| td_string!(l, shell.accounts),
        also: "customers companies portfolio book",
        role: Role::Viewer,
    },
    Command {
        href: "/accounts?view=mine",
        icon: Icon::Person,
        label: |l| td_string!(l, shell.my_accounts),
        also: "portfolio book of business",
        role: Role::Viewer,
    },
    Command {
        href: "/accounts?view=at_risk",
        icon: Icon::Warning,
        label: |l| td_string!(l, shell.at_risk),
        also: "churn critical danger",
        role: Role::Viewer,
    },
    Command {
        href: "/accounts?view=renewals_90_days",
        icon: Icon::Calendar,
        label: |l| td_string!(l, shell.renewals),
        also: "contract expiry",
        role: Role::Viewer,
    },
    Command {
        href: "/import",
        icon: Icon::Upload,
        label: |l| td_string!(l, shell.import),
        also: "csv xlsx upload file schedule nightly",
        role: Role::Csm,
    },
    Command {
        href: "/accounts?do=export",
        icon: Icon::Download,
        label: |l| td_string!(l, shell.export),
        also: "csv xlsx json download backup file",
        role: Role::Csm,
    },
    Command {
        href: "/exports",
        icon: Icon::Download,
        label: |l| td_string!(l, shell.exports),
        also: "export history files downloads",
        role: Role::Csm,
    },
    Command {
        href: "/accounts/quality",
        icon: Icon::Check,
        label: |l| td_string!(l, shell.quality),
        also: "completeness duplicates missing owner stale orphan clean up hygiene",
        role: Role::Viewer,
    },
    Command {
        href: "/scorecards",
        icon: Icon::Sliders,
        label: |l| td_string!(l, shell.scorecards),
        also: "health score weights measures bands lab",
        role: Role::Viewer,
    },
    Command {
        href: "/insights/value",
        icon: Icon::Pulse,
        label: |l| td_string!(l, value.title),
        also: "roi return retention uplift early warning churn saved proof time to insight",
        role: Role::Viewer,
    },
    Command {
        href: "/dashboards",
        icon: Icon::Tiles,
        label: |l| td_string!(l, shell.dashboards),
        also: "widgets overview kpi board executive",
        role: Role::Viewer,
    },
    Command {
        href: "/reports",
        icon: Icon::Columns,
        label: |l| td_string!(l, shell.reports),
        also: "report builder group pivot chart csv share link schedule mail",
        role: Role::Viewer,
    },
    Command {
        href: "/accounts/duplicates",
        icon: Icon::Building,
        label: |l| td_string!(l, duplicates.command),
        also: "merge twins same customer contacts people clean up data quality",
        role: Role::Viewer,
    },
    Command {
        href: "/settings",
        icon: Icon::Gear,
        label: |l| td_string!(l, shell.settings),
        also: "profile password sessions setup",
        role: Role::Viewer,
    },
    Command {
        href: "/settings/computed",
        icon: Icon::Columns,
        label: |l| td_string!(l, settings.computed),
        also: "formula calculated custom field",
        role: Role::Viewer,
    },
    Command {
        href: "/settings/configuration",
        icon: Icon::Gear,
        label: |l| td_string!(l, configuration.title),
        also: "yaml export import backup settings as code",
        role: Role::Admin,
    },
    Command {
        href: "/settings/sharing",
        icon: Icon::People,
        label: |l| td_string!(l, shares.settings),
        also: "share links public url token revoke who looked outside mail",
        role: Role::Viewer,
    },
    Command {
        href: "/settings/users",
        icon: Icon::People,
        label: |l| td_string!(l, shell.users),
        also: "team roles invite",
        role: Role::Admin,
    },
];

#[derive(Clone)]
enum Item {
    Account(Found),
    Command(Command),
}

impl Item {
    fn href(&self) -> String {
        match self {
            Self::Account(found) => format!("/accounts/{}", found.id),
            Self::Command(command) => command.href.to_owned(),
        }
    }
}

#[component]
pub(super) fn Palette(frame: Frame) -> impl IntoView {
    let language = use_language();
    let (text, place) = (RwSignal::new(String::new()), RwSignal::new(0usize));
    let node = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    let found = later(move || {
        let (open, text) = (frame.palette.get(), text.get());
        async move {
            let accounts = if open { search_accounts(text.clone()).await.unwrap_or_default() } else { Vec::new() };
            (text, accounts)
        }
    });
    let is_answered =
        Memo::new(move |_| found.with(|found| found.as_ref().is_some_and(|(of, _)| text.with(|text| text == of))));
    let items = Memo::new_owning(move |old: Option<Vec<Item>>| {
        let accounts = found.get();
        // While the next answer is on its way the last one stays, so that nothing jumps.
        let accounts: Vec<Item> = match accounts {
            Some((_, accounts)) => accounts.into_iter().map(Item::Account).collect(),
            None => old.into_iter().flatten().filter(|item| matches!(item, Item::Account(_))).collect(),
        };
        let commands = commands(&text.get(), language.get());
        (accounts.into_iter().chain(commands.into_iter().map(Item::Command)).collect(), true)
    });
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if frame.palette.get() && !dialog.open() {
            text.set(String::new());
            place.set(0);
            let _ = dialog.show_modal();
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
            }
        } else if !frame.palette.get() && dialog.open() {
            dialog.close();
        }
    });
    let navigate = use_navigate();
    let choose = Callback::new(move |href: String| {
        frame.palette.set(false);
        navigate(&href, NavigateOptions::default());
    });
    // Pressed before the answer is there, Enter means what the answer will say.
    let wanted = RwSignal::new(false);
    let open = move || {
        wanted.set(false);
        if let Some(href) = items.with_untracked(|items| items.get(place.get_untracked()).map(Item::href)) {
            choose.run(href);
        }
    };
    Effect::new(move |_| {
        if is_answered.get() && wanted.get_untracked() {
            open();
        }
    });
    let keydown = move |event: ev::KeyboardEvent| {
        let count = items.read().len();
        match event.key().as_str() {
            "ArrowDown" => place.update(|place| *place = (*place + 1).min(count.saturating_sub(1))),
            "ArrowUp" => place.update(|place| *place = place.saturating_sub(1)),
            "Enter" if is_answered.get_untracked() => open(),
            "Enter" => wanted.set(true),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <dialog class="palette" node_ref=node aria-label=text!(shell.palette) on:close=move |_| frame.palette.set(false)>
            <input class="palette-input" node_ref=input type="text" role="combobox" aria-expanded="true" autocomplete="off"
                aria-controls="palette-list" aria-label=text!(shell.search_or_run) placeholder=text!(shell.search_or_run)
                aria-activedescendant=move || format!("palette-{}", place.get())
                prop:value=move || text.get() on:keydown=keydown
                on:input=move |event| { text.set(event_target_value(&event)); place.set(0); wanted.set(false); }/>
            <div class="palette-list" id="palette-list" role="listbox" aria-label=text!(shell.palette)>
                {move || items.get().into_iter().enumerate().map(|(index, item)| view! { <Row index item place choose/> }).collect_view()}
                <Show when=move || items.read().is_empty()><p class="empty-text">{text!(shell.nothing_found)}</p></Show>
            </div>
            <div class="palette-hint">
                <span><kbd class="kbd">"↑↓"</kbd>" "{text!(shell.hint_move)}</span>
                <span><kbd class="kbd">"Enter"</kbd>" "{text!(shell.hint_open)}</span>
                <span><kbd class="kbd">"Esc"</kbd>" "{text!(shell.hint_close)}</span>
            </div>
        </dialog>
    }
}

fn commands(text: &str, locale: Locale) -> Vec<Command> {
    let text = text.trim().to_lowercase();
    let fits = |command: &Command| {
        text.is_empty() || (command.label)(locale).to_lowercase().contains(&text) || command.also.contains(&text)
    };
    COMMANDS.into_iter().filter(|command| boot::may(command.role) && fits(command)).collect()
}

#[component]
fn Row(index: usize, item: Item, place: RwSignal<usize>, choose: Callback<String>) -> impl IntoView {
    let language = use_language();
    let href = item.href();
    let inner = match item {
        Item::Account(found) => {
            let detail = found.external_id.or(found.domain).unwrap_or_default();
            view! {
                <Pic icon=Icon::Building/><span>{found.name}</span>
                <span class="palette-detail">{detail}" "<BandBadge band=found.band/></span>
            }
            .into_any()
        }
        Item::Command(command) => {
            view! { <Pic icon=command.icon/><span>{move || (command.label)(language.get())}</span> }.into_any()
        }
    };
    view! {
        <div class="palette-item" role="option" id=format!("palette-{index}")
            aria-selected=move || (place.get() == index).to_string()
            on:mousemove=move |_| place.set(index) on:click=move |_| choose.run(href.clone())>{inner}</div>
    }
}
