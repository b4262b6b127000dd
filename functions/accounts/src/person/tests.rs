#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use proptest::prelude::*;

use super::*;

#[test]
fn a_cpf_is_known_by_its_check_digits() {
    assert_eq!(cpf("529.982.247-25").unwrap(), "52998224725");
    assert_eq!(cpf(" 52998224725 ").unwrap(), "52998224725");
    // the first check digit is ten, and counts as nought
    assert_eq!(cpf("11144477735").unwrap(), "11144477735");
    for wrong in [
        "52998224724",
        "52998224715",
        "5299822472",
        "529982247250",
        "529-982-247.25",
        "52998224725x",
        "00000000000",
        "99999999999",
        "",
        "٥٢٩٩٨٢٢٤٧٢٥",
    ] {
        assert!(cpf(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn one_wrong_digit_of_a_cpf_is_found(nine in prop::collection::vec(0u32..10, 9), at in 0usize..11, by in 1u32..10) {
        let mut digits = nine;
        digits.push(check_digit(&digits));
        digits.push(check_digit(&digits));
        let written = |digits: &[u32]| digits.iter().map(ToString::to_string).collect::<String>();
        prop_assume!(digits.windows(2).any(|pair| pair[0] != pair[1]));
        prop_assert!(cpf(&written(&digits)).is_ok());
        let before = digits.clone();
        digits[at] = (digits[at] + by) % 10;
        // Ten and nought look the same, so that a few mistakes go unseen; never one in a check digit itself.
        let seen = cpf(&written(&digits)).is_err();
        prop_assert!(seen || (at < 9 && [check_digit(&before[..9]), check_digit(&before[..10])].contains(&0)));
    }
}

#[test]
fn an_address_has_somebody_and_a_host() {
    assert_eq!(
        email(" Ada.L+x@Example.ORG ").unwrap(),
        "ada.l+x@example.org"
    );
    let long = format!("a@{}.org", "b".repeat(64));
    for wrong in [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@host",
        "a b@example.org",
        "ada@exa mple.org",
        ".a@example.org",
        "a..b@example.org",
        "a@-x.org",
        "a@x-.org",
        "a@x..org",
        "a@1.2.3.4",
        "ä@example.org",
        "a@b@example.org",
        &long,
        "a\n@example.org",
    ] {
        assert!(email(wrong).is_err(), "{wrong}");
    }
    let local = "a".repeat(64);
    assert!(email(&format!("{local}@example.org")).is_ok());
    assert!(email(&format!("{local}a@example.org")).is_err());
}

#[test]
fn a_password_is_long_enough_and_not_the_address() {
    let check = |given: &str| password(given, "ada@example.org", "/password").is_ok();
    assert!(check("0123456789") && check(&"ä".repeat(256)));
    assert!(!check("012345678") && !check(&"x".repeat(257)) && !check("Ada@Example.org"));
}

#[test]
fn a_name_is_visible() {
    assert_eq!(name("  Ada Lovelace ").unwrap(), "Ada Lovelace");
    for wrong in ["", "  ", "a\tb", "\u{7}", &"x".repeat(201)] {
        assert!(name(wrong).is_err(), "{wrong:?}");
    }
}
