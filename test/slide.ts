/** A task of one's own: a body on a slide, which a motor pushes. */
import { simulate, type Task } from '../lib/environments'

export const slide: Task = {
  ...{ name: 'slide', observationSize: 2, actionSize: 1, horizon: 5, plane: [0, 2], terms: ['place'] },
  draw: () => ({ qpos: [0], qvel: [0] }),
  observe: ({ world }, shown) => shown.set([...world.qpos, ...world.qvel]),
  step(simulator, shown) {
    simulator.advance(1)
    slide.observe(simulator, shown)
    return { terms: [shown[0]], terminated: false }
  }
}

export const slideSimulator = () =>
  simulate(`<mujoco><worldbody><body><joint name="x" type="slide"/><geom size=".1"/></body></worldbody>
    <actuator><motor joint="x"/></actuator></mujoco>`)
