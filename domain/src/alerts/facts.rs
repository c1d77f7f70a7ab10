//! The facts that rules read besides the fields of an account: the one catalogue of them, with what each follows from.

mod gather;
mod known;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::alert::Unit;
use super::inputs::Input;
use crate::fields::{Catalogue, Field, FieldType};
use crate::time::{DAY_MS, Timestamp};

pub use gather::{Extra, Signals, band_probability, gather};
pub use known::{Known, Portfolio};

/// How a fact changes while nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It does not, or only as something falls out of the days that are counted.
    Still,
    /// By one more each day since a moment.
    Up,
    /// By one less each day until a moment.
    Down,
}

macro_rules! facts {
    ($($name:ident $key:literal $label:literal $unit:ident $pace:ident [$($input:ident)*] [$($field:literal)*] $doc:literal;)+) => {
        /// A fact that rules read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fact {
            $(#[doc = $doc] $name,)+
        }

        impl Fact {
            /// All facts, in the order in which pickers show them.
            pub const ALL: [Self; [$($key),+].len()] = [$(Self::$name),+];

            /// Returns the word that stands in conditions.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }

            /// Returns the fact with this word, if there is one.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                // Rules ask millions of times: a table is several times as fast as comparing with one word after another.
                static BY_KEY: LazyLock<HashMap<&str, Fact>> = LazyLock::new(|| Fact::ALL.map(|fact| (fact.key(), fact)).into());
                BY_KEY.get(key).copied()
            }

            /// Returns what people call it, in English; translated by key.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }

            /// Returns one sentence that says what it is, in English.
            #[must_use]
            pub fn describe(self) -> &'static str {
                match self { $(Self::$name => $doc,)+ }
            }

            /// Returns its unit.
            #[must_use]
            pub fn unit(self) -> Unit {
                match self { $(Self::$name => Unit::$unit,)+ }
            }

            /// Returns how it changes while nothing happens.
            #[must_use]
            pub fn pace(self) -> Pace {
                match self { $(Self::$name => Pace::$pace,)+ }
            }

            /// Returns what it follows from, besides fields.
            #[must_use]
            pub fn reads(self) -> &'static [Input] {
                match self { $(Self::$name => &[$(Input::$input),*],)+ }
            }

            /// Returns the account's own fields that it follows from.
            #[must_use]
            pub fn reads_fields(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($field),*],)+ }
            }
        }
    };
}

