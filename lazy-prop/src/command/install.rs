//! `app completions install`: writes the file that makes a shell ask the program.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::string::String;
use std::{env, format, fs, io};

use clap_complete::Shell;

use super::call::Call;
use super::description::Place;
use super::dynamic::VARIABLE;
use super::entry::{Declared, Entry};
use super::reply::{FailsInto as _, Returned};
use super::scalar::Scalar as _;
use super::shape::{Flag, Maybe};
use super::stop::Ended;
use super::value::Parser;

/// The command, which is declared by hand: it is not in the registry of every program.
pub(super) static INSTALL: Entry = Entry::of::<Install, ()>();

enum Install {}

const SHELL: &str =
    "shell\u{1f}shell\u{1f}SHELL\u{1f}The shell, if it is not that of `$SHELL`\u{1f}";
const PRINT: &str =
    "print\u{1f}print\u{1f}PRINT\u{1f}Print the file instead of writing it\u{1f}\u{1f}long=print";

impl Declared for Install {
    const PATH: &'static str = "completions install";

    fn call(call: &mut Call) -> Ended {
        let place = Place::new(file!(), line!());
        call.describe_as(
            "Teach a shell to complete this program's command line",
            "",
            place,
        );
        let parser: Parser = || clap::builder::EnumValueParser::<Shell>::new().into();
        let shell = Maybe::<Shell>::NEW.take(Maybe::<Shell>::NEW.arg(call, SHELL, parser));
        let print = Flag::NEW.take(Flag::NEW.arg(call, PRINT, bool::parser));
        call.done()?;
        let done = install(shell.flatten(), print.unwrap_or_default());
        (&&&&&&&Returned::new(done)).reply()
    }
}

fn install(shell: Option<Shell>, print: bool) -> Result<(), Box<dyn Error + Send + Sync>> {
    let shell = match shell {
        Some(shell) => shell,
        None => of_environment().ok_or("say for which shell: `$SHELL` is none that is known")?,
    };
    let program = env::current_exe()?;
    let name = program
        .file_stem()
        .and_then(OsStr::to_str)
        .unwrap_or("app")
        .to_owned();
    let text = text(shell, &name, &quoted(&program));
    if print {
        std::print!("{text}");
        return Ok(());
    }
    let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
    let home = PathBuf::from(home.ok_or("there is no home directory: `$HOME` is not set")?);
    let place = place(shell, &name, &home, |variable| {
        env::var_os(variable).map(PathBuf::from)
    });
    write(&place.file, &text).map_err(|error| format!("{}: {error}", place.file.display()))?;
    std::println!("wrote {}", place.file.display());
    if let Some(more) = place.more {
        std::println!("{more}");
    }
    Ok(())
}

/// A path as a word of a shell.
fn quoted(program: &Path) -> String {
    format!("'{}'", program.to_string_lossy().replace('\'', "'\\''"))
}

fn of_environment() -> Option<Shell> {
    Shell::from_shell_path(PathBuf::from(env::var_os("SHELL")?))
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(file, text)
}

/// What the shell reads: it asks the program for the rest, so it fits to each later version.
fn text(shell: Shell, name: &str, program: &str) -> String {
    match shell {
        Shell::Bash => format!("source <({VARIABLE}=bash {program})\n"),
        Shell::Zsh => format!(
            "#compdef {name}\nsource <({VARIABLE}=zsh {program})\n_clap_dynamic_completer_{} \"$@\"\n",
            name.replace('-', "_"),
        ),
        Shell::Fish => format!("{VARIABLE}=fish {program} | source\n"),
        Shell::Elvish => {
            format!("set-env {VARIABLE} elvish\neval ({program} | slurp)\nunset-env {VARIABLE}\n")
        }
        _ => format!(
            "$env:{VARIABLE} = \"powershell\"; & {program} | Out-String | Invoke-Expression; Remove-Item Env:\\{VARIABLE}\n"
        ),
    }
}

/// Where a shell looks for the file, and what else it needs to be told.
#[derive(Debug, PartialEq)]
struct Found {
    file: PathBuf,
    more: Option<String>,
}

fn place(
    shell: Shell,
    name: &str,
    home: &Path,
    variable: impl Fn(&str) -> Option<PathBuf>,
) -> Found {
    let data = || variable("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share"));
    let config = || variable("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
    match shell {
        Shell::Bash => {
            let own = variable("BASH_COMPLETION_USER_DIR");
            let directory = own.unwrap_or_else(|| data().join("bash-completion"));
            Found {
                file: directory.join("completions").join(name),
                more: Some("it is read by bash-completion; without that, source it in ~/.bashrc".into()),
            }
        }
        Shell::Zsh => Found {
            file: home.join(".zfunc").join(format!("_{name}")),
            more: Some("if it is not there, write this into ~/.zshrc, before `compinit`: fpath=(~/.zfunc $fpath)".into()),
        },
        Shell::Fish => Found {
            file: config().join("fish/completions").join(format!("{name}.fish")),
            more: None,
        },
        Shell::Elvish => Found {
            file: config().join("elvish/lib").join(format!("{name}-completion.elv")),
            more: Some(format!("write this into rc.elv: use {name}-completion")),
        },
        _ => {
            let file = config().join("powershell").join(format!("{name}-completion.ps1"));
            let more = format!("write this into $PROFILE: . {}", file.display());
            Found {
                file,
                more: Some(more),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_finds_its_file() {
        let home = Path::new("/home/me");
        let at = |shell, variable: Option<&str>| {
            let set = |name: &str| variable.filter(|set| *set == name).map(|_| "/x".into());
            place(shell, "app", home, set).file
        };
        for (shell, variable, file) in [
            (
                Shell::Bash,
                None,
                "/home/me/.local/share/bash-completion/completions/app",
            ),
            (
                Shell::Bash,
                Some("XDG_DATA_HOME"),
                "/x/bash-completion/completions/app",
            ),
            (
                Shell::Bash,
                Some("BASH_COMPLETION_USER_DIR"),
                "/x/completions/app",
            ),
            (Shell::Zsh, None, "/home/me/.zfunc/_app"),
            (
                Shell::Fish,
                None,
                "/home/me/.config/fish/completions/app.fish",
            ),
            (
                Shell::Fish,
                Some("XDG_CONFIG_HOME"),
                "/x/fish/completions/app.fish",
            ),
            (
                Shell::Elvish,
                None,
                "/home/me/.config/elvish/lib/app-completion.elv",
            ),
            (
                Shell::PowerShell,
                None,
                "/home/me/.config/powershell/app-completion.ps1",
            ),
        ] {
            assert_eq!(at(shell, variable), Path::new(file), "{shell} {variable:?}");
        }
    }
}
