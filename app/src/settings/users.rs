//! The people of the workspace and what they may do.

use std::collections::BTreeSet;

use domain::fields::Subject;
use domain::id::UserId;
use domain::identity::{Role, TEAM_CHARS_MAX, User};
use leptos::ev;
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{AddUser, change_access, load_users, set_team};
use super::{AskAdministrator, Submit, empty, when_done};
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::identity::{FormError, FormSummary, PasswordField, TextField};
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

fn role_word(role: Role, locale: Locale) -> &'static str {
    match role {
        Role::Viewer => td_string!(locale, settings.role_viewer),
        Role::Csm => td_string!(locale, settings.role_csm),
        Role::Manager => td_string!(locale, settings.role_manager),
        Role::Admin => td_string!(locale, settings.role_admin),
    }
}

/// The name of a role.
#[component]
pub(super) fn RoleWord(
    /// Which role.
    role: Role,
) -> impl IntoView {
    let language = use_language();
    move || role_word(role, language.get())
}

/// The people, for administrators.
#[component]
pub(super) fn Users() -> impl IntoView {
    if !boot::may(Role::Admin) {
        return view! { <AskAdministrator/> }.into_any();
    }
    let version = use_live().version(|note| note.subject == Subject::User);
    let again = RwSignal::new(0u32);
    let users = Resource::new(move || (version.get(), again.get()), |_| load_users());
    let changed = Callback::new(move |()| again.update(|again| *again += 1));
    view! {
        <section class="card" aria-labelledby="users">
            <header class="card-head"><h2 class="card-title" id="users">{text!(settings.users)}</h2></header>
            <div class="card-body" data-flush>
                <Loaded resource=users children=move |users| view! {
                    <Teams users=users.clone()/>
                    <div class="table-scroll" tabindex="0" role="group" aria-labelledby="users">
                        <table class="table">
                            <thead><tr>
                                <th scope="col">{text!(settings.name)}</th>
                                <th scope="col">{text!(settings.role)}</th>
                                <th scope="col">{text!(settings.team)}</th>
                                <th scope="col">{text!(settings.signed_in)}</th>
                                <th scope="col"><span class="visually-hidden">{text!(settings.actions)}</span></th>
                            </tr></thead>
                            <tbody>{users.into_iter().map(|user| view! { <Row user changed/> }).collect_view()}</tbody>
                        </table>
                    </div>
                }/>
            </div>
        </section>
        <NewUser changed/>
        <Roles/>
    }
    .into_any()
}

/// The teams that exist, for those who write one.
#[component]
fn Teams(users: Vec<User>) -> impl IntoView {
    let teams: BTreeSet<String> = users.into_iter().filter_map(|user| user.team).collect();
    view! {
        <datalist id="teams">{teams.into_iter().map(|team| view! { <option value=team></option> }).collect_view()}</datalist>
    }
}

#[component]
fn Row(user: User, changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let (id, role, active) = (user.id, user.role, user.deactivated_at.is_none());
    let own = boot::me().is_some_and(|me| me.user.id == id);
    let (name, role_of) = (user.name.clone(), user.name.clone());
    let save = move |role: Role, active: bool| {
        spawn_local(async move {
            if let Err(error) = change_access(id, role, active).await {
                toasts.error(&error);
            }
            changed.try_run(());
        });
    };
    let choose = move |event: ev::Event| {
        if let Some(role) = Role::from_key(&event_target_value(&event)) {
            save(role, active);
        }
    };
    let switch = move |_| {
        save(role, !active);
        if active {
            let locale = language.get_untracked();
            let (said, undo) =
                (td_string!(locale, settings.was_deactivated, name = name.clone()), td_string!(locale, common.undo));
            toasts.offer(said, undo, move || save(role, true));
        }
    };
    let (email, team_of, team) = (user.email.clone(), user.name.clone(), user.team.clone());
    let signed_in = user.signed_in_at.map(|at| format::relative(at, boot::now()));
    view! {
        <tr data-user=email>
            <th scope="row">
                {user.name}" "
                {(!active).then(|| view! { <span class="badge" data-tone="warn">{text!(settings.deactivated)}</span> })}
                {own.then(|| view! { <span class="badge">{text!(settings.you)}</span> })}
                <br/><span class="muted">{user.email}</span>
            </th>
            <td>{if own {
                view! { <RoleWord role/> }.into_any()
            } else {
                view! {
                    <select class="select" data-size="small" on:change=choose prop:value=role.key()
                        aria-label=move || td_string!(language.get(), settings.role_of, name = role_of.clone())>
                        <RoleOptions chosen=role/>
                    </select>
                }
                .into_any()
            }}</td>
            <td><TeamOf id name=team_of team changed/></td>
            <td>{signed_in.map_or_else(|| text!(settings.never).into_any(), IntoAny::into_any)}</td>
            <td class="number">{(!own).then(|| view! {
                <button class="button" data-size="small" type="button" on:click=switch>
                    {if active { text!(settings.deactivate).into_any() } else { text!(settings.reactivate).into_any() }}
                </button>
            })}</td>
        </tr>
    }
}

