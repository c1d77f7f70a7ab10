//! The chip on an account's page: how likely it is lost, and on a click what moves that.

use domain::churn::{ChurnSummary, Driver, Told};
use domain::health::Points;
use domain::id::AccountId;
use leptos::prelude::*;

use super::chance;
use super::server_fns::load_account_churn;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::dialog::Dialog;
use crate::ui::loaded::Loaded;

/// How likely an account is lost; opens what moves that.
#[component]
pub fn ChurnChip(
    /// The account.
    account: AccountId,
    /// What is said of it.
    churn: ChurnSummary,
) -> impl IntoView {
    let language = use_language();
    let open = RwSignal::new(false);
    let words = move || td_string!(language.get(), churn.chip, share = chance(&churn), days = churn.horizon_days);
    let title = Signal::derive(words);
    view! {
        <button class="chip" type="button" aria-haspopup="dialog" on:click=move |_| open.set(true)>{words}</button>
        <Dialog open title><Drivers account/></Dialog>
    }
}

#[component]
fn Drivers(account: AccountId) -> impl IntoView {
    let told = Resource::new(|| (), move |()| load_account_churn(account));
    view! {
        <div class="dialog-body stack">
            <Loaded resource=told lines=8 children=|told| match told {
                Some(told) => view! { <Sum told/> }.into_any(),
                None => view! { <p>{text!(churn.nothing_said)}</p> }.into_any(),
            }/>
        </div>
    }
}

#[component]
fn Sum(told: Told) -> impl IntoView {
    let locale = use_language().get_untracked();
    let Told { at, model, prediction, .. } = told;
    let mut drivers = prediction.drivers;
    drivers.retain(|driver| driver.part != Points::ZERO);
    drivers.sort_by_key(|driver| std::cmp::Reverse(driver.part.abs()));
    let lines = drivers.into_iter().map(|driver| line(driver, locale)).collect_view();
    let source = td_string!(
        locale,
        churn.source,
        n = model.number,
        id = model.id,
        losses = model.losses,
        date = format::date(model.trained_at),
        since = format::date_time(at)
    );
    view! {
        <p>{td_string!(locale, churn.drivers_text)}</p>
        <div class="table-scroll" tabindex="0" role="group" aria-label=td_string!(locale, churn.drivers)>
            <table class="table">
                <thead><tr>
                    <th scope="col">{td_string!(locale, churn.input)}</th>
                    <th scope="col" class="number">{td_string!(locale, churn.points)}</th>
                    <th scope="col">{td_string!(locale, churn.way)}</th>
                    <th scope="col" class="number">{td_string!(locale, churn.part)}</th>
                </tr></thead>
                <tbody>
                    <tr>
                        <th scope="row">{td_string!(locale, churn.average_account)}</th><td></td><td></td>
                        <td class="number">{exact(prediction.base)}</td>
                    </tr>
                    {lines}
                </tbody>
                <tfoot><tr>
                    <th scope="row">{td_string!(locale, churn.together)}</th><td></td>
                    <td>{format::percent(prediction.pct.as_f64())}</td>
                    <td class="number">{exact(prediction.log_odds)}</td>
                </tr></tfoot>
            </table>
        </div>
        <p class="muted">{source}</p>
        <p><a href="/lab/churn">{td_string!(locale, churn.about_model)}</a></p>
    }
}

fn line(driver: Driver, locale: Locale) -> impl IntoView {
    let points = driver.points.map_or_else(|| td_string!(locale, churn.unknown).to_owned(), format::points);
    let (word, tone) = if driver.part > Points::ZERO {
        (td_string!(locale, churn.raises), "bad")
    } else {
        (td_string!(locale, churn.lowers), "good")
    };
    view! {
        <tr>
            <th scope="row">{driver.label}</th>
            <td class="number">{points}</td>
            <td><span class="badge" data-tone=tone>{word}</span></td>
            <td class="number">{exact(driver.part)}</td>
        </tr>
    }
}

/// Returns logarithms of odds to the last digit, so that what stands there adds up.
fn exact(part: Points) -> String {
    let sign = if part < Points::ZERO { "−" } else { "+" };
    let size = part.0.unsigned_abs();
    format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
}
