//! Where a request may go: judged by the address that is connected to, not by the name that leads there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::Context;
use domain::signals::trouble::Trouble;
use url::{Host, Url};

/// Longest address, in bytes.
const URL_BYTES_MAX: usize = 4_096;
/// Ports that public addresses are reached on.
const PORTS: [u16; 2] = [80, 443];

/// Private networks that the operator lets requests into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    networks: Vec<Network>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
    /// The one port besides 80 and 443.
    port: Option<u16>,
}

impl Allow {
    /// Reads a list such as `10.1.0.0/16, 127.0.0.1:8080, [::1]:8443`.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let networks = entries.map(|entry| network(entry).with_context(|| {
            format!("KEEPWELL_EGRESS_ALLOW has “{entry}”. Write addresses or networks, such as 10.1.0.0/16 or 127.0.0.1:8080.")
        }));
        Ok(Self { networks: networks.collect::<anyhow::Result<_>>()? })
    }

    /// Returns whether nothing private is allowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }

    fn permits(&self, address: IpAddr, port: u16) -> bool {
        self.networks
            .iter()
            .any(|network| network.holds(address) && (PORTS.contains(&port) || network.port == Some(port)))
    }
}

fn network(entry: &str) -> anyhow::Result<Network> {
    let (network, port) = match entry.rsplit_once(':') {
        // An address of IPv6 has colons of its own, unless it stands in brackets.
        Some((network, port)) if !network.contains(':') || network.contains(']') => (network, Some(port.parse()?)),
        _ => (entry, None),
    };
    let (address, bits) = network.split_once('/').map_or((network, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.trim_start_matches('[').trim_end_matches(']').parse()?;
    let whole = if address.is_ipv4() { 32 } else { 128 };
    let bits: u8 = bits.map_or(Ok(whole), str::parse)?;
    anyhow::ensure!(bits <= whole, "a network has at most {whole} bits");
    Ok(Network { address, bits, port })
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                within(u128::from(network.to_bits()), u128::from(address.to_bits()), 32 - u32::from(self.bits))
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                within(network.to_bits(), address.to_bits(), 128 - u32::from(self.bits))
            }
            _ => false,
        }
    }
}

fn within(network: u128, address: u128, free_bits: u32) -> bool {
    network.checked_shr(free_bits).unwrap_or(0) == address.checked_shr(free_bits).unwrap_or(0)
}

/// Where one request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub url: Url,
    /// The name, or the address as it is written.
    pub host: Host<String>,
    pub port: u16,
    pub is_tls: bool,
}

/// Returns where an address leads, or refuses one that is not written in its plain form.
pub(super) fn target(text: &str) -> Result<Target, Trouble> {
    let refused = Trouble::Unreachable;
    if text.len() > URL_BYTES_MAX || text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(refused);
    }
    let url = Url::parse(text).map_err(|_| refused)?;
    let is_tls = match url.scheme() {
        "https" => true,
        "http" => false,
        _ => return Err(refused),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused);
    }
    let host = url.host().ok_or(refused)?.to_owned();
    // Parsers disagree about what is not written plainly: 0x7f.1, 2130706433, ①②⑦.0.0.1, names in other scripts.
    if !written_host(text).eq_ignore_ascii_case(url.host_str().unwrap_or_default()) {
        return Err(refused);
    }
    let port = url.port_or_known_default().ok_or(refused)?;
    Ok(Target { url, host, port, is_tls })
}

/// Returns the host as it stands in an address.
fn written_host(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Returns whether a request may be sent to an address and port.
pub(super) fn may_reach(address: IpAddr, port: u16, allow: &Allow) -> bool {
    let address = address.to_canonical();
    (is_public(address) && PORTS.contains(&port)) || allow.permits(address, port)
}

/// Returns whether an address belongs to the open internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation();
    let reserved = match (a, b, c) {
        (0, ..) | (240..=255, ..) => true,
        (100, 64..=127, _) => true, // Between a provider and its customers.
        (192, 0, 0) | (192, 88, 99) => true,
        (198, 18..=19, _) => true, // Benchmarks.
        _ => false,
    };
    !special && !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, ..] = address.segments();
    let reserved = match (a, b) {
        (0xfe80..=0xfebf, _) | (0xfc00..=0xfdff, _) | (0xfec0..=0xfeff, _) => true,
        (0x2001, 0x0db8) | (0x3fff, 0x0000..=0x0fff) => true, // Documentation.
        (0x0100, 0) => (c, d) == (0, 0),
        (0x2002, _) => true,               // An address of IPv4 inside.
        (0x0064, 0xff9b) => true,          // Likewise.
        (0x2001, 0x0000..=0x01ff) => true, // Tunnels and protocols, Teredo among them.
        (0x5f00, _) => true,
        _ => false,
    };
    // What is not mapped is already canonical; everything else below ::/16 is no place to go.
    !(reserved || a == 0 || address.is_multicast() || address.is_loopback() || address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached() {
        for address in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001:db8::1",
            "3fff::1",
            "100::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "5f00::1",
            "2001::1",
            "fec0::1",
        ] {
            assert!(!may_reach(address.parse().unwrap(), 443, &Allow::default()), "{address}");
        }
        for address in
            ["93.184.216.34", "1.1.1.1", "100.63.0.1", "172.32.0.1", "2606:4700::1", "2a00:1450::5", "::ffff:1.1.1.1"]
        {
            assert!(may_reach(address.parse().unwrap(), 443, &Allow::default()), "{address}");
            assert!(!may_reach(address.parse().unwrap(), 22, &Allow::default()), "{address}");
        }
    }

    #[test]
    fn the_operator_may_allow_networks_and_single_ports() {
        let allow = Allow::parse("10.1.0.0/16, 127.0.0.1:8080 ,[::1]:8443, fd00::/8").unwrap();
        let may = |address: &str, port| may_reach(address.parse().unwrap(), port, &allow);
        assert!(may("10.1.2.3", 443) && !may("10.2.0.1", 443) && !may("10.1.2.3", 8080));
        assert!(may("127.0.0.1", 8080) && may("::ffff:127.0.0.1", 8080));
        assert!(!may("127.0.0.1", 8081) && !may("127.0.0.2", 8080));
        assert!(may("::1", 8443) && may("fd01::2", 80) && !may("fe80::1", 80));
        for wrong in ["10.0.0.0/33", "acme.example", "10.0.0.0/8:x", "::1/129"] {
            assert!(Allow::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Allow::parse(" , ").unwrap().is_empty());
    }

    #[test]
    fn an_address_that_is_not_written_plainly_is_refused() {
        for text in [
            "ftp://acme.example/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
            "http://maya@acme.example/",
            "http://maya:pw@acme.example/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://①②⑦.0.0.1/",
            "http://bücher.example/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://acme.example\\@127.0.0.1/",
            "http://acme.example /",
            "http:///",
            "http://ACME.example\t/",
            "//acme.example/",
            "http://127.0.0.1%2f@acme.example/",
        ] {
            assert_eq!(target(text), Err(Trouble::Unreachable), "{text}");
        }
        for text in ["http://acme.example", "https://ACME.example:8443/a?b#c", "http://[::1]:80/", "http://127.0.0.1/"]
        {
            assert!(target(text).is_ok(), "{text}");
        }
    }
}
