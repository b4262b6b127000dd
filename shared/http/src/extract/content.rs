//! Bodies that are files.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

use super::read_body;
use crate::Problem;

/// The whole body as it was sent.
#[derive(Debug)]
pub struct Content(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Content {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read_body(request, state).await.map(Self)
    }
}
