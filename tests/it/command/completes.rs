//! Programs that complete their own command line, in real shells.

use std::process::Command;

use crate::processes::shell;

/// What a program says to a shell that asks about a line.
fn candidates(line: &[&str]) -> Vec<String> {
    let program = env!("CARGO_BIN_EXE_completer");
    let said = Command::new(program)
        .env("COMPLETE", "fish")
        .args(["--", "completer"])
        .args(line)
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    said.lines().map(String::from).collect()
}

#[test]
fn a_function_of_the_app_completes_from_the_line_so_far() {
    assert_eq!(candidates(&["start", "d"]), ["db\tafter d"]);
    assert_eq!(
        candidates(&["--known", "one,other,two", "start", "o"]),
        ["one\tafter o", "other\tafter o"]
    );
    assert_eq!(candidates(&["start", "--known=x", "x"]), ["x\tafter x"]);
}

#[test]
fn a_plain_function_and_the_values_of_an_enum_complete() {
    assert_eq!(candidates(&["--level", ""]), ["10", "20"]);
    assert_eq!(candidates(&["start", "x", "--mode", "f"]), ["fish"]);
}

#[cfg(target_os = "linux")]
#[test]
fn paths_and_users_complete_by_themselves() {
    assert!(candidates(&["start", "x", "--file", "/et"]).contains(&"/etc/".to_owned()));
    let users = candidates(&["start", "x", "--user", "roo"]);
    assert!(
        users.iter().any(|user| user.starts_with("root\t")),
        "{users:?}"
    );
}

/// Types lines into a shell that has read what `completions install` wrote.
const BASH: &str = r#"
unset BASH_COMPLETION_USER_DIR
completer completions install bash
source ~/.local/share/bash-completion/completions/completer
complete_line() {
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
    _clap_complete_completer completer "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    printf '%s\n' "${COMPREPLY[@]}"
}
complete_line completer sta
complete_line completer start d
complete_line completer --known=x,yes start y
complete_line completer start db --mode z
"#;

#[test]
fn bash_asks_the_program() {
    if let Some(said) = shell("bash", "asks-bash", &["--norc"], BASH) {
        assert!(said.starts_with("wrote "), "{said}");
        assert!(said.ends_with("start\ndb\nyes\nzsh\n"), "{said}");
    }
}

const FISH: &str = r"
completer completions install fish
complete -C 'completer sta'
complete -C 'completer start d'
complete -C 'completer --known=x,yes start y'
complete -C 'completer start db --mode z'
";

#[test]
fn fish_asks_the_program() {
    if let Some(said) = shell("fish", "asks-fish", &["--private"], FISH) {
        let words = said.lines().filter_map(|line| line.split('\t').next());
        let words: Vec<&str> = words.collect();
        assert_eq!(words[1..], ["start", "db", "yes", "zsh"], "{said}");
    }
}

/// A terminal of its own, for zsh completes only where someone types.
const ZSH: &str = r#"
zmodload zsh/zpty || exit
completer completions install zsh
zpty -b z zsh -f -i
heard() {
    local seen= chunk
    repeat 900; do
        while zpty -r -t z chunk; do seen+=$chunk; print -rn -- "$chunk"; done
        [[ $seen == ${~1} ]] && return
        sleep 0.1
    done
}
zpty -w z "PS1=; fpath=(~/.zfunc \$fpath); autoload -Uz compinit; compinit -u -d $HOME/dump; print rea''dy"
heard '*ready*' > /dev/null
for typed rest in 'completer sta' rt 'completer start d' b 'completer --known=x,yes start y' es \
    'completer start db --mode z' sh; do
    zpty -n -w z "$typed"$'\t'
    heard "*$typed*$rest*"
    zpty -n -w z $'\x15'
done
zpty -d z
"#;

#[test]
fn zsh_asks_the_program() {
    if let Some(said) = shell("zsh", "asks-zsh", &["-f"], ZSH) {
        for word in ["completer start", "start db", "start yes", "--mode zsh"] {
            assert!(said.contains(word), "{word} in {said:?}");
        }
    }
}

#[test]
fn the_file_is_printed_where_that_is_asked_for() {
    let print = |shell: &str| {
        let ran = Command::new(env!("CARGO_BIN_EXE_completer"))
            .args(["completions", "install", "--print", shell])
            .output()
            .unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    assert!(print("bash").starts_with("source <(COMPLETE=bash '/"));
    assert!(print("elvish").contains("set-env COMPLETE elvish"));
    assert!(print("powershell").contains("Invoke-Expression"));
}
