# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m dev.checkov: the templates of the roles against checkov's rules of security.

What is excepted says so in the template, beside the resource: `# checkov:skip=<rule>:<reason>`. checkov runs in an environment of its
own (dev/checkov.in), which dev/setup makes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = "roles/*/files/stack.template"
CHECKOV = ROOT / ".cache/checkov/bin/checkov"


def main() -> int:
    subprocess.run([ROOT / "dev/setup", "checkov"], check=True)
    templates = sorted(ROOT.glob(TEMPLATES))
    report = scan(templates)
    results, summary = report["results"], report["summary"]
    for check in results["skipped_checks"]:
        print(f"excepted  {said(check)}\n          {check['check_result']['suppress_comment']}")
    for check in results["failed_checks"]:
        print(f"FAILED    {said(check)}\n          {check['check_name']} (line {check['file_line_range'][0]})")
    for path in results["parsing_errors"]:
        print(f"FAILED    {path}: checkov could not read it")
    print(f"{len(templates)} templates: {summary['passed']} passed, {summary['failed']} failed, {summary['skipped']} excepted")
    unread = sorted({path.parent.parent.name for path in templates} - {role_of(check) for check in checks(results)})
    if unread:
        print(f"FAILED    nothing was checked in {', '.join(unread)}")
    return 1 if summary["failed"] or results["parsing_errors"] or unread else 0


def scan(templates: Iterable[Path]) -> dict[str, Any]:
    """checkov's report. It ends with 1 when a check failed, which the report says, too."""
    command = [str(CHECKOV), "--framework", "cloudformation", "--skip-download", "--output", "json"]
    for template in templates:
        command += ["--file", str(template.relative_to(ROOT))]
    environment = os.environ | {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "LOG_LEVEL": "ERROR"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode not in (0, 1):
        sys.exit(f"checkov ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    report: dict[str, Any] = json.loads(ended.stdout)
    return report


def checks(results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*results["passed_checks"], *results["failed_checks"], *results["skipped_checks"]]


def role_of(check: Mapping[str, Any]) -> str:
    return Path(check["file_path"]).parent.parent.name


def said(check: Mapping[str, Any]) -> str:
    return f"{check['check_id']} {role_of(check)} {check['resource'].rpartition('.')[2]}"


if __name__ == "__main__":
    sys.exit(main())
