//! What each stage depends on, as canonical JSON, and the content hash by which its outputs are kept and found again.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::bed::Bed;
use crate::parameter::object_of;
use crate::quality::MeshSettings;

impl Bed {
    /// What the packing and its files depend on: everything but the name and the flow. Beds that differ only in how
    /// they state the number of particles have the same.
    pub fn packing_inputs(&self) -> Value {
        json!({
            "geometry": self.geometry,
            "particles": self.particle_inputs(),
            "packing": self.packing,
            "export": self.export,
        })
    }

    /// Hash of what is asked of a packing, whichever program versions answer: a flow goes through the newest packing of
    /// its bed that has it, and so needs no Blender to know which.
    pub fn packing_inputs_hash(&self) -> String {
        content_hash("packing", &self.packing_inputs(), &[])
    }

    /// What the mesh depends on: where the particles are, not which files were exported, and the mesh settings with
    /// presets resolved.
    pub fn mesh_inputs(&self) -> Value {
        let mut geometry = object_of(&self.geometry);
        geometry.remove("wall_thickness_m");
        json!({
            "geometry": geometry,
            "particles": self.particle_inputs(),
            "packing": self.packing,
            "mesh": MeshSettings::resolve(&self.flow),
        })
    }

    /// What the flow at one superficial velocity (m/s) depends on: the mesh and the conditions.
    pub fn flow_inputs(&self, velocity_m_s: f64) -> Value {
        let flow = &self.flow;
        json!({
            "mesh": self.mesh_inputs(),
            "regime": flow.regime,
            "fluid_density_kg_m3": flow.fluid_density_kg_m3,
            "fluid_viscosity_pa_s": flow.fluid_viscosity_pa_s,
            "velocity_m_s": velocity_m_s,
            "max_iterations": flow.max_iterations,
            "convergence": flow.convergence,
            "write_fields": flow.write_fields,
        })
    }

    fn particle_inputs(&self) -> Map<String, Value> {
        let mut particles = object_of(&self.particles);
        particles.remove("target_height_m");
        particles.insert("count".to_owned(), json!(self.particle_count()));
        particles
    }
}

/// SHA-256 (hex) of a stage's name, its inputs and the versions of the programs that run it. The order of keys and of
/// versions does not matter.
pub fn content_hash(stage: &str, value: &Value, versions: &[(&str, &str)]) -> String {
    let versions: Map<String, Value> = versions
        .iter()
        .map(|(program, version)| ((*program).to_owned(), json!(version)))
        .collect();
    let subject = json!({ "stage": stage, "inputs": value, "versions": versions });
    let mut text = String::new();
    write_canonical(&subject, &mut text);
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Writes JSON without spaces and with sorted keys, whatever order the map keeps them in.
fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                separate(index, text);
                text.push_str(&json!(key).to_string());
                text.push(':');
                write_canonical(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, text);
                write_canonical(item, text);
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

fn separate(index: usize, text: &mut String) {
    if index > 0 {
        text.push(',');
    }
}
