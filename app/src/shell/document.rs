//! The HTML document around the application, rendered on the server only.

use leptos::config::LeptosOptions;
use leptos::hydration::{AutoReload, HydrationScripts};
use leptos::prelude::*;
use leptos_i18n::Locale as _;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::boot;
use crate::language;
use crate::routes::App;

/// Returns the whole document.
pub fn document(options: LeptosOptions) -> impl IntoView {
    let boot = boot::boot();
    let language = language::initial();
    // Angle brackets must not end the script element that carries the data.
    let data = serde_json::to_string(&boot).unwrap_or_default().replace('<', "\\u003c");
    view! {
        <!DOCTYPE html>
        <html lang=language.as_str() dir=language.direction().as_str() data-theme=boot.theme data-density=boot.density>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="description" content="Customer success: which customers need you, why, and what helped."/>
                <meta name="theme-color" content="#f6f8f9" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#10191e" media="(prefers-color-scheme: dark)"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="icon" href="/favicon.ico" sizes="32x32"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <HashedStylesheet options=options.clone() id="keepwell-style"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
                // Nothing but the application may stand in the body: the browser wakes it from its first node on.
                <script type="application/json" id=boot::ELEMENT inner_html=data></script>
                <script src="/register-sw.js" defer></script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
