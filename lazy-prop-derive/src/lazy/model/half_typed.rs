//! Bodies that do not parse, such as those that somebody is typing.
//!
//! Each is set aside before the item is parsed, and put back into the result. Meanwhile a call of
//! an unknown macro stands for it, so the method may read and change everything. rustc reports the
//! mistake in the body once, and an editor still completes the rest.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::Block;

/// The item with a stand-in for each body that does not parse, and those bodies.
///
/// ```text
/// in:  impl Report { fn push(&mut self) { self. } }
/// out: impl Report { fn push(&mut self) { __half_typed_0!(self) } }, [{ self. }]
/// ```
pub(crate) fn set_aside(item: TokenStream) -> (TokenStream, Vec<Group>) {
    let mut bodies = Vec::new();
    let is_block = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "impl");
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if tokens.iter().any(is_block) {
        if let Some(TokenTree::Group(block)) = tokens.last_mut() {
            *block = with(block, set_aside_in(block.stream(), &mut bodies));
        }
        return (tokens.into_iter().collect(), bodies);
    }
    let tokens = set_aside_in(tokens.into_iter().collect(), &mut bodies);
    (tokens, bodies)
}

/// The same for the functions of a block, or for one function.
fn set_aside_in(tokens: TokenStream, bodies: &mut Vec<Group>) -> TokenStream {
    let mut kept = TokenStream::new();
    let (mut is_signature, mut this) = (false, None);
    for token in tokens {
        let token = match token {
            TokenTree::Group(body) if is_signature && body.delimiter() == Delimiter::Brace => {
                is_signature = false;
                stand_in(body, this.take().as_ref(), bodies).into()
            }
            TokenTree::Ident(word) => {
                is_signature |= word == "fn";
                word.into()
            }
            TokenTree::Group(inputs) if is_signature && this.is_none() => {
                this = inputs.stream().into_iter().find_map(self_token);
                inputs.into()
            }
            other => other,
        };
        kept.extend([token]);
    }
    kept
}

fn self_token(token: TokenTree) -> Option<Ident> {
    match token {
        TokenTree::Ident(word) if word == "self" => Some(word),
        _ => None,
    }
}

/// The body itself, if it parses.
fn stand_in(body: Group, this: Option<&Ident>, bodies: &mut Vec<Group>) -> Group {
    if syn::parse2::<Block>(TokenTree::from(body.clone()).into()).is_ok() {
        return body;
    }
    let name = format_ident!("{PREFIX}{}", bodies.len());
    let stand_in = with(&body, quote!(#name!(#this)));
    bodies.push(body);
    stand_in
}

const PREFIX: &str = "__half_typed_";

/// Puts the bodies back in place of their stand-ins.
pub(crate) fn put_back(tokens: TokenStream, bodies: &[Group]) -> TokenStream {
    let mut kept = TokenStream::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        if let Some(body) = body_of(&token, bodies) {
            // The sign and the parentheses of the call go with its name.
            tokens.by_ref().take(2).for_each(drop);
            kept.extend([TokenTree::from(body.clone())]);
        } else if let TokenTree::Group(group) = token {
            let inner: Vec<_> = group.stream().into_iter().collect();
            let body = inner.first().and_then(|first| body_of(first, bodies));
            kept.extend([TokenTree::from(match body {
                // With its own braces, because rustc reports errors at them.
                Some(body) if inner.len() == 3 => body.clone(),
                _ => with(&group, put_back(group.stream(), bodies)),
            })]);
        } else {
            kept.extend([token]);
        }
    }
    kept
}

/// The body for a name.
fn body_of<'b>(name: &TokenTree, bodies: &'b [Group]) -> Option<&'b Group> {
    let TokenTree::Ident(name) = name else {
        return None;
    };
    let number = name.to_string().strip_prefix(PREFIX)?.parse::<usize>();
    bodies.get(number.ok()?)
}

/// A group with other tokens in it.
fn with(group: &Group, tokens: TokenStream) -> Group {
    let mut new = Group::new(group.delimiter(), tokens);
    new.set_span(group.span());
    new
}
