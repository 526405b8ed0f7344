//! Questions about syntax that several modules ask.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{BinOp, Expr, Lifetime, Member, ReceiverKind, Signature, Type};

use crate::walk::{Part, Read};

/// The type without parentheses and invisible groups.
pub(crate) fn strip(mut ty: &Type) -> &Type {
    while let Type::Paren(syn::TypeParen { elem, .. }) | Type::Group(syn::TypeGroup { elem, .. }) =
        ty
    {
        ty = elem;
    }
    ty
}

/// The type inside invisible groups, such as those of a macro's `$ty:ty`.
pub(crate) fn ungrouped(ty: Type) -> Type {
    match ty {
        Type::Group(group) => ungrouped(*group.elem),
        other => other,
    }
}

/// `Result` of `io::Result<T>`.
pub(crate) fn last_name(ty: &Type) -> Option<&Ident> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().map(|last| &last.ident)
}

/// `Self`
pub(crate) fn is_self_type(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.qself.is_none() && path.path.is_ident("Self"))
}

/// `+=` and similar operators.
pub(crate) fn is_compound(op: &BinOp) -> bool {
    use BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign,
        ShlAssign, ShrAssign, SubAssign,
    };
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// Whether it is `self.field`, or a part of it that is not behind a pointer.
pub(crate) fn is_in_self(place: &Expr) -> bool {
    match place {
        Expr::Field(field) => is_self(&field.base) || is_in_self(&field.base),
        Expr::Index(index) => is_in_self(&index.expr),
        Expr::Paren(inner) => is_in_self(&inner.expr),
        _ => false,
    }
}

fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}

/// `'a` of `&'a self` and of `self: &'a Self`.
pub(crate) fn own_lifetime(sig: &Signature) -> Option<&Lifetime> {
    match &sig.receiver()?.kind {
        ReceiverKind::Reference(_, lifetime, _) => lifetime.as_ref(),
        ReceiverKind::Typed(_, ty) => match strip(ty) {
            Type::Reference(reference) => reference.lifetime.as_ref(),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a type names one of these lifetimes.
pub(crate) fn mentions(ty: &Type, lifetimes: &[&Lifetime]) -> bool {
    let mut find = FindLifetime {
        lifetimes,
        found: false,
    };
    find.read(Part::Type(ty));
    find.found
}

struct FindLifetime<'l> {
    lifetimes: &'l [&'l Lifetime],
    found: bool,
}

impl Read for FindLifetime<'_> {
    fn read(&mut self, part: Part<'_>) {
        match part {
            Part::Lifetime(lifetime) => self.found |= self.lifetimes.contains(&lifetime),
            other => other.inside(self),
        }
    }
}

/// The name without `r#`, for messages and comparisons.
pub(crate) fn plain(name: &Ident) -> String {
    name.unraw().to_string()
}

/// The name of a field or a property, in the same form.
pub(crate) fn text(member: &Member) -> String {
    match member {
        Member::Named(name) => plain(name),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// The type as a person writes it, for messages. Displayed tokens have a space between each two.
pub(crate) fn as_written(tokens: &impl ToTokens) -> String {
    const SPACED: [(&str, &str); 10] = [
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        (":: ", "::"),
        (" ,", ","),
        ("& ", "&"),
        ("Fn (", "Fn("),
        ("FnMut (", "FnMut("),
        ("FnOnce (", "FnOnce("),
    ];
    let text = tokens.to_token_stream().to_string();
    SPACED.iter().fold(text, |text, (spaced, written)| {
        text.replace(spaced, written)
    })
}
