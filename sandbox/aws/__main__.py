# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m sandbox.aws``: serve until SIGTERM, or until the standard input ends if ``--end-with-stdin`` is given.

The first line printed is JSON: endpoint_url, pid, account, region.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.aws", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the API; 0: any free one")
    parser.add_argument("--https-port", type=int, default=0, help="of the first HTTPS listener of a load balancer")
    parser.add_argument("--http-port", type=int, default=0, help="of the first HTTP listener")
    parser.add_argument("--home", type=Path, required=True, help="a folder for what the sandbox keeps")
    parser.add_argument("--no-data-plane", action="store_true", help="the API alone: nothing runs behind it")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when nobody holds our standard input open any more")
    options = parser.parse_args(arguments)

    _forget_other_accounts()
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"  # roles attach AWS's own policies
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    os.environ["MOTO_ACM_VALIDATION_WAIT"] = "0"  # seconds, a minute otherwise
    from .server import Ports, Sandbox, facts  # after the environment that moto reads at its import

    options.home.mkdir(parents=True, exist_ok=True)
    sandbox = Sandbox(options.home, Ports(options.port, options.https_port, options.http_port), data_plane=not options.no_data_plane)
    threading.Thread(target=sandbox.serve, daemon=True).start()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    if options.end_with_stdin:
        threading.Thread(target=_wait_for_end_of_input, args=(ended,), daemon=True).start()
    sys.stdout.write(json.dumps(facts(sandbox, os.getpid())) + "\n")
    sys.stdout.flush()
    ended.wait()
    sandbox.stop()
    sandbox.close()
    return 0


def _forget_other_accounts() -> None:
    """Whoever starts us may have an AWS of their own in the environment and in ~/.aws: none of it may reach boto3 in this process."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    os.environ.update({**files, "AWS_EC2_METADATA_DISABLED": "true"})


def _wait_for_end_of_input(ended: threading.Event) -> None:
    sys.stdin.buffer.read()
    ended.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
