//! Being written.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// The page.
pub struct TodayPage;

#[lazy_route]
impl LazyRoute for TodayPage {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        view! { <h1>"TodayPage"</h1> }.into_any()
    }
}
