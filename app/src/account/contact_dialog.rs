//! The dialog that adds a contact or changes one.

use domain::contacts::{Contact, ROLES};
use domain::id::ContactId;
use domain::refusal::FieldError;
use leptos::prelude::*;

use super::change_fns::save_contact;
use super::desk::use_desk;
use super::override_dialog::{FieldProblem, Problems};
use super::panels::ContactDraft;
use super::words;
use crate::i18n::{Locale, td_string};
use crate::ui::dialog::Dialog;

/// What is being typed, kept here so that news about other contacts do not disturb it.
#[derive(Clone, Copy)]
pub(super) struct Form {
    open: RwSignal<bool>,
    known: RwSignal<Option<(ContactId, i64)>>,
    draft: RwSignal<ContactDraft>,
    sentiment: RwSignal<String>,
    left: RwSignal<String>,
    problems: Problems,
}

impl Form {
    /// Returns a closed form.
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            known: RwSignal::new(None),
            draft: RwSignal::new(ContactDraft::default()),
            sentiment: RwSignal::new(String::new()),
            left: RwSignal::new(String::new()),
            problems: Problems::new(),
        }
    }

    /// Opens it for a new contact.
    pub(super) fn add(self) {
        self.fill(None, ContactDraft::default());
    }

    /// Opens it for a contact.
    pub(super) fn edit(self, contact: &Contact) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let draft = ContactDraft {
            name: contact.name.clone(),
            email: text(&contact.email),
            phone: text(&contact.phone),
            title: text(&contact.title),
            role: text(&contact.role),
            sentiment: contact.sentiment,
            time_zone: text(&contact.time_zone),
            left_at: contact.left_at,
        };
        self.fill(Some((contact.id, contact.version)), draft);
    }

    fn fill(self, known: Option<(ContactId, i64)>, draft: ContactDraft) {
        self.known.set(known);
        self.sentiment.set(draft.sentiment.map(|mood| mood.to_string()).unwrap_or_default());
        self.left.set(draft.left_at.map(|at| at.iso_date()).unwrap_or_default());
        self.draft.set(draft);
        self.problems.0.set(Vec::new());
        self.open.set(true);
    }

    /// Returns what was typed, or what is wrong with it before the server has to say so.
    fn read(self, locale: Locale) -> Result<ContactDraft, Vec<FieldError>> {
        let mut draft = self.draft.get_untracked();
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        };
        if draft.name.trim().is_empty() {
            wrong("name", td_string!(locale, account.enter_name));
        }
        let mood = self.sentiment.get_untracked();
        draft.sentiment = match mood.trim() {
            "" => None,
            text => {
                let mood = text.parse::<f64>().ok().filter(|mood| (0.0..=100.0).contains(mood));
                if mood.is_none() {
                    wrong("sentiment", td_string!(locale, account.enter_score));
                }
                mood
            }
        };
        let left = self.left.get_untracked();
        draft.left_at = words::day(&left);
        if !left.is_empty() && draft.left_at.is_none() {
            wrong("left_at", td_string!(locale, account.enter_date));
        }
        if errors.is_empty() { Ok(draft) } else { Err(errors) }
    }
}

