//! The stable codes of what can be wrong in a flow's file; [`FlowFault`] has those of its graph.
//!
//! [`FlowFault`]: switchboard_domain::flow::FlowFault

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What is wrong in a flow's file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Gives the code as it is shown.
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// The file is no YAML we take.
    NotYaml = "flow.not_yaml",
    /// A value is not what its key takes.
    BadValue = "flow.bad_value",
    /// A key that such a mapping does not have.
    UnknownKey = "flow.unknown_key",
    /// A key that must be there.
    MissingKey = "flow.missing_key",
    /// A node that does not say what follows.
    DeadEnd = "flow.dead_end",
    /// A node that asks the world and does not say what follows when nobody answers.
    NoFallback = "flow.no_fallback",
    /// A node that is not in the file.
    UnknownNode = "flow.unknown_node",
    /// A queue the center does not have.
    UnknownQueue = "flow.unknown_queue",
    /// A skill the center does not have.
    UnknownSkill = "flow.unknown_skill",
    /// A calendar the center does not have.
    UnknownCalendar = "flow.unknown_calendar",
    /// An agent the center does not have.
    UnknownAgent = "flow.unknown_agent",
    /// An endpoint the center does not have.
    UnknownEndpoint = "flow.unknown_endpoint",
    /// A flow the center does not have.
    UnknownFlow = "flow.unknown_flow",
    /// A language the center does not serve.
    UnknownLanguage = "flow.unknown_language",
    /// A field that nothing sets.
    UnknownField = "flow.unknown_field",
    /// A name in an expression that stands for nothing.
    UnknownName = "flow.unknown_name",
    /// A text that is no expression.
    ExpressionSyntax = "flow.expression_syntax",
    /// An expression whose parts do not fit together.
    ExpressionKind = "flow.expression_kind",
    /// A prompt that is not there.
    MissingPrompt = "flow.missing_prompt",
    /// A prompt that is not there in a served language.
    MissingTranslation = "flow.missing_translation",
    /// Flows that call each other in a circle.
    Recursion = "flow.recursion",
    /// A flow that returns and that nobody calls.
    ReturnWithoutCall = "flow.return_without_call",
    /// A value that would have to be kept, and may not.
    Sensitive = "flow.sensitive",
}

impl Code {
    /// Gives the code where it applies: in the files of flows.
    pub(crate) fn of_file(self, file: &str) -> Option<&'static str> {
        file.starts_with("flows/").then_some(self.as_str())
    }

    /// Gives the code of a name that is not known.
    pub(crate) fn unknown(kind: &str) -> Self {
        match kind {
            "queue" => Self::UnknownQueue,
            "skill" => Self::UnknownSkill,
            "calendar" => Self::UnknownCalendar,
            "agent" => Self::UnknownAgent,
            "endpoint" => Self::UnknownEndpoint,
            "flow" => Self::UnknownFlow,
            "language" => Self::UnknownLanguage,
            "prompt" => Self::MissingPrompt,
            _ => Self::BadValue,
        }
    }

    /// Gives the code of a key that is not there.
    pub(crate) fn missing(key: &str) -> Self {
        match key {
            "next" | "otherwise" | "open" | "closed" | "done" | "redo" | "not_found" => {
                Self::DeadEnd
            }
            "fallback" => Self::NoFallback,
            _ => Self::MissingKey,
        }
    }
}
