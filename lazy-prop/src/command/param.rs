//! One helper call for each parameter, so that generated code stays small.

use std::any::TypeId;
use std::ffi::OsString;
use std::mem;
use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize};
use std::sync::OnceLock;
use std::vec::Vec;

use clap::builder::{Resettable, ValueParser};
use clap::{Arg, ArgAction, Args, Command};

use super::shape::Kind;
use super::value::Parser;

/// A command that gets its arguments.
pub struct Builder {
    command: Command,
    of_app: bool,
}

impl Builder {
    /// For the arguments of a command.
    #[must_use]
    pub fn new(command: Command) -> Self {
        Self {
            command,
            of_app: false,
        }
    }

    /// For the options of an app: they may stand before the command and after it.
    #[must_use]
    pub fn of_app(command: Command) -> Self {
        Self {
            command,
            of_app: true,
        }
    }

    /// Sets something of the command itself.
    pub fn with(&mut self, set: impl FnOnce(Command) -> Command) {
        self.command = set(mem::take(&mut self.command));
    }

    /// Adds the longer text.
    pub fn long_about(&mut self, text: &'static str) {
        self.with(|command| command.long_about(text));
    }

    /// Adds the arguments of a struct. What is said of the struct is not said of the command, but
    /// clap's derive would put it there.
    pub fn flatten<T: Args>(&mut self) {
        let about = self.command.get_about().cloned();
        let long_about = self.command.get_long_about().cloned();
        self.with(T::augment_args);
        self.with(|command| {
            command
                .about(Resettable::from(about))
                .long_about(Resettable::from(long_about))
        });
    }

    /// The finished command.
    #[must_use]
    pub fn finish(self) -> Command {
        self.command
    }

    /// Whether an option of the app has this name; then the two are the same option.
    fn has(&self, id: &str) -> bool {
        self.command.get_arguments().any(|arg| arg.get_id() == id)
    }
}

/// A parameter's name in its three spellings.
#[derive(Clone, Copy)]
pub struct Names {
    /// As in the source, without `r#`.
    pub id: &'static str,
    /// In kebab case.
    pub long: &'static str,
    /// In capitals.
    pub value: &'static str,
}

/// A parameter's short and long help; empty for none.
#[derive(Clone, Copy)]
pub struct Help(pub &'static str, pub &'static str);

/// A default value, once it is written.
pub type Text = OnceLock<OsString>;

/// Default values, once they are written.
pub type Texts = OnceLock<Vec<OsString>>;

/// An argument that is told what stands in `#[arg(...)]`.
///
/// The usual words have a method of their own, for a move of an [`Arg`] is several hundred bytes.
pub struct Param {
    arg: Arg,
    required: Option<bool>,
    global: Option<bool>,
}

impl Param {
    /// Any method of [`Arg`].
    pub fn with(&mut self, set: impl FnOnce(Arg) -> Arg) {
        self.arg = set(mem::take(&mut self.arg));
    }

    /// The short and long help.
    #[inline(never)]
    pub fn help(&mut self, help: Help) {
        if !help.0.is_empty() {
            self.with(|arg| arg.help(help.0));
        }
        if !help.1.is_empty() {
            self.with(|arg| arg.long_help(help.1));
        }
    }

    /// Whether it is required, whatever its type says.
    pub fn required(&mut self, yes: bool) {
        self.required = Some(yes);
    }

    /// Whether it may stand after the command too.
    pub fn global(&mut self, yes: bool) {
        self.global = Some(yes);
    }

    /// `-n`
    #[inline(never)]
    pub fn short(&mut self, name: char) {
        self.with(|arg| arg.short(name));
    }

    /// `--name`
    #[inline(never)]
    pub fn long(&mut self, name: &'static str) {
        self.with(|arg| arg.long(name));
    }

    /// The value when none is given.
    #[inline(never)]
    pub fn default_value(&mut self, value: &'static str) {
        self.with(|arg| arg.default_value(value));
    }

    /// The default value, made from a value of the type at the first use.
    #[inline(never)]
    pub fn default_value_t(&mut self, cell: &'static Text, value: fn() -> OsString) {
        self.with(|arg| arg.default_value(cell.get_or_init(value).as_os_str()));
    }

    /// The default values, made from values of the type at the first use.
    #[inline(never)]
    pub fn default_values_t(&mut self, cell: &'static Texts, values: fn() -> Vec<OsString>) {
        let values = cell.get_or_init(values);
        self.with(|arg| arg.default_values(values.iter().map(OsString::as_os_str)));
    }

    /// The variable that gives the value when the line does not.
    #[inline(never)]
    pub fn env(&mut self, name: &'static str) {
        self.with(|arg| arg.env(name));
    }

    /// What stands for the value in help.
    #[inline(never)]
    pub fn value_name(&mut self, name: &'static str) {
        self.with(|arg| arg.value_name(name));
    }

    /// The heading in help.
    #[inline(never)]
    pub fn help_heading(&mut self, heading: &'static str) {
        self.with(|arg| arg.help_heading(heading));
    }

    /// What the type says before `#[arg(...)]` is heard.
    fn start(names: Names, kind: Kind, parser: Option<Parser>) -> Self {
        let arg = Arg::new(names.id).value_name(names.value);
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
            arg,
            required: None,
            global: None,
        }
    }

    /// What the type says after it.
    fn finish(self, names: Names, kind: Kind, of_app: bool) -> Arg {
        let mut arg = self.arg;
        let takes_values = arg.get_action().takes_values();
        if arg.is_positional() && (of_app || !takes_values) {
            arg = arg.long(names.long);
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

/// Adds a parameter: what its type says, and over it what stands in its `#[arg(...)]`.
#[inline(never)]
pub fn param(
    builder: &mut Builder,
    names: Names,
    help: Help,
    kind: Kind,
    parser: Option<Parser>,
    words: fn(&mut Param),
) {
    if !builder.of_app && builder.has(names.id) {
        return;
    }
    let mut param = Param::start(names, kind, parser);
    words(&mut param);
    // The parameter's own doc comment is nearer than the one in a dictionary.
    param.help(help);
    let arg = param.finish(names, kind, builder.of_app);
    builder.with(|command| command.arg(arg));
}

/// The words of a parameter without `#[arg(...)]`.
pub fn plain(_: &mut Param) {}

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
