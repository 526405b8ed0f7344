//! Names of other arguments in clap's words: `conflicts_with = "other"`.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, LitStr, Token};

use super::words::{Said, Word};

/// Words whose value is a name, or a list of names.
const NAMES: [&str; 9] = [
    "conflicts_with",
    "conflicts_with_all",
    "overrides_with",
    "overrides_with_all",
    "required_unless_present",
    "required_unless_present_all",
    "required_unless_present_any",
    "requires",
    "requires_all",
];

/// Words with a name in each tuple, or among their values, and where.
const IN_TUPLES: [(&str, usize); 9] = [
    ("default_value_if", 0),
    ("default_value_ifs", 0),
    ("default_values_if", 0),
    ("default_values_ifs", 0),
    ("required_if_eq", 0),
    ("required_if_eq_all", 0),
    ("required_if_eq_any", 0),
    ("requires_if", 1),
    ("requires_ifs", 1),
];

/// The names in a word of `#[arg(...)]`, as far as they are literals.
pub(super) fn of(word: &Word) -> Vec<LitStr> {
    let name = word.name();
    let (at, is_name) = match IN_TUPLES.iter().find(|(other, _)| *other == name) {
        Some((_, at)) => (*at, false),
        None if NAMES.contains(&&*name) => (0, true),
        None => return vec![],
    };
    let mut found = vec![];
    match &word.said {
        Said::Bare => {}
        Said::Value(value) => collect(value, at, &mut found),
        Said::List(list) => {
            let values = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(list.clone());
            let values: Vec<Expr> = values.into_iter().flatten().collect();
            match &values[..] {
                [one] => collect(one, at, &mut found),
                all if is_name => all.iter().for_each(|value| collect(value, at, &mut found)),
                all => found.extend(all.get(at).and_then(literal)),
            }
        }
    }
    found
}

fn collect(value: &Expr, at: usize, found: &mut Vec<LitStr>) {
    match value {
        Expr::Reference(lent) => collect(&lent.expr, at, found),
        Expr::Array(array) => array
            .elems
            .iter()
            .for_each(|value| collect(value, at, found)),
        Expr::Tuple(tuple) => found.extend(tuple.elems.get(at).and_then(literal)),
        value => found.extend(literal(value)),
    }
}

fn literal(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.clone()),
        _ => None,
    }
}

/// The groups that `group(ArgGroup::new("name").args(["a", "b"]))` describes, and the names in it.
#[derive(Default)]
pub(super) struct Groups {
    pub(super) described: Vec<LitStr>,
    pub(super) speaks_of: Vec<LitStr>,
}

impl Groups {
    pub(super) fn read(&mut self, tokens: TokenStream) {
        let mut method = String::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => method = ident.to_string(),
                TokenTree::Group(group) => {
                    let texts = group.stream().into_iter().filter_map(text);
                    match &*method {
                        "new" | "id" => self.described.extend(texts),
                        "arg" | "args" | "requires" | "requires_all" | "conflicts_with"
                        | "conflicts_with_all" => {
                            self.speaks_of.extend(texts);
                            self.speaks_of.extend(nested_texts(group.stream()));
                        }
                        _ => {}
                    }
                    if !matches!(&*method, "arg" | "args") {
                        self.read(group.stream());
                    }
                }
                _ => {}
            }
        }
    }
}

/// The texts in an array: `["a", "b"]`.
fn nested_texts(tokens: TokenStream) -> Vec<LitStr> {
    let groups = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    groups.flatten().filter_map(text).collect()
}

fn text(token: TokenTree) -> Option<LitStr> {
    syn::parse2(TokenStream::from(token)).ok()
}
