//! `customer export`: every customer, as a file that can be imported again.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use switchboard_api::callerid::v1::{
    Customer, CustomerNumber, ExportCustomersRequest, NumberState,
};

use super::columns::{self, FIELDS, KEY};
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
        let mut transfers = self.server.connect_as("admin")?.transfers();
        let mut pages = transfers.export_customers(ExportCustomersRequest {}).await?.into_inner();
        let mut file = Writer::new(self.layout, io::stdout())?;
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
enum Writer<Out: Write> {
    Csv(Box<csv::Writer<Out>>),
    Jsonl(io::BufWriter<Out>),
}

impl<Out: Write> Writer<Out> {
    fn new(layout: ExportLayout, out: Out) -> anyhow::Result<Self> {
        Ok(match layout {
            ExportLayout::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record([&KEY].into_iter().chain(&FIELDS))?;
                Self::Csv(Box::new(writer))
            }
            ExportLayout::Jsonl => Self::Jsonl(io::BufWriter::new(out)),
        })
    }

    fn write(&mut self, customer: &Customer) -> anyhow::Result<()> {
        let columns = || [KEY].into_iter().chain(FIELDS);
        match self {
            Self::Csv(writer) => {
                writer.write_record(columns().map(|field| columns::get(customer, field)))?;
            }
            Self::Jsonl(writer) => {
                let object: Map<String, Value> =
                    columns().map(|field| (field.to_owned(), value(customer, field))).collect();
                writeln!(writer, "{}", Value::Object(object))?;
            }
        }
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush(),
            Self::Jsonl(mut writer) => writer.flush(),
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
    let mut writer = Writer::new(layout, &mut bytes).unwrap();
    for customer in customers {
        writer.write(customer).unwrap();
    }
    writer.finish().unwrap();
    bytes
}
