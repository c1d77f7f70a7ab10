//! One's own name and password, and where one is signed in.

use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;

use super::server_fns::{ChangePassword, RenameMe};
use super::sessions::Sessions;
use super::{Submit, empty, when_done};
use crate::boot;
use crate::i18n::td_string;
use crate::identity::{FormError, FormSummary, PasswordField, TextField};
use crate::language::use_language;
use crate::ui::toast::use_toasts;

/// The person's own settings.
#[component]
pub(super) fn Profile() -> impl IntoView {
    // A new password ends the other sessions.
    let ended = RwSignal::new(0u32);
    view! {
        <Name/>
        <Password ended/>
        <Sessions ended/>
    }
}

#[component]
fn Name() -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let me = boot::me().map(|me| me.user);
    let (name, email) = me.as_ref().map(|me| (me.name.clone(), me.email.clone())).unwrap_or_default();
    let role = me.map(|me| me.role);
    let action = ServerAction::<RenameMe>::new();
    let error = FormError::from_action(action);
    when_done(action, move || toasts.say(td_string!(language.get_untracked(), settings.name_saved)));
    view! {
        <section class="card" aria-labelledby="profile">
            <header class="card-head"><h2 class="card-title" id="profile">{text!(settings.profile)}</h2></header>
            <div class="card-body stack">
                <dl class="facts">
                    <div><dt>{text!(settings.email)}</dt><dd>{email}</dd></div>
                    <div><dt>{text!(settings.role)}</dt><dd>{role.map(|role| view! { <super::users::RoleWord role/> })}</dd></div>
                </dl>
                <ActionForm action=action attr:class="form">
                    <FormSummary error/>
                    <TextField name="name" autocomplete="name" value=name error label=text!(settings.name).into_any()/>
                    <div class="form-actions">
                        <Submit pending=action.pending() label=text!(common.save).into_any()/>
                    </div>
                </ActionForm>
            </div>
        </section>
    }
}

#[component]
fn Password(ended: RwSignal<u32>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let form = NodeRef::<html::Form>::new();
    let action = ServerAction::<ChangePassword>::new();
    let error = FormError::from_action(action);
    when_done(action, move || {
        empty(form);
        ended.update(|ended| *ended += 1);
        toasts.say(td_string!(language.get_untracked(), settings.password_saved));
    });
    let email = boot::me().map(|me| me.user.email);
    view! {
        <section class="card" aria-labelledby="password-title">
            <header class="card-head"><h2 class="card-title" id="password-title">{text!(settings.password)}</h2></header>
            <div class="card-body">
                <ActionForm action=action node_ref=form attr:class="form">
                    <FormSummary error/>
                    // Password managers look for whose password this is.
                    <input type="email" autocomplete="username" value=email hidden/>
                    <PasswordField name="old_password" autocomplete="current-password" error
                        label=text!(settings.old_password).into_any()/>
                    <PasswordField name="password" autocomplete="new-password" error
                        label=text!(settings.new_password).into_any() hint=text!(settings.password_hint).into_any()/>
                    <div class="form-actions">
                        <Submit pending=action.pending() label=text!(settings.change_password).into_any()/>
                    </div>
                </ActionForm>
            </div>
        </section>
    }
}
