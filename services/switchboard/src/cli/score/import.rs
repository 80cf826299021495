//! `score import`: what is known about the worth of customers, from a file, row by row.

use std::path::{Path, PathBuf};

use clap::Args;
use futures::stream::{FuturesUnordered, StreamExt as _};
use switchboard_api::callerid::v1::{
    CustomerValue, GetCustomerValueRequest, SetCustomerValueRequest, ValueInput,
};
use switchboard_client::Connection;
use switchboard_domain::customer::value::ValueInput as Input;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::cli::client::ClientArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::output::{Output, message};
use crate::cli::rows::{Layout, Record, Records, Refusals, RowFault};

/// The column that says which customer it is.
const KEY: &str = "customer_id";
/// The columns that are no inputs.
const WORDS: [&str; 4] = ["churn", "churn_reason", "life_cycle", "tier_source"];
/// How many rows are under way at once.
const AT_ONCE: usize = 16;
/// How often a row is tried when somebody else changes the same customer meanwhile.
const TRIES: u32 = 3;

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The file, CSV (.csv) or JSON Lines (.jsonl): `customer_id`, and a column for each input that is
    /// known, for churn, `churn_reason`, `life_cycle` or `tier_source`; an empty cell changes nothing
    file: PathBuf,
    /// Keeps the rows that were refused in a CSV file, with what would be accepted
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    #[command(flatten)]
    client: ClientArgs,
}

/// A row, and why it was refused if it was.
type Kept = Result<(), RowFault>;

impl ImportArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut records = Records::open(&self.file, layout(&self.file)?, None)?;
        let columns = Columns::of(records.header())?;
        let mut refusals = Refusals::open(self.errors.as_deref(), false)?;
        let connection = self.client.connect()?;
        let (mut running, mut kept) = (FuturesUnordered::new(), 0_u64);
        let mut count = |outcome: Result<Kept, Status>| -> anyhow::Result<()> {
            match outcome? {
                Ok(()) => kept += 1,
                Err(fault) => refusals.add(&fault)?,
            }
            Ok(())
        };
        while let Some(record) = records.next()? {
            match record {
                Ok(record) => running.push(keep(&connection, &columns, record)),
                Err(fault) => count(Ok(Err(fault)))?,
            }
            if running.len() >= AT_ONCE
                && let Some(outcome) = running.next().await
            {
                count(outcome)?;
            }
        }
        while let Some(outcome) = running.next().await {
            count(outcome)?;
        }
        refusals.flush()?;
        out.line(&format!("{kept} kept, {} refused", refusals.count()))?;
        if refusals.count() > 0 {
            return Err(told(Exit::Failed, format!("{} rows were refused", refusals.count())));
        }
        Ok(())
    }
}

fn layout(file: &Path) -> anyhow::Result<Layout> {
    let unknown = "the name of the file must end with .csv or .jsonl";
    Layout::of(file).ok_or_else(|| told(Exit::NotUnderstood, unknown))
}

/// What each column of the file holds.
#[derive(Debug, PartialEq, Eq)]
struct Columns(Vec<Option<String>>);

impl Columns {
    fn of(header: &[String]) -> anyhow::Result<Self> {
        let refuse = |text: String| Err(told(Exit::NotUnderstood, text));
        let columns: Vec<Option<String>> = header.iter().map(|name| known(name)).collect();
        for (name, column) in header.iter().zip(&columns) {
            if column.is_none() {
                message(&format!("  {name} → not used"));
            }
        }
        let has = |name: &str| columns.iter().flatten().any(|column| column == name);
        if !has(KEY) {
            return refuse(format!("no column is named `{KEY}`; there are {}", header.join(", ")));
        }
        if columns.iter().flatten().count() < 2 {
            let inputs =
                Input::ALL.iter().map(|input| input.as_str()).collect::<Vec<_>>().join(", ");
            return refuse(format!("no column is one of {inputs}, {}", WORDS.join(", ")));
        }
        Ok(Self(columns))
    }

    /// Gives the cells of a row that say something, each with its column.
    fn cells<'row>(
        &'row self,
        record: &'row Record,
    ) -> impl Iterator<Item = (&'row str, &'row str)> {
        let cells = self.0.iter().zip(&record.cells);
        let named = cells.filter_map(|(name, cell)| Some((name.as_deref()?, cell.trim())));
        named.filter(|(_, cell)| !cell.is_empty())
    }
}

fn known(name: &str) -> Option<String> {
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    let is_known = name == KEY
        || WORDS.contains(&name.as_str())
        || Input::ALL.iter().any(|input| input.as_str() == name);
    is_known.then_some(name)
}

