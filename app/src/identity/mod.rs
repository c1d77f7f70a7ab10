//! Identity: the door. Signing in and the first administrator, outside the frame of the product.
//!
//! Other features use the form fields of `parts`.

mod parts;
pub mod server_fns;

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::boot;
use crate::language::use_language;
use crate::shell::{BrandMark, go};
pub use parts::{FormError, FormSummary, PasswordField, TextField, field_message};
#[cfg(feature = "ssr")]
pub(crate) use server_fns::{Guard, leave_for};
use server_fns::{SetUp, SignIn};

/// Returns where signing in leads: a path on this server and nothing else.
#[must_use]
pub fn next_path(next: &str) -> String {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\");
    // Pages without the frame would only lead back here.
    let outside = ["/sign-in", "/setup", "/api/"].iter().any(|path| next.starts_with(path));
    if !own || outside || next.len() > 2_000 {
        return "/".to_owned();
    }
    let mut path = String::with_capacity(next.len());
    for byte in next.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => path.push_str(&format!("%{byte:02X}")),
            byte if byte.is_ascii_graphic() => path.push(char::from(byte)),
            byte => path.push_str(&format!("%{byte:02X}")),
        }
    }
    path
}

/// Where people come in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let query = use_query_map();
    let next = query.with_untracked(|query| query.get("next")).map_or_else(|| "/".to_owned(), |next| next_path(&next));
    let error = leave_when_done(action);
    view! {
        <Title text=text!(identity.sign_in)/>
        <main class="auth" id="main">
            <div class="auth-brand"><BrandMark/>"Keepwell"</div>
            <div class="auth-card">
                <h1>{text!(identity.sign_in)}</h1>
                <SignedInAlready href=next.clone()/>
                <ActionForm action=action attr:class="form">
                    <FormSummary error/>
                    <input type="hidden" name="next" value=next/>
                    <TextField name="email" kind="email" autocomplete="username" error
                        label=text!(identity.email).into_any()/>
                    <PasswordField name="password" autocomplete="current-password" error
                        label=text!(identity.password).into_any()/>
                    <div class="form-actions"><Submit action label=text!(identity.sign_in).into_any()/></div>
                </ActionForm>
            </div>
            <p class="auth-foot">{text!(identity.sign_in_help)}</p>
        </main>
    }
}

/// Where the first administrator is made, once.
#[component]
pub fn SetupPage() -> impl IntoView {
    let action = ServerAction::<SetUp>::new();
    let query = use_query_map();
    let token = query.with_untracked(|query| query.get("token")).unwrap_or_default();
    let error = leave_when_done(action);
    view! {
        <Title text=text!(identity.set_up)/>
        <main class="auth" id="main">
            <div class="auth-brand"><BrandMark/>"Keepwell"</div>
            <div class="auth-card">
                <div class="stack" data-gap="small">
                    <h1>{text!(identity.set_up)}</h1>
                    <p class="muted">{text!(identity.set_up_text)}</p>
                </div>
                <SignedInAlready href="/".to_owned()/>
                <ActionForm action=action attr:class="form">
                    <FormSummary error/>
                    <TextField name="token" value=token error label=text!(identity.token).into_any()
                        hint=text!(identity.token_hint).into_any()/>
                    <TextField name="name" autocomplete="name" error label=text!(identity.name).into_any()/>
                    <TextField name="email" kind="email" autocomplete="username" error
                        label=text!(identity.email).into_any()/>
                    <PasswordField name="password" autocomplete="new-password" error
                        label=text!(identity.password).into_any() hint=text!(identity.password_hint).into_any()/>
                    <div class="form-actions"><Submit action label=text!(identity.set_up_action).into_any()/></div>
                </ActionForm>
            </div>
            <p class="auth-foot">{text!(identity.set_up_help)}" "<a href="/sign-in">{text!(identity.sign_in)}</a></p>
        </main>
    }
}

/// Leaves with a full load once the action has succeeded, because only that brings who is signed in. Returns what
/// the form was told otherwise.
fn leave_when_done<S>(action: ServerAction<S>) -> FormError
where
    S: server_fn::ServerFn<Output = String, Error = crate::error::Error> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    Effect::new(move |_| {
        if let Some(Ok(href)) = value.get() {
            go(&href);
        }
    });
    FormError::from_action(action)
}

#[component]
fn Submit<S>(action: ServerAction<S>, label: AnyView) -> impl IntoView
where
    S: server_fn::ServerFn<Output = String, Error = crate::error::Error> + Clone + Send + Sync + 'static,
{
    // It stays busy after success, until the next page is there.
    let (pending, value) = (action.pending(), action.value());
    let busy = move || pending.get() || value.with(|value| matches!(value, Some(Ok(_))));
    view! {
        <button class="button" data-look="primary" type="submit" aria-busy=move || busy().then_some("true") disabled=busy>
            {label}
        </button>
    }
}

#[component]
fn SignedInAlready(href: String) -> impl IntoView {
    let language = use_language();
    boot::me().map(|me| {
        let name = me.user.name;
        view! {
            <div class="notice" role="status" data-tone="info">
                <div><p>{move || crate::i18n::td_string!(language.get(), identity.already, name = name.clone())}</p></div>
                <a class="button" data-size="small" href=href rel="external">{text!(identity.go_on)}</a>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::next_path;

    #[test]
    fn signing_in_leads_to_this_server_only() {
        assert_eq!(next_path("/accounts?filter=band%20=%20watch"), "/accounts?filter=band%20=%20watch");
        assert_eq!(next_path("/accounts?filter=a b"), "/accounts?filter=a%20b");
        for evil in ["", "https://evil.example", "//evil.example", "/\\evil.example", "accounts", "/sign-in?next=/"] {
            assert_eq!(next_path(evil), "/", "{evil}");
        }
        assert_eq!(next_path("/\t/evil.example"), "/%09/evil.example");
        assert_eq!(next_path("/a\r\nSet-Cookie: x"), "/a%0D%0ASet-Cookie:%20x");
    }
}
