//! Facts of a block that are known before its bodies are read.

use proc_macro2::Ident;
use syn::{Expr, Member, Signature, Type};

use super::lends::{Lent, lends_host};
use crate::lazy::model::block::Block;
use crate::lazy::model::receiver::Receiver;
use crate::lazy::syntax::plain;
use crate::sorted::ByName;

/// Facts of a block that are known before its bodies are read.
pub(crate) struct Facts {
    /// The signatures of the methods with a name. Under several `#[cfg]`s one name can have
    /// several.
    pub(crate) methods: ByName<Vec<Called>>,
    /// The own type's name.
    pub(crate) host: String,
    pub(crate) hidden: Member,
    /// Whether the own type has parameters, so that a field may be a mutable reference.
    pub(crate) may_hold_references: bool,
    /// In a trait's block, `self.area()` may be an inherent method with that name.
    pub(crate) is_trait: bool,
    /// In a block that is not the home, `self.words()` may be a property of the home.
    pub(crate) is_also: bool,
}

/// The facts of a method's signature for its callers.
#[derive(Clone, Copy)]
pub(crate) struct Called {
    pub(crate) receiver: Receiver,
    pub(crate) lent: Lent,
    /// It lends the host, or a value like it. Changes through that loan cannot be followed.
    pub(crate) lends_host: bool,
}

impl Facts {
    pub(crate) fn new(block: &Block) -> Self {
        let host = block.home.host.clone();
        let mut methods = ByName::<Vec<_>>::new();
        for method in block.methods() {
            let sig = &method.item.sig;
            let called = Called {
                receiver: method.receiver,
                lent: Lent::by(sig),
                lends_host: lends_host(sig, &host),
            };
            methods.or_default(name_of(sig)).push(called);
        }
        Self {
            methods,
            host,
            hidden: block.home.field.clone(),
            may_hold_references: has_arguments(&block.header.self_ty),
            is_trait: block.header.trait_.is_some(),
            is_also: block.home.is_also,
        }
    }

    /// The methods that clear after their own changes, so that other blocks can call them.
    pub(crate) fn sound_methods(&self) -> impl Iterator<Item = &str> {
        let is_sound = |called: &Called| {
            let is_plain = matches!(called.receiver, Receiver::Shared | Receiver::Mut);
            is_plain && !called.lends_host
        };
        let methods = self.methods.iter().filter(|_| !self.is_trait);
        let sound = methods.filter(move |(_, called)| called.iter().all(is_sound));
        sound.map(|(name, _)| name)
    }

    /// The method that `Self::method(…)` calls.
    pub(crate) fn named_by_path<'e>(&self, func: &'e Expr) -> Option<&'e Ident> {
        let Expr::Path(func) = func else { return None };
        let mut segments = func.path.segments.iter();
        let (owner, method) = (segments.next()?, segments.next()?);
        let own = owner.ident == "Self" || owner.ident == self.host;
        let is_method = own && func.qself.is_none() && segments.next().is_none();
        is_method.then_some(&method.ident)
    }
}

/// Whether a type is written with parameters: `Parser<'_>`.
fn has_arguments(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| !last.arguments.is_none())
        }
        _ => false,
    }
}

fn name_of(sig: &Signature) -> String {
    plain(&sig.ident)
}
