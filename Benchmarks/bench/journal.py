"""Fills a journal without the server: a million registrations over HTTP would take minutes."""

import os
import sqlite3
import zlib

from . import registry, tools


def fill(berth, data, services):
    """Lets Berth make a journal, then appends one entry for each instance."""
    process = registry.serve(berth, data)
    tools.wait_for_answer(registry.DNS_PORT, "consul", registry.SOA)
    tools.stop(process)
    database = sqlite3.connect(os.path.join(data, "journal.sqlite"), isolation_level=None)
    position = database.execute("SELECT max(position) FROM entry").fetchone()[0]
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    database.executemany(
        "INSERT INTO entry (position, change) VALUES (?, ?)",
        ((position + number, change) for number, change in enumerate(changes(services), 1)))
    database.execute("COMMIT")
    database.close()


def changes(services):
    """Entries of the journal's format 1 (Sources/Registry/Journal/Format): put an instance, with an empty list of checks."""
    for service in range(services):
        name = registry.name_of(service)
        for instance in range(registry.INSTANCES):
            body = b"".join((
                b"\x01\x03", text("bench"), text(f"{name}-{instance}"), text(name), b"\x01", text(f"v{service % 3}"),
                b"\x01", text(registry.address_of(service, instance)), number(20000 + instance), b"\x00\x00\x01\x01\x00\x00",
                b"\x01\x00"))
            yield body + zlib.crc32(body).to_bytes(4, "big")


def text(value):
    return number(len(value)) + value.encode()


def number(value):
    octets = bytearray()
    while value >= 0x80:
        octets.append(value & 0x7F | 0x80)
        value >>= 7
    octets.append(value)
    return bytes(octets)
