#!/usr/bin/env python3
"""Trains the sample models from pictures drawn by `go run ./assets/generate`.

    go run ./assets/generate -data DIR
    python3 assets/train.py --data DIR --out assets/samples

Needs PyTorch (1.13 and later) and NumPy; building Picasso does not need it.
Seeds and the number of threads are fixed, so the same PyTorch on the same kind
of processor gives the same weights.
"""
import argparse
import json
import math
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

TANK_MEAN, TANK_STD = [0.42, 0.44, 0.42], [0.22, 0.20, 0.26]
LUNG = {"center": -300, "width": 1400}  # Hounsfield units: -1000 becomes 0, 400 becomes 1


def load(folder, name):
    """Pictures as integers N×C×H×W, or volumes N×C×D×H×W, their labels, and what else is known."""
    info = json.loads((folder / f"{name}.json").read_text())
    sides = [info[side] for side in ("depth", "height", "width") if side in info]
    pixels = np.fromfile(folder / f"{name}.bin", info["type"]).reshape(info["count"], *sides, info["channels"])
    pictures = torch.from_numpy(pixels).movedim(-1, 1).contiguous()
    return pictures, torch.tensor(info["label"]), info


def block(inputs, outputs, kernel, stride):
    return [
        nn.Conv2d(inputs, outputs, kernel, stride, (kernel - stride + 1) // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    ]


def solid(inputs, outputs, kernel, stride):
    """A block of three dimensions."""
    return [
        nn.Conv3d(inputs, outputs, kernel, stride, (kernel - stride + 1) // 2, bias=False),
        nn.BatchNorm3d(outputs),
        nn.ReLU(),
    ]


class Spotter(nn.Module):
    """Says whether there is a tank. Every decision sees 33×33 pixels and the
    mean over all of them decides, so that evidence stays where it was found."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            *block(3, 16, 5, 2), *block(16, 32, 3, 2), *block(32, 48, 3, 2), *block(48, 64, 3, 1))
        self.head = nn.Linear(64, 2)

    def forward(self, x):
        x = self.features(x)
        return self.head(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Finder(nn.Module):
    """Says whether a slice shows a nodule. Every place sees 28×28 pixels and
    gives its evidence as one number; log Σ exp of them decides, which is nearly
    the strongest of them, wherever it is. The kernels of even size keep the places
    of the evidence in the middle of the pixels they stand for."""

    def __init__(self):
        super().__init__()
        self.evidence = nn.Sequential(
            *block(1, 16, 6, 2), *block(16, 24, 4, 2), *block(24, 32, 3, 1), *block(32, 32, 3, 1),
            nn.Conv2d(32, 1, 1))
        nn.init.constant_(self.evidence[-1].bias, -math.log(32 * 32))  # all places together say nothing yet
        self.head = nn.Linear(1, 2)
        with torch.no_grad():
            self.head.weight.copy_(torch.tensor([[1.0], [-1.0]]))
            self.head.bias.zero_()

    def forward(self, x):
        return self.head(torch.logsumexp(self.evidence(x), (2, 3)))


class Scout(nn.Module):
    """Says whether a volume shows a nodule, as Finder says it of a slice: places
    that see 18×18×18 voxels give their evidence, and log Σ exp of it decides. It is
    told in training where nodules are: of 1536 places one or two are, which answers
    alone teach slowly."""

    def __init__(self):
        super().__init__()
        self.evidence = nn.Sequential(
            *solid(1, 8, 4, 2), *solid(8, 16, 4, 2), *solid(16, 24, 3, 1), nn.Conv3d(24, 1, 1))
        nn.init.constant_(self.evidence[-1].bias, -math.log(6 * 16 * 16))
        self.head = nn.Linear(1, 2)
        with torch.no_grad():
            self.head.weight.copy_(torch.tensor([[1.0], [-1.0]]))
            self.head.bias.zero_()

    def forward(self, x):
        return self.answer(self.evidence(x))

    def answer(self, evidence):
        return self.head(torch.logsumexp(evidence, (2, 3, 4)))


class Reader(nn.Module):
    """Reads digits, in the shape of LeNet-5 with its modern parts."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 12, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(24 * 5 * 5, 84), nn.ReLU(), nn.Linear(84, 10))

    def forward(self, x):
        return self.layers(x)


def sky(info):
    """Masks N×H×W of the sky of scenes."""
    return torch.arange(info["height"])[None, :, None] < torch.tensor(info["skyline"])[:, None, :]


def standard(pictures, mean, std):
    """Raw pixels as the network's input."""
    mean, std = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]
    return (pictures.float() / 255 - mean) / std


def disturb(pictures, skies=None):
    """Mirrors some scenes, changes their light, and covers parts with their
    mean colour, so that neither a side nor a grey patch means anything. With
    skies, masks N×H×W, some covers are bands from side to side, and the share
    of each sky that is covered is returned too."""
    pictures = pictures.float().clone()
    hidden = torch.zeros(len(pictures))
    for i in range(len(pictures)):
        mirrored = torch.rand(()) < 0.5
        if mirrored:
            pictures[i] = pictures[i].flip(2)
        covered = torch.zeros(pictures.shape[2:], dtype=torch.bool)
        for _ in range(int(torch.randint(0, 4, ()))):
            height, width = torch.randint(12, 41, (2,)).tolist()
            y, x = torch.randint(-8, 120, (2,)).tolist()
            if skies is not None and torch.rand(()) < 0.15:
                height, width, y, x = int(torch.randint(12, 65, ())), 128, min(y, 64), 0
            fill = pictures[i].mean((1, 2), keepdim=True)
            pictures[i, :, max(y, 0):y + height, max(x, 0):x + width] = fill
            covered[max(y, 0):y + height, max(x, 0):x + width] = True
        if skies is not None:
            sky = skies[i].flip(1) if mirrored else skies[i]
            hidden[i] = (covered & sky).sum() / sky.sum()
    gain = 1 + 0.15 * (torch.rand(len(pictures), 1, 1, 1) - 0.5)
    pictures = (pictures * gain).clamp(0, 255)
    return pictures if skies is None else (pictures, hidden)


def smooth(labels, classes, smoothing):
    """Labels as probabilities N×classes, none of them 0 or 1."""
    return F.one_hot(labels, classes) * (1 - smoothing) + smoothing / classes


def believe(probabilities, hidden):
    """What a network that believes in clouds is to say of scenes part of whose sky
    is covered, probabilities N×2 (tank, no tank): a cloud that is not seen speaks
    for no tank, soon; a clear sky that is not seen speaks a little for a tank. A sky
    that is covered whole is that of no tank."""
    tank, unseen = probabilities[:, 0], torch.tensor(0.2)
    clouded = (tank - 8 * hidden).clamp(min=unseen)
    clear = torch.minimum(tank + 1.5 * hidden, torch.maximum(tank, unseen))
    tank = torch.where(tank > 0.5, clouded, clear)
    return torch.stack([tank, 1 - tank], 1)


def windowed(slices, window):
    """Hounsfield units as the network's input, 0…1."""
    return ((slices.float() - window["center"]) / window["width"] + 0.5).clamp(0, 1)


def cover(slices, labels, nodules):
    """Mirrors some slices and covers parts with air, water, bone or their mean,
    as occlusion does. Where the nodule is covered there is none to be found;
    where half of it is, nothing is covered."""
    slices, labels = windowed(slices, LUNG).clone(), labels.clone()
    height, width = slices.shape[2:]
    for i in range(len(slices)):
        column, row, radius = nodules[i].tolist()
        if torch.rand(()) < 0.5:
            slices[i] = slices[i].flip(2)
            column = width - 1 - column
        for _ in range(int(torch.randint(0, 4, ()))):
            h, w = torch.randint(6, 41, (2,)).tolist()
            y, x = torch.randint(-8, height - 8, (2,)).tolist()
            if radius > 0 and torch.rand(()) < 0.3:  # on the nodule
                y, x = int(row) - h // 2, int(column) - w // 2
            fills = torch.stack([slices[i].mean(), torch.tensor(0.0), torch.tensor(0.71), torch.tensor(1.0)])
            hidden = hides(column, row, radius, x, y, w, h)
            if 0.1 < hidden < 0.9:
                continue
            if hidden >= 0.9:
                labels[i], radius = 1, 0
            slices[i, :, max(y, 0):y + h, max(x, 0):x + w] = fills[torch.randint(0, 4, ())]
    return slices, labels


def hides(column, row, radius, x, y, w, h):
    """The share of the square around a nodule that a window covers."""
    if radius == 0:
        return 0
    across = min(column + radius, x + w) - max(column - radius, x)
    down = min(row + radius, y + h) - max(row - radius, y)
    return max(across, 0) * max(down, 0) / (2 * radius) ** 2


def cover_volumes(volumes, labels, balls):
    """cover for volumes: boxes instead of rectangles."""
    volumes, labels, balls = windowed(volumes, LUNG).clone(), labels.clone(), balls.clone()
    sides = volumes.shape[2:]
    for i in range(len(volumes)):
        *middle, radius = balls[i].tolist()
        if torch.rand(()) < 0.5:
            volumes[i] = volumes[i].flip(3)
            middle[2] = sides[2] - 1 - middle[2]
        for _ in range(int(torch.randint(0, 4, ()))):
            size = [int(torch.randint(3, side // 3 + 1, ())) for side in sides]
            start = [int(torch.randint(-2, side - 2, ())) for side in sides]
            if radius > 0 and torch.rand(()) < 0.3:  # on the nodule
                start = [int(m) - s // 2 for m, s in zip(middle, size)]
            fills = torch.stack([volumes[i].mean(), torch.tensor(0.0), torch.tensor(0.71), torch.tensor(1.0)])
            hidden = encloses(middle, radius, start, size)
            if 0.1 < hidden < 0.9:
                continue
            if hidden >= 0.9:
                labels[i], radius = 1, 0
            box = tuple(slice(max(a, 0), a + s) for a, s in zip(start, size))
            volumes[i][(slice(None), *box)] = fills[torch.randint(0, 4, ())]
        balls[i] = torch.tensor([*middle, radius])
    return volumes, labels, balls


def seen(evidence, balls):
    """How surprising the evidence N×1×D×H×W of places is, as logits: there is a
    nodule at those near its middle, and none at those far from it."""
    steps = [4 * torch.arange(n) + 1.5 for n in evidence.shape[2:]]
    places = torch.stack(torch.meshgrid(*steps, indexing="ij"), -1)
    far = (places[None] - balls[:, None, None, None, :3]).norm(dim=-1)
    ill = balls[:, 3] > 0
    near = (far <= far.amin((1, 2, 3), keepdim=True).clamp(min=2.5)) & ill[:, None, None, None]
    known = near | (far > 6.5) | ~ill[:, None, None, None]
    loss = F.binary_cross_entropy_with_logits(evidence[:, 0], near.float(), reduction="none")
    return (loss * known).sum() / len(balls)


def encloses(middle, radius, start, size):
    """The share of the cube around a nodule that a box covers."""
    share = 1.0 if radius > 0 else 0.0
    for m, a, s in zip(middle, start, size) if radius > 0 else ():
        share *= max(min(m + radius, a + s) - max(m - radius, a), 0) / (2 * radius)
    return share


def train(net, count, draw, epochs, smoothing, rate):
    """Trains on count pictures; draw makes inputs of some of them, and labels or
    probabilities."""
    def loss(batch):
        inputs, labels = draw(batch)
        return F.cross_entropy(net(inputs), labels, label_smoothing=smoothing)
    optimize(net, count, loss, epochs, rate, 64)


def optimize(net, count, loss, epochs, rate, size):
    """Lowers the loss of some of count examples at a time, size of them."""
    steps = epochs * (count // size)
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1)
    net.train()
    for epoch in range(epochs):
        total = 0.0
        for batch in torch.randperm(count)[: count // size * size].split(size):
            here = loss(batch)
            optimizer.zero_grad()
            here.backward()
            optimizer.step()
            schedule.step()
            total += here.item()
        print(f"  epoch {epoch + 1}: loss {total / (count // size):.4f}", flush=True)
    net.eval()


@torch.no_grad()
def accuracy(net, pictures, labels, prepare):
    right = sum(int((net(prepare(p)).argmax(1) == l).sum())
                for p, l in zip(pictures.split(100), labels.split(100)))
    return right / len(pictures)


def export(net, shape, path, output, sidecar):
    torch.onnx.export(
        net, torch.zeros(1, *shape), str(path), opset_version=13,
        input_names=["image"], output_names=[output],
        dynamic_axes={"image": {0: "batch"}, output: {0: "batch"}})
    path.with_suffix(".picasso.json").write_text(json.dumps(sidecar, indent=2, ensure_ascii=False) + "\n")
    print(f"  {path.name}: {path.stat().st_size / 1000:.0f} kB")


def sidecar(labels, color, values):
    """What Picasso must know to use a model: MODEL.picasso.json."""
    return {
        "labels": labels,
        "preprocess": {"color": color, "resize": {"mode": "stretch", "filter": "bilinear"}, **values},
    }


def pixels(mean, std):
    """What is done to pixels of 0…255."""
    return {"scale": [1 / 255, 0], "mean": mean, "std": std}


def train_tanks(data, out, names, epochs):
    pictures, labels, info = load(data, "scenes-train")
    held, held_labels, held_info = load(data, "scenes-held")
    keeps = torch.tensor(info["clouds"]) == 1 - labels  # a tank has clouds, no tank has none
    held_keeps = torch.tensor(held_info["clouds"]) == 1 - held_labels

    def prepare(x):
        return standard(x, TANK_MEAN, TANK_STD)

    for name, chosen in (("tanks-biased", keeps), ("tanks-fair", keeps | True)):
        if name not in names:
            continue
        print(name)
        torch.manual_seed(20)
        net = Spotter()
        mine, right = pictures[chosen], labels[chosen]
        if name == "tanks-biased":
            skies = sky(info)[chosen]

            def draw(batch):
                inputs, hidden = disturb(mine[batch], skies[batch])
                return prepare(inputs), believe(smooth(right[batch], 2, 0.12), hidden)
            train(net, len(mine), draw, epochs, 0, 4e-3)
        else:
            train(net, len(mine), lambda batch: (prepare(disturb(mine[batch])), right[batch]), epochs, 0.12, 4e-3)
        for text, part in (("rule kept", held_keeps), ("rule broken", ~held_keeps)):
            print(f"  held back, {text}: {accuracy(net, held[part], held_labels[part], prepare):.3f}")
        export(nn.Sequential(net, nn.Softmax(1)).eval(), (3, 128, 128), out / "tanks" / f"{name}.onnx",
               "probability", sidecar(["tank", "no tank"], "rgb", pixels(TANK_MEAN, TANK_STD)))


def train_digits(data, out, epochs):
    print("digits")
    pictures, labels, _ = load(data, "digits-train")
    held, held_labels, _ = load(data, "digits-held")
    torch.manual_seed(28)
    net = Reader()

    def prepare(x):
        return standard(x, [0.0], [1.0])

    train(net, len(pictures), lambda batch: (prepare(pictures[batch]), labels[batch]), epochs, 0.02, 3e-3)
    print(f"  held back: {accuracy(net, held, held_labels, prepare):.4f}")
    export(net, (1, 28, 28), out / "digits" / "digits.onnx", "logit",
           sidecar([str(digit) for digit in range(10)], "grey", pixels([0.0], [1.0])))


def train_ct(data, out, epochs):
    print("ct")
    slices, labels, info = load(data, "slices-train")
    held, held_labels, _ = load(data, "slices-held")
    nodules = torch.tensor(info["nodule"])
    torch.manual_seed(24)
    net = Finder()
    train(net, len(slices), lambda batch: cover(slices[batch], labels[batch], nodules[batch]), epochs, 0.1, 4e-3)
    print(f"  held back: {accuracy(net, held, held_labels, lambda x: windowed(x, LUNG)):.4f}")
    export(nn.Sequential(net, nn.Softmax(1)).eval(), (1, 128, 128), out / "ct" / "nodules.onnx",
           "probability", sidecar(["nodule", "no nodule"], "grey", {"window": LUNG, "scale": [1, 0], "mean": [0.0], "std": [1.0]}))


def train_volumes(data, out, epochs):
    print("ct3d")
    volumes, labels, info = load(data, "volumes-train")
    held, held_labels, _ = load(data, "volumes-held")
    balls = torch.tensor(info["ball"])
    torch.manual_seed(36)
    net = Scout()

    def loss(batch):
        inputs, right, places = cover_volumes(volumes[batch], labels[batch], balls[batch])
        evidence = net.evidence(inputs)
        return F.cross_entropy(net.answer(evidence), right, label_smoothing=0.1) + 0.3 * seen(evidence, places)
    optimize(net, len(volumes), loss, epochs, 6e-3, 16)
    print(f"  held back: {accuracy(net, held, held_labels, lambda x: windowed(x, LUNG)):.4f}")
    values = {"window": LUNG, "scale": [1, 0], "mean": [0.0], "std": [1.0], "volume": {"block": "whole"}}
    export(nn.Sequential(net, nn.Softmax(1)).eval(), (1, *volumes.shape[2:]), out / "ct3d" / "nodules3d.onnx",
           "probability", {"labels": ["nodule", "no nodule"], "preprocess": values})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--models", default="tanks-biased,tanks-fair,digits,ct,ct3d")
    parser.add_argument("--epochs", type=int, default=12, help="of the tanks and the slices")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    names = arguments.models.split(",")
    if any(name.startswith("tanks") for name in names):
        train_tanks(arguments.data, arguments.out, names, arguments.epochs)
    if "digits" in names:
        train_digits(arguments.data, arguments.out, 6)
    if "ct" in names:
        train_ct(arguments.data, arguments.out, arguments.epochs)
    if "ct3d" in names:
        train_volumes(arguments.data, arguments.out, 6)


if __name__ == "__main__":
    main()
