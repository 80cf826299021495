//! Claims about keys: what opens with what, what never does, and what a ring's text may be.

use proptest::prelude::*;

use super::*;

const LI: &str = "customer/li";
const NUMBER: &[u8] = b"+8613800000001";

#[test]
fn what_is_sealed_opens_again_in_its_place_and_nowhere_else() {
    let ring = KeyRing::generate();
    let (key, wrapped) = ring.new_data_key("demo", LI);
    let sealed = key.seal("numbers", NUMBER);

    let opened = ring.unwrap("demo", LI, &wrapped).unwrap().open("numbers", &sealed);

    assert_eq!(opened.unwrap().as_slice(), NUMBER);
    assert_eq!(key.open("names", &sealed), Err(SealError::Forged));
    for (tenant, subject) in [("other", LI), ("demo", "customer/wu")] {
        let refused = ring.unwrap(tenant, subject, &wrapped).map(drop);
        assert_eq!(refused, Err(SealError::Forged), "{tenant} {subject}");
    }
    let (stranger, _) = ring.new_data_key("demo", LI);
    assert_eq!(stranger.open("numbers", &sealed), Err(SealError::Forged));
}

#[test]
fn the_same_number_is_sealed_differently_each_time() {
    let (key, _) = KeyRing::generate().new_data_key("demo", LI);

    assert_ne!(key.seal("numbers", NUMBER), key.seal("numbers", NUMBER));
}

#[test]
fn each_changed_or_missing_byte_is_noticed() {
    let ring = KeyRing::generate();
    let (key, wrapped) = ring.new_data_key("demo", LI);
    let sealed = key.seal("numbers", NUMBER);

    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(key.open("numbers", &changed).is_err(), "byte {place} changed");
        assert!(key.open("numbers", &sealed[..place]).is_err(), "cut at {place}");
    }
    for place in 0..wrapped.len() {
        let mut changed = wrapped.clone();
        changed[place] ^= 1;
        assert!(ring.unwrap("demo", LI, &changed).is_err(), "byte {place} changed");
        assert!(ring.unwrap("demo", LI, &wrapped[..place]).is_err(), "cut at {place}");
    }
}

#[test]
fn a_key_is_changed_in_three_steps_and_everything_opens_at_each() {
    let mut ring = KeyRing::generate();
    let old = ring.current();
    let (data_key, wrapped) = ring.new_data_key("demo", LI);
    let sealed = data_key.seal("numbers", NUMBER);
    let opens = |with: &KeyRing, form: &[u8]| {
        let key = with.unwrap("demo", LI, form)?;
        key.open("numbers", &sealed).map(|text| text.as_slice() == NUMBER)
    };

    let new = ring.add();
    assert_eq!((ring.current(), opens(&ring, &wrapped)), (old, Ok(true)));
    ring.take_into_use(new).unwrap();
    assert_eq!((ring.current(), opens(&ring, &wrapped)), (new, Ok(true)));
    let anew = ring.rewrap("demo", LI, &wrapped).unwrap();
    let without_old = without(&ring, old);

    assert_eq!(opens(&without_old, &anew), Ok(true));
    assert_eq!(opens(&without_old, &wrapped), Err(SealError::UnknownKey(old)));
    assert_eq!(
        ring.take_into_use(KeyId::from_bytes([0; 8])).unwrap_err().to_string(),
        "the key ring has no key 0000000000000000"
    );
}

#[test]
fn an_index_finds_the_same_text_of_the_same_tenant_and_kind_and_nothing_else() {
    let ring = KeyRing::generate();
    let index = |tenant, kind, text| ring.blind_index(tenant, kind, text);
    let number = index("demo", "number", "+8613800000001");

    let read_again = KeyRing::parse(&ring.to_text()).unwrap();

    assert_eq!(read_again.blind_index("demo", "number", "+8613800000001"), number);
    assert_ne!(index("other", "number", "+8613800000001"), number);
    assert_ne!(index("demo", "suffix", "+8613800000001"), number);
    assert_ne!(index("demo", "number", "+8613800000002"), number);
    assert_ne!(index("demo", "numb", "er+8613800000001"), number);
    assert_ne!(
        KeyRing::generate().blind_index("demo", "number", "+8613800000001"),
        number,
        "an index must need the key"
    );
}

