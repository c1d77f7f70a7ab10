//! The language of the page: one type-checked key per text, following the person's choice.
//!
//! Only the generated keys of the translation library are used; its provider costs more than it gives here
//! (`docs/decisions/0004-translations.md`).

use leptos::prelude::*;

use crate::i18n::Locale;

/// The language of this page, shared by all its parts.
#[derive(Clone, Copy)]
pub struct Language {
    first: Locale,
    now: RwSignal<Locale>,
}

impl Language {
    /// The language a page starts in.
    #[must_use]
    pub fn new(first: Locale) -> Self {
        Self { first, now: RwSignal::new(first) }
    }

    /// The language in use, following later changes.
    pub fn get(self) -> Locale {
        // The server writes the window's title when the page's signals may be out of reach, and never changes the
        // language of a page.
        if cfg!(feature = "ssr") { self.first } else { self.now.get() }
    }

    /// The language in use now, for what happens once.
    pub fn get_untracked(self) -> Locale {
        if cfg!(feature = "ssr") { self.first } else { self.now.get_untracked() }
    }

    /// Shows everything in another language from now on.
    pub fn set(self, locale: Locale) {
        self.now.set(locale);
    }
}

/// The language the server chose for this request.
#[derive(Clone, Copy)]
pub struct ChosenLanguage(pub Locale);

/// The language the page starts in: the server's choice, which the browser reads back from `<html lang>`.
#[must_use]
pub fn initial() -> Locale {
    #[cfg(feature = "ssr")]
    {
        use_context::<ChosenLanguage>().map_or_else(Locale::default, |chosen| chosen.0)
    }
    #[cfg(not(feature = "ssr"))]
    document()
        .document_element()
        .and_then(|html| html.get_attribute("lang"))
        .and_then(|lang| lang.parse().ok())
        .unwrap_or_default()
}

/// The language in use here; call it while a component is being built.
pub fn use_language() -> Language {
    expect_context::<Language>()
}

/// A text without arguments that follows the language. All such texts share this one type, which keeps the program small.
pub fn following(pick: fn(Locale) -> &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let language = use_language();
    move || pick(language.get())
}

/// The text of a key, following the language: `text!(accounts.title)` or `text!(accounts.count, total = total.get())`.
#[macro_export]
macro_rules! text {
    ($($key:ident).+) => {
        $crate::language::following(|locale| $crate::i18n::td_string!(locale, $($key).+))
    };
    ($($key:ident).+, $($argument:tt)+) => {{
        let language = $crate::language::use_language();
        move || $crate::i18n::td_string!(language.get(), $($key).+, $($argument)+)
    }};
}
