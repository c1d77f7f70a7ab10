//! What the address of a report says: which one it began with, and everything in which it differs from that.

use domain::alerts::Kind;
use domain::id::ReportId;
use domain::reports::{About, Behind, Dimension, Keyed, Measure, Order, Period, READY, Shape, Spec, State, ready};
use leptos_router::params::ParamsMap;

use crate::ui::address::encoded;

/// The page's own path.
pub const PATH: &str = "/reports";

/// What the address says.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// The word of a ready report, or the id of a saved one.
    pub name: String,
    /// What is asked for.
    pub spec: Spec,
}

impl Default for Address {
    fn default() -> Self {
        Self::of_ready(READY[0])
    }
}

impl Address {
    /// Returns the address of a ready report.
    pub fn of_ready(key: &str) -> Self {
        Self { name: key.to_owned(), spec: ready(key).unwrap_or_default() }
    }

    /// Returns the address of a saved report.
    pub fn of_saved(id: ReportId, spec: &Spec) -> Self {
        Self { name: id.to_string(), spec: spec.clone() }
    }

    /// Returns the address of a report that nobody saved: from the ready one that is nearest.
    pub fn of_spec(spec: &Spec) -> Self {
        let known = READY.into_iter().find(|key| ready(key).as_ref() == Some(spec)).unwrap_or(READY[0]);
        Self { name: known.to_owned(), spec: spec.clone() }
    }

    /// Returns what the query of an address says; what makes no sense is as at first.
    pub fn read(query: &ParamsMap) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default();
        let name = query.get("report").unwrap_or_else(|| READY[0].to_owned());
        let base = base(&name);
        let order = query.get("sort").map_or(base.order, |text| read_order(&text));
        let measures: Vec<Measure> = word("measures").split(',').filter_map(Measure::from_key).collect();
        let spec = Spec {
            about: About::from_key(&word("about")).unwrap_or(base.about),
            state: State::from_key(&word("which")).unwrap_or(base.state),
            within: Period::read(&word("within")).unwrap_or(base.within),
            metric: query.get("metric").or_else(|| base.metric.clone()).filter(|metric| !metric.is_empty()),
            filter: query.get("filter").unwrap_or_else(|| base.filter.clone()),
            by: Dimension::from_key(&word("by")).unwrap_or(base.by),
            measures: if measures.is_empty() { base.measures.clone() } else { measures },
            shape: Shape::from_key(&word("show")).unwrap_or(base.shape),
            order,
            top: word("top").parse().unwrap_or(base.top),
        };
        let spec = if spec == base { spec } else { Self::fitted(spec) };
        Self { name, spec }
    }

    /// Puts right what does not fit together, and keeps the order of the measures where all of them fit.
    fn fitted(spec: Spec) -> Spec {
        let mut fitted = spec.clone().fitted();
        if fitted.measures.len() == spec.measures.len() {
            fitted.measures = spec.measures;
        }
        fitted
    }

    /// Returns the address.
    pub fn href(&self) -> String {
        address(PATH, self.pairs().into_iter())
    }

    /// Returns what stands behind the question mark of the address, pair by pair.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let (spec, base) = (&self.spec, base(&self.name));
        let measures: Vec<&str> = spec.measures.iter().map(|measure| measure.key()).collect();
        let parts = [
            ("report", (self.name != READY[0]).then(|| self.name.clone())),
            ("about", (spec.about != base.about).then(|| spec.about.key().to_owned())),
            ("which", (spec.state != base.state).then(|| spec.state.key().to_owned())),
            ("within", (spec.within != base.within).then(|| spec.within.text())),
            ("metric", (spec.metric != base.metric).then(|| spec.metric.clone().unwrap_or_default())),
            ("filter", (spec.filter != base.filter).then(|| spec.filter.clone())),
            ("by", (spec.by != base.by).then(|| spec.by.key().to_owned())),
            ("measures", (spec.measures != base.measures).then(|| measures.join(","))),
            ("show", (spec.shape != base.shape).then(|| spec.shape.key().to_owned())),
            ("sort", (spec.order != base.order).then(|| order_text(spec.order))),
            ("top", (spec.top != base.top).then(|| spec.top.to_string())),
        ];
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Returns the address of the same report with a change of what it asks for.
    pub fn with(&self, change: impl FnOnce(&mut Spec)) -> String {
        let mut spec = self.spec.clone();
        change(&mut spec);
        Self { name: self.name.clone(), spec: Self::fitted(spec) }.href()
    }
}

