import math
import unittest

import bed_geometry as geometry


class ScaleTest(unittest.TestCase):
    def test_free_fall_takes_the_same_time_in_both_units(self):
        scale = geometry.Scale(diameter_m=0.005, gravity_m_s2=3.7)
        real_s = math.sqrt(2 * 0.1 / 3.7)
        simulated_s = math.sqrt(2 * scale.length(0.1) / geometry.GRAVITY)
        self.assertAlmostEqual(simulated_s * scale.time_s, real_s)

    def test_a_speed_after_a_fall_is_the_same_in_both_units(self):
        scale = geometry.Scale(0.005, 9.81)
        real = math.sqrt(2 * 9.81 * 0.1)
        self.assertAlmostEqual(scale.speed(real), math.sqrt(2 * geometry.GRAVITY * scale.length(0.1)))

    def test_damping_loses_the_same_share_in_a_real_second(self):
        scale = geometry.Scale(0.005, 9.81)
        kept = (1 - scale.damping(0.04)) ** (1 / scale.time_s)
        self.assertAlmostEqual(kept, 0.96)
        self.assertEqual(scale.damping(1.0), 1.0)
        self.assertEqual(scale.damping(0.0), 0.0)

    def test_time_becomes_frames(self):
        scale = geometry.Scale(2.0, 9.81)
        self.assertEqual(scale.frames(10.0), 240)


class DropLatticeTest(unittest.TestCase):
    def test_no_two_overlap_and_none_touches_wall_or_floor(self):
        for ratio, count in ((1.5, 10), (2.0, 20), (3.0, 60), (5.0, 200), (10.0, 400)):
            centres = geometry.drop_lattice(count, ratio, seed=1)
            self.assertEqual(len(centres), count)
            nearest = min(math.dist(a, b) for i, a in enumerate(centres) for b in centres[:i])
            self.assertGreater(nearest, 2.0)
            self.assertLess(max(math.hypot(x, y) for x, y, _ in centres) + 1.0, ratio)
            self.assertGreater(min(z for _, _, z in centres), 1.0)

    def test_the_seed_alone_decides(self):
        self.assertEqual(geometry.drop_lattice(50, 5.0, 7), geometry.drop_lattice(50, 5.0, 7))
        self.assertNotEqual(geometry.drop_lattice(50, 5.0, 7), geometry.drop_lattice(50, 5.0, 8))

    def test_layers_are_well_filled(self):
        centres = geometry.drop_lattice(800, 10.0, seed=3)
        highest = max(z for _, _, z in centres)
        share = 800 * (4 / 3) / (10.0**2 * highest)
        self.assertGreater(share, 0.4)


class MeshTest(unittest.TestCase):
    def test_the_tube_takes_no_room_and_gives_hardly_any(self):
        for radius in (1.5, 5.0, 10.0, 50.0):
            sides = geometry.facets(radius)
            vertices, quads = geometry.tube(radius, 0.0, 3.0, sides)
            flat = math.hypot(vertices[0][0] + vertices[1][0], vertices[0][1] + vertices[1][1]) / 2
            self.assertAlmostEqual(flat, radius)
            self.assertEqual(len(quads), sides)
            # where a unit sphere that touches two flats has its centre
            self.assertLessEqual((radius - 1) / math.cos(math.pi / sides), radius - 1 + geometry.CORNER * 1.0001)

    def test_the_tube_faces_its_axis(self):
        vertices, quads = geometry.tube(5.0, 0.0, 3.0, 64)
        a, b, c, _ = (vertices[i] for i in quads[0])
        u, v = [q - p for p, q in zip(a, b)], [q - p for p, q in zip(a, c)]
        normal = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2])
        self.assertLess(normal[0] * a[0] + normal[1] * a[1], 0)

    def test_closed_meshes_have_their_volume(self):
        cases = (
            (geometry.box(4.0, 2.0), 32.0, 1e-9),
            (geometry.wall(5.0, 2.0, 1.0, 720), math.pi * 11 * 2, 0.002),
            (geometry.cylinder(5.0, 2.0, 720), math.pi * 25 * 2, 0.002),
            (geometry.icosphere(3), 4 / 3 * math.pi, 0.04),
            (geometry.octahedron(), 4 / 3, 1e-9),
        )
        for (vertices, faces), exact, within in cases:
            self.assertAlmostEqual(geometry.volume(vertices, faces), exact, delta=within)

    def test_a_fine_sphere_keeps_its_volume(self):
        vertices, faces = geometry.icosphere(3)
        self.assertEqual(len(faces), 1280)
        self.assertGreater(geometry.volume(vertices, faces) / (4 / 3 * math.pi), 0.99)
        self.assertAlmostEqual(max(math.hypot(*v) for v in vertices), 1.0)

    def test_the_cheap_sphere_has_the_box_of_the_true_one(self):
        vertices, _ = geometry.octahedron()
        self.assertEqual([(min(c), max(c)) for c in zip(*vertices)], [(-1, 1)] * 3)


if __name__ == "__main__":
    unittest.main()
