//! From a host's name to its addresses.

use std::collections::HashMap;
use std::net::IpAddr;

use domain::signals::trouble::Trouble;
use url::Host;

/// Most addresses of one name that are looked at.
const ADDRESSES_MAX: usize = 16;

/// Who knows the addresses of names.
#[derive(Clone, Debug, Default)]
pub enum Names {
    /// The machine's own resolver.
    #[default]
    System,
    /// A list, for tests.
    Listed(HashMap<String, Vec<IpAddr>>),
}

impl Names {
    /// Returns all addresses of a host.
    pub(super) async fn resolve(&self, host: &Host<String>) -> Result<Vec<IpAddr>, Trouble> {
        let name = match host {
            Host::Ipv4(address) => return Ok(vec![IpAddr::V4(*address)]),
            Host::Ipv6(address) => return Ok(vec![IpAddr::V6(*address)]),
            Host::Domain(name) => name,
        };
        let addresses: Vec<IpAddr> = match self {
            Self::System => {
                let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Trouble::NoName)?;
                found.map(|address| address.ip()).take(ADDRESSES_MAX).collect()
            }
            Self::Listed(listed) => listed.get(name).cloned().unwrap_or_default(),
        };
        if addresses.is_empty() { Err(Trouble::NoName) } else { Ok(addresses) }
    }
}
