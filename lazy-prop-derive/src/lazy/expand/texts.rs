//! What a home knows of its properties, as the flat list of texts that the runtime reads.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, Meta};

use super::cells::{Cell, cfgs};
use super::targets::Targets;
use crate::lazy::analysis::Plan;
use crate::lazy::syntax::plain;
use crate::runtime::{self, Runtime};

/// The end of a section, as the runtime knows it.
const END: &str = ";";

/// The texts, each with a comma behind it. The runtime's `texts.rs` says what they are.
///
/// ```text
/// in:  /// Counts.
///      #[lazy] fn words(&self) -> usize { self.text.len() }
/// out: "text", ";", "words", ";", "words", "Counts.", "text", ";", ";",
/// ```
pub(super) fn of(plan: &Plan, targets: &Targets, cells: &[Cell]) -> TokenStream {
    let fields = targets.fields();
    let methods = plan.facts.sound_methods();
    let mut texts = quote!(#(#fields,)* #END, #(#methods,)* #END,);
    let runtime = runtime::path(Span::call_site());
    for cell in cells {
        let name = plain(&cell.name);
        let reads = plan.graph.listed_reads(&name);
        let names = reads.iter().map(String::as_str);
        let names = names.chain([END]);
        let cleared_by = plan.cleared_by(&cell.name).iter().map(String::as_str);
        let names = names.chain(cleared_by).chain([END]);
        let doc = doc(&cell.attrs, runtime);
        let cfgs = cfgs(&cell.attrs);
        let names = [name.to_token_stream(), doc]
            .into_iter()
            .chain(names.map(ToTokens::into_token_stream));
        names.for_each(|text| texts.extend(quote!(#(#cfgs)* #text,)));
    }
    texts
}

/// The doc comment as one string expression: a literal, unless a macro writes a part of it.
fn doc(attrs: &[Attribute], runtime: Runtime) -> TokenStream {
    let docs = attrs.iter().filter(|attr| attr.path().is_ident("doc"));
    let lines = docs.filter_map(|attr| match &attr.meta {
        Meta::NameValue(pair) => Some(doc_line(&pair.value)),
        _ => None,
    });
    let lines: Vec<_> = lines.collect();
    let texts: Option<Vec<&str>> = lines.iter().map(|line| line.as_deref().ok()).collect();
    if let Some(texts) = texts {
        return texts.join("\n").into_token_stream();
    }
    let lines = lines.iter().map(|line| match line {
        Ok(text) => text.to_token_stream(),
        Err(value) => value.to_token_stream(),
    });
    let parts = lines
        .enumerate()
        .map(|(at, line)| if at == 0 { line } else { quote!("\n", #line) });
    quote!(#runtime::core::concat!(#(#parts),*))
}

/// The text of a line without the space after `///`, or the expression that makes it.
fn doc_line(value: &Expr) -> Result<String, &Expr> {
    match value {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => {
            let text = text.value();
            Ok(text.strip_prefix(' ').unwrap_or(&text).to_owned())
        }
        value => Err(value),
    }
}
