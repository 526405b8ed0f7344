//! The only spelling of the path to the hidden module of the runtime crate.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The hidden module, with errors in it aimed at `span`.
pub(crate) fn path(span: Span) -> TokenStream {
    quote_spanned!(span=> ::lazy_prop::__private)
}
