"""Draws pressure and speed on a mid-plane of the bed.

usage: pictures.py MIDPLANE.vtk FOLDER PASCAL_PER_KINEMATIC_PRESSURE
Reads the legacy ASCII VTK that OpenFOAM's `surfaces` function object writes; makes pressure.png and speed.png.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection


def read_vtk(path):
    """Points, polygons and cell data of a legacy ASCII VTK polydata file."""
    words = open(path).read().split()
    at = words.index("POINTS")
    count = int(words[at + 1])
    start = at + 3
    points = np.array(words[start:start + 3 * count], dtype=float).reshape(-1, 3)
    at = words.index("POLYGONS")
    count, at, polygons = int(words[at + 1]), at + 3, []
    for _ in range(count):
        size = int(words[at])
        polygons.append([int(w) for w in words[at + 1:at + 1 + size]])
        at += 1 + size
    at = words.index("FIELD", words.index("CELL_DATA"))
    fields, at = int(words[at + 2]), at + 3
    data = {}
    for _ in range(fields):
        name, width, rows = words[at], int(words[at + 1]), int(words[at + 2])
        end = at + 4 + width * rows
        data[name] = np.array(words[at + 4:end], dtype=float).reshape(rows, width)
        at = end
    return points, polygons, data


def draw(points, polygons, values, label, colours, path):
    """One picture: x and z in mm, values by colour, flow upwards."""
    corners = [points[p][:, [0, 2]] * 1e3 for p in polygons]
    low, high = np.percentile(values, [0.1, 99.9])
    across, along = np.ptp(points[:, 0]), np.ptp(points[:, 2])
    height = 9.0
    figure, axes = plt.subplots(figsize=(max(4.5, height * across / along + 2.2), height), dpi=120)
    collection = PolyCollection(corners, array=values, cmap=colours, edgecolors="none", antialiaseds=False)
    collection.set_clim(low, high)
    axes.add_collection(collection)
    axes.set_facecolor("0.75")
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.set_xlabel("x, mm")
    axes.set_ylabel("z, mm (flow upwards)")
    figure.colorbar(collection, ax=axes, label=label, extend="both")
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def main(vtk, folder, pascal):
    points, polygons, data = read_vtk(vtk)
    pressure = data["p"][:, 0] * float(pascal)
    speed = np.linalg.norm(data["U"], axis=1)
    draw(points, polygons, pressure, "pressure, Pa (outlet = 0)", "viridis", f"{folder}/pressure.png")
    draw(points, polygons, speed, "speed, m/s", "inferno", f"{folder}/speed.png")


if __name__ == "__main__":
    main(*sys.argv[1:4])
