//! `numbers.yaml`.

use std::collections::BTreeMap;

use switchboard_domain::center::CalledNumber;
use switchboard_domain::phone::{Country, E164};

use super::settings::Settings;
use crate::item::Item;
use crate::keys::people::NUMBER;
use crate::known::Known;

/// Reads `numbers.yaml`.
pub(super) fn read(
    root: Option<&Item<'_>>,
    known: &Known,
    settings: Option<&Settings>,
) -> BTreeMap<E164, CalledNumber> {
    let mut numbers = BTreeMap::new();
    for (entry, value) in root.into_iter().flat_map(Item::entries) {
        let value = value.called(format!("number {:?}", entry.name));
        match E164::parse(&entry.name) {
            Ok(number) => {
                if let Some(called) = called_number(&number, &value, known, settings) {
                    numbers.insert(number, called);
                }
            }
            Err(error) => value.report_at(
                entry.place,
                format!("{error}; a called number is written like \"+862160000000\""),
            ),
        }
    }
    numbers
}

fn called_number(
    number: &E164,
    item: &Item<'_>,
    known: &Known,
    settings: Option<&Settings>,
) -> Option<CalledNumber> {
    let fields = item.fields(&NUMBER)?;
    let flow = fields.required("flow").and_then(|flow| known.flow(&flow));
    let brand = fields.optional("brand").and_then(|brand| brand.text());
    let language = match fields.optional("language") {
        Some(language) => known.language(&language),
        None => settings.map(|settings| settings.default_language.clone()),
    };
    let default_country = match fields.optional("default_country") {
        Some(country) => country.parse::<Country>(),
        None => settings.map(|settings| settings.default_country),
    };
    fields.finish();
    Some(CalledNumber {
        number: number.clone(),
        brand: brand.map(String::from),
        flow: flow?,
        language: language?,
        default_country: default_country?,
    })
}
