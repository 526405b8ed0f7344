//! How services come back after the machine was started: what to put where. Nothing is changed by
//! us; the user's own scheduler or systemd runs `svc start --wanted`.

use std::path::Path;

/// The line of a crontab, and the unit of a user's systemd.
#[must_use]
pub fn instructions(program: &Path, registry: &Path) -> String {
    // Both have a meaning of their own for `%`.
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
