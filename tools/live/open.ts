import { spawn } from 'node:child_process'
import { platform } from 'node:os'

/** Opens an address in the reader's browser, where there is one: without a display, or without the command for it, nothing happens. */
export function openInBrowser(address: string): void {
  const hasDisplay = process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  if (platform() === 'linux' && !hasDisplay) return
  const [command, ...options] = commands[platform()] ?? ['xdg-open']
  spawn(command, [...options, address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

const commands: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '']
}
