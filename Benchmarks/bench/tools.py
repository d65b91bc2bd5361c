"""Processes, pinning and clocks that all measurements share."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
running = []


def enter_own_network():
    """Starts this program again in a network namespace where only loopback exists, if that is allowed."""
    if os.geteuid() != 0 or os.environ.get("BERTH_BENCH_NETWORK"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=False, stderr=subprocess.DEVNULL)
        return
    if not shutil.which("unshare") or not shutil.which("ip"):
        note("no network namespace: install the packages util-linux and iproute2 for a cleaner measurement")
        return
    os.environ["BERTH_BENCH_NETWORK"] = "own"
    os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv])


def note(text):
    """Progress goes to standard error, so that standard output is the report alone."""
    print(f"\033[2m{text}\033[0m" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)


def machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {"processor": models[0] if models else "unknown", "cores": os.cpu_count(), "kernel": os.uname().release}


def compile_all(work):
    binaries = {}
    for name in ("dns_load", "reflector", "http_load", "http_reflector", "http_watch"):
        binaries[name] = os.path.join(work, name)
        subprocess.run(["cc", "-O2", "-o", binaries[name], os.path.join(HERE, f"{name}.c")], check=True)
    return binaries


def start(command, **options):
    options.setdefault("stdout", subprocess.DEVNULL)
    options.setdefault("stderr", subprocess.DEVNULL)
    process = subprocess.Popen(command, **options)
    running.append(process)
    return process


def stop(process, how=signal.SIGTERM):
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process in running:
        running.remove(process)


def stop_all():
    for process in list(running):
        stop(process)


def run_json(command, text, core=None):
    """Runs a load generator and reads the line of JSON it prints."""
    pin = ["taskset", "-c", str(core)] if core is not None else []
    done = subprocess.run(pin + command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{os.path.basename(command[0])} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def pin(process, core):
    """Pins every thread, also those a program has pinned by itself."""
    subprocess.run(["taskset", "-apc", str(core), str(process.pid)], check=True, stdout=subprocess.DEVNULL)


def processes_of(pid):
    """The process and its descendants: some servers answer from a child."""
    found = [pid]
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            for child in file.read().split():
                found += processes_of(int(child))
    return found


def cpu_seconds(pid):
    total = 0
    for process in processes_of(pid):
        for task in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{task}/schedstat") as file:
                total += int(file.read().split()[0])
    return total / 1e9


def resident_megabytes(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def dns_query(name, kind, identifier=1):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label)
    return struct.pack(">HHHHHH", identifier, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)


def answers(port, name, kind, timeout=0.02):
    """The number of answer records, or None when nothing came back."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(timeout)
        try:
            asking.connect(("127.0.0.1", port))
            asking.send(dns_query(name, kind))
            reply = asking.recv(4096)
        except OSError:
            return None
    return struct.unpack(">H", reply[6:8])[0] if len(reply) >= 12 else None


def code(port, name, kind, timeout=5.0):
    """The response code."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(timeout)
        asking.connect(("127.0.0.1", port))
        asking.send(dns_query(name, kind))
        return asking.recv(4096)[3] & 15


def serial(port, zone):
    """The zone's serial: Berth's counts the changes of the catalog."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(5)
        asking.connect(("127.0.0.1", port))
        asking.send(dns_query(zone, 6))
        reply = asking.recv(4096)
    # The mailbox, however it is written, and the numbers end the record.
    place = reply.index(b"\x0ahostmaster")
    while 0 < reply[place] < 0xC0:
        place += 1 + reply[place]
    place += 2 if reply[place] else 1
    return struct.unpack(">I", reply[place:place + 4])[0]


def add_address(address):
    """Gives this network namespace an address that is not loopback."""
    subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=False, stderr=subprocess.DEVNULL)


def wait_for_answer(port, name, kind, limit=60.0, pause=0.0005):
    """Polls until the name has an answer. Returns the moment it was first seen."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if answers(port, name, kind):
            return time.monotonic()
        time.sleep(pause)
    sys.exit(f"no answer for {name} within {limit:.0f} s")
