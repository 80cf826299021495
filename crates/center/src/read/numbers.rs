//! `numbers.yaml`.

use switchboard_domain::center::{CalledNumber, CalledNumbers, NumberSpan};
use switchboard_domain::phone::Country;

use super::settings::Settings;
use crate::item::Item;
use crate::keys::people::NUMBER;
use crate::known::Known;

/// Reads `numbers.yaml`.
pub(super) fn read(
    root: Option<&Item<'_>>,
    known: &Known,
    settings: Option<&Settings>,
) -> CalledNumbers {
    let mut entries = Vec::new();
    let mut places = Vec::new();
    for (entry, value) in root.into_iter().flat_map(Item::entries) {
        let value = value.called(format!("number {:?}", entry.name));
        match NumberSpan::parse(&entry.name) {
            Ok(span) => {
                if let Some(called) = called_number(&span, &value, known, settings) {
                    entries.push(called);
                    places.push((span, entry.place));
                }
            }
            Err(error) => value.report_at(entry.place, error),
        }
    }
    CalledNumbers::build(entries).unwrap_or_else(|clashes| {
        for clash in clashes {
            let place = places.iter().find(|(span, _)| *span == clash.other);
            if let (Some(root), Some((span, place))) = (root, place) {
                root.called(format!("number \"{span}\"")).report_at(*place, &clash);
            }
        }
        CalledNumbers::default()
    })
}

fn called_number(
    span: &NumberSpan,
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
        span: span.clone(),
        brand: brand.map(String::from),
        flow: flow?,
        language: language?,
        default_country: default_country?,
    })
}
