//! Which hosts may be asked: those the settings name, and no address inside unless it is meant.
//!
//! A center names its endpoints itself, so without this whoever writes one could reach whatever the
//! machine can reach. The address is judged where the connection is made: a name that leads elsewhere
//! the second time it is looked up leads nowhere.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

/// The hosts that the settings allow.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    patterns: Arc<[String]>,
}

/// How far a host is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// Named in full: any address, and plain `http` too.
    Named,
    /// One of many: public addresses only, over `https`.
    Public,
    /// Not at all.
    None,
}

impl Hosts {
    /// Takes names, `*.example.org` for all below one, `*` for all.
    pub(super) fn new(patterns: &[String]) -> Self {
        Self { patterns: patterns.iter().map(|pattern| pattern.to_ascii_lowercase()).collect() }
    }

    /// Says whether an address may be asked at all, before any name is looked up.
    pub(super) fn allow(&self, uri: &Uri) -> bool {
        let Some(host) = uri.host() else { return false };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match self.trust(bare) {
            Trust::Named => true,
            Trust::Public => {
                let inside = bare.parse().is_ok_and(|address| !is_public(address));
                uri.scheme_str() == Some("https") && !inside
            }
            Trust::None => false,
        }
    }

    fn trust(&self, host: &str) -> Trust {
        let host = host.to_ascii_lowercase();
        if self.patterns.contains(&host) {
            return Trust::Named;
        }
        let covers = |pattern: &String| match pattern.strip_prefix('*') {
            Some("") => true,
            Some(below) => below.starts_with('.') && host.ends_with(below),
            None => false,
        };
        if self.patterns.iter().any(covers) { Trust::Public } else { Trust::None }
    }

    async fn resolve(self, name: Name) -> io::Result<std::vec::IntoIter<SocketAddr>> {
        let trust = self.trust(name.as_str());
        let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
        let usable: Vec<SocketAddr> = found
            .filter(|address| match trust {
                Trust::Named => true,
                Trust::Public => is_public(address.ip()),
                Trust::None => false,
            })
            .collect();
        if usable.is_empty() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "no address it may use"));
        }
        Ok(usable.into_iter())
    }
}

// Looks names up for the connector.
impl Service<Name> for Hosts {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(self.clone().resolve(name))
    }
}

/// Says whether an address belongs to the public network.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = a == 192 && b == 0 && c == 0;
    let is_benchmark = a == 198 && (18..20).contains(&b);
    let is_reserved = a == 0 || a >= 224;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || is_shared
        || is_protocol
        || is_benchmark
        || is_reserved)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Only 2000::/3 is given out; what wraps an IPv4 address or is for examples is not trusted.
    let is_given_out = first & 0xe000 == 0x2000;
    let is_wrapped = first == 0x2002 || (first == 0x2001 && second == 0);
    let is_example = first == 0x2001 && second == 0x0db8;
    is_given_out && !is_wrapped && !is_example
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(patterns: &[&str], uri: &str) -> bool {
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        Hosts::new(&patterns).allow(&uri.parse().expect("an address"))
    }

    #[test]
    fn only_hosts_of_the_settings_are_asked() {
        assert!(allowed(&["shop.example"], "https://SHOP.example/orders"));
        assert!(allowed(&["*.example"], "https://shop.example/"));
        assert!(allowed(&["*"], "https://shop.example/"));
        for pattern in ["example", "other.example", "*hop.example", "*.shop.example"] {
            assert!(!allowed(&[pattern], "https://shop.example/"), "{pattern}");
        }
        assert!(!allowed(&[], "https://shop.example/"));
    }

    #[test]
    fn plain_http_and_addresses_inside_need_a_host_named_in_full() {
        let inside = ["127.0.0.1", "10.0.0.5", "169.254.169.254", "[::1]", "[fd00::1]", "0.0.0.0"];
        for host in inside {
            assert!(!allowed(&["*"], &format!("https://{host}/")), "{host}");
        }
        assert!(!allowed(&["*"], "http://shop.example/"));
        assert!(allowed(&["shop.example"], "http://shop.example/"));
        assert!(allowed(&["10.0.0.5"], "http://10.0.0.5:8080/"));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_leads_nowhere_unless_it_is_named() {
        let resolve = async |pattern: &str| {
            let name = "localhost".parse().expect("a name");
            Hosts::new(&[pattern.to_owned()]).resolve(name).await.is_ok()
        };

        assert!(!resolve("*").await);
        assert!(resolve("localhost").await);
    }

    #[test]
    fn addresses_that_wrap_others_or_are_set_apart_are_not_public() {
        let apart = ["::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001::1", "2001:db8::1"];
        let apart = apart.into_iter().chain(["100.64.0.1", "198.18.0.1", "192.0.0.8", "240.0.0.1"]);
        for address in apart {
            assert!(!is_public(address.parse().expect("an address")), "{address}");
        }
        for address in ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"] {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
    }
}
