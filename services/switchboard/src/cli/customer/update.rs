//! `customer create` and `customer update`: a new record, new values for some fields of one.

use clap::Args;
use switchboard_api::callerid::v1::{CreateCustomerRequest, Customer, UpdateCustomerRequest};

use super::fields::FieldArgs;
use crate::cli::client::ClientArgs;
use crate::cli::output::Output;

/// A new record; name and tier are required.
#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    /// The customer's id; the center chooses one if it is left out
    #[arg(default_value = "")]
    customer: String,
    #[command(flatten)]
    fields: FieldArgs,
    #[command(flatten)]
    client: ClientArgs,
}

/// Which fields get which values; an empty text takes the value away.
#[derive(Args, Debug)]
pub(crate) struct UpdateArgs {
    /// The customer's id
    customer: String,
    #[command(flatten)]
    fields: FieldArgs,
    /// Changes the record only if it has this etag, as `customer get` shows it
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl CreateArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut customer = Customer { customer_id: self.customer, ..Customer::default() };
        self.fields.fill(&mut customer);
        let request = CreateCustomerRequest { customer: Some(customer) };
        let mut callers = self.client.connect()?.callers();
        let made = callers.create_customer(request).await?.into_inner().customer;
        super::show(&made.unwrap_or_default(), self.client.format(), out)
    }
}

impl UpdateArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut customer =
            Customer { customer_id: self.customer, etag: self.etag, ..Customer::default() };
        let update_mask = Some(self.fields.fill(&mut customer));
        let request = UpdateCustomerRequest { customer: Some(customer), update_mask };
        let mut callers = self.client.connect()?.callers();
        let changed = callers.update_customer(request).await?.into_inner().customer;
        super::show(&changed.unwrap_or_default(), self.client.format(), out)
    }
}
