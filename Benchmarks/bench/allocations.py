"""How often the answering threads allocate, retain or release: a debugger counts the calls, query by query."""

import os
import shutil
import signal
import subprocess
import tempfile
import time

from . import changes, dns, registry, tools

# What every allocation and every reference count of a Swift program passes through, whoever asks for it.
COUNTED = ("malloc", "calloc", "realloc", "posix_memalign", "swift_retain", "swift_release", "swift_bridgeObjectRetain",
           "swift_bridgeObjectRelease", "swift_allocObject")
QUERIES = 1_000_000
# As many questions that only the slow path answers: the count is worth nothing where it can't rise.
CONTROL = 100
ANY = 255


def measure(process, binaries, arguments):
    if not shutil.which("gdb"):
        tools.note("gdb is not installed (package gdb): allocations are not counted")
        return None
    names = [registry.name_of(service) for service in range(arguments.services)]
    tools.note(f"counting allocations, retains and releases over {QUERIES:,} queries ...")
    queries = dns.queries_of("SRV", names) + "\n" + dns.queries_of("mix", names)
    fast, answered = count(process, lambda: ask_many(queries, binaries))
    slow, _ = count(process, ask_slowly)
    return {"queries": answered, "calls": fast, "control_queries": CONTROL, "control_calls": slow}


def ask_many(queries, binaries):
    answered = 0
    while answered < QUERIES:
        answered += tools.run_json([*dns.load_command(binaries, "berth", 1), "cookie"], queries, core=dns.LOAD_CORE)["answers"]
    return answered


def ask_slowly():
    for _ in range(CONTROL):
        tools.answers(registry.DNS_PORT, f"{registry.name_of(0)}.service.consul", ANY, timeout=5)
    return CONTROL


def count(process, ask):
    """The calls of `COUNTED` in the threads that answer over UDP, while `ask` runs, and what `ask` gave."""
    threads = changes.answering_threads(process.pid)
    with tempfile.NamedTemporaryFile("w+", suffix=".gdb") as script, tempfile.NamedTemporaryFile("w") as output:
        script.write(commands(threads))
        script.flush()
        debugger = tools.start(
            ["gdb", "-nx", "-batch", "-p", str(process.pid), "-x", script.name],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        wait_for(lambda: "COUNTING" in text_of(output.name), debugger)
        result = ask()
        os.kill(process.pid, signal.SIGWINCH)
        debugger.wait(timeout=60)
        tools.running.remove(debugger)
        report = text_of(output.name)
    return sum(int(line.split()[3]) for line in report.splitlines() if "already hit" in line), result


def commands(threads):
    return f"""set pagination off
handle SIGWINCH stop print nopass
python
for thread in gdb.selected_inferior().threads():
    if thread.ptid[1] in {threads}:
        for name in {COUNTED}:
            counted = gdb.Breakpoint(name)
            counted.thread = thread.num
            counted.ignore_count = 1 << 30
print("COUNTING", flush=True)
end
continue
info breakpoints
detach
"""


def text_of(path):
    with open(path) as file:
        return file.read()


def wait_for(condition, debugger, limit=120.0):
    deadline = time.monotonic() + limit
    while not condition():
        if debugger.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("gdb could not count: is it allowed to trace other processes?")
        time.sleep(0.05)
