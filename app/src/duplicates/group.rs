//! One group: what its accounts share, and which of them stays.

use domain::duplicates::{Group, Member};
use leptos::prelude::*;

use super::{Desk, words};
use crate::format;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};

/// The accounts of a group with what can be done.
#[component]
pub(super) fn Card(desk: Desk, group: Group) -> impl IntoView {
    let Group { members, reasons } = group;
    let ids: Vec<_> = members.iter().map(|member| member.id).collect();
    let title = members.first().map(|member| member.name.clone()).unwrap_or_default();
    let heading = members.first().map(|member| format!("group-{}", member.id)).unwrap_or_default();
    let stays = RwSignal::new(members.first().map(|member| member.id));
    let all = StoredValue::new(members.clone());
    let (labelled, name) = (heading.clone(), heading.clone());
    let apart = title.clone();
    let say_apart = move || td_string!(desk.language.get(), duplicates.apart_named, name = apart.clone());
    view! {
        <section class="card" aria-labelledby=labelled>
            <header class="card-head">
                <div>
                    <h2 class="card-title" id=heading.clone()>{title}</h2>
                    <p class="row" data-gap="small">{reasons.into_iter().map(|(reason, shared)| view! {
                        <span class="badge" data-tone="info">{move || words::reason(reason, &shared, desk.language.get())}</span>
                    }).collect_view()}</p>
                </div>
                {desk.may_merge.then(|| view! {
                    <button class="button" data-size="small" type="button" aria-label=say_apart
                        on:click=move |_| desk.tell_apart(ids.clone())>{text!(duplicates.apart)}</button>
                })}
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby=heading>
                    <table class="table duplicates-table">
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
                            view! { <Row desk member stays all group=name.clone()/> }
                        }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Row(
    desk: Desk,
    member: Member,
    stays: RwSignal<Option<domain::id::AccountId>>,
    all: StoredValue<Vec<Member>>,
    group: String,
) -> impl IntoView {
    let id = member.id;
    let (goes, keep_name, merge_name) = (member.clone(), member.name.clone(), member.name.clone());
    let ask = move |_| {
        let keep = all.with_value(|all| all.iter().find(|one| Some(one.id) == stays.get_untracked()).cloned());
        desk.asked.set(keep.map(|keep| (keep, goes.clone())));
    };
    let keep_label = move || td_string!(desk.language.get(), duplicates.stays_named, name = keep_name.clone());
    let merge_label = move || td_string!(desk.language.get(), duplicates.merge_named, name = merge_name.clone());
    let none = || "–".to_owned();
    view! {
        <tr data-account=id.to_string()>
            {desk.may_merge.then(|| view! {
                <td><input type="radio" class="checkbox" name=group aria-label=keep_label
                    checked=stays.get_untracked() == Some(id) on:change=move |_| stays.set(Some(id))/></td>
            })}
            <th scope="row"><a href=format!("/accounts/{id}")>{member.name}</a></th>
            <td>{member.domain.unwrap_or_else(none)}</td>
            <td>{member.external_id.unwrap_or_else(none)}</td>
            <td class="number">{member.annual.map_or_else(none, format::money_short)}</td>
            <td class="nowrap">{format::date(member.created_at)}</td>
            {desk.may_merge.then(|| view! {
                <td><Show when=move || stays.get() != Some(id)>
                    <button class="button" data-size="small" type="button" aria-label=merge_label.clone() on:click=ask.clone()>
                        <Pic icon=Icon::Right/>{text!(duplicates.merge)}
                    </button>
                </Show></td>
            })}
        </tr>
    }
}
