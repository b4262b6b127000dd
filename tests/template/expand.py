"""Prints templates as JSON, as CloudFormation works on them: loops unrolled, SAM's resources translated.

The emulator's own two steps, so that what is looked at here is what is deployed there.
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("AWS_REGION", "us-east-1")

from ministack.services.cloudformation.engine import _apply_transforms, _parse_template


def expanded(path):
    template = _parse_template(pathlib.Path(path).read_text())
    for resource in template["Resources"].values():
        # what `sam deploy` replaces by the address of the built program
        if isinstance(resource, dict) and resource.get("Properties", {}).get("CodeUri") == ".":
            resource["Properties"]["CodeUri"] = "s3://bucket/program"
        if isinstance(resource, dict) and "ContentUri" in resource.get("Properties", {}):
            resource["Properties"]["ContentUri"] = "s3://bucket/layer"
    return _apply_transforms(template)


json.dump({path: expanded(path) for path in sys.argv[1:]}, sys.stdout)
