//! The values of options, in the right form or an error that shows it.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::token::Paren;
use syn::{Error, LitStr, Member, Result, Token, parenthesized};

use crate::errors::Errors;
use crate::lazy::syntax::text;

/// An option without a value.
pub(super) fn flag(key: &Ident, input: ParseStream) -> Result<Ident> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(key.clone());
    }
    let message = format!("`{key}` takes no value: write `{key}` alone");
    Err(Error::new_spanned(rest(input)?, message))
}

/// `field = name`, `home = 1` or `store = Type`. `shape` is the form of the value.
pub(super) fn value<T: Parse>(key: &Ident, shape: &str, input: ParseStream) -> Result<T> {
    let written = assigned(key, shape, input)?;
    if let Ok(value) = syn::parse2(written.clone()) {
        return Ok(value);
    }
    let quoted = syn::parse2::<LitStr>(written.clone()).map(|text| text.value());
    let message = match quoted {
        Ok(text) if syn::parse_str::<T>(&text).is_ok() => {
            format!("write it without quotes: `{key} = {text}`")
        }
        _ => format!("`{key}` takes another value: `{key} = {shape}`"),
    };
    Err(Error::new_spanned(written, message))
}

/// `bound = "T: Clone"`. Without the quotes it is an error, but the bounds are still used, so the
/// home exists.
pub(super) fn bound(key: &Ident, input: ParseStream, errors: &mut Errors) -> Result<LitStr> {
    let written = assigned(key, "\"T: Clone\"", input)?;
    if let Ok(bounds) = syn::parse2(written.clone()) {
        return Ok(bounds);
    }
    let bounds = written.to_string().replace(" :", ":");
    let message = format!("write the bounds in quotes: `{key} = \"{bounds}\"`");
    errors.at(&written, message);
    Ok(LitStr::new(&bounds, written.span()))
}

/// The tokens after the sign, up to the next comma.
fn assigned(key: &Ident, shape: &str, input: ParseStream) -> Result<TokenStream> {
    let sign = input.parse::<Option<Token![=]>>()?;
    let written = if sign.is_some() {
        rest(input)?
    } else {
        TokenStream::new()
    };
    if written.is_empty() {
        let message = format!("`{key}` takes a value: `{key} = {shape}`");
        return Err(Error::new(key.span(), message));
    }
    Ok(written)
}

/// Fields or properties: `(text, words)`, `(0)`.
pub(super) type Names = Vec<Member>;

/// `depends(text, words)` or `clears(words)`. If one name is wrong, the others are still used.
pub(super) fn names(key: &Ident, input: ParseStream, errors: &mut Errors) -> Result<Names> {
    if !input.peek(Paren) {
        let message = format!("`{key}` takes names in parentheses: `{key}(words)`");
        errors.at(key, message);
        rest(input)?;
        return Ok(Names::new());
    }
    let content;
    parenthesized!(content in input);
    let mut names = Names::new();
    while !content.is_empty() {
        names.extend(errors.take(name(key, &rest(&content)?)));
        content.parse::<Option<Token![,]>>()?;
    }
    Ok(names)
}

/// A single name.
fn name(key: &Ident, written: &TokenStream) -> Result<Member> {
    if let Ok(name) = syn::parse2(written.clone()) {
        return Ok(name);
    }
    let (how, name) = match syn::parse2::<LitStr>(written.clone()) {
        Ok(quoted) => ("without quotes", syn::parse_str(&quoted.value()).ok()),
        Err(_) => ("alone", last_name.parse2(written.clone()).ok()),
    };
    let name = name.as_ref().map_or_else(|| "words".to_owned(), text);
    let message = format!("write the name {how}: `{key}({name})`");
    Err(Error::new_spanned(written, message))
}

/// `text` of `self.text`, `&self.text`, `self.text()`.
fn last_name(input: ParseStream) -> Result<Member> {
    let mut last = Err(input.error("no name"));
    while !input.is_empty() {
        if let Ok(name) = input.parse::<Member>() {
            last = Ok(name);
        } else {
            input.parse::<TokenTree>()?;
        }
    }
    last
}

/// The tokens up to the next comma outside of a generic type's brackets.
pub(super) fn rest(input: ParseStream) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let (mut depth, mut before) = (0, ' ');
    while !input.is_empty() && (depth > 0 || !input.peek(Token![,])) {
        let token = input.parse::<TokenTree>()?;
        let sign = match &token {
            TokenTree::Punct(sign) => sign.as_char(),
            _ => ' ',
        };
        match (before, sign) {
            (_, '<') => depth += 1,
            ('-' | '=', '>') => {} // an arrow
            (_, '>') => depth -= 1,
            _ => {}
        }
        before = sign;
        token.to_tokens(&mut tokens);
    }
    Ok(tokens)
}
