//! Inputs as a JSON object: a number or a word by the name of each.

use serde_json::{Map, Value};

use switchboard_domain::customer::value::{Measure, ValueInput, ValueInputs};

/// Writes inputs.
pub(super) fn to_json(inputs: &ValueInputs) -> Value {
    let entry = |(input, measure): (&ValueInput, &Measure)| {
        let value = match measure {
            Measure::Number(number) => Value::from(*number),
            Measure::Word(word) => Value::from(word.as_str()),
        };
        (input.as_str().to_owned(), value)
    };
    Value::Object(inputs.iter().map(entry).collect::<Map<_, _>>())
}

/// Reads inputs; what a later version wrote and this one does not know is not known.
pub(super) fn from_json(json: &Value) -> ValueInputs {
    let entries = json.as_object().into_iter().flatten();
    entries
        .filter_map(|(name, value)| {
            let number = value.as_i64().map(Measure::Number);
            let word = || value.as_str().and_then(|word| Measure::word(word).ok());
            Some((ValueInput::parse(name)?, number.or_else(word)?))
        })
        .collect()
}
