"""Makes sections.json: planes through small volumes, cut by nibabel and scipy.

Volumes along the axes of the patient: nibabel turns the array to its canonical
orientation, scipy interpolates linearly. Tilted and uneven slices: scipy interpolates
in each slice, numpy between the two around a place. Run it as
    python3 make.py > sections.json
"""
import json

import nibabel as nib
import numpy as np
from scipy.ndimage import map_coordinates

rng = np.random.default_rng(7)
LPS = np.diag([-1.0, -1.0, 1.0, 1.0])  # nibabel counts to the right, front and head


def numbers(a):
    return [None if np.isnan(v) else round(float(v), 5) for v in np.ravel(a)]


def canonical(img):
    """The array with axes to the left, back and head, and the place of its first voxel and its steps."""
    ras = nib.as_closest_canonical(img)
    data = np.asarray(ras.dataobj).astype(float)[::-1, ::-1, :]
    zooms = np.array(ras.header.get_zooms()[:3], float)
    last = (LPS @ ras.affine @ [data.shape[0] - 1, data.shape[1] - 1, 0, 1])[:3]
    return data, last, zooms


def straight(name, codes, zooms, shape):
    data = rng.integers(-1000, 1000, shape).astype(np.int16)
    ornt = nib.orientations.axcodes2ornt(codes)
    affine = nib.orientations.inv_ornt_aff(ornt, shape)[:3, :3]
    affine = np.sign(np.round(affine)) @ np.diag(zooms)
    full = np.eye(4)
    full[:3, :3] = affine
    full[:3, 3] = [11.5, -7.25, 30]
    img = nib.Nifti1Image(data, full)
    assert nib.aff2axcodes(full) == tuple(codes), (nib.aff2axcodes(full), codes)
    d, first, steps = canonical(img)
    across = int(np.argmax(np.abs(full[:3, 2])))  # the patient's axis across the slices
    fine = steps.copy()
    fine[across] = min(steps)
    sections = []
    for plane, axis, along, down, flip in [("axial", 2, 0, 1, False), ("coronal", 1, 0, 2, True), ("sagittal", 0, 1, 2, True)]:
        span = (d.shape[axis] - 1) * steps[axis]
        for share in (0.0, 0.37, 1.0):
            mm = first[axis] + share * span
            n = [int((d.shape[a] - 1) * steps[a] / fine[a] + 1e-6) + 1 for a in (along, down)]
            grid = [np.arange(k) * fine[a] for a, k in ((along, n[0]), (down, n[1]))]
            # Slices follow each other along the normal, and steps across them are counted from the first.
            toward = np.cross((LPS @ full)[:3, 0], (LPS @ full)[:3, 1])[across]
            for i, a in enumerate((along, down)):
                if a == across and toward < 0:
                    end = (d.shape[a] - 1) * steps[a]
                    grid[i] = np.sort(end - grid[i])
            if flip:
                grid[1] = grid[1][::-1]
            points = np.zeros((3, n[1], n[0]))
            points[along] = grid[0][None, :] / steps[along]
            points[down] = grid[1][:, None] / steps[down]
            points[axis] = share * span / steps[axis]
            position = first.copy()
            position[axis] = mm
            position[along] += grid[0][0]
            position[down] += grid[1][0]
            values = map_coordinates(d, points, order=1, mode="nearest")
            sections.append(dict(plane=plane, mm=mm, width=n[0], height=n[1], position=numbers(position), values=numbers(values)))
    lps = (LPS @ full)[:3]
    return dict(name=name, shape=list(shape), columns=[list(map(float, lps[:, k])) for k in range(3)],
                origins=[list(map(float, lps @ [0, 0, k, 1])) for k in range(shape[2])],
                values=[int(v) for v in data.transpose(2, 1, 0).ravel()], sections=sections)


def uneven(name, angle, depths, spacing, shape):
    """Axial slices whose rows run to the left, turned about them by an angle, one above the other."""
    data = rng.integers(-1000, 1000, shape).astype(np.int16)
    u, v = np.array([1.0, 0, 0]), np.array([0, np.cos(angle), np.sin(angle)])
    n = np.cross(u, v)
    origins = [np.array([-3.0, 4.0, 10 + z]) for z in depths]
    shift = [(o - origins[0]) @ v for o in origins]
    depth = [(o - origins[0]) @ n for o in origins]
    sections = []
    low, high = min(shift), max(shift) + (shape[1] - 1) * spacing
    start = origins[0] @ v
    usual = sorted(np.diff(depth))[(len(depth) - 1) // 2]
    step = min(usual, spacing)
    for share in (0.0, 0.41, 0.9):
        at = low + share * (high - low)
        rows = np.arange(int(depth[-1] / step + 1e-6) + 1) * step
        out = np.full((len(rows), shape[0]), np.nan)
        for i, z in enumerate(rows):
            lines = []
            for k in range(shape[2]):
                y = (at - shift[k]) / spacing
                inside = -0.5 - 1e-6 <= y <= shape[1] - 0.5 + 1e-6
                y = min(max(y, 0), shape[1] - 1)
                coords = np.stack([np.arange(shape[0]), np.full(shape[0], y)])
                lines.append(map_coordinates(data[:, :, k].astype(float), coords, order=1) if inside else np.full(shape[0], np.nan))
            below = max(k for k in range(shape[2]) if depth[k] <= z + 1e-9)
            above = min(below + 1, shape[2] - 1)
            gap = depth[above] - depth[below]
            t = 0.0 if gap == 0 else (z - depth[below]) / gap
            if gap > 2 * usual:
                near = min((below, above), key=lambda k: abs(depth[k] - z))
                if abs(depth[near] - z) <= usual * (0.5 + 1e-6):
                    out[i] = lines[near]
            elif t < 1e-6:
                out[i] = lines[below]
            else:
                out[i] = (1 - t) * lines[below] + t * lines[above]
        position = origins[0] + (at - shift[0]) * v + rows[-1] * n
        sections.append(dict(plane="coronal", mm=float(start + at), width=shape[0], height=len(rows), position=numbers(position), values=numbers(out[::-1])))
    return dict(name=name, shape=list(shape), columns=[list(map(float, spacing * u)), list(map(float, spacing * v)), list(map(float, n))],
                origins=[list(map(float, o)) for o in origins], values=[int(v) for v in data.transpose(2, 1, 0).ravel()], sections=sections)


cases = [
    straight("axial slices to the head", "LPS", (1.5, 0.5, 2.0), (4, 5, 3)),
    straight("axial slices to the feet, rows to the right", "RPI", (1.0, 1.25, 3.0), (3, 4, 3)),
    straight("coronal slices", "LIP", (0.75, 1.0, 2.5), (4, 3, 3)),
    straight("sagittal slices to the right, columns to the front", "SAR", (1.0, 0.8, 1.7), (3, 4, 3)),
    uneven("tilted slices", 0.3, [0, 3, 6, 9], 2.0, (3, 4, 4)),
    uneven("a distance that changes, and a gap", 0.0, [0, 3, 6, 10, 18, 21], 2.0, (3, 3, 6)),
]
print(json.dumps(cases, separators=(",", ":")))
