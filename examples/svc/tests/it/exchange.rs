//! Services from the files of others, and their start with the machine.

use std::fs;

use crate::sandbox::{Sandbox, eventually};

/// Ten programs, of which nine are to run.
const SUPERVISORD: &str = "\
[unix_http_server]
file=/tmp/supervisor.sock

[supervisord]
logfile=/tmp/supervisord.log

[program:web]
command=sh -c 'echo %(program_name)s on $PORT; exec sleep 1000'
environment=PORT=\"8000\",NAME=\"a, b\"
autorestart=true
startsecs=0
stopsignal=INT
stopwaitsecs=2

[program:worker]
command=sh -c 'echo worker %(process_num)d; exec sleep 1000'
numprocs=3
process_name=%(program_name)s_%(process_num)02d
startsecs=0

[program:a]
command=sleep 1000 ; a comment
startsecs=0
[program:b]
command=sleep 1000
directory=%(here)s
startsecs=0
[program:c]
command=sleep 1000
stdout_logfile=%(here)s/c.log
redirect_stderr=true
startsecs=0
[program:d]
command=sleep 1000
umask=077
startsecs=0
[program:e]
command=sleep 1000
stdout_logfile=NONE
startsecs=0
[program:f]
command=sleep 1000
priority=5
startsecs=0
[program:g]
command=sleep 1000
startsecs=0
stopasgroup=true
[program:once]
command=true
autorestart=false
startsecs=0
";

#[test]
fn a_supervisord_conf_of_ten_programs_runs() {
    let sandbox = Sandbox::new();
    let included = "[program:included]\ncommand=sleep 1000\nstartsecs=0\n";
    fs::create_dir(sandbox.path("more.d")).unwrap();
    fs::write(sandbox.path("more.d/one.conf"), included).unwrap();
    let text = format!("{SUPERVISORD}[include]\nfiles=more.d/*.conf\n");
    fs::write(sandbox.path("supervisord.conf"), text).unwrap();
    let ran = sandbox.run(&["import", "supervisord.conf"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.lines().count(), 13);
    for note in [
        "line 1: [unix_http_server] is not kept",
        "priority: it is not kept",
    ] {
        assert!(ran.err.contains(note), "{ran:?}");
    }
    assert_eq!(ran.err.lines().count(), 3, "{ran:?}");
    sandbox.ok(&["start", "--all"]);
    assert_eq!(sandbox.status("d")["umask"], 0o77);
    let running = [
        "web",
        "worker_00",
        "worker_02",
        "a",
        "b",
        "c",
        "d",
        "e",
        "f",
        "g",
        "included",
    ];
    for name in running {
        assert_eq!(sandbox.state(name), "running", "{name}");
    }
    sandbox.until("once", "ended");
    eventually("they have spoken", || {
        sandbox.run(&["logs", "web"]).out == "web on 8000\n"
            && sandbox.run(&["logs", "worker_02"]).out == "worker 2\n"
    });
    assert!(sandbox.path("c.log").exists());
    sandbox.ok(&["stop", "--all"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_procfile_runs() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path(".env"), "GREETING='hello you'\n").unwrap();
    let lines = "web: echo $GREETING on $PORT && sleep 1000\nclock: sleep 1000\n";
    fs::write(sandbox.path("Procfile"), lines).unwrap();
    let ran = sandbox.run(&["import", "Procfile"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    sandbox.ok(&["start", "--all"]);
    eventually("it has spoken", || {
        sandbox.run(&["logs", "web"]).out == "hello you on 5000\n"
    });
    assert_eq!(sandbox.status("clock")["env"]["PORT"], "5100");
    // What is there already is not touched, and nothing is added.
    let told = sandbox.fails(1, &["import", "Procfile"]);
    assert_eq!(told, "error: there is a service `web` already");
}

#[test]
fn an_ecosystem_of_pm2_runs() {
    let sandbox = Sandbox::new();
    let app = r#"{"apps": [{"name": "app", "script": "app.sh", "args": "a 'b c'", "instances": 2, "watch": true,
        "max_memory_restart": "1G"}, {"name": "job", "script": "job.sh", "autorestart": false, "cron_restart": "* * * * * *"}]}"#;
    fs::write(sandbox.path("ecosystem.json"), app).unwrap();
    sandbox.script("app.sh", "echo $2 $NODE_APP_INSTANCE; exec sleep 1000");
    sandbox.script("job.sh", "echo done");
    let dry = sandbox.run(&["import", "--dry-run", "ecosystem.json"]);
    assert_eq!((dry.code, dry.out.lines().count()), (0, 3), "{dry:?}");
    assert!(
        dry.err.contains("`svc edit app --limit memory=1G`"),
        "{dry:?}"
    );
    assert_eq!(sandbox.ok(&["list"]).lines().count(), 1);
    sandbox.ok(&["import", "ecosystem.json"]);
    sandbox.ok(&["start", "--all"]);
    eventually("both have spoken", || {
        let said = |name| sandbox.run(&["logs", name]).out;
        (said("app-0"), said("app-1")) == ("b c 0\n".into(), "b c 1\n".into())
    });
    eventually("the job has run", || {
        sandbox.run(&["logs", "job"]).out.starts_with("done\n")
    });
}

#[test]
fn a_compose_file_runs() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("more.env"), "GREETING=hello\nPORT=1\n").unwrap();
    let file = "\
services:
  web:
    image: web
    command: sh -c 'echo $$GREETING $$PORT; exec sleep 1000'
    env_file: more.env
    environment: {PORT: 8000}
    depends_on: {db: {condition: service_healthy}}
  db:
    command: sh -c 'touch up; exec sleep 1000'
    healthcheck: {test: test -e up, interval: 1s}
