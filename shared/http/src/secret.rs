//! Secrets handed out once and kept as hashes: API keys, refresh tokens, share links. They are random and long, so a plain
//! hash is enough; passwords are another matter.

use sha2::{Digest, Sha256};

use crate::Problem;

const LENGTH: usize = 32;

/// What is kept of a secret.
pub type Hash = [u8; 32];

/// A new secret that begins with `prefix`, and what to keep of it.
pub fn new(prefix: &str) -> Result<(String, Hash), Problem> {
    let mut bytes = [0; LENGTH];
    aws_lc_rs::rand::fill(&mut bytes).map_err(Problem::internal)?;
    let secret = format!("{prefix}{}", hex::encode(bytes));
    let kept = hash(&secret);
    Ok((secret, kept))
}

/// What is kept of this secret.
pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret).into()
}

/// The beginning of a secret, by which its owner knows it again.
pub fn hint(secret: &str) -> String {
    secret.chars().take(12).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn two_secrets_differ_and_each_is_known_by_its_hash() {
        let (one, kept) = new("leito_").unwrap();
        let (other, _) = new("leito_").unwrap();
        assert_ne!(one, other);
        assert_eq!((one.len(), hash(&one)), (6 + 2 * LENGTH, kept));
        assert_ne!(hash(&other), kept);
    }
}
