//! Which local variables may hold a borrow of the whole host.
//!
//! While one does, nothing can be cleared, and nothing is changed either. Rustc knows which do; by
//! their looks it is those that stand in a statement that may borrow the host, or in one with such
//! a variable, and that are named later on.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Stmt;

use super::places::is_captured;

/// The variables that may hold a borrow of the host.
#[derive(Clone, Default)]
pub(crate) struct Locals(BTreeSet<String>);

impl Locals {
    /// Whether one of them is named in these statements.
    pub(crate) fn are_named_in(&self, stmts: &[Stmt]) -> bool {
        !self.0.is_empty() && stmts.iter().any(|stmt| self.are_in(stmt.to_token_stream()))
    }

    /// Whether one of them is named in these tokens, not as a member of something.
    pub(crate) fn are_in(&self, tokens: TokenStream) -> bool {
        let mut dots = Dots::default();
        !self.0.is_empty()
            && tokens.into_iter().any(|token| {
                let is_member = dots.precede(&token);
                match token {
                    TokenTree::Ident(word) => !is_member && self.0.contains(&word.to_string()),
                    TokenTree::Group(group) => self.are_in(group.stream()),
                    TokenTree::Literal(literal) => {
                        let text = literal.to_string();
                        text.contains('{') && self.0.iter().any(|name| is_captured(&text, name))
                    }
                    TokenTree::Punct(_) => false,
                }
            })
    }

    /// Adds every variable of a statement, or a pattern.
    pub(crate) fn add(&mut self, part: &impl ToTokens) {
        add_words(part.to_token_stream(), &mut self.0, false);
    }

    /// Adds the variables that something can be stored in: `names` of `names.push(…)`, of
    /// `&mut names` and of `names = …`.
    pub(crate) fn add_stored(&mut self, part: &impl ToTokens) {
        add_words(part.to_token_stream(), &mut self.0, true);
    }
}

/// How many dots stand before a token: one before a member, two are a range.
#[derive(Default)]
struct Dots(usize);

impl Dots {
    /// Whether the next token, which is this one, is a member.
    fn precede(&mut self, token: &TokenTree) -> bool {
        let is_member = self.0 == 1;
        self.0 = match token {
            TokenTree::Punct(punct) if punct.as_char() == '.' => self.0 + 1,
            _ => 0,
        };
        is_member
    }
}

/// Words that may be variables: small ones that are no field, method, function or macro.
fn add_words(tokens: TokenStream, words: &mut BTreeSet<String>, only_stored: bool) {
    let mut tokens = tokens.into_iter().peekable();
    let mut dots = Dots::default();
    let mut is_mutable = false;
    while let Some(token) = tokens.next() {
        let is_member = dots.precede(&token);
        let was_mutable = std::mem::take(&mut is_mutable);
        match token {
            TokenTree::Group(group) => add_words(group.stream(), words, only_stored),
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

/// Whether a word that goes on so may get something: `names.`, `names =`, `names[`.
fn is_stored_in(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Bracket,
        Some(TokenTree::Punct(punct)) => ['.', '='].contains(&punct.as_char()),
        _ => false,
    }
}

/// Whether a word that goes on so is a function, a macro or a part of a path.
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
