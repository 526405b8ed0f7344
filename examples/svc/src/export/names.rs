//! Names as another engine allows them, a different one for each service.

use std::collections::BTreeMap;

use crate::name::Name;
use crate::service::Service;

/// The names of services in the file of an engine.
pub(super) struct Names<'a> {
    of: BTreeMap<&'a Name, String>,
    form: fn(&str) -> String,
}

impl<'a> Names<'a> {
    /// Those of these services, in a form that the engine allows.
    pub(super) fn of(services: &'a [Service], form: fn(&str) -> String) -> Self {
        let mut of = BTreeMap::new();
        for service in services {
            let plain = form(service.name.as_str());
            let numbered = (2..).map(|number| format!("{plain}-{number}"));
            let mut free = [plain.clone()].into_iter().chain(numbered);
            let name = free.find(|name| !of.values().any(|taken| taken == name));
            of.insert(&service.name, name.unwrap_or(plain));
        }
        Self { of, form }
    }

    /// The name of a service, which need not be one of them.
    pub(super) fn get(&self, name: &Name) -> String {
        let form = || (self.form)(name.as_str());
        self.of.get(name).cloned().unwrap_or_else(form)
    }

    /// The loss of the own name, if the engine does not allow that.
    pub(super) fn lost(&self, name: &Name) -> Option<String> {
        (self.get(name) != name.as_str()).then(|| format!("its name is {name}"))
    }
}

/// For Kubernetes and Nomad: at most 63 lower-case letters, digits and `-`. A number that makes it different may
/// follow.
pub(super) fn label(name: &str) -> String {
    let plain = only(name, |_| false).to_ascii_lowercase();
    let short: String = plain.chars().take(59).collect();
    or_service(short.trim_matches('-'))
}

/// For compose: letters, digits, `.`, `_` and `-`.
pub(super) fn key(name: &str) -> String {
    or_service(&only(name, |c| "._-".contains(c)))
}

/// For systemd: these, and the `@` of an instance.
pub(super) fn unit(name: &str) -> String {
    or_service(&only(name, |c| "._-@".contains(c)))
}

fn only(name: &str, also: impl Fn(char) -> bool) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || also(c) {
            c
        } else {
            '-'
        }
    };
    name.chars().map(plain).collect()
}

/// A name of which nothing is left.
fn or_service(name: &str) -> String {
    if name.chars().all(|c| c == '-') {
        "service".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_another_name() {
        let services = ["web@1", "web-1", "Web@1", "äö"];
        let services = services.map(|name| Service::new(name.parse().unwrap(), vec![]));
        let names = Names::of(&services, label);
        let all: Vec<_> = services.iter().map(|one| names.get(&one.name)).collect();
        assert_eq!(all, ["web-1", "web-1-2", "web-1-3", "service"]);
        assert_eq!(names.get(&"db_1".parse().unwrap()), "db-1");
        assert_eq!(unit("web@1"), "web@1");
        assert_eq!(key("web@1"), "web-1");
    }
}
