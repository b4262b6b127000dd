"""Gives Schemathesis things that exist: with made-up ids alone it would hear little but 404.

Read by ./dev contract. Everything is made over HTTP on a system that is thrown away afterwards. A well-formed id in a
request becomes one that exists, three times in four; what is malformed on purpose stays malformed. Only spare things
are deleted, so that the others are there to the end.
"""

import atexit
import collections
import hashlib
import itertools
import json
import os
import subprocess
import urllib.error
import urllib.request
import uuid

import schemathesis

API = os.environ["CONTRACT_ADDRESS"] + "/api/v1"
LEITO = os.environ["CONTRACT_LEITO"]
PASSWORD = "a long sentence is easy to keep"
BED = """bed %s {
    geometry { diameter = 20 mm; height = 60 mm }
    particles { diameter = 5 mm; count = 40 }
    flow { velocity = 2 mm/s; fluid_density = 998 kg/m3; fluid_viscosity = 1 mPa.s }
}"""
SPARES = 6


def post(path, body):
    """What the system answers to a body: JSON, or bytes as they are."""
    raw = isinstance(body, bytes)
    headers = {"Content-Type": "application/octet-stream" if raw else "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = body if raw else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(API + path, data, headers)) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        raise RuntimeError(f"{path}: {refused.read().decode()}") from refused


names = (f"made_{number}" for number in itertools.count())


def person():
    name = next(names)
    return post("/accounts", {"name": name, "email": f"{name}@example.org", "password": PASSWORD})


def log_in(user):
    return post("/accounts/log-in", {"email": user["email"], "password": PASSWORD})["access_token"]


def bed():
    return post("/beds", {"source": BED % next(names), "project_id": project})["id"]


def file():
    return post(f"/beds/{kept_bed}/upload?name={next(names)}.csv", b"1,2\n")["id"]


def upload():
    sha256 = hashlib.sha256(b"1,2\n").hexdigest()
    return post(f"/beds/{kept_bed}/uploads", {"name": f"{next(names)}.csv", "bytes": 4, "sha256": sha256})["id"]


def dashboard():
    panel = {"metric": "error_rate", "chart": "line", "interval": "7d"}
    return post("/dashboards", {"project_id": project, "dashboard": {"name": next(names), "panels": [panel]}})["id"]


def api_key():
    return post("/api-keys", {"name": next(names), "scopes": ["read"]})["id"]


def member():
    user = person()
    post(f"/projects/{project}/members", {"email": user["email"], "role": "viewer"})
    return user["id"]


def share_link(**limits):
    return post("/fileshare", {"file_id": kept_file, **limits})


def simulation(of):
    return post(f"/beds/{of}/simulate", {})["simulation"]["id"]


def submission():
    return post("/submissions", STUDY)["id"]


# Whoever asks is an administrator and has logged in: an API key may do less.
token = ""
asker = person()
subprocess.run([LEITO, "admin", asker["email"]], check=True, stdout=subprocess.DEVNULL)
token = log_in(asker)
project = post("/projects", {"name": "Kept"})["id"]
kept_bed = bed()
kept_file = file()
STUDY = {
    "kind": "packed-bed-study",
    "version": 1,
    "project_id": project,
    "payload": {"source": BED % "study"},
}
begun = post(f"/beds/{kept_bed}/simulate", {})
links = [share_link(), share_link(password=PASSWORD)]
somebody = person()

KEPT = {
    "accounts": [somebody["id"]],
    "api-keys": [api_key()],
    "beds": [kept_bed],
    "dashboards": [dashboard()],
    "files": [kept_file],
    "fileshare": [link["link"]["id"] for link in links],
    "jobs": [job["id"] for job in begun["jobs"]],
    "members": [member()],
    "projects": [project],
    "s": [link["token"] for link in links],
    "simulations": [begun["simulation"]["id"], simulation(bed())],
    "submissions": [submission()],
    "uploads": [upload()],
}
KEPT["task"] = KEPT["jobs"]
SPARE = {
    "api-keys": [api_key() for _ in range(SPARES)],
    "beds": [bed() for _ in range(SPARES)],
    "dashboards": [dashboard() for _ in range(SPARES)],
    "files": [file() for _ in range(SPARES)],
    "fileshare": [share_link()["link"]["id"] for _ in range(SPARES)],
    "members": [member() for _ in range(SPARES // 2)],
    "projects": [post("/projects", {"name": next(names)})["id"] for _ in range(SPARES)],
    "simulations": [simulation(bed()) for _ in range(SPARES)],
    "uploads": [upload() for _ in range(SPARES)],
}
# Fields of bodies and queries that name a thing, and where such things lie.
FIELDS = {
    "bed_id": "beds",
    "file": "files",
    "file_id": "files",
    "project_id": "projects",
    "simulation_id": "simulations",
    "submission_id": "submissions",
    "user_id": "accounts",
}
# Whoever ends an account or a log-in, because those of the asker must stay.
LEAVING = {operation: log_in(person()) for operation in ("delete_me", "log_out", "change_password")}
turns = itertools.count()


def well_formed(value):
    try:
        return isinstance(value, str) and bool(uuid.UUID(value))
    except ValueError:
        return False


def existing(collection, value):
    """One that exists, three times in four."""
    turn = next(turns)
    return value if turn % 4 == 0 or collection not in KEPT else KEPT[collection][turn % len(KEPT[collection])]


def in_path(case):
    """What stands before `{name}` in the path says which things are meant."""
    path, values = case.operation.path, case.path_parameters
    parts = itertools.pairwise(path.split("/"))
    named = [(before, part.strip("{}")) for before, part in parts if part.startswith("{")]
    deletes = case.method == "DELETE" and path.endswith("}")
    deletes = deletes and all(well_formed(values.get(name)) for _, name in named)
    for before, name in named:
        value = values.get(name)
        if not (well_formed(value) or before == "s" and value):
            continue
        if not deletes:
            values[name] = existing(before, value)
        elif (before, name) != named[-1]:
            values[name] = KEPT[before][0]
        else:
            spare = SPARE.get(before)
            values[name] = spare.pop() if spare else str(uuid.uuid4())


def in_fields(value):
    if isinstance(value, list):
        for item in value:
            in_fields(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in FIELDS and well_formed(inner):
                value[name] = existing(FIELDS[name], inner)
            elif name == "ids" and next(turns) % 2:
                value[name] = ",".join(KEPT["simulations"])
            else:
                in_fields(inner)


def operation_of(case):
    return case.operation.definition.raw.get("operationId")


def in_body(case):
    """Where nearly nothing that is made up is accepted, every second body is one that is."""
    operation, body = operation_of(case), case.body
    if not isinstance(body, dict):
        return
    in_fields(body)
    known = {
        "create_bed": lambda: {"source": BED % next(names), "project_id": project},
        "create_share_link": lambda: {"simulation_id": KEPT["simulations"][0]},
        "create_submission": lambda: STUDY,
        "log_in": lambda: {"email": somebody["email"], "password": PASSWORD},
        "start_upload": lambda: {"name": f"{next(names)}.csv", "bytes": 4, "sha256": "0" * 64},
    }
    if operation in known and next(turns) % 2:
        case.body = known[operation]()


@schemathesis.auth()
class Asker:
    def get(self, case, context):
        return token

    def set(self, case, data, context):
        case.headers["Authorization"] = "Bearer " + data


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.headers.get("Authorization") != "Bearer " + token:
        # made up, too: nobody is let in
        return
    if operation_of(case) in LEAVING:
        case.headers["Authorization"] = "Bearer " + LEAVING[operation_of(case)]
    if case.path_parameters:
        in_path(case)
    in_fields(case.query)
    in_body(case)
    if "If-Match" in case.headers and next(turns) % 2:
        case.headers["If-Match"] = "*"


answers = collections.defaultdict(collections.Counter)


@schemathesis.hook
def after_call(context, case, response):
    answers[case.operation.label][response.status_code] += 1


@atexit.register
def tell():
    """Which operation answered what, how often."""
    with open("answers.txt", "w", encoding="utf-8") as file_:
        for label, counts in sorted(answers.items()):
            print(label, *(f"{status}:{count}" for status, count in sorted(counts.items())), file=file_)
    done = sum(any(status < 400 for status in counts) for counts in answers.values())
    print(f"{len(answers)} operations were asked, {done} of them did what was asked; see .leito/contract/answers.txt")
