# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m sandbox``: bring a sandbox up and down, and look at it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from rich.console import Console

from . import aws_view, catalogue, mail_catcher, mailbox
from .aws_instance import AwsSandbox
from .catalogue import AnySandbox
from .failure import SandboxFailed
from .instance import Sandbox
from .postgres import PostgresFailed
from .postgres_binaries import NoPostgres

CONSOLE = Console(highlight=False)


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    command: Callable[[AnySandbox, argparse.Namespace], int] = options.command
    try:
        return command(catalogue.named(catalogue.name()), options)
    except (SandboxFailed, PostgresFailed, NoPostgres) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 1
    except (BrokenPipeError, KeyboardInterrupt):
        return 130


def _up(sandbox: AnySandbox, options: argparse.Namespace) -> int:
    if options.aws:
        sandbox = AwsSandbox(sandbox.name)
    state = "up" if sandbox.up() else "up already"
    what = f"AWS answers at {sandbox.endpoint_url}" if isinstance(sandbox, AwsSandbox) else f"listmonk at {sandbox.url}"
    CONSOLE.print(f"The sandbox is {state}: {what}, mails are caught on {mail_catcher.address(sandbox.home)}.", soft_wrap=True)
    return 0


def _down(sandbox: AnySandbox, options: argparse.Namespace) -> int:
    if not options.all:
        CONSOLE.print("The sandbox is down; its data is removed." if sandbox.down() else "The sandbox is not up.")
        return 0
    ended = [one.name for one in catalogue.all_there_are() if one.down()]
    CONSOLE.print(f"Ended, with their data: {', '.join(ended)}." if ended else "No sandbox is up.")
    return 0


def _status(sandbox: AnySandbox, _options: argparse.Namespace) -> int:
    """Exit status 0 when everything runs, 3 (as systemctl's) when it does not."""
    up = sandbox.is_up()
    CONSOLE.print(f"Sandbox {sandbox.name}: {'up' if up else 'not up'}")
    main_process = ("aws", sandbox.endpoint_url) if isinstance(sandbox, AwsSandbox) else ("listmonk", sandbox.url)
    for what, where in (main_process, ("mail", mail_catcher.address(sandbox.home))):
        process = sandbox.home.process(what)
        CONSOLE.print(f"  {what:10} {f'{where}, process {process.pid}' if process else 'does not run'}")
    if isinstance(sandbox, Sandbox):
        cluster = sandbox.cluster
        pid = cluster.pid
        CONSOLE.print(f"  {'postgres':10} {f'port {cluster.port}, process {pid}, {cluster.binaries.origin}' if pid else 'does not run'}")
    if up:
        if isinstance(sandbox, AwsSandbox):
            CONSOLE.print(f"  {'https':10} {sandbox.https_url}, once a load balancer listens")
            aws_view.show_contents(sandbox, CONSOLE)
        CONSOLE.print(f"  {'mails':10} {len(mailbox.read(mail_catcher.mails(sandbox.home)))} caught")
        CONSOLE.print(f"  {'files':10} {sandbox.home.directory}", soft_wrap=True)
    return 0 if up else 3


def _logs(sandbox: AnySandbox, options: argparse.Namespace) -> int:
    if isinstance(sandbox, AwsSandbox):
        aws_view.write_logs(sandbox, options.lines, follow=options.follow)
        return 0
    if not sandbox.log.exists():
        raise SandboxFailed("there is no log; the sandbox was not started ('python -m sandbox up' starts it)")
    with open(sandbox.log, encoding="utf-8", errors="replace") as log:
        sys.stdout.writelines(log.readlines()[-options.lines :])
        while options.follow:
            sys.stdout.writelines(log.readlines())
            sys.stdout.flush()
            time.sleep(0.2)
    return 0


def _mail(sandbox: AnySandbox, options: argparse.Namespace) -> int:
    mails = mailbox.read(mail_catcher.mails(sandbox.home))
    if options.number is None:
        if mails:
            mailbox.show_all(mails, CONSOLE)
        else:
            CONSOLE.print("No mail was caught.")
        return 0
    chosen = [mail for mail in mails if mail.number == options.number]
    if not chosen:
        raise SandboxFailed(f"there is no mail {options.number}; there are {len(mails)}")
    mailbox.show(chosen[0], CONSOLE)
    return 0


def _next_steps(sandbox: AnySandbox, _options: argparse.Namespace) -> int:
    aws = isinstance(sandbox, AwsSandbox)
    CONSOLE.print(
        f"""
What to look at next:
  make sandbox                              once more: changed=0
  .venv/bin/python -m sandbox mail          the mails that were caught (python -m sandbox mail 1: the first)
  .venv/bin/python -m sandbox logs          what {"the tasks wrote to CloudWatch Logs" if aws else "listmonk said"}
  .venv/bin/python -m sandbox status        what runs where
  .venv/bin/ansible-playbook clarivum.mailing.{"deploy" if aws else "configure"} -i inventories/sandbox --check --diff
                                            edit a file in inventories/sandbox or mailing, and see what a run would change
  make sandbox-down                         the end: everything is stopped, all data removed"""
        + (_ways_into_aws(sandbox) if isinstance(sandbox, AwsSandbox) else _ways_into_listmonk(sandbox)),
        soft_wrap=True,
    )
    return 0


def _ways_into_listmonk(sandbox: Sandbox) -> str:
    home = sandbox.home.directory
    return f"""
listmonk's API answers at {sandbox.url}; the token is in {home / "listmonk.json"}.
A person signs in at {sandbox.url}/admin/login as admin; the password is in {home / "admin-password"}."""


def _ways_into_aws(sandbox: AwsSandbox) -> str:
    return f"""
AWS answers at {sandbox.endpoint_url}, to any credentials: AWS_ENDPOINT_URL={sandbox.endpoint_url} AWS_REGION={sandbox.region} aws ...
listmonk answers at {sandbox.https_url}; a person signs in at {sandbox.https_url}/admin/login. The password of admin is in Secrets Manager.
The certificate is vouched for by {sandbox.ca_path}."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A listmonk, or an AWS account for one, with a mail catcher on this machine."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command, text in (
        ("up", _up, "start everything that does not run"),
        ("down", _down, "stop everything and remove its data"),
        ("status", _status, "what runs where"),
        ("logs", _logs, "listmonk's log, or what is in CloudWatch Logs"),
        ("mail", _mail, "the mails that were caught"),
        ("next-steps", _next_steps, "what to look at when it is up"),
    ):
        subparser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        subparser.set_defaults(command=command)
        if name == "up":
            subparser.add_argument("--aws", action="store_true", help="an empty AWS account instead of a listmonk")
        if name == "down":
            subparser.add_argument("--all", action="store_true", help="all sandboxes of this clone, not only the one of SANDBOX_NAME")
        if name == "logs":
            subparser.add_argument("-f", "--follow", action="store_true", help="go on as the log grows")
            subparser.add_argument("-n", "--lines", type=int, default=200, help="how many lines (default: %(default)s)")
        if name == "mail":
            subparser.add_argument("number", type=int, nargs="?", help="show this one in full")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
