//! The dialog in which a document is chosen: which one, of which days, and in which language.

use domain::time::Timestamp;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::fetch::{Errand, run};
use super::{LANGUAGES, language_name};
use crate::boot;
use crate::error::Error;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded;
use crate::ui::toast::use_toasts;

/// A kind of document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The health report of an account.
    #[default]
    Health,
    /// The review pack of an account.
    Review,
    /// The summary of a portfolio.
    Summary,
    /// A report that somebody built.
    Report,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Review => "review",
            Self::Summary => "summary",
            Self::Report => "report",
        }
    }

    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Health => td_string!(locale, paper.document_health),
            Self::Review => td_string!(locale, paper.document_review),
            Self::Summary => td_string!(locale, paper.document_summary),
            Self::Report => td_string!(locale, paper.report_kind),
        }
    }
}

/// What a dialog offers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    /// The documents with where each is made; the first is chosen at first.
    pub documents: Vec<(Kind, String)>,
    /// What is said along with every request.
    pub fixed: Vec<(&'static str, String)>,
    /// How many accounts are selected and by which ids; none where there is no list to select from.
    pub selected: Option<(usize, String)>,
    /// Whether the file is an archive with one document for each account.
    pub is_archive: bool,
}

/// What was chosen.
#[derive(Clone, Copy)]
struct Choice {
    offer: StoredValue<Offer>,
    kind: RwSignal<Kind>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    language: RwSignal<&'static str>,
    only_selected: RwSignal<bool>,
}

impl Choice {
    fn new(offer: Offer) -> Self {
        let has_selected = offer.selected.as_ref().is_some_and(|(count, _)| *count > 0);
        Self {
            kind: RwSignal::new(offer.documents.first().map(|(kind, _)| *kind).unwrap_or_default()),
            offer: StoredValue::new(offer),
            from: RwSignal::new(String::new()),
            to: RwSignal::new(String::new()),
            language: RwSignal::new(LANGUAGES[0]),
            only_selected: RwSignal::new(has_selected),
        }
    }

    fn errand(self) -> Errand {
        let kind = self.kind.get_untracked();
        self.offer.with_value(|offer| {
            let path = offer.documents.iter().find(|(offered, _)| *offered == kind).map(|(_, path)| path.clone());
            let mut pairs = offer.fixed.clone();
            pairs.push(("language", self.language.get_untracked().to_owned()));
            if kind == Kind::Review {
                pairs.extend([("from", self.from.get_untracked()), ("to", self.to.get_untracked())]);
            }
            if offer.is_archive {
                pairs.push(("document", kind.key().to_owned()));
            }
            if let Some((_, ids)) = offer.selected.as_ref().filter(|_| self.only_selected.get_untracked()) {
                pairs.retain(|(name, _)| *name != "filter");
                pairs.push(("accounts", ids.clone()));
            }
            Errand { path: path.unwrap_or_default(), pairs, is_long: offer.is_archive }
        })
    }
}

/// A button that opens the dialog.
#[component]
pub fn PaperButton(
    /// What the dialog offers; asked when it opens.
    #[prop(into)]
    offer: Callback<(), Offer>,
    /// What the button says.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is as small and quiet as a link.
    #[prop(optional)]
    is_quiet: bool,
) -> impl IntoView {
    let (open, language) = (RwSignal::new(false), use_language());
    let title = Signal::derive(move || td_string!(language.get(), paper.dialog_title).to_owned());
    let (look, size) = if is_quiet { (Some("quiet"), Some("small")) } else { (None, None) };
    view! {
        <button class="button no-paper" type="button" data-look=look data-size=size aria-haspopup="dialog"
            on:click=move |_| open.set(true)>
            <Pic icon=Icon::Download/><span>{label}</span>
        </button>
        <Dialog open title><Form choice=Choice::new(offer.run(())) open/></Dialog>
    }
}

