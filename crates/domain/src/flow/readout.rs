//! Texts with values in them, read out as people expect in their language.

use std::collections::BTreeMap;

use crate::center::Language;

/// How a value is read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readout {
    /// As it is.
    Plain,
    /// Digit by digit.
    Digits,
    /// As a whole number.
    Number,
    /// As a day.
    Date,
    /// As an amount, given in hundredths.
    Money,
}

impl Readout {
    /// Every way, with its word.
    pub const ALL: [(&'static str, Self); 4] = [
        ("digits", Self::Digits),
        ("number", Self::Number),
        ("date", Self::Date),
        ("money", Self::Money),
    ];

    /// Finds a way by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, readout)| readout)
    }

    /// Writes a value so that a speaker reads it out; one that does not fit is read as it is.
    pub fn write(self, value: &str, language: &Language) -> String {
        let written = match self {
            Self::Plain => None,
            Self::Digits => Some(digits(value)),
            Self::Number => value.parse().ok().map(|number| grouped(number, language)),
            Self::Date => date(value, language),
            Self::Money => value.parse().ok().map(|hundredths| money(hundredths, language)),
        };
        written.unwrap_or_else(|| value.to_owned())
    }
}

/// A place in a text where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot<'a> {
    /// The field.
    pub field: &'a str,
    /// The word for how it is read out, if there is one.
    pub readout: Option<&'a str>,
}

/// Finds the fields in a text: `{name}` or `{name:digits}`; a brace alone is itself.
pub fn slots(template: &str) -> Vec<Slot<'_>> {
    template.split('{').skip(1).filter_map(|rest| Some(slot(rest.split_once('}')?.0))).collect()
}

fn slot(inside: &str) -> Slot<'_> {
    match inside.split_once(':') {
        Some((field, readout)) => Slot { field, readout: Some(readout) },
        None => Slot { field: inside, readout: None },
    }
}

/// Puts fields where their names stand in braces; an unset field is nothing.
pub(super) fn fill(
    template: &str,
    fields: &BTreeMap<String, String>,
    language: &Language,
) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((inside, after_slot)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        let Slot { field, readout } = slot(inside);
        if let Some(value) = fields.get(field) {
            match readout.and_then(Readout::parse) {
                Some(readout) => filled.push_str(&readout.write(value, language)),
                None => filled.push_str(value),
            }
        }
        rest = after_slot;
    }
    filled.push_str(rest);
    filled
}

fn digits(value: &str) -> String {
    let letters: Vec<String> = value.chars().map(String::from).collect();
    letters.join(" ")
}

fn grouped(number: i64, language: &Language) -> String {
    let digits = number.unsigned_abs().to_string();
    let sign = if number < 0 { "-" } else { "" };
    // Speakers of Chinese take marks between groups of three for pauses.
    if language.primary() == "zh" {
        return format!("{sign}{digits}");
    }
    let mut marked = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            marked.push(',');
        }
        marked.push(digit);
    }
    marked
}

fn money(hundredths: i64, language: &Language) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let amount = hundredths.unsigned_abs();
    let whole = i64::try_from(amount / 100).unwrap_or(i64::MAX);
    format!("{sign}{}.{:02}", grouped(whole, language), amount % 100)
}

fn date(value: &str, language: &Language) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let mut parts = value.splitn(3, '-').map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    match language.primary() {
        "zh" => Some(format!("{year}年{month}月{day}日")),
        "en" => {
            let index = usize::try_from(month).ok()?.checked_sub(1)?;
            Some(format!("{day} {} {year}", MONTHS.get(index)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        Language::parse(tag).expect("a tag")
    }

    #[test]
    fn fields_stand_where_their_names_do() {
        let fields = BTreeMap::from([(String::from("origin"), String::from("021"))]);
        let fill = |template| fill(template, &fields, &language("en"));

        assert_eq!(fill("from {origin} to {destination}!"), "from 021 to !");
        assert_eq!(fill("from {origin:digits}"), "from 0 2 1");
        assert_eq!(fill("{origin"), "{origin");
        assert_eq!(fill("a } b {"), "a } b {");
    }

    #[test]
    fn values_are_read_out_as_their_language_does() {
        let read = |readout: Readout, value, tag| readout.write(value, &language(tag));

        assert_eq!(read(Readout::Date, "2026-12-25", "zh-CN"), "2026年12月25日");
        assert_eq!(read(Readout::Date, "2026-12-25", "en-GB"), "25 December 2026");
        assert_eq!(read(Readout::Date, "2026-12-25", "de"), "2026-12-25");
        assert_eq!(read(Readout::Number, "1234567", "en"), "1,234,567");
        assert_eq!(read(Readout::Number, "1234567", "zh"), "1234567");
        assert_eq!(read(Readout::Money, "-123450", "en"), "-1,234.50");
        assert_eq!(read(Readout::Money, "7", "zh-CN"), "0.07");
        assert_eq!(read(Readout::Money, "a lot", "en"), "a lot");
    }

    #[test]
    fn slots_are_found() {
        let found = slots("{a} and {b:money} and { and }");
        let plain: Vec<_> = found.iter().map(|slot| (slot.field, slot.readout)).collect();

        assert_eq!(plain, [("a", None), ("b", Some("money")), (" and ", None)]);
    }
}
