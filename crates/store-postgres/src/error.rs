//! From what the driver says to what the caller can do.

use sqlx::postgres::PgDatabaseError;
use switchboard_store::error::StoreError;

/// Makes the translation of a driver's error about `what`.
pub(crate) fn about(what: impl Into<String>) -> impl FnOnce(sqlx::Error) -> StoreError {
    let what = what.into();
    move |error| translate(what, error)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the driver's errors grow with the driver")]
fn translate(what: String, error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::RowNotFound => StoreError::NotFound { what },
        sqlx::Error::Database(database) => {
            match database.try_downcast_ref::<PgDatabaseError>().map(Fault::of) {
                Some(Fault::Away) => StoreError::Unavailable(error.into()),
                Some(Fault::Taken) => StoreError::Conflict { what },
                Some(Fault::Dangling(missing)) => StoreError::NotFound { what: missing },
                Some(Fault::BadValue) => StoreError::Refused { what, source: error.into() },
                Some(Fault::BadStatement) | None => StoreError::corrupt(what, error),
            }
        }
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::TypeNotFound { .. } => StoreError::corrupt(what, error),
        sqlx::Error::Encode(_) => StoreError::Refused { what, source: error.into() },
        // Whatever else the driver meets, it met on the way: the way may be free next time.
        _ => StoreError::Unavailable(error.into()),
    }
}

/// Where the server complains of a right that was never granted.
const NO_GRANT: &str = "aclcheck_error";

/// What a complaint of the server means for the caller.
enum Fault {
    /// It is starting, stopping, out of something, or chose this one to break a tie. Or its schema is
    /// that of another release, of which somebody is about to run the migrations: what is asked for is
    /// right, and will be there.
    Away,
    /// A key is taken.
    Taken,
    /// A record refers to another one that is missing.
    Dangling(String),
    /// A value breaks a rule.
    BadValue,
    /// The statement is wrong: ours to mend.
    BadStatement,
}

impl Fault {
    fn of(error: &PgDatabaseError) -> Self {
        match error.code() {
            "23505" => Self::Taken,
            "23503" => Self::Dangling(referred(error)),
            // A grant that is missing comes with the migrations, as do tables, columns and functions.
            "42501" if error.routine() == Some(NO_GRANT) => Self::Away,
            "42P01" | "42703" | "42883" => Self::Away,
            // Row security: a row of another tenant, or none named.
            "42501" => Self::BadValue,
            code => match code.get(..2) {
                Some("08" | "25" | "40" | "53" | "55" | "57" | "58") => Self::Away,
                Some("22" | "23") => Self::BadValue,
                _ => Self::BadStatement,
            },
        }
    }
}

/// Names what is missing, by the constraint: `…_tenant_id_fkey` is about the tenant.
fn referred(error: &PgDatabaseError) -> String {
    match error.constraint() {
        Some(constraint) if constraint.ends_with("_tenant_id_fkey") => "such tenant".to_owned(),
        Some("tickets_merged") => "ticket to merge into".to_owned(),
        Some("promises_customer") => "customer to promise something to".to_owned(),
        Some(constraint) => format!("record for {constraint}"),
        None => "record referred to".to_owned(),
    }
}

/// Says that a call took too long.
#[derive(Debug, thiserror::Error)]
#[error("no answer within {0:?}")]
pub(crate) struct TooSlow(pub(crate) std::time::Duration);
