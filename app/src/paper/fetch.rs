//! Having a file made by the server and handing it to the person, with a sentence where there is none.

use domain::refusal::Refusal;
use js_sys::JSON;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Request, RequestInit, Response};

use crate::error::{Error, Result};
use crate::ui::address::encoded;
use crate::ui::save::save;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Errand {
    /// Where.
    pub path: String,
    /// What is said, pair by pair.
    pub pairs: Vec<(&'static str, String)>,
    /// Whether it is said in the body, where it may be long, and not in the address.
    pub is_long: bool,
}

/// Has the file made and saved; returns its name.
pub(super) async fn run(errand: &Errand) -> Result<String> {
    let said: Vec<String> = errand.pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let said = said.join("&");
    let options = RequestInit::new();
    let address = if errand.is_long { errand.path.clone() } else { format!("{}?{said}", errand.path) };
    options.set_method(if errand.is_long { "POST" } else { "GET" });
    if errand.is_long {
        options.set_body(&JsValue::from_str(&said));
    }
    let offline = |_: JsValue| Error::Offline;
    let request = Request::new_with_str_and_init(&address, &options).map_err(offline)?;
    if errand.is_long {
        request.headers().set("content-type", "application/x-www-form-urlencoded").map_err(offline)?;
    }
    let answer = JsFuture::from(leptos::prelude::window().fetch_with_request(&request)).await.map_err(offline)?;
    let answer: Response = answer.dyn_into().map_err(offline)?;
    if !answer.ok() {
        return Err(refused(&answer).await);
    }
    let name = answer.headers().get("content-disposition").ok().flatten();
    let name = name.and_then(|text| Some(text.split('"').nth(1)?.to_owned())).unwrap_or_else(|| "report".to_owned());
    let blob = JsFuture::from(answer.blob().map_err(offline)?).await.map_err(offline)?;
    let blob: Blob = blob.dyn_into().map_err(offline)?;
    if save(&blob, &name) { Ok(name) } else { Err(failed()) }
}

/// Returns the sentence of an answer that is none.
async fn refused(answer: &Response) -> Error {
    let Ok(text) = answer.text() else { return failed() };
    let text = JsFuture::from(text).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
    let message = JSON::parse(&text).ok().and_then(|value| js_sys::Reflect::get(&value, &"message".into()).ok());
    match message.and_then(|message| message.as_string()) {
        Some(message) => Refusal::Conflict(message).into(),
        None => failed(),
    }
}

fn failed() -> Error {
    Error::Failed { reference: "file".to_owned() }
}
