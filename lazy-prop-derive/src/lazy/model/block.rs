//! An impl block as written: its options, and its methods with their marks.

use proc_macro2::{Ident, TokenStream};
use syn::{ImplItem, ImplItemFn, ItemImpl, Type};

use super::home::Home;
use super::in_place;
use super::mark::{Mark, take_mark};
use super::options::{Options, Place};
use super::receiver::Receiver;
use super::returns::Returns;
use crate::errors::Errors;
use crate::lazy::syntax::ungrouped;

/// An impl block that has `#[lazy]`.
pub(crate) struct Block {
    /// The block, without its items.
    pub(crate) header: ItemImpl,
    pub(crate) home: Home,
    pub(crate) items: Vec<Item>,
}

pub(crate) enum Item {
    Method(Box<Method>),
    Other(Box<ImplItem>),
}

/// A method or an associated function.
pub(crate) struct Method {
    pub(crate) item: ImplItemFn,
    pub(crate) receiver: Receiver,
    pub(crate) mark: Option<Mark>,
    /// The return type of a property, if its value can be kept.
    pub(crate) returns: Option<Returns>,
    /// The property whose value it lends for a change. `#[lazy(mut)]` adds such a method.
    pub(crate) in_place: Option<Ident>,
}

impl Block {
    pub(crate) fn parse(args: TokenStream, mut header: ItemImpl, errors: &mut Errors) -> Self {
        let options = Options::parse(args, Place::Block, errors);
        header.self_ty = Box::new(ungrouped(*header.self_ty));
        let items = std::mem::take(&mut header.items);
        let items = items.into_iter().map(|item| Item::parse(item, errors));
        let mut items = items.collect();
        let home = Home::new(options, &header, errors);
        in_place::add(&mut items, &header, &home, errors);
        Self {
            header,
            home,
            items,
        }
    }

    /// The methods, without associated functions.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        let methods = self.items.iter().filter_map(Item::method);
        methods.filter(|method| method.receiver != Receiver::None)
    }

    /// Whether it belongs to a type that can have a field.
    pub(crate) fn is_of_a_type(&self) -> bool {
        matches!(&*self.header.self_ty, Type::Path(path) if path.qself.is_none())
    }
}

impl Item {
    fn parse(mut item: ImplItem, errors: &mut Errors) -> Self {
        let mark = take_mark(&mut item, errors);
        let ImplItem::Fn(item) = item else {
            return Self::Other(Box::new(item));
        };
        let returns = match &mark {
            Some(mark) if mark.is_property() => Returns::parse(&item.sig, &mark.options, errors),
            _ => None,
        };
        Self::Method(Box::new(Method {
            receiver: Receiver::of(&item.sig),
            item,
            mark,
            returns,
            in_place: None,
        }))
    }

    pub(crate) fn method(&self) -> Option<&Method> {
        match self {
            Self::Method(method) => Some(method),
            Self::Other(_) => None,
        }
    }
}

impl Method {
    /// Whether it is a lazy property, or a lazy function.
    pub(crate) fn is_lazy(&self) -> bool {
        self.mark.as_ref().is_some_and(Mark::is_property)
    }

    /// Whether its mark or its return type has an error, which is reported already.
    pub(crate) fn is_broken(&self) -> bool {
        let mark = self.mark.as_ref();
        mark.is_some_and(|mark| mark.is_broken || mark.is_property() && self.returns.is_none())
    }
}
