"""Results and vector-Jacobian products of operations and of compositions, computed by JAX, for reference.test.ts.

    reference.py reference.json            writes them
    reference.py reference.json --check    fails if the file differs from what they compute now

`npm run test:reference` runs it. The formulas are written here once more, with JAX's own functions, and JAX differentiates
them in 64-bit numbers. Inputs and the vector are drawn for each case from a seed of its own, rounded to three digits, and
written beside the results. Numbers that are compared by size (maxima, pooling) differ by more than rounding, as they
are drawn.
"""

import sys
import zlib
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

sys.path.append(str(Path(__file__).parent.parent))
from reference_file import write_or_check

jax.config.update("jax_enable_x64", True)


def conv(x, kernel, stride=1, padding=0):
    axes = x.ndim - 2
    return lax.conv_general_dilated(x, kernel, (stride,) * axes, [(padding, padding)] * axes)


def pool(x, size, stride, axes):
    lengths = (1,) * (x.ndim - axes)
    return lax.reduce_window(x, -jnp.inf, lax.max, lengths + (size,) * axes, lengths + (stride,) * axes, "VALID")


def layer_norm(x, axis=-1, epsilon=1e-5):
    mean = x.mean(axis, keepdims=True)
    return (x - mean) / jnp.sqrt(((x - mean) ** 2).mean(axis, keepdims=True) + epsilon)


def gelu(x):
    return jax.nn.gelu(x, approximate=False)


ROWS = jnp.array([[0, 2, 2], [3, 1, 0]])

# Each operation: what it computes, and the shapes of its inputs.
OPERATIONS = {
    "add": (jnp.add, [[2, 3], [2, 3]]),
    "add, stretched": (jnp.add, [[2, 1, 4], [3, 1]]),
    "subtract, stretched": (jnp.subtract, [[3], [2, 3]]),
    "multiply": (jnp.multiply, [[2, 3], [2, 3]]),
    "multiply, stretched": (jnp.multiply, [[4, 1], [2, 4, 3]]),
    "divide, stretched": (lambda x, y: x / (y * y + 0.5), [[2, 3], [3]]),
    "matmul": (jnp.matmul, [[3, 4], [4, 2]]),
    "matmul, one for many": (jnp.matmul, [[2, 5, 3, 4], [4, 2]]),
    "matmul, stretched": (jnp.matmul, [[2, 1, 3, 4], [3, 4, 5]]),
    "matmul, many for one": (jnp.matmul, [[3, 4], [5, 4, 2]]),
    "matmul, large": (jnp.matmul, [[13, 17], [17, 11]]),
    "sum": (lambda x: x.sum((0, 2)), [[2, 3, 4]]),
    "sum of all": (jnp.sum, [[2, 3]]),
    "mean": (lambda x: x.mean(-1), [[2, 3, 4]]),
    "max": (lambda x: x.max(1), [[2, 5, 3]]),
    "max over two axes": (lambda x: x.max((0, 2)), [[2, 5, 3]]),
    "reshape": (lambda x: x.reshape(4, -1), [[2, 3, 4]]),
    "transpose": (lambda x: x.swapaxes(-1, -2), [[2, 3, 4]]),
    "transpose, in order": (lambda x: x.transpose(2, 0, 1), [[2, 3, 4]]),
    "slice": (lambda x: x[:, 1:3], [[2, 4, 3]]),
    "concatenate": (lambda x, y: jnp.concatenate([x, y, x], 1), [[2, 1, 3], [2, 2, 3]]),
    "gather": (lambda x: x[ROWS], [[4, 3]]),
    "exp": (jnp.exp, [[2, 5]]),
    "log": (lambda x: jnp.log(x * x + 0.1), [[2, 5]]),
    "tanh": (jnp.tanh, [[2, 5]]),
    "sigmoid": (jax.nn.sigmoid, [[2, 5]]),
    "relu": (jax.nn.relu, [[2, 5]]),
    "gelu": (gelu, [[3, 5]]),
    "power": (lambda x: x**3, [[2, 5]]),
    "softmax": (jax.nn.softmax, [[3, 5]]),
    "softmax along the first axis": (lambda x: jax.nn.softmax(x, 0), [[3, 2, 2]]),
    "logSoftmax": (lambda x: jax.nn.log_softmax(x, 1), [[2, 4, 3]]),
    "layerNorm": (layer_norm, [[3, 6]]),
    "layerNorm along the middle": (lambda x: layer_norm(x, 1, 0.01), [[2, 5, 3]]),
    "conv1d": (conv, [[2, 3, 7], [4, 3, 3]]),
    "conv1d, stride and padding": (lambda x, k: conv(x, k, 2, 2), [[2, 3, 7], [4, 3, 4]]),
    "conv2d": (conv, [[2, 3, 5, 4], [4, 3, 3, 2]]),
    "conv2d, padding": (lambda x, k: conv(x, k, 1, 1), [[3, 2, 6, 6], [5, 2, 3, 3]]),
    "conv2d, stride and padding": (lambda x, k: conv(x, k, 2, 1), [[1, 2, 6, 5], [3, 2, 3, 3]]),
    "maxPool1d": (lambda x: pool(x, 2, 2, 1), [[2, 3, 7]]),
    "maxPool2d": (lambda x: pool(x, 2, 2, 2), [[2, 3, 5, 4]]),
    "maxPool2d, windows that overlap": (lambda x: pool(x, 3, 1, 2), [[2, 5, 6]]),
}


def dense(x, W1, b1, W2, b2):
    return jnp.tanh(x @ W1 + b1) @ W2 + b2


