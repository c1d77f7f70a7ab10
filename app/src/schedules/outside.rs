//! Whether reports may be sent to addresses of nobody in the workspace: administrators say.

use domain::fields::Subject;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{load_outside_mail, save_outside_mail};
use crate::boot;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

/// The card in the settings.
#[component]
pub fn OutsideMail() -> impl IntoView {
    let version = use_live().version(|note| note.subject == Subject::Workspace);
    let allowed = Resource::new(move || version.get(), |_| load_outside_mail());
    view! {
        <section class="card" aria-labelledby="outside-mail">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="outside-mail">{text!(schedules.outside_title)}</h2>
                    <p class="card-sub">{text!(schedules.outside_text)}</p>
                </div>
            </header>
            <div class="card-body">
                <Loaded resource=allowed lines=1 children=move |allowed| view! { <Choice allowed/> }/>
            </div>
        </section>
    }
}

#[component]
fn Choice(allowed: bool) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    if !boot::may(Role::Admin) {
        return match allowed {
            true => view! { <p>{text!(schedules.outside_on)}</p> }.into_any(),
            false => view! { <p>{text!(schedules.outside_off)}</p> }.into_any(),
        };
    }
    let checked = RwSignal::new(allowed);
    let change = move |event| {
        let wanted = event_target_checked(&event);
        checked.set(wanted);
        spawn_local(async move {
            match save_outside_mail(wanted).await {
                Ok(()) => toasts.say(td_string!(language.get_untracked(), schedules.outside_saved)),
                Err(error) => {
                    toasts.error(&error);
                    checked.try_set(!wanted);
                }
            }
        });
    };
    view! {
        <label class="check">
            <input type="checkbox" class="checkbox" checked=allowed prop:checked=move || checked.get() on:change=change/>
            <span>{text!(schedules.outside_allow)}</span>
        </label>
    }
    .into_any()
}
