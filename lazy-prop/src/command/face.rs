//! The macros of the command half, with their documentation.

/// Makes a function a command: its signature is the command line, its doc comments are the help.
///
/// The function stays callable from Rust. [`cli!`](crate::cli) gathers the commands of a program, and
/// [the module](mod@crate::command) describes how they run. The guide begins with
/// [one function](crate::guide::commands).
///
/// ```
/// use std::path::PathBuf;
/// use lazy_prop::{cli, command};
///
/// /// Copy files into a directory.
/// ///
/// /// Only `--help` shows this paragraph. `-h` and the list of commands show the first one.
/// #[command]
/// fn copy(
///     /// Where they go.
///     into: PathBuf,
///     /// What is copied.
///     files: Vec<PathBuf>,
///     /// How many at once.
///     #[arg(short, long, default_value_t = 4)] jobs: u8,
///     /// Say what is done.
///     #[arg(short, long)] verbose: bool,
/// ) {
///     assert_eq!((into.to_str(), files.len(), jobs, verbose), (Some("/tmp"), 2, 4, true));
/// }
///
/// assert!(cli!(copy).try_run_from(["copy", "/tmp", "a", "b", "-v"]).is_ok());
/// ```
///
/// # Parameters
/// A parameter with `#[arg(short)]` or `#[arg(long)]` is an option, a `bool` is a flag, and any other is a
/// positional argument. Snake case becomes kebab case. The type, not its spelling, decides how many values
/// it takes and how each is read:
///
/// | type | takes |
/// |---|---|
/// | `T` | one value, which is required if it has no default |
/// | `Option<T>` | one value or none |
/// | `Vec<T>`, `&[T]` | any number: the rest of the line, or each time the option is given |
/// | `Option<Vec<T>>` | the same, and `None` if there is none |
/// | `Option<Option<T>>` | an option with a value, without one, or not given |
/// | `bool` | nothing: it is a flag |
/// | `(A, B)` to six types, `[T; N]`, in an `Option` too | as many values, each read by its `FromStr` |
/// | `BTreeMap<K, V>`, `HashMap<K, V>` | any number of `KEY=VALUE`; the last of a key counts, and a `Vec<(K, V)>` keeps all |
/// | `Given<T>` | as `T`, and [knows](crate::command::Given) where the value comes from |
/// | `Input`, `Output` | a file, or a standard stream for `-`, which [opens](crate::command::Input) late |
/// | `&str`, `&Path`, `&T` | as the owned type; a list of these is `&[String]`, `&[PathBuf]`, `&[T]` |
///
/// Positional arguments have the order of the parameters. An optional one is the last, or the last but one:
/// `cp(files: Vec<PathBuf>, into: PathBuf)` takes `cp a b dir`. Options then stand before or after all of
/// these words.
///
/// `T` is a number, `String`, `PathBuf`, `OsString`, a `clap::ValueEnum`, anything with
/// `From<OsString>`, with `FromStr` (whatever its error) or with `From<String>`; or what
/// `#[arg(value_parser = ...)]` makes. It is `Clone + Send + Sync + 'static`. A struct that is
/// `clap::Args` is taken apart by `#[command(flatten)]`.
///
/// Signed numbers may be negative without a word, if they begin with a digit and have no second sign: `-5`,
/// `-0.5`, `-5e3`. Numbers that look like options, `-.5`, `-inf`, `-1e-5`, are written `--low=-.5`, or after
/// `--`.
///
/// # `#[arg(...)]`
/// These are clap's words. Those that are shorter here than clap's methods:
///
/// - `short`, `long`, `env` without a value take the name of the parameter;
/// - `hide`, `global`, `required`, `last`, `trailing_var_arg` and all others that are yes or no;
/// - `default_value_t = 4`, `default_values_t = [1, 2]`: values of the type; without a value, its
///   default;
/// - `verbatim`: the type is one value, even if it is a `Vec`, an `Option` or a `bool`;
/// - `verbatim_doc_comment`: the lines of the doc comment stay as they are.
///
/// - `negatable`: a `bool` has `--color`, `--no-color` and `--color=false`; what stands last counts. An
///   `Option<bool>` tells whether any of them was said.
///
/// With the feature `prompt`, `prompt` or `prompt = "How old"` asks for a value that the line does not give.
/// A wrong answer is asked for again, and an empty one takes the default. Without a terminal the program asks
/// nothing: the missing value is wrong usage. A [`Secret`](crate::command::Secret) is typed unseen.
///
/// With the feature `complete`, `complete = function` offers values while someone types. The function
/// takes what is typed so far, `fn(&str) -> Vec<String>`, or an app too, `fn(&App, &str)`; with
/// [`Candidate`](crate::command::Candidate)s it says what each is. Values of enums, paths, and with a
/// `value_hint` users and hosts complete by themselves.
///
/// An option may take `-h`, `--help`, `-V` or `--version` from clap, which keeps the other name of
/// the flag.
///
/// Every other word is the method of `clap::Arg` of that name: `num_args = 1..=3`,
/// `conflicts_with = "other"`, `value_parser = parse`, `value_hint = ValueHint::DirPath`,
/// `default_value_if("a", "b", Some("c"))`.
///
/// # `#[command(...)]`
/// - `name = "mv"`, `alias = "move"`: another name, and one more. A command or group that is called
///   `help` stands in for clap's own, which then isn't in the groups beside it either.
/// - `group = "remote"`: the command is typed `app remote add`; a group of two words is a group in a
///   group. [`Cli::group`](crate::command::Cli::group) says what a group is for.
/// - `help_heading = "Files"`: the heading in the list of commands.
/// - `env_prefix = "APP_"`: the options are also given by variables, `APP_LEVEL` for `--level`; on a
///   function, a block, or an app for its fields.
/// - `hide`: not in the list.
/// - `default`: it also runs where no command is named: `app`, `app -x` and, if it takes arguments,
///   `app word`; in a group, `app remote`.
/// - `confirm = "Remove all?"` (feature `prompt`): asks before the command runs. `--yes` or `-y` on the line
///   answers it, and without a terminal the line must have it.
/// - `external`: its words are those of a line whose first word is no command, as git's plug-ins have
///   them: `fn other(words: Vec<OsString>)`. It is not in the list.
/// - `group(ArgGroup::new("form").args(["json", "yaml"]))`: a group of arguments, as in clap.
/// - `options = shared`: parameters are looked up by name in a dictionary, see
///   [`options!`](crate::options).
/// - `strict`: each parameter is in the dictionary, or has an `#[arg]` of its own; so a misspelled
///   name is an error and no positional argument.
///
/// Every other word is the method of `clap::Command` of that name: `after_help = "..."`,
/// `arg_required_else_help`, `visible_alias = "ls"`.
///
/// # Exclusive options
/// `#[command(exclusive)]` on an enum makes each variant an option, a flag or one with a value, of which a
/// line has one. A command takes it with `#[command(flatten)]`, as itself or in an `Option`.
///
/// ```
/// use lazy_prop::{cli, command};
///
/// #[command(exclusive)]
/// enum Form {
///     /// As JSON.
///     Json,
///     /// By a template.
///     #[arg(long = "format", value_name = "F")]
///     Template(String),
/// }
///
/// #[command]
/// fn list(#[command(flatten)] form: Option<Form>) {
///     assert!(matches!(form, Some(Form::Template(text)) if text == "{id}"));
/// }
///
/// assert!(cli!(list).try_run_from(["list", "--format", "{id}"]).is_ok());
/// assert!(cli!(list).try_run_from(["list", "--format", "x", "--json"]).unwrap_err().is_usage());
/// ```
///
/// # Commands as methods
/// On a struct it makes an app: the fields are options of all commands, which may stand before
/// or after the command (`global = false` takes that back; `skip` makes a field no option). So may
/// the options of a `#[command(flatten)]` struct; its positional arguments stand before. On an impl
/// block it makes its marked methods the commands; there it takes `options`, `strict`, `group` and
/// `help_heading` for all of them. With [`#[lazy]`](macro@crate::lazy) on both, in either order,
/// what a command does not touch is never opened.
///
/// Both sides of the command are one line: `-vv show -v` is three times `-v`, and an option before
/// the command may require one behind it.
///
/// A parameter of an app's option's name is another argument, but where words of `#[arg]` speak of
/// that name, they speak of the app's. An option that both have is a mistake that the program tells
/// when the command is chosen; [`Cli::clap`](crate::command::Cli::clap) in a test finds it.
///
/// ```
/// use lazy_prop::{command, lazy};
///
/// /// Look into a store.
/// #[command]
/// #[lazy]
/// struct App {
///     /// The file of the store.
///     #[arg(long, env = "STORE", default_value = "app.db")]
///     store: String,
/// }
///
/// #[command]
/// #[lazy]
/// impl App {
///     #[lazy]
///     fn content(&self) -> Result<&str, std::io::Error> {
///         std::fs::read_to_string(&self.store)
///     }
///
///     /// Look for a word.
///     #[command]
///     fn find(&self, word: &str) -> Result<(), std::io::Error> {
///         println!("{}", self.content()?.contains(word));
///         Ok(())
///     }
///
///     /// Print the name of the file.
///     #[command]
///     fn name(&self) {
///         println!("{}", self.store);
///     }
/// }
///
/// // `fn main() -> ExitCode { App::cli().run() }`
/// assert!(App::cli().try_run_from(["app", "name", "--store", "/nowhere"]).is_ok());
/// let failed = App::cli().try_run_from(["app", "--store", "/nowhere", "find", "x"]);
/// assert_eq!(failed.unwrap_err().exit_code(), 1);
/// ```
///
/// # `async fn`
/// A command may be `async`. It takes what any other does, `&str` and `&self` too, and is run by the
/// executor that the program has: see [`Cli::run_with`](crate::command::Cli::run_with). If there is
/// none, choosing the command is an error that says so.
///
/// # Limits of a command
/// Each of these is one error that names the fix: a generic function, `impl Trait` or
/// a pattern as a parameter, `self` by value, two positional `Vec`s, a positional `Option` or `Vec` before two required ones, a name that two options
/// share, a parameter with `#[cfg]`, a type that nothing can read.
///
pub use lazy_prop_derive::command;

