//! The parts of an expression, well typed from the start.

use std::collections::BTreeMap;

use super::{ExpressionFault, Fact, Kind, MAX_DEPTH, MAX_PARTS};
use crate::flow::question::ValueKind;

/// What an expression is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A call and its caller.
    Call,
    /// A call, and a queue that was just asked for.
    CallAndQueue,
    /// A customer, of whom it says which segments they are in.
    Customer,
    /// A ticket, of which it says where it goes, and its customer.
    Ticket,
}

impl Subject {
    const fn knows(self, fact: Fact) -> bool {
        match self {
            Self::Call => Self::CallAndQueue.knows(fact) && !fact.is_of_a_queue(),
            Self::CallAndQueue => !fact.is_of_the_value() && !fact.is_of_a_ticket(),
            Self::Customer => {
                fact.is_of_the_value()
                    || matches!(
                        fact,
                        Fact::CustomerTier | Fact::CustomerLanguage | Fact::CustomerOpenTickets
                    )
            }
            Self::Ticket => {
                fact.is_of_a_ticket()
                    || matches!(
                        fact,
                        Fact::CustomerKnown
                            | Fact::CustomerTier
                            | Fact::CustomerLanguage
                            | Fact::CustomerSegments
                            | Fact::CustomerOpenTickets
                    )
            }
        }
    }
}

/// Which names an expression may use.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The flow's fields and what they hold.
    pub fields: &'a BTreeMap<String, ValueKind>,
    /// What it is about.
    pub subject: Subject,
}

impl Scope<'_> {
    /// Gives every name, for hints.
    pub fn names(&self) -> Vec<String> {
        let facts = Fact::ALL.iter().filter(|fact| self.subject.knows(**fact));
        let facts = facts.map(|fact| fact.path().to_owned());
        facts.chain(self.fields.keys().map(|name| format!("field.{name}"))).collect()
    }
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub(super) tree: Tree,
    kind: Kind,
    parts: usize,
    depth: usize,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// What is asked about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// `startsWith`
    StartsWith,
    /// `endsWith`
    EndsWith,
    /// `contains`
    Contains,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    Flag(bool),
    Number(i64),
    Text(Box<str>),
    Numbers(Vec<i64>),
    Texts(Vec<String>),
    Field(Box<str>, ValueKind),
    Fact(Fact),
    Has(Box<Tree>),
    Not(Box<Tree>),
    And(Box<(Tree, Tree)>),
    Or(Box<(Tree, Tree)>),
    Compare(Comparison, Box<(Tree, Tree)>),
    In(Box<(Tree, Tree)>),
    Test(TextTest, Box<(Tree, Tree)>),
    Size(Box<Tree>),
    Add(Box<(Tree, Tree)>),
    Subtract(Box<(Tree, Tree)>),
    Choose(Box<(Tree, Tree, Tree)>),
}

impl Term {
    /// Makes a constant.
    pub const fn flag(value: bool) -> Self {
        Self::leaf(Tree::Flag(value), Kind::Flag)
    }

    /// Makes a constant.
    pub const fn number(value: i64) -> Self {
        Self::leaf(Tree::Number(value), Kind::Number)
    }

    /// Makes a constant.
    pub fn text(value: impl Into<Box<str>>) -> Self {
        Self::leaf(Tree::Text(value.into()), Kind::Text)
    }

