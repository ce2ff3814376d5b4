"""Writes tiff.json: TIFF files of many kinds and the numbers in them.

Arrays are written by tifffile or Pillow and rewritten by libtiff's tiffcp; what is
expected is the array itself, or for JPEG what libtiff reads.
Run with: /usr/bin/python3 tiff.py   (needs tifffile, Pillow, tiffcp)
"""
import base64, json, os, subprocess, tempfile
import numpy as np
import tifffile
from PIL import Image

H, W = 9, 17
folder = tempfile.mkdtemp()
cases = []


def ramp(dtype, *shape):
    n = int(np.prod(shape))
    a = np.arange(n, dtype=np.float64) * 37.25
    d = np.dtype(dtype)
    if d.kind == 'f':
        a = (a - a.mean()) / 16
        a[3] = np.inf
        a[5] = -np.inf
    elif d.kind == 'i':
        a = (a * 11).astype(np.int64) % (1 << min(8 * d.itemsize, 30)) - (1 << (min(8 * d.itemsize, 30) - 1))
    else:
        a = (a * 11).astype(np.int64) % (1 << min(8 * d.itemsize, 30))
    return a.astype(d).reshape(shape)


def add(name, path, array, page=0):
    array = np.asarray(array)
    bytes_enough = array.dtype != np.int8 and np.isfinite(array).all() and (array == array.astype(np.uint8)).all()
    cases.append({
        'name': name, 'file': base64.b64encode(open(path, 'rb').read()).decode(), 'page': page,
        'shape': list(array.shape) if array.ndim == 3 else list(array.shape) + [1],
        'values': base64.b64encode(array.astype('u1' if bytes_enough else '<f4').tobytes()).decode(),
    })


def path(name):
    return os.path.join(folder, name + '.tif')


def write(name, array, **k):
    tifffile.imwrite(path(name), array, metadata=None, **k)
    return path(name)


def tiffcp(name, source, *options):
    subprocess.run(['tiffcp', *options, source, path(name)], check=True)
    return path(name)


for dtype in ['u1', 'u2', 'u4', 'i1', 'i2', 'i4', 'f2', 'f4', 'f8', 'u8', 'i8']:
    a = ramp(dtype, H, W)
    for order in '<>':
        add(f'{dtype} {order}', write('plain', a, byteorder=order, photometric='minisblack'), a)

for dtype in ['u1', 'u2', 'f4']:
    a = ramp(dtype, H, W)
    c = ramp(dtype, H, W, 3)
    grey = write('grey', a, photometric='minisblack')
    rgb = write('rgb', c, photometric='rgb')
    planes = write('planes', c.transpose(2, 0, 1), photometric='rgb', planarconfig='separate')
    predictor = '3' if dtype == 'f4' else '2'
    for label, options in {
        'lzw': ['-c', 'lzw'], 'zip': ['-c', 'zip'], 'packbits': ['-c', 'packbits'],
        f'lzw predictor {predictor}': ['-c', 'lzw:' + predictor], f'zip predictor {predictor}': ['-c', 'zip:' + predictor],
        'tiles': ['-t', '-w', '16', '-l', '16'], 'tiles zip predictor': ['-t', '-w', '16', '-l', '16', '-c', 'zip:' + predictor],
        'strips of 4 rows': ['-r', '4'], 'big endian': ['-B', '-c', 'lzw' if dtype == 'f4' else 'lzw:2'], 'bigtiff': ['-8', '-c', 'zip'],
        'bigtiff big endian tiles': ['-8', '-B', '-t', '-w', '16', '-l', '16'],
    }.items():
        if dtype == 'u2' and 'predictor' not in label:
            continue
        add(f'{dtype} grey {label}', tiffcp('out', grey, *options), a)
        add(f'{dtype} rgb {label}', tiffcp('out', rgb, *options), c)
        if '-t' not in options:
            add(f'{dtype} planes {label}', tiffcp('out', planes, *options), c)

a = ramp('u2', 3, H, W)
add('planes written at once', write('out', a, photometric='rgb', planarconfig='separate'), a.transpose(1, 2, 0))
a = ramp('u1', H, W)
add('white is zero', write('out', a, photometric='miniswhite'), 255 - a.astype(float))
stack = ramp('i2', 4, H, W)
add('third page', write('out', stack, photometric='minisblack'), stack[2], page=2)
bits = (ramp('u1', H, W) > 90)
for compression in [None, 'group3', 'group4']:
    Image.fromarray(bits).save(path('bits'), compression=compression)
    add(f'1 bit {compression}', path('bits'), bits * 255.0)
add('1 bit group4, bits from the right', tiffcp('out', path('bits'), '-f', 'lsb2msb'), bits * 255.0)
p = Image.fromarray(ramp('u1', H, W)).convert('P', palette=Image.ADAPTIVE, colors=16)
p.putpalette([(i * 5 + c * 60) % 256 for i in range(256) for c in range(3)])
p.save(path('palette'))
add('palette', path('palette'), np.asarray(p.convert('RGB')))
cmyk = ramp('u1', H, W, 4)
add('cmyk', write('out', cmyk, photometric='separated'),
    np.floor((255.0 - cmyk[..., :3]) * (255.0 - cmyk[..., 3:]) / 255 + 0.5))

smooth = Image.fromarray(np.uint8(np.fromfunction(lambda y, x, c: 128 + 60 * np.sin(y / 5 + c) + 60 * np.cos(x / 7), (24, 40, 3))))
smooth.save(path('jpeg'), compression='jpeg', quality=90)
add('jpeg', path('jpeg'), np.asarray(Image.open(path('jpeg')).convert('RGB')))
smooth.convert('L').save(path('jpeg'), compression='jpeg', quality=90)
add('jpeg grey', path('jpeg'), np.asarray(Image.open(path('jpeg'))))
smooth.save(path('plain'))
tiffcp('out', path('plain'), '-c', 'jpeg:r:90', '-t', '-w', '16', '-l', '16')
add('jpeg tiles of rgb', path('out'), np.asarray(Image.open(path('out')).convert('RGB')))
tiffcp('out', path('plain'), '-c', 'jpeg:90', '-r', '16')
add('jpeg strips of chroma', path('out'), np.asarray(Image.open(path('out')).convert('RGB')))

json.dump(cases, open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'tiff.json'), 'w'), separators=(',', ':'))
print(len(cases), 'files')
