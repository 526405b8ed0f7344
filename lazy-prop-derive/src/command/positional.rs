//! The rules for the positional parameters of one command together.

use syn::{GenericArgument, Path, PathArguments, Type};

use super::param::Param;
use crate::errors::Errors;

/// Types of one value that nobody redefines.
const VALUES: [&str; 18] = [
    "String", "OsString", "PathBuf", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8",
    "i16", "i32", "i64", "i128", "isize", "f32", "f64",
];

/// Words of `#[arg(...)]` that may change what the type says about the place of a parameter.
const OTHERWISE: [&str; 7] = [
    "action",
    "index",
    "last",
    "num_args",
    "raw",
    "required",
    "value_terminator",
];

/// Words that give a value when the line has none.
const DEFAULTS: [&str; 6] = [
    "default_value",
    "default_value_t",
    "default_value_os_t",
    "default_values",
    "default_values_t",
    "default_values_os_t",
];

/// How many words a positional parameter takes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Takes {
    One,
    OneOrNone,
    Rest,
}

/// Reports parameters among which clap cannot divide a line. The runtime checks what the types do not show,
/// such as an alias or a dictionary's entry.
pub(super) fn check(params: &[Param], options: Option<&Path>, errors: &mut Errors) {
    let known = params.iter().filter_map(|param| {
        let may_be_option = param.arg.is_named || param.dictionary(options).is_some();
        let takes = takes(param).filter(|_| !may_be_option)?;
        Some((takes, &param.ty))
    });
    let known: Vec<(Takes, &Type)> = known.collect();
    let rests = known.iter().filter(|(takes, _)| *takes == Takes::Rest);
    if rests.clone().count() < 2 {
        left_out_is_clear(&known, errors);
    }
    for (_, ty) in rests.skip(1) {
        errors.at(
            ty,
            "only one positional parameter can take the rest of the line: make this an option, `#[arg(long)]`",
        );
    }
}

fn left_out_is_clear(known: &[(Takes, &Type)], errors: &mut Errors) {
    let order: Vec<Takes> = known.iter().map(|(takes, _)| *takes).collect();
    if let Some(at) = (0..order.len()).find(|at| !is_clear(&order, *at)) {
        errors.at(
            known[at].1,
            "an optional positional must come last, or before one final required one: move it to the end, or write `#[arg(long)]`",
        );
    }
}

/// Whether clap can tell which words belong to the parameter at `at`. It allows one optional parameter before
/// a required one, as the last but one.
fn is_clear(order: &[Takes], at: usize) -> bool {
    let (before, after) = (&order[..at], &order[at + 1..]);
    match (order[at], after) {
        (Takes::One, _) | (_, []) => true,
        (_, [Takes::One]) => matches!(before, [] | [Takes::One]),
        (Takes::Rest, _) => false,
        (Takes::OneOrNone, _) => !after.contains(&Takes::One),
    }
}

/// The number of words by the type. `None` for an option, and where the type does not show it.
fn takes(param: &Param) -> Option<Takes> {
    if param.is_flat || param.says(&OTHERWISE) {
        return None;
    }
    let takes = match of_type(&param.ty) {
        _ if param.arg.verbatim => Some(Takes::One),
        takes => takes,
    };
    match takes {
        Some(Takes::One) if param.says(&DEFAULTS) => Some(Takes::OneOrNone),
        takes => takes,
    }
}

fn of_type(ty: &Type) -> Option<Takes> {
    if item_of_list(ty).is_some() {
        return Some(Takes::Rest);
    }
    let path = match ty {
        Type::Path(path) => &path.path,
        Type::Reference(_) => return Some(Takes::One),
        _ => return None,
    };
    let last = path.segments.last()?;
    match (&*last.ident.to_string(), inner(&last.arguments)) {
        ("Option", Some(inner)) if of_type(inner) == Some(Takes::OneOrNone) => None,
        ("Option", Some(_)) => Some(Takes::OneOrNone),
        (name, None) if VALUES.contains(&name) => Some(Takes::One),
        _ => None,
    }
}

/// `T` of `Vec<T>`, `&[T]` and `Option<Vec<T>>`.
pub(super) fn item_of_list(ty: &Type) -> Option<&Type> {
    let path = match ty {
        Type::Path(path) => &path.path,
        Type::Reference(reference) => {
            return match &*reference.elem {
                Type::Slice(slice) => Some(&slice.elem),
                _ => None,
            };
        }
        _ => return None,
    };
    let last = path.segments.last()?;
    let inner = inner(&last.arguments)?;
    match &*last.ident.to_string() {
        "Vec" => Some(inner),
        "Option" => item_of_list(inner),
        _ => None,
    }
}

/// The type in angle brackets.
fn inner(arguments: &PathArguments) -> Option<&Type> {
    match arguments {
        PathArguments::AngleBracketed(list) => match list.args.first() {
            Some(GenericArgument::Type(ty)) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
