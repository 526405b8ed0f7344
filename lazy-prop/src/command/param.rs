//! A parameter as an argument.

use std::any::TypeId;
use std::ffi::OsString;
use std::mem;
use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize};
use std::sync::OnceLock;
use std::vec::Vec;

use clap::builder::ValueParser;
use clap::{Arg, ArgAction};

use super::call::Call;
use super::shape::Kind;
use super::value::Parser;

/// What stands between the texts of a parameter: the sign that ASCII has for it.
const BETWEEN: u8 = 0x1f;

/// What is said of a parameter in plain texts. They come as one, for each text of its own is an
/// expression for rustc to check, and instructions in the binary:
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

    /// Says all of them, as words with a text for each, to `arg`.
    fn say(mut self, mut arg: Arg) -> Arg {
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

/// An argument that is told what stands in `#[arg(...)]`.
pub(super) struct Param {
    arg: Arg,
    long: &'static str,
    help: [&'static str; 2],
    kind: Kind,
    of_app: bool,
    required: Option<bool>,
    global: Option<bool>,
}

/// What is said of a parameter: its texts and what its type says, and then the rest of what stands
/// in its `#[arg(...)]`.
impl Call {
    /// Begins with a parameter.
    #[inline(never)]
    pub(super) fn param(
        &mut self,
        texts: &'static str,
        kind: Kind,
        parser: Option<Parser>,
    ) -> &mut Self {
        self.texts = Texts(texts);
        self.param = self
            .adds()
            .map(|of_app| Param::start(Texts(texts), kind, parser, of_app));
        self
    }

    /// Any method of [`Arg`].
    pub fn with(&mut self, set: impl FnOnce(Arg) -> Arg) -> &mut Self {
        if let Some(param) = &mut self.param {
            param.arg = set(mem::take(&mut param.arg));
        }
        self
    }

    /// Words of `#[arg(...)]` with a text for each: `short=w␟long=size-limit`.
    #[inline(never)]
    pub fn words(&mut self, words: &'static str) -> &mut Self {
        self.with(|arg| Texts(words).say(arg))
    }

    /// Whether it is required, whatever its type says.
    pub fn required(&mut self, yes: bool) -> &mut Self {
        if let Some(param) = &mut self.param {
            param.required = Some(yes);
        }
        self
    }

    /// Whether it may stand after the command too.
    pub fn global(&mut self, yes: bool) -> &mut Self {
        if let Some(param) = &mut self.param {
            param.global = Some(yes);
        }
        self
    }

    /// The default value, made from a value of the type at the first use.
    #[inline(never)]
    pub fn default_value_t(&mut self, cell: &'static Value, value: fn() -> OsString) -> &mut Self {
        self.with(|arg| arg.default_value(cell.get_or_init(value).as_os_str()))
    }

    /// The default values, made from values of the type at the first use.
    #[inline(never)]
    pub fn default_values_t(
        &mut self,
        cell: &'static Values,
        values: fn() -> Vec<OsString>,
    ) -> &mut Self {
        self.with(|arg| {
            let values = cell.get_or_init(values).iter();
            arg.default_values(values.map(OsString::as_os_str))
        })
    }
}

impl Param {
    /// What the type says, and then the texts.
    fn start(mut texts: Texts, kind: Kind, parser: Option<Parser>, of_app: bool) -> Self {
        let (id, long, value) = (texts.next(), texts.next(), texts.next());
        let help = [texts.next(), texts.next()];
        let arg = Arg::new(id).value_name(value);
        let arg = match parser {
            Some(parser) => {
                let parser = parser();
                arg.allow_negative_numbers(is_number(&parser))
                    .value_parser(parser)
            }
            None => arg,
        };
        let arg = match kind {
            Kind::One | Kind::Maybe => arg,
            Kind::Flag => arg.action(ArgAction::SetTrue),
            Kind::MaybeMaybe => arg.num_args(0..=1),
            Kind::Many => arg.action(ArgAction::Append),
        };
        Self {
            arg: texts.say(arg),
            long,
            help,
            kind,
            of_app,
            required: None,
            global: None,
        }
    }

    /// What the type says after all else.
    pub(super) fn finish(self) -> Arg {
        let (kind, of_app) = (self.kind, self.of_app);
        let mut arg = self.arg;
        // The parameter's own doc comment is nearer than the one in a dictionary.
        let [help, long_help] = self.help;
        if !help.is_empty() {
            arg = arg.help(help);
        }
        if !long_help.is_empty() {
            arg = arg.long_help(long_help);
        }
        let takes_values = arg.get_action().takes_values();
        if arg.is_positional() && (of_app || !takes_values) {
            arg = arg.long(self.long);
        }
        if arg.is_positional() && kind == Kind::Many && arg.get_num_args().is_none() {
            arg = arg.num_args(1..);
        }
        let by_type = matches!(kind, Kind::One | Kind::Flag)
            && takes_values
            && arg.get_default_values().is_empty();
        let global = self.global.unwrap_or(of_app && self.required.is_none());
        // clap knows no option that is both; an app misses its own when it is made.
        let required = self.required.unwrap_or(by_type && !global);
        arg.required(required).global(global)
    }
}

/// Signed and fractional numbers may be negative without a word.
fn is_number(parser: &ValueParser) -> bool {
    let parsed = parser.type_id();
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
    numbers.iter().any(|number| parsed == *number)
}
