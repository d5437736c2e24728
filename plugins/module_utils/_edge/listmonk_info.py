# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge of the modules that only read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._core.spec import Spec
from .._listmonk.session import Session, everything
from .._listmonk.store import Store
from .._listmonk.wish import Values
from .listmonk import answering, connect, connection_spec


def run_info(
    store: Store, options: Spec | None = None, read: Callable[[Session, dict[str, Any]], list[Values]] | None = None, **constraints: Any
) -> None:
    """A module that reads the objects of a kind, in the shape in which ``run`` accepts them.

    Each option filters by the field of its name, unless ``read`` makes something else of them.
    """

    def answer(session: Session, asked: dict[str, Any]) -> dict[str, Any]:
        rows = everything(session, store) if read is None else read(session, asked)
        if read is None:
            rows = [row for row in rows if all(row.get(key) == value for key, value in asked.items())]
        return {store.resource.plural.replace(" ", "_").lower(): [dict(row) for row in rows]}

    run_reading(answer, options, **constraints)


def run_reading(read: Callable[[Session, dict[str, Any]], dict[str, Any]], options: Spec | None = None, **constraints: Any) -> None:
    """A module that reads, and returns what ``read`` makes of the options that were given."""
    module = AnsibleModule(argument_spec={**connection_spec(), **(options or {})}, supports_check_mode=True, **constraints)
    with answering(module):
        asked = {name: module.params[name] for name in options or {} if module.params[name] is not None}
        module.exit_json(changed=False, **read(Session(connect(module)), asked))
