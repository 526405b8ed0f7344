//! Questions in a terminal: `#[arg(prompt)]` and `#[command(confirm = "...")]`.

use std::any::TypeId;
use std::boxed::Box;
use std::convert::Infallible;
use std::ffi::OsStr;
use std::format;
use std::io::{self, IsTerminal, Write};
use std::mem;
use std::str::FromStr;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;
use std::{eprint, eprintln, fmt};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::call::Call;
use super::failed;
use super::failure::Shared;
use super::stop::Stop;
use super::taken::Taken;

/// A text that nobody reads over a shoulder: a prompt for it shows nothing of what is typed, and its
/// `Debug` hides it.
///
/// ```
/// use lazy_prop::command;
/// use lazy_prop::command::Secret;
///
/// #[command]
/// fn login(user: String, #[arg(long, env = "TOKEN", hide_env_values = true, prompt)] token: Secret) {
///     assert_eq!(format!("{token:?}"), "Secret(***)");
///     println!("{user} has a token of {} bytes", token.expose().len());
/// }
/// # login("ann".into(), "abc".into());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.into()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// The id of the option `--yes`.
const YES: &str = "yes\u{1f}confirm";

/// Asks a question, and reads the values of the argument from the answer.
type Ask = fn(&str, &Arg, bool) -> Result<Option<ArgMatches>, clap::Error>;

/// Asks whether the command shall run.
type Agree = fn(&str) -> Result<(), Stop>;

/// The questions of a call in a terminal. Each has its function, so that a program without questions does not
/// link them.
#[derive(Default)]
pub(super) struct Questions {
    /// The arguments of the command, with their parsers.
    args: Vec<Arg>,
    /// The question for the current parameter.
    next: Option<(&'static str, Ask)>,
    /// The answer that was read last.
    answered: Option<Taken>,
    /// The question before the command runs.
    confirm: Option<(&'static str, Agree)>,
}

impl Questions {
    /// Notes the arguments of the command that is to run.
    pub(super) fn of(&mut self, command: &Command) {
        self.args = command.get_arguments().cloned().collect();
    }

    /// Notes the question for the current parameter.
    pub(super) fn next(&mut self, question: &'static str) {
        self.next = Some((question, answer));
    }

    /// Asks for a value that the line does not give. `of` is its type.
    pub(super) fn ask(
        &mut self,
        taken: &mut Taken,
        id: &'static str,
        of: TypeId,
    ) -> Option<&mut Taken> {
        let (question, ask) = self.next.take()?;
        let source = taken.matches.value_source(id);
        if taken.stop.is_some() || source.is_some_and(|source| source != ValueSource::DefaultValue)
        {
            return None;
        }
        let arg = self.args.iter().find(|arg| arg.get_id() == id)?;
        match ask(question, arg, of == TypeId::of::<Secret>()) {
            Ok(Some(matches)) => Some(self.answered.insert(Taken::of_app(matches))),
            // The default stands.
            Ok(None) => None,
            Err(error) => {
                taken.stop(Stop::Usage(error));
                None
            }
        }
    }
}

/// From generated code.
impl Call {
    /// The question before the command runs. `--yes` on the line answers it.
    #[inline(never)]
    pub fn confirm(&mut self, question: &'static str) {
        self.questions.confirm = Some((question, agree));
        let Some(builder) = self.builder() else {
            return;
        };
        let args = || builder.command.get_arguments();
        if args().any(|arg| arg.get_long() == Some("yes")) {
            return;
        }
        let is_free = !args().any(|arg| arg.get_short() == Some('y'));
        let yes = Arg::new(YES)
            .long("yes")
            .short(is_free.then_some('y'))
            .action(ArgAction::SetTrue)
            .help("Do it without a question");
        builder.command = mem::take(&mut builder.command).arg(yes);
    }

    /// Asks whether the command shall run.
    pub(super) fn agreed(&mut self) -> Result<(), Stop> {
        let (Some((question, agree)), Some(taken)) = (self.questions.confirm, self.values()) else {
            return Ok(());
        };
        let is_set = |id| matches!(taken.matches.try_get_one::<bool>(id), Ok(Some(true)));
        if is_set(YES) || is_set("yes") {
            return Ok(());
        }
        agree(question)
    }
}

/// Asks whether the command shall run.
fn agree(question: &str) -> Result<(), Stop> {
    if !is_terminal() {
        let text = format!("there is no terminal to ask \"{question}\": write `--yes`");
        let error = clap::Error::raw(ErrorKind::MissingRequiredArgument, text);
        return Err(Stop::Usage(error));
    }
    let answer = line(&format!("{question} [y/N] "));
    let answer = answer.map(|answer| answer.trim().to_lowercase());
    match answer.as_deref() {
        Ok("y" | "yes") => Ok(()),
        _ => Err(failed::held(Box::<Box<Shared>>::new(
            "not confirmed".into(),
        ))),
    }
}

/// The values of an argument from a terminal: `None` if the default shall stand.
fn answer(question: &str, arg: &Arg, is_secret: bool) -> Result<Option<ArgMatches>, clap::Error> {
    if !is_terminal() {
        let text = format!("`{arg}` is missing, and there is no terminal to ask for it");
        return Err(clap::Error::raw(ErrorKind::MissingRequiredArgument, text));
    }
    let defaults: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    let question = if defaults.is_empty() || is_secret {
        format!("{question}: ")
    } else {
        format!("{question} [{}]: ", defaults.join(" "))
    };
    loop {
        let text = if is_secret {
            hidden(&question)
        } else {
            line(&question)
        };
        let text = text.map_err(|_| {
            let text = format!("`{arg}` is missing, and nobody answered");
            clap::Error::raw(ErrorKind::MissingRequiredArgument, text)
        })?;
        if text.is_empty() && !arg.get_default_values().is_empty() {
            return Ok(None);
        }
        match read(arg, &text) {
            Ok(matches) => return Ok(Some(matches)),
            Err(error) => {
                let error = error.to_string();
                eprintln!("{}", error.lines().next().unwrap_or_default());
            }
        }
    }
}

/// Reads an answer with the parser of its argument.
fn read(arg: &Arg, answer: &str) -> Result<ArgMatches, clap::Error> {
    let alone = Arg::new(arg.get_id().clone())
        .value_names(arg.get_value_names().unwrap_or_default().iter().cloned())
        .action(arg.get_action().clone())
        .num_args(arg.get_num_args().unwrap_or_else(|| 1.into()))
        .value_parser(arg.get_value_parser().clone())
        .allow_hyphen_values(true)
        .required(true);
    let takes_several = arg
        .get_num_args()
        .is_some_and(|count| count.max_values() > 1);
    let words = if takes_several {
        answer.split_whitespace().collect()
    } else {
        vec![answer]
    };
    Command::new("")
        .no_binary_name(true)
        .disable_help_flag(true)
        .arg(alone)
        .try_get_matches_from(["--"].into_iter().chain(words).map(OsStr::new))
}

/// Whether someone can answer.
fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line. The question goes to standard error, so that it is not in the output.
fn line(question: &str) -> io::Result<String> {
    eprint!("{question}");
    io::stderr().flush()?;
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(answer.trim_end_matches(['\r', '\n']).to_string())
}

/// Asks for a line, and shows nothing of it.
fn hidden(question: &str) -> io::Result<String> {
    eprint!("{question}");
    io::stderr().flush()?;
    rpassword::read_password()
}
