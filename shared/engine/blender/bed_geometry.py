"""Plain maths of a packing: units of the simulation, where particles start, the meshes. Knows nothing of Blender.

Similarity. The physics is computed in a unit of length of one particle radius and a unit of time in which gravity is
`GRAVITY` of those lengths per second squared, whatever the real particle and the real gravity are (Froude scaling:
free fall, bouncing, sliding and rolling then look the same). One simulated second is

    time_s = sqrt(radius * GRAVITY / gravity)        [s, real]

so velocities scale with radius / time_s, and a loss of speed of `c` in a real second is 1 - (1 - c)**time_s in a
simulated one. Friction and restitution have no dimension; Bullet gives a contact the product of its two bodies' values.
Density scales every mass alike.
"""

import math
import random

# acceleration of the simulation, radii per simulated second squared; Bullet's tolerances suit values of this size
GRAVITY = 9.81
FRAMES_PER_SECOND = 24
# free room between neighbours at the start, in radii; half of it is used up by the jitter
GAP = 0.1
# how far a particle in a corner of the many-sided tube may stick out of the true cylinder, in radii (0.01 % of d)
CORNER = 2e-4
# Bullet lets a particle sink 0.05 % of d into the tube while its neighbours press: the tube is this much narrower than
# the true one, in radii (0.02 % of d)
INSET = 4e-4


class Scale:
    """Real units to those of the simulation."""

    def __init__(self, diameter_m, gravity_m_s2):
        self.length_m = 0.5 * diameter_m
        self.time_s = math.sqrt(self.length_m * GRAVITY / gravity_m_s2)

    def length(self, length_m):
        return length_m / self.length_m

    def speed(self, speed_m_s):
        return speed_m_s * self.time_s / self.length_m

    def damping(self, share_lost_in_a_second):
        return 1.0 - (1.0 - share_lost_in_a_second) ** self.time_s

    def frames(self, time_s):
        return max(1, math.ceil(time_s / self.time_s * FRAMES_PER_SECOND))

    def mass(self, density_kg_m3):
        """Mass of a particle in units of a particle of water, so that the solver sees numbers near 1."""
        return density_kg_m3 / 1000.0


def drop_lattice(count, tube_radius, seed):
    """Centres of `count` unit spheres above the floor at z = 0: layers of a hexagonal lattice, each turned, shifted and
    jittered by the seed. No two overlap and none touches the wall."""
    chance = random.Random(seed)
    reach = tube_radius - 1.0 - 0.5 * GAP
    centres = []
    height = 1.0 + GAP
    while len(centres) < count:
        layer = _layer(reach, chance)
        chance.shuffle(layer)
        for x, y in layer[: count - len(centres)]:
            dx, dy, dz = _within_ball(0.5 * GAP, chance)
            centres.append((x + dx, y + dy, height + dz))
        height += 2.0 + GAP
    return centres


def _layer(reach, chance, tries=8):
    """The fullest of some layers laid at random: a list of (x, y) at least 2 + GAP apart and within `reach`."""
    if reach < 1.0 + 0.5 * GAP:
        # room for one sphere only, anywhere
        distance, angle = max(reach, 0.0) * math.sqrt(chance.random()), math.tau * chance.random()
        return [(distance * math.cos(angle), distance * math.sin(angle))]
    layers = [_hexagonal_layer(reach, chance) for _ in range(tries)]
    return max(layers, key=len)


def _hexagonal_layer(reach, chance):
    pitch = 2.0 + GAP
    row_height = pitch * math.sqrt(0.75)
    turn, shift_x, shift_y = math.tau * chance.random(), pitch * chance.random(), row_height * chance.random()
    cos, sin = math.cos(turn), math.sin(turn)
    rows = math.ceil(reach / row_height) + 1
    columns = math.ceil(reach / pitch) + 2
    layer = []
    for row in range(-rows, rows + 1):
        for column in range(-columns, columns + 1):
            x = (column + 0.5 * (row % 2)) * pitch + shift_x
            y = row * row_height + shift_y
            if x * x + y * y <= reach * reach:
                layer.append((x * cos - y * sin, x * sin + y * cos))
    return layer


def _within_ball(radius, chance):
    while True:
        point = [chance.uniform(-radius, radius) for _ in range(3)]
        if sum(c * c for c in point) <= radius * radius:
            return point


def fall_frames(centres):
    """Frames after which even the highest particle would have reached the floor."""
    highest = max(z for _, _, z in centres)
    return math.ceil(math.sqrt(2.0 * highest / GRAVITY) * FRAMES_PER_SECOND)


