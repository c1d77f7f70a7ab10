//! The devices that take push messages: this one can be added, any can be removed.

use domain::notices::{Device, Subscription, Ways};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::notices::bell::call;
use crate::notices::server_fns::{add_push_device, remove_push_device};
use crate::settings::device_name;
use crate::ui::toast::use_toasts;

/// The person's devices.
#[component]
pub(super) fn Devices(devices: Vec<Device>, ways: Ways, changed: Callback<()>) -> impl IntoView {
    let none = devices.is_empty();
    view! {
        <section class="card" aria-labelledby="notice-devices">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="notice-devices">{text!(notices.devices)}</h2>
                    <p class="card-sub">{text!(notices.devices_text)}</p>
                </div>
                {ways.push_key.map(|key| view! { <AddThis key changed/> })}
            </header>
            {if none {
                view! { <div class="card-body"><p class="muted">{text!(notices.no_devices)}</p></div> }.into_any()
            } else {
                view! {
                    <div class="card-body" data-flush>
                        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="notice-devices">
                            <table class="table">
                                <thead><tr>
                                    <th scope="col">{text!(notices.device)}</th>
                                    <th scope="col">{text!(notices.service)}</th>
                                    <th scope="col">{text!(notices.added)}</th>
                                    <th scope="col">{text!(notices.reached)}</th>
                                    <th scope="col"><span class="visually-hidden">{text!(notices.actions)}</span></th>
                                </tr></thead>
                                <tbody>
                                    {devices.into_iter().map(|device| view! { <Line device changed/> }).collect_view()}
                                </tbody>
                            </table>
                        </div>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Line(device: Device, changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let (id, name) = (device.id, device_name(&device.user_agent));
    let label = {
        let name = name.clone();
        move || td_string!(language.get(), notices.remove_device, name = name.clone())
    };
    let remove = move |_| {
        spawn_local(async move {
            match remove_push_device(id).await {
                Ok(()) => changed.run(()),
                Err(error) => toasts.error(&error),
            }
        });
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{device.service}</td>
            <td>{format::date(device.created_at)}</td>
            <td>{move || device.reached_at.map_or_else(
                || td_string!(language.get(), notices.never).to_owned(),
                |at| td_string!(language.get(), notices.ago, age = format::age(at, boot::now())),
            )}</td>
            <td class="number">
                <button class="button" data-size="small" type="button" aria-label=label on:click=remove>
                    {text!(notices.remove)}
                </button>
            </td>
        </tr>
    }
}

/// Asks the browser whether it may show messages, and adds it.
#[component]
fn AddThis(key: String, changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let busy = RwSignal::new(false);
    let add = move |_| {
        let key = key.clone();
        busy.set(true);
        spawn_local(async move {
            let locale = language.get_untracked();
            match subscribe(&key).await {
                Some(subscription) => match add_push_device(subscription).await {
                    Ok(()) => {
                        toasts.say(td_string!(locale, notices.device_added));
                        changed.run(());
                    }
                    Err(error) => toasts.error(&error),
                },
                None => toasts.say(td_string!(locale, notices.device_refused)),
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <button class="button" type="button" disabled=move || busy.get() aria-busy=move || busy.get().then_some("true")
            on:click=add>{text!(notices.add_device)}</button>
    }
}

/// Returns what the browser gives; nothing where the person or the browser says no.
async fn subscribe(key: &str) -> Option<Subscription> {
    let promise: js_sys::Promise = call("subscribe", &[JsValue::from_str(key)])?.dyn_into().ok()?;
    let text = JsFuture::from(promise).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}
