//! Who is asking. A request carries `Authorization: Bearer` with the short-lived token of a log-in, or with an API key.
//! What the caller may do to a row is decided by the statement that reads the row, not here.

use std::time::Duration;

use aws_lc_rs::hmac;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use store::access::{Access, Role};
use store::api_keys;
use store::audits::NewAudit;
use uuid::Uuid;

use crate::{App, Code, Problem, secret};

/// How API keys begin.
pub const KEY_PREFIX: &str = "leito_";
/// How long the token of a log-in is good.
pub const TOKEN_LIFE: Duration = Duration::from_mins(15);

const ISSUER: &str = "leito";
const ALGORITHM: Algorithm = Algorithm::HS256;

/// Makes and reads the tokens of log-ins.
#[derive(Clone)]
pub struct Tokens {
    sign: EncodingKey,
    verify: DecodingKey,
    seal: hmac::Key,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: Uuid,
    sid: Uuid,
    exp: i64,
}

impl Tokens {
    /// Tokens signed with this secret, which all functions share.
    pub fn new(secret: &[u8]) -> Self {
        Self {
            sign: EncodingKey::from_secret(secret),
            verify: DecodingKey::from_secret(secret),
            seal: sealing_key(secret),
        }
    }

    /// A hash of these pieces that only who knows the secret can make, for what is kept of things that may hold passwords.
    pub fn seal(&self, pieces: &[&[u8]]) -> [u8; 32] {
        let mut whole = hmac::Context::with_key(&self.seal);
        for piece in pieces {
            whole.update(&(piece.len() as u64).to_be_bytes());
            whole.update(piece);
        }
        let mut sealed = [0; 32];
        sealed.copy_from_slice(whole.sign().as_ref());
        sealed
    }

    /// A token for this user's log-in, good until [`TOKEN_LIFE`] after `now`.
    pub fn issue(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        now: jiff::Timestamp,
    ) -> Result<String, Problem> {
        let life = i64::try_from(TOKEN_LIFE.as_secs()).unwrap_or(i64::MAX);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: user_id,
            sid: session_id,
            exp: now.as_second().saturating_add(life),
        };
        encode(&Header::new(ALGORITHM), &claims, &self.sign).map_err(Problem::internal)
    }

    fn read(&self, token: &str, now: jiff::Timestamp) -> Result<Actor, Problem> {
        let mut rules = Validation::new(ALGORITHM);
        rules.set_issuer(&[ISSUER]);
        rules.validate_exp = false; // by the clock that we were given, below
        let claims = decode::<Claims>(token, &self.verify, &rules)
            .map_err(|_| unauthenticated("the token is not one of ours"))?
            .claims;
        if claims.exp <= now.as_second() {
            return Err(unauthenticated("the token has expired; refresh it"));
        }
        Ok(Actor::logged_in(claims.sub, claims.sid))
    }
}

/// A key of its own, so that no seal can ever be taken for the signature of a token.
fn sealing_key(secret: &[u8]) -> hmac::Key {
    let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"leito seal");
    hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
}

/// Who is asking; as an extractor it refuses a request without credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub user_id: Uuid,
    /// How they came in.
    pub session: Session,
    may_write: bool,
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// With a password; names the family of refresh tokens.
    LogIn(Uuid),
    /// With an API key.
    ApiKey(Uuid),
}

impl Session {
    /// The id of either.
    pub fn id(self) -> Uuid {
        match self {
            Self::LogIn(id) | Self::ApiKey(id) => id,
        }
    }
}

impl Actor {
    /// Somebody who has just shown their password, or a token that follows from it.
    pub fn logged_in(user_id: Uuid, session_id: Uuid) -> Self {
        Self {
            user_id,
            session: Session::LogIn(session_id),
            may_write: true,
        }
    }

    /// This caller, for a statement that needs at least this role in the row's project.
    pub fn as_at_least(&self, role: Role) -> Access {
        Access {
            user_id: self.user_id,
            at_least: role,
        }
    }

    /// A record of what this caller does; the rest of it is filled in by struct update.
    pub fn audit(&self, app: &App, kind: &'static str, action: &'static str) -> NewAudit {
        NewAudit {
            id: app.ids.next(),
            kind,
            action,
            target_id: None,
            project_id: None,
            submission_id: None,
            user_id: Some(self.user_id),
            session_id: Some(self.session.id()),
            meta: serde_json::json!({}),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let known = parts.extensions.get::<Self>().copied();
        known.ok_or_else(|| unauthenticated("this needs a log-in or an API key"))
    }
}

/// Like [`Actor`], for what an API key must not do: change the password, make other keys.
#[derive(Debug, Clone, Copy)]
pub struct Person(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let actor = Actor::from_request_parts(parts, state).await?;
        match actor.session {
            Session::LogIn(_) => Ok(Self(actor)),
            Session::ApiKey(_) => Err(Problem::new(
                Code::Forbidden,
                "an API key cannot do this; log in with the password",
            )),
        }
    }
}

/// Reads the credentials, if there are any, before anything else looks at the request. Wrong ones are refused even
/// where none are needed: the caller thinks they are somebody.
pub(crate) async fn identify(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Option<Actor>, Problem> {
    let actor = known(app, headers).await?;
    actor.map(|actor| within_scopes(actor, method)).transpose()
}

/// Whose credentials these headers carry; none without any, a refusal when they are wrong.
pub async fn known(app: &App, headers: &HeaderMap) -> Result<Option<Actor>, Problem> {
    match bearer(headers) {
        None => Ok(None),
        Some(credential) => actor(app, credential?).await.map(Some),
    }
}

fn bearer(headers: &HeaderMap) -> Option<Result<&str, Problem>> {
    let value = headers.get(header::AUTHORIZATION)?;
    let credential = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, credential)| credential.trim());
    let detail = "Authorization must be `Bearer` and a token or an API key";
    Some(credential.ok_or_else(|| unauthenticated(detail)))
}

async fn actor(app: &App, credential: &str) -> Result<Actor, Problem> {
    if !credential.starts_with(KEY_PREFIX) {
        let now = app.clock.now();
        let actor = app.tokens.read(credential, now)?;
        if app
            .sessions
            .has_ended(actor.session.id(), &app.store, now)
            .await
        {
            return Err(unauthenticated("this log-in has ended; log in again"));
        }
        return Ok(actor);
    }
    let client = app.store.client().await?;
    let key = api_keys::open(&client, &secret::hash(credential))
        .await?
        .ok_or_else(|| unauthenticated("the API key is unknown, revoked or expired"))?;
    Ok(Actor {
        user_id: key.user_id,
        session: Session::ApiKey(key.id),
        may_write: key.scopes.iter().any(|scope| scope == "write"),
    })
}

fn within_scopes(actor: Actor, method: &Method) -> Result<Actor, Problem> {
    if actor.may_write || matches!(*method, Method::GET | Method::HEAD) {
        Ok(actor)
    } else {
        let detail = "this API key may only read; it lacks the scope `write`";
        Err(Problem::new(Code::Forbidden, detail))
    }
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated, detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}
