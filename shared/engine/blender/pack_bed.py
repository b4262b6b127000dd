"""Packs a bed with Blender's rigid-body physics, in the working directory: packing_input.json -> particles.csv,
packing.blend/.glb/.stl/.obj and packing_output.json. Lines starting with "leito" tell how far it is.

Only here is Blender talked to; all maths is in bed_geometry.py. Works with Blender 3.4 and 4.x.
"""

import errno
import json
import math
import os
import shutil
import sys
import time

import bpy
import numpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bed_geometry as geometry

# frames in a row that a particle must stay below the rest velocity
FRAMES_AT_REST = 5
WALL_SIDES = 128
# the tube stands upright along z in the files too; 3.4 and 4.x spell these alike
OBJ_FORWARD, OBJ_UP = "Y", "Z"


def main():
    clock = Clock()
    with open("packing_input.json", encoding="utf-8") as file:
        order = json.load(file)
    bed, count = order["bed"], order["count"]
    scale = geometry.Scale(bed["particles"]["diameter_m"], bed["packing"]["gravity_m_s2"])
    tube_radius = scale.length(0.5 * bed["geometry"]["diameter_m"])
    starts = geometry.drop_lattice(count, tube_radius, bed["packing"]["seed"])
    tell("setup", count=count)
    particles = build(bed, scale, tube_radius, starts)
    clock.lap("setup")

    rest = scale.speed(order["rest_velocity_m_s"])
    frames, centres, resting = settle(particles, starts, rest, scale.frames(bed["packing"]["max_time_s"]))
    clock.lap("physics")

    rows = table(centres, scale.length_m, bed["geometry"])
    write_table(rows)
    export(rows, bed)
    clock.lap("export")
    report = {
        "blender": bpy.app.version_string,
        "frames": frames,
        "simulated_s": frames / geometry.FRAMES_PER_SECOND * scale.time_s,
        "moving": [i for i, still in enumerate(resting) if not still],
        "times_s": clock.laps,
    }
    with open("packing_output.json", "w", encoding="utf-8") as file:
        json.dump(report, file)
    tell("done", frames=frames)


class Clock:
    def __init__(self):
        self.laps = {}
        self.last = time.monotonic()

    def lap(self, name):
        now = time.monotonic()
        self.laps[name] = now - self.last
        self.last = now


def tell(what, **numbers):
    words = " ".join(f"{name}={value}" for name, value in numbers.items())
    print(f"leito {what} {words}", flush=True)


# --- physics ---


def build(bed, scale, tube_radius, starts):
    """The scene: floor, a tube tall enough for every start, particles. Returns the particles."""
    scene = empty_scene()
    bpy.ops.rigidbody.world_add()
    world = scene.rigidbody_world
    world.collection = bpy.data.collections.new("rigid bodies")
    world.substeps_per_frame = bed["packing"]["substeps"]
    world.solver_iterations = bed["packing"]["iterations"]
    scene.use_gravity = True
    scene.gravity = (0.0, 0.0, -geometry.GRAVITY)
    scene.render.fps = geometry.FRAMES_PER_SECOND
    margin = scale.length(bed["packing"]["collision_margin_m"])

    top = max(z for _, _, z in starts) + 2.0
    sides = geometry.facets(tube_radius)
    add_wall(world, "tube", geometry.tube(tube_radius - geometry.INSET, -1.0, top, sides), "MESH", bed, margin)
    add_wall(world, "floor", geometry.box(4.0 * tube_radius, 10.0), "BOX", bed, margin)
    shape = mesh("particle", geometry.octahedron())
    return [add_particle(world, shape, start, bed["particles"], scale, margin) for start in starts]


def empty_scene():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.context.scene


def mesh(name, geometry_of_it):
    vertices, faces = geometry_of_it
    data = bpy.data.meshes.new(name)
    data.from_pydata(vertices, [], faces)
    return data


