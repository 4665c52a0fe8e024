"""Gradients and training runs computed by JAX, activations by mpmath, for reference.test.ts and activations.test.ts.

    reference.py reference.json            writes them
    reference.py reference.json --check    fails if the file differs from what they compute now

`npm run test:reference` installs what this needs (requirements.txt), and checks.

JAX differentiates the formulas written here by itself, in 64-bit numbers, and Optax makes the steps, so
nothing of the library is repeated. Weights, inputs and targets are drawn for each case from a seed of its own
(so a new case changes no other), rounded to three digits, and written beside the results: `npm test` needs neither
Python nor JAX.
"""

import math
import sys
import zlib
from pathlib import Path

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import optax
from mpmath import mpf

sys.path.append(str(Path(__file__).parent.parent))
from reference_file import write_or_check

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
SHAPES = [[2, 3, 2], [4, 5, 3], [2, 3, 2, 2], [1, 4, 3, 3, 2]]
STEPS = 120
# RMSProp with a small rate: near a minimum its steps follow the sign of rounding errors.
RATES = {
    "gradientDescent": (0.2, optax.sgd),
    "momentum": (0.05, lambda rate: optax.sgd(rate, momentum=0.9)),
    "nesterov": (0.05, lambda rate: optax.sgd(rate, momentum=0.9, nesterov=True)),
    "rmsProp": (0.002, lambda rate: optax.rmsprop(rate, decay=0.9, eps=1e-8, eps_in_sqrt=False)),
    "adam": (0.02, optax.adam),
    "adamW": (0.02, lambda rate: optax.adamw(rate, weight_decay=0.01)),
}
RUNS = [
    ("tanh", "identity", "halfSquaredError", [2, 3, 1], 4),
    ("sigmoid", "softmax", "crossEntropy", [3, 4, 3, 2], 6),
    ("silu", "sigmoid", "binaryCrossEntropy", [2, 5, 1], 1),
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


def drawn_case(label, hidden, output, loss, sizes, batch):
    """A network and samples, rounded to three digits; and its cost, as a function of the weights."""
    random = np.random.default_rng(zlib.crc32(f"{label} {hidden} {output} {loss} {sizes} {batch}".encode()))
    count = sum(n * (1 + m) for m, n in zip(sizes, sizes[1:]))
    weights = np.round(random.uniform(-1.2, 1.2, count), 3)
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

    case = {
        "hidden": hidden,
        "output": output,
        "loss": loss,
        "sizes": sizes,
        "weights": weights.tolist(),
        "inputs": inputs.tolist(),
        "targets": targets.tolist(),
    }
    return case, cost


def written(numbers):
    """Two digits fewer than there are: the last ones differ between processors."""
    return [float(f"{number:.14g}") for number in np.asarray(numbers)]


def network_case(*what):
    case, cost = drawn_case("network", *what)
    value, gradient = jax.value_and_grad(cost)(jnp.array(case["weights"]))
    return {**case, "cost": float(value), "gradient": written(gradient)}


def run_case(name, *what):
    """The cost before each 20th step and after the last, and the weights then; each step takes all samples."""
    case, cost = drawn_case(name, *what)
    rate, make = RATES[name]
    optimiser = make(rate)
    weights = jnp.array(case["weights"])
    state = optimiser.init(weights)

    @jax.jit
    def step(weights, state):
        value, gradient = jax.value_and_grad(cost)(weights)
        change, state = optimiser.update(gradient, state, weights)
        return optax.apply_updates(weights, change), state, value

    costs = []
    for n in range(STEPS):
        weights, state, value = step(weights, state)
        if n % 20 == 0:
            costs.append(value)
    costs.append(cost(weights))
    return {
        "optimiser": name,
        "learningRate": rate,
        "steps": STEPS,
        **case,
        "costs": written(costs),
        "trained": written(weights),
    }


# The activations once more, as their values and slopes are compared to the last digits, which JAX may have wrong.
EXACT = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "relu": lambda z: max(z, mpf(0)),
    "leakyRelu": lambda z: z if z > 0 else mpf(0.01) * z,
    "elu": lambda z: z if z > 0 else mpmath.expm1(z),
    "softplus": lambda z: mpmath.log1p(mpmath.exp(z)),
    "gelu": lambda z: z * mpmath.ncdf(z),
    "silu": lambda z: z / (1 + mpmath.exp(-z)),
}
POINTS = [
    *[sign * z for z in (1e-300, 1e-9, 1e-3, 0.25, 0.4, 1.0, 1.7, 2.6, 3.5, 3.54, 5.0, 12.0, 19.0) for sign in (1, -1)],
    *[30.0, -30.0, 37.5, -37.5, 300.0, -300.0, 708.5, -708.5],
]


def activation_case(name):
    """[z, f(z), f'(z)], each the number next to the true value; mpmath differentiates the formula by itself."""
    with mpmath.workdps(1000):
        f = EXACT[name]
        return [[z, float(f(mpf(z))), float(mpmath.diff(f, mpf(z), h=mpf(10) ** -400))] for z in POINTS]


def compute():
    hidden_names = [name for name in ACTIVATIONS if name != "softmax"]
    networks = []
    for hidden in hidden_names:
        for output, loss in OUTPUTS:
            n = len(networks)
            networks.append(network_case(hidden, output, loss, SHAPES[n % 4], [1, 4, 2][n % 3]))
    return {
        "jax": jax.__version__,
        "optax": optax.__version__,
        "numpy": np.__version__,
        "mpmath": mpmath.__version__,
        "activations": {name: activation_case(name) for name in EXACT},
        "networks": networks,
        "runs": [run_case(name, *what) for name in RATES for what in RUNS],
    }


def is_same(path, old, new):
    """To rounding; but what mpmath gives is the same everywhere."""
    return old == new if path.startswith(".activations") else abs(old - new) <= 1e-12 * max(1, abs(old))


new = compute()
write_or_check(new, f"{len(new['networks'])} networks and {len(new['runs'])} runs", is_same)
