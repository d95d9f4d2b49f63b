"""DAgger on Reacher by imitation 1.0.1, with what `radgrad run --environment reacher --strategy dagger` takes: its expert, network,
dropout, optimizer, batches, 15 iterations of 5 episodes whose every state is labelled, 100 trials after each.

The learner acts from the first iteration on. Ours trains 100 epochs on four fifths of the data and validates on the rest; imitation
holds nothing back, so it gets 80 epochs on all of them, which are as many steps. Prints the last mean loss and its deviation.

    dagger.py EXPERT [THREADS]      EXPERT is a folder with model.json and weights.bin
"""
import json
import sys
import tempfile
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import numpy as np
import torch
from imitation.algorithms import bc, dagger
from imitation.data import rollout
from imitation.util import logger, util
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.policies import ActorCriticPolicy, BasePolicy

ITERATIONS, EPISODES, HORIZON, EPOCHS, BATCH, TRIALS = 15, 5, 50, 80, 32, 100


class ReluDropout(torch.nn.Sequential):
    def __init__(self):
        super().__init__(torch.nn.ReLU(), torch.nn.Dropout(0.2))


class Expert(BasePolicy):
    """The dense tanh network that a folder holds in TensorFlow.js's format."""

    def __init__(self, folder, observation_space, action_space):
        super().__init__(observation_space, action_space)
        manifest = json.loads((folder / "model.json").read_text())["weightsManifest"][0]["weights"]
        numbers = torch.from_numpy(np.fromfile(folder / "weights.bin", dtype="<f4"))
        sizes = [int(np.prod(weight["shape"])) for weight in manifest]
        self.tensors = [part.reshape(w["shape"]) for part, w in zip(numbers.split(sizes), manifest)]

    def _predict(self, observation, deterministic=False):
        hidden = observation.float()
        *layers, (kernel, bias) = zip(self.tensors[::2], self.tensors[1::2])
        for weights, biases in layers:
            hidden = torch.tanh(hidden @ weights + biases)
        return hidden @ kernel + bias


def main(folder, threads):
    torch.set_num_threads(threads)
    rng = np.random.default_rng(1)
    collecting = util.make_vec_env("Reacher-v4", rng=rng, n_envs=EPISODES)
    testing = util.make_vec_env("Reacher-v4", rng=rng, n_envs=TRIALS)
    expert = Expert(Path(folder), collecting.observation_space, collecting.action_space)
    policy = ActorCriticPolicy(
        observation_space=collecting.observation_space,
        action_space=collecting.action_space,
        lr_schedule=lambda _: 1e-3,
        net_arch=dict(pi=[128, 128, 32, 8], vf=[]),
        activation_fn=ReluDropout,
    )
    quiet = logger.configure(tempfile.mkdtemp(), format_strs=[])
    cloning = bc.BC(
        observation_space=collecting.observation_space,
        action_space=collecting.action_space,
        rng=rng,
        policy=policy,
        batch_size=BATCH,
        optimizer_kwargs=dict(lr=1e-3),
        device="cpu",
        custom_logger=quiet,
    )
    trainer = dagger.DAggerTrainer(
        venv=collecting,
        scratch_dir=tempfile.mkdtemp(),
        rng=rng,
        beta_schedule=lambda _: 0.0,
        bc_trainer=cloning,
        custom_logger=quiet,
    )
    best, _ = evaluate_policy(expert, testing, TRIALS)
    for _ in range(ITERATIONS):
        collector = trainer.create_trajectory_collector()
        rollout.generate_trajectories(
            expert, collector, rollout.make_sample_until(EPISODES * HORIZON, EPISODES), rng, deterministic_policy=True
        )
        policy.set_training_mode(True)
        trainer.extend_and_update(dict(n_epochs=EPOCHS, log_rollouts_venv=None, progress_bar=False))
        mean, deviation = evaluate_policy(policy, testing, TRIALS)
    print(json.dumps({"loss": best - mean, "lossSd": deviation}))


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
