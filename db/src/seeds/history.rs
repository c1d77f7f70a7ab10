//! The states that everything went through: what the change log would hold had Keepwell been there all along.
//!
//! A state is the whole of a subject as it became at a moment. The account's own are told in `account`; those of
//! tickets, invoices and contacts follow from their dates.

mod account;
mod judgement;
#[cfg(test)]
mod tests;

use domain::contacts::Contact;
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::time::Timestamp;

pub(super) use account::tell;

/// The states of one subject, each with the moment at which it came about, oldest first; the last is the present one.
pub type States<T> = Vec<(Timestamp, T)>;

/// Returns the states of a ticket: opened, escalated, resolved.
#[must_use]
pub fn of_ticket(ticket: &Ticket) -> States<Ticket> {
    let opened = Ticket { escalated_at: None, resolved_at: None, satisfaction: None, ..ticket.clone() };
    let mut states = vec![(ticket.opened_at, opened.clone())];
    if let Some(at) = ticket.escalated_at {
        push(&mut states, at, Ticket { escalated_at: Some(at), ..opened });
    }
    if let Some(at) = ticket.resolved_at {
        push(&mut states, at, ticket.clone());
    }
    states
}

/// Returns the states of an invoice: issued, failed, paid.
#[must_use]
pub fn of_invoice(invoice: &Invoice) -> States<Invoice> {
    let issued = Invoice { failed_at: None, paid_at: None, ..invoice.clone() };
    let mut states = vec![(invoice.issued_at, issued.clone())];
    if let Some(at) = invoice.failed_at {
        push(&mut states, at, Invoice { failed_at: Some(at), ..issued });
    }
    if let Some(at) = invoice.paid_at {
        push(&mut states, at, invoice.clone());
    }
    states
}

/// Returns the states of a contact: joined, in touch, left. The champion is in touch whenever something happens,
/// the others are remembered with their last time.
#[must_use]
pub fn of_contact(contact: &Contact, is_champion: bool, happened: &[Timestamp]) -> States<Contact> {
    let mut state = Contact { last_touch_at: None, left_at: None, ..contact.clone() };
    // What somebody feels is known once they have been talked to.
    state.sentiment = contact.sentiment.filter(|_| contact.last_touch_at.is_none());
    let mut states = vec![(contact.created_at, state.clone())];
    if let Some(last) = contact.last_touch_at {
        let mut touches: Vec<Timestamp> =
            happened.iter().copied().filter(|at| is_champion && *at > contact.created_at && *at < last).collect();
        touches.push(last);
        touches.sort_unstable();
        touches.dedup();
        for at in touches {
            (state.last_touch_at, state.sentiment) = (Some(at), contact.sentiment);
            push(&mut states, at, state.clone());
        }
    }
    if let Some(at) = contact.left_at {
        state.left_at = Some(at);
        push(&mut states, at, state);
    }
    states
}

/// Adds a state; one that came about at the same moment as the last takes its place.
fn push<T>(states: &mut States<T>, at: Timestamp, state: T) {
    match states.last_mut() {
        Some(last) if last.0 >= at => last.1 = state,
        _ => states.push((at, state)),
    }
}
