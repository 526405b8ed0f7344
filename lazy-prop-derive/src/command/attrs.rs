//! Attributes by name.

use syn::{Attribute, Path};

/// `word`, `lazy_prop::word` or `::lazy_prop::word`.
pub(super) fn is(path: &Path, word: &str) -> bool {
    let words: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [one] => one == word && path.leading_colon.is_none(),
        [krate, one] => krate == "lazy_prop" && one == word,
        _ => false,
    }
}

/// Takes the attributes of the name `word` out of `attrs`.
pub(super) fn take(attrs: &mut Vec<Attribute>, word: &str) -> Vec<Attribute> {
    let (taken, others) = attrs.drain(..).partition(|attr| is(attr.path(), word));
    *attrs = others;
    taken
}

/// The `#[cfg]`s of an item, for the items generated beside it.
pub(super) fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .cloned()
        .collect()
}
