//! The mark on an ARR that is not recorded but follows from MRR.

use leptos::prelude::*;

/// Says that an amount is twelve times MRR.
#[component]
pub fn Derived() -> impl IntoView {
    view! { " "<span class="derived faint" title=text!(common.arr_derived)><span aria-hidden="true">"×12"</span><span class="visually-hidden">{text!(common.arr_derived)}</span></span> }
}
