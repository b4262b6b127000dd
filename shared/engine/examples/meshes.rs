//! What a mesh's fineness does to the result and what it costs: the figures behind presets, error band and plan.
//!
//!     cargo run --profile server -p engine --example meshes -- exact 10+0 20+0 20+1
//!     cargo run --profile server -p engine --example meshes -- examples/demo.bed 8+1 12+1
//!
//! `exact` is the touching simple-cubic array, compared with Zick and Homsy; a bed is packed once and compared with
//! nothing. A mesh is cells per diameter + surface level; behind a slash a contact treatment other than the bed's (none
//! in the array). Everything but the packing runs on one core.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::error::Error;
use std::fs;

use bed::{Bed, ContactTreatment, MeshSettings};
use engine::openfoam::exact::solve_simple_cubic;
use engine::openfoam::{Flow, Mesh, PackingNumbers, mesh, solve};
use engine::{Context, blender};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Wide enough that no mesh is refused here: the difference is what is looked at.
const POROSITY_TOLERANCE: f64 = 0.2;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let what = args.next().ok_or("first exact, or the path of a bed")?;
    let meshes: Vec<String> = args.collect();
    println!(
        "mesh           cells  meshed por.   off       result  iter.  meshing s  solving s  MB mesh, flow"
    );
    if what == "exact" {
        exact(&meshes).await
    } else {
        let bed = bed::parse(&fs::read_to_string(&what)?, &what).map_err(|e| e.to_string())?;
        packed(&bed, &meshes).await
    }
}

async fn exact(meshes: &[String]) -> Result<()> {
    for wanted in meshes {
        let array = bed::Flow {
            contact_treatment: ContactTreatment::None,
            inlet_length: 1.5,
            outlet_length: 1.5,
            ..bed::Flow::default()
        };
        let folder = tempfile::tempdir()?;
        let context = Context::new(folder.path(), 1);
        let settings = MeshSettings::resolve(&with_mesh(array, wanted)?);
        let exact = solve_simple_cubic(settings, &context).await?;
        let result = format!("{:8.4} of exact", exact.ratio);
        print(wanted, &exact.mesh, &exact.flow, &result);
    }
    Ok(())
}

async fn packed(bed: &Bed, meshes: &[String]) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let packing = blender::pack(bed, &Context::new(folder.path(), 2)).await?;
    let numbers = PackingNumbers {
        bed_height_m: packing.bed_height_m,
        window_low_m: packing.window_low_m,
        window_high_m: packing.window_high_m,
        bulk_porosity: packing.bulk_porosity,
    };
    println!(
        "{} spheres in {:.1} s, porosity {:.4}, {:.2} mm high",
        packing.inside,
        packing.times_s.setup + packing.times_s.physics + packing.times_s.export,
        packing.bulk_porosity,
        packing.bed_height_m * 1e3
    );
    for wanted in meshes {
        let bed = Bed {
            flow: with_mesh(bed.flow.clone(), wanted)?,
            ..bed.clone()
        };
        let folder = tempfile::tempdir()?;
        let context = Context::new(folder.path(), 1);
        let mesh = mesh(&bed, &packing.particles, &numbers, &context).await?;
        for &velocity_m_s in &bed.flow.velocities_m_s {
            let flow = solve(&bed, &mesh, velocity_m_s, &context).await?;
            let result = flow.numbers.as_ref().map_or_else(
                || "not converged".to_owned(),
                |n| format!("{:8.4} Pa/m", n.pressure_gradient_pa_m),
            );
            print(wanted, &mesh, &flow, &result);
        }
    }
    Ok(())
}

/// The flow block with a mesh such as `12+1` or `12+1/none`.
fn with_mesh(mut flow: bed::Flow, wanted: &str) -> Result<bed::Flow> {
    let (fineness, treatment) = wanted.split_once('/').unwrap_or((wanted, ""));
    let (cells, level) = fineness.split_once('+').ok_or("a mesh is such as 12+1")?;
    flow.cells_per_diameter = Some(cells.parse()?);
    flow.surface_level = Some(level.parse()?);
    flow.porosity_tolerance = Some(POROSITY_TOLERANCE);
    if !treatment.is_empty() {
        flow.contact_treatment = serde_json::from_value(treatment.into())?;
    }
    Ok(flow)
}

fn print(wanted: &str, mesh: &Mesh, flow: &Flow, result: &str) {
    println!(
        "{wanted:12} {:7}       {:.4} {:+.4} {result:>20}  {:5}     {:6.1}     {:6.1}  {:.0}, {:.0}",
        mesh.cells,
        mesh.meshed_porosity,
        mesh.porosity_difference,
        flow.iterations,
        mesh.seconds,
        flow.seconds,
        mesh.peak_memory_mb,
        flow.peak_memory_mb,
    );
}
