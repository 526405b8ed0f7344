//! A return type decides the cell, the body's type and the read.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{
    Expr, GenericArgument, Lifetime, PathArguments, QSelf, ReturnType, Signature, Token, Type,
    TypePath, parse_quote,
};

use crate::errors::Errors;
use crate::lazy::model::keeping::Keeping;
use crate::lazy::model::lender::Lender;
use crate::lazy::model::options::Options;
use crate::lazy::syntax::{as_written, last_name, strip};
use crate::runtime;

/// A return type, read as one row of the return-type table.
pub(crate) struct Returns {
    pub(crate) row: Row,
    /// Whether the function is `async`.
    pub(crate) is_async: bool,
    /// Whether the program keeps the value, not a host.
    pub(crate) is_function: bool,
    pub(crate) keeping: Keeping,
    /// The whole type as written.
    whole: Type,
    /// Its `T`.
    pub(crate) value: Type,
    /// Its `E`, if that is lent too.
    pub(crate) error: Option<Type>,
    /// `store = S`, for the rows that lend.
    pub(crate) store: Option<Type>,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Row {
    /// `T`
    Copied,
    /// `T` with `cloned`
    Cloned,
    /// `Result<T, E>` of a value that expires
    Tried { is_cloned: bool },
    /// `&T`
    Ref,
    /// `Option<&T>`
    Option,
    /// `Result<&T, E>`
    Ok,
    /// `Result<&T, &E>`
    Result,
}

impl Returns {
    /// Reads the return type. Mistakes go to `errors`.
    pub(crate) fn parse(sig: &Signature, options: &Options, errors: &mut Errors) -> Option<Self> {
        let before = errors.count();
        let ReturnType::Type(_, ty) = &sig.output else {
            errors.at(
                &sig.ident,
                "a lazy property keeps the value that it returns: add a return type",
            );
            return None;
        };
        let lender = Lender::of(sig);
        let mut returns = Self::row_of(strip(ty), &lender);
        returns.is_async = sig.asyncness.is_some();
        returns.is_function = sig.receiver().is_none();
        returns.keeping = Keeping::of(sig, options, errors);
        let by_value = returns.row == Row::Copied;
        if let (Some((key, _)), false) = (&options.ttl, by_value) {
            errors.at(
                key,
                "a borrow can't be taken back when the value expires: return it by value, with `cloned` where it is not `Copy`",
            );
        }
        if let Some((key, store)) = &options.store {
            returns.store = Some(store.clone());
            if by_value {
                errors.at(
                    key,
                    "`store` needs a borrow: return `&T`, `Option<&T>` or `Result<&T, E>`",
                );
            }
        }
        if let Some(key) = &options.cloned {
            returns.row = Row::Cloned;
            if !by_value {
                errors.at(
                    key,
                    "`cloned` needs `T` by value, because a borrow is never cloned: remove it, or return `T`",
                );
            }
        }
        if let (Some(key), true) = (&options.in_place, by_value) {
            errors.at(
                key,
                "`mut` lends the kept value: return `&T`, `Option<&T>` or `Result<&T, E>`",
            );
        }
        returns.try_if_expiring();
        lender.check([&returns.value].into_iter().chain(&returns.error), errors);
        returns.check_store(errors);
        (errors.count() == before).then_some(returns)
    }

    /// The row of `ty`, without the options.
    fn row_of(ty: &Type, lender: &Lender) -> Self {
        let row = |row, value: &Type, error: Option<&Type>| Self {
            row,
            is_async: false,
            is_function: false,
            keeping: Keeping::Once,
            whole: ty.clone(),
            value: value.clone(),
            error: error.cloned(),
            store: None,
        };
        if let Some(value) = lender.lent(ty) {
            return row(Row::Ref, value, None);
        }
        let arguments: Vec<Type> = type_arguments(&mut ty.clone())
            .into_iter()
            .map(|ty| strip(ty).clone())
            .collect();
        let lent: Vec<_> = arguments.iter().map(|ty| lender.lent(ty)).collect();
        match (last_name(ty).map(Ident::to_string).as_deref(), &lent[..]) {
            (Some("Option"), [Some(value)]) => row(Row::Option, value, None),
            (Some("Result"), [Some(value), Some(error)]) => row(Row::Result, value, Some(error)),
            (Some("Result"), [Some(value), ..]) => row(Row::Ok, value, None),
            _ => row(Row::Copied, ty, None),
        }
    }

    /// No type is known to keep a trait object. rustc reports other types without an owned form.
    fn check_store(&self, errors: &mut Errors) {
        let lends = !matches!(self.row, Row::Copied | Row::Cloned);
        if let (true, None, Type::TraitObject(ty)) = (lends, &self.store, strip(&self.value)) {
            let ty = as_written(ty);
            errors.at(
                &self.value,
                format!("name the type that keeps `{ty}`: `#[lazy(store = Box<{ty}>)]`"),
            );
        }
    }

    /// Whether the body's `Result` is kept, even an error.
    pub(crate) fn keeps_errors(&self) -> bool {
        self.row != Row::Ok
    }

