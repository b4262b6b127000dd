//! Circles in one horizontal plane: the slice of a sphere against the slice of the tube.

use std::f64::consts::PI;

/// Area that two circles share, given their radii and the distance of their centres.
pub(super) fn shared_area(radius_a: f64, radius_b: f64, distance: f64) -> f64 {
    let (small, large) = (radius_a.min(radius_b), radius_a.max(radius_b));
    if distance <= large - small {
        return PI * small * small;
    }
    if distance >= small + large {
        return 0.0;
    }
    let chord_from_small = 0.5 * (distance + (small - large) * (small + large) / distance);
    segment_area(small, chord_from_small) + segment_area(large, distance - chord_from_small)
}

/// Area of the part of a circle beyond a chord at a signed distance from its centre.
fn segment_area(radius: f64, chord_distance: f64) -> f64 {
    let chord = chord_distance.clamp(-radius, radius);
    let half_length = ((radius - chord) * (radius + chord)).sqrt();
    radius * radius * half_length.atan2(chord) - chord * half_length
}

/// Share of the circumference of a circle of radius `circle` round the origin that lies within a disc of radius `disc`
/// whose centre is `distance` away.
pub(super) fn arc_share(circle: f64, disc: f64, distance: f64) -> f64 {
    if disc <= (circle - distance).abs() {
        return 0.0;
    }
    if disc >= circle + distance {
        return 1.0;
    }
    let cosine = (circle * circle + distance * distance - disc * disc) / (2.0 * circle * distance);
    cosine.clamp(-1.0, 1.0).acos() / PI
}

#[cfg(test)]
mod tests {
    use super::{arc_share, shared_area};
    use std::f64::consts::PI;

    fn assert_close(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-14, "{got} is not {want}");
    }

    #[test]
    fn circles_that_contain_each_other_share_the_smaller_and_far_ones_share_nothing() {
        assert_close(shared_area(1.0, 3.0, 1.9), PI);
        assert_close(shared_area(3.0, 1.0, 0.0), PI);
        assert_close(shared_area(1.0, 3.0, 4.0), 0.0);
    }

    #[test]
    fn unit_circles_a_radius_apart_share_the_known_lens() {
        assert_close(
            shared_area(1.0, 1.0, 1.0),
            2.0 * PI / 3.0 - 3.0_f64.sqrt() / 2.0,
        );
    }

    #[test]
    fn an_arc_is_whole_inside_the_disc_none_outside_and_a_third_in_the_symmetric_case() {
        assert_close(arc_share(0.5, 1.0, 0.4), 1.0);
        assert_close(arc_share(1.0, 0.5, 0.4), 0.0);
        assert_close(arc_share(1.0, 0.5, 2.0), 0.0);
        assert_close(arc_share(1.0, 1.0, 1.0), 1.0 / 3.0);
        assert_close(arc_share(0.0, 1.0, 0.5), 1.0);
        assert_close(arc_share(0.0, 1.0, 1.5), 0.0);
    }
}
