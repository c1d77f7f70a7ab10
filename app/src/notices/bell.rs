//! The bell: how much is unread, in the header, in the window's title and on the icon, and a toast for what cannot wait.

use domain::id::NoticeId;
use domain::notices::Bell;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::{JsCast, JsValue};

use super::is_mine;
use super::server_fns::{load_bell, mark_notices};
use super::words::words;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;
use crate::ui::toast::use_toasts;

/// How many notices the person has not read; the window's title follows it.
#[derive(Clone, Copy)]
pub struct Unread(pub RwSignal<u32>);

/// Most that a badge says exactly.
const EXACT_MAX: u32 = 99;

/// The way to the notification centre, with a badge.
#[component]
pub fn BellLink() -> impl IntoView {
    let language = use_language();
    let Unread(count) = expect_context::<Unread>();
    watch(count);
    let label = move || match count.get() {
        0 => td_string!(language.get(), notices.bell_none).to_owned(),
        n => td_string!(language.get(), notices.bell_some, n = format::integer(i64::from(n))),
    };
    let badge = move || {
        let count = count.get();
        if count > EXACT_MAX { format!("{EXACT_MAX}+") } else { count.to_string() }
    };
    view! {
        <a class="icon-button bell" href="/notifications" aria-label=label title=label>
            <Pic icon=Icon::Bell/>
            <span class="bell-count" aria-hidden="true" hidden=move || count.get() == 0>{badge}</span>
        </a>
        <span class="visually-hidden" role="status">{move || (count.get() > 0).then(label)}</span>
    }
}

/// Loads the badge again whenever the person's notices change, and says at once what cannot wait.
fn watch(count: RwSignal<u32>) {
    let (language, toasts, navigate) = (use_language(), use_toasts(), use_navigate());
    let version = use_live().version(is_mine);
    // What was critical before the page was opened is in the list and no news.
    let known = StoredValue::new(None::<Option<NoticeId>>);
    let show = Callback::new(move |bell: Bell| {
        count.set(bell.unread);
        call("badge", &[JsValue::from(bell.unread)]);
        let newest = bell.critical.as_ref().map(|notice| notice.id);
        let before = known.try_update_value(|known| known.replace(newest)).flatten();
        let is_news = before.is_some_and(|before| newest > before);
        let Some(notice) = bell.critical.filter(|_| is_news) else { return };
        let locale = language.get_untracked();
        let (navigate, href) = (navigate.clone(), notice.href());
        let open = move || {
            let id = notice.id;
            spawn_local(async move {
                // A notice that stays unread is still in the list.
                let _ = mark_notices(vec![id], true).await;
            });
            navigate(&href, NavigateOptions::default());
        };
        toasts.offer(words(&notice, locale).title, td_string!(locale, notices.open), open);
        if bell.sound {
            call("chime", &[]);
        }
    });
    let told = later(move || {
        version.track();
        load_bell()
    });
    // Without an answer the badge stays as it is until the next change.
    Effect::new(move |_| {
        if let Some(Ok(bell)) = told.get() {
            untrack(|| show.run(bell));
        }
    });
}

/// Calls one of the functions that `register-sw.js` gives to the page, where it is there.
pub(super) fn call(name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let glue = js_sys::Reflect::get(&window(), &JsValue::from_str("keepwell")).ok()?;
    let function: js_sys::Function = js_sys::Reflect::get(&glue, &JsValue::from_str(name)).ok()?.dyn_into().ok()?;
    function.apply(&glue, &arguments.iter().collect::<js_sys::Array>()).ok()
}
