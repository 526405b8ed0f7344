//! What only a process shows: exit codes, streams, pipes, and commands of another crate.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs};

fn services(line: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_services"))
        .args(line)
        .env_remove("SERVICES_NICE")
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn commands_of_two_crates_are_sorted_by_name() {
    let help = services(&["--help"]);
    assert_eq!(code(&help), 0);
    assert_eq!(text(&help.stderr), "");
    let lines = text(&help.stdout)
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1);
    let names: Vec<&str> = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        names,
        [
            "code",
            "completions",
            "count",
            "fail",
            "lines",
            "manual",
            "start",
            "tools",
            "help"
        ]
    );
}

#[test]
fn a_dictionary_of_another_crate() {
    let ran = services(&["start", "db", "-w", "/srv"]);
    assert_eq!(text(&ran.stdout), "db \"/srv\" 1 None None\n");
    let ran = services(&["tools", "check", "--level", "9"]);
    assert_eq!(text(&ran.stdout), "check in . at 9\n");
    let ran = services(&["start", "db", "--level", "10"]);
    assert_eq!(code(&ran), 2);
    assert!(text(&ran.stderr).contains("it goes from 0 to 9"));
}

#[test]
fn exit_codes() {
    for (line, expected) in [
        (&["code", "0"][..], 0),
        (&["code", "7"], 7),
        (&["start", "bad"], 1),
        (&["start"], 2),
        (&["strat"], 2),
        (&[], 2),
        (&["--version"], 0),
        (&["fail"], 101),
    ] {
        assert_eq!(code(&services(line)), expected, "{line:?}");
    }
}

#[test]
fn a_failure_tells_its_causes() {
    let failed = services(&["start", "bad"]);
    assert_eq!(
        text(&failed.stderr),
        "error: can't start the service\n  caused by: no such file\n"
    );
    assert_eq!(text(&failed.stdout), "");
}

#[test]
fn the_environment_is_behind_the_line() {
    let run = |line: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_services"))
            .args(line)
            .env("SERVICES_NICE", "-3")
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    assert_eq!(run(&["start", "db"]), "db \".\" 1 Some(-3) None\n");
    assert_eq!(
        run(&["start", "db", "--nice", "-4"]),
        "db \".\" 1 Some(-4) None\n"
    );
}

#[test]
fn a_closed_pipe_is_no_panic() {
    for line in [&["count", "1000000"][..], &["lines"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_services"))
            .args(line)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 2];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(text(&output.stderr), "", "{line:?}");
        assert_eq!(code(&output), 141, "{line:?}");
    }
}

/// A stream that nobody reads, from the beginning.
#[cfg(unix)]
fn closed() -> Stdio {
    let (reader, writer) = std::os::unix::net::UnixStream::pair().unwrap();
    drop(reader);
    std::os::fd::OwnedFd::from(writer).into()
}

#[cfg(unix)]
#[test]
fn a_report_into_a_closed_pipe_is_no_panic() {
    let run = |line: &str, output: Stdio, errors: Stdio| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_converter"));
        program.args(line.split(' ')).stdout(output).stderr(errors);
        let output = program.spawn().unwrap().wait_with_output().unwrap();
        (code(&output), text(&output.stderr).to_owned())
    };
    for help in ["--help", "convert --help", "--version"] {
        let outcome = run(help, closed(), Stdio::piped());
        assert_eq!(outcome, (141, String::new()), "{help}");
    }
    assert_eq!(run("--nothing", Stdio::null(), closed()).0, 2);
    assert_eq!(run("no such word", Stdio::null(), closed()).0, 1);
}

#[test]
fn a_panic_is_still_one() {
    assert!(text(&services(&["fail"]).stderr).contains("as it was told"));
}

#[test]
fn the_manual_is_a_page() {
    let manual = services(&["manual"]);
    let page = text(&manual.stdout);
    assert!(
        page.contains(".TH services 1") && page.contains("Start a service"),
        "{page}"
    );
}

