//! A `Procfile`, as foreman runs it: each line in a shell, with the variables of `.env` and its own
//! port.

use std::fs;
use std::path::Path;

use super::Imported;
use crate::env_file;
use crate::service::Service;

/// The first port and the step between ports, unless `.env` sets the first.
const PORT: u16 = 5000;
const STEP: u16 = 100;

pub(super) fn read(text: &str, here: &Path) -> Result<Imported, String> {
    let mut imported = Imported::default();
    let env = fs::read_to_string(here.join(".env")).unwrap_or_default();
    let (env, strange) = env_file::parse(&env);
    for line in strange {
        imported.note(format!(".env line {line}"), env_file::FORM);
    }
    let first = env
        .get("PORT")
        .and_then(|port| port.parse().ok())
        .unwrap_or(PORT);
    for (number, line) in text.lines().enumerate() {
        let (number, line) = (number + 1, line.trim());
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, command)) = line.split_once(':') else {
            return Err(format!("line {number}: it is written `name: command`"));
        };
        let name = name
            .trim()
            .parse()
            .map_err(|error| format!("line {number}: {error}"))?;
        let shell = ["sh", "-c", &format!("exec {}", command.trim())];
        // A line with more than one command cannot replace the shell.
        let is_simple = !command.contains([';', '|', '&', '(', '{', '\n'])
            && !command.trim().starts_with("cd ");
        let plain = ["sh", "-c", command.trim()];
        let words = if is_simple && !has_assignment(command) {
            shell
        } else {
            plain
        };
        let mut service = Service::new(name, words.map(str::to_owned).to_vec());
        here.clone_into(&mut service.working_directory);
        service.env.clone_from(&env);
        let place = u16::try_from(imported.services.len()).unwrap_or_default();
        let port = first.saturating_add(STEP.saturating_mul(place));
        service.env.insert("PORT".to_owned(), port.to_string());
        imported.services.push(service);
    }
    Ok(imported)
}

/// Whether the command begins with a variable, which `exec` does not accept.
fn has_assignment(command: &str) -> bool {
    let first = command.split_whitespace().next().unwrap_or_default();
    first
        .split_once('=')
        .is_some_and(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_service_with_a_port() {
        let directory = tempfile::tempdir().unwrap();
        let env = "# comment\nexport A=1 # one\nB=\"two\\nlines\"\nC='#'\nPORT=7000\nnonsense\n";
        fs::write(directory.path().join(".env"), env).unwrap();
        let text = "# comment\nweb: bundle exec rails -p $PORT\n\nworker:  A=2 work | tee log\n";
        let imported = read(text, directory.path()).unwrap();
        let [web, worker] = &imported.services[..] else {
            panic!("{imported:?}")
        };
        assert_eq!(web.command, ["sh", "-c", "exec bundle exec rails -p $PORT"]);
        assert_eq!(worker.command, ["sh", "-c", "A=2 work | tee log"]);
        let env = |key: &str| web.env[key].as_str();
        assert_eq!(
            (env("A"), env("B"), env("C"), env("PORT")),
            ("1", "two\nlines", "#", "7000")
        );
        assert_eq!(worker.env["PORT"], "7100");
        assert_eq!(imported.notes, [".env line 6: it is not `KEY=VALUE`"]);
        assert!(read("web sleep", directory.path()).is_err());
    }
}
