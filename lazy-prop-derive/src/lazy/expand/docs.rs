//! What generated methods say in the user's documentation: when a value is computed, what clears it.
//!
//! A method without a doc comment stays without one, so that `missing_docs` still finds it.
//!
//! ```text
//! in:  /// How many words the text has.
//! out: /// How many words the text has.
//!      ///
//!      /// Computed on the first read, then kept. Cleared by: `push`.
//! ```

use syn::{Attribute, parse_quote};

use crate::lazy::model::returns::Returns;

/// Adds to the documentation of a property, which these methods clear.
pub(crate) fn of_property(attrs: &mut Vec<Attribute>, returns: &Returns, cleared_by: &[String]) {
    let kept = kept(returns, "read");
    let cleared = match cleared_by {
        [] => "No method of this block clears it.".to_owned(),
        methods => format!("Cleared by: {}.", code(methods)),
    };
    add(attrs, &format!("{kept} {cleared}"));
}

/// Adds to the documentation of a method that clears these properties.
pub(crate) fn of_clearing(attrs: &mut Vec<Attribute>, properties: &[String]) {
    add(attrs, &format!("Clears: {}.", code(properties)));
}

/// Adds to the documentation of a function whose value is kept in a static.
pub(crate) fn of_function(attrs: &mut Vec<Attribute>, returns: &Returns) {
    add(attrs, &kept(returns, "call"));
}

fn kept(returns: &Returns, when: &str) -> String {
    let error = if returns.keeps_errors() {
        ""
    } else {
        " An error is not kept."
    };
    format!("Computed on the first {when}, then kept.{error}")
}

fn code(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn add(attrs: &mut Vec<Attribute>, text: &str) {
    if attrs.iter().any(|attr| attr.path().is_ident("doc")) {
        let text = format!("\n\n {text}");
        attrs.push(parse_quote!(#[doc = #text]));
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    /// The documentation of a method in this block, whole.
    fn documentation(of: &str) -> String {
        let expanded = crate::lazy::run(
            quote!(),
            quote! {
                impl Report {
                    /// Counts.
                    #[lazy]
                    pub fn words(&self) -> usize { self.text.len() }
                    /// Fails.
                    #[lazy]
                    pub fn number(&self) -> Result<&f64, Error> { self.text.parse() }
                    #[lazy]
                    pub fn bare(&self) -> usize { 1 }
                    /// Constant.
                    #[lazy]
                    pub fn constant(&self) -> usize { 1 }
                    /// Once.
                    #[lazy]
                    pub fn once() -> usize { 1 }
                    /// Adds.
                    pub fn push(&mut self) { self.text.push('x'); }
                }
            },
        );
        let file: syn::File = syn::parse2(expanded).unwrap();
        let methods = file.items.into_iter().filter_map(|item| match item {
            syn::Item::Impl(block) if block.trait_.is_none() => Some(block.items),
            _ => None,
        });
        let method = methods.flatten().find_map(|item| match item {
            syn::ImplItem::Fn(method) if method.sig.ident == of => Some(method),
            _ => None,
        });
        let lines = method
            .unwrap()
            .attrs
            .into_iter()
            .map(|attr| match attr.meta {
                syn::Meta::NameValue(syn::MetaNameValue {
                    value:
                        syn::Expr::Lit(syn::ExprLit {
                            lit: syn::Lit::Str(text),
                            ..
                        }),
                    ..
                }) => text.value(),
                _ => String::new(),
            });
        lines.collect()
    }

    #[test]
    fn a_property_says_when_it_is_computed_and_what_clears_it() {
        let words = " Counts.\n\n Computed on the first read, then kept. Cleared by: `push`.";
        assert_eq!(documentation("words"), words);
        let number = " Fails.\n\n Computed on the first read, then kept. An error is not kept. Cleared by: `push`.";
        assert_eq!(documentation("number"), number);
        let constant = " Constant.\n\n Computed on the first read, then kept. No method of this block clears it.";
        assert_eq!(documentation("constant"), constant);
    }

    #[test]
    fn a_method_says_what_it_clears() {
        assert_eq!(
            documentation("push"),
            " Adds.\n\n Clears: `words`, `number`."
        );
    }

    #[test]
    fn a_function_says_when_it_is_computed() {
        let once = " Once.\n\n Computed on the first call, then kept.";
        assert_eq!(documentation("once"), once);
    }

    #[test]
    fn a_method_without_a_doc_comment_stays_without() {
        assert_eq!(documentation("bare"), "");
    }
}