/// Returns what an address leaves unsaid.
fn base(name: &str) -> Spec {
    ready(name).unwrap_or_default()
}

/// Returns an order as the address has it: a measure or `group`, with a minus where the greatest comes first.
fn order_text(order: Order) -> String {
    let by = order.by.map_or("group", Measure::key);
    if order.descending { format!("-{by}") } else { by.to_owned() }
}

fn read_order(text: &str) -> Order {
    let (key, descending) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
    Order { by: Measure::from_key(key), descending }
}

/// Returns the address of the list of the rows behind a number.
pub fn behind(behind: &Behind) -> String {
    match behind {
        Behind::Accounts { filter } => {
            address("/accounts", [("filter", filter.clone()), ("sort", "score".to_owned())].into_iter())
        }
        Behind::Alerts { state, rule, priority } => {
            let tab = match state {
                State::Opportunities => Kind::Opportunity.key(),
                State::Snoozed => "snoozed",
                State::Closed => "history",
                _ => Kind::Risk.key(),
            };
            let rule = rule.map(|rule| ("rule", rule.to_string()));
            let priority = priority.map(|priority| ("priority", priority.key().to_owned()));
            address("/alerts", [Some(("tab", tab.to_owned())), rule, priority].into_iter().flatten())
        }
        Behind::Tasks { state, person } => {
            let tab = if *state == State::Done { "done" } else { "open" };
            let person = person.map(|person| ("person", person.to_string()));
            address("/tasks", [Some(("tab", tab.to_owned())), person].into_iter().flatten())
        }
    }
}

fn address(path: &str, parts: impl Iterator<Item = (&'static str, String)>) -> String {
    let parts: Vec<String> = parts.map(|(name, value)| format!("{name}={}", encoded(&value))).collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(href: &str) -> Address {
        let mut map = ParamsMap::new();
        for pair in href.split_once('?').map_or("", |(_, query)| query).split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap();
            let value = value.replace("%20", " ").replace('+', " ").replace("%3D", "=").replace("%2C", ",");
            map.insert(name.to_owned(), value.replace("%28", "(").replace("%29", ")"));
        }
        Address::read(&map)
    }

    #[test]
    fn an_address_is_read_back() {
        assert_eq!(Address::default().href(), PATH);
        for key in READY {
            let address = Address::of_ready(key);
            assert_eq!(read(&address.href()), address, "{key}");
        }
        let spec = Spec {
            state: State::Closed,
            within: Period::Days(30),
            filter: "tier = pro".to_owned(),
            by: Dimension::Priority,
            measures: vec![Measure::Arr, Measure::Count],
            shape: Shape::Bars,
            order: Order { by: None, descending: true },
            top: 5,
            ..Spec::of(About::Alerts)
        };
        let address = Address::of_saved(ReportId(uuid::Uuid::nil()), &spec);
        assert_eq!(read(&address.href()), address, "{}", address.href());
    }

    #[test]
    fn a_metric_and_two_days_are_in_the_address() {
        let day = |text: &str| domain::reports::period_start(text).unwrap();
        let within = Period::Between { from: day("2026-01-01"), to: day("2026-03-31") };
        let spec = Spec { within, metric: Some("logins".to_owned()), ..Spec::of(About::Usage) };
        let address = Address::of_saved(ReportId(uuid::Uuid::nil()), &spec);
        assert_eq!(read(&address.href()), address, "{}", address.href());
        let risks = Address::of_ready("risks_by_week");
        let always = read(&risks.with(|spec| spec.within = Period::Always));
        assert_eq!(always.spec.within, Period::Always, "also where the report begins with less");
    }

    #[test]
    fn what_makes_no_sense_is_as_at_first() {
        let read = read("/reports?about=shoes&by=rule&measures=count,height&show=pie&sort=height&top=0");
        let spec = read.spec;
        assert_eq!((spec.about, spec.by, spec.shape, spec.top), (About::Accounts, Dimension::Band, Shape::Bars, 1));
        assert_eq!((spec.measures, spec.order), (vec![Measure::Count], Order::BY_GROUP));
    }

    #[test]
    fn another_subject_keeps_what_fits() {
        let address = Address::of_ready("risk_by_owner");
        let spec = read(&address.with(|spec| spec.about = About::Alerts)).spec;
        assert_eq!((spec.about, spec.state, spec.by), (About::Alerts, State::Risks, Dimension::Owner));
        assert_eq!(spec.measures, [Measure::Arr, Measure::Count]);
    }
}
