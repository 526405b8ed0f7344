//! The item that is returned beside its errors: itself, without our helper attributes.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::{ImplItemFn, ReturnType, Type, parse_quote};

use crate::walk::{Node, Walk};

/// A method that breaks a rule keeps its signature, so that its callers compile. It loses its body,
/// whose type is that of the kept value and not that of the signature.
pub(crate) fn method(method: &mut ImplItemFn) {
    if has_any_body(&method.sig.output) {
        let runtime = crate::runtime::path(Span::call_site());
        method.attrs.push(parse_quote!(#[allow(unused)]));
        // The braces stay, so that errors about the method point at them.
        method.block.stmts = parse_quote!(#runtime::core::unimplemented!(););
    }
}

/// Whether a body that never returns fits the return type. It does not fit `impl Trait` or a
/// missing type.
fn has_any_body(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => false,
        ReturnType::Type(_, ty) => {
            let mut find = FindImpl(false);
            find.visit(Node::Type(&mut ty.clone()));
            !find.0
        }
    }
}

struct FindImpl(bool);

impl Walk for FindImpl {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Type(Type::ImplTrait(_)) => self.0 = true,
            other => other.inside(self),
        }
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
