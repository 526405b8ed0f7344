//! A parameter as an argument.

use std::any::TypeId;
use std::ffi::OsString;
use std::mem;
use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize};
use std::sync::OnceLock;
use std::vec::Vec;

use clap::{Arg, ArgAction};

use super::value::Parser;

/// The number of values, and whether there must be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `T`
    One,
    /// `bool`
    Flag,
    /// `bool` and `Option<bool>` that can be taken back.
    Switch,
    /// `Option<T>`
    Maybe,
    /// `Option<Option<T>>`
    MaybeMaybe,
    /// `Vec<T>` and `Option<Vec<T>>`
    Many,
    /// A tuple or an array of this many values.
    Several(usize),
    /// `Option` of one.
    MaybeSeveral(usize),
}

/// The separator between the texts of a parameter: ASCII's unit separator.
const BETWEEN: u8 = 0x1f;

/// The plain texts of a parameter. They come as one text, because each further text would be an expression
/// for rustc to check, and instructions in the binary:
///
/// ```text
/// size_limit␟size-limit␟SIZE_LIMIT␟The short help␟The long help␟short=s␟long=size-limit
/// ```
///
/// These are the name as in the source without `r#`, in kebab case and in capitals; the help, which
/// is empty for none; and words of `#[arg(...)]` with a text for each.
#[derive(Clone, Copy)]
pub(super) struct Texts(pub(super) &'static str);

impl Texts {
    /// The next text.
    pub(super) fn next(&mut self) -> &'static str {
        let end = self.0.bytes().position(|byte| byte == BETWEEN);
        let (text, rest) = match end {
            Some(end) => (&self.0[..end], &self.0[end + 1..]),
            None => (self.0, ""),
        };
        self.0 = rest;
        text
    }

    /// The id of the argument: the name.
    pub(super) fn id(mut self) -> &'static str {
        self.next()
    }

    /// A second id, which no other argument has: the name, twice.
    pub(super) fn own_id(self) -> &'static str {
        let mut rest = self;
        rest.next();
        rest.next();
        let end = self.0.len() - rest.0.len();
        self.0[..end].trim_end_matches(char::from(BETWEEN))
    }

    /// Whether an id is one of the other kind.
    pub(super) fn is_own(id: &str) -> bool {
        id.contains(char::from(BETWEEN))
    }

    /// Whether a word with a text is among them.
    pub(super) fn has(mut self, word: &str) -> bool {
        while !self.0.is_empty() {
            let text = self.next();
            if text
                .strip_prefix(word)
                .is_some_and(|rest| rest.starts_with('='))
            {
                return true;
            }
        }
        false
    }

    /// Applies all of them, as words with a text each, to `arg`.
    pub(super) fn say(mut self, mut arg: Arg) -> Arg {
        while !self.0.is_empty() {
            let (word, text) = self.next().split_once('=').unwrap_or_default();
            arg = match word {
                "short" => arg.short(text.chars().next()),
                "long" => arg.long(text),
                "default_value" => arg.default_value(text),
                "env" => arg.env(text),
                "value_name" => arg.value_name(text),
                "help_heading" => arg.help_heading(text),
                "help" => arg.help(text),
                "long_help" => arg.long_help(text),
                _ => arg,
            };
        }
        arg
    }
}

/// A default value, once it is written.
pub type Value = OnceLock<OsString>;

/// Default values, once they are written.
pub type Values = OnceLock<Vec<OsString>>;

