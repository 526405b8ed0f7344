//! The help is the doc comments.

use clap::error::ErrorKind;
use lazy_prop::{cli, command, commands};

use crate::refuses;

/// Copy files
/// from here to there.
///
/// Whole directories too:
/// - the first,
/// - the second.
///
/// Nothing is asked.
#[command(after_help = "See also: mv", version)]
fn copy(
    /// What to copy.
    ///
    /// More than one is fine.
    from: Vec<String>,
    /// How many at once...
    #[arg(
        short = 'j',
        long,
        default_value_t = 2,
        help_heading = "Speed",
        value_name = "N"
    )]
    jobs: u8,
    #[arg(long, hide = true)] secret: bool,
) {
    let _ = (from, jobs, secret);
}

/// Kept
/// as it is.
#[command(verbatim_doc_comment)]
fn verbatim() {}

#[test]
fn short_help() {
    assert_eq!(
        refuses(cli!(commands![copy]), &["copy", "-h"]).1,
        "\
Copy files from here to there

Usage: app copy [OPTIONS] [FROM]...

Arguments:
  [FROM]...  What to copy

Options:
  -h, --help     Print help (see more with '--help')
  -V, --version  Print version

Speed:
  -j, --jobs <N>  How many at once... [default: 2]

See also: mv
"
    );
}

#[test]
fn long_help() {
    let text = refuses(cli!(commands![copy]), &["copy", "--help"]).1;
    assert!(
        text.starts_with(
            "\
Copy files from here to there.

Whole directories too:
- the first,
- the second.

Nothing is asked.

Usage: app copy [OPTIONS] [FROM]...

Arguments:
  [FROM]...
          What to copy.
          
          More than one is fine.
"
        ),
        "{text}"
    );
}

#[test]
fn verbatim_help() {
    let text = refuses(cli!(commands![verbatim]), &["verbatim", "-h"]).1;
    assert!(text.starts_with("Kept\nas it is\n"), "{text}");
}

#[test]
fn name_version_and_about_are_the_package_s() {
    let text = refuses(cli!(commands![copy]), &["--version"]).1;
    assert_eq!(text, concat!("tests ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn what_is_said_of_a_flattened_struct_is_not_said_of_the_command() {
    /// How to cut.
    #[derive(clap::Args)]
    #[allow(dead_code)]
    struct Cut {
        /// Where.
        #[arg(long)]
        at: usize,
    }

    /// Trim a file.
    #[command]
    fn trim(#[command(flatten)] _cut: Cut) {}

    let text = refuses(cli!(commands![trim]), &["trim", "-h"]).1;
    assert!(text.starts_with("Trim a file\n"), "{text}");
}

#[test]
fn a_program_takes_a_command_even_if_all_are_under_headings() {
    /// Begin.
    #[command(help_heading = "Running")]
    fn begin() {}

    let text = refuses(cli!(commands![begin]), &["-h"]).1;
    assert!(text.contains("Usage: tests <COMMAND>\n"), "{text}");
}

/// Watch things.
#[command]
struct Watch {
    /// Every test has this variable.
    #[arg(
        long,
        global = true,
        env = "CARGO_MANIFEST_DIR",
        hide_env_values = true
    )]
    directory: String,
}

#[command]
impl Watch {
    #[command(group = "all")]
    fn start(&self) {
        let _ = &self.directory;
    }
}

#[test]
fn no_words_are_no_mistake_whatever_the_environment_says() {
    let told = |line: &[&str]| {
        let error = Watch::cli().try_run_from(["app"].iter().chain(line));
        let error = error.unwrap_err();
        (error.usage().unwrap().kind(), error.to_string())
    };
    for (line, usage) in [(&[][..], "app [OPTIONS]"), (&["all"], "app all [OPTIONS]")] {
        let (kind, help) = told(line);
        assert_eq!(kind, ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
        assert_eq!(help, told(&[line, &["-h"]].concat()).1);
        assert!(help.contains(usage), "{help}");
    }
    let (kind, _) = told(&["--directory", "x"]);
    assert_eq!(kind, ErrorKind::MissingSubcommand);
}
