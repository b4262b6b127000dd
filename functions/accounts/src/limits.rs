//! How often somebody may try. Each limit counts by the address a request comes from and by the account it is about: the
//! first stops one machine that tries many accounts, the second many machines that try one.

use std::time::Duration;

use leito_http::Address;
use store::rate_limits::Limit;
use uuid::Uuid;

const QUARTER: Duration = Duration::from_mins(15);
const HOUR: Duration = Duration::from_hours(1);

/// Log-ins: an office behind one address may have many, an account few that fail.
pub fn log_in(from: Address, email: &str) -> [Limit; 2] {
    [
        limit(format!("log-in from {from}"), 100, QUARTER),
        limit(log_in_of(email), 10, QUARTER),
    ]
}

/// What counts the log-ins of one account; forgotten when one succeeds.
pub fn log_in_of(email: &str) -> String {
    format!("log-in of {email}")
}

/// Registrations.
pub fn registration(from: Address, email: &str) -> [Limit; 2] {
    [
        limit(format!("registration from {from}"), 20, HOUR),
        limit(format!("registration of {email}"), 5, HOUR),
    ]
}

/// Changes of a password, which need the old one.
pub fn password(user_id: Uuid) -> [Limit; 1] {
    [limit(format!("password of {user_id}"), 10, QUARTER)]
}

fn limit(bucket: String, at_most: i32, window: Duration) -> Limit {
    Limit {
        bucket,
        at_most,
        window,
    }
}
