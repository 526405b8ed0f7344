//! What a method that changes its host lends of it, so that it can be changed when it is left.

use syn::{FnArg, Lifetime, ReturnType, Signature, Type, TypeReference};

use crate::lazy::syntax::own_lifetime;
use crate::walk::{Node, Walk};

/// What a method lends of its host.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Lent {
    Nothing,
    Shared,
    /// What it lends may be changed through it.
    Mutably,
}

impl Lent {
    pub(crate) fn by(sig: &Signature) -> Self {
        let own = own_lifetime(sig).cloned();
        if own.as_ref().is_some_and(|own| is_in_parameters(own, sig)) {
            return Self::Mutably;
        }
        let ReturnType::Type(_, ty) = &sig.output else {
            return Self::Nothing;
        };
        let mut find = FindLent {
            own,
            lent: Self::Nothing,
        };
        find.visit(Node::Type(&mut ty.clone()));
        find.lent
    }
}

/// Whether a parameter can take what is lent: `out: &mut Vec<&'a str>` beside `&'a mut self`.
fn is_in_parameters(own: &Lifetime, sig: &Signature) -> bool {
    let mut find = FindLifetime { own, found: false };
    for input in &sig.inputs {
        if let FnArg::Typed(param) = input {
            find.visit(Node::Type(&mut param.ty.clone()));
        }
    }
    find.found
}

struct FindLifetime<'o> {
    own: &'o Lifetime,
    found: bool,
}

impl Walk for FindLifetime<'_> {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Lifetime(lifetime) => self.found |= lifetime == self.own,
            other => other.inside(self),
        }
    }
}

struct FindLent {
    /// `'a` of `&'a mut self`.
    own: Option<Lifetime>,
    lent: Lent,
}

/// The types of std that borrow mutably, where they are written without their lifetime.
const LENDING: [&str; 8] = [
    "IterMut",
    "ChunksMut",
    "ValuesMut",
    "Drain",
    "Entry",
    "OccupiedEntry",
    "VacantEntry",
    "RefMut",
];

impl FindLent {
    fn reference(&mut self, reference: &TypeReference) {
        if self.is_own(reference.lifetime.as_ref()) {
            // Through a lent `&mut Self` it is changed by methods, which clear.
            let is_host = matches!(&*reference.elem, Type::Path(ty) if ty.path.is_ident("Self"));
            let shared = reference.mutability.is_none() || is_host;
            let shared = shared && self.lent != Lent::Mutably;
            self.lent = if shared { Lent::Shared } else { Lent::Mutably };
        }
    }

    fn is_own(&self, lifetime: Option<&Lifetime>) -> bool {
        lifetime.is_none_or(|lifetime| lifetime.ident == "_" || Some(lifetime) == self.own.as_ref())
    }
}

impl Walk for FindLent {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Type(Type::Reference(reference)) => {
                self.reference(reference);
                self.visit(Node::Type(&mut reference.elem));
            }
            Node::Type(Type::ImplTrait(_) | Type::Macro(_)) => self.lent = Lent::Mutably,
            Node::Lifetime(lifetime) if self.is_own(Some(lifetime)) => self.lent = Lent::Mutably,
            Node::PathSegment(segment) => {
                if LENDING.iter().any(|name| segment.ident == name) {
                    self.lent = Lent::Mutably;
                }
                Node::PathSegment(segment).inside(self);
            }
            // The lifetimes in these are their own.
            Node::Type(Type::FnPtr(_)) | Node::ParenthesizedGenericArguments(_) => {}
            other => other.inside(self),
        }
    }
}

/// Whether a method lends its host, or one like it: `-> &mut Self`, `-> Option<&Self>`.
pub(crate) fn lends_host(sig: &Signature, host: &str) -> bool {
    Lent::by(sig) != Lent::Nothing && mentions_host(sig, host)
}

/// Whether what a method returns can contain its host.
pub(crate) fn mentions_host(sig: &Signature, host: &str) -> bool {
    let ReturnType::Type(_, ty) = &sig.output else {
        return false;
    };
    let mut find = FindHost { host, found: false };
    find.visit(Node::Type(&mut ty.clone()));
    find.found
}

struct FindHost<'h> {
    host: &'h str,
    found: bool,
}

impl Walk for FindHost<'_> {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::PathSegment(segment) => {
                self.found |= segment.ident == "Self" || segment.ident == self.host;
                Node::PathSegment(segment).inside(self);
            }
            Node::Type(Type::ImplTrait(_)) => self.found = true,
            other => other.inside(self),
        }
    }
}
