//! A flow as an SVG picture, drawn without any installed program.

use std::fmt::Write as _;

use switchboard_domain::flow::Flow;

use super::layout::{Layout, layout};
use super::{Drawing, Figure, Look};

const BOX_HEIGHT: f64 = 44.0;
const LAYER_HEIGHT: f64 = 108.0;
const GAP: f64 = 34.0;
const MARGIN: f64 = 24.0;
const HEAD: f64 = 40.0;
const LETTER: f64 = 7.4;

/// Draws a flow as SVG.
pub fn svg(flow: &Flow) -> String {
    let drawing = Drawing::of(flow);
    let widths: Vec<f64> = drawing.boxes.iter().map(width).collect();
    let arrows: Vec<(usize, usize)> =
        drawing.arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
    let placed = layout(&widths, &arrows, drawing.start, GAP);
    let picture = Picture { drawing, widths, placed };
    picture.text()
}

struct Picture {
    drawing: Drawing,
    widths: Vec<f64>,
    placed: Layout,
}

impl Picture {
    fn text(&self) -> String {
        let reach = |(node, width): (usize, &f64)| self.at(node).0 + width / 2.0;
        let right = self.widths.iter().enumerate().map(reach).fold(0.0, f64::max);
        let points = self.placed.places.iter().map(|place| place.x + MARGIN);
        let right = points.fold(right, f64::max) + MARGIN + GAP;
        let layers = f64::from(u32::try_from(self.placed.layers).unwrap_or(u32::MAX));
        let height = HEAD + layers * LAYER_HEIGHT + MARGIN;
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {right:.0} {height:.0}\" \
             width=\"{right:.0}\" height=\"{height:.0}\" font-family=\"system-ui, sans-serif\" \
             font-size=\"13\">\n<title>{title}</title>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" \
             refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path \
             d=\"M0 0L8 4L0 8z\" fill=\"#57606a\"/></marker></defs>\n<rect width=\"100%\" \
             height=\"100%\" fill=\"#ffffff\"/>\n<text x=\"{MARGIN}\" y=\"26\" font-size=\"16\" \
             font-weight=\"600\" fill=\"#1f2328\">{title}</text>\n",
            title = escaped(&self.drawing.title),
        );
        // Words stand over arrows, and boxes over both.
        self.arrows(&mut text);
        self.labels(&mut text);
        for (node, figure) in self.drawing.boxes.iter().enumerate() {
            self.figure(&mut text, node, figure);
        }
        text.push_str("</svg>\n");
        text
    }

    /// Gives the middle of a node or a point.
    fn at(&self, node: usize) -> (f64, f64) {
        let place = self.placed.places[node];
        let layer = f64::from(u32::try_from(place.layer).unwrap_or(u32::MAX));
        (place.x + MARGIN, HEAD + layer * LAYER_HEIGHT + BOX_HEIGHT / 2.0 + 12.0)
    }

    fn arrows(&self, text: &mut String) {
        let (x, y) = self.at(self.drawing.start);
        let top = y - BOX_HEIGHT / 2.0;
        let begins = top - 14.0;
        arrow(text, &format!("M{x:.1} {begins:.1}L{x:.1} {:.1}", top - 2.0), false);
        for (way, course) in self.drawing.arrows.iter().zip(&self.placed.courses) {
            match course.as_slice() {
                [only] => arrow(text, &self.ring(*only), true),
                course => {
                    let back = self.at(way.from).1 > self.at(way.to).1;
                    arrow(text, &self.curve(course), back);
                }
            }
        }
    }

    /// Draws a node's way to itself, on its right side.
    fn ring(&self, node: usize) -> String {
        let (x, y) = self.at(node);
        let right = x + self.widths[node] / 2.0;
        let (out, top, bottom) = (right + 26.0, y - 12.0, y + 12.0);
        format!(
            "M{right:.1} {top:.1}C{out:.1} {top:.1} {out:.1} {bottom:.1} {:.1} {bottom:.1}",
            right + 2.0
        )
    }

    /// Draws a way through its points, upright at each of them.
    fn curve(&self, course: &[usize]) -> String {
        let last = course.len() - 1;
        let ends = (self.at(course[0]).1, self.at(course[last]).1);
        let side = if ends.0 < ends.1 { 1.0 } else { -1.0 };
        let mut path = String::new();
        let mut before = (0.0, 0.0);
        for (index, node) in course.iter().enumerate() {
            let (x, middle) = self.at(*node);
            let edge = side * (BOX_HEIGHT / 2.0);
            let y = match index {
                0 => middle + edge,
                index if index == last => middle - edge - side * 2.0,
                _ => middle,
            };
            if index == 0 {
                let _ = write!(path, "M{x:.1} {y:.1}");
            } else {
                let half = (y - before.1) / 2.0;
                let (first, second) = (before.1 + half, y - half);
                let _ =
                    write!(path, "C{:.1} {first:.1} {x:.1} {second:.1} {x:.1} {y:.1}", before.0);
            }
            before = (x, y);
        }
        path
    }

    /// Writes what must happen for each way where it has left the others, the words of one node on
    /// lines of their own.
    fn labels(&self, text: &mut String) {
        let mut written = vec![0.0; self.drawing.boxes.len()];
        for (way, course) in self.drawing.arrows.iter().zip(&self.placed.courses) {
            let (x, y) = self.at(way.from);
            let (next, below) = self.at(course.get(1).copied().unwrap_or(way.from));
            let side = if below < y { -1.0 } else { 1.0 };
            let left = if course.len() == 1 {
                x + self.widths[way.from] / 2.0 + 44.0
            } else {
                x + (next - x) * 0.6
            };
            for label in &way.labels {
                let lines = &mut written[way.from];
                let line = if course.len() == 1 {
                    y
                } else {
                    y + side * (BOX_HEIGHT / 2.0 + 17.0 + *lines % 4.0 * 12.0)
                };
                *lines += 1.0;
                let _ = writeln!(
                    text,
                    "<text x=\"{left:.1}\" y=\"{line:.1}\" text-anchor=\"middle\" font-size=\"11\" \
                     fill=\"#57606a\" stroke=\"#ffffff\" stroke-width=\"3\" \
                     paint-order=\"stroke\">{}</text>",
                    escaped(label)
                );
            }
        }
    }

    fn figure(&self, text: &mut String, node: usize, figure: &Figure) {
        let (x, y) = self.at(node);
        let (width, (fill, stroke)) = (self.widths[node], figure.look.colours());
        let (left, top) = (x - width / 2.0, y - BOX_HEIGHT / 2.0);
        let round = match figure.look {
            Look::End => BOX_HEIGHT / 2.0,
            Look::Question => 10.0,
            Look::Plain | Look::Choice | Look::World => 3.0,
        };
        let thick = if figure.is_human { 3 } else { 1 };
        let _ = writeln!(
            text,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{BOX_HEIGHT}\" \
             rx=\"{round}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{thick}\"/>\n\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-weight=\"600\" \
             fill=\"#1f2328\">{}</text>\n<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" \
             font-size=\"11\" fill=\"#57606a\">{}</text>",
            y - 3.0,
            escaped(&figure.id),
            y + 13.0,
            escaped(&figure.does),
        );
    }
}

fn arrow(text: &mut String, path: &str, is_back: bool) {
    let dashes = if is_back { " stroke-dasharray=\"5 3\"" } else { "" };
    let _ = writeln!(
        text,
        "<path d=\"{path}\" fill=\"none\" stroke=\"#57606a\" marker-end=\"url(#tip)\"{dashes}/>"
    );
}

fn width(figure: &Figure) -> f64 {
    let letters = figure.id.chars().count().max(figure.does.chars().count());
    let letters = f64::from(u32::try_from(letters).unwrap_or(u32::MAX));
    (letters * LETTER + 28.0).max(80.0)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => safe.push_str("&quot;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            control if control.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
