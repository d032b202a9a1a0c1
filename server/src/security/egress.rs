//! Where we may connect: settings name a directory's host, and who joins names a PSA's, and a host
//! that somebody typed must not become a way into the service's own network.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use url::{Host, Url};

/// The operator's rules.
#[derive(Clone, Debug)]
pub struct Egress {
    /// Networks that may be reached although they are not public.
    pub allowed_networks: Vec<IpNet>,
    /// Ports that may be reached.
    pub allowed_ports: Vec<u16>,
}

/// An address that a name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The address.
    pub address: IpAddr,
    /// Whether it may be connected to.
    pub allowed: bool,
}

/// LDAP, LDAPS and the two ports of the global catalogue.
pub const DIRECTORY_PORTS: [u16; 4] = [389, 636, 3268, 3269];

/// Why a connection is not made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The name has no address.
    #[error("{0} has no address in DNS")]
    NameNotFound(String),
    /// The operator does not allow the port.
    #[error("port {0} is not one that this service may connect to")]
    Port(u16),
    /// An address of the name is in a network that the operator does not allow.
    #[error("{host} is at an address that this service may not connect to")]
    Address {
        /// The name.
        host: String,
    },
}

impl Egress {
    /// Looks `host` up once and checks every address; the connection must then go to the address
    /// that is returned, without a second look-up in between.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<SocketAddr, EgressError> {
        self.port(port)?;
        let found = self.look_up(host).await?;
        self.choose(host, &found, port)
    }

    /// The addresses of `host`, all of them allowed, with port 0.
    pub async fn addresses(&self, host: &str) -> Result<Vec<SocketAddr>, EgressError> {
        let found = self.look_up(host).await?;
        all_allowed(host, &found)?;
        Ok(found.into_iter().map(|found| SocketAddr::new(found.address, 0)).collect())
    }

    /// The addresses of `host`, at least one, each with whether it may be connected to.
    pub async fn look_up(&self, host: &str) -> Result<Vec<Found>, EgressError> {
        let not_found = || EgressError::NameNotFound(host.to_owned());
        let lookup =
            tokio::time::timeout(std::time::Duration::from_secs(10), tokio::net::lookup_host((host, 0)));
        let found = lookup.await.map_err(|_| not_found())?.map_err(|_| not_found())?;
        let found: Vec<Found> = found
            .map(|address| Found { address: address.ip(), allowed: self.allows(address.ip()) })
            .collect();
        if found.is_empty() { Err(not_found()) } else { Ok(found) }
    }

    /// The one of these addresses to connect to, if all of them and the port are allowed.
    pub fn choose(&self, host: &str, found: &[Found], port: u16) -> Result<SocketAddr, EgressError> {
        self.port(port)?;
        all_allowed(host, found)?;
        let first = found.first().ok_or_else(|| EgressError::NameNotFound(host.to_owned()))?;
        Ok(SocketAddr::new(first.address, port))
    }

    /// What can be said of a web address without looking its name up: the port, and an address that
    /// stands in it in numbers.
    pub fn check(&self, url: &Url) -> Result<(), EgressError> {
        self.port(url.port_or_known_default().unwrap_or_default())?;
        let numbers = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
            _ => None,
        };
        match numbers {
            Some(address) if !self.allows(address) => Err(EgressError::Address { host: address.to_string() }),
            _ => Ok(()),
        }
    }

    fn port(&self, port: u16) -> Result<(), EgressError> {
        if self.allowed_ports.contains(&port) { Ok(()) } else { Err(EgressError::Port(port)) }
    }

    fn allows(&self, address: IpAddr) -> bool {
        let address = canonical(address);
        is_public(address) || self.allowed_networks.iter().any(|network| network.contains(&address))
    }
}

/// One bad address among good ones is how a rebinding answer looks.
fn all_allowed(host: &str, found: &[Found]) -> Result<(), EgressError> {
    if found.iter().all(|found| found.allowed) {
        Ok(())
    } else {
        Err(EgressError::Address { host: host.to_owned() })
    }
}

/// IPv4 inside IPv6 (mapped, 6to4, NAT64) is judged as the IPv4 address that it reaches.
fn canonical(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let bytes = v6.octets();
    let v4 = |at: usize| IpAddr::from([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => v4(12),
        [0x2002, ..] => v4(2),
        _ => address,
    }
}

/// Not private, loopback, link-local, shared, multicast, reserved or for documentation
/// (RFC 6890 and its registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || a == 0
                || a >= 224
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (b == 18 || b == 19))
                || (a, b, c) == (192, 0, 0))
        }
        // Only global unicast, without the documentation and special-purpose blocks at its start.
        IpAddr::V6(v6) => {
            let [a, b, ..] = v6.segments();
            (a & 0xe000) == 0x2000 && !(a == 0x2001 && (b < 0x200 || b == 0x0db8)) && a != 0x3fff
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s8_only_public_addresses_unless_the_operator_says_otherwise() {
        let strict = Egress { allowed_networks: vec![], allowed_ports: DIRECTORY_PORTS.to_vec() };
        for text in ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"] {
            assert!(strict.allows(text.parse().unwrap()), "{text}");
        }
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!strict.allows(text.parse().unwrap()), "{text}");
        }
        let office = Egress { allowed_networks: vec!["10.20.0.0/16".parse().unwrap()], ..strict };
        assert!(office.allows("10.20.1.1".parse().unwrap()));
        assert!(!office.allows("10.21.1.1".parse().unwrap()));
    }

    #[test]
    fn s8_a_psa_at_a_private_address_or_a_strange_port_is_not_asked() {
        let egress = Egress { allowed_networks: vec![], allowed_ports: vec![443] };
        let check = |text: &str| egress.check(&Url::parse(text).unwrap());
        assert_eq!(check("https://na.myconnectwise.net/x"), Ok(()));
        assert_eq!(check("https://93.184.216.34/x"), Ok(()));
        assert_eq!(check("https://na.myconnectwise.net:8443/"), Err(EgressError::Port(8443)));
        for text in ["https://10.0.0.1/", "https://169.254.169.254/", "https://[::1]/", "https://2130706433/"]
        {
            assert!(matches!(check(text), Err(EgressError::Address { .. })), "{text}");
        }
    }

    #[tokio::test]
    async fn s8_ports_are_named_one_by_one() {
        let egress = Egress { allowed_networks: vec![], allowed_ports: DIRECTORY_PORTS.to_vec() };
        assert_eq!(egress.resolve("127.0.0.1", 22).await, Err(EgressError::Port(22)));
        assert!(matches!(egress.resolve("127.0.0.1", 636).await, Err(EgressError::Address { .. })));
    }
}
