//! The registry of services: one SQLite file.
