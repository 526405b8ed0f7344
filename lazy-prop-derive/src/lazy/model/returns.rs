//! A return type decides the cell, the body's type and the read.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
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
    row: Row,
    /// Whether the function is `async`.
    pub(crate) is_async: bool,
    /// Whether the program keeps the value, not a host.
    is_function: bool,
    keeping: Keeping,
    /// The whole type as written.
    whole: Type,
    /// Its `T`.
    value: Type,
    /// Its `E`, if that is lent too.
    error: Option<Type>,
    /// `store = S`, for the rows that lend.
    store: Option<Type>,
}

#[derive(Clone, Copy, PartialEq)]
enum Row {
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

    /// The expression that reads `cell`, and fills it with `body` if it is empty.
    pub(crate) fn read(&self, cell: &TokenStream, name: &str, body: &TokenStream) -> TokenStream {
        if let Keeping::Expiring(expiring) = &self.keeping {
            return self.read_expiring(&expiring.arguments(), cell, name, body);
        }
        let (function, lends) = match self.row {
            // In an `async fn`, one type that breaks a bound causes two errors.
            Row::Copied if self.is_async => ("lent", Some(self.owned_by("copy_of"))),
            Row::Cloned if self.is_async => ("lent", Some(self.owned_by("clone_of"))),
            Row::Copied | Row::Tried { .. } => ("copied", None),
            Row::Cloned => ("cloned", None),
            Row::Ref if self.is_async => ("lent", Some(self.lend())),
            Row::Ref if self.store.is_none() => ("lent", None),
            Row::Ref => ("lent_by", Some(self.lend())),
            Row::Option => ("lent_option", Some(self.lend())),
            Row::Ok => ("lent_ok", Some(self.lend())),
            Row::Result => ("lent_result", Some(self.lend())),
        };
        let module = self.is_async.then_some("awaited");
        let mut path = function_for(module, function, &self.value);
        if let (Row::Copied, false, Some(lent)) = (self.row, self.is_async, self.instead()) {
            let value = &self.value;
            let function = function_for(None, "copied_or", value);
            path = quote!(#function::<#lent, #value>);
        }
        let lends = lends.into_iter().chain(self.error.as_ref().map(lend));
        // A type that breaks a bound is an error of the call: report it at the type.
        let span = runtime::generated(self.place());
        if !self.is_async {
            return quote_spanned!(span=> #path(#cell, #name, #body #(, #lends)*));
        }
        let lends: Vec<_> = lends.collect();
        let kept = function_for(module, &function.replace("lent", "kept"), &self.value);
        let runtime = runtime::path(span);
        quote_spanned! {span=>
            match #kept(#cell #(, #lends)*) {
                #runtime::core::option::Option::Some(__read) => __read,
                #runtime::core::option::Option::None => #path(#cell, #name, #body #(, #lends)*).await,
            }
        }
    }

    /// The expression that reads a `cell` whose value expires.
    fn read_expiring(
        &self,
        arguments: &TokenStream,
        cell: &TokenStream,
        name: &str,
        body: &TokenStream,
    ) -> TokenStream {
        let (function, is_cloned) = match self.row {
            Row::Tried { is_cloned } => ("expiring_ok", is_cloned),
            row => ("expiring", row == Row::Cloned),
        };
        let module = if self.is_async { "awaited" } else { "expiring" };
        let path = function_for(Some(module), function, &self.value);
        let own = self.owned_by(if is_cloned { "clone_of" } else { "copy_of" });
        let span = runtime::generated(self.place());
        let awaited = self.is_async.then(|| quote_spanned!(span=> .await));
        quote_spanned!(span=> #path(#cell, #name, #arguments, #body, #own) #awaited)
    }

    /// The expression that turns the kept value into the reader's own, by the function with this
    /// name.
    ///
    /// A closure, because a path would become a part of the future, and rustc would report its
    /// bound twice.
    fn owned_by(&self, function: &str) -> TokenStream {
        let function = function_for(None, function, &self.value);
        let value = Ident::new("__value", runtime::generated(self.place()));
        quote!(|#value| #function(#value))
    }

    /// What a value that is not `Copy` is lent as. The names are only used in an error.
    fn instead(&self) -> Option<TokenStream> {
        let value = &self.value;
        let span = runtime::generated(value.span());
        let lent = match &*last_name(value)?.to_string() {
            "String" => Some(quote_spanned!(span=> str)),
            "PathBuf" => Some(quote_spanned!(span=> ::std::path::Path)),
            "Vec" => {
                let mut value = value.clone();
                let arguments = type_arguments(&mut value);
                arguments.first().map(|item| quote_spanned!(span=> [#item]))
            }
            _ => None,
        };
        match lent {
            Some(lent) if self.is_function => Some(quote_spanned!(span=> &'static #lent)),
            Some(lent) => Some(quote_spanned!(span=> &#lent)),
            None => self
                .is_function
                .then(|| quote_spanned!(span=> &'static #value)),
        }
    }

    /// The kept form of a lent `T`.
    fn kept(&self) -> Type {
        self.store.clone().unwrap_or_else(|| owned(&self.value))
    }

    /// The function from the kept value to `&T`.
    fn lend(&self) -> TokenStream {
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
fn lend(ty: &Type) -> TokenStream {
    let runtime = runtime::path(ty.span());
    quote!(<#ty as #runtime::Lend>::lend)
}

/// A function of the runtime. Errors underline the whole of `ty`.
fn function_for(module: Option<&str>, function: &str, ty: &Type) -> TokenStream {
    let tokens: Vec<_> = ty.to_token_stream().into_iter().collect();
    let end = tokens.last().map_or_else(Span::call_site, TokenTree::span);
    let runtime = runtime::path(ty.span());
    let function = Ident::new(function, runtime::generated(end));
    let module = module.map(|name| {
        let module = Ident::new(name, runtime::generated(ty.span()));
        quote!(#module::)
    });
    quote!(#runtime::#module #function)
}

/// The type with its first type arguments replaced.
fn with_arguments<const N: usize>(whole: &Type, arguments: [Type; N]) -> Type {
    let mut whole = whole.clone();
    for (slot, argument) in type_arguments(&mut whole).into_iter().zip(arguments) {
        *slot = argument;
    }
    whole
}

fn type_arguments(whole: &mut Type) -> Vec<&mut Type> {
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
