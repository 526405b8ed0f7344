//! How to start services after a reboot. svc changes nothing: the user's own scheduler or systemd runs
//! `svc start --wanted`.

use std::path::Path;

/// The line of a crontab, and the unit of a user's systemd.
#[must_use]
pub fn instructions(program: &Path, registry: &Path) -> String {
    // `%` has a special meaning in both.
    let line = format!("{} --db {}", quote(program), quote(registry));
    let (cron, unit) = (line.replace('%', r"\%"), line.replace('%', "%%"));
    format!(
        "\
# With cron: `crontab -e`, and this line.
@reboot {cron} start --wanted

# With systemd: this as ~/.config/systemd/user/svc.service, then
#   systemctl --user enable svc.service
#   loginctl enable-linger
[Unit]
Description=The services of svc

[Service]
Type=oneshot
RemainAfterExit=yes
# What svc started is for svc to stop.
KillMode=none
ExecStart={unit} start --wanted
ExecStop={unit} stop --all --keep-wanted

[Install]
WantedBy=default.target
"
    )
}

fn quote(path: &Path) -> String {
    shell_words::quote(&path.to_string_lossy()).into_owned()
}
