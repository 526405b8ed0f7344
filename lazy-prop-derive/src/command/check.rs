//! The rules for the functions and parameters of commands, one function each.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, GenericParam, Generics, LitStr, PatType, Path, ReceiverKind, Safety,
    Signature, Type,
};

use super::param::Param;
use super::positional;
use super::references::Groups;
use crate::errors::{Errors, nearest};
use crate::walk::{Node, Walk};

/// Reports each rule that a command's signature breaks.
pub(super) fn signature(sig: &Signature, errors: &mut Errors) {
    for rule in [is_plain, is_not_generic] {
        rule(sig, errors);
    }
}

fn is_plain(sig: &Signature, errors: &mut Errors) {
    if let Safety::Unsafe(word) = &sig.safety {
        errors.at(
            word,
            "a command cannot be `unsafe`: use an `unsafe` block in its body",
        );
    }
    if let Some(abi) = &sig.abi {
        errors.at(
            abi,
            "a command cannot be `extern`: call it from an `extern` function",
        );
    }
    if let Some(variadic) = &sig.variadic {
        errors.at(
            variadic,
            "for any number of values take a `Vec`: `files: Vec<PathBuf>`",
        );
    }
}

fn is_not_generic(sig: &Signature, errors: &mut Errors) {
    for param in &sig.generics.params {
        if !matches!(param, GenericParam::Lifetime(_)) {
            errors.at(param, "a command cannot be generic: name the type, or call a generic function from the command");
        }
    }
}

/// A free function has no `self`.
pub(super) fn no_receiver(sig: &Signature, errors: &mut Errors) {
    if let Some(receiver) = sig.receiver() {
        errors.at(
            receiver,
            "a command that is a method needs `#[command]` on its impl block, and on the struct",
        );
    }
}

/// An app belongs to all of its commands.
pub(super) fn receiver_is_borrowed(sig: &Signature, errors: &mut Errors) {
    let Some(receiver) = sig.receiver() else {
        return;
    };
    let is_borrow = match &receiver.kind {
        ReceiverKind::Reference(..) => true,
        ReceiverKind::Typed(_, ty) => {
            matches!(&**ty, Type::Reference(reference) if matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("Self")))
        }
        _ => false,
    };
    if !is_borrow {
        errors.at(
            receiver,
            "a command borrows its app: write `&self` or `&mut self`",
        );
    }
}

/// An app or its block has no parameters.
pub(super) fn app_is_not_generic(generics: &Generics, errors: &mut Errors) {
    for param in &generics.params {
        errors.at(
            param,
            "an app cannot be generic, because it is made from a command line: use concrete types",
        );
    }
}

/// Reports each rule that one parameter breaks.
pub(super) fn parameter(param: &mut PatType, errors: &mut Errors) {
    let is_conditional =
        |attr: &Attribute| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr");
    for attr in param.attrs.iter().filter(|attr| is_conditional(attr)) {
        errors.at(
            attr,
            "a parameter cannot have `#[cfg]`: write the function twice, each with its own `#[cfg]`",
        );
    }
    // They hold attributes that rustc does not know.
    param.attrs.retain(|attr| !is_conditional(attr));
    ImplTrait(errors).visit(Node::Type(&mut param.ty.clone()));
}

struct ImplTrait<'a>(&'a mut Errors);

impl Walk for ImplTrait<'_> {
    fn visit(&mut self, node: Node<'_>) {
        if let Node::Type(Type::ImplTrait(ty)) = &node {
            self.0.at(
                ty,
                "a command cannot be generic: name the type of the parameter",
            );
        }
        node.inside(self);
    }
}

/// Reports each rule that the parameters break together.
pub(super) fn parameters(params: &[Param], options: Option<&Path>, errors: &mut Errors) {
    lists_own(params, options, errors);
    positional::check(params, options, errors);
    names_are_different(params.iter(), errors);
    counted_is_a_number(params, errors);
    for param in params.iter().filter(|param| is_bool(&param.ty)) {
        if let Some(place) = param.arg.asks {
            errors.at_span(
                place,
                "a flag has no value to ask for: write `#[command(confirm = \"...\")]`",
            );
        }
    }
}