/// An argument to which the words of `#[arg(...)]` are applied.
pub(super) struct Param {
    arg: Arg,
    long: &'static str,
    help: [&'static str; 2],
    kind: Kind,
    of_app: bool,
    /// The variable that gives the value, if it is an option that has no other.
    pub(super) variable: Option<&'static str>,
    pub(super) required: Option<bool>,
    pub(super) global: Option<bool>,
}

impl Param {
    /// Applies the type, and then the texts.
    pub(super) fn start(
        id: &'static str,
        mut texts: Texts,
        kind: Kind,
        parser: Option<Parser>,
        of_app: bool,
    ) -> Self {
        let (_, long, value) = (texts.next(), texts.next(), texts.next());
        let help = [texts.next(), texts.next()];
        let arg = Arg::new(id).value_name(value);
        let arg = match parser {
            Some(parser) => {
                let parser = parser();
                arg.allow_negative_numbers(numbers().any(|number| parser.type_id() == number))
                    .value_parser(parser)
            }
            None => arg,
        };
        let arg = match kind {
            Kind::One | Kind::Maybe => arg,
            Kind::Flag => arg.action(ArgAction::SetTrue),
            Kind::Switch => arg
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true")
                .hide_possible_values(true)
                .overrides_with(id),
            Kind::MaybeMaybe => arg.num_args(0..=1),
            Kind::Many => arg.action(ArgAction::Append),
            Kind::Several(count) | Kind::MaybeSeveral(count) => arg.num_args(count),
        };
        Self {
            arg: texts.say(arg),
            long,
            help,
            kind,
            of_app,
            variable: None,
            required: None,
            global: None,
        }
    }

    /// Any method of [`Arg`].
    pub(super) fn with(&mut self, set: impl FnOnce(Arg) -> Arg) {
        self.arg = set(mem::take(&mut self.arg));
    }

    /// The option that takes this one back, which is named `long`.
    pub(super) fn negation(&mut self, long: &'static str) -> Arg {
        self.with(|arg| arg.overrides_with(long));
        Arg::new(long)
            .long(long)
            .action(ArgAction::SetTrue)
            .overrides_with(self.arg.get_id())
            .help(std::format!("Take back `--{}`", self.long))
    }

    /// Applies the part of the type that comes last.
    pub(super) fn finish(self) -> Arg {
        let (kind, of_app) = (self.kind, self.of_app);
        let mut arg = self.arg;
        // The parameter's own doc comment replaces that of the dictionary.
        let [help, long_help] = self.help;
        if !help.is_empty() {
            arg = arg.help(help);
        }
        if !long_help.is_empty() {
            arg = arg.long_help(long_help);
        }
        let takes_values = arg.get_action().takes_values();
        let is_nameless = match kind {
            Kind::Switch => arg.get_long().is_none(),
            _ => arg.is_positional() && (of_app || !takes_values),
        };
        if is_nameless {
            arg = arg.long(self.long);
        }
        if arg.is_positional() && kind == Kind::Many && arg.get_num_args().is_none() {
            arg = arg.num_args(1..);
        }
        if let (false, None, Some(variable)) = (arg.is_positional(), arg.get_env(), self.variable) {
            arg = arg.env(variable);
        }
        let by_type = matches!(kind, Kind::One | Kind::Flag | Kind::Several(_))
            && takes_values
            && arg.get_default_values().is_empty();
        let global = self.global.unwrap_or(of_app && self.required.is_none());
        // clap has no option that is both. An app finds a missing one when it is made.
        let required = self.required.unwrap_or(by_type && !global);
        arg.required(required).global(global)
    }
}

/// Whether a type is one of [`numbers`].
pub(super) fn is_number(ty: TypeId) -> bool {
    numbers().any(|number| number == ty)
}

/// The signed and fractional numbers, which may be negative without a word.
fn numbers() -> impl Iterator<Item = TypeId> {
    let numbers = [
        TypeId::of::<i8>(),
        TypeId::of::<i16>(),
        TypeId::of::<i32>(),
        TypeId::of::<i64>(),
        TypeId::of::<i128>(),
        TypeId::of::<isize>(),
        TypeId::of::<f32>(),
        TypeId::of::<f64>(),
        TypeId::of::<NonZeroI8>(),
        TypeId::of::<NonZeroI16>(),
        TypeId::of::<NonZeroI32>(),
        TypeId::of::<NonZeroI64>(),
        TypeId::of::<NonZeroI128>(),
        TypeId::of::<NonZeroIsize>(),
    ];
    numbers.into_iter()
}
