"""The peers' side of bench/networks.ts: PyTorch and JAX on the same work, single-threaded, as one JSON object a line.

pip install torch jax
"""
import json
import os
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np

sizes = {"policy": [11, 128, 128, 32, 8, 2], "loss network": [13, 128, 128, 64, 64, 32, 32, 16, 16, 8, 2]}
rate, steps = 0.2, 50


def fastest(run, seconds=1.5, least=5):
    """Milliseconds of the fastest of many runs: what the work costs when nothing else disturbs it."""
    best, until, runs = float("inf"), time.perf_counter() + seconds, 0
    while time.perf_counter() < until or runs < least:
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
        runs += 1
    return best * 1e3


def report(engine, work, milliseconds):
    print(json.dumps({"engine": engine, "work": work, "milliseconds": milliseconds}), flush=True)


def examples(network, rows):
    rng = np.random.default_rng(1)
    size = sizes[network]
    return rng.uniform(-1, 1, (rows, size[0])).astype("f"), rng.uniform(-1, 1, (rows, size[-1])).astype("f")


def pytorch():
    import torch

    torch.set_num_threads(1)

    def build(network):
        layers, size = [], sizes[network]
        for i in range(len(size) - 1):
            layers.append(torch.nn.Linear(size[i], size[i + 1]))
            if i < len(size) - 2:
                layers += [torch.nn.ReLU(), torch.nn.Dropout(rate)]
        return torch.nn.Sequential(*layers)

    for network in sizes:
        for batch in (32, 256):
            model = build(network).train()
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
            xs, ys = map(torch.from_numpy, examples(network, batch * steps))

            def run():
                for i in range(0, batch * steps, batch):
                    optimizer.zero_grad()
                    torch.nn.functional.mse_loss(model(xs[i : i + batch]), ys[i : i + batch]).backward()
                    optimizer.step()

            report("PyTorch", f"{network}, training step, batch {batch}", fastest(run) / steps)
    model = build("policy").eval()
    for rows in (1, 5, 100):
        x = torch.from_numpy(examples("policy", rows)[0])

        def run():
            with torch.inference_mode():
                for _ in range(steps):
                    model(x)

        report("PyTorch", f"policy, forward, {rows} rows", fastest(run) / steps)
    model = build("loss network").eval()
    x = torch.from_numpy(examples("loss network", 5)[0]).requires_grad_()

    def run():
        for _ in range(steps):
            torch.autograd.grad(model(x).norm(dim=1).sum(), x)[0].norm(dim=1)

    report("PyTorch", "loss network, norm and gradient of the norm, 5 rows", fastest(run) / steps)


def jaxed():
    import jax
    import jax.numpy as jnp

    def start(network):
        size = sizes[network]
        keys = jax.random.split(jax.random.key(0), len(size) - 1)
        return [
            (jax.random.uniform(k, (m, n), minval=-1, maxval=1) * (6 / (m + n)) ** 0.5, jnp.zeros(n))
            for k, m, n in zip(keys, size, size[1:])
        ]

    def forward(weights, x, key=None):
        for i, (w, b) in enumerate(weights):
            x = x @ w + b
            if i < len(weights) - 1:
                x = jax.nn.relu(x)
                if key is not None:
                    key, now = jax.random.split(key)
                    x = jnp.where(jax.random.bernoulli(now, 1 - rate, x.shape), x / (1 - rate), 0)
        return x

    def step(state, batch):
        weights, m, v, t, key = state
        key, now = jax.random.split(key)
        x, y = batch
        loss, g = jax.value_and_grad(lambda w: jnp.mean((forward(w, x, now) - y) ** 2))(weights)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        weights = jax.tree.map(
            lambda w, m, v: w - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-7), weights, m, v
        )
        return (weights, m, v, t, key), loss

    many = jax.jit(lambda state, batches: jax.lax.scan(step, state, batches))
    for network in sizes:
        for batch in (32, 256):
            weights = start(network)
            zeros = jax.tree.map(jnp.zeros_like, weights)
            # rbg is JAX's quickest generator on a processor
            state = (weights, zeros, zeros, jnp.float32(0), jax.random.key(1, impl="rbg"))
            xs, ys = (jnp.asarray(a.reshape(steps, batch, -1)) for a in examples(network, batch * steps))
            jax.block_until_ready(many(state, (xs, ys)))
            took = fastest(lambda: jax.block_until_ready(many(state, (xs, ys))))
            report("JAX", f"{network}, training step, batch {batch}", took / steps)
    weights = start("policy")
    predict = jax.jit(forward)
    for rows in (1, 5, 100):
        x = jnp.asarray(examples("policy", rows)[0])
        jax.block_until_ready(predict(weights, x))

        def run():
            for _ in range(steps):
                jax.block_until_ready(predict(weights, x))

        report("JAX", f"policy, forward, {rows} rows", fastest(run) / steps)
    weights = start("loss network")
    x = jnp.asarray(examples("loss network", 5)[0])

    @jax.jit
    def steepness(weights, x):
        gradient = jax.vmap(jax.value_and_grad(lambda x: jnp.linalg.norm(forward(weights, x))))(x)[1]
        return jnp.linalg.norm(gradient, axis=1)

    jax.block_until_ready(steepness(weights, x))

    def run():
        for _ in range(steps):
            jax.block_until_ready(steepness(weights, x))

    report("JAX", "loss network, norm and gradient of the norm, 5 rows", fastest(run) / steps)


for peer in (pytorch, jaxed):
    try:
        peer()
    except ImportError as missing:
        print(f"{missing}: left out", file=sys.stderr)
