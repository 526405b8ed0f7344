//! Options that stand in configuration files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A project and a user's directory, each with a file.
struct Files {
    root: PathBuf,
}

impl Files {
    fn new(name: &str, project: &str, user: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("layers")
            .join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("project/deep")).unwrap();
        fs::create_dir_all(root.join("user/configured")).unwrap();
        fs::write(root.join("project/configured.toml"), project).unwrap();
        fs::write(root.join("user/configured/config.toml"), user).unwrap();
        Self { root }
    }

    fn run(&self, line: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_configured"))
            .args(line)
            .current_dir(self.root.join("project/deep"))
            .env("XDG_CONFIG_HOME", self.root.join("user"))
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    fn says(&self, line: &[&str], variables: &[(&str, &str)]) -> String {
        let ran = self.run(line, variables);
        let error = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{line:?}: {error}");
        String::from_utf8(ran.stdout).unwrap()
    }

    /// What is wrong with the files, with the root left out.
    fn error(&self, line: &[&str]) -> String {
        let ran = self.run(line, &[]);
        assert_eq!(ran.status.code(), Some(2));
        let error = String::from_utf8(ran.stderr).unwrap();
        error.replace(&*self.root.to_string_lossy(), "")
    }
}

const PROJECT: &str = "\
level = 3
color = true

[remote.add]
tag = [\"a\", \"b\"]
shell = \"zsh\"
";

const USER: &str = "\
level = 1
db = \"/user.db\"

[remote.add]
force = true
verbose = 2
shell = \"bash\"
";

#[test]
fn the_nearer_layer_wins() {
    let files = Files::new("nearer", PROJECT, USER);
    assert_eq!(
        files.says(&["remote", "add", "x"], &[]),
        "/user.db Some(3) true x [\"a\", \"b\"] zsh true 2\n"
    );
    assert_eq!(
        files.says(
            &[
                "remote",
                "add",
                "x",
                "--tag=c",
                "--shell",
                "fish",
                "--no-color",
                "--level=9"
            ],
            &[("CONFIGURED_DB", "env.db"), ("CONFIGURED_LEVEL", "5")]
        ),
        "env.db Some(9) false x [\"c\"] fish true 2\n"
    );
}

#[test]
fn without_files_all_is_as_before() {
    let files = Files::new("none", "", "");
    fs::remove_dir_all(files.root.join("user")).unwrap();
    fs::remove_file(files.root.join("project/configured.toml")).unwrap();
    assert_eq!(
        files.says(&["remote", "add", "x", "--shell=zsh"], &[]),
        "svc.db None false x [] zsh false 0\n"
    );
    let missing = files.run(&["remote", "add", "x"], &[]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn what_is_wrong_in_a_file_is_told_with_its_line() {
    for (name, text, error) in [
        (
            "key",
            "\nlevle = 3\n",
            "2: unknown key `levle`; did you mean `level`?",
        ),
        ("inner", "[remote.add]\ndb = \"x\"\n", "2: unknown key `db`"),
        (
            "table",
            "[remote.ad]\ntag = []\n",
            "1: unknown table `ad`; did you mean `add`?",
        ),
        (
            "empty",
            "\n[remot]\n",
            "2: unknown table `remot`; did you mean `remote`?",
        ),
        ("alias", "[remote.plus]\n", "1: unknown table `plus`"),
        (
            "value",
            "level = 300\n",
            "1: invalid value '300' for `level`: 300 is not in 0..=255",
        ),
        (
            "enum",
            "[remote.add]\nshell = \"sh\"\n",
            "2: invalid value 'sh' for `shell`; it is one of bash, elvish, fish, powershell, zsh",
        ),
        ("many", "level = [1, 2]\n", "1: `level` takes one value"),
        (
            "flag",
            "color = \"maybe\"\n",
            "1: invalid value 'maybe' for `color`; it is one of true, false",
        ),
    ] {
        let files = Files::new(name, text, "");
        let said = files.error(&["remote", "add", "x"]);
        assert_eq!(said, format!("error: /project/configured.toml:{error}\n"));
    }
    let files = Files::new("user", "", "level = \n");
    let said = files.error(&["config", "show"]);
    assert!(
        said.starts_with("error: /user/configured/config.toml:1: "),
        "{said}"
    );
}

#[test]
fn a_program_of_one_command_has_its_options_outside_of_tables() {
    let files = Files::new("single", "", "");
    let run = |text: &str, line: &[&str]| {
        fs::write(files.root.join("project/single.toml"), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_single"))
            .args(line)
            .current_dir(files.root.join("project/deep"))
            .env("XDG_CONFIG_HOME", files.root.join("user"))
            .output()
            .unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let text = "greeting = \"Moin\"\n";
    assert_eq!(run(text, &["ann"]), "Moin, ann!\n");
    assert_eq!(run(text, &["ann", "--greeting=Hi"]), "Hi, ann!\n");
    assert_eq!(run("", &["config"]), "Hello, config!\n");
    let said = run("[greet]\ngreeting = \"Moin\"\n", &["ann"]);
    assert!(
        said.ends_with("single.toml:1: unknown table `greet`\n"),
        "{said}"
    );
}

#[test]
fn show_tells_where_each_value_comes_from() {
    let files = Files::new("show", PROJECT, USER);
    let said = files.says(&["config", "show"], &[("CONFIGURED_LEVEL", "5")]);
    let said = said.replace(&*files.root.to_string_lossy(), "");
    let lines = said.lines().map(|line| line.split_once("  # ").unwrap());
    let lines: Vec<_> = lines
        .map(|(value, source)| (value.trim_end(), source.trim_start()))
        .collect();
    assert_eq!(
        lines,
        [
            ("db = /user.db", "/user/configured/config.toml:2"),
            ("level = 5", "environment: CONFIGURED_LEVEL"),
            ("color = true", "/project/configured.toml:2"),
            ("remote.add.tag = a, b", "/project/configured.toml:5"),
            ("remote.add.shell = zsh", "/project/configured.toml:6"),
            ("remote.add.force = true", "/user/configured/config.toml:5"),
            ("remote.add.verbose = 2", "/user/configured/config.toml:6"),
        ]
    );
}

#[test]
fn path_tells_which_files_there_are() {
    let files = Files::new("path", "", "");
    fs::remove_dir_all(files.root.join("user")).unwrap();
    let said = files.says(&["config", "path"], &[]);
    assert_eq!(
        said.replace(&*files.root.to_string_lossy(), ""),
        "/project/configured.toml\n/user/configured/config.toml (not there)\n"
    );
}

#[test]
fn help_shows_the_value_that_counts() {
    let files = Files::new("help", PROJECT, USER);
    let help = files.says(&["remote", "add", "-h"], &[]);
    assert!(
        help.contains("[default: zsh]") && help.contains("[default: a b]"),
        "{help}"
    );
}