    /// Makes a constant list of constants of one kind.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    pub fn list(items: Vec<Self>) -> Result<Self, ExpressionFault> {
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        let parts = items.len();
        for item in items {
            match item.tree {
                Tree::Number(number) => numbers.push(number),
                Tree::Text(text) => texts.push(text.into()),
                _ => return Err(ExpressionFault::BadList),
            }
        }
        let (tree, kind) = match (numbers.is_empty(), texts.is_empty()) {
            (false, true) => (Tree::Numbers(numbers), Kind::Numbers),
            (true, false) => (Tree::Texts(texts), Kind::Texts),
            _ => return Err(ExpressionFault::BadList),
        };
        Self { tree, kind, parts: parts + 1, depth: 1 }.checked()
    }

    /// Finds a name such as `field.origin` or `customer.tier`.
    pub fn name(path: &str, scope: &Scope<'_>) -> Result<Self, ExpressionFault> {
        let field = path.strip_prefix("field.").and_then(|name| scope.fields.get_key_value(name));
        if let Some((name, kind)) = field {
            let tree = Tree::Field(name.as_str().into(), *kind);
            return Ok(Self::leaf(tree, kind_of(*kind)));
        }
        let known = Fact::ALL.iter().find(|fact| fact.path() == path);
        match known.filter(|fact| scope.subject.knows(**fact)) {
            Some(fact) => Ok(Self::leaf(Tree::Fact(*fact), fact.kind())),
            None => Err(ExpressionFault::UnknownName(path.into())),
        }
    }

    /// Asks whether a name has a value.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    pub fn has(name: Self) -> Result<Self, ExpressionFault> {
        match name.tree {
            Tree::Field(..) | Tree::Fact(_) => name.above(Kind::Flag, Tree::Has),
            _ => Err(wrong("has()", "a name", name.kind)),
        }
    }

    /// Turns true and false round.
    pub fn negated(self) -> Result<Self, ExpressionFault> {
        self.needs("!", Kind::Flag, "true or false")?.above(Kind::Flag, Tree::Not)
    }

    /// Holds when both do.
    pub fn and(self, other: Self) -> Result<Self, ExpressionFault> {
        let flags = (self.needs("&&", Kind::Flag, FLAGS)?, other.needs("&&", Kind::Flag, FLAGS)?);
        join(flags, Kind::Flag, Tree::And)
    }

    /// Holds when one does.
    pub fn or(self, other: Self) -> Result<Self, ExpressionFault> {
        let flags = (self.needs("||", Kind::Flag, FLAGS)?, other.needs("||", Kind::Flag, FLAGS)?);
        join(flags, Kind::Flag, Tree::Or)
    }

    /// Compares two values of one kind; true and false can only be equal or not.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    pub fn compare(self, how: Comparison, other: Self) -> Result<Self, ExpressionFault> {
        let (left, right) = (self.kind, other.kind);
        let equality = matches!(how, Comparison::Equal | Comparison::Unequal);
        let operator = if equality { "==" } else { "<" };
        match left {
            _ if left != right => Err(ExpressionFault::Unlike { operator, left, right }),
            Kind::Numbers | Kind::Texts => Err(wrong(operator, "single values", left)),
            Kind::Flag if !equality => Err(wrong(operator, "numbers or texts", left)),
            _ => join((self, other), Kind::Flag, |both| Tree::Compare(how, both)),
        }
    }

    /// Asks whether a value is in a list.
    pub fn within(self, list: Self) -> Result<Self, ExpressionFault> {
        match (self.kind, list.kind) {
            (Kind::Number, Kind::Numbers) | (Kind::Text, Kind::Texts) => {
                join((self, list), Kind::Flag, Tree::In)
            }
            (left, right @ (Kind::Numbers | Kind::Texts)) => {
                Err(ExpressionFault::Unlike { operator: "in", left, right })
            }
            (_, other) => Err(wrong("in", "a list on its right", other)),
        }
    }

    /// Asks something about a text.
    pub fn test(self, how: TextTest, other: Self) -> Result<Self, ExpressionFault> {
        let operator = match how {
            TextTest::StartsWith => "startsWith()",
            TextTest::EndsWith => "endsWith()",
            TextTest::Contains => "contains()",
        };
        let texts = (
            self.needs(operator, Kind::Text, "texts")?,
            other.needs(operator, Kind::Text, "texts")?,
        );
        join(texts, Kind::Flag, |both| Tree::Test(how, both))
    }

    /// Counts the characters of a text or the items of a list.
    pub fn size(self) -> Result<Self, ExpressionFault> {
        match self.kind {
            Kind::Text | Kind::Texts | Kind::Numbers => self.above(Kind::Number, Tree::Size),
            Kind::Flag | Kind::Number => Err(wrong("size()", "a text or a list", self.kind)),
        }
    }

    /// Adds two numbers.
    pub fn plus(self, other: Self) -> Result<Self, ExpressionFault> {
        let both =
            (self.needs("+", Kind::Number, "numbers")?, other.needs("+", Kind::Number, "numbers")?);
        join(both, Kind::Number, Tree::Add)
    }

    /// Subtracts a number from another.
    pub fn minus(self, other: Self) -> Result<Self, ExpressionFault> {
        let both =
            (self.needs("-", Kind::Number, "numbers")?, other.needs("-", Kind::Number, "numbers")?);
        join(both, Kind::Number, Tree::Subtract)
    }

    /// Gives one of two values of one kind.
    pub fn choose(self, yes: Self, no: Self) -> Result<Self, ExpressionFault> {
        let condition = self.needs("?:", Kind::Flag, "a condition")?;
        if yes.kind != no.kind {
            return Err(ExpressionFault::Unlike { operator: "?:", left: yes.kind, right: no.kind });
        }
        let kind = yes.kind;
        let parts = condition.parts + yes.parts + no.parts + 1;
        let depth = condition.depth.max(yes.depth).max(no.depth) + 1;
        let tree = Tree::Choose(Box::new((condition.tree, yes.tree, no.tree)));
        Self { tree, kind, parts, depth }.checked()
    }

    /// Gives what the term is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn fields(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for tree in self.leaves() {
            if let Tree::Field(name, _) = tree {
                found.push(&**name);
            }
        }
        found
    }

    /// Gives what it knows besides constants, each once, in the order in which it is written.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let mut found = Vec::new();
        for tree in self.leaves() {
            if let Tree::Fact(fact) = tree
                && !found.contains(fact)
            {
                found.push(*fact);
            }
        }
        found
    }

    /// Gives the parts that have no parts, from left to right.
    fn leaves(&self) -> Vec<&Tree> {
        let (mut found, mut open) = (Vec::new(), vec![&self.tree]);
        while let Some(tree) = open.pop() {
            match tree {
                Tree::Has(one) | Tree::Not(one) | Tree::Size(one) => open.push(one),
                Tree::And(both)
                | Tree::Or(both)
                | Tree::Compare(_, both)
                | Tree::In(both)
                | Tree::Test(_, both)
                | Tree::Add(both)
                | Tree::Subtract(both) => open.extend([&both.1, &both.0]),
                Tree::Choose(all) => open.extend([&all.2, &all.1, &all.0]),
                leaf @ (Tree::Flag(_)
                | Tree::Number(_)
                | Tree::Text(_)
                | Tree::Numbers(_)
                | Tree::Texts(_)
                | Tree::Field(..)
                | Tree::Fact(_)) => found.push(leaf),
            }
        }
        found
    }

    const fn leaf(tree: Tree, kind: Kind) -> Self {
        Self { tree, kind, parts: 1, depth: 1 }
    }

    fn above(
        self,
        kind: Kind,
        wrap: impl FnOnce(Box<Tree>) -> Tree,
    ) -> Result<Self, ExpressionFault> {
        let (parts, depth) = (self.parts + 1, self.depth + 1);
        Self { tree: wrap(Box::new(self.tree)), kind, parts, depth }.checked()
    }

    fn needs(
        self,
        operator: &'static str,
        kind: Kind,
        wanted: &'static str,
    ) -> Result<Self, ExpressionFault> {
        if self.kind == kind { Ok(self) } else { Err(wrong(operator, wanted, self.kind)) }
    }

    const fn is_small(&self) -> bool {
        self.parts <= MAX_PARTS && self.depth <= MAX_DEPTH
    }

    fn checked(self) -> Result<Self, ExpressionFault> {
        if self.is_small() { Ok(self) } else { Err(ExpressionFault::TooLarge) }
    }
}

const FLAGS: &str = "true or false on both sides";

fn join(
    (left, right): (Term, Term),
    kind: Kind,
    wrap: impl FnOnce(Box<(Tree, Tree)>) -> Tree,
) -> Result<Term, ExpressionFault> {
    let parts = left.parts + right.parts + 1;
    let depth = left.depth.max(right.depth) + 1;
    Term { tree: wrap(Box::new((left.tree, right.tree))), kind, parts, depth }.checked()
}

const fn wrong(operator: &'static str, wanted: &'static str, got: Kind) -> ExpressionFault {
    ExpressionFault::WrongKind { operator, wanted, got }
}

const fn kind_of(kind: ValueKind) -> Kind {
    match kind {
        ValueKind::Text => Kind::Text,
        ValueKind::Number => Kind::Number,
        ValueKind::Flag => Kind::Flag,
    }
}