#[component]
fn Form(choice: Choice, open: RwSignal<bool>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Error>));
    let is_archive = choice.offer.with_value(|offer| offer.is_archive);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let errand = choice.errand();
        spawn_local(async move {
            let answer = run(&errand).await;
            busy.try_set(false);
            match answer {
                Ok(name) => {
                    toasts.say(td_string!(language.get_untracked(), common.download_done, name = name));
                    open.try_set(false);
                }
                Err(error) => {
                    problem.try_set(Some(error));
                }
            }
        });
    };
    let said = move || problem.get().map(|error| loaded::words(&error, language.get()).1);
    view! {
        <form on:submit=submit>
            <div class="dialog-body stack">
                <KindField choice/>
                <WhichField choice/>
                <SpanFields choice/>
                <LanguageField choice/>
                {is_archive.then(|| view! { <p class="field-hint">{text!(paper.zip_hint)}</p> })}
                {move || said().map(|said| view! { <p class="field-error" role="alert">{said}</p> })}
                <p role="status" class="muted">{move || busy.get().then(|| td_string!(language.get(), paper.begun))}</p>
            </div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                <button class="button" data-look="primary" type="submit" disabled=move || busy.get()>
                    <Pic icon=Icon::Download/>
                    <span>{move || match is_archive {
                        true => td_string!(language.get(), paper.take_zip),
                        false => td_string!(language.get(), paper.take),
                    }}</span>
                </button>
            </footer>
        </form>
    }
}

#[component]
fn KindField(choice: Choice) -> impl IntoView {
    let language = use_language();
    let kinds: Vec<Kind> = choice.offer.with_value(|offer| offer.documents.iter().map(|(kind, _)| *kind).collect());
    let choose = move |event: ev::Event| {
        let key = event_target_value(&event);
        let all = choice.offer.with_value(|offer| offer.documents.clone());
        choice.kind.set(all.into_iter().map(|(kind, _)| kind).find(|kind| kind.key() == key).unwrap_or_default());
    };
    (kinds.len() > 1).then(|| {
        let options = kinds.into_iter().map(|kind| {
            view! { <option value=kind.key()>{move || kind.label(language.get())}</option> }
        });
        view! {
            <div class="field">
                <label class="field-label" for="paper-document">{text!(paper.document)}</label>
                <select class="select" id="paper-document" on:change=choose>{options.collect_view()}</select>
            </div>
        }
    })
}

/// Which of the accounts of a list.
#[component]
fn WhichField(choice: Choice) -> impl IntoView {
    let language = use_language();
    let count = choice.offer.with_value(|offer| offer.selected.as_ref().map_or(0, |(count, _)| *count));
    let choose = move |event: ev::Event| choice.only_selected.set(event_target_value(&event) == "selected");
    (count > 0).then(|| view! {
        <div class="field">
            <label class="field-label" for="paper-which">{text!(paper.which)}</label>
            <select class="select" id="paper-which" on:change=choose>
                <option value="selected">{move || td_string!(language.get(), paper.which_selected, count = count)}</option>
                <option value="listed">{text!(paper.which_listed)}</option>
            </select>
        </div>
    })
}

/// The days of a review.
#[component]
fn SpanFields(choice: Choice) -> impl IntoView {
    let today = boot::now().iso_date();
    let field = move |id: &'static str, label: fn(Locale) -> &'static str, value: RwSignal<String>, max: String| {
        let label = crate::language::following(label);
        view! {
            <div class="field">
                <label class="field-label" for=id>{label}</label>
                <input class="input" type="date" id=id max=max aria-describedby="paper-span-hint"
                    prop:value=move || value.get() on:change=move |event| value.set(event_target_value(&event))/>
            </div>
        }
    };
    let is_review = Memo::new(move |_| choice.kind.get() == Kind::Review);
    view! {
        <Show when=move || is_review.get()>
            <div class="row">
                {field("paper-from", |locale| td_string!(locale, paper.from), choice.from, yesterday())}
                {field("paper-to", |locale| td_string!(locale, paper.to), choice.to, today.clone())}
            </div>
            <p class="field-hint" id="paper-span-hint">{text!(paper.span_hint)}</p>
        </Show>
    }
}

fn yesterday() -> String {
    let now: Timestamp = boot::now();
    now.plus_days(-1).iso_date()
}

#[component]
fn LanguageField(choice: Choice) -> impl IntoView {
    let choose = move |event: ev::Event| {
        let tag = event_target_value(&event);
        choice.language.set(LANGUAGES.into_iter().find(|known| *known == tag).unwrap_or(LANGUAGES[0]));
    };
    let options = LANGUAGES.map(|tag| view! { <option value=tag lang=tag>{language_name(tag)}</option> });
    view! {
        <div class="field">
            <label class="field-label" for="paper-language">{text!(paper.language)}</label>
            <select class="select" id="paper-language" on:change=choose>{options.into_iter().collect_view()}</select>
        </div>
    }
}
