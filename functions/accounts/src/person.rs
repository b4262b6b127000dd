//! What people may say of themselves. Pure: the same answer every time.

use leito_http::FieldError;

/// Characters of a password.
const PASSWORD: std::ops::RangeInclusive<usize> = 10..=256;

/// The name without the blanks around it.
pub fn name(given: &str) -> Result<String, FieldError> {
    let name = given.trim();
    let length = name.chars().count();
    if (1..=200).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    let message = "a name has 1 to 200 characters, all of them visible";
    Err(FieldError::new("/name", message))
}

/// The e-mail address in lower case: something, an at sign, and the name of a host with a dot in it. Whether mail arrives
/// there is not asked.
pub fn email(given: &str) -> Result<String, FieldError> {
    let email = given.trim().to_ascii_lowercase();
    match email.rsplit_once('@') {
        Some((local, host)) if is_local(local) && is_host(host) && email.len() <= 254 => Ok(email),
        _ => {
            let message = "this is no e-mail address such as `ada@example.org`";
            Err(FieldError::new("/email", message))
        }
    }
}

/// What RFC 5321 lets stand before the at sign without quotes.
fn is_local(local: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    (1..=64).contains(&local.len())
        && local.bytes().all(allowed)
        && !local.split('.').any(str::is_empty)
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && host.split('.').all(label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// Long enough to be hard to guess, short enough to be hashed soon, and not the address everybody knows. `at` is where it
/// stands in the request.
pub fn password(given: &str, email: &str, at: &str) -> Result<(), FieldError> {
    if !PASSWORD.contains(&given.chars().count()) {
        let (least, most) = (PASSWORD.start(), PASSWORD.end());
        let message = format!("a password has {least} to {most} characters");
        return Err(FieldError::new(at, message));
    }
    if given.trim().eq_ignore_ascii_case(email) {
        return Err(FieldError::new(at, "the e-mail address is no password"));
    }
    Ok(())
}

/// The eleven digits of a CPF (the Brazilian register of persons), given with or without its dots and dash.
///
/// The last two are check digits: each is ten times the sum of the digits before it, the last of which counts twice and
/// every earlier one once more than the next, modulo 11, where ten counts as nought (Receita Federal). Eleven times the
/// same digit fits that rule and is nobody's.
pub fn cpf(given: &str) -> Result<String, FieldError> {
    let plain = given.trim();
    let digits: Vec<u32> = plain.chars().filter_map(|it| it.to_digit(10)).collect();
    let written: String = digits.iter().map(ToString::to_string).collect();
    let is_written_well = plain == written || plain == with_dots(&written);
    let all_same = digits.windows(2).all(|pair| pair[0] == pair[1]);
    if digits.len() == 11
        && is_written_well
        && !all_same
        && check_digit(&digits[..9]) == digits[9]
        && check_digit(&digits[..10]) == digits[10]
    {
        return Ok(written);
    }
    let message = "this is no CPF: eleven digits, of which the last two follow from the others";
    Err(FieldError::new("/cpf", message))
}

fn check_digit(before: &[u32]) -> u32 {
    let sum: u32 = before
        .iter()
        .rev()
        .zip(2..)
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum * 10 % 11 % 10
}

fn with_dots(digits: &str) -> String {
    let part = |range| digits.get(range).unwrap_or_default();
    format!(
        "{}.{}.{}-{}",
        part(0..3),
        part(3..6),
        part(6..9),
        part(9..11)
    )
}

#[cfg(test)]
mod tests;
