"""Writes pil.json: small pictures resized by the Python Imaging Library 9.4,
to compare our filters with. Run it in this folder."""
import json

import numpy
from PIL import Image

FILTERS = {
    "nearest": Image.NEAREST, "box": Image.BOX, "bilinear": Image.BILINEAR,
    "hamming": Image.HAMMING, "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS,
}


def pattern(width, height, channels):
    """Edges, ramps and noise; the test computes the same."""
    i = numpy.arange(width * height * channels, dtype=numpy.uint32)
    a = ((i * i * 31 + i * 7) % 257 % 256).astype(numpy.uint8)
    return a.reshape(height, width, channels)


cases = []
for width, height, channels in [(13, 9, 3), (4, 8, 1), (8, 4, 1)]:
    source = pattern(width, height, channels)
    image = Image.fromarray(source if channels == 3 else source[..., 0])
    for name, number in FILTERS.items():
        for size in [(5, 4), (20, 17), (13, 3), (1, 1)]:
            out = numpy.asarray(image.resize(size, number))
            cases.append({"width": width, "height": height, "channels": channels, "filter": name,
                          "size": size, "pixels": out.tobytes().hex()})
    if channels == 3:
        cases.append({"width": width, "height": height, "channels": 3, "filter": "grey",
                      "size": (width, height), "pixels": numpy.asarray(image.convert("L")).tobytes().hex()})
with open("pil.json", "w") as f:
    json.dump(cases, f, indent=0)
    f.write("\n")
