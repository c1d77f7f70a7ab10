//! Slows down guessing: how often an address on the network, and how often an account, may try to sign in.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use domain::refusal::Refusal;
use domain::time::Timestamp;

/// Tries a network address has at once.
const IP_BURST: i64 = 5;
/// How long a network address waits for each further try.
const IP_STEP_MS: i64 = 20_000;
/// Tries an account has at once, from wherever they come.
const ACCOUNT_BURST: i64 = 20;
/// How long an account waits for each further try.
const ACCOUNT_STEP_MS: i64 = 30_000;
/// Most buckets kept, so that a flood of addresses cannot fill the memory.
const BUCKETS_MAX: usize = 10_000;
/// As much of an account's name as tells it apart, so that a bucket stays small.
const ACCOUNT_CHARS_MAX: usize = 254;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Ip(IpAddr),
    Account(String),
}

impl Key {
    fn burst(&self) -> i64 {
        match self {
            Self::Ip(_) => IP_BURST,
            Self::Account(_) => ACCOUNT_BURST,
        }
    }

    fn step(&self) -> i64 {
        match self {
            Self::Ip(_) => IP_STEP_MS,
            Self::Account(_) => ACCOUNT_STEP_MS,
        }
    }
}

/// Counts tries in token buckets; clones count together.
///
/// A bucket is kept as the moment at which it will be full again.
#[derive(Clone, Debug, Default)]
pub struct Limiter {
    full_at: Arc<Mutex<HashMap<Key, i64>>>,
}

impl Limiter {
    /// Takes one try from the network address and one from the account, or says how long to wait.
    pub fn take(&self, ip: IpAddr, account: &str, now: Timestamp) -> Result<(), Refusal> {
        let keys = keys(ip, account);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = keys.iter().map(|key| wait_ms(key, full_at.get(key).copied(), now)).max().unwrap_or_default();
        if wait > 0 {
            return Err(Refusal::TooMany(u32::try_from((wait + 999) / 1_000).unwrap_or(u32::MAX)));
        }
        for key in keys {
            make_room(&mut full_at, &key, now);
            let step = key.step();
            let until = full_at.entry(key).or_insert(now.0);
            *until = (*until).max(now.0) + step;
        }
        Ok(())
    }

    /// Gives back what [`Self::take`] took: a try that succeeded was no guess.
    pub fn give_back(&self, ip: IpAddr, account: &str) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(ip, account) {
            if let Some(until) = full_at.get_mut(&key) {
                *until -= key.step();
            }
        }
    }
}

fn keys(ip: IpAddr, account: &str) -> [Key; 2] {
    let account = account.trim().to_lowercase().chars().take(ACCOUNT_CHARS_MAX).collect();
    [Key::Ip(network(ip)), Key::Account(account)]
}

/// Returns the address that counts: a household or server has a whole /64 of IPv6 to itself.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64)),
        four @ IpAddr::V4(_) => four,
    }
}

fn wait_ms(key: &Key, full_at: Option<i64>, now: Timestamp) -> i64 {
    let spare = (key.burst() - 1) * key.step();
    full_at.map_or(0, |full_at| (full_at - spare - now.0).max(0))
}

/// Forgets buckets that are full again, and if that is not enough the one that is nearest to it.
fn make_room(full_at: &mut HashMap<Key, i64>, key: &Key, now: Timestamp) {
    if full_at.len() < BUCKETS_MAX || full_at.contains_key(key) {
        return;
    }
    full_at.retain(|_, until| *until > now.0);
    if full_at.len() >= BUCKETS_MAX
        && let Some(soonest) = full_at.iter().min_by_key(|(_, until)| **until).map(|(key, _)| key.clone())
    {
        full_at.remove(&soonest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn the_sixth_guess_waits_and_time_gives_tries_back() {
        let (limiter, now) = (Limiter::default(), Timestamp(1_000_000));
        for _ in 0..5 {
            limiter.take(ip(1), "maya@example.com", now).unwrap();
        }
        assert_eq!(limiter.take(ip(1), "maya@example.com", now), Err(Refusal::TooMany(20)));
        assert_eq!(limiter.take(ip(1), "other@example.com", Timestamp(now.0 + 5_001)), Err(Refusal::TooMany(15)));
        limiter.take(ip(2), "maya@example.com", now).unwrap();
        limiter.take(ip(1), "maya@example.com", Timestamp(now.0 + 20_000)).unwrap();
        assert!(limiter.take(ip(1), "maya@example.com", Timestamp(now.0 + 20_000)).is_err());
    }

    #[test]
    fn an_account_is_guarded_from_many_addresses() {
        let (limiter, now) = (Limiter::default(), Timestamp(0));
        for last in 0..20 {
            limiter.take(ip(last), " Maya@Example.com", now).unwrap();
        }
        assert_eq!(limiter.take(ip(99), "maya@example.com", now), Err(Refusal::TooMany(30)));
        limiter.take(ip(99), "ada@example.com", now).unwrap();
    }

    #[test]
    fn a_refused_try_costs_nothing_and_a_good_one_is_given_back() {
        let (limiter, now) = (Limiter::default(), Timestamp(0));
        for _ in 0..50 {
            limiter.take(ip(1), "maya@example.com", now).unwrap();
            limiter.give_back(ip(1), "maya@example.com");
        }
        for _ in 0..5 {
            limiter.take(ip(1), "maya@example.com", now).unwrap();
        }
        for _ in 0..50 {
            assert_eq!(limiter.take(ip(1), "maya@example.com", now), Err(Refusal::TooMany(20)));
        }
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_together() {
        let (limiter, now) = (Limiter::default(), Timestamp(0));
        for host in 0..5u16 {
            limiter.take(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, host]), "a", now).unwrap();
        }
        assert!(limiter.take(IpAddr::from([0x2001, 0xdb8, 0, 1, 9, 9, 9, 9]), "a", now).is_err());
        limiter.take(IpAddr::from([0x2001, 0xdb8, 0, 2, 0, 0, 0, 1]), "a", now).unwrap();
    }

    #[test]
    fn the_number_of_buckets_is_bounded() {
        let (limiter, now) = (Limiter::default(), Timestamp(0));
        for number in 0..(BUCKETS_MAX as u32) {
            limiter.take(IpAddr::from(number.to_be_bytes()), &number.to_string(), now).unwrap();
        }
        assert!(limiter.full_at.lock().unwrap().len() <= BUCKETS_MAX);
    }
}
