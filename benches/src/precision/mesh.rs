//! A triangle mesh, with its bounds and normals.

use std::collections::HashMap;

use lazy_prop::lazy;

use super::{cases, ran, subject};

type Point = [f64; 3];

#[lazy]
#[derive(Clone, Default)]
pub(super) struct Mesh {
    points: Vec<Point>,
    faces: Vec<[usize; 3]>,
    name: String,
    colors: HashMap<usize, u32>,
    is_visible: bool,
}

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn cross(a: Point, b: Point) -> Point {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

#[lazy]
impl Mesh {
    fn tetrahedron() -> Self {
        Self {
            points: vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            faces: vec![[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]],
            name: "tetrahedron".into(),
            ..Self::default()
        }
    }

    #[lazy]
    fn bounds(&self) -> Option<(Point, Point)> {
        ran("bounds");
        let first = *self.points.first()?;
        let bounds = self
            .points
            .iter()
            .fold((first, first), |(low, high), point| {
                let pick = |of: fn(f64, f64) -> f64, a: Point| {
                    [of(a[0], point[0]), of(a[1], point[1]), of(a[2], point[2])]
                };
                (pick(f64::min, low), pick(f64::max, high))
            });
        Some(bounds)
    }

    #[lazy]
    fn center(&self) -> Point {
        ran("center");
        let Some((low, high)) = self.bounds() else {
            return [0.0; 3];
        };
        [0, 1, 2].map(|axis| f64::midpoint(low[axis], high[axis]))
    }

    #[lazy]
    fn normals(&self) -> &[Point] {
        ran("normals");
        let corner = |at: usize| self.points[at];
        let faces = self.faces.iter();
        let normal = |[a, b, c]: &[usize; 3]| {
            cross(minus(corner(*b), corner(*a)), minus(corner(*c), corner(*a)))
        };
        faces.map(normal).collect()
    }

    #[lazy]
    fn area(&self) -> f64 {
        ran("area");
        let length = |normal: &Point| normal.iter().map(|n| n * n).sum::<f64>().sqrt();
        self.normals().iter().map(length).sum::<f64>() / 2.0
    }

    #[lazy]
    fn used(&self) -> &[bool] {
        ran("used");
        let mut used = vec![false; self.faces.iter().flatten().max().map_or(0, |most| most + 1)];
        for corner in self.faces.iter().flatten() {
            used[*corner] = true;
        }
        used
    }

    #[lazy]
    fn palette(&self) -> &[u32] {
        ran("palette");
        let mut colors: Vec<u32> = self.colors.values().copied().collect();
        colors.sort_unstable();
        colors.dedup();
        colors
    }

    #[lazy]
    fn label(&self) -> &str {
        ran("label");
        format!("{} ({:.2})", self.name, self.area())
    }

    fn add_point(&mut self, point: Point) -> usize {
        self.points.push(point);
        self.points.len() - 1
    }

    fn add_face(&mut self, face: [usize; 3]) -> Result<(), usize> {
        if let Some(corner) = face.iter().find(|corner| **corner >= self.points.len()) {
            return Err(*corner);
        }
        self.faces.push(face);
        Ok(())
    }

    fn shift(&mut self, by: Point) {
        for point in &mut self.points {
            for (n, by) in point.iter_mut().zip(by) {
                *n += by;
            }
        }
    }

    fn recenter(&mut self) {
        let center = self.center();
        self.points
            .iter_mut()
            .for_each(|point| *point = minus(*point, center));
    }

    fn scale_to(&mut self, area: f64) {
        while self.area() < area {
            for n in self.points.iter_mut().flatten() {
                *n *= 2.0;
            }
        }
    }

    fn flip(&mut self) {
        for face in &mut self.faces {
            face.swap(0, 1);
        }
    }

    fn drop_unused(&mut self) -> usize {
        let before = self.points.len();
        let most = self.used().iter().rposition(|used| *used);
        self.points.truncate(most.map_or(0, |most| most + 1));
        before - self.points.len()
    }

    fn paint(&mut self, face: usize, color: u32) {
        if face < self.faces.len() {
            *self.colors.entry(face).or_default() = color;
        }
    }

    fn fade(&mut self) {
        for color in self.colors.values_mut() {
            *color /= 2;
        }
        self.colors.retain(|_, color| *color > 0);
    }

    fn rename(&mut self, name: &str) -> String {
        std::mem::replace(&mut self.name, name.to_owned())
    }

    fn show(&mut self, is_visible: bool) {
        self.is_visible = is_visible && !self.points.is_empty();
    }

    fn append(&mut self, other: &Self) {
        let offset = self.points.len();
        self.points.extend(&other.points);
        let faces = other.faces.iter();
        self.faces
            .extend(faces.map(|face| face.map(|corner| corner + offset)));
    }

    fn point_mut(&mut self, at: usize) -> Option<&mut Point> {
        self.points.get_mut(at)
    }
}

subject! { Mesh = {
        let mut mesh = Mesh::tetrahedron();
        mesh.paint(0, 1);
        mesh.paint(1, 0x80);
        mesh
    };
    bounds of [points],
    center of [points],
    normals of [points, faces],
    area of [points, faces],
    used of [faces],
    palette of [colors],
    label of [name, points, faces],
}

cases! { Mesh:
    add_point writes [points] in |mesh| { mesh.add_point([9.0; 3]); };
    add_face writes [faces] in |mesh| mesh.add_face([3, 2, 1]).expect("is right");
    add_wrong_face writes [] in |mesh| { mesh.add_face([3, 2, 99]).unwrap_err(); };
    shift writes [points] in |mesh| mesh.shift([1.0, 2.0, 0.5]);
    recenter writes [points] in Mesh::recenter;
    scale_to writes [points] in |mesh| mesh.scale_to(9.0);
    flip writes [faces] in Mesh::flip;
    drop_unused writes [points] in |mesh| { mesh.drop_unused(); };
    paint writes [colors] in |mesh| mesh.paint(3, 7);
    fade writes [colors] in Mesh::fade;
    rename writes [name] in |mesh| { mesh.rename("pyramid"); };
    show writes [is_visible] in |mesh| mesh.show(true);
    append writes [points, faces] in |mesh| mesh.append(&Mesh::tetrahedron());
    point_mut writes [points]
        in |mesh| *mesh.point_mut(3).expect("there are four") = [5.0; 3];
}
