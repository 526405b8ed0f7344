//! The `#[lazy]` marks on the items of a block.

use syn::{ImplItem, ImplItemConst, ImplItemMacro, ImplItemType};

use crate::errors::Errors;
use crate::lazy::model::options::{Options, Place, take_markers};

/// A `#[lazy]` on a method or function of a block.
pub(crate) struct Mark {
    pub(crate) options: Options,
    /// Whether it has an error, which is reported already.
    pub(crate) is_broken: bool,
}

impl Mark {
    /// `keeps` and `clears` mark methods that change the host. Every other mark is a property.
    pub(crate) fn is_property(&self) -> bool {
        self.options.keeps.is_none() && self.options.clears.is_none()
    }
}

/// Removes the mark from an item of a block.
pub(crate) fn take_mark(item: &mut ImplItem, errors: &mut Errors) -> Option<Mark> {
    let (attrs, is_method) = match item {
        ImplItem::Fn(method) => (&mut method.attrs, true),
        ImplItem::Const(ImplItemConst { attrs, .. })
        | ImplItem::Type(ImplItemType { attrs, .. })
        | ImplItem::Macro(ImplItemMacro { attrs, .. }) => (attrs, false),
        _ => return None,
    };
    let markers = take_markers(attrs);
    let (marker, again) = markers.split_first()?;
    if !is_method {
        errors.at(marker, "only a method or a function can be lazy");
        return None;
    }
    let before = errors.count();
    for again in again {
        errors.at(again, "`#[lazy]` stands twice: remove one");
    }
    let options = Options::of_marker(marker, Place::Method, errors);
    check_together(&options, errors);
    Some(Mark {
        options,
        is_broken: errors.count() > before,
    })
}

/// A property's options are errors on a method that changes the host.
fn check_together(options: &Options, errors: &mut Errors) {
    let Some(changer) = options
        .keeps
        .as_ref()
        .or(options.clears.as_ref().map(|(key, _)| key))
    else {
        return;
    };
    let of_property = [
        &options.cloned,
        &options.store.as_ref().map(|(key, _)| key.clone()),
        &options.depends.as_ref().map(|(key, _)| key.clone()),
        &options.cycle_ok,
        &options.ttl.as_ref().map(|(key, _)| key.clone()),
        &options.racing,
        &options.in_place,
    ];
    for key in of_property.into_iter().flatten() {
        errors.at(
            key,
            format!("`{key}` belongs on a property, `{changer}` on a method that changes the host"),
        );
    }
    if let (Some(_), Some((key, _))) = (&options.keeps, &options.clears) {
        errors.at(key, "`keeps` clears nothing, and `clears` does: remove one");
    }
}
