//! What the nodes of one flow may refer to.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::{Endpoint, PromptKey};
use switchboard_domain::flow::expression::{Scope as Names, Subject};
use switchboard_domain::flow::{NodeId, ValueKind, slots};
use switchboard_domain::ids::EndpointId;

use super::target;
use crate::fields::Fields;
use crate::item::{Code, Item};
use crate::known::Known;
use crate::nearest::did_you_mean;
use crate::read::sounds::check_readout;

/// What the nodes of one flow may refer to.
pub(in crate::read) struct Scope<'a> {
    pub(in crate::read) known: &'a Known,
    pub(in crate::read) names: &'a BTreeSet<&'a str>,
    pub(in crate::read) fields: &'a BTreeMap<String, ValueKind>,
    pub(in crate::read) secrets: &'a BTreeSet<String>,
    pub(in crate::read) endpoints: &'a BTreeMap<EndpointId, Endpoint>,
}

impl Scope<'_> {
    /// Reads the name of a node.
    pub(super) fn target(&self, item: &Item<'_>) -> Option<NodeId> {
        target(item, self.names)
    }

    /// Reads a node that must follow.
    pub(super) fn to(&self, fields: &Fields<'_>, name: &'static str) -> Option<NodeId> {
        self.target(&fields.required(name)?)
    }

    /// Reads a node that may follow.
    pub(super) fn maybe_to(&self, fields: &Fields<'_>, name: &'static str) -> Option<NodeId> {
        self.target(&fields.optional(name)?)
    }

    /// Reads what is played.
    pub(super) fn prompts(&self, fields: &Fields<'_>, name: &'static str) -> Vec<PromptKey> {
        let item = fields.optional(name);
        item.map(|value| value.list(|key| self.known.prompt(key))).unwrap_or_default()
    }

    /// Reads the name of a field that something sets and everybody may see.
    pub(super) fn field(&self, item: &Item<'_>) -> Option<String> {
        let name = item.text()?;
        self.has_field(item, name).then(|| name.into())
    }

    /// Reads a text with fields in it.
    pub(super) fn template(&self, item: &Item<'_>) -> Option<String> {
        let text = item.text()?;
        for slot in slots(text) {
            self.has_field(item, slot.field);
            check_readout(item, slot);
        }
        Some(text.into())
    }

    /// Reads names with a text for each.
    pub(super) fn templates(
        &self,
        fields: &Fields<'_>,
        name: &'static str,
    ) -> BTreeMap<String, String> {
        let Some(item) = fields.optional(name) else { return BTreeMap::new() };
        let texts = item.named::<String>().into_iter();
        texts.filter_map(|(key, text)| Some((key, self.template(&text)?))).collect()
    }

    /// Gives the names that expressions may use.
    pub(super) const fn expressions(&self, subject: Subject) -> Names<'_> {
        Names { fields: self.fields, subject }
    }

    fn has_field(&self, item: &Item<'_>, name: &str) -> bool {
        if self.fields.contains_key(name) {
            return true;
        }
        if self.secrets.contains(name) {
            let message = format!("the sensitive field {name:?} may be used by a fetch node only");
            item.refuse(Code::Sensitive, message);
            return false;
        }
        let hint = did_you_mean(name, self.fields.keys().map(String::as_str));
        item.refuse(Code::UnknownField, format!("nothing sets a field {name:?}{hint}"));
        false
    }
}
