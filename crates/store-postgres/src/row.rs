//! Reading one row into domain types; what cannot be read names its column.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::str::FromStr;

use sqlx::postgres::{PgRow, Postgres};
use sqlx::{Decode, Row, Type};

use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::timestamp::At;

/// One row of one table.
pub(crate) struct Reader<'row> {
    row: &'row PgRow,
    table: &'static str,
}

impl<'row> Reader<'row> {
    pub(crate) const fn new(row: &'row PgRow, table: &'static str) -> Self {
        Self { row, table }
    }

    /// Reads a column as it is.
    pub(crate) fn get<Value>(&self, column: &str) -> Result<Value, StoreError>
    where
        Value: Decode<'row, Postgres> + Type<Postgres>,
    {
        self.row.try_get(column).map_err(about(self.name(column)))
    }

    /// Reads a text column into a type that checks it.
    pub(crate) fn parse<Value>(&self, column: &str) -> Result<Value, StoreError>
    where
        Value: FromStr<Err: StdError + Send + Sync + 'static>,
    {
        let text: &str = self.get(column)?;
        text.parse().map_err(|error: Value::Err| StoreError::corrupt(self.name(column), error))
    }

    /// Reads a text column that may be empty into a type that checks it.
    pub(crate) fn parse_optional<Value>(&self, column: &str) -> Result<Option<Value>, StoreError>
    where
        Value: FromStr<Err: StdError + Send + Sync + 'static>,
    {
        let text: Option<&str> = self.get(column)?;
        text.map(str::parse)
            .transpose()
            .map_err(|error: Value::Err| StoreError::corrupt(self.name(column), error))
    }

    /// Reads one of several words.
    pub(crate) fn word<Value>(
        &self,
        column: &str,
        parse: impl FnOnce(&str) -> Option<Value>,
    ) -> Result<Value, StoreError> {
        let word: &str = self.get(column)?;
        parse(word).ok_or_else(|| StoreError::corrupt(self.name(column), "an unknown word"))
    }

    /// Reads a time.
    pub(crate) fn at(&self, column: &str) -> Result<Timestamp, StoreError> {
        self.get::<At>(column).map(|at| at.0)
    }

    /// Reads a time that may be missing.
    pub(crate) fn at_optional(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        self.get::<Option<At>>(column).map(|at| at.map(|at| at.0))
    }

    /// Reads a count, which is never negative.
    pub(crate) fn count(&self, column: &str) -> Result<u64, StoreError> {
        let number: i64 = self.get(column)?;
        u64::try_from(number).map_err(|error| StoreError::corrupt(self.name(column), error))
    }

    /// Reads a count that may be missing.
    pub(crate) fn count_optional(&self, column: &str) -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = self.get(column)?;
        let count = number.map(u64::try_from).transpose();
        count.map_err(|error| StoreError::corrupt(self.name(column), error))
    }

    /// Reads a small count.
    pub(crate) fn small_count(&self, column: &str) -> Result<u32, StoreError> {
        let number: i64 = self.get(column)?;
        u32::try_from(number).map_err(|error| StoreError::corrupt(self.name(column), error))
    }

    /// Reads a JSON object of texts.
    pub(crate) fn texts(&self, column: &str) -> Result<BTreeMap<String, String>, StoreError> {
        self.get::<sqlx::types::Json<BTreeMap<String, String>>>(column).map(|json| json.0)
    }

    fn name(&self, column: &str) -> String {
        format!("{}.{column}", self.table)
    }
}

/// Turns a count into what a `bigint` column takes; what does not fit is far beyond any real one.
pub(crate) fn bigint(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
