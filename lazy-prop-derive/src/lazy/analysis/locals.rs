//! The local variables that may hold a borrow of the whole host.
//!
//! While one does, nothing can be cleared, and nothing changes either. Only rustc knows which
//! variables do. By their looks, they are in a statement that may borrow the host, or in one with
//! such a variable, and are named again later. For some of them rustc is asked: beside the variable
//! stands a *loan*, a constant whose type says whether the type of the variable can borrow.

use std::rc::Rc;

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Pat;

use super::places::is_captured;
use crate::sorted::{ByName, Set};

/// The variables that may hold a borrow of the host.
#[derive(Clone, Default)]
pub(crate) struct Locals {
    /// Each with its loan, if rustc was asked.
    names: ByName<Option<Ident>>,
    /// The variables that can ever do so.
    possible: Rc<Set<String>>,
}

impl Locals {
    /// No such variables yet.
    pub(crate) fn among(possible: Set<String>) -> Self {
        Self {
            names: ByName::new(),
            possible: Rc::new(possible),
        }
    }

    pub(crate) fn are_none(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether rustc could still be asked for a variable.
    pub(crate) fn lack_loan_of(&self, name: &Ident) -> bool {
        self.names
            .get(&name.to_string())
            .is_some_and(Option::is_none)
    }

    /// From here on, `loan` says whether the variable can borrow.
    pub(crate) fn add_loan(&mut self, name: &Ident, loan: Ident) {
        self.names.insert(name.to_string(), Some(loan));
    }

    /// From here on, the names in a pattern are other variables, which may borrow the host if
    /// `is_lent`.
    pub(crate) fn bind(&mut self, pattern: &Pat, is_lent: bool) {
        let pattern = match pattern {
            Pat::Guard(guarded) => &guarded.pat,
            other => other,
        };
        let bound = words_in(pattern.to_token_stream());
        self.names.retain(|name| !bound.contains(name));
        if is_lent {
            self.add(pattern);
        }
    }

    /// Behind a block, names that were bound again in it are the variables `outside` again.
    pub(crate) fn end_scope(&mut self, outside: Self) {
        let names = outside.names.into_iter();
        let names = names.filter(|(name, _)| self.possible.contains(name));
        self.names.extend(names);
    }

    /// Whether these tokens name one of them, not as a member of something.
    pub(crate) fn are_in(&self, tokens: TokenStream) -> bool {
        let mut held = Held::default();
        self.hold_in(tokens, &mut held);
        !held.is_nothing()
    }

    /// What those hold that these tokens name.
    pub(crate) fn hold_in(&self, tokens: TokenStream, held: &mut Held) {
        if self.names.is_empty() {
            return;
        }
        let mut dots = Dots::default();
        for token in tokens {
            let is_member = dots.precede(&token);
            match token {
                TokenTree::Ident(word) if !is_member => held.by(self.names.get(&word.to_string())),
                TokenTree::Group(group) => self.hold_in(group.stream(), held),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let captured = self
                        .names
                        .iter()
                        .filter(|(name, _)| is_captured(&text, name));
                    captured.for_each(|(_, loan)| held.by(Some(loan)));
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    /// What a variable holds.
    pub(crate) fn hold(&self, name: &Ident, held: &mut Held) {
        held.by(self.names.get(&name.to_string()));
    }

    /// Adds every variable of a statement, or a pattern.
    pub(crate) fn add(&mut self, part: &impl ToTokens) {
        self.add_words(part.to_token_stream(), false);
    }

    /// Adds the variables that something can be stored in: `names` of `names.push(…)`, of
    /// `&mut names` and of `names = …`.
    pub(crate) fn add_stored(&mut self, part: &impl ToTokens) {
        self.add_words(part.to_token_stream(), true);
    }

    /// Removes those that were not there `before`, because they have ended.
    pub(crate) fn leave(&mut self, bound: &Set<String>, before: &Self) {
        self.names
            .retain(|name| before.names.contains(name) || !bound.contains(name));
    }

    /// Whether there are others than `before`.
    pub(crate) fn are_more_than(&self, before: &Self) -> bool {
        let mut names = self.names.names();
        names.any(|name| !before.names.contains(name))
    }

    /// A name of the host itself is not a loan of it.
    pub(crate) fn is_host(&mut self, name: &str) {
        self.names.remove(name);
        Rc::make_mut(&mut self.possible).remove(name);
    }

    fn add_words(&mut self, tokens: TokenStream, only_stored: bool) {
        let mut words = Set::new();
        collect_words(tokens, &mut words, only_stored);
        for word in words {
            if self.possible.contains(&word) && !self.names.contains(&word) {
                self.names.insert(word, None);
            }
        }
    }
}

/// Whether the host is borrowed by variables that are still needed.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Held {
    /// Perhaps, and rustc was not asked for all of them.
    pub(crate) is_unknown: bool,
    /// The loans of the others.
    pub(crate) loans: Set<Ident>,
}

impl Held {
    fn by(&mut self, variable: Option<&Option<Ident>>) {
        match variable {
            Some(Some(loan)) => drop(self.loans.insert(loan.clone())),
            Some(None) => self.is_unknown = true,
            None => {}
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        !self.is_unknown && self.loans.is_empty()
    }

    /// The same, or what `other` holds.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.is_unknown |= other.is_unknown;
        self.loans.extend(other.loans);
        self
    }
}

/// The variables that something can be stored in.
pub(crate) fn stored_in(part: &impl ToTokens) -> Set<String> {
    let mut words = Set::new();
    collect_words(part.to_token_stream(), &mut words, true);
    words
}

/// The words that may be variables.
pub(crate) fn words_in(tokens: TokenStream) -> Set<String> {
    let mut words = Set::new();
    collect_words(tokens, &mut words, false);
    words
}

/// The number of dots before a token: one before a member, two in a range.
#[derive(Default)]
struct Dots(usize);

impl Dots {
    /// Whether the next token is a member.
    fn precede(&mut self, token: &TokenTree) -> bool {
        let is_member = self.0 == 1;
        self.0 = match token {
            TokenTree::Punct(punct) if punct.as_char() == '.' => self.0 + 1,
            _ => 0,
        };
        is_member
    }
}

/// Words that may be variables: in lower case, and not a field, method, function or macro.
fn collect_words(tokens: TokenStream, words: &mut Set<String>, only_stored: bool) {
    let mut tokens = tokens.into_iter().peekable();
    let mut dots = Dots::default();
    let mut is_mutable = false;
    while let Some(token) = tokens.next() {
        let is_member = dots.precede(&token);
        let was_mutable = std::mem::take(&mut is_mutable);
        match token {
            TokenTree::Group(group) => collect_words(group.stream(), words, only_stored),
            TokenTree::Ident(word) if word == "mut" => is_mutable = true,
            TokenTree::Ident(word) if !is_member && !is_called(tokens.peek()) => {
                if only_stored && !was_mutable && !is_stored_in(tokens.peek()) {
                    continue;
                }
                let word = word.to_string();
                let is_small = word.starts_with(|first: char| first.is_lowercase() || first == '_');
                if is_small && word != "_" && !KEYWORDS.contains(&&*word) {
                    words.insert(word);
                }
            }
            _ => {}
        }
    }
}

/// Whether the tokens after a word may store something in it: `names.`, `names =`, `names[`.
fn is_stored_in(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Bracket,
        Some(TokenTree::Punct(punct)) => ['.', '='].contains(&punct.as_char()),
        _ => false,
    }
}

/// Whether the tokens after a word make it a function, a macro or a part of a path.
fn is_called(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
        Some(TokenTree::Punct(punct)) => {
            let is_path = punct.as_char() == ':' && punct.spacing() == Spacing::Joint;
            is_path || punct.as_char() == '!'
        }
        _ => false,
    }
}

const KEYWORDS: &[&str] = &[
    "self", "let", "mut", "ref", "if", "else", "match", "for", "in", "while", "loop", "return",
    "move", "as", "true", "false", "break", "continue", "await", "async", "unsafe", "dyn", "fn",
    "super", "crate",
];