def facets(tube_radius):
    """Sides of the tube's mesh: so many that no corner lets a unit sphere out by more than CORNER."""
    room = max(tube_radius - 1.0, 0.0)
    return max(48, math.ceil(math.pi / math.acos(room / (room + CORNER))))


def ring(radius, z, sides):
    step = math.tau / sides
    return [(radius * math.cos(i * step), radius * math.sin(i * step), z) for i in range(sides)]


def tube(radius, low, high, sides):
    """A cylinder's side seen from inside, as (vertices, quads). Its flats touch the true cylinder, its corners lie
    outside: the mesh takes no room from the particles."""
    corner = radius / math.cos(math.pi / sides)
    return ring(corner, low, sides) + ring(corner, high, sides), band(0, sides, sides)


def band(low, high, sides):
    """Quads between two rings that start at vertices `low` and `high`; they face the axis."""
    return [(low + i, high + i, high + (i + 1) % sides, low + (i + 1) % sides) for i in range(sides)]


def wall(radius, height, thickness, sides):
    """A tube with a thickness, closed at its two rims, facing outwards everywhere."""
    inner, inner_quads = tube(radius, 0.0, height, sides)
    outer, _ = tube(radius + thickness, 0.0, height, sides)
    quads = list(inner_quads)
    quads += band(3 * sides, 2 * sides, sides)
    quads += band(2 * sides, 0, sides)
    quads += band(sides, 3 * sides, sides)
    return inner + outer, quads


def cylinder(radius, height, sides):
    """A closed cylinder facing outwards."""
    vertices, quads = tube(radius, 0.0, height, sides)
    side = [tuple(reversed(quad)) for quad in quads]
    return vertices, side + [tuple(reversed(range(sides))), tuple(range(sides, 2 * sides))]


def box(width, depth):
    """A box under z = 0, as (vertices, quads facing outwards)."""
    h = 0.5 * width
    corners = [(x, y, z) for z in (-depth, 0.0) for x, y in ((-h, -h), (h, -h), (h, h), (-h, h))]
    sides = [(i, (i + 1) % 4, 4 + (i + 1) % 4, 4 + i) for i in range(4)]
    return corners, [(3, 2, 1, 0), (4, 5, 6, 7)] + sides


def octahedron():
    """The cheapest mesh whose bounding box is that of the unit sphere: the physics takes the radius from it."""
    vertices = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
    faces = [(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5)]
    return vertices, faces


def icosphere(subdivisions=3):
    """The unit sphere of 20 * 4**subdivisions triangles: 1280 keep 99.1 % of its volume."""
    vertices, faces = _icosahedron()
    for _ in range(subdivisions):
        middles = {}
        faces = [small for face in faces for small in _quarters(face, vertices, middles)]
    return vertices, faces


def _icosahedron():
    """Two poles and two rings of five."""
    z, rho = 1.0 / math.sqrt(5.0), 2.0 / math.sqrt(5.0)
    upper = [(rho * math.cos(i * math.tau / 5), rho * math.sin(i * math.tau / 5), z) for i in range(5)]
    lower = [(-x, -y, -z) for x, y, _ in upper]
    vertices = [(0.0, 0.0, 1.0)] + upper + lower + [(0.0, 0.0, -1.0)]
    faces = []
    for i in range(5):
        a, b = 1 + i, 1 + (i + 1) % 5
        # the vertex opposite to ring vertex k is 6 + k; below a and b lies the opposite of the third vertex after a
        below, next_below = 6 + (i + 3) % 5, 6 + (i + 4) % 5
        faces += [(0, a, b), (a, below, b), (b, below, next_below), (11, next_below, below)]
    return vertices, faces


def _quarters(face, vertices, middles):
    a, b, c = face
    ab, bc, ca = (_middle(p, q, vertices, middles) for p, q in ((a, b), (b, c), (c, a)))
    return [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]


def _middle(p, q, vertices, middles):
    key = (min(p, q), max(p, q))
    if key not in middles:
        sums = [a + b for a, b in zip(vertices[p], vertices[q])]
        length = math.sqrt(sum(s * s for s in sums))
        middles[key] = len(vertices)
        vertices.append(tuple(s / length for s in sums))
    return middles[key]


def triangles(faces):
    """Every polygon as a fan."""
    return [(face[0], face[i], face[i + 1]) for face in faces for i in range(1, len(face) - 1)]


def volume(vertices, faces):
    """Volume inside a closed surface; negative when it faces inwards."""
    total = 0.0
    for a, b, c in triangles(faces):
        (ax, ay, az), (bx, by, bz), (cx, cy, cz) = vertices[a], vertices[b], vertices[c]
        total += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)
    return total / 6.0
