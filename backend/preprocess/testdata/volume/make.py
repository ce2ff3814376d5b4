#!/usr/bin/env python3
"""Makes the arrays that TestVolumesLikeNibabelAndSciPy compares with.

Needs numpy, scipy and nibabel (Debian: python3-scipy, python3-nibabel). The steps
are those of MONAI's transforms of the same names, written with these libraries.
"""
import json
import nibabel as nib
import numpy as np
from scipy.ndimage import map_coordinates

random = np.random.default_rng(7)
data = (random.normal(0, 300, (7, 6, 5)) + 100).astype(np.float32)
data[:2] = 0
data[:, :1] = 0
turn = np.deg2rad(8)
rotation = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
# Columns of the file run to the front, rows to the feet, slices to the left.
axes = np.array([[0, 0, -2.5], [1.25, 0, 0], [0, -1.5, 0]])
affine = np.eye(4)
affine[:3, :3] = rotation @ axes
affine[:3, 3] = [12, -30, 7]
nib.save(nib.Nifti1Image(data, affine), "volume.nii")
image = nib.load("volume.nii")
affine, data = image.affine, image.get_fdata()


def orientation(x, a, codes):
    t = nib.orientations.ornt_transform(nib.io_orientation(a), nib.orientations.axcodes2ornt(codes))
    return nib.apply_orientation(x, t), a @ nib.orientations.inv_ornt_aff(t, x.shape)


def spacing(x, a, pixdim, order=1):
    own = nib.affines.voxel_sizes(a)
    shape = [int(np.round((n - 1) * s / p + 1)) for n, s, p in zip(x.shape, own, pixdim)]
    grid = np.meshgrid(*[np.arange(n) * p / s for n, s, p in zip(shape, own, pixdim)], indexing="ij")
    return map_coordinates(x, grid, order=order, mode="nearest")


def scale_range(x, a_min, a_max, b_min, b_max):
    return np.clip((x - a_min) / (a_max - a_min) * (b_max - b_min) + b_min, b_min, b_max)


def normalize(x, nonzero):
    where = x != 0 if nonzero else np.ones(x.shape, bool)
    out = x.copy()
    out[where] = (x[where] - x[where].mean()) / x[where].std()
    return out


def foreground(x, margin=0):
    at = np.argwhere(x > 0)
    lo, hi = np.maximum(at.min(0) - margin, 0), np.minimum(at.max(0) + 1 + margin, x.shape)
    return x[tuple(slice(a, b) for a, b in zip(lo, hi))]


def pad_or_crop(x, size):
    for axis, n in enumerate(size):
        have = x.shape[axis]
        if have < n:
            pad = [(0, 0)] * 3
            pad[axis] = ((n - have) // 2, n - have - (n - have) // 2)
            x = np.pad(x, pad)
        else:
            start = max(have // 2 - n // 2, 0)
            x = np.take(x, range(start, start + n), axis)
    return x


ras, turned = orientation(data, affine, "RAS")
cases = {
    "ras": (pad_or_crop(ras, (8, 8, 8)), {"orientation": "RAS", "volume": {"block": "center"}}),
    "range": (
        pad_or_crop(scale_range(spacing(ras, turned, (2, 1, 1)), -200, 600, 0, 1), (6, 6, 6)),
        {"orientation": "RAS", "range": [-200, 600], "clip": [0, 1], "volume": {"spacing": [2, 1, 1], "block": "center"}},
    ),
    "nonzero": (
        pad_or_crop(foreground(normalize(spacing(*orientation(data, affine, "SPL"), (1.5, 1.5, 1.5)), True), 1), (9, 6, 4)),
        {"orientation": "SPL", "standard": True, "nonzero": True, "volume": {"spacing": 1.5, "foreground": {"margin": 1}, "block": "center"}},
    ),
    "percentile": (
        pad_or_crop(scale_range(ras, *np.percentile(ras, [5, 95]), 0, 1), (5, 5, 5)),
        {"orientation": "RAS", "percentile": [5, 95], "volume": {"block": "center"}},
    ),
}

# A volume that is turned about all axes of the patient, of thick slices and whole numbers.
# Names of its cases begin with that of its file.
whole = random.integers(-1000, 1000, (6, 5, 7)).astype(np.int16)
whole[0] = whole[:, -1] = whole[:, :, 0] = -1000
whole[3, 2] = 900
angles = np.deg2rad([20, -15, 10])
turns = np.eye(3)
for axis, angle in enumerate(angles):
    one = np.eye(3)
    i, j = [k for k in range(3) if k != axis]
    one[i, i] = one[j, j] = np.cos(angle)
    one[i, j], one[j, i] = -np.sin(angle), np.sin(angle)
    turns = turns @ one
# Columns run to the left, rows to the head, slices to the back.
axes = np.array([[-0.8, 0, 0], [0, 0, -3.1], [0, 1.1, 0]])
affine = np.eye(4)
affine[:3, :3] = turns @ axes
affine[:3, 3] = [-100, 55, 3]
nib.save(nib.Nifti1Image(whole, affine), "oblique.nii")
image = nib.load("oblique.nii")
affine, data = image.affine, image.get_fdata()


def pad_with(x, size, value):
    return pad_or_crop(x - value, size) + value


def divisible(x, k):
    return pad_or_crop(x, [-(-n // k) * k for n in x.shape])


def foreground_above(x, above, margin):
    at = np.argwhere(x > above)
    lo, hi = np.maximum(at.min(0) - margin, 0), np.minimum(at.max(0) + 1 + margin, x.shape)
    return x[tuple(slice(a, b) for a, b in zip(lo, hi))]


cases.update({
    "oblique-las": (
        pad_with(orientation(data, affine, "LAS")[0], (8, 9, 4), -1024),
        {"orientation": "LAS", "volume": {"pad": -1024, "block": "center"}},
    ),
    "oblique-nearest": (
        pad_or_crop(spacing(*orientation(data, affine, "PIR"), (1.3, 0.7, 1.9), order=0), (9, 9, 3)),
        {"orientation": "PIR", "volume": {"spacing": [1.3, 0.7, 1.9], "filter": "nearest", "block": "center"}},
    ),
    "oblique-linear": (
        pad_or_crop(spacing(*orientation(data, affine, "RAS"), (0.5, 2.3, 1.7)), (7, 9, 4)),
        {"orientation": "RAS", "volume": {"spacing": [0.5, 2.3, 1.7], "block": "center"}},
    ),
    "oblique-divisible": (
        divisible(foreground_above(orientation(data, affine, "SPL")[0], 850, 1), 4),
        {"orientation": "SPL", "volume": {"foreground": {"above": 850, "margin": 1}, "divisible": 4, "block": "center"}},
    ),
})
for name, (expected, _) in cases.items():
    np.save(name + ".npy", expected.astype(np.float32)[None])
with open("cases.json", "w") as f:
    json.dump({name: settings for name, (_, settings) in cases.items()}, f, indent=1)
    f.write("\n")
