//! The lender, which is the host or the program, and the types that can be kept to be lent.

use quote::ToTokens;
use syn::{
    GenericArgument, Lifetime, PathArguments, Signature, Type, TypeImplTrait, TypeParamBound,
    TypeReference,
};

use crate::errors::Errors;
use crate::lazy::syntax::{as_written, own_lifetime};
use crate::walk::{Node, Walk};

/// The lender: it decides which lifetimes in the return type are the cell's own.
pub(crate) enum Lender {
    /// `&self`, or `&'a self`
    Host(Option<Lifetime>),
    /// a function's static
    Program,
}

impl Lender {
    pub(crate) fn of(sig: &Signature) -> Self {
        match sig.receiver() {
            None => Self::Program,
            Some(_) => Self::Host(own_lifetime(sig).cloned()),
        }
    }

    /// Whether a reference with this lifetime borrows from the cell.
    fn lends(&self, lifetime: Option<&Lifetime>) -> bool {
        let Some(lifetime) = lifetime.filter(|lifetime| lifetime.ident != "_") else {
            return true; // elided: of `&self`; for a function rustc's own error
        };
        match self {
            Self::Host(own) => own.as_ref() == Some(lifetime),
            Self::Program => lifetime.ident == "static",
        }
    }

    /// The `T` of a `&T` that borrows from the cell.
    pub(crate) fn lent<'t>(&self, ty: &'t Type) -> Option<&'t Type> {
        match ty {
            Type::Reference(reference)
                if self.lends(reference.lifetime.as_ref()) && reference.mutability.is_none() =>
            {
                Some(&reference.elem)
            }
            _ => None,
        }
    }

    /// The kept type must have a name and borrow nothing from the host.
    pub(crate) fn check<'t>(&self, kept: impl IntoIterator<Item = &'t Type>, errors: &mut Errors) {
        let mut check = Check {
            lender: self,
            errors,
        };
        for ty in kept {
            check.visit(Node::Type(&mut ty.clone()));
        }
    }
}

/// Looks for types that no cell can keep.
struct Check<'c> {
    lender: &'c Lender,
    errors: &'c mut Errors,
}

impl Check<'_> {
    fn reference(&mut self, reference: &mut TypeReference) {
        if let Some(word) = &reference.mutability {
            self.errors.at(
                word,
                "a kept value can have many readers: return `&T`, not `&mut T`",
            );
        } else if self.lender.lends(reference.lifetime.as_ref()) {
            self.borrowed(reference);
        } else {
            self.visit(Node::Type(&mut reference.elem));
        }
    }

    fn impl_trait(&mut self, ty: &TypeImplTrait) {
        let message = match item_of_iterator(ty) {
            Some(item) => format!(
                "a cell cannot keep an iterator: collect it, and return `&[{}]`",
                as_written(item)
            ),
            None => format!(
                "a cell cannot keep `impl Trait`: name the type, or return `&dyn {0}` with `#[lazy(store = Box<dyn {0}>)]`",
                as_written(&ty.bounds)
            ),
        };
        self.errors.at(ty, message);
    }

    fn borrowed(&mut self, place: &dyn ToTokens) {
        // rustc explains a function that does not say what it lends.
        if let Lender::Host(_) = self.lender {
            let message = "a kept value cannot borrow from its own host: keep owned parts, such as `String` for `&str`, or positions";
            self.errors.at(place, message);
        }
    }
}

impl Walk for Check<'_> {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Type(Type::Reference(reference)) => self.reference(reference),
            Node::Type(Type::ImplTrait(ty)) => self.impl_trait(ty),
            Node::Lifetime(lifetime) if self.lender.lends(Some(lifetime)) => {
                self.borrowed(lifetime);
            }
            // The lifetimes in these are their own.
            Node::Type(Type::FnPtr(_)) | Node::ParenthesizedGenericArguments(_) => {}
            other => other.inside(self),
        }
    }
}

/// The `T` of `impl Iterator<Item = T>`, and of traits whose names end in `Iterator`.
fn item_of_iterator(ty: &TypeImplTrait) -> Option<&Type> {
    let last = ty.bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    })?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let is_iterator = last.ident.to_string().ends_with("Iterator");
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(item) if is_iterator && item.ident == "Item" => Some(&item.ty),
        _ => None,
    })
}
