//! What links may be, and how long.

use uuid::Uuid;

use super::*;

fn draft() -> ShareDraft {
    ShareDraft {
        name: "Accounts by band".into(),
        shown: Shown::Report { spec: Spec::default() },
        live: false,
        download: false,
        password: String::new(),
        days: DAYS,
    }
}

#[test]
fn a_link_needs_a_name_an_end_and_a_password_worth_the_name() {
    assert_eq!(draft().check(), Ok(()));
    let fits: [(&str, ShareDraft); 3] = [
        ("a day", ShareDraft { days: 1, ..draft() }),
        ("a year", ShareDraft { days: DAYS_MAX, ..draft() }),
        ("a password", ShareDraft { password: "lantern8".into(), ..draft() }),
    ];
    for (what, draft) in fits {
        assert_eq!(draft.check(), Ok(()), "{what}");
    }
    let wrong: [(&str, ShareDraft); 5] = [
        ("name", ShareDraft { name: " ".into(), ..draft() }),
        ("days", ShareDraft { days: 0, ..draft() }),
        ("days", ShareDraft { days: DAYS_MAX + 1, ..draft() }),
        ("password", ShareDraft { password: "seven77".into(), ..draft() }),
        ("password", ShareDraft { password: "x".repeat(PASSWORD_CHARS_MAX + 1), ..draft() }),
    ];
    for (field, draft) in wrong {
        let Err(Refusal::Invalid(errors)) = draft.check() else { panic!("{field}: {draft:?}") };
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [field]);
    }
}

#[test]
fn a_link_works_until_its_last_moment_and_not_once_it_was_ended() {
    let id = Uuid::nil();
    let now = Timestamp(1_000);
    let share = Share {
        id: ShareId(id),
        version: 1,
        name: "Accounts".into(),
        shown: Shown::Account { account_id: AccountId(id) },
        live: true,
        download: false,
        locked: false,
        owner_id: UserId(id),
        expires_at: now,
        revoked_at: None,
        revoked_by: None,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    };
    assert_eq!(share.state(Timestamp(now.0 - 1)), State::Active);
    assert_eq!(share.state(now), State::Expired);
    let ended = Share { revoked_at: Some(Timestamp(1)), ..share };
    assert_eq!(ended.state(Timestamp(2)), State::Revoked);
    assert_eq!(ended.state(now), State::Revoked, "what was ended is not said to have expired");
}

#[test]
fn an_address_is_kept_only_as_its_neighbourhood() {
    for (address, kept) in [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:12:34::99", "2001:db8:12::/48"),
        ("::1", "0:0:0::/48"),
    ] {
        assert_eq!(network(address.parse().unwrap()), kept);
    }
}

#[test]
fn outcomes_are_read_back() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::from_key(outcome.key()), Some(outcome));
    }
    assert_eq!(Outcome::from_key("seen"), None);
}
