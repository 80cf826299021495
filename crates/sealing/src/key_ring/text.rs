//! A key ring as a text file: one key per line, what a secret store can hold.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{KeyRing, KeyRingError, MasterKey};
use crate::cipher::{KEY_LENGTH, Key};

const HEAD: &str = "\
# The key ring of Switchboard. With it and the database every personal number can be read; without
# it none can, ever again. Keep a copy apart from the copies of the database.
# The first `seal` key wraps what is new, the others open what is old. Never change `index`.
";

impl KeyRing {
    /// Reads a ring: `index KEY`, then `seal KEY` for each master key, the one in use first.
    pub fn parse(text: &str) -> Result<Self, KeyRingError> {
        let (mut indexes, mut keys) = (Vec::new(), Vec::<MasterKey>::new());
        for (number, line) in (1..).zip(text.lines().map(str::trim)) {
            match line.split_once(' ') {
                _ if line.is_empty() || line.starts_with('#') => {}
                Some(("index", key)) => indexes.push(read(key, number)?),
                Some(("seal", key)) => {
                    let added = MasterKey::new(read(key, number)?);
                    if keys.iter().any(|known| known.id == added.id) {
                        return Err(KeyRingError::Repeated(number));
                    }
                    keys.push(added);
                }
                Some(_) | None => return Err(KeyRingError::NotALine(number)),
            }
        }
        let (count, index) = (indexes.len(), indexes.pop());
        match index {
            Some(index) if count == 1 && !keys.is_empty() => Ok(Self { index, keys }),
            Some(_) if count == 1 => Err(KeyRingError::NothingSeals),
            Some(_) | None => Err(KeyRingError::Indexes(count)),
        }
    }

    /// Writes the ring as [`Self::parse`] reads it. The text is the secret itself.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(HEAD.to_owned());
        write(&mut text, "index", &self.index);
        for key in &self.keys {
            write(&mut text, "seal", &key.key);
        }
        text
    }
}

fn read(text: &str, line: usize) -> Result<Key, KeyRingError> {
    let bytes = STANDARD.decode(text.trim()).map(Zeroizing::new);
    let bytes = bytes.map_err(|_| KeyRingError::NotAKey(line))?;
    let key: [u8; KEY_LENGTH] =
        bytes.as_slice().try_into().map_err(|_| KeyRingError::NotAKey(line))?;
    Ok(key.into())
}

fn write(text: &mut String, name: &str, key: &Key) {
    text.push_str(name);
    text.push(' ');
    STANDARD.encode_string(key.as_ref(), text);
    text.push('\n');
}
