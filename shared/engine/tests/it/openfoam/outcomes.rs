//! What meshing and solving say when all is not well.

use bed::{Bed, Flow as FlowBlock, Regime};
use engine::Context;
use engine::openfoam::exact::{VELOCITY_M_S, creeping_water, simple_cubic};
use engine::openfoam::{MESH_ARCHIVE, PolyMesh, mesh_setup, restore_mesh, solve};

use super::settings;

/// The water of the exact cases, with a flow block of its own.
fn bed(flow: FlowBlock) -> Bed {
    Bed {
        flow,
        ..creeping_water()
    }
}

#[tokio::test]
async fn a_mesh_whose_porosity_is_off_is_refused_with_the_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let setup = simple_cubic(settings(8.0, 0, 1e-6));
    let error = mesh_setup(&setup, &Context::new(dir.path(), 1))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "rejected");
    assert!(error.to_string().contains("0.476"), "{error}");
}

#[tokio::test]
async fn a_later_run_solves_on_a_restored_mesh_and_is_told_when_it_did_not_converge() {
    let dir = tempfile::tempdir().unwrap();
    let first = Context::new(dir.path(), 1);
    let mesh = mesh_setup(&simple_cubic(settings(8.0, 0, 0.2)), &first)
        .await
        .unwrap();
    let patches = PolyMesh::read(&dir.path().join("case")).unwrap().patches;
    for name in ["inlet", "outlet", "particles"] {
        assert!(
            patches
                .iter()
                .any(|patch| patch.name == name && patch.faces > 0),
            "{patches:?}"
        );
    }
    // the spheres were cut out as spheres: without bridges there are no triangles at all
    assert!(!dir.path().join("case/constant/triSurface").exists());
    let elsewhere = tempfile::tempdir().unwrap();
    let second = Context::new(elsewhere.path(), 1);
    restore_mesh(&dir.path().join(MESH_ARCHIVE), &second)
        .await
        .unwrap();

    let too_short = FlowBlock {
        max_iterations: 12,
        ..creeping_water().flow
    };
    let flow = solve(&bed(too_short), &mesh, VELOCITY_M_S, &second)
        .await
        .unwrap();
    assert!(!flow.converged && flow.numbers.is_none());
    assert_eq!(flow.iterations, 12);
    assert!(flow.why_not_converged.unwrap().contains("12 iterations"));

    // the same mesh, the whole way, and with everything a user gets
    let all = FlowBlock {
        write_fields: true,
        ..creeping_water().flow
    };
    let flow = solve(&bed(all), &mesh, VELOCITY_M_S, &second)
        .await
        .unwrap();
    let names: Vec<&str> = flow.files.iter().map(|file| file.name.as_str()).collect();
    for name in [
        "case.tar.gz",
        "fields.vtu",
        "log.simpleFoam",
        "pressure.png",
        "speed.png",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }

    // and with the other regime, which has to say that it does not belong here
    let turbulent = FlowBlock {
        regime: Regime::TurbulentRans,
        ..creeping_water().flow
    };
    let flow = solve(&bed(turbulent), &mesh, VELOCITY_M_S, &second)
        .await
        .unwrap();
    assert!(flow.warnings[0].contains("laminar"), "{:?}", flow.warnings);
    let last = flow.residual_history.last().unwrap();
    assert!(last.residuals.contains_key("omega"));
}
