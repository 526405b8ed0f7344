//! The generated docs of methods: when a value is computed, and what clears it.
//!
//! A method without a doc comment stays without one, so that `missing_docs` still finds it.
//!
//! ```text
//! in:  /// How many words the text has.
//! out: /// How many words the text has.
//!      ///
//!      /// Computed on the first read, then kept. Cleared by: `push`.
//! ```

use syn::{Attribute, Expr, ExprLit, Lit, Meta, parse_quote};

use crate::lazy::model::returns::Returns;

/// Adds to the docs of a property, which these methods clear.
pub(crate) fn of_property(attrs: &mut Vec<Attribute>, returns: &Returns, cleared_by: &[String]) {
    let kept = kept(returns, "read");
    let cleared = match cleared_by {
        [] => "No method of this block clears it.".to_owned(),
        methods => format!("Cleared by: {}.", code(methods)),
    };
    add(attrs, &format!("{kept} {cleared}"));
}

/// Adds to the docs of a method that clears these properties.
pub(crate) fn of_clearing(attrs: &mut Vec<Attribute>, properties: &[String]) {
    add(attrs, &format!("Clears: {}.", code(properties)));
}

/// Adds to the docs of a function whose value is kept in a static.
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

/// Adds a paragraph before the first heading, `# Examples` or the like.
fn add(attrs: &mut Vec<Attribute>, text: &str) {
    let lines: Vec<_> = attrs.iter().map(line).collect();
    let Some(last) = lines.iter().rposition(Option::is_some) else {
        return;
    };
    let is_heading = |line: &Option<String>| {
        let text = line.as_deref().unwrap_or_default();
        text.trim_start().starts_with('#')
    };
    let at = lines.iter().position(is_heading).unwrap_or(last + 1);
    let text = format!("\n {text}\n");
    attrs.insert(at, parse_quote!(#[doc = #text]));
}

/// A line of a doc comment. It is empty if a macro writes it.
fn line(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attr.meta else {
        return None;
    };
    match &pair.value {
        _ if !pair.path.is_ident("doc") => None,
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => Some(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    /// The whole docs of a method in this block.
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
                    ///
                    /// # Panics
                    /// Never.
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
        let attrs = method.unwrap().attrs;
        let lines: Vec<_> = attrs.iter().filter_map(super::line).collect();
        lines.join("\n")
    }

    #[test]
    fn a_property_says_when_it_is_computed_and_what_clears_it() {
        let words = " Counts.\n\n Computed on the first read, then kept. Cleared by: `push`.\n";
        assert_eq!(documentation("words"), words);
        let number = " Fails.\n\n Computed on the first read, then kept. An error is not kept. Cleared by: `push`.\n";
        assert_eq!(documentation("number"), number);
        let constant = " Constant.\n\n Computed on the first read, then kept. No method of this block clears it.\n";
        assert_eq!(documentation("constant"), constant);
    }

    #[test]
    fn a_method_says_what_it_clears() {
        assert_eq!(
            documentation("push"),
            " Adds.\n\n\n Clears: `words`, `number`.\n\n # Panics\n Never."
        );
    }

    #[test]
    fn a_function_says_when_it_is_computed() {
        let once = " Once.\n\n Computed on the first call, then kept.\n";
        assert_eq!(documentation("once"), once);
    }

    #[test]
    fn a_method_without_a_doc_comment_stays_without() {
        assert_eq!(documentation("bare"), "");
    }
}
