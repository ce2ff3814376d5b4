#!/usr/bin/env python3
"""Compares the command line with Captum on PyTorch: the same networks and weights,
the same picture, the same settings, on the CPU.

    scripts/bench-peers.py PICASSO_CLI

Prints a table: seconds of Captum over seconds of Picasso for each method (above 1
Picasso is faster), and how far the maps are apart. Picasso's time is that of the whole
command less that of a command that only predicts; Captum's is that of the call, with the
network loaded and run once. Both are medians of ROUNDS rounds that take turns. "first"
says that nothing but opening the sessions is counted beside one pass.

Needs torch, torchvision and captum, which this script does not install: it is skipped,
with a reason, where one of them is missing. PYTHONPATH may lead to a checkout of Captum.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

warnings.simplefilter("ignore")
ROUNDS = int(os.environ.get("ROUNDS", "3"))
NETWORKS = os.environ.get("NETWORKS", "squeezenet1_1 mobilenet_v2 resnet50").split()

try:
    import numpy as np
    import torch
    import torchvision
    from captum.attr import GuidedBackprop, IntegratedGradients, LayerGradCam, NoiseTunnel, Occlusion, Saliency
except ImportError as missing:
    print(f"bench-peers is skipped: {missing}. It needs torch, torchvision and captum.", file=sys.stderr)
    sys.exit(0)


torch.set_num_threads(len(os.sched_getaffinity(0)))


def last_features(net):
    """The layer in front of the pooling, as Picasso's layer=last."""
    if hasattr(net, "layer4"):
        return net.layer4[-1]
    if isinstance(net, torchvision.models.SqueezeNet):
        return net.classifier[2]
    return net.features[-1][-1]


def methods(net, x, target):
    """Name: what Captum does, what Picasso is told, and how their maps compare (None: not at all)."""
    def plain(a):
        return a[0].detach().numpy()

    def occlusion(copies):
        return lambda: plain(Occlusion(net).attribute(x, (3, 32, 32), (3, 16, 16), 0, target=target, perturbations_per_eval=copies))[0]
    covering = ["--visualizer", "occlusion", "--set", "size=32", "--set", "stride=16", "--set", "fill=zero"]
    channels = ["--set", "channels=all"]
    return {
        "saliency, first": (lambda: plain(Saliency(net).attribute(x, target=target, abs=False)), ["--visualizer", "saliency"] + channels),
        "Grad-CAM, first": (lambda: plain(LayerGradCam(net, last_features(net)).attribute(x, target=target, relu_attributions=True))[0],
                            ["--visualizer", "grad-cam", "--set", "upsample=none"]),
        "guided backprop, first": (lambda: plain(GuidedBackprop(net).attribute(x, target=target)), ["--visualizer", "guided-backprop"] + channels),
        "integrated gradients, 50 steps": (lambda: plain(IntegratedGradients(net).attribute(x, 0, target=target, n_steps=50, internal_batch_size=10)),
                                           ["--visualizer", "integrated-gradients", "--set", "baseline=zero", "--set", "rule=gauss"] + channels),
        "SmoothGrad, 25 samples": (lambda: plain(NoiseTunnel(Saliency(net)).attribute(x, nt_samples=25, nt_samples_batch_size=5, stdevs=0.5, target=target)), ["--visualizer", "smoothgrad"] + channels),
        "occlusion, one by one": (occlusion(1), covering),
        "occlusion, 16 together": (occlusion(16), covering),
    }


def timed(run):
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def picasso(cli, model, array, target, arguments, out):
    command = [cli, "explain", "--model", model, "--image", array, "--provider", "cpu", "--output", "logit",
               "--target", str(target), "--out", out] + arguments
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return time.perf_counter() - start


def map_of(out, visualizer, target):
    return np.load(os.path.join(out, "x", f"{visualizer}-{target}.npy"))


def incomparable(net, method):
    """Why two maps need not agree; "" where they must."""
    if "SmoothGrad" in method:
        return "random draws"
    if "guided" in method and any(isinstance(m, torch.nn.ReLU6) for m in net.modules()):
        return "Captum passes ReLU6 as it is"
    return ""


def compare(cli, name, folder):
    torch.manual_seed(1)
    net = getattr(torchvision.models, name)(weights=None).eval()
    for module in net.modules():  # Captum's hooks need it
        if hasattr(module, "inplace"):
            module.inplace = False
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        target = int(net(x)[0].argmax())
    model, array = os.path.join(folder, name + ".onnx"), os.path.join(folder, "x.npy")
    torch.onnx.export(net, x, model, opset_version=16, input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
    np.save(array, x.numpy()[0])
    picasso(cli, model, array, target, ["--visualizer", "prediction"], os.path.join(folder, "known"))  # the model is known from now on
    for method, (captum, arguments) in methods(net, x, target).items():
        theirs, ours = [], []
        out = os.path.join(folder, f"{name}-{len(os.listdir(folder))}")
        for _ in range(ROUNDS):
            seconds, result = timed(captum)
            theirs.append(seconds)
            start = picasso(cli, model, array, target, ["--visualizer", "prediction"], os.path.join(folder, "start"))
            ours.append(picasso(cli, model, array, target, arguments, out) - start)
        mine = map_of(out, arguments[1], target)
        apart = incomparable(net, method) or f"{np.abs(mine - result).max() / np.abs(result).max():.1e}"
        a, b = statistics.median(theirs), statistics.median(ours)
        print(f"| {name} | {method} | {a:.2f} | {b:.2f} | **{a / max(b, 1e-3):.2f}** | {apart} |", flush=True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print("| network | method | Captum, s | Picasso, s | ratio | maps apart |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in NETWORKS:
            compare(sys.argv[1], name, folder)
    print(f"\ntorch {torch.__version__}, {torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}, medians of {ROUNDS}")


main()
