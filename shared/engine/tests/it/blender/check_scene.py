"""Run inside Blender by a test: every physical parameter of the input reaches the rigid bodies."""

import os
import sys

import bpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bed_geometry as geometry
import pack_bed

BED = {
    "geometry": {"diameter_m": 0.05, "height_m": 0.1, "wall_friction": 0.31, "wall_restitution": 0.32},
    "particles": {
        "diameter_m": 0.01,
        "density_kg_m3": 7800.0,
        "restitution": 0.41,
        "friction": 0.42,
        "linear_damping": 0.43,
        "angular_damping": 0.44,
    },
    "packing": {"gravity_m_s2": 3.7, "substeps": 13, "iterations": 17, "collision_margin_m": 0.0},
}


def main():
    scale = geometry.Scale(0.01, 3.7)
    starts = geometry.drop_lattice(3, 5.0, 1)
    particles = pack_bed.build(BED, scale, 5.0, starts)
    world = bpy.context.scene.rigidbody_world
    assert (world.substeps_per_frame, world.solver_iterations) == (13, 17)
    assert len(world.collection.objects) == 5
    for particle in particles:
        body = particle.rigid_body
        assert body.type == "ACTIVE" and body.collision_shape == "SPHERE"
        assert body.use_margin and body.collision_margin == 0.0
        close(body.mass, 7.8)
        close(body.restitution, 0.41)
        close(body.friction, 0.42)
        close(body.linear_damping, 1 - 0.57**scale.time_s)
        close(body.angular_damping, 1 - 0.56**scale.time_s)
    for name in ("tube", "floor"):
        body = bpy.data.objects[name].rigid_body
        assert body.type == "PASSIVE" and body.use_margin and body.collision_margin == 0.0
        close(body.friction, 0.31)
        close(body.restitution, 0.32)
    highest = max(z for _, _, z in starts)
    tube = bpy.data.objects["tube"]
    assert max(tube.location.z + vertex.co.z for vertex in tube.data.vertices) > highest + 1.0

    BED["packing"]["collision_margin_m"] = 0.001
    particles = pack_bed.build(BED, scale, 5.0, starts)
    close(particles[0].rigid_body.collision_margin, 0.2)
    print("the scene is as asked for")


def close(value, expected):
    assert abs(value - expected) < 1e-6 * max(1.0, abs(expected)), (value, expected)


main()
