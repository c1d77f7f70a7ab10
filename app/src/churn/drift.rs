//! Whether the accounts of today look like those that were learnt from, and whether as many are lost as expected.

use domain::churn::{Drift, Held, InputDrift, SHIFTED, SHIFTING, Shift, Verdict, shift};
use leptos::prelude::*;

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;

/// What has moved since the version in force was learnt.
#[component]
pub(super) fn Moved(
    /// How far.
    drift: Drift,
) -> impl IntoView {
    let Drift { accounts, inputs, held } = drift;
    let accounts = format::integer(i64::from(accounts));
    let lines = inputs.into_iter().map(|input| view! { <Line input/> }).collect_view();
    view! {
        <section class="card" aria-labelledby="churn-drift">
            <header class="card-head"><div>
                <h2 class="card-title" id="churn-drift">{text!(churn.drift)}</h2>
                <p class="card-sub">{text!(churn.drift_sub, accounts = accounts.clone(), low = SHIFTING, high = SHIFTED)}</p>
            </div></header>
            <div class="card-body"><Losses held/></div>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="churn-drift">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(churn.input)}</th>
                            <th scope="col">{text!(churn.verdict)}</th>
                            <th scope="col" class="number">{text!(churn.index)}</th>
                            <th scope="col" class="number">{text!(churn.mean_then)}</th>
                            <th scope="col" class="number">{text!(churn.mean_now)}</th>
                            <th scope="col" class="number">{text!(churn.blank)}</th>
                        </tr></thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Losses(held: Held) -> impl IntoView {
    let language = use_language();
    let sentence = move || {
        let locale = language.get();
        let expected = format::number((10.0 * held.expected).round() / 10.0);
        td_string!(
            locale,
            churn.held,
            date = format::date(held.since),
            observed = held.observed,
            expected = expected,
            accounts = format::integer(i64::from(held.accounts))
        )
    };
    let verdict = move || match held.verdict() {
        Verdict::AsExpected => td_string!(language.get(), churn.held_fits),
        Verdict::More => td_string!(language.get(), churn.held_more),
        Verdict::Fewer => td_string!(language.get(), churn.held_fewer),
    };
    view! { <p>{sentence}" "<strong>{verdict}</strong></p> }
}

#[component]
fn Line(input: InputDrift) -> impl IntoView {
    let language = use_language();
    let InputDrift { label, index, mean_then, mean_now, blank_then, blank_now, .. } = input;
    let found = index.map(shift);
    let dash = || "–".to_owned();
    let blank = format!("{} → {}", percent(blank_then), percent(blank_now));
    view! {
        <tr>
            <th scope="row">{label}</th>
            <td><span class="badge" data-tone=found.map(tone)>{move || word(found, language.get())}</span></td>
            <td class="number">{index.map_or_else(dash, |index| format!("{index:.2}"))}</td>
            <td class="number">{format::number(mean_then.round())}</td>
            <td class="number">{mean_now.map_or_else(dash, |mean| format::number(mean.round()))}</td>
            <td class="number">{blank}</td>
        </tr>
    }
}

fn percent(share: f64) -> String {
    format::percent((100.0 * share).round())
}

fn tone(shift: Shift) -> &'static str {
    match shift {
        Shift::Stable => "good",
        Shift::Shifting => "warn",
        Shift::Changed => "bad",
    }
}

fn word(shift: Option<Shift>, locale: Locale) -> &'static str {
    match shift {
        Some(Shift::Stable) => td_string!(locale, churn.stable),
        Some(Shift::Shifting) => td_string!(locale, churn.shifting),
        Some(Shift::Changed) => td_string!(locale, churn.changed),
        None => td_string!(locale, churn.nothing_to_compare),
    }
}