fn is_bool(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("bool"))
}

/// A list owns its values, unless its own parser decides otherwise.
fn lists_own(params: &[Param], options: Option<&Path>, errors: &mut Errors) {
    let read_otherwise = |param: &Param| {
        param.is_flat
            || param.arg.verbatim
            || param.arg.has_parser
            || param.dictionary(options).is_some()
    };
    for param in params.iter().filter(|param| !read_otherwise(param)) {
        if let Some(Type::Reference(lent)) = positional::item_of_list(&param.ty) {
            let owned = match &*lent.elem {
                Type::Path(path) if path.path.is_ident("str") => "String",
                Type::Path(path) if path.path.is_ident("Path") => "PathBuf",
                _ => "T",
            };
            let message = format!(
                "a list owns its values: take `Vec<{owned}>`, or borrow the whole list, `&[{owned}]`"
            );
            errors.at(lent, message);
        }
    }
}

/// Every argument that a parameter or a group names exists, and so does every group.
pub(super) fn references(params: &[&Param], groups: &Groups, errors: &mut Errors) {
    let values = |texts: &[LitStr]| texts.iter().map(LitStr::value).collect::<Vec<_>>();
    let described = values(&groups.described);
    let ids = params.iter().map(|param| param.names.id.clone());
    let ids: Vec<String> = ids.collect();
    let joined = params.iter().flat_map(|param| values(&param.arg.groups));
    let known: Vec<String> = ids
        .iter()
        .cloned()
        .chain(joined)
        .chain(described.clone())
        .collect();
    let spoken = params.iter().flat_map(|param| &param.arg.speaks_of);
    for name in spoken.chain(&groups.speaks_of) {
        if !known.contains(&name.value()) && !["help", "version"].contains(&&*name.value()) {
            unknown_name("parameter", name, &known, errors);
        }
    }
    let misspelled = params.iter().flat_map(|param| &param.arg.groups);
    for group in
        misspelled.filter(|group| !described.is_empty() && !described.contains(&group.value()))
    {
        unknown_name("group", group, &described, errors);
    }
}

fn unknown_name(of: &str, name: &LitStr, known: &[String], errors: &mut Errors) {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let text = name.value();
    let hint = match nearest(&text, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the name as it is in Rust".to_owned(),
    };
    errors.at(name, format!("no {of} is named `{text}`; {hint}"));
}

/// A flag is given or not. A counted one is a number.
fn counted_is_a_number(params: &[Param], errors: &mut Errors) {
    for param in params {
        if let Some(place) = param.arg.counts.filter(|_| is_bool(&param.ty)) {
            errors.at_span(place, "a `bool` cannot count: use a `u8`");
        }
    }
}

/// No short or long name stands twice.
pub(super) fn names_are_different<'a>(
    params: impl Iterator<Item = &'a Param>,
    errors: &mut Errors,
) {
    let mut seen: Vec<(&str, &Param)> = Vec::new();
    for param in params {
        for (name, span) in &param.arg.spelled {
            if let Some((_, first)) = seen.iter().find(|(taken, _)| taken == name) {
                let message = format!(
                    "`{name}` is taken by `{}`: give one of them another name",
                    first.ident
                );
                errors.push(syn::Error::new(*span, message));
            }
            seen.push((name, param));
        }
    }
}

/// The typed parameters of a signature, whose receiver is not one of them.
pub(super) fn typed(sig: &mut Signature) -> impl Iterator<Item = &mut PatType> {
    sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(param) => Some(param),
        FnArg::Receiver(_) => None,
    })
}

/// The place of a return type, for errors in what it means.
pub(super) fn returned(sig: &Signature) -> Span {
    match &sig.output {
        syn::ReturnType::Default => sig.ident.span(),
        syn::ReturnType::Type(_, ty) => ty.span(),
    }
}

/// Whether a function never returns: `-> !`.
pub(super) fn is_endless(sig: &Signature) -> bool {
    matches!(&sig.output, syn::ReturnType::Type(_, ty) if matches!(**ty, Type::Never(_)))
}
