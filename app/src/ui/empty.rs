//! What stands where there is nothing to show yet.

use leptos::prelude::*;

use crate::i18n::Locale;
use crate::language::following;
use crate::ui::icon::{Icon, Pic};

/// A card that says what will stand here, and leads to where it begins.
#[component]
pub fn Empty(
    /// What it is about.
    icon: Icon,
    /// That there is nothing.
    title: fn(Locale) -> &'static str,
    /// What will stand here.
    words: fn(Locale) -> &'static str,
    /// Where it begins.
    href: &'static str,
    /// What the way there is called.
    action: fn(Locale) -> &'static str,
    /// Whether the way there is what the page is for.
    #[prop(optional)]
    is_main: bool,
) -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty">
                <Pic icon/>
                <p class="empty-title">{following(title)}</p>
                <p class="empty-text">{following(words)}</p>
                <a class="button" data-look=is_main.then_some("primary") href=href>{following(action)}</a>
            </div>
        </section>
    }
}
