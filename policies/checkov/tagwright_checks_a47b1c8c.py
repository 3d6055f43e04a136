# Tag checks for Checkov, made by `tagwright checkov bundle`. Do not edit: make it anew.
#
# dictionary  tagwright-ai-ml 1.0.0
# digest      0f27dea286d107c7d950201cf148ba6f49213062fa022a92c4ce778924068846
# checks      26, from CKV_TAG_DICTIONARY
#
# The judgement and the dictionary are in tagwright_bundle_a47b1c8c.zip, whose SHA-256 is below; nothing of tagwright
# has to be installed. What cannot be loaded or judged fails: no resource passes because a check was broken.
import hashlib
import importlib
import importlib.abc
import importlib.util
import io
import os
import sys
import zipfile

PACKAGE = "tagwright_bundle_a47b1c8c5272"
ARCHIVE = "tagwright_bundle_a47b1c8c.zip"
SHA256 = "edbd253ca6439c220be07ea81c7fd9db0fa23dea3652b1ec6d5496ca98e7c013"
START = PACKAGE + ".tagwright_policies.checkov.runtime.starting"


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Modules out of the archive's bytes, which were compared with SHA256 before any of them ran."""

    def __init__(self, path):
        with open(path, "rb") as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != SHA256:
            raise ImportError(ARCHIVE + " is not the one this file was made with")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.path = path

    def _name(self, fullname):
        base = fullname.replace(".", "/")
        package = base + "/__init__.py"
        return (package, True) if package in self.files else (base + ".py", False)

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] != PACKAGE or self._name(fullname)[0] not in self.files:
            return None
        name, package = self._name(fullname)
        spec = importlib.util.spec_from_loader(fullname, self, is_package=package)
        spec.origin = self.path + "/" + name
        spec.has_location = True
        return spec

    def get_data(self, path):
        name = path[len(self.path) + 1 :].replace(os.sep, "/")
        if name not in self.files:
            raise OSError(name)
        return self.files[name]

    def is_package(self, fullname):
        return self._name(fullname)[1]

    def get_source(self, fullname):
        return self.files[self._name(fullname)[0]].decode()


def _start():
    if PACKAGE not in sys.modules:
        place = os.path.join(os.path.dirname(os.path.abspath(__file__)), ARCHIVE)
        sys.meta_path.append(_Loader(place))
    importlib.import_module(START).start()


def _refuse(problem):
    """Checks that fail whatever they see: a bundle that cannot be loaded must not look like clean code."""
    if getattr(sys.modules.get("checkov"), PACKAGE, False):
        return
    from checkov.arm.base_resource_check import BaseResourceCheck as Arm
    from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as CloudFormation
    from checkov.common.models.enums import CheckCategories, CheckResult
    from checkov.kubernetes.checks.resource.base_spec_check import BaseK8Check as Kubernetes
    from checkov.serverless.checks.function.base_function_check import BaseFunctionCheck as Serverless
    from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck as Terraform

    import checkov

    def fail(self, conf, entity_type=None):
        self.details.append(problem)
        return CheckResult.FAILED

    methods = dict.fromkeys(
        ("scan_entity_conf", "scan_resource_conf", "scan_spec_conf", "scan_function_conf"), fail
    )
    name = "The tag checks could not be loaded, so nothing passes: " + problem
    for base, types in (
        (Terraform, ["*"]),
        (CloudFormation, ["AWS::*"]),
        (Kubernetes, ["*"]),
        (Serverless, ["serverless_*"]),
        (Arm, ["Microsoft.*"]),
    ):
        type("Refusal", (base,), dict(methods, __module__="tagwright.refusal"))(
            name, "CKV_TAG_DICTIONARY", [CheckCategories.CONVENTION], types
        )
    setattr(checkov, PACKAGE, True)


try:
    _start()
except RuntimeError:
    raise
except Exception as error:
    _refuse("%s: %s" % (type(error).__name__, str(error)[:200].encode("ascii", "replace").decode()))
