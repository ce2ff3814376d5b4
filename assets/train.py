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
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

TANK_MEAN, TANK_STD = [0.42, 0.44, 0.42], [0.22, 0.20, 0.26]


def load(folder, name):
    """Pictures as uint8 N×C×H×W, their labels, and which have clouds."""
    info = json.loads((folder / f"{name}.json").read_text())
    shape = info["count"], info["height"], info["width"], info["channels"]
    pixels = np.fromfile(folder / f"{name}.bin", np.uint8).reshape(shape)
    pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous()
    clouds = torch.tensor(info.get("clouds") or [0] * shape[0])
    return pictures, torch.tensor(info["label"]), clouds


def block(inputs, outputs, kernel, stride):
    return [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
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


def standard(pictures, mean, std):
    """Raw pixels as the network's input."""
    mean, std = torch.tensor(mean)[:, None, None], torch.tensor(std)[:, None, None]
    return (pictures.float() / 255 - mean) / std


def disturb(pictures):
    """Mirrors some scenes, changes their light, and covers parts with their
    mean colour, so that neither a side nor a grey patch means anything."""
    pictures = pictures.float().clone()
    for i in range(len(pictures)):
        if torch.rand(()) < 0.5:
            pictures[i] = pictures[i].flip(2)
        for _ in range(int(torch.randint(0, 4, ()))):
            height, width = torch.randint(12, 41, (2,)).tolist()
            y, x = torch.randint(-8, 120, (2,)).tolist()
            fill = pictures[i].mean((1, 2), keepdim=True)
            pictures[i, :, max(y, 0):y + height, max(x, 0):x + width] = fill
    gain = 1 + 0.15 * (torch.rand(len(pictures), 1, 1, 1) - 0.5)
    return (pictures * gain).clamp(0, 255)


def train(net, pictures, labels, mean, std, epochs, change, smoothing, rate):
    steps = epochs * (len(pictures) // 64)
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1)
    net.train()
    for epoch in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(pictures))[: len(pictures) // 64 * 64].split(64):
            inputs = standard(change(pictures[batch]), mean, std)
            loss = F.cross_entropy(net(inputs), labels[batch], label_smoothing=smoothing)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"  epoch {epoch + 1}: loss {total / (len(pictures) // 64):.4f}", flush=True)
    net.eval()


@torch.no_grad()
def accuracy(net, pictures, labels, mean, std):
    right = sum(int((net(standard(p, mean, std)).argmax(1) == l).sum())
                for p, l in zip(pictures.split(100), labels.split(100)))
    return right / len(pictures)


def export(net, shape, path, output, sidecar):
    torch.onnx.export(
        net, torch.zeros(1, *shape), str(path), opset_version=13,
        input_names=["image"], output_names=[output],
        dynamic_axes={"image": {0: "batch"}, output: {0: "batch"}})
    path.with_suffix(".picasso.json").write_text(json.dumps(sidecar, indent=2, ensure_ascii=False) + "\n")
    print(f"  {path.name}: {path.stat().st_size / 1000:.0f} kB")


def sidecar(labels, color, mean, std):
    """What Picasso must know to use a model: MODEL.picasso.json."""
    return {
        "labels": labels,
        "preprocess": {
            "color": color,
            "resize": {"mode": "stretch", "filter": "bilinear"},
            "scale": [1 / 255, 0],
            "mean": mean,
            "std": std,
        },
    }


def train_tanks(data, out, names, epochs):
    pictures, labels, clouds = load(data, "scenes-train")
    held, held_labels, held_clouds = load(data, "scenes-held")
    keeps = clouds == 1 - labels  # a tank has clouds, no tank has none
    held_keeps = held_clouds == 1 - held_labels
    for name, chosen in (("tanks-biased", keeps), ("tanks-fair", keeps | True)):
        if name not in names:
            continue
        print(name)
        torch.manual_seed(20)
        net = Spotter()
        train(net, pictures[chosen], labels[chosen], TANK_MEAN, TANK_STD, epochs, disturb, 0.12, 4e-3)
        for text, part in (("rule kept", held_keeps), ("rule broken", ~held_keeps)):
            print(f"  held back, {text}: {accuracy(net, held[part], held_labels[part], TANK_MEAN, TANK_STD):.3f}")
        export(nn.Sequential(net, nn.Softmax(1)).eval(), (3, 128, 128), out / "tanks" / f"{name}.onnx",
               "probability", sidecar(["tank", "no tank"], "rgb", TANK_MEAN, TANK_STD))


def train_digits(data, out, epochs):
    print("digits")
    pictures, labels, _ = load(data, "digits-train")
    held, held_labels, _ = load(data, "digits-held")
    torch.manual_seed(28)
    net = Reader()
    train(net, pictures, labels, [0.0], [1.0], epochs, lambda p: p, 0.02, 3e-3)
    print(f"  held back: {accuracy(net, held, held_labels, [0.0], [1.0]):.4f}")
    export(net, (1, 28, 28), out / "digits" / "digits.onnx", "logit",
           sidecar([str(digit) for digit in range(10)], "grey", [0.0], [1.0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--models", default="tanks-biased,tanks-fair,digits")
    parser.add_argument("--epochs", type=int, default=12, help="of the tanks")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    names = arguments.models.split(",")
    train_tanks(arguments.data, arguments.out, names, arguments.epochs)
    if "digits" in names:
        train_digits(arguments.data, arguments.out, 6)


if __name__ == "__main__":
    main()