/// A directory of this test's own.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// What a shell says; `None`, with a word, if there is no such shell.
pub fn shell(shell: &str, home: &str, args: &[&str], script: &str) -> Option<String> {
    let bin = Path::new(env!("CARGO_BIN_EXE_services")).parent().unwrap();
    let path = env::join_paths(
        [bin.to_owned()]
            .into_iter()
            .chain(env::split_paths(&env::var_os("PATH")?)),
    )
    .ok()?;
    let spawned = Command::new(shell)
        .args(args)
        .env("PATH", path)
        .env("HOME", directory(home))
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_DATA_HOME")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        println!("skipped: there is no {shell} here");
        return None;
    };
    child.stdin.take()?.write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = format!(
        "{}{}",
        text(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Some(said)
}

#[test]
fn bash_completes() {
    let script = r#"
source <(services completions bash)
complete_line() {
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
    _services services "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    printf '%s\n' "${COMPREPLY[@]}"
}
complete_line services st
complete_line services tools ch
complete_line services start db --wor
complete_line services start db --shell z
"#;
    if let Some(said) = shell("bash", "bash", &["--norc"], script) {
        assert_eq!(said, "start\ncheck\n--working-directory\nzsh\n");
    }
}

#[test]
fn fish_completes() {
    let script = r"
services completions fish | source
complete -C 'services st'
complete -C 'services tools ch'
complete -C 'services start db --wor'
complete -C 'services start db --shell z'
";
    if let Some(said) = shell("fish", "fish", &["--no-config"], script) {
        let words: Vec<&str> = said
            .lines()
            .filter_map(|line| line.split('\t').next())
            .collect();
        assert_eq!(
            words,
            ["start", "check", "--working-directory", "zsh"],
            "{said}"
        );
    }
}

#[test]
fn zsh_completes() {
    // A terminal of its own, for zsh completes only where someone types.
    let script = r#"
zmodload zsh/zpty || exit
services completions zsh > $HOME/_services
zpty -b z zsh -f -i
heard() {
    local seen= chunk
    repeat 900; do
        while zpty -r -t z chunk; do seen+=$chunk; print -rn -- "$chunk"; done
        [[ $seen == ${~1} ]] && return
        sleep 0.1
    done
}
zpty -w z "PS1=; fpath=($HOME \$fpath); autoload -Uz compinit; compinit -u -d $HOME/dump; print rea''dy"
heard '*ready*' > /dev/null
for typed rest in 'services st' art 'services tools ch' eck 'services start db --wor' king-directory \
    'services start db --shell z' sh; do
    zpty -n -w z "$typed"$'\t'
    heard "*$typed*$rest*"
    zpty -n -w z $'\x15'
done
zpty -d z
"#;
    if let Some(said) = shell("zsh", "zsh", &["-f"], script) {
        for word in [
            "services start",
            "services tools check",
            "--working-directory",
            "--shell zsh",
        ] {
            assert!(said.contains(word), "{word} in {said:?}");
        }
    }
}

/// Starts a program that waits for ever, and interrupts it as Ctrl-C does.
#[cfg(unix)]
fn interrupted(runtime: Option<&str>) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_fetcher"));
    program.envs(runtime.map(|name| (name, "1"))).arg("wait");
    let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 8];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut first)
        .unwrap();
    assert_eq!(&first, b"waiting\n");
    let process = child.id().to_string();
    let kill = Command::new("kill").args(["-INT", &process]).status();
    assert!(kill.unwrap().success());
    child.wait_with_output().unwrap()
}

#[cfg(unix)]
#[test]
fn ctrl_c_drops_the_future() {
    for runtime in [None, Some("ON_SMOL")] {
        let ended = interrupted(runtime);
        assert_eq!(
            (code(&ended), text(&ended.stdout)),
            (130, "dropped\n"),
            "{runtime:?}"
        );
    }
}

#[test]
fn an_async_command_may_use_its_runtime() {
    for runtime in [None, Some("ON_SMOL")] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_fetcher"));
        let ran = program
            .envs(runtime.map(|name| (name, "1")))
            .args(["spawn", "21"]);
        assert_eq!(text(&ran.output().unwrap().stdout), "42\n", "{runtime:?}");
    }
}
