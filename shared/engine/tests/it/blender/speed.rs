//! The figures of a large packing; run by hand, for it takes a minute: `cargo test -p engine -- --ignored speed`.

use bed::Bed;
use engine::blender;

use super::workplace;

#[tokio::test]
#[ignore = "takes a minute"]
async fn eight_hundred_spheres_cost_little_beyond_their_physics() {
    let (_dir, context) = workplace();
    let bed = Bed::new("large", 0.05, 0.2, 0.005, 800);
    let packing = blender::pack(&bed, &context).await.unwrap();
    let seconds = packing.times_s;
    let total = seconds.setup + seconds.physics + seconds.export + seconds.analysis;
    assert!(total <= 1.3 * seconds.physics, "{seconds:?}");
    let measured = (
        packing.bulk_porosity,
        packing.max_overlap_ratio,
        packing.wall_penetration_ratio,
    );
    // Dixon (1988) says 0.4091
    assert!(
        (packing.bulk_porosity - packing.expected.dixon).abs() < 0.015,
        "{measured:?}"
    );
}