/// A list of commands, by the paths of their functions, for [`cli!`](crate::cli).
///
/// ```
/// use lazy_prop::{cli, command, commands};
///
/// mod tools {
///     /// List the services.
///     #[lazy_prop::command]
///     pub fn list() {}
/// }
///
/// #[command]
/// fn add(service: String) {}
///
/// assert!(cli!(commands![add, tools::list]).try_run_from(["app", "list"]).is_ok());
/// ```
///
/// A path names the module that declares the function, because `#[command]` declares a type beside it. A plain
/// `use` of the function does not bring that type, and rustc does not find `list_with_command_on_fn_and_use`.
/// `use tools::*` brings it, and so does a `use` with the attribute:
///
/// ```
/// # use lazy_prop::{cli, command, commands};
/// # mod tools { #[lazy_prop::command] pub fn list() {} }
/// #[command]
/// use tools::list;
///
/// assert!(cli!(commands![list]).try_run_from(["app", "list"]).is_ok());
/// ```
pub use lazy_prop_derive::commands;

/// A dictionary of options that many commands share, found by the names of their parameters.
///
/// `options! { shared: name => #[arg(...)], … }` describes each once, with its doc comment as help.
/// In a command with `#[command(options = shared)]` a parameter of such a name, which has no
/// `#[arg]` of its own, is what the dictionary says; its type remains its own. Other parameters are
/// as they would be without it. A doc comment on the parameter is nearer than the dictionary's.
///
/// A name is looked up while the macro is expanded: nothing is searched when the program runs.
///
/// ```
/// use std::path::PathBuf;
/// use lazy_prop::{cli, command, options};
///
/// options! { shared:
///     /// Directory to run in.
///     working_directory => #[arg(short = 'w', long, default_value = ".")],
///     /// Say nothing.
///     quiet => #[arg(short, long)],
/// }
///
/// #[command(options = shared)]
/// fn start(service: String, working_directory: PathBuf, quiet: bool) {
///     assert_eq!((working_directory.to_str(), quiet), (Some("/srv"), true));
/// }
///
/// assert!(cli!(start).try_run_from(["start", "db", "-q", "-w", "/srv"]).is_ok());
/// ```
///
/// # In other modules and crates
/// A dictionary is an item with a path, private unless it says otherwise:
///
/// ```
/// mod cli {
///     lazy_prop::options! {
///         /// What all commands have.
///         pub(crate) shared:
///         level => #[arg(long, default_value_t = 1, value_parser = parse)],
///     }
///
///     /// What stands in the dictionary sees what is around it, wherever it is used.
///     fn parse(text: &str) -> Result<u8, String> {
///         text.parse().map_err(|_| "it is no level".into())
///     }
/// }
///
/// #[lazy_prop::command(options = crate::cli::shared)]
/// fn run(level: u8) {}
/// # fn main() { assert!(lazy_prop::cli!(run).try_run_from(["run", "--level=2"]).is_ok()); }
/// ```
///
/// A `pub` dictionary serves other crates too: `options = tools::shared`.
///
/// # Errors
/// A name that is described twice, a short or long name that two entries share, a word in `#[arg]`
/// that is none, and `default_value_t` without a value, for the type is not known here.
pub use lazy_prop_derive::options;
