//! Handing a file that was made in the browser to the person.

use std::time::Duration;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// How long the browser may still be reading a file that it was handed.
const READ_WITHIN: Duration = Duration::from_secs(60);

/// Hands a text to the browser as a file to save; returns whether the browser took it.
pub fn save_text(text: &str, mime: &str, name: &str) -> bool {
    let kind = BlobPropertyBag::new();
    kind.set_type(mime);
    let parts = Array::of1(&JsValue::from_str(text));
    Blob::new_with_str_sequence_and_options(&parts, &kind).is_ok_and(|blob| save(&blob, name))
}

/// Hands what the browser made itself to it as a file to save; returns whether the browser took it.
pub fn save(blob: &Blob, name: &str) -> bool {
    let Ok(address) = Url::create_object_url_with_blob(blob) else { return false };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = &link {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    set_timeout(move || drop(Url::revoke_object_url(&address)), READ_WITHIN);
    link.is_some()
}
