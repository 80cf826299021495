//! `customer export`: every customer, as a file that can be imported again.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use switchboard_api::callerid::v1::{
    Customer, CustomerNumber, ExportCustomersRequest, NumberState,
};

use super::columns::{self, FIELDS, PROFILE};
use super::fields::kinds;
use crate::cli::client::ServerArgs;
use crate::cli::output::message;

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// How the file is laid out
    #[arg(short = 'o', long = "output", value_enum, default_value_t)]
    layout: ExportLayout,
    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum ExportLayout {
    /// A header and a line for each customer
    #[default]
    Csv,
    /// One JSON object for each customer
    Jsonl,
}

impl ExportArgs {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let connection = self.server.connect_as("admin")?;
        let profile = kinds(&mut connection.callers()).await?;
        let columns = columns_with(profile.keys());
        let mut transfers = connection.transfers();
        let mut pages = transfers.export_customers(ExportCustomersRequest {}).await?.into_inner();
        let mut file = Writer::new(self.layout, columns, io::stdout())?;
        let mut count = 0_u64;
        while let Some(page) = pages.message().await? {
            for customer in &page.customers {
                file.write(customer)?;
                count += 1;
            }
        }
        file.finish()?;
        message(&format!("{count} customers"));
        Ok(())
    }
}

/// Writes customers to a file.
struct Writer<Out: Write> {
    columns: Vec<String>,
    file: File<Out>,
}

enum File<Out: Write> {
    Csv(Box<csv::Writer<Out>>),
    Jsonl(io::BufWriter<Out>),
}

/// Gives every column, those of the fields of profiles last.
fn columns_with<'path>(profile: impl Iterator<Item = &'path String>) -> Vec<String> {
    let fields = FIELDS.into_iter().map(str::to_owned);
    fields.chain(profile.map(|path| format!("{PROFILE}{path}"))).collect()
}

impl<Out: Write> Writer<Out> {
    fn new(layout: ExportLayout, columns: Vec<String>, out: Out) -> anyhow::Result<Self> {
        let file = match layout {
            ExportLayout::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(&columns)?;
                File::Csv(Box::new(writer))
            }
            ExportLayout::Jsonl => File::Jsonl(io::BufWriter::new(out)),
        };
        Ok(Self { columns, file })
    }

    fn write(&mut self, customer: &Customer) -> anyhow::Result<()> {
        let columns = self.columns.iter();
        match &mut self.file {
            File::Csv(writer) => {
                writer.write_record(columns.map(|field| columns::get(customer, field)))?;
            }
            File::Jsonl(writer) => {
                let object: Map<String, Value> =
                    columns.map(|field| (field.clone(), value(customer, field))).collect();
                writeln!(writer, "{}", Value::Object(object))?;
            }
        }
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        match self.file {
            File::Csv(mut writer) => writer.flush(),
            File::Jsonl(mut writer) => writer.flush(),
        }
    }
}

fn value(customer: &Customer, field: &str) -> Value {
    match field {
        "numbers" => customer.numbers.iter().map(number).collect(),
        "external_ids" => {
            let external_ids = customer.external_ids.iter();
            external_ids.map(|named| json!({"system": named.system, "id": named.id})).collect()
        }
        _ => Value::String(columns::get(customer, field)),
    }
}

fn number(number: &CustomerNumber) -> Value {
    let is_retired = number.state() == NumberState::Retired;
    json!({"number": number.number, "label": number.label, "retired": is_retired})
}

#[cfg(test)]
pub(super) fn written(customers: &[Customer], is_csv: bool) -> Vec<u8> {
    let layout = if is_csv { ExportLayout::Csv } else { ExportLayout::Jsonl };
    let mut bytes = Vec::new();
    let columns = columns_with(std::iter::empty());
    let mut writer = Writer::new(layout, columns, &mut bytes).unwrap();
    for customer in customers {
        writer.write(customer).unwrap();
    }
    writer.finish().unwrap();
    bytes
}
