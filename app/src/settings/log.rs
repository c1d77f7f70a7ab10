//! The change log: what it is for, and a check that nobody has rewritten it.

use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{Verdict, verify_log};
use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Problem;

/// The change log and its check.
#[component]
pub(super) fn Log() -> impl IntoView {
    let (running, result) = (RwSignal::new(false), RwSignal::new(None::<Result<Verdict>>));
    let verify = Callback::new(move |()| {
        running.set(true);
        spawn_local(async move {
            let found = verify_log().await;
            let _ = result.try_set(Some(found));
            let _ = running.try_set(false);
        });
    });
    view! {
        <section class="card" aria-labelledby="log">
            <header class="card-head"><h2 class="card-title" id="log">{text!(settings.log)}</h2></header>
            <div class="card-body stack">
                <div class="prose"><p>{text!(settings.log_text)}</p><p>{text!(settings.log_chain)}</p></div>
                {if boot::may(Role::Admin) {
                    view! {
                        <div class="row">
                            <button class="button" data-look="primary" type="button" disabled=move || running.get()
                                aria-busy=move || running.get().then_some("true") on:click=move |_| verify.run(())>
                                {text!(settings.verify)}
                            </button>
                        </div>
                    }
                    .into_any()
                } else {
                    view! { <p class="muted">{text!(settings.verify_ask)}</p> }.into_any()
                }}
                <div aria-live="polite">
                    {move || result.get().map(|found| match found {
                        Ok(verdict) => view! { <Found verdict/> }.into_any(),
                        Err(error) => view! { <Problem error retry=verify/> }.into_any(),
                    })}
                </div>
            </div>
        </section>
    }
}

#[component]
fn Found(verdict: Verdict) -> impl IntoView {
    let language = use_language();
    let (tone, icon) = match verdict {
        Verdict::Whole(_) => ("good", Icon::Check),
        Verdict::BrokenAt(_) => ("bad", Icon::Warning),
    };
    let words = move || match verdict {
        Verdict::Whole(lines) => td_string!(language.get(), settings.log_whole, lines = format::integer(lines)),
        Verdict::BrokenAt(line) => td_string!(language.get(), settings.log_broken, line = format::integer(line)),
    };
    view! { <div class="notice" data-tone=tone><Pic icon/><div><p>{words}</p></div></div> }
}
