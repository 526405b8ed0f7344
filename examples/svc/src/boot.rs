//! How services come back after the machine was started: what to put where. Nothing is changed by
//! us; the user's own scheduler or systemd runs `svc start --wanted`.

use std::path::Path;

/// The line of a crontab, and the unit of a user's systemd.
#[must_use]
pub fn instructions(program: &Path, registry: &Path) -> String {
    let (program, registry) = (quote(program), quote(registry));
    format!(
        "\
# With cron: `crontab -e`, and this line.
@reboot {program} --db {registry} start --wanted

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
ExecStart={program} --db {registry} start --wanted
ExecStop={program} --db {registry} stop --all --keep-wanted

[Install]
WantedBy=default.target
"
    )
}

fn quote(path: &Path) -> String {
    shell_words::quote(&path.to_string_lossy()).into_owned()
}
