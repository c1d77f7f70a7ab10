//! How well a version did on what it had not seen, and what it looks at.

use domain::chart::{self, Bar, BarChart, Layout, Scale, Size, Tone, Words};
use domain::churn::{ChurnModel, Evidence, Input, Judgement};
use domain::lab::metrics::Bin;
use leptos::prelude::*;

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::chart::Chart;
use crate::ui::icon::{Icon, Pic};

/// How large the calibration plot is drawn.
const PLOT: Size = Size { width: 640.0, height: 240.0 };

/// One line: what it is, what it means, and the words for a version.
struct Figure {
    label: &'static str,
    hint: &'static str,
    words: fn(&Evidence) -> String,
}

/// The figures of the version in force beside those of the candidate.
#[component]
pub(super) fn Figures(
    /// The version in force.
    active: Option<ChurnModel>,
    /// The candidate.
    candidate: Option<ChurnModel>,
) -> impl IntoView {
    let locale = use_language().get_untracked();
    let shown: Vec<ChurnModel> = active.into_iter().chain(candidate).collect();
    let heads = shown.iter().map(|model| {
        let words = td_string!(locale, churn.version_n, n = model.number);
        view! { <th scope="col" class="number">{words}</th> }
    });
    let heads = heads.collect_view();
    let lines = figures(locale).into_iter().map(|figure| {
        let cells = shown.iter().map(|model| view! { <td class="number">{(figure.words)(&model.evidence)}</td> });
        view! {
            <tr>
                <th scope="row">{figure.label}<br/><span class="muted">{figure.hint}</span></th>
                {cells.collect_view()}
            </tr>
        }
    });
    let lines = lines.collect_view();
    let suspects: Vec<String> = shown.iter().flat_map(|model| model.evidence.suspects.clone()).collect();
    view! {
        <section class="card" aria-labelledby="churn-figures">
            <header class="card-head"><div>
                <h2 class="card-title" id="churn-figures">{text!(churn.evidence)}</h2>
                <p class="card-sub">{text!(churn.evidence_sub)}</p>
            </div></header>
            {(!suspects.is_empty()).then(|| view! {
                <div class="card-body"><div class="notice" data-tone="warn" role="status">
                    <Pic icon=Icon::Warning/>
                    <div><p>{text!(churn.suspects, names = suspects.join(", "))}</p></div>
                </div></div>
            })}
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="churn-figures">
                    <table class="table lab-figures">
                        <thead><tr><th scope="col">{text!(churn.figure)}</th>{heads}</tr></thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

fn figures(locale: Locale) -> Vec<Figure> {
    vec![
        Figure {
            label: td_string!(locale, churn.auc),
            hint: td_string!(locale, churn.auc_hint),
            words: |evidence| area(evidence.folds.as_ref()),
        },
        Figure {
            label: td_string!(locale, churn.auc_later),
            hint: td_string!(locale, churn.auc_later_hint),
            words: |evidence| area(evidence.later.as_ref().map(|later| &later.judged)),
        },
        Figure {
            label: td_string!(locale, churn.brier),
            hint: td_string!(locale, churn.brier_hint),
            words: |evidence| squared(evidence.folds.as_ref()),
        },
        Figure {
            label: td_string!(locale, churn.brier_later),
            hint: td_string!(locale, churn.brier_later_hint),
            words: |evidence| squared(evidence.later.as_ref().map(|later| &later.judged)),
        },
        Figure {
            label: td_string!(locale, churn.rate),
            hint: td_string!(locale, churn.rate_hint),
            words: |evidence| {
                let rate = evidence.folds.as_ref().map(|judged| format::percent(100.0 * judged.rate));
                rate.unwrap_or_else(|| "–".to_owned())
            },
        },
        Figure {
            label: td_string!(locale, churn.losses),
            hint: td_string!(locale, churn.losses_hint),
            words: |evidence| format::integer(i64::from(evidence.losses)),
        },
    ]
}

fn area(judged: Option<&Judgement>) -> String {
    let Some(auc) = judged.map(|judged| judged.auc) else { return "–".to_owned() };
    format!("{:.3} ({:.3}–{:.3})", auc.value, auc.low, auc.high)
}

fn squared(judged: Option<&Judgement>) -> String {
    judged.map_or_else(|| "–".to_owned(), |judged| format!("{:.4} ({:.4})", judged.brier, judged.brier_of_nothing))
}

/// What was predicted and what happened, in ten groups.
#[component]
pub(super) fn Plot(
    /// The version.
    model: ChurnModel,
) -> impl IntoView {
    let locale = use_language().get_untracked();
    let Some(judged) = model.evidence.folds else { return ().into_any() };
    let layout = plot(&judged.bins, locale);
    view! {
        <section class="card" aria-labelledby="churn-calibration">
            <header class="card-head"><div>
                <h2 class="card-title" id="churn-calibration">{text!(churn.calibration)}</h2>
                <p class="card-sub">{text!(churn.calibration_text)}</p>
            </div></header>
            <div class="card-body"><Chart layout/></div>
        </section>
    }
    .into_any()
}

fn plot(bins: &[Bin], locale: Locale) -> Layout {
    let value = |share: f64| format::percent(100.0 * share);
    let bars = bins.iter().map(|bin| Bar { label: value(bin.predicted), value: bin.observed, tone: Tone::Series1 });
    let sentence = td_string!(locale, churn.calibration_text);
    chart::bar(&BarChart {
        size: PLOT,
        bars: bars.collect(),
        scale: Scale::Automatic,
        words: Words {
            title: td_string!(locale, churn.calibration),
            empty: sentence,
            missing: "–",
            headings: vec![
                td_string!(locale, churn.predicted).to_owned(),
                td_string!(locale, churn.observed).to_owned(),
            ],
            value: &value,
            describe: &|_| sentence.to_owned(),
        },
    })
}

/// What a version looks at, the strongest first.
#[component]
pub(super) fn Inputs(
    /// The version.
    model: ChurnModel,
) -> impl IntoView {
    let language = use_language();
    let mut inputs = model.fit.inputs;
    inputs.sort_by(|a, b| b.effect.total_cmp(&a.effect));
    let whole: f64 = inputs.iter().map(|input| input.effect).sum::<f64>().max(f64::MIN_POSITIVE);
    let lines = inputs.into_iter().map(|input| {
        let share = format::percent((100.0 * input.effect / whole).round());
        let mean = format::number(input.mean.round());
        let label = input.measure.label.clone();
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td>{move || way(&input, language.get())}</td>
                <td class="number">{mean}</td>
                <td class="number">{share}</td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="churn-inputs">
            <header class="card-head"><div>
                <h2 class="card-title" id="churn-inputs">{text!(churn.inputs)}</h2>
                <p class="card-sub">{text!(churn.inputs_sub)}</p>
            </div></header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="churn-inputs">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(churn.input)}</th>
                            <th scope="col">{text!(churn.way)}</th>
                            <th scope="col" class="number">{text!(churn.mean)}</th>
                            <th scope="col" class="number">{text!(churn.share)}</th>
                        </tr></thead>
                        <tbody>{lines.collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

fn way(input: &Input, locale: Locale) -> &'static str {
    match (input.weight, input.blank) {
        (weight, _) if weight < 0.0 => td_string!(locale, churn.more_lowers),
        (weight, _) if weight > 0.0 => td_string!(locale, churn.more_raises),
        (_, blank) if blank > 0.0 => td_string!(locale, churn.blank_raises),
        _ => td_string!(locale, churn.blank_lowers),
    }
}