/// The team of a person, which can be written over and taken back.
#[component]
fn TeamOf(id: UserId, name: String, team: Option<String>, changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let team = team.unwrap_or_default();
    let (named, was) = (name.clone(), team.clone());
    let write = move |event: ev::Event| {
        let (new, was, locale) = (event_target_value(&event), was.clone(), language.get_untracked());
        let said = td_string!(locale, settings.team_changed, name = name.clone());
        let put_back = move || {
            let was = was.clone();
            spawn_local(async move {
                if let Err(error) = set_team(id, was).await {
                    toasts.error(&error);
                }
                changed.try_run(());
            });
        };
        spawn_local(async move {
            match set_team(id, new).await {
                Ok(()) => toasts.offer(said, td_string!(locale, common.undo), put_back),
                Err(error) => toasts.error(&error),
            }
            changed.try_run(());
        });
    };
    view! {
        <input class="input" data-size="small" list="teams" maxlength=TEAM_CHARS_MAX autocomplete="off"
            value=team.clone() prop:value=team on:change=write
            aria-label=move || td_string!(language.get(), settings.team_of, name = named.clone())/>
    }
}

#[component]
fn RoleOptions(chosen: Role) -> impl IntoView {
    Role::ALL
        .map(|role| view! { <option value=role.key() selected=role == chosen><RoleWord role/></option> })
        .collect_view()
}

/// Adds a person with a first password.
#[component]
fn NewUser(changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let form = NodeRef::<html::Form>::new();
    let action = ServerAction::<AddUser>::new();
    let error = FormError::from_action(action);
    when_done(action, move || {
        empty(form);
        changed.run(());
        toasts.say(td_string!(language.get_untracked(), settings.user_added));
    });
    view! {
        <section class="card" aria-labelledby="add-user">
            <header class="card-head"><h2 class="card-title" id="add-user">{text!(settings.add_user)}</h2></header>
            <div class="card-body">
                <ActionForm action=action node_ref=form attr:class="form">
                    <FormSummary error/>
                    <div class="form-row">
                        <TextField name="name" error label=text!(settings.name).into_any()/>
                        <TextField name="email" kind="email" error label=text!(settings.email).into_any()/>
                    </div>
                    <div class="form-row">
                        <div class="field">
                            <label class="field-label" for="role">{text!(settings.role)}</label>
                            <select class="select" id="role" name="role"><RoleOptions chosen=Role::Csm/></select>
                        </div>
                        <PasswordField name="password" autocomplete="new-password" error
                            label=text!(settings.first_password).into_any() hint=text!(settings.first_password_hint).into_any()/>
                    </div>
                    <div class="form-actions">
                        <Submit pending=action.pending() label=text!(settings.add_user).into_any()/>
                    </div>
                </ActionForm>
            </div>
        </section>
    }
}

/// What each role may do.
#[component]
fn Roles() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="roles">
            <header class="card-head"><h2 class="card-title" id="roles">{text!(settings.roles)}</h2></header>
            <div class="card-body">
                <dl class="facts">
                    <div><dt><RoleWord role=Role::Viewer/></dt><dd>{text!(settings.viewer_may)}</dd></div>
                    <div><dt><RoleWord role=Role::Csm/></dt><dd>{text!(settings.csm_may)}</dd></div>
                    <div><dt><RoleWord role=Role::Manager/></dt><dd>{text!(settings.manager_may)}</dd></div>
                    <div><dt><RoleWord role=Role::Admin/></dt><dd>{text!(settings.admin_may)}</dd></div>
                </dl>
            </div>
        </section>
    }
}
