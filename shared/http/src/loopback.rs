//! Who may talk to a listener that knows no accounts: this machine, and no page of a foreign site in its browser.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::{Code, Problem};

/// A page elsewhere can make a browser send requests here, directly or by letting its own host name point to this
/// machine. Both show: the first in `Origin`, the second in `Host`.
pub(crate) async fn only_this_machine(request: Request, next: Next) -> Response {
    match foreign(request.headers()) {
        None => next.run(request).await,
        Some(name) => {
            let detail =
                format!("the {name} header names another machine; only this one is served");
            Problem::new(Code::ForeignOrigin, detail).into_response()
        }
    }
}

fn foreign(headers: &HeaderMap) -> Option<&'static str> {
    let names_elsewhere = |name| headers.get(name).is_some_and(|value| !is_here(value));
    if names_elsewhere(header::HOST) {
        Some("Host")
    } else if names_elsewhere(header::ORIGIN) {
        Some("Origin")
    } else {
        None
    }
}

fn is_here(value: &HeaderValue) -> bool {
    let uri = value
        .to_str()
        .ok()
        .and_then(|text| text.parse::<Uri>().ok());
    let host = uri.as_ref().and_then(Uri::host);
    host.is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn this_machine_is_known_by_each_of_its_names() {
        for host in [
            "localhost",
            "localhost:8080",
            "127.0.0.1:8080",
            "[::1]:8080",
        ] {
            assert_eq!(foreign(&with(header::HOST, host)), None, "{host}");
        }
        assert_eq!(
            foreign(&with(header::ORIGIN, "http://localhost:3000")),
            None
        );
        assert_eq!(foreign(&HeaderMap::new()), None);
    }

    #[test]
    fn other_names_are_refused() {
        assert_eq!(
            foreign(&with(header::HOST, "rebound.example:8080")),
            Some("Host")
        );
        assert_eq!(
            foreign(&with(header::HOST, "localhost.example")),
            Some("Host")
        );
        assert_eq!(
            foreign(&with(header::ORIGIN, "https://example.org")),
            Some("Origin")
        );
        assert_eq!(foreign(&with(header::ORIGIN, "null")), Some("Origin"));
    }
}