def add_wall(world, name, geometry_of_it, shape, bed, margin):
    # a body's collision shape is centred on its origin
    vertices, faces = geometry_of_it
    middle = [0.5 * (min(c) + max(c)) for c in zip(*vertices)]
    centred = [tuple(c - m for c, m in zip(vertex, middle)) for vertex in vertices]
    thing = bpy.data.objects.new(name, mesh(name, (centred, faces)))
    thing.location = middle
    body = add_body(world, thing, shape, margin)
    body.type = "PASSIVE"
    body.mesh_source = "BASE"
    body.friction = bed["geometry"]["wall_friction"]
    body.restitution = bed["geometry"]["wall_restitution"]


def add_particle(world, shape, start, particles, scale, margin):
    thing = bpy.data.objects.new("particle", shape)
    thing.location = start
    body = add_body(world, thing, "SPHERE", margin)
    body.mass = scale.mass(particles["density_kg_m3"])
    body.friction = particles["friction"]
    body.restitution = particles["restitution"]
    body.linear_damping = scale.damping(particles["linear_damping"])
    body.angular_damping = scale.damping(particles["angular_damping"])
    return thing


def add_body(world, thing, shape, margin):
    """Linking into the world's collection makes a rigid body; the operator for it takes quadratic time."""
    bpy.context.scene.collection.objects.link(thing)
    world.collection.objects.link(thing)
    body = thing.rigid_body
    body.collision_shape = shape
    body.use_margin = True
    body.collision_margin = margin
    return body


def settle(particles, starts, rest_speed, most_frames):
    """Steps until every particle has been at rest for some frames. Returns frames, centres, who rests."""
    scene = bpy.context.scene
    scene.rigidbody_world.point_cache.frame_start = 0
    scene.rigidbody_world.point_cache.frame_end = most_frames
    scene.frame_start, scene.frame_end = 0, most_frames
    scene.frame_set(0)
    before = numpy.array(starts)
    still_frames = numpy.zeros(len(particles), dtype=int)
    rest_step = rest_speed / geometry.FRAMES_PER_SECOND
    fall = geometry.fall_frames(starts)
    for frame in range(1, most_frames + 1):
        scene.frame_set(frame)
        centres = numpy.array([particle.matrix_world.translation for particle in particles])
        moved = numpy.linalg.norm(centres - before, axis=1)
        still_frames = numpy.where(moved < rest_step, still_frames + 1, 0)
        before = centres
        resting = still_frames >= FRAMES_AT_REST
        tell("frame", number=frame, fall=fall, at_rest=round(float(resting.mean()), 4))
        if resting.all():
            break
    return frame, centres, resting


# --- results ---


def table(centres, radius_m, tube):
    """Rows (id, x, y, z, radius, inside) in metres; inside means wholly within the tube's height and its wall."""
    rows = []
    for i, centre in enumerate(centres):
        x, y, z = (float(c) * radius_m for c in centre)
        within_wall = math.hypot(x, y) < 0.5 * tube["diameter_m"]
        inside = within_wall and z > 0.0 and z + radius_m <= tube["height_m"]
        rows.append((i, x, y, z, radius_m, inside))
    return rows


def write_table(rows):
    """Python writes the shortest decimals that read back as the same number."""
    with open("particles.csv", "w", encoding="utf-8", newline="\n") as file:
        file.write("id,x_m,y_m,z_m,radius_m,inside\n")
        for number, x, y, z, radius, inside in rows:
            file.write(f"{number},{x!r},{y!r},{z!r},{radius!r},{str(inside).lower()}\n")


def export(rows, bed):
    """Every file that is asked for. Lengths in metres; particles share one sphere of 1280 triangles."""
    formats = bed["export"]["formats"]
    cavity = bed["export"]["fluid_mode"] == "cavity"
    for number, name in enumerate(formats):
        tell("export", format=name, number=number, of=len(formats))
        if number == 0:
            sphere, wall = result_scene(rows, bed)
        if name == "stl":
            write_stl("packing.stl", placed(rows, sphere), triangles_of(wall))
        else:
            EXPORTERS[name](os.path.abspath("packing." + name))
    if cavity:
        write_cavity(rows, bed)
    complain_of_full_disk()


