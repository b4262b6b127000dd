#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

fn settings(contact_treatment: ContactTreatment, contact_size: f64) -> MeshSettings {
    MeshSettings {
        contact_treatment,
        contact_size,
        ..MeshSettings::resolve(&bed::Flow::default())
    }
}

fn pair() -> Vec<Sphere> {
    let sphere = |x| Sphere {
        centre_m: [x, 0.0, 0.0],
        radius_m: 0.5,
    };
    vec![sphere(0.0), sphere(1.0)]
}

#[test]
fn triangles_enclose_exactly_the_volume_of_the_spheres() {
    let surface = Surface::of_particles(&pair(), None, &settings(ContactTreatment::None, 0.0));
    assert!((surface.volume_m3() - PI / 3.0).abs() < 1e-9);
}

/// The farthest that a corner or a facet is from the unit sphere's surface, as a share of its diameter.
fn strays(ball: &Surface) -> f64 {
    let corners = ball.points.iter().map(|p| (dot(*p, *p).sqrt() - 1.0).abs());
    // the foot of the perpendicular on a nearly equilateral triangle lies within it
    let facets = ball.triangles.iter().map(|t| {
        let [a, b, c] = t.map(|corner| ball.points[corner]);
        let normal = normalised(cross(sub(b, a), sub(c, a)));
        (dot(normal, a) - 1.0).abs()
    });
    corners.chain(facets).fold(0.0, f64::max) / 2.0
}

#[test]
fn triangles_stray_from_their_sphere_by_a_seventh_of_a_percent_of_the_diameter_at_most() {
    for (cells_per_diameter, most) in [(8.0, 0.001_45), (20.0, 0.000_37)] {
        let mut settings = settings(ContactTreatment::None, 0.0);
        settings.cells_per_diameter = cells_per_diameter;
        let strays = strays(&Surface::ball(subdivisions(&settings)));
        assert!(strays < most && strays > 0.9 * most, "{strays}");
    }
}

#[test]
fn shrinking_takes_its_share_of_the_diameter() {
    let surface = Surface::of_particles(&pair(), None, &settings(ContactTreatment::Shrink, 0.02));
    assert!((surface.volume_m3() - PI / 3.0 * 0.98_f64.powi(3)).abs() < 1e-9);
}

#[test]
fn caps_open_a_gap_between_touching_spheres() {
    let surface = Surface::of_particles(&pair(), None, &settings(ContactTreatment::Cap, 0.2));
    let reach = surface.points[..surface.points.len() / 2]
        .iter()
        .map(|p| p[0])
        .fold(0.0, f64::max);
    assert!(
        (reach - 0.5 * (1.0 - 0.16_f64).sqrt()).abs() < 1e-3,
        "{reach}"
    );
}

#[test]
fn bridges_close_the_gap_and_lie_inside_the_spheres_at_both_ends() {
    let surface = Surface::of_particles(&pair(), None, &settings(ContactTreatment::Bridge, 0.1));
    let bare = Surface::of_particles(&pair(), None, &settings(ContactTreatment::None, 0.0));
    let bridges = &surface.points[bare.points.len()..];
    let lowest = bridges.iter().map(|p| p[0]).reduce(f64::min).unwrap();
    let highest = bridges.iter().map(|p| p[0]).reduce(f64::max).unwrap();
    assert!(lowest < 0.4 && highest > 0.6, "{lowest} {highest}");
    assert!(
        bridges
            .iter()
            .all(|p| (p[1].hypot(p[2]) - 0.1).abs() < 1e-9 || p[1].hypot(p[2]) < 1e-9)
    );
}

#[test]
fn a_sphere_at_the_wall_gets_a_bridge_to_it() {
    let sphere = [Sphere {
        centre_m: [0.5, 0.0, 0.0],
        radius_m: 0.5,
    }];
    let with =
        |tube| Surface::of_particles(&sphere, tube, &settings(ContactTreatment::Bridge, 0.1));
    assert!(with(Some(2.0)).points.len() > with(Some(2.2)).points.len());
}
