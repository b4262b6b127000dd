//! When and how often to try again.

use std::time::Duration;

/// Attempts a job gets; interrupted ones do not count.
pub const MAX_ATTEMPTS: i32 = 3;

const FIRST_S: u64 = 2;
const FACTOR: u64 = 4;
const LONGEST_S: u64 = 300;

/// How long to wait after the given failed attempt (1 is the first): 2 s, 8 s, 32 s, …, never over 5 minutes.
pub fn backoff(attempt: i32) -> Duration {
    let steps = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0);
    let wait_s = FACTOR
        .checked_pow(steps)
        .and_then(|factor| FIRST_S.checked_mul(factor));
    Duration::from_secs(wait_s.unwrap_or(LONGEST_S).min(LONGEST_S))
}
