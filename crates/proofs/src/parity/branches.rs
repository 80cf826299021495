//! The branches of the scripts: each is counted when it is taken.
//!
//! A branch is the body of a function or a loop, each way of an `if`, also the one that is not
//! written, and what comes after `and` or `or`. The text is read as tokens; its indentation does
//! not matter.

mod tokens;

use std::fmt;

use switchboard_store_redis::trial::{Source, branch_call};

use self::tokens::{Token, tokens};

/// A place where a script may go one way or another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Branch {
    /// The file below `scripts`.
    pub(super) file: String,
    /// The line, from 1.
    pub(super) line: usize,
    /// What the branch is: `function`, `then`, `else`, `no else`, `loop`, `and`, `or`.
    pub(super) kind: &'static str,
    /// The text of the line.
    pub(super) text: String,
}

impl fmt::Display for Branch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{} {}: {}", self.file, self.line, self.kind, self.text.trim())
    }
}

/// Makes every file count its branches; gives them in the order of their numbers, from 1.
pub(super) fn count_branches(sources: &[Source]) -> (Vec<Source>, Vec<Branch>) {
    let mut branches = Vec::new();
    let counted = sources.iter().map(|source| {
        let marker = Marker::new(source, &mut branches);
        Source { file: source.file.clone(), text: marker.mark() }
    });
    (counted.collect(), branches)
}

/// What an `end` closes.
enum Block {
    Other,
    If { line: usize, has_else: bool },
}

struct Marker<'a> {
    source: &'a Source,
    branches: &'a mut Vec<Branch>,
    out: String,
    /// Up to where the text is copied.
    copied: usize,
    blocks: Vec<Block>,
    /// Whether the parameters of a function are still to come.
    is_before_body: bool,
    /// Whether the next `do` is of a loop.
    is_loop: bool,
}

impl<'a> Marker<'a> {
    fn new(source: &'a Source, branches: &'a mut Vec<Branch>) -> Self {
        Self {
            source,
            branches,
            out: String::new(),
            copied: 0,
            blocks: Vec::new(),
            is_before_body: false,
            is_loop: false,
        }
    }

    fn mark(mut self) -> String {
        for token in tokens(&self.source.text) {
            self.look(&token);
        }
        self.out.push_str(&self.source.text[self.copied..]);
        self.out
    }

    fn look(&mut self, token: &Token<'_>) {
        match token.text {
            "function" => {
                self.is_before_body = true;
                self.blocks.push(Block::Other);
            }
            ")" if self.is_before_body => {
                self.is_before_body = false;
                self.step(token, "function");
            }
            "if" => self.blocks.push(Block::If { line: token.line, has_else: false }),
            "then" => self.step(token, "then"),
            "else" => {
                if let Some(Block::If { has_else, .. }) = self.blocks.last_mut() {
                    *has_else = true;
                }
                self.step(token, "else");
            }
            "for" | "while" => self.is_loop = true,
            "do" => {
                self.blocks.push(Block::Other);
                if std::mem::take(&mut self.is_loop) {
                    self.step(token, "loop");
                }
            }
            "repeat" => {
                self.blocks.push(Block::Other);
                self.step(token, "loop");
            }
            "until" => drop(self.blocks.pop()),
            "end" => {
                if let Some(Block::If { line, has_else: false }) = self.blocks.pop() {
                    let call = self.number(line, "no else");
                    self.insert(token.start, &format!("else {call} "));
                }
            }
            "and" => {
                let call = self.number(token.line, "and");
                self.insert(token.end(), &format!(" {call} and"));
            }
            "or" => {
                let call = self.number(token.line, "or");
                self.insert(token.end(), &format!(" not {call} or"));
            }
            _ => {}
        }
    }

    /// Counts a branch by a statement after a token.
    fn step(&mut self, token: &Token<'_>, kind: &'static str) {
        let call = self.number(token.line, kind);
        self.insert(token.end(), &format!(" {call};"));
    }

    fn number(&mut self, line: usize, kind: &'static str) -> String {
        let text = self.source.text.lines().nth(line - 1).unwrap_or_default().to_owned();
        self.branches.push(Branch { file: self.source.file.clone(), line, kind, text });
        branch_call(self.branches.len())
    }

    fn insert(&mut self, at: usize, text: &str) {
        self.out.push_str(&self.source.text[self.copied..at]);
        self.out.push_str(text);
        self.copied = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> (String, Vec<(usize, &'static str)>) {
        let source = Source { file: "lib/one.lua".to_owned(), text: text.to_owned() };
        let (sources, branches) = count_branches(&[source]);
        let kinds = branches.iter().map(|branch| (branch.line, branch.kind)).collect();
        (sources[0].text.clone(), kinds)
    }

    #[test]
    fn every_way_through_a_text_is_counted() {
        let (text, kinds) = marked("function f(a)\n  if a and b then return 1 end\nend");

        let expected = "function f(a) redis.take(1);\n  if a and redis.take(2) and b \
                        then redis.take(3); return 1 else redis.take(4) end\nend";
        assert_eq!(text, expected);
        assert_eq!(kinds, [(1, "function"), (2, "and"), (2, "then"), (2, "no else")]);
    }

    #[test]
    fn loops_count_their_bodies_and_plain_blocks_do_not() {
        let (_, kinds) = marked("do\n  for i = 1, 2 do f(i) end\n  while a or b do g() end\nend");

        assert_eq!(kinds, [(2, "loop"), (3, "or"), (3, "loop")]);
    }

    #[test]
    fn words_in_comments_and_texts_are_no_branches() {
        let (text, kinds) = marked("-- if then else\nlocal a = 'x and \\'y or' .. \"then\"\n");

        assert_eq!(text, "-- if then else\nlocal a = 'x and \\'y or' .. \"then\"\n");
        assert!(kinds.is_empty());
    }
}