def complain_of_full_disk():
    """Blender's own exporters leave a cut file behind without a word."""
    if shutil.disk_usage(".").free < 2**16:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def result_scene(rows, bed):
    """Leaves the physics behind: a scene with the wall and the particles, of which the sphere and the wall are
    returned as (vertices, faces)."""
    scene = empty_scene()
    sphere, wall = geometry.icosphere(), wall_of(bed)
    scene.collection.objects.link(bpy.data.objects.new("wall", mesh("wall", wall)))
    shared = mesh("particle", sphere)
    for number, x, y, z, radius, _ in rows:
        thing = bpy.data.objects.new(f"particle {number}", shared)
        thing.location, thing.scale = (x, y, z), (radius, radius, radius)
        scene.collection.objects.link(thing)
    bpy.context.view_layer.update()
    return sphere, wall


def wall_of(bed):
    tube = bed["geometry"]
    radius, height = 0.5 * tube["diameter_m"], tube["height_m"]
    if bed["export"]["wall_mode"] == "solid":
        return geometry.wall(radius, height, tube["wall_thickness_m"], WALL_SIDES)
    return geometry.tube(radius, 0.0, height, WALL_SIDES)


def triangles_of(geometry_of_it):
    vertices, faces = geometry_of_it
    return numpy.array(vertices)[numpy.array(geometry.triangles(faces))]


def placed(rows, sphere):
    """The triangles of every particle."""
    numbers = numpy.array([row[1:5] for row in rows])
    centres, radii = numbers[:, None, None, :3], numbers[:, 3, None, None, None]
    return (centres + radii * triangles_of(sphere)).reshape(-1, 3, 3)


def write_stl(path, *groups):
    """Binary STL; Blender's own exporter (`export_mesh.stl`, since 4.1 `wm.stl_export`) takes 13 s for 800 particles
    where this takes half a second."""
    corners = numpy.concatenate(groups)
    records = numpy.zeros(len(corners), dtype=[("normal", "<3f4"), ("corners", "<9f4"), ("attribute", "<u2")])
    normals = numpy.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = numpy.linalg.norm(normals, axis=1, keepdims=True)
    records["normal"] = normals / numpy.where(lengths > 0.0, lengths, 1.0)
    records["corners"] = corners.reshape(-1, 9)
    with open(path, "wb") as file:
        file.write(b"leito, metres".ljust(80) + len(corners).to_bytes(4, "little"))
        file.write(records.tobytes())


def write_cavity(rows, bed):
    """fluid.stl, the boundary of the space between the particles: the closed inner cylinder facing outwards and the
    particles inside facing inwards. No boolean operation: where particles touch, their surfaces touch."""
    tube = bed["geometry"]
    cylinder = triangles_of(geometry.cylinder(0.5 * tube["diameter_m"], tube["height_m"], WALL_SIDES))
    inside = [row for row in rows if row[5]]
    holes = placed(inside, geometry.icosphere())[:, ::-1] if inside else cylinder[:0]
    write_stl("fluid.stl", cylinder, holes)


def write_obj(path):
    plain = {"export_materials": False, "export_uv": False, "export_normals": False}
    bpy.ops.wm.obj_export(filepath=path, forward_axis=OBJ_FORWARD, up_axis=OBJ_UP, **plain)


def write_glb(path):
    bpy.ops.export_scene.gltf(filepath=path, export_format="GLB")


def write_blend(path):
    bpy.ops.wm.save_as_mainfile(filepath=path, compress=True)


EXPORTERS = {"obj": write_obj, "glb": write_glb, "blend": write_blend}

if __name__ == "__main__":
    main()
