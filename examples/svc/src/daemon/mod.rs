//! How a process becomes a daemon, after PEP 3143.
