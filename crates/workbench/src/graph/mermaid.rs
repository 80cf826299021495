//! A flow as a Mermaid flowchart.

use std::fmt::Write as _;

use switchboard_domain::flow::Flow;

use super::{Drawing, Figure, Look};

/// Draws a flow as a Mermaid flowchart.
pub fn mermaid(flow: &Flow) -> String {
    let drawing = Drawing::of(flow);
    let mut text = format!("---\ntitle: {}\n---\nflowchart TD\n", quoted(&drawing.title));
    let _ = writeln!(text, "  start((\" \")) --> n{}", drawing.start);
    for (index, figure) in drawing.boxes.iter().enumerate() {
        let _ = writeln!(text, "  n{index}{}:::{}", shape(figure), figure.look.name());
    }
    for arrow in &drawing.arrows {
        let labels: Vec<String> = arrow.labels.iter().map(|label| escaped(label)).collect();
        let label = if labels.is_empty() {
            String::new()
        } else {
            format!("|\"{}\"|", labels.join("<br/>"))
        };
        let _ = writeln!(text, "  n{} -->{label} n{}", arrow.from, arrow.to);
    }
    for look in Look::ALL {
        let (fill, stroke) = look.colours();
        let name = look.name();
        let _ = writeln!(text, "  classDef {name} fill:{fill},stroke:{stroke},color:#1f2328");
    }
    text
}

fn shape(figure: &Figure) -> String {
    let person = if figure.is_human { "☎ " } else { "" };
    let words = format!("\"{person}{}<br/><i>{}</i>\"", escaped(&figure.id), escaped(&figure.does));
    match figure.look {
        Look::Plain => format!("[{words}]"),
        Look::Question => format!("[/{words}/]"),
        Look::Choice => format!("{{{words}}}"),
        Look::World => format!("[[{words}]]"),
        Look::End => format!("([{words}])"),
    }
}

// Mermaid reads entities with a `#`; its own signs would end a label.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => safe.push_str("#quot;"),
            '<' => safe.push_str("#lt;"),
            '>' => safe.push_str("#gt;"),
            '#' => safe.push_str("#35;"),
            '&' => safe.push_str("#amp;"),
            control if control.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

// A title is a value of YAML.
fn quoted(title: &str) -> String {
    let plain: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("'{}'", plain.replace('\'', "''"))
}
