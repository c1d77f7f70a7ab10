//! Invoices: what was billed, what was paid and what was not.

use domain::id::InvoiceId;
use domain::revenue::{Invoice, InvoiceLine};

use super::Volume;
use super::accounts::Outline;
use super::plots::{Plot, Standing};
use super::random::{Part, Random};
use super::usage::HISTORY_DAYS;

/// How long customers have to pay.
const TERM_DAYS: i64 = 30;
/// Days of a billing month.
const MONTH_DAYS: i64 = 30;

/// Tells the invoices, newest first.
pub(super) fn tell(outline: &Outline) -> Vec<Invoice> {
    let mut random = outline.random(Part::Revenue);
    let months = months_billed(outline);
    let most = if outline.volume == Volume::Light { 4 } else { 25 };
    let last = match outline.plot {
        Plot::Churned => outline.turn_days + random.between(5, 25),
        _ => random.between(2, MONTH_DAYS * months.min(3)),
    };
    let mut invoices = Vec::new();
    let mut days_ago = last.min(outline.age_days);
    while days_ago <= outline.age_days.min(HISTORY_DAYS) && invoices.len() < most {
        let left = invoices.len();
        invoices.push(invoice(outline, &mut random, left, days_ago, months));
        days_ago += MONTH_DAYS * months;
    }
    invoices
}

/// Returns how many months an invoice covers.
fn months_billed(outline: &Outline) -> i64 {
    // Payment trouble shows only where there is something to pay every month.
    if matches!(outline.plot, Plot::PaymentTrouble | Plot::Onboarding) { 1 } else { [12, 3, 1][outline.tier] }
}

fn invoice(outline: &Outline, random: &mut Random, place: usize, days_ago: i64, months: i64) -> Invoice {
    let issued_at = outline.moment(random, days_ago);
    let amount_minor = amount(outline, days_ago, months);
    let due_at = issued_at.plus_days(TERM_DAYS);
    let unpaid = is_unpaid(outline, place);
    // Somebody in payment trouble also paid late before.
    let slack = if outline.plot == Plot::PaymentTrouble { 24 } else { 0 };
    let paid_days = days_ago - random.between(3, 26) - slack;
    let paid_at = (!unpaid && paid_days >= 1).then(|| outline.moment(random, paid_days));
    let failed_days = days_ago - random.between(1, 3);
    let failed_at = (unpaid && failed_days >= 1).then(|| outline.moment(random, failed_days));
    Invoice {
        id: InvoiceId(random.id(issued_at)),
        version: 1,
        account_id: outline.id,
        external_id: Some(format!("INV-{}-{:02}", 100_001 + u64::from(outline.number), place + 1)),
        product: Some(PLANS[outline.tier].to_owned()),
        currency: outline.currency,
        amount_minor,
        issued_at,
        due_at: Some(due_at),
        paid_at,
        failed_at,
        lines: lines(outline, amount_minor, days_ago),
        created_at: issued_at,
        updated_at: paid_at.or(failed_at).unwrap_or(issued_at),
    }
}

/// Returns true for the newest invoices of an account in payment trouble, and the last one of a bad farewell.
fn is_unpaid(outline: &Outline, place: usize) -> bool {
    let unpaid = match outline.standing {
        Standing::Healthy | Standing::Watch => 2,
        Standing::AtRisk => 3,
        Standing::Critical => 4,
    };
    match outline.plot {
        Plot::PaymentTrouble => place < unpaid,
        Plot::Churned => place == 0 && outline.number % 3 == 1,
        _ => false,
    }
}

/// Returns the amount of an invoice in minor units; those of this year add up to ARR.
fn amount(outline: &Outline, days_ago: i64, months: i64) -> i64 {
    outline.arr_minor / 12 * months * outline.arr_percent(days_ago) / 100
}

fn lines(outline: &Outline, amount_minor: i64, days_ago: i64) -> Vec<InvoiceLine> {
    let licence = |quantity: i64, amount_minor: i64| InvoiceLine {
        product: format!("{} licence", PLANS[outline.tier]),
        quantity: quantity as f64,
        amount_minor,
    };
    let seats = outline.seats;
    if outline.tier == 2 || outline.volume == Volume::Light {
        return vec![licence(seats, amount_minor)];
    }
    let extra = amount_minor / 8;
    let product = if days_ago > 365 { "Onboarding and training" } else { "Premium support" };
    vec![
        licence(seats, amount_minor - extra),
        InvoiceLine { product: product.to_owned(), quantity: 1.0, amount_minor: extra },
    ]
}

const PLANS: [&str; 3] = ["Enterprise", "Professional", "Essentials"];
