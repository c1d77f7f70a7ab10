//! What a report asks for: about what, which of it, grouped by what, with which measures, shown how.

use domain::reports::{About, Dimension, Keyed, Measure, Order, Shape, Spec, TOPS};
use leptos::prelude::*;

use super::filter::Chosen;
use super::period::{Metric, Within};
use super::{Desk, words};
use crate::format;
use crate::i18n::{Locale, td_string};

/// The choices; each leads to another address.
#[component]
pub(super) fn Builder(desk: Desk) -> impl IntoView {
    let states = move || desk.address.with(|address| address.spec.about.states());
    let has_states = move || states().len() > 1;
    let has_period = move || desk.address.with(|address| address.spec.about != About::Accounts);
    let has_metric = move || desk.address.with(|address| address.spec.about == About::Usage);
    let has_top = move || desk.address.with(|address| !address.spec.by.is_time());
    let shapes = move || desk.address.with(|address| address.spec.shapes());
    view! {
        <section class="card" aria-label=text!(reports.builder)>
            <div class="card-body reports-builder">
                <Choices desk name="about" label=ViewFn::from(|| text!(reports.about)) offered=Signal::derive(|| About::ALL)
                    word=words::about chosen=|spec: &Spec| spec.about choose=choose_about/>
                <Show when=has_states>
                    <Choices desk name="which" label=ViewFn::from(|| text!(reports.which)) offered=Signal::derive(states)
                        word=words::state chosen=|spec: &Spec| spec.state choose=|spec: &mut Spec, state| spec.state = state/>
                </Show>
                <Choices desk name="show" label=ViewFn::from(|| text!(reports.show)) offered=Signal::derive(shapes)
                    word=words::shape chosen=|spec: &Spec| spec.shape choose=|spec: &mut Spec, shape| spec.shape = shape/>
                <Show when=has_metric><Metric desk/></Show>
                <Show when=has_period><Within desk/></Show>
                <GroupBy desk/>
                <Show when=has_top><Top desk/></Show>
                <Measures desk/>
                <Chosen desk/>
            </div>
        </section>
    }
}

/// A few choices beside each other, of which one counts.
#[component]
fn Choices<T: Keyed + PartialEq + Send + Sync>(
    desk: Desk,
    name: &'static str,
    label: ViewFn,
    offered: Signal<&'static [T]>,
    word: fn(T, Locale) -> &'static str,
    chosen: fn(&Spec) -> T,
    choose: fn(&mut Spec, T),
) -> impl IntoView {
    let id = format!("reports-{name}");
    let link = move |one: T| {
        let href = move || desk.address.with(|address| address.with(|spec| choose(spec, one)));
        let is_chosen = move || desk.address.with(|address| chosen(&address.spec) == one).then_some("true");
        view! {
            <a class="button" href=href data-noscroll="" aria-current=is_chosen>{move || word(one, desk.language.get())}</a>
        }
    };
    view! {
        <div class="field">
            <span class="field-label" id=id.clone()>{label.run()}</span>
            <nav class="button-group" aria-labelledby=id>
                {move || offered.get().iter().map(|one| link(*one)).collect_view()}
            </nav>
        </div>
    }
}

#[component]
fn GroupBy(desk: Desk) -> impl IntoView {
    let about = Memo::new(move |_| desk.address.with(|address| address.spec.about));
    let by = Memo::new(move |_| desk.address.with(|address| address.spec.by));
    let options = move || {
        let locale = desk.language.get();
        let dimensions = about.get().dimensions().iter().copied();
        dimensions
            .map(|dimension| {
                let is_first = by.get_untracked() == dimension;
                view! {
                    <option value=dimension.key() selected=is_first prop:selected=move || by.get() == dimension>
                        {words::dimension(dimension, locale)}
                    </option>
                }
            })
            .collect_view()
    };
    let choose = move |event| {
        let Some(by) = Dimension::from_key(&event_target_value(&event)) else { return };
        desk.go.run(desk.address.with_untracked(|address| address.with(|spec| regroup(spec, by))));
    };
    view! {
        <label class="field">
            <span class="field-label">{text!(reports.group_by)}</span>
            <select class="select" id="reports-by" on:change=choose>{options}</select>
        </label>
    }
}

