//! The people at the customer.

use domain::contacts::Contact;
use domain::fields::Subject;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::change_fns::remove_contact;
use super::contact_dialog::{ContactDialog, Form};
use super::desk::{Desk, known, marks, may_edit, now, use_desk};
use super::parts::{Nothing, Panel};
use super::{server_fns, words};
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// Within how many days somebody counts as in touch.
const TOUCH_DAYS: i64 = 90;

/// Loads the contacts.
pub(super) fn resource(desk: Desk) -> Resource<Result<Vec<Contact>>> {
    let version = desk.watch(&[Subject::Contact]);
    Resource::new(
        move || (desk.id.get(), desk.as_of.get(), version.get()),
        |(id, at, _)| async move { server_fns::account_people(known(id)?, at).await },
    )
}

/// The people at the customer.
#[component]
pub(super) fn People() -> impl IntoView {
    let desk = use_desk();
    let people = resource(desk);
    let form = Form::new();
    let marked = marks(move || {
        let people = people.get()?.ok()?;
        let texts = people.into_iter().map(|contact| (contact.id.to_string(), contact.version.to_string()));
        Some((format!("{:?}", desk.id.get_untracked()), texts.collect()))
    });
    let may = may_edit();
    let refresh = Callback::new(move |()| people.refetch());
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{move || td_string!(desk.language.get(), account.tab_people)}</h2>
                {may.then(|| view! {
                    <button class="button" data-size="small" type="button" on:click=move |_| form.add()>
                        <Pic icon=Icon::Plus/>{move || td_string!(desk.language.get(), account.add_contact)}
                    </button>
                })}
            </header>
            <div class="card-body">
                <Panel resource=people lines=6 let(people, locale)>
                    {if people.is_empty() {
                        let (title, text) = (td_string!(locale, account.people_empty), td_string!(locale, account.people_empty_text));
                        view! { <Nothing icon=Icon::People title text action=("/import", td_string!(locale, account.import))/> }.into_any()
                    } else {
                        view! {
                            <div class="stack">
                            {single_thread(&people, locale)}
                            <ul class="people">
                                {people.into_iter().map(|contact| {
                                    let actions = may.then_some(Actions { form, refresh });
                                    let id = contact.id.to_string();
                                    view! {
                                        <Person contact locale actions marked=Some(Signal::derive(move || marked.read().contains(&id)))/>
                                    }
                                }).collect_view()}
                            </ul>
                            </div>
                        }.into_any()
                    }}
                </Panel>
            </div>
        </section>
        {may.then(|| view! { <ContactDialog form saved=refresh/> })}
    }
}

/// Warns where everything hangs on one person.
fn single_thread(people: &[Contact], locale: Locale) -> Option<impl IntoView + use<>> {
    let since = now().plus_days(-TOUCH_DAYS);
    let touched = |contact: &&Contact| {
        contact.left_at.is_none() && contact.last_touch_at.is_some_and(|touch: Timestamp| touch >= since)
    };
    let mut touched = people.iter().filter(touched);
    let (one, more) = (touched.next(), touched.next());
    let only = one.filter(|_| more.is_none())?.name.clone();
    Some(view! {
        <div class="notice" data-tone="warn">
            <Pic icon=Icon::Warning/>
            <div>
                <p class="notice-title">{td_string!(locale, account.single_thread)}</p>
                <p>{td_string!(locale, account.single_thread_text, name = only)}</p>
            </div>
        </div>
    })
}

/// What can be done with a person of the list.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    form: Form,
    refresh: Callback<()>,
}

/// One person.
#[component]
pub(super) fn Person(
    /// Who.
    contact: Contact,
    /// The language.
    locale: Locale,
    /// What can be done.
    actions: Option<Actions>,
    /// Whether they just changed.
    #[prop(default = None)]
    marked: Option<Signal<bool>>,
) -> impl IntoView {
    let left = contact.left_at.map(|at| td_string!(locale, account.left_on, date = format::date(at)));
    let touch =
        contact.last_touch_at.map(|at| td_string!(locale, account.last_touch_when, when = format::relative(at, now())));
    let mood = contact.sentiment.map(|mood| td_string!(locale, account.sentiment_of, share = format::number(mood)));
    let details: Vec<String> =
        [contact.title.clone(), contact.email.clone(), contact.phone.clone(), contact.time_zone.clone(), touch, mood]
            .into_iter()
            .flatten()
            .collect();
    let tone = match contact.role.as_deref() {
        Some("champion") => "good",
        Some("detractor") => "bad",
        _ => "neutral",
    };
    let role = contact.role.as_deref().map(|role| words::word(role, locale));
    view! {
        <li class="person" class:highlight=move || marked.is_some_and(|marked| marked.get())>
            <span class="avatar" aria-hidden="true">{format::initials(&contact.name)}</span>
            <div>
                <div class="person-name">
                    {contact.name.clone()}
                    {role.map(|role| view! { <span class="badge" data-tone=tone>{role}</span> })}
                    {left.map(|left| view! { <span class="badge" data-tone="warn">{left}</span> })}
                </div>
                <div class="person-detail">{details.join(" · ")}</div>
            </div>
            <div class="row" data-gap="small">{actions.map(|actions| buttons(contact, actions, locale))}</div>
        </li>
    }
}

fn buttons(contact: Contact, actions: Actions, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let Actions { form, refresh } = actions;
    let (id, name) = (contact.id, contact.name.clone());
    let remove = move |_| {
        desk.run(remove_contact(id), move |answer| match answer {
            Ok(batch) => {
                refresh.run(());
                desk.offer_undo(batch);
            }
            Err(error) => desk.complain(&error),
        });
    };
    let edit = td_string!(locale, account.edit_field, field = name.clone());
    let delete = td_string!(locale, account.remove_named, name = name);
    view! {
        <button class="icon-button" data-size="small" type="button" aria-label=edit on:click=move |_| form.edit(&contact)>
            <Pic icon=Icon::Pencil/>
        </button>
        <button class="icon-button" data-size="small" type="button" aria-label=delete on:click=remove><Pic icon=Icon::Trash/></button>
    }
}
