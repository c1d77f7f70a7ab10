//! The question for the reason of an opinion.

use domain::advice::feedback::REASON_CHARS_MAX;
use domain::advice::{Opinion, Verdict};
use leptos::prelude::*;

use super::hand::Hand;
use super::words;
use crate::i18n::td_string;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::question::Question;
use crate::ui::text_area::TextArea;

/// The dialog of a page; open while a reason is asked for.
#[component]
pub fn Saying(
    /// The hand of the page.
    hand: Hand,
) -> impl IntoView {
    let open = open_while(hand.asking);
    let title = Signal::derive(move || {
        let locale = hand.language.get();
        let Some(opinion) = hand.asking.get() else { return String::new() };
        let what = match opinion.verdict {
            Verdict::Wrong => td_string!(locale, advice.why_wrong),
            _ => td_string!(locale, advice.why_not_useful),
        };
        format!("{}: {what}", words::name(&opinion.action, locale))
    });
    view! {
        <Dialog open title>
            {move || hand.asking.get_untracked().map(|opinion| view! { <Reason hand opinion/> })}
        </Dialog>
    }
}

#[component]
fn Reason(hand: Hand, opinion: Opinion) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let wrong = opinion.verdict == Verdict::Wrong;
    let opinion = StoredValue::new(opinion);
    let submit = Callback::new(move |()| {
        hand.save(Opinion { reason: reason.get_untracked(), ..opinion.get_value() });
    });
    let max = u32::try_from(REASON_CHARS_MAX).unwrap_or(500);
    view! {
        <Question of=hand.inquiry() submit save=ViewFn::from(|| text!(advice.send))>
            <div class="field">
                <label class="field-label" for="advice-reason">
                    {if wrong { text!(advice.reason).into_any() } else { text!(advice.reason_optional).into_any() }}
                </label>
                <TextArea id="advice-reason" value=reason max/>
                <p class="field-hint">{text!(advice.reason_hint)}</p>
            </div>
        </Question>
    }
}
