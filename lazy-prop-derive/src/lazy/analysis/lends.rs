//! What a method lends from its host, by its signature.

use syn::{FnArg, Lifetime, ReturnType, Signature, Type, TypeReference};

use crate::lazy::syntax::{is_self_type, mentions, own_lifetime};
use crate::walk::{Part, Read};

/// What a method lends from its host.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Lent {
    Nothing,
    Shared,
    /// The loan allows changes.
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
        find.read(Part::Type(ty));
        find.lent
    }
}

/// Whether a parameter can take what is lent: `out: &mut Vec<&'a str>` beside `&'a mut self`.
fn is_in_parameters(own: &Lifetime, sig: &Signature) -> bool {
    let can_take =
        |input: &FnArg| matches!(input, FnArg::Typed(param) if mentions(&param.ty, &[own]));
    sig.inputs.iter().any(can_take)
}

struct FindLent {
    /// `'a` of `&'a mut self`.
    own: Option<Lifetime>,
    lent: Lent,
}

/// The types of std that borrow mutably, if they are written without their lifetime.
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
            // A lent `&mut Self` is changed by methods, which clear.
            let shared = reference.mutability.is_none() || is_self_type(&reference.elem);
            let shared = shared && self.lent != Lent::Mutably;
            self.lent = if shared { Lent::Shared } else { Lent::Mutably };
        }
    }

    fn is_own(&self, lifetime: Option<&Lifetime>) -> bool {
        lifetime.is_none_or(|lifetime| lifetime.ident == "_" || Some(lifetime) == self.own.as_ref())
    }
}

impl Read for FindLent {
    fn read(&mut self, part: Part<'_>) {
        match part {
            Part::Type(Type::Reference(reference)) => {
                self.reference(reference);
                self.read(Part::Type(&reference.elem));
            }
            Part::Type(Type::ImplTrait(_) | Type::Macro(_)) => self.lent = Lent::Mutably,
            Part::Lifetime(lifetime) if self.is_own(Some(lifetime)) => self.lent = Lent::Mutably,
            Part::PathSegment(segment) => {
                if LENDING.iter().any(|name| segment.ident == name) {
                    self.lent = Lent::Mutably;
                }
                Part::PathSegment(segment).inside(self);
            }
            // The lifetimes in these are their own.
            Part::Type(Type::FnPtr(_)) | Part::ParenthesizedGenericArguments(_) => {}
            other => other.inside(self),
        }
    }
}

/// Whether a method lends its host, or one like it: `-> &mut Self`, `-> Option<&Self>`.
pub(crate) fn lends_host(sig: &Signature, host: &str) -> bool {
    let ReturnType::Type(_, ty) = &sig.output else {
        return false;
    };
    let mut find = FindHost { host, found: false };
    find.read(Part::Type(ty));
    find.found && Lent::by(sig) != Lent::Nothing
}

struct FindHost<'h> {
    host: &'h str,
    found: bool,
}

impl Read for FindHost<'_> {
    fn read(&mut self, part: Part<'_>) {
        match part {
            Part::PathSegment(segment) => {
                self.found |= segment.ident == "Self" || segment.ident == self.host;
                Part::PathSegment(segment).inside(self);
            }
            Part::Type(Type::ImplTrait(_)) => self.found = true,
            other => other.inside(self),
        }
    }
}
