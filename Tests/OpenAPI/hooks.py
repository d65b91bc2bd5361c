"""What schemathesis has to know of Berth besides the OpenAPI document."""

import re

import schemathesis

# Parameters that all reads share are tried on these.
THOROUGHLY = ["/v1/catalog/nodes", "/v1/kv/{key}", "/v1/health/service/{name}"]
DURATION = re.compile(r"(0|([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))*")


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # Other programs must not rely on it, but here an answer has no member that the document does not name.
    close(raw_schema)
    # One check is as good as a list of them: each shape, which is large, is tried in one place.
    for name in ["ServiceRegistration", "CatalogRegistration"]:
        del raw_schema["components"]["schemas"][name]["properties"]["Checks"]
    for path, operations in raw_schema["paths"].items():
        for operation in operations.values():
            if path not in THOROUGHLY:
                operation["parameters"] = [p for p in operation["parameters"] if "$ref" not in p]


def close(value):
    if isinstance(value, dict):
        if value.get("type") == "object" and "properties" in value:
            value.setdefault("additionalProperties", False)
        for inner in value.values():
            close(inner)
    elif isinstance(value, list):
        for inner in value:
            close(inner)


@schemathesis.hook
def before_call(context, case, kwargs):
    # Who has seen the newest index waits for a change: not for five minutes.
    query = case.query or {}
    if "index" in query and DURATION.fullmatch(str(query.get("wait", ""))):
        case.query["wait"] = "1ms"
