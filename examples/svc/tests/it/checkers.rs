//! Exports, each read by its engine's own program. Where that is missing, a test says that it was skipped.
//! `.ci/prepare` installs what is small.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::sandbox::{Ran, Sandbox};

/// A program of `.ci/prepare`, or of the machine.
fn tool(name: &str) -> Option<PathBuf> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let mut all = [ours].into_iter().chain(env::split_paths(&path));
    let found = all.find_map(|directory| Some(directory.join(name)).filter(|file| file.is_file()));
    if found.is_none() {
        eprintln!("skipped: there is no {name}");
    }
    found
}

fn run(command: &mut Command) -> Ran {
    Ran::of(&command.output().unwrap())
}

/// Services with everything that an export can keep.
fn with_services() -> Sandbox {
    let sandbox = Sandbox::new();
    let lines: [&[&str]; 6] = [
        &[
            "db",
            "--ready",
            "notify",
            "--restart",
            "on-failure",
            "--stop-repeat",
            "3",
            "--",
            "sleep",
            "1000",
        ],
        &[
            "many",
            "--instances",
            "2",
            "--restart",
            "always",
            "--after",
            "db",
            "--",
            "sleep",
            "1000",
        ],
        &[
            "äö", "--ready", "log:up", "--watch", ".", "--", "sleep", "1000",
        ],
        &[
            "nightly",
            "--schedule",
            "30 5 3 * * MON-FRI",
            "--restart",
            "on-failure",
            "--",
            "sleep",
            "1",
        ],
        &["either", "--schedule", "0 3 13 * FRI", "--", "sleep", "1"],
        &["last", "--schedule", "0 3 L * *", "--", "sleep", "1"],
    ];
    for line in lines {
        sandbox.ok(&[&["add"], line].concat());
    }
    let web = "add web --restart always --after db --after many@1 --ready port:8000 --health http://127.0.0.1:8000/ok?x=1 \
        --stop-signal INT --stop-pause 1.5 -o /tmp/web.log --umask 027 --nice 5 --reload HUP --user 0:0 \
        --limit memory=64M --limit cpu=50% --limit processes=9 --limit files=99 --limit cpu-time=60s";
    let words: Vec<_> = web.split_whitespace().collect();
    let odd = [
        "--env",
        "A=100% \"$x\" ${y} $(z)",
        "--",
        "sh",
        "-c",
        "echo \"$A\" 50%\nexec sleep 1000",
    ];
    sandbox.ok(&[&words[..], &odd].concat());
    sandbox
}

#[test]
fn systemd_accepts_units_and_timers() {
    let sandbox = with_services();
    fs::create_dir(sandbox.path("units")).unwrap();
    sandbox.ok(&["export", "systemd", "--all", "-d", "units"]);
    let Some(analyze) = tool("systemd-analyze") else {
        return;
    };
    let files = fs::read_dir(sandbox.path("units")).unwrap();
    let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    let timers = files
        .iter()
        .filter(|file| file.extension() == Some(OsStr::new("timer")));
    let timers: Vec<_> = timers
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    assert_eq!((files.len(), timers.len()), (10, 2));
    let mut verify = Command::new(&analyze);
    verify
        .args(["--user", "verify"])
        .env("XDG_RUNTIME_DIR", sandbox.path(""));
    let ran = run(verify.args(&files));
    assert_eq!(ran.code, 0, "{ran:?}");
    let ours: Vec<_> = ran
        .err
        .lines()
        .filter(|line| line.contains("units/"))
        .collect();
    assert_eq!(ours, [""; 0]);
    let lines = timers.iter().flat_map(|timer| timer.lines());
    let calendar: Vec<_> = lines
        .filter_map(|line| line.strip_prefix("OnCalendar="))
        .collect();
    assert_eq!(calendar.len(), 3);
    let ran = run(Command::new(&analyze).arg("calendar").args(&calendar));
    assert_eq!(
        (ran.code, ran.out.matches("Next elapse").count()),
        (0, 3),
        "{ran:?}"
    );
}

