"""Writes prepared.json: one picture prepared as known libraries do it, computed
with the Python Imaging Library 9.4 and NumPy, beside the sidecar that says the
same. Run it in this folder."""
import json

import numpy
from PIL import Image

WIDTH, HEIGHT = 37, 29
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def picture():
    """Ramps, edges and noise; the test computes the same."""
    i = numpy.arange(WIDTH * HEIGHT * 3, dtype=numpy.uint32)
    a = ((i * i * 31 + i * 7) % 257 % 256 // 2 + i // 30 % 128).astype(numpy.uint8)
    return Image.fromarray(a.reshape(HEIGHT, WIDTH, 3))


def clear_picture():
    """The same, clear and half clear in places."""
    a = numpy.asarray(picture())
    i = numpy.arange(WIDTH * HEIGHT, dtype=numpy.uint32)
    alpha = ((i * 13 + i * i // 50) % 320).clip(0, 255).astype(numpy.uint8).reshape(HEIGHT, WIDTH, 1)
    return Image.fromarray(numpy.concatenate([a, numpy.where(alpha < 40, 0, alpha).astype(numpy.uint8)], axis=2))


def shortest(image, edge, resample):
    w, h = image.size
    size = (edge, int(edge * h / w)) if w <= h else (int(edge * w / h), edge)
    return image.resize(size, resample)


def crop(image, height, width, half):
    left, top = half(image.width - width), half(image.height - height)
    return image.crop((left, top, left + width, top + height))


def torch_half(n):  # torchvision.transforms.functional.center_crop
    return int(round(n / 2.0))


def floor_half(n):  # transformers.image_transforms.center_crop
    return n // 2


def normalized(image, mean=MEAN, std=STD):
    return (numpy.asarray(image, dtype=numpy.float64) / 255 - mean) / std


def half_pixel(image, height, width):
    """Bilinear between the four nearest pixels: cv2.INTER_LINEAR and
    tf.image.resize, which do not antialias."""
    a = numpy.asarray(image, dtype=numpy.float64)

    def axis(n, m):
        at = numpy.clip((numpy.arange(m) + 0.5) * n / m - 0.5, 0, n - 1)
        low = numpy.floor(at).astype(int)
        return low, numpy.minimum(low + 1, n - 1), at - low

    y0, y1, fy = axis(a.shape[0], height)
    x0, x1, fx = axis(a.shape[1], width)
    fy, fx = fy[:, None, None], fx[None, :, None]
    top = a[y0][:, x0] * (1 - fx) + a[y0][:, x1] * fx
    bottom = a[y1][:, x0] * (1 - fx) + a[y1][:, x1] * fx
    return top * (1 - fy) + bottom * fy


cases = []


def case(name, values, preprocess, clear=False):
    values = numpy.asarray(values, dtype=numpy.float64)
    if values.ndim == 2:
        values = values[..., None]
    values = values.transpose(2, 0, 1)
    cases.append({"name": name, "clear": clear, "shape": values.shape, "preprocess": preprocess,
                  "values": [float("%.4g" % v) for v in values.ravel()]})


image = picture()
unit = [1 / 255, 0]

case("torchvision", normalized(crop(shortest(image, 16, Image.BILINEAR), 11, 13, torch_half)),
     {"resize": {"mode": "crop", "edge": 16, "filter": "bilinear"}, "scale": unit, "mean": MEAN, "std": STD})
case("Hugging Face ConvNeXt", normalized(crop(shortest(image, 16, Image.BICUBIC), 11, 13, floor_half)),
     {"resize": {"mode": "crop", "edge": 16, "filter": "bicubic", "floor": True}, "scale": unit, "mean": MEAN, "std": STD})
case("Hugging Face DeiT", normalized(crop(image.resize((17, 15), Image.BICUBIC), 10, 12, floor_half), 0.5, 0.5),
     {"resize": {"mode": "stretch", "size": [15, 17], "filter": "bicubic", "floor": True}, "scale": unit, "mean": 0.5, "std": 0.5})
case("timm squash", normalized(crop(image.resize((13, 13), Image.LANCZOS), 12, 12, torch_half)),
     {"resize": {"mode": "stretch", "size": [13, 13], "filter": "lanczos"}, "scale": unit, "mean": MEAN, "std": STD})

ratio = max(WIDTH / 13, HEIGHT / 13)
inner = image.resize((round(WIDTH / ratio), round(HEIGHT / ratio)), Image.BICUBIC)
border = Image.new("RGB", (14, 14), tuple(round(255 * m) for m in MEAN))
border.paste(inner, ((14 - inner.width) // 2, (14 - inner.height) // 2))
case("timm border", normalized(border),
     {"resize": {"mode": "letterbox", "size": [13, 13], "filter": "bicubic", "pad": [round(255 * m) for m in MEAN]},
      "scale": unit, "mean": MEAN, "std": STD})

bgr = numpy.asarray(image.resize((12, 10), Image.NEAREST), dtype=numpy.float64)[..., ::-1]
case("Keras caffe", bgr - [103.939, 116.779, 123.68],
     {"preset": "keras-caffe", "resize": {"mode": "stretch", "filter": "nearest"}})
case("Keras tf, resized by TensorFlow", numpy.rint(half_pixel(image, 10, 12)) / 127.5 - 1,
     {"preset": "keras-tf", "resize": {"mode": "stretch", "filter": "bilinear", "sharp": True}})

r = min(14 / HEIGHT, 14 / WIDTH)
w, h = round(WIDTH * r), round(HEIGHT * r)
boxed = numpy.full((14, 14, 3), 114.0)
top, left = round((14 - h) / 2 - 0.1), round((14 - w) / 2 - 0.1)
boxed[top:top + h, left:left + w] = numpy.rint(half_pixel(image, h, w))
case("Ultralytics letterbox", boxed / 255,
     {"resize": {"mode": "letterbox", "filter": "bilinear", "sharp": True, "pad": 114}, "scale": unit})

grey = numpy.asarray(crop(shortest(image.convert("L"), 12, Image.BILINEAR), 12, 12, torch_half), dtype=numpy.float64)
case("torchxrayvision", (2 * grey / 255 - 1) * 1024, {"preset": "xray-torchxrayvision", "color": "grey"})

raw = numpy.asarray(image.convert("L"))
low, high = numpy.percentile(raw, [2, 95])
small = numpy.asarray(image.convert("L").resize((12, 10), Image.BILINEAR), dtype=numpy.float64)
case("MONAI percentiles", numpy.clip((small - low) / (high - low), 0, 1),
     {"color": "grey", "percentile": [2, 95], "scale": [1, 0]})
case("MONAI range", (small - 20) / 120 * 2 - 1, {"color": "grey", "range": [20, 140], "scale": [2, -1]})

rgb = numpy.asarray(image.resize((12, 10), Image.BILINEAR), dtype=numpy.float64)
windows = [(60, 40), (100, 150), (30, 200)]
case("three windows of one picture",
     numpy.stack([numpy.clip((rgb[..., 1] - (c - w / 2)) / w, 0, 1) for c, w in windows], axis=-1),
     {"channels": [{"source": "green", "window": {"center": c, "width": w}} for c, w in windows], "scale": [1, 0]})

rgba = [{"source": s} for s in ("red", "green", "blue", "alpha")]
case("transparency", numpy.asarray(clear_picture().resize((12, 10), Image.BILINEAR), dtype=numpy.float64) / 255,
     {"channels": rgba, "resize": {"mode": "stretch", "filter": "bilinear"}, "scale": unit}, clear=True)
case("transparency as it is", numpy.asarray(clear_picture(), dtype=numpy.float64)[10:20, 12:24],
     {"channels": rgba, "resize": {"mode": "stretch", "size": [29, 37]}, "scale": [1, 0]}, clear=True)

with open("prepared.json", "w") as f:
    json.dump(cases, f)
    f.write("\n")
