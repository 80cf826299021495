//! The reference page of every key, written from the table the readers work by.

mod errors;
mod schema;

use std::fmt::Write as _;

use crate::keys::{Key, PAGES, Section};

pub use errors::flow_errors;
pub use schema::{cases_schema, flow_schema};

const INTRODUCTION: &str = "\
A center is a folder of YAML files. `switchboard validate FOLDER` checks it, `switchboard plan` shows \
what would change, `switchboard apply` brings it into force; [operate.md](../operate.md#a-center-as-code) \
tells how. A key that is not listed here is refused with file, line and the nearest name that is.

| written here | means |
| --- | --- |
| duration | whole numbers with units `ms`, `s`, `m`, `h`, `d`: `500ms`, `20s`, `1m30s` |
| id | 1 to 64 characters of `A-Z a-z 0-9 . _ -` |
| text by language | one text, or one for each served language: `{zh-CN: 订票, en: Booking}` |
| *in italics* | a mapping with keys of its own, in a table below |
| a → b | a mapping of names you choose to values |

Values are read as text whatever they look like, so quotes are only needed where YAML itself needs \
them. Anchors, aliases, tags, repeated keys and several documents in a file are refused, as are files \
above 1 MiB.
";

/// Writes the page.
pub fn reference() -> String {
    let mut page = format!("# A center's files\n\n{INTRODUCTION}");
    for file in PAGES {
        add(&mut page, format_args!("\n## {}\n\n{}\n", file.file, file.about));
        for section in file.sections {
            add_section(&mut page, section);
        }
    }
    page
}

fn add_section(page: &mut String, section: &Section) {
    add(page, format_args!("\n### {}\n", capitalised(section.title)));
    if !section.about.is_empty() {
        add(page, format_args!("\n{}\n", section.about));
    }
    add(page, format_args!("\n| key | takes | default | meaning |\n| --- | --- | --- | --- |\n"));
    for Key { name, takes, default, meaning } in section.keys {
        add(page, format_args!("| `{name}` | {takes} | {default} | {meaning} |\n"));
    }
}

fn add(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("a string takes any text");
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
