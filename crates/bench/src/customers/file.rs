//! Files of made-up customers.

use std::io::Write as _;
use std::ops::Range;

use tempfile::{Builder, NamedTempFile};

/// Writes customers to a CSV file that ends with its last line.
pub(super) fn write(customers: Range<u64>) -> anyhow::Result<NamedTempFile> {
    let file = Builder::new().suffix(".csv").tempfile()?;
    let mut writer = std::io::BufWriter::new(file);
    writeln!(writer, "customer_id,display_name,tier,language,numbers")?;
    for n in customers {
        let tier = ["A1", "A2", "A3", "B1", "B2", "C1", "C2"][usize::try_from(n % 7)?];
        let (mobile, office) = (number(n), format!("+8621{:08}", 60_000_000 + n % 30_000_000));
        writeln!(writer, "bench-{n},Customer {n},{tier},zh-CN,{mobile}=mobile; {office}=office")?;
    }
    Ok(writer.into_inner()?)
}

/// Gives the number that only one customer has.
pub(super) fn number(n: u64) -> String {
    format!("+86138{:08}", n % 100_000_000)
}
