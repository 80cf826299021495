//! Files that a ticket refers to: where they are and how to recognise them. The bytes are elsewhere.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::ids::AttachmentId;
use crate::time::Timestamp;

/// The most files that a ticket refers to.
pub const MAX_ATTACHMENTS: usize = 50;

/// The longest address, in characters.
const MAX_URI: usize = 2_000;
/// The longest name of a type, in characters.
const MAX_TYPE: usize = 127;

/// A file that a ticket refers to.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Names it within its ticket.
    pub id: AttachmentId,
    /// What people call the file.
    pub name: String,
    /// What kind of file it is.
    pub media_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
    /// By what its bytes are recognised.
    pub sha256: Sha256,
    /// Where it is.
    pub uri: AttachmentUri,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
}

/// Hides what may name people.
impl fmt::Debug for Attachment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, media_type, size, .. } = self;
        write!(formatter, "Attachment {{ id: {id}, media_type: {media_type}, size: {size} }}")
    }
}

/// The type of a file, such as `application/pdf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType(String);

/// Says that a text is no type of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a media type is two words joined by `/`, such as `application/pdf`")]
pub struct MediaTypeError;

/// The SHA-256 of the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sha256([u8; 32]);

/// Says that a text is no SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a SHA-256 is 64 digits of `0-9 a-f`")]
pub struct Sha256Error;

/// Where a file is.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachmentUri(String);

/// Says why a text is no address of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AttachmentUriError {
    /// It leads elsewhere than to a store of files.
    #[error("an attachment is at `https://…` or `s3://…`")]
    Scheme,
    /// It names nothing at its host, or no host.
    #[error("an attachment has a host and a path, such as `https://files.example/a.pdf`")]
    Incomplete,
    /// It holds a name or a password to get in.
    #[error("an attachment has no user information: whoever opens it brings their own")]
    UserInfo,
    /// It is too long, or holds what an address does not.
    #[error("an attachment has at most 2000 characters of ASCII, no blanks and no `#`")]
    BadCharacter,
}

impl FromStr for MediaType {
    type Err = MediaTypeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_word = |word: &str| {
            let fits = |sign: char| sign.is_ascii_alphanumeric() || "!#$&-^_.+".contains(sign);
            word.starts_with(|first: char| first.is_ascii_alphanumeric()) && word.chars().all(fits)
        };
        let is_type = |(kind, sub): (&str, &str)| is_word(kind) && is_word(sub);
        if text.len() <= MAX_TYPE && text.split_once('/').is_some_and(is_type) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(MediaTypeError)
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Sha256 {
    type Err = Sha256Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_digit = |digit: &u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(digit);
        if text.len() != 64 || !text.as_bytes().iter().all(is_digit) {
            return Err(Sha256Error);
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = str::from_utf8(digits).map_err(|_| Sha256Error)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| Sha256Error)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl AttachmentUri {
    /// Gives the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides what may name people, or let somebody in.
impl fmt::Debug for AttachmentUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AttachmentUri({} characters)", self.0.len())
    }
}

impl FromStr for AttachmentUri {
    type Err = AttachmentUriError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_odd = |sign: char| !sign.is_ascii_graphic() || "#\"<>\\^`{|}".contains(sign);
        if text.len() > MAX_URI || text.chars().any(is_odd) {
            return Err(AttachmentUriError::BadCharacter);
        }
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("s3://"));
        let rest = rest.ok_or(AttachmentUriError::Scheme)?;
        // Browsers and servers may differ on where a host ends; whatever comes before a path counts.
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(AttachmentUriError::UserInfo);
        }
        let path = rest.strip_prefix(authority).and_then(|path| path.strip_prefix('/'));
        let host = authority.split(':').next().unwrap_or_default();
        if host.is_empty() || path.is_none_or(str::is_empty) {
            return Err(AttachmentUriError::Incomplete);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_at_an_address_without_a_way_in() {
        for good in [
            "https://files.example/a.pdf",
            "s3://bucket/2026/a.pdf",
            "https://f.example:8443/a?v=1",
        ] {
            let uri: AttachmentUri = good.parse().expect("an address");
            assert_eq!(uri.as_str(), good);
        }
        for (bad, why) in [
            ("http://files.example/a.pdf", AttachmentUriError::Scheme),
            ("file:///etc/passwd", AttachmentUriError::Scheme),
            ("HTTPS", AttachmentUriError::Scheme),
            ("https://li:secret@files.example/a.pdf", AttachmentUriError::UserInfo),
            ("https://files.example", AttachmentUriError::Incomplete),
            ("https://files.example/", AttachmentUriError::Incomplete),
            ("https:///a.pdf", AttachmentUriError::Incomplete),
            ("https://:80/a.pdf", AttachmentUriError::Incomplete),
            ("https://files.example/a b.pdf", AttachmentUriError::BadCharacter),
            ("https://files.example/a.pdf#page", AttachmentUriError::BadCharacter),
            ("https://good.example\\@bad.example/a", AttachmentUriError::BadCharacter),
        ] {
            assert_eq!(bad.parse::<AttachmentUri>().err(), Some(why), "{bad}");
        }
    }

    #[test]
    fn a_type_and_a_hash_read_back_as_they_are_written() {
        let hash = "0123456789abcdef".repeat(4);

        assert_eq!(hash.parse::<Sha256>().expect("a hash").to_string(), hash);
        assert_eq!("Image/PNG".parse::<MediaType>().expect("a type").to_string(), "image/png");
        for bad in ["", "pdf", "/pdf", "a/b/c", "a/b c", "a/"] {
            assert!(bad.parse::<MediaType>().is_err(), "{bad}");
        }
        for bad in ["", "0123", &"g".repeat(64), &"A".repeat(64), &"é".repeat(32)] {
            assert!(bad.parse::<Sha256>().is_err(), "{bad}");
        }
    }
}
