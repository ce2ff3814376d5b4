"""Writes lossy.json: small JPEG and WebP files and faxes of our own and their
pixels as the Python Imaging Library decodes them, with libjpeg-turbo, libwebp
and libtiff.

Debian: apt install python3-pil, then  python3 lossy.py > lossy.json
"""
import base64
import io
import json

from PIL import Image


def pattern(width, height, channels):
    """Slopes with a few edges, so that chroma differs from pixel to pixel."""
    def value(x, y, c):
        return (x * (17 + 9 * c) + y * (11 + 5 * c) + (90 if (x // 5 + y // 3 + c) % 2 else 0)) % 256
    return bytes(value(x, y, c) for y in range(height) for x in range(width) for c in range(channels))


cases = []
for name, kind, options in [
    ("jpeg 4:2:0", "JPEG", {"subsampling": 2}),
    ("jpeg 4:2:2", "JPEG", {"subsampling": 1}),
    ("jpeg 4:4:4", "JPEG", {"subsampling": 0}),
    ("jpeg progressive", "JPEG", {"subsampling": 2, "progressive": True}),
    ("jpeg grey", "JPEG", {}),
    ("tiff fax", "TIFF", {"compression": "group4"}),
    ("webp", "WEBP", {}),
    ("webp alpha", "WEBP", {}),
]:
    for width, height in [(21, 13), (18, 10), (1, 5), (2, 2)]:
        mode = {"alpha": "RGBA", "grey": "L", "fax": "L"}.get(name.split()[-1], "RGB")
        image = Image.frombytes(mode, (width, height), pattern(width, height, len(mode)))
        if kind == "TIFF":
            image = image.convert("1")
        else:
            options["quality"] = 85
        file = io.BytesIO()
        image.save(file, kind, **options)
        decoded = Image.open(io.BytesIO(file.getvalue())).convert(mode)
        cases.append({"name": name, "width": width, "height": height,
                      "file": base64.b64encode(file.getvalue()).decode(), "pixels": decoded.tobytes().hex()})
print("[" + ",\n".join(json.dumps(c) for c in cases) + "]")