def cross_entropy(x, W1, b1, W2, b2):
    return -jax.nn.log_softmax(dense(x, W1, b1, W2, b2))[jnp.arange(4), jnp.array([0, 2, 1, 2])].mean()


def images(x, K1, b1, K2, b2, W):
    h = pool(jax.nn.relu(conv(x, K1, 1, 1) + b1), 2, 2, 2)
    h = pool(jax.nn.relu(conv(h, K2, 1, 1) + b2), 2, 2, 2)
    return h.reshape(len(x), -1) @ W


def attention(x, Q, K, V, O):
    q, k, v = x @ Q, x @ K, x @ V
    scores = q @ k.swapaxes(-1, -2) / jnp.sqrt(q.shape[-1])
    return jax.nn.softmax(scores) @ v @ O


def causal(x, Q, K, V):
    q, k, v = x @ Q, x @ K, x @ V
    later = jnp.triu(jnp.full((x.shape[-2],) * 2, -1e9), 1)
    return jax.nn.softmax(q @ k.swapaxes(-1, -2) + later) @ v


def heads(x, Q, K, V):
    def split(y):
        return y.reshape(2, 5, 2, 3).transpose(0, 2, 1, 3)

    q, k, v = split(x @ Q), split(x @ K), split(x @ V)
    y = jax.nn.softmax(q @ k.swapaxes(-1, -2) / jnp.sqrt(3.0)) @ v
    return y.transpose(0, 2, 1, 3).reshape(2, 5, 6)


def block(x, W1, b1, W2, b2, gain, bias):
    return x + gelu((layer_norm(x) * gain + bias) @ W1 + b1) @ W2 + b2


def recurrent(x, W, U, b):
    h = jnp.zeros((3, 4))
    for t in range(x.shape[1]):
        h = jnp.tanh(x[:, t] @ W + h @ U + b)
    return h


def lstm(x, W, U, b):
    h = c = jnp.zeros((2, 3))
    for t in range(x.shape[1]):
        z = x[:, t] @ W + h @ U + b
        i, f, o, n = (z[:, 3 * k : 3 * k + 3] for k in range(4))
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(n)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return h


def text(table, positions, K, W):
    x = (table[ROWS] + positions).transpose(0, 2, 1)
    return jax.nn.relu(conv(x, K, 1, 1)).max(-1) @ W


def batch_norm(x, gain, bias):
    mean = x.mean(0)
    return gain * (x - mean) / jnp.sqrt(((x - mean) ** 2).mean(0) + 1e-5) + bias


def mixture(x, means, logits):
    distances = -0.5 * (x[:, None] - means) ** 2
    return jax.nn.logsumexp(distances + jax.nn.log_softmax(logits), -1)


def gated(x, W, V):
    return (x @ W) * jax.nn.sigmoid(x @ V) / (1 + jnp.exp(-x.sum(-1, keepdims=True)))


def gram(x):
    y = x - x.mean(0)
    return (y.T @ y) ** 2


COMPOSITIONS = {
    "a dense network": (dense, [[4, 3], [3, 5], [5], [5, 2], [2]]),
    "cross-entropy": (cross_entropy, [[4, 3], [3, 5], [5], [5, 3], [3]]),
    "images": (images, [[2, 1, 8, 8], [3, 1, 3, 3], [3, 1, 1], [4, 3, 3, 3], [4, 1, 1], [16, 3]]),
    "attention": (attention, [[2, 5, 4], [4, 3], [4, 3], [4, 3], [3, 4]]),
    "causal attention": (causal, [[2, 5, 4], [4, 3], [4, 3], [4, 3]]),
    "two heads": (heads, [[2, 5, 4], [4, 6], [4, 6], [4, 6]]),
    "a block": (block, [[2, 3, 4], [4, 6], [6], [6, 4], [4], [4], [4]]),
    "through time": (recurrent, [[3, 6, 2], [2, 4], [4, 4], [4]]),
    "an LSTM": (lstm, [[2, 4, 3], [3, 12], [3, 12], [12]]),
    "a text": (text, [[4, 3], [3, 3], [5, 3, 3], [5, 2]]),
    "batch normalisation": (batch_norm, [[6, 3], [3], [3]]),
    "a mixture": (mixture, [[5], [3], [3]]),
    "gates": (gated, [[4, 3], [3, 2], [3, 2]]),
    "a Gram matrix": (gram, [[5, 3]]),
}


def written(numbers):
    """Two digits fewer than there are: the last ones differ between processors."""
    return [float(f"{number:.14g}") for number in np.asarray(numbers).ravel()]


def drawn(name, f, shapes):
    random = np.random.default_rng(zlib.crc32(name.encode()))
    inputs = [jnp.array(np.round(random.normal(0, 1, shape), 3)) for shape in shapes]
    result, vjp = jax.vjp(f, *inputs)
    vector = jnp.array(np.round(random.normal(0, 1, result.shape), 3))
    return {
        "name": name,
        "shapes": shapes,
        "inputs": [np.asarray(one).ravel().tolist() for one in inputs],
        "vector": np.asarray(vector).ravel().tolist(),
        "shape": list(result.shape),
        "result": written(result),
        "slopes": [written(slope) for slope in vjp(vector)],
    }


def compute():
    return {
        "jax": jax.__version__,
        "operations": [drawn(name, *case) for name, case in OPERATIONS.items()],
        "compositions": [drawn(name, *case) for name, case in COMPOSITIONS.items()],
    }


def is_same(_path, old, new):
    """To rounding."""
    return abs(old - new) <= 1e-11 * max(1, abs(old))


new = compute()
write_or_check(new, f"{len(new['operations'])} operations and {len(new['compositions'])} compositions", is_same)
