//! How a method takes its host.

use syn::{ReceiverKind, Signature, Type};

use crate::lazy::syntax::is_self_type;

/// How a method takes its host.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Receiver {
    /// No receiver.
    None,
    /// `&self`, or a shared pointer.
    Shared,
    /// `&mut self`
    Mut,
    /// `self`, or a box.
    Value,
    /// `self: Pin<&mut Self>` and others through which nothing can be cleared.
    Other,
}

impl Receiver {
    pub(crate) fn of(sig: &Signature) -> Self {
        let Some(receiver) = sig.receiver() else {
            return Self::None;
        };
        match Self::of_kind(&receiver.kind) {
            // `mut self: Rc<Self>` can be changed through `Rc::make_mut`.
            Self::Shared if receiver.mutability.is_some() => Self::Other,
            kind => kind,
        }
    }

    pub(crate) fn of_kind(kind: &ReceiverKind) -> Self {
        match kind {
            ReceiverKind::Value => Self::Value,
            ReceiverKind::Reference(_, _, None) => Self::Shared,
            ReceiverKind::Reference(_, _, Some(_)) => Self::Mut,
            ReceiverKind::Typed(_, ty) => Self::of_type(ty),
            _ => Self::Other,
        }
    }

    fn of_type(ty: &Type) -> Self {
        match ty {
            Type::Paren(inner) => Self::of_type(&inner.elem),
            Type::Group(inner) => Self::of_type(&inner.elem),
            Type::Reference(reference) if reference.mutability.is_none() => Self::Shared,
            Type::Reference(reference) if is_self_type(&reference.elem) => Self::Mut,
            Type::Path(path) => match path.path.segments.last() {
                Some(_) if is_self_type(ty) => Self::Value,
                Some(last) if last.ident == "Box" => Self::Value,
                Some(last) if last.ident == "Rc" || last.ident == "Arc" => Self::Shared,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// Whether a body with this receiver can change the host's fields.
    pub(crate) fn can_change(self) -> bool {
        matches!(self, Self::Mut | Self::Value | Self::Other)
    }
}