/// Adds a contact or changes one.
#[component]
pub(super) fn ContactDialog(
    /// What is being typed.
    form: Form,
    /// What happens once it is saved.
    saved: Callback<()>,
) -> impl IntoView {
    let desk = use_desk();
    let save = Callback::new(move |()| {
        let Some(id) = desk.id.get_untracked() else { return };
        let draft = match form.read(desk.language.get_untracked()) {
            Ok(draft) => draft,
            Err(errors) => return form.problems.0.set(errors),
        };
        form.problems.0.set(Vec::new());
        let known = form.known.get_untracked();
        let (contact, version) = (known.map(|(contact, _)| contact), known.map_or(0, |(_, version)| version));
        desk.run(save_contact(id, contact, version, draft), move |answer| match answer {
            Ok(_) => {
                form.open.set(false);
                saved.run(());
                desk.say(td_string!(desk.language.get_untracked(), account.saved));
            }
            Err(error) => form.problems.take(&error, desk.words(&error)),
        });
    });
    let title = Signal::derive(move || match form.known.get() {
        Some(_) => td_string!(desk.language.get(), account.edit_contact).to_owned(),
        None => td_string!(desk.language.get(), account.add_contact).to_owned(),
    });
    view! {
        <Dialog open=form.open title>
            <form class="form" novalidate on:submit=move |event| { event.prevent_default(); save.run(()); }>
                <div class="dialog-body stack">
                    <FieldProblem problems=form.problems field=""/>
                    <TextField form name="name" kind="text" read=|draft| draft.name.clone() write=|draft, text| draft.name = text/>
                    <TextField form name="email" kind="email" read=|draft| draft.email.clone() write=|draft, text| draft.email = text/>
                    <TextField form name="title" kind="text" read=|draft| draft.title.clone() write=|draft, text| draft.title = text/>
                    <TextField form name="phone" kind="tel" read=|draft| draft.phone.clone() write=|draft, text| draft.phone = text/>
                    <RoleField form/>
                    <TextField form name="time_zone" kind="text" read=|draft| draft.time_zone.clone()
                        write=|draft, text| draft.time_zone = text/>
                    <Loose form name="sentiment" kind="text" text=form.sentiment/>
                    <Loose form name="left_at" kind="date" text=form.left/>
                </div>
                <footer class="dialog-foot">
                    <button class="button" type="button" on:click=move |_| form.open.set(false)>{text!(common.cancel)}</button>
                    <button class="button" data-look="primary" type="submit" aria-busy=move || desk.busy.get().then_some("true")>
                        {text!(common.save)}
                    </button>
                </footer>
            </form>
        </Dialog>
    }
}

#[component]
fn TextField(
    form: Form,
    name: &'static str,
    kind: &'static str,
    read: fn(&ContactDraft) -> String,
    write: fn(&mut ContactDraft, String),
) -> impl IntoView {
    let value = Signal::derive(move || form.draft.with(read));
    let typed = Callback::new(move |text| form.draft.update(|draft| write(draft, text)));
    view! { <Input form name kind value typed/> }
}

#[component]
fn Loose(form: Form, name: &'static str, kind: &'static str, text: RwSignal<String>) -> impl IntoView {
    let typed = Callback::new(move |typed| text.set(typed));
    view! { <Input form name kind value=text.into() typed/> }
}

#[component]
fn Input(
    form: Form,
    name: &'static str,
    kind: &'static str,
    value: Signal<String>,
    typed: Callback<String>,
) -> impl IntoView {
    let desk = use_desk();
    let wrong = move || form.problems.of(name).is_some();
    view! {
        <div class="field">
            <label class="field-label" for=format!("contact-{name}")>
                {move || words::field_label(name, "", desk.language.get())}
            </label>
            <input class="input" id=format!("contact-{name}") name=name type=kind autocomplete="off"
                aria-invalid=move || wrong().then_some("true") aria-describedby=move || wrong().then(|| format!("problem-{name}"))
                prop:value=move || value.get() on:input=move |event| typed.run(event_target_value(&event))/>
            <FieldProblem problems=form.problems field=name/>
        </div>
    }
}

#[component]
fn RoleField(form: Form) -> impl IntoView {
    let desk = use_desk();
    let chosen = form.draft.with_untracked(|draft| draft.role.clone());
    view! {
        <div class="field">
            <label class="field-label" for="contact-role">{move || words::field_label("role", "", desk.language.get())}</label>
            <select class="select" id="contact-role" name="role"
                on:change=move |event| form.draft.update(|draft| draft.role = event_target_value(&event))>
                <option value="" prop:selected=chosen.is_empty()>"–"</option>
                {ROLES.into_iter().map(|role| {
                    let selected = role == chosen;
                    view! { <option value=role prop:selected=selected>{move || words::word(role, desk.language.get())}</option> }
                }).collect_view()}
            </select>
            <FieldProblem problems=form.problems field="role"/>
        </div>
    }
}