#[test]
fn docker_compose_accepts_a_file() {
    let sandbox = with_services();
    sandbox.ok(&["export", "compose", "--all", "-d", "."]);
    let Some(compose) = tool("docker-compose") else {
        return;
    };
    let mut config = sandbox.program(compose.to_str().unwrap());
    let ran = run(config.args(["-f", "compose.yaml", "config", "--format", "json"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    let file: Value = serde_json::from_str(&ran.out).unwrap();
    let services = file["services"].as_object().unwrap();
    let names: Vec<_> = services.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "db", "either", "last", "many-1", "many-2", "nightly", "service", "web"
        ]
    );
    // It replaces no variable.
    let web = &services["web"];
    assert_eq!(web["environment"]["A"], "100% \"$$x\" $${y} $$(z)");
    assert_eq!(web["depends_on"]["many-1"]["condition"], "service_started");
}

#[test]
fn kubectl_and_the_published_schema_accept_manifests() {
    let sandbox = with_services();
    sandbox.ok(&["export", "kubernetes", "--all", "-d", "."]);
    if let Some(validate) = tool("kubernetes-validate") {
        let ran = run(sandbox
            .program(validate.to_str().unwrap())
            .args(["--strict", "kubernetes.yaml"]));
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let Some(kubectl) = tool("kubectl") else {
        return;
    };
    // Without a server it still reads each manifest into its own types, and prints these.
    let mut set = sandbox.program(kubectl.to_str().unwrap());
    set.args([
        "set",
        "image",
        "--local",
        "-f",
        "kubernetes.yaml",
        "*=other",
        "-o",
        "json",
    ]);
    let ran = run(&mut set);
    assert_eq!(ran.code, 0, "{ran:?}");
    let printed: Vec<Value> = serde_json::Deserializer::from_str(&ran.out)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(printed.len(), 8);
    let text = sandbox.read("kubernetes.yaml");
    let ours = super::export::documents(&text);
    for (printed, mut ours) in printed.iter().zip(ours) {
        set_image(&mut ours);
        keeps(printed, &ours, ours["metadata"]["name"].as_str().unwrap());
    }
}

/// What the command changes.
fn set_image(value: &mut Value) {
    match value {
        Value::Object(map) => map.iter_mut().for_each(|(key, value)| {
            if key == "image" {
                *value = "other".into();
            }
            set_image(value);
        }),
        Value::Array(list) => list.iter_mut().for_each(set_image),
        _ => {}
    }
}

/// Every field is still there, beside those that the engine adds.
#[track_caller]
fn keeps(printed: &Value, ours: &Value, place: &str) {
    match ours {
        Value::Object(map) => {
            for (key, value) in map {
                keeps(&printed[key], value, &format!("{place}.{key}"));
            }
        }
        Value::Array(list) => {
            for (number, value) in list.iter().enumerate() {
                keeps(&printed[number], value, &format!("{place}.{number}"));
            }
        }
        // `"500m"` and `"64Mi"` have more than one form.
        _ if place.contains(".limits.") => assert!(!printed.is_null(), "{place}"),
        _ => assert_eq!(printed, ours, "{place}"),
    }
}

/// Runs podman as a user without rights, with a cgroup of version 2, an image that has nothing but busybox, and files
/// of its own. `$1` is the directory for all that.
const PODMAN: &str = r#"
set -e
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t tmpfs none /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup
group=/sys/fs/cgroup/svc-test-$$
mkdir -p "$group/in" "$1/run" "$1/image/bin"
# What podman leaves behind goes with the group.
leave() {
    echo $$ >/sys/fs/cgroup/cgroup.procs
    echo 1 >"$group/cgroup.kill"
    for _ in $(seq 100); do
        find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
        sleep 0.05
    done
}
trap leave EXIT
echo $$ >"$group/in/cgroup.procs"
chown -R daemon "$group"
cp "$(command -v busybox)" "$1/image/bin/busybox"
printf '[containers]\ndefault_ulimits = ["nofile=512:512", "nproc=512:512"]\nlog_driver = "k8s-file"\n' >"$1/conf"
printf '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n' >>"$1/conf"
chown -R daemon "$1" && chmod 700 "$1/run"
cat >"$1/run.sh" <<'END'
cd "$1"
export HOME=$1 XDG_RUNTIME_DIR=$1/run CONTAINERS_CONF=$1/conf
podman() { command podman --log-level=fatal --storage-driver=vfs "$@"; }
tar -C image --owner=0 --group=0 -c . | podman import - localhost/svc-test:1 >/dev/null
podman run --rm --network=host localhost/svc-test:1 /bin/busybox true || exit 42
podman kube play --network=host kubernetes.yaml
name=$(podman ps --format '{{.Names}}' | grep -e '-web$')
for _ in $(seq 100); do
    podman logs "$name" | grep -q hello && break
    sleep 0.1
done
podman logs "$name"
podman kube play --down kubernetes.yaml
END
setpriv --reuid daemon --regid daemon --clear-groups sh "$1/run.sh" "$1"
"#;

#[test]
fn podman_runs_a_manifest() {
    if tool("podman").is_none() || tool("busybox").is_none() {
        return;
    }
    let sandbox = Sandbox::new();
    let script = r#"echo "hello $A"; trap "exit 0" TERM; while :; do /bin/busybox sleep 0.1; done"#;
    let words = ["--", "/bin/busybox", "sh", "-c", script];
    let options = [
        "--restart",
        "always",
        "--health",
        "command:/bin/busybox true",
        "--env",
        "A=100% $A",
    ];
    sandbox.ok(&[&["add", "web", "-w", "/"], &options[..], &words].concat());
    fs::create_dir(sandbox.path("podman")).unwrap();
    sandbox.ok(&[
        "export",
        "kubernetes",
        "web",
        "--image",
        "localhost/svc-test:1",
        "-d",
        "podman",
    ]);
    let mut shell = Command::new("timeout");
    shell.args(["-k", "5", "90", "unshare", "-m", "--propagation", "private"]);
    shell
        .args(["sh", "-c", PODMAN, "sh"])
        .arg(sandbox.path("podman"));
    let output: Output = shell.output().unwrap();
    let ran = Ran::of(&output);
    let is_late = ran.code == 124;
    if ran.code != 0 && (is_late || !ran.out.contains("Pod:")) {
        eprintln!("skipped: podman runs no container here, or takes too long: {ran:?}");
        return;
    }
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("hello 100% $A\n"), "{ran:?}");
}
