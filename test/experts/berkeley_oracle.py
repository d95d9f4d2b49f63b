"""Writes fixtures/berkeley.json: actions as Berkeley's load_policy.py defines them, in numpy float64 and without folding.

    python3 berkeley_oracle.py FOLDER > fixtures/berkeley.json && npx biome format --write fixtures/berkeley.json

FOLDER holds the published Hopper-v2.pkl and Reacher-v2.pkl, of which only these actions are kept. Beside them stands a
small expert of the same structure with random weights, whole, in each protocol. Made with Python 3.11.7 and numpy 2.4.6.
"""

import base64
import json
import pickle
import platform
import sys

import numpy as np


def act(expert, observations):
    """Mean actions for observations [n, inputs]."""
    policy = expert['GaussianPolicy']
    norm = policy['obsnorm']['Standardizer']
    stdev = np.sqrt(np.maximum(0, norm['meansq_1_D'] - np.square(norm['mean_1_D'])))
    x = (observations - norm['mean_1_D']) / (stdev + 1e-6)
    hidden = policy['hidden']['FeedforwardNet']
    for name in sorted(hidden):
        x = np.tanh(x @ hidden[name]['AffineLayer']['W'] + hidden[name]['AffineLayer']['b'])
    return x @ policy['out']['AffineLayer']['W'] + policy['out']['AffineLayer']['b']


def observe(expert, rng, n=6):
    """Observations around those of training; an entry that never varied there does not vary here."""
    norm = expert['GaussianPolicy']['obsnorm']['Standardizer']
    stdev = np.sqrt(np.maximum(0, norm['meansq_1_D'] - np.square(norm['mean_1_D'])))
    return norm['mean_1_D'] + 1.5 * stdev * rng.standard_normal((n, stdev.size))


def synthetic(rng, inputs=3, units=5, actions=2):
    """An expert of the published structure; its last input never varied."""

    def affine(n, m):
        return {'AffineLayer': {'W': rng.standard_normal((n, m)) / np.sqrt(n), 'b': rng.standard_normal((1, m)) / 4}}

    mean = rng.standard_normal((1, inputs))
    meansq = np.square(mean) + rng.uniform(0.01, 4, (1, inputs))
    mean[0, -1] = meansq[0, -1] = 0
    return {
        'GaussianPolicy': {
            'obsnorm': {'Standardizer': {'count': np.array(1000.0), 'meansq_1_D': meansq, 'mean_1_D': mean}},
            'logstdevs_1_Da': np.zeros((1, actions)),
            'out': affine(units, actions),
            'hidden': {'FeedforwardNet': {'layer_2': affine(units, units), 'layer_0': affine(inputs, units)}},
        },
        'nonlin_type': 'tanh',
    }


def answers(expert, rng):
    observations = observe(expert, rng)
    return {'observations': observations.tolist(), 'actions': act(expert, observations).tolist()}


def published(name):
    with open(f'{sys.argv[1]}/{name}.pkl', 'rb') as file:
        return pickle.load(file)


rng = np.random.default_rng(2020)
small = synthetic(rng)
pickles = {str(p): base64.b64encode(pickle.dumps(small, p)).decode() for p in range(2, 6)}
fixtures = {
    'versions': {'python': platform.python_version(), 'numpy': np.__version__},
    'synthetic': {**answers(small, rng), 'pickles': pickles},
    'Hopper-v2': answers(published('Hopper-v2'), rng),
    'Reacher-v2': answers(published('Reacher-v2'), rng),
}
print(json.dumps(fixtures, indent=2))
