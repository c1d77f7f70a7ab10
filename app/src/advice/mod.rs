//! Recommendations: the card with what to do next, on an account's page and on an alert's.
//!
//! A page makes one [`Asked`] and draws [`Saying`] once, both outside of what loads.

mod card;
pub mod hand;
mod option;
mod saying;
pub mod server_fns;
pub mod words;

use domain::advice::{Advice, Recommendation, in_place};
use domain::fields::Subject;
use domain::id::{AccountId, AlertId};
use domain::live::Note;
use domain::refusal::Refusal;
use leptos::prelude::*;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::live::{paced, use_live};
use crate::ui::later::later;
use crate::ui::loaded::{Problem, Skeleton};
use card::AdviceCard;
pub use hand::Hand;
pub use saying::Saying;
use server_fns::{advice_for_account, advice_for_alert};

/// However much happens, what is recommended is read again at most this often.
const PACE: std::time::Duration = std::time::Duration::from_millis(500);
/// What recommendations follow from.
const SUBJECTS: [Subject; 7] = [
    Subject::Account,
    Subject::Alert,
    Subject::Feedback,
    Subject::Contact,
    Subject::Activity,
    Subject::Ticket,
    Subject::Invoice,
];

/// What is recommended on a page: asked for by the browser after the page stands, as it takes more than the page
/// itself. Make it outside of what loads, so that it stays while the page loads again.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Whom or what the answer is about, and the answer.
    answer: RwSignal<Option<(Uuid, Result<Option<Advice>>)>>,
    again: RwSignal<u64>,
    /// Whom or what is shown, and the recommendations in their places.
    shown: StoredValue<(Uuid, Vec<Recommendation>)>,
    /// What the person says of it.
    pub hand: Hand,
}

impl Asked {
    /// Asks what to do next about an account; the past has no recommendations.
    fn for_account(id: Memo<Option<AccountId>>, in_past: Memo<bool>) -> Self {
        let (hand, again) = (Hand::new(), RwSignal::new(0));
        let concerns = move |note: &Note| {
            note.account.is_some() && note.account == id.get_untracked() && SUBJECTS.contains(&note.subject)
        };
        let version = paced(use_live().version(concerns), PACE);
        let answer = later(move || {
            let asked = id.get().filter(|_| !in_past.get());
            version.track();
            hand.own.track();
            again.track();
            async move {
                match asked {
                    Some(id) => (id.0, advice_for_account(id).await.map(Some)),
                    None => (Uuid::nil(), Ok(None)),
                }
            }
        });
        Self { answer, again, shown: StoredValue::default(), hand }
    }

    /// Asks what to do about an alert.
    #[must_use]
    pub fn for_alert(id: Memo<Option<AlertId>>) -> Self {
        let (hand, again) = (Hand::new(), RwSignal::new(0));
        let is_own = move |note: &Note| id.get_untracked().is_some_and(|id| id.0 == note.id);
        let concerns = move |note: &Note| match note.subject {
            Subject::Alert => is_own(note),
            subject => subject == Subject::Feedback,
        };
        let version = paced(use_live().version(concerns), PACE);
        let answer = later(move || {
            let asked = id.get();
            version.track();
            hand.own.track();
            again.track();
            async move {
                match asked {
                    Some(id) => (id.0, advice_for_alert(id).await),
                    None => (Uuid::nil(), Ok(None)),
                }
            }
        });
        Self { answer, again, shown: StoredValue::default(), hand }
    }

    /// Draws the card of an alert or of an account.
    #[must_use]
    pub fn draw(self, wanted: Uuid, alert: Option<AlertId>) -> AnyView {
        let Self { answer, again, shown, hand } = self;
        let retry = Callback::new(move |()| again.update(|again| *again += 1));
        // In another language all of it is drawn again.
        hand.language.get();
        // The server draws what waits when its signals may be out of reach.
        let answer = answer.try_get().flatten().filter(|(about, _)| *about == wanted);
        match answer.map(|(_, answer)| answer) {
            None => {
                view! { <section class="card"><div class="card-body"><Skeleton lines=6/></div></section> }.into_any()
            }
            Some(Ok(advice)) => {
                let advice = advice.map(|advice| placed(shown, wanted, advice, hand));
                view! { <AdviceCard advice alert hand/> }.into_any()
            }
            // What does not exist is said by the page.
            Some(Err(Error::Refused(Refusal::NotFound))) => ().into_any(),
            Some(Err(error)) => view! { <Problem error retry/> }.into_any(),
        }
    }
}

/// Returns what is recommended in the places in which it is shown, once the person has said something of it: until the
/// page is opened again, nothing moves from under them.
fn placed(shown: StoredValue<(Uuid, Vec<Recommendation>)>, wanted: Uuid, mut advice: Advice, hand: Hand) -> Advice {
    let rated = hand.rated(advice.account);
    let before = shown.try_get_value().filter(|(about, _)| *about == wanted && !rated.is_empty());
    if let Some((_, before)) = before {
        advice.options = in_place(&before, advice.options, &rated);
    }
    shown.try_set_value((wanted, advice.options.clone()));
    advice
}

/// What to do next about the account of a page.
#[component]
pub fn AccountAdvice(
    /// The account of the address.
    id: Memo<Option<AccountId>>,
    /// Whether the page shows a day in the past.
    in_past: Memo<bool>,
) -> impl IntoView {
    let asked = Asked::for_account(id, in_past);
    view! {
        {move || id.get().filter(|_| !in_past.get()).map(|id| asked.draw(id.0, None))}
        <Saying hand=asked.hand/>
    }
}
