"""Consul, the server whose API Berth speaks, measured beside it where the operator has one (`--consul`)."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request

from . import tools

HTTP_PORT = 8501
PORTS = {"http": HTTP_PORT, "dns": 8711, "server": 8712, "serf_lan": 8713, "serf_wan": -1, "grpc": -1}


def version(consul):
    done = subprocess.run([consul, "version"], capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[0].removeprefix("Consul v") or "unknown"


def serve(consul, data, core=None):
    """One server with a journal on disk, not in development mode, and no limit of connections of a client."""
    os.makedirs(data, exist_ok=True)
    config = os.path.join(data, "config.json")
    with open(config, "w") as file:
        json.dump({
            "server": True, "bootstrap_expect": 1, "node_name": "bench", "bind_addr": "127.0.0.1", "client_addr": "127.0.0.1",
            "data_dir": os.path.join(data, "state"), "ports": PORTS, "log_level": "ERR", "disable_update_check": True,
            "limits": {"http_max_conns_per_client": 0}, "performance": {"raft_multiplier": 1},
        }, file)
    command = [consul, "agent", "-config-file", config]
    if core is None:
        process = tools.start(command)
    else:
        process = tools.start(["taskset", "-c", str(core), *command], env=dict(os.environ, GOMAXPROCS="1"))
    wait_until_leader(process)
    return process


def wait_until_leader(process, limit=60.0):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if get("/v1/health/node/bench"):
                return
        except (OSError, urllib.error.URLError):
            pass
        time.sleep(0.05)
    raise SystemExit("Consul elected no leader: does the program given by --consul run here?")


def get(path, port=HTTP_PORT):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return json.load(answer)


def wait_until_listed(port, name, instances, limit=120.0):
    """Consul's agent answers a registration before its catalog has it."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if len(get(f"/v1/health/service/{name}", port)) == instances:
            return
        time.sleep(0.02)
    raise SystemExit(f"{name} is not in the catalog within {limit:.0f} s")
