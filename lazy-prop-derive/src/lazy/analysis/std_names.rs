//! The standard library's macros and methods that are known by name.
//!
//! A name proves nothing, because a user's macro or method may have it. So a macro must have the
//! shape of std's, and gets its arguments in a form that can only be looked at. For a method that
//! is known to look, the receiver must have a type of std, which rustc decides (`Known` in the
//! runtime).

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Ident, Lit, Macro, Path, Token};

use super::places::Names;

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
const WITH_FORMAT: [(usize, &[&str]); 3] = [
    (
        0,
        &[
            "print",
            "println",
            "eprint",
            "eprintln",
            "format",
            "format_args",
            "panic",
            "todo",
            "unreachable",
            "unimplemented",
            "trace",
            "debug",
            "info",
            "warn",
            "error",
            "anyhow",
            "bail",
        ],
    ),
    (1, &["assert", "debug_assert", "ensure", "log", "event"]),
    (
        2,
        &[
            "assert_eq",
            "assert_ne",
            "debug_assert_eq",
            "debug_assert_ne",
        ],
    ),
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
pub(crate) fn known_macro(mac: &Macro, local: &BTreeSet<String>) -> Option<Known> {
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
    let before = WITH_FORMAT
        .iter()
        .find(|(_, names)| names.contains(&&*name));
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

/// The class of a method of std that only looks. The runtime's `class` with that name lists the
/// types that have all of its methods.
pub(crate) fn class_of(name: &str) -> Option<&'static str> {
    let class = LOOKING.iter().find(|(_, names)| names.contains(&name));
    class.map(|(class, _)| *class)
}

/// The methods of std that only look, by class.
const LOOKING: &[(&str, &[&str])] = &[
    (
        "Every",
        &[
            "clone",
            "eq",
            "ne",
            "cmp",
            "partial_cmp",
            "lt",
            "le",
            "gt",
            "ge",
        ],
    ),
    ("Shown", &["to_string"]),
    ("Sized", &["len", "is_empty"]),
    ("Iterated", &["iter"]),
    ("Ended", &["first", "last"]),
    ("Queued", &["front", "back"]),
    ("Indexed", &["get"]),
    ("Searched", &["contains"]),
    ("Affixed", &["starts_with", "ends_with"]),
    (
        "Split",
        &["split", "rsplit", "splitn", "rsplitn", "split_at"],
    ),
    ("Repeated", &["repeat"]),
    ("Joined", &["join"]),
    ("Viewed", &["as_ref"]),
    ("Peeked", &["peek"]),
    ("Ranged", &["range"]),
    ("Grown", &["capacity"]),
    (
        "List",
        &[
            "as_slice",
            "binary_search",
            "binary_search_by",
            "binary_search_by_key",
            "chunk_by",
            "chunks",
            "chunks_exact",
            "concat",
            "is_sorted",
            "partition_point",
            "rchunks",
            "split_first",
            "split_last",
            "to_vec",
            "windows",
        ],
    ),
    (
        "Text",
        &[
            "as_bytes",
            "bytes",
            "char_indices",
            "chars",
            "eq_ignore_ascii_case",
            "find",
            "is_ascii",
            "is_char_boundary",
            "lines",
            "match_indices",
            "matches",
            "parse",
            "replace",
            "replacen",
            "rfind",
            "rsplit_once",
            "split_once",
            "split_terminator",
            "split_whitespace",
            "strip_suffix",
            "to_ascii_lowercase",
            "to_ascii_uppercase",
            "to_lowercase",
            "to_owned",
            "to_uppercase",
            "trim",
            "trim_end",
            "trim_end_matches",
            "trim_matches",
            "trim_start",
            "trim_start_matches",
        ],
    ),
    ("String", &["as_str"]),
    ("Map", &["contains_key", "get_key_value", "keys", "values"]),
    ("Sorted", &["first_key_value", "last_key_value"]),
    (
        "Set",
        &[
            "difference",
            "intersection",
            "is_disjoint",
            "is_subset",
            "is_superset",
            "symmetric_difference",
            "union",
        ],
    ),
    (
        "Maybe",
        &[
            "and",
            "and_then",
            "as_deref",
            "cloned",
            "copied",
            "expect",
            "inspect",
            "map",
            "map_or",
            "map_or_else",
            "or",
            "or_else",
            "unwrap",
            "unwrap_or",
            "unwrap_or_default",
            "unwrap_or_else",
        ],
    ),
    (
        "Option",
        &[
            "filter",
            "is_none",
            "is_none_or",
            "is_some",
            "is_some_and",
            "ok_or",
            "ok_or_else",
            "xor",
        ],
    ),
    (
        "Result",
        &["err", "is_err", "is_ok", "is_ok_and", "ok", "unwrap_err"],
    ),
    (
        "Number",
        &[
            "abs",
            "clamp",
            "max",
            "min",
            "rem_euclid",
            "div_euclid",
            "signum",
        ],
    ),
    (
        "Whole",
        &[
            "abs_diff",
            "checked_add",
            "checked_div",
            "checked_mul",
            "checked_rem",
            "checked_sub",
            "count_ones",
            "count_zeros",
            "leading_zeros",
            "overflowing_add",
            "overflowing_mul",
            "overflowing_sub",
            "pow",
            "rotate_left",
            "rotate_right",
            "saturating_add",
            "saturating_mul",
            "saturating_sub",
            "trailing_zeros",
            "wrapping_add",
            "wrapping_div",
            "wrapping_mul",
            "wrapping_neg",
            "wrapping_pow",
            "wrapping_rem",
            "wrapping_shl",
            "wrapping_shr",
            "wrapping_sub",
        ],
    ),
    (
        "Unsigned",
        &[
            "div_ceil",
            "is_power_of_two",
            "next_multiple_of",
            "next_power_of_two",
        ],
    ),
    ("Signed", &["is_negative", "is_positive", "unsigned_abs"]),
    (
        "Real",
        &[
            "acos",
            "asin",
            "atan",
            "atan2",
            "cbrt",
            "ceil",
            "copysign",
            "cos",
            "exp",
            "floor",
            "fract",
            "hypot",
            "is_finite",
            "is_infinite",
            "is_nan",
            "ln",
            "log10",
            "log2",
            "mul_add",
            "powf",
            "powi",
            "recip",
            "round",
            "sin",
            "sqrt",
            "tan",
            "to_bits",
            "to_degrees",
            "to_radians",
            "total_cmp",
            "trunc",
        ],
    ),
    ("Bool", &["then", "then_some"]),
    (
        "Char",
        &[
            "is_alphabetic",
            "is_alphanumeric",
            "is_ascii_digit",
            "is_digit",
            "is_lowercase",
            "is_numeric",
            "is_uppercase",
            "is_whitespace",
            "len_utf8",
            "to_digit",
        ],
    ),
    (
        "Path",
        &[
            "as_path",
            "components",
            "display",
            "exists",
            "extension",
            "file_name",
            "file_stem",
            "is_absolute",
            "is_dir",
            "is_file",
            "is_relative",
            "parent",
            "to_path_buf",
            "to_string_lossy",
            "with_extension",
            "with_file_name",
        ],
    ),
    (
        "Duration",
        &[
            "as_micros",
            "as_millis",
            "as_nanos",
            "as_secs",
            "as_secs_f32",
            "as_secs_f64",
            "is_zero",
            "subsec_millis",
            "subsec_nanos",
        ],
    ),
    ("Instant", &["duration_since", "elapsed"]),
];

/// Whether a method of std with this name changes its receiver.
pub(crate) fn changes(name: &str) -> bool {
    name.contains("mut") || CHANGING.contains(&name)
}

const CHANGING: &[&str] = &[
    "append",
    "clear",
    "clone_from",
    "dedup",
    "dedup_by",
    "dedup_by_key",
    "drain",
    "entry",
    "extend",
    "extend_from_slice",
    "fill",
    "get_or_insert",
    "get_or_insert_with",
    "insert",
    "insert_str",
    "make_ascii_lowercase",
    "make_ascii_uppercase",
    "pop",
    "pop_back",
    "pop_first",
    "pop_front",
    "pop_last",
    "push",
    "push_back",
    "push_front",
    "push_str",
    "remove",
    "remove_entry",
    "replace",
    "replace_range",
    "resize",
    "retain",
    "reverse",
    "rotate_left",
    "rotate_right",
    "set_extension",
    "set_file_name",
    "shrink_to_fit",
    "sort",
    "sort_by",
    "sort_by_key",
    "sort_unstable",
    "split_off",
    "swap",
    "swap_remove",
    "take",
    "truncate",
];

/// The methods of std's traits that look at `self`, with names that no other trait of std has.
pub(crate) const LOOKING_AT_SELF: [&str; 3] = ["clone", "to_owned", "to_string"];
