//! Settings of notifications: what is told through which channel, when not, on which devices, and what was sent.

mod devices;
mod log;
mod table;
mod times;

use domain::notices::Preferences;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::is_mine;
use super::server_fns::{NoticeSettings, load_notice_settings, save_notice_preferences};
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::live::use_live;
use crate::ui::loaded::Loaded;
use crate::ui::toast::{Toasts, use_toasts};
use devices::Devices;
use log::DeliveryLog;
use table::Table;
use times::Times;

/// What the parts of the settings share: the wishes as they stand, and how they are kept.
#[derive(Clone, Copy)]
struct Wishes {
    now: RwSignal<Preferences>,
    changed: Callback<()>,
    // Handlers of events run where no context is in reach.
    language: Language,
    toasts: Toasts,
}

impl Wishes {
    /// Changes the wishes on the screen at once, and keeps them; what is refused is taken back.
    fn change(self, change: impl FnOnce(&mut Preferences)) {
        let Self { language, toasts, .. } = self;
        let before = self.now.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return;
        }
        self.now.set(after.clone());
        spawn_local(async move {
            match save_notice_preferences(after).await {
                Ok(()) => toasts.say(td_string!(language.get_untracked(), notices.saved)),
                Err(error) => {
                    toasts.error(&error);
                    let _ = self.now.try_set(before);
                    self.changed.run(());
                }
            }
        });
    }
}

/// The person's settings of notifications.
#[component]
pub fn Notifications() -> impl IntoView {
    let version = use_live().version(is_mine);
    let settings = Resource::new(move || version.get(), |_| load_notice_settings());
    let changed = Callback::new(move |()| settings.refetch());
    view! {
        <Loaded resource=settings lines=12 children=move |settings| view! { <Parts settings changed/> }/>
    }
}

#[component]
fn Parts(settings: NoticeSettings, changed: Callback<()>) -> impl IntoView {
    let NoticeSettings { preferences, zones, ways, devices, deliveries } = settings;
    let wishes = Wishes { now: RwSignal::new(preferences), changed, language: use_language(), toasts: use_toasts() };
    view! {
        <div class="stack">
            <Table wishes ways=ways.clone()/>
            <Times wishes zones/>
            <Devices devices ways changed/>
            <DeliveryLog deliveries changed/>
        </div>
    }
}
