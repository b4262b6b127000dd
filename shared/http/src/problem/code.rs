//! The kinds of problem: one table of word, status and title.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $word:literal, $status:ident, $title:literal;)+) => {
        /// The kind of a problem, for programs. A code keeps its meaning for ever.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        // the document does not see a word for each variant that comes out of a macro, so a rule says them all
        #[serde(rename_all = "snake_case")]
        pub enum Code {
            $($(#[$doc])+ $name,)+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word that stands in the answer.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The HTTP status it comes with.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// What it means, in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON at all.
    InvalidJson = "invalid_json", BAD_REQUEST, "The body is not JSON";
    /// An id in the path is none.
    InvalidPath = "invalid_path", BAD_REQUEST, "The path holds something that is not an id";
    /// A query parameter is unknown or out of range.
    InvalidQuery = "invalid_query", BAD_REQUEST, "The query is not understood";
    /// A header is malformed.
    InvalidHeader = "invalid_header", BAD_REQUEST, "A header is not understood";
    /// The request says nothing, or nothing valid, about who sends it.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "It is not known who asks";
    /// The caller is known, and may not do this.
    Forbidden = "forbidden", FORBIDDEN, "The caller may not do this";
    /// The share link asks for a password.
    PasswordRequired = "password_required", FORBIDDEN, "The link asks for a password";
    /// The password is not the share link's.
    WrongPassword = "wrong_password", FORBIDDEN, "The password is wrong";
    /// The request was sent by a page of another site.
    ForeignOrigin = "foreign_origin", FORBIDDEN, "The request comes from another site";
    /// There is no such thing.
    NotFound = "not_found", NOT_FOUND, "There is no such thing";
    /// There is no such route.
    NoSuchRoute = "no_such_route", NOT_FOUND, "There is no such route";
    /// The route exists, the method on it does not.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The route does not know this method";
    /// The first request with this idempotency key has not been answered yet.
    StillRunning = "still_running", CONFLICT, "The same request is still being carried out";
    /// The request with this idempotency key was carried out, and its answer, which held a secret, is not kept.
    AlreadyAnswered = "already_answered", CONFLICT, "The answer held a secret and was given once";
    /// The thing is in a state that does not allow this.
    Conflict = "conflict", CONFLICT, "The present state does not allow this";
    /// The name is taken.
    NameTaken = "name_taken", CONFLICT, "The name is taken";
    /// The e-mail address or the CPF has an account.
    AlreadyRegistered = "already_registered", CONFLICT, "There is an account for this already";
    /// The thing has changed since the caller read it.
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, "The thing has changed in the meantime";
    /// The change has to say which version it is based on.
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "The request must say what it changes";
    /// Too many requests of this kind in a short time.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    /// The body is larger than Leito reads.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The body is of another media type than JSON.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body is not sent as JSON";
    /// The file is larger than Leito stores, or than one request carries.
    FileTooLarge = "file_too_large", PAYLOAD_TOO_LARGE, "The file is too large";
    /// No byte of the file lies in the range asked for.
    RangeNotSatisfiable = "range_not_satisfiable", RANGE_NOT_SATISFIABLE, "The file has no such bytes";
    /// The body is JSON, but not what this route takes.
    InvalidBody = "invalid_body", UNPROCESSABLE_ENTITY, "The body is not what this route takes";
    /// The `.bed` text does not parse.
    InvalidSource = "invalid_source", UNPROCESSABLE_ENTITY, "The .bed text has errors";
    /// The specification is well-formed, but no such bed can be built and computed.
    ImpossibleBed = "impossible_bed", UNPROCESSABLE_ENTITY, "No such bed can be";
    /// The content is not what was announced: another size, hash or type.
    ContentMismatch = "content_mismatch", UNPROCESSABLE_ENTITY, "The content is not what was announced";
    /// Some parts of the upload have not arrived.
    UploadIncomplete = "upload_incomplete", CONFLICT, "Parts of the file are missing";
    /// The files are too many, or too large together, for one archive.
    ArchiveTooLarge = "archive_too_large", UNPROCESSABLE_ENTITY, "The archive would be too large";
    /// There is no such kind of submission, or no such version of it.
    UnknownKind = "unknown_kind", UNPROCESSABLE_ENTITY, "There is no such kind of submission";
    /// The payload is not what this kind of submission takes.
    InvalidPayload = "invalid_payload", UNPROCESSABLE_ENTITY, "The payload is not what this kind takes";
    /// The idempotency key was used with another request.
    KeyReused = "key_reused", UNPROCESSABLE_ENTITY, "The idempotency key belongs to another request";
    /// A failure of ours.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong on our side";
    /// A part of Leito does not answer.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "A part of the service does not answer";
    /// The answer took too long.
    TimedOut = "timed_out", SERVICE_UNAVAILABLE, "The answer took too long";
}
