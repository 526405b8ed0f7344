//! The traffic of network interfaces.

use lazy_prop::lazy;
use procfs_core::net::InterfaceDeviceStatus;
use regex::Regex;
use serde::Deserialize;

use crate::collector::{Collector, Problem, Run};
use crate::metric::part;

crate::collector!(Network);

#[lazy]
struct Network {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// A regular expression for the names of the interfaces.
    interfaces: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            interfaces: "^(?:e(?:th|n)|bond|wl|ww|ib|usb|lo$)".into(),
        }
    }
}

#[lazy]
impl Network {
    #[lazy]
    fn interfaces(&self) -> Result<&Regex, regex::Error> {
        Regex::new(&self.settings.interfaces)
    }
}

impl Collector for Network {
    const NAME: &'static str = "network";
    const ABOUT: &'static str = "Bytes, packets and errors of each network interface in a second.";
    const NEEDS: Option<&'static str> = Some("net/dev");
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            settings,
            lazy: lazy_prop::Lazy::new(),
        }
    }

    fn verify(&self) -> Result<(), Problem> {
        self.interfaces()?;
        Ok(())
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let status: InterfaceDeviceStatus = run.read("net/dev")?;
        let wanted = self.interfaces()?;
        for device in status
            .0
            .into_values()
            .filter(|device| wanted.is_match(&device.name))
        {
            let counters = [
                ("rx_byte", device.recv_bytes),
                ("rx_packets", device.recv_packets),
                ("rx_errors", device.recv_errs),
                ("rx_drop", device.recv_drop),
                ("rx_multicast", device.recv_multicast),
                ("tx_byte", device.sent_bytes),
                ("tx_packets", device.sent_packets),
                ("tx_errors", device.sent_errs),
                ("tx_drop", device.sent_drop),
                ("tx_colls", device.sent_colls),
            ];
            for (counter, value) in counters {
                run.rate(&format!("{}.{counter}", part(&device.name)), value);
            }
        }
        Ok(())
    }
}
