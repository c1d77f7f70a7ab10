//! Contacts of one account that may be one person.

use domain::duplicates::contacts::Person;
use domain::duplicates::{Found, Group, Proposal};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::group::{Apart, Choose, Frame, Head, Stays};
use super::merge::{Case, Decide, decide};
use super::server_fns::{load_duplicate_contacts, merge_contacts, propose_contact_merge, tell_contacts_apart};
use super::{Asked, Desk, groups, page, version, words};
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::loaded::Loaded;

/// The page of contacts.
pub struct DuplicateContactsPage {
    found: Resource<Result<Found<Person>>>,
}

#[lazy_route]
impl LazyRoute for DuplicateContactsPage {
    fn data() -> Self {
        let version = version();
        Self { found: Resource::new(move || version.get(), |_| load_duplicate_contacts()) }
    }

    fn view(this: Self) -> AnyView {
        let desk = Desk::new(this.found);
        let asked: Asked<Person> = RwSignal::new(None);
        let card = move |group| view! { <Card desk asked group/> }.into_any();
        let body = view! {
            <Loaded resource=this.found lines=10 children=move |found| {
                groups(desk, found, |locale| td_string!(locale, duplicates.none_contacts_text), card)
            }/>
        };
        view! {
            {page(|locale| td_string!(locale, duplicates.sub_contacts), body.into_any())}
            <Ask desk asked/>
        }
        .into_any()
    }
}

/// The contacts of a group with what can be done.
#[component]
fn Card(desk: Desk, asked: Asked<Person>, group: Group<Person>) -> impl IntoView {
    let Group { members, reasons } = group;
    let ids: Vec<_> = members.iter().map(|person| person.id).collect();
    let first = members.first();
    let heading = first.map(|person| format!("group-{}", person.id)).unwrap_or_default();
    let people = first.map(|person| (format!("/accounts/{}/people", person.account_id), person.account.clone()));
    let head = Head {
        id: heading.clone(),
        title: first.map(|person| person.name.clone()).unwrap_or_default(),
        below: people.map(|(href, account)| view! { <a href=href>{account}</a> }.into_any()),
        reasons: words::reasons(reasons, words::contact_reason),
    };
    let stays = RwSignal::new(first.cloned());
    let apart = Apart {
        say: |locale| td_string!(locale, duplicates.apart_contacts),
        named: |locale, name| td_string!(locale, duplicates.apart_contacts_named, name = name),
        act: Callback::new(move |()| {
            let said = |locale: Locale| td_string!(locale, duplicates.told_contacts_apart);
            desk.tell_apart(tell_contacts_apart(ids.clone()), said);
        }),
    };
    view! {
        <Frame desk head apart>
            <thead><tr>
                {desk.may_merge.then(|| view! { <th scope="col">{text!(duplicates.stays)}</th> })}
                <th scope="col">{text!(duplicates.contact)}</th>
                <th scope="col">{text!(duplicates.email)}</th>
                <th scope="col">{text!(duplicates.job_title)}</th>
                <th scope="col">{text!(duplicates.phone)}</th>
                <th scope="col">{text!(duplicates.last_touch)}</th>
                <th scope="col">{text!(duplicates.since)}</th>
                {desk.may_merge.then(|| view! {
                    <th scope="col"><span class="visually-hidden">{text!(duplicates.merge)}</span></th>
                })}
            </tr></thead>
            <tbody>{members.into_iter().map(|person| {
                view! { <Row desk asked person stays radios=heading.clone()/> }
            }).collect_view()}</tbody>
        </Frame>
    }
}

#[component]
fn Row(
    desk: Desk,
    asked: Asked<Person>,
    person: Person,
    stays: RwSignal<Option<Person>>,
    radios: String,
) -> impl IntoView {
    let is_it = |one: &Person, other: &Person| one.id == other.id;
    let choose = Choose { member: person.clone(), name: person.called(), stays, is_it };
    let merge = choose.clone();
    let merge_label = |locale: Locale, name: String| td_string!(locale, duplicates.merge_contact_named, name = name);
    let none = || "–".to_owned();
    view! {
        <tr data-contact=person.id.to_string()>
            {desk.may_merge.then(|| view! { <td><Stays desk choose radios/></td> })}
            <th scope="row">{person.name}</th>
            <td>{person.email.unwrap_or_else(none)}</td>
            <td>{person.title.unwrap_or_else(none)}</td>
            <td>{person.phone.unwrap_or_else(none)}</td>
            <td class="nowrap">{person.last_touch_at.map_or_else(none, format::date)}</td>
            <td class="nowrap">{format::date(person.created_at)}</td>
            {desk.may_merge.then(|| view! { <td>{merge.button(desk, asked, merge_label)}</td> })}
        </tr>
    }
}

/// The question before a merge.
#[component]
fn Ask(desk: Desk, asked: Asked<Person>) -> impl IntoView {
    let open = open_while(asked);
    let title = Signal::derive(move || td_string!(desk.language.get(), duplicates.ask_contacts_title).to_owned());
    view! {
        <Dialog open title>
            {move || asked.get().map(|(keep, gone)| view! { <Look desk open keep gone/> })}
        </Dialog>
    }
}

#[component]
fn Look(desk: Desk, open: RwSignal<bool>, keep: Person, gone: Person) -> impl IntoView {
    let proposal = Resource::new(move || (), move |()| propose_contact_merge(keep.id, gone.id));
    let decide = move |proposal: Proposal<Person>| {
        let case = case(&proposal);
        view! { <Decide desk open case choices=proposal.choices moves=proposal.moves/> }
    };
    view! { <Loaded resource=proposal lines=8 children=decide/> }
}

fn case(proposal: &Proposal<Person>) -> Case {
    let (keep, gone) = (&proposal.keep, &proposal.gone);
    Case {
        names: (keep.called(), gone.called()),
        currencies: (None, None),
        explain: |locale, keep, gone| td_string!(locale, duplicates.ask_contacts_text, keep = keep, gone = gone),
        merged: |locale, keep, gone| td_string!(locale, duplicates.merged_contacts, gone = gone, keep = keep),
        merge: decide((keep.id, proposal.keep_version), (gone.id, proposal.gone_version), |decision| {
            Box::pin(merge_contacts(decision))
        }),
    }
}
