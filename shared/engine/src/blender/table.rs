//! The table of particles: `particles.csv`, the one form in which a packing is handed on.

use std::path::Path;

use physics::Sphere;

use crate::EngineError;

const HEADER: &str = "id,x_m,y_m,z_m,radius_m,inside";

/// One row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Particle {
    /// Number of the particle, from 0 in the order of dropping.
    pub id: u32,
    /// Where it is and how large.
    pub sphere: Sphere,
    /// Whether it is wholly within the tube's height and its centre within the wall.
    pub inside: bool,
}

/// Reads every particle.
pub fn read_table(path: &Path) -> Result<Vec<Particle>, EngineError> {
    let text = std::fs::read_to_string(path)
        .map_err(EngineError::io(format!("cannot read {}", path.display())))?;
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        return Err(EngineError::malformed(
            path,
            format!("its first line is not {HEADER}"),
        ));
    }
    lines
        .enumerate()
        .map(|(index, line)| {
            row(line)
                .ok_or_else(|| EngineError::malformed(path, format!("line {}: {line}", index + 2)))
        })
        .collect()
}

/// Reads the particles inside the tube: those a flow meets.
pub fn read_particles(path: &Path) -> Result<Vec<Sphere>, EngineError> {
    let table = read_table(path)?;
    Ok(table
        .into_iter()
        .filter(|particle| particle.inside)
        .map(|particle| particle.sphere)
        .collect())
}

fn row(line: &str) -> Option<Particle> {
    let fields: Vec<&str> = line.split(',').collect();
    let [id, x, y, z, radius, inside] = fields[..] else {
        return None;
    };
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let sphere = Sphere {
        centre_m: [number(x)?, number(y)?, number(z)?],
        radius_m: number(radius)?,
    };
    Some(Particle {
        id: id.parse().ok()?,
        sphere,
        inside: inside.parse().ok()?,
    })
}
