//! The surfaces that the mesher cuts out, as its dictionary takes them: tube and spheres are what they are by formula,
//! only the bridges between spheres come as triangles.

use std::fmt::Write as _;

use bed::{ContactTreatment, MeshSettings};

use super::domain::Setup;

const TUBE: &str = "tube { type searchableCylinder; point1 ( 0 0 $tubeLow ); point2 ( 0 0 $tubeHigh ); radius $tubeRadius; }\n";

/// `system/geometry`. A patch is named by the region it comes from, so that all particles make one.
pub fn geometry(setup: &Setup, bridged: bool) -> String {
    let mut text = String::from("// Where the fluid ends, m.\n");
    if setup.section.tube_diameter_m().is_some() {
        text += TUBE;
    }
    let scale = scale(&setup.settings);
    for (index, sphere) in setup.spheres.iter().enumerate() {
        let ([x, y, z], radius) = (sphere.centre_m, scale * sphere.radius_m);
        let _infallible = writeln!(
            text,
            "sphere{index} {{ type searchableSphere; centre ( {x} {y} {z} ); radius {radius}; regions {{ region0 {{ name particles; }} }} }}"
        );
    }
    if bridged {
        text += "bridges { type triSurfaceMesh; file \"bridges.obj\"; regions { bridges { name particles; } } }\n";
    }
    text
}

/// Meshed over packed diameter of the spheres.
fn scale(settings: &MeshSettings) -> f64 {
    match settings.contact_treatment {
        ContactTreatment::Shrink => 1.0 - settings.contact_size,
        ContactTreatment::None | ContactTreatment::Bridge => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openfoam::exact::{DIAMETER_M, simple_cubic};

    /// The array of touching spheres with a contact treatment of size 0.02.
    fn array(contact_treatment: ContactTreatment) -> Setup {
        simple_cubic(MeshSettings {
            contact_treatment,
            contact_size: 0.02,
            ..MeshSettings::resolve(&bed::Flow::default())
        })
    }

    #[test]
    fn every_sphere_is_cut_out_as_a_sphere_at_its_place_and_none_as_triangles() {
        let setup = array(ContactTreatment::None);
        let text = geometry(&setup, false);
        for sphere in &setup.spheres {
            let ([x, y, z], r) = (sphere.centre_m, sphere.radius_m);
            let analytic = format!("type searchableSphere; centre ( {x} {y} {z} ); radius {r};");
            assert_eq!(text.matches(&analytic).count(), 1, "{analytic} in {text}");
        }
        assert!(!text.contains("triSurfaceMesh"), "{text}");
    }

    #[test]
    fn shrinking_takes_its_share_of_the_diameter_and_nothing_else_does() {
        for (treatment, share) in [
            (ContactTreatment::None, 1.0),
            (ContactTreatment::Bridge, 1.0),
            (ContactTreatment::Shrink, 0.98),
        ] {
            let radius = format!("radius {};", share * 0.5 * DIAMETER_M);
            let text = geometry(&array(treatment), false);
            assert_eq!(text.matches(&radius).count(), 20, "{treatment:?}: {text}");
        }
    }
}
