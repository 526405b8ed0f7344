//! Diamond's names, and the names here.

/// A setting here, and the form of its value in Diamond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Word {
    pub(super) key: &'static str,
    pub(super) form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form {
    Text,
    Number,
    Bool,
    /// The opposite.
    Not,
    List,
    /// Prefixes of names, which become one regular expression.
    Prefixes,
    /// Regular expressions, which become one.
    Patterns,
    /// Addresses, which have names here.
    Urls,
}

const COLLECTORS: [(&str, &str); 15] = [
    ("default", "default"),
    ("collectorsDefault", "default"),
    ("CPUCollector", "cpu"),
    ("MemoryCollector", "memory"),
    ("LoadAverageCollector", "loadavg"),
    ("DiskSpaceCollector", "diskspace"),
    ("DiskUsageCollector", "iostat"),
    ("NetworkCollector", "network"),
    ("SockstatCollector", "sockets"),
    ("FilestatCollector", "files"),
    ("ProcessResourcesCollector", "processes"),
    ("UptimeCollector", "uptime"),
    ("PingCollector", "ping"),
    ("HttpCollector", "http"),
    ("UserScriptsCollector", "scripts"),
];

const HANDLERS: [(&str, &str); 8] = [
    ("default", "default"),
    ("handlersDefault", "default"),
    ("GraphiteHandler", "graphite"),
    ("GraphitePickleHandler", "pickle"),
    ("StatsdHandler", "statsd"),
    ("StatsiteHandler", "statsd"),
    ("ArchiveHandler", "archive"),
    ("NullHandler", "null"),
];

/// The settings of all collectors.
const OF_ALL: [(&str, &str, Form); 11] = [
    ("enabled", "enabled", Form::Bool),
    ("interval", "interval", Form::Number),
    ("splay", "splay", Form::Number),
    ("hostname", "hostname", Form::Text),
    ("hostname_method", "hostname_method", Form::Text),
    ("path_prefix", "path_prefix", Form::Text),
    ("path_suffix", "path_suffix", Form::Text),
    ("path", "path", Form::Text),
    ("metrics_whitelist", "allow", Form::Text),
    ("metrics_blacklist", "deny", Form::Text),
    ("ttl_multiplier", "ttl_multiplier", Form::Number),
];

/// The settings of one kind of collectors.
const OF_ONE: [(&str, &str, &str, Form); 9] = [
    ("cpu", "simple", "each", Form::Not),
    ("cpu", "percore", "each", Form::Bool),
    ("diskspace", "filesystems", "filesystems", Form::List),
    ("diskspace", "exclude_filters", "exclude", Form::Patterns),
    ("iostat", "devices", "devices", Form::Text),
    ("network", "interfaces", "interfaces", Form::Prefixes),
    ("http", "req_url", "urls", Form::Urls),
    ("http", "req_urls", "urls", Form::Urls),
    ("scripts", "scripts_path", "scripts", Form::Text),
];

const OF_HANDLERS: [(&[&str], &str, &str, Form); 4] = [
    (
        &["graphite", "pickle", "statsd"],
        "host",
        "host",
        Form::Text,
    ),
    (
        &["graphite", "pickle", "statsd"],
        "port",
        "port",
        Form::Number,
    ),
    (&["graphite", "pickle"], "timeout", "timeout", Form::Number),
    (&["archive"], "log_file", "path", Form::Text),
];

/// The kind for a class of Diamond.
pub(super) fn collector(class: &str) -> Option<&'static str> {
    COLLECTORS
        .iter()
        .find(|(name, _)| *name == class)
        .map(|(_, kind)| *kind)
}

/// The kind for a class of Diamond.
pub(super) fn handler(class: &str) -> Option<&'static str> {
    HANDLERS
        .iter()
        .find(|(name, _)| *name == class)
        .map(|(_, kind)| *kind)
}

pub(super) fn of_collector(kind: &str, word: &str) -> Option<Word> {
    let of_one = OF_ONE
        .iter()
        .find(|(of, name, ..)| *of == kind && *name == word);
    let of_all = OF_ALL.iter().find(|(name, ..)| *name == word);
    of_one
        .map(|(_, _, key, form)| (key, form))
        .or(of_all.map(|(_, key, form)| (key, form)))
        .map(|(key, form)| Word { key, form: *form })
}

pub(super) fn of_handler(kind: &str, word: &str) -> Option<Word> {
    let found = OF_HANDLERS
        .iter()
        .find(|(kinds, name, ..)| kinds.contains(&kind) && *name == word);
    found.map(|(_, _, key, form)| Word { key, form: *form })
}
