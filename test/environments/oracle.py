"""Makes the fixtures: what Gymnasium's own Reacher-v4 and Hopper-v4 do, whose semantics are those of v2.

    pip install mujoco==3.14.0 gymnasium==1.4.0 imageio packaging
    python test/environments/oracle.py
    npx biome check --write test/environments/fixtures

Deterministic on one machine and quick (seconds). One file a trace: the start, the actions, and what each step gave.
"""

import json
import math
import platform
import warnings
from pathlib import Path

import gymnasium
import mujoco
import numpy as np

warnings.filterwarnings("ignore")
gymnasium.logger.min_level = gymnasium.logger.ERROR

FIXTURES = Path(__file__).parent / "fixtures"
TASKS = {"reacher": "Reacher-v4", "hopper": "Hopper-v4"}
VERSIONS = {
    "python": platform.python_version(),
    "mujoco": mujoco.__version__,
    "gymnasium": gymnasium.__version__,
    "numpy": np.__version__,
}


def make(task, masses):
    env = gymnasium.make(TASKS[task], disable_env_checker=True)
    if masses == "legacy":
        weigh_as_before_mujoco_2_1_1(env.unwrapped.model)
    return env


def weigh_as_before_mujoco_2_1_1(model):
    """A capsule as a cylinder, longer by half a radius at each end. A body's inertia is about its geom's frame, whose
    z axis is the capsule's."""
    for geom in range(model.ngeom):
        body = model.geom_bodyid[geom]
        if body == 0 or model.geom_type[geom] != mujoco.mjtGeom.mjGEOM_CAPSULE:
            continue
        assert np.argmin(model.body_inertia[body]) == 2 and np.allclose(model.body_iquat[body], model.geom_quat[geom])
        radius, half = model.geom_size[geom][:2]
        length = 2 * half + radius
        mass = 1000 * math.pi * radius**2 * length
        across, along = mass * (3 * radius**2 + length**2) / 12, mass * radius**2 / 2
        model.body_mass[body] = mass
        model.body_inertia[body] = [across, across, along]
    mujoco.mj_setConst(model, mujoco.MjData(model))


def trace(name, task, masses, seed, policy):
    """Runs `policy(step, state, rng) -> action` to the end of an episode and writes what happened."""
    env = make(task, masses)
    observation, _ = env.reset(seed=seed)
    world, rng = env.unwrapped, np.random.default_rng(seed)
    record = {
        "generator": "test/environments/oracle.py",
        "versions": VERSIONS,
        "oracle": TASKS[task],
        "task": task,
        "masses": masses,
        "start": {"qpos": world.data.qpos.tolist(), "qvel": world.data.qvel.tolist()},
        "actions": [],
        "observations": [observation.tolist()],
        "rewards": [],
        "terms": [],
        "terminated": [],
        "truncated": [],
    }
    ended = False
    while not ended:
        action = np.array(policy(len(record["actions"]), world.data, rng), dtype=np.float64)
        observation, reward, terminated, truncated, info = env.step(action)
        ended = bool(terminated or truncated)
        record["actions"].append(action.tolist())
        record["observations"].append(observation.tolist())
        record["rewards"].append(float(reward))
        record["terms"].append(terms(task, info))
        record["terminated"].append(bool(terminated))
        record["truncated"].append(bool(truncated))
    FIXTURES.mkdir(exist_ok=True)
    (FIXTURES / f"{name}.json").write_text(json.dumps(record) + "\n")
    print(f"{name}: {len(record['actions'])} steps, return {sum(record['rewards']):.3f}")


def terms(task, info):
    """Those terms of the reward that the oracle tells."""
    if task == "reacher":
        return {"distance": float(info["reward_dist"]), "control": float(info["reward_ctrl"])}
    return {"velocity": float(info["x_velocity"])}


def uniform(reach, size):
    return lambda step, data, rng: rng.uniform(-reach, reach, size)


def hop(step, data, rng):
    """A balance found by random search, which keeps the hopper up; every 60 steps it pushes off the ground, and falls
    in the end. The fixture has the actions it took, so the replay of them is open-loop."""
    joints, speeds = data.qpos[3:], data.qvel[3:]
    action = -3.72 * (joints - [-0.17, 0, 0.16]) - 0.08 * speeds
    action += data.qpos[2] * np.array([-0.6, -1.31, 1.56])
    action += data.qvel[2] * np.array([-0.24, 0.69, 0.18])
    action += data.qvel[0] * np.array([-0.14, -0.58, -0.39])
    action += rng.uniform(-0.6, 0.6, 3)
    action[2] += 2 if 20 <= step % 60 < 26 else 0
    return np.clip(action, -1, 1)


def main():
    for masses in ("current", "legacy"):
        trace(f"reacher-{masses}-random", "reacher", masses, 0, uniform(1, 2))
        trace(f"reacher-{masses}-limit", "reacher", masses, 1, lambda *_: [0.3, 1])
        trace(f"hopper-{masses}-hop", "hopper", masses, 0, hop)
        for seed in (1, 2, 3):
            trace(f"hopper-{masses}-random-{seed}", "hopper", masses, seed, uniform(1, 3))
    trace("reacher-current-beyond", "reacher", "current", 2, uniform(3, 2))
    trace("hopper-current-beyond", "hopper", "current", 4, uniform(3, 3))


if __name__ == "__main__":
    main()
