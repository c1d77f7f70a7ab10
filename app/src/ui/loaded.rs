//! Waiting for the server: the loading, refused, failed and offline face of every panel.

use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;

use crate::error::{Error, Result};
use crate::language::use_language;
use crate::ui::focus;
use crate::ui::icon::{Icon, Pic};
use crate::ui::press;

/// Shows what a resource loaded, a skeleton until then, and a way on when it did not work.
///
/// While it loads again, what is there stays: nothing jumps, and nothing is exchanged under a finger.
#[component]
pub fn Loaded<T, V>(
    /// What is loaded.
    resource: Resource<Result<T>>,
    /// How it is shown.
    children: impl Fn(T) -> V + Clone + Send + Sync + 'static,
    /// How many lines the skeleton has.
    #[prop(default = 4)]
    lines: usize,
    /// Whether what does not exist leaves the place empty, because another panel says so.
    #[prop(optional)]
    missing_is_empty: bool,
) -> impl IntoView
where
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    let language = use_language();
    let retry = Callback::new(move |()| resource.refetch());
    let owner = Owner::current();
    view! {
        <Transition fallback=move || view! { <Skeleton lines/> }>
            {move || {
                // In another language all of it is drawn again.
                language.get();
                let (children, owner) = (children.clone(), owner.clone());
                let loading = loading(resource);
                Suspend::new(async move {
                    let Some(loading) = loading else { return ().into_any() };
                    let loaded = loading.await;
                    press::released().await;
                    match loaded {
                        Ok(value) => kept(owner.as_ref(), || children(value)),
                        Err(Error::Refused(Refusal::NotFound)) if missing_is_empty => ().into_any(),
                        Err(error) => view! { <Problem error retry/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// Returns what a resource will have loaded; nothing once it is gone, as a page that is left while its program still comes
/// is drawn all the same. Asked for before anything is awaited: later it may be gone.
pub fn loading<T: Clone + Send + Sync + 'static>(resource: Resource<T>) -> Option<impl Future<Output = T>> {
    (!resource.is_disposed()).then(|| resource.into_future())
}

/// Draws a view whose signals live as long as it stands on the screen, and in which the focus stays where it is.
///
/// While a resource loads again, the old view stays; without this its signals would be gone before it is. What a
/// person types into may be drawn anew at any moment, as the score follows every edit: the next key must arrive.
pub fn kept<V: IntoView + 'static>(parent: Option<&Owner>, draw: impl FnOnce() -> V) -> AnyView {
    let held = focus::hold();
    let owner = parent.map_or_else(Owner::new, Owner::child);
    let view = owner.with(draw);
    // Parts are drawn in their order: when the last one is, all before it stand in the document.
    let back = move || {
        if let Some(held) = &held {
            untrack(|| held.give_back());
        }
    };
    OwnedView::new_with_owner((view, back).into_any(), owner).into_any()
}

/// Grey lines where content will be.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 4)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..lines).map(|_| view! { <div class="skeleton-line"></div> }).collect_view()}
        </div>
        <span class="visually-hidden" role="status">{text!(common.loading)}</span>
    }
}

/// Says what went wrong and offers the way on.
#[component]
pub fn Problem(
    /// What went wrong.
    error: Error,
    /// What trying again does.
    retry: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let (title, message) = words(&error, language.get_untracked());
    let tone = if matches!(error, Error::Refused(_)) { "info" } else { "bad" };
    let icon = if matches!(error, Error::Offline) { Icon::Cloud } else { Icon::Warning };
    let signed_out = matches!(error, Error::Refused(Refusal::SignedOut));
    view! {
        <div class="notice" role="alert" data-tone=tone>
            <Pic icon/>
            <div>
                <p class="notice-title">{title}</p>
                <p>{message}</p>
            </div>
            {if signed_out {
                view! { <a class="button" data-size="small" href="/sign-in" rel="external">{text!(common.sign_in)}</a> }.into_any()
            } else {
                view! {
                    <button class="button" data-size="small" type="button" on:click=move |_| retry.run(())>
                        {text!(common.retry)}
                    </button>
                }
                .into_any()
            }}
        </div>
    }
}

/// Returns a title and a sentence for an error.
#[must_use]
pub fn words(error: &Error, locale: crate::i18n::Locale) -> (String, String) {
    use crate::i18n::td_string;
    match error {
        Error::Refused(Refusal::Invalid(fields)) => (
            td_string!(locale, common.refused_title).to_owned(),
            fields.iter().map(|field| field.message.clone()).collect::<Vec<_>>().join(" "),
        ),
        Error::Refused(refusal) => (td_string!(locale, common.refused_title).to_owned(), refusal.to_string()),
        Error::Failed { reference } => (
            td_string!(locale, common.failed_title).to_owned(),
            td_string!(locale, common.failed_text, reference = reference.clone()),
        ),
        Error::Offline => {
            (td_string!(locale, common.offline_title).to_owned(), td_string!(locale, common.offline_text).to_owned())
        }
    }
}
