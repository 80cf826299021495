//! Timestamps as `timestamptz`, without a calendar library in between.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

use switchboard_domain::time::Timestamp;

/// The ids of the types in every Postgres.
const TIMESTAMPTZ: Oid = Oid(1184);
const TIMESTAMPTZ_ARRAY: Oid = Oid(1185);
/// Postgres counts from 2000-01-01, in microseconds.
const POSTGRES_EPOCH_MILLIS: i64 = 946_684_800_000;

/// A timestamp on its way to or from a column.
#[derive(Clone, Copy)]
pub(crate) struct At(pub(crate) Timestamp);

impl Type<Postgres> for At {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ)
    }
}

impl PgHasArrayType for At {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ_ARRAY)
    }
}

impl Encode<'_, Postgres> for At {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let micros = self
            .0
            .as_millis()
            .checked_sub(POSTGRES_EPOCH_MILLIS)
            .and_then(|millis| millis.checked_mul(1_000))
            .ok_or("the time is out of range")?;
        buffer.extend_from_slice(&micros.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl Decode<'_, Postgres> for At {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        if value.format() != PgValueFormat::Binary {
            return Err("times are read in binary only".into());
        }
        let micros = i64::from_be_bytes(value.as_bytes()?.try_into()?);
        let millis = micros.div_euclid(1_000).saturating_add(POSTGRES_EPOCH_MILLIS);
        Ok(Self(Timestamp::from_millis(millis)))
    }
}
