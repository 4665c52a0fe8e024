"""Writes reference.json: values and gradients computed by JAX, for reference.test.ts.

    python -m venv venv && venv/bin/pip install "jax[cpu]==0.10.2" "numpy==2.4.6"
    venv/bin/python test/nn/reference.py
    npx biome format --write test/nn/reference.json

JAX differentiates the formulas written here by itself, in 64-bit numbers, so nothing of the
library's backward pass is repeated. Weights, inputs and targets are drawn once, rounded to three
digits, and written beside the gradients: the tests need neither Python nor JAX.
"""

import json
import math
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "leakyRelu": lambda z: jax.nn.leaky_relu(z, 0.01),
    "elu": jax.nn.elu,
    "softplus": jax.nn.softplus,
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "silu": jax.nn.silu,
    "softmax": jax.nn.softmax,
}
LOSSES = {
    "halfSquaredError": lambda a, y: 0.5 * jnp.sum((a - y) ** 2),
    "binaryCrossEntropy": lambda a, y: -jnp.sum(y * jnp.log(a) + (1 - y) * jnp.log(1 - a)),
    "crossEntropy": lambda a, y: -jnp.sum(y * jnp.log(a)),
}
# Every hidden activation meets each of these; the last three take the whole Jacobian of softmax,
# or a loss with an output that is not its own.
OUTPUTS = [
    ("identity", "halfSquaredError"),
    ("sigmoid", "binaryCrossEntropy"),
    ("softmax", "crossEntropy"),
    ("tanh", "halfSquaredError"),
    ("softmax", "halfSquaredError"),
    ("softmax", "binaryCrossEntropy"),
    ("sigmoid", "crossEntropy"),
]


def outputs(weights, sizes, hidden, output, x):
    """The network's formulas: each layer's weights are units x (1 + inputs), the bias first."""
    start = 0
    for layer in range(1, len(sizes)):
        shape = (sizes[layer], 1 + sizes[layer - 1])
        matrix = weights[start : start + math.prod(shape)].reshape(shape)
        start += math.prod(shape)
        name = output if layer == len(sizes) - 1 else hidden
        x = ACTIVATIONS[name](matrix @ jnp.concatenate([jnp.ones(1), x]))
    return x


def network_case(random, hidden, output, loss, sizes, batch):
    count = sum(n * (1 + m) for m, n in zip(sizes, sizes[1:]))
    weights = np.round(random.uniform(-1.5, 1.5, count), 3)
    inputs = np.round(random.uniform(-2, 2, (batch, sizes[0])), 3)
    targets = np.round(random.uniform(0.05, 0.95, (batch, sizes[-1])), 3)
    if loss == "crossEntropy":  # probabilities: they add up to 1
        targets[:, -1] = 0
        targets = np.round(targets / (sizes[-1] - 1), 3)
        targets[:, -1] = np.round(1 - targets.sum(axis=1), 3)

    def cost(w):
        losses = [
            LOSSES[loss](outputs(w, sizes, hidden, output, jnp.array(x)), jnp.array(y))
            for x, y in zip(inputs, targets)
        ]
        return sum(losses) / batch

    value, gradient = jax.value_and_grad(cost)(jnp.array(weights))
    return {
        "hidden": hidden,
        "output": output,
        "loss": loss,
        "sizes": sizes,
        "weights": weights.tolist(),
        "inputs": inputs.tolist(),
        "targets": targets.tolist(),
        "cost": float(value),
        "gradient": [float(f"{slope:.14g}") for slope in np.asarray(gradient)],
    }


def activation_case(name):
    """[z, f(z), f'(z)]; the values of GELU by Python's own math.erfc, which keeps its digits in the tail."""
    points = [-30.0, -5.0, -3.5, -1.7, -0.4, -1e-3, 1e-3, 0.25, 1.0, 2.6, 4.0, 12.0]
    rows = []
    for z in points:
        value = float(ACTIVATIONS[name](z))
        slope = float(jax.grad(ACTIVATIONS[name])(z))
        if name == "gelu":
            below = math.erfc(-z / math.sqrt(2)) / 2
            value = z * below
            slope = below + z * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        rows.append([z, value, slope])
    return rows


def main():
    random = np.random.default_rng(1986)
    hidden_names = [name for name in ACTIVATIONS if name != "softmax"]
    networks = []
    for hidden in hidden_names:
        for output, loss in OUTPUTS:
            deep = len(networks) % 3 == 2
            batch = [1, 4][len(networks) % 2]
            sizes = [2, 3, 2, 2] if deep else [2, 3, 2]
            networks.append(network_case(random, hidden, output, loss, sizes, batch))
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in networks)
    points = ",\n".join(f'"{name}":{json.dumps(activation_case(name))}' for name in hidden_names)
    text = (
        f'{{"jax":"{jax.__version__}","numpy":"{np.__version__}",\n'
        f'"activations":{{\n{points}}},\n"networks":[\n{lines}\n]}}\n'
    )
    Path(__file__).with_name("reference.json").write_text(text, encoding="utf-8")


main()
