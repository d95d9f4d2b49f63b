"""Makes the fixtures: what Gymnasium's own environments (v4) do, whose semantics are those of v2.

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
TASKS = {"reacher": "Reacher-v4", "hopper": "Hopper-v4", "halfcheetah": "HalfCheetah-v4", "walker2d": "Walker2d-v4"}
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
    """A capsule as a cylinder, longer by half a radius at each end. A body of several has their common inertia. Where the
    model says what all bodies weigh together, they still do."""
    total = None if np.isclose(model.body_mass[1:].sum(), weight_of_capsules(model)) else model.body_mass[1:].sum()
    for body in range(1, model.nbody):
        geoms = [g for g in np.flatnonzero(model.geom_bodyid == body) if is_capsule(model, g)]
        if not geoms:
            continue
        masses, tensors = zip(*(legacy_cylinder(model, geom) for geom in geoms))
        mass, places = sum(masses), model.geom_pos[geoms]
        centre = np.average(places, axis=0, weights=masses)
        tensor = sum(tensors)
        for m, place in zip(masses, places):
            away = place - centre
            tensor = tensor + m * (away @ away * np.eye(3) - np.outer(away, away))
        moments, axes = np.linalg.eigh(tensor)
        axes[:, 2] *= np.linalg.det(axes)  # a rotation
        model.body_mass[body], model.body_inertia[body], model.body_ipos[body] = mass, moments, centre
        mujoco.mju_mat2Quat(model.body_iquat[body], axes.flatten())
    if total is not None:
        scale = total / model.body_mass[1:].sum()
        model.body_mass[1:] *= scale
        model.body_inertia[1:] *= scale
    mujoco.mj_setConst(model, mujoco.MjData(model))


def is_capsule(model, geom):
    return model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_CAPSULE


def weight_of_capsules(model):
    """What the bodies would weigh by their geoms, at MuJoCo's density."""
    volume = 0
    for geom in np.flatnonzero(model.geom_bodyid > 0):
        radius, half = model.geom_size[geom][:2]
        volume += 4 / 3 * math.pi * radius**3 + (2 * half * math.pi * radius**2 if is_capsule(model, geom) else 0)
    return 1000 * volume


def legacy_cylinder(model, geom):
    """Its mass, and its tensor of inertia about its centre along the axes of the body."""
    radius, half = model.geom_size[geom][:2]
    length = 2 * half + radius
    mass = 1000 * math.pi * radius**2 * length
    across, along = mass * (3 * radius**2 + length**2) / 12, mass * radius**2 / 2
    axes = np.zeros(9)
    mujoco.mju_quat2Mat(axes, model.geom_quat[geom])
    axes = axes.reshape(3, 3)
    return mass, axes @ np.diag([across, across, along]) @ axes.T


def trace(name, task, masses, seed, policy, steps=1000):
    """Runs `policy(step, state, rng) -> action` to the end of an episode, or for some steps, and writes what happened."""
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
    while not ended and len(record["actions"]) < steps:
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
    if task == "halfcheetah":
        return {"velocity": float(info["reward_run"]), "control": float(info["reward_ctrl"])}
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


def stand(step, data, rng):
    """Keeps the walker up for a while: each joint held at a place, leaning against the fall; it falls in the end."""
    joints, speeds = data.qpos[3:], data.qvel[3:]
    lean = data.qpos[2] + 0.3 * data.qvel[2]
    wanted = np.array([-0.25, -0.5, 0.25, -0.25, -0.5, 0.25])
    action = 4 * (wanted - joints) - 0.1 * speeds
    action += lean * np.array([-1.0, 0, 1.0, -1.0, 0, 1.0])
    return np.clip(action + rng.uniform(-0.1, 0.1, 6), -1, 1)


def run(step, data, rng):
    """Small strides, in which the feet stay on the ground: what differs by rounding grows slowly."""
    return 0.5 * np.sin(2 * math.pi * step / 25 + np.array([0, 0.5, 1, 3, 3.5, 4]))


def main():
    for masses in ("current", "legacy"):
        trace(f"halfcheetah-{masses}-random", "halfcheetah", masses, 0, uniform(1, 6), 25)
        trace(f"halfcheetah-{masses}-run", "halfcheetah", masses, 1, run, 110)
        trace(f"walker2d-{masses}-stand", "walker2d", masses, 0 if masses == "current" else 2, stand)
        for seed in (1, 2):
            trace(f"walker2d-{masses}-random-{seed}", "walker2d", masses, seed, uniform(1, 6))
        trace(f"reacher-{masses}-random", "reacher", masses, 0, uniform(1, 2))
        trace(f"reacher-{masses}-limit", "reacher", masses, 1, lambda *_: [0.3, 1])
        trace(f"hopper-{masses}-hop", "hopper", masses, 0, hop)
        for seed in (1, 2, 3):
            trace(f"hopper-{masses}-random-{seed}", "hopper", masses, seed, uniform(1, 3))
    trace("reacher-current-beyond", "reacher", "current", 2, uniform(3, 2))
    trace("hopper-current-beyond", "hopper", "current", 4, uniform(3, 3))


if __name__ == "__main__":
    main()
