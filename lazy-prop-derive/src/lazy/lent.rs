//! What a method that changes its host lends of it, so that it can be changed when it is left.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Lifetime, ParenthesizedGenericArguments, PathSegment, ReceiverKind, ReturnType, Signature,
    Type, TypeFnPtr, TypeImplTrait, TypeMacro, TypeReference,
};

/// What a method lends of its host.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Lent {
    Nothing,
    Shared,
    /// What it lends may be changed through it.
    Mutably,
}

impl Lent {
    pub(super) fn by(sig: &Signature) -> Self {
        let ReturnType::Type(_, ty) = &sig.output else {
            return Self::Nothing;
        };
        let own = sig.receiver().and_then(|receiver| match &receiver.kind {
            ReceiverKind::Reference(_, lifetime, _) => lifetime.clone(),
            ReceiverKind::Typed(_, ty) => match &**ty {
                Type::Reference(reference) => reference.lifetime.clone(),
                _ => None,
            },
            _ => None,
        });
        let mut find = FindLent {
            own,
            lent: Self::Nothing,
        };
        find.visit_type_mut(&mut ty.clone());
        find.lent
    }
}

struct FindLent {
    /// `'a` of `&'a mut self`.
    own: Option<Lifetime>,
    lent: Lent,
}

impl FindLent {
    fn is_own(&self, lifetime: Option<&Lifetime>) -> bool {
        lifetime.is_none_or(|lifetime| lifetime.ident == "_" || Some(lifetime) == self.own.as_ref())
    }
}

impl VisitMut for FindLent {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if self.is_own(reference.lifetime.as_ref()) {
            // Through a lent `&mut Self` it is changed by methods, which forget.
            let is_host = matches!(&*reference.elem, Type::Path(ty) if ty.path.is_ident("Self"));
            let shared = reference.mutability.is_none() || is_host;
            let shared = shared && self.lent != Lent::Mutably;
            self.lent = if shared { Lent::Shared } else { Lent::Mutably };
        }
        self.visit_type_mut(&mut reference.elem);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if self.is_own(Some(lifetime)) {
            self.lent = Lent::Mutably;
        }
    }

    /// The types of std that borrow mutably, where they are written without their lifetime.
    fn visit_path_segment_mut(&mut self, segment: &mut PathSegment) {
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
        if LENDING.iter().any(|name| segment.ident == name) {
            self.lent = Lent::Mutably;
        }
        visit_mut::visit_path_segment_mut(self, segment);
    }

    fn visit_type_impl_trait_mut(&mut self, _: &mut TypeImplTrait) {
        self.lent = Lent::Mutably;
    }

    fn visit_type_macro_mut(&mut self, _: &mut TypeMacro) {
        self.lent = Lent::Mutably;
    }

    // The lifetimes in these are their own.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {
    }
}

/// Whether a method lends its host, or one like it: `-> &mut Self`, `-> Option<&Self>`.
pub(super) fn lends_host(sig: &Signature, host: &str) -> bool {
    Lent::by(sig) != Lent::Nothing && mentions_host(sig, host)
}

/// Whether what a method returns can contain its host.
pub(super) fn mentions_host(sig: &Signature, host: &str) -> bool {
    let ReturnType::Type(_, ty) = &sig.output else {
        return false;
    };
    let mut find = FindHost { host, found: false };
    find.visit_type_mut(&mut ty.clone());
    find.found
}

struct FindHost<'h> {
    host: &'h str,
    found: bool,
}

impl VisitMut for FindHost<'_> {
    fn visit_path_segment_mut(&mut self, segment: &mut PathSegment) {
        self.found |= segment.ident == "Self" || segment.ident == self.host;
        visit_mut::visit_path_segment_mut(self, segment);
    }

    fn visit_type_impl_trait_mut(&mut self, _: &mut TypeImplTrait) {
        self.found = true;
    }
}