#[test]
fn an_index_keeps_its_value_over_releases() {
    let ring = KeyRing::parse(&format!("index {ZEROS}\nseal {ZEROS}")).unwrap();

    // Computed apart: HMAC-SHA-256 with 32 zero bytes over the length-prefixed tenant gives the
    // key for the length-prefixed kind and text.
    let index = ring.blind_index("demo", "number", "+8613800000001");
    let bytes = index.as_bytes().try_into().map(u128::from_be_bytes).unwrap();
    assert_eq!(format!("{bytes:032x}"), INDEX);
    assert_eq!(ring.current().to_string(), ID);
}

#[test]
fn a_ring_reads_back_as_it_was_written() {
    let mut ring = KeyRing::generate();
    ring.add();

    let read = KeyRing::parse(&ring.to_text()).unwrap();

    assert_eq!(read.ids().collect::<Vec<_>>(), ring.ids().collect::<Vec<_>>());
    assert_eq!(*read.to_text(), *ring.to_text());
}

#[test]
fn what_is_no_ring_is_told_by_its_line_and_shows_no_key() {
    let key = "A".repeat(43) + "=";
    for (text, told) in [
        (String::new(), "a key ring has one line `index KEY`, this one has 0"),
        (format!("index {key}"), "a key ring has at least one line `seal KEY`"),
        (format!("index {key}\nindex {key}\nseal {key}"), "one line `index KEY`, this one has 2"),
        (format!("index {key}\nseal {key}\n\nseal {key}"), "the key in line 4 stands there twice"),
        (format!("index {key}\nseal AAAA"), "the key in line 2 is not 32 bytes in base64"),
        (format!("index {key}\nseal ?{key}"), "the key in line 2 is not 32 bytes in base64"),
        (format!("# ring\nindexes {key}"), "line 2 is neither `index KEY`, `seal KEY` nor"),
    ] {
        let refused = KeyRing::parse(&text).unwrap_err().to_string();

        assert!(refused.contains(told), "{refused}");
        assert!(!refused.contains(&key), "{refused}");
    }
}

#[test]
fn nothing_shows_a_key() {
    let ring = KeyRing::generate();
    let (key, _) = ring.new_data_key("demo", LI);
    let secrets = ring.to_text();

    let shown = format!("{ring:?} {key:?} {:?}", ring.blind_index("demo", "number", "1"));

    for secret in secrets.lines().filter_map(|line| line.split_once(' ')) {
        assert!(!shown.contains(secret.1), "{shown}");
    }
}

#[test]
fn a_key_is_named_by_16_digits() {
    let id = KeyRing::generate().current();

    assert_eq!(id.to_string().parse(), Ok(id));
    for wrong in ["", "12", "+123456789abcdef", "0123456789abcdefg", "０123456789abcde"] {
        assert!(wrong.parse::<KeyId>().is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn any_text_seals_and_opens(text: Vec<u8>, place: String) {
        let (key, _) = KeyRing::generate().new_data_key("demo", LI);

        prop_assert_eq!(key.open(&place, &key.seal(&place, &text)).unwrap().to_vec(), text);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes: Vec<u8>, text: String) {
        let ring = KeyRing::generate();
        let (key, _) = ring.new_data_key("demo", LI);

        prop_assert!(key.open("numbers", &bytes).is_err());
        prop_assert!(ring.unwrap("demo", LI, &bytes).is_err());
        prop_assert!(KeyRing::parse(&text).is_err());
    }
}

const ZEROS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
/// In hexadecimal digits.
const INDEX: &str = "9aa6f4420eddd533ee486a768673388f";
const ID: &str = "18525a1483c16a72";

fn without(ring: &KeyRing, removed: KeyId) -> KeyRing {
    let keys = ring.keys.iter().filter(|key| key.id != removed).cloned().collect();
    KeyRing { index: ring.index.clone(), keys }
}
