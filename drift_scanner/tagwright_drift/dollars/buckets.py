"""Exports in S3: listed and downloaded as streams, before DuckDB reads them from disk.

DuckDB's own reader of S3 is an extension that it would fetch from the network at run time.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tagwright_dictionary.errors import InputError, MissingExtraError
from tagwright_dictionary.model import Location
from tagwright_drift.dollars.exports import MAX_FILES, is_export, once

SCHEME: Final = "s3://"
_RESERVE: Final = 1 << 30
"""Bytes of the disk that are left alone: DuckDB may need them."""


def is_remote(source: str) -> bool:
    return source.startswith(SCHEME)


def client_for(profile: str | None) -> Any:
    """An S3 client of one boto3 session. MissingExtraError without boto3; InputError for an unknown profile."""
    try:
        import boto3  # noqa: PLC0415 - an optional part
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError("aws", "reading an export from S3") from None
    try:
        return boto3.Session(profile_name=profile).client("s3")
    except (BotoCoreError, ValueError) as error:
        raise InputError(f"no S3 client: {error}", hint="check AWS_PROFILE, or name one with --profile") from None


def download(sources: Sequence[str], folder: Path, client: Any) -> tuple[tuple[Path, str], ...]:
    """The files of the exports below `s3://bucket/prefix` addresses, copied below `folder`, each a stream of its own,
    and with its address.

    An address is an object, or a prefix. Raises InputError: no such bucket, access denied, nothing there, deliveries
    that count twice, or less disk than the objects need.
    """
    listed = [(source, *item) for source in sources for item in _objects(source, client)]
    keys = {(bucket, key): size for _, bucket, key, size in listed}
    once(f"{SCHEME}{bucket}/{key}" for bucket, key in keys)
    if len(keys) > MAX_FILES:
        raise InputError(f"{len(keys):,} objects are more than an export of {MAX_FILES:,}", hint="name longer prefixes")
    needed = sum(keys.values())
    free = shutil.disk_usage(folder).free
    if needed + _RESERVE > free:
        raise InputError(
            f"the exports have {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB of disk are free",
            hint="name one billing period, or set TMPDIR to a larger disk",
        )
    made = []
    for number, (bucket, key) in enumerate(sorted(keys)):
        # The object's own name is not used as a path: it may hold `..` or more characters than a file system takes.
        suffix = next(end for end in (".csv.gz", ".csv", ".parquet") if key.casefold().endswith(end))
        path = folder / f"{number:05d}{suffix}"
        _asked(f"{SCHEME}{bucket}/{key}", client.download_file, bucket, key, str(path))
        made.append((path, f"{SCHEME}{bucket}/{key}"))
    return tuple(made)


def _objects(source: str, client: Any) -> list[tuple[str, str, int]]:
    bucket, _, prefix = source.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise InputError("the address names no bucket", hint="s3://bucket/prefix/", location=Location(source))

    def listing() -> list[tuple[str, str, int]]:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [
            (bucket, each["Key"], int(each["Size"]))
            for page in pages
            for each in page.get("Contents", ())
            if is_export(each["Key"]) and _below(each["Key"], prefix)
        ]

    found: list[tuple[str, str, int]] = _asked(source, listing)
    if not found:
        raise InputError(
            "there is no file of an export",
            hint="name the prefix above the data (…/data/), files end in .parquet, .csv or .csv.gz",
            location=Location(source),
        )
    return found


def _below(key: str, prefix: str) -> bool:
    """`exports/focus` is not a part of `exports/focus-test/x.parquet`."""
    return not prefix or prefix.endswith("/") or key == prefix or key.startswith(f"{prefix}/")


def _asked(source: str, call: Any, *arguments: Any) -> Any:
    from boto3.exceptions import Boto3Error  # noqa: PLC0415 - there, as the client is
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        return call(*arguments)
    except (ClientError, BotoCoreError, Boto3Error, OSError) as error:
        raise InputError(
            f"S3 refuses: {error}",
            hint="reading needs s3:ListBucket on the bucket and s3:GetObject below the prefix",
            location=Location(source),
        ) from None
