"""A Postgres server of our own, for as long as it is needed: on a socket in a temporary folder, no port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path


def _binary(name):
    known = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(known[-1]) if known else shutil.which(name)


def installed():
    return bool(_binary("initdb") and _binary("pg_ctl"))


@contextmanager
def running(*settings):
    """The URL of its maintenance database. `settings`: "name=value" of the server's configuration."""
    home = Path(tempfile.mkdtemp(prefix="tw-pg-", dir="/tmp"))  # the path of a socket must be short
    data = home / "data"
    become = []
    if os.geteuid() == 0:  # the server refuses to run as root
        known = {each.pw_name for each in pwd.getpwall()}
        user = "postgres" if "postgres" in known else "nobody"
        shutil.chown(home, user)
        become = ["setpriv", f"--reuid={user}", "--clear-groups"]
    owner = [*become, "env", "LC_ALL=C"]
    make = [*owner, _binary("initdb"), "-D", data, "-U", "tagwright", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    options = " ".join(["-c listen_addresses=''", f"-k {home}", *(f"-c {each}" for each in settings or ("fsync=off",))])
    control = [*owner, _binary("pg_ctl"), "-D", data]
    try:
        subprocess.run(make, check=True, capture_output=True, cwd=home)
        subprocess.run(
            [*control, "-w", "-l", home / "log", "-o", options, "start"], check=True, capture_output=True, cwd=home
        )
        yield f"postgresql://tagwright@/postgres?host={home}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=home)
        shutil.rmtree(home, ignore_errors=True)
