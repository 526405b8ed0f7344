//! The macros of std, log, tracing and anyhow that are known by name.
//!
//! A name proves nothing, because a user's macro may have it. So a macro must have the shape of
//! std's, and gets its arguments in a form that can only be looked at.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Ident, Lit, Macro, Path, Token};

use super::places::Names;
use super::std_methods::is_in;
use crate::sorted::Set;

/// The effect of a known macro on its arguments.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Does {
    /// It looks at them.
    Looks,
    /// It takes them: `vec!`, `dbg!`.
    Takes,
    /// It writes to the first one and looks at the others.
    Writes,
}

/// The macros whose format string comes after this many arguments, if it is there.
const WITH_FORMAT: [(usize, &str); 3] = [
    (
        0,
        "print println eprint eprintln format format_args panic todo unreachable unimplemented \
         trace debug info warn error anyhow bail",
    ),
    (1, "assert debug_assert ensure log event"),
    (2, "assert_eq assert_ne debug_assert_eq debug_assert_ne"),
];

/// The crates of those macros, for calls by path.
const CRATES: [&str; 6] = ["std", "core", "alloc", "log", "tracing", "anyhow"];

/// A macro that is known.
pub(crate) struct Known {
    pub(crate) does: Does,
    /// The tokens before the arguments: `target: "net",`.
    pub(crate) lead: TokenStream,
    pub(crate) arguments: Vec<Expr>,
    /// The tokens after them that are not expressions: the pattern of `matches!`.
    pub(crate) rest: TokenStream,
}

impl Known {
    /// Whether the host is named where it cannot be followed.
    pub(crate) fn hides(&self, names: &Names) -> bool {
        names.are_in(&self.lead) || names.are_in(&self.rest)
    }
}

/// The facts of a macro, if its arguments have the shape of std's. `local` are the macros that the
/// body defines.
pub(crate) fn known_macro(mac: &Macro, local: &Set<String>) -> Option<Known> {
    let name = known_name(&mac.path)?;
    if local.contains(&name) {
        return None;
    }
    if name == "matches" {
        return matches_macro(mac);
    }
    if let Some(known) = repeated(mac).filter(|_| name == "vec") {
        return Some(known);
    }
    let before = WITH_FORMAT.iter().find(|(_, names)| is_in(names, &name));
    let does = match &*name {
        "vec" | "dbg" => Does::Takes,
        "write" | "writeln" => Does::Writes,
        _ => Does::Looks,
    };
    let before = match (before, does) {
        (Some((before, _)), _) => *before,
        (None, Does::Looks) => return None,
        (None, _) => 1,
    };
    let parser = |input: ParseStream| {
        let lead = lead(input)?;
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
        Ok((lead, arguments.into_iter().collect::<Vec<_>>()))
    };
    let (lead, arguments) = parser.parse2(mac.tokens.clone()).ok()?;
    let format = arguments.get(before);
    let in_shape = arguments.len() >= before && format.is_none_or(is_text);
    (does == Does::Takes || in_shape).then(|| Known {
        does,
        lead,
        arguments,
        rest: TokenStream::new(),
    })
}

/// `vec![element; count]`
fn repeated(mac: &Macro) -> Option<Known> {
    let parser = |input: ParseStream| {
        let (element, sign) = (input.parse::<Expr>()?, input.parse::<Token![;]>()?);
        Ok((quote!(#element #sign), input.parse()?))
    };
    let (lead, count) = parser.parse2(mac.tokens.clone()).ok()?;
    Some(Known {
        does: Does::Takes,
        lead,
        arguments: vec![count],
        rest: TokenStream::new(),
    })
}

fn matches_macro(mac: &Macro) -> Option<Known> {
    let parser = |input: ParseStream| Ok((input.parse()?, input.parse()?));
    let (matched, rest) = parser.parse2(mac.tokens.clone()).ok()?;
    Some(Known {
        does: Does::Looks,
        lead: TokenStream::new(),
        arguments: vec![matched],
        rest,
    })
}

/// The named arguments of log and tracing, which come first.
fn lead(input: ParseStream) -> syn::Result<TokenStream> {
    let mut lead = TokenStream::new();
    while input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let (name, colon) = (input.parse::<Ident>()?, input.parse::<Token![:]>()?);
        let (value, comma) = (input.parse::<Expr>()?, input.parse::<Token![,]>()?);
        lead.extend(quote!(#name #colon #value #comma));
    }
    Ok(lead)
}

fn known_name(path: &Path) -> Option<String> {
    let mut segments = path.segments.iter();
    let (first, second) = (segments.next()?, segments.next());
    match (second, segments.next()) {
        (None, _) => Some(first.ident.to_string()),
        (Some(second), None) => {
            let is_known = CRATES.iter().any(|name| first.ident == name);
            is_known.then(|| second.ident.to_string())
        }
        _ => None,
    }
}

/// A format string, or a macro that makes one.
fn is_text(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => matches!(lit, Lit::Str(_)),
        Expr::Macro(mac) => mac.mac.path.is_ident("concat"),
        _ => false,
    }
}