facts! {
    ScoreDrop7 "score_drop_7d" "Points lost in 7 days" Points Still [Health] [] "Points that the score fell in 7 days; below 0 where it rose.";
    ScoreDrop14 "score_drop_14d" "Points lost in 14 days" Points Still [Health] [] "Points that the score fell in 14 days.";
    ScoreDrop30 "score_drop_30d" "Points lost in 30 days" Points Still [Health] [] "Points that the score fell in 30 days.";
    ScoreDrop60 "score_drop_60d" "Points lost in 60 days" Points Still [Health] [] "Points that the score fell in 60 days.";
    ScoreDrop90 "score_drop_90d" "Points lost in 90 days" Points Still [Health] [] "Points that the score fell in 90 days.";
    ChurnProbability "churn_probability" "Probability to leave" Percent Still [Health Churn] ["churn_risk_pct"] "How likely the account leaves: what the model says, else the source system, else what its band stands for.";
    ArrTimesTypical "arr_times_typical" "Revenue beside the middle account" Count Still [] ["arr_minor" "mrr_minor"] "Recurring revenue of a year as a multiple of the middle account's.";
    DaysSinceTouch "days_since_touch" "Days since we were in touch" Days Up [Touches] ["last_activity_at"] "Days since a call, mail, meeting or note of ours.";
    DaysSinceCustomer "days_since_customer" "Days since a sign of life" Days Up [Usage Tickets Surveys Contacts] ["last_login_at"] "Days since the customer used the product, opened a ticket, answered a survey or was in touch.";
    DaysSinceLogin "days_since_login" "Days since the last use" Days Up [Usage] ["last_login_at"] "Days since anybody there used the product.";
    DaysToRenewal "days_to_renewal" "Days to the renewal" Days Down [] ["renewal_at"] "Days until the contract renews; below 0 once the day has passed.";
    DaysToNotice "days_to_notice" "Days to the notice date" Days Down [] ["renewal_at" "notice_days"] "Days until the last day on which notice can be given.";
    DaysToDeadline "days_to_deadline" "Days to the notice or renewal" Days Down [] ["renewal_at" "notice_days"] "Days to the notice date, or to the renewal where no notice date lies ahead.";
    TenureDays "tenure_days" "Days as a customer" Days Up [] ["contract_start"] "Days since the contract began.";
    OpenTickets "open_tickets" "Open tickets" Count Still [Tickets] [] "Tickets that are open.";
    UrgentTickets "urgent_tickets" "Open urgent tickets" Count Still [Tickets] [] "Open tickets that are urgent.";
    OpenEscalations "open_escalations" "Open escalations" Count Still [Tickets] [] "Open tickets that were escalated.";
    Tickets60 "tickets_60d" "Tickets in 60 days" Count Still [Tickets] [] "Tickets opened in the last 60 days.";
    TicketsUsual60 "tickets_usual_60d" "Tickets usual in 60 days" Count Still [Tickets] [] "Tickets that the 180 days before those 60 brought in 60 days.";
    Nps "nps" "Net promoter answer" Count Still [Surveys] [] "The latest answer to a net promoter survey, 0 to 10.";
    DaysSinceNps "days_since_nps" "Days since the promoter answer" Days Up [Surveys] [] "Days since the latest answer to a net promoter survey.";
    PaymentsFailed "payments_failed" "Failed payments" Count Still [Invoices] [] "Invoices whose payment failed and that are not paid.";
    AmountFailed "amount_failed" "Amount of failed payments" Money Still [Invoices] [] "What the failed payments come to.";
    DaysOverdue "days_overdue" "Days overdue" Days Up [Invoices] [] "Days since the oldest unpaid invoice was due.";
    ContactsKnown "contacts_known" "Contacts" Count Still [Contacts] [] "Contacts who have not left.";
    ContactsActive "contacts_active" "Active contacts" Count Still [Contacts] [] "Contacts who have not left and were in touch in the last 90 days.";
    Champions "champions" "Champions" Count Still [Contacts] [] "Champions who have not left.";
    ChampionsLeft90 "champions_left_90d" "Champions who left" Count Still [Contacts] [] "Champions who left in the last 90 days.";
    ChampionDaysSilent "champion_days_silent" "Days without the champion" Days Up [Contacts] [] "Days since any champion who has not left was in touch.";
    Usage28 "usage_28d" "Usage in 28 days" Count Still [Usage] [] "The main usage metric over 28 days.";
    UsageChange28 "usage_change_28d" "Change of usage" Percent Still [Usage] ["category"] "The main usage of 28 days against the 28 days before, in per cent, with what the season does taken out.";
    FeatureChange28 "feature_change_28d" "Change of feature use" Percent Still [Usage] ["category"] "The greatest growth of any other usage metric over 28 days, in per cent, with what the season does taken out.";
    SeatsUsedPct "seats_used_pct" "Seats used" Percent Still [Usage] ["seats"] "The most active users of a day in 28 days, as a share of the seats.";
    PricingVisits28 "pricing_visits_28d" "Visits of the price list" Count Still [Usage] [] "What usage metrics with `pricing` in their name counted in 28 days.";
    NewsBad14 "news_bad_14d" "Bad news in 14 days" Count Still [Signals] [] "Headlines about the customer in the last 14 days that are bad for it.";
    NewsGood30 "news_good_30d" "Good news in 30 days" Count Still [Signals] [] "Headlines about the customer in the last 30 days that are good for it.";
    NewsGrowth30 "news_growth_30d" "News of growth in 30 days" Count Still [Signals] [] "Headlines about funding, hiring, products or partners in the last 30 days.";
    CompetitorBad14 "competitor_bad_14d" "Bad news of competitors" Count Still [Signals] ["tags"] "Bad headlines in the last 14 days about competitors that the customer uses, as its tags say.";
    MarketSentiment30 "market_sentiment_30d" "Market sentiment" Points Still [Signals] [] "How the news of 30 days speaks of the customer, 0 bad to 100 good.";
    WebsiteDown "website_down" "Website does not answer" YesNo Still [Signals] [] "Whether the last checks of the customer's website failed.";
    TlsDaysLeft "tls_days_left" "Days left of the certificate" Days Down [Signals] [] "Days until the certificate of the customer's website expires.";
}