";
    fs::write(sandbox.path("compose.yaml"), file).unwrap();
    let ran = sandbox.run(&["import", "compose.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let note = "compose.yaml: line 3: web: image: it runs here, and in no container\n";
    assert_eq!(ran.err, format!("note: {note}"));
    sandbox.ok(&["start", "--all"]);
    assert_eq!(sandbox.state("web"), "running");
    eventually("it has spoken", || {
        sandbox.run(&["logs", "web"]).out == "hello 8000\n"
    });
    // It starts after the other is healthy.
    let events = sandbox.ok(&["events"]);
    let at = |what: &str| {
        events
            .find(what)
            .unwrap_or_else(|| panic!("{what}: {events}"))
    };
    assert!(
        at("db           ready") < at("web          started"),
        "{events}"
    );
}

#[test]
fn a_file_that_nobody_understands_adds_nothing() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("services.txt"), "web: sleep 1").unwrap();
    let told = sandbox.fails(1, &["import", "services.txt"]);
    assert_eq!(
        told,
        "error: services.txt: whose file is it? Say so with `--format`"
    );
    sandbox.ok(&["import", "--format", "procfile", "services.txt"]);
    fs::write(
        sandbox.path("bad.conf"),
        "[program:a]\ncommand=a\n[program:b]\n",
    )
    .unwrap();
    let told = sandbox.fails(1, &["import", "bad.conf"]);
    assert_eq!(told, "error: bad.conf: line 3: [program:b] has no command");
    sandbox.fails(4, &["status", "a"]);
}

