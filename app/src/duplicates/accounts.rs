//! Accounts that may be one customer.

use domain::duplicates::{Found, Group, Member, Proposal};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::group::{Apart, Choose, Frame, Head, Stays};
use super::merge::{Case, Decide, decide};
use super::server_fns::{load_duplicates, merge_accounts, propose_merge, tell_apart};
use super::{Asked, Desk, groups, page, version, words};
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::loaded::Loaded;

/// The page of accounts.
pub struct DuplicatesPage {
    found: Resource<Result<Found>>,
}

#[lazy_route]
impl LazyRoute for DuplicatesPage {
    fn data() -> Self {
        let version = version();
        Self { found: Resource::new(move || version.get(), |_| load_duplicates()) }
    }

    fn view(this: Self) -> AnyView {
        let desk = Desk::new(this.found);
        let asked: Asked<Member> = RwSignal::new(None);
        let card = move |group| view! { <Card desk asked group/> }.into_any();
        let body = view! {
            <Loaded resource=this.found lines=10 children=move |found| {
                groups(desk, found, |locale| td_string!(locale, duplicates.none_text), card)
            }/>
        };
        view! {
            {page(|locale| td_string!(locale, duplicates.sub), body.into_any())}
            <Ask desk asked/>
        }
        .into_any()
    }
}

/// The accounts of a group with what can be done.
#[component]
fn Card(desk: Desk, asked: Asked<Member>, group: Group) -> impl IntoView {
    let Group { members, reasons } = group;
    let ids: Vec<_> = members.iter().map(|member| member.id).collect();
    let name = members.first().map(|member| member.name.clone()).unwrap_or_default();
    let heading = members.first().map(|member| format!("group-{}", member.id)).unwrap_or_default();
    let stays = RwSignal::new(members.first().cloned());
    let head = Head { id: heading.clone(), title: name, below: None, reasons: words::reasons(reasons, words::reason) };
    let apart = Apart {
        say: |locale| td_string!(locale, duplicates.apart),
        named: |locale, name| td_string!(locale, duplicates.apart_named, name = name),
        act: Callback::new(move |()| {
            desk.tell_apart(tell_apart(ids.clone()), |locale| td_string!(locale, duplicates.told_apart));
        }),
    };
    view! {
        <Frame desk head apart>
            <thead><tr>
                {desk.may_merge.then(|| view! { <th scope="col">{text!(duplicates.stays)}</th> })}
                <th scope="col">{text!(duplicates.account)}</th>
                <th scope="col">{text!(duplicates.domain)}</th>
                <th scope="col">{text!(duplicates.external_id)}</th>
                <th scope="col" class="number">{text!(duplicates.arr)}</th>
                <th scope="col">{text!(duplicates.since)}</th>
                {desk.may_merge.then(|| view! {
                    <th scope="col"><span class="visually-hidden">{text!(duplicates.merge)}</span></th>
                })}
            </tr></thead>
            <tbody>{members.into_iter().map(|member| {
                view! { <Row desk asked member stays radios=heading.clone()/> }
            }).collect_view()}</tbody>
        </Frame>
    }
}

#[component]
fn Row(
    desk: Desk,
    asked: Asked<Member>,
    member: Member,
    stays: RwSignal<Option<Member>>,
    radios: String,
) -> impl IntoView {
    let is_it = |one: &Member, other: &Member| one.id == other.id;
    let choose = Choose { member: member.clone(), name: member.name.clone(), stays, is_it };
    let merge = choose.clone();
    let merge_label = |locale: Locale, name: String| td_string!(locale, duplicates.merge_named, name = name);
    let none = || "–".to_owned();
    view! {
        <tr data-account=member.id.to_string()>
            {desk.may_merge.then(|| view! { <td><Stays desk choose radios/></td> })}
            <th scope="row"><a href=format!("/accounts/{}", member.id)>{member.name}</a></th>
            <td>{member.domain.unwrap_or_else(none)}</td>
            <td>{member.external_id.unwrap_or_else(none)}</td>
            <td class="number">{member.annual.map_or_else(none, format::money_short)}</td>
            <td class="nowrap">{format::date(member.created_at)}</td>
            {desk.may_merge.then(|| view! { <td>{merge.button(desk, asked, merge_label)}</td> })}
        </tr>
    }
}

/// The question before a merge.
#[component]
fn Ask(desk: Desk, asked: Asked<Member>) -> impl IntoView {
    let open = open_while(asked);
    let title = Signal::derive(move || td_string!(desk.language.get(), duplicates.ask_title).to_owned());
    view! {
        <Dialog open title>
            {move || asked.get().map(|(keep, gone)| view! { <Look desk open keep gone/> })}
        </Dialog>
    }
}

#[component]
fn Look(desk: Desk, open: RwSignal<bool>, keep: Member, gone: Member) -> impl IntoView {
    let proposal = Resource::new(move || (), move |()| propose_merge(keep.id, gone.id));
    let decide = move |proposal: Proposal| {
        let case = case(&proposal);
        view! { <Decide desk open case choices=proposal.choices moves=proposal.moves/> }
    };
    view! { <Loaded resource=proposal lines=8 children=decide/> }
}

fn case(proposal: &Proposal) -> Case {
    let (keep, gone) = (&proposal.keep, &proposal.gone);
    Case {
        names: (keep.name.clone(), gone.name.clone()),
        currencies: (keep.annual.map(|money| money.currency), gone.annual.map(|money| money.currency)),
        explain: |locale, keep, gone| td_string!(locale, duplicates.ask_text, keep = keep, gone = gone),
        merged: |locale, keep, gone| td_string!(locale, duplicates.merged, gone = gone, keep = keep),
        merge: decide((keep.id, proposal.keep_version), (gone.id, proposal.gone_version), |decision| {
            Box::pin(merge_accounts(decision))
        }),
    }
}
