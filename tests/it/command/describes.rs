//! Descriptions of a program: the tree and its formats, compared with clap's own view.

use std::path::PathBuf;

use lazy_prop::command::clap;
use lazy_prop::command::{ArgInfo, ArgKind, ByteSize, Cli, CommandInfo, ErrorKind, markdown};
use lazy_prop::{cli, command, commands};

use crate::{gives, got};

/// Add a service.
///
/// It runs "at once".
#[command(visible_alias = "new")]
fn add(
    /// Its name.
    service: String,
    words: Vec<String>,
    /// Directory to run in.
    #[arg(short = 'w', long, default_value = ".", env = "WD")]
    working_directory: PathBuf,
    #[arg(long, value_parser = ["fast", "slow"])] mode: Option<String>,
    #[arg(short, action = clap::ArgAction::Count)] verbose: u8,
    #[arg(long, hide = true)] debug: bool,
) {
    let _ = (service, words, working_directory, mode, verbose, debug);
}

/// Remove one.
#[command(group = "remote", name = "remove")]
fn remote_remove(name: String) {
    let _ = name;
}

#[command(hide)]
fn secret() {}

#[command]
fn limit(#[arg(long, default_value_t = ByteSize::mib(2))] size: ByteSize) {
    got(&size.as_u64());
}

fn program() -> Cli {
    cli!(commands![add, remote_remove, secret])
        .configure(|root| root.name("app").version("1.2"))
        .group("remote", "Other machines")
}

/// Each argument and each command is in both, and says the same.
fn is_claps(info: &CommandInfo, command: &clap::Command) {
    assert_eq!(info.name, command.get_name());
    let about = command.get_about().map(ToString::to_string);
    assert_eq!(info.about, about);
    let aliases: Vec<_> = command.get_visible_aliases().collect();
    assert_eq!(info.aliases, aliases);
    assert_eq!(info.hidden, command.is_hide_set());
    assert_eq!(info.args.len(), command.get_arguments().count());
    for (info, arg) in info.args.iter().zip(command.get_arguments()) {
        assert_eq!(info.name, arg.get_id().as_str());
        assert_eq!(info.long.as_deref(), arg.get_long());
        assert_eq!(info.short, arg.get_short());
        assert_eq!(info.kind == ArgKind::Positional, arg.is_positional());
        assert_eq!(info.required, arg.is_required_set());
        assert_eq!(info.hidden, arg.is_hide_set());
        assert_eq!(info.help, arg.get_help().map(ToString::to_string));
    }
    assert_eq!(info.commands.len(), command.get_subcommands().count());
    for (info, command) in info.commands.iter().zip(command.get_subcommands()) {
        is_claps(info, command);
    }
}

fn each<'i>(info: &'i CommandInfo, look: &mut impl FnMut(&'i CommandInfo)) {
    look(info);
    for inner in &info.commands {
        each(inner, look);
    }
}

fn arg<'i>(command: &'i CommandInfo, name: &str) -> &'i ArgInfo {
    command.args.iter().find(|arg| arg.name == name).unwrap()
}

#[test]
fn the_tree_is_claps() {
    is_claps(&program().describe(), &program().clap());
}

#[test]
fn the_tree_says_what_help_says() {
    let program = program().describe();
    let add = &program.commands[0];
    assert_eq!(add.path, "app add");
    assert_eq!(add.usage, "app add [OPTIONS] <SERVICE> [WORDS]...");
    assert!(
        add.long_about
            .as_ref()
            .unwrap()
            .ends_with("It runs \"at once\".")
    );
    let directory = arg(add, "working_directory");
    assert_eq!(
        (directory.kind, &*directory.defaults),
        (ArgKind::Option, &[".".into()][..])
    );
    assert_eq!(directory.env.as_deref(), Some("WD"));
    let names = arg(add, "mode")
        .possible_values
        .iter()
        .map(|value| &*value.name);
    assert_eq!(names.collect::<Vec<_>>(), ["fast", "slow"]);
    assert!(arg(add, "verbose").repeatable && arg(add, "words").repeatable);
    assert_eq!(arg(add, "debug").kind, ArgKind::Flag);
}

#[test]
fn json_has_all_of_the_tree() {
    let program = program().describe();
    let json: serde_json::Value = serde_json::from_str(&program.to_json()).unwrap();
    assert_eq!(json, serde_json::to_value(&program).unwrap());
    assert_eq!(json["commands"][0]["args"][2]["long"], "working-directory");
    assert_eq!(
        json["commands"][1]["commands"][0]["path"],
        "app remote remove"
    );
}

