//! Prepared texts with places for what differs from ticket to ticket: `Ticket {number} is done.`

use std::fmt;

use thiserror::Error;

/// The most characters of a prepared text, before names are put in.
const MAX_TEXT: usize = 2_000;
/// The most names that are put into one text.
const MAX_NAMES: usize = 8;

/// What stands for something of the ticket at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// The number people say to each other.
    Number,
    /// The name of the customer.
    Customer,
    /// The name of whoever applies the text.
    Agent,
    /// The department that answers for the ticket.
    Department,
}

/// A prepared text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(Placeholder),
}

/// What is put into a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The ticket's number.
    pub number: u64,
    /// The customer's name; none when the ticket is nobody's.
    pub customer: Option<&'a str>,
    /// The name of whoever applies the text.
    pub agent: &'a str,
    /// The department; none while none answers for the ticket.
    pub department: Option<&'a str>,
}

/// Says why a text cannot be prepared.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WordingError {
    /// It names something that nothing stands for.
    #[error("nothing stands for `{{{name}}}`")]
    Unknown {
        /// What stands between the braces.
        name: String,
    },
    /// A brace is opened and not closed.
    #[error("a `{{` is not closed; a brace itself is written twice")]
    Open,
    /// It is too long, or too much is put into it.
    #[error("has more than {MAX_TEXT} characters, or more than {MAX_NAMES} names to put in")]
    TooMuch,
}

impl Placeholder {
    /// Every placeholder, in the order of the reference.
    pub const ALL: [Self; 4] = [Self::Number, Self::Customer, Self::Agent, Self::Department];

    /// Gives the word between the braces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Department => "department",
        }
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Wording {
    /// Reads a prepared text; `{{` stands for a brace.
    pub fn parse(text: &str) -> Result<Self, WordingError> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(Part::Text(before.to_owned()));
            if let Some(further) = after.strip_prefix('{') {
                parts.push(Part::Text("{".to_owned()));
                rest = further;
                continue;
            }
            let (name, further) = after.split_once('}').ok_or(WordingError::Open)?;
            let known = Placeholder::ALL.into_iter().find(|known| known.as_str() == name);
            let known = known.ok_or_else(|| WordingError::Unknown { name: name.to_owned() })?;
            parts.push(Part::Name(known));
            rest = further;
        }
        parts.push(Part::Text(rest.to_owned()));
        let names = parts.iter().filter(|part| matches!(part, Part::Name(_))).count();
        if names > MAX_NAMES || text.chars().count() > MAX_TEXT {
            return Err(WordingError::TooMuch);
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// Gives the text as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Says whether something stands in it.
    pub fn says(&self, name: Placeholder) -> bool {
        self.parts.contains(&Part::Name(name))
    }

    /// Puts in what is known, or gives what the ticket does not have.
    pub fn filled(&self, facts: &Facts<'_>) -> Result<String, Placeholder> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(words) => text.push_str(words),
                Part::Name(name) => {
                    text.push_str(&facts.of(*name).ok_or(*name)?);
                }
            }
        }
        Ok(text)
    }
}

impl Facts<'_> {
    fn of(&self, name: Placeholder) -> Option<String> {
        match name {
            Placeholder::Number => Some(self.number.to_string()),
            Placeholder::Customer => self.customer.map(str::to_owned),
            Placeholder::Agent => Some(self.agent.to_owned()),
            Placeholder::Department => self.department.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts<'_> =
        Facts { number: 7, customer: Some("Li Wei"), agent: "Wang", department: None };

    fn wording(text: &str) -> Wording {
        Wording::parse(text).expect("a wording")
    }

    #[test]
    fn what_differs_is_put_in_and_a_brace_stays_one() {
        let text =
            wording("{customer}: ticket {number} is done {{in full}. {agent}").filled(&FACTS);

        assert_eq!(text.as_deref(), Ok("Li Wei: ticket 7 is done {in full}. Wang"));
    }

    #[test]
    fn what_the_ticket_lacks_is_named_instead_of_left_empty() {
        let text = wording("from {department}").filled(&FACTS);

        assert_eq!(text, Err(Placeholder::Department));
    }

    #[test]
    fn a_text_with_an_odd_brace_or_too_much_in_it_is_refused() {
        let unknown = WordingError::Unknown { name: "customers".to_owned() };

        assert_eq!(Wording::parse("{customers}"), Err(unknown));
        assert_eq!(Wording::parse("so {far"), Err(WordingError::Open));
        assert_eq!(Wording::parse(&"x".repeat(2_001)), Err(WordingError::TooMuch));
        assert_eq!(Wording::parse(&"{number}".repeat(9)), Err(WordingError::TooMuch));
    }
}
