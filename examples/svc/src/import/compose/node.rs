//! A value in a YAML file, with its line. Variables are replaced in all texts.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

use super::variables::Variables;

/// A value.
pub(super) struct Node {
    line: usize,
    content: Content,
}

enum Content {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The content of a file.
    pub(super) fn read(text: &str, variables: &Variables) -> Result<Self, String> {
        let failed =
            |error: saphyr::ScanError| format!("line {}: {}", error.marker().line(), error.info());
        let documents = MarkedYaml::load_from_str(text).map_err(failed)?;
        let first = documents.first().ok_or("it is empty")?;
        Self::of(first, variables)
    }

    fn of(yaml: &MarkedYaml, variables: &Variables) -> Result<Self, String> {
        let line = yaml.span.start.line();
        let content = match &yaml.data {
            YamlData::Sequence(list) => {
                let list = list.iter().map(|one| Self::of(one, variables));
                Content::List(list.collect::<Result<_, _>>()?)
            }
            YamlData::Mapping(map) => {
                let pair = |(key, value): (&MarkedYaml, &MarkedYaml)| {
                    let mut node = Self::of(value, variables)?;
                    // A block begins after its key.
                    node.line = key.span.start.line();
                    Ok((scalar(key).unwrap_or_default(), node))
                };
                Content::Map(map.iter().map(pair).collect::<Result<_, String>>()?)
            }
            _ => {
                let text = scalar(yaml).unwrap_or_default();
                let text = variables.replace(&text);
                Content::Text(text.map_err(|why| format!("line {line}: {why}"))?)
            }
        };
        Ok(Self { line, content })
    }

    /// Its line, for a message.
    pub(super) fn place(&self) -> String {
        format!("line {}", self.line)
    }

    /// The keys of a map with their values. Its own go before those that it merges from another.
    pub(super) fn entries(&self) -> Vec<(String, &Self)> {
        let Content::Map(map) = &self.content else {
            return vec![];
        };
        let mut entries: Vec<(String, &Self)> = vec![];
        let own = map.iter().filter(|(key, _)| key != "<<");
        entries.extend(own.map(|(key, value)| (key.clone(), value)));
        for (_, merged) in map.iter().filter(|(key, _)| key == "<<") {
            let all = if merged.is_list() {
                merged.list()
            } else {
                vec![merged]
            };
            for (key, value) in all.into_iter().flat_map(Self::entries) {
                if entries.iter().all(|(known, _)| *known != key) {
                    entries.push((key, value));
                }
            }
        }
        entries
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self.content, Content::List(_))
    }

    /// The values of a list, or the only one.
    pub(super) fn list(&self) -> Vec<&Self> {
        match &self.content {
            Content::List(list) => list.iter().collect(),
            _ => vec![self],
        }
    }

    pub(super) fn text(&self) -> String {
        match &self.content {
            Content::Text(text) => text.clone(),
            _ => String::new(),
        }
    }

    pub(super) fn number(&self) -> Result<u32, String> {
        self.text()
            .parse()
            .map_err(|_| "it is no number".to_owned())
    }

    /// The words of a command line.
    pub(super) fn words(&self) -> Result<Vec<String>, String> {
        if self.is_list() {
            return Ok(self.list().into_iter().map(Self::text).collect());
        }
        shell_words::split(&self.text()).map_err(|error| error.to_string())
    }

    /// The texts of a list, or the keys of a map.
    pub(super) fn names(&self) -> Vec<String> {
        match &self.content {
            Content::Map(_) => self.entries().into_iter().map(|(key, _)| key).collect(),
            _ => self.list().into_iter().map(Self::text).collect(),
        }
    }

    /// The variables of a map, or of a list of `KEY=VALUE`. One without a value is that of our
    /// environment.
    pub(super) fn pairs(&self) -> BTreeMap<String, String> {
        let ours = |key: &str| std::env::var(key).unwrap_or_default();
        if !self.is_list() {
            let pair = |(key, value): (String, &Self)| (key, value.text());
            return self.entries().into_iter().map(pair).collect();
        }
        let pair = |node: &Self| {
            let text = node.text();
            match text.split_once('=') {
                Some((key, value)) => (key.to_owned(), value.to_owned()),
                None => (text.clone(), ours(&text)),
            }
        };
        self.list().into_iter().map(pair).collect()
    }
}

fn scalar(yaml: &MarkedYaml) -> Option<String> {
    match &yaml.data {
        YamlData::Value(Scalar::String(text)) => Some(text.to_string()),
        YamlData::Value(Scalar::Boolean(is)) => Some(is.to_string()),
        YamlData::Value(Scalar::Integer(number)) => Some(number.to_string()),
        YamlData::Value(Scalar::FloatingPoint(number)) => Some(number.to_string()),
        YamlData::Tagged(_, inner) => scalar(inner),
        _ => None,
    }
}
