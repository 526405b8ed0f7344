//! Properties and helpers at random: what they read.

use fastrand::Rng;

use crate::field::Field;

pub struct Property {
    pub name: String,
    /// Whether it lends a `&str`, or gives an `i64`.
    pub lends: bool,
    body: String,
    /// The fields that the body names itself.
    names: Vec<String>,
}

impl Property {
    /// The property of this number, which may read those before it. The first one reads `certain`.
    pub fn new(
        number: usize,
        fields: &[Field],
        certain: Option<&Field>,
        before: &[Self],
        helpers: usize,
        random: &mut Rng,
    ) -> Self {
        let lends = random.usize(..4) == 0;
        let mut names = Vec::new();
        let mut body = "let mut sum = 0i64;\n".to_owned();
        for _ in 0..random.usize(1..4) {
            body += &term(fields, before, helpers, &mut names, random);
        }
        // The first one reads a field for certain: a mistake can be planted there.
        if number == 0 || names.is_empty() {
            let other = &fields[random.usize(..fields.len())];
            let field = certain.unwrap_or(other);
            let read = field.kind.read(&format!("self.{}", field.name));
            body += &format!("sum = sum.wrapping_add({read});\n");
            names.insert(0, field.name.clone());
        }
        body += if lends { "sum.to_string()\n" } else { "sum\n" };
        Self {
            name: format!("p{number}"),
            lends,
            body,
            names,
        }
    }

    /// A field that the value differs with.
    pub fn read_for_certain(&self) -> &str {
        &self.names[0]
    }

    pub fn text(&self, lazy: bool, depends_on_less: bool) -> String {
        let Self {
            name,
            lends,
            body,
            names,
        } = self;
        let ty = match (lends, lazy) {
            (true, true) => "&str",
            (true, false) => "String",
            (false, _) => "i64",
        };
        let others: Vec<_> = names
            .iter()
            .filter(|name| **name != names[0])
            .map(String::as_str)
            .collect();
        let mark = match (lazy, depends_on_less) {
            (false, _) => String::new(),
            (true, false) => "#[lazy]\n".to_owned(),
            (true, true) => format!("#[lazy(depends({}))]\n", others.join(", ")),
        };
        let value = if *lends { ".len() as i64" } else { "" };
        format!(
            "{mark}pub fn {name}(&self) -> {ty} {{\n{body}}}\n\n\
             pub fn {name}_value(&self) -> i64 {{ self.{name}(){value} }}\n\n"
        )
    }
}

/// A method that reads for others.
pub fn helper(number: usize, fields: &[Field], before: &[Property], random: &mut Rng) -> String {
    let term = term(fields, before, number, &mut Vec::new(), random);
    let read = value(before, random);
    format!("fn help{number}(&self) -> i64 {{\nlet mut sum = {read};\n{term}sum\n}}\n\n")
}

fn value(properties: &[Property], random: &mut Rng) -> String {
    format!(
        "self.{}_value()",
        properties[random.usize(..properties.len())].name
    )
}

/// A statement that adds something read to `sum`.
fn term(
    fields: &[Field],
    before: &[Property],
    helpers: usize,
    names: &mut Vec<String>,
    random: &mut Rng,
) -> String {
    let field = &fields[random.usize(..fields.len())];
    let name = &field.name;
    let read = field.kind.read(&format!("self.{name}"));
    let choice = random.usize(..12);
    if choice < 9 {
        names.push(name.clone());
    }
    let value = match choice {
        3 if field.kind.prints() => {
            format!(
                "{{ let Self {{ {name}, .. }} = self; format!(\"{{{name}:?}}\").len() as i64 }}"
            )
        }
        4 if field.kind.prints() => format!("peek!(self, {name})"),
        5 if field.kind.prints() => format!("format!(\"{{:?}}\", self.{name}).len() as i64"),
        6 => format!("if {read} % 2 == 0 {{ {read} }} else {{ 3 }}"),
        7 => format!(
            "{{ let this = self; {} }}",
            field.kind.read(&format!("this.{name}"))
        ),
        8 => format!("(|| {read})()"),
        0..=8 => read,
        9 if !before.is_empty() => value(before, random),
        10 if helpers > 0 => format!("self.help{}()", random.usize(..helpers)),
        11 if random.usize(..3) == 0 => "whole(self)".to_owned(),
        _ => "5".to_owned(),
    };
    format!("sum = sum.wrapping_mul(3).wrapping_add({value});\n")
}
