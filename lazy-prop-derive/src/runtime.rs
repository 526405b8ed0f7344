//! The only spelling of the path to the hidden module of the runtime crate.

use std::cell::RefCell;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Path, Token};

/// The hidden module, `::lazy_prop::__private`, with errors in it aimed at `place`.
pub(crate) fn path(place: Span) -> Runtime {
    Runtime(generated(place))
}

// The path of the crate, if the user gives it. It is set for one expansion, because nearly all generated
// code needs it.
thread_local!(static CRATE: RefCell<Vec<TokenTree>> = const { RefCell::new(Vec::new()) });

/// Takes `crate = props` out of the arguments of a macro, and has the rest expanded with that path.
pub(crate) fn of_crate(
    args: TokenStream,
    expand: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let (path, rest) = split(args);
    CRATE.set(path);
    let expanded = expand(rest);
    CRATE.take();
    expanded
}

/// The path of `crate = path`, and all other tokens.
fn split(args: TokenStream) -> (Vec<TokenTree>, TokenStream) {
    let is = |token: Option<&TokenTree>, sign| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let args: Vec<TokenTree> = args.into_iter().collect();
    let begins = |at: &usize| {
        let is_first = *at == 0 || is(args.get(*at - 1), ',');
        is_first
            && matches!(&args[*at], TokenTree::Ident(word) if word == "crate")
            && is(args.get(*at + 1), '=')
    };
    let Some(start) = (0..args.len()).find(begins) else {
        return (vec![], args.into_iter().collect());
    };
    let path = args[start + 2..]
        .iter()
        .take_while(|token| !is(Some(token), ','));
    let path: Vec<TokenTree> = path.cloned().collect();
    if path.is_empty() {
        return (path, args.into_iter().collect());
    }
    let after = args.iter().skip(start + 3 + path.len());
    let rest = args[..start].iter().chain(after).cloned().collect();
    (path, rest)
}

/// Writes the path. Pushing tokens is free, but each stream that is put into another is a call of the
/// compiler, and most generated code begins with this path.
#[derive(Clone, Copy)]
pub(crate) struct Runtime(Span);

const MODULE: [&str; 2] = ["lazy_prop", "__private"];

impl Runtime {
    /// The path that goes on with these names.
    pub(crate) fn join<const N: usize>(self, names: [&str; N]) -> Path {
        let mut path = Path {
            leading_colon: Some(Token![::](self.0)),
            segments: Punctuated::new(),
        };
        let given = CRATE.with_borrow(|given| {
            let names = given.iter().filter_map(|token| match token {
                token @ TokenTree::Ident(_) => match as_generated(token.clone(), self.0) {
                    TokenTree::Ident(name) => Some(name),
                    _ => None,
                },
                _ => None,
            });
            path.leading_colon = path.leading_colon.filter(|_| begins_at_root(given));
            names.collect::<Vec<_>>()
        });
        for name in given {
            if !path.segments.is_empty() {
                path.segments.push_punct(Token![::](self.0));
            }
            path.segments.push_value(name.into());
        }
        let module = MODULE
            .into_iter()
            .skip(usize::from(!path.segments.is_empty()));
        for name in module.chain(names) {
            if !path.segments.is_empty() {
                path.segments.push_punct(Token![::](self.0));
            }
            path.segments.push_value(Ident::new(name, self.0).into());
        }
        path
    }
}

/// A part of the user's path in generated code, which lints ignore. `$crate` means nothing elsewhere.
fn as_generated(mut token: TokenTree, span: Span) -> TokenTree {
    if !matches!(&token, TokenTree::Ident(name) if name == "$crate") {
        token.set_span(span);
    }
    token
}

/// Whether the path of the crate is absolute, as that is which nobody gives.
fn begins_at_root(given: &[TokenTree]) -> bool {
    !matches!(given.first(), Some(TokenTree::Ident(_)))
}

impl ToTokens for Runtime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let is_given = CRATE.with_borrow(|given| {
            tokens.extend(
                given
                    .iter()
                    .cloned()
                    .map(|token| as_generated(token, self.0)),
            );
            !given.is_empty()
        });
        for name in MODULE.into_iter().skip(usize::from(is_given)) {
            Token![::](self.0).to_tokens(tokens);
            Ident::new(name, self.0).to_tokens(tokens);
        }
    }
}

/// The span of generated code. Errors in it point at `place`, and lints ignore it.
pub(crate) fn generated(place: Span) -> Span {
    Span::call_site().located_at(place)
}
