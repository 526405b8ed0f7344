//! The words in `#[arg(...)]` and `#[command(...)]`, before they get a meaning.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Token, parenthesized, token};

use crate::errors::Errors;

/// `key`, `key = value` or `key(values)`.
pub(super) struct Word {
    pub(super) key: Ident,
    pub(super) said: Said,
}

/// The value of a key.
pub(super) enum Said {
    Bare,
    Value(Expr),
    List(TokenStream),
}

impl Word {
    pub(super) fn name(&self) -> String {
        self.key.unraw().to_string()
    }

    /// The string, if the value is a literal.
    pub(super) fn literal(&self) -> Option<&LitStr> {
        match &self.said {
            Said::Value(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => Some(text),
            _ => None,
        }
    }
}

/// The words of several attributes, for a name that may stand more than once.
pub(super) fn of(attrs: &[Attribute], errors: &mut Errors) -> Vec<Word> {
    let mut words = vec![];
    for attr in attrs {
        match &attr.meta {
            Meta::Path(_) => {}
            Meta::List(list) => words.extend(parse(list.tokens.clone(), errors)),
            Meta::NameValue(pair) => {
                errors.at(pair, "write it in parentheses: `#[arg(long = \"name\")]`");
            }
        }
    }
    words
}

/// Whether `name` is among `words`.
pub(super) fn has(words: &[Word], name: &str) -> bool {
    words.iter().any(|word| word.key == name)
}

/// The words of one attribute. Syntax errors go to `errors`.
pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Vec<Word> {
    let mut words: Vec<Word> = vec![];
    let parser = |input: ParseStream| {
        while !input.is_empty() {
            let word = word(input)?;
            if words.iter().any(|other| other.key == word.key) {
                let message = format!("`{}` stands twice: remove one", word.key);
                errors.at(&word.key, message);
            } else {
                words.push(word);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.push(error);
    }
    words
}

fn word(input: ParseStream) -> syn::Result<Word> {
    let key = input.call(Ident::parse_any)?;
    let said = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        Said::Value(value(&key, input)?)
    } else if input.peek(token::Paren) {
        let list;
        parenthesized!(list in input);
        Said::List(list.parse()?)
    } else {
        Said::Bare
    };
    Ok(Word { key, said })
}

fn value(key: &Ident, input: ParseStream) -> syn::Result<Expr> {
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new(
            key.span(),
            format!("`{key}` has no value after its `=`"),
        ));
    }
    let start = input.cursor();
    input.parse().map_err(|error| match start.token_tree() {
        // The value's first token is a better place for the error than the end of the attribute.
        Some((TokenTree::Punct(punct), _)) => syn::Error::new(punct.span(), error),
        _ => error,
    })
}
