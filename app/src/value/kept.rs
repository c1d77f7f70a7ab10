//! Whether acting helped: accounts at risk on which somebody acted beside those on which nobody did.

use domain::value::{ACT_DAYS, FOLLOWED_DAYS, Group, Value};
use leptos::prelude::*;

use super::figures::count;
use super::words;
use crate::format;
use crate::i18n::{Locale, td_string};

/// Both sides, with how sure the difference is and how it was found.
#[component]
pub(super) fn Kept(value: Value, locale: Locale) -> impl IntoView {
    let (acted, not) = value.kept.clone();
    let said = match value.uplift() {
        Some((points, low, high)) => {
            let (is_sure, points) = (low > 0.0 || high < 0.0, words::points(points));
            let (low, high) = (words::points(low), words::points(high));
            match is_sure {
                true => td_string!(locale, value.kept_sure, points = points, low = low, high = high),
                false => td_string!(locale, value.kept_chance, points = points, low = low, high = high),
            }
        }
        None => td_string!(locale, value.kept_few).to_owned(),
    };
    let back = -(ACT_DAYS + FOLLOWED_DAYS);
    let (from, to) = (format::date(value.from.plus_days(back)), format::date(value.to.plus_days(back)));
    let method = td_string!(locale, value.kept_method, from = from, to = to);
    view! {
        <section class="card" aria-labelledby="value-kept">
            <header class="card-head">
                <h2 class="card-title" id="value-kept">{td_string!(locale, value.kept)}</h2>
                <span class="card-sub">{td_string!(locale, value.kept_sub)}</span>
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="value-kept">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, value.kept_side)}</th>
                            <th scope="col" class="number">{td_string!(locale, value.accounts)}</th>
                            <th scope="col" class="number">{td_string!(locale, value.stayed)}</th>
                            <th scope="col" class="number">{td_string!(locale, value.stayed_share)}</th>
                            <th scope="col" class="number">{td_string!(locale, value.interval)}</th>
                            <th scope="col" class="number">{td_string!(locale, value.arr_kept)}</th>
                        </tr></thead>
                        <tbody>
                            <Side name=td_string!(locale, value.kept_acted) group=acted/>
                            <Side name=td_string!(locale, value.kept_not) group=not/>
                        </tbody>
                    </table>
                </div>
            </div>
            <div class="card-body stack" data-gap="small">
                <p>{said}</p>
                <p class="muted">{method}</p>
            </div>
        </section>
    }
}

#[component]
fn Side(name: &'static str, group: Group) -> impl IntoView {
    let percent = |share: f64| format::percent((share * 100.0).round());
    let share = group.share().map_or_else(|| "–".to_owned(), percent);
    let interval =
        group.interval().map_or_else(|| "–".to_owned(), |(low, high)| format!("{}–{}", percent(low), percent(high)));
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="number">{count(group.accounts)}</td>
            <td class="number">{count(group.kept)}</td>
            <td class="number">{share}</td>
            <td class="number">{interval}</td>
            <td class="number">{format::money_list(&group.annual)}</td>
        </tr>
    }
}
