use std::sync::{Arc, Mutex};

use engine::Progress;
use engine::blender::{self, Packing};

use super::{small_bed, workplace};

#[tokio::test]
async fn a_bed_is_packed_measured_and_told_of() {
    let (dir, mut context) = workplace();
    let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let listener = Arc::clone(&told);
    context.progress = Arc::new(move |progress| listener.lock().unwrap().push(progress));
    let bed = small_bed();
    let packing = blender::pack(&bed, &context).await.unwrap();

    assert_eq!(
        (packing.count, packing.inside, packing.escaped.len()),
        (40, 40, 0)
    );
    assert_eq!(packing.particles.len(), 40);
    assert!(packing.settled && packing.moving.is_empty());
    assert!(
        packing.max_overlap_ratio <= 1e-3 && packing.wall_penetration_ratio <= 1e-3,
        "{packing:?}"
    );
    assert!(packing.mean_coordination > 2.0, "{packing:?}");
    assert_eq!(packing.coordination.iter().sum::<usize>(), 40);
    assert!(
        packing.times_s.physics > 0.0 && packing.times_s.setup > 0.0,
        "{:?}",
        packing.times_s
    );
    assert!(packing.peak_memory_mb > 50.0, "{}", packing.peak_memory_mb);
    assert!(
        packing
            .versions
            .blender
            .starts_with(|first: char| first.is_ascii_digit())
    );
    assert_progress(&told.lock().unwrap());

    let report = std::fs::read_to_string(dir.path().join(blender::REPORT)).unwrap();
    let read_back: Packing = serde_json::from_str(&report).unwrap();
    assert_eq!(
        read_back.bulk_porosity.to_bits(),
        packing.bulk_porosity.to_bits()
    );
    assert!(
        !report.contains("\"particles\""),
        "positions belong into the table"
    );
    assert_eq!(
        blender::read_particles(&dir.path().join(blender::TABLE)).unwrap(),
        packing.particles
    );
}

/// Forty spheres fill a fifth of this tube. Over the whole tube its void fraction is 0.92; the bed's is about 0.47.
#[tokio::test]
async fn porosity_is_that_of_the_bed_not_of_the_tube() {
    let (_dir, context) = workplace();
    let bed = small_bed();
    let packing = blender::pack(&bed, &context).await.unwrap();
    assert!(
        (0.025..0.05).contains(&packing.bed_height_m),
        "{}",
        packing.bed_height_m
    );
    assert!((packing.window_low_m - 0.01).abs() < 1e-12);
    assert!((packing.window_high_m - (packing.bed_height_m - 0.01)).abs() < 1e-12);
    let band = packing.expected.zou_yu_dense - 0.05..packing.expected.zou_yu_loose + 0.05;
    assert!(
        band.contains(&packing.bulk_porosity),
        "{} in {band:?}",
        packing.bulk_porosity
    );
}

#[tokio::test]
async fn the_same_bed_gives_the_same_bytes_and_its_recipe_makes_a_difference() {
    let table = async |change: fn(&mut bed::Bed)| {
        let (dir, context) = workplace();
        let mut bed = small_bed();
        bed.particles.count = Some(30);
        change(&mut bed);
        blender::pack(&bed, &context).await.unwrap();
        std::fs::read(dir.path().join(blender::TABLE)).unwrap()
    };
    let first = table(|_| ()).await;
    assert_eq!(first, table(|_| ()).await, "the same bed twice");
    assert_ne!(
        first,
        table(|bed| bed.packing.seed += 1).await,
        "another seed"
    );
    assert_ne!(
        first,
        table(|bed| bed.particles.friction = 0.6).await,
        "another friction"
    );
    assert_ne!(
        first,
        table(|bed| bed.particles.restitution = 0.6).await,
        "another restitution"
    );
}

#[tokio::test]
async fn blender_tells_its_version() {
    let (_dir, context) = workplace();
    let version = blender::version(&context).await.unwrap();
    assert!(
        version.split('.').count() == 3
            && version.split('.').all(|part| part.parse::<u32>().is_ok()),
        "{version}"
    );
}

fn assert_progress(told: &[Progress]) {
    let of = |stage| {
        told.iter()
            .filter(move |progress| progress.stage == stage)
            .map(|progress| progress.fraction)
    };
    let packing: Vec<f64> = of("packing").collect();
    assert!(packing.is_sorted() && packing.len() > 20, "{packing:?}");
    assert_eq!((packing.first(), packing.last()), (Some(&0.0), Some(&1.0)));
    assert_eq!(of("analysing").next_back(), Some(1.0));
    assert!(
        told.iter()
            .any(|progress| progress.eta_s.is_some_and(|eta| eta > 0.0))
    );
}
