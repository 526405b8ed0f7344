//! Gathers errors, so that several mistakes are reported together.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Error;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Errors(Vec<Error>);

impl Errors {
    /// Adds a mistake at `place`, the smallest part of the user's code that shows it.
    pub(crate) fn at(&mut self, place: impl ToTokens, message: impl std::fmt::Display) {
        self.push(Error::new_spanned(place, message));
    }

    /// Adds a mistake at one token.
    #[cfg(feature = "command")]
    pub(crate) fn at_span(&mut self, place: proc_macro2::Span, message: impl std::fmt::Display) {
        self.push(Error::new(place, message));
    }

    pub(crate) fn push(&mut self, error: Error) {
        self.0.push(error);
    }

    /// The value of `result`. Its error is added.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The mistakes as one `compile_error!` each.
    pub(crate) fn finish(self) -> TokenStream {
        self.0.iter().map(Error::to_compile_error).collect()
    }
}

/// The most similar one of `known`, if any is similar to `word`.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let best = known.iter().map(|k| (distance(word, k), *k)).min()?;
    (best.0 <= best.1.len().max(word.len()) / 2).then_some(best.1)
}

/// The Levenshtein distance, in characters.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, cb) in b.chars().enumerate() {
            let substituted = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.chars().count()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_word() {
        assert_eq!(nearest("clone", &["cloned", "store"]), Some("cloned"));
        assert_eq!(nearest("snyc", &["sync", "field", "home"]), Some("sync"));
        assert_eq!(nearest("banana", &["sync", "field", "home"]), None);
    }
}
