//! Services in the files of other engines. `checkers.rs` gives these to the engines' own programs.

use std::fs;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::sandbox::{Ran, Sandbox};

/// Services with all that an export may have to say.
fn with_services() -> Sandbox {
    let sandbox = Sandbox::new();
    let web = [
        &[
            "add",
            "web",
            "--env",
            "A=100% \"$x\"",
            "--restart",
            "always",
            "--after",
            "db",
        ][..],
        &[
            "--ready",
            "port:8000",
            "--stop-signal",
            "INT",
            "-o",
            "/tmp/web.log",
        ],
        &["--", "sh", "-c", "echo \"$A\" 50%\nexec sleep 1000"],
    ];
    sandbox.ok(&web.concat());
    sandbox.ok(&[
        "add",
        "db",
        "--ready",
        "notify",
        "--restart",
        "on-failure",
        "sleep 1000",
    ]);
    sandbox.ok(&[
        "add",
        "odd",
        "--ready",
        "log:up",
        "--stop-repeat",
        "5",
        "sleep 1000",
    ]);
    sandbox
}

#[test]
fn a_service_is_a_unit_of_systemd() {
    let sandbox = with_services();
    fs::create_dir(sandbox.path("units")).unwrap();
    let ran = sandbox.run(&["export", "systemd", "--all", "-d", "units"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 3), "{ran:?}");
    assert!(ran.err.contains("odd: it is ready by log:up"), "{ran:?}");
    assert!(
        ran.err.contains("odd: the signal to stop is sent 5 times"),
        "{ran:?}"
    );
    let unit = sandbox.read("units/web.service");
    for line in [
        "After=db.service",
        "Restart=always",
        "KillSignal=SIGINT",
        "StandardOutput=append:/tmp/web.log",
    ] {
        assert!(unit.contains(line), "{unit}");
    }
    assert!(unit.contains(r#"Environment="A=100%% \"$x\"""#), "{unit}");
    assert!(sandbox.read("units/db.service").contains("Type=notify"));
}

#[test]
fn a_compose_file_is_yaml() {
    let sandbox = with_services();
    sandbox.ok(&[
        "edit",
        "web",
        "--health",
        "port:8000",
        "--limit",
        "memory=64M",
        "--limit",
        "files=9",
    ]);
    let ran = sandbox.run(&["export", "compose", "web", "db", "--image", "img:1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in [
        "    image: \"img:1\"",
        "    depends_on: {\"db\":{\"condition\":\"service_started\"}}",
        "    restart: \"always\"",
        "    # not here: its output goes to /tmp/web.log",
        "    stop_signal: \"SIGINT\"",
        "    deploy: {\"resources\":{\"limits\":{\"memory\":\"67108864\"}}}",
        "    ulimits: {\"nofile\":9}",
    ] {
        assert!(
            ran.out.lines().any(|found| found == line),
            "{line}: {}",
            ran.out
        );
    }
    assert!(ran.out.contains(r#"echo \"$$A\" 50%\nexec"#), "{}", ran.out);
    let file = &documents(&ran.out)[0];
    let check = &file["services"]["web"]["healthcheck"];
    assert_eq!(
        (&check["retries"], &check["interval"]),
        (&json!(3), &json!("10000ms"))
    );
    let word = "echo \"$$A\" 50%\nexec sleep 1000";
    assert_eq!(file["services"]["web"]["command"][2], word);
}

/// The documents of a YAML file.
pub(crate) fn documents(text: &str) -> Vec<Value> {
    Yaml::load_from_str(text)
        .unwrap()
        .iter()
        .map(value)
        .collect()
}

fn value(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Mapping(map) => {
            let pair = |(key, one): (&Yaml, &Yaml)| (key.as_str().unwrap().to_owned(), value(one));
            map.iter().map(pair).collect::<Map<_, _>>().into()
        }
        Yaml::Sequence(list) => list.iter().map(value).collect(),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(is)) => json!(is),
        Yaml::Value(Scalar::Integer(number)) => json!(number),
        Yaml::Value(Scalar::String(text)) => json!(text),
        other => panic!("{other:?}"),
    }
}

/// Whether the schema of Kubernetes has each field, with a value of this type.
#[track_caller]
fn passes<T: DeserializeOwned + Serialize>(manifest: &Value) {
    let typed: T = serde_json::from_value(manifest.clone())
        .unwrap_or_else(|error| panic!("{error}: {manifest}"));
    // A field that the schema lacks would be gone.
    assert_eq!(serde_json::to_value(typed).unwrap(), *manifest);
}

#[test]
fn manifests_pass_the_schema_of_kubernetes() {
    let sandbox = with_services();
    let rights = [
        "--user",
        "1000:1000",
        "--limit",
        "memory=64M",
        "--limit",
        "cpu=50%",
        "--nice",
        "5",
    ];
    sandbox.ok(&[&["edit", "web"][..], &rights].concat());
    sandbox.ok(&[
        "add",
        "Http@1",
        "--ready",
        "http://127.0.0.1:81/health?x=1",
        "--restart",
        "always",
        "sleep 1",
    ]);
    sandbox.ok(&[
        "edit",
        "web",
        "--health",
        "command:test -e $(HOME)",
        "--health-retries",
        "4",
    ]);
    let ran: Ran = sandbox.run(&["export", "kubernetes", "--all", "--image", "img:1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let all = documents(&ran.out);
    let named = |name: &str| {
        all.iter()
            .find(|one| one["metadata"]["name"] == name)
            .unwrap()
    };
    let kinds: Vec<_> = all
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.len(), 4, "{}", ran.out);
    for manifest in &all {
        match manifest["kind"].as_str().unwrap() {
            "Deployment" => passes::<Deployment>(manifest),
            "Job" => passes::<Job>(manifest),
            other => panic!("{other}"),
        }
    }
    let web = &named("web")["spec"]["template"]["spec"];
    let container = &web["containers"][0];
    assert_eq!(container["command"][2], "echo \"$A\" 50%\nexec sleep 1000");
    assert_eq!(container["image"], "img:1");
    assert_eq!(
        container["env"],
        json!([{"name": "A", "value": "100% \"$x\""}])
    );
    assert_eq!(
        container["resources"]["limits"],
        json!({"cpu": "500m", "memory": "67108864"})
    );
    assert_eq!(container["startupProbe"]["tcpSocket"]["port"], 8000);
    assert_eq!(
        web["securityContext"],
        json!({"runAsUser": 1000, "runAsGroup": 1000})
    );
    let health = &container["livenessProbe"];
    assert_eq!(health["exec"]["command"], json!(["test", "-e", "$$(HOME)"]));
    assert_eq!(
        (&health["failureThreshold"], &health["periodSeconds"]),
        (&json!(4), &json!(10))
    );
    let get =
        &named("http-1")["spec"]["template"]["spec"]["containers"][0]["startupProbe"]["httpGet"];
    assert_eq!(*get, json!({"port": 81, "path": "/health?x=1"}));
    assert_eq!(named("db")["kind"], "Job");
    for note in [
        "web: it starts after db",
        "web: the signal to stop is",
        "odd: it is ready by log:up",
        "web: its niceness is 5",
    ] {
        assert!(ran.err.contains(note), "{note}: {}", ran.err);
    }
    assert!(
        ran.out.contains("# not here: it starts after db\n"),
        "{}",
        ran.out
    );
}

#[test]
fn a_schedule_is_a_cron_job() {
    let sandbox = Sandbox::new();
    let schedule = ["--schedule", "30 5 3 * * *", "--restart", "on-failure"];
    sandbox.ok(&[&["add", "nightly", "backup"][..], &schedule].concat());
    let ran = sandbox.run(&["export", "kubernetes", "nightly"]);
    let manifest = &documents(&ran.out)[0];
    passes::<CronJob>(manifest);
    assert_eq!(manifest["spec"]["schedule"], "5 3 * * *");
    assert_eq!(manifest["spec"]["concurrencyPolicy"], "Forbid");
    assert!(ran.err.contains("it starts at second 30"), "{ran:?}");
    let job: Value = serde_json::from_str(&sandbox.ok(&["export", "nomad", "nightly"])).unwrap();
    assert_eq!(job["Job"]["Periodic"]["Spec"], "30 5 3 * * * *");
    assert_eq!(job["Job"]["Periodic"]["ProhibitOverlap"], true);
}

#[test]
fn a_job_of_nomad_has_the_form_of_its_api() {
    let sandbox = with_services();
    sandbox.ok(&[
        "edit",
        "web",
        "--limit",
        "memory=64M",
        "--user",
        "www-data",
        "--stop-pause",
        "1.5",
    ]);
    sandbox.ok(&[
        "edit",
        "web",
        "--health",
        "http://127.0.0.1:8001/ok",
        "--health-retries",
        "4",
    ]);
    let ran = sandbox.run(&["export", "nomad", "web"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let file: Value = serde_json::from_str(&ran.out).unwrap();
    let job = &file["Job"];
    assert_eq!(
        (&job["ID"], &job["Type"], &job["Datacenters"]),
        (&json!("web"), &json!("service"), &json!(["*"]))
    );
    let group = &job["TaskGroups"][0];
    assert_eq!(
        group["RestartPolicy"],
        json!({"Attempts": 7, "Interval": 60_000_000_000_u64, "Delay": 100_000_000, "Mode": "fail"})
    );
    assert_eq!(
        group["Networks"][0]["ReservedPorts"],
        json!([{"Label": "main", "Value": 8001}])
    );
    let check = &group["Services"][0]["Checks"][0];
    assert_eq!(
        (&check["Type"], &check["Path"]),
        (&json!("http"), &json!("/ok"))
    );
    assert_eq!(check["CheckRestart"]["Limit"], 4);
    let task = &group["Tasks"][0];
    assert_eq!(task["Config"]["command"], "sh");
    assert_eq!(task["Env"], json!({"A": "100% \"$x\""}));
    assert_eq!(
        (&task["User"], &task["KillSignal"]),
        (&json!("www-data"), &json!("SIGINT"))
    );
    assert_eq!(
        (&task["KillTimeout"], &task["Resources"]["MemoryMB"]),
        (&json!(1_500_000_000), &json!(64))
    );
    let left_out: Vec<_> = job["Meta"].as_object().unwrap().values().collect();
    assert!(
        left_out.contains(&&json!("it starts after db")),
        "{left_out:?}"
    );
    assert!(ran.err.contains("web: it starts after db"), "{ran:?}");
    let ran = sandbox.run(&["export", "nomad", "--all", "-d", "."]);
    assert_eq!(ran.out.lines().count(), 3);
    let odd: Value = serde_json::from_str(&sandbox.read("odd.nomad.json")).unwrap();
    assert_eq!(odd["Job"]["Type"], "batch");
    assert_eq!(odd["Job"]["TaskGroups"][0]["RestartPolicy"]["Attempts"], 0);
}

#[test]
fn a_job_of_nomad_has_the_least_values_that_it_accepts() {
    let sandbox = Sandbox::new();
    let options = "add w_@1.x --restart always --restart-window 1 --restart-pause 3 --log-size 200M --health port:1 \
        --health-interval 0.1 --health-timeout 0.1 --env A=${B} -- sleep 1000";
    sandbox.ok(&options.split_whitespace().collect::<Vec<_>>());
    let ran = sandbox.run(&["export", "nomad", "w_@1.x"]);
    let job: Value = serde_json::from_str(&ran.out).unwrap();
    let group = &job["Job"]["TaskGroups"][0];
    let restart = &group["RestartPolicy"];
    assert_eq!(restart["Interval"], 5_000_000_000_u64);
    assert!(restart["Delay"].as_u64().unwrap() * 7 <= 5_000_000_000);
    // Its logs need more than the 300 MB of the default.
    assert_eq!(group["EphemeralDisk"]["SizeMB"], 1500);
    let service = &group["Services"][0];
    assert_eq!(service["Name"], "w--1-x");
    let check = &service["Checks"][0];
    assert_eq!(
        (&check["Interval"], &check["Timeout"]),
        (&json!(1_000_000_000), &json!(1_000_000_000))
    );
    assert!(ran.err.contains("the text \"${B}\""), "{ran:?}");
}

#[test]
fn a_comment_ends_with_its_line() {
    let sandbox = Sandbox::new();
    let reload = "command:true\nprivileged: true";
    sandbox.ok(&[
        "add",
        "x",
        "--reload",
        reload,
        "-w",
        "/tmp/a\nUser=root",
        "--",
        "sleep",
        "1",
    ]);
    let file = &documents(&sandbox.ok(&["export", "compose", "x"]))[0];
    assert_eq!(file["services"]["x"]["privileged"], Value::Null);
    let unit = sandbox.ok(&["export", "systemd", "x"]);
    assert!(!unit.lines().any(|line| line == "User=root"), "{unit}");
}
