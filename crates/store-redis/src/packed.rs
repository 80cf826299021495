//! Reads what scripts packed: `MessagePack` of the few kinds that Lua makes.

use std::collections::BTreeMap;

/// A packed value; numbers, which Lua keeps as whole ones here, are given as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Packed {
    /// A text or a number.
    Text(String),
    /// A list.
    List(Vec<Packed>),
    /// Names and values.
    Map(BTreeMap<String, Packed>),
}

impl Packed {
    /// Gives the text, or the number as text.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Gives names and texts; an empty table reads as an empty list.
    pub(crate) fn into_fields(self) -> Option<BTreeMap<String, String>> {
        match self {
            Self::Map(values) => values
                .into_iter()
                .map(|(name, value)| match value {
                    Self::Text(text) => Some((name, text)),
                    Self::List(_) | Self::Map(_) => None,
                })
                .collect(),
            Self::List(values) if values.is_empty() => Some(BTreeMap::new()),
            Self::List(_) | Self::Text(_) => None,
        }
    }
}

/// Reads one value that fills all bytes.
pub(crate) fn value(bytes: &[u8]) -> Option<Packed> {
    let mut reader = Reader(bytes);
    let value = reader.value()?;
    reader.0.is_empty().then_some(value)
}

/// Reads a table of names and texts.
pub(crate) fn fields(bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    value(bytes)?.into_fields()
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn value(&mut self) -> Option<Packed> {
        let kind = self.take(1)?[0];
        Some(match kind {
            0x00..=0x7f => number(i64::from(kind)),
            0x80..=0x8f => self.map(u64::from(kind & 0x0f))?,
            0x90..=0x9f => self.list(u64::from(kind & 0x0f))?,
            0xa0..=0xbf => self.string(u64::from(kind & 0x1f))?,
            0xc2 => Packed::Text(String::new()),
            0xc3 => number(1),
            0xca => real(f64::from(f32::from_be_bytes(self.take(4)?.try_into().ok()?))),
            0xcb => real(f64::from_be_bytes(self.take(8)?.try_into().ok()?)),
            0xcc..=0xcf => number(i64::try_from(self.unsigned(1 << (kind - 0xcc))?).ok()?),
            0xd0..=0xd3 => number(self.signed(1 << (kind - 0xd0))?),
            0xd9..=0xdb => {
                let length = self.unsigned(1 << (kind - 0xd9))?;
                self.string(length)?
            }
            0xdc | 0xdd => {
                let length = self.unsigned(2 << (kind - 0xdc))?;
                self.list(length)?
            }
            0xde | 0xdf => {
                let length = self.unsigned(2 << (kind - 0xde))?;
                self.map(length)?
            }
            0xe0..=0xff => number(i64::from(kind) - 256),
            _ => return None,
        })
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn unsigned(&mut self, width: usize) -> Option<u64> {
        let bytes = self.take(width)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn signed(&mut self, width: usize) -> Option<i64> {
        let unused = 64 - 8 * u32::try_from(width).ok()?;
        Some((self.unsigned(width)? << unused).cast_signed() >> unused)
    }

    fn string(&mut self, length: u64) -> Option<Packed> {
        let bytes = self.take(usize::try_from(length).ok()?)?;
        Some(Packed::Text(std::str::from_utf8(bytes).ok()?.to_owned()))
    }

    fn list(&mut self, length: u64) -> Option<Packed> {
        (0..length).map(|_| self.value()).collect::<Option<Vec<_>>>().map(Packed::List)
    }

    fn map(&mut self, length: u64) -> Option<Packed> {
        let pairs = (0..length).map(|_| {
            let Packed::Text(name) = self.value()? else { return None };
            Some((name, self.value()?))
        });
        pairs.collect::<Option<BTreeMap<_, _>>>().map(Packed::Map)
    }
}

fn number(number: i64) -> Packed {
    Packed::Text(number.to_string())
}

/// Rounds as the scripts do where they write a number as text.
fn real(number: f64) -> Packed {
    Packed::Text(format!("{number:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lua_packs_is_read_back() {
        // { "ab", 7, -1, 300, -40000, 1795262400000, {}, { a = "b" } }
        let mut bytes = vec![0x98, 0xa2, b'a', b'b', 0x07, 0xff, 0xcd, 0x01, 0x2c];
        bytes.extend([0xd2, 0xff, 0xff, 0x63, 0xc0]);
        bytes.push(0xcf);
        bytes.extend(1_795_262_400_000_u64.to_be_bytes());
        bytes.extend([0x90, 0x81, 0xa1, b'a', 0xa1, b'b']);

        let Some(Packed::List(values)) = value(&bytes) else { panic!("a list") };

        let texts: Vec<&str> = values.iter().filter_map(Packed::text).collect();
        assert_eq!(texts, ["ab", "7", "-1", "300", "-40000", "1795262400000"]);
        assert_eq!(values[6].clone().into_fields(), Some(BTreeMap::new()));
        let pair = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
        assert_eq!(values[7].clone().into_fields(), Some(pair));
    }

    #[test]
    fn what_is_cut_short_or_too_long_is_refused() {
        assert_eq!(value(&[0xa2, b'a']), None);
        assert_eq!(value(&[0x01, 0x02]), None);
        assert_eq!(value(&[]), None);
    }
}