#[test]
fn kdl_names_each_command_and_option() {
    let program = program().describe();
    let kdl = program.to_kdl();
    assert!(
        kdl.starts_with("name \"app\"\nbin \"app\"\nversion \"1.2\"\n"),
        "{kdl}"
    );
    each(&program, &mut |command| {
        for arg in &command.args {
            let name = arg
                .long
                .as_ref()
                .map_or_else(|| arg.name.clone(), |long| format!("--{long}"));
            assert!(
                kdl.contains(&name) || arg.short.is_some(),
                "{name} in {kdl}"
            );
        }
        let line = format!("cmd \"{}\"", command.name);
        assert!(
            command.name == "app" || kdl.contains(&line),
            "{line} in {kdl}"
        );
    });
    let says =
        "flag \"-w --working-directory\" help=\"Directory to run in\" env=\"WD\" default=\".\" {";
    assert!(kdl.contains(says), "{kdl}");
    assert!(
        kdl.contains(r#"long_help="Add a service.\n\nIt runs \"at once\".""#),
        "{kdl}"
    );
}

#[test]
fn a_parser_of_kdl_reads_all_of_it() {
    let program = program().describe();
    let document: kdl::KdlDocument = program.to_kdl().parse().unwrap();
    let first = |key: &str| document.get_arg(key).and_then(|value| value.as_string());
    assert_eq!(first("name"), Some("app"));
    assert_eq!(first("version"), Some("1.2"));
    reads_back(&program, &document);
}

/// Each command and each argument of `command` is in `nodes`, with its help.
fn reads_back(command: &CommandInfo, nodes: &kdl::KdlDocument) {
    let named = |kind: &str| -> Vec<&kdl::KdlNode> {
        let nodes = nodes.nodes().iter();
        nodes.filter(|node| node.name().value() == kind).collect()
    };
    let text = |node: &kdl::KdlNode, key: &str| {
        let value = node.get(key)?.as_string()?;
        Some(value.to_owned())
    };
    let (mut args, mut flags) = (named("arg").into_iter(), named("flag").into_iter());
    for arg in &command.args {
        let nodes = match arg.kind {
            ArgKind::Positional => &mut args,
            _ => &mut flags,
        };
        let node = nodes.next().unwrap();
        assert_eq!(text(node, "help"), arg.help);
        assert_eq!(text(node, "env"), arg.env);
        assert_eq!(node.get("hide").is_some(), arg.hidden);
    }
    assert_eq!((args.next(), flags.next()), (None, None));
    let commands = named("cmd");
    assert_eq!(commands.len(), command.commands.len());
    for (inner, node) in command.commands.iter().zip(commands) {
        let name = node.get(0).and_then(|name| name.as_string());
        assert_eq!(name, Some(&*inner.name));
        assert_eq!(text(node, "help"), inner.about);
        assert_eq!(text(node, "long_help"), inner.long_about);
        let none = kdl::KdlDocument::new();
        reads_back(inner, node.children().unwrap_or(&none));
    }
}

#[test]
fn each_shown_command_has_a_page_of_markdown() {
    let pages = markdown(&program());
    let files: Vec<&str> = pages.iter().map(|(file, _)| &**file).collect();
    assert_eq!(
        files,
        [
            "app.md",
            "app-add.md",
            "app-remote.md",
            "app-remote-remove.md"
        ]
    );
    for (file, _) in &pages[1..3] {
        assert!(pages[0].1.contains(&format!("]({file})")), "{}", pages[0].1);
    }
    let page = &pages[1].1;
    let says = "- `-w, --working-directory <WORKING_DIRECTORY>`: Directory to run in [env: `WD`] [default: `.`]\n";
    assert!(page.contains(says), "{page}");
    assert!(!page.contains("--debug"), "{page}");
}

#[test]
fn help_has_formats_if_the_program_wants_them() {
    let asks = |line: &[&str]| {
        let cli = program().help_formats();
        cli.try_run_from(["app"].iter().chain(line)).unwrap_err()
    };
    let error = asks(&["add", "--help=json"]);
    assert_eq!((error.kind(), error.exit_code()), (ErrorKind::Help, 0));
    let json: serde_json::Value = serde_json::from_str(&error.to_string()).unwrap();
    assert_eq!(json["path"], "app add");
    assert!(
        asks(&["--help=kdl"])
            .to_string()
            .starts_with("name \"app\"")
    );
    assert!(
        asks(&["new", "--help=markdown"])
            .to_string()
            .starts_with("# app add\n")
    );
    let error = asks(&["--help=yaml"]);
    assert!(
        error.is_usage() && error.to_string().contains("json, kdl and markdown"),
        "{error}"
    );
    // A word behind `--` is a word.
    assert!(
        program()
            .help_formats()
            .try_run_from(["app", "add", "x", "--", "--help=json"])
            .is_ok()
    );
    let error = program().try_run_from(["app", "--help=json"]).unwrap_err();
    assert!(error.is_usage(), "{error}");
}

#[test]
fn a_size_is_read_with_its_unit() {
    assert_eq!(gives(cli!(limit), &[]), "2097152");
    assert_eq!(gives(cli!(limit), &["--size", "10MiB"]), "10485760");
    assert_eq!(gives(cli!(limit), &["--size=1.5 kB"]), "1500");
}
