//! The options in the parentheses of `#[lazy(...)]`.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, LitInt, LitStr, Member, Meta, Token, Type};

use crate::errors::{Errors, nearest};
use crate::lazy::model::values::{Names, bound, flag, names, rest, value};

/// The place of a `#[lazy]`.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Struct,
    Block,
    Method,
    Function,
}

use Place::{Block, Function, Method, Struct};

/// Every option and the places where it may be written.
const KEYS: [(&str, &[Place]); 17] = [
    ("also", &[Block]),
    ("field", &[Struct, Block]),
    ("covariant", &[Struct]),
    ("strict", &[Struct]),
    ("sync", &[Block]),
    ("home", &[Block]),
    ("bound", &[Block]),
    ("cloned", &[Method, Function]),
    ("store", &[Method, Function]),
    ("ttl", &[Method, Function]),
    ("stale_while_refresh", &[Method, Function]),
    ("racing", &[Method, Function]),
    ("mut", &[Method, Function]),
    ("depends", &[Method]),
    ("cycle_ok", &[Method]),
    ("keeps", &[Method]),
    ("clears", &[Method]),
];

/// The options of one `#[lazy]`, each with the word that set it.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) also: Option<Ident>,
    pub(crate) field: Option<(Ident, Member)>,
    pub(crate) covariant: Option<Ident>,
    pub(crate) sync: Option<Ident>,
    pub(crate) home: Option<(Ident, LitInt)>,
    pub(crate) bound: Option<(Ident, LitStr)>,
    pub(crate) cloned: Option<Ident>,
    pub(crate) store: Option<(Ident, Type)>,
    pub(crate) ttl: Option<(Ident, Expr)>,
    pub(crate) stale_while_refresh: Option<Ident>,
    pub(crate) racing: Option<Ident>,
    /// `mut`
    pub(crate) in_place: Option<Ident>,
    pub(crate) strict: Option<Ident>,
    pub(crate) depends: Option<(Ident, Names)>,
    pub(crate) cycle_ok: Option<Ident>,
    pub(crate) keeps: Option<Ident>,
    pub(crate) clears: Option<(Ident, Names)>,
}

impl Options {
    /// Parses the content of the parentheses. Mistakes go to `errors`.
    pub(crate) fn parse(tokens: TokenStream, place: Place, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let parser = |input: ParseStream| {
            while !input.is_empty() {
                if let Err(error) = options.set(place, input, errors) {
                    errors.push(error);
                    skip_value(input)?;
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
        options
    }

    /// The options of a mark on a method: `#[lazy]` or `#[lazy(...)]`.
    pub(crate) fn of_marker(marker: &Attribute, place: Place, errors: &mut Errors) -> Self {
        match &marker.meta {
            Meta::Path(_) => Self::default(),
            Meta::List(list) => Self::parse(list.tokens.clone(), place, errors),
            Meta::NameValue(pair) => {
                errors.at(pair, "write options in parentheses: `#[lazy(cloned)]`");
                Self::default()
            }
        }
    }

    /// Sets the next option.
    fn set(&mut self, place: Place, input: ParseStream, errors: &mut Errors) -> syn::Result<()> {
        let key = &key(place, input)?;
        let word = key.to_string();
        let first = match &*word {
            "also" => put(&mut self.also, flag(key, input)?),
            "field" => put(&mut self.field, (key.clone(), value(key, "name", input)?)),
            "covariant" => put(&mut self.covariant, flag(key, input)?),
            "sync" => put(&mut self.sync, flag(key, input)?),
            "home" => put(&mut self.home, (key.clone(), value(key, "1", input)?)),
            "bound" => put(&mut self.bound, (key.clone(), bound(key, input, errors)?)),
            "cloned" => put(&mut self.cloned, flag(key, input)?),
            "ttl" => {
                let shape = "Duration::from_secs(60)";
                put(&mut self.ttl, (key.clone(), value(key, shape, input)?))
            }
            "stale_while_refresh" => put(&mut self.stale_while_refresh, flag(key, input)?),
            "racing" => put(&mut self.racing, flag(key, input)?),
            "mut" => put(&mut self.in_place, flag(key, input)?),
            "strict" => put(&mut self.strict, flag(key, input)?),
            "depends" => put(&mut self.depends, (key.clone(), names(key, input, errors)?)),
            "cycle_ok" => put(&mut self.cycle_ok, flag(key, input)?),
            "keeps" => put(&mut self.keeps, flag(key, input)?),
            "clears" => put(&mut self.clears, (key.clone(), names(key, input, errors)?)),
            _ => put(&mut self.store, (key.clone(), value(key, "Type", input)?)),
        };
        if first {
            return Ok(());
        }
        let message = format!("`{word}` stands twice: remove one");
        Err(syn::Error::new(key.span(), message))
    }
}

/// Sets an option. Returns whether it was unset.
fn put<T>(option: &mut Option<T>, value: T) -> bool {
    let first = option.is_none();
    option.get_or_insert(value);
    first
}

/// The name of an option that is allowed here.
fn key(place: Place, input: ParseStream) -> syn::Result<Ident> {
    if let Some(text) = input.parse::<Option<LitStr>>()? {
        let message = format!("write it without quotes: `{}`", text.value());
        return Err(syn::Error::new(text.span(), message));
    }
    let key = input.call(Ident::parse_any)?;
    check_key(&key, &key.to_string(), place)?;
    Ok(key)
}

fn check_key(key: &Ident, word: &str, place: Place) -> syn::Result<()> {
    let here = |(_, places): &&(&str, &[Place])| places.contains(&place);
    let message = match KEYS.iter().find(|(known, _)| *known == word) {
        Some(found) if here(&found) => return Ok(()),
        Some((_, places)) => format!("`{word}` belongs {}", places[0].words()),
        None => {
            let known: Vec<&str> = KEYS.iter().filter(here).map(|(known, _)| *known).collect();
            match nearest(word, &known) {
                Some(near) => format!("there is no option `{word}`; did you mean `{near}`?"),
                None => format!(
                    "there is no option `{word}`; the options here are {}",
                    list(&known)
                ),
            }
        }
    };
    Err(syn::Error::new(key.span(), message))
}

impl Place {
    fn words(self) -> &'static str {
        match self {
            Struct => "on the struct",
            Block => "on the impl block: `#[lazy(...)] impl`",
            Method => "on a method or function that is lazy",
            Function => "on a function",
        }
    }
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// Skips to the next comma, so that one wrong option hides no other.
fn skip_value(input: ParseStream) -> syn::Result<()> {
    rest(input).map(drop)
}

/// Removes the `#[lazy]` marks from `attrs`.
pub(crate) fn take_markers(attrs: &mut Vec<Attribute>) -> Vec<Attribute> {
    let (markers, others) = attrs.drain(..).partition(|attr| is_lazy(attr.path()));
    *attrs = others;
    markers
}

/// `lazy`, `lazy_prop::lazy` or `::lazy_prop::lazy`.
pub(crate) fn is_lazy(path: &syn::Path) -> bool {
    let words: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["lazy"] => path.leading_colon.is_none(),
        ["lazy_prop", "lazy"] => true,
        _ => false,
    }
}
