//! The only spelling of the path to the hidden module of the runtime crate.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The hidden module, with errors in it aimed at `place`.
pub(crate) fn path(place: Span) -> TokenStream {
    let span = generated(place);
    quote_spanned!(span=> ::lazy_prop::__private)
}

/// The span of generated code that is shown at `place` in errors, and that lints leave alone.
pub(crate) fn generated(place: Span) -> Span {
    Span::call_site().located_at(place)
}
