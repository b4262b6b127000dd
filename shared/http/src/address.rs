//! Where a request comes from, for limits. Only what no caller can choose counts: the peer of the connection, or what API
//! Gateway found to be its own peer (`requestContext.http.sourceIp`). `X-Forwarded-For` is never read: whoever sends a
//! request can begin that list, and what API Gateway adds to it is the same address. Behind a proxy in front of the
//! gateway all callers share the proxy's.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use lambda_http::request::RequestContext;

/// The address of whoever sends a request; none where there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let gateway = parts.extensions.get::<RequestContext>();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(match gateway {
            Some(context) => told_by(context),
            None => peer.map(|ConnectInfo(peer)| peer.ip().to_canonical()),
        }))
    }
}

fn told_by(context: &RequestContext) -> Option<IpAddr> {
    match context {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_ref()?.parse().ok(),
        _ => None,
    }
}

/// The part of it that stands for one caller: of IPv6 the network, since everybody has billions of addresses in theirs.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(IpAddr::V4(address)) => address.fmt(f),
            Some(IpAddr::V6(address)) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                write!(f, "{}/64", Ipv6Addr::from_bits(network))
            }
            None => f.write_str("nowhere"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_one_caller() {
        let shown = |text: &str| Address(text.parse().ok()).to_string();
        assert_eq!(shown("192.0.2.7"), "192.0.2.7");
        assert_eq!(shown("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(shown("2001:db8:1:2:ffff::"), "2001:db8:1:2::/64");
        assert_eq!(shown("no address"), "nowhere");
    }
}