/// Keeps a row beside what is known already; fails where no row could be kept.
async fn keep(connection: &Connection, columns: &Columns, record: Record) -> Result<Kept, Status> {
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let value = match merged(connection, columns, &record).await {
            Ok(value) => value,
            Err(status) => return refused(&record, &[], status).map(Err),
        };
        let request = SetCustomerValueRequest { value: Some(value.clone()) };
        match connection.values().set_customer_value(request).await {
            Ok(_) => return Ok(Ok(())),
            Err(status) if status.code() == Code::Aborted && tries > 0 => {}
            Err(status) => return refused(&record, &value.inputs, status).map(Err),
        }
    }
}

/// Gives what is known of the customer of a row, with what the row says.
async fn merged(
    connection: &Connection,
    columns: &Columns,
    record: &Record,
) -> Result<CustomerValue, Status> {
    let named = columns.cells(record).find(|(name, _)| *name == KEY);
    let customer_id = named.map(|(_, id)| id.to_owned()).unwrap_or_default();
    let request = GetCustomerValueRequest { customer_id };
    let known = connection.values().get_customer_value(request).await?;
    let mut value = known.into_inner().value.unwrap_or_default();
    for (name, cell) in columns.cells(record) {
        fill(&mut value, name, cell);
    }
    Ok(value)
}

fn fill(value: &mut CustomerValue, name: &str, cell: &str) {
    match name {
        KEY => {}
        "churn" => cell.clone_into(&mut value.churn),
        "churn_reason" => cell.clone_into(&mut value.churn_reason),
        "life_cycle" => cell.clone_into(&mut value.life_cycle),
        "tier_source" => cell.clone_into(&mut value.tier_source),
        input => {
            value.inputs.retain(|known| known.input != input);
            let measure = Some(super::measure(cell));
            value.inputs.push(ValueInput { input: input.to_owned(), measure });
        }
    }
}

/// Says why a row was refused; a status that is about no row stays one.
fn refused(record: &Record, inputs: &[ValueInput], status: Status) -> Result<RowFault, Status> {
    let is_of_the_row = matches!(
        status.code(),
        Code::InvalidArgument | Code::NotFound | Code::Aborted | Code::FailedPrecondition
    );
    let Some(info) = status.get_error_details().error_info().cloned().filter(|_| is_of_the_row)
    else {
        return Err(status);
    };
    // Without a model no row can be kept.
    if info.reason == "NO_VALUE_MODEL" {
        return Err(status);
    }
    let told = |key: &str| info.metadata.get(key).cloned().unwrap_or_default();
    Ok(RowFault {
        row: record.row,
        column: column(&told("field"), inputs),
        value: told("value"),
        reason: info.reason.clone(),
        expected: told("expected"),
    })
}

/// Names the column of a field such as `value.inputs[0]`.
fn column(field: &str, inputs: &[ValueInput]) -> String {
    let field = field.strip_prefix("value.").unwrap_or(field);
    let place = field.strip_prefix("inputs[").and_then(|rest| rest.split(']').next());
    let input = place.and_then(|place| inputs.get(place.parse::<usize>().ok()?));
    input.map_or_else(|| field.to_owned(), |input| input.input.clone())
}

#[cfg(test)]
mod tests {
    use switchboard_api::callerid::v1::value_input::Measure;

    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_file_says_which_customer_and_at_least_one_thing_about_it() {
        let whole = Columns::of(&header(&["Customer ID", "Purchases", "shoe size"])).unwrap();

        let named = |name: &str| Some(name.to_owned());
        assert_eq!(whole, Columns(vec![named("customer_id"), named("purchases"), None]));
        assert!(Columns::of(&header(&["purchases"])).is_err());
        assert!(Columns::of(&header(&["customer_id", "shoe size"])).is_err());
    }

    #[test]
    fn a_cell_takes_the_place_of_what_was_known_and_an_empty_one_leaves_it() {
        let columns = Columns::of(&header(&["customer_id", "purchases", "potential", "churn"]));
        let cells = header(&["li", "500", "", "partial"]);
        let mut value = CustomerValue {
            inputs: vec![super::super::input("purchases=1").unwrap()],
            churn_reason: "price".to_owned(),
            ..CustomerValue::default()
        };

        for (name, cell) in columns.unwrap().cells(&Record { row: 1, cells }) {
            fill(&mut value, name, cell);
        }

        let purchases = Some(Measure::Number(500));
        let inputs = [ValueInput { input: "purchases".to_owned(), measure: purchases }];
        assert_eq!(value.inputs, inputs);
        assert_eq!((value.churn.as_str(), value.churn_reason.as_str()), ("partial", "price"));
    }
}
