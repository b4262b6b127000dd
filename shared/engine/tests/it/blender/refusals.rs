use engine::EngineError;
use engine::blender;
use testkit::SmallDisk;

use super::{bed_with_files, small_bed, workplace};

fn rejection(error: EngineError) -> (String, std::collections::BTreeMap<String, f64>) {
    match error {
        EngineError::Rejected { what, numbers } => (what, numbers),
        other => panic!("{other:?}"),
    }
}

/// Forty spheres reach 35 mm in this tube, which is cut off at 25 mm.
#[tokio::test]
async fn particles_that_end_outside_the_tube_are_counted_and_named() {
    let (_dir, context) = workplace();
    let mut bed = small_bed();
    bed.geometry.height_m = 0.025;
    let (what, numbers) = rejection(blender::pack(&bed, &context).await.unwrap_err());
    assert!(
        what.contains("of 40 particles are inside the tube (particles "),
        "{what}"
    );
    assert!(numbers["inside"] < 40.0, "{numbers:?}");
}

#[tokio::test]
async fn a_tube_that_holds_none_of_its_particles_is_no_success() {
    let (_dir, context) = workplace();
    let mut bed = small_bed();
    bed.geometry.height_m = 0.005;
    let (what, numbers) = rejection(blender::pack(&bed, &context).await.unwrap_err());
    assert!(what.contains("0 of 40 particles are inside"), "{what}");
    assert!(numbers["inside"] < 0.5, "{numbers:?}");
}

/// Half-metre spheres have fallen for a tenth of a second when their time is up.
#[tokio::test]
async fn particles_that_still_move_are_no_packing() {
    let (_dir, context) = workplace();
    let mut bed = bed::Bed::new("hasty", 2.0, 20.0, 0.5, 40);
    bed.export.formats = Vec::new();
    bed.packing.max_time_s = 0.1;
    let (what, numbers) = rejection(blender::pack(&bed, &context).await.unwrap_err());
    assert!(
        what.contains("40 particles still move after 0.1 s"),
        "{what}"
    );
    assert!(numbers["moving"] > 39.5, "{numbers:?}");
}

#[tokio::test]
async fn a_packing_under_way_can_be_cancelled() {
    let (_dir, mut context) = workplace();
    let cancel = context.cancel.clone();
    context.progress = std::sync::Arc::new(move |progress| {
        if progress.fraction > 0.1 {
            cancel.cancel();
        }
    });
    let error = blender::pack(&small_bed(), &context).await.unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error:?}");
}

/// The files of this bed take 6 MB.
#[tokio::test]
async fn a_disk_that_fills_up_during_the_export_is_told_as_such() {
    let (dir, context) = workplace();
    for format in [bed::Format::Stl, bed::Format::Obj] {
        let Some(disk) = SmallDisk::mount(dir.path(), "500k") else {
            return;
        };
        let error = blender::pack(&bed_with_files(&[format]), &context)
            .await
            .unwrap_err();
        assert!(
            matches!(error, EngineError::DiskFull { .. }),
            "{error:?} {:?}",
            error.last_words()
        );
        drop(disk);
    }
}
