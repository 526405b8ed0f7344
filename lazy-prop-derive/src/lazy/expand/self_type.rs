//! Spells out `Self`, which means nothing in an item beside the block or inside of a function.

use syn::{ImplItem, ItemImpl, Path, QSelf, Type, TypePath, parse_quote};

use crate::lazy::syntax::is_self_type;
use crate::walk::{Node, Walk};

/// The type with the block's own type for each `Self`.
pub(crate) fn spelled(mut ty: Type, block: &ItemImpl) -> Type {
    let own = (*block.self_ty).clone();
    let of_trait = block.trait_.as_ref().map(|(path, _)| path.clone());
    SpellSelf { own, of_trait }.visit(Node::Type(&mut ty));
    ty
}

/// Spells out `Self` in the bounds of the block.
pub(crate) fn spell_generics(block: &mut ItemImpl) {
    let own = (*block.self_ty).clone();
    let of_trait = block.trait_.as_ref().map(|(path, _)| path.clone());
    SpellSelf { own, of_trait }.visit(Node::Generics(&mut block.generics));
}

/// Spells out `Self::X` in a trait's block, for an item that moves out of it.
pub(crate) fn spell_in(item: &mut ImplItem, block: &ItemImpl) {
    let own = (*block.self_ty).clone();
    let of_trait = block.trait_.as_ref().map(|(path, _)| path.clone());
    SpellSelf { own, of_trait }.visit(Node::ImplItem(item));
}

struct SpellSelf {
    own: Type,
    of_trait: Option<Path>,
}

impl Walk for SpellSelf {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Type(ty) if is_self_type(ty) => *ty = self.own.clone(),
            Node::Type(ty) => {
                Node::Type(ty).inside(self);
                if let Type::Path(ty) = ty {
                    self.qualify(&mut ty.qself, &mut ty.path);
                }
            }
            Node::ExprPath(expr) => {
                Node::ExprPath(expr).inside(self);
                self.qualify(&mut expr.qself, &mut expr.path);
            }
            other => other.inside(self),
        }
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