/// Asks about something else: what does not fit there begins as at first.
fn choose_about(spec: &mut Spec, about: About) {
    if about != spec.about {
        *spec = Spec {
            filter: std::mem::take(&mut spec.filter),
            by: spec.by,
            shape: Shape::Bars,
            measures: spec.measures.clone(),
            ..Spec::of(about)
        };
        if !about.dimensions().contains(&spec.by) {
            spec.by = about.dimensions()[0];
        }
        spec.measures.retain(|measure| about.measures().contains(measure));
        if spec.measures.is_empty() {
            spec.measures = about.measures().iter().copied().take(3).collect();
        }
        spec.order = if spec.by.is_time() {
            Order::BY_GROUP
        } else {
            Order { by: spec.measures.first().copied(), descending: true }
        };
    }
}

/// Groups by something else; what follows in time is in its own order and may be a line.
fn regroup(spec: &mut Spec, by: Dimension) {
    if by.is_time() != spec.by.is_time() {
        spec.order =
            if by.is_time() { Order::BY_GROUP } else { Order { by: spec.measures.first().copied(), descending: true } };
        spec.shape = if by.is_time() { Shape::Line } else { Shape::Bars };
    }
    spec.by = by;
}

#[component]
fn Top(desk: Desk) -> impl IntoView {
    let top = Memo::new(move |_| desk.address.with(|address| address.spec.top));
    let option = move |count: u8| {
        let is_first = top.get_untracked() == count;
        let word = move || td_string!(desk.language.get(), reports.top_n, count = format::integer(i64::from(count)));
        view! {
            <option value=count.to_string() selected=is_first prop:selected=move || top.get() == count>{word}</option>
        }
    };
    // An address may say any number.
    let offered = move || {
        let mut offered = TOPS.to_vec();
        let top = top.get();
        if let Err(place) = offered.binary_search(&top) {
            offered.insert(place, top);
        }
        offered.into_iter().map(option).collect_view()
    };
    let choose = move |event| {
        let Ok(top) = event_target_value(&event).parse() else { return };
        desk.go.run(desk.address.with_untracked(|address| address.with(|spec| spec.top = top)));
    };
    view! {
        <label class="field">
            <span class="field-label">{text!(reports.top)}</span>
            <select class="select" id="reports-top" on:change=choose>{offered}</select>
        </label>
    }
}

/// The measures, of which at least one stays.
#[component]
fn Measures(desk: Desk) -> impl IntoView {
    let about = Memo::new(move |_| desk.address.with(|address| address.spec.about));
    let chosen = Memo::new(move |_| desk.address.with(|address| address.spec.measures.clone()));
    let toggle = move |measure: Measure| {
        let change = |spec: &mut Spec| match spec.measures.iter().position(|known| *known == measure) {
            Some(place) => drop(spec.measures.remove(place)),
            None => spec.measures.push(measure),
        };
        desk.go.run(desk.address.with_untracked(|address| address.with(change)));
    };
    let check = move |measure: Measure| {
        let is_chosen = move || chosen.with(|chosen| chosen.contains(&measure));
        let is_last = move || chosen.with(|chosen| chosen.as_slice() == [measure]);
        view! {
            <label class="check">
                <input type="checkbox" class="checkbox" checked=chosen.with_untracked(|chosen| chosen.contains(&measure))
                    prop:checked=is_chosen disabled=is_last on:change=move |_| toggle(measure)/>
                <span>{move || words::measure(measure, about.get(), desk.language.get())}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field reports-measures">
            <legend class="field-label">{text!(reports.measures)}</legend>
            <div class="row">{move || about.get().measures().iter().map(|measure| check(*measure)).collect_view()}</div>
        </fieldset>
    }
}
