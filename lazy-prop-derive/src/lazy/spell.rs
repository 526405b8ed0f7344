//! `Self` spelled out: in an item beside the block, or inside of a function, it means nothing.

use syn::visit_mut::{self, VisitMut};
use syn::{ExprPath, ImplItem, ItemImpl, Path, QSelf, Type, TypePath, parse_quote};

/// The type with the block's own type for each `Self`.
pub(super) fn spelled(mut ty: Type, block: &ItemImpl) -> Type {
    let own = (*block.self_ty).clone();
    let of_trait = block.trait_.as_ref().map(|(path, _)| path.clone());
    SpellSelf { own, of_trait }.visit_type_mut(&mut ty);
    ty
}

/// Spells out `Self` in the bounds of the block.
pub(super) fn spell_generics(block: &mut ItemImpl) {
    let own = (*block.self_ty).clone();
    let of_trait = block.trait_.as_ref().map(|(path, _)| path.clone());
    SpellSelf { own, of_trait }.visit_generics_mut(&mut block.generics);
}

/// Spells out what `Self::X` means in a trait's block, for an item that leaves it.
pub(super) fn spell_in(item: &mut ImplItem, block: &ItemImpl) {
    let own = (*block.self_ty).clone();
    let of_trait = block.trait_.as_ref().map(|(path, _)| path.clone());
    SpellSelf { own, of_trait }.visit_impl_item_mut(item);
}

struct SpellSelf {
    own: Type,
    of_trait: Option<Path>,
}

impl VisitMut for SpellSelf {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::Path(path) if path.qself.is_none() && path.path.is_ident("Self")) {
            *ty = self.own.clone();
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }

    fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
        visit_mut::visit_type_path_mut(self, ty);
        self.qualify(&mut ty.qself, &mut ty.path);
    }

    fn visit_expr_path_mut(&mut self, expr: &mut ExprPath) {
        visit_mut::visit_expr_path_mut(self, expr);
        self.qualify(&mut expr.qself, &mut expr.path);
    }
}

impl SpellSelf {
    /// `Self::X` becomes `<Own as Trait>::X`, or `<Own>::X` outside of a trait's block.
    fn qualify(&self, qself: &mut Option<QSelf>, path: &mut Path) {
        let starts_with_self = path
            .segments
            .first()
            .is_some_and(|first| first.ident == "Self");
        if qself.is_some() || !starts_with_self || path.segments.len() < 2 {
            return;
        }
        let own = &self.own;
        let rest = path.segments.iter().skip(1);
        let spelled: TypePath = match &self.of_trait {
            Some(of_trait) => parse_quote!(<#own as #of_trait>::#(#rest)::*),
            None => parse_quote!(<#own>::#(#rest)::*),
        };
        (*qself, *path) = (spelled.qself, spelled.path);
    }
}
