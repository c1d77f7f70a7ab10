//! Sending a file to the server, with its progress.

use domain::import::report::FileId;
use futures::channel::oneshot;
use js_sys::{Array, Function, Reflect};
use serde::Deserialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// What the server says about an upload.
#[derive(Deserialize)]
struct Answer {
    file: Option<FileId>,
    message: Option<String>,
}

/// Sends the bytes and returns the server's name for them, or why it refused; `None` where nobody answered.
///
/// Only the older of the browser's two ways to ask says how much has been sent.
pub async fn send(name: &str, body: &JsValue, progress: impl Fn(u32) + 'static) -> Result<FileId, Option<String>> {
    let (done, ended) = oneshot::channel::<()>();
    let on_end = Closure::once(move |_: JsValue| drop(done));
    let on_progress = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let number = |key: &str| Reflect::get(&event, &key.into()).ok().and_then(|value| value.as_f64());
        if let (Some(loaded), Some(total)) = (number("loaded"), number("total"))
            && total > 0.0
        {
            progress((loaded / total * 100.0) as u32);
        }
    });
    let request = start(name, body, on_end.as_ref(), on_progress.as_ref()).map_err(|_| None)?;
    let _ = ended.await;
    let text = Reflect::get(&request, &"responseText".into()).ok().and_then(|text| text.as_string());
    let answer = text.and_then(|text| serde_json::from_str::<Answer>(&text).ok());
    let Some(answer) = answer else { return Err(None) };
    answer.file.ok_or(answer.message)
}

fn start(name: &str, body: &JsValue, on_end: &JsValue, on_progress: &JsValue) -> Result<JsValue, JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &"XMLHttpRequest".into())?.dyn_into()?;
    let request = Reflect::construct(&class, &Array::new())?;
    let upload = Reflect::get(&request, &"upload".into())?;
    Reflect::set(&upload, &"onprogress".into(), on_progress)?;
    Reflect::set(&request, &"onloadend".into(), on_end)?;
    let address = format!("/import/files?name={}", String::from(js_sys::encode_uri_component(name)));
    call(&request, "open", &[&"POST".into(), &address.into()])?;
    call(&request, "setRequestHeader", &[&"content-type".into(), &"application/octet-stream".into()])?;
    call(&request, "send", &[body])?;
    Ok(request)
}

fn call(object: &JsValue, method: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    function.apply(object, &list)
}
