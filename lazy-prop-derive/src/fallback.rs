//! What an item becomes beside its errors: itself, without our helper attributes.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Block, ImplItemFn, ReturnType, Type, parse_quote};

/// A method that broke a rule: as it is written if it can be, for its body may be right as a
/// plain method's; where it lends, the body makes what would have been kept, so it goes.
pub(crate) fn method(method: &mut ImplItemFn) {
    if let Some(body) = replacement(&method.sig.output) {
        method.attrs.push(parse_quote!(#[allow(unused)]));
        method.block = body;
    }
}

/// A body that fits every return type but `impl Trait`.
fn replacement(output: &ReturnType) -> Option<Block> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    let runtime = crate::runtime::path(proc_macro2::Span::call_site());
    lends(ty).then(|| parse_quote!({ #runtime::core::unimplemented!() }))
}

fn lends(ty: &Type) -> bool {
    match ty {
        Type::Reference(_) => true,
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let whole = ["Option", "Result"].iter().any(|name| last.ident == name);
            let syn::PathArguments::AngleBracketed(list) = &last.arguments else {
                return false;
            };
            let is_ref = |argument: &syn::GenericArgument| {
                matches!(argument, syn::GenericArgument::Type(Type::Reference(_)))
            };
            whole && list.args.iter().any(is_ref)
        }),
        _ => false,
    }
}

/// The tokens of an item without any `#[lazy]` in them, at any depth.
pub(crate) fn without_markers(tokens: TokenStream) -> TokenStream {
    without(tokens, &["lazy"])
}

/// The tokens of an item without any of our attributes of these names, at any depth.
pub(crate) fn without(tokens: TokenStream, names: &[&str]) -> TokenStream {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash)
                if hash.as_char() == '#'
                    && tokens.peek().is_some_and(|next| is_marker(next, names)) =>
            {
                tokens.next();
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without(group.stream(), names));
                inner.set_span(group.span());
                kept.push(inner.into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// `[lazy]`, `[lazy(...)]` or `[lazy_prop::lazy…]`.
fn is_marker(token: &TokenTree, names: &[&str]) -> bool {
    let TokenTree::Group(group) = token else {
        return false;
    };
    let path = group
        .stream()
        .into_iter()
        .take_while(|token| !matches!(token, TokenTree::Group(_)));
    let path: String = path.map(|token| token.to_string()).collect();
    let path = path
        .trim_start_matches("::")
        .trim_start_matches("lazy_prop::");
    group.delimiter() == Delimiter::Bracket && names.contains(&path)
}