    /// A value that expires is computed repeatedly, so an error is not kept.
    fn try_if_expiring(&mut self) {
        let is_cloned = self.row == Row::Cloned;
        if !self.expires() || !(is_cloned || self.row == Row::Copied) {
            return;
        }
        let mut whole = self.whole.clone();
        if let (Some("Result"), [value, ..]) = (
            last_name(&self.whole).map(ToString::to_string).as_deref(),
            &type_arguments(&mut whole)[..],
        ) {
            self.value = (*value).clone();
            self.row = Row::Tried { is_cloned };
        }
    }

    /// Whether the value expires.
    pub(crate) fn expires(&self) -> bool {
        matches!(self.keeping, Keeping::Expiring(_))
    }

    /// The type whose owned form is kept, unless `store` names another.
    pub(crate) fn held(&self) -> Option<&Type> {
        self.store.is_none().then(|| strip(&self.value))
    }

    /// The span for errors about the kept value.
    pub(crate) fn place(&self) -> Span {
        self.value.span()
    }

    /// The type in the cell.
    pub(crate) fn cell(&self) -> Type {
        match self.row {
            Row::Ok => self.kept(),
            Row::Tried { .. } => self.value.clone(),
            _ => self.made(),
        }
    }

    /// The module and the name of the cell among the runtime's cells.
    pub(crate) fn cell_kind(&self, sync: bool) -> (&'static str, &'static str) {
        match (sync, self.row) {
            _ if self.expires() && self.is_async => ("awaited", "AwaitedExpiring"),
            _ if self.expires() => ("expiring", "Expiring"),
            _ if matches!(self.keeping, Keeping::Racing) => ("racing", "Racing"),
            // Tasks share an awaited value, even if threads do not.
            _ if self.is_async => ("awaited", "Awaited"),
            (false, _) => ("unsync", "OnceCell"),
            // An error is not kept, and std's cell cannot do that on stable Rust.
            (true, Row::Ok) => ("sync", "OnceCell"),
            // The smaller cell.
            (true, _) => ("sync", "OnceLock"),
        }
    }

    /// The type of the body's value.
    pub(crate) fn made(&self) -> Type {
        match (self.row, &self.error) {
            (Row::Copied | Row::Cloned | Row::Tried { .. }, _) => self.whole.clone(),
            (Row::Ref, _) => self.kept(),
            (_, None) => with_arguments(&self.whole, [self.kept()]),
            (_, Some(error)) => with_arguments(&self.whole, [self.kept(), owned(error)]),
        }
    }

    /// The type that lends the value for a change, and the expression that makes it from `__kept`,
    /// the cell's value. `None` for properties that return a value.
    pub(super) fn in_place(&self, lifetime: Option<&Lifetime>) -> Option<(Type, Expr)> {
        let kept = self.kept();
        let runtime = runtime::path(self.place());
        let lent: Type = parse_quote!(& #lifetime mut #kept);
        let made = match self.row {
            Row::Copied | Row::Cloned | Row::Tried { .. } => return None,
            Row::Ref => return Some((lent, parse_quote!(__kept))),
            Row::Option => quote!(#runtime::core::option::Option::as_mut(__kept)),
            Row::Ok => quote!(#runtime::core::result::Result::Ok(__kept)),
            Row::Result => {
                let lend_error = self.error.as_ref().map(lend);
                let result = quote!(#runtime::core::result::Result);
                quote!(#result::map_err(#result::as_mut(__kept), |__error| #lend_error(__error)))
            }
        };
        let lent = with_arguments(&self.whole, [lent]);
        Some((lent, Expr::Verbatim(made)))
    }

    /// The kept form of a lent `T`.
    fn kept(&self) -> Type {
        self.store.clone().unwrap_or_else(|| owned(&self.value))
    }

    /// The function from the kept value to `&T`.
    pub(crate) fn lend(&self) -> TokenStream {
        match &self.store {
            None => lend(&self.value),
            Some(store) => {
                let runtime = runtime::path(store.span());
                quote!(<#store as #runtime::core::ops::Deref>::deref)
            }
        }
    }
}

/// The owned form of `ty`, which rustc finds by type.
fn owned(ty: &Type) -> Type {
    let span = runtime::generated(ty.span());
    // Not parsed, because a debug build parses slowly and most properties have this.
    Type::Path(TypePath {
        attrs: Vec::new(),
        qself: Some(QSelf {
            lt_token: Token![<](span),
            ty: Box::new(ty.clone()),
            position: 3,
            as_token: Some(Token![as](span)),
            gt_token: Token![>](span),
        }),
        path: runtime::path(ty.span()).join(["Lend", "Kept"]),
    })
}

/// The function from the owned form to `&ty`.
pub(crate) fn lend(ty: &Type) -> TokenStream {
    let runtime = runtime::path(ty.span());
    quote!(<#ty as #runtime::Lend>::lend)
}

/// The type with its first type arguments replaced.
fn with_arguments<const N: usize>(whole: &Type, arguments: [Type; N]) -> Type {
    let mut whole = whole.clone();
    for (slot, argument) in type_arguments(&mut whole).into_iter().zip(arguments) {
        *slot = argument;
    }
    whole
}

pub(crate) fn type_arguments(whole: &mut Type) -> Vec<&mut Type> {
    let Type::Path(whole) = whole else {
        return Vec::new();
    };
    let Some(PathArguments::AngleBracketed(list)) = whole
        .path
        .segments
        .last_mut()
        .map(|last| &mut last.arguments)
    else {
        return Vec::new();
    };
    let types = list.args.iter_mut().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
