//! The dialog in which a link is made, with those that show the same thing already.

use domain::fields::Subject;
use domain::shares::{DAYS, DAYS_OFFERED, MAKER, ShareDraft, Shown};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::links::Links;
use super::server_fns::{NewLink, create_share, list_shares};
use crate::error::Error;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::copy::copy;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;
use crate::ui::loaded::{Problem, Skeleton};
use crate::ui::question::{Inquiry, Question};
use crate::ui::toast::use_toasts;
use crate::{boot, format};

/// A new link as far as it is filled in.
#[derive(Clone, Copy)]
struct Making {
    of: Signal<Option<(String, Shown)>>,
    open: RwSignal<bool>,
    live: RwSignal<bool>,
    download: RwSignal<bool>,
    days: RwSignal<u16>,
    password: RwSignal<String>,
    made: RwSignal<Option<NewLink>>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Error>>,
}

impl Making {
    fn new(of: Signal<Option<(String, Shown)>>) -> Self {
        Self {
            of,
            open: RwSignal::new(false),
            live: RwSignal::new(false),
            download: RwSignal::new(false),
            days: RwSignal::new(DAYS),
            password: RwSignal::new(String::new()),
            made: RwSignal::new(None),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    fn begin(self) {
        self.live.set(false);
        self.download.set(false);
        self.days.set(DAYS);
        self.password.set(String::new());
        self.made.set(None);
        self.problem.set(None);
        self.open.set(true);
    }

    fn submit(self) {
        let Some((name, shown)) = self.of.get_untracked() else { return };
        let draft = ShareDraft {
            name,
            shown,
            live: self.live.get_untracked(),
            download: self.download.get_untracked(),
            password: self.password.get_untracked(),
            days: self.days.get_untracked(),
        };
        self.busy.set(true);
        spawn_local(async move {
            let answer = create_share(draft).await;
            self.busy.try_set(false);
            match answer {
                Ok(link) => {
                    self.problem.try_set(None);
                    self.made.try_set(Some(link));
                }
                Err(error) => {
                    self.problem.try_set(Some(error));
                }
            }
        });
    }
}

/// A button that opens the dialog; nobody sees it who may not share.
#[component]
pub fn ShareButton(
    /// What is shared, and what it is called; nothing for nothing that could be.
    #[prop(into)]
    of: Signal<Option<(String, Shown)>>,
    /// Whether it stands among small things.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let language = use_language();
    let may = boot::may(MAKER);
    let making = Making::new(of);
    let title = Signal::derive(move || {
        let name = of.get().map(|(name, _)| name).unwrap_or_default();
        td_string!(language.get(), shares.title, name = name)
    });
    let (look, size) = if small { (Some("quiet"), Some("small")) } else { (None, None) };
    may.then(|| {
        view! {
            <Show when=move || of.with(Option::is_some)>
                <button class="button no-paper" data-look=look data-size=size type="button" on:click=move |_| making.begin()>
                    <Pic icon=Icon::People/><span>{text!(shares.share)}</span>
                </button>
            </Show>
            <Dialog open=making.open title>
                {move || match making.made.get() {
                    Some(link) => view! { <Made link making/> }.into_any(),
                    None => view! { <Ask making/> }.into_any(),
                }}
            </Dialog>
        }
    })
}

/// Asks what the link is like.
#[component]
fn Ask(making: Making) -> impl IntoView {
    let language = use_language();
    let cancel = Callback::new(move |()| making.open.set(false));
    let of = Inquiry { busy: making.busy, problem: making.problem, cancel };
    let choice = move |live: bool| {
        let (word, hint) = if live {
            (text!(shares.live).into_any(), text!(shares.live_hint).into_any())
        } else {
            (text!(shares.as_now).into_any(), text!(shares.as_now_hint).into_any())
        };
        view! {
            <label class="check">
                <input type="radio" class="checkbox" name="share-live" checked=making.live.get_untracked() == live
                    prop:checked=move || making.live.get() == live on:change=move |_| making.live.set(live)/>
                <span>{word}<br/><span class="field-hint">{hint}</span></span>
            </label>
        }
    };
    let days = DAYS_OFFERED.into_iter().map(move |days| {
        view! {
            <option value=days.to_string() selected=days == making.days.get_untracked()>
                {move || td_string!(language.get(), shares.days_n, n = format::integer(i64::from(days)))}
            </option>
        }
    });
    view! {
        <Question of submit=Callback::new(move |()| making.submit()) save=ViewFn::from(|| text!(shares.make))>
            <fieldset class="field">
                <legend class="field-label">{text!(shares.numbers)}</legend>
                <div class="stack" data-gap="small">{choice(false)}{choice(true)}</div>
            </fieldset>
            <label class="field">
                <span class="field-label">{text!(shares.days)}</span>
                <select class="select" id="share-days"
                    on:change=move |event| making.days.set(event_target_value(&event).parse().unwrap_or(DAYS))>
                    {days.collect_view()}
                </select>
            </label>
            <div class="field">
                <label class="field-label" for="share-password">{text!(shares.password)}</label>
                <input class="input" id="share-password" type="password" autocomplete="new-password" maxlength="256"
                    aria-describedby="share-password-hint" prop:value=move || making.password.get()
                    on:input=move |event| making.password.set(event_target_value(&event))/>
                <p class="field-hint" id="share-password-hint">{text!(shares.password_hint)}</p>
            </div>
            <label class="check">
                <input type="checkbox" class="checkbox" prop:checked=move || making.download.get()
                    on:change=move |event| making.download.set(event_target_checked(&event))/>
                <span>{text!(shares.download)}</span>
            </label>
            <Known making/>
        </Question>
    }
}

/// Shows the new link, this once.
#[component]
fn Made(link: NewLink, making: Making) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let url = StoredValue::new(link.url.clone());
    let press = move |_| {
        spawn_local(async move {
            let is_copied = copy(&url.get_value()).await;
            let locale = language.get_untracked();
            toasts.say(if is_copied {
                td_string!(locale, shares.copied)
            } else {
                td_string!(locale, shares.copy_failed)
            });
        });
    };
    view! {
        <div class="dialog-body stack">
            <p role="status">{text!(shares.made)}</p>
            <div class="field">
                <label class="field-label" for="share-link">{text!(shares.link)}</label>
                <div class="row" data-nowrap>
                    <input class="input" id="share-link" readonly autofocus value=link.url/>
                    <button class="button" data-look="primary" type="button" on:click=press>{text!(shares.copy)}</button>
                </div>
                <p class="field-hint">{move || super::words::end(&link.share, language.get())}</p>
            </div>
            <Known making/>
        </div>
        <footer class="dialog-foot">
            <button class="button" type="button" on:click=move |_| making.begin()>{text!(shares.another)}</button>
            <button class="button" type="button" on:click=move |_| making.open.set(false)>{text!(common.close)}</button>
        </footer>
    }
}

/// The links that show the same thing.
#[component]
fn Known(making: Making) -> impl IntoView {
    let version = use_live().version(|note| note.subject == Subject::Share);
    let again = RwSignal::new(0_u32);
    let known = later(move || {
        version.get();
        again.get();
        list_shares()
    });
    let retry = Callback::new(move |()| again.update(|again| *again += 1));
    view! {
        <section class="stack" data-gap="small" aria-labelledby="share-known">
            <h3 class="field-label" id="share-known">{text!(shares.links_here)}</h3>
            {move || match known.get() {
                None => view! { <Skeleton lines=1/> }.into_any(),
                Some(Err(error)) => view! { <Problem error retry/> }.into_any(),
                Some(Ok(rows)) => {
                    let shown = making.of.get_untracked().map(|(_, shown)| shown);
                    let rows: Vec<_> = rows.into_iter().filter(|row| Some(&row.share.shown) == shown.as_ref()).collect();
                    if rows.is_empty() {
                        view! { <p class="field-hint">{text!(shares.none_here)}</p> }.into_any()
                    } else {
                        view! { <Links rows changed=retry/> }.into_any()
                    }
                }
            }}
        </section>
    }
}
