//! Putting a text where people paste from.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Copies a text; returns whether the browser let us, which it does on secure pages only.
pub async fn copy(text: &str) -> bool {
    match write(text) {
        Ok(promise) => JsFuture::from(promise).await.is_ok(),
        Err(_) => false,
    }
}

fn write(text: &str) -> Result<Promise, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    // On pages that are not secure there is none, and reading from it is refused here.
    let clipboard = Reflect::get(&navigator, &"clipboard".into())?;
    let function: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
    function.call1(&clipboard, &text.into())?.dyn_into()
}
