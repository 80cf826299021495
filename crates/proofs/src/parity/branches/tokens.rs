//! Lua as tokens, as far as our scripts use it: words, texts in quotes, comments to the end of a
//! line, and everything else sign by sign.

/// A word or a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it says.
    pub(super) text: &'a str,
    /// Where it begins.
    pub(super) start: usize,
    /// Its line, from 1.
    pub(super) line: usize,
}

impl Token<'_> {
    /// Gives where it ends.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Gives the words and signs of a text, without comments and what stands in quotes.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match first {
            '\n' => {
                line += 1;
                1
            }
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '\'' | '"' => quoted(rest, first),
            _ if is_word(first) => {
                let length = rest.find(|sign| !is_word(sign)).unwrap_or(rest.len());
                found.push(Token { text: &rest[..length], start: at, line });
                length
            }
            _ if first.is_whitespace() => first.len_utf8(),
            _ => {
                found.push(Token { text: &rest[..first.len_utf8()], start: at, line });
                first.len_utf8()
            }
        };
        at += length;
    }
    found
}

fn is_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

/// Gives how long a text in quotes is, the quotes included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, sign) in rest.char_indices().skip(1) {
        if !is_escaped && sign == quote {
            return at + 1;
        }
        is_escaped = !is_escaped && sign == '\\';
    }
    rest.len()
}