#[test]
fn boot_is_installed_with_cron_and_removed() {
    let sandbox = Sandbox::new();
    // One of the test's own, as that of the machine is not ours to change; and no systemd.
    fs::create_dir(sandbox.path("bin")).unwrap();
    let cron =
        "#!/bin/sh\ncase $1 in -l) cat \"$HOME/crontab\";; -) cat > \"$HOME/crontab\";; esac\n";
    sandbox.script("bin/crontab", cron);
    sandbox.script("bin/systemctl", "#!/bin/sh\nexit 1\n");
    fs::write(sandbox.path("crontab"), "MAILTO=me\n").unwrap();
    let home = sandbox.path("").display().to_string();
    let run = |step: &str| {
        sandbox.sh(&format!(
            "HOME={home} PATH={home}bin:$PATH $SVC boot {step}"
        ))
    };
    for _ in 0..2 {
        let ran = run("install");
        assert_eq!(
            (ran.code, &*ran.out),
            (0, "installed: a line of your crontab\n"),
            "{ran:?}"
        );
        let lines = sandbox.read("crontab");
        assert_eq!(lines.lines().count(), 3, "{lines}");
        assert!(
            lines.contains("@reboot") && lines.ends_with("start --wanted\n"),
            "{lines}"
        );
    }
    assert_eq!(run("remove").out, "removed: a line of your crontab\n");
    assert_eq!(sandbox.read("crontab"), "MAILTO=me\n");
    assert_eq!(run("remove").out, "there was nothing to remove\n");
}

#[test]
fn boot_is_installed_with_systemd_and_removed() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("bin")).unwrap();
    sandbox.script(
        "bin/systemctl",
        "#!/bin/sh\necho \"$@\" >> \"$HOME/said\"\n",
    );
    let home = sandbox.path("").display().to_string();
    let run = |step: &str| {
        sandbox.sh(&format!(
            "unset XDG_CONFIG_HOME; HOME={home} PATH={home}bin:$PATH $SVC boot {step}"
        ))
    };
    let ran = run("install");
    assert!(ran.out.starts_with("installed: the unit "), "{ran:?}");
    let unit = ran
        .out
        .split_whitespace()
        .find(|word| word.ends_with(".service"))
        .unwrap();
    let text = fs::read_to_string(unit).unwrap();
    assert!(
        text.contains("start --wanted\n") && text.contains("stop --all --keep-wanted\n"),
        "{text}"
    );
    let said = sandbox.read("said");
    assert!(
        said.contains("--user daemon-reload") && said.contains("--user enable svc-"),
        "{said}"
    );
    assert!(run("remove").out.starts_with("removed: the unit "));
    assert!(!std::path::Path::new(unit).exists());
}

#[test]
fn boot_is_installed_with_a_script_and_removed() {
    let mut sandbox = Sandbox::new();
    // Scripts of the test's own, and neither systemd nor cron.
    if !sandbox.mounts("mount -t tmpfs none /etc/init.d") {
        return;
    }
    fs::create_dir(sandbox.path("bin")).unwrap();
    for missing in ["bin/systemctl", "bin/crontab"] {
        sandbox.script(missing, "#!/bin/sh\nexit 1\n");
    }
    sandbox.script(
        "bin/update-rc.d",
        "#!/bin/sh\necho \"$@\" >> \"$HOME/said\"\n",
    );
    let home = sandbox.path("").display().to_string();
    let run = |line: &str| {
        sandbox.sh(&format!(
            "HOME={home} PATH={home}bin:$PATH; export HOME PATH; {line}"
        ))
    };
    let ran = run("$SVC boot install");
    let script = ran.out.strip_prefix("installed: the script ");
    let script = script
        .unwrap_or_else(|| panic!("{ran:?}"))
        .trim_end()
        .to_owned();
    let name = script.rsplit('/').next().unwrap().to_owned();
    assert_eq!(sandbox.read("said"), format!("{name} defaults\n"));
    sandbox.add("web", "exec sleep 1000", &[]);
    sandbox.ok(&["start", "web"]);
    // As the machine does it when it goes down, and when it comes back.
    assert_eq!(run(&format!("{script} stop")).out, "web: stopped\n");
    let ran = run(&format!("{script} start"));
    assert!(ran.out.starts_with("web: started"), "{ran:?}");
    assert_eq!(run(&format!("{script} maybe")).code, 2);
    assert_eq!(
        run("$SVC boot remove").out,
        format!("removed: the script {script}\n")
    );
    assert!(
        sandbox
            .read("said")
            .ends_with(&format!("-f {name} remove\n"))
    );
    assert_eq!(run(&format!("test -e {script}")).code, 1);
    assert_eq!(run("$SVC boot remove").out, "there was nothing to remove\n");
}
