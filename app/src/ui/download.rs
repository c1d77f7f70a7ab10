//! Taking a chart along: as a picture that scales, as a picture in points, and as its numbers.

use domain::chart::file::{self, Kind};
use domain::chart::{Layout, Size, ink};
use domain::refusal::Refusal;
use js_sys::{Promise, encode_uri_component};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::boot;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::save::{save, save_text};
use crate::ui::toast::use_toasts;

/// Points of a picture for each unit of the drawing, so that it stays sharp in a document.
const SHARPNESS: f64 = 2.0;

/// The menu from which a chart is taken along.
#[component]
pub fn Download(
    /// The chart.
    layout: Layout,
) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let title = layout.title.clone();
    let label = move || td_string!(language.get(), common.download_of, title = title.clone());
    let layout = StoredValue::new(layout);
    let take = move |kind: Kind| {
        let Some(layout) = layout.try_get_value() else { return };
        spawn_local(async move {
            let name = file::name(&layout.title, boot::now(), kind);
            let locale = language.get_untracked();
            if hand_over(&layout, kind, &name).await {
                toasts.say(td_string!(locale, common.download_done, name = name));
            } else {
                toasts.error(&Refusal::Conflict(refused(kind, locale).to_owned()).into());
            }
        });
    };
    view! {
        <details class="menu chart-download no-paper">
            <summary class="button" data-look="quiet" data-size="small" aria-label=label>
                <Pic icon=Icon::Download/><span>{text!(common.download)}</span>
            </summary>
            <div class="menu-list">
                {Kind::ALL.into_iter().map(|kind| view! {
                    <button class="menu-item" type="button" data-kind=kind.key() on:click=move |_| take(kind)>
                        {move || offered(kind, language.get())}
                    </button>
                }).collect_view()}
            </div>
        </details>
    }
}

fn offered(kind: Kind, locale: Locale) -> &'static str {
    match kind {
        Kind::Svg => td_string!(locale, common.download_svg),
        Kind::Png => td_string!(locale, common.download_png),
        Kind::Csv => td_string!(locale, common.download_csv),
    }
}

fn refused(kind: Kind, locale: Locale) -> &'static str {
    match kind {
        Kind::Png => td_string!(locale, common.download_png_refused),
        Kind::Svg | Kind::Csv => td_string!(locale, common.download_refused),
    }
}

/// Makes the file and hands it to the browser; returns whether the browser took it.
async fn hand_over(layout: &Layout, kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Svg => save_text(&file::svg(layout), kind.mime(), name),
        Kind::Csv => save_text(&file::csv(&layout.table), kind.mime(), name),
        Kind::Png => match points(&file::svg(layout), file::size(layout)).await {
            Ok(blob) => save(&blob, name),
            Err(_) => false,
        },
    }
}

/// Draws a picture in points. It comes from a `data:` address, which the policy of pages allows to pictures.
async fn points(svg: &str, size: Size) -> Result<Blob, JsValue> {
    let image = HtmlImageElement::new()?;
    let drawn = Promise::new(&mut |resolve, reject| {
        image.set_onload(Some(&resolve));
        image.set_onerror(Some(&reject));
    });
    image.set_src(&format!("data:{};charset=utf-8,{}", Kind::Svg.mime(), encode_uri_component(svg)));
    JsFuture::from(drawn).await?;
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    let (width, height) = (size.width * SHARPNESS, size.height * SHARPNESS);
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into::<CanvasRenderingContext2d>();
    // Where letters are drawn over nothing, viewers with a dark ground show nothing.
    context.set_fill_style_str(&ink::GROUND.hex());
    context.fill_rect(0.0, 0.0, width, height);
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let made = Promise::new(&mut |resolve, reject| {
        if canvas.to_blob(&resolve).is_err() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    // A browser that keeps pictures from being read answers with nothing.
    JsFuture::from(made).await?.dyn_into()
}
