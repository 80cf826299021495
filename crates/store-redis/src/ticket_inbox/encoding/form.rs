//! What was filled in of a form, among the fields of an order.

use switchboard_domain::customer::profile::ProfileValue;
use switchboard_domain::floor::details::Details;
use switchboard_domain::ticket::Filled;
use switchboard_store::error::StoreError;

/// Begins the names of values; a letter for the type and the name of the field follow, and behind those
/// of a list the place, in as many digits as keep the order.
const VALUE: &str = "form.";
/// Begins the names of steps that were ticked.
const STEP: &str = "step.";

/// Adds what was filled in.
pub(super) fn write(filled: &Filled, told: &mut Details) {
    for (name, value) in &filled.values {
        match value {
            ProfileValue::Text(text) => told.set(&format!("{VALUE}t.{name}"), text),
            ProfileValue::Number(number) => {
                told.set(&format!("{VALUE}n.{name}"), &number.get().to_string());
            }
            ProfileValue::Boolean(flag) => {
                told.set(&format!("{VALUE}b.{name}"), &flag.to_string());
            }
            ProfileValue::Texts(texts) => {
                for (place, text) in texts.iter().enumerate() {
                    told.set(&format!("{VALUE}l.{name}.{place:04}"), text);
                }
            }
        }
    }
    for name in &filled.ticked {
        told.set(&format!("{STEP}{name}"), "true");
    }
}

/// Reads what was filled in.
pub(super) fn read(told: &Details) -> Result<Filled, StoreError> {
    let mut filled = Filled::default();
    for (field, text) in told.iter() {
        let taken = if let Some(step) = field.strip_prefix(STEP) {
            step.parse().ok().map(|step| {
                filled.ticked.insert(step);
            })
        } else if let Some(value) = field.strip_prefix(VALUE) {
            take(&mut filled, value, text)
        } else {
            continue;
        };
        let what = || format!("held ticket order: {field}");
        taken.ok_or_else(|| StoreError::corrupt(what(), "no such value"))?;
    }
    Ok(filled)
}

/// Takes one value, or one more of a list; none for what is no value.
fn take(filled: &mut Filled, field: &str, text: &str) -> Option<()> {
    let (letter, name) = field.split_once('.')?;
    let (name, _place) = name.split_once('.').unwrap_or((name, ""));
    let name = name.parse().ok()?;
    let value = match letter {
        "t" => ProfileValue::Text(text.to_owned()),
        "n" => text.parse().ok().and_then(ProfileValue::number)?,
        "b" => ProfileValue::Boolean(text.parse().ok()?),
        "l" => {
            let mut texts = match filled.values.remove(&name) {
                Some(ProfileValue::Texts(texts)) => texts,
                Some(_) | None => Vec::new(),
            };
            texts.push(text.to_owned());
            ProfileValue::Texts(texts)
        }
        _ => return None,
    };
    filled.values.insert(name, value);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_value_reads_back() {
        let value = |name: &str, value| (name.parse().expect("a name"), value);
        let texts = ["one\ttwo", "three = 3", "four"].map(str::to_owned).to_vec();
        let filled = Filled {
            values: [
                value("text", ProfileValue::Text("x = y".to_owned())),
                value("number", ProfileValue::number(-0.5).expect("a number")),
                value("flag", ProfileValue::Boolean(false)),
                value("texts", ProfileValue::Texts(texts)),
            ]
            .into(),
            ticked: ["look".parse().expect("a name")].into(),
        };
        let mut told = Details::new();

        write(&filled, &mut told);

        assert_eq!(read(&Details::decode(&told.encode())).expect("what was written"), filled);
    }

    #[test]
    fn what_is_no_value_is_corrupt() {
        for field in ["form.x.plate", "form.n.plate", "form.t.No Name", "step.No Name"] {
            let told = Details::new().with(field, "many");

            assert!(matches!(read(&told), Err(StoreError::Corrupt { .. })), "{field}");
        }
    }
}
