//! The bytes of a file as UTF-8, in bounded memory whatever is in them.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use encoding_rs::{Encoding, GB18030, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;

/// The most text of one record, in bytes: far more than any customer has.
pub(in crate::cli) const MAX_RECORD: u64 = 1024 * 1024;
/// How much of a file is looked at to guess its encoding.
const SAMPLE: u64 = 64 * 1024;

/// How much of a file was read, and whether it stands within quotes.
#[derive(Clone, Default)]
pub(in crate::cli) struct Meter(Rc<State>);

#[derive(Default)]
struct State {
    raw: Cell<u64>,
    since_record: Cell<u64>,
    place: Cell<Place>,
}

/// Where in a CSV file a byte stands; a quote opens only at the beginning of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote within quotes, which closes them unless another one follows.
    QuoteSeen,
}

impl Place {
    const fn behind(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::QuoteSeen,
            (Self::Quoted, _) | (Self::FieldStart | Self::QuoteSeen, b'"') => Self::Quoted,
            (Self::FieldStart | Self::Plain | Self::QuoteSeen, b',' | b'\n' | b'\r') => {
                Self::FieldStart
            }
            (Self::FieldStart | Self::Plain | Self::QuoteSeen, _) => Self::Plain,
        }
    }
}

impl Meter {
    /// Gives how many bytes of the file were read.
    pub(in crate::cli) fn raw(&self) -> u64 {
        self.0.raw.get()
    }

    /// Says that a record ends and another is about to be read.
    pub(super) fn begin_record(&self) {
        self.0.since_record.set(0);
    }

    /// Says whether what was read so far ends within quotes.
    pub(super) fn is_in_quotes(&self) -> bool {
        self.0.place.get() == Place::Quoted
    }

    fn take(&self, bytes: &[u8]) -> io::Result<()> {
        let place = bytes.iter().fold(self.0.place.get(), |place, byte| place.behind(*byte));
        self.0.place.set(place);
        self.0.since_record.set(self.0.since_record.get() + bytes.len() as u64);
        if self.0.since_record.get() > MAX_RECORD {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a record is too long"));
        }
        Ok(())
    }
}

/// Opens a file as UTF-8, and says which encoding it is in.
///
/// A byte order mark decides, then what was asked for, then whether the beginning is UTF-8; what is
/// neither is most likely the encoding of Chinese spreadsheets.
pub(super) fn open(
    path: &Path,
    asked: Option<&'static Encoding>,
    meter: &Meter,
) -> io::Result<(Box<dyn Read>, &'static Encoding)> {
    let mut file = File::open(path)?;
    let mut sample = Vec::new();
    file.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
    file.seek(SeekFrom::Start(0))?;
    let marked = Encoding::for_bom(&sample).map(|(encoding, _)| encoding);
    let guessed = || if is_utf8(&sample) { UTF_8 } else { GB18030 };
    let encoding = marked.or(asked).unwrap_or_else(guessed);
    let counted = Counted { inner: BufReader::new(file), meter: meter.clone() };
    let decoded =
        DecodeReaderBytesBuilder::new().encoding(Some(encoding)).strip_bom(true).build(counted);
    Ok((Box::new(Bounded { inner: decoded, meter: meter.clone() }), encoding))
}

/// Says whether bytes are UTF-8, but for a letter that the end may cut.
fn is_utf8(sample: &[u8]) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

struct Counted<Inner> {
    inner: Inner,
    meter: Meter,
}

impl<Inner: Read> Read for Counted<Inner> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.0.raw.set(self.meter.raw() + count as u64);
        Ok(count)
    }
}

struct Bounded<Inner> {
    inner: Inner,
    meter: Meter,
}

impl<Inner: Read> Read for Bounded<Inner> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.take(&buffer[..count])?;
        Ok(count)
    }
}
