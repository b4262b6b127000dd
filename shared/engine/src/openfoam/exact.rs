//! Flows that are known exactly, as domains for the same mesher and solver as every bed: what both are judged on.

use bed::{Bed, Flow as FlowBlock, MeshSettings};
use physics::Sphere;
use physics::flow::{TOUCHING_SIMPLE_CUBIC, hagen_poiseuille_pa_m, simple_cubic_pa_m};

use super::{Flow, FlowNumbers, Mesh, PackingNumbers, Section, Setup, mesh_setup, solve};
use crate::{Context, EngineError};

/// Particle diameter of the cases, m.
pub const DIAMETER_M: f64 = 0.01;
/// Superficial velocity of the cases, m/s: Re = 0.01 in water.
pub const VELOCITY_M_S: f64 = 1e-6;
const VISCOSITY_PA_S: f64 = 1e-3;

/// An exact case, solved.
#[derive(Debug, Clone, PartialEq)]
pub struct Exact {
    /// Its mesh.
    pub mesh: Mesh,
    /// Its flow.
    pub flow: Flow,
    /// Computed over exact pressure gradient.
    pub ratio: f64,
}

/// A bed of which only the flow block matters: water that creeps.
pub fn creeping_water() -> Bed {
    Bed {
        flow: FlowBlock {
            fluid_density_kg_m3: 1000.0,
            fluid_viscosity_pa_s: VISCOSITY_PA_S,
            velocities_m_s: vec![VELOCITY_M_S],
            write_fields: false,
            ..FlowBlock::default()
        },
        ..Bed::new("exact", 0.05, 0.1, DIAMETER_M, 100)
    }
}

/// A quarter of the unit cells of a simple-cubic array of touching spheres, five deep.
pub fn simple_cubic(settings: MeshSettings) -> Setup {
    let d = DIAMETER_M;
    let columns = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
    let layers = [0.5, 1.5, 2.5, 3.5, 4.5];
    let spheres = layers.iter().flat_map(|z| {
        columns.map(|(x, y)| Sphere {
            centre_m: [x * d, y * d, z * d],
            radius_m: d / 2.0,
        })
    });
    Setup {
        section: Section::Symmetric { width_m: d / 2.0 },
        spheres: spheres.collect(),
        particle_diameter_m: d,
        packing: PackingNumbers {
            bed_height_m: 5.0 * d,
            window_low_m: d,
            window_high_m: 4.0 * d,
            bulk_porosity: 1.0 - TOUCHING_SIMPLE_CUBIC,
        },
        settings,
    }
}

/// A tube without particles, 2 d wide.
pub fn empty_tube(settings: MeshSettings) -> Setup {
    let d = DIAMETER_M;
    Setup {
        section: Section::Tube {
            diameter_m: 2.0 * d,
        },
        spheres: Vec::new(),
        particle_diameter_m: d,
        packing: PackingNumbers {
            bed_height_m: 3.0 * d,
            window_low_m: 0.5 * d,
            window_high_m: 2.5 * d,
            bulk_porosity: 1.0,
        },
        settings,
    }
}

/// Solves [`simple_cubic`] and compares it with Zick and Homsy. Taken between planes a whole number of unit cells
/// apart, where the waves of the pressure along a regular array cancel.
pub async fn solve_simple_cubic(
    settings: MeshSettings,
    context: &Context,
) -> Result<Exact, EngineError> {
    let gradient = |numbers: &FlowNumbers| match numbers.planes.as_slice() {
        [_, low, .., high, _] => (low.pressure_pa - high.pressure_pa) / (high.z_m - low.z_m),
        _ => f64::NAN,
    };
    let exact = simple_cubic_pa_m(
        DIAMETER_M / 2.0,
        TOUCHING_SIMPLE_CUBIC,
        VELOCITY_M_S,
        VISCOSITY_PA_S,
    );
    let exact = exact.unwrap_or(f64::NAN);
    solved(&simple_cubic(settings), context, |n| gradient(n) / exact).await
}

/// Solves [`empty_tube`] and compares it with Hagen and Poiseuille.
pub async fn solve_empty_tube(
    settings: MeshSettings,
    context: &Context,
) -> Result<Exact, EngineError> {
    let exact = hagen_poiseuille_pa_m(VELOCITY_M_S, 2.0 * DIAMETER_M, VISCOSITY_PA_S);
    let ratio = |n: &FlowNumbers| n.pressure_gradient_pa_m / exact;
    solved(&empty_tube(settings), context, ratio).await
}

/// The ratio is not a number when the flow did not converge.
async fn solved(
    setup: &Setup,
    context: &Context,
    ratio: impl Fn(&FlowNumbers) -> f64,
) -> Result<Exact, EngineError> {
    let mesh = mesh_setup(setup, context).await?;
    let flow = solve(&creeping_water(), &mesh, VELOCITY_M_S, context).await?;
    let ratio = flow.numbers.as_ref().map_or(f64::NAN, ratio);
    Ok(Exact { mesh, flow, ratio })
}