/// Returns the fields and facts that rules about accounts read.
#[must_use]
pub fn catalogue(accounts: &Catalogue) -> Catalogue {
    accounts.clone().with(Fact::ALL.map(|fact| field(fact.key(), fact.label(), fact.unit())))
}

/// The facts of the whole portfolio.
pub const PORTFOLIO: [(&str, &str, Unit); 5] = [
    ("accounts", "Accounts", Unit::Count),
    ("average_churn_probability", "Average probability to leave", Unit::Percent),
    ("average_score", "Average score", Unit::Points),
    ("at_risk_pct", "Accounts at risk", Unit::Percent),
    ("arr_at_risk_pct", "Revenue at risk", Unit::Percent),
];

/// Returns the facts that rules about the portfolio read.
#[must_use]
pub fn portfolio_catalogue() -> Catalogue {
    Catalogue { fields: PORTFOLIO.iter().map(|(key, label, unit)| field(key, label, *unit)).collect() }
}

/// Returns whether a field is a fact, which no table has a column of.
#[must_use]
pub(crate) fn is_fact(key: &str) -> bool {
    Fact::from_key(key).is_some() || PORTFOLIO.iter().any(|(known, ..)| *known == key)
}

fn field(key: &str, label: &str, unit: Unit) -> Field {
    let kind = match unit {
        Unit::Percent | Unit::Points => FieldType::Percent,
        Unit::YesNo => FieldType::Bool,
        Unit::Money => FieldType::Money,
        _ => FieldType::Number,
    };
    Field::new(key, label, kind, &[]).computed()
}

/// The facts of one account at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    values: [Option<f64>; Fact::ALL.len()],
    anchors: [Option<Timestamp>; Fact::ALL.len()],
}

impl Default for Facts {
    fn default() -> Self {
        Self { values: [None; Fact::ALL.len()], anchors: [None; Fact::ALL.len()] }
    }
}

impl Facts {
    /// Returns a fact; yes and no are 1 and 0.
    #[must_use]
    pub fn get(&self, fact: Fact) -> Option<f64> {
        self.values[fact as usize]
    }

    /// Sets a fact.
    pub fn set(&mut self, fact: Fact, value: impl Into<Option<f64>>) {
        self.values[fact as usize] = value.into().filter(|value| value.is_finite());
    }

    /// Returns the moment that a fact of the clock counts from or to.
    #[must_use]
    pub fn anchor(&self, fact: Fact) -> Option<Timestamp> {
        self.anchors[fact as usize]
    }

    /// Sets a fact of the clock by the moment that it counts from or to.
    pub fn count(&mut self, fact: Fact, anchor: Option<Timestamp>, now: Timestamp) {
        self.anchors[fact as usize] = anchor;
        self.values[fact as usize] = anchor.map(|anchor| match fact.pace() {
            Pace::Down => anchor.days_since(now) as f64,
            _ => now.days_since(anchor).max(0) as f64,
        });
    }

    /// Brings the facts of the clock to another moment.
    pub fn at(&mut self, now: Timestamp) {
        for fact in Fact::ALL {
            if let Some(anchor) = self.anchors[fact as usize] {
                self.count(fact, Some(anchor), now);
            }
        }
    }

    /// Returns the moment at which a fact of the clock becomes this number or passes it; none for other facts.
    #[must_use]
    pub fn reaches(&self, fact: Fact, number: f64) -> Option<Timestamp> {
        let anchor = self.anchor(fact)?;
        let days = (number.floor() as i64).clamp(-40_000, 40_000);
        match fact.pace() {
            Pace::Up => Some(anchor.plus_days(days)),
            // A day is over a moment after it has come: 30 days are left until there are less than 30.
            Pace::Down => Some(Timestamp(anchor.plus_days(-days).0 - DAY_MS + 1)),
            Pace::Still => None,
        }
    }
}
