//! The request that asks for a WebSocket (RFC 6455, section 4.2), and the answers to it.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use leito_http::{Code, Problem};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::Reply;

const VERSION: &str = "13";

/// The key of a request that is a handshake.
pub fn key(headers: &HeaderMap) -> Option<HeaderValue> {
    let has = |name: HeaderName, token: &str| {
        let values = headers.get_all(name).iter();
        values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|one| one.trim().eq_ignore_ascii_case(token))
    };
    let asks = has(header::CONNECTION, "upgrade")
        && has(header::UPGRADE, "websocket")
        && has(header::SEC_WEBSOCKET_VERSION, VERSION);
    let key = headers.get(header::SEC_WEBSOCKET_KEY).cloned();
    key.filter(|_| asks)
}

/// The answer to a request that is no handshake.
pub fn not_asked() -> Response {
    let wanted = [
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_VERSION, VERSION),
    ];
    let detail = "here is a WebSocket, which this request does not ask for\n";
    (StatusCode::UPGRADE_REQUIRED, wanted, detail).into_response()
}

/// The parameters of the address; of one that is said twice the last counts, as in API Gateway's events.
pub fn query(uri: &Uri) -> HashMap<String, String> {
    let parsed = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    parsed.map_or_else(|_| HashMap::new(), |pairs| pairs.0.into_iter().collect())
}

/// The answer to a request that the first event refused.
pub fn refused(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status_code);
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, reply.body).into_response()
}

/// The answer after which the connection is a socket.
pub fn accepted(key: &HeaderValue) -> Response {
    let accept = derive_accept_key(key.as_bytes());
    let answer = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept)
        .body(Body::empty());
    answer.unwrap_or_else(|_| Problem::new(Code::InvalidHeader, "no such key").into_response())
}
