//! Passwords: kept as argon2id hashes (OWASP's first parameters: 19 MiB, two passes). Hashing takes tens of milliseconds
//! and megabytes on purpose, so it runs on threads of its own, a few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::Problem;

/// What a request waits for: more at once would take memory, not gain time.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A hash that no password opens, made with the same parameters as those that one does.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8gc2FsdCBhdCBhbGwuLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What to keep of this password, in the PHC format.
pub async fn hash(password: String) -> Result<String, Problem> {
    let mut salt = [0; 16];
    aws_lc_rs::rand::fill(&mut salt).map_err(Problem::internal)?;
    in_turn(move || {
        Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(Problem::internal)
    })
    .await
}

/// Whether this is the password that was kept. Where nothing was kept it is not, and finding that out takes as long.
pub async fn verify(password: String, kept: Option<String>) -> Result<bool, Problem> {
    in_turn(move || {
        let is_somebodys = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODYS.to_owned());
        let kept = PasswordHash::new(&kept).map_err(Problem::internal)?;
        let fits = Argon2::default()
            .verify_password(password.as_bytes(), &kept)
            .is_ok();
        Ok(fits && is_somebodys)
    })
    .await
}

async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let _turn = TURNS.acquire().await.map_err(Problem::internal)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Problem::internal)?
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_no_other_is() {
        let kept = hash("correct horse".to_owned()).await.unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert_ne!(kept, hash("correct horse".to_owned()).await.unwrap());
        let tried = |password: &str| verify(password.to_owned(), Some(kept.clone()));
        assert!(tried("correct horse").await.unwrap());
        assert!(!tried("correct horsE").await.unwrap());
        assert!(!verify(String::new(), None).await.unwrap());
    }

    #[tokio::test]
    async fn nobodys_hash_costs_as_much_as_somebodys() {
        let cost = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            let lengths = (hash.salt.unwrap().len(), hash.hash.unwrap().len());
            (hash.algorithm, hash.version, hash.params, lengths)
        };
        let somebodys = hash("correct horse".to_owned()).await.unwrap();
        assert_eq!(cost(NOBODYS), cost(&somebodys));
    }
}
