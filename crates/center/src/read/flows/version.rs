//! The version of a flow: a number made from everything it says.

use switchboard_domain::flow::FlowVersion;

use crate::yaml::{Value, Yaml};

/// Gives the version of a flow from what it says, and the versions of the flows it calls in the
/// order of their ids.
///
/// FNV-1a over names and values: a new comment keeps the version, a new word changes it, and so does
/// a new version of a flow that is called.
pub(crate) fn of(yaml: &Yaml, called: impl Iterator<Item = FlowVersion>) -> FlowVersion {
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    hash.yaml(yaml);
    for version in called {
        hash.text("v", &version.to_string());
    }
    FlowVersion(hash.0)
}

struct Hash(u64);

impl Hash {
    fn yaml(&mut self, yaml: &Yaml) {
        match &yaml.value {
            Value::Scalar(text) => self.text("s", text),
            Value::List(items) => {
                self.text("l", &items.len().to_string());
                for value in items {
                    self.yaml(value);
                }
            }
            Value::Map(entries) => {
                self.text("m", &entries.len().to_string());
                for entry in entries {
                    self.text("k", &entry.name);
                    self.yaml(&entry.yaml);
                }
            }
        }
    }

    fn text(&mut self, kind: &str, text: &str) {
        for byte in kind.bytes().chain(text.bytes()).chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
