//! Every code a flow can be refused with: its cause, an example that is refused so, and the remedy.
//!
//! The reference page is written from this table, and a test reads every example.

mod graph;
mod names;
mod values;

/// One code.
pub(crate) struct Fault {
    /// The code.
    pub(crate) code: &'static str,
    /// What it means, in a sentence.
    pub(crate) cause: &'static str,
    /// Nodes, or a whole file, that are refused with it; `begin` is where calls begin.
    pub(crate) example: &'static str,
    /// What to do.
    pub(crate) remedy: &'static str,
}

/// The tables in the order of the page, each with its heading.
pub(crate) const FAULTS: [(&str, &[Fault]); 3] = [
    ("The way through the flow", graph::FAULTS),
    ("Names of other things", names::FAULTS),
    ("Keys and values", values::FAULTS),
];

/// Finds what is known about a code.
pub(crate) fn find(code: &str) -> Option<&'static Fault> {
    FAULTS.iter().flat_map(|(_, faults)| *faults).find(|fault| fault.code == code)
}

const fn fault(
    code: &'static str,
    cause: &'static str,
    example: &'static str,
    remedy: &'static str,
) -> Fault {
    Fault { code, cause, example, remedy }
}
