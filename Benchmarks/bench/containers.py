"""From `docker run` to the first DNS answer, on an engine of its own."""

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time

from . import registry, tools

A = 1


def measure(berth, work, times):
    for program, package in (("dockerd", "docker.io"), ("busybox", "busybox-static")):
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin"):
            tools.note(f"{program} is not installed (package {package}): container start is left out")
            return None
    tools.note("starting a Docker engine ...")
    folder = os.path.join(work, "docker")
    os.makedirs(folder)
    endpoint = f"unix://{folder}/docker.sock"
    tools.start([
        "dockerd", "--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid", "-H", endpoint,
    ], env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin"))
    wait_for_engine(endpoint)
    import_image(endpoint, folder)
    flags = ["--docker", endpoint, "--data-dir", f"{folder}/berth", "--advertise", "127.0.0.1", "--log-level", "error"]
    ports = ["--dns-port", str(registry.DNS_PORT), "--http-port", str(registry.HTTP_PORT)]
    tools.start([berth, "serve", *flags, *ports], cwd=folder)
    tools.wait_for_answer(registry.DNS_PORT, "consul", registry.SOA)

    appear, vanish = [], []
    for number in range(times + 1):
        tools.note(f"container {number} of {times}")
        name = f"start-{number}"
        appeared = watch(lambda: tools.answers(registry.DNS_PORT, f"{name}.service.consul", A))
        returned = docker(endpoint, "run", "-d", "-P", "--name", name, "-l", f"SERVICE_NAME={name}", "bench")
        appear.append(appeared() - returned)
        gone = watch(lambda: tools.answers(registry.DNS_PORT, f"{name}.service.consul", A) == 0)
        returned = docker(endpoint, "kill", name)
        vanish.append(gone() - returned)
    # The first container warms the engine up.
    return {
        "run_to_answer_ms": statistics.median(appear[1:]) * 1e3, "run_to_answer_max_ms": max(appear[1:]) * 1e3,
        "kill_to_gone_ms": statistics.median(vanish[1:]) * 1e3, "containers": times,
    }


def watch(condition):
    """Polls in the background. The function returned waits, and gives the moment the condition was first seen to hold."""
    seen = []

    def poll():
        deadline = time.monotonic() + 30
        while not seen and time.monotonic() < deadline:
            if condition():
                seen.append(time.monotonic())
            time.sleep(0.0005)

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()

    def moment():
        thread.join()
        if not seen:
            sys.exit("DNS did not follow the container within 30 s")
        return seen[0]

    return moment


def docker(endpoint, *arguments):
    """Runs the command and gives the moment it returned."""
    subprocess.run(["docker", "-H", endpoint, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return time.monotonic()


def wait_for_engine(endpoint):
    deadline = time.monotonic() + 60
    while subprocess.run(["docker", "-H", endpoint, "version"], capture_output=True, check=False).returncode != 0:
        if time.monotonic() > deadline:
            sys.exit("the Docker engine did not start within 60 s")
        time.sleep(0.1)


def import_image(endpoint, folder):
    root = os.path.join(folder, "root", "bin")
    os.makedirs(root)
    shutil.copy(shutil.which("busybox"), os.path.join(root, "busybox"))
    archive = subprocess.run(["tar", "-C", os.path.dirname(root), "-c", "bin"], check=True, capture_output=True).stdout
    changes = ["--change", "EXPOSE 80", "--change", 'CMD ["/bin/busybox","sleep","100000"]']
    subprocess.run(
        ["docker", "-H", endpoint, "import", *changes, "-", "bench"], input=archive, check=True, capture_output=True)
