//! Events of API Gateway's WebSocket protocol, as far as they are read, and the answer to them.

use std::collections::HashMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use leito_http::Problem;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Something happened to a connection.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    request_context: Context,
    /// Of the request that opens the connection.
    #[serde(default)]
    headers: Option<HashMap<String, String>>,
    #[serde(default)]
    query_string_parameters: Option<HashMap<String, String>>,
    /// A message.
    #[serde(default)]
    body: Option<String>,
    /// The message came as bytes.
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    connection_id: String,
    event_type: Kind,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Kind {
    /// Somebody wants it to be opened.
    Connect,
    /// Its client sent a message.
    Message,
    /// It is closed.
    Disconnect,
}

impl Event {
    pub(crate) fn connect(
        connection_id: &str,
        headers: &HeaderMap,
        query: HashMap<String, String>,
    ) -> Self {
        let written = headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        Self {
            headers: Some(written.collect()),
            query_string_parameters: Some(query),
            ..Self::of(Kind::Connect, connection_id)
        }
    }

    pub(crate) fn message(connection_id: &str, body: String, is_base64_encoded: bool) -> Self {
        Self {
            body: Some(body),
            is_base64_encoded,
            ..Self::of(Kind::Message, connection_id)
        }
    }

    pub(crate) fn disconnect(connection_id: &str) -> Self {
        Self::of(Kind::Disconnect, connection_id)
    }

    fn of(event_type: Kind, connection_id: &str) -> Self {
        Self {
            request_context: Context {
                connection_id: connection_id.to_owned(),
                event_type,
            },
            headers: None,
            query_string_parameters: None,
            body: None,
            is_base64_encoded: false,
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.request_context.event_type
    }

    pub(crate) fn connection_id(&self) -> &str {
        &self.request_context.connection_id
    }

    /// The headers that are such; API Gateway has looked at all of them before.
    pub(crate) fn headers(&self) -> HeaderMap {
        let written = self.headers.iter().flatten();
        written
            .filter_map(|(name, value)| {
                let name = name.parse::<HeaderName>().ok()?;
                Some((name, HeaderValue::from_str(value).ok()?))
            })
            .collect()
    }

    /// A parameter of the address.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.query_string_parameters.as_ref()?;
        parameters.get(name).map(String::as_str)
    }

    /// The message; none when it came as bytes.
    pub(crate) fn text(&self) -> Option<&str> {
        let body = self.body.as_deref().unwrap_or_default();
        (!self.is_base64_encoded).then_some(body)
    }
}

/// The answer to an event. Only that to the opening of a connection is read: anything but success refuses it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    pub(crate) status_code: u16,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn ok() -> Self {
        Self {
            status_code: 200,
            body: String::new(),
        }
    }

    pub(crate) fn refused(problem: &Problem) -> Self {
        let code = problem.code();
        Self {
            status_code: code.status().as_u16(),
            body: json!({ "code": code, "detail": problem.detail() }).to_string(),
        }
    }
}
