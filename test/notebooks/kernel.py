"""A client of the TypeScript kernel: reads requests, one JSON object a line, and writes one answer a line."""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel


def execute(manager, client, code, interrupt_at=None):
    """Executes a cell. If interrupt_at is given, interrupts it after that many displays and updates."""
    sent, interrupted = [], None
    request = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=300)
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            break
        if kind == "stream":
            sent.append({"kind": kind, "text": content["text"]})
        elif kind in ("display_data", "update_display_data"):
            sent.append({"kind": kind, "id": content["transient"]["display_id"], "data": content["data"]})
            if sum(one["kind"] != "stream" for one in sent) == interrupt_at:
                interrupted = time.monotonic()
                manager.interrupt_kernel()
    ended = time.monotonic()
    status = reply(client, request)["status"]
    return {"status": status, "sent": sent, "secondsAfter": interrupted and ended - interrupted}


def reply(client, request):
    while True:
        message = client.get_shell_msg(timeout=60)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def answer(manager, client, wanted):
    if "code" in wanted:
        return execute(manager, client, wanted["code"], wanted.get("interruptAt"))
    if "complete" in wanted:
        return reply(client, client.complete(wanted["complete"]))["matches"]
    return reply(client, client.inspect(wanted["inspect"]))["data"].get("text/plain", "")


# otherwise the kernel would share our standard output, and Node would make that non-blocking
manager, client = start_new_kernel(kernel_name="tslab", startup_timeout=60, cwd="notebooks", stdout=sys.stderr)
try:
    for line in sys.stdin:
        print(json.dumps(answer(manager, client, json.loads(line))), flush=True)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
