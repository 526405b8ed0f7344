//! The rules for the signature of a lazy property, one function each.

use syn::{FnArg, GenericParam, ImplItem, ItemImpl, ReceiverKind, Safety, Signature, Type};

use crate::errors::Errors;
use crate::lazy::model::block::{Block, Item, Method};
use crate::lazy::model::home::Home;
use crate::lazy::model::options::Options;
use crate::lazy::model::receiver::Receiver;
use crate::lazy::model::returns::Returns;
use crate::lazy::syntax::{as_written, is_self_type, own_lifetime};

/// Reports each rule that a lazy method or function breaks.
pub(crate) fn signature(sig: &Signature, errors: &mut Errors) {
    for rule in [takes_nothing, receiver_is_shared, is_plain, is_not_generic] {
        rule(sig, errors);
    }
}

fn takes_nothing(sig: &Signature, errors: &mut Errors) {
    for input in &sig.inputs {
        if let FnArg::Typed(argument) = input {
            errors.at(
                argument,
                "a lazy property takes no arguments: keep this in a field, or write a plain method",
            );
        }
    }
    if let Some(variadic) = &sig.variadic {
        errors.at(variadic, "a lazy property takes no arguments");
    }
}

fn receiver_is_shared(sig: &Signature, errors: &mut Errors) {
    let Some(receiver) = sig.receiver() else {
        return;
    };
    let shared = match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_none(),
        ReceiverKind::Typed(_, ty) => is_shared_self(ty),
        _ => false,
    };
    if !shared {
        errors.at(
            receiver,
            "take `&self`: a lazy property only reads its host, and a plain method changes it",
        );
    }
}

fn is_shared_self(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference)
        if reference.mutability.is_none() && is_self_type(&reference.elem))
}

fn is_plain(sig: &Signature, errors: &mut Errors) {
    if let Some(word) = &sig.constness {
        errors.at(
            word,
            "a lazy property is computed at run time: remove `const`, or remove `lazy`",
        );
    }
    if let (Some(word), false) = (&sig.asyncness, cfg!(feature = "async")) {
        errors.at(
            word,
            "lazy values that are awaited need the feature `async`: `lazy-prop = { version = \"0.1\", features = [\"async\"] }`",
        );
    }
    if let Safety::Unsafe(word) = &sig.safety {
        errors.at(
            word,
            "a lazy property cannot be `unsafe`, because only the first read runs the body: use an `unsafe` block",
        );
    }
    if let Some(abi) = &sig.abi {
        errors.at(
            abi,
            "a lazy property cannot be `extern`: call it from an `extern` function",
        );
    }
}

fn is_not_generic(sig: &Signature, errors: &mut Errors) {
    let own = own_lifetime(sig);
    for param in &sig.generics.params {
        match param {
            GenericParam::Lifetime(lifetime) if Some(&lifetime.lifetime) == own => {}
            _ => errors.at(
                param,
                "one cell cannot keep a value for each type: move the parameter to the impl block, or write a plain method",
            ),
        }
    }
    if let Some(clause) = &sig.generics.where_clause {
        errors.at(
            clause,
            "every host has the cell: move these bounds to the impl block",
        );
    }
}

/// A function's static exists once for the program, not once for each `T` of the block.
pub(crate) fn static_in_block(sig: &Signature, block: &ItemImpl, errors: &mut Errors) {
    let mut params = block.generics.params.iter();
    let is_generic = params.any(|param| !matches!(param, GenericParam::Lifetime(_)));
    if sig.receiver().is_none() && is_generic {
        errors.at(
            &sig.ident,
            "a lazy function keeps one value for the whole program: move it out of this generic block",
        );
    }
}

/// A function's value belongs to the whole program, so nobody can have it alone.
pub(crate) fn has_a_host_to_change(sig: &Signature, options: &Options, errors: &mut Errors) {
    if let (Some(key), None) = (&options.in_place, sig.receiver()) {
        errors.at(
            key,
            "what a function keeps is shared by the whole program: make it a property of a struct, or remove `mut`",
        );
    }
}

/// The home, which is one block, makes the cells.
pub(crate) fn not_in_the_home(sig: &Signature, errors: &mut Errors) {
    errors.at(
        &sig.ident,
        "a lazy property stands in the home, the block with `#[lazy]` alone: move it there, or take `#[lazy]` off",
    );
}

/// The items that a macro makes are not there yet when the block is read.
pub(crate) fn no_macros(block: &Block, errors: &mut Errors) {
    for item in &block.items {
        let Item::Other(item) = item else { continue };
        if let ImplItem::Macro(item) = &**item {
            errors.at(
                &item.mac.path,
                "a macro in this block can make methods that change fields unseen: write them out, or move the call to another block",
            );
        }
    }
}

/// Only your own type has a field for the cells.
pub(crate) fn is_host(block: &Block, errors: &mut Errors) -> bool {
    let is_host = block.is_of_a_type();
    if !is_host {
        errors.at(
            &block.header.self_ty,
            "lazy properties need a struct of your own: `impl Report`",
        );
    }
    is_host
}

/// With one thread there is no race.
pub(crate) fn races_in_threads(method: &Method, home: &Home, errors: &mut Errors) {
    let racing = method
        .mark
        .as_ref()
        .and_then(|mark| mark.options.racing.as_ref());
    let is_shared = home.sync || method.receiver == Receiver::None;
    if let (Some(key), false) = (racing, is_shared) {
        errors.at(
            key,
            "`racing` needs threads: write `#[lazy(sync)]` on the block, or take it away",
        );
    }
}

/// A host with a cell for a host would be endless.
pub(crate) fn not_its_host(method: &Method, block: &Block, errors: &mut Errors) {
    let kept = method.returns.as_ref().and_then(Returns::held);
    let Some(kept) = kept.filter(|_| method.receiver != Receiver::None) else {
        return;
    };
    if is_self_type(kept) || as_written(kept) == as_written(&block.header.self_ty) {
        errors.at(
            kept,
            "a host cannot hold another of its type: return `&Self`, and write `#[lazy(store = Box<Self>)]`",
        );
    }
}
