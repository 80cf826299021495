//! Claims about numbers as switches and people write them.

use super::*;

fn china() -> Country {
    Country::parse("CN").expect("China has a numbering plan")
}

fn read(raw: &str) -> PhoneAddress {
    PhoneAddress::parse(raw, china()).expect("the text is an address")
}

fn e164(raw: &str) -> String {
    read(raw).number().expect("the text is a number").e164().as_str().to_owned()
}

#[test]
fn one_subscriber_has_one_e164_number_however_it_is_written() {
    let spellings = [
        "+8613800000001",
        "+86 138 0000 0001",
        "13800000001",
        "138-0000-0001",
        "008613800000001",
        "tel:+86-138-0000-0001",
        "sip:+8613800000001@carrier.example;user=phone",
        "\"Li\" <sip:+8613800000001@carrier.example>",
        "+86 138 0000 0001 ",
    ];

    for spelling in spellings {
        assert_eq!(e164(spelling), "+8613800000001", "{spelling}");
    }
}

#[test]
fn the_home_country_decides_what_a_national_number_means() {
    let britain = Country::parse("gb").expect("Britain has a numbering plan");

    let number = PhoneNumber::parse("020 7946 0018", britain).expect("a London number");

    assert_eq!(number.e164().as_str(), "+442079460018");
    assert_eq!(number.country(), Some(britain));
    assert_eq!(number.kind(), PhoneKind::Fixed);
}

#[test]
fn the_plan_tells_country_kind_and_validity() {
    let number = PhoneNumber::parse("13800000001", china()).expect("a number");

    assert_eq!(number.country(), Some(china()));
    assert_eq!(number.kind(), PhoneKind::Mobile);
    assert_eq!(number.validity(), Validity::Valid);
    assert_eq!(number.raw(), "13800000001");
    assert_eq!(number.e164().suffix(), "800000001");
}

#[test]
fn an_extension_never_enters_the_key() {
    let number = PhoneNumber::parse("+86 21 6000 0000 ext. 42", china()).expect("a number");

    assert_eq!(number.e164().as_str(), "+862160000000");
    assert_eq!(number.extension(), Some("42"));
}

#[test]
fn a_withheld_caller_is_recognised_in_every_disguise() {
    let cases = [
        ("", Withheld::Missing),
        ("   ", Withheld::Missing),
        ("anonymous", Withheld::Anonymous),
        ("Anonymous", Withheld::Anonymous),
        ("sip:anonymous@anonymous.invalid", Withheld::Anonymous),
        ("sip:anonymous.invalid", Withheld::Anonymous),
        ("<sip:restricted@carrier.example>", Withheld::Restricted),
        ("Restricted", Withheld::Restricted),
        ("<unknown>", Withheld::Unavailable),
        ("+266696687", Withheld::Anonymous),
        ("+7378742833", Withheld::Restricted),
    ];

    for (raw, reason) in cases {
        assert_eq!(read(raw), PhoneAddress::Withheld(reason), "{raw:?}");
    }
}

#[test]
fn short_codes_stay_what_was_dialled() {
    for code in ["110", "119", "12306", "*98", "#31#"] {
        assert_eq!(read(code).key(), code);
    }
    assert!(matches!(read("110"), PhoneAddress::ShortCode(_)));
}

#[test]
fn a_sip_address_without_a_number_keeps_user_and_host() {
    let address = read("sip:alice:secret@Example.COM:5061;transport=tls");

    assert_eq!(address.key(), "sip:alice@example.com:5061");
}

#[test]
fn the_user_of_a_sip_address_is_a_number_if_the_plan_has_it() {
    for number in ["13800000001", "8613800000001", "008613800000001"] {
        assert_eq!(e164(&format!("sip:{number}@10.0.0.1:5060")), "+8613800000001", "{number}");
    }
    for account in ["1001", "110", "12306", "99999999999999", "13800000001x", "1380000000"] {
        assert!(matches!(read(&format!("sip:{account}@pbx.example")), PhoneAddress::Sip(_)));
    }
    assert!(matches!(read("sip:13800000001@10.0.0.1;user=ip"), PhoneAddress::Sip(_)));
}

#[test]
fn only_numbers_are_numbers() {
    let cases = [
        ("anonymous", PhoneError::OtherAddress("withheld")),
        ("110", PhoneError::OtherAddress("a short code")),
        ("sip:alice@example.com", PhoneError::OtherAddress("a SIP address")),
        ("hello world", PhoneError::NotANumber),
        ("+999 123 456 789", PhoneError::UnknownCountryCode),
        ("+8613800\u{0}000001", PhoneError::ControlCharacter),
        ("+86138000000011380000000113800000001", PhoneError::TooLong),
    ];

    for (raw, error) in cases {
        assert_eq!(PhoneNumber::parse(raw, china()), Err(error), "{raw:?}");
    }
}

#[test]
fn a_text_without_end_is_refused_unread() {
    let endless = "1".repeat(MAX_RAW_LENGTH + 1);

    assert_eq!(
        PhoneAddress::parse(&endless, china()),
        Err(PhoneError::TextTooLong(MAX_RAW_LENGTH + 1))
    );
}

#[test]
fn a_country_is_two_letters_of_a_plan() {
    for text in ["", "C", "CHN", "ZZ", "001", "中国"] {
        assert!(Country::parse(text).is_err(), "{text}");
    }
    assert_eq!(china().calling_code(), Some(86));
    assert_eq!(china().to_string(), "CN");
}

#[test]
fn debug_output_shows_no_digits() {
    let shown = format!("{:?}", read("+8613800000001"));

    assert!(!shown.contains("138"), "{shown}");
}

mod reference;

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(raw in any::<String>()) {
            let _answer = PhoneAddress::parse(&raw, china());
        }

        #[test]
        fn any_dialled_text_is_read_or_refused_without_panic(raw in "[-+*#() ;=.0-9a-z@:<>]{0,40}") {
            let _answer = PhoneAddress::parse(&raw, china());
        }

        #[test]
        fn e164_reads_back_as_itself(digits in "1[3-9][0-9]{9}") {
            let number = PhoneNumber::parse(&digits, china());
            prop_assume!(number.is_ok());
            let e164 = number.map(|read| read.e164().as_str().to_owned()).unwrap_or_default();

            let again = PhoneNumber::parse(&e164, china()).map(|read| read.e164().as_str().to_owned());

            prop_assert_eq!(again, Ok(e164));
        }
    }
}
