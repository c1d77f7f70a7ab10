//! Who asks: the address of the peer, or what a proxy that is trusted says of whom it asks for.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use anyhow::{Context, bail};
use axum::extract::ConnectInfo;
use http::request::Parts;

/// The header in which proxies add whom they were asked by.
const FORWARDED: &str = "x-forwarded-for";

/// Addresses that begin alike, such as `10.0.0.0/8`, or a single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl FromStr for Network {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().with_context(|| format!("“{text}” is not a network address"))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.trim().parse().with_context(|| format!("“{text}” is not a network address"))?,
            None => most,
        };
        if bits > most {
            bail!("“{text}” is not a network address: there are at most {most} bits");
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    /// Reads a list of networks that are separated by commas.
    pub fn list(text: &str) -> anyhow::Result<Vec<Self>> {
        text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::parse).collect()
    }

    fn contains(self, other: IpAddr) -> bool {
        let shared = match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (u32::from(own) ^ u32::from(other)).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(other)) => (u128::from(own) ^ u128::from(other)).leading_zeros(),
            _ => return false,
        };
        shared >= u32::from(self.bits)
    }
}

/// Returns the address that a request comes from.
///
/// Only a trusted peer is believed what it says. Each proxy adds its own peer at the right end, so that what stands left
/// of the first address that is nobody's we trust was written by a stranger and is not looked at.
pub fn address(parts: &Parts, trusted: &[Network]) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer;
    if !is_trusted(client) {
        return Some(client);
    }
    let lines: Vec<&str> = parts.headers.get_all(FORWARDED).iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = hop_address(hop.trim()) else { break };
        client = address;
        if !is_trusted(client) {
            break;
        }
    }
    Some(client)
}

/// Reads an address, which some proxies write with a port.
fn hop_address(text: &str) -> Option<IpAddr> {
    let plain = text.parse::<IpAddr>().ok();
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    plain.or_else(bracketed).or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(trusted: &str, peer: &str, headers: &[&str]) -> String {
        let mut request = http::Request::builder();
        for line in headers {
            request = request.header(FORWARDED, *line);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4_711)));
        address(&parts, &Network::list(trusted).unwrap()).unwrap().to_string()
    }

    #[test]
    fn only_a_trusted_peer_is_believed_and_only_what_it_and_its_like_have_added() {
        for (trusted, peer, headers, expected) in [
            ("", "192.0.2.7", &["203.0.113.5"][..], "192.0.2.7"),
            ("10.0.0.0/8", "192.0.2.7", &["203.0.113.5"], "192.0.2.7"),
            ("10.0.0.0/8", "10.1.2.3", &["203.0.113.5"], "203.0.113.5"),
            ("10.0.0.0/8", "10.1.2.3", &[], "10.1.2.3"),
            ("10.0.0.0/8", "10.1.2.3", &["1.1.1.1, 203.0.113.5, 10.9.9.9"], "203.0.113.5"),
            ("10.0.0.0/8", "10.1.2.3", &["1.1.1.1", "203.0.113.5"], "203.0.113.5"),
            ("10.0.0.0/8", "10.1.2.3", &["10.0.0.9, 10.0.0.8"], "10.0.0.9"),
            ("10.0.0.0/8", "10.1.2.3", &["203.0.113.5, unknown, 10.0.0.8"], "10.0.0.8"),
            ("10.0.0.0/8", "10.1.2.3", &["203.0.113.5:1234"], "203.0.113.5"),
            ("::1, 127.0.0.1", "::1", &["[2001:db8::5]"], "2001:db8::5"),
            ("127.0.0.1", "::ffff:127.0.0.1", &["2001:db8::5"], "2001:db8::5"),
            ("2001:db8::/32", "2001:db8:1::1", &["::ffff:203.0.113.5"], "203.0.113.5"),
            ("0.0.0.0/0", "192.0.2.7", &["203.0.113.5"], "203.0.113.5"),
        ] {
            assert_eq!(seen(trusted, peer, headers), expected, "{trusted} {peer} {headers:?}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["10.0.0", "10.0.0.0/33", "::/129", "proxy.example.com", "10.0.0.0/x", "10.0.0.0/-1"] {
            assert!(Network::list(text).is_err(), "{text}");
        }
        assert_eq!(Network::list(" , ").unwrap(), []);
    }
}
