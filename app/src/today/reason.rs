//! Why an account needs somebody: what costs it the most points.

use domain::health::{Evaluation, FactValue, Points};
use domain::id::AccountId;
use serde::{Deserialize, Serialize};

use crate::format;
use crate::i18n::{Locale, td_string};

/// Most measures and rules that a reason names.
const CAUSES_MAX: usize = 3;

/// What pulls an account down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The account.
    pub account: AccountId,
    /// The measures furthest from full, worst first.
    pub drags: Vec<Drag>,
    /// The rules that lowered the score further: what they are called and the points they took.
    pub rules: Vec<(String, Points)>,
    /// Why a person set the score by hand, if they did.
    pub by_hand: Option<String>,
}

/// A measure that costs points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drag {
    /// What the measure is called.
    pub label: String,
    /// What was measured; `None` where nothing was.
    pub value: Option<FactValue>,
    /// The points missing to full, never negative.
    pub lost: Points,
}

impl Reason {
    /// Returns what pulls an account down most.
    #[must_use]
    pub fn of(account: AccountId, evaluation: &Evaluation) -> Self {
        let mut drags: Vec<Drag> = evaluation
            .measures()
            .filter(|measure| measure.counts())
            .map(|measure| Drag {
                label: measure.label.clone(),
                value: measure.raw.clone().filter(FactValue::is_present),
                lost: measure.effective.share_of(Points::FULL - measure.points.unwrap_or_default()),
            })
            .filter(|drag| drag.lost.tenths() > 0)
            .collect();
        drags.sort_by_key(|drag| std::cmp::Reverse(drag.lost));
        drags.truncate(CAUSES_MAX);
        let taken = evaluation.exceptions.iter().map(|rule| (rule.label.clone(), rule.after - rule.before));
        let rules = taken.filter(|(_, points)| points.tenths() < 0).take(CAUSES_MAX).collect();
        let by_hand = evaluation.override_.as_ref().map(|manual| manual.reason.clone());
        Self { account, drags, rules, by_hand }
    }

    /// Returns the reason as one line.
    #[must_use]
    pub fn words(&self, locale: Locale) -> String {
        let mut parts: Vec<String> = Vec::new();
        if let Some(reason) = &self.by_hand {
            parts.push(td_string!(locale, today.by_hand, reason = reason.clone()));
        }
        for drag in &self.drags {
            let (label, lost) = (drag.label.clone(), format::signed_points(Points::ZERO - drag.lost));
            parts.push(match &drag.value {
                Some(FactValue::Number(value)) => {
                    td_string!(locale, today.drag, label = label, value = format::number(*value), lost = lost)
                }
                Some(FactValue::Text(value)) => {
                    td_string!(locale, today.drag, label = label, value = value.clone(), lost = lost)
                }
                Some(FactValue::Absent) | None => td_string!(locale, today.drag_empty, label = label, lost = lost),
            });
        }
        for (label, points) in &self.rules {
            parts.push(td_string!(locale, today.rule, label = label.clone(), lost = format::signed_points(*points)));
        }
        if parts.is_empty() { td_string!(locale, today.no_reason).to_owned() } else { parts.join(" · ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::health::{AppliedException, GroupResult, MeasureResult, MeasureState};
    use domain::time::Timestamp;

    fn measure(label: &str, value: f64, points: i64, effective: i64) -> MeasureResult {
        let (points, effective) = (Points(points * Points::MICRO), Points(effective * Points::MICRO));
        MeasureResult {
            key: label.to_owned(),
            label: label.to_owned(),
            raw: Some(FactValue::Number(value)),
            observed_at: None,
            points: Some(points),
            state: MeasureState::Fresh,
            nominal: effective,
            effective,
            contribution: effective.share_of(points),
        }
    }

    #[test]
    fn the_worst_measures_come_first_and_full_ones_not_at_all() {
        let group = GroupResult {
            key: "g".to_owned(),
            label: "G".to_owned(),
            score: None,
            nominal: Points::FULL,
            effective: Points::FULL,
            measures: vec![
                measure("Logins", 12.0, 80, 50),
                measure("NPS", 3.0, 20, 40),
                measure("Seats", 9.0, 100, 10),
            ],
        };
        let score = Some(Points(58 * Points::MICRO));
        let evaluation = Evaluation {
            at: Timestamp(0),
            base: score,
            computed: score,
            score,
            band: None,
            coverage: Points::FULL,
            groups: vec![group],
            exceptions: vec![AppliedException {
                key: "e".to_owned(),
                label: "Urgent ticket open".to_owned(),
                before: Points(58 * Points::MICRO),
                after: Points(50 * Points::MICRO),
            }],
            override_: None,
        };
        let reason = Reason::of(AccountId(uuid::Uuid::nil()), &evaluation);
        assert_eq!(reason.words(Locale::default()), "NPS 3 (−32.0) · Logins 12 (−10.0) · Urgent ticket open (−8.0)");
    }
}
