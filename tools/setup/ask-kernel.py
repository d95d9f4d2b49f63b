"""Starts the TypeScript kernel, has it run the code given as argument, and prints what that prints."""

import sys

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="tslab", startup_timeout=60)
try:
    printed = []

    def hear(message):
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])

    client.execute_interactive(sys.argv[1], timeout=60, output_hook=hear)
    print("".join(printed).strip())
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
