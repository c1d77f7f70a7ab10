//! Where one is signed in, and a way to end that from afar.

use domain::fields::Subject;
use domain::id::SessionId;
use domain::identity::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{end_session, load_sessions};
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::use_live;
use crate::shell::go;
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

/// The sessions of the person.
#[component]
pub(super) fn Sessions(
    /// Grows when sessions were ended elsewhere on the page.
    ended: RwSignal<u32>,
) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    // Signing in and out is written on the person.
    let version = use_live().version(|note| note.subject == Subject::User);
    let sessions = Resource::new(move || (version.get(), ended.get()), |_| load_sessions());
    let end = Callback::new(move |(id, current): (SessionId, bool)| {
        spawn_local(async move {
            match end_session(id).await {
                Ok(()) if current => go("/sign-in"),
                Ok(()) => {
                    toasts.say(td_string!(language.get_untracked(), settings.session_ended));
                    sessions.refetch();
                }
                Err(error) => {
                    toasts.error(&error);
                    sessions.refetch();
                }
            }
        });
    });
    view! {
        <section class="card" aria-labelledby="sessions">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="sessions">{text!(settings.sessions)}</h2>
                    <p class="card-sub">{text!(settings.sessions_text)}</p>
                </div>
            </header>
            <div class="card-body" data-flush>
                <Loaded resource=sessions children=move |sessions| view! {
                    <div class="table-scroll" tabindex="0" role="group" aria-labelledby="sessions">
                        <table class="table">
                            <thead><tr>
                                <th scope="col">{text!(settings.browser)}</th>
                                <th scope="col">{text!(settings.address)}</th>
                                <th scope="col">{text!(settings.began)}</th>
                                <th scope="col">{text!(settings.last_used)}</th>
                                <th scope="col"><span class="visually-hidden">{text!(settings.actions)}</span></th>
                            </tr></thead>
                            <tbody>{sessions.into_iter().map(|session| view! { <Row session end/> }).collect_view()}</tbody>
                        </table>
                    </div>
                }/>
            </div>
        </section>
    }
}

#[component]
fn Row(session: Session, end: Callback<(SessionId, bool)>) -> impl IntoView {
    let language = use_language();
    let device = device_name(&session.user_agent);
    let (id, current) = (session.id, session.current);
    let label = {
        let device = device.clone();
        move || td_string!(language.get(), settings.end_session_of, device = device.clone())
    };
    view! {
        <tr>
            <th scope="row">
                <span title=session.user_agent>{device}</span>" "
                {current.then(|| view! { <span class="badge" data-tone="good">{text!(settings.this_session)}</span> })}
            </th>
            <td>{session.ip}</td>
            <td>{format::date_time(session.created_at)}</td>
            <td>{move || td_string!(language.get(), settings.ago, age = format::age(session.seen_at, boot::now()))}</td>
            <td class="number">
                <button class="button" data-size="small" type="button" aria-label=label on:click=move |_| end.run((id, current))>
                    {text!(settings.end_session)}
                </button>
            </td>
        </tr>
    }
}

/// Returns a browser and a system by the names that people know, or what the browser calls itself.
#[must_use]
pub fn device_name(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 5] =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) if agent.is_empty() => "–".to_owned(),
        (None, None) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::device_name;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(device_name(chrome), "Chrome, Linux");
        assert_eq!(
            device_name("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"),
            "Safari, iPhone"
        );
        assert_eq!(device_name("curl/8.0"), "curl/8.0");
        assert_eq!(device_name(""), "–");
    }
}
