//! The four things that stand in a number's place: a number, a short code, a SIP address, nothing.

use std::fmt;

use super::country::Country;
use super::number::{PhoneNumber, Validity};
use super::withheld::Withheld;
use super::{PhoneError, check_text};

/// The most digits of a short code.
const MAX_SHORT_CODE: usize = 6;

/// Who is at the other end, as far as the switch can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneAddress {
    /// A telephone number.
    Number(PhoneNumber),
    /// A number dialled only inside one network or country: `110`, `12306`.
    ShortCode(ShortCode),
    /// A SIP address that holds no telephone number.
    Sip(SipAddress),
    /// Nothing to look up.
    Withheld(Withheld),
}

/// Two to six digits, perhaps with `*` and `#`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShortCode(String);

/// A SIP address; `Debug` hides the user, who may be a person.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SipAddress {
    user: String,
    host: String,
}

impl PhoneAddress {
    /// Reads what a switch reported; a number without `+` belongs to `home`.
    pub fn parse(raw: &str, home: Country) -> Result<Self, PhoneError> {
        let text = strip_brackets(check_text(raw)?);
        if let Some(reason) = Withheld::recognise(text) {
            return Ok(Self::Withheld(reason));
        }
        if let Some(address) = sip_part(text) {
            return Self::parse_sip(raw, address, home);
        }
        if let Some(code) = ShortCode::recognise(text) {
            return Ok(Self::read_short(raw, text, code, home));
        }
        PhoneNumber::read(raw, text, home).map(Self::Number)
    }

    /// Gives the telephone number, if this is one.
    pub const fn number(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Number(number) => Some(number),
            Self::ShortCode(_) | Self::Sip(_) | Self::Withheld(_) => None,
        }
    }

    /// Gives the text by which records name this address: E.164, digits, `sip:…`, or a word.
    pub fn key(&self) -> String {
        match self {
            Self::Number(number) => number.e164().as_str().to_owned(),
            Self::ShortCode(code) => code.as_str().to_owned(),
            Self::Sip(address) => address.to_uri(),
            Self::Withheld(reason) => reason.as_str().to_owned(),
        }
    }

    // Small countries have whole numbers as short as a short code: the plan decides.
    fn read_short(raw: &str, text: &str, code: ShortCode, home: Country) -> Self {
        match PhoneNumber::read(raw, text, home) {
            Ok(number) if number.validity() == Validity::Valid => Self::Number(number),
            Ok(_) | Err(_) => Self::ShortCode(code),
        }
    }

    fn parse_sip(raw: &str, address: &str, home: Country) -> Result<Self, PhoneError> {
        let (user_part, host_part) = address.split_once('@').unwrap_or(("", address));
        let (host, parameters) = host_part.split_once(';').unwrap_or((host_part, ""));
        // A user may carry parameters and a password of its own; neither names the caller.
        let user = user_part.split([';', ':']).next().unwrap_or_default();
        if host.is_empty() || host.chars().any(char::is_whitespace) {
            return Err(PhoneError::NotANumber);
        }
        let named = Withheld::recognise(user).filter(|reason| *reason != Withheld::Missing);
        if let Some(reason) = named.or_else(|| Withheld::recognise(host)) {
            return Ok(Self::Withheld(reason));
        }
        let says = |kind: &str| parameters.split(';').any(|part| part.eq_ignore_ascii_case(kind));
        if user.starts_with('+') || says("user=phone") {
            return PhoneNumber::read(raw, user, home).map(Self::Number);
        }
        let unsaid = if says("user=ip") { None } else { Self::bare_number(raw, user, home) };
        Ok(unsaid.unwrap_or_else(|| {
            Self::Sip(SipAddress { user: user.to_owned(), host: host.to_ascii_lowercase() })
        }))
    }

    // Many switches leave `user=phone` out. What is no valid number of a plan, such as an extension or
    // an account, stays the name of somebody at a host.
    fn bare_number(raw: &str, user: &str, home: Country) -> Option<Self> {
        let is_long = user.len() > MAX_SHORT_CODE;
        if !is_long || !user.bytes().all(|key| key.is_ascii_digit()) {
            return None;
        }
        let valid = |text: &str| {
            let number = PhoneNumber::read(raw, text, home).ok()?;
            (number.validity() == Validity::Valid).then_some(Self::Number(number))
        };
        valid(user).or_else(|| valid(&format!("+{user}")))
    }
}

impl ShortCode {
    /// Gives the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn recognise(text: &str) -> Option<Self> {
        let is_short = (2..=MAX_SHORT_CODE).contains(&text.len());
        let is_dialled = text.chars().all(|key| key.is_ascii_digit() || matches!(key, '*' | '#'));
        let has_digit = text.chars().any(|key| key.is_ascii_digit());
        (is_short && is_dialled && has_digit).then(|| Self(text.to_owned()))
    }
}

impl SipAddress {
    /// Gives the part before `@`; empty when there is none.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Gives the host, in small letters, with its port.
    pub fn host(&self) -> &str {
        &self.host
    }

    fn to_uri(&self) -> String {
        match self.user.as_str() {
            "" => format!("sip:{}", self.host),
            user => format!("sip:{user}@{}", self.host),
        }
    }
}

impl fmt::Debug for SipAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SipAddress(…@{})", self.host)
    }
}

/// Takes the address out of `"Name" <address>`.
fn strip_brackets(text: &str) -> &str {
    match (text.rfind('<'), text.strip_suffix('>')) {
        (Some(start), Some(inner)) if !text.eq_ignore_ascii_case("<unknown>") => {
            inner[start + 1..].trim()
        }
        _ => text,
    }
}

fn sip_part(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    (scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips")).then_some(rest)
}
